"""Slots: places in a finished message that each recipient's own field fills.

`slot.<key>.<context>.<field>.<default>.tols`: ASCII that quoted-printable leaves as it is. The key
derives from the issue, so that no source's words can read as a slot. The context says how a value
is written there; the default is base32, without padding, in small letters.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

Context = Literal["t", "h", "u", "l"]
"""Plain text, HTML, a part of a URL, or a whole URL in HTML."""

UNSUBSCRIBE = "unsubscribe_url"
"""The field that links to where a recipient unsubscribes: no list can say what it holds."""

HEADER = "X-Digest-Slots"
"""Names the key in the message as archived; no message that is sent has it."""

FIELD = re.compile(r"[a-z][a-z0-9_]{0,39}")
KEY = re.compile(r"[0-9a-f]{12}")
_NAMED = re.compile(rb"(?im)^" + HEADER.encode("ascii") + rb":[ \t]*(\S+)")
_LINE = re.compile(rb"(?im)^" + HEADER.encode("ascii") + rb":[^\n]*\n")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Slot:
    """A recipient's field, what stands for it where it is empty, and where it stands."""

    field: str
    default: str
    context: Context

    def written(self, key: str) -> str:
        """The slot as it stands in a message."""
        words = base64.b32encode(self.default.encode("utf-8", "replace")).decode()
        return f"slot.{key}.{self.context}.{self.field}.{words.rstrip('=').lower()}.tols"

    def filled(self, value: str) -> str:
        """`value`, or the default where it is empty, as it is written in this slot's context.

        Controls and line breaks become a space: a value never begins a line of its own.
        """
        plain = value if value.isprintable() else _CONTROLS.sub(" ", value)
        plain = plain.strip() or self.default
        match self.context:
            case "u":
                return quote(plain, safe="", errors="replace")
            case "h":
                return html.escape(plain)
            case "l":  # as an attribute is written by libxml2, which leaves an apostrophe alone
                return html.escape(plain, quote=False).replace('"', "&quot;")
            case "t":
                return plain

    def encoded(self, value: str) -> bytes:
        """The same in quoted-printable, in lines of at most 76 that end in CRLF.

        It stands between two soft line breaks: its first byte begins a line, and its last line has
        room for the "=" of the second one.
        """
        words = self.filled(value).encode("utf-8", "replace")
        if _AS_IT_IS.fullmatch(words):
            return words
        written = _FROM.sub(b"=46=\n", binascii.b2a_qp(words, istext=False))
        return with_room(written).replace(b"\n", b"\r\n")


_AS_IT_IS = re.compile(rb"(?!From )[!-<>-~](?:[ -<>-~]{,73}[!-<>-~])?")
"""What quoted-printable leaves alone, on one line."""
_FROM = re.compile(rb"(?m)^F(?=rom )")
"""What some mailboxes take for the begin of another message."""


def cut(body: bytes, key: str) -> Iterator[bytes | Slot]:
    """The body of a message, in quoted-printable, cut at its slots.

    What stands before a slot ends in the soft line break before it, what stands behind it begins
    with another one. Raises ValueError for a malformed key or slot.
    """
    if not KEY.fullmatch(key):
        raise ValueError(f"{key[:20]!r} is no key of slots")
    at = 0
    for hit in _pattern(key).finditer(body):
        yield body[at : hit.start(1)]
        yield _read(hit)
        at = hit.end(1)
    yield body[at:]


def defaulted(message: bytes) -> bytes:
    """A message as who has no field reads it; as it is where its slots are malformed."""
    head, gap, body = message.partition(b"\r\n\r\n")
    named = _NAMED.search(head)
    if named is None:
        return message
    try:
        pieces = list(cut(body, named[1].decode("ascii", "replace")))
    except ValueError:
        return message
    filled = (piece if isinstance(piece, bytes) else piece.encoded("") for piece in pieces)
    return b"".join([head, gap, *filled])


def shown(message: bytes) -> bytes:
    """The same for a person to look at: without the header that names the key, which never leaves.

    Also with bare line feeds, as a file may hold them.
    """
    plain = defaulted(message)
    head, gap, body = plain.partition(b"\r\n\r\n")
    return b"".join([_LINE.sub(b"", head + b"\r\n").removesuffix(b"\r\n"), gap, body])


def _pattern(key: str) -> re.Pattern[bytes]:
    """What finds the slots of a message in quoted-printable, each between two soft line breaks."""
    behind = rb"(?:(?<==\nslot)|(?<==\r\nslot))"
    named = rb"\." + key.encode("ascii") + rb"\.([thul])\.([a-z][a-z0-9_]*)\.([a-z2-7]*)\.tols"
    return re.compile(rb"(slot" + behind + named + rb")(?==\r?\n)")


def _read(hit: re.Match[bytes]) -> Slot:
    context, field, words = (group.decode("ascii") for group in hit.groups()[1:])
    padded = words.upper() + "=" * (-len(words) % 8)
    try:
        default = base64.b32decode(padded).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        raise ValueError(f"{words} is no default of a slot") from None
    return Slot(field, default, context)  # type: ignore[arg-type] # the pattern knows the three


def with_room(written: bytes) -> bytes:
    """Quoted-printable whose last line has room for the "=" of a soft break: 76 in all."""
    before, newline, last = written.rpartition(b"\n")
    if len(last) < 76:
        return written
    at = 72
    while b"=" in last[at - 2 : at]:  # never within an =3D
        at -= 1
    return before + newline + last[:at] + b"=\n" + last[at:]
