"""A mail that came back → what it says: a bounce, a complaint, an automatic answer, or neither.

Delivery status notifications (RFC 3464, 6533), feedback reports (RFC 5965), and the older forms of
`old_forms`. Anybody can write such a mail, with any address in it. What is read here is what
it claims; the caller acts only where the mail inside is shown to be one that was sent.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import decode_header
from email.utils import parsedate_to_datetime
from typing import get_args

from digest.send.returned.mime import Headers, Part, leaves, read_headers, read_mail
from digest.send.returned.old_forms import read_old_form
from digest.send.returned.reports import (
    MOST_PEOPLE,
    Action,
    Affected,
    Report,
    Returned,
    identify,
    judged,
    replies,
    returned_mail,
    sender_of,
)
from digest.send.returned.status_codes import CODE, Judgement

_STATUS = frozenset({"message/delivery-status", "message/global-delivery-status"})
_BLANK = re.compile(rb"\n[ \t]*\n\s*")
_UNICODE = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")  # RFC 6533, 3
_ACTIONS = {str(action): action for action in get_args(Action)}
_MILDNESS = ("hard", "soft", "blocked", "other")
_FEEDBACK: dict[str, tuple[Judgement, str]] = {
    "abuse": ("complaint", "The reader reported the mail as spam."),
    # To be taken for a fraud is a complaint too: this reader wants no more of it.
    "fraud": ("complaint", "The reader reported the mail as a fraud."),
    "opt-out": ("complaint", "The reader asked their provider for no more mail."),
    "opt-out-list": ("complaint", "The reader asked their provider for no more mail."),
    "virus": ("blocked", "The provider says that the mail carries a virus."),  # about the mail
    "auth-failure": ("blocked", "The mail failed an authentication check."),  # RFC 6591: about us
    "not-spam": ("other", "The reader says that the mail is no spam."),
}
_AUTOMATIC = (
    "x-autoreply", "x-autorespond", "x-autoresponder", "x-autoreply-from", "x-mail-autoreply",
)  # fmt: skip


def read_report(raw: bytes) -> Report | None:
    """What a mail that came back says; None for bytes that are no mail. Never raises.

    The first megabyte is read.
    """
    mail = read_mail(raw)
    if not mail.headers.fields:
        return None
    found = _delivery_status(mail) or _feedback(mail) or read_old_form(mail) or _answer(mail)
    return replace(
        found,
        sender=sender_of(mail.headers),
        subject=_readable(mail.headers.get("subject")[:300]),
        when=_moment(mail.headers.get("date")[:100]),
    )


def _delivery_status(mail: Part) -> Report | None:
    part = next((leaf for leaf in leaves(mail) if leaf.kind in _STATUS), None)
    if part is None:
        return None
    blocks = [block for block in _BLANK.split(part.content.strip(b"\n")) if block.strip()]
    groups = [read_headers(block) for block in blocks[: MOST_PEOPLE + 1]]
    about = groups[0] if groups else Headers()
    people = [
        # What was cut off in its midst may have said something else.
        _affected(group, whole=part.whole or place < len(blocks) - 1)
        for place, group in enumerate(groups)
        if group.all("final-recipient") or group.all("original-recipient")
    ]
    judgement, why = _overall(people)
    return Report(
        kind="bounce",
        judgement=judgement,
        why=why,
        form="dsn",
        affected=tuple(people[:MOST_PEOPLE]),
        more=max(len(blocks) - 1 - MOST_PEOPLE, 0),
        returned=returned_mail(mail),
        envelope_id=about.get("original-envelope-id")[:500],
        reporter=about.get("reporting-mta").partition(";")[2].strip()[:255],
    )


def _affected(group: Headers, *, whole: bool) -> Affected:
    """One recipient's fields. Fields that are there twice are two recipients' run together."""
    once = all(
        len(group.all(name)) <= 1 for name in ("final-recipient", "original-recipient", "action")
    )
    statuses = group.all("status")
    final, original = group.get("final-recipient"), group.get("original-recipient")
    status = CODE.match(group.get("status"))
    diagnostic = group.get("diagnostic-code")
    codes = (*((status[0],) if status else ()), *_replied(diagnostic))
    return judged(
        _address(final or original),
        original=_address(original),
        action=_ACTIONS.get(group.get("action").partition(" ")[0].lower(), ""),
        codes=codes,
        diagnostic=diagnostic,
        sure=whole and once and not group.damaged and bool(final and status) and len(statuses) == 1,
    )


def _replied(diagnostic: str) -> tuple[str, ...]:
    """The status in a Diagnostic-Code: at the beginning of the words that a server answered."""
    kind, _, words = diagnostic.partition(";")
    return replies(words.strip()[:16])[:1] if kind.strip().lower() == "smtp" else ()


def _address(field: str) -> str:
    """The address of a field such as `rfc822; ann@example.org`.

    `+2B` stays: as xtext (RFC 3461, 4) it should be decoded by now, and is a real address besides.
    """
    kind, mark, text = field.partition(";")
    address = (text if mark else field).strip().removeprefix("<").removesuffix(">")
    if kind.strip().lower() == "utf-8":
        return _UNICODE.sub(_character, address)
    return address


def _character(hit: re.Match[str]) -> str:
    """The character of an escape; one that is no letter, such as a line break, stays escaped."""
    number = int(hit[1], 16)
    found = chr(number) if number <= 0x10FFFF else ""
    return found if found.isprintable() and not found.isspace() and found else hit[0]


def _overall(people: list[Affected]) -> tuple[Judgement, str]:
    """The mildest of what is said of the addresses that failed, else of the others."""
    chosen = [one for one in people if one.action == "failed"] or people
    if not chosen:
        return "other", "The report names nobody."
    worst = max(chosen, key=lambda one: _MILDNESS.index(one.judgement))
    return worst.judgement, worst.why


def _feedback(mail: Part) -> Report | None:
    parts = list(leaves(mail))
    part = next((leaf for leaf in parts if leaf.kind == "message/feedback-report"), None)
    if part is None:
        return _junk_mail_report(parts)
    fields = read_headers(part.content.strip(b"\n"))
    kind = fields.get("feedback-type").strip().lower()[:40]
    judgement, why = _FEEDBACK.get(kind, ("other", "The report is of a kind that is not known."))
    named = (*fields.all("original-rcpt-to"), *fields.all("removal-recipient"))
    return Report(
        kind="complaint" if judgement == "complaint" else "other",
        judgement=judgement,
        why=why,
        form="arf",
        affected=tuple(_complained(name, judgement, why) for name in named[:MOST_PEOPLE]),
        more=max(len(named) - MOST_PEOPLE, 0),
        returned=returned_mail(mail),
        envelope_id=fields.get("original-envelope-id")[:500],
        reporter=(fields.get("reporting-mta").partition(";")[2].strip()
                  or fields.get("user-agent"))[:255],
        feedback=kind,
    )  # fmt: skip


def _junk_mail_report(parts: list[Part]) -> Report | None:
    """Microsoft's complaints: the mail itself, with a header that names who complained."""
    for leaf in parts:
        if leaf.kind == "message/rfc822":
            found: Returned | None = identify(leaf.content)
            extra = dict(found.extra) if found else {}
            who = extra.get("x-hmxmroriginalrecipient")
            if who:
                judgement, why = _FEEDBACK["abuse"]
                return Report(
                    kind="complaint",
                    judgement=judgement,
                    why=why,
                    form="jmrp",
                    affected=(_complained(who, judgement, why),),
                    returned=found,
                    feedback="abuse",
                )
    return None


