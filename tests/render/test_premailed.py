"""Inlining from what is kept gives the bytes that premailer gives when it works all out anew."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from premailer import Premailer

from bench.rendering_cases import cases
from digest.models import Issue
from digest.render import Theme, email_mjml, load_theme, theme_names
from digest.render.inline import inline_css
from digest.render.mjml import compile_mjml
from digest.render.premailed import OPTIONS
from digest.sample import folder
from digest.sample.stress import PICTURE, PICTURE_FILE, stress_issues
from tests.render.sample_issue import sample_media
from tests.render.test_hostile import NASTY, told

THEMES = theme_names(folder=Path("nowhere"))
PAGE = (
    "<!DOCTYPE html><html><head></head><body>{}<!--[if mso]><p class='a'>x</p><![endif]--></body>"
    "</html>"
)
CLASSES = ("a", "b", "A", "a-b", "_a", "ab", "teaser", "teaser-first")
SELECTORS = (
    "p", "P", "td", ".a", ".A", ".a-b", "._a", ".teaser", ".teaser-first", "*", "p.a", "td p",
    ".a p", ".a .a", "p .b", ".a > p", ".a ~ p", ".a + .b", ".a .b p", "p[dir=rtl]", ".a[dir=rtl]",
    "td .b[dir=rtl]", '.a[dir="rtl"]', "[dir]", ".a[DIR=rtl]", "#x", ".a, .b p", "p:first-child",
    ".a:hover", "table p:last-child", ".a\\.b",
)  # fmt: skip
DECLARATIONS = (
    "color: red", "color: blue !important", "margin: 0 auto", "padding: 1px", "padding-left: 2px",
    'font-family: "Segoe UI", Arial', "font-family: 'Segoe UI'", "mso-hide: all", "width: 100%",
    "text-align: right", "background-color: #abc", "vertical-align: top", "float: left",
    "color: unset", "background: url(a.png)",
)  # fmt: skip


class Weighing(Premailer):  # type: ignore[misc] # premailer has no types
    """premailer, counting attributes and pseudo-classes in a selector as CSS does."""

    def _parse_style_rules(self, css: str, index: int) -> tuple[list[Any], list[Any]]:
        rules, left = super()._parse_style_rules(css, index)
        return [(self._weighed(w, selector), selector, said) for w, selector, said in rules], left

    def _weighed(self, weight: tuple[int, ...], selector: str) -> tuple[int, ...]:
        important, ids, _, elements, *rest = weight
        classes = sum(re.sub(r"\\.", "", selector).count(sign) for sign in ".[:")
        return important, ids, classes, elements, *rest


def by_premailer_alone(html: str, css: str) -> str:
    """What `inline_css` gives where premailer keeps nothing of what it worked out."""

    def plain(html: str, css: str) -> str:
        sheets = [css] if css.strip() else None
        made: str = Weighing(html, css_text=sheets, **OPTIONS).transform(pretty_print=False)
        return made

    with patch("digest.render.inline.premailed", plain):
        return inline_css(html, css)


def compiled(issue: Issue, theme: Theme, media: Mapping[str, bytes]) -> tuple[str, str]:
    made = compile_mjml(email_mjml(issue, theme, media=media), shown=theme.shown)
    return made.html, made.inline_css


@pytest.mark.parametrize("name", THEMES)
def test_each_theme_is_inlined_as_by_premailer_alone(name: str) -> None:
    theme = load_theme(name, folder=Path("nowhere"))
    media = {PICTURE: (folder() / PICTURE_FILE).read_bytes()}
    issues = [(case.issue, case.media) for case in cases(name)]
    issues += [(issue, media) for _, issue in stress_issues()]
    issues += [(told(words, "https://example.org/"), sample_media()) for words in NASTY]
    for language in ("ar", "ja", "es"):
        issue = issues[1][0]
        issues.append((replace(issue, newsletter=replace(issue.newsletter, language=language)), {}))
    for issue, pictures in issues:
        html, css = compiled(issue, theme, pictures)
        assert inline_css(html, css) == by_premailer_alone(html, css)


@st.composite
def element(draw: st.DrawFn, inside: Callable[[], st.SearchStrategy[str]]) -> str:
    tag = draw(st.sampled_from(("p", "td", "div", "span")))
    space = draw(st.sampled_from((" ", "  ", "\t", "\n", "\u00a0")))
    classes = space.join(draw(st.lists(st.sampled_from(CLASSES), max_size=3)))
    direction = draw(st.sampled_from(("", ' dir="rtl"', ' dir="ltr"', ' id="x"')))
    style = "; ".join(draw(st.lists(st.sampled_from(DECLARATIONS), max_size=2)))
    style = style.replace('"', "'")
    words = "".join(draw(st.lists(inside(), max_size=3)))
    written = f' style="{style}"' if style else ""
    return f'<{tag} class="{classes}"{direction}{written}>{words}</{tag}>'


ELEMENTS: st.SearchStrategy[str] = st.recursive(
    st.sampled_from(("words", "it's “so”", "a &lt; b")),
    lambda inner: element(lambda: inner),
    max_leaves=12,
)
RULES = st.builds(
    lambda selector, said: f"{selector} {{ {'; '.join(said)} }}",
    st.sampled_from(SELECTORS),
    st.lists(st.sampled_from(DECLARATIONS), min_size=1, max_size=3),
)


@settings(max_examples=300, deadline=None)
@given(body=st.lists(ELEMENTS, max_size=4), rules=st.lists(RULES, max_size=5))
def test_any_rules_are_inlined_as_by_premailer_alone(body: list[str], rules: list[str]) -> None:
    html, css = PAGE.format("".join(body)), "\n".join(rules)
    assert inline_css(html, css) == by_premailer_alone(html, css)


@pytest.mark.parametrize("selector", SELECTORS)
def test_a_selector_finds_what_it_finds_in_premailer_alone(selector: str) -> None:
    body = (
        '<table class="a"><tr><td class="a b" dir="rtl"><p class="b">1</p><p class="a\tA">2</p>'
        '<p class="b" dir="rtl">3</p></td><td><p class="teaser" id="x">4</p></td></tr></table>'
        '<p class="a\u00a0b" dir="rtl">5</p><p class="ab a-b" dir="RTL">6</p>'
        '<p class="a.b _a" style="color: blue">7<span class="teaser-first a"> 8</span></p>'
    )
    html, css = PAGE.format(body), f"{selector} {{ color: red; width: 3px }}"
    assert inline_css(html, css) == by_premailer_alone(html, css)


def test_what_is_kept_for_one_page_does_not_reach_another() -> None:
    css = ".a { color: red }"
    first, second = PAGE.format('<p class="a">x</p>'), PAGE.format('<p class="b">x</p>')
    assert 'style="color:red"' in inline_css(first, css)
    assert "style=" not in inline_css(second, css)
    assert 'style="color:blue"' in inline_css(first, ".a { color: blue }")


def test_threads_inline_as_one_after_the_other() -> None:
    pages = [
        (PAGE.format(f'<p class="a" style="margin: {n}px">x</p>' * 20), f".a {{ width: {n}px }}")
        for n in range(40)
    ]
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda page: inline_css(*page), pages))
    assert made == [by_premailer_alone(*page) for page in pages]
