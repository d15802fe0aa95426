"""An SMTP server on this machine that sends nothing on: what it takes lies in the mailbox.

For test mails of this program and of any other. It listens on loopback only, takes any password
and keeps none, and bounds what it takes. What it answers is what a careful server would: a mail
that is not on the disk is not taken (452), and an address beyond ASCII needs SMTPUTF8.
"""

from __future__ import annotations

import contextlib
import ipaddress
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.errors import UsageError
from digest.send.address import shown
from digest.send.mailbox.mailbox import Mailbox

if TYPE_CHECKING:
    from digest.send.mailbox.sink_server import Server


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """A mail that came: it lies in `file`, or `problem` says why it was not taken.

    All texts but `problem` are from outside.
    """

    sender: str
    recipients: tuple[str, ...]
    subject: str
    size: int
    file: str = ""
    problem: str = ""


def loopback_address(host: str) -> str:
    """The address of `host`, where that is this machine's own and nobody else can reach it.

    Raises UsageError otherwise.
    """
    named = "127.0.0.1" if host == "localhost" else host.strip("[]")
    try:
        if ipaddress.ip_address(named).is_loopback:
            return named
    except ValueError:
        pass
    raise UsageError(
        f"“{shown(host)}” is no loopback address: others could send mail to this machine.",
        hint="Take --host 127.0.0.1, or ::1.",
    )


class Sink:
    """The server: it listens from the start, and takes mail while `serve` runs.

    `tell` is called for each mail. Raises UsageError for a host that is not loopback, DigestError
    for a port that cannot be had; port 0 takes a free one.
    """

    def __init__(
        self,
        mailbox: Mailbox,
        *,
        host: str = "127.0.0.1",
        port: int = 1025,
        tell: Callable[[Came], None] = lambda _: None,
    ) -> None:
        from digest.net import listen

        self.host = loopback_address(host)
        self._socket = listen(self.host, port)
        self.port: int = self._socket.getsockname()[1]
        self._mailbox = mailbox
        self._tell = tell
        self._server: Server | None = None
        self._began = threading.Event()
        self.kept = 0
        """How many mails were taken."""

    @property
    def url(self) -> str:
        """What DIGEST_SMTP_URL is to be."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"smtp://{host}:{self.port}"

    def serve(self, ready: Callable[[], None] = lambda: None) -> None:
        """Take mail until `stop` or Ctrl-C; `ready` is called once it answers."""
        # asyncio and aiosmtpd take as long to load as all else that sending needs.
        from digest.send.mailbox.sink_server import Server

        self._server = Server(self._socket, self._mailbox, self._count)
        self._began.set()
        with contextlib.suppress(KeyboardInterrupt):
            self._server.run(ready)

    def stop(self) -> None:
        """End `serve`, from another thread."""
        self._began.wait()
        if self._server:
            self._server.stop()

    def _count(self, came: Came) -> None:
        self.kept += not came.problem
        self._tell(came)
