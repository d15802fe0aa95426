"""How the sink speaks SMTP: aiosmtpd's server, within our bounds."""

from __future__ import annotations

import asyncio
import collections
import contextlib
import errno
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult

from digest.send.address import has_control
from digest.send.mailbox.mailbox import Envelope, Mailbox
from digest.send.mailbox.sink import Came
from digest.send.mailbox.summaries import HEAD_BYTES, issue_of, subject_of
from digest.text.mail_parts import headers_of

MAX_BYTES = 50_000_000
"""The size of a mail, in bytes; announced as SIZE (RFC 1870)."""
MAX_LINE = 1_001
"""The length of a line of a mail, in bytes: 998, a doubled dot, CRLF (RFC 5321, 4.5.3.1.6)."""
MAX_AUTH_LINE = 12_288
"""The length of a line of AUTH, in bytes (RFC 4954, 4); tokens of XOAUTH2 are long."""
MAX_CONNECTIONS = 100
MAX_RECIPIENTS = 1_000
IDLE_S = 300
_BUSY = b"421 4.3.2 Too many connections, try again later\r\n"
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class Server:
    """A server at a socket that listens already, with an event loop of its own."""

    def __init__(
        self, listening: socket.socket, mailbox: Mailbox, tell: Callable[[Came], None]
    ) -> None:
        self._socket = listening
        self._handler = _Handler(mailbox, tell)
        self._open: set[_Connection] = set()
        self._end = asyncio.Event()
        self._runs = threading.Event()

    def run(self, ready: Callable[[], None]) -> None:
        """Take mail until `stop` or KeyboardInterrupt."""
        with _quiet():
            asyncio.run(self._serve(ready))

    def stop(self) -> None:
        """End `run`, from another thread."""
        self._runs.wait()
        with contextlib.suppress(RuntimeError):  # it has ended by itself
            self._loop.call_soon_threadsafe(self._end.set)

    async def _serve(self, ready: Callable[[], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._runs.set()
        # What a peer does to its own connection is no news on the terminal.
        self._loop.set_exception_handler(lambda _loop, _context: None)
        server = await self._loop.create_server(self._connection, sock=self._socket)
        async with server:
            ready()
            try:
                await self._end.wait()
            finally:
                for connection in tuple(self._open):
                    connection.hang_up()

    def _connection(self) -> asyncio.BaseProtocol:
        if len(self._open) >= MAX_CONNECTIONS:
            return _Refusal()
        return _Connection(self._handler, self._open)


class _Refusal(asyncio.Protocol):
    """What a connection beyond MAX_CONNECTIONS meets."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Say that there are too many, and hang up."""
        if isinstance(transport, asyncio.WriteTransport):
            transport.write(_BUSY)
            transport.close()


class _Connection(SMTP):
    """One connection: aiosmtpd's server, within our bounds."""

    line_length_limit = MAX_AUTH_LINE + 2

    def __init__(self, handler: _Handler, open_: set[_Connection]) -> None:
        super().__init__(
            handler,
            data_size_limit=MAX_BYTES,
            enable_SMTPUTF8=True,
            hostname="localhost",  # else the machine's own name is looked up
            ident="digest mailbox",
            timeout=IDLE_S,
            auth_require_tls=False,
            authenticator=lambda *_: AuthResult(success=True),
            loop=asyncio.get_running_loop(),
        )
        # The reader takes long lines of AUTH; lines of a mail are measured by this one.
        self.line_length_limit = MAX_LINE
        # aiosmtpd shares one table among all its servers; this one is ours.
        self.command_size_limits = collections.defaultdict(
            lambda: self.command_size_limit, AUTH=MAX_AUTH_LINE
        )
        self._open = open_

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Count it."""
        self._open.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        """Count it no more."""
        self._open.discard(self)
        super().connection_lost(error)

    def hang_up(self) -> None:
        """Close the connection."""
        if self.transport is not None:
            self.transport.close()


class _Handler:
    """What is answered. aiosmtpd calls these, and has chosen their names."""

    def __init__(self, mailbox: Mailbox, tell: Callable[[Came], None]) -> None:
        self._mailbox = mailbox
        self._tell = tell

    async def handle_EHLO(  # noqa: N802
        self, _server: Any, session: Any, _envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        """What aiosmtpd offers, and PIPELINING: it reads command by command."""
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", responses[-1]]

    async def handle_MAIL(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """Take a sender; `<>` is that of bounces."""
        refused = _refused(address, utf8=envelope.smtp_utf8)
        if not refused:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return refused or "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        """Take a recipient, whoever it is."""
        if len(envelope.rcpt_tos) >= MAX_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        refused = _refused(address, utf8=envelope.smtp_utf8)
        if not refused:
            envelope.rcpt_tos.append(address)
        return refused or "250 2.1.5 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Take a mail once it is on the disk."""
        raw: bytes = envelope.content
        sender = "" if envelope.mail_from == "<>" else envelope.mail_from
        told = Envelope(sender, tuple(envelope.rcpt_tos))
        head = raw[:HEAD_BYTES]
        slug = issue_of(headers_of(head)) or "mail"
        file = problem = answer = ""
        # In the loop's own thread: the answer comes after the disk's, and mails one after another.
        try:
            file = self._mailbox.keep(raw, slug=slug, to=told.recipients[0], envelope=told).name
        except OSError as error:
            problem = f"not taken: {self._mailbox.folder}: {error.strerror or error}"
            why = "4.3.1 Insufficient" if error.errno in _FULL else "4.3.0 No"
            answer = f"452 {why} system storage, the mail was not taken"
        else:
            answer = "250 2.0.0 Kept in the mailbox"
        self._tell(
            Came(
                sender=sender,
                recipients=told.recipients,
                subject=subject_of(head),
                size=len(raw),
                file=file,
                problem=problem,
            )
        )
        return answer

    async def auth_XOAUTH2(self, server: Any, args: list[str]) -> AuthResult:  # noqa: N802
        """Take any token, as any password is taken for PLAIN and LOGIN."""
        if len(args) == 1:
            answer = await server.challenge_auth("")
            if not isinstance(answer, bytes):
                return AuthResult(success=False, handled=True)
        return AuthResult(success=True)

    async def handle_exception(self, error: Exception) -> str:
        """One answer for what went wrong inside; nothing of it is told."""
        del error
        return "451 4.3.0 That did not work here"


def _refused(address: str, *, utf8: bool) -> str:
    """Why an address is not taken; empty where it is."""
    if has_control(address) or any("\ud800" <= c <= "\udfff" for c in address):
        return "553 5.1.3 Malformed address"
    if not address.isascii() and not utf8:
        return "553 5.6.7 That address needs SMTPUTF8"
    return ""


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep aiosmtpd's log, which holds what peers say, off the terminal."""
    log = logging.getLogger("mail.log")
    was = log.disabled
    log.disabled = True
    try:
        yield
    finally:
        log.disabled = was
