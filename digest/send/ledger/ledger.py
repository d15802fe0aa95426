"""The ledger as jobs see it: plan, send, look up, report, suppress, forget."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Connection

from digest.errors import LedgerError, SendError
from digest.models import Failure
from digest.send.address import same
from digest.send.delivery import Patience, State, Tally
from digest.send.ledger import people, planning, standing
from digest.send.ledger.deliveries import SendBook, plan_again, settle_left_over
from digest.send.ledger.nouns import Outcomes, Planned, SendStatus, Standing
from digest.send.ledger.people import Reason
from digest.send.ledger.planning import BATCH, Told
from digest.send.ledger.store import Store
from digest.send.lists.reading import RecipientRows
from digest.send.lists.rows import Row
from digest.send.tokens import Keyring, Reference
from digest.send.unsubscribed import Unsubscribed

Clock = Callable[[], datetime]


class Ledger:
    """The ledger of `url`, as DIGEST_DATABASE_URL names it; paths count from `folder`.

    `keyring` makes the references by which the suppression list knows people. Every method raises
    LedgerError, in one sentence, where the database fails. Opened only to `look` it makes and
    changes nothing.
    """

    def __init__(
        self, url: str, *, folder: Path, keyring: Keyring, clock: Clock, look: bool = False
    ) -> None:
        self._store = Store(url, folder=folder, look=look)
        self._keyring = keyring
        self._clock = clock
        self.shown = self._store.shown
        self.backup = self._store.backup
        self.check = self._store.check
        self.close = self._store.engine.dispose

    @contextmanager
    def hold(self, slug: str) -> Iterator[None]:
        """Be the only one who sends `slug`; what a run that died left is `unknown` from then on.

        Raises LedgerError where somebody else sends it, and where the file is damaged: then not
        a byte of it is changed.
        """
        with self._store.hold(slug):
            self._store.check()
            with self._store.begin() as connection:
                send_id = planning.send_of(connection, slug)
                if send_id is not None:
                    settle_left_over(connection, send_id)
            yield

    def status(self, slug: str | None = None) -> tuple[SendStatus, ...]:
        """How far every list of every issue is, or of one; the latest planned last."""
        if self._store.is_empty:
            return ()
        with self._store.read() as connection:
            return tuple(standing.status(connection, slug))

    def plan(
        self,
        slug: str,
        rows: RecipientRows,
        *,
        name: str,
        message: str,
        told: Told = lambda _: None,
        trial: bool = False,
        record: Iterable[Unsubscribed | Failure] = (),
        step: Callable[[int], None] = lambda _: None,
    ) -> Planned:
        """Plan the issue `slug`, whose message.eml has that SHA-256, for the list `name`.

        Who is planned already stays as he is. All of it in one transaction, which a `trial` takes
        back. Who unsubscribed by the `record` is suppressed first. `told` hears of each row that
        adds nobody, `step` of how many were read. Raises SendError where the list names nobody.
        """
        with self._store.trial() if trial else self._store.begin() as connection:
            for failure in people.take_over(connection, record)[1]:
                told(failure)
            place = self._place(connection, slug, name=name, message=message)
            left = self._left_now() if people.suppressed(connection) else None
            planned = planning.plan(
                connection, place, _counted(rows, step), left=left, named=name, told=told
            )
            _need_somebody(planned, rows)
            planning.settle_list(connection, place, rows.sha256)
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
        trial: bool = False,
        record: Iterable[Unsubscribed | Failure] = (),
    ) -> Planned:
        """Plan a list that changed since: who is new is added, who is gone is withdrawn.

        Whoever was sent to stays sent to. The list is read twice. The rest is as with `plan`.
        """
        with self._store.trial() if trial else self._store.begin() as connection:
            for failure in people.take_over(connection, record)[1]:
                told(failure)
            place = self._place(connection, slug, name=name, message=message)
            rows = open_rows()
            left = self._left_now() if people.suppressed(connection) else None
            planned = planning.plan(
                connection, place, rows.batches(BATCH), left=left, named=name, told=told
            )
            _need_somebody(planned, rows)
            planning.settle_list(connection, place, rows.sha256)
            once_more = open_rows()
            still = (found for found, _ in once_more.batches(BATCH))
            planned.gone, planned.back = planning.follow(connection, place, still)
            if once_more.sha256 != rows.sha256:  # half a list would withdraw the other half
                raise SendError(
                    f"{name} is being written at this moment: nothing is kept, and nothing sent.",
                    hint="Run this command again when it is whole.",
                )
            if trial:
                planned.domains = planning.domains(connection, place)
        return planned

    def has_begun(self, slug: str) -> bool:
        """Whether anything of the issue may have gone out to anybody."""
        with self._store.read() as connection:
            send_id = planning.send_of(connection, slug)
            return send_id is not None and planning.has_begun(connection, send_id)

    def message_of(self, slug: str) -> str | None:
        """The SHA-256 of the message that the issue is sent with; None where it never began."""
        with self._store.read() as connection:
            return planning.message_of(connection, slug)

    def replace_message(self, slug: str, message: str) -> None:
        """Send that message instead: only for an issue of which nothing went out."""
        with self._store.begin() as connection:
            send_id = planning.send_of(connection, slug)
            if send_id is not None and not planning.has_begun(connection, send_id):
                planning.replace_message(connection, send_id, message)

    def again(self, slug: str, states: Iterable[State], *, name: str) -> int:
        """Plan those of the list `name` once more who are in `states`; how many there were."""
        with self._store.begin() as connection:
            place = planning.place_of(connection, slug, name)
            if place is None:
                return 0
            return plan_again(connection, place.send_id, states, list_id=place.list_id)

    def book(
        self,
        slug: str,
        *,
        name: str,
        tally: Tally,
        queues: Sequence[str] = (),
        limit: int | None = None,
        longest: float = Patience().longest,
    ) -> SendBook:
        """What a run over the issue and its list `name` takes its deliveries from.

        `longest`, in seconds, is more than anybody is put off for.
        """
        with self._store.read() as connection:
            place = planning.place_of(connection, slug, name)
        if place is None:
            raise LedgerError(f"{slug} is not planned for {name}.", hint="Name a --list.")
        return SendBook(
            self._store,
            place.send_id,
            list_id=place.list_id,
            left=self._left_now(),
            bury=self._bury,
            known=self._known_by,
            clock=self._now,
            queues=queues,
            limit=limit,
            tally=tally,
            longest=int(longest * 1000),
        )

    def rows(self, slug: str, *, states: Sequence[State] = ()) -> Iterator[Standing]:
        """Every delivery of an issue, list by list in the order of their lines."""
        with self._store.read() as connection:
            yield from standing.of_issue(connection, slug, states=states)

    def outcomes(self, slug: str, *, most: int = 20) -> Outcomes:
        """What became of an issue's deliveries by domain, and the `most` frequent replies."""
        if self._store.is_empty:
            return Outcomes()
        with self._store.read() as connection:
            return standing.outcomes(connection, slug, most=most)

    def deliveries_of(self, address: str) -> tuple[Standing, ...]:
        """Every delivery to an address, of all issues."""
        with self._store.read() as connection:
            return tuple(standing.of_address(connection, address))

    # --- People

    def take_over(self, record: Iterable[Unsubscribed | Failure]) -> tuple[int, list[Failure]]:
        """Put who unsubscribed onto the suppression list; how many are new, and bad lines."""
        with self._store.begin() as connection:
            return people.take_over(connection, record)

    def suppress(
        self, reference: Reference, reason: Reason, *, note: str = "", at: datetime | None = None
    ) -> bool:
        """Put a person onto the suppression list; whether that is new."""
        moment = people.milliseconds(at) if at else self._now()
        with self._store.begin() as connection:
            return people.suppress(connection, reference, reason, at=moment, note=note)

    def is_suppressed(self, reference: Reference) -> bool:
        """Whether this person gets nothing any more."""
        with self._store.read() as connection:
            return people.is_suppressed(connection, reference)

    def add_soft_bounce(self, reference: Reference, *, mail: str, at: datetime) -> None:
        """Remember that a mail came back for now, by its Message-ID."""
        with self._store.begin() as connection:
            people.add_soft_bounce(connection, reference, mail, at=people.milliseconds(at))

    def soft_bounces(self, reference: Reference, *, since: datetime) -> frozenset[str]:
        """The mails of this person that came back for now since then."""
        with self._store.read() as connection:
            return people.soft_bounces_of(connection, reference, since=people.milliseconds(since))

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
        if self._store.is_empty:
            return {}
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
        reference = self._keyring.reference(address)
        with self._store.begin() as connection:
            people.suppress(connection, reference, "forgotten", at=self._now())
            count = people.forget(connection, address, self._keyring)
        try:
            self._store.scrub()
        except LedgerError as error:
            raise LedgerError(
                f"{address} is taken out of the ledger, whose file still holds remainders: "
                f"{error.what}",
                hint="Forget the address once more when nothing is being sent.",
            ) from None
        return count

    def _place(
        self, connection: Connection, slug: str, *, name: str, message: str
    ) -> planning.Place:
        return planning.place_for(connection, slug, message=message, name=name, now=self._now())

    def _left_now(self) -> Callable[[Connection, Sequence[str]], dict[str, str]]:
        return partial(_who_left, keyring=self._keyring)

    def _known_by(self, address: str) -> list[tuple[str, bytes]]:
        key = same(address)
        return [(name, self._keyring.reference(key, name).digest) for name in self._keyring.key_ids]

    def _bury(self, connection: Connection, address: str, why: str) -> None:
        if self._keyring:
            reference = self._keyring.reference(address)
            people.suppress(connection, reference, "bounced", at=self._now(), note=why)

    def _now(self) -> int:
        return people.milliseconds(self._clock())


def _who_left(
    connection: Connection, addresses: Sequence[str], *, keyring: Keyring
) -> dict[str, str]:
    return people.who_left(connection, addresses, keyring) if keyring else {}


def _need_somebody(planned: Planned, rows: RecipientRows) -> None:
    """Raise SendError, so that nothing is kept, where the list names nobody."""
    if not (planned.planned or planned.elsewhere or planned.known or planned.left):
        raise rows.nobody()


def _counted(
    rows: RecipientRows, step: Callable[[int], None]
) -> Iterator[tuple[list[Row], list[Failure]]]:
    for batch in rows.batches(BATCH):
        yield batch
        step(rows.rows)
