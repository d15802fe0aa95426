"""Opening an SMTP connection: smtplib, with what it lacks.

smtplib (Python 3.11 to 3.14) never sets TCP_NODELAY, reads replies without end, and encodes
passwords as ASCII. What comes after signing in is `digest.send.smtp.wire`'s.
"""

from __future__ import annotations

import base64
import re
import smtplib
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass

from digest.errors import SendError
from digest.send.smtp.server import Server
from digest.send.smtp.wire import LONGEST_LINE, MOST_LINES, Features, NoSmtpError, reply_line

Trust = Callable[[], ssl.SSLContext]
"""Gives the certificates that are trusted: reading them takes 25 ms, where TLS is spoken at all."""
Token = Callable[[], str]
"""Gives an access token for OAuth 2; raises SendError."""


class UnreachableError(SendError):
    """The server is not there, or not now: another try may help."""


@dataclass(frozen=True, slots=True)
class Link:
    """A connection that is open, encrypted and authenticated, and what the server announced.

    `clean` makes the server's words fit to be shown: without the secrets that it was told.
    """

    socket: socket.socket
    features: Features
    clean: Callable[[bytes | str], str]


def connect(server: Server, *, tls: Trust, timeout: float, token: Token | None = None) -> Link:
    """A connection to `server` on which MAIL may follow; `timeout` is for each answer, in seconds.

    Raises SendError: UnreachableError where another try may help.
    """
    return _Opening(server, tls, timeout, token).link()


class _Opening:
    """The steps from nothing to a connection on which MAIL may follow."""

    def __init__(self, server: Server, tls: Trust, timeout: float, token: Token | None) -> None:
        self._server = server
        self._tls = tls
        self._timeout = timeout
        self._token = token
        self._given = self._said = ""
        """The access token, and how AUTH writes it down."""

    def link(self) -> Link:
        server = self._server
        try:
            smtp = self._open()
        except ssl.SSLCertVerificationError as error:
            raise SendError(
                f"The certificate of {server} cannot be trusted: {error.verify_message}.",
                hint="Name the host as its certificate does; SSL_CERT_FILE adds an authority.",
            ) from None
        except ssl.SSLError as error:
            raise SendError(
                f"{server} does not speak TLS as expected: {error.reason or 'broken handshake'}.",
                hint="smtps:// is for port 465; smtp:// begins plain and switches to TLS.",
            ) from None
        except (OSError, smtplib.SMTPException) as error:
            raise UnreachableError(
                f"The mail server {server} cannot be reached: {self._words(_why(error))}.",
                hint="Check DIGEST_SMTP_URL and the network, then send again.",
            ) from None
        found, smtp.sock = smtp.sock, None  # smtplib closes what it holds when it goes
        if found is None:
            raise UnreachableError(f"The mail server {server} closed the connection.")
        return Link(found, _features(smtp), self._words)

    def _open(self) -> smtplib.SMTP:
        server, name, wait = self._server, _own_name(), self._timeout
        smtp: smtplib.SMTP
        if server.implicit_tls:
            smtp = _SmtpOverTls(server.host, server.port, name, timeout=wait, context=self._tls())
        else:
            smtp = _Smtp(server.host, server.port, name, timeout=wait)
        try:
            _no_delay(smtp)
            smtp.ehlo_or_helo_if_needed()
            if not server.implicit_tls:
                self._encrypt(smtp)
            if server.user:
                self._authenticate(smtp)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _encrypt(self, smtp: smtplib.SMTP) -> None:
        if smtp.has_extn("starttls"):
            # Raises at a refusal, and forgets what was said before TLS (RFC 3207, 4.2).
            smtp.starttls(context=self._tls())
            smtp.ehlo_or_helo_if_needed()
        elif not self._server.is_loopback:
            raise SendError(
                f"{self._server} does not offer STARTTLS, and mail is not sent unencrypted.",
                hint="Use its encrypted port: smtps://host:465, or smtp://host:587.",
            )

    def _authenticate(self, smtp: smtplib.SMTP) -> None:
        """XOAUTH2 where a command gives tokens, else PLAIN (RFC 4616) or LOGIN, in UTF-8."""
        server = self._server
        offered = smtp.esmtp_features.get("auth", "").upper().split()
        if self._token is not None:
            code, text = self._with_token(smtp, offered, self._token)
        elif "PLAIN" in offered:
            both = _base64(f"\0{server.user}\0{server.password}")
            code, text = smtp.docmd("AUTH", f"PLAIN {both}")
        elif "LOGIN" in offered:
            code, text = smtp.docmd("AUTH", "LOGIN")
            for answer in (_base64(server.user), _base64(server.password)):
                if code == 334:
                    code, text = smtp.docmd(answer)
        else:
            raise SendError(
                f"{server} offers no way to sign in that is known here (PLAIN or LOGIN).",
                hint="Take user and password out of DIGEST_SMTP_URL, or name its other port.",
            )
        if code // 100 == 4:  # RFC 4954, 6: a fault that passes
            raise smtplib.SMTPServerDisconnected(f"it answered {code} {self._words(text)}")
        if code != 235:
            what = "the access token" if self._token else "the user name or the password"
            raise SendError(
                f"{server} refused {what}: {code} {self._words(text)}",
                hint="Check DIGEST_SMTP_TOKEN_COMMAND, and the user in DIGEST_SMTP_URL."
                if self._token
                else "Check them in DIGEST_SMTP_URL; some servers ask for a password for programs.",
            )

    def _with_token(
        self, smtp: smtplib.SMTP, offered: list[str], token: Token
    ) -> tuple[int, bytes]:
        """The answer to SASL's XOAUTH2, as Google and Microsoft define it."""
        if "XOAUTH2" not in offered:
            raise SendError(
                f"{self._server} does not take access tokens (XOAUTH2).",
                hint="Leave DIGEST_SMTP_TOKEN_COMMAND empty, and sign in with a password.",
            )
        self._given = token()
        words = f"user={self._server.user}\1auth=Bearer {self._given}\1\1"
        self._said = _base64(words)
        code, text = smtp.docmd("AUTH", f"XOAUTH2 {self._said}")
        if code == 334:  # why it was refused; the refusal itself follows an empty answer
            code, text = smtp.docmd("")
        return code, text

    def _words(self, reply: bytes | str) -> str:
        """A server's words: without secrets, on one line, printable, and not endless."""
        text = reply if isinstance(reply, str) else reply.decode("utf-8", "replace")
        for secret in filter(None, (self._given, self._said)):
            text = text.replace(secret, "***")
        return one_line(self._server.redacted(text))


