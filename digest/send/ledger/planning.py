"""A list → planned deliveries, in one transaction: all of it or nothing, however long it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, func, select, text, update

from digest.models import Failure
from digest.send.ledger.deliveries import Left, within
from digest.send.ledger.tables import deliveries, lists, sends
from digest.send.list_rows import Row

BATCH = 5000
"""Rows that are put into the database at once."""

_INSERT = text(
    "INSERT INTO deliveries (send_id, list_id, key, address, fields, line, state, reply) "
    "VALUES (:send, :list, :key, :address, :fields, :line, :state, :reply) "
    "ON CONFLICT (send_id, key) DO NOTHING"
)
_BARE = (
    "INSERT INTO deliveries (send_id, list_id, address, key, fields, line) "
    "VALUES ({send:d}, {list:d}, nullif(?1, ?2), ?2, ?3, ?4) "
    "ON CONFLICT (send_id, key) DO NOTHING"
)
"""Takes the rows of a list as they are: what is made of each one more costs as much as the rest."""

_IS_PLANNED = deliveries.c.state == "planned"

Told = Callable[[Failure], None]
"""Is told of each row that adds nobody."""


@dataclass(slots=True)
class Planned:
    """What a list adds to an issue's deliveries.

    `planned` are new; `twice` stand in the list before, `elsewhere` are in another list of this
    issue; `left` get nothing any more; `gone` were planned and are in the list no more.
    """

    planned: int = 0
    twice: int = 0
    elsewhere: int = 0
    left: int = 0
    bad: int = 0
    gone: int = 0
    domains: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where planned rows go: an issue's send, and one of its lists, by their keys."""

    send_id: int
    list_id: int

    def span(self, connection: Connection) -> tuple[int, int]:
        """Between which keys the rows of the list lie."""
        found = connection.execute(
            select(lists.c.first_id, lists.c.last_id).where(lists.c.id == self.list_id)
        ).one()
        return found.first_id, found.last_id


def send_of(connection: Connection, slug: str) -> tuple[int, str, int] | None:
    """Key, message's SHA-256 and begin of an issue's send; None where it never began."""
    found = connection.execute(
        select(sends.c.id, sends.c.message, sends.c.begun_at).where(sends.c.slug == slug)
    ).first()
    return (found.id, found.message, found.begun_at) if found else None


def list_of(connection: Connection, send_id: int, name: str) -> tuple[int, str, int] | None:
    """Key, SHA-256 and moment of planning of a list of a send; None where it was not planned."""
    found = connection.execute(
        select(lists.c.id, lists.c.sha256, lists.c.planned_at).where(
            lists.c.send_id == send_id, lists.c.name == name
        )
    ).first()
    return (found.id, found.sha256, found.planned_at) if found else None


def place_for(connection: Connection, slug: str, *, message: str, name: str, now: int) -> Place:
    """The place of a list's rows, made where it is new."""
    send = send_of(connection, slug)
    if send is None:
        connection.execute(sends.insert().values(slug=slug, message=message, begun_at=now))
        send = send_of(connection, slug)
    assert send is not None  # noqa: S101 # it was put there in this transaction
    found = list_of(connection, send[0], name)
    if found is None:
        connection.execute(
            lists.insert().values(send_id=send[0], name=name, sha256="", planned_at=now)
        )
        found = list_of(connection, send[0], name)
    assert found is not None  # noqa: S101 # the same
    return Place(send_id=send[0], list_id=found[0])


def plan(
    connection: Connection,
    place: Place,
    batches: Iterable[tuple[list[Row], list[Failure]]],
    *,
    left: Left,
    named: str,
    told: Told,
) -> Planned:
    """Put the rows of a list into the place; `left` says who gets nothing any more.

    `named` is how failures name the list. Whoever is planned already, by this list or another, is
    not planned again.
    """
    found = Planned()
    for rows, failures in batches:
        found.bad += len(failures)
        for failure in failures:
            told(failure)
        if rows:
            _put(connection, place, rows, found, left=left, named=named, told=told)
    return found


