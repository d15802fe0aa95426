"""A list file → recipients, and every row that could not become one, with its line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from digest.errors import SendError
from digest.models import Failure, Recipient
from digest.send.address import has_control, parse_address, read_address, same, shown
from digest.send.rows import Row, read_text, rows

# What programs call the column of addresses, folded by `_folded`, the surest names first.
_SURE = ("email", "emailaddress", "emailadresse", "adressemail", "adresseemail", "mailadresse",
         "correo", "correoelectronico", "courriel", "indirizzoemail", "epost", "メール",
         "メールアドレス", "بريدإلكتروني", "البريدالإلكتروني", "电子邮件", "邮箱")  # fmt: skip
_LIKELY = ("mail", "mailaddress", "address", "adresse", "direccion", "indirizzo", "recipient",
           "subscriber", "to")  # fmt: skip
_EXAMPLE = "For example: a first line “address,first_name”, then one recipient a line."


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientList:
    """Who a list names, in its order, and the rows that name nobody or somebody twice."""

    recipients: tuple[Recipient, ...]
    failures: tuple[Failure, ...]


@dataclass(frozen=True, slots=True)
class _Header:
    """The names of a list's columns, and which of them holds the addresses."""

    names: tuple[str, ...]
    column: int


def read_recipients(path: Path) -> RecipientList:
    """The recipients of a list file: CSV, TSV, with semicolons, or one address a line.

    With a header, the column of addresses is found by its name, or as the only one that looks
    like addresses; the others become fields, by names such as `first_name`. Raises SendError
    where the file is missing, empty, or names nobody at all.
    """
    found = list(rows(read_text(path)))
    header = _header(found, path)
    recipients: dict[str, Recipient] = {}
    failures: list[Failure] = []
    for row in found[1:] if header else found:
        try:
            recipient = _recipient(row, header)
            first = recipients.get(same(recipient.address))
            if first is not None:
                raise ValueError(f"{first.address} stands in line {first.line} already.")
            recipients[same(recipient.address)] = recipient
        except ValueError as error:
            failures.append(Failure(where=f"{path.name}, line {row.line}", what=str(error)))
    if not recipients:
        raise _nobody(path, failures)
    return RecipientList(recipients=tuple(recipients.values()), failures=tuple(failures))


def parse_addresses(words: Iterable[str]) -> RecipientList:
    """The recipients that a command names; who is named again gets one mail, and is a failure.

    Raises UsageError for the first word that is no address: whoever typed it can type it again.
    """
    recipients: dict[str, Recipient] = {}
    failures: list[Failure] = []
    for number, word in enumerate(words, start=1):
        recipient = parse_address(word)
        first = recipients.setdefault(same(recipient.address), recipient)
        if first is not recipient:
            what = f"{first.address} is named already."
            failures.append(Failure(where=f"address {number}", what=what))
    return RecipientList(recipients=tuple(recipients.values()), failures=tuple(failures))


def _nobody(path: Path, failures: Sequence[Failure]) -> SendError:
    if not failures:
        return SendError(f"{path} names no recipient.", hint=_EXAMPLE)
    more = f" ({len(failures) - 1} more rows failed.)" if len(failures) > 1 else ""
    first = failures[0]
    return SendError(
        f"{path} names nobody that mail can go to. {first.where}: {first.what}{more}",
        hint=_EXAMPLE,
    )


def _header(found: Sequence[Row], path: Path) -> _Header | None:
    """The header, where the first row is one.

    A row that holds an @ is none. A lone word that is not known as a column's name is no header
    either: it may be an address that somebody mistyped, and is reported as one.
    """
    if not found or found[0].broken or any("@" in cell for cell in found[0].cells):
        return None
    names = found[0].cells
    folded = [_folded(name) for name in names]
    sample = [row.cells for row in found[1:200] if not row.broken]
    looks = [n for n in range(len(names)) if _looks_like_addresses(sample, n)]
    for wanted in (*_SURE, *_LIKELY):
        hits = [n for n, name in enumerate(folded) if name == wanted]
        # “Address” may be a street: then the column that looks like addresses is the one.
        if len(hits) == 1 and (wanted in _SURE or hits[0] in looks or not looks):
            return _Header(_field_names(names), hits[0])
    if len(names) == 1:
        return None
    if len(looks) == 1:
        return _Header(_field_names(names), looks[0])
    raise SendError(
        f"{path} has {'more than one' if looks else 'no'} column that looks like addresses, among "
        f"{', '.join(shown(name, 30) for name in names[:6])}.",
        hint="Call the column of addresses “address” in the first line.",
    )


def _looks_like_addresses(sample: Sequence[tuple[str, ...]], column: int) -> bool:
    cells = [cells[column] for cells in sample if column < len(cells) and cells[column]]
    return bool(cells) and sum("@" in cell for cell in cells) * 2 > len(cells)


def _folded(name: str) -> str:
    """Letters and digits alone, lower case, without accents."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in plain if c.isalnum()) or name.casefold()


def _field_names(names: Sequence[str]) -> tuple[str, ...]:
    """`First Name` → `first_name`; a name that occurs twice gets a number."""
    given: list[str] = []
    for name in names:
        plain = re.sub(r"[\W_]+", "_", unicodedata.normalize("NFC", name).casefold()).strip("_")
        free, number = plain, 2
        while free and free in given:
            free, number = f"{plain}_{number}", number + 1
        given.append(free)
    return tuple(given)


def _recipient(row: Row, header: _Header | None) -> Recipient:
    """The recipient of a row; raises ValueError with a sentence for a person."""
    if row.broken:
        raise ValueError(f"“{shown(row.cells[0])}”: {row.broken}")
    if any(has_control(cell) for cell in row.cells):
        raise ValueError(
            f"“{shown(' '.join(row.cells))}” holds a NUL or another control character."
        )
    fields = dict(_fields(row, header)) if header else {}
    cell = _address_cell(row, header)
    try:
        name, address = read_address(cell)
    except ValueError as error:
        raise ValueError(
            f"“{shown(cell)}” is not an address that mail can go to: {error}"
        ) from None
    if name and not fields.get("name"):
        fields["name"] = name
    return Recipient(address=address, fields=fields, line=row.line)


def _address_cell(row: Row, header: _Header | None) -> str:
    if header is not None:
        if len(row.cells) > len(header.names) and any(row.cells[len(header.names) :]):
            raise ValueError(
                f"it has {len(row.cells)} cells, the header {len(header.names)}: a cell that "
                "holds the delimiter needs quotes."
            )
        cell = row.cells[header.column] if header.column < len(row.cells) else ""
        if not cell:
            raise ValueError("there is no address in it.")
        return cell
    addresses = [cell for cell in row.cells if "@" in cell]
    if len(addresses) > 1:
        raise ValueError(f"“{shown(', '.join(addresses))}”: it is one address a line.")
    return addresses[0] if addresses else ", ".join(filter(None, row.cells))


def _fields(row: Row, header: _Header) -> Iterator[tuple[str, str]]:
    for number, (name, cell) in enumerate(zip(header.names, row.cells, strict=False)):
        if number != header.column and name:
            yield name, cell
