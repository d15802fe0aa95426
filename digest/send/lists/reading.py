"""A list of any length → its recipients and its bad rows, in its order and in little memory."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from digest.errors import SendError
from digest.models import Failure, Recipient
from digest.send.lists.cells import (
    AHEAD,
    UnclosedError,
    cells_of,
    delimiter_of,
    is_row,
    named_delimiter,
    spans,
)
from digest.send.lists.header import Header, header_of
from digest.send.lists.lines import Lines, open_source
from digest.send.lists.rows import Columns, Row, recipient_of

STDIN = Path("-")
"""How standard input is named in place of a file."""
_EXAMPLE = "For example: a first line “address,first_name”, then one recipient a line."
_SAMPLE = 200
"""Rows that a list is judged by: its delimiter, its header, its column of addresses."""


def open_list(
    source: Path | BinaryIO,
    *,
    names: Sequence[tuple[str, str]] = (),
    shown: str = "",
    limit: int | None = None,
    owned: bool = False,
) -> RecipientRows:
    """The rows of a list of recipients: CSV with any usual delimiter, TSV, or one address a line.

    `source` is a file, `-` for standard input, or bytes that stream; `names` are pairs of a
    column's name and the field that it fills (DIGEST_LIST_FIELDS); `shown` is how messages name
    the list. `limit`, in bytes, is for who means to hold a whole file. A file is closed with the
    rows, and so are bytes that are `owned` by them. Raises SendError for what is no list, or has no
    column of addresses. Who is named twice is given twice.
    """
    if isinstance(source, Path) and source != STDIN:
        file = open_source(source, shown or str(source), limit=limit)
        return RecipientRows(
            file, names=names, shown=shown or str(source), name=shown or source.name, owned=True
        )
    file = sys.stdin.buffer if isinstance(source, Path) else source
    return RecipientRows(file, names=names, shown=shown or "standard input", owned=owned)


class RecipientRows:
    """A list that is read once, in `batches` or one by one; about a megabyte of it at a time.

    `sha256` (of the bytes), `rows`, `failed` and `encoding` are those of what was read so far: of
    the whole list when it has been read to its end. Each row is a recipient or has failed.
    """

    def __init__(
        self,
        source: BinaryIO,
        *,
        names: Sequence[tuple[str, str]] = (),
        shown: str,
        name: str = "",
        owned: bool = False,
    ) -> None:
        self.shown = shown
        self.rows = 0
        self.failed = 0
        self.name = name or shown
        """How failures name the list, before the line."""
        self._source = source if owned else None
        self._lines = Lines(source, shown)
        self._blocks = self._lines.blocks()
        self._head = ""
        self._first: Failure | None = None
        try:
            self._begin(names)
        except BaseException:
            self.close()
            raise

    @property
    def sha256(self) -> str:
        """Of the bytes of the list, in hexadecimal."""
        return self._lines.sha256

    @property
    def encoding(self) -> str:
        """A codec's name: `utf-8`, `cp1252`, `utf-16`."""
        return self._lines.encoding or "utf-8"

    @property
    def delimiter(self) -> str:
        """What parts the cells of a row."""
        return self._columns.delimiter

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that the columns fill; empty where the list has no header."""
        header = self._columns.header
        return tuple(field for field in header.fields if field) if header else ()

    def nobody(self) -> SendError:
        """What to say where the list was read and named no recipient."""
        if self._first is None:
            return SendError(f"{self.shown} names no recipient.", hint=_EXAMPLE)
        more = f" ({self.failed - 1} more rows failed.)" if self.failed > 1 else ""
        what = f"{self.shown} names nobody that mail can go to."
        return SendError(f"{what} {self._first.where}: {self._first.what}{more}", hint=_EXAMPLE)

    def batches(self, size: int) -> Iterator[tuple[list[Row], list[Failure]]]:
        """The recipients, `size` at a time, and the rows that failed up to there.

        The last batch may be shorter, and may hold failures alone.
        """
        rows: list[Row] = []
        failures: list[Failure] = []
        for found, failed in self._read():
            rows += found
            failures += (failure for _, failure in failed)
            while len(rows) >= size:
                yield rows[:size], failures
                rows, failures = rows[size:], []
        if rows or failures:
            yield rows, failures

    def __iter__(self) -> Iterator[Recipient | Failure]:
        for rows, failed in self._read():
            given = 0
            for line, failure in failed:
                while given < len(rows) and rows[given][-1] < line:
                    yield recipient_of(rows[given])
                    given += 1
                yield failure
            for row in islice(rows, given, None):
                yield recipient_of(row)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file, where `open_list` opened it; reading to the end does so too."""
        if self._source is not None:
            self._source.close()

    def _begin(self, names: Sequence[tuple[str, str]]) -> None:
        """Read the first rows, and tell by them what the columns are."""
        lines: list[str] = []
        at: list[int] = []
        for block in self._blocks:
            self._head += block
            start = len(lines)
            lines += block.removesuffix("\n").split("\n")
            at += (n for n in range(start, len(lines)) if is_row(lines[n]))
            if len(at) > _SAMPLE:
                break
        first = [lines[n] for n in at[: _SAMPLE + 1]]
        named = named_delimiter(first[0]) if first else ""
        skipped = 0
        """Lines up to the end of the header, or of the one that names the delimiter."""
        if named:
            skipped = at.pop(0) + 1
            del first[0]
        delimiter = named or delimiter_of(first[:50])
        header, cells = _header(first, delimiter, self.shown, names)
        if header is not None:
            skipped = at[0] + 1
        self._columns = Columns(delimiter, header, cells, lambda: self.encoding)
        self._skipped = skipped

    def _read(self) -> Iterator[tuple[list[Row], list[tuple[int, Failure]]]]:
        """The recipients and the failures of each block, the latter with their lines."""
        try:
            text, self._head = self._head, ""
            self._text, self._at, self._line = text, 0, 0
            for _ in range(self._skipped):
                self._next()
            while True:
                yield self._block()
                following = next(self._blocks, None)
                if following is None:
                    return
                self._text, self._at = following, 0
        finally:
            self.close()

    def _block(self) -> tuple[list[Row], list[tuple[int, Failure]]]:
        """What the text holds from where reading stands to its end."""
        rows: list[Row] = []
        failed: list[tuple[int, Failure]] = []
        columns = self._columns
        while self._at < len(self._text):
            end = columns.plain(self._text, self._at)
            if end > self._at:
                found = columns.rows(self._text[self._at : end], self._line + 1)
                rows += found
                self._at, self._line = end, self._line + len(found)
                continue
            line = self._next()
            if not is_row(line):
                continue
            number = self._line
            try:
                rows.append(columns.row(line, number))
            except ValueError as error:
                if isinstance(error, UnclosedError):
                    self._take_rest(line)
                failed.append((number, self._failure(number, str(error))))
        self.rows += len(rows) + len(failed)
        self.failed += len(failed)
        return rows, failed

    def _next(self) -> str:
        """The next line of the text, which is then read."""
        end = self._text.index("\n", self._at)
        line = self._text[self._at : end]
        self._at, self._line = end + 1, self._line + 1
        return line

    def _take_rest(self, line: str) -> None:
        """Go past the lines that belong to the row of `line`, whose quote is not closed on it.

        Another block is brought in where the row may end there.
        """
        header = self._columns.header
        if header is None or len(header.fields) == 1:
            return
        ahead = [line]
        at = self._at
        while len(ahead) < AHEAD:
            end = self._text.find("\n", at)
            if end >= 0:
                ahead.append(self._text[at:end])
                at = end + 1
                continue
            following = next(self._blocks, None)
            if following is None:
                break
            self._text = self._text[self._at :] + following
            at, self._at = at - self._at, 0
        width, column = len(header.fields), header.column
        for _ in range(spans(ahead, self.delimiter, width=width, column=column) - 1):
            self._next()

    def _failure(self, first: int, what: str) -> Failure:
        last = self._line
        where = f"{self.name}, line {first}"
        if last > first:
            where = f"{self.name}, lines {first} to {last}"
            what = "a cell of it holds line breaks, which a field cannot: take them out, or the "
            what += "column."
        failure = Failure(where=where, what=what)
        self._first = self._first or failure
        return failure


def _header(
    lines: Sequence[str], delimiter: str, shown: str, names: Sequence[tuple[str, str]]
) -> tuple[Header | None, Sequence[str]]:
    """The header, where the list has one, and the cells of its first row."""
    cells: list[list[str]] = []
    for line in lines:
        try:
            cells.append(cells_of(line, delimiter))
        except UnclosedError:
            if not cells:
                return None, [line]
    if not cells:
        return None, [""]
    return header_of(cells[0], cells[1:], shown_list=shown, mapped=names), cells[0]
