"""A feed's text before it is parsed: mended, bounded, and counted.

The count of raw `<item>` and `<entry>` elements is what a parser must reach; the raw dates are
read here because the fast parser fills gaps of a date from today's.
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

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CONTROLS = bytes(c for c in range(32) if c not in (9, 10, 13))
_ROOT = re.compile(r"<(?:([\w.-]{1,20}):)?(rss|feed|rdf|channel|entry)(?=[\s>])", re.IGNORECASE)
_DOCTYPE = re.compile(
    r"<!DOCTYPE[^\[>]{0,2000}(?:\[.{0,200000}?\]\s*)?>", re.IGNORECASE | re.DOTALL
)
_QUOTED = re.compile(r"<!\[CDATA\[|<!--")
_DATE = re.compile(
    r"<(?:[\w.-]{1,20}:)?(pubdate|published|issued|date|created|updated|modified|lastbuilddate)(?:\s[^>]{0,200})?>"
    r"\s*([^<]{4,100}?)\s*<",
    re.IGNORECASE,
)
_LATER = ("updated", "modified", "lastbuilddate")
_SUMMARY = re.compile(
    r"<(?:description|summary|[\w.-]{1,20}:(?:description|summary))[\s>]", re.IGNORECASE
)
_XHTML = re.compile(
    r"<(?:[\w.-]{1,20}:)?(?:title|summary)\s[^>]{0,200}?type=[\"']xhtml", re.IGNORECASE
)
_TAG = re.compile(r"<(/?)([A-Za-z][\w:.-]{0,60})([^<>]*)>")
_VOID = ("br", "hr", "img", "input", "meta", "link", "area", "base", "col", "embed", "source",
         "track", "wbr")  # fmt: skip


@dataclass(frozen=True, slots=True)
class RawItem:
    """What is read of an item without a parser: its printed date, and whether it is described."""

    date: str
    described: bool


@dataclass(frozen=True, slots=True)
class RawFeed:
    """A feed's text, ready for a parser; `cut` says that items past the bound were left out."""

    text: str
    items: tuple[RawItem, ...]
    language: str
    xhtml: bool
    cut: bool

    @property
    def data(self) -> bytes:
        """The feed as UTF-8 with a declaration that says so."""
        return b'<?xml version="1.0" encoding="utf-8"?>\n' + self.text.encode("utf-8", "replace")


def read_raw(text: str) -> RawFeed:
    """A decoded feed, without controls, its DTD and what stands before its root; items counted."""
    text = _legal(text)
    root = _ROOT.search(text)
    if root is None:
        return RawFeed(text, (), "", xhtml=False, cut=False)
    start = root.start()
    sheet = _DOCTYPE.search(text[:start])
    text = _without_unbound_prefix(text[start:] if sheet or start else text)
    bare, places = _without_quoted(text)
    # Items bear their root's prefix (<atom:feed> holds <atom:entry>), except under <rdf:RDF>.
    prefix = f"(?:{re.escape(root[1])}:)?" if root[1] else ""
    starts = [
        m.start()
        for m in re.finditer(rf"<{prefix}(?:item|entry)(?:\s[^<>]*)?(?<!/)>", bare, re.IGNORECASE)
    ]
    cut = len(starts) > MAX_ITEMS
    if cut:
        text = text[: _original(starts[MAX_ITEMS], places)]
        bare, starts = bare[: starts[MAX_ITEMS]], starts[:MAX_ITEMS]
    bounds = pairwise([*starts, len(bare)])
    items = tuple(_item(bare[start:end]) for start, end in bounds)
    head = bare[: starts[0]] if starts else bare[:20_000]
    return RawFeed(
        text,
        items,
        _language(head),
        xhtml="xhtml" in bare and _XHTML.search(bare) is not None,
        cut=cut,
    )


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
    raw = text.encode("utf-8", "replace")  # in bytes, the search is several times faster
    found = len(raw.translate(None, _CONTROLS)) != len(raw)
    if found or any(c in text for c in "\x9b\ufffe\uffff"):
        return _ILLEGAL.sub("", without_escapes(text))
    return text


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
    dates = [(m[1].lower(), unescape(m[2])) for m in _DATE.finditer(chunk)]
    first = [raw for name, raw in dates if name not in _LATER]
    later = [raw for name, raw in dates if name in _LATER]
    return RawItem(next(iter(first + later), ""), _SUMMARY.search(chunk) is not None)


def _language(head: str) -> str:
    hit = re.search(r"<(?:dc:)?language>\s*([A-Za-z_-]{2,20})\s*<", head) or re.search(
        r"xml:lang=[\"']([A-Za-z_-]{2,20})[\"']", head[:4000]
    )
    return hit[1] if hit else ""


def refuse_bomb(text: str, *, where: str) -> None:
    """Raise SourceError for what would cost the tolerant parser seconds: nesting, open tags."""
    if text.count("<item") + text.count("<entry") > 2 * MAX_ITEMS:
        raise SourceError(f"{where} opens more than {2 * MAX_ITEMS} items and is damaged.")
    bare, _ = _without_quoted(text)
    depth = 0
    for hit in _TAG.finditer(bare):
        if hit[1]:
            depth = max(0, depth - 1)
        elif not hit[3].endswith("/") and hit[2].lower() not in _VOID:
            depth += 1
            if depth > MAX_DEPTH:
                raise SourceError(
                    f"{where} nests more than {MAX_DEPTH} elements in each other; no feed does.",
                    hint="Remove it from the sources, or report it to its publisher.",
                )
