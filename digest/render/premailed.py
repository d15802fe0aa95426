"""premailer, with what it works out anew for each mail kept: a theme's CSS seldom changes.

premailer 3.10 does the inlining, step by step as ever. What it asks for on the way is answered
from bounded caches, and selectors as plain as `.kicker` from an index of the page; the others go
to lxml. `tests/render/test_premailed.py` holds the result to that of premailer alone.
"""

from __future__ import annotations

import re
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from types import FunctionType
from typing import Any

OPTIONS: Mapping[str, Any] = {
    "disable_leftover_css": True,
    "allow_network": False,
    # The default takes !important out of media queries: no dark mode.
    "strip_important": False,
    "disable_validation": True,
    "align_floating_images": False,
    "remove_unset_properties": False,
    # Or <img width="552"> becomes 100%.
    "disable_basic_attributes": ["width", "height", "align", "valign", "bgcolor"],
    "preserve_handlebar_syntax": False,
}
"""How digest calls premailer."""

_Pairs = tuple[tuple[str, str], ...]
_Rule = tuple[tuple[int, ...], str, str]

# premailer's own word on cssutils: it is not safe in several threads at once.
_CSSUTILS = threading.Lock()

_NAME = r"-?[A-Za-z_][A-Za-z0-9_-]*"
_PLAIN = rf"(\.?)({_NAME})"
_SELECTOR = re.compile(rf"(?:{_PLAIN} )?{_PLAIN}(?:\[({_NAME})=({_NAME})\])?")
_SPACE = re.compile(r"[ \t\r\n]+")  # what XPath's normalize-space() knows


def premailed(html: str, css: str) -> str:
    """`html` as premailer writes it with the rules of `css` in its style attributes."""
    made: str = _inliner()(html, css_text=[css] if css.strip() else None, **OPTIONS).transform(
        pretty_print=False
    )
    return made


@cache
def _inliner() -> Any:
    """The class that inlines, made when the first mail is: importing premailer costs 0.2 s."""
    import logging

    import cssutils
    from premailer import Premailer

    cssutils.log.setLevel(logging.FATAL)  # it logs every mso- property, for the whole process
    plain = Premailer.transform

    class Inliner(Premailer):  # type: ignore[misc] # premailer has no types
        """premailer's class, asking us where it would ask itself again."""

        def transform(self, *args: Any, **more: Any) -> Any:
            select = _Page().selected
            names: dict[str, Callable[..., Any]] = {
                "csstext_to_pairs": _pairs,
                "merge_styles": _merged,
            }
            return _asking(plain, _create_cssselector=select, **names)(self, *args, **more)

        def _process_css_text(self, css: str, index: int, rules: list[_Rule], head: Any) -> None:
            del head  # for what is left over, which OPTIONS disable
            rules.extend(_rules(css, index))

        def _style_to_basic_html_attributes(self, *args: Any, **more: Any) -> None:
            """Nothing: OPTIONS disable each attribute that it knows."""

    return Inliner


def _asking(function: Callable[..., Any], **names: Callable[..., Any]) -> Callable[..., Any]:
    """The same code that finds others behind `names` of its module; nobody else does."""
    code, known = function.__code__, function.__globals__
    return FunctionType(code, {**known, **names}, function.__name__, function.__defaults__)


@lru_cache(maxsize=64)
def _rules(css: str, index: int) -> tuple[_Rule, ...]:
    """The rules of a style sheet as premailer reads them: specificity, selector, declarations."""
    from premailer import Premailer

    with _CSSUTILS:
        reader = Premailer("", **OPTIONS, cache_css_parsing=False)
        rules, _ = reader._parse_style_rules(css, index)
    return tuple((_weighed(weight, selector), selector, said) for weight, selector, said in rules)


def _weighed(weight: tuple[int, ...], selector: str) -> tuple[int, ...]:
    """Premailer's weight of a rule, with the specificity that CSS gives its selector.

    premailer 3.10 counts dots and number signs, so that `[dir=rtl]` weighs nothing.
    """
    from cssselect import SelectorError, parse

    try:
        (found,) = parse(selector)
    except (SelectorError, ValueError):
        return weight
    important, *_, sheet, number = weight
    return important, *found.specificity(), sheet, number


@lru_cache(maxsize=2048)
def _pairs(style: str, validate: bool = True) -> _Pairs:
    """Names and values of declarations: `premailer.merge_style.csstext_to_pairs`."""
    from premailer.merge_style import csstext_to_pairs

    with _CSSUTILS:
        # By name: its own cache is one for several functions, and tells arguments apart only.
        return tuple(csstext_to_pairs(style, validate=validate))


def _merged(
    style: str, rules: Sequence[_Pairs], classes: Sequence[str], remove_unset_properties: bool
) -> str:
    """An element's style with that of the rules: `premailer.merge_style.merge_styles`."""
    return _merged_once(style, tuple(rules), tuple(classes), remove_unset_properties)


@lru_cache(maxsize=2048)
def _merged_once(style: str, rules: tuple[_Pairs, ...], classes: tuple[str, ...], un: bool) -> str:
    from premailer.merge_style import merge_styles

    merge = _asking(merge_styles, csstext_to_pairs=_pairs)
    merged: str = merge(style, rules, classes, remove_unset_properties=un)
    # cssutils writes font names in double quotes, whichever the theme has.
    return merged if "'" in merged else merged.replace('"', "'")


class _Page:
    """The selectors of one page, each looked for once."""

    def __init__(self) -> None:
        self._classes: dict[str, list[Any]] | None = None

    def selected(self, selector: str) -> Callable[[Any], Iterable[Any]]:
        """A function that gives a page's elements in their order: as lxml's CSSSelector is one."""
        plain = _SELECTOR.fullmatch(selector)
        if plain is None:
            by_lxml: Callable[[Any], Iterable[Any]] = _by_lxml(selector)
            return by_lxml

        def found(page: Any) -> list[Any]:
            outer_dot, outer, dot, name, attribute, value = plain.groups()
            elements = self._plain(page, dot, name)
            if attribute:
                elements = [found for found in elements if found.get(attribute) == value]
            if outer and elements:
                around = set(self._plain(page, outer_dot, outer))
                elements = [e for e in elements if not around.isdisjoint(e.iterancestors())]
            return elements

        return found

    def _plain(self, page: Any, dot: str, name: str) -> list[Any]:
        """The elements of a class, or of a tag."""
        if not dot:
            return list(page.iter(name))
        if self._classes is None:
            self._classes = defaultdict(list)
            for element in _by_lxml("[class]")(page):
                for word in {*_SPACE.split(element.get("class"))}:
                    self._classes[word].append(element)
        return self._classes.get(name, [])


@lru_cache(maxsize=512)
def _by_lxml(selector: str) -> Any:
    from lxml.cssselect import CSSSelector

    return CSSSelector(selector)
