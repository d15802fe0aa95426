"""One connection of a run: its socket, what is to be written, and whose message it carries."""

from __future__ import annotations

import contextlib
import ssl
from collections import deque

from digest.send.delivery import Job
from digest.send.smtp.connection import Link, one_line
from digest.send.smtp.wire import Event, NoSmtpError, Wire

_READ = 1 << 16
_RECORD = 1 << 14  # bytes in a TLS record at most (RFC 8446, 5.1)


class DroppedError(Exception):
    """The connection broke, or what came over it was no SMTP."""


class Line:
    """A connection that never waits.

    `carried` is the job whose message was written and not answered yet; `upcoming` the one whose
    envelope was written. `granted`: the intent to send the upcoming one is durable; `open`: the
    server waits for its message.
    """

    def __init__(self, link: Link, wire: Wire, *, now: float) -> None:
        self.socket = link.socket
        self.socket.setblocking(False)
        self._encrypted = isinstance(self.socket, ssl.SSLSocket)
        self.wire = wire
        self.carried: Job | None = None
        self.upcoming: Job | None = None
        self.body = b""
        self.granted = False
        self.open = False
        self.taken = 0
        """Messages that the server took over it."""
        self.since = now
        """When something last came or went, for the deadlines."""
        self.broken = ""
        """Why the connection is of no use any more, where events came before that."""
        self._out: deque[memoryview] = deque()
        self._said_quit = False
        self._ahead = 0
        """Bytes to write up to the final dot of the carried message."""

    @property
    def idle(self) -> bool:
        """Whether it could take another job."""
        return self.carried is None and self.upcoming is None and not self.wire.waiting

    @property
    def amid(self) -> bool:
        """Whether the server is in the middle of something, and takes no QUIT."""
        return self.open or self.wire.waiting

    @property
    def writing(self) -> bool:
        """Whether bytes are left to be written."""
        return bool(self._out)

    @property
    def handed_over(self) -> bool:
        """Whether the server may have the whole of the carried message."""
        return self.carried is not None and self._ahead <= 0

    def write(self, *pieces: bytes, message: bool = False) -> None:
        """Put `pieces` behind what is to be written; the first of them is a `message` or not.

        Raises DroppedError, also where the server's end was read already: nobody would hear it.
        """
        if message:
            self._ahead = sum(map(len, self._out)) + len(pieces[0])
        if self.broken:
            raise DroppedError(self.broken)
        if self._encrypted:  # as few records as can be, so that the server answers in one
            pieces = (b"".join(pieces),)
        self._out.extend(memoryview(piece) for piece in pieces if piece)
        self.flush()

    def flush(self) -> None:
        """Write what the socket takes; raises DroppedError."""
        try:
            while self._out:
                if self._encrypted:
                    # A record at a time: of several, nobody would tell which of them went.
                    count = self.socket.send(self._out[0][:_RECORD])
                else:
                    count = self.socket.sendmsg(list(self._out)[:16])
                self._ahead -= count
                while count:
                    first = self._out[0]
                    if count < len(first):
                        self._out[0] = first[count:]
                        break
                    count -= len(first)
                    self._out.popleft()
        except (BlockingIOError, InterruptedError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return
        except OSError as error:
            raise DroppedError(error.strerror or str(error)) from None

    def read(self) -> list[Event]:
        """What the server says now; raises DroppedError, or tells it by `broken` after events."""
        events: list[Event] = []
        try:
            self._receive(events)
            if more := self.wire.more():
                self.write(more)
        except DroppedError as error:
            if not events:
                raise
            self.broken = str(error)
        return events

    def _receive(self, events: list[Event]) -> None:
        try:
            while True:
                data = self.socket.recv(_READ)
                if not data:
                    raise DroppedError("it closed the connection")
                self.wire.feed(data, events)
                if len(data) < _READ and not self._encrypted:
                    break
        except (BlockingIOError, InterruptedError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return
        except NoSmtpError as error:
            raise DroppedError(one_line(str(error))) from None
        except OSError as error:
            raise DroppedError(error.strerror or str(error)) from None

    def close(self) -> None:
        """Close without a word."""
        with contextlib.suppress(OSError):
            self.socket.close()

    def quit(self) -> None:
        """Say QUIT, once; `goodbye` waits for the answer."""
        if self._out or self._said_quit:
            return
        self._said_quit = True
        with contextlib.suppress(OSError):
            self.socket.settimeout(1.0)
            self.socket.sendall(b"QUIT\r\n")

    def goodbye(self) -> None:
        """Say QUIT, wait a moment, and close; what is handed over is handed over."""
        self.quit()
        with contextlib.suppress(OSError):
            if self._said_quit:
                self.socket.recv(_READ)
        self.close()
