"""How an email is looked at: light, dark or inverted, with pictures or without.

A frame shows the chosen scheme whatever the reader's own: in the page that is served into it, each
question for `prefers-color-scheme` is answered beforehand. The archived file stays as it is.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlencode

if TYPE_CHECKING:
    from tinycss2.ast import Node

Kind = Literal["sheet", "media", "scheme"]

SCHEMES = {
    "light": ("Light", "as a mail program in light mode: the design that every reader gets"),
    "dark": ("Dark", "as Apple Mail in dark mode: the email's own dark styles"),
    "inverted": (
        "Inverted",
        "about as an app that inverts colors: Gmail on an iPhone, Outlook on Windows",
    ),
}
"""What a frame may show: the word of the switch, and what it imitates."""
IMAGES = {
    "own": ("Own", "the issue's own pictures; what lies elsewhere is not asked for"),
    "on": ("All", "remote pictures too: their servers learn of it"),
    "off": ("Off", "as Outlook and many phones show it until asked: alt texts"),
}

MOST_PARSED = 256 * 1024
"""Characters of styles that are parsed: mail programs cut off a whole email that has half of it."""
_NAMES = frozenset({"color-scheme", "supported-color-schemes"})
_ALWAYS, _NEVER = "min-width:0", "max-width:0"
_ASKS = re.compile(r"color-scheme|\\", re.IGNORECASE)
"""What has neither the words nor an escape, which could spell them, needs no parsing."""
_OPENING = re.compile(r"<(?:!--|([a-zA-Z][^\s/>]*+))")
_ATTRIBUTE = re.compile(
    r"""[\s/]*+([^\s/>][^\s/>=]*+)(?:\s*+=\s*+(?:("[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)|(?=>)))?+"""
)
_CLOSING = re.compile(r"[\s/]*+>")
_RAW = {
    tag: re.compile(rf"</{tag}(?=[\s/>])", re.IGNORECASE)
    for tag in ("style", "script", "title", "textarea")
}
"""Elements whose text holds no tags, and what ends each."""
_TURNED = (
    "<style>html{background:#fff;filter:invert(1) hue-rotate(180deg)}"
    "img,video,svg{filter:invert(1) hue-rotate(180deg)}</style>"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How the reader wants an email shown; anything unknown is as if it were not asked for."""

    scheme: str = "light"
    images: str = "own"

    def __post_init__(self) -> None:
        if self.scheme not in SCHEMES:
            object.__setattr__(self, "scheme", "light")
        if self.images not in IMAGES:
            object.__setattr__(self, "images", "own")

    def query(self, **other: str) -> str:
        """The query that asks for this look, or for another in part; empty for the usual one."""
        asked = {"scheme": self.scheme, "images": self.images} | other
        usual = {"scheme": "light", "images": "own", "frame": ""}
        words = {key: value for key, value in asked.items() if value != usual.get(key)}
        return f"?{urlencode(words)}" if words else ""


def in_scheme(page: str, scheme: str) -> str:
    """The document `page` with its design for one of SCHEMES, whatever its reader prefers."""
    design = "dark" if scheme == "dark" else "light"
    parts: list[str] = []
    at = 0
    left = MOST_PARSED
    for start, end, kind in _places(page):
        text = page[start:end]
        if kind == "scheme" or _ASKS.search(text):
            left -= len(text)
        parts += [page[at:start], _rewritten(text, kind, design) if left >= 0 else text]
        at = end
    whole = "".join([*parts, page[at:]])
    return whole if scheme != "inverted" else _with_style(whole)


def media_in(query: str, design: str) -> str:
    """A media query list with each question for the color scheme answered."""
    if not _ASKS.search(query):
        return query
    import tinycss2

    nodes = tinycss2.parse_component_value_list(query)
    _answer(nodes, design)
    return str(tinycss2.serialize(nodes))


def css_in(sheet: str, design: str) -> str:
    """A stylesheet with each such question answered, and `color-scheme` set to the design.

    Only where it allows both: what is made for one scheme alone stays so.
    """
    if not _ASKS.search(sheet):
        return sheet
    import tinycss2

    nodes = tinycss2.parse_component_value_list(sheet)
    pending = [nodes]
    while pending:
        row = pending.pop()
        _answer_media(row, design)
        _settle(row, design)
        pending += [node.content for node in row if node.type == "{} block"]
    return str(tinycss2.serialize(nodes))


def _answer_media(row: list[Any], design: str) -> None:
    """Answer the preludes of the @media rules in a row of component values."""
    asking = False
    for node in row:
        if node.type == "at-keyword":
            asking = node.lower_value == "media"
        elif node.type == "{} block" or (node.type == "literal" and node.value == ";"):
            asking = False
        elif asking:
            _answer([node], design)


def _answer(nodes: Iterable[Any], design: str) -> None:
    import tinycss2

    pending = list(nodes)
    while pending:
        node = pending.pop()
        if node.type != "() block":
            continue
        asked = [inner for inner in node.content if inner.type not in {"whitespace", "comment"}]
        words = [getattr(inner, "lower_value", getattr(inner, "value", "")) for inner in asked]
        if words[:1] == ["prefers-color-scheme"]:
            holds = words[1:] in ([], [":", design])
            node.content = tinycss2.parse_component_value_list(_ALWAYS if holds else _NEVER)
        else:
            pending += node.content


def _settle(row: list[Any], design: str) -> None:
    """Let `color-scheme: light dark` name the design alone, among the declarations of a row."""
    naming: list[Node] = []
    named = False
    for at, node in enumerate(row):
        if node.type == "ident" and node.lower_value == "color-scheme" and _is_property(row, at):
            named, naming = True, []
        elif node.type == "literal" and node.value == ";":
            _keep(naming, design)
            named, naming = False, []
        elif named and node.type == "ident" and node.lower_value in {"light", "dark"}:
            naming.append(node)
    _keep(naming, design)


def _is_property(row: list[Any], at: int) -> bool:
    behind = (row[n] for n in range(at + 1, len(row)))  # no slice: a row may be all such words
    following = next((n for n in behind if n.type not in {"whitespace", "comment"}), None)
    return following is not None and following.type == "literal" and following.value == ":"


def _keep(naming: Iterable[Any], design: str) -> None:
    if {node.lower_value for node in naming} == {"light", "dark"}:
        for node in naming:
            node.value = design


def _places(page: str) -> Iterator[tuple[int, int, Kind]]:
    """Where in a document something asks for the scheme, in order.

    As browsers read it: a tag or a comment that never ends takes all the rest with it. Each
    character is looked at a few times at most, whatever the page is like.
    """
    at = 0
    while found := _OPENING.search(page, at):
        tag = (found[1] or "").lower()
        if not tag:
            at = page.find("-->", found.end())
            if at < 0:
                return
            continue
        named, at = _attributes(page, found.end())
        if at < 0:
            return
        if tag == "meta" and "content" in named and _value(page, named, "name").lower() in _NAMES:
            yield (*named["content"], "scheme")
        elif "media" in named:
            yield (*named["media"], "media")
        if tag in _RAW:
            closing = _RAW[tag].search(page, at)
            end = closing.start() if closing else len(page)
            if tag == "style":
                yield at, end, "sheet"
            at = end


def _attributes(page: str, at: int) -> tuple[dict[str, tuple[int, int]], int]:
    """Where each value of a tag stands, quotes included, and where the tag ends: -1 for never."""
    named: dict[str, tuple[int, int]] = {}
    while found := _ATTRIBUTE.match(page, at):
        at = found.end()
        if found[2]:
            named.setdefault(found[1].lower(), found.span(2))
    closing = _CLOSING.match(page, at)
    return named, closing.end() if closing else -1


def _value(page: str, named: dict[str, tuple[int, int]], name: str) -> str:
    start, end = named.get(name, (0, 0))
    return _unquoted(page[start:end])


def _unquoted(written: str) -> str:
    bare = written[1:-1] if written[:1] in {'"', "'"} else written
    return html.unescape(bare)


def _rewritten(text: str, kind: Kind, design: str) -> str:
    try:
        if kind == "sheet":
            # What ends the element cannot come out of a sheet that did not hold it; nor may it.
            made = css_in(text, design)
            return made if "</" not in made or "</" in text else text
        change = media_in if kind == "media" else _schemes_in
        return f'"{html.escape(change(_unquoted(text), design))}"'
    except RecursionError:  # brackets in brackets without end, which browsers give up on, too
        return text


def _schemes_in(value: str, design: str) -> str:
    words = value.lower().split()
    return design if {"light", "dark"} <= set(words) else value


def _with_style(page: str) -> str:
    """The page turned into its negative, pictures excepted; without a head it begins so."""
    made, count = re.subn(r"</head\s*>", f"{_TURNED}</head>", page, count=1, flags=re.IGNORECASE)
    return made if count else page + _TURNED
