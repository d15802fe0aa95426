"""A list file as rows: which encoding, which delimiter, where each row stands."""

from __future__ import annotations

import contextlib
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from digest.disk import read_regular
from digest.errors import DocumentError, SendError

_DELIMITERS = (",", "\t", ";")
# Files of other programs that people hand over instead of an export.
_FOREIGN = ((b"PK\x03\x04", "a spreadsheet"), (b"\xd0\xcf\x11\xe0", "a spreadsheet"),
            (b"%PDF", "a PDF"), (b"\x1f\x8b", "a compressed file"))  # fmt: skip
_LIMIT = 64 * 2**20
"""Bytes of the longest list: more than a million recipients with their fields."""
_EXPORT = "Export it as CSV, or write one address a line."


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one line of a list, counted from 1. `broken` says why it could not be split."""

    line: int
    cells: tuple[str, ...]
    broken: str = ""


def read_text(path: Path) -> str:
    """The text of a list file: UTF-8, UTF-16 or Windows-1252, with or without a byte order mark.

    Raises SendError where there is no such file, it is no text, or it is beyond 64 MB.
    """
    with contextlib.suppress(OSError, ValueError):  # which reading it names
        if not path.exists():
            raise SendError(
                f"{path} is not there.",
                hint="`digest init` writes a list to begin with; or name an address after --test.",
            )
    try:
        raw = read_regular(path, limit=_LIMIT)
    except DocumentError as error:
        raise SendError(error.what, hint="Name a file of addresses that can be read.") from None
    for magic, what in _FOREIGN:
        if raw.startswith(magic):
            raise SendError(f"{path} is {what}, not a text file.", hint=_EXPORT)
    text = _decoded(raw)
    if text is None:
        raise SendError(f"{path} is in no encoding that can be told.", hint="Save it as UTF-8.")
    return text


def _decoded(raw: bytes) -> str | None:
    for encoding in _encodings(raw):
        try:
            return raw.decode(encoding).removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
    return None


def _encodings(raw: bytes) -> tuple[str, ...]:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    # Without a mark, UTF-16 of mostly Latin letters has a NUL in every other byte.
    head = raw[:2000]
    if len(raw) % 2 == 0 and head[1::2].count(0) > len(head) / 4:
        return ("utf-16-le",)
    if len(raw) % 2 == 0 and head[0::2].count(0) > len(head) / 4:
        return ("utf-16-be",)
    return ("utf-8", "cp1252", "latin-1")


def rows(text: str) -> Iterator[Row]:
    """The rows of a list, each on a line of its own; blank lines and `#` comments are left out.

    A row whose quotes are not closed on its line is `broken`, and takes no other row with it.
    """
    lines = [
        (number, line)
        for number, line in enumerate(_lines(text), start=1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    delimiter = _delimiter([line for _, line in lines[:50]])
    for number, line in lines:
        yield _row(number, line, delimiter)


def _lines(text: str) -> Iterator[str]:
    """Lines end as in a file, not at every separator that Unicode knows."""
    return iter(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))


def _delimiter(lines: list[str]) -> str:
    """The delimiter that most lines have; where none has any, the comma does no harm."""
    counts = {d: sum(d in line for line in lines) for d in _DELIMITERS}
    return max(_DELIMITERS, key=lambda d: (counts[d], d in lines[0] if lines else False))


def _row(number: int, line: str, delimiter: str) -> Row:
    try:
        cells = next(csv.reader([line], delimiter=delimiter, strict=True, skipinitialspace=True))
    except csv.Error as error:
        if "unexpected end" in str(error):
            return Row(number, (line,), "a quote is opened and not closed on its line.")
        # Words after a closing quote: "Lane, Ann" <ann@example.org>
        cells = [line]
    return Row(number, tuple(cell.strip() for cell in cells))
