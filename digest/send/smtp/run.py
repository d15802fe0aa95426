"""A run: jobs from the book, over several connections, in one thread that never waits for one."""

from __future__ import annotations

import contextlib
import os
import selectors
import ssl
import threading
import time
from collections.abc import Callable

from digest.errors import SendError
from digest.send.delivery import Job, Patience, Progress, Tally
from digest.send.smtp.book import Book, Direct, Grouping, Memory, Scribe
from digest.send.smtp.connection import Token
from digest.send.smtp.conversations import Build, Conversations
from digest.send.smtp.pool import Pool
from digest.send.smtp.results import Results
from digest.send.smtp.schedule import LOW, Schedule
from digest.send.smtp.server import Server

_CHUNK = 500
"""Jobs that are read from the ledger at once."""
_TELL = 0.2  # seconds between two words of progress
_LOOK = 0.25  # seconds between two looks at the deadlines
_ASK = 1.0  # seconds between two questions for those who may be tried again


class Stop:
    """A way to end a run from outside, from a signal's handler too."""

    def __init__(self) -> None:
        self.asked = False
        self._wake: int | None = None
        # A signal's handler may come while its own thread holds it.
        self._lock = threading.RLock()

    def ask(self) -> None:
        """Begin nothing more; what is handed over is waited for."""
        self.asked = True
        with self._lock, contextlib.suppress(OSError):
            if self._wake is not None:
                os.write(self._wake, b"s")

    def heard_by(self, wake: int | None) -> None:
        """The file descriptor that wakes the run."""
        with self._lock:
            self._wake = wake


class Run:
    """One run over one server: at most `connections` at once."""

    def __init__(
        self,
        book: Book,
        build: Build,
        *,
        server: Server,
        sender: str,
        schedule: Schedule,
        connections: int,
        envelope_id: Callable[[Job], str] | None = None,
        tls: ssl.SSLContext | None = None,
        token: Token | None = None,
        patience: Patience | None = None,
        tally: Tally | None = None,
        stop: Stop | None = None,
        progress: Progress | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.tally = tally or Tally()
        self._book = book
        self._build = build
        self._connections = connections
        self._server = server
        self._envelope_id = envelope_id
        self._sender = sender
        self._schedule = schedule
        self._patience = patience or Patience()
        self._pool = Pool(server, most=connections, patience=self._patience, tls=tls, token=token)
        self._stop = stop or Stop()
        self._progress = progress
        self._clock = clock
        self._drained: set[str] = set()
        self._looked = self._told = self._asked = float("-inf")
        self._ends_at = 0.0

    @property
    def error(self) -> SendError | None:
        """Why the run ended before its end."""
        return self._pool.error

    def go(self) -> Tally:
        """Send until nobody is left, somebody stops it, or nobody would fare better.

        A SendError of who is told of the progress ends it, too, in order.

        Raises LedgerError where the ledger cannot be written: then no body goes out any more.
        """
        began = self._clock()
        read, wake = self._read, self._wake = os.pipe()
        os.set_blocking(read, False)
        os.set_blocking(wake, False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(read, selectors.EVENT_READ, None)
        alone = isinstance(self._book, Memory)
        self._scribe: Scribe = (
            Direct(self._book) if alone else Grouping(self._book, wake, enough=self._connections)
        )
        self._talks = Conversations(
            self._build,
            server=self._server,
            sender=self._sender,
            schedule=self._schedule,
            results=Results(self._scribe, self.tally, self._patience),
            pool=self._pool,
            selector=self._selector,
            clock=self._clock,
            ending=self._ending,
            envelope_id=self._envelope_id,
        )
        self._stop.heard_by(wake)
        try:
            while self._turn():
                self.tally.seconds = self._clock() - began
            self._scribe.close()
        except BaseException:
            with contextlib.suppress(Exception):  # what is told is the first of them
                self._scribe.close()
            raise
        finally:
            self._talks.close()
            self._stop.heard_by(None)
            self._selector.close()
            self._pool.close()
            os.close(read)
            os.close(wake)
            self.tally.seconds = self._clock() - began
        self._tell(None)
        return self.tally

    def _turn(self) -> bool:
        """Do what can be done, and wait for what comes; whether there is another turn."""
        now = self._clock()
        for token in self._scribe.written():
            self._talks.granted(token)
        for token in self._scribe.denied():
            self._talks.denied(token)
        for link in self._pool.take(len(self._talks.lines), now=now):
            if self._ending():
                link.socket.close()
            else:
                self._talks.add(link, now=now)
        if not (self._wind_down(now) if self._ending() else self._go_on(now)):
            self._talks.part()
            return False
        if now - self._looked >= _LOOK:
            self._looked = now
            self._talks.look(now, self._patience)
        self._tell(now)
        for key, mask in self._selector.select(self._timeout(now)):
            if key.data is not None:
                self._talks.served(key.data, mask)
                continue
            with contextlib.suppress(BlockingIOError):
                while os.read(self._read, 4096):
                    pass
        return True

    def _go_on(self, now: float) -> bool:
        """Get jobs and connections together; whether anything is left to do."""
        self._refill(now)
        if not len(self._schedule) and not self._talks.carrying and not self._scribe.busy:
            wait = self._book.next_due()
            self.tally.next_try = wait or 0.0
            if wait is None:
                return False
        self._talks.fill()
        there = len(self._talks.lines)
        if there + self._pool.opening < self._connections:
            work = self._talks.busy + len(self._schedule)
            self._pool.open(there, work, now=now, wake=self._wake)
        return True

    def _wind_down(self, now: float) -> bool:
        self._ends_at = self._ends_at or now + self._patience.goodbye
        return self._talks.wind_down(over=now > self._ends_at)

    def _ending(self) -> bool:
        return self._stop.asked or self._pool.error is not None

    def _timeout(self, now: float) -> float:
        waits = [_LOOK]
        if not self._ending():
            wait = self._schedule.wait(now)
            if wait is not None and any(line.idle for line in self._talks.lines):
                waits.append(wait)
            if len(self._schedule) and self._pool.pause(now):
                waits.append(self._pool.pause(now))
        return min(waits)

    def _refill(self, now: float) -> None:
        """Have enough jobs in memory, and those that may be tried again."""
        for name in self._schedule.low():
            if name not in self._drained:
                jobs = self._book.fetch(name, _CHUNK)
                self._schedule.add(jobs)
                if not jobs:  # fewer than asked for may only mean that some have left
                    self._drained.add(name)
        if now - self._asked >= _ASK and len(self._schedule) < LOW:
            self._asked = now
            self._schedule.add(self._book.due(_CHUNK))

    def _tell(self, now: float | None) -> None:
        if self._progress is not None and (now is None or now - self._told >= _TELL):
            self._told = now or self._told
            self.tally.connections = len(self._talks.lines)
            self.tally.trouble = self._pool.why
            try:
                self._progress(self.tally)
            except SendError as error:  # for example: who unsubscribed cannot be read any more
                self._pool.error = self._pool.error or error
