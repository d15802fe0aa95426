"""A feed's text before it is parsed: bounded, counted, and mended where it is no XML.

The count of raw `<item>` and `<entry>` elements is what a parser must reach.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from itertools import pairwise

from digest.errors import SourceError
from digest.text.markup import without_escapes

MAX_ITEMS = 10_000
"""Items of one feed; the 300,000 of a hostile one cost the tolerant parser 24 s."""
MAX_DEPTH = 1_000
"""Elements inside each other; 0.6 MB of nested tags costs the tolerant parser 3-5 s."""
MAX_TAGS = 150_000
"""Tags and references that the tolerant parser is given; it takes 25-35 µs for each."""
MAX_ATTRIBUTES = 200
"""Attributes of one tag; 8,000 cost the tolerant parser a second, and twice as many four."""
MAX_LABELS = 1_000
"""Categories of one item; 8,000 cost the tolerant parser 2 s, and twice as many 9 s."""
MAX_TAG = 1_000_000
"""Characters of one tag; 5 MB cost the tolerant parser half a gigabyte."""

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ROOT = re.compile(r"<(?:([\w.-]{1,20}):)?(rss|feed|rdf|channel|entry)(?=[\s>])", re.IGNORECASE)
_ROOT_BYTES = re.compile(_ROOT.pattern.encode(), re.IGNORECASE)
_QUOTED = re.compile(r"<!\[CDATA\[|<!--")
_DATE = re.compile(
    r"<(?:[\w.-]{1,20}:)?(pubdate|published|issued|date|created|updated|modified|lastbuilddate)(?:\s[^>]{0,200})?>"
    r"([^<]{4,400})<",
    re.IGNORECASE,
)
_LATER = ("updated", "modified", "lastbuilddate")
_SUMMARY = re.compile(
    r"<(?:description|summary|[\w.-]{1,20}:(?:description|summary))[\s>]", re.IGNORECASE
)
_TAG = re.compile(r"<(/?)([A-Za-z][\w:.-]{0,60}+)((?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+'|[\"'])*+)>")
_ATTRIBUTE = re.compile(r"=\s*+[\"']")
_LABEL = re.compile(r"(?:.*:)?(?:category|subject|tags|keywords)", re.IGNORECASE)
_VOID = ("br", "hr", "img", "input", "meta", "link", "area", "base", "col", "embed", "source",
         "track", "wbr")  # fmt: skip


@dataclass(frozen=True, slots=True)
class RawItem:
    """What is read of an item without a parser: its printed date, and whether it is described."""

    date: str
    described: bool


_DECLARATION = b'<?xml version="1.0" encoding="utf-8"?>\n'


@dataclass(frozen=True, slots=True)
class RawFeed:
    """A feed as UTF-8 with a declaration of it, from its root on.

    `cut`: items past the bound were left out.
    """

    data: bytes
    cut: bool = False

    @property
    def text(self) -> str:
        """The feed as characters, without the declaration."""
        return self.data[len(_DECLARATION) :].decode("utf-8", "replace")


def _raw(text: str, *, cut: bool = False) -> RawFeed:
    return RawFeed(_DECLARATION + text.encode("utf-8", "replace"), cut)


def read_raw(body: bytes) -> RawFeed:
    """A feed in UTF-8, without its DTD and what stands before its root; bounded.

    All in bytes, where searches are several times as fast as in characters.
    """
    root = _ROOT_BYTES.search(body)
    raw = RawFeed(_DECLARATION + (body[root.start() :] if root else body))
    items = body.count(b"<item") + body.count(b"<entry")
    if root is None or 0 < items <= MAX_ITEMS:
        return raw
    text = raw.text
    if not items:
        return _raw(_without_unbound_prefix(text))
    bare, places = _without_quoted(text)
    starts = _starts(bare)
    if len(starts) <= MAX_ITEMS:
        return raw
    return _raw(text[: _original(starts[MAX_ITEMS], places)], cut=True)


def count_items(raw: RawFeed, *, found: int) -> int:
    """How many items a feed's text holds; `found` is what a parser of well-formed XML found.

    The tags are counted outside CDATA and comments only where counting all of them gives another
    number.
    """
    if found == raw.data.count(b"<item") + raw.data.count(b"<entry"):
        return found
    bare, _ = _without_quoted(raw.text)
    return len(_starts(bare))


def _starts(bare: str) -> list[int]:
    """Where items begin, with their root's prefix or none: <atom:feed> holds <atom:entry>."""
    root = _ROOT.search(bare)
    prefix = f"(?:{re.escape(root[1])}:)?" if root and root[1] else ""
    items = re.finditer(rf"<{prefix}(?:item|entry)(?=[\s>/])", bare, re.IGNORECASE)
    return [hit.start() for hit in items]


def raw_items(raw: RawFeed) -> tuple[RawItem, ...]:
    """The printed date of each item, and whether it is described, read without a parser."""
    bare, _ = _without_quoted(raw.text)
    starts = _starts(bare)
    return tuple(_item(bare[start:end]) for start, end in pairwise([*starts, len(bare)]))


_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});)(\w{1,32};)?")


def mended(raw: RawFeed) -> RawFeed:
    """The feed without controls, with HTML's named characters and bare ampersands as XML has them.

    Not inside CDATA, where both are what they look like.
    """
    text = _legal(raw.text)
    pieces: list[str] = []
    at = 0
    for start, _, end in _iter_quoted(text):
        pieces += [_AMPERSAND.sub(_as_xml, text[at:start]), text[start:end]]
        at = end
    pieces.append(_AMPERSAND.sub(_as_xml, text[at:]))
    return _raw("".join(pieces), cut=raw.cut)


