"""The deliveries of one issue, as a run needs them: fetched in order, their states kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Dialect,
    Row,
    Select,
    Update,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    true,
    update,
)

from digest.models import Recipient
from digest.send.delivery import Change, Job, State, Tally
from digest.send.ledger.store import Store
from digest.send.ledger.tables import deliveries as rows
from digest.send.ledger.tables import suppressions as people

Left = Callable[[Connection, Sequence[str]], dict[str, str]]
"""Who of these addresses gets nothing any more, and why."""
Bury = Callable[[Connection, str, str], object]
"""Puts an address that does not exist onto the suppression list, with the reason in words."""


Known = Callable[[str], Sequence[tuple[str, bytes]]]
"""By which keys and hashes the suppression list knows an address."""


_OPEN: tuple[State, ...] = ("planned", "temp")
"""States that a message may follow."""


class SendBook:
    """The book of a run: see `digest.send.smtp.book.Book`.

    `queues` are the domains that have a limit of their own; `left` says who has left by now: their
    deliveries are withdrawn as they are fetched; `known` is by what the suppression list knows
    somebody, so that an intent to send to them is refused. `bury` takes who does not exist off all
    lists. At most `limit` people are given out, however often each is tried. `list_id` is the one
    list that is sent to, where it is one. `clock` gives milliseconds since 1970; where it jumps
    back, whoever was put off does not wait longer than `longest` milliseconds, which is more than
    anybody is put off for.
    """

    def __init__(
        self,
        store: Store,
        send_id: int,
        *,
        left: Left,
        bury: Bury,
        known: Known,
        clock: Callable[[], int],
        list_id: int | None = None,
        queues: Sequence[str] = (),
        limit: int | None = None,
        tally: Tally | None = None,
        longest: int = 7_200_000,
    ) -> None:
        self._store = store
        self._send_id = send_id
        self._list_id = list_id
        self._left = left
        self._bury = bury
        self._clock = clock
        self._queues = tuple(queues)
        self._limit = limit
        self._tally = tally or Tally()
        self._longest = longest
        self._last: dict[str, str] = {}
        self._held: set[str] = set()
        self._given: set[str] = set()
        """Who counts toward the limit already; empty where there is none."""
        self._known = _parameters(known)
        self._begin = _compiled(_begin(send_id, len(known(""))), store.engine.dialect)
        self._end = _compiled(_end(send_id), store.engine.dialect)

    def fetch(self, queue: str, limit: int) -> Sequence[Job]:
        """The next planned deliveries of a queue; none only where no more are left."""
        room = limit if self._limit is None else min(limit, self._limit)
        of_queue = _at(queue) if queue else and_(true(), *(~_at(name) for name in self._queues))
        while room:
            found = self._jobs(
                select(rows)
                .where(rows.c.state == "planned", rows.c.key > self._last.get(queue, ""), of_queue)
                .order_by(rows.c.key)
                .limit(limit)
            )
            if not found:
                break
            still = self._still([job for job in found if job.key not in self._held])
            given = still[:room]
            self._last[queue] = (given if still[room:] else found)[-1].key
            if given:  # else all of them have left: the next ones
                self._spend(given)
                return given
        return ()

    def due(self, limit: int) -> Sequence[Job]:
        """Deliveries that were put off and may be tried again now."""
        now = self._clock()
        held = frozenset(self._held)  # before the ledger is read, which another thread writes to
        found = self._jobs(
            select(rows)
            .where(rows.c.state == "temp", rows.c.next_at.is_not(None), self._is_due(now))
            .order_by(rows.c.next_at)
            .limit(limit)
        )
        fresh = self._still([job for job in found if job.key not in held])
        if self._limit is not None:
            new = [job for job in fresh if job.key not in self._given]
            beyond = {job.key for job in new[self._limit :]}
            fresh = [job for job in fresh if job.key not in beyond]
            self._spend(new[: self._limit])
        self._held.update(job.key for job in fresh)
        return fresh

    def next_due(self) -> float | None:
        """Seconds until a delivery that was put off may be tried; None where there is none."""
        if self._limit is not None and not self._limit:
            return None
        with self._store.read() as connection:
            first = connection.execute(
                select(func.min(rows.c.next_at)).where(self._mine(), rows.c.next_at.is_not(None))
            ).scalar()
        if first is None:
            return None
        wait = int(first) - self._clock()
        return wait / 1000 if 0 < wait <= self._longest else 0.0

    def write(self, changes: Sequence[Change]) -> Collection[str]:
        """Keep the changes in one transaction; the keys of intents whose people have left.

        The body of a message follows its intent, so this is the last moment to look.
        """
        now = self._clock()
        begun: dict[str, dict[str, Any]] = {}
        ended: dict[str, dict[str, Any]] = {}
        # Of several changes of one delivery the last counts: the one that is durable then. An
        # intent stands behind what ended the one before it, or the ledger would refuse it.
        for change in changes:
            key = change.job.key
            if change.state == "sending":
                known = self._known(change.job.recipient.address)
                begun[key] = {"row": key, "now": now, **known}
            else:
                ended[key] = _ended(change, now)
                begun.pop(key, None)
        with self._store.begin() as connection:
            if ended:
                connection.exec_driver_sql(*self._end(list(ended.values())))
            gone = self._not_begun(connection, begun, now) if begun else ()
            for change in changes:
                if change.dead:
                    self._bury(connection, change.job.recipient.address, change.dead)
            if gone:
                self._withdraw(connection, [c.job for c in changes if c.job.key in gone])
        # Only now does `due` see what became of them; who is planned again is in the run's hands.
        self._held -= {c.job.key for c in changes if c.state not in {"sending", "planned"}}
        return gone

    def _not_begun(
        self, connection: Connection, begun: dict[str, dict[str, Any]], now: int
    ) -> Collection[str]:
        """Begin deliveries; the keys of those that could not be, since they are no more to be."""
        done = connection.exec_driver_sql(*self._begin(list(begun.values())))
        if done.rowcount == len(begun):
            return ()
        mine = and_(rows.c.send_id == self._send_id, rows.c.key.in_(list(begun)))
        ours = and_(mine, rows.c.state == "sending", rows.c.begun_at == now)
        return begun.keys() - set(connection.execute(select(rows.c.key).where(ours)).scalars())

    def _withdraw(self, connection: Connection, jobs: Sequence[Job]) -> None:
        why = self._left(connection, [job.recipient.address for job in jobs])
        for job in jobs:
            reply = why.get(job.recipient.address, "left while the issue was being sent")
            mine = and_(rows.c.send_id == self._send_id, rows.c.key == job.key, _is_open())
            connection.execute(
                update(rows).where(mine).values(state="withdrawn", next_at=None, reply=reply)
            )

    def _spend(self, jobs: Sequence[Job]) -> None:
        if self._limit is not None:
            self._limit -= len(jobs)
            self._given.update(job.key for job in jobs)

    def _mine(self) -> ColumnElement[bool]:
        mine = rows.c.send_id == self._send_id
        return mine if self._list_id is None else and_(mine, rows.c.list_id == self._list_id)

    def _is_due(self, now: int) -> ColumnElement[bool]:
        # A clock that jumped back must not leave anybody waiting for months.
        return or_(rows.c.next_at <= now, rows.c.next_at > now + self._longest)

    def _jobs(self, query: Select[Any]) -> list[Job]:
        with self._store.read() as connection:
            found = connection.execute(query.where(self._mine())).all()
        return [_job(row) for row in found]

    def _still(self, jobs: list[Job]) -> list[Job]:
        """Those of `jobs` who have not left; the others are withdrawn."""
        if not jobs:
            return []
        with self._store.read() as connection:
            left = self._left(connection, [job.recipient.address for job in jobs])
        if not left:
            return jobs
        gone = [job for job in jobs if job.recipient.address in left]
        self.write(
            [Change(job, "withdrawn", 0, left[job.recipient.address], job.attempts) for job in gone]
        )
        self._tally.withdrawn += len(gone)
        return [job for job in jobs if job.recipient.address not in left]


def _begin(send_id: int, keys: int) -> Update:
    """The intent to send, of who is there, not done with, and known to the list by no key."""
    left = [
        exists().where(
            people.c.key_id == bindparam(f"key{n}"),
            people.c.reference == bindparam(f"hash{n}"),
            people.c.lifted.is_(False),
        )
        for n in range(keys)
    ]
    return (
        _one(send_id)
        .where(_is_open(), *(~one for one in left))
        .values(state="sending", next_at=None, begun_at=bindparam("now"))
    )


def _is_open() -> ColumnElement[bool]:
    return or_(*(rows.c.state == state for state in _OPEN))


def _parameters(known: Known) -> Callable[[str], dict[str, Any]]:
    """What `known` says of an address, as `_begin` takes it."""

    def of(address: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for n, (key_id, digest) in enumerate(known(address)):
            found |= {f"key{n}": key_id, f"hash{n}": digest}
        return found

    return of


def _end(send_id: int) -> Update:
    return _one(send_id).values(
        state=bindparam("to"),
        code=bindparam("answer"),
        reply=bindparam("words"),
        attempts=bindparam("tries"),
        next_at=bindparam("again"),
        ended_at=bindparam("now"),
    )


def _one(send_id: int) -> Update:
    return update(rows).where(rows.c.send_id == send_id, rows.c.key == bindparam("row"))


def _compiled(
    statement: Update, dialect: Dialect
) -> Callable[[list[dict[str, Any]]], tuple[str, Any]]:
    """A statement as the driver takes it, for many rows.

    SQLAlchemy's own way takes half as long again as the database, at each commit.
    """
    made = statement.compile(dialect=dialect)
    sql, fixed, names = str(made), dict(made.params), made.positiontup

    def bound(values: list[dict[str, Any]]) -> tuple[str, Any]:
        each = [{**fixed, **row} for row in values]
        return sql, each if names is None else [tuple(row[n] for n in names) for row in each]

    return bound


def _ended(change: Change, now: int) -> dict[str, Any]:
    again = now + int(change.wait * 1000) if change.state == "temp" and change.wait else None
    return {
        "row": change.job.key,
        "to": change.state,
        "answer": change.code,
        "words": change.reply[:500],
        "tries": change.attempts,
        "again": again,
        "now": None if change.state == "planned" else now,
    }


def _job(row: Row[Any]) -> Job:
    fields = json.loads(row.fields) if row.fields else {}
    recipient = Recipient(address=row.address or row.key, fields=fields, line=row.line)
    return Job(row.key, recipient, row.key.rpartition("@")[2], row.attempts or 0)


def _at(domain: str) -> ColumnElement[bool]:
    return rows.c.key.endswith(f"@{domain}", autoescape=True)


def settle_left_over(connection: Connection, send_id: int) -> int:
    """What a run that died left as `sending` becomes `unknown`; how many there were."""
    done = connection.execute(
        update(rows)
        .where(rows.c.send_id == send_id, rows.c.state == "sending")
        .values(
            state="unknown", next_at=None, code=0, reply="The run ended before the answer came."
        )
    )
    return done.rowcount


def plan_again(
    connection: Connection, send_id: int, states: Iterable[State], *, list_id: int | None = None
) -> int:
    """Make deliveries in `states` planned once more; how many there were."""
    mine = and_(rows.c.send_id == send_id, rows.c.state.in_(tuple(states)))
    if list_id is not None:
        mine = and_(mine, rows.c.list_id == list_id)
    done = connection.execute(
        update(rows).where(mine).values(state="planned", attempts=None, next_at=None)
    )
    return done.rowcount
