"""A line of a list → its cells: which delimiter, which quotes, where a row ends."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from itertools import islice

DELIMITERS = (",", "\t", ";", "|", ":")
"""What may part cells, the likeliest first."""
AHEAD = 40
"""Lines that a row with line breaks inside its quotes may have."""
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_SEP = re.compile(r"sep=([^\w\s\"]|\t)", re.IGNORECASE)


class UnclosedError(ValueError):
    """A quote is opened and not closed on its line."""


def is_row(line: str) -> bool:
    """Whether a line is neither blank nor a `#` comment."""
    start = line.lstrip()
    return bool(start) and start[0] != "#"


def named_delimiter(line: str) -> str:
    """The delimiter that Excel writes in a first line of its own, `sep=;`; empty where it is none.

    Not only the DELIMITERS can be named so.
    """
    hit = _SEP.fullmatch(line.strip(" "))
    return hit[1] if hit else ""


def delimiter_of(lines: Sequence[str]) -> str:
    """The delimiter that most lines have, outside quotes; without any, the comma does no harm."""
    bare = [_QUOTED.sub("", line) for line in lines]
    first = bare[0] if bare else ""

    def score(delimiter: str) -> tuple[int, bool, int]:
        have = sum(delimiter in line for line in bare)
        counts = first.count(delimiter)
        alike = sum(line.count(delimiter) == counts for line in bare) if counts else 0
        return have, counts > 0, alike

    return max(DELIMITERS, key=score)


def cells_of(line: str, delimiter: str) -> list[str]:
    """The cells of a line. Raises UnclosedError for a quote that is not closed on it."""
    if '"' not in line:
        return [cell.strip() for cell in line.split(delimiter)]
    try:
        cells = next(csv.reader([line], delimiter=delimiter, strict=True, skipinitialspace=True))
    except csv.Error as error:
        if "unexpected end" in str(error):
            raise UnclosedError("a quote is opened and not closed on its line.") from None
        # Words after a closing quote: "Lane, Ann" <ann@example.org>
        cells = [line]
    return [cell.strip() for cell in cells]


def spans(lines: Sequence[str], delimiter: str, *, width: int, column: int) -> int:
    """How many of `lines` the row of the first takes, whose quote is not closed on its line.

    More than 1 only where the quotes close as CSV has it (RFC 4180, 2), where the row then has the
    header's `width`, and where no line inside it reads as a row with an address in `column`: one
    quote too many must not take other people's rows with it.
    """
    reader = csv.reader(
        (f"{line}\n" for line in islice(lines, AHEAD)),
        delimiter=delimiter, strict=True, skipinitialspace=True,
    )  # fmt: skip
    try:
        cells = next(reader)
    except csv.Error:
        return 1
    if len(cells) != width or any(
        _is_full(line, delimiter, width, column) for line in lines[1 : reader.line_num]
    ):
        return 1
    return reader.line_num


def _is_full(line: str, delimiter: str, width: int, column: int) -> bool:
    cells = line.split(delimiter)
    return len(cells) >= width and "@" in cells[column]
