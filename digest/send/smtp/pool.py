"""The connections of a run: opened in threads, fewer where the server asks for it."""

from __future__ import annotations

import contextlib
import os
import queue
import ssl
import threading

from digest.errors import SendError
from digest.send.delivery import Patience
from digest.send.smtp.connection import Link, Token, UnreachableError, connect
from digest.send.smtp.replies import Reply
from digest.send.smtp.server import Server

_LONGEST_PAUSE = 60.0  # seconds
_SENT_TO_GROW = 50
"""Messages that a server takes before it is asked to bear one connection more again."""


class Pool:
    """Opens connections, and decides how many there may be.

    A server that broke a connection is left alone for a while, twice as long each time; one
    connection then shows whether it is back. `error` is why there is no use in going on.
    """

    def __init__(
        self,
        server: Server,
        *,
        most: int,
        patience: Patience,
        tls: ssl.SSLContext | None,
        token: Token | None,
    ) -> None:
        self.error: SendError | None = None
        self.why = ""
        """What broke last, until the server decides on a recipient."""
        self.opening = 0
        self._server = server
        self._most = self._allowed = most
        self._patience = patience
        self._tls = tls
        self._once = threading.Lock()
        self._token = token
        self._opened: queue.SimpleQueue[Link | SendError] = queue.SimpleQueue()
        self._troubles = 0
        self._not_before = 0.0
        self._never = True
        self._unreached: UnreachableError | None = None
        self._closed = False
        self._taken = self._refused = 0

    def pause(self, now: float) -> float:
        """Seconds until another connection may be opened."""
        return max(0.0, self._not_before - now)

    def open(self, there: int, work: int, *, now: float, wake: int) -> None:
        """Open what is missing for so much `work` where so many connections are `there`.

        `wake` is a file descriptor that gets a byte when one is open.
        """
        if self.pause(now):
            return
        wanted = min(self._allowed, work)
        if self._troubles:
            wanted = min(wanted, max(1, there))
        for _ in range(wanted - there - self.opening):
            self.opening += 1
            threading.Thread(target=self._connect, args=(wake,), daemon=True).start()

    def take(self, there: int, *, now: float) -> list[Link]:
        """The connections that were opened meanwhile, where so many are `there`."""
        links = []
        while not self._opened.empty():
            found = self._opened.get()
            self.opening -= 1
            if isinstance(found, Link):
                self._never = False
                self._unreached = None
                links.append(found)
            elif isinstance(found, UnreachableError):
                self._unreached = found
                if there + len(links):  # it takes no more of them at once
                    self._allowed = there + len(links)
            else:
                self.error = self.error or found
        if self._unreached is not None and not (self._never and self.opening):
            found, self._unreached = self._unreached, None
            if self._never:  # a server that was not there at first will hardly come
                self.error = self.error or found
            else:
                self.trouble(found.what, now)
        return links

    def trouble(self, why: str, now: float) -> None:
        """A connection broke, or could not be opened. Several tell of one trouble at once."""
        if self.pause(now):
            return
        self._troubles += 1
        self.why = why
        pause = self._patience.reopen * 2 ** (self._troubles - 1)
        self._not_before = now + min(pause, _LONGEST_PAUSE)
        if self._troubles >= self._patience.troubles:
            self.error = self.error or SendError(
                f"{self._server} broke the connection again and again. {why}",
                hint="Send again later; those who got it are listed.",
            )

    def fewer(self) -> None:
        """The server said that it has too much to do."""
        self._allowed = max(1, self._allowed // 2)

    def answered(self, reply: Reply, *, taken: bool) -> None:
        """The server decided on a recipient: whatever the trouble was, it is over.

        One that refuses everybody for good means us, and the rest of the list is spared.
        """
        self._troubles, self.why = 0, ""
        self._refused = 0 if taken else self._refused + (reply.code // 100 == 5)
        if self._refused >= self._patience.refusals:
            self.error = self.error or SendError(
                f"{self._server} refused {self._refused} recipients in a row, the last with: "
                f"{reply.shown}",
                hint="Mend what it complains of; --retry-failed tries those recipients again.",
            )
        self._taken += taken
        if taken and self._allowed < self._most and self._taken % _SENT_TO_GROW == 0:
            self._allowed += 1

    def close(self) -> None:
        """Close what was opened and not taken; nobody is woken any more."""
        with self._once:
            self._closed = True
        while not self._opened.empty():
            found = self._opened.get()
            if isinstance(found, Link):
                found.socket.close()

    def _trust(self) -> ssl.SSLContext:
        with self._once:
            if self._tls is None:
                self._tls = ssl.create_default_context()
            return self._tls

    def _connect(self, wake: int) -> None:
        """In a thread of its own: opening a connection takes several round trips."""
        found: Link | SendError
        try:
            found = connect(
                self._server, tls=self._trust, timeout=self._patience.reply, token=self._token
            )
        except SendError as error:
            found = error
        except Exception as error:  # it must reach the loop, which waits for it
            found = SendError(f"The mail server {self._server}: {error}.")
        with self._once:
            if not self._closed:
                self._opened.put(found)
                with contextlib.suppress(OSError):
                    os.write(wake, b"o")
            elif isinstance(found, Link):
                found.socket.close()
