"""A source's own text with the sentences of the blurb marked where they stand, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from digest.models import Span

PAGE_CHARACTERS = 10_000
"""Characters of a text on one page: some eight minutes of reading, and far below 100 KB."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text; `number` is that of the sentence it belongs to, from 1, or 0.

    `begins`: that sentence begins here, and not on the page before.
    """

    text: str
    number: int = 0
    begins: bool = False


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A page of a text: its pieces in order, which page of how many, and the page of each mark."""

    pieces: tuple[Piece, ...]
    number: int
    pages: int
    marks: tuple[int, ...]


def marked(text: str, spans: Sequence[Span], *, number: int = 1) -> MarkedText:
    """Page `number` of `text`; spans that do not fit the text are left out, as far as they do not.

    A page that is not there shows the nearest one that is.
    """
    starts = _starts(text)
    number = min(max(1, number), len(starts))
    begin, end = starts[number - 1], (*starts, len(text))[number]
    pieces: list[Piece] = []
    at = begin
    for mark, (start, stop) in enumerate(spans, start=1):
        here, until = max(start, at), min(stop, end)
        if here >= until:
            continue
        if here > at:
            pieces.append(Piece(text[at:here]))
        pieces.append(Piece(text[here:until], mark, begins=here == start))
        at = until
    if at < end:
        pieces.append(Piece(text[at:end]))
    marks = tuple(page_of_text(text, start) for start, _ in spans)
    return MarkedText(tuple(pieces), number, len(starts), marks)


def page_of_text(text: str, at: int) -> int:
    """The number of the page, from 1, on which a character of `text` stands."""
    return max(1, sum(start <= at for start in _starts(text)))


def _starts(text: str) -> list[int]:
    """Where each page begins: at a paragraph where one ends in the second half of a page."""
    starts = [0]
    while len(text) - starts[-1] > PAGE_CHARACTERS:
        begin = starts[-1]
        cut = text.rfind("\n\n", begin + PAGE_CHARACTERS // 2, begin + PAGE_CHARACTERS)
        starts.append(cut + 2 if cut >= 0 else begin + PAGE_CHARACTERS)
    return starts
