"""Editing a list of sources as text: what an editor wrote around an outline stays as it is.

The list is parsed for where its outlines begin and end, and changed only there: comments, order,
indentation, unknown attributes and line ends are the editor's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from digest.collect.opml import folder_name, source_of
from digest.errors import DocumentError
from digest.net import masked, shown
from digest.text.markup import clean_text

EMPTY = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0">
  <head><title>Sources</title></head>
  <body>
  </body>
</opml>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A source to write into a list: a feed's `xmlUrl`, or the `url` of a page, file or folder.

    `outer` are the folders around its section, the outermost first; where there are none, a section
    of that name is taken wherever it stands. `home` is the site of a feed.
    """

    address: str
    name: str = ""
    section: str = ""
    outer: tuple[str, ...] = ()
    is_feed: bool = True
    home: str = ""

    @property
    def markup(self) -> str:
        """The element, with its attributes escaped."""
        name = quoteattr(clean_text(self.name) or masked(self.address))
        home = f" htmlUrl={quoteattr(self.home)}" if self.home else ""
        if self.is_feed:
            return f'<outline type="rss" text={name} xmlUrl={quoteattr(self.address)}{home}/>'
        return f'<outline type="link" text={name} url={quoteattr(self.address)}{home}/>'


@dataclass(slots=True)
class _Node:
    """An element's bytes: `<a>` from start to inside, `</a>` from close to end; or `<a/>`."""

    name: str
    attributes: dict[str, str]
    start: int
    inside: int
    close: int = 0
    end: int = 0
    empty: bool = False
    parent: _Node | None = None

    @property
    def path(self) -> tuple[str, ...]:
        """The names of the outlines from the outermost to this one."""
        names: list[str] = []
        node: _Node | None = self
        while node is not None and node.name == "outline":
            names.append(folder_name(node.attributes))
            node = node.parent
        return tuple(name for name in reversed(names) if name)


@dataclass(slots=True)
class _Branch:
    """What is new in one folder: sources, then folders of their own."""

    members: list[Outline] = field(default_factory=list)
    folders: dict[str, _Branch] = field(default_factory=dict)

    def at(self, path: Sequence[str]) -> _Branch:
        """The branch below this one, made where there is none."""
        found = self
        for name in path:
            found = found.folders.setdefault(name, _Branch())
        return found

    def markup(self) -> list[str]:
        """The elements, each without its last line's end."""
        pieces = [outline.markup for outline in self.members]
        for name, inner in self.folders.items():
            lines = "".join("\n" + piece for piece in inner.markup()).replace("\n", "\n  ")
            pieces.append(f"<outline text={quoteattr(name)}>{lines}\n</outline>")
        return pieces


def write_outlines(outlines: Iterable[Outline]) -> str:
    """A whole OPML 2.0 list of these sources, sections as folders, in the order of both."""
    return add_outlines(EMPTY.encode(), tuple(outlines), where="the list").decode("utf-8")


def add_outlines(data: bytes, outlines: Sequence[Outline], *, where: str) -> bytes:
    """The list with these sources at the ends of their sections; a new section stands last.

    Raises DocumentError, with the line, for what is no OPML in an encoding that ASCII is part of.
    """
    nodes = _nodes(data, where)
    body = _body(nodes, where)
    groups: dict[tuple[str, ...], list[Outline]] = {}
    for outline in outlines:
        path = (clean_text(name) for name in (*outline.outer, outline.section))
        groups.setdefault(tuple(name for name in path if name), []).append(outline)
    folders = _folders(nodes)
    edits: dict[int, tuple[_Node, _Branch]] = {}
    for names, members in groups.items():
        node, rest = _deepest(folders, body, names)
        edits.setdefault(id(node), (node, _Branch()))[1].at(rest).members.extend(members)
    # From the end of the list to its beginning: what is inserted moves nothing before it.
    for node, branch in sorted(edits.values(), key=lambda row: -row[0].close):
        data = _inserted(data, node, branch.markup())
    return data


def remove_outline(data: bytes, address: str, *, where: str, nth: int = 0) -> bytes:
    """The list without the outline of this address, and its line where it stands alone.

    `nth` tells apart those of one address: 0 is the first. A section goes with its last source if
    nothing else is in it and it has nothing but a name.
    """
    nodes = _nodes(data, where)
    # A feed's htmlUrl is no source of its own: the page may be listed as well.
    found = [
        node
        for node in nodes
        if node.name == "outline" and source_of(node.attributes)[0] == address
    ]
    if nth >= len(found):
        raise DocumentError(
            f"{where} has no outline of {shown(address)}.", hint="`digest sources list`"
        )
    node = found[nth]
    if any(node.start < other.start < node.close and source_of(other.attributes)[0]
           for other in nodes):  # fmt: skip
        raise DocumentError(
            f"{where}: the outline of {shown(address)} holds other sources.",
            hint="Move them out of it first.",
        )
    while node.parent is not None and _is_all_of(data, node, node.parent):
        node = node.parent
    start, end = _whole_line(data, node.start, node.end)
    return data[:start] + data[end:]


