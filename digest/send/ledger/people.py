"""Who gets nothing any more: the suppression list, and forgetting a person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, Connection, Table, func, select, update

from digest.errors import LedgerError
from digest.models import Failure
from digest.send.address import same
from digest.send.ledger.tables import deliveries, soft_bounces, suppressions
from digest.send.tokens import Keyring, Reference
from digest.send.unsubscribed import UnknownKey, Unsubscribed, last_words

Reason = Literal["unsubscribed", "bounced", "complained", "forgotten", "by hand"]

FORGOTTEN = "asked to be forgotten"
_SAID: dict[str, str] = {
    "unsubscribed": "unsubscribed",
    "bounced": "mail to this address came back",
    "complained": "reported a mail as spam",
    "forgotten": FORGOTTEN,
    "by hand": "taken off by hand",
}


def suppress(
    connection: Connection, reference: Reference, reason: Reason, *, at: int, note: str = ""
) -> bool:
    """Put a person onto the list; whether that is new. `forgotten` is never overwritten.

    What is older than the moment at which somebody was taken off the list does not count.
    """
    mine = _of(suppressions, reference)
    there = connection.execute(
        select(suppressions.c.reason, suppressions.c.lifted, suppressions.c.at).where(mine)
    ).first()
    values = {"reason": reason, "note": note[:500], "at": at, "lifted": False}
    if there is None:
        connection.execute(
            suppressions.insert().values(
                key_id=reference.key_id, reference=reference.digest, **values
            )
        )
        return True
    if there.lifted and at < there.at:  # of two in one moment, the one who leaves counts
        return False
    if there.lifted or (reason == "forgotten" and there.reason != "forgotten"):
        connection.execute(update(suppressions).where(mine).values(**values))
        return bool(there.lifted)
    return False


def lift(connection: Connection, reference: Reference, *, at: int) -> bool:
    """Take a person off the list who unsubscribed and took it back; whether there was somebody."""
    mine = (
        _of(suppressions, reference)
        & (suppressions.c.reason == "unsubscribed")
        & (suppressions.c.at <= at)
    )
    done = connection.execute(
        update(suppressions)
        .where(mine, suppressions.c.lifted.is_(False))
        .values(lifted=True, at=at)
    )
    return done.rowcount > 0


def take_over(
    connection: Connection, record: Iterable[Unsubscribed | Failure]
) -> tuple[int, list[Failure]]:
    """Put who unsubscribed onto the list; how many are new, and the lines that do not count.

    Raises LedgerError where somebody unsubscribed under a key that is gone: nobody knows who.
    """
    last, failures = last_words(record)
    for failure in failures:
        if isinstance(failure, UnknownKey):
            raise LedgerError(f"{failure.where}: {failure.what}", hint=failure.hint)
    new = 0
    for reference, line in last.items():
        at = milliseconds(line.at)
        if line.what == "again":
            lift(connection, reference, at=at)
        else:
            new += suppress(connection, reference, "unsubscribed", at=at)
    return new, failures


def milliseconds(moment: datetime) -> int:
    """A moment as the tables hold it."""
    return int(moment.timestamp() * 1000)


def restore(connection: Connection, reference: Reference, *, at: int) -> bool:
    """Take a person off the list, whatever put them there; whether there was somebody."""
    mine = _of(suppressions, reference) & suppressions.c.lifted.is_(False)
    done = connection.execute(update(suppressions).where(mine).values(lifted=True, at=at))
    return done.rowcount > 0


def who_left(connection: Connection, addresses: Sequence[str], keyring: Keyring) -> dict[str, str]:
    """Who of `addresses` is on the list, and why, in words.

    A key that was replaced still names those whom it named, as long as it is known.
    """
    found: dict[str, str] = {}
    for key_id in keyring.key_ids:
        # Nobody under a key is the rule, and to hash every address for nobody takes its time.
        anybody = select(suppressions.c.key_id).where(suppressions.c.key_id == key_id).limit(1)
        if connection.execute(anybody).first() is None:
            continue
        spellings: dict[bytes, list[str]] = {}
        for address in addresses:
            digest = keyring.reference(same(address), key_id).digest
            spellings.setdefault(digest, []).append(address)
        there = connection.execute(
            select(suppressions.c.reference, suppressions.c.reason).where(
                suppressions.c.key_id == key_id,
                suppressions.c.lifted.is_(False),
                suppressions.c.reference.in_(list(spellings)),
            )
        )
        for digest, reason in there:
            for address in spellings[bytes(digest)]:
                found[address] = _SAID.get(reason, reason)
    return found


def unknown_keys(connection: Connection, keyring: Keyring) -> tuple[str, ...]:
    """Keys of the suppression list that the settings do not hold any more: it cannot be read."""
    key_ids = connection.execute(select(suppressions.c.key_id).distinct()).scalars().all()
    return tuple(sorted(set(key_ids) - set(keyring.key_ids)))


def suppressed(connection: Connection) -> dict[str, int]:
    """How many people are on the list, by reason."""
    rows = connection.execute(
        select(suppressions.c.reason, func.count())
        .where(suppressions.c.lifted.is_(False))
        .group_by(suppressions.c.reason)
    )
    return {row[0]: row[1] for row in rows}


def is_suppressed(connection: Connection, reference: Reference) -> bool:
    """Whether this person gets nothing any more."""
    found = connection.execute(
        select(suppressions.c.at).where(
            _of(suppressions, reference), suppressions.c.lifted.is_(False)
        )
    )
    return found.first() is not None


def add_soft_bounce(connection: Connection, reference: Reference, mail: str, *, at: int) -> None:
    """Remember that a mail came back softly; one that is remembered already stays as it is."""
    known = soft_bounces.c.message_id == mail
    if connection.execute(
        select(soft_bounces.c.at).where(_of(soft_bounces, reference), known)
    ).first():
        return
    values = {"key_id": reference.key_id, "reference": reference.digest, "message_id": mail}
    connection.execute(soft_bounces.insert().values(**values, at=at))


def soft_bounces_of(connection: Connection, reference: Reference, *, since: int) -> frozenset[str]:
    """The mails of this person that came back softly since then."""
    found = connection.execute(
        select(soft_bounces.c.message_id).where(
            _of(soft_bounces, reference), soft_bounces.c.at >= since
        )
    )
    return frozenset(found.scalars())


def forget(connection: Connection, address: str, keyring: Keyring) -> int:
    """Take a person out of all deliveries, which stay as rows without a name; how many there were.

    The row keeps a keyed hash in the address's place, so that the figures of a send still add up.
    """
    key = same(address)
    hashed = f"forgotten:{keyring.reference(key).digest.hex()}"
    for key_id in keyring.key_ids:  # a Message-ID names a person to whoever knows the address
        connection.execute(
            soft_bounces.delete().where(_of(soft_bounces, keyring.reference(key, key_id)))
        )
    known = select(deliveries.c.send_id).where(deliveries.c.key == hashed)
    twice = deliveries.delete().where(deliveries.c.key == key, deliveries.c.send_id.in_(known))
    count = connection.execute(twice).rowcount
    done = connection.execute(
        update(deliveries)
        .where(deliveries.c.key == key)
        .values(key=hashed, address="", fields="", reply=None, line=0)
    )
    connection.execute(
        update(deliveries)
        .where(deliveries.c.key == hashed, deliveries.c.state.in_(("planned", "temp")))
        .values(state="withdrawn", next_at=None)
    )
    return done.rowcount + count


def _of(table: Table, reference: Reference) -> ColumnElement[bool]:
    return (table.c.key_id == reference.key_id) & (table.c.reference == reference.digest)
