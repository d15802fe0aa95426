"""Who is next: limits by second and by domain, and those who wait for another try.

Pure: every moment is handed in, in seconds of a clock that only goes forward.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping

from digest.send.delivery import Job

LOW = 64
"""Jobs of one queue below which more are wanted from the ledger."""
_SLACK = 0.1
"""Seconds: the run looks up several times a second, and its lateness must not lower the rate."""


class Pace:
    """At most `rate` a second, evenly; 0: no limit. Up to a tenth of a second is made up for."""

    def __init__(self, rate: float) -> None:
        self._gap = 1.0 / rate if rate else 0.0
        self._next = 0.0

    def wait(self, now: float) -> float:
        """Seconds until the next may go."""
        return max(0.0, self._next - now)

    def spend(self, now: float) -> None:
        """One goes now."""
        self._next = max(self._next, now - _SLACK) + self._gap


class Schedule:
    """The jobs in memory: a queue for each domain that has a limit, and one for all others.

    The queue of the others is named "". Jobs come from the ledger some hundreds at a time, queue
    by queue, so that a slow domain neither fills the memory nor stops the rest.
    """

    def __init__(
        self, *, rate: float = 0.0, domain_rates: Mapping[str, float] | None = None
    ) -> None:
        self._pace = Pace(rate)
        self._paces = {"": Pace(0.0), **{d: Pace(r) for d, r in (domain_rates or {}).items()}}
        self._queues: dict[str, deque[Job]] = {name: deque() for name in self._paces}
        self._turn = deque(self._queues)

    @property
    def limited(self) -> tuple[str, ...]:
        """The domains that have a queue of their own."""
        return tuple(name for name in self._queues if name)

    def __len__(self) -> int:
        return sum(map(len, self._queues.values()))

    def add(self, jobs: Iterable[Job]) -> None:
        """Jobs that are to be done after those that are there."""
        for job in jobs:
            self._queues[job.domain if job.domain in self._queues else ""].append(job)

    def put_back(self, job: Job) -> None:
        """A job that was taken and not begun: it is the next one again."""
        self._queues[job.domain if job.domain in self._queues else ""].appendleft(job)

    def low(self) -> tuple[str, ...]:
        """The queues that want more jobs."""
        return tuple(name for name, queue in self._queues.items() if len(queue) < LOW)

    def pop(self, now: float) -> Job | None:
        """The next job that may go now, the queues by turns."""
        if self._pace.wait(now):
            return None
        for _ in range(len(self._turn)):
            name = self._turn[0]
            self._turn.rotate(-1)
            queue = self._queues[name]
            if queue and not self._paces[name].wait(now):
                self._pace.spend(now)
                self._paces[name].spend(now)
                return queue.popleft()
        return None

    def peek(self) -> Job | None:
        """The job that will probably be next, if there is one."""
        return next((self._queues[name][0] for name in self._turn if self._queues[name]), None)

    def wait(self, now: float) -> float | None:
        """Seconds until a job may go; None where there is none."""
        waits = [self._paces[name].wait(now) for name, queue in self._queues.items() if queue]
        return max(min(waits), self._pace.wait(now)) if waits else None