def _is_all_of(data: bytes, node: _Node, section: _Node) -> bool:
    """Whether a section is as `add_outlines` writes it, and holds this element alone."""
    if section.name != "outline" or set(section.attributes) != {"text"}:
        return False
    return not (data[section.inside : node.start] + data[node.end : section.close]).strip()


def _nodes(data: bytes, where: str) -> list[_Node]:
    """The elements of a list, in their order."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data[:64]:
        raise DocumentError(f"{where} is UTF-16, which is not edited.", hint="Save it as UTF-8.")
    found: list[_Node] = []
    open_: list[_Node] = []
    parser = expat.ParserCreate()

    def start(name: str, attributes: dict[str, str]) -> None:
        at = parser.CurrentByteIndex
        inside = _tag_end(data, at)
        empty = data[at:inside].endswith(b"/>")
        parent = open_[-1] if open_ else None
        node = _Node(name, attributes, at, inside, empty=empty, parent=parent)
        found.append(node)
        open_.append(node)

    def end(_: str) -> None:
        node = open_.pop()
        node.close = node.start if node.empty else parser.CurrentByteIndex
        node.end = node.inside if node.empty else _tag_end(data, node.close)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    # An entity of the list's own could stand for outlines that have no place in the text.
    parser.EntityDeclHandler = _refuse_entities
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        line = getattr(error, "lineno", 1)
        raise DocumentError(
            f"{where}, line {line}: not readable as OPML, and so not changed.",
            hint="Mend that line first.",
        ) from None
    return found


def _refuse_entities(*_: object) -> None:
    raise ValueError


def _tag_end(data: bytes, at: int) -> int:
    """Where the tag that begins at `at` ends; `>` may stand in its attributes."""
    hit = re.compile(rb"<(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>").match(data, at)
    return hit.end() if hit else at


def _body(nodes: Sequence[_Node], where: str) -> _Node:
    for node in nodes:
        if node.name == "body":
            return node
    raise DocumentError(
        f"{where}: an OPML list needs a <body> with <outline> elements.",
        hint="`digest init` writes one to start from.",
    )


def _folders(nodes: Sequence[_Node]) -> dict[tuple[str, ...], _Node]:
    """The outlines that are sections, by the names of the folders around them and their own.

    They have no address of their own. The first of a name counts.
    """
    sections = [
        node
        for node in nodes
        if node.name == "outline" and not any(node.attributes.get(k) for k in ("xmlUrl", "url"))
    ]
    found: dict[tuple[str, ...], _Node] = {}
    for node in sections:
        *outer, _ = path = node.path or ("",)
        found.setdefault(path, node)
        if title := clean_text(node.attributes.get("title", "")):
            found.setdefault((*outer, title), node)
    return found


def _deepest(
    folders: Mapping[tuple[str, ...], _Node], body: _Node, names: tuple[str, ...]
) -> tuple[_Node, tuple[str, ...]]:
    """(the folder that is there and nearest to the one of these names, the names below it)."""
    for length in range(len(names), 0, -1):
        node = folders.get(names[:length])
        if node is not None:
            return node, names[length:]
    alone = (node for path, node in folders.items() if path[-1:] == names)
    return next(((node, ()) for node in alone), (body, names))


def _inserted(data: bytes, node: _Node, pieces: Sequence[str]) -> bytes:
    """The list with `pieces` as the last children of `node`, a line each."""
    newline = b"\r\n" if b"\r\n" in data[:4000] else b"\n"
    encoded = [_encoded(data, piece).replace(b"\n", newline) for piece in pieces]
    indent = _indent(data, node.start)
    inner = indent + b"  "
    lines = b"".join(inner + piece.replace(newline, newline + inner) + newline for piece in encoded)
    if node.empty:
        head = data[node.start : node.inside]
        opened = head[: head.rindex(b"/")].rstrip() + b">" + newline
        closing = indent + b"</" + node.name.encode() + b">"
        return data[: node.start] + opened + lines + closing + data[node.end :]
    start = data.rfind(b"\n", 0, node.close) + 1
    if data[start : node.close].strip():  # the end tag stands behind something else
        return data[: node.close] + b"".join(encoded) + data[node.close :]
    return data[:start] + lines + data[start:]


def _encoded(data: bytes, piece: str) -> bytes:
    """The markup in the list's encoding; what that cannot hold as numeric references."""
    hit = re.search(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})", data[:400])
    name = hit[1].decode("ascii") if hit else "utf-8"
    return piece.encode(name, "xmlcharrefreplace")


def _indent(data: bytes, at: int) -> bytes:
    """The white space before what stands at `at`, if nothing else does."""
    before = data[data.rfind(b"\n", 0, at) + 1 : at]
    return before if not before.strip() else b""


def _whole_line(data: bytes, start: int, end: int) -> tuple[int, int]:
    """The bounds of the lines that hold nothing but what stands there; else its own."""
    first = data.rfind(b"\n", 0, start) + 1
    stop = data.find(b"\n", end)
    last = len(data) if stop < 0 else stop + 1
    if data[first:start].strip() or data[end:last].strip():
        return start, end
    return first, last
