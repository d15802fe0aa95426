"""The MIME message: well formed, text first, and its two parts are the renderings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from digest.check.material import Material
from digest.check.words import shown
from digest.models import Finding

MAX_LINE = 998
"""Octets of a line without its end (RFC 5322, 2.1.1); servers cut or refuse longer ones."""

_SOURCE = re.compile(r"(?i)(\bsrc=[\"'])(?:(?:https?://[^\"']*/)?media/|cid:)[^\"']*")


def check(material: Material) -> tuple[Finding, ...]:
    """Errors for what would reach readers damaged, or other than it was reviewed."""
    return (
        *_form(material),
        *_headers(material),
        *_addressed(material),
        *_parts(material),
    )


def _form(material: Material) -> Iterator[Finding]:
    if material.mail.defects:
        what = f"The message is malformed: {', '.join(material.mail.defects)}."
        yield _error(what, "Mail clients guess at malformed messages, each its own way.")
    longest = max(map(len, re.split(rb"\r?\n", material.renderings.message)))
    if longest > MAX_LINE:
        what = f"The message has a line of {longest:,} bytes; {MAX_LINE} are allowed."
        yield _error(what, "Servers break or refuse longer lines (RFC 5322).")


def _headers(material: Material) -> Iterator[Finding]:
    for name in ("From", "Date", "Message-ID"):
        if len(material.mail.all(name)) != 1:
            what = f"The message must have one {name} header."
            yield _error(what, "Servers refuse it, or count it as spam (RFC 5322).")
    for name in ("Subject", "Reply-To", "List-Id", "MIME-Version"):
        if len(material.mail.all(name)) > 1:
            what = f"The message has several {name} headers."
            yield _error(what, "Servers refuse it, or count it as spam (RFC 5322).")
    if not material.issue.newsletter.reply_to and material.mail.all("Reply-To"):
        what = "The message has a Reply-To header, and the newsletter has no such address."
        yield _error(what, "Readers' answers would go to somebody else.")


def _addressed(material: Material) -> Iterator[Finding]:
    for name in ("To", "Cc", "Bcc"):
        if material.mail.all(name):
            what = f"The message is addressed to somebody already: it has a {name} header."
            yield _error(what, "Each recipient gets a copy of their own; this one cannot be sent.")


def _parts(material: Material) -> Iterator[Finding]:
    mail, renderings = material.mail, material.renderings
    if mail.kinds[:2] != ("text/plain", "text/html"):
        what = f"The message must hold text, then HTML; it holds {', '.join(mail.kinds) or 'none'}."
        yield _error(what, "Clients show the last form that they understand (RFC 2046).")
        return
    for file, sent, meant in (
        ("email.txt", mail.text, renderings.email_txt),
        ("email.html", mail.html, renderings.email_html),
    ):
        if _lines(sent or "") != _lines(meant):
            what = f"The message's own {file} is another."
            yield _error(what, "What was reviewed is not what would be sent.")


def _lines(text: str) -> list[str]:
    """Lines to compare: pictures are files in one form, embedded or on the web in the other.

    Whether they are the same ones, the family of pictures looks at.
    """
    written = text.encode("utf-8", "replace").decode("utf-8")
    return _SOURCE.sub(r"\1", written).rstrip().splitlines()


def _error(what: str, why: str) -> Finding:
    mend = "Build the issue again; a file that was changed by hand is not what is sent."
    return Finding(
        check="message",
        level="error",
        where="message.eml",
        what=shown(what, 200),
        why=why,
        mend=mend,
    )
