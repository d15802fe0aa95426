"""What came back after a mail was sent: the values that reading it gives."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from digest.send.returned.mime import Headers, Part, leaves, read_headers
from digest.send.returned.status_codes import CODE, Judgement, mildest

Kind = Literal["bounce", "complaint", "auto-reply", "other"]
Action = Literal["failed", "delayed", "delivered", "relayed", "expanded", ""]

MOST_PEOPLE = 1_000
"""Recipients of one report that are kept. A mail of ours has one; an alias may have many."""
_ADDRESS = re.compile(r"[^\s@<>()\[\]\\,;:\"]{1,128}@[^\s@<>()\[\]\\,;:\"]{1,255}")
_RETURNED = frozenset(
    {
        "message/rfc822",
        "text/rfc822-headers",
        "message/rfc822-headers",
        "message/global",
        "message/global-headers",  # RFC 6533
    }
)
_LINKS = re.compile(r"<([^<>]{1,2000})>")
# A server's reply with its enhanced status (RFC 2034), or a status as qmail and Exchange mark it.
_REPLY = re.compile(r"(?<![\d.])[245]\d\d[ -]#?(\d\.\d{1,3}\.\d{1,3})(?![\d.]*\d)")
_MARKED = re.compile(r"#(\d\.\d{1,3}\.\d{1,3})(?![\d.]*\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Affected:
    """What a report says of one address: nothing but claims, until the mail is shown to be ours.

    `original` is the address as it was sent to, "" where not told. `sure`: the claims about this
    address are complete and do not contradict each other; only then is it ever "hard".
    """

    address: str
    original: str = ""
    action: Action = ""
    status: str = ""
    diagnostic: str = ""
    judgement: Judgement
    why: str
    sure: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """What identifies the mail that came back, from its own headers.

    `links` are the URIs of List-Unsubscribe; `extra` are its X- headers and Feedback-ID.
    """

    message_id: str = ""
    list_id: str = ""
    links: tuple[str, ...] = ()
    to: str = ""
    extra: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One mail that came back. `judgement` is the mildest of what is said of its addresses.

    `form` is how it was written: dsn, arf, jmrp, qmail, exim, postfix, sendmail, exchange; "" for
    what is none of them. `more` counts addresses past the first 1,000; `envelope_id` is the ENVID
    that the mail was sent with (RFC 3461); `feedback` is the Feedback-Type.
    """

    kind: Kind
    judgement: Judgement
    why: str
    form: str = ""
    affected: tuple[Affected, ...] = ()
    more: int = 0
    returned: Returned | None = None
    envelope_id: str = ""
    reporter: str = ""
    feedback: str = ""
    sender: str = ""
    subject: str = ""
    when: datetime | None = None


def returned_mail(part: Part) -> Returned | None:
    """What the first returned mail, or its headers, inside `part` says of itself."""
    for leaf in leaves(part):
        if leaf.kind in _RETURNED:
            return identify(leaf.content)
    return None


def identify(raw: bytes) -> Returned | None:
    """What a returned mail says of itself; None where it has no headers."""
    return identified(read_headers(raw.lstrip(b"\n").partition(b"\n\n")[0]))


def identified(headers: Headers) -> Returned | None:
    """The same, from its headers."""
    if not headers.fields:
        return None
    links = (found for value in headers.all("list-unsubscribe") for found in _LINKS.findall(value))
    extra = [
        (name, value[:300])
        for name, value in headers.fields
        if name.startswith("x-") or name == "feedback-id"
    ]
    return Returned(
        message_id=headers.get("message-id").replace(" ", "")[:998],
        list_id=headers.get("list-id")[:300],
        links=tuple(link.replace(" ", "") for link in links)[:10],
        to=headers.get("to")[:320],
        extra=tuple(extra[:50]),
    )


def sender_of(headers: Headers) -> str:
    """Who a mail says it is from; "" where that is no address.

    Not by `email.utils.parseaddr`, which ends in a RecursionError for a header of brackets.
    """
    field = headers.get("from")[:500]
    hit = re.search(r"<([^<>\s]{1,320})>", field)
    bare = _ADDRESS.search(field)
    return hit[1] if hit else bare[0] if bare else ""


def is_address(text: str) -> bool:
    """Whether `text` is one plain address and nothing besides."""
    return _ADDRESS.fullmatch(text) is not None


def replies(text: str) -> tuple[str, ...]:
    """The statuses in a server's words, as far as they stand where a protocol puts them."""
    found = [*_REPLY.findall(text), *_MARKED.findall(text)]
    return tuple(dict.fromkeys(code for code in found if CODE.fullmatch(code)))[:5]


def judged(
    address: str,
    *,
    action: Action,
    codes: tuple[str, ...],
    original: str = "",
    diagnostic: str = "",
    sure: bool = True,
) -> Affected:
    """What a report's claims about one address come to."""
    status, judgement, why = mildest(codes)
    sure = sure and is_address(address) and bool(action)
    match action:
        case "failed":
            if not sure:
                judgement, why = "other", "The report is damaged where it speaks of this address."
        case "delayed":
            judgement, why = "soft", "It has not arrived yet; the server goes on trying."
        case "delivered":
            judgement, why = "other", "The mail arrived."
        case "relayed":
            judgement, why = "other", "The mail was passed on to a server that reports nothing."
        case "expanded":
            judgement, why = "other", "The mail arrived and went on to several addresses."
        case _:
            judgement, why = "other", "The report does not say what became of the mail."
    return Affected(
        address=address[:320],
        original=original[:320],
        action=action,
        status=status,
        diagnostic=diagnostic[:500],
        judgement=judgement,
        why=why,
        sure=sure,
    )
