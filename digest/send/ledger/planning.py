"""A list → planned deliveries, in one transaction: all of it or nothing, however long it is."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple, TypeVar

from sqlalchemy import Connection, select, text, update

from digest.models import Failure
from digest.send.ledger.deliveries import Left
from digest.send.ledger.nouns import Planned
from digest.send.ledger.people import FORGOTTEN
from digest.send.ledger.tables import deliveries, lists, sends
from digest.send.lists.rows import Row

BATCH = 20_000
"""Rows that are put into the database at once; SQLite takes 32,766 values in one question."""

T = TypeVar("T")

_INTO = "INSERT INTO deliveries (send_id, list_id, round, address, key, fields, line"
_ONCE = "ON CONFLICT (send_id, key) DO NOTHING"
_INSERT = text(
    f"{_INTO}, state, reply) "
    f"VALUES (:send, :list, :round, :address, :key, :fields, :line, :state, :reply) {_ONCE}"
)
_BARE = f"{_INTO}) VALUES ({{}}, {{}}, {{}}, nullif(?1, ?2), ?2, ?3, ?4) {_ONCE}"
"""SQLite takes the rows of a list as they are: to make something of each costs as much again."""
_AT_ONCE = text(
    f"{_INTO}) SELECT :send, :list, :round, nullif(u.a, u.k), u.k, u.f, u.l "  # noqa: S608 # of constants alone
    "FROM unnest(CAST(:address AS TEXT[]), CAST(:key AS TEXT[]), CAST(:fields AS TEXT[]), "
    f"CAST(:line AS INTEGER[])) AS u (a, k, f, l) {_ONCE}"
)
"""One by one, PostgreSQL takes some thousands a second."""

Told = Callable[[Failure], None]
"""Is told of each row that adds nobody."""


class Earlier(NamedTuple):
    """A delivery that is there in the place of a row: its list, that list's round, its line."""

    list_id: int
    round: int
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where planned rows go: an issue's send, and one of its lists in that round."""

    send_id: int
    list_id: int
    round: int = 0


def send_of(connection: Connection, slug: str) -> int | None:
    """The key of an issue's send; None where it never began."""
    return connection.execute(select(sends.c.id).where(sends.c.slug == slug)).scalar()


def message_of(connection: Connection, slug: str) -> str | None:
    """The SHA-256 of the message that an issue is sent with; None where its send never began."""
    return connection.execute(select(sends.c.message).where(sends.c.slug == slug)).scalar()


def _list_of(connection: Connection, send_id: int, name: str) -> int | None:
    mine = (lists.c.send_id == send_id) & (lists.c.name == name)
    return connection.execute(select(lists.c.id).where(mine)).scalar()


def place_of(connection: Connection, slug: str, name: str) -> Place | None:
    """The place of a list's rows; None where it was not planned."""
    send_id = send_of(connection, slug)
    list_id = None if send_id is None else _list_of(connection, send_id, name)
    if send_id is None or list_id is None:
        return None
    return Place(send_id=send_id, list_id=list_id)


def place_for(connection: Connection, slug: str, *, message: str, name: str, now: int) -> Place:
    """The place of a list's rows, made where it is new."""
    send_id = send_of(connection, slug)
    if send_id is None:
        new = sends.insert().values(slug=slug, message=message, begun_at=now)
        send_id = connection.execute(new.returning(sends.c.id)).scalar_one()
    list_id = _list_of(connection, send_id, name)
    if list_id is None:
        listed = lists.insert().values(send_id=send_id, name=name, sha256="", planned_at=now)
        list_id = connection.execute(listed.returning(lists.c.id)).scalar_one()
    mine = lists.c.id == list_id
    connection.execute(update(lists).where(mine).values(rounds=lists.c.rounds + 1))
    turn = connection.execute(select(lists.c.rounds).where(mine)).scalar_one()
    return Place(send_id=send_id, list_id=list_id, round=turn)


