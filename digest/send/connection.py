"""One SMTP conversation: smtplib, with what it lacks.

smtplib (Python 3.11 to 3.14) never sets TCP_NODELAY, reads replies without end, cannot say
whether a connection broke before or after the final dot, and encodes passwords as ASCII.
"""

from __future__ import annotations

import base64
import re
import smtplib
import socket
import ssl
from dataclasses import dataclass
from typing import Literal

from digest.errors import SendError
from digest.send.server import Server

_MOST_LINES = 100
"""Lines of one reply. The longest honest ones, to EHLO, have about 20."""
_LONGEST_LINE = 4096  # RFC 5321, 4.5.3.1.5 asks for 512
_BROKEN = (OSError, smtplib.SMTPException)

_Step = Literal["mail", "rcpt", "data", "body"]


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server answered; `at` is the command that it answered."""

    code: int
    text: str
    at: _Step

    @property
    def shown(self) -> str:
        """Code and words."""
        return f"{self.code} {self.text}".strip()


class DroppedError(Exception):
    """The connection broke, or what came over it was no SMTP.

    `after_dot`: the whole message had been handed over, so that nobody can know what became of it.
    """

    def __init__(self, text: str, *, after_dot: bool = False) -> None:
        super().__init__(text)
        self.after_dot = after_dot


class Connection:
    """A connection that is open, encrypted and authenticated. Raises SendError where it is not."""

    def __init__(
        self,
        server: Server,
        *,
        tls: ssl.SSLContext | None,
        timeout: float,
        final_timeout: float,
    ) -> None:
        self._server = server
        self._tls = tls or ssl.create_default_context()
        self._timeout = timeout
        self._final_timeout = final_timeout
        self.usable = True
        try:
            self._smtp = self._open()
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
            raise SendError(
                f"The mail server {server} cannot be reached: {self._words(_why(error))}.",
                hint="Check DIGEST_SMTP_URL and the network, then send again.",
            ) from None

    def hand_over(self, sender: str, recipient: str, body: bytes) -> Reply:
        """The reply that decided on one message; `body` comes from `prepared`.

        Raises DroppedError where the connection broke. Afterwards `usable` says whether another
        message can follow on this connection.
        """
        eight_bit = not body.isascii() and self._smtp.has_extn("8bitmime")
        steps: tuple[tuple[_Step, str, int], ...] = (
            ("mail", f"MAIL FROM:<{sender}>{' BODY=8BITMIME' if eight_bit else ''}", 2),
            ("rcpt", f"RCPT TO:<{recipient}>", 2),
            ("data", "DATA", 3),
        )
        try:
            for step, command, wanted in steps:
                code, text = self._command(command)
                if code // 100 != wanted:
                    self._start_over(code)
                    return Reply(code, text, step)
            self._smtp.send(body)
        except _BROKEN as error:
            raise DroppedError(self._words(_why(error))) from None
        return self._verdict()

    def _verdict(self) -> Reply:
        """What the server answers to the final dot. Filters may look at a message for minutes."""
        try:
            if self._smtp.sock is not None:
                self._smtp.sock.settimeout(self._final_timeout)
            code, text = self._reply()
            if code // 100 == 3:
                raise smtplib.SMTPServerDisconnected(f"it answered {code} {text}")
            if self._smtp.sock is not None:
                self._smtp.sock.settimeout(self._timeout)
        except _BROKEN as error:
            raise DroppedError(self._words(_why(error)), after_dot=True) from None
        self.usable = code != 421
        return Reply(code, text, "body")

    def _start_over(self, code: int) -> None:
        """Leave no transaction open after an answer of `code`, which stands whatever comes now."""
        try:
            self.usable = code != 421 and self._command("RSET")[0] // 100 == 2
        except _BROKEN:
            self.usable = False

    def close(self) -> None:
        """Say goodbye; what is handed over is handed over, whatever comes back."""
        try:
            self._smtp.quit()
        except _BROKEN:
            self._smtp.close()

    def drop(self) -> None:
        """Close without a word."""
        self._smtp.close()

    def _open(self) -> smtplib.SMTP:
        server, name, wait = self._server, _own_name(), self._timeout
        smtp: smtplib.SMTP
        if server.implicit_tls:
            smtp = _SmtpOverTls(server.host, server.port, name, timeout=wait, context=self._tls)
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
            smtp.starttls(context=self._tls)
            smtp.ehlo_or_helo_if_needed()
        elif not self._server.is_loopback:
            raise SendError(
                f"{self._server} does not offer STARTTLS, and mail is not sent unencrypted.",
                hint="Use its encrypted port: smtps://host:465, or smtp://host:587.",
            )

    def _authenticate(self, smtp: smtplib.SMTP) -> None:
        """PLAIN (RFC 4616) or LOGIN, in UTF-8."""
        server = self._server
        offered = smtp.esmtp_features.get("auth", "").upper().split()
        user, password = _base64(server.user), _base64(server.password)
        if "PLAIN" in offered:
            both = _base64(f"\0{server.user}\0{server.password}")
            code, text = smtp.docmd("AUTH", f"PLAIN {both}")
        elif "LOGIN" in offered:
            code, text = smtp.docmd("AUTH", "LOGIN")
            for answer in (user, password):
                if code == 334:
                    code, text = smtp.docmd(answer)
        else:
            raise SendError(
                f"{server} offers no way to sign in that is known here (PLAIN or LOGIN).",
                hint="Take user and password out of DIGEST_SMTP_URL, or name its other port.",
            )
        if code != 235:
            raise SendError(
                f"{server} refused the user name or the password: {code} {self._words(text)}",
                hint="Check them in DIGEST_SMTP_URL; some servers ask for a password for programs.",
            )

    def _command(self, command: str) -> tuple[int, str]:
        self._smtp.putcmd(command)
        return self._reply()

    def _reply(self) -> tuple[int, str]:
        code, text = self._smtp.getreply()
        if not 200 <= code <= 599:
            raise smtplib.SMTPServerDisconnected("it answered something that is no SMTP")
        return code, self._words(text)

    def _words(self, reply: bytes | str) -> str:
        """A server's words: without secrets, on one line, printable, and not endless."""
        text = reply if isinstance(reply, str) else reply.decode("utf-8", "replace")
        line = " ".join(self._server.redacted(text).split())
        return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in line)[:300]


