"""A line of a list → its recipient, or why it names nobody."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import NamedTuple

from digest.models import Recipient
from digest.send.address import (
    QUICK,
    has_control,
    hidden_in,
    normalized,
    quickly,
    read_address,
    same,
    shown,
)
from digest.send.header import Header
from digest.send.list_lines import LONGEST
from digest.send.rows import UnclosedError, cells_of

_APART = ("", " ", "#")
"""How a line begins that may be blank or a comment."""


class Row(NamedTuple):
    """A recipient as a ledger takes it; two of one `key` are one person."""

    address: str
    key: str
    domain: str
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

    def quickly(self) -> Callable[[str, int], Row | None]:
        """What reads a line that holds nothing to unquote, to strip or to escape.

        Nearly all lines of nearly all lists are such, and are not looked at cell by cell: a
        million take two seconds. None for any other line; `row` says the same of each, slowly.
        """
        delimiter = self.delimiter
        fields = self.header.fields if self.header else ("",)
        column = self.header.column if self.header else 0
        width = len(fields)
        filled = [n for n, field in enumerate(fields) if field]
        slots = [f"{json.dumps(fields[n], ensure_ascii=False)}:" for n in filled]
        template = ",".join(slot.replace("%", "%%") + '"%s"' for slot in slots)
        template = f"{{{template}}}" if filled else ""
        pick: Callable[[Sequence[str]], object] = itemgetter(*filled) if filled else len
        seen = delimiter.isprintable()  # a tab is not
        new = tuple.__new__

        def read(line: str, number: int) -> Row | None:
            if (
                '"' in line
                or "\\" in line
                or line[:1] in _APART
                or len(line) > LONGEST
                or not (line if seen else line.replace(delimiter, "|")).isprintable()
            ):
                return None
            cells = line.split(delimiter)
            if len(cells) != width:
                return None
            address = cells[column]
            key = address.lower()
            hit = quickly(key)
            # The Kelvin sign is a k in small letters, and no ASCII.
            if hit is None or len(key) > QUICK or not address.isascii():
                return None
            text = ""
            if template:
                text = template % pick(cells)
                if '" ' in text or ' "' in text:
                    return None
            if key != address:
                address = normalized(address)
            return new(Row, (address, key, hit[1], text, number))

        return read

    def row(self, line: str, number: int) -> Row:
        """The recipient of a line; raises ValueError with a sentence for a person."""
        if len(line) > LONGEST:
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
        return Row(address, key, key.rpartition("@")[2], text, number)

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
