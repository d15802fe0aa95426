"""An issue's message, addressed to one recipient.

Three headers change, the recipient's fields go into the slots, and every other byte stays.
"""

from __future__ import annotations

import binascii
import hashlib
import re
from collections.abc import Iterator
from datetime import datetime
from email.utils import format_datetime

from digest.errors import SendError
from digest.models import Recipient
from digest.send.address import is_plain, same, shown
from digest.text.slots import HEADER, KEY, read_slot, slot_pattern

_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:((?:[^\r\n]|\r?\n[ \t])*)\r?\n")
_MESSAGE_ID = re.compile(rb"\s*<([^<>@\s]+)@([^<>@\s]+)>\s*")
_SLOTS = HEADER.lower().encode("ascii")
_MARK = b"[TEST]"
_LONGEST = 76  # columns of a line that holds an encoded word (RFC 2047, 2)
_REBUILD = "Build the issue again."


def addressed(
    message: bytes, recipient: Recipient, *, as_test: bool, now: datetime | None = None
) -> bytes:
    """`message` with a To header, a Message-ID and slots filled for `recipient`.

    The Message-ID derives from the issue's and the address, so the same mail has the same one
    always. A test is marked `[TEST]` in its subject, dated `now` where that is given, and both
    go into its Message-ID: inboxes show each test, on the day it came, and do not take the real
    mail for a copy of it. Raises SendError for an address that cannot stand
    in a header, and for bytes that are no message without a To.
    """
    if not is_plain(recipient.address):
        raise SendError(
            f"“{shown(recipient.address)}” cannot stand in a mail's header.",
            hint="An address looks like ann@example.org.",
        )
    end = _end_of_headers(message)
    newline = b"\r\n" if b"\r\n" in message[:end] else b"\n"
    to = b"To: " + recipient.address.encode("ascii") + newline
    stamp = format_datetime(now).encode("ascii") if as_test and now else b""
    mark = b"test" + stamp if as_test else b""
    written: list[bytes] = []
    seen: set[bytes] = set()
    body = message[end:]
    for name, value, raw in _fields(message[:end]):
        seen.add(name)
        if name == b"to":
            raise SendError("The issue's message is addressed to somebody already.", hint=_REBUILD)
        if name == _SLOTS:
            body = _filled(body, value.strip().decode("ascii", "replace"), recipient, newline)
            continue
        if name == b"message-id":
            written.append(b"Message-ID: " + _own_id(value, recipient, mark) + newline)
        elif name == b"subject" and as_test:
            written.append(b"Subject: " + _marked(value, newline) + newline)
        elif name == b"date" and stamp:
            written.append(b"Date: " + stamp + newline)
        else:
            written.append(raw)
        if name == b"subject":
            written.append(to)
    if not {b"subject", b"message-id"} <= seen:
        raise SendError("The issue's message has no Subject or no Message-ID.", hint=_REBUILD)
    return b"".join(written) + body


def _filled(body: bytes, key: str, recipient: Recipient, newline: bytes) -> bytes:
    """`body` with the recipient's fields in its slots, in quoted-printable."""
    if not KEY.fullmatch(key):
        raise SendError("The issue's message names no key of its slots.", hint=_REBUILD)
    fields = {"address": recipient.address, **recipient.fields}
    soft = b"=" + newline

    def value(hit: re.Match[bytes]) -> bytes:
        try:
            slot = read_slot(hit)
        except ValueError:
            raise SendError("A slot of the issue's message is malformed.", hint=_REBUILD) from None
        # istext=False: nothing in it ends a line, and "\n" cannot be there.
        written = binascii.b2a_qp(
            slot.filled(fields.get(slot.field, "")).encode("utf-8", "replace"), istext=False
        )
        return soft + _with_room(written).replace(b"\n", newline) + soft

    return slot_pattern(key).sub(value, body)


def _with_room(written: bytes) -> bytes:
    """Quoted-printable whose last line has room for the "=" of a soft break: 76 in all."""
    before, newline, last = written.rpartition(b"\n")
    if len(last) < 76:
        return written
    at = 72
    while b"=" in last[at - 2 : at]:  # never within an =3D
        at -= 1
    return before + newline + last[:at] + b"=\n" + last[at:]


def _end_of_headers(message: bytes) -> int:
    """Where the empty line begins."""
    hit = re.search(rb"\r?\n(?=\r?\n)", message)
    if hit is None or hit.start() == 0:
        raise SendError("The issue's message has no headers.", hint=_REBUILD)
    return hit.end()


def _fields(head: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Name (lower case), value as written, and all bytes of each header."""
    at = 0
    while at < len(head):
        hit = _FIELD.match(head, at)
        if hit is None:
            line = head[at : at + 40].decode("ascii", "replace")
            raise SendError(f"The issue's message has a malformed header: “{shown(line)}”.",
                            hint=_REBUILD)  # fmt: skip
        yield hit[1].lower(), hit[2], hit[0]
        at = hit.end()


def _marked(value: bytes, newline: bytes) -> bytes:
    """A subject behind `[TEST]`.

    An encoded word stays whole: white space separates it from the mark, and is shown, since only
    the space between two encoded words is not (RFC 2047, 6.2).
    """
    rest = value.lstrip(b" \t")
    if not rest.strip():
        return _MARK
    if rest.startswith((b"\r", b"\n")):  # folded already
        return _MARK + rest
    first = rest.split(newline, 1)[0]
    fits = len(b"Subject: " + _MARK + b" " + first) <= _LONGEST
    return _MARK + (b" " if fits else newline + b" ") + rest


def _own_id(value: bytes, recipient: Recipient, mark: bytes) -> bytes:
    """The Message-ID of one recipient's mail: its last part is a hash in place of the issue's."""
    hit = _MESSAGE_ID.fullmatch(value)
    if hit is None:
        raise SendError("The issue's Message-ID is malformed.", hint=_REBUILD)
    issue, _, content = hit[1].rpartition(b".")
    who = same(recipient.address).encode("ascii")
    seed = b"\0".join([issue, content, hit[2], who, mark])
    own = hashlib.sha256(seed).hexdigest()[:32].encode("ascii")
    return b"<" + (issue + b"." if issue else b"") + own + b"@" + hit[2] + b">"