def _complained(name: str, judgement: Judgement, why: str) -> Affected:
    address = _address(name)[:320]
    return Affected(address=address, judgement=judgement, why=why)


def _answer(mail: Part) -> Report:
    """An automatic answer (RFC 3834, and what programs wrote before it), or one of a person."""
    headers = mail.headers
    submitted = headers.get("auto-submitted").partition(";")[0].strip().lower()
    precedence = headers.get("precedence").strip().lower()
    why = ""
    if mail.parameter("report-type").lower() == "disposition-notification":
        why = "A receipt says that the mail was shown or deleted."  # RFC 8098
    elif (
        submitted.startswith("auto-")
        or any(headers.get(name) for name in _AUTOMATIC)
        or precedence == "auto_reply"
    ):
        why = "A program answered, not a person."
    elif precedence in {"bulk", "junk"} and headers.get("in-reply-to"):
        why = "A program answered, not a person."  # the first vacation programs
    if why:
        return Report(kind="auto-reply", judgement="auto-reply", why=why)
    return Report(kind="other", judgement="other", why="An ordinary mail, for the editor to read.")


def _readable(subject: str) -> str:
    """A subject with its encoded words read (RFC 2047); as it stands where that fails."""
    try:
        pieces = decode_header(subject)
        text = "".join(
            piece if isinstance(piece, str) else piece.decode(charset or "latin-1", "replace")
            for piece, charset in pieces
        )
    except (HeaderParseError, LookupError, ValueError):
        return subject
    return " ".join(text.split())


def _moment(date: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(date)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
