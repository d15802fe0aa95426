"""The headers of an issue's message: read, checked, and as one recipient's copy has them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from digest.errors import SendError
from digest.send.address import same, shown

MAX_LINE = 998
"""Octets of a line, without its end (RFC 5322, 2.1.1)."""
REBUILD = "Build the issue again."

_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:((?:[^\r\n]|\r\n[ \t])*)\r\n")
_MESSAGE_ID = re.compile(rb"\s*<([^<>@\s]+)@([^<>@\s]+)>\s*")
_MARK = b"[TEST]"
_LONGEST = 76  # columns of a line that holds an encoded word (RFC 2047, 2)
_ONCE = frozenset(
    {"from", "sender", "reply-to", "subject", "date", "message-id", "list-id", "list-unsubscribe",
     "list-unsubscribe-post", "mime-version", "content-type", "x-digest-slots"}
)  # fmt: skip
"""Headers that a message has once (RFC 5322, 3.6): with two of them, readers show either."""
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,75}")
_VALUE = re.compile(r"[!-~](?:[ -~]*[!-~])?")
_OURS = frozenset({"to", "cc", "bcc", "dkim-signature", "return-path", "received"})


@dataclass(frozen=True, slots=True)
class Line:
    """A header: its name in small letters, its value as written, and all of its bytes."""

    name: str
    value: bytes
    raw: bytes

    @classmethod
    def of(cls, name: str, value: bytes) -> Line:
        """A header of this name and value."""
        return cls(name.lower(), value, b"%s: %s\r\n" % (name.encode("ascii"), value))


def read_head(message: bytes) -> tuple[tuple[Line, ...], bytes]:
    """The headers and the body of an issue's message, with CRLF at every line's end.

    A bare CR or LF in a body lets a hostile text end the message early on some servers. Raises
    SendError for bytes that are no message, for one that is addressed to somebody, and for what
    takes more of a server than it must offer: 8-bit bytes, NUL, long lines (RFC 5321, 4.5.3.1.6).
    """
    whole = re.sub(rb"\r\n|\r|\n", b"\r\n", message)
    head, gap, body = whole.partition(b"\r\n\r\n")
    if not gap or not head:
        raise SendError("The issue's message has no headers.", hint=REBUILD)
    if not whole.isascii() or b"\0" in whole:
        raise SendError("The issue's message holds bytes that not every server takes.",
                        hint=REBUILD)  # fmt: skip
    longest = max(map(len, whole.split(b"\r\n")))
    if longest > MAX_LINE:
        raise SendError(
            f"The issue's message has a line of {longest:,} bytes; {MAX_LINE} are allowed.",
            hint=REBUILD,
        )
    lines = tuple(_lines(head + b"\r\n"))
    names = [line.name for line in lines]
    if "to" in names:
        raise SendError("The issue's message is addressed to somebody already.", hint=REBUILD)
    if not {"subject", "message-id"} <= set(names):
        raise SendError("The issue's message has no Subject or no Message-ID.", hint=REBUILD)
    twice = next((name for name in names if name in _ONCE and names.count(name) > 1), None)
    if twice is not None:
        raise SendError(f"The issue's message has more than one header {twice}.", hint=REBUILD)
    return lines, body if body.endswith(b"\r\n") or not body else body + b"\r\n"


def _lines(head: bytes) -> Iterator[Line]:
    at = 0
    while at < len(head):
        hit = _FIELD.match(head, at)
        if hit is None:
            line = head[at : at + 40].decode("ascii", "replace")
            raise SendError(f"The issue's message has a malformed header: “{shown(line)}”.",
                            hint=REBUILD)  # fmt: skip
        yield Line(hit[1].decode("ascii").lower(), hit[2], hit[0])
        at = hit.end()


def checked_headers(headers: Sequence[tuple[str, str]], beside: Sequence[Line]) -> tuple[Line, ...]:
    """More headers to stand `beside` those of the message.

    Raises SendError for what is none, for one that is there already, and for one that is made here.
    """
    taken = _ONCE | _OURS | {line.name for line in beside}
    found: list[Line] = []
    for name, value in headers:
        if not _NAME.fullmatch(name) or not _VALUE.fullmatch(value):
            raise SendError(
                f"“{shown(f'{name}: {value}')}” cannot be a mail's header.",
                hint="A header is a name of letters, digits and hyphens, and printable ASCII.",
            )
        if name.lower() in taken or name.lower().startswith("content-"):
            raise SendError(f"A mail has its header {name} already.", hint="Take it out.")
        if len(name) + 2 + len(value) > MAX_LINE:
            raise SendError(f"{name} is longer than the {MAX_LINE} characters that mail allows.",
                            hint="Shorten it.")  # fmt: skip
        taken |= {name.lower()}
        found.append(Line.of(name, value.encode("ascii")))
    return tuple(found)


def arranged(
    head: Iterable[Line], *, as_test: bool, now: datetime | None, linked: bool
) -> Iterator[Line | str]:
    """The headers of an issue's message as its copies have them.

    The name alone stands for one that each copy has for itself: To behind the subject, Message-ID,
    and, where copies are `linked`, a List-Unsubscribe in place of the issue's.
    """
    for line in head:
        match line.name:
            case "subject":
                yield Line.of("Subject", _marked(line.value)) if as_test else line
                yield "To"
            case "message-id":
                yield "Message-ID"
            case "date" if now is not None:
                yield Line.of("Date", _stamp(now))
            case "x-digest-slots":
                pass
            case "list-unsubscribe" | "list-unsubscribe-post" if linked:
                pass  # there is one link, and one way to post to it: those below
            case _:
                yield line
    if linked:
        yield "List-Unsubscribe"
        yield Line.of("List-Unsubscribe-Post", b"List-Unsubscribe=One-Click")


def _stamp(moment: datetime) -> bytes:
    return format_datetime(moment).encode("ascii")


def _marked(subject: bytes) -> bytes:
    """A subject behind `[TEST]`.

    An encoded word stays whole: white space separates it from the mark, and is shown, since only
    the space between two encoded words is not (RFC 2047, 6.2).
    """
    rest = subject.lstrip(b" \t")
    if not rest.strip():
        return _MARK
    if rest.startswith(b"\r\n"):  # folded already
        return _MARK + rest
    first = rest.split(b"\r\n", 1)[0]
    fits = len(b"Subject: " + _MARK + b" " + first) <= _LONGEST
    return _MARK + (b" " if fits else b"\r\n ") + rest


def own_ids(value: bytes, *, as_test: bool, now: datetime | None) -> Callable[[str], bytes]:
    """What gives an address its Message-ID: a hash takes the place of the issue's last part.

    It derives from the issue's own and the address; for a test also from `now`. Raises SendError
    where `value` is none.
    """
    hit = _MESSAGE_ID.fullmatch(value)
    if hit is None:
        raise SendError("The issue's Message-ID is malformed.", hint=REBUILD)
    issue, _, content = hit[1].rpartition(b".")
    begun = hashlib.sha256(b"\0".join([issue, content, hit[2], b""]))
    before, after = b"<" + (issue + b"." if issue else b""), b"@" + hit[2] + b">"
    end = b"\0" + (b"test" + (_stamp(now) if now else b"") if as_test else b"")

    def own(address: str) -> bytes:
        seed = begun.copy()
        seed.update(same(address).encode("utf-8") + end)
        return before + seed.hexdigest()[:32].encode("ascii") + after

    return own
