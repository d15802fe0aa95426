"""Where deliveries come from and where their states are kept: the ledger, or memory for tests.

The loop writes through a `Scribe`. A change is durable before `written` hands it back, and only
then may the body of a message go out whose intent it was.
"""

from __future__ import annotations

import contextlib
import os
import queue
import threading
import time
from collections import deque
from collections.abc import Collection, Iterable, Sequence
from typing import Protocol

from digest.send.delivery import Change, Job, Outcome


class Book(Protocol):
    """What a run needs of the record of deliveries."""

    def fetch(self, queue: str, limit: int) -> Sequence[Job]:
        """The next jobs of a queue of the schedule, each of them once in a run."""
        ...

    def due(self, limit: int) -> Sequence[Job]:
        """Jobs that were put off and may be tried again now."""
        ...

    def next_due(self) -> float | None:
        """Seconds until a job that was put off may be tried; None where there is none."""
        ...

    def write(self, changes: Sequence[Change]) -> Collection[str]:
        """Keep the changes durably, all or none of them; raises LedgerError.

        Gives the keys of intents that were not kept: those people have left meanwhile.
        """
        ...


class Memory:
    """The book of a test: nothing outlives the run, and nobody is tried a second time."""

    def __init__(self, jobs: Iterable[Job]) -> None:
        self._jobs = deque(jobs)
        self.outcomes: dict[str, Outcome] = {}

    def fetch(self, queue: str, limit: int) -> Sequence[Job]:
        """The next jobs; tests know no limits of domains."""
        if queue:
            return ()
        return [self._jobs.popleft() for _ in range(min(limit, len(self._jobs)))]

    def due(self, limit: int) -> Sequence[Job]:
        """None: who is put off stays so."""
        del limit
        return ()

    def next_due(self) -> float | None:
        """None."""
        return None

    def write(self, changes: Sequence[Change]) -> Collection[str]:
        """Keep what became of each."""
        for change in changes:
            self.outcomes[change.job.key] = Outcome(
                recipient=change.job.recipient,
                state=change.state,
                reply=f"{change.code or ''} {change.reply}".strip(),
            )
        return ()


class Scribe(Protocol):
    """Keeps changes for a run; `put` says whether they are kept already."""

    def put(self, change: Change, token: object = None) -> bool:
        """Keep `change`; where that takes a while, False, and `token` comes back by `written`."""
        ...

    def written(self) -> list[object]:
        """The tokens of changes that are durable now; raises what went wrong."""
        ...

    def denied(self) -> list[object]:
        """The tokens of intents that were not kept: their messages must not go."""
        ...

    @property
    def busy(self) -> bool:
        """Whether the book does not know everything yet."""
        ...

    def close(self) -> None:
        """Wait until all is durable; raises what went wrong."""
        ...


class Direct:
    """Writes each change at once, in the same thread: for a book that costs nothing."""

    def __init__(self, book: Book) -> None:
        self._book = book

    def put(self, change: Change, token: object = None) -> bool:
        """Kept at once."""
        del token
        self._book.write((change,))
        return True

    def written(self) -> list[object]:
        """Nothing is outstanding."""
        return []

    def denied(self) -> list[object]:
        """Nobody leaves meanwhile."""
        return []

    @property
    def busy(self) -> bool:
        """Never."""
        return False

    def close(self) -> None:
        """Nothing to wait for."""


_LINGER = 0.001
"""Seconds that a commit waits for more, at most: less than a message takes on its way."""


class Grouping:
    """Writes in a thread of its own: whatever has come while one commit lasted goes into the next.

    So sixteen connections share one fsync, and the loop goes on meanwhile. A commit waits for more
    to come, no longer than the one before it took, until there are `enough` changes. `wake` is a
    file descriptor that gets a byte when something is durable. After a failure nothing more is
    written.
    """

    def __init__(self, book: Book, wake: int, *, enough: int) -> None:
        self._book = book
        self._enough = enough
        self._took = 0.0
        self._wake = wake
        self._queue: queue.SimpleQueue[tuple[Change, object] | None] = queue.SimpleQueue()
        self._written: deque[object] = deque()
        self._denied: deque[object] = deque()
        self._failed: Exception | None = None
        self._put = self._kept = 0
        self._thread = threading.Thread(target=self._run, name="ledger", daemon=True)
        self._thread.start()

    def put(self, change: Change, token: object = None) -> bool:
        """Put `change` into the next commit."""
        self._put += 1
        self._queue.put((change, token))
        return False

    def written(self) -> list[object]:
        """The tokens of what is durable now; raises the failure of the ledger."""
        if self._failed is not None:
            raise self._failed
        return _drained(self._written)

    def denied(self) -> list[object]:
        """The tokens of intents that were not kept."""
        return _drained(self._denied)

    @property
    def busy(self) -> bool:
        """Whether something is not durable yet."""
        return self._put != self._kept

    def close(self) -> None:
        """Write what is left and end the thread; raises the failure of the ledger."""
        self._queue.put(None)
        self._thread.join()
        if self._failed is not None:
            raise self._failed

    def _run(self) -> None:
        ended = False
        while not ended:
            group, ended = self._group()
            if not group or self._failed is not None:
                continue
            began = time.monotonic()
            try:
                left = self._book.write([change for change, _ in group])
            except Exception as error:  # it is raised in the loop
                self._failed = error
            else:
                for change, token in group:
                    if token is not None:
                        where = self._denied if change.job.key in left else self._written
                        where.append(token)
                self._kept += len(group)
            self._took = time.monotonic() - began
            with contextlib.suppress(OSError):  # the pipe is full: the loop is awake
                os.write(self._wake, b"w")

    def _group(self) -> tuple[list[tuple[Change, object]], bool]:
        """What goes into one commit, and whether it is the last."""
        group: list[tuple[Change, object]] = []
        until = 0.0
        while True:
            try:
                left = until - time.monotonic() if group else None
                if left is not None and (left <= 0 or len(group) >= self._enough):
                    item = self._queue.get_nowait()
                else:
                    item = self._queue.get(timeout=left)
            except queue.Empty:
                if until - time.monotonic() <= 0 or len(group) >= self._enough:
                    return group, False
                continue
            if item is None:
                return group, True
            if not group:
                until = time.monotonic() + min(self._took, _LINGER)
            group.append(item)


def _drained(tokens: deque[object]) -> list[object]:
    """All that the other thread has put there up to now."""
    found = []
    while tokens:
        found.append(tokens.popleft())
    return found
