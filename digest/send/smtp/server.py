"""The mail server as the settings name it; its password never shows."""

from __future__ import annotations

import base64
import ipaddress
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from digest.errors import SendError

_HINT = (
    "DIGEST_SMTP_URL is smtp://user:password@host:587 or smtps://user:password@host:465; in the "
    "password write / as %2F, ? as %3F, # as %23, @ as %40, : as %3A, % as %25."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where to connect and as whom. `implicit_tls`: TLS from the first byte, else STARTTLS."""

    host: str
    port: int
    implicit_tls: bool
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def is_loopback(self) -> bool:
        """Whether mail stays on this machine: the one place where TLS is not asked for."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost" or self.host.endswith(".localhost")

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    def redacted(self, text: str) -> str:
        """`text` without the password, plain or as AUTH writes it."""
        if not self.password:
            return text
        plain = self.password.encode("utf-8")
        forms = [self.password, *map(_base64, (plain, b"\0" + self.user.encode() + b"\0" + plain))]
        for secret in forms:
            text = text.replace(secret, "***")
        return text


def parse_smtp_url(url: str) -> Server:
    """The server of `smtp://` (STARTTLS) or `smtps://`; user and password are percent-decoded.

    Ports where none is named: 465 for smtps; 587 with a user, else 25. Raises SendError, which
    never quotes the URL.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port  # which raises beyond 65535
        user = unquote(parts.username or "", errors="strict")
        password = unquote(parts.password or "", errors="strict")
    except ValueError:
        raise SendError("The mail server's URL does not read as one.", hint=_HINT) from None
    if parts.scheme not in {"smtp", "smtps"} or not host or parts.path not in {"", "/"}:
        raise SendError("The mail server's URL does not read as one.", hint=_HINT)
    if parts.query or parts.fragment or port == 0:
        raise SendError("The mail server's URL does not read as one.", hint=_HINT)
    if any(c in user + password for c in "\r\n\0") or (password and not user):
        raise SendError("The mail server's user or password cannot be sent.", hint=_HINT)
    _need_host(host)
    implicit = parts.scheme == "smtps"
    usual = 465 if implicit else (587 if user else 25)
    return Server(
        host=host, port=port or usual, implicit_tls=implicit, user=user, password=password
    )


def _need_host(host: str) -> None:
    """Raise SendError for a host that nobody can look up, where `getaddrinfo` would not."""
    try:
        host.encode("idna")  # as getaddrinfo does: it raises UnicodeError, which is no OSError
        wrong = any(c.isspace() or not c.isprintable() for c in host)
    except UnicodeError:
        wrong = True
    if wrong:
        raise SendError(
            "The mail server's host is no host name: a part of it is empty, too long, or holds "
            "characters that no name has.",
            hint="DIGEST_SMTP_URL names it after the @, such as mail.example.org.",
        )


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