def plan(
    connection: Connection,
    place: Place,
    batches: Iterable[tuple[list[Row], list[Failure]]],
    *,
    left: Left | None,
    named: str,
    told: Told,
) -> Planned:
    """Put the rows of a list into the place; `left` says who gets nothing any more, if anybody.

    `named` is how failures name the list. Whoever is planned already, by this list or another, is
    not planned again.
    """
    found, seen = Planned(), _Seen()
    for rows, failures in _uncollected(batches):
        found.bad += len(failures)
        for failure in failures:
            told(failure)
        if rows:
            there = _put(connection, place, rows, found, seen, left=left)
            _tell_twice(place, there, found, named=named, told=told)
    return found


def _uncollected(batches: Iterable[T]) -> Iterator[T]:
    """The same, and no cycles are looked for meanwhile.

    There are none among a million rows, and to look for them takes a tenth of the time.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield from batches
    finally:
        if was:
            gc.enable()


def domains(connection: Connection, place: Place) -> dict[str, int]:
    """How many recipients of a list are planned, by the domain of their addresses."""
    mine = (deliveries.c.send_id == place.send_id) & (deliveries.c.list_id == place.list_id)
    keys = select(deliveries.c.key).where(mine, deliveries.c.state == "planned")
    found: Counter[str] = Counter()
    for part in connection.execution_options(yield_per=BATCH).execute(keys).scalars().partitions():
        found.update(key.rpartition("@")[2] for key in part)
    return dict(found)


def settle_list(connection: Connection, place: Place, sha256: str) -> None:
    """Note which bytes of the list the plan was made of."""
    connection.execute(update(lists).where(lists.c.id == place.list_id).values(sha256=sha256))


def _put(
    connection: Connection,
    place: Place,
    rows: Sequence[Row],
    found: Planned,
    seen: _Seen,
    *,
    left: Left | None,
) -> list[tuple[Row, Earlier]]:
    """Insert those who are not there; the others, and what is there in their place."""
    going: Sequence[Row] = rows
    gone = left(connection, [address for address, *_ in rows]) if left else {}
    if gone:
        going = [row for row in rows if row[0] not in gone]
        away = [row for row in rows if row[0] in gone]
        # Who asked to be forgotten is not written down again.
        kept = [row for row in away if gone[row[0]] != FORGOTTEN]
        found.left += _insert_left(connection, place, kept, gone) + len(away) - len(kept)
    suspects = seen.suspects(going)
    count = _insert(connection, place, going)
    found.planned += count
    old = _earlier(connection, place, suspects) if count < len(going) else []
    # More than in this list before: another list has them, or an earlier round of this one.
    return old if len(old) == len(going) - count else _earlier(connection, place, going)


_KEY = itemgetter(1)


class _Seen:
    """Which keys a plan has met, as good as surely, in 16 MB: a million keys would take 100.

    To look up each row of a batch in which one stands twice takes longer than to insert it.
    """

    def __init__(self) -> None:
        self._slots = bytearray(1 << 24)

    def suspects(self, rows: Sequence[Row]) -> list[Row]:
        """The rows that may stand in the list before; those that do are among them."""
        slots, last, found = self._slots, len(self._slots) - 1, []
        for row, number in zip(rows, map(hash, map(_KEY, rows)), strict=True):
            at = number & last
            if slots[at]:
                found.append(row)
            else:
                slots[at] = 1
        return found


def _insert(connection: Connection, place: Place, rows: Sequence[Row]) -> int:
    """Insert `rows`, those that are not there; how many were new."""
    if connection.dialect.name == "sqlite":
        driver = connection.connection.cursor()
        driver.executemany(_BARE.format(place.send_id, place.list_id, place.round), rows)
        return int(driver.rowcount)
    names = ("address", "key", "fields", "line")
    columns = zip(*rows, strict=True) if rows else ((),) * len(names)
    values = {name: list(cells) for name, cells in zip(names, columns, strict=True)}
    return connection.execute(_AT_ONCE, {**_of(place), **values}).rowcount


def _of(place: Place) -> dict[str, object]:
    return {"send": place.send_id, "list": place.list_id, "round": place.round}


def _insert_left(
    connection: Connection, place: Place, rows: Sequence[Row], why: dict[str, str]
) -> int:
    if not rows:
        return 0
    values = [_values(place, row, "withdrawn", why[row[0]]) for row in rows]
    return connection.execute(_INSERT, values).rowcount


def _values(place: Place, row: Row, state: str, reply: str) -> dict[str, object]:
    address, key, fields, line = row
    return {
        **_of(place),
        "key": key,
        "address": None if address == key else address,
        "fields": fields,
        "line": line,
        "state": state,
        "reply": reply,
    }


def _earlier(
    connection: Connection, place: Place, rows: Sequence[Row]
) -> list[tuple[Row, Earlier]]:
    """Those of `rows` who were there before, and what is there in their place."""
    columns = (deliveries.c.key, deliveries.c.list_id, deliveries.c.round, deliveries.c.line)
    keys = [key for _, key, *_ in rows]
    there = {
        key: Earlier(*rest)
        for key, *rest in connection.execute(
            select(*columns).where(
                deliveries.c.send_id == place.send_id, deliveries.c.key.in_(keys)
            )
        )
    }
    found = ((row, there[row[1]]) for row in rows)
    return [(row, old) for row, old in found if old != (place.list_id, place.round, row[3])]


def _tell_twice(
    place: Place,
    rows: Iterable[tuple[Row, Earlier]],
    found: Planned,
    *,
    named: str,
    told: Told,
) -> None:
    """Say which rows were there already: by another list, in an earlier round, or in this one."""
    for (address, _, _, line), there in rows:
        if there.list_id != place.list_id:
            found.elsewhere += 1
        elif there.round < place.round:
            found.known += 1
        else:
            found.twice += 1
            what = f"{address} stands in line {there.line} already."
            told(Failure(where=f"{named}, line {line}", what=what))


def follow(
    connection: Connection, place: Place, batches: Iterable[Sequence[Row]]
) -> tuple[int, int]:
    """Withdraw who is planned and stands in the list no more, and plan again who is back in it.

    How many were withdrawn, and how many came back.
    """
    # It goes with the transaction, too, where that is taken back.
    connection.execute(text("CREATE TEMPORARY TABLE standing (key TEXT PRIMARY KEY)"))
    for rows in batches:
        _put_standing(connection, [key for _, key, *_ in rows])
    values = {"send": place.send_id, "list": place.list_id, "why": _TAKEN_OFF}
    gone = connection.execute(_GONE, values).rowcount
    back = connection.execute(_BACK, values).rowcount
    connection.execute(text("DROP TABLE standing"))
    return gone, back


def _put_standing(connection: Connection, keys: Sequence[str]) -> None:
    once = "ON CONFLICT (key) DO NOTHING"
    if connection.dialect.name == "sqlite":
        driver = connection.connection.cursor()
        driver.executemany(f"INSERT INTO standing VALUES (?) {once}", [(key,) for key in keys])  # noqa: S608
        return
    all_of_them = f"INSERT INTO standing SELECT unnest(CAST(:keys AS TEXT[])) {once}"
    connection.execute(text(all_of_them), {"keys": list(keys)})


_TAKEN_OFF = "taken off the list"
_GONE = text(
    "UPDATE deliveries SET state = 'withdrawn', next_at = NULL, reply = :why "
    "WHERE send_id = :send AND list_id = :list AND state IN ('planned', 'temp') "
    "AND key NOT IN (SELECT key FROM standing)"
)
_BACK = text(
    "UPDATE deliveries SET state = 'planned', attempts = NULL, reply = NULL "
    "WHERE send_id = :send AND list_id = :list AND state = 'withdrawn' AND reply = :why "
    "AND key IN (SELECT key FROM standing)"
)


def has_begun(connection: Connection, send_id: int) -> bool:
    """Whether anything of a send may have gone out."""
    begun = (deliveries.c.send_id == send_id) & deliveries.c.begun_at.is_not(None)
    return connection.execute(select(deliveries.c.key).where(begun).limit(1)).first() is not None


def replace_message(connection: Connection, send_id: int, message: str) -> None:
    """Note which message a send of which nothing went out will have."""
    connection.execute(update(sends).where(sends.c.id == send_id).values(message=message))
