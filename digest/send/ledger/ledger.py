"""The ledger as jobs see it: plan, send, look up, report, suppress, forget."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy import Row as Found

from digest.errors import LedgerError
from digest.models import Failure
from digest.send.address import same
from digest.send.delivery import State, Tally
from digest.send.ledger import people, planning
from digest.send.ledger.deliveries import SendBook, counts, plan_again, settle_left_over
from digest.send.ledger.people import Reason
from digest.send.ledger.planning import BATCH, Planned, Told
from digest.send.ledger.store import Store
from digest.send.ledger.tables import deliveries, lists, sends
from digest.send.list_rows import Row
from digest.send.lists import RecipientRows
from digest.send.tokens import Keyring, Reference
from digest.send.unsubscribed import Unsubscribed

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class SendStatus:
    """How far a list of an issue is; `counts` by state, `waiting` of those tried again alone."""

    slug: str
    list_name: str
    sha256: str
    message: str
    planned_at: datetime
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def left(self) -> int:
        """Recipients for whom there is still something to do."""
        found = self.counts
        return found.get("planned", 0) + found.get("sending", 0) + found.get("waiting", 0)

    @property
    def total(self) -> int:
        """All of them."""
        return sum(number for state, number in self.counts.items() if state != "waiting")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A row of the ledger's report."""

    slug: str
    list_name: str
    line: int
    address: str
    state: State
    code: int
    reply: str
    attempts: int
    begun_at: datetime | None
    ended_at: datetime | None


