"""Lists of feeds from other readers: OPML with its common faults, or addresses one a line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from digest.collect.document import Place
from digest.collect.encoding import decode
from digest.collect.opml import MAX_OUTLINES, WEB, folder_name, outlines, place_of, source_of
from digest.errors import DocumentError
from digest.models import Failure
from digest.net import shown
from digest.text.markup import clean_text


@dataclass(frozen=True, slots=True, kw_only=True)
class LooseList:
    """The sources of another list; `refused` names each row that is none, with its line."""

    places: tuple[Place, ...]
    refused: tuple[Failure, ...] = ()


def read_loosely(data: bytes, *, where: str) -> LooseList:
    """The feeds of a list from another reader, with its common faults; or addresses, one a line.

    Bare ampersands, attributes in capitals and a missing end are put up with. Raises DocumentError
    where it is no list, or names more sources than are read: none is lost in silence.
    """
    text = decode(data)
    found = _of_lines(text, where) if "<" not in text[:2000] else _of_outlines(text, where)
    if not found.places and not found.refused:
        raise DocumentError(
            f"{where} lists no feed.",
            hint="Export your feeds as OPML, or write addresses, one a line.",
        )
    if len(found.places) > MAX_OUTLINES:
        raise DocumentError(
            f"{where} lists more than {MAX_OUTLINES:,} sources.", hint="Split it, and import each."
        )
    return found


def _of_lines(text: str, where: str) -> LooseList:
    """Addresses, one a line; lines that begin with # are comments. Prose is no list."""
    places: list[Place] = []
    refused: list[Failure] = []
    prose = False
    for line, raw in enumerate(text.splitlines(), start=1):
        row = raw.strip()
        if not row or row.startswith("#"):
            continue
        if len(row.split()) == 1 and _leads_somewhere(row):
            places.append(Place(given=row))
        else:
            prose = prose or len(row.split()) > 1
            refused.append(_refusal(row, where, line))
    if prose and not places:
        refused.clear()
    return LooseList(places=tuple(places), refused=tuple(refused))


def _of_outlines(text: str, where: str) -> LooseList:
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False)
    # Without the declaration, whose encoding no longer holds; its line stays, so that lines count.
    bare = re.sub(r"\A(\s*)<\?xml.*?\?>", r"\1", text)
    bare = re.sub(r"&(?!#?\w{1,10};)", "&amp;", bare)
    try:
        root = etree.fromstring(bare.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        root = None
    places: list[Place] = []
    refused: list[Failure] = []
    for outline, around in outlines(_in_small(root)) if root is not None else ():
        place = place_of(outline, around, None)
        if place is not None and _leads_somewhere(place.given):
            places.append(place)
        elif _means_a_source(outline):
            line = outline.sourceline or 1
            if address := source_of(outline)[0]:
                refused.append(_refusal(address, where, line))
            else:
                name = folder_name(outline) or "an outline"
                refused.append(_refusal(name, where, line, "has no feed's address (xmlUrl)"))
    return LooseList(places=tuple(places), refused=tuple(refused))


def _in_small(root: Any) -> Any:
    """The tree with its outlines as the standard spells them: `outline`, `xmlUrl`."""
    names = {"xmlurl": "xmlUrl", "htmlurl": "htmlUrl"}
    for node in root.iter(etree.Element):
        node.tag = str(node.tag).rpartition("}")[2].lower()
        for key, value in list(node.attrib.items()):
            del node.attrib[key]
            node.set(names.get(key.lower(), key.lower()), value)
    return root.find(".//body") if root.find(".//body") is not None else root


def _means_a_source(outline: Any) -> bool:
    """Whether an outline is more than a section: it has an address, or says that it is a feed."""
    if any((outline.get(key) or "").strip() for key in ("xmlUrl", "url")):
        return True
    alone = outline.find("outline") is None
    return alone and bool(outline.get("htmlUrl") or outline.get("type"))


def _leads_somewhere(address: str) -> bool:
    """Whether this is an http(s) address with a host."""
    try:
        return bool(WEB.match(address) and urlsplit(address).hostname)
    except ValueError:  # a bracket that opens no IPv6 address
        return False


def _refusal(row: str, where: str, line: int, what: str = "is no http(s) address") -> Failure:
    place = f"{where}, line {line}"
    hint = "Give the feed's https address."
    if re.fullmatch(r"(?:[\w-]+\.)+[a-z]{2,12}(?:/\S*)?", row, re.IGNORECASE):
        hint = f"If it is an address, write https://{row}"
    return Failure(where=place, what=f"{place}: “{clean_text(shown(row))}” {what}.", hint=hint)
