"""OPML: the list of sources that an editor keeps, with its sections."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from lxml import etree

from digest.collect.document import Place
from digest.errors import DocumentError
from digest.text.markup import clean_text

MAX_OUTLINES = 5_000
WEB = re.compile(r"https?://", re.IGNORECASE)


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
    places = (place_of(outline, around, folder) for outline, around in outlines(body))
    return tuple(islice(filter(None, places), MAX_OUTLINES))


def outlines(node: Any) -> Iterator[tuple[Any, tuple[str, ...]]]:
    """Every outline below a node, with the names of those around it, the outermost first."""
    top: tuple[str, ...] = ()
    stack = [(child, top) for child in reversed(node.findall("outline"))]
    while stack:
        outline, around = stack.pop()
        yield outline, around
        label = folder_name(outline)
        within = (*around, label) if label else around
        stack += [(child, within) for child in reversed(outline.findall("outline"))]


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


def place_of(outline: Any, around: tuple[str, ...], folder: Path | None) -> Place | None:
    """The source that an outline is; None for a section, and for a path where `folder` is None."""
    address, is_feed = source_of(outline)
    if not address:
        return None
    if not WEB.match(address) and folder is None:
        return None
    home = (outline.get("htmlUrl") or "").strip()
    return Place(
        given=address,
        name=clean_text(outline.get("title") or outline.get("text") or ""),
        section=around[-1] if around else "",
        outer=around[:-1],
        home=home if WEB.match(home) and home != address else "",
        expect="feed" if is_feed else None,
    )


def _reason(error: etree.XMLSyntaxError) -> str:
    return clean_text(str(error.msg or "")).split(", line ")[0].rstrip(".") or "not well-formed"
