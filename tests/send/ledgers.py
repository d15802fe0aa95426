"""A ledger with a clock that tests set, and short words for what they do with it."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from digest.models import Failure
from digest.send import (
    Job,
    Keyring,
    Ledger,
    Planned,
    RecipientRows,
    Reference,
    SendStatus,
    State,
    Tally,
    open_list,
)
from digest.send.delivery import Change
from digest.send.ledger.deliveries import SendBook

SLUG = "2026-W47"
MESSAGE = "a" * 64
LIST = "readers.csv"
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
OLD = ("a", "an-older-key-of-more-than-32-characters")
NEW = ("b", "a-newer-key-of-more-than-32-characters")


def listed(text: str | Iterable[str]) -> RecipientRows:
    """The rows of a list of that text."""
    whole = text if isinstance(text, str) else "\n".join(text) + "\n"
    return open_list(io.BytesIO(whole.encode()), shown=LIST)


def people(count: int, *, first: int = 1, domain: str = "example.org") -> list[str]:
    """Addresses that differ."""
    return [f"reader{n}@{domain}" for n in range(first, first + count)]


@dataclass
class Desk:
    """A ledger of `url`; `now` is what its clock says."""

    url: str
    folder: Path
    secrets: tuple[tuple[str, str], ...] = (OLD,)
    now: datetime = NOON
    told: list[Failure] = field(default_factory=list)
    _ledger: Ledger | None = None

    @property
    def is_file(self) -> bool:
        return self.url.startswith("sqlite")

    @property
    def file(self) -> Path:
        return self.folder / "ledger.db"

    def another(self) -> Ledger:
        """The same ledger opened once more, as another process does."""
        return Ledger(
            self.url, folder=self.folder, keyring=Keyring(self.secrets), clock=lambda: self.now
        )

    @property
    def ledger(self) -> Ledger:
        if self._ledger is None:
            self._ledger = self.another()
        return self._ledger

    def close(self) -> None:
        self._ledger = None

    def wait(self, **span: float) -> None:
        self.now += timedelta(**span)

    def reference(self, address: str) -> Reference:
        return Keyring(self.secrets).reference(address)

    def plan(
        self,
        text: str | Iterable[str],
        *,
        name: str = LIST,
        slug: str = SLUG,
        trial: bool = False,
    ) -> Planned:
        self.told.clear()
        return self.ledger.plan(
            slug, listed(text), name=name, message=MESSAGE, told=self.told.append, trial=trial
        )

    def follow(self, text: str | Iterable[str], *, trial: bool = False) -> Planned:
        self.told.clear()
        return self.ledger.plan_anew(
            SLUG,
            lambda: listed(text),
            name=LIST,
            message=MESSAGE,
            told=self.told.append,
            trial=trial,
        )

    def book(
        self,
        *,
        name: str = LIST,
        queues: Sequence[str] = (),
        limit: int | None = None,
        tally: Tally | None = None,
    ) -> SendBook:
        return self.ledger.book(SLUG, name=name, queues=queues, limit=limit, tally=tally or Tally())

    def status(self, *, name: str = LIST) -> SendStatus:
        (found,) = [s for s in self.ledger.status(SLUG) if s.list_name == name]
        return found

    def states(self) -> dict[str, State]:
        """The state of each address."""
        return {row.address: row.state for row in self.ledger.rows(SLUG)}

    def replies(self) -> dict[str, str]:
        return {row.address: row.reply for row in self.ledger.rows(SLUG)}


def addresses(jobs: Iterable[Job]) -> list[str]:
    return [job.recipient.address for job in jobs]


def settle(book: SendBook, jobs: Iterable[Job], state: State = "sent", **how: float) -> None:
    """Give each job its state, as a run does: the intent first."""
    jobs = list(jobs)
    book.write([Change(job, "sending", attempts=job.attempts) for job in jobs])
    wait = how.get("wait", 0.0)
    book.write([Change(job, state, 250, "its answer", job.attempts + 1, wait) for job in jobs])