class Ledger:
    """The ledger of `url`, as DIGEST_DATABASE_URL names it; paths count from `folder`.

    `keyring` makes the references by which the suppression list knows people. Every method raises
    LedgerError, in one sentence, where the database fails.
    """

    def __init__(self, url: str, *, folder: Path, keyring: Keyring, clock: Clock) -> None:
        self._store = Store(url, folder=folder)
        self._keyring = keyring
        self._clock = clock
        self.shown = self._store.shown
        self.backup = self._store.backup
        self.check = self._store.check

    @contextmanager
    def hold(self, slug: str) -> Iterator[None]:
        """Be the only one who sends `slug`; what a run that died left is `unknown` from then on."""
        with self._store.hold(slug):
            with self._store.begin() as connection:
                send = planning.send_of(connection, slug)
                if send is not None:
                    settle_left_over(connection, send[0])
            yield

    def status(self, slug: str | None = None) -> tuple[SendStatus, ...]:
        """How far every list of every issue is, or of one; the latest planned last."""
        with self._store.read() as connection:
            query = (
                select(lists.c.id, lists.c.send_id, lists.c.name, lists.c.sha256,
                       lists.c.planned_at, sends.c.slug, sends.c.message)
                .join(sends, sends.c.id == lists.c.send_id)
                .order_by(lists.c.planned_at, lists.c.id)
            )  # fmt: skip
            if slug is not None:
                query = query.where(sends.c.slug == slug)
            return tuple(
                SendStatus(
                    slug=row.slug,
                    list_name=row.name,
                    sha256=row.sha256,
                    message=row.message,
                    planned_at=_moment(row.planned_at) or datetime.now(UTC),
                    counts=counts(connection, row.send_id, list_id=row.id),
                )
                for row in connection.execute(query).all()
            )

    def plan(
        self,
        slug: str,
        rows: RecipientRows,
        *,
        name: str,
        message: str,
        told: Told = lambda _: None,
        trial: bool = False,
        step: Callable[[int], None] = lambda _: None,
    ) -> Planned:
        """Plan the issue `slug`, whose message.eml has that SHA-256, for the list `name`.

        Who is planned already stays as he is. All of it in one transaction, which a `trial` takes
        back. `told` hears of each row that adds nobody, `step` of how many were read.
        """
        with self._store.trial() if trial else self._store.begin() as connection:
            place = self._place(connection, slug, name=name, message=message)
            before = planning.last_id(connection)
            left = self._left_now()
            planned = planning.plan(
                connection, place, _counted(rows, step), left=left, named=name, told=told
            )
            planning.settle_list(connection, place, rows.sha256, before=before)
            if trial:
                planned.domains = planning.domains(connection, place)
        return planned

    def plan_anew(
        self,
        slug: str,
        open_rows: Callable[[], RecipientRows],
        *,
        name: str,
        message: str,
        told: Told = lambda _: None,
    ) -> Planned:
        """Plan a list that changed since: who is new is added, who is gone is withdrawn.

        Whoever was sent to stays sent to. The list is read twice.
        """
        with self._store.begin() as connection:
            place = self._place(connection, slug, name=name, message=message)
            before = planning.last_id(connection)
            rows = open_rows()
            planned = planning.plan(
                connection, place, rows.batches(BATCH), left=self._left_now(), named=name, told=told
            )
            planning.settle_list(connection, place, rows.sha256, before=before)
            standing = (found for found, _ in open_rows().batches(BATCH))
            planned.gone = planning.withdraw_missing(connection, place, standing)
        return planned

    def again(self, slug: str, states: Iterable[State]) -> int:
        """Plan those once more who are in `states`; how many there were."""
        with self._store.begin() as connection:
            send = planning.send_of(connection, slug)
            return plan_again(connection, send[0], states) if send else 0

    def book(
        self, slug: str, *, queues: Sequence[str], limit: int | None, tally: Tally
    ) -> SendBook:
        """What a run over the issue takes its deliveries from."""
        with self._store.read() as connection:
            send = planning.send_of(connection, slug)
        if send is None:
            raise LedgerError(f"{slug} is not planned for anybody.", hint="Name a --list.")
        return SendBook(
            self._store,
            send[0],
            left=self._left_now(),
            bury=self._bury,
            clock=self._now,
            queues=queues,
            limit=limit,
            tally=tally,
        )

    def rows(self, slug: str, *, states: Sequence[State] = ()) -> Iterator[Standing]:
        """Every delivery of an issue, list by list in the order of their lines."""
        query = (
            select(deliveries, lists.c.name, sends.c.slug)
            .join(lists, lists.c.id == deliveries.c.list_id)
            .join(sends, sends.c.id == deliveries.c.send_id)
            .where(sends.c.slug == slug)
            .order_by(deliveries.c.list_id, deliveries.c.line, deliveries.c.id)
        )
        if states:
            query = query.where(deliveries.c.state.in_(tuple(states)))
        with self._store.read() as connection:
            for row in connection.execution_options(yield_per=1000).execute(query):
                yield _standing(row)

    def deliveries_of(self, address: str) -> tuple[Standing, ...]:
        """Every delivery to an address, of all issues."""
        query = (
            select(deliveries, lists.c.name, sends.c.slug)
            .join(lists, lists.c.id == deliveries.c.list_id)
            .join(sends, sends.c.id == deliveries.c.send_id)
            .where(deliveries.c.key == same(address))
            .order_by(deliveries.c.id)
        )
        with self._store.read() as connection:
            return tuple(_standing(row) for row in connection.execute(query))

    # --- People

    def take_over(self, record: Iterable[Unsubscribed | Failure]) -> tuple[int, list[Failure]]:
        """Put who unsubscribed onto the suppression list; how many are new, and bad lines."""
        last: dict[Reference, Unsubscribed] = {}
        failures: list[Failure] = []
        for line in record:
            if isinstance(line, Failure):
                failures.append(line)
            else:
                last[line.reference] = line
        new = 0
        if last:
            with self._store.begin() as connection:
                for reference, line in last.items():
                    at = _milliseconds(line.at)
                    if line.what == "again":
                        people.lift(connection, reference, at=at)
                    else:
                        new += people.suppress(connection, reference, "unsubscribed", at=at)
        return new, failures

    def suppress(
        self, reference: Reference, reason: Reason, *, note: str = "", at: datetime | None = None
    ) -> bool:
        """Put a person onto the suppression list; whether that is new."""
        moment = _milliseconds(at) if at else self._now()
        with self._store.begin() as connection:
            return people.suppress(connection, reference, reason, at=moment, note=note)

    def is_suppressed(self, reference: Reference) -> bool:
        """Whether this person gets nothing any more."""
        with self._store.read() as connection:
            return people.is_suppressed(connection, reference)

    def add_soft_bounce(self, reference: Reference, *, mail: str, at: datetime) -> None:
        """Remember that a mail came back for now, by its Message-ID."""
        with self._store.begin() as connection:
            people.add_soft_bounce(connection, reference, mail, at=_milliseconds(at))

    def soft_bounces(self, reference: Reference, *, since: datetime) -> frozenset[str]:
        """The mails of this person that came back for now since then."""
        with self._store.read() as connection:
            return people.soft_bounces_of(connection, reference, since=_milliseconds(since))

    def suppressed(self) -> dict[str, int]:
        """How many people are on the suppression list, by reason."""
        with self._store.read() as connection:
            return people.suppressed(connection)

    def restore(self, reference: Reference) -> bool:
        """Take a person off the suppression list, who asked to come back; whether they were on."""
        with self._store.begin() as connection:
            return people.restore(connection, reference, at=self._now())

    def who_left(self, addresses: Sequence[str]) -> dict[str, str]:
        """Who of `addresses` gets nothing any more, and why."""
        with self._store.read() as connection:
            return people.who_left(connection, addresses, self._keyring)

    def need_keys(self) -> None:
        """Raise LedgerError where the suppression list names people by a key that is gone."""
        with self._store.read() as connection:
            missing = people.unknown_keys(connection, self._keyring)
        if missing:
            raise LedgerError(
                f"The suppression list knows people by the key {missing[0]!r}, which DIGEST_SECRET "
                "does not hold, so nobody can tell who they are.",
                hint="Put that key back behind the newer ones.",
            )

    def forget(self, address: str) -> int:
        """Take a person out of all deliveries, and put them onto the list; how many rows it was."""
        with self._store.begin() as connection:
            reference = self._keyring.reference(address)
            people.suppress(connection, reference, "forgotten", at=self._now())
            return people.forget(connection, address, self._keyring)

    def _place(
        self, connection: Connection, slug: str, *, name: str, message: str
    ) -> planning.Place:
        return planning.place_for(connection, slug, message=message, name=name, now=self._now())

    def _left_now(self) -> Callable[[Connection, Sequence[str]], dict[str, str]]:
        return partial(_who_left, keyring=self._keyring)

    def _bury(self, connection: Connection, address: str, why: str) -> None:
        if self._keyring:
            reference = self._keyring.reference(address)
            people.suppress(connection, reference, "bounced", at=self._now(), note=why)

    def _now(self) -> int:
        return _milliseconds(self._clock())


def _who_left(
    connection: Connection, addresses: Sequence[str], *, keyring: Keyring
) -> dict[str, str]:
    return people.who_left(connection, addresses, keyring) if keyring else {}


def _counted(
    rows: RecipientRows, step: Callable[[int], None]
) -> Iterator[tuple[list[Row], list[Failure]]]:
    for batch in rows.batches(BATCH):
        yield batch
        step(rows.rows)


def _standing(row: Found[Any]) -> Standing:
    return Standing(
        slug=row.slug,
        list_name=row.name,
        line=row.line,
        address=row.key if row.address is None else row.address,
        state=row.state,
        code=row.code or 0,
        reply=row.reply or "",
        attempts=row.attempts or 0,
        begun_at=_moment(row.begun_at),
        ended_at=_moment(row.ended_at),
    )


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _moment(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC)
