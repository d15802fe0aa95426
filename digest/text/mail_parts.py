"""A mail taken apart: what a person reads of it, and what is attached. Pure, and never raises.

Mail is written by anybody: nesting, parts, headers and charsets are bounded, and what cannot be
read is left out.
"""

from __future__ import annotations

import codecs
import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser, HeaderParser
from itertools import islice

from digest.text.markup import clean_text

MAX_PARTS = 200
MAX_TEXT = 2_000_000
"""Characters of an HTML or text part that are shown; a longer one is cut there."""
_MULTIPART = re.compile(rb"^content-type:\s{0,20}multipart/", re.IGNORECASE | re.MULTILINE)
_MOST_NESTS = 100
_LONGEST = 2_000  # characters of a header's value that are decoded
_UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
"""What the standard library's parser raises, of malformed mail, where a part is looked at."""
_NO_TEXT = frozenset({"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape"})
"""Python's names for what is no charset of mail; some take quadratic time."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A part that is not read in place: an attachment, or a picture that the HTML names by `cid`.

    `number` is its place among the mail's parts, from 1; `name` is for showing, never a path.
    """

    number: int
    kind: str
    name: str
    cid: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class MailParts:
    """A mail as a mail program shows it; None where it has no such part."""

    message: Message = field(repr=False)
    html: str | None = None
    text: str | None = None
    attached: tuple[Attached, ...] = ()
    is_cut: bool = False
    """Whether a part was longer than MAX_TEXT, or there were more than MAX_PARTS."""


def read_mail(raw: bytes) -> MailParts:
    """The parts of the mail `raw`."""
    message = parse_mail(raw)
    html: str | None = None
    text: str | None = None
    attached: list[Attached] = []
    is_cut = False
    for number, part in enumerate(_leaves(message), start=1):
        if number > MAX_PARTS:
            is_cut = True
            break
        kind, name, in_place = _looks(part)
        if in_place and kind == "text/html" and html is None:
            html = decoded_text(part)
            is_cut = is_cut or len(html) > MAX_TEXT
        elif in_place and kind == "text/plain" and text is None:
            text = decoded_text(part)
            is_cut = is_cut or len(text) > MAX_TEXT
        else:
            cid = str(part.get("Content-ID") or "").strip().strip("<>")
            attached.append(Attached(number, kind, name, cid, body_of(part)))
    return MailParts(
        message,
        None if html is None else html[:MAX_TEXT],
        None if text is None else text[:MAX_TEXT],
        tuple(attached),
        is_cut,
    )


def parse_mail(raw: bytes) -> Message:
    """The mail `raw`, parsed; of one that is nested without end, the headers alone."""
    # The parser asks each line of a part about the boundaries of all parts around it.
    nests = sum(1 for _ in islice(_MULTIPART.finditer(raw), _MOST_NESTS + 1))
    with contextlib.suppress(RecursionError):
        if nests <= _MOST_NESTS:
            return message_from_bytes(raw)
    return BytesHeaderParser().parsebytes(raw)


def headers_of(head: bytes) -> Message:
    """The headers of a mail that begins with `head`; UTF-8 is read as it is (RFC 6532)."""
    lines, _, _ = head.replace(b"\r\n", b"\n").partition(b"\n\n")
    return HeaderParser().parsestr(lines.decode("utf-8", "replace"), headersonly=True)


def decoded_header(value: object) -> str:
    """A header's value as a person reads it, on one line; as it stands where it is malformed."""
    unfolded = " ".join(str(value)[:_LONGEST].split())
    try:
        return str(make_header(decode_header(unfolded)))
    except _UNREADABLE:
        return unfolded


def decoded_text(part: Message) -> str:
    """The text of a part in the charset that it names, or in UTF-8; what is no text is replaced."""
    data = body_of(part)
    try:
        codec = codecs.lookup(str(part.get_content_charset() or "utf-8"))
        if codec.name not in _NO_TEXT:
            return data.decode(codec.name, "replace")
    except _UNREADABLE:
        pass
    return data.decode("utf-8", "replace")


def body_of(part: Message) -> bytes:
    """The bytes of a part, decoded; of a mail inside the mail, that mail."""
    try:
        if part.is_multipart():
            inner = part.get_payload(0)
            return inner.as_bytes() if isinstance(inner, Message) else b""
        body = part.get_payload(decode=True)
    except (*_UNREADABLE, KeyError):
        return b""
    return body if isinstance(body, bytes) else b""


def _leaves(message: Message) -> Iterator[Message]:
    """The parts that hold something, in order; a mail inside the mail is one of them."""
    pending = [message]
    while pending:
        part = pending.pop()
        inner = part.get_payload() if part.is_multipart() else None
        if isinstance(inner, list) and part.get_content_maintype() == "multipart":
            pending += [sub for sub in reversed(inner) if isinstance(sub, Message)]
        else:
            yield part


def _looks(part: Message) -> tuple[str, str, bool]:
    """The kind of a part, its name for showing, and whether it is read in place."""
    try:
        kind = part.get_content_type()
        name = clean_text(re.sub(r"[/\\]", "_", decoded_header(part.get_filename() or "")))[:120]
        return kind, name, part.get_content_disposition() != "attachment" and not name
    except _UNREADABLE:
        return "application/octet-stream", "", False
