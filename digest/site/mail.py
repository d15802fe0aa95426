"""The mailbox: the mails that stayed on this machine, as an inbox and as a mail program show them.

Mails are hostile. Their HTML is shown in a sandboxed frame with an address of its own; nothing of
it stands in our own pages.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from typing import Protocol
from urllib.parse import unquote

from digest.site.headers import told_headers
from digest.site.style import page
from digest.text.mail_parts import Attached, MailParts

MAILS_PER_PAGE = 100
ROOT_OF_MAIL = "../../"
"""The pages of a mail lie two folders deep: `mailbox/<name>/`."""
_DOCTYPE = re.compile(r"(?:\s|<!--.*?-->){0,50}<!doctype\b[^>]*>", re.IGNORECASE | re.DOTALL)
_CID = re.compile(r"((?:[\"'(]|=)\s*)cid:([^\"'\s()<>]{1,300})", re.IGNORECASE)
_LINK = re.compile(r"<link(?=[\s/>])", re.IGNORECASE)
_PICTURES = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "image/webp"),
    (re.compile(rb"....ftypavi[fs]", re.DOTALL), "image/avif"),
)
"""Pictures that are shown, by their first bytes; SVG can carry scripts and is not among them."""


class InboxLine(Protocol):
    """A mail as an inbox lists it."""

    @property
    def name(self) -> str:
        """What its page is named by."""

    @property
    def came(self) -> datetime:
        """When it came."""

    @property
    def size(self) -> int:
        """In bytes."""

    @property
    def shown_sender(self) -> str:
        """The sender's name, else the address."""

    @property
    def sender(self) -> str:
        """The From line."""

    @property
    def to(self) -> str:
        """The To line."""

    @property
    def subject(self) -> str:
        """The Subject line."""

    @property
    def preview(self) -> str:
        """What an inbox shows behind the subject."""

    @property
    def issue(self) -> str:
        """The issue that it is a mail of; empty for any other mail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """The mails before and after one, by name, and its issue where the archive has it."""

    older: str = ""
    newer: str = ""
    issue: str = ""


def mailbox_page(lines: Sequence[InboxLine], *, number: int = 1) -> str:
    """Page `number`, from 1, of the mails, newest first as they are handed in.

    A page that is not there shows the nearest one that is.
    """
    pages = max(1, -(-len(lines) // MAILS_PER_PAGE))
    number = min(max(1, number), pages)
    start = (number - 1) * MAILS_PER_PAGE
    return page(
        "mailbox.html.j2",
        root="../",
        lines=lines[start : start + MAILS_PER_PAGE],
        total=len(lines),
        number=number,
        pages=pages,
    )


def mail_page(
    line: InboxLine, parts: MailParts, *, beside: Beside, remote_pictures: bool = False
) -> str:
    """The mail's HTML at the widths of a desktop and of a phone, in frames."""
    return _mail_page(
        "mail_html.html.j2", "html", line, parts, beside, remote_pictures=remote_pictures
    )


def mail_text_page(line: InboxLine, parts: MailParts, *, beside: Beside) -> str:
    """The mail's text part, as a mail program in a fixed-width font shows it."""
    return _mail_page("mail_text.html.j2", "text", line, parts, beside, text=parts.text)


def mail_headers_page(line: InboxLine, parts: MailParts, raw: bytes, *, beside: Beside) -> str:
    """The mail's headers, decoded and as they came, and the tree of its parts."""
    told = told_headers(raw, parts.message)
    return _mail_page("mail_headers.html.j2", "headers", line, parts, beside, **told)


def mail_files_page(line: InboxLine, parts: MailParts, *, beside: Beside) -> str:
    """What is attached to the mail, pictures shown."""
    files = [(file, picture_kind(file.data)) for file in parts.attached]
    return _mail_page("mail_files.html.j2", "files", line, parts, beside, files=files)


def mail_html(parts: MailParts, *, framed: bool) -> str:
    """The document that a frame shows: the mail's HTML with its own pictures in place.

    `framed`: its links open tabs, for a frame must not leave the mail that it is meant to show.
    """
    cids = {file.cid: file.number for file in parts.attached if picture_kind(file.data)}

    def place(hit: re.Match[str]) -> str:
        number = cids.get(unquote(unescape(hit[2])))
        return f"{hit[1]}part/{number}" if number else hit[0]

    # No policy keeps a page from connecting ahead (`<link rel=preconnect>`), and no mail needs one.
    html = _LINK.sub("<meta data-link", _CID.sub(place, parts.html or ""))
    if not framed:
        return html
    doctype = _DOCTYPE.match(html)
    at = doctype.end() if doctype else 0
    return f'{html[:at]}<base target="_blank">{html[at:]}'


def picture_kind(data: bytes) -> str:
    """The media type of a picture that may be shown; empty for anything else."""
    return next((kind for magic, kind in _PICTURES if magic.match(data)), "")


def file_name(file: Attached) -> str:
    """What an attachment is saved as: its own name where that is harmless, else its number."""
    name = re.sub(r"[^\w.() +-]", "_", file.name).strip(" .")
    return name or f"part-{file.number}.bin"


def _mail_page(
    template: str, tab: str, line: InboxLine, parts: MailParts, beside: Beside, **values: object
) -> str:
    return page(
        template,
        root=ROOT_OF_MAIL,
        tab=tab,
        line=line,
        parts=parts,
        beside=beside,
        file_name=file_name,
        **values,
    )
