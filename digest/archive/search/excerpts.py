"""What is shown of a story that was found: its own words, with those that were asked for marked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from digest.archive.search.matching import Sought
from digest.archive.search.tokens import fold, is_unspaced, pieces, terms_of
from digest.text.words import MARKS

Marked = tuple[tuple[str, bool], ...]
"""A text in parts, each with whether it is what was asked for; joined, it is the text itself."""
Span = tuple[int, int]

_WORD = re.compile(rf"(?:[^\W_]|[{MARKS}])+")

EXCERPT = 280
"""Characters of an excerpt."""
_BEFORE = 80
"""Characters that stand before the first word that was asked for."""


@dataclass(frozen=True, slots=True)
class Row:
    """The words of an ask as they are looked for in a text.

    `forms` are terms, `written` how the archive's texts write them, in lower case.
    """

    forms: tuple[frozenset[str], ...]
    written: tuple[tuple[str, ...], ...]
    opening: str = ""


def rows_of(sought: Sequence[Sought], written: Mapping[str, Sequence[str]]) -> tuple[Row, ...]:
    """The rows of what is wanted, a compound as one word among them."""
    rows = []
    for one in sought:
        if one.ask.without:
            continue
        for forms, opening in ((one.row, one.opening), ((one.joined,), "")):
            if forms != ((),) or opening:
                ways = tuple(tuple(w for term in place for w in written[term]) for place in forms)
                if not opening and all(len(way) == 1 and is_unspaced(way[0]) for way in ways):
                    # Pairs that overlap are a run of characters.
                    ways = ((ways[0][0] + "".join(way[0][1:] for way in ways[1:]),),)
                rows.append(Row(tuple(map(frozenset, forms)), ways, opening))
    return tuple(rows)


def marked(text: str, language: str, rows: Sequence[Row]) -> Marked:
    """`text` in parts, what was asked for marked."""
    return _parts(text, spans(text, language, rows))


def excerpt(blurb: str, body: str, language: str, rows: Sequence[Row]) -> Marked:
    """The blurb where it has what was asked for, else the part of the article that does.

    Where neither has it, the beginning of the blurb, or of the article.
    """
    for text in (blurb, body):
        found = spans(text, language, rows)
        if found:
            return _around(text, found)
    return _around(blurb or body, [])


def spans(text: str, language: str, rows: Sequence[Row]) -> list[Span]:
    """Where what was asked for stands in `text`, in order, apart from each other."""
    low = text.lower()
    # A text whose characters have one form each is looked through by the way its words are
    # written, a hundred times as fast as cutting it into words.
    plain = text.isascii() or (len(low) == len(text) and unicodedata.is_normalized("NFKC", text))
    found: list[Span] = []
    slow: list[Row] = []
    for row in rows:
        if not plain:
            slow.append(row)
        elif len(row.written) == 1:
            for word in row.written[0]:
                if word in low:  # most are in none: asked first, at a tenth of the cost
                    found += _places(low, word)
            if row.opening:
                found += _places(low, row.opening, opens=True)
                if not text.isascii() and not is_unspaced(row.opening):
                    found += _accented(low, row.opening)
        elif row.opening or any(is_unspaced(word) for way in row.written for word in way):
            slow.append(row)
        else:
            found += _phrases(low, row.written)
    if slow:
        found += _by_pieces(text, language, slow)
    return _joined(found)


def _phrases(low: str, ways: Sequence[Sequence[str]]) -> Iterator[Span]:
    """Where words stand in a row."""
    for word in ways[0]:
        for start, at in _places(low, word):
            end = at
            for way in ways[1:]:
                while end < len(low) and not (_is_letter(low[end]) or is_unspaced(low[end])):
                    end += 1
                end = next((e for w in way for e in _ends(low, w, end)), -1)
                if end < 0:
                    break
            else:
                yield start, end


def _ends(low: str, word: str, at: int) -> Iterator[int]:
    """Where a word ends that stands at this place."""
    end = at + len(word)
    if low.startswith(word, at) and not (end < len(low) and _is_letter(low[end])):
        yield end


def _places(low: str, word: str, *, opens: bool = False) -> Iterator[Span]:
    """Where a word stands in a text in lower case, whole, or as the beginning of one."""
    unspaced = is_unspaced(word)
    at = low.find(word)
    while at >= 0:
        end = at + len(word)
        if unspaced:
            yield at, end
        elif not (at and _is_letter(low[at - 1])):
            if opens:
                while end < len(low) and _is_letter(low[end]):
                    end += 1
                yield at, end
            elif not (end < len(low) and _is_letter(low[end])):
                yield at, end
        at = low.find(word, end)


def _accented(low: str, opening: str) -> Iterator[Span]:
    """The words that begin so once their accents are left out."""
    for word in _WORD.finditer(low):
        if not word[0].isascii() and fold(word[0]).startswith(opening):
            yield word.span()


def _is_letter(char: str) -> bool:
    """Whether a word goes on with this character."""
    if char.isascii():
        return char.isalnum()
    return not is_unspaced(char) and (char.isalnum() or unicodedata.category(char)[0] == "M")


def _by_pieces(text: str, language: str, rows: Sequence[Row]) -> Iterator[Span]:
    """The same, word by word."""
    known = terms_of(language)
    longest = max(len(row.forms) for row in rows)
    # As many words as the longest row has, each with its place.
    recent: list[tuple[str, int, int]] = []
    for piece in pieces(text):
        term = known[piece.written] if piece.kind == "word" else piece.written
        recent.append((term, piece.start, piece.end))
        if len(recent) > longest:
            del recent[0]
        for row in rows:
            size = len(row.forms)
            if size <= len(recent) and _fits(row, [one for one, _, _ in recent[-size:]]):
                yield recent[-size][1], piece.end


def _fits(row: Row, terms: Sequence[str]) -> bool:
    *before, last = row.forms
    if not all(term in forms for term, forms in zip(terms, before, strict=False)):
        return False
    return terms[-1] in last or bool(row.opening and terms[-1].startswith(row.opening))


def _parts(text: str, found: Sequence[Span]) -> Marked:
    parts: list[tuple[str, bool]] = []
    at = 0
    for start, end in found:
        if start > at:
            parts.append((text[at:start], False))
        parts.append((text[start:end], True))
        at = end
    if text[at:]:
        parts.append((text[at:], False))
    return tuple(parts)


def _around(text: str, found: Sequence[Span]) -> Marked:
    """A part of `text` around its first span, cut at spaces, on one line."""
    first = found[0] if found else (0, 0)
    start = _start(text, first) if len(text) > EXCERPT else 0
    end = _end(text, start + EXCERPT, first)
    inside = [(s - start, min(e, end) - start) for s, e in found if s >= start and s < end]
    parts = tuple(
        (" ".join(f"|{words}|".split())[1:-1], mark)
        for words, mark in _parts(text[start:end], inside)
    )
    before = (("… ", False),) if start else ()
    after = ((" …", False),) if end < len(text.rstrip()) else ()
    return (*before, *parts, *after)


def _start(text: str, first: Span) -> int:
    start = max(0, min(first[0] - _BEFORE, len(text) - EXCERPT))
    if not start:
        return 0
    # After a sentence where one ends near by, else after a space.
    ends = [text.find(stop, start, first[0]) for stop in (". ", "\n", "。")]
    near = min((end for end in ends if end >= 0), default=-1)
    at = near + 1 if near >= 0 else text.find(" ", start, first[0]) + 1 or start
    while at < first[0] and text[at].isspace():
        at += 1
    return at


def _end(text: str, end: int, first: Span) -> int:
    if end >= len(text):
        return len(text.rstrip())
    space = text.rfind(" ", max(first[1], end - 30), end)
    return space if space >= 0 else max(end, first[1])


def _joined(found: Sequence[Span]) -> list[Span]:
    """Spans in order, those that touch or overlap as one."""
    joined: list[Span] = []
    for start, end in sorted(found):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined
