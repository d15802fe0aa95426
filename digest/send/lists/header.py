"""The header of a list: which column holds the addresses, which fields the others fill."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from digest.errors import SendError
from digest.send.address import shown

# What programs call the column of addresses, folded by `_folded`, the surest names first.
_SURE = ("email", "emailaddress", "emailadresse", "adressemail", "adresseemail", "mailadresse",
         "correo", "correoelectronico", "courriel", "indirizzoemail", "epost", "メール",
         "メールアドレス", "بريدإلكتروني", "البريدالإلكتروني", "电子邮件", "邮箱")  # fmt: skip
_LIKELY = ("mail", "mailaddress", "address", "adresse", "direccion", "indirizzo", "recipient",
           "subscriber", "to")  # fmt: skip
_ADDRESS = "address"
"""The field that a mapping calls the address itself."""


@dataclass(frozen=True, slots=True)
class Header:
    """The fields of a list's columns, "" where one fills none, and the column of addresses."""

    fields: tuple[str, ...]
    column: int


def header_of(
    first: Sequence[str],
    sample: Sequence[Sequence[str]],
    *,
    shown_list: str,
    mapped: Sequence[tuple[str, str]] = (),
) -> Header | None:
    """The header, where the first row is one; `sample` are the rows that follow.

    `mapped` are pairs of a column's name and its field, for example ("Vorname", "first_name");
    the field `address` is the address. A row that holds an @ is none. A lone word that is not
    known as a column's name is no header either: it may be an address that somebody mistyped, and
    is reported as one. Raises SendError where no column can be told, or a mapping names two.
    """
    if any("@" in cell for cell in first):
        return None
    own = _mapped(first, mapped, shown_list)
    if _ADDRESS in own.values():
        return _named(first, next(n for n, field in own.items() if field == _ADDRESS), own)
    folded = [_folded(name) for name in first]
    looks = [n for n in range(len(first)) if _looks_like_addresses(sample, n)]
    for wanted in (*_SURE, *_LIKELY):
        hits = [n for n, name in enumerate(folded) if name == wanted and n not in own]
        # “Address” may be a street: then the column that looks like addresses is the one.
        if len(hits) == 1 and (wanted in _SURE or hits[0] in looks or not looks):
            return _named(first, hits[0], own)
    if len(first) == 1:
        return None
    if len(looks) == 1:
        return _named(first, looks[0], own)
    raise SendError(
        f"{shown_list} has {'more than one' if looks else 'no'} column that looks like addresses, "
        f"among {', '.join(shown(name, 30) for name in first[:6])}.",
        hint="Call the column of addresses “address” in the first line, or name it in "
        "DIGEST_LIST_FIELDS.",
    )


def _mapped(
    first: Sequence[str], mapped: Sequence[tuple[str, str]], shown_list: str
) -> dict[int, str]:
    """The columns that the mapping names; one that this list does not have is another list's."""
    found: dict[int, str] = {}
    for name, field in mapped:
        exact = [n for n, cell in enumerate(first) if cell.casefold() == name.casefold()]
        hits = exact or [n for n, cell in enumerate(first) if _folded(cell) == _folded(name)]
        twice = [n for n, given in found.items() if given == field and n not in hits]
        if len(hits) > 1 or (hits and twice):
            columns = ", ".join(shown(first[n], 30) for n in sorted({*hits, *twice}))
            raise SendError(
                f"{shown_list} has two columns for the field {field}: {columns}.",
                hint="Name one of them in DIGEST_LIST_FIELDS, or rename the other.",
            )
        if hits:
            found.setdefault(hits[0], field)
    return found


def _named(first: Sequence[str], column: int, own: dict[int, str]) -> Header:
    return Header(_field_names(first, column, own), column)


def _looks_like_addresses(sample: Sequence[Sequence[str]], column: int) -> bool:
    cells = [cells[column] for cells in sample if column < len(cells) and cells[column]]
    return bool(cells) and sum("@" in cell for cell in cells) * 2 > len(cells)


def _folded(name: str) -> str:
    """Letters and digits alone, lower case, without accents."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in plain if c.isalnum()) or name.casefold()


def _field_names(names: Sequence[str], column: int, own: dict[int, str]) -> tuple[str, ...]:
    """`First Name` → `first_name`; a name that occurs twice gets a number.

    The mapped names are free to whom they are given; the column of addresses fills no field.
    """
    given = [field for n, field in own.items() if n != column]
    found: list[str] = []
    for n, name in enumerate(names):
        if n == column:
            found.append("")
        elif n in own:
            found.append(own[n])
        else:
            found.append(_free(name, given))
            given.append(found[-1])
    return tuple(found)


def _free(name: str, given: Sequence[str]) -> str:
    plain = re.sub(r"[\W_]+", "_", unicodedata.normalize("NFC", name).casefold()).strip("_")
    free, number = plain, 2
    while free and free in given:
        free, number = f"{plain}_{number}", number + 1
    return free
