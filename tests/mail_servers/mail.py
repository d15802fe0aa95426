"""A mail as a server took it, and waiting for as many as were sent."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

# What servers put above a message: trace fields (RFC 5321, 4.4) and who it was delivered to.
_ABOVE = (b"return-path", b"x-original-to", b"delivered-to", b"received")


@dataclass(frozen=True, slots=True)
class Mail:
    """One message for one recipient: the envelope, and the bytes as they were sent, with CRLF."""

    sender: str
    recipient: str
    message: bytes


def without_trace(stored: bytes) -> tuple[dict[bytes, bytes], bytes]:
    """The fields that servers put on top (the topmost of a name wins), and the message as sent."""
    rest = stored.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    fields: dict[bytes, bytes] = {}
    while True:
        name, colon, _ = rest.partition(b":")
        if not colon or name.lower() not in _ABOVE:
            return fields, rest
        line, _, rest = rest.partition(b"\r\n")
        while rest[:1] in {b" ", b"\t"}:
            more, _, rest = rest.partition(b"\r\n")
            line += more
        fields.setdefault(name.lower(), line.partition(b":")[2].strip())


def delivered(stored: bytes) -> Mail:
    """A mail from a mailbox: final delivery writes sender and recipient above it."""
    fields, message = without_trace(stored)
    sender = fields.get(b"return-path", b"").strip(b"<>").decode()
    recipient = fields.get(b"x-original-to") or fields.get(b"delivered-to", b"")
    return Mail(sender, recipient.strip(b"<>").decode(), message)


def wait_for(
    count: int, read: Callable[[], tuple[Mail, ...]], *, log: Path, seconds: float = 60
) -> tuple[Mail, ...]:
    """What `read` gives once it gives `count` or more. Raises AssertionError with the log's end."""
    end = time.monotonic() + seconds
    while len(mails := read()) < count:
        if time.monotonic() > end:
            tail = log.read_text("utf-8", "replace")[-3000:]
            raise AssertionError(f"{len(mails)} of {count} mails arrived in {seconds} s:\n{tail}")
        time.sleep(0.01)
    return mails