def one_line(text: str) -> str:
    """`text` on one line, printable, and not endless."""
    line = " ".join(text.split())
    if line.isprintable():
        return line[:300]
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in line)[:300]


def _features(smtp: smtplib.SMTP) -> Features:
    size = smtp.esmtp_features.get("size", "")
    return Features(
        pipelining=smtp.has_extn("pipelining"),
        eight_bit=smtp.has_extn("8bitmime"),
        smtputf8=smtp.has_extn("smtputf8"),
        dsn=smtp.has_extn("dsn"),
        size=int(size) if re.fullmatch(r"[0-9]{1,15}", size) else 0,
    )


class _Smtp(smtplib.SMTP):
    """smtplib's client, with replies that end."""

    def getreply(self) -> tuple[int, bytes]:
        """Code and text of a reply; raises SMTPServerDisconnected where it is none."""
        lines: list[bytes] = []
        if self.file is None:
            if self.sock is None:
                raise smtplib.SMTPServerDisconnected("the connection is closed")
            self.file = self.sock.makefile("rb")
        until = time.monotonic() + self.timeout
        try:
            while len(lines) < MOST_LINES:
                line = self._line(until)
                if not line:
                    raise NoSmtpError("it closed the connection")
                code, more, words = reply_line(line)
                lines.append(words)
                if not more and line.endswith(b"\n"):
                    return code, b"\n".join(lines)
            raise NoSmtpError("its reply has no end")
        except (OSError, NoSmtpError) as error:
            self.close()
            raise smtplib.SMTPServerDisconnected(_why(error)) from None

    def _line(self, until: float) -> bytes:
        """A line, or what came of it; raises TimeoutError where a server drips it until then."""
        sock, file, line = self.sock, self.file, b""
        if sock is None or file is None:
            raise smtplib.SMTPServerDisconnected("the connection is closed")
        while not line.endswith(b"\n") and len(line) <= LONGEST_LINE:
            left = until - time.monotonic()
            if left <= 0:
                raise TimeoutError
            sock.settimeout(left)
            there = file.peek()  # one read, where a line would be as many as it takes
            if not there:
                break
            line += file.read(there.find(b"\n") + 1 or len(there))
        sock.settimeout(self.timeout)
        return line


class _SmtpOverTls(_Smtp, smtplib.SMTP_SSL):
    """The same, with TLS from the first byte."""


def _no_delay(smtp: smtplib.SMTP) -> None:
    """Send small packets at once. Over TLS, waiting for them costs 40 ms a message."""
    if smtp.sock is not None:
        smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _own_name() -> str:
    """The name for EHLO, without asking the DNS: this host's full one, or an address literal."""
    name = socket.gethostname()
    return name if re.fullmatch(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", name) else "[127.0.0.1]"


def _why(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "it did not answer in time"
    if isinstance(error, smtplib.SMTPResponseException):
        raw = error.smtp_error
        said = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else str(raw)
        return f"it answered {error.smtp_code} {said}".strip()
    return str(getattr(error, "strerror", None) or error)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode("utf-8")).decode("ascii")
