"""Titles that may hold markup or entities, as plain text. Pure, and linear on hostile input."""

from __future__ import annotations

import html as html_words
import re
from functools import cache

from digest.text.markup import clean_text

# Formatting that only ever decorates a title. Any other tag name there may be what the title is
# about ("How the <select> element works"), so it counts as markup only where it is closed too.
_DECORATION = frozenset(
    ("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "cite", "code", "del", "em", "font",
     "i", "img", "ins", "kbd", "mark", "nobr", "p", "q", "s", "samp", "small", "span", "strike",
     "strong", "sub", "sup", "tt", "u", "var", "wbr")
)  # fmt: skip
_DANGEROUS = re.compile(
    r"<(script|style|iframe|svg|object|template)\b[^>]{0,2000}+>", re.IGNORECASE
)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,30})((?:\s[^<>]{0,4000})?/?)>")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_CDATA = re.compile(r"<!\[CDATA\[|\]\]>")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")


def title_text(raw: str) -> str:
    """A title that may hold markup or entities, as plain text on one line."""
    raw = raw[:20_000]
    if "<" in raw:
        raw = _CDATA.sub("", _without_comments(_without_dangerous(raw)))
        closed = {m[2].lower() for m in _TAG.finditer(raw) if m[1]}
        raw = _TAG.sub(lambda m: _without_tag(m, closed), raw)
    for _ in range(2):  # many feeds escape twice
        if not _ENTITY.search(raw):
            break
        raw = html_words.unescape(raw)
    return clean_text(raw)


def _without_dangerous(raw: str) -> str:
    """`raw` without elements that run or embed; of one that is never closed, without its tag.

    In one pass: that an element's end is missing is found once for each name.
    """
    if _DANGEROUS.search(raw) is None:
        return raw
    pieces: list[str] = []
    unclosed: set[str] = set()
    at = 0
    while hit := _DANGEROUS.search(raw, at):
        pieces.append(raw[at : hit.start()])
        at, name = hit.end(), hit[1].lower()
        end = None if name in unclosed else _end_of(name).search(raw, at)
        if end is None:
            unclosed.add(name)
        else:
            at = end.end()
    return "".join(pieces) + raw[at:]


@cache
def _end_of(name: str) -> re.Pattern[str]:
    return re.compile(rf"</{name}\s*+>", re.IGNORECASE)


def _without_comments(raw: str) -> str:
    """`raw` without comments; behind the last end of one, no beginning is searched for its end."""
    before, end, after = raw.rpartition("-->")
    return _COMMENT.sub("", before + end) + after


def _without_tag(hit: re.Match[str], closed: set[str]) -> str:
    name = hit[2].lower()
    if name in _DECORATION or name in closed:
        return " " if name in ("br", "p", "div", "li") else ""
    return hit[0]
