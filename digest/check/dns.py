"""What the DNS says of the sender's domain: whether it exists, and may be believed.

Pure: answers come in as values, and what is still to be asked goes out. `examine_sender` is called
again with the new answers until nothing is missing.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from urllib.parse import urlsplit

from digest.check.dkim import check_dkim
from digest.check.dmarc import check_dmarc
from digest.check.dns_records import Answer, Book, Question, State, about, is_name
from digest.check.spf import check_spf
from digest.check.words import shown
from digest.models import Finding

_RESERVED = frozenset({"example", "test", "invalid", "localhost"})
_RESERVED_SECOND = frozenset({"example.com", "example.net", "example.org"})
_SET_SENDER = "Set DIGEST_SENDER to an address at a domain of your own, and build again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """Findings so far, and the questions without which they are not complete."""

    findings: tuple[Finding, ...]
    missing: tuple[Question, ...]


def examine_sender(
    sender: str,
    known: Mapping[Question, Answer],
    *,
    unsubscribe_url: str = "",
    selectors: tuple[str, ...] = (),
    is_draft: bool = False,
) -> Examined:
    """Judge the domain of `sender`, an address with or without a name, by what is `known`.

    `selectors` name DKIM keys; without any, common ones are tried. A sender that is missing or at
    a reserved example domain holds no draft back, which is set up step by step.
    """
    domain = sender_domain(sender)
    if not domain or is_reserved(domain):
        return Examined(findings=(_no_domain(sender, domain, is_draft=is_draft),), missing=())
    book = Book(known)
    findings = _exists(domain, book)
    if findings is None:
        findings = (
            *_takes_mail(domain, book),
            *check_spf(domain, book),
            *check_dkim(domain, book, selectors),
            *check_dmarc(domain, book),
        )
    findings = (*findings, *_unsubscribe(unsubscribe_url, book))
    return Examined(findings=(*dict.fromkeys(findings), *_unanswered(book)), missing=book.missing)


def sender_domain(sender: str) -> str:
    """The domain of an address, in ASCII (IDNA) and lower case; nothing where it has none."""
    address = "" if re.search(r"[\x00-\x1f\x7f]", sender) else parseaddr(sender)[1]
    local, _, domain = address.rpartition("@")
    return _ascii(domain) if local else ""


def is_reserved(domain: str) -> bool:
    """Whether it is one of the names for examples and tests (RFC 2606, RFC 6761)."""
    labels = domain.lower().rstrip(".").split(".")
    return labels[-1] in _RESERVED or ".".join(labels[-2:]) in _RESERVED_SECOND


def _ascii(host: str) -> str:
    try:
        written = host.strip().rstrip(".").encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""
    return written if (is_name(written) and "." in written) or is_reserved(written) else ""


def _no_domain(sender: str, domain: str, *, is_draft: bool) -> Finding:
    if domain:
        what = f"The sender is at the reserved example domain {domain}."
    elif sender.strip():
        what = f"The sender “{sender[:80]}” has no domain that can be looked up."
    else:
        what = "The newsletter has no sender."
    return Finding(
        check="dns",
        level="warning" if is_draft else "error",
        where="message.eml",
        what=shown(what, 240),
        why="Nobody can prove to send for such a domain, so servers refuse the mail."
        if domain
        else "SPF, DKIM and DMARC belong to the sender's domain.",
        mend=_SET_SENDER,
    )


def _exists(domain: str, book: Book) -> tuple[Finding, ...] | None:
    """The one finding where there is no such domain; None where there is, or nobody knows."""
    answer = book.ask(domain, "MX")
    if answer is None or answer.state != "no name":
        return None
    return (
        about(
            domain,
            f"The sender's domain {domain} does not exist.",
            why="Servers refuse mail whose sender cannot be answered.",
            mend=f"Correct DIGEST_SENDER, or register {domain}.",
        ),
    )


def _takes_mail(domain: str, book: Book) -> tuple[Finding, ...]:
    answer = book.ask(domain, "MX")
    if answer is None or not answer.is_known:
        return ()
    refuses = answer.state == "found" and not any(answer.values)
    if answer.values and not refuses:
        return ()
    hosts = [] if refuses else [book.ask(domain, "A"), book.ask(domain, "AAAA")]
    if any(host is None or not host.is_known or host.values for host in hosts):
        return ()
    what = (
        "says that it takes no mail (a null MX)."
        if refuses
        else "has no mail server: neither MX nor an address."
    )
    return (
        about(
            domain,
            f"The sender's domain {what}",
            why="Answers and bounces have nowhere to go, and servers refuse such senders.",
            mend=f"Publish an MX record for {domain}.",
        ),
    )


def _unsubscribe(url: str, book: Book) -> tuple[Finding, ...]:
    """Whether the host of the unsubscribe link is there."""
    host = _host(url)
    if not host:
        return ()
    if is_reserved(host):
        return (_dead_host(host, "is a reserved example domain"),)
    answers = [book.ask(host, "A"), book.ask(host, "AAAA")]
    if url.lower().startswith("mailto:"):
        answers.append(book.ask(host, "MX"))
    if any(answer is None or not answer.is_known or answer.values for answer in answers):
        return ()
    return (_dead_host(host, "has no address in the DNS"),)


def _host(url: str) -> str:
    """The name that a link asks the DNS for; nothing where it is an address, or no link."""
    if url.lower().startswith("mailto:"):
        return sender_domain(url[7:].partition("?")[0])
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return "" if _is_address(host) else _ascii(host)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _dead_host(host: str, what: str) -> Finding:
    return about(
        host,
        f"The unsubscribe link leads to {host}, which {what}.",
        why="A reader who cannot leave marks the mail as spam, and bulk rules ask for a link that "
        "works.",
        mend="Correct DIGEST_UNSUBSCRIBE_URL, and build again.",
    )


_UNKNOWN: tuple[tuple[State, str, str], ...] = (
    ("timeout", "No answer came in time", "Check again where there is a network."),
    ("failed", "The servers answered with an error", "Check again; if it stays, mend the zone."),
)


def _unanswered(book: Book) -> tuple[Finding, ...]:
    """What could not be found out: said, and never taken for a record that is missing."""
    found = []
    for state, what, mend in _UNKNOWN:
        questions = book.unanswered(state)
        if questions:
            names = ", ".join(f"{q.kind} of {q.name}" for q in questions[:3])
            more = f" and {len(questions) - 3} more" if len(questions) > 3 else ""
            found.append(
                about(
                    questions[0].name,
                    f"{what} for {names}{more}.",
                    why="What the records say is not known, and was not judged.",
                    mend=mend,
                    level="warning",
                )
            )
    return tuple(found)
