"""OPML: the list of sources that an editor keeps, with its sections."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from digest.collect.document import Place
from digest.collect.encoding import decode
from digest.errors import DocumentError
from digest.text.markup import clean_text

_MAX_OUTLINES = 5_000
_WEB = re.compile(r"https?://", re.IGNORECASE)


def read_opml(data: bytes, *, where: str, folder: Path | None) -> tuple[Place, ...]:
    """The places of an OPML document, in its order.

    An outline with `xmlUrl` is a feed; one with `url` or `htmlUrl` and type `link` or `page` is a
    page, a text or a file. The text of the enclosing outline is the section, those around it are
    kept as `outer`. A path stands against `folder`, the list's own; with None (a list from the
    network) paths are left out.
    Raises DocumentError, with the line, where the file is no OPML.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        hint = "Mend that line, or export the list again from your reader."
        if re.search(r"EntityRef|Entity '", str(error.msg)):
            hint = "Write & as &amp; in that line: OPML is XML, where a bare & is an error."
        raise DocumentError(
            f"{where}, line {error.lineno or 1}: not readable as OPML: {_reason(error)}.",
            hint=hint,
        ) from None
    body = root.find("body")
    if body is None:
        raise DocumentError(
            f"{where}: an OPML list needs a <body> with <outline> elements.",
            hint="`digest init` writes one to start from.",
        )
    places = tuple(_outlines(body, folder))
    return places[:_MAX_OUTLINES]


def read_loosely(data: bytes, *, where: str) -> tuple[Place, ...]:
    """The feeds of a list from another reader, with its common faults; or addresses, one a line.

    Bare ampersands, attributes in capitals and a missing end are put up with. Raises DocumentError
    where no address is found, or more than are read: none is lost in silence.
    """
    text = decode(data)
    if "<" not in text[:2000]:
        rows = (line.strip() for line in text.splitlines())
        places = [Place(given=row) for row in rows if re.match(r"https?://\S+$", row)]
    else:
        parser = etree.XMLParser(
            recover=True, resolve_entities=False, no_network=True, load_dtd=False
        )
        body = re.sub(r"&(?!#?\w{1,10};)", "&amp;", re.sub(r"^\s*<\?xml.*?\?>", "", text))
        try:
            root = etree.fromstring(body.encode("utf-8", "replace"), parser)
        except etree.XMLSyntaxError:
            root = None
        places = [] if root is None else list(_outlines(_in_small(root), None))
    if not places:
        raise DocumentError(
            f"{where} lists no feed.",
            hint="Export your feeds as OPML, or write addresses, one a line.",
        )
    if len(places) > _MAX_OUTLINES:
        raise DocumentError(
            f"{where} lists more than {_MAX_OUTLINES:,} sources.", hint="Split it, and import each."
        )
    return tuple(places)


def _in_small(root: Any) -> Any:
    """The tree with its outlines as the standard spells them: `outline`, `xmlUrl`."""
    names = {"xmlurl": "xmlUrl", "htmlurl": "htmlUrl"}
    for node in root.iter(etree.Element):
        node.tag = str(node.tag).rpartition("}")[2].lower()
        for key, value in list(node.attrib.items()):
            del node.attrib[key]
            node.set(names.get(key.lower(), key.lower()), value)
    return root.find(".//body") if root.find(".//body") is not None else root


def _outlines(node: Any, folder: Path | None) -> Iterator[Place]:
    top: tuple[str, ...] = ()
    stack = [(child, top) for child in reversed(node.findall("outline"))]
    while stack:
        outline, around = stack.pop()
        place = _place(outline, around, folder)
        if place is not None:
            yield place
        inner = outline.findall("outline")
        label = folder_name(outline)
        within = (*around, label) if label else around
        stack += [(child, within) for child in reversed(inner)]


def folder_name(outline: Any) -> str:
    """What an outline, or its attributes, is called as the folder of others."""
    return clean_text(outline.get("text") or outline.get("title") or "")


def source_of(outline: Any) -> tuple[str, bool]:
    """(the address that an outline, or its attributes, is read at or "", whether it is a feed)."""
    feed = (outline.get("xmlUrl") or "").strip()
    kind = (outline.get("type") or "").strip().lower()
    page = ""
    if kind in ("link", "page", "text", "markdown", "folder", "include"):
        page = (outline.get("url") or outline.get("htmlUrl") or "").strip()
    return feed or page, bool(feed)


def _place(outline: Any, around: tuple[str, ...], folder: Path | None) -> Place | None:
    address, is_feed = source_of(outline)
    if not address:
        return None
    if not _WEB.match(address) and folder is None:
        return None
    home = (outline.get("htmlUrl") or "").strip()
    return Place(
        given=address,
        name=clean_text(outline.get("title") or outline.get("text") or ""),
        section=around[-1] if around else "",
        outer=around[:-1],
        home=home if _WEB.match(home) and home != address else "",
        expect="feed" if is_feed else None,
    )


def _reason(error: etree.XMLSyntaxError) -> str:
    return clean_text(str(error.msg or "")).split(", line ")[0].rstrip(".") or "not well-formed"
