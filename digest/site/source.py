"""A file of an issue as text, line by line: its HTML as written, its message as it travels.

Each line is an anchor (`#L120`); a line of any length is wrapped, and cut over pages where it must
be: MJML puts a whole email on one line. What a finding points at is marked (`#here`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape

from digest.site.pages import Around, Listed, issue_page

SOURCES = ("email.html", "web.html", "email.txt")
"""The files that are shown line by line; the message has a page of its own."""
_PAGE_BYTES = 60_000
"""Bytes of HTML that the lines of a page take at most: with all around them it is below 100 KB."""
_LINE_BYTES = 70
"""What a line costs beside its words."""
_PIECE = 2_000
"""Characters that are never cut in two pages; escaped, five bytes each at most."""
_ELEMENT = re.compile(r"<[^<>]{1,1500}>|[^<\n]{1,300}")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A line or a part of one: its number, the characters before it, and its words."""

    number: int
    column: int
    text: str


@dataclass(frozen=True, slots=True)
class _Shown:
    """A piece on its page, in three parts: the one in the middle is what is pointed at."""

    number: int
    column: int
    before: str
    here: str
    after: str


def source_page(
    row: Listed,
    text: str,
    *,
    around: Around,
    file: str = "email.html",
    number: int = 1,
    line: int = 0,
    column: int = -1,
) -> str:
    """Page `number` of a file of SOURCES, or the one that holds `line`.

    With a `column` the element that begins there is marked.
    """
    shown = _page(text, number, line, column)
    values = {"file": file, "files": SOURCES, "line": line} | shown
    return issue_page("source.html.j2", "source", row, around, **values)


def raw_page(row: Listed, message: bytes, *, around: Around, number: int = 1, line: int = 0) -> str:
    """Page `number` of the message as it travels, or the one that holds `line`."""
    text = message.decode("utf-8", errors="replace").replace("\r\n", "\n")
    return issue_page("raw.html.j2", "raw", row, around, **_page(text, number, line, -1))


def page_of_line(text: str, line: int, column: int = 0) -> int:
    """The number of the page, from 1, that holds a line, or the place in it."""
    at = 1
    for number, pieces in enumerate(_pages(text), start=1):
        if (pieces[0].number, pieces[0].column) > (line, max(0, column)):
            break
        at = number
    return at


def _page(text: str, number: int, line: int, column: int) -> dict[str, object]:
    if line:
        number = page_of_line(text, line, column)
    pages = list(_pages(text))
    number = min(max(1, number), len(pages))
    pieces = pages[number - 1]
    return {
        "lines": [_shown(piece, line, column) for piece in pieces],
        "number": number,
        "pages": len(pages),
        "first": pieces[0].number,
        "last": pieces[-1].number,
        "total": text.count("\n") + (not text.endswith("\n")),
    }


def _shown(piece: _Piece, line: int, column: int) -> _Shown:
    at = column - piece.column
    hit = None
    if piece.number == line and 0 <= at < len(piece.text) and column >= 0:
        hit = _ELEMENT.match(piece.text, at)
    start, end = hit.span() if hit else (len(piece.text), len(piece.text))
    text = piece.text
    return _Shown(piece.number, piece.column, text[:start], text[start:end], text[end:])


def _pages(text: str) -> Iterator[list[_Piece]]:
    """The pieces of each page; at least one page."""
    page: list[_Piece] = []
    room = _PAGE_BYTES
    for piece in _pieces(text):
        cost = len(escape(piece.text).encode("utf-8", "replace"))
        goes_on = bool(page) and page[-1].number == piece.number
        cost += 0 if goes_on else _LINE_BYTES
        if page and cost > room:
            yield page
            page, room, goes_on = [], _PAGE_BYTES, False
        room -= cost
        if goes_on:
            page[-1] = replace(page[-1], text=page[-1].text + piece.text)
        else:
            page.append(piece)
    yield page


def _pieces(text: str) -> Iterator[_Piece]:
    lines = text.split("\n")
    if len(lines) > 1 and not lines[-1]:
        lines.pop()  # a file's last line break begins no line
    for number, line in enumerate(lines, start=1):
        for at in range(0, len(line) or 1, _PIECE):
            yield _Piece(number, at, line[at : at + _PIECE])
