"""How an email is looked at: light, dark or inverted, with pictures or without.

A frame shows the chosen scheme whatever the reader's own: in the page that is served into it, each
question for `prefers-color-scheme` is answered beforehand. The archived file stays as it is.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

if TYPE_CHECKING:
    from tinycss2.ast import Node

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

_NAMES = frozenset({"color-scheme", "supported-color-schemes"})
_ALWAYS, _NEVER = "min-width:0", "max-width:0"
_ASKS = re.compile(r"color-scheme|\\", re.IGNORECASE)
"""What has neither the words nor an escape, which could spell them, needs no parsing."""
_MEDIA = re.compile(r"""(\smedia\s*=\s*)("[^"]*"|'[^']*'|[^\s>"']+)""", re.IGNORECASE)
_CONTENT = re.compile(r"""(\scontent\s*=\s*)("[^"]*"|'[^']*'|[^\s>"']+)""", re.IGNORECASE)
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
    found = _Places()
    try:
        found.feed(page)
        found.close()
    except (AssertionError, ValueError):
        # What the standard library's parser gives up on is shown as it is.
        return page
    parts: list[str] = []
    at = 0
    for start, end, kind in found.places:
        parts += [page[at:start], _rewritten(page[start:end], kind, design)]
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
    behind = (n for n in row[at + 1 :] if n.type not in {"whitespace", "comment"})
    following = next(behind, None)
    return following is not None and following.type == "literal" and following.value == ":"


def _keep(naming: Iterable[Any], design: str) -> None:
    if {node.lower_value for node in naming} == {"light", "dark"}:
        for node in naming:
            node.value = design


class _Places(HTMLParser):
    """Where in a document something asks for the scheme: (start, end, "css", "tag" or "meta")."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.places: list[tuple[int, int, str]] = []
        self._lines = [0]
        self._sheet = -1
        self._length = 0

    def feed(self, data: str) -> None:
        self._length = len(data)
        for hit in re.finditer("\n", data):
            self._lines.append(hit.end())
        super().feed(data)

    def _here(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        text = self.get_starttag_text() or ""
        kind = "tag" if named.get("media") else ""
        if tag == "meta" and (named.get("name") or "").lower() in _NAMES:
            kind = "meta"
        if kind:
            self.places.append((self._here(), self._here() + len(text), kind))
        if tag == "style":
            self._sheet = self._here() + len(text)

    def handle_endtag(self, tag: str) -> None:
        if tag == "style":
            self._end_sheet(self._here())

    def close(self) -> None:
        super().close()
        self._end_sheet(self._length)

    def _end_sheet(self, at: int) -> None:
        if self._sheet >= 0:
            self.places.append((self._sheet, at, "css"))
        self._sheet = -1


def _rewritten(text: str, kind: str, design: str) -> str:
    if kind == "css":
        # What ends the element cannot come out of a sheet that did not hold it; nor may it.
        made = css_in(text, design)
        return made if "</" not in made or "</" in text else text
    if kind == "tag":
        return _MEDIA.sub(lambda hit: _attribute(hit, media_in, design), text, count=1)
    return _CONTENT.sub(lambda hit: _attribute(hit, _schemes_in, design), text, count=1)


def _attribute(hit: re.Match[str], change: Any, design: str) -> str:
    value = hit[2][1:-1] if hit[2][0] in "\"'" else hit[2]
    return f'{hit[1]}"{html.escape(change(html.unescape(value), design))}"'


def _schemes_in(value: str, design: str) -> str:
    words = value.lower().split()
    return design if {"light", "dark"} <= set(words) else value


def _with_style(page: str) -> str:
    """The page turned into its negative, pictures excepted; without a head it begins so."""
    made, count = re.subn(r"</head\s*>", f"{_TURNED}</head>", page, count=1, flags=re.IGNORECASE)
    return made if count else page + _TURNED