def domains(connection: Connection, place: Place) -> dict[str, int]:
    """How many recipients of a list are planned, by the domain of their addresses."""
    keys = select(deliveries.c.key).where(within(place.span(connection)), _IS_PLANNED)
    found: Counter[str] = Counter()
    for part in connection.execution_options(yield_per=BATCH).execute(keys).scalars().partitions():
        found.update(key.rpartition("@")[2] for key in part)
    return dict(found)


def settle_list(connection: Connection, place: Place, sha256: str, *, before: int) -> None:
    """Note which bytes of the list the plan was made of, and where its rows lie.

    `before` is what `last_id` said before they were put there.
    """
    first, _ = place.span(connection)
    connection.execute(
        update(lists)
        .where(lists.c.id == place.list_id)
        .values(sha256=sha256, first_id=first or before + 1, last_id=last_id(connection))
    )


def last_id(connection: Connection) -> int:
    """The highest key among all deliveries; 0 where there are none."""
    return int(connection.execute(select(func.max(deliveries.c.id))).scalar() or 0)


def _put(
    connection: Connection,
    place: Place,
    rows: Sequence[Row],
    found: Planned,
    *,
    left: Left,
    named: str,
    told: Told,
) -> None:
    gone = left(connection, [address for address, *_ in rows])
    if gone:
        going = [row for row in rows if row[0] not in gone]
        away = [row for row in rows if row[0] in gone]
        found.left += _insert_left(connection, place, away, gone)
    else:
        going, away = list(rows), []
    count = _insert(connection, place, going)
    found.planned += count
    if count < len(going):
        _tell_twice(connection, place, going, found, named=named, told=told)


def _insert(connection: Connection, place: Place, rows: Sequence[Row]) -> int:
    """Insert `rows`, those that are not there; how many were new."""
    if connection.dialect.name == "sqlite":
        driver = connection.connection.cursor()
        driver.executemany(_BARE.format(send=place.send_id, list=place.list_id), rows)
        return int(driver.rowcount)
    return connection.execute(
        _INSERT, [_values(place, row, "planned", "") for row in rows]
    ).rowcount


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
        "send": place.send_id,
        "list": place.list_id,
        "key": key,
        "address": None if address == key else address,
        "fields": fields,
        "line": line,
        "state": state,
        "reply": reply,
    }


def _tell_twice(
    connection: Connection,
    place: Place,
    rows: Sequence[Row],
    found: Planned,
    *,
    named: str,
    told: Told,
) -> None:
    """Say which of `rows` were there already, and where."""
    keys = [key for _, key, *_ in rows]
    there = {
        key: (list_id, line)
        for key, list_id, line in connection.execute(
            select(deliveries.c.key, deliveries.c.list_id, deliveries.c.line).where(
                deliveries.c.send_id == place.send_id, deliveries.c.key.in_(keys)
            )
        )
    }
    for address, key, _, own in rows:
        list_id, line = there[key]
        if list_id != place.list_id:
            found.elsewhere += 1
        elif line != own:
            found.twice += 1
            what = f"{address} stands in line {line} already."
            told(Failure(where=f"{named}, line {own}", what=what))


def withdraw_missing(connection: Connection, place: Place, batches: Iterable[Sequence[Row]]) -> int:
    """Withdraw who is planned and does not stand in the list any more; how many there were."""
    first, last = place.span(connection)
    connection.execute(text("CREATE TEMPORARY TABLE standing (key TEXT PRIMARY KEY)"))
    try:
        put = text("INSERT INTO standing (key) VALUES (:key) ON CONFLICT (key) DO NOTHING")
        for rows in batches:
            if rows:
                connection.execute(put, [{"key": key} for _, key, *_ in rows])
        done = connection.execute(
            text(
                "UPDATE deliveries SET state = 'withdrawn', next_at = NULL, "
                "reply = 'taken off the list' WHERE list_id = :list "
                "AND id BETWEEN :first AND :last "
                "AND state IN ('planned', 'temp') AND key NOT IN (SELECT key FROM standing)"
            ),
            {"list": place.list_id, "first": first, "last": last},
        )
        return done.rowcount
    finally:
        connection.execute(text("DROP TABLE standing"))
