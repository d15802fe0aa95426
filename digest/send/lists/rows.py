"""A line of a list → its recipient, or why it names nobody."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from itertools import count, repeat

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
from digest.send.lists.cells import UnclosedError, cells_of
from digest.send.lists.header import Header
from digest.send.lists.lines import LONGEST

_INSIDE = rf'\n"\\{CONTROLS}{HIDDEN}'
"""What a plain cell does not hold, as the inside of `[^…]`."""
_LOST = re.compile("[\ud800-\udfff]")
"""Bytes that were in another encoding than the list."""
_QUOTED = re.compile('"([^"]*)"')


Row = tuple[str, str, str, int]
"""A recipient as a ledger takes it: address, key, fields and line.

Two of one key (`same`) are one person. The fields are a JSON object in the order of the columns,
or "" where there are none. No class of its own: a million of those keep the garbage collector busy,
and these do not.
"""


def recipient_of(row: Row) -> Recipient:
    """The same as an object, which takes its time: for few."""
    address, _, fields, line = row
    return Recipient(address=address, fields=json.loads(fields) if fields else {}, line=line)


class Columns:
    """How a line of one list is read: its delimiter, and its header where it has one."""

    def __init__(
        self,
        delimiter: str,
        header: Header | None,
        first: Sequence[str],
        encoding: Callable[[], str],
    ) -> None:
        self.delimiter = delimiter
        self.header = header
        self._encoding = encoding
        if header is None:  # then the rows are likely to be as the first one is
            at = next((n for n, cell in enumerate(first) if "@" in cell), 0)
            header = Header(("",) * len(first), at)
        self._width = len(header.fields)
        self._column = header.column
        self._filled = [(n, json.dumps(field, ensure_ascii=False))
                        for n, field in enumerate(header.fields) if field]  # fmt: skip
        # Without a header, the address is what holds an @.
        inside = _INSIDE if self.header else f"{_INSIDE}@"
        self._plain = _plain(delimiter, inside, self._width, self._column)

    def plain(self, text: str, start: int) -> int:
        """Where the plain lines end that begin at `start`; there may be none.

        Such a line needs nothing stripped, unescaped or refused, and its address is QUICK: nearly
        all lines of nearly all lists. No cell of them is looked at by itself, which is five times
        as fast; `row` would say the same of each.
        """
        hit = self._plain.match(text, start)
        return hit.end() if hit else start

    def rows(self, text: str, number: int) -> list[Row]:
        """The recipients of plain lines, the first of which is line `number`."""
        cells = self._cells(text.removesuffix("\n"))
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
        return list(zip(addresses, keys, self._objects(columns), count(number), strict=False))

    def _cells(self, text: str) -> list[str]:
        """All cells of plain lines in a row, by one split: `_plain` knows how many a line has."""
        apart = self.delimiter
        quotes = text.count('"')
        if quotes == 2 * self._width * (text.count("\n") + 1):  # each cell has its two
            apart = f'"{apart}"'
            text = text[1:-1].replace('"\n"', apart)
        elif quotes:
            # A delimiter inside quotes is none; plain lines hold no NUL.
            text = _QUOTED.sub(lambda hit: hit[1].replace(apart, "\0"), text).replace("\n", apart)
        else:
            text = text.replace("\n", apart)
        cells = text.split(apart)
        if "\0" in text:
            cells = [cell.replace("\0", apart) if "\0" in cell else cell for cell in cells]
        return cells

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
        if _LOST.search(line):
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
        return address, key, text, number

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


def _plain(delimiter: str, inside: str, width: int, column: int) -> re.Pattern[str]:
    """What a run of plain lines looks like, each of them with its end."""
    apart = re.escape(delimiter)
    bare = rf"(?:(?!\s)[^{apart}{inside}]++(?<!\s))?+"
    quoted = rf'"(?:(?!\s)[^{inside}]++(?<!\s))?+"'
    cell = f"(?:{quoted}|{bare})"
    before = f"(?:{cell}{apart}){{{column}}}" if column else ""
    after = f"(?:{apart}{cell}){{{width - column - 1}}}" if column < width - 1 else ""
    return re.compile(f'(?:(?!#){before}(?:{QUICK}|"{QUICK}"){after}\n)++')
