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
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

Context = Literal["t", "h", "u"]
"""Plain text, HTML, or a part of a URL."""

HEADER = "X-Digest-Slots"
"""Names the key in the message as archived; no message that is sent has it."""

FIELD = re.compile(r"[a-z][a-z0-9_]{0,39}")
KEY = re.compile(r"[0-9a-f]{12}")
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
        plain = _CONTROLS.sub(" ", value).strip() or self.default
        if self.context == "u":
            return quote(plain, safe="")
        return html.escape(plain) if self.context == "h" else plain


def _pattern(key: str) -> re.Pattern[bytes]:
    """What finds the slots of a message in quoted-printable, each between two soft line breaks."""
    written = rb"slot\." + key.encode("ascii") + rb"\.([thu])\.([a-z][a-z0-9_]*)\.([a-z2-7]*)\.tols"
    return re.compile(rb"=\r?\n" + written + rb"=\r?\n")


def fill(body: bytes, key: str, fields: Mapping[str, str], *, newline: bytes = b"\r\n") -> bytes:
    """The body of a message, in quoted-printable, with `fields` in its slots, or their defaults.

    Raises ValueError for a malformed key or slot.
    """
    if not KEY.fullmatch(key):
        raise ValueError(f"{key[:20]!r} is no key of slots")
    soft = b"=" + newline

    def value(hit: re.Match[bytes]) -> bytes:
        slot = _read(hit)
        words = slot.filled(fields.get(slot.field, "")).encode("utf-8", "replace")
        written = with_room(binascii.b2a_qp(words, istext=False))
        return soft + written.replace(b"\n", newline) + soft

    return _pattern(key).sub(value, body)


def _read(hit: re.Match[bytes]) -> Slot:
    context, field, words = (group.decode("ascii") for group in hit.groups())
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
