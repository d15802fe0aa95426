"""What the ledger tells, as values: to name them loads no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from digest.send.delivery import State


@dataclass(slots=True)
class Planned:
    """What a list adds to an issue's deliveries.

    `planned` are new; `twice` stand in the list before, `elsewhere` are in another list of this
    issue, `known` were in this one when it was planned earlier; `left` get nothing any more; `gone`
    were planned and are in the list no more, `back` are in it once more. `domains` counts those who
    are planned, where it is a trial.
    """

    planned: int = 0
    twice: int = 0
    elsewhere: int = 0
    known: int = 0
    left: int = 0
    bad: int = 0
    gone: int = 0
    back: int = 0
    domains: dict[str, int] = field(default_factory=dict, compare=False)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """What became of an issue's deliveries, all lists together, and of nobody by name.

    `domains` counts states by the domain of the addresses, `replies` those deliveries by (state,
    code, reply) that were not simply taken, the most frequent first. `first` and `last` are when
    the first was tried and the last answered.
    """

    domains: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    replies: tuple[tuple[State, int, str, int], ...] = ()
    first: datetime | None = None
    last: datetime | None = None
