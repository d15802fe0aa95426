"""The record of who left, as the unsubscribe page writes it and sending reads it.

One JSON object a line: `at` (ISO 8601), `key` and `reference` (the key's name, and the hash in
hexadecimal), `what` (`unsubscribed`, or `again` where somebody took it back) and `how` (`one-click`
in a mail program, or the `page`). It holds no address. Lines count in their order: the last one
about a person is what holds.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Literal, cast, get_args

from digest.errors import SendError
from digest.models import Failure
from digest.send.tokens import REFERENCE_BYTES, Keyring, Reference

What = Literal["unsubscribed", "again"]
How = Literal["one-click", "page"]
_MAX_LINE = 4096
_NEWLINE = b"\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsubscribed:
    """One line of the record: who (by reference) asked for what, when and how."""

    at: datetime
    reference: Reference
    what: What
    how: How
    line: int = 0
    """Where it stands in the record, from 1; 0 where it does not yet."""

    def written(self) -> bytes:
        """The line as the record holds it, with its end."""
        row = {
            "at": self.at.isoformat(timespec="seconds"),
            "key": self.reference.key_id,
            "reference": self.reference.digest.hex(),
            "what": self.what,
            "how": self.how,
        }
        return json.dumps(row, ensure_ascii=True).encode() + _NEWLINE


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownKey(Failure):
    """Somebody unsubscribed under a key that the settings do not hold: nobody can tell who."""


def read_record(
    source: Path | BinaryIO, *, keyring: Keyring, shown: str = ""
) -> Iterable[Unsubscribed | Failure]:
    """Each line of a record, one after the other; a line that does not count is a Failure.

    A file that is not there holds nobody. `shown` is how messages name the source. Raises
    SendError where the record cannot be read: who would go on then might write to people who left.
    """
    with ExitStack() as stack:
        if isinstance(source, Path):
            name, opened = shown or str(source), _opened(source, shown or str(source))
            if opened is None:
                return
            file = stack.enter_context(opened)
        else:
            name, file = shown or "standard input", source
        try:
            for number, line in enumerate(_lines(file), start=1):
                if line.strip():
                    yield _read_line(line, keyring, number, f"{name}, line {number}")
        except OSError as error:
            raise _unreadable(name, error) from None


def last_words(
    record: Iterable[Unsubscribed | Failure],
) -> tuple[dict[Reference, Unsubscribed], list[Failure]]:
    """What each person asked for last, and the lines that do not count."""
    last: dict[Reference, Unsubscribed] = {}
    failures: list[Failure] = []
    for line in record:
        if isinstance(line, Failure):
            failures.append(line)
            continue
        known = last.get(line.reference)  # a record may be put together from several
        if known is None or line.at >= known.at:
            last[line.reference] = line
    return last, failures


def _opened(path: Path, name: str) -> BinaryIO | None:
    try:
        # Without O_NONBLOCK, opening a pipe waits for somebody to write into it.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unreadable(name, error) from None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise SendError(
            f"{name} is no regular file, and holds no record of who unsubscribed.",
            hint="Set DIGEST_UNSUBSCRIBED to the file that the unsubscribe page writes.",
        )
    return os.fdopen(handle, "rb")


def _unreadable(name: str, error: OSError) -> SendError:
    return SendError(
        f"{name}, the record of who unsubscribed, cannot be read: {error.strerror or error}.",
        hint="Nothing is sent without it; check who may read it.",
    )


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """The lines of a file, each cut where it is longer than any line of a record."""
    while line := file.readline(_MAX_LINE):
        rest = line
        while rest and not rest.endswith(_NEWLINE):
            rest = file.readline(_MAX_LINE)
        yield line


def _read_line(line: bytes, keyring: Keyring, number: int, where: str) -> Unsubscribed | Failure:
    try:
        # RecursionError: thousands of brackets are no line of a record either.
        row = json.loads(line)
        key, digest = str(row["key"]), bytes.fromhex(row["reference"])
        at, what, how = datetime.fromisoformat(row["at"]), row["what"], row["how"]
        if at.tzinfo is None or what not in get_args(What) or how not in get_args(How):
            raise ValueError
        if len(digest) != REFERENCE_BYTES:
            raise ValueError
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Failure(
            where=where,
            what="this is no line of a record of who unsubscribed.",
            hint="A line that a crash tore was never confirmed to its reader: remove it.",
        )
    if key not in keyring.key_ids:
        return UnknownKey(
            where=where,
            what=f"somebody unsubscribed under a key {key[:8]!r} that DIGEST_SECRET does not hold.",
            hint="Put that key back behind a comma: without it nobody can tell who it was.",
        )
    return Unsubscribed(
        at=at,
        reference=Reference(key, digest),
        what=cast("What", what),
        how=cast("How", how),
        line=number,
    )
