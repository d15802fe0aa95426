"""A book of deliveries for tests: in memory, as slow and as faulty as asked."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence

from digest.models import Recipient
from digest.send import Job, State
from digest.send.delivery import Change
from tests.send.scripted import Log


class Notebook:
    """Keeps each job's state, and tells the log of each change once it is durable.

    `commit` is how long a transaction takes, in seconds; `at_most` jobs are given out at once.
    `refuse` is asked before each transaction: what it gives is raised.
    """

    def __init__(
        self,
        addresses: Sequence[str],
        *,
        log: Log | None = None,
        commit: float = 0.0,
        at_most: int = 500,
        refuse: Callable[[Sequence[Change]], Exception | None] = lambda _: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        jobs = [
            Job(f"{number:06}", Recipient(address=address), address.rpartition("@")[2])
            for number, address in enumerate(addresses)
        ]
        self.states: dict[str, State] = {job.recipient.address: "planned" for job in jobs}
        self.changes: list[Change] = []
        self.left: set[str] = set()
        """Who leaves before their intent is kept."""
        self._planned = jobs
        self._later: dict[str, tuple[float, Job]] = {}
        self._log = log or Log()
        self._commit = commit
        self._at_most = at_most
        self._refuse = refuse
        self._clock = clock

    def fetch(self, queue: str, limit: int) -> Sequence[Job]:
        """The next jobs of a domain, or of all those without a limit of their own."""
        found = [job for job in self._planned if not queue or job.domain == queue]
        found = found[: min(limit, self._at_most)]
        self._planned = [job for job in self._planned if job not in found]
        return found

    def due(self, limit: int) -> Sequence[Job]:
        """Who was put off, and may be tried again."""
        now = self._clock()
        found = [job for at, job in self._later.values() if at <= now][:limit]
        for job in found:
            del self._later[job.key]
        return found

    def next_due(self) -> float | None:
        """Seconds until the first of them."""
        waits = [at - self._clock() for at, _ in self._later.values()]
        return max(0.0, min(waits)) if waits else None

    def write(self, changes: Sequence[Change]) -> Collection[str]:
        """Keep the changes."""
        time.sleep(self._commit)
        if error := self._refuse(changes):
            raise error
        left = {change.job.key for change in changes if change.job.recipient.address in self.left}
        for change in changes:
            if change.job.key in left:
                continue
            address = change.job.recipient.address
            self.states[address] = change.state
            self.changes.append(change)
            if change.state == "temp" and change.wait:
                again = change.job._replace(attempts=change.attempts)
                self._later[change.job.key] = (self._clock() + change.wait, again)
            self._log.add(change.state, address)
        return left

    def of(self, address: str) -> list[Change]:
        """What became of one recipient, but for intents."""
        return [
            change
            for change in self.changes
            if change.job.recipient.address == address and change.state != "sending"
        ]
