"""The headers of a mail: whether bytes begin with some, and what they say, however damaged.

Not by the `email` package: its modern parser takes gigabytes for 1 MB of encoded words (Python
3.11), and its old one raises on a word that is no base64, and loses what is not encoded at all.
"""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from email.message import Message
from email.utils import parseaddr

from digest.collect.encoding import decode

LONGEST_HEADER = 2_000
"""Characters of a header that are read."""
_HEADER = re.compile(
    rb"(?:(?:From|To|Subject|Date|Received|Return-Path|Delivered-To|MIME-Version|Message-ID|"
    rb"DKIM-Signature|List-[\w-]+|X-[\w-]+|Content-Type|Reply-To|Sender|ARC-[\w-]+|"
    rb"Authentication-Results):[^\n]*\n(?:[ \t][^\n]*\n)*)",
    re.IGNORECASE,
)
# RFC 2047, 2, and what programs make of it: spaces in a word, and a last word cut off.
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bq])\?([^?]*+)(?:\?=|\Z)", re.IGNORECASE)


def is_mail(data: bytes) -> bool:
    """Whether bytes begin as a mail: several header lines of the usual names."""
    at = 0
    names: set[bytes] = set()
    while at < 20_000 and (hit := _HEADER.match(data, at)):
        names.add(hit[0].partition(b":")[0].lower())
        at = hit.end()
    return len(names) >= 3 and bool(names & {b"from", b"subject"})


def header(message: Message[str, str], name: str) -> str:
    """A header decoded, at most `LONGEST_HEADER` characters of it; "" for none."""
    return next((decoded(raw[:LONGEST_HEADER]) for raw in raw_headers(message, name)), "")


def raw_headers(message: Message[str, str], name: str) -> list[str]:
    """Every header of a name as it stands, on one line, bytes that are no ASCII read as text."""
    found = [value for key, value in message.raw_items() if key.lower() == name.lower()]
    return [re.sub(r"\r?\n\s*|\r", " ", _text(str(value))) for value in found]


def _text(raw: str) -> str:
    """A header's characters: what is not ASCII came as bytes, mostly UTF-8 (RFC 6532)."""
    return raw if raw.isascii() else decode(raw.encode("utf-8", "surrogateescape"))


def sender_name(message: Message[str, str]) -> str:
    """What the sender calls itself; "" where it names only its address."""
    raw = next(iter(raw_headers(message, "From")), "")[:LONGEST_HEADER]
    name, address = parseaddr(raw)
    if not name and not address:
        name = raw.partition("<")[0].strip(' "')
    return decoded(name)


def decoded(raw: str) -> str:
    """A header with its encoded words (RFC 2047) read; one that cannot be stays as it stands.

    Of words that follow each other the bytes are joined first: programs cut inside a character.
    """
    pieces: list[str] = []
    pending: tuple[str, bytes] = ("", b"")
    at = 0
    for hit in _WORD.finditer(raw):
        between = raw[at : hit.start()]
        charset = hit[1].partition("*")[0].lower()
        data = _unquoted(hit[3]) if hit[2] in "qQ" else unbased(hit[3])
        if between.strip() or pending[0] != charset or not data:
            pieces.append(decode(pending[1], pending[0]))
            pending = (charset, b"")
        if between.strip() or not at:
            pieces.append(between)
        if data:
            pending = (charset, pending[1] + data)
        else:
            pieces.append(hit[0] if hit[3] else "")
        at = hit.end()
    return "".join([*pieces, decode(pending[1], pending[0]), raw[at:]])


def _unquoted(word: str) -> bytes:
    return quopri.decodestring(word.encode("utf-8"), header=True)


def unbased(text: str | bytes) -> bytes:
    """What base64 holds, foreign characters left out and a last incomplete group dropped."""
    raw = text.encode("ascii", "ignore") if isinstance(text, str) else text
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", raw.translate(bytes.maketrans(b"-_", b"+/")))
    letters = letters[: len(letters) - (len(letters) % 4 == 1)]
    try:
        return base64.b64decode(letters + b"=" * (-len(letters) % 4))
    except binascii.Error:
        return b""
