"""People: what is known of one, taking one off all lists, forgetting one altogether."""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from digest import disk
from digest.errors import SendError
from digest.models import Failure
from digest.pipeline.reader_list import ReaderList
from digest.send import (
    Keyring,
    Mailbox,
    Planned,
    RecipientRows,
    Row,
    Standing,
    open_list,
    same,
)

if TYPE_CHECKING:
    from digest.send import Ledger

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_WORD = re.compile(r"[^\s@,;:|<>()\[\]\"“”‘’\ufffd]+@[^\s@,;:|<>()\[\]\"“”‘’\ufffd]+")
"""What may be an address in any text."""
_ROWS = 5000
_MOST = 1 << 30
"""Bytes of the longest list that is rewritten: it is held in memory for that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """What a list holds: `planned.planned` recipients, and the rows that add nobody."""

    name: str
    planned: Planned
    failures: tuple[Failure, ...]
    encoding: str
    delimiter: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of an address.

    `places` are lists with the line in each; `left` says why they get nothing, if so.
    """

    address: str
    places: tuple[tuple[str, int], ...]
    sent: tuple[Standing, ...]
    mails: int
    left: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """Where a person was taken out, or would be: how many lines, deliveries and mails.

    `failures` are places that still name them.
    """

    address: str
    lines: dict[str, int]
    deliveries: int
    mails: int
    failures: tuple[Failure, ...] = ()


def examine(readers: ReaderList) -> Examined:
    """Read a list as a send would, and keep nothing of it."""
    from digest.send import Ledger

    failures: list[Failure] = []
    with tempfile.TemporaryDirectory() as folder:
        ledger = Ledger(
            "sqlite:///examined.db",
            folder=Path(folder),
            keyring=Keyring(()),
            clock=lambda: datetime.fromtimestamp(0, UTC),
        )
        with readers.open() as rows:
            planned = ledger.plan(
                "examined", rows, name=readers.name, message="", told=failures.append, trial=True
            )
    if not planned.planned:
        raise rows.nobody()
    return Examined(
        name=readers.name,
        planned=planned,
        failures=tuple(failures),
        encoding=rows.encoding,
        delimiter=rows.delimiter,
        fields=rows.fields,
    )


def known(
    address: str, *, lists: Sequence[ReaderList], ledger: Ledger | None, mailbox: Mailbox
) -> Known:
    """What lists, ledger and mailbox hold of `address`."""
    places = tuple(
        (readers.name, line)
        for readers in lists
        if readers.path.exists()
        for *_, line in _rows_of(readers.open(), address)
    )
    return Known(
        address=address,
        places=places,
        sent=ledger.deliveries_of(address) if ledger else (),
        mails=mailbox.count_for(address),
        left=ledger.who_left([address]).get(address, "") if ledger else "",
    )


def forget(
    address: str,
    *,
    lists: Sequence[ReaderList],
    ledger: Ledger,
    mailbox: Mailbox,
    reports: Path,
    save: bool,
) -> Forgotten:
    """Take a person out of lists, ledger, mailbox and `reports`, a folder.

    A keyed hash stays on the suppression list, so that an old list does not bring them back.
    Without `save` nothing changes. The ledger comes first: from then on nothing is sent to them.
    """
    found = known(address, lists=lists, ledger=ledger, mailbox=mailbox)
    lines = {name: sum(place[0] == name for place in found.places) for name, _ in found.places}
    failures: list[Failure] = []
    if save:
        ledger.forget(address)
        for readers in lists:
            if readers.name in lines:
                failures += _without(readers, address)
        mailbox.remove(address)
        for report in sorted(reports.glob("*.csv")):
            _strip(report, address)
    return Forgotten(
        address=address,
        lines=lines,
        deliveries=len(found.sent),
        mails=found.mails,
        failures=tuple(failures),
    )


def _rows_of(rows: RecipientRows, address: str) -> list[Row]:
    key = same(address)
    with rows:
        return [row for found, _ in rows.batches(_ROWS) for row in found if row[1] == key]


def _without(readers: ReaderList, address: str) -> list[Failure]:
    """Write a list without the lines of `address`; every other byte stays."""
    path = readers.path
    raw = disk.read_regular(path, limit=_MOST)
    rows = open_list(io.BytesIO(raw), names=readers.names, shown=readers.name)
    gone = {line for *_, line in _rows_of(rows, address)}
    text = raw.decode(rows.encoding, "surrogateescape")
    kept = "".join(
        line for number, line in enumerate(_LINE.findall(text), start=1) if number not in gone
    )
    written = _encoded(kept, rows.encoding, raw)
    if _still_there(written, readers, address):
        raise SendError(
            f"{readers.name} could not be rewritten without {address}.",
            hint=f"Take out line {min(gone)} by hand, then run this command again.",
        )
    disk.write_atomic(path, written, mode=path.stat().st_mode & 0o777)
    if _names(kept, address):
        return [
            Failure(
                where=readers.name,
                what=f"It still names {address}, in a line that is no recipient's.",
                hint="Look for it, and take it out by hand.",
            )
        ]
    return []


def _encoded(text: str, encoding: str, before: bytes) -> bytes:
    """`text` in its encoding, with a byte order mark where the file had one."""
    if encoding.startswith(("utf-16", "utf-32")):
        little = before[:2] == b"\xff\xfe" or before[1:2] == b"\0"
        mark = text if text.startswith("\ufeff") or before[:2] not in _MARKS else f"\ufeff{text}"
        return mark.encode(f"{encoding[:6]}-{'le' if little else 'be'}", "surrogatepass")
    return text.encode(encoding, "surrogateescape")


_MARKS = (b"\xff\xfe", b"\xfe\xff")


def _still_there(written: bytes, readers: ReaderList, address: str) -> bool:
    try:
        rows = open_list(io.BytesIO(written), names=readers.names, shown=readers.name)
        return bool(_rows_of(rows, address))
    except SendError:  # nobody is left in it
        return False


def _strip(report: Path, address: str) -> None:
    """Take the lines that name `address` out of a report."""
    # Another program's file may lie there, in whatever encoding.
    lines = report.read_bytes().splitlines(keepends=True)
    kept = [line for line in lines if not _names(line.decode("utf-8", "replace"), address)]
    if len(kept) < len(lines):
        disk.write_atomic(report, b"".join(kept), mode=0o600)


def _names(text: str, address: str) -> bool:
    """Whether `text` holds the address, however it is written, and not as a part of another's."""
    key = same(address)
    return any(same(word.strip(".")) == key for word in _WORD.findall(text))
