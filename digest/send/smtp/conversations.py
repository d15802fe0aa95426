"""What the connections of a run do, each as its server answers.

The intent to send is durable before a message's body is written, so that a crash leaves at most
one recipient a connection of whom nobody knows. The result of one and the intent for the next are
kept together.
"""

from __future__ import annotations

import contextlib
import selectors
from collections.abc import Callable
from typing import cast

from digest.errors import SendError
from digest.send.address import needs_smtputf8
from digest.send.delivery import Job, Patience
from digest.send.smtp.connection import Link
from digest.send.smtp.line import DroppedError, Line
from digest.send.smtp.pool import Pool
from digest.send.smtp.replies import Reply, Verdict, judge, over
from digest.send.smtp.results import Results
from digest.send.smtp.schedule import Schedule
from digest.send.smtp.server import Server
from digest.send.smtp.wire import Opened, Wire

Build = Callable[[Job], bytes]
"""The bytes of a job's message as they follow DATA; raises SendError where it cannot be made."""


class Conversations:
    """All lines of a run, watched by one selector. `ending` says that nothing new is begun."""

    def __init__(
        self,
        build: Build,
        *,
        server: Server,
        sender: str,
        schedule: Schedule,
        results: Results,
        pool: Pool,
        selector: selectors.BaseSelector,
        clock: Callable[[], float],
        ending: Callable[[], bool],
        envelope_id: Callable[[Job], str] | None = None,
    ) -> None:
        self.lines: list[Line] = []
        self._build = build
        self._built: dict[str, bytes] = {}
        self._server = server
        self._sender = sender
        self._schedule = schedule
        self._results = results
        self._pool = pool
        self._selector = selector
        self._clock = clock
        self._ending = ending
        self._envelope_id = envelope_id

    @property
    def busy(self) -> int:
        """How many lines have something under way."""
        return sum(not line.idle for line in self.lines)

    @property
    def carrying(self) -> bool:
        """Whether a job is under way on any of them."""
        return any(line.carried or line.upcoming for line in self.lines)

    def add(self, link: Link, *, now: float) -> None:
        """A connection was opened."""
        line = Line(link, Wire(self._sender, link.features, link.clean), now=now)
        self.lines.append(line)
        self._selector.register(line.socket, selectors.EVENT_READ, line)

    def fill(self) -> None:
        """Give every line that has none its next job, if one may go now."""
        for line in list(self.lines):
            if line.upcoming is None and line.carried is None:
                self._guarded(self._fill, line)

    def granted(self, token: object) -> None:
        """An intent is durable: its message may go."""
        line, job = cast("tuple[Line, Job]", token)
        if line.upcoming is job:
            line.granted = True
            self._guarded(self._advance, line)

    def denied(self, token: object) -> None:
        """The recipient left meanwhile: the server, which waits for the message, gets none."""
        line, job = cast("tuple[Line, Job]", token)
        if line.upcoming is job:
            line.upcoming = None
            self._results.left(job)
            self._forget(line)
            line.close()

    def served(self, line: Line, mask: int) -> None:
        """The line's socket has something to read, or takes more."""
        if line in self.lines:
            self._guarded(self._serve, line, mask)

    def look(self, now: float, patience: Patience) -> None:
        """Drop lines whose server is silent for too long, and part from those without work."""
        for line in list(self.lines):
            silent = now - line.since
            if line.wire.waiting:
                if silent > (patience.final if line.handed_over else patience.reply):
                    self._drop(line, "it did not answer in time")
            elif line.idle and silent > patience.idle:
                self._part_from(line)

    def part(self) -> None:
        """End all conversations; what is handed over is handed over."""
        for line in self.lines:  # to all before one is waited for: each answer is a round trip
            if not line.amid:
                line.quit()
        for line in list(self.lines):
            self._part_from(line)

    def _part_from(self, line: Line) -> None:
        self._forget(line)
        if line.amid:  # QUIT would become a part of a message
            line.close()
        else:
            line.goodbye()

    def wind_down(self, *, over: bool) -> bool:
        """Release what was not handed over, and wait for answers to what was; whether to go on.

        `over`: the time to wait is over.
        """
        for line in list(self.lines):
            self._release_upcoming(line)
            if line.carried is not None and over:
                self._drop(line, "the run was stopped before it came")
            elif line.carried is None:
                self._part_from(line)
        return bool(self.lines)

    def close(self) -> None:
        """Close all without a word."""
        for line in self.lines:
            line.close()

    def _forget(self, line: Line) -> None:
        self.lines.remove(line)
        self._selector.unregister(line.socket)

    def _guarded(self, act: Callable[..., None], line: Line, *rest: int) -> None:
        """Do something with a connection, and settle what it carried where it breaks."""
        try:
            act(line, *rest)
            if line.broken:
                raise DroppedError(line.broken)
        except DroppedError as error:
            if line in self.lines:
                self._drop(line, str(error))

    def _serve(self, line: Line, mask: int) -> None:
        replies = line.wire.replies
        events = line.read() if mask & selectors.EVENT_READ else []
        # A reply that comes byte by byte is none: whoever drips could hold the run for days.
        if mask & selectors.EVENT_WRITE or line.wire.replies > replies:
            line.since = self._clock()
        for event in events:
            if line not in self.lines:
                return
            if isinstance(event, Opened):
                self._on_opened(line, event.refused)
            else:
                self._on_taken(line, event.reply)
        if line.writing:
            line.flush()
        if line in self.lines:
            self._watch(line)

    def _watch(self, line: Line) -> None:
        """Be told when the socket takes more, where something is left to write."""
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if line.writing else 0)
        if self._selector.get_key(line.socket).events != events:
            self._selector.modify(line.socket, events, line)

    def _fill(self, line: Line) -> None:
        """Give the connection its next job, if one may go now."""
        envelope = self._next_envelope(line)
        if envelope:
            line.write(envelope)
            if line.carried is None:
                self._grant(line)
            self._watch(line)

    def _next_envelope(self, line: Line) -> bytes:
        """What to write for the next job, upcoming from now on; empty where none may go."""
        now = self._clock()
        while line.upcoming is None and not self._ending():
            job = self._schedule.pop(now)
            if job is None:
                break
            body = self._body(line, job)
            if body is None:
                continue
            line.upcoming, line.body, line.granted, line.open = job, body, False, False
            line.since = now
            return line.wire.envelope(
                job.recipient.address,
                size=len(body),
                eight_bit=not body.isascii(),
                envelope_id=self._envelope_id(job) if self._envelope_id else "",
            )
        return b""

    def _build_ahead(self) -> None:
        """Make the message of who is probably next, while the servers are at work."""
        job = self._schedule.peek()
        if job is not None and job.key not in self._built:
            with contextlib.suppress(SendError):  # it is told at its turn
                self._built = {job.key: self._build(job)}

    def _body(self, line: Line, job: Job) -> bytes | None:
        """The message of a job; None where there can be none, which is settled then."""
        why = ""
        if needs_smtputf8(job.recipient.address) and not line.wire.features.smtputf8:
            why = "The server does not take international addresses (SMTPUTF8)."
        else:
            try:
                body = self._built.pop(job.key, b"") or self._build(job)
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
        if job is not None and self._results.begun(job, (line, job)):
            line.granted = True
            self._advance(line)

    def _advance(self, line: Line) -> None:
        """Write the message, where the server waits for it and the intent is durable."""
        if line.upcoming is None or line.carried or not (line.open and line.granted):
            return
        if self._ending():
            return
        line.carried, line.upcoming, line.open = line.upcoming, None, False
        body, line.body = line.body, b""
        line.wire.body()
        line.since = self._clock()
        # One piece: in two, each would wait for the other side's acknowledgment (RFC 2920, 3.1).
        following = self._next_envelope(line) if line.wire.features.pipelining else b""
        line.write(body, following, message=True)
        self._build_ahead()
        self._watch(line)

    def _on_opened(self, line: Line, refused: Reply | None) -> None:
        job = line.upcoming
        if job is None:
            raise DroppedError("it answered what was not asked")
        if refused is None:
            line.open = True
            self._advance(line)
            return
        verdict = judge(refused, international=not job.recipient.address.isascii())
        if verdict.scope == "recipient":
            line.upcoming = None
            self._judged(job, verdict, refused)
            if line.carried is None or line.wire.features.pipelining:
                self._fill(line)
            return
        if verdict.scope == "run":
            self._fail(over(refused, server=str(self._server), sender=self._sender))
        elif not line.taken:
            self._pool.fewer()
        raise DroppedError(refused.shown)

    def _on_taken(self, line: Line, reply: Reply) -> None:
        job = line.carried
        if job is None:
            raise DroppedError("it answered what was not asked")
        verdict = judge(reply)
        if verdict.state == "sent" and not line.handed_over:
            raise DroppedError(f"it said {reply.shown} before it had the message")
        line.carried = None
        if verdict.scope == "run":
            self._results.put_off(job, reply)
            self._fail(over(reply, server=str(self._server), sender=self._sender))
            raise DroppedError(reply.shown)
        if verdict.scope == "connection":  # it was not taken: once more, over another one
            if not line.taken:
                self._pool.fewer()
            if self._results.dropped(job, reply.shown):
                self._schedule.put_back(job)
            raise DroppedError(reply.shown)
        line.taken += verdict.state == "sent"
        self._judged(job, verdict, reply)
        if self._ending():
            return
        if line.upcoming is not None:
            self._grant(line)
        else:
            self._fill(line)

    def _judged(self, job: Job, verdict: Verdict, reply: Reply) -> None:
        self._results.judged(job, verdict, reply)
        self._pool.answered(reply, taken=verdict.state == "sent")

    def _fail(self, error: SendError) -> None:
        self._pool.error = self._pool.error or error

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
        elif job is None and line.upcoming is not None and not self._ending():
            # It may be this recipient at whom the server breaks: the others come first.
            job, line.upcoming = line.upcoming, None
            if self._results.dropped_envelope(job, why):
                self._schedule.add((job,))
        self._release_upcoming(line)
        # Many servers take some messages over a connection, and then close it: no trouble.
        if not self._ending() and not line.taken:
            self._pool.trouble(f"The connection broke: {why}.", self._clock())

    def _release_upcoming(self, line: Line) -> None:
        """Put the job whose message was not begun back to those that are planned."""
        job, line.upcoming = line.upcoming, None
        if job is not None:
            self._results.released(job)
            self._schedule.put_back(job)
