"""A line of a list → its recipient, or why it names nobody."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Sequence
from itertools import count, repeat
from typing import NamedTuple

from digest.models import Recipient
from digest.send.address import (
    CONTROLS,
    HIDDEN,
    QUICK,
    has_control,
    hidden_in,
    normalized,
    read_address,
    same,
    shown,
)
from digest.send.header import Header
from digest.send.list_lines import LONGEST
from digest.send.rows import UnclosedError, cells_of

_INSIDE = rf'\n"\\{CONTROLS}{HIDDEN}'
"""What a plain cell does not hold, as the inside of `[^…]`."""


class Row(NamedTuple):
    """A recipient as a ledger takes it; two of one `key` are one person."""

    address: str
    key: str
    fields: str
    """A JSON object in the order of the columns, "" where there are no fields."""
    line: int

    @property
    def recipient(self) -> Recipient:
        """The same as an object, which takes its time: for few."""
        fields = json.loads(self.fields) if self.fields else {}
        return Recipient(address=self.address, fields=fields, line=self.line)


class Columns:
    """How a line of one list is read: its delimiter, and its header where it has one."""

    def __init__(self, delimiter: str, header: Header | None, encoding: Callable[[], str]) -> None:
        self.delimiter = delimiter
        self.header = header
        self._encoding = encoding
        fields = header.fields if header else ("",)
        self._width = len(fields)
        self._column = header.column if header else 0
        self._filled = [
            (n, json.dumps(field, ensure_ascii=False)) for n, field in enumerate(fields) if field
        ]
        self._plain = _plain(delimiter, self._width, self._column)

    def plain(self, text: str, start: int) -> int:
        """Where the plain lines end that begin at `start`; there may be none.

        Such a line needs nothing stripped, unescaped or refused, and its address is QUICK: nearly
        all lines of nearly all lists. A million of them take a second, for no cell is looked at by
        itself; `row` would say the same of each.
        """
        hit = self._plain.match(text, start)
        return hit.end() if hit else start

    def rows(self, text: str, number: int) -> list[Row]:
        """The recipients of plain lines, the first of which is line `number`."""
        lines = text.removesuffix("\n")
        columns: Sequence[Sequence[str]]
        if '"' in lines:
            columns = list(
                zip(*csv.reader(lines.split("\n"), delimiter=self.delimiter), strict=True)
            )
        else:
            cells = lines.replace("\n", self.delimiter).split(self.delimiter)
            columns = [cells[n :: self._width] for n in range(self._width)]
        addresses = columns[self._column]
        whole = "\n".join(addresses)
        small = whole.lower()
        keys = small.split("\n")
        if small != whole:
            addresses = [
                address if address == key else normalized(address)
                for address, key in zip(addresses, keys, strict=True)
            ]
        return list(
            map(
                tuple.__new__,
                repeat(Row),
                zip(addresses, keys, self._objects(columns), count(number)),
            )
        )

    def _objects(self, columns: Sequence[Sequence[str]]) -> Iterable[str]:
        """The fields of each row as a JSON object: plain cells need no escape."""
        if not self._filled:
            return repeat("")
        parts: list[Iterable[str]] = []
        for at, name in self._filled:
            parts += (repeat(f'{"," if parts else "{"}{name}:"'), columns[at], repeat('"'))
        return map("".join, zip(*parts, repeat("}"), strict=False))

    def row(self, line: str, number: int) -> Row:
        """The recipient of a line; raises ValueError with a sentence for a person."""
        if len(line) > LONGEST:  # cut, with a NUL at its end
            raise ValueError(f"“{shown(line, 40)}”: it is longer than {LONGEST // 1024} KB.")
        if any("\ud800" <= c <= "\udfff" for c in line):
            raise ValueError(
                f"“{shown(line)}”: its bytes are in no encoding that can be told; the list is "
                f"in {self._encoding()}."
            )
        try:
            cells = cells_of(line, self.delimiter)
        except UnclosedError as error:
            raise UnclosedError(f"“{shown(line)}”: {error}") from None
        whole = " ".join(cells)
        if has_control(whole):
            raise ValueError(f"“{shown(whole)}” holds a NUL or another control character.")
        hidden = hidden_in(whole)
        if hidden:
            raise ValueError(f"“{shown(whole)}” holds a character that nobody sees: {hidden}.")
        cell = self._address(cells)
        try:
            name, address = read_address(cell)
        except ValueError as error:
            raise ValueError(
                f"“{shown(cell)}” is not an address that mail can go to: {error}"
            ) from None
        named = zip(self.header.fields, cells, strict=False) if self.header else ()
        fields = {field: value for field, value in named if field}
        if name and not fields.get("name"):
            fields["name"] = name
        text = json.dumps(fields, ensure_ascii=False, separators=(",", ":")) if fields else ""
        key = same(address)
        return Row(address, key, text, number)

    def _address(self, cells: Sequence[str]) -> str:
        """The cell of the address; raises ValueError where the row has none, or more."""
        if self.header is not None:
            width = len(self.header.fields)
            if len(cells) > width and any(cells[width:]):
                raise ValueError(
                    f"it has {len(cells)} cells, the header {width}: a cell that holds the "
                    "delimiter needs quotes."
                )
            cell = cells[self.header.column] if self.header.column < len(cells) else ""
            if not cell:
                raise ValueError("there is no address in it.")
            return cell
        addresses = [cell for cell in cells if "@" in cell]
        if len(addresses) > 1:
            raise ValueError(f"“{shown(', '.join(addresses))}”: it is one address a line.")
        return addresses[0] if addresses else ", ".join(filter(None, cells))


def _plain(delimiter: str, width: int, column: int) -> re.Pattern[str]:
    """What a run of plain lines looks like, each of them with its end."""
    bare = rf"(?:(?!\s)[^{re.escape(delimiter)}{_INSIDE}]++(?<!\s))?+"
    quoted = rf'"(?:(?!\s)[^{_INSIDE}]++(?<!\s))?+"'
    cells = [f"(?:{quoted}|{bare})"] * width
    cells[column] = f'(?:{QUICK}|"{QUICK}")'
    return re.compile(f"(?:(?!#){re.escape(delimiter).join(cells)}\n)++")
