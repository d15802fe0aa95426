"""HTML and CSS → the features that they use, by the names that caniemail.com gives them.

What stands under a condition (`@media`, `@supports`, `<style media=…>`) is an addition by its
nature, and is not looked into.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from digest.check.client_data import known
from digest.check.css import Declaration, Rule, declarations, sheet
from digest.check.page import Element, Page


class Use(NamedTuple):
    """One use of a feature: as `said`, on `element` (in a style: None).

    `word`: Outlook on Windows, which shows mails by Word's engine, gets to see it.
    """

    slug: str
    said: str
    element: Element | None
    word: bool = True


_TAGS = {
    **{tag: f"html-{tag}" for tag in (
        "abbr", "acronym", "audio", "base", "bdi", "dfn", "dialog", "form", "marquee", "meter",
        "object", "picture", "progress", "rp", "rt", "ruby", "select", "strike", "svg", "textarea",
        "video", "wbr",
    )},
    **dict.fromkeys(("map", "area"), "html-image-maps"),
    **dict.fromkeys(("ul", "ol", "dl"), "html-lists"),
    **dict.fromkeys((
        "article", "aside", "details", "figcaption", "figure", "footer", "header", "main", "mark",
        "nav", "section", "summary", "time",
    ), "html-semantics"),
}  # fmt: skip
_ATTRIBUTES = {
    **{name: f"html-{name}" for name in (
        "align", "aria-describedby", "aria-hidden", "aria-label", "aria-labelledby", "aria-live",
        "background", "dir", "height", "hidden", "lang", "popover", "required", "role", "srcset",
        "target", "width",
    )},
    "loading": "html-loading-attribute",
    "inert": "css-inert-attribute",
    "usemap": "html-image-maps",
}  # fmt: skip
_INPUTS = frozenset({"checkbox", "hidden", "radio", "reset", "submit"})
_PICTURES = {
    "heic": "heif", "tif": "tiff", "webm": "mp4", "mov": "mp4",
    **{kind: kind for kind in (
        "apng", "avif", "bmp", "gif", "heif", "ico", "mp4", "svg", "tiff", "webp")},
}  # fmt: skip

_PROPERTIES = {
    "background-image": None, "columns": "css-column-count",
    **dict.fromkeys(("left", "right", "top", "bottom"), "css-left-right-top-bottom"),
    **dict.fromkeys(("gap", "row-gap", "column-gap", "grid-gap"), "css-gap"),
    **dict.fromkeys(("flex-flow", "flex"), "css-display-flex"),
    **dict.fromkeys(("mask", "-webkit-mask-image"), "css-mask-image"),
    **dict.fromkeys(("margin-inline", "margin-block"), "css-margin-inline-block"),
    **dict.fromkeys(("padding-inline", "padding-block"), "css-padding-inline-block"),
    "block-size": "css-block-inline-size",
    # What these lack depends on the value: `_by_value`.
    **dict.fromkeys(("background", "display", "margin", "margin-top", "margin-right",
                     "margin-bottom", "margin-left", "position", "float", "visibility"), None),
}  # fmt: skip
_FAMILIES = tuple(
    (re.compile(pattern), slug)
    for pattern, slug in (
        (r"inset(-|$)", "css-inset"),
        (r"border-(inline|block)$", "css-border-inline-block"),
        (r"border-(inline|block)-(start|end)$", "css-border-inline-block-individual"),
        (r"border-(inline|block)-", "css-border-inline-block-longhand"),
        (r"border-(start|end)-(start|end)-radius", "css-border-radius-logical"),
        (r"border-([a-z-]+-)?radius", "css-border-radius"),
        (r"border-image", "css-border-image"),
        (r"border-(top|right|bottom|left|color|width|style)", "css-border"),
        (r"margin-inline-", "css-margin-inline-start-end"),
        (r"margin-block-", "css-margin-block-start-end"),
        (r"padding-inline-", "css-padding-inline-start-end"),
        (r"padding-block-", "css-padding-block-start-end"),
        (r"padding-", "css-padding"),
        (r"grid-", "css-grid-template"),
        (r"column-", "css-column-layout-properties"),
        (r"(-webkit-)?animation", "css-animation"),
        (r"transition", "css-transition"),
        (r"outline-", "css-outline"),
        (r"overflow-[xy]", "css-overflow"),
        (r"scroll-snap", "css-scroll-snap"),
        (r"text-emphasis", "css-text-emphasis"),
        (r"--", "css-variables"),
    )
)
_FUNCTIONS = {
    "var": "css-variables", "calc": "css-unit-calc", "clamp": "css-function-clamp",
    "min": "css-function-min", "max": "css-function-max", "light-dark": "css-function-light-dark",
    "rgba": "css-rgba",
    **{f"{repeating}{kind}-gradient": f"css-{kind}-gradient"
       for kind in ("linear", "radial", "conic") for repeating in ("", "repeating-")},
    **dict.fromkeys(("lab", "lch", "oklab", "oklch", "hwb", "color", "color-mix"),
                    "css-modern-color"),
}  # fmt: skip
_UNITS = {unit: f"css-unit-{unit}" for unit in ("rem", "ch", "vh", "vw", "vmin", "vmax")}
_WORDS = {
    "initial": "css-unit-initial", "system-ui": "css-sytem-ui",
    **dict.fromkeys(("min-content", "max-content", "fit-content"), "css-intrinsic-size"),
}  # fmt: skip
_DISPLAYS = {
    "flex": "css-display-flex", "inline-flex": "css-display-flex", "grid": "css-display-grid",
    "inline-grid": "css-display-grid", "none": "css-display-none", "contents": "css-display",
    "flow-root": "css-display",
}  # fmt: skip
_AT_RULES = {
    "@import": "css-at-import", "@font-face": "css-at-font-face", "@supports": "css-at-supports",
    "@keyframes": "css-at-keyframes", "@-webkit-keyframes": "css-at-keyframes",
}  # fmt: skip
_QUERIES = {
    "prefers-color-scheme": "css-at-media-prefers-color-scheme",
    "prefers-reduced-motion": "css-at-media-prefers-reduced-motion",
    "orientation": "css-at-media-orientation",
    "device-pixel-ratio": "css-at-media-device-pixel-ratio",
    "hover": "css-at-media-hover",
}
_PSEUDO = re.compile(r"::?([a-z]+(?:-[a-z]+){0,4})", re.IGNORECASE)
_PSEUDO_ELEMENTS = frozenset({
    "after", "before", "first-letter", "first-line", "marker", "placeholder"
})  # fmt: skip
_SELECTORS = tuple(
    (re.compile(pattern), f"css-selector-{name}")
    for pattern, name in ((r"\[", "attribute"), (r"\+", "adjacent-sibling"),
                          (r"~(?!=)", "general-sibling"), (r"\*(?!=)", "universal"))
)  # fmt: skip


def used(page: Page) -> Iterator[Use]:
    """Every use of a feature in an email, in reading order; what styles hold comes first."""
    for element in page.outside:
        if element.tag == "link" and "stylesheet" in (element.get("rel") or "").lower():
            yield Use("html-link", "<link rel=stylesheet>", None)
        elif element.tag == "base" or (
            element.tag == "meta" and (element.get("name") or "").lower() == "color-scheme"
        ):
            slug = "html-base" if element.tag == "base" else "html-meta-color-scheme"
            yield Use(slug, f"<{element.tag}>", None)
    for style in page.sheets:
        yield from _in_style(style.text, conditional=bool(style.media))
    for element, word in page.seen_by_word():
        for slug, said in _of_element(element):
            yield Use(slug, said, element, word)


def _in_style(text: str, *, conditional: bool) -> Iterator[Use]:
    found = sheet(text)
    for name in found.at_rules:
        kind = name.split(" ", 1)[0]
        if kind in _AT_RULES:
            yield Use(_AT_RULES[kind], kind, None)
        elif kind == "@media":
            yield Use("css-at-media", "@media", None)
            yield from (Use(slug, q, None) for q, slug in _QUERIES.items() if q in name.lower())
    if found.nested:
        yield Use("css-nesting", "a rule within a rule", None)
    for rule in found.rules:
        if not rule.conditions and not conditional:
            yield from _of_rule(rule)


def _of_rule(rule: Rule) -> Iterator[Use]:
    for hit in _PSEUDO.finditer(rule.selectors):
        name = hit[1].lower()
        kind = "element" if name in _PSEUDO_ELEMENTS else "class"
        yield Use(f"css-pseudo-{kind}-{name}", hit[0], None)
    for pattern, slug in _SELECTORS:
        if pattern.search(rule.selectors):
            yield Use(slug, rule.selectors, None)
    for declaration in rule.declarations:
        yield from (Use(slug, said, None) for slug, said in _of_declaration(declaration))


def _of_element(element: Element) -> Iterator[tuple[str, str]]:
    tag = f"<{element.tag}>"
    if element.tag in _TAGS:
        yield _TAGS[element.tag], tag
    elif element.tag in {"input", "button"}:
        kind = (element.get("type") or ("text" if element.tag == "input" else "submit")).lower()
        if element.tag == "input":
            yield f"html-input-{kind if kind in _INPUTS else 'text'}", f"<input type={kind}>"
        else:
            yield f"html-button-{'reset' if kind == 'reset' else 'submit'}", tag
    for name, value in element.attributes.items():
        if name in _ATTRIBUTES:
            yield _ATTRIBUTES[name], f"{name} on {tag}"
        elif name == "style":
            for declaration in declarations(value):
                yield from ((slug, f"{said} on {tag}")
                            for slug, said in _of_declaration(declaration))  # fmt: skip
        elif name == "src" and element.tag in {"img", "input", "source"}:
            yield from _picture(value, tag)
        elif name == "href" and element.tag == "a":
            yield from _link(value.strip())


def _link(href: str) -> Iterator[tuple[str, str]]:
    if len(href) > 1 and href.startswith("#"):
        yield "html-anchor-links", f"a link to {href}"
    elif re.match(r"mailto:[^?]*\?(?:.*&)?b?cc=", href, re.IGNORECASE):
        yield "html-mailto-links", href


def _picture(source: str, tag: str) -> Iterator[tuple[str, str]]:
    """By the end of its name: what a server sends instead is not seen from here."""
    try:
        path = urlsplit(source).path
    except ValueError:
        return
    kind = path.rpartition(".")[2].lower()
    if kind in _PICTURES:
        yield f"image-{_PICTURES[kind]}", f".{kind} in {tag}"


def _of_declaration(declaration: Declaration) -> Iterator[tuple[str, str]]:
    name = declaration.name
    said = f"{name}: {declaration.text}"
    slugs = [_property(name), *_by_value(declaration)]
    slugs += [_FUNCTIONS.get(function) for function in sorted(declaration.functions)]
    slugs += [_UNITS.get(unit) for unit in sorted(declaration.units)]
    slugs += [_WORDS.get(word) for word in sorted(declaration.words)]
    if declaration.important:
        slugs.append("css-important")
    yield from ((slug, said) for slug in dict.fromkeys(slugs) if slug)


def _property(name: str) -> str | None:
    if name in _PROPERTIES:
        return _PROPERTIES[name]
    if f"css-{name}" in known().features:
        return f"css-{name}"
    return next((slug for pattern, slug in _FAMILIES if pattern.match(name)), None)


def _by_value(declaration: Declaration) -> Iterator[str]:
    """Features that only some values of a property are."""
    name, words = declaration.name, declaration.words
    if name == "display":
        yield from sorted({_DISPLAYS[word] for word in words & set(_DISPLAYS)})
    elif name == "position" and not words & {"static", "inherit"}:
        yield "css-position"
    elif name in {"float", "visibility"} and not words & {"none", "visible", "inherit"}:
        yield f"css-{name}"
    elif name.startswith("margin") and any(number < 0 for number in declaration.numbers):
        yield "css-margin"
    elif name in {"background", "background-image"} and "url" in declaration.functions:
        yield "css-background-image"
    elif name.startswith("list-style") and "url" in declaration.functions:
        yield "css-list-style-image"
    if declaration.functions & {"rgb", "rgba"} and "," not in declaration.text:
        yield "css-rgb"  # the syntax without commas: Gmail drops the whole style
