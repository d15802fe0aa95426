"""Two feed readers behind one shape: libxml2's for speed, feedparser for what is damaged."""

from __future__ import annotations

from dataclasses import replace

from lxml import etree

from digest.collect.feed_elements import read_elements
from digest.collect.feed_items import ParsedFeed
from digest.collect.feed_tolerant import read_tolerant
from digest.collect.raw_feed import MAX_ITEMS, RawFeed, count_items, is_vast, mended, refuse_bomb
from digest.errors import SourceError


def parse_feed(raw: RawFeed, *, where: str) -> ParsedFeed:
    """The feed by the fast reader; by the tolerant one where that misses an item.

    Whether one is missing is told by the raw count of items. A document whose tags do not match
    is the tolerant reader's too, unless it is more than that reads in a few seconds. Raises
    SourceError where neither finds a feed, or only the tolerant one could and it is too much.
    """
    fast, matched = _fast(raw)
    items = len(fast.items) if fast else 0
    printed = count_items(raw, found=items)
    if fast is not None and matched and items >= printed:
        return replace(fast, printed=printed)
    if fast is not None and items >= printed and is_vast(raw):
        return replace(fast, printed=printed)
    refuse_bomb(raw, where=where)
    tolerant = read_tolerant(mended(raw))
    if fast is not None and items > len(tolerant.items):
        return replace(fast, printed=printed)
    if not tolerant.items and not tolerant.title and fast is None:
        raise SourceError(
            f"{where} could not be read as a feed.",
            hint="Open it in a browser: it may be cut off, or be something else.",
        )
    return replace(tolerant, printed=printed)


def _fast(raw: RawFeed) -> tuple[ParsedFeed | None, bool]:
    """(the feed, whether its tags match): strictly first, then with its text mended."""
    try:
        root = etree.fromstring(raw.data, _parser(recover=False))
        return read_elements(root, limit=MAX_ITEMS), True
    except etree.XMLSyntaxError:
        pass
    parser = _parser(recover=True)
    try:
        root = etree.fromstring(mended(raw).data, parser)
    except etree.XMLSyntaxError:
        return None, False
    if root is None:
        return None, False
    wrong = {entry.type for entry in parser.error_log}
    return read_elements(root, limit=MAX_ITEMS), not wrong & _MISMATCHED


# Tags that were closed by guessing: what follows may hang inside the wrong element.
_MISMATCHED = frozenset({etree.ErrorTypes.ERR_TAG_NAME_MISMATCH})


def _parser(*, recover: bool) -> etree.XMLParser:
    return etree.XMLParser(
        recover=recover, resolve_entities=False, no_network=True, load_dtd=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
