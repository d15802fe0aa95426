"""Words that are hard to read on their background, in the light and in the dark design.

Computed from the styles alone, without a browser: the color of each run of words against the
nearest background color around it. Words on a picture or a gradient are not judged.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from digest.check.cascade import ELEMENTS, Cascade, Search, cascade
from digest.check.colors import BLACK, WHITE, Color, color_in, ratio, size_in
from digest.check.material import Material
from digest.check.page import Element, Page
from digest.check.words import shown
from digest.models import Finding

if TYPE_CHECKING:
    from lxml.html import HtmlElement

ENOUGH, ENOUGH_LARGE = 4.5, 3.0
"""WCAG 2.2, 1.4.3 (AA)."""
LARGE_PX, LARGE_BOLD_PX = 24.0, 18.66
"""What that takes for large: 18 points, or 14 points bold."""

# What Chromium paints where nothing is said, and a dark design is declared.
_DARK_CANVAS = Color(0x12 / 255, 0x12 / 255, 0x12 / 255)
_LINKS = {False: Color(0, 0, 0xEE / 255), True: Color(0x9E / 255, 0x9E / 255, 1)}
_BOLD = frozenset({"b", "strong", "th", "h1", "h2", "h3", "h4", "h5", "h6"})
_SIZES = {"h1": 2.0, "h2": 1.5, "h3": 1.17, "h5": 0.83, "h6": 0.67, "small": 0.83}
_GONE = (
    ("display", {"none"}), ("visibility", {"hidden", "collapse"}), ("opacity", {"0", "0.0", "0%"})
)  # fmt: skip
_UNSHOWN = frozenset({"head", "script", "style", "template", "title", "noscript", "svg", "option"})


class _Look(NamedTuple):
    """How an element's own words look; a color of None cannot be told."""

    color: Color | None
    background: Color | None
    size: float
    bold: bool
    hidden: bool


class _Fault(NamedTuple):
    """Two colors, their contrast, and what it should be at least."""

    color: Color
    background: Color
    contrast: float
    needed: float


def check(material: Material) -> tuple[Finding, ...]:
    """One warning for each pair of colors and design of email.html and web.html."""
    found: list[Finding] = []
    for file, page in (("email.html", material.html), ("web.html", material.web)):
        if page.root is None:
            continue
        seen: set[tuple[Color, Color]] = set()
        search = Search(page.root, len(page.contents))
        for dark in (False, True) if _has_dark(page) else (False,):
            for words, element, look in _runs(page, search, dark=dark):
                fault = _fault(look, seen)
                if fault is not None:
                    where = material.in_page(file, element)
                    found.append(_finding(where, words, fault, dark=dark))
    return tuple(found)


def _fault(look: _Look, seen: set[tuple[Color, Color]]) -> _Fault | None:
    """What is wrong with a run of words that looks so, where it was not told yet."""
    if look.hidden or look.size <= 0 or look.color is None or look.background is None:
        return None
    pair = (look.color.over(look.background), look.background)
    large = look.size >= (LARGE_BOLD_PX if look.bold else LARGE_PX)
    fault = _Fault(*pair, ratio(*pair), ENOUGH_LARGE if large else ENOUGH)
    if fault.contrast >= fault.needed or pair in seen:
        return None
    seen.add(pair)
    return fault


def _finding(where: str, words: str, fault: _Fault, *, dark: bool) -> Finding:
    design = "dark" if dark else "light"
    return Finding(
        check="contrast",
        level="warning",
        where=where,
        what=f"In the {design} design {fault.color} on {fault.background} has a contrast of "
        f"{int(fault.contrast * 100) / 100} : 1, and needs {fault.needed:g}: "
        f"“{shown(words, 40)}”",
        why="Readers with weak sight, and all in bright light, can hardly read it.",
        mend=f"Change one of both in the {design} colors of the theme's theme.toml, or in its "
        "styles, then build again.",
    )


def _has_dark(page: Page) -> bool:
    return _declares_dark(page) or any(
        "prefers-color-scheme" in (style.text + style.media).lower() for style in page.sheets
    )


