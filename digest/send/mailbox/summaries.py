"""What an inbox shows of a mail, read from the beginning of its file."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.utils import parseaddr
from pathlib import Path
from typing import overload

from lxml import etree

from digest.text.mail_parts import decoded_header, headers_of, read_mail
from digest.text.markup import clean_text, parse_html

HEAD_BYTES = 128 << 10
"""Of a mail, as much is read for its summary: the headers, and what the body begins with."""
_PREVIEW = 240  # characters
_TO = ("To", "Cc", "Bcc", "Delivered-To", "X-Original-To")
_OWN_ID = re.compile(r"\s*<([0-9]{4}-w[0-9]{2})\.[0-9a-f]{32}@[^<>@\s]+>\s*", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s<>,;:\"()\[\]]+@[^\s<>,;:\"()\[\]]+")
# An HTML mail pads its preheader with joiners that nobody sees, to keep what follows out of sight.
_END = re.compile("[\u034f\u200b-\u200f\u2007\u00ad\u00a0]{20}")
_PADDING = re.compile("[\u034f\u200b-\u200f\u2007\u00ad\u00a0]{3,}")
_UNSEEN = frozenset({"script", "style", "title", "head", "template", "noscript"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A line of the inbox. Texts are decoded, printable and on one line; `came` is local time."""

    name: str
    """The file's name without its ending: what a page names the mail by."""
    path: Path
    came: datetime
    size: int
    sender: str = ""
    to: str = ""
    subject: str = ""
    preview: str = ""
    issue: str = ""
    """The issue that it is a mail of, such as 2026-W47; empty for any other mail."""

    @property
    def shown_sender(self) -> str:
        """The name of the sender, else the address."""
        name, address = parseaddr(self.sender)
        return name or address or self.sender


class Summaries(Sequence[Summary]):
    """The mails of a mailbox, newest first; a mail is opened when it is looked at."""

    def __init__(self, files: Sequence[os.DirEntry[str]], read: Callable[..., Summary]) -> None:
        self._files = files
        self._read = read

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all, without opening any."""
        return tuple(file.name.removesuffix(".eml") for file in self._files)

    def __len__(self) -> int:
        return len(self._files)

    @overload
    def __getitem__(self, at: int) -> Summary: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Summary, ...]: ...
    def __getitem__(self, at: int | slice) -> Summary | tuple[Summary, ...]:
        if isinstance(at, slice):
            return tuple(self._read(file) for file in self._files[at])
        return self._read(self._files[at])

    def __iter__(self) -> Iterator[Summary]:
        return (self._read(file) for file in self._files)


def summary(path: Path, head: bytes, *, size: int, came_ns: int) -> Summary:
    """The summary of a mail that begins with `head`."""
    headers = headers_of(head)
    return Summary(
        name=path.name.removesuffix(".eml"),
        path=path,
        came=datetime.fromtimestamp(came_ns / 1e9, tz=UTC).astimezone(),
        size=size,
        sender=_shown(headers, "From"),
        to=_shown(headers, "To"),
        subject=_shown(headers, "Subject"),
        preview=_preview(head),
        issue=issue_of(headers),
    )


def issue_of(headers: Message) -> str:
    """The issue that a mail of this program's is of: its Message-ID says so; else nothing."""
    hit = _OWN_ID.fullmatch(str(headers.get("Message-ID") or ""))
    return hit[1].upper() if hit and headers.get("List-Id") else ""


def addressed_to(head: bytes) -> frozenset[str]:
    """Every address in the headers that say whom a mail is for, as `same` writes it."""
    headers = headers_of(head)
    found = [str(value) for name in _TO for value in headers.get_all(name) or ()]
    return frozenset(hit.casefold() for value in found for hit in _ADDRESS.findall(value))


def subject_of(head: bytes) -> str:
    """The subject of a mail that begins with `head`."""
    return _shown(headers_of(head), "Subject")


def _shown(headers: Message, name: str) -> str:
    return clean_text(decoded_header(headers.get(name) or ""))[:300]


def _preview(head: bytes) -> str:
    """What an inbox shows behind the subject: the words that the HTML begins with, else the text's.

    A hidden preheader is among them, as it is in an inbox.
    """
    parts = read_mail(head)
    words = _words(parts.html) if parts.html else ""
    return (words or _line(parts.text or "")[:_PREVIEW]).strip()


def _words(html: str) -> str:
    root = parse_html(html[:HEAD_BYTES])
    if root is None:
        return ""
    found: list[str] = []
    length = 0
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, node in walker:
        if event == "start" and node.tag in _UNSEEN:
            walker.skip_subtree()  # its end comes next
            continue
        words = (node.text if event == "start" else node.tail) or ""
        end = _END.search(words)
        line = _line(words[: end.start()] if end else words)
        if line:
            found.append(line)
            length += len(line)
        if end or length > _PREVIEW:
            break
    return _line(" ".join(found))[:_PREVIEW]


def _line(text: str) -> str:
    return clean_text(_PADDING.sub(" ", text))
