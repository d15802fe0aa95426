"""A list file → recipients, and every row that could not become one, with its line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from digest.models import Failure, Recipient
from digest.send.address import parse_address, same
from digest.send.lists.reading import open_list

_LIMIT = 64 * 2**20
"""Bytes of the longest list that is held whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientList:
    """Who a list names, in its order, and the rows that name nobody or somebody twice."""

    recipients: tuple[Recipient, ...]
    failures: tuple[Failure, ...]


def read_recipients(path: Path, *, names: Sequence[tuple[str, str]] = ()) -> RecipientList:
    """The recipients of a list file that is held whole: of testers, not of a million readers.

    CSV, TSV, with semicolons, or one address a line. With a header, the column of addresses is
    found by its name, by `names`, or as the only one that looks like addresses; the others become
    fields, by names such as `first_name`. Who is named again is a failure. Raises SendError where
    the file is missing, empty, beyond 64 MB, or names nobody at all.
    """
    recipients: dict[str, Recipient] = {}
    failures: list[Failure] = []
    with open_list(path, names=names, limit=_LIMIT) as found:
        for row in found:
            if isinstance(row, Failure):
                failures.append(row)
                continue
            first = recipients.setdefault(same(row.address), row)
            if first is not row:
                what = f"{first.address} stands in line {first.line} already."
                failures.append(Failure(where=f"{found.name}, line {row.line}", what=what))
    if not recipients:
        raise found.nobody()
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
