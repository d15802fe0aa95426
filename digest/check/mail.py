"""A MIME message as plain values: read so that no message, however broken, makes it raise."""

from __future__ import annotations

import email
import email.header
import email.policy
from collections.abc import Mapping
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.message import Message
from types import MappingProxyType

from digest.text.slots import defaulted


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """What a message says.

    `headers` are names (lower case) and values as written; `kinds` the content types of its text
    parts, in order; `text` and `html` the first of each, decoded, or None. `embedded` holds other
    parts by their Content-ID. `defects` name what is malformed.
    """

    headers: tuple[tuple[str, str], ...]
    subject: str
    kinds: tuple[str, ...]
    text: str | None
    html: str | None
    embedded: Mapping[str, bytes]
    defects: tuple[str, ...]

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a header, as written."""
        return tuple(value for key, value in self.headers if key == name.lower())


def read_mail(raw: bytes) -> Mail:
    """The message of `raw`, the defaults in its slots for recipients' fields."""
    raw = defaulted(raw)
    # The email package's own newer policy raises AttributeError and IndexError on some malformed
    # messages (Python 3.11 to 3.14); the older one reads them all.
    message = email.message_from_bytes(raw)
    leaves = [part for part in message.walk() if not part.is_multipart()]
    written = [(part.get_content_type(), part) for part in leaves]
    return Mail(
        headers=tuple((name.lower(), str(value)) for name, value in message.items()),
        subject=_subject(str(message.get("Subject", ""))),
        kinds=tuple(kind for kind, _ in written if kind in {"text/plain", "text/html"}),
        text=next((_words(part) for kind, part in written if kind == "text/plain"), None),
        html=next((_words(part) for kind, part in written if kind == "text/html"), None),
        embedded=MappingProxyType(
            {str(part["Content-ID"]).strip(" <>\r\n\t"): _bytes(part) for part in leaves}
        ),
        defects=_defects(raw),
    )


def _subject(written: str) -> str:
    try:
        subject = str(email.header.make_header(email.header.decode_header(written)))
    except (HeaderParseError, LookupError, ValueError):
        subject = written
    return " ".join(subject.split())


def _bytes(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _words(part: Message) -> str:
    try:
        return _bytes(part).decode(part.get_content_charset("ascii"), "replace")
    except (LookupError, ValueError):  # a character set that nobody knows
        return ""


def _defects(raw: bytes) -> tuple[str, ...]:
    """What the stricter policy finds, or fails on."""
    try:
        message = email.message_from_bytes(raw, policy=email.policy.default)
        found = [type(d).__name__ for part in message.walk() for d in part.defects]
        headers = [value for part in message.walk() for value in part.values()]
        found += [type(d).__name__ for value in headers for d in getattr(value, "defects", ())]
    except Exception as error:  # see `read_mail`: which ones is not documented
        found = [type(error).__name__]
    return tuple(dict.fromkeys(found))
