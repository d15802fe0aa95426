"""The MIME message: bytes that are ready to be addressed.

Sending adds To, gives each copy its own Message-ID, and marks and dates a test.

Put together by hand, since `EmailMessage` draws random boundaries and writes a long
List-Unsubscribe as an RFC 2047 encoded word, which breaks one-click unsubscribing.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from email.utils import format_datetime, parseaddr
from html import escape
from urllib.parse import urlsplit

from digest.errors import RenderError
from digest.models import Issue
from digest.render.clean import clean, safe_url
from digest.render.view import local, page_url, subject
from digest.text.slots import HEADER as SLOTS_HEADER
from digest.text.slots import with_room

MAX_LINE = 998
"""Octets of a line, without its end (RFC 5322, 2.1.1)."""
NO_SENDER = "digest@localhost"
"""Who an issue is from while the newsletter has no sender yet."""

# It begins with letters, which are looked for faster than the edge of a word.
_MEDIA = re.compile(r'(src=")(?<=\bsrc=")(media/[^"]+)(")')
_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
_ENCODED_WORD_BYTES = 45  # makes 60 of base64, and with =?utf-8?b??= at most 75 (RFC 2047, 2)
_SETTINGS = {
    "From": "DIGEST_SENDER", "Reply-To": "DIGEST_REPLY_TO", "Subject": "DIGEST_SUBJECT",
    "Message-ID": "DIGEST_SENDER", "List-Id": "DIGEST_SENDER",
    "List-Unsubscribe": "DIGEST_UNSUBSCRIBE_URL",
}  # fmt: skip
"""Where what a header says comes from, if the header turns out too long."""
_KINDS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
)


@dataclass(frozen=True, slots=True)
class _Part:
    """A body part: its headers, without the empty line, and its body with CRLF."""

    headers: tuple[str, ...]
    body: bytes

    def __bytes__(self) -> bytes:
        return "".join(f"{header}\r\n" for header in self.headers).encode() + b"\r\n" + self.body


def build_message(
    issue: Issue, *, html: str, text: str, media: Mapping[str, bytes], slots: str = ""
) -> bytes:
    """The message of `issue`: multipart/alternative, text first.

    Its pictures are embedded by cid, or linked below its page where the newsletter wants that.
    `slots` is the key of the slots that html and text hold for a recipient's fields. Date,
    boundaries and Message-ID derive from the issue, so that equal inputs give equal bytes.
    Raises RenderError where a header would hold a line break or other control characters.
    """
    sender_name, sender = parseaddr(issue.newsletter.sender)
    domain = _domain(sender or NO_SENDER)
    shown = [name for name in dict.fromkeys(m[2] for m in _MEDIA.finditer(html)) if name in media]
    used = [] if issue.newsletter.pictures == "media" else shown
    digest = hashlib.sha256(
        "\0".join([issue.slug, issue.now.isoformat(), issue.newsletter.name, html, text]).encode(
            "utf-8", "replace"
        )
    ).hexdigest()
    cids = {name: f"{name.removeprefix('media/')}@{domain}" for name in used}
    places = {name: f"cid:{cid}" for name, cid in cids.items()} or _linked(issue, shown)
    placed = _MEDIA.sub(
        lambda m: f"{m[1]}{escape(places[m[2]])}{m[3]}" if m[2] in places else m[0], html
    )
    rich = _text_part("html", placed, slots)
    if used:
        pictures = [_picture_part(name, media[name], cids[name]) for name in used]
        rich = _multipart("related", [rich, *pictures], digest, ' type="text/html";')
    body = _multipart("alternative", [_text_part("plain", text, slots), rich], digest)
    headers = [
        _header(
            "From", _mailbox("From", sender_name or issue.newsletter.name, sender or NO_SENDER)
        ),
        *_reply_to(issue),
        _header("Subject", _encoded("Subject", subject(issue))),
        _header("Date", format_datetime(local(issue.now, issue.newsletter))),
        # SpamAssassin counts a short Message-ID against a message.
        _header("Message-ID", f"<{_slug(issue.slug)}.{digest[:32]}@{domain}>"),
        *_list_headers(issue, domain),
        *([f"{SLOTS_HEADER}: {slots}"] if slots else []),
        "MIME-Version: 1.0",
    ]
    return bytes(_Part((*headers, *body.headers), body.body))


def _linked(issue: Issue, names: Sequence[str]) -> dict[str, str]:
    """Where each picture lies on the web."""
    page = page_url(issue)
    if names and not page:
        raise RenderError(
            "newsletter.pictures is “media”, and newsletter.web_url does not say where the web has "
            "them.",
            hint="Set DIGEST_WEB_URL, or DIGEST_PICTURES=embedded.",
        )
    return {name: f"{page}{name}" for name in names}


def _reply_to(issue: Issue) -> list[str]:
    name, address = parseaddr(issue.newsletter.reply_to)
    return [_header("Reply-To", _mailbox("Reply-To", name, address))] if address else []


def _list_headers(issue: Issue, domain: str) -> list[str]:
    """List-Id (RFC 2919), List-Unsubscribe (RFC 2369), one click where it is https (RFC 8058)."""
    name = issue.newsletter.name
    list_id = f"<{_slug(name)}.{domain}>"
    headers = [_header("List-Id", _behind("List-Id", _phrase("List-Id", name), list_id))]
    url = safe_url(issue.newsletter.unsubscribe_url, "https", "http", "mailto")
    if url:
        # Never folded, never encoded: a URL is one word. `_header` refuses what is too long.
        headers.append(_header("List-Unsubscribe", f"<{url}>"))
    if url.startswith("https:"):
        headers.append("List-Unsubscribe-Post: List-Unsubscribe=One-Click")
    return headers


def _header(name: str, value: str) -> str:
    """One header, folded already where it must be. Refuses what would begin another header."""
    unfolded = value.replace("\r\n ", " ")
    if re.search(r"[\x00-\x1f\x7f]", unfolded) or not unfolded.isascii():
        raise RenderError(
            f"{name}: a header cannot hold line breaks or control characters: {value[:60]!r}.",
            hint="Mend the setting that it comes from.",
        )
    if any(len(line) > MAX_LINE for line in f"{name}: {value}".split("\r\n")):
        setting = _SETTINGS.get(name, "")
        raise RenderError(
            f"{name} is longer than the {MAX_LINE} characters that mail allows.",
            hint=f"Set {setting} to a shorter one." if setting else "Shorten it.",
        )
    return f"{name}: {value}"


def _mailbox(header: str, name: str, address: str) -> str:
    """`Harbor Weekly <editor@example.org>`; a domain of other scripts is written in ASCII."""
    local, _, domain = address.rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii") if not domain.isascii() else domain
    except UnicodeError:
        domain = ""
    if not re.fullmatch(r"[\x21-\x7e]+@[A-Za-z0-9.:\[\]-]+", f"{local}@{domain}"):
        raise RenderError(
            f"“{clean(address)}” cannot stand in a message's header.",
            hint="DIGEST_SENDER and DIGEST_REPLY_TO are addresses such as editor@example.org.",
        )
    return _behind(header, _phrase(header, name), f"<{local}@{domain}>")


def _behind(header: str, phrase: str, address: str) -> str:
    """An address behind its phrase, on a line of its own where the two pass 76 characters."""
    last = f"{header}: {phrase}".split("\r\n")[-1]
    fits = not phrase or len(last) + 1 + len(address) <= 76
    joint = " " if fits else "\r\n "
    return f"{phrase}{joint}{address}".lstrip(" ")


def _phrase(header: str, name: str) -> str:
    """A display name: as it is, in quotes, or encoded (RFC 5322, 3.2.5; RFC 2047, 5)."""
    shown = clean(name)
    if not shown or (_ATOM.fullmatch(shown) and "=?" not in shown and len(shown) < 60):
        return shown
    if shown.isascii() and "=?" not in shown and len(shown) < 60:
        escaped = shown.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return _encoded(header, shown, always=True)


def _encoded(header: str, value: str, *, always: bool = False) -> str:
    """Text for a header: ASCII folded at spaces, all else as encoded words of whole characters."""
    longest = max(map(len, value.split(" ")))
    if not always and value.isascii() and "=?" not in value and longest < 70:
        return _folded(header, value)
    words: list[bytes] = []
    chunk = b""
    for character in value:
        octets = character.encode("utf-8", "replace")
        if len(chunk) + len(octets) > _ENCODED_WORD_BYTES - len(header) * (not words):
            words.append(chunk)
            chunk = b""
        chunk += octets
    words.append(chunk)
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(word).decode()}?=" for word in words)


def _folded(header: str, value: str) -> str:
    """ASCII text in lines of at most 76 characters where its words allow it."""
    lines, line = [], f"{header}:"
    for word in value.split(" "):
        # A line of white space alone would end the headers for some readers.
        if len(line) + 1 + len(word) > 76 and line.strip() and word and line != f"{header}:":
            lines.append(line)
            line = ""
        line += f" {word}"
    return "\r\n".join([*lines, line]).removeprefix(f"{header}: ")


def _text_part(kind: str, text: str, slots: str) -> _Part:
    lines = text.replace("\r\n", "\n").encode("utf-8", "replace")
    # Soft line breaks around a slot keep those of quoted-printable out of it.
    own = re.compile(rb"(slot\." + slots.encode() + rb"\.[a-z0-9_.]+\.tols)") if slots else None
    pieces = own.split(lines) if own else [lines]
    encoded = [piece if at % 2 else _quoted(piece) for at, piece in enumerate(pieces)]
    if len(encoded) > 1:  # the last line of each gets a soft break
        encoded = [piece if at % 2 else with_room(piece) for at, piece in enumerate(encoded)]
    body = b"=\n".join(encoded).replace(b"\n", b"\r\n")
    return _Part(
        (
            f"Content-Type: text/{kind}; charset=utf-8",
            "Content-Transfer-Encoding: quoted-printable",
        ),
        body,
    )


def _quoted(lines: bytes) -> bytes:
    """Quoted-printable, lines ending in LF."""
    # quopri's own encoder leaves "." and "From " alone at a line's start; b2a_qp guards the dot.
    body = binascii.b2a_qp(lines, quotetabs=False, istext=True).replace(b"\r\n", b"\n")
    return re.sub(rb"(?m)^From (.*)$", _from, body) if b"From " in body else body


def _from(line: re.Match[bytes]) -> bytes:
    """A line that begins “From ”, written so that no mailbox takes it for a message of its own."""
    fits = len(line[0]) <= 74  # “=46” takes two more than “F”
    return b"=46rom " + line[1] if fits else b"=46rom=\n " + line[1]


def _picture_part(name: str, data: bytes, cid: str) -> _Part:
    file = name.removeprefix("media/")
    kind = next((kind for magic, kind in _KINDS if data.startswith(magic)), "image/webp")
    encoded = base64.b64encode(data)
    lines = [encoded[at : at + 76] for at in range(0, len(encoded), 76)]
    return _Part(
        (
            f'Content-Type: {kind}; name="{file}"',
            "Content-Transfer-Encoding: base64",
            f"Content-ID: <{cid}>",
            f'Content-Disposition: inline; filename="{file}"',
        ),
        b"\r\n".join(lines) + b"\r\n",
    )


def _multipart(kind: str, parts: Iterable[_Part], digest: str, extra: str = "") -> _Part:
    """A multipart whose boundary occurs in none of its parts: quoted-printable has no “=_”."""
    boundary = f"=_{kind[:3]}_{digest[32:56]}"
    pieces = [f"--{boundary}\r\n".encode() + bytes(part) + b"\r\n" for part in parts]
    return _Part(
        (f'Content-Type: multipart/{kind};{extra}\r\n boundary="{boundary}"',),
        b"".join(pieces) + f"--{boundary}--\r\n".encode(),
    )


def _domain(address: str) -> str:
    domain = address.rpartition("@")[2]
    try:
        return domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return urlsplit(f"//{NO_SENDER}").hostname or "localhost"


def _slug(name: str) -> str:
    """Letters, digits and hyphens of `name`; a hash of it where it has none of them."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60]
    return slug or hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:12]