def _declares_dark(page: Page) -> bool:
    return any(
        e.tag == "meta"
        and (e.get("name") or "").lower() == "color-scheme"
        and "dark" in (e.get("content") or "").lower()
        for e in page.outside
    )


def _runs(page: Page, search: Search, *, dark: bool) -> Iterator[tuple[str, Element, _Look]]:
    """Each run of words with the element that holds it, and how it looks."""
    styles = cascade(page, search, dark=dark)
    night = dark and _declares_dark(page)
    canvas = _Look(WHITE if night else BLACK, _DARK_CANVAS if night else WHITE, 16.0, False, False)
    top = _look(search.root, canvas, styles, dark=dark, night=night)
    looks: dict[HtmlElement, _Look] = {search.root: top}
    held: dict[HtmlElement, Element] = {}
    for node, element in islice(page.nodes(), ELEMENTS):
        parent = node.getparent()
        around = looks.get(parent, top)
        if element is not None:
            looks[node] = _look(node, around, styles, dark=dark, night=night)
            held[node] = element
            if _says(node.text):
                yield str(node.text), element, looks[node]
        if parent in held and _says(node.tail):
            yield str(node.tail), held[parent], around


def _says(text: str | None) -> bool:
    return text is not None and any(letter.isalnum() for letter in text)


def _look(node: HtmlElement, around: _Look, styles: Cascade, *, dark: bool, night: bool) -> _Look:
    if around.hidden or node.tag in _UNSHOWN or node.get("hidden") is not None:
        return around._replace(hidden=True)
    values = styles.values(node)
    tag = str(node.tag)

    def said(name: str) -> str | None:
        return styles.resolved(values[name][1]) if name in values else ""

    hidden = any((said(name) or "").lower() in gone for name, gone in _GONE if name in values)
    size = around.size * _SIZES.get(tag, 1.0)
    bold = around.bold or tag in _BOLD
    for name in sorted((n for n in ("font", "font-size", "font-weight") if n in values),
                       key=lambda n: values[n][0]):  # fmt: skip
        value = said(name) or ""
        if name != "font-weight":
            size = size_in(value, around.size)
        if name != "font-size":
            bold = _bold(value, around.bold)
    color = _color(node, said("color"), around.color, tag, dark=dark, night=night)
    return _Look(color, _background(node, styles, around.background, dark=dark), size, bold, hidden)


def _bold(value: str, around: bool) -> bool:
    words = value.lower().split()
    if words == ["inherit"]:
        return around
    return any(w in {"bold", "bolder"} or (w.isdecimal() and int(w[:4]) >= 700) for w in words)


def _color(
    node: HtmlElement, said: str | None, around: Color | None, tag: str, *, dark: bool, night: bool
) -> Color | None:
    if said is None:
        return None
    attribute = {"font": "color", "body": "text"}.get(tag)
    usual: Color | None = around
    if tag == "a" and node.get("href"):
        usual = _LINKS[night]
    for value in (said, str(node.get(attribute) or "")[:99] if attribute else ""):
        found = color_in(value, dark=dark) if value else "none"
        if found == "current":
            return around
        if found != "none":
            return found if isinstance(found, Color) else None
    return usual


def _background(
    node: HtmlElement, styles: Cascade, around: Color | None, *, dark: bool
) -> Color | None:
    """The color behind an element's words; what it says nothing of shines through."""
    values = styles.values(node)
    told = sorted(
        ((*values[name], name) for name in
         ("background", "background-color", "background-image") if name in values),
        key=lambda row: row[0],
    )  # fmt: skip
    own: Color | str | None = "none"
    if node.get("bgcolor"):
        own = color_in(str(node.get("bgcolor"))[:99], dark=dark)
    pictured = bool(node.get("background"))
    for _, text, name in told:
        value = styles.resolved(text)
        found = None if value is None else color_in(value, dark=dark)
        if name == "background-image":
            pictured = found is None
        elif name == "background":
            own, pictured = found, found is None
        elif found != "none":
            own = found
    if pictured or own is None:
        return None
    if not isinstance(own, Color) or own.alpha == 0:
        return around
    if own.alpha == 1:
        return own
    return None if around is None else own.over(around)
