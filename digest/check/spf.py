"""SPF: which servers may send for a domain, and whether servers can make that out (RFC 7208)."""

from __future__ import annotations

from dataclasses import dataclass, field

from digest.check.dns_records import Answer, Book, about
from digest.check.spf_record import SpfRecord, SpfTerm, is_spf, read_spf
from digest.models import Finding

MAX_LOOKUPS = 10
"""Terms that ask the DNS, counted through all includes (RFC 7208, 4.6.4)."""

MAX_VOID = 2
"""Questions of those that may find nothing (RFC 7208, 4.6.4)."""

MAX_MX = 10
"""Mail servers that one `mx` may name (RFC 7208, 4.6.4)."""

COUNTED = 30
"""Lookups after which counting stops: the record is far beyond what servers follow."""

_WHY = "Servers that cannot evaluate it treat mail as if it came from anybody (permerror)."
_NEEDED = "Gmail, Yahoo and Outlook take bulk mail only from domains with SPF and DKIM."


@dataclass(slots=True)
class _Walk:
    """What one evaluation adds up to; mutable, as the counts run through all includes."""

    book: Book
    lookups: int = 0
    voids: list[str] = field(default_factory=list)
    found: list[Finding] = field(default_factory=list)


def check_spf(domain: str, book: Book) -> tuple[Finding, ...]:
    """Findings on the SPF record of `domain` and of all that it includes."""
    answer = book.ask(domain, "TXT")
    if answer is None or not answer.is_known:
        return ()
    records = [value for value in answer.values if is_spf(value)]
    if not records:
        return (_absent(domain, answer),)
    if len(records) > 1:
        return (_several(domain, len(records)),)
    record = read_spf(records[0])
    walk = _Walk(book)
    _follow(walk, domain, record, (domain,))
    return (*_ending(domain, record), *walk.found, *_counts(domain, walk))


def _absent(domain: str, answer: Answer) -> Finding:
    near = next((v for v in answer.values if "spf" in v[:12].lower()), "")
    return about(
        domain,
        f"There is no SPF record: “{near[:60]}” is none, it must begin with “v=spf1 ”."
        if near
        else "There is no SPF record.",
        why=_NEEDED,
        mend="Add a TXT record such as “v=spf1 include:spf.your-mail-service ~all”; your mail "
        "service says which.",
    )


def _several(domain: str, count: int) -> Finding:
    return about(
        domain,
        f"There are {count:,} SPF records where one is allowed.",
        why=_WHY,
        mend="Join their terms in one record, and delete the others.",
    )


def _follow(walk: _Walk, domain: str, record: SpfRecord, chain: tuple[str, ...]) -> None:
    """Evaluate a record as a server would that matches none of its mechanisms."""
    walk.found += [_fault(domain, fault) for fault in record.faults[:3]]
    for term in record.terms:
        if walk.lookups >= COUNTED:
            return
        match term.kind:
            case "all":
                return
            case "include":
                walk.lookups += 1
                _enter(walk, domain, term, chain)
            case "ptr":
                walk.lookups += 1
                walk.found.append(_ptr(domain))
            case "a" | "mx" | "exists":
                walk.lookups += 1
                _look_up(walk, domain, term)
            case _:
                pass
    # A redirect holds wherever it stands, and only where there is no `all` (RFC 7208, 6.1).
    redirect = next((term for term in record.terms if term.kind == "redirect"), None)
    if redirect:
        walk.lookups += 1
        _enter(walk, domain, redirect, chain)


def _enter(walk: _Walk, domain: str, term: SpfTerm, chain: tuple[str, ...]) -> None:
    target = term.target.lower().rstrip(".")
    if term.has_macro:
        return
    if target in chain:
        walk.found.append(
            about(
                domain,
                f"SPF goes round in a circle: {domain} includes {target}, which leads to it.",
                why=_WHY,
                mend=f"Take {target} out of the record of {domain}.",
            )
        )
        return
    answer = walk.book.ask(target, "TXT")
    if answer is None or not answer.is_known:
        return
    records = [value for value in answer.values if is_spf(value)]
    if len(records) != 1:
        many = f"has {len(records):,} SPF records" if records else "has no SPF record"
        walk.found.append(
            about(
                domain,
                f"SPF points to {target}, which {many}.",
                why=_WHY,
                mend=f"Take {term.kind} {target} out, or ask whoever runs {target}.",
            )
        )
        return
    _follow(walk, target, read_spf(records[0]), (*chain, target))


def _look_up(walk: _Walk, domain: str, term: SpfTerm) -> None:
    if term.has_macro:
        return
    target = term.target or domain
    if term.kind == "mx":
        answer = walk.book.ask(target, "MX")
        if answer and len(answer.values) > MAX_MX:
            walk.found.append(
                about(
                    domain,
                    f"SPF's mx names {target}, which has {len(answer.values):,} mail servers; "
                    f"{MAX_MX} are allowed.",
                    why=_WHY,
                    mend="Name the addresses that send, with ip4: and ip6:.",
                )
            )
        answers = [answer]
    else:
        answers = [walk.book.ask(target, "A")]
        if term.kind == "a" and answers[0] and answers[0].state == "empty":
            answers.append(walk.book.ask(target, "AAAA"))
    if all(answer and answer.is_known and not answer.values for answer in answers):
        walk.voids.append(target)


def _ending(domain: str, record: SpfRecord) -> tuple[Finding, ...]:
    """What becomes of mail from everybody else, as the domain's own record says."""
    last = next((term for term in record.terms if term.kind == "all"), None)
    if last is None:
        if record.faults or any(term.kind == "redirect" for term in record.terms):
            return ()
        what = "The SPF record does not say what holds for all other servers."
        why = "Without it, a mail from anywhere counts as neither allowed nor forged."
    elif last.qualifier == "+":
        return (
            about(
                domain,
                "The SPF record ends in +all: it allows every server of the world to send.",
                why="Anybody can write in your name, and filters count such a record against you.",
                mend="End it in ~all or -all.",
            ),
        )
    elif last.qualifier == "?":
        what = "The SPF record ends in ?all: it says nothing about all other servers."
        why = "A mail from anywhere counts as neither allowed nor forged."
    else:
        return ()
    return (about(domain, what, why=why, mend="End it in ~all or -all.", level="warning"),)


def _counts(domain: str, walk: _Walk) -> tuple[Finding, ...]:
    found = []
    if walk.lookups > MAX_LOOKUPS:
        more = "more than " if walk.lookups >= COUNTED else ""
        found.append(
            about(
                domain,
                f"The SPF record takes {more}{walk.lookups} lookups; {MAX_LOOKUPS} are allowed.",
                why=_WHY,
                mend="Take out services that no longer send, or name addresses with ip4: and ip6:.",
            )
        )
    if len(walk.voids) > MAX_VOID:
        names = ", ".join(dict.fromkeys(walk.voids))
        found.append(
            about(
                domain,
                f"The SPF record asks for {len(walk.voids)} things that do not exist "
                f"({MAX_VOID} are allowed): {names}.",
                why=_WHY,
                mend="Take the terms out that name them.",
            )
        )
    return tuple(found)


def _fault(domain: str, fault: str) -> Finding:
    what = f"The SPF record cannot be read: {fault}."
    return about(domain, what, why=_WHY, mend="Correct that term, or take it out.")


def _ptr(domain: str) -> Finding:
    return about(
        domain,
        "The SPF record uses ptr, which is slow and which servers may ignore.",
        why="RFC 7208 (5.5) asks not to publish it.",
        mend="Name the addresses or hosts instead, with ip4:, ip6: or a:.",
        level="warning",
    )
