"""Which declarations of color and type win on which element, in the light or the dark design.

Followed are types, classes, ids, attributes, descendants, children, `+`, :root, :link, :is, :where
and :not. A rule with another pseudo-class speaks of a state that a mail at rest is not in, or is
rare in mails; it is passed over. Neither are widths of screens: colors seldom depend on them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from digest.check.css import Declaration, Rule, declarations, sheet
from digest.check.page import Page, Style

if TYPE_CHECKING:
    from lxml.html import HtmlElement

LONGEST, STEPS = 300, 8
"""Characters and steps ("td > a" has two) of a selector that is followed: others are hostile."""
WORK = 600_000
"""Elements times steps looked at for all selectors of a page; the sample issue takes 33,000."""
ELEMENTS = 5_000
"""Elements of a page that are looked at: 100 KB of mail hold about 1,200."""

_MEANT = frozenset({
    "color", "background", "background-color", "background-image", "font", "font-size",
    "font-weight", "display", "visibility", "opacity",
})  # fmt: skip
_PASSED = re.compile(r"~(?!=)|::|:(?!(?:root|link|is|where|not)(?![\w-]))", re.IGNORECASE)
_STEP = re.compile(r"[\s>+]+")
_ROOT = re.compile(r"\s*(?::root|html|body|\*)\s*", re.IGNORECASE)
_TRUE = frozenset({"", "all", "screen", "only screen", "only all"})
_VAR = re.compile(r"var\(\s*(--[\w-]+)\s*(?:,([^()]*(?:\([^()]*\)[^()]*)*))?\)", re.IGNORECASE)

Specificity = tuple[int, int, int]
Weight = tuple[bool, bool, Specificity, int]


@dataclass(slots=True)
class Cascade:
    """The winning value of each property by element, and the variables of the page."""

    won: dict[HtmlElement, dict[str, tuple[Weight, str]]] = field(default_factory=dict)
    variables: dict[str, tuple[Weight, str]] = field(default_factory=dict)
    local: set[str] = field(default_factory=set)

    def values(self, node: HtmlElement) -> Mapping[str, tuple[Weight, str]]:
        """What is declared on an element: property → its weight and value."""
        return self.won.get(node, {})

    def resolved(self, value: str) -> str | None:
        """A value with its variables put in; None where that cannot be told."""
        for _ in range(8):
            if "var(" not in value.lower():
                return value
            value = _VAR.sub(self._variable, value)
            if len(value) > 1000:
                return None
        return None

    def _variable(self, hit: re.Match[str]) -> str:
        name = hit[1].lower()
        if name in self.local or (name not in self.variables and hit[2] is None):
            return "var(unknown)"
        return self.variables[name][1] if name in self.variables else hit[2]


@dataclass(slots=True)
class Search:
    """Finds the elements of a page that selectors mean, each selector once, within a bound."""

    root: HtmlElement
    elements: int
    known: dict[str, tuple[list[HtmlElement], Specificity]] = field(default_factory=dict)
    done: int = 0

    def __call__(self, selector: str) -> tuple[list[HtmlElement], Specificity]:
        """The elements, and how specific the selector is; none where it is not followed."""
        if selector not in self.known:
            compiled = _selector(selector) if self.done < WORK else None
            if compiled is None:
                return [], (0, 0, 0)
            self.done += self.elements * len(_STEP.split(selector))
            self.known[selector] = (compiled[0](self.root), compiled[1])
        return self.known[selector]


def cascade(page: Page, search: Search, *, dark: bool) -> Cascade:
    """The styles of a page, as a reader with that preference sees them."""
    done = Cascade()
    order = 0
    for order, (part, own) in enumerate(_meant(page.sheets, dark=dark)):
        _define(done, own, order, everywhere=bool(_ROOT.fullmatch(part)))
        nodes, specificity = search(part)
        for node in nodes:
            _put(done, node, own, specificity, order)
    for node in search.root.iter("*"):
        if node.get("style"):
            own = declarations(str(node.get("style")))
            _define(done, own, order, everywhere=node.tag in {"html", "body"})
            _put(done, node, own, None, order)
    return done


def _meant(styles: Iterable[Style], *, dark: bool) -> Iterator[tuple[str, tuple[Declaration, ...]]]:
    """Each selector with its declarations, where these are of color, type or variables."""
    for rule in _rules(styles, dark=dark):
        own = tuple(d for d in rule.declarations if d.name in _MEANT or d.name.startswith("--"))
        if own:
            yield from ((part, own) for part in _parts(rule.selectors))


def _put(
    done: Cascade,
    node: HtmlElement,
    own: Iterable[Declaration],
    specificity: Specificity | None,
    order: int,
) -> None:
    """Let declarations win where nothing weightier stands; of an attribute without specificity."""
    for d in own:
        if d.name in _MEANT:
            weight = (d.important, specificity is None, specificity or (0, 0, 0), order)
            values = done.won.setdefault(node, {})
            if d.name not in values or values[d.name][0] <= weight:
                values[d.name] = (weight, d.text)


def _define(done: Cascade, own: Iterable[Declaration], order: int, *, everywhere: bool) -> None:
    for d in own:
        if not d.name.startswith("--"):
            continue
        if not everywhere:
            done.local.add(d.name)
        weight = (d.important, False, (0, 0, 0), order)
        if everywhere and (d.name not in done.variables or done.variables[d.name][0] <= weight):
            done.variables[d.name] = (weight, d.text)


def _rules(styles: Iterable[Style], *, dark: bool) -> Iterator[Rule]:
    for style in styles:
        if _holds(style.media, dark=dark):
            for rule in sheet(style.text).rules:
                if all(_met(condition, dark=dark) for condition in rule.conditions):
                    yield rule


def _met(condition: str, *, dark: bool) -> bool:
    kind, _, query = condition.partition(" ")
    return kind == "@media" and _holds(query, dark=dark)


def _holds(query: str, *, dark: bool) -> bool:
    """Whether a media query is true on a screen of no particular size."""
    preferred = f"(prefers-color-scheme:{'dark' if dark else 'light'})"
    for choice in query.lower().split(","):
        parts = [" ".join(part.split()) for part in re.split(r"\band\b", choice)]
        if all(part in _TRUE or part.replace(" ", "") == preferred for part in parts):
            return True
    return False


def _parts(selectors: str) -> Iterator[str]:
    """The selectors of a list; commas within brackets, of `:is()` say, part none."""
    depth, start = 0, 0
    for at, letter in enumerate(selectors):
        if letter in "([":
            depth += 1
        elif letter in ")]":
            depth -= 1
        elif letter == "," and depth == 0:
            yield selectors[start:at].strip()
            start = at + 1
    yield selectors[start:].strip()


@lru_cache(maxsize=2048)
def _selector(text: str) -> tuple[Any, Specificity] | None:
    """A selector as a search and its weight; None where it is not followed."""
    if not text or len(text) > LONGEST or _PASSED.search(text) or len(_STEP.split(text)) > STEPS:
        return None
    from cssselect import HTMLTranslator, SelectorError, parse
    from lxml import etree

    try:
        selector = parse(text)[0]
        path = HTMLTranslator().selector_to_xpath(selector)
        return etree.XPath(path), selector.specificity()
    except (SelectorError, etree.XPathError, ValueError, RecursionError):
        return None
