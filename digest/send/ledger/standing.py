"""What the ledger tells: how far a list is, and where each of its recipients stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from digest.send.delivery import State


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
