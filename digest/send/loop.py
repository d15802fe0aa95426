"""Sending: several connections in one thread, each told what to do as its server answers.

The intent to send is durable before a message's body is written, so that a crash leaves at most
one recipient a connection of whom nobody knows. The result of one and the intent for the next are
kept together, in one commit for all connections that have come so far.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import ssl
import time
from collections.abc import Callable

from digest.errors import SendError
from digest.send.book import Book, Direct, Grouping, Memory, Scribe
from digest.send.connection import Token
from digest.send.delivery import Job, Patience, Progress, Tally
from digest.send.line import DroppedError, Line
from digest.send.pool import Pool
from digest.send.replies import Reply, Verdict, judge
from digest.send.results import Results
from digest.send.schedule import LOW, Schedule
from digest.send.server import Server
from digest.send.wire import Opened, Wire

_CHUNK = 500
"""Jobs that are read from the ledger at once."""
_TELL = 0.2  # seconds between two words of progress
_LOOK = 0.25  # seconds between two looks at the deadlines
_ASK = 1.0  # seconds between two questions for those who may be tried again

Build = Callable[[Job], bytes]
"""The bytes of a job's message as they follow DATA; raises SendError where it cannot be made."""


class Stop:
    """A way to end a run from outside, from a signal's handler too."""

    def __init__(self) -> None:
        self.asked = False
        self._wake: int | None = None

    def ask(self) -> None:
        """Begin nothing more; what is handed over is waited for."""
        self.asked = True
        if self._wake is not None:
            with contextlib.suppress(OSError):
                os.write(self._wake, b"s")

    def heard_by(self, wake: int | None) -> None:
        """The file descriptor that wakes the run."""
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
        self._server = server
        self._sender = sender
        self._schedule = schedule
        self._patience = patience or Patience()
        self._pool = Pool(server, most=connections, patience=self._patience, tls=tls, token=token)
        self._stop = stop or Stop()
        self._progress = progress
        self._clock = clock
        self._lines: list[Line] = []
        self._drained: set[str] = set()
        self._looked = self._told = self._asked = float("-inf")
        self._ends_at = 0.0

    @property
    def error(self) -> SendError | None:
        """Why the run ended before its end."""
        return self._pool.error

    def go(self) -> Tally:
        """Send until nobody is left, somebody stops it, or nobody would fare better.

        Raises LedgerError where the ledger cannot be written: then no body goes out any more.
        """
        began = self._clock()
        read, wake = self._read, self._wake = os.pipe()
        os.set_blocking(read, False)
        os.set_blocking(wake, False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(read, selectors.EVENT_READ, None)
        alone = isinstance(self._book, Memory)
        self._scribe: Scribe = Direct(self._book) if alone else Grouping(self._book, wake)
        self._results = Results(self._scribe, self.tally, self._patience)
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
            for line in self._lines:
                line.close()
            self._stop.heard_by(None)
            self._selector.close()
            self._pool.close()
            self.tally.seconds = self._clock() - began
        self._tell(None)
        return self.tally

    # --- One turn of the loop

    def _turn(self) -> bool:
        """Do what can be done, and wait for what comes; whether there is another turn."""
        now = self._clock()
        for token in self._scribe.written():
            line, job = token  # type: ignore[misc] # what `_grant` put there
            if line.upcoming is job:
                line.granted = True
                self._guarded(self._advance, line)
        self._take_opened(now)
        if self._ending:
            if not self._wind_down(now):
                return False
        else:
            self._refill(now)
            if self._is_done():
                self._part()
                return False
            for line in list(self._lines):
                if line.upcoming is None and line.carried is None:
                    self._guarded(self._fill, line)
            busy = sum(not line.idle for line in self._lines)
            work = busy + len(self._schedule)
            self._pool.open(len(self._lines), work, now=now, wake=self._wake)
        self._look(now)
        for key, mask in self._selector.select(self._timeout(now)):
            if key.data is None:
                with contextlib.suppress(BlockingIOError):
                    while os.read(self._read, 4096):
                        pass
            elif key.data in self._lines:
                self._guarded(self._served, key.data, mask)
        return True

    @property
    def _ending(self) -> bool:
        return self._stop.asked or self._pool.error is not None

    def _timeout(self, now: float) -> float:
        waits = [_LOOK]
        if not self._ending:
            wait = self._schedule.wait(now)
            if wait is not None and any(line.idle for line in self._lines):
                waits.append(wait)
            if len(self._schedule) and self._pool.pause(now):
                waits.append(self._pool.pause(now))
        return min(waits)

    def _is_done(self) -> bool:
        """Whether nothing is left to do and nothing is under way."""
        if len(self._schedule) or any(line.carried or line.upcoming for line in self._lines):
            return False
        wait = self._book.next_due()
        self.tally.next_try = wait or 0.0
        return wait is None

    def _refill(self, now: float) -> None:
        """Have enough jobs in memory, and those that may be tried again."""
        for name in self._schedule.low():
            if name not in self._drained:
                jobs = self._book.fetch(name, _CHUNK)
                self._schedule.add(jobs)
                if len(jobs) < _CHUNK:
                    self._drained.add(name)
        if now - self._asked >= _ASK and len(self._schedule) < LOW:
            self._asked = now
            self._schedule.add(self._book.due(_CHUNK))

    def _look(self, now: float) -> None:
        """Find connections that are silent for too long, and tell how far the run is."""
        if now - self._looked >= _LOOK:
            self._looked = now
            for line in list(self._lines):
                silent = now - line.since
                if line.wire.waiting:
                    patience = self._patience
                    if silent > (patience.final if line.handed_over else patience.reply):
                        self._drop(line, "it did not answer in time")
                elif line.idle and silent > self._patience.idle:
                    self._forget(line)
                    line.goodbye()
        self._tell(now)

    def _tell(self, now: float | None) -> None:
        if self._progress is not None and (now is None or now - self._told >= _TELL):
            self._told = now or self._told
            self.tally.connections = len(self._lines)
            self._progress(self.tally)

    # --- Connections come and go

    def _take_opened(self, now: float) -> None:
        for link in self._pool.take(now):
            if self._ending:
                link.socket.close()
                continue
            line = Line(link, Wire(self._sender, link.features), now=now)
            self._lines.append(line)
            self._selector.register(line.socket, selectors.EVENT_READ, line)

    def _forget(self, line: Line) -> None:
        self._lines.remove(line)
        self._selector.unregister(line.socket)

    def _part(self) -> None:
        """End all conversations."""
        for line in list(self._lines):
            self._forget(line)
            line.goodbye()

    def _wind_down(self, now: float) -> bool:
        """Release what was not handed over, and wait for answers to what was; whether to go on."""
        self._ends_at = self._ends_at or now + self._patience.goodbye
        for line in list(self._lines):
            amid = line.wire.waiting or line.open  # QUIT would become a part of a message
            self._release_upcoming(line)
            if line.carried is None:
                self._forget(line)
                if amid:
                    line.close()
                else:
                    line.goodbye()
            elif now > self._ends_at:
                self._drop(line, "the run was stopped before it came")
        return bool(self._lines)

    # --- What a connection does

    def _guarded(self, act: Callable[..., None], line: Line, *rest: int) -> None:
        """Do something with a connection, and settle what it carried where it breaks."""
        try:
            act(line, *rest)
            if line.broken:
                raise DroppedError(line.broken)
        except DroppedError as error:
            if line in self._lines:
                self._drop(line, str(error))

    def _served(self, line: Line, mask: int) -> None:
        if line not in self._lines:
            return
        line.since = self._clock()
        if mask & selectors.EVENT_READ:
            for event in line.read():
                if line not in self._lines:
                    return
                if isinstance(event, Opened):
                    self._on_opened(line, event.refused)
                else:
                    self._on_taken(line, event.reply)
        if line.writing:
            line.flush()
        if line in self._lines:
            self._watch(line)

    def _watch(self, line: Line) -> None:
        """Be told when the socket takes more, where something is left to write."""
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if line.writing else 0)
        if self._selector.get_key(line.socket).events != events:
            self._selector.modify(line.socket, events, line)

    def _fill(self, line: Line) -> None:
        """Give the connection its next job, if one may go now."""
        now = self._clock()
        while line.upcoming is None and not self._ending:
            job = self._schedule.pop(now)
            if job is None:
                return
            body = self._body(line, job)
            if body is None:
                continue
            line.upcoming, line.body, line.granted, line.open = job, body, False, False
            line.since = now
            address = job.recipient.address
            line.write(line.wire.envelope(address, size=len(body), eight_bit=not body.isascii()))
            if line.carried is None:
                self._grant(line)
            self._watch(line)

    def _body(self, line: Line, job: Job) -> bytes | None:
        """The message of a job; None where there can be none, which is settled then."""
        why = ""
        if not job.recipient.address.isascii() and not line.wire.features.smtputf8:
            why = "The server does not take international addresses (SMTPUTF8)."
        else:
            try:
                body = self._build(job)
            except SendError as error:
                why = error.what
            else:
                limit = line.wire.features.size
                if not limit or len(body) <= limit:
                    return body
                self._schedule.put_back(job)
                self._fail(
                    SendError(
                        f"{self._server} takes messages of {limit:,} bytes at most; this one has "
                        f"{len(body):,}.",
                        hint="Make its pictures fewer: DIGEST_PICTURES=media links to them.",
                    )
                )
                return None
        self._results.impossible(job, why)
        return None

    def _grant(self, line: Line) -> None:
        """Make the intent to send durable; the body waits for it."""
        job = line.upcoming
        assert job is not None
        if self._results.begun(job, (line, job)):
            line.granted = True
            self._advance(line)

    def _advance(self, line: Line) -> None:
        """Write the message, where the server waits for it and the intent is durable."""
        if line.upcoming is None or line.carried or not (line.open and line.granted):
            return
        if self._ending:
            return
        line.carried, line.upcoming, line.open = line.upcoming, None, False
        body, line.body = line.body, b""
        line.wire.body()
        line.since = self._clock()
        line.write(body, message=True)
        if line.wire.features.pipelining:
            self._fill(line)
        self._watch(line)

    def _on_opened(self, line: Line, refused: Reply | None) -> None:
        job = line.upcoming
        if job is None:
            raise DroppedError("it answered what was not asked")
        if refused is None:
            line.open = True
            self._advance(line)
            return
        verdict = judge(refused)
        if verdict.scope == "recipient":
            line.upcoming = None
            self._judged(job, verdict, refused)
            if line.carried is None or line.wire.features.pipelining:
                self._fill(line)
            return
        if verdict.scope == "run":
            self._fail(self._refused(refused))
        else:
            self._pool.fewer()
        raise DroppedError(refused.shown)

    def _on_taken(self, line: Line, reply: Reply) -> None:
        job, line.carried = line.carried, None
        if job is None:
            raise DroppedError("it answered what was not asked")
        verdict = judge(reply)
        if verdict.scope == "run":
            self._results.put_off(job, reply)
            self._fail(self._refused(reply))
            raise DroppedError(reply.shown)
        self._judged(job, verdict, reply)
        if verdict.scope == "connection":
            self._pool.fewer()
            raise DroppedError(reply.shown)
        if self._ending:
            return
        if line.upcoming is not None:
            self._grant(line)
        else:
            self._fill(line)

    def _judged(self, job: Job, verdict: Verdict, reply: Reply) -> None:
        self._results.judged(job, verdict, reply)
        self._pool.answered(taken=verdict.state == "sent")

    def _fail(self, error: SendError) -> None:
        self._pool.error = self._pool.error or error

    def _refused(self, reply: Reply) -> SendError:
        if reply.code in {530, 535}:
            return SendError(
                f"{self._server} wants to be signed in to: {reply.shown}",
                hint="Put user and password into DIGEST_SMTP_URL.",
            )
        return SendError(
            f"{self._server} refused the sender {self._sender}: {reply.shown}",
            hint="Check DIGEST_SENDER, and whether the server lets this user send as it.",
        )

    def _drop(self, line: Line, why: str) -> None:
        """A connection broke: before the final dot the message is tried again, after it never."""
        lost = line.handed_over
        self._forget(line)
        line.close()
        job, line.carried = line.carried, None
        if job is not None and lost:
            self._results.lost(job, why)
        elif job is not None and self._results.dropped(job, why):
            self._schedule.put_back(job)
        self._release_upcoming(line)
        if not self._ending:
            self._pool.trouble(f"The connection broke: {why}.", self._clock())

    def _release_upcoming(self, line: Line) -> None:
        """Put the job whose message was not begun back to those that are planned."""
        job, line.upcoming = line.upcoming, None
        if job is not None:
            self._results.released(job)
            self._schedule.put_back(job)
