"""Markup that stands inside an element of a feed as elements, written as HTML again.

Not by `etree.tostring`: that repeats every namespace of the document in every piece (lxml 6.1), so
that 5 MB of feed can become gigabytes.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from digest.text.markup import MAX_MARKUP

_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "frame", "hr", "img", "input", "link", "meta", "param",
     "source", "track", "wbr")
)  # fmt: skip
_UNREAD = frozenset({"script", "style"})


def inner_markup(node: Any) -> str:
    """The markup inside an element, its prefixes dropped: `<xhtml:p>` is `<p>`.

    At most a little more than `MAX_MARKUP` characters, of which no reader reads more.
    """
    pieces = [_escaped(node.text)]
    size = 0
    for event, element in etree.iterwalk(node, events=("start", "end")):
        if element is node:
            continue
        piece = _opening(element) if event == "start" else _closing(element)
        pieces.append(piece)
        size += len(piece)
        if size > MAX_MARKUP:
            break
    return "".join(pieces).strip()


def _opening(element: Any) -> str:
    if element.tag is etree.Entity:
        return str(element.text)
    name = _local(element.tag)
    words = "" if name in _UNREAD else _escaped(element.text)
    attributes = element.attrib
    if not attributes:
        return f"<{name}>{words}"
    told = "".join(
        f' {key}="{_escaped(value).replace(chr(34), "&quot;")}"'
        for key, value in attributes.items()
        if key[0] != "{"
    )
    return f"<{name}{told}>{words}"


def _closing(element: Any) -> str:
    after = _escaped(element.tail)
    if element.tag is etree.Entity:
        return after
    name = _local(element.tag)
    return after if name.lower() in _VOID else f"</{name}>{after}"


def _local(tag: str) -> str:
    name = tag.rpartition("}")[2]
    return name.partition(":")[2] or name


def _escaped(text: str | None) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;") if text else ""