def _as_xml(hit: re.Match[str]) -> str:
    letters = unescape(hit[0])
    if hit[1] and letters != hit[0] and "&" not in letters and "<" not in letters:
        return letters
    return "&amp;" + (hit[1] or "")


_PREFIXED_ITEM = re.compile(r"<([\w.-]{1,20}):(?:item|entry)[\s>]", re.IGNORECASE)
_PLAIN_ITEM = re.compile(r"<(?:item|entry)[\s>]", re.IGNORECASE)


def _without_unbound_prefix(text: str) -> str:
    """A feed whose items bear a prefix that it never declares, without the prefix."""
    hit = _PREFIXED_ITEM.search(text)
    if not hit or _PLAIN_ITEM.search(text) or f"xmlns:{hit[1]}" in text:
        return text
    prefix = re.escape(hit[1])
    return re.sub(rf"(</?){prefix}:(?=\w)", r"\1", text)


def _legal(text: str) -> str:
    """`text` without terminal escapes and characters that XML does not allow."""
    return _ILLEGAL.sub("", without_escapes(text))


def _without_quoted(text: str) -> tuple[str, list[tuple[int, int]]]:
    """`text` without comments and long CDATA, and (place here, place there) of each cut.

    A short CDATA without markup stays, for dates are printed in them. One pass: an opening that is
    never closed is left as it stands.
    """
    pieces: list[str] = []
    places: list[tuple[int, int]] = [(0, 0)]
    at = size = 0
    for hit in _iter_quoted(text):
        start, inner, end = hit
        pieces.append(text[at:start])
        size += start - at
        kept = inner if len(inner) <= 200 and "<" not in inner else ""
        pieces.append(kept)
        size += len(kept)
        places.append((size, end))
        at = end
    pieces.append(text[at:])
    return "".join(pieces), places


def _iter_quoted(text: str) -> list[tuple[int, str, int]]:
    found: list[tuple[int, str, int]] = []
    at = 0
    while hit := _QUOTED.search(text, at):
        is_comment = hit[0] == "<!--"
        close = text.find("-->" if is_comment else "]]>", hit.end())
        if close < 0:
            break
        inner = "" if is_comment else text[hit.end() : close]
        found.append((hit.start(), inner, close + 3))
        at = close + 3
    return found


def _original(place: int, places: list[tuple[int, int]]) -> int:
    """Where a place of the bare text stands in the whole one."""
    here, there = next(pair for pair in reversed(places) if pair[0] <= place)
    return there + place - here


def _item(chunk: str) -> RawItem:
    found = ((m[1].lower(), m[2].strip()) for m in _DATE.finditer(chunk))
    dates = [(name, unescape(raw)) for name, raw in found if 4 <= len(raw) <= 100]
    first = [raw for name, raw in dates if name not in _LATER]
    later = [raw for name, raw in dates if name in _LATER]
    return RawItem(next(iter(first + later), ""), _SUMMARY.search(chunk) is not None)


def is_vast(raw: RawFeed) -> bool:
    """Whether a feed holds more markup than the tolerant parser reads in a few seconds."""
    return _markup(raw.text) > MAX_TAGS and _markup(_without_quoted(raw.text)[0]) > MAX_TAGS


def _markup(text: str) -> int:
    return text.count("<") + text.count("/>") + text.count("&") // 4


def refuse_bomb(raw: RawFeed, *, where: str) -> None:
    """Raise SourceError for what would cost the tolerant parser many seconds, or much memory."""
    text = raw.text
    if text.count("<item") + text.count("<entry") > 2 * MAX_ITEMS:
        raise SourceError(f"{where} opens more than {2 * MAX_ITEMS} items and is damaged.")
    if is_vast(raw):
        raise SourceError(f"{where} is damaged, and holds more than {MAX_TAGS} tags.")
    bare, _ = _without_quoted(text)
    depth = labels = 0
    for hit in _TAG.finditer(bare):
        name = hit[2].lower()
        if hit[1]:
            depth = max(0, depth - 1)
            continue
        _refuse_tag(hit[3], where=where)
        if name.endswith(("item", "entry")):
            labels = 0
        elif _LABEL.fullmatch(name):
            labels += 1 + bare.count(",", hit.end(), bare.find("<", hit.end()))
            if labels > MAX_LABELS:
                raise SourceError(
                    f"{where} is damaged, and one of its items has more than {MAX_LABELS} tags."
                )
        if not hit[3].endswith("/") and name not in _VOID:
            depth += 1
            if depth > MAX_DEPTH:
                raise SourceError(
                    f"{where} nests more than {MAX_DEPTH} elements in each other; no feed does.",
                    hint="Remove it from the sources, or report it to its publisher.",
                )


def _refuse_tag(inside: str, *, where: str) -> None:
    if len(inside) > MAX_TAG:
        raise SourceError(f"{where} is damaged, and has a tag of more than {MAX_TAG} characters.")
    if len(inside) > MAX_ATTRIBUTES and len(_ATTRIBUTE.findall(inside)) > MAX_ATTRIBUTES:
        raise SourceError(
            f"{where} is damaged, and has a tag of more than {MAX_ATTRIBUTES} attributes."
        )
