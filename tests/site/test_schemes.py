"""The email as light, dark and inverted mail programs show it, whatever its CSS is like."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.site import Look, in_scheme
from digest.site.schemes import css_in, media_in
from tests.review.whole import not_for_ever

DARK = "@media (prefers-color-scheme: dark) { a { color: red } }"


@pytest.mark.parametrize(
    ("query", "dark", "light"),
    [
        ("(prefers-color-scheme: dark)", "(min-width:0)", "(max-width:0)"),
        ("(PREFERS-color-scheme :light)", "(max-width:0)", "(min-width:0)"),
        ("(prefers-color-scheme)", "(min-width:0)", "(min-width:0)"),
        ("not (prefers-color-scheme:dark)", "not (min-width:0)", "not (max-width:0)"),
        (
            "screen and (max-width:600px) and (/**/prefers-color-scheme: dark)",
            "screen and (max-width:600px) and (min-width:0)",
            "screen and (max-width:600px) and (max-width:0)",
        ),
        ("((prefers-color-scheme: dark) or (color))", "((min-width:0) or (color))", None),
        (r"(prefers-color-\73 cheme: dark)", "(min-width:0)", "(max-width:0)"),
        ("(max-width: 600px)", "(max-width: 600px)", "(max-width: 600px)"),
    ],
)
def test_a_question_is_answered(query: str, dark: str, light: str | None) -> None:
    assert media_in(query, "dark") == dark
    if light is not None:
        assert media_in(query, "light") == light


@pytest.mark.parametrize(
    ("css", "dark"),
    [
        (DARK, DARK.replace("(prefers-color-scheme: dark)", "(min-width:0)")),
        (
            f"@supports (display: grid) {{ {DARK} }}",
            f"@supports (display: grid) {{ {DARK} }}".replace(
                "(prefers-color-scheme: dark)", "(min-width:0)"
            ),
        ),
        (":root { color-scheme: light dark }", ":root { color-scheme: dark dark }"),
        (":root { color-scheme: light; x: y }", ":root { color-scheme: light; x: y }"),
        ("a { content: '(prefers-color-scheme: dark)' }", None),
        ("a[title='@media'] { width: calc((1px)) } /* color-scheme */", None),
    ],
)
def test_only_questions_are_answered_in_a_sheet(css: str, dark: str | None) -> None:
    found = css_in(css, "dark")
    assert found.replace('"', "'") == (css if dark is None else dark)


def test_a_page_is_answered_where_it_asks_and_nowhere_else() -> None:
    page = (
        "<!doctype html><html><head><meta name='color-scheme' content='light dark'>"
        f"<style>{DARK}</style><style media='(prefers-color-scheme: light)'>b{{}}</style></head>"
        f'<body><!--<style>{DARK}</style>--><p title="{DARK}">{DARK}</p>'
        "<picture><source media='(prefers-color-scheme: dark)' srcset='d.png'></picture>"
    )
    found = in_scheme(page, "dark")
    assert found == (
        "<!doctype html><html><head><meta name='color-scheme' content=\"dark\">"
        "<style>@media (min-width:0) { a { color: red } }</style>"
        '<style media="(max-width:0)">b{}</style></head>'
        f'<body><!--<style>{DARK}</style>--><p title="{DARK}">{DARK}</p>'
        "<picture><source media=\"(min-width:0)\" srcset='d.png'></picture>"
    )
    assert "invert(1)" in in_scheme(page, "inverted")
    assert in_scheme("<p>plain", "dark") == "<p>plain"


@given(st.lists(st.sampled_from([
    "<style>", "</style>", "<STYLE media='", "prefers-color-scheme", "(", ")", ":", "dark", "{",
    "}", "@media ", "<!--", "-->", "\\", "'", '"', "<![CDATA[", "<!", "&", "\n", "\0", "é", ";",
    "/*", "<p ",
]), max_size=30).map("".join))  # fmt: skip
def test_any_page_can_be_shown(page: str) -> None:
    for scheme in ("light", "dark", "inverted"):
        assert isinstance(in_scheme(page, scheme), str)


def test_a_look_that_nobody_knows_is_the_usual_one() -> None:
    assert Look(scheme="<script>", images="x") == Look()
    assert Look().query() == ""
    assert Look(scheme="dark").query(images="off") == "?scheme=dark&images=off"
    assert Look(scheme="dark", images="off").query(scheme="light") == "?images=off"


@pytest.mark.parametrize(
    "page",
    [
        "<!--" * 250_000,
        "<a b='" * 150_001,
        "<a media" * 100_000,
        "<style>" + "color-scheme:light dark;" * 40_000,
        "<style>" + "color-scheme " * 20_000,
        "<style>@media (prefers-color-scheme:dark){" + "(" * 100_000,
        f"<style>{DARK}{'{' * 3_000}",
        "<p media='color-scheme" + "(" * 3_000 + "'>",
    ],
)
def test_no_page_takes_for_ever(page: str) -> None:
    with not_for_ever(20):
        assert page[:4] in in_scheme(page, "inverted")


def test_a_page_is_read_as_browsers_read_it() -> None:
    for kept in (
        f"<title><style>{DARK}</style></title>",
        f"<script>'<style>{DARK}</style>'</script>",
        f"<p title='<style>{DARK}</style>'>",
        f"<!-- <style>{DARK}</style>",
        f'<p title="<style>{DARK}</style>',
    ):
        assert in_scheme(kept, "dark") == kept
    asked = '<source media=" (prefers-color-scheme:dark)" title="media=\'(color-scheme)\'">'
    assert in_scheme(asked, "dark") == asked.replace("(prefers-color-scheme:dark)", "(min-width:0)")
