"""DMARC: what a domain asks of those who get mail in its name (RFC 9989, before it RFC 7489)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from digest.check.dns_records import Book, about, tags, twice
from digest.models import Finding

MAX_LABELS = 8
"""A longer name is walked from its last seven labels on (RFC 9989, 4.10)."""

_FIRST = re.compile(r"v[ \t]*=[ \t]*DMARC1[ \t]*(?:;|$)")
_POLICIES = ("none", "quarantine", "reject")
_RECORD = "“v=DMARC1; p=none; rua=mailto:dmarc@your-domain”"
_WHY = "A record with a mistake is ignored, as if there were none."
_NEEDED = "Gmail, Yahoo and Outlook ask it of everybody who sends bulk mail."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Record:
    """The tags of the one record at `name`."""

    name: str
    text: str

    @property
    def tags(self) -> dict[str, str]:
        return {name.lower(): value for name, value in tags(self.text)[0]}


def strict_dkim(domain: str, book: Book) -> bool:
    """Whether a signature counts only for exactly this domain (adkim=s)."""
    walked = _walk(domain, book)
    policy = _policy(domain, walked) if walked else None
    return bool(policy and policy.tags.get("adkim", "r").lower() == "s")


def check_dmarc(domain: str, book: Book) -> tuple[Finding, ...]:
    """Findings on the policy that holds for mail from `domain`: its own, or one from above."""
    own = book.ask(f"_dmarc.{domain}", "TXT")
    walked = _walk(domain, book)
    if own is None or not own.is_known or walked is None:
        return ()
    where = f"_dmarc.{domain}"
    here = [value for value in own.values if _FIRST.match(value)]
    if len(here) > 1:
        return (
            about(
                where,
                f"There are {len(here):,} DMARC records where one is allowed.",
                why=_WHY,
                mend="Keep one.",
            ),
        )
    policy = _policy(domain, walked)
    if policy is None:
        near = next((v for v in own.values if "dmarc" in v[:16].lower() or "p=" in v[:40]), "")
        return (
            about(
                where,
                f"There is no DMARC record: “{near[:60]}” is none, it must begin with “v=DMARC1;”."
                if near
                else "There is no DMARC record.",
                why=_NEEDED,
                mend=f"Add a TXT record such as {_RECORD}.",
            ),
        )
    return _judge(policy, inherited=policy.name != domain)


def _walk(domain: str, book: Book) -> tuple[_Record, ...] | None:
    """The records from the domain up (a list of public suffixes is not needed: RFC 9989, 4.10).

    None while an answer is not known yet, or where one could not be had.
    """
    labels = domain.split(".")
    starts = [0, *range(1 if len(labels) <= MAX_LABELS else len(labels) - 7, len(labels))]
    names = [".".join(labels[start:]) for start in starts]
    answers = [(name, book.ask(f"_dmarc.{name}", "TXT")) for name in names]
    found = []
    for name, answer in answers:
        if answer is None or not answer.is_known:
            return None
        records = [value for value in answer.values if _FIRST.match(value)]
        if len(records) == 1:
            found.append(_Record(name=name, text=records[0]))
            psd = found[-1].tags.get("psd", "u").lower()
            if psd == "n" or (psd == "y" and name != domain):
                break
    return tuple(found)


def _policy(domain: str, walked: tuple[_Record, ...]) -> _Record | None:
    """The domain's own record; else that of its organization, else of the suffix above."""
    if not walked:
        return None
    if walked[0].name == domain:
        return walked[0]
    last = walked[-1]
    if last.tags.get("psd", "").lower() == "y" and len(walked) > 1:
        below = walked[-2]  # the organization is one label below a public suffix
        return below if below.name.partition(".")[2] == last.name else last
    return last


def _judge(policy: _Record, *, inherited: bool) -> tuple[Finding, ...]:
    where = f"_dmarc.{policy.name}"
    pairs, rest = tags(policy.text)
    given = policy.tags
    faults = [f"“{rest[:60]}” is no tag=value"] if rest else []
    again = twice(name.lower() for name, _ in pairs)
    faults += [f"{again}= stands twice"] if again else []
    faults += list(_wrong_values(given))
    found = [
        about(where, f"The DMARC record has a mistake: {fault}.", why=_WHY, mend="Correct it.")
        for fault in faults[:3]
    ]
    asked = given.get("sp", given.get("p", "")) if inherited else given.get("p", "")
    if asked.lower() == "none":
        found.append(
            about(
                where,
                "DMARC asks for nothing against forged mail (p=none)."
                if not inherited
                else f"DMARC of {policy.name} asks for nothing against mail forged in the name of "
                "what lies below it.",
                why="Gmail and Yahoo accept p=none of a bulk sender, but whoever forges your "
                "address gets through, and it costs your name.",
                mend="Read the reports for some weeks; when your own mail passes, ask for "
                "p=quarantine, later p=reject.",
                level="warning",
            )
        )
    if not given.get("rua"):
        found.append(
            about(
                where,
                "DMARC names no address for reports (rua=).",
                why="Reports show who sends in your name, and whether your own mail passes.",
                mend="Add rua=mailto: with an address that you read.",
                level="warning",
            )
        )
    return tuple(found)


def _wrong_values(given: dict[str, str]) -> tuple[str, ...]:
    """What no receiver understands, as phrases."""
    faults = []
    if "p" not in given:
        faults.append("it has no p=, which says what to do with forged mail")
    faults += [
        f"{name}={given[name][:30]} is none of {', '.join(_POLICIES)}"
        for name in ("p", "sp", "np")
        if given.get(name, "none").lower() not in _POLICIES
    ]
    for name in ("adkim", "aspf"):
        if given.get(name, "r").lower() not in {"r", "s"}:
            faults.append(f"{name}={given[name][:30]} is neither r nor s")
    percent = given.get("pct", "100")
    if not re.fullmatch(r"[0-9]{1,3}", percent) or int(percent) > 100:
        faults.append(f"pct={percent[:30]} is no number from 0 to 100")
    for name in ("rua", "ruf"):
        for uri in given.get(name, "").split(","):
            if uri.strip() and not re.match(r"(?i)(?:mailto:[^@\s]+@[^@\s]+|https:)", uri.strip()):
                faults.append(f"{name}= names {uri.strip()[:40]}, which is no mailto: address")
                break
    return tuple(faults)