class _Smtp(smtplib.SMTP):
    """smtplib's client, with replies that end."""

    def getreply(self) -> tuple[int, bytes]:
        """Code and text of a reply; raises SMTPServerDisconnected where it is none."""
        lines: list[bytes] = []
        if self.file is None:
            if self.sock is None:
                raise smtplib.SMTPServerDisconnected("the connection is closed")
            self.file = self.sock.makefile("rb")
        while len(lines) < _MOST_LINES:
            try:
                line = self.file.readline(_LONGEST_LINE + 1)
            except OSError as error:
                self.close()
                raise smtplib.SMTPServerDisconnected(_why(error)) from None
            hit = re.match(rb"([2-5]\d\d)(?:([ -])(.*))?\r?\n?\Z", line, re.DOTALL)
            if not line.endswith(b"\n") or hit is None:
                self.close()
                what = "no SMTP came back" if line.strip() else "it closed the connection"
                raise smtplib.SMTPServerDisconnected(what)
            lines.append(hit[3] or b"")
            if hit[2] != b"-":
                return int(hit[1]), b"\n".join(lines)
        self.close()
        raise smtplib.SMTPServerDisconnected("its reply has no end")


class _SmtpOverTls(_Smtp, smtplib.SMTP_SSL):
    """The same, with TLS from the first byte."""


def prepared(message: bytes) -> bytes:
    """`message` as DATA carries it: CRLF at every line's end, dots stuffed, the final dot.

    A bare CR or LF in a body lets a hostile text end the message early on some servers.
    """
    body = re.sub(rb"\r\n|\r|\n", b"\r\n", message)
    body = re.sub(rb"(?m)^\.", b"..", body)
    return body + (b"" if body.endswith(b"\r\n") else b"\r\n") + b".\r\n"


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
