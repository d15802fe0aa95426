"""What came back → who gets no more mail, as far as it is shown to speak of mail that was sent.

Anybody can write a bounce with anybody's address in it. So an address decides nothing here: a
person is named by the token in the returned mail's unsubscribe link or in its envelope id, which
nobody can make up, and the report's own words must speak of that person's address. A Message-ID
names nobody: whoever has an issue can reckon what another reader's is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Literal, Protocol

from digest.send import (
    Affected,
    Incoming,
    Keyring,
    Maildir,
    Reference,
    Report,
    read_mails,
    read_report,
)

SOFT_LIMIT = 3
SOFT_DAYS = 30
"""So many mails of one person that came back within so many days are as good as a hard bounce."""
_TOKEN = re.compile(r"(?=(?<![\w-])([\w-]{40})\.([A-Za-z0-9]+))", re.ASCII)
_MOST_TOKENS = 20
_FORWARDED = "The mail was ours, but the report speaks of another address: it was forwarded."

_NO_MAIL = Report(kind="other", judgement="other", why="This is no mail.")

Outcome = Literal["suppressed", "counted", "known", "left", "unplaced"]
Reason = Literal["bounced", "complained"]


class BounceBook(Protocol):
    """What is needed of the ledger."""

    def is_suppressed(self, reference: Reference) -> bool:
        """Whether this person gets no mail already, for whatever reason."""

    def suppress(self, reference: Reference, reason: Reason, *, note: str, at: datetime) -> object:
        """Take the person off every list."""

    def soft_bounces(self, reference: Reference, *, since: datetime) -> frozenset[str]:
        """The mails of this person that came back softly since then, by Message-ID."""

    def add_soft_bounce(self, reference: Reference, *, mail: str, at: datetime) -> None:
        """Remember that a mail came back softly; one that is remembered already stays as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What is done about one report.

    suppressed: gets no more mail. counted: a soft bounce more. known: was suppressed before. left:
    nothing to do. unplaced: a bounce or complaint about which only a person can decide.
    """

    name: str
    report: Report
    outcome: Outcome
    why: str
    reference: Reference | None = None


@dataclass(frozen=True, slots=True)
class Handled:
    """The decisions, in the order of the reports."""

    decisions: tuple[Decision, ...] = ()

    def count(self, outcome: Outcome) -> int:
        """How many reports ended so."""
        return sum(decision.outcome == outcome for decision in self.decisions)


def take_in(
    source: Path | BinaryIO,
    *,
    book: BounceBook,
    keyring: Keyring,
    now: datetime,
    dry_run: bool = False,
    seen: bool = False,
) -> Iterator[Decision]:
    """Decide on each mail of a Maildir, an mbox or a single file, one after the other.

    In a Maildir, a mail that was decided on is marked as seen, and one about which a person has to
    decide gets a star besides; ordinary mail stays new. Should the run end in between, a mail that
    is read again changes nothing that its first reading did not. `seen`: read marked ones too.
    """
    is_maildir = isinstance(source, Path) and source.is_dir()
    box = Maildir(source) if is_maildir and isinstance(source, Path) else None
    desk = _Desk(_Pencil(book) if dry_run else book, keyring, now)
    for mail in box.mails(seen=seen) if box else read_mails(source):
        decision = desk.decide(mail.name, read_report(mail.raw) or _NO_MAIL)
        if box and not dry_run:
            _put_away(box, mail, decision)
        yield decision


def _put_away(box: Maildir, mail: Incoming, decision: Decision) -> None:
    report = decision.report
    if report.kind == "other" and not report.form:
        return
    odd = decision.outcome == "unplaced" or report.kind == "other"
    box.handled(mail, flags="FS" if odd else "S")


def handle(
    reports: Iterable[tuple[str, Report]],
    *,
    book: BounceBook,
    keyring: Keyring,
    now: datetime,
    dry_run: bool = False,
) -> Handled:
    """Decide on each report, by its name, and tell `book`, unless it is a dry run."""
    desk = _Desk(_Pencil(book) if dry_run else book, keyring, now)
    return Handled(tuple(desk.decide(name, report) for name, report in reports))


@dataclass(frozen=True, slots=True)
class _Desk:
    book: BounceBook
    keyring: Keyring
    now: datetime

    def decide(self, name: str, report: Report) -> Decision:
        if report.kind in {"auto-reply", "other"}:
            return Decision(name=name, report=report, outcome="left", why=report.why)
        who, why = self._who(report)
        if who is None:
            return Decision(name=name, report=report, outcome="unplaced", why=why)
        outcome, why = self._act(report, who)
        return Decision(name=name, report=report, outcome=outcome, why=why, reference=who)

    def _act(self, report: Report, who: Reference) -> tuple[Outcome, str]:
        if report.kind == "complaint":
            return self._suppress(who, "complained", report.why)
        # The mail of one that forwards to many comes back when one of the many is gone: then the
        # address that failed is not the one that was written to, and the others still read it.
        own = [each for each in report.affected if self._is(each.address, who)]
        if len(own) != 1:
            many = "The report says two things of one address."
            return "unplaced", many if own else _FORWARDED
        (about,) = own
        if about.judgement == "hard":
            return self._suppress(who, "bounced", _said(about))
        if about.judgement == "soft" and about.action == "failed":
            return self._count(report, about, who)
        return "left", about.why

    def _suppress(self, who: Reference, reason: Reason, note: str) -> tuple[Outcome, str]:
        if self.book.is_suppressed(who):
            return "known", note
        self.book.suppress(who, reason, note=note, at=self.now)
        return "suppressed", note

    def _count(self, report: Report, about: Affected, who: Reference) -> tuple[Outcome, str]:
        if self.book.is_suppressed(who):
            return "known", about.why
        since = self.now - timedelta(days=SOFT_DAYS)
        # The report's own date, so that a mailbox read late does not make one bad week of it.
        at = min(report.when or self.now, self.now)
        mail = report.returned.message_id if report.returned else ""
        mail = mail or f"envelope {report.envelope_id}"
        self.book.add_soft_bounce(who, mail=mail[:255], at=at)
        count = len(self.book.soft_bounces(who, since=since))
        if count >= SOFT_LIMIT:
            note = f"{count} mails came back within {SOFT_DAYS} days. {_said(about)}"
            return self._suppress(who, "bounced", note)
        return "counted", f"{about.why} That is {count} of {SOFT_LIMIT} in {SOFT_DAYS} days."

    def _who(self, report: Report) -> tuple[Reference | None, str]:
        """Whose mail came back; why nobody's, where that is not shown."""
        returned = report.returned
        texts = (*(returned.links if returned else ()), report.envelope_id)
        named = tuple(dict.fromkeys(self._tokens(texts)))
        if len(named) > 1:
            return None, "The links of the mail inside name several people."
        if not named:
            return None, "Nothing in it shows that the mail was one of ours."
        return named[0], ""

    def _tokens(self, texts: Sequence[str]) -> Iterator[Reference]:
        tried = 0
        for text in texts:
            for hit in _TOKEN.finditer(text):
                for key_id in self.keyring.key_ids:
                    tried += 1
                    if tried > _MOST_TOKENS:
                        return
                    if hit[2].startswith(key_id):
                        found = self.keyring.read(f"{hit[1]}.{key_id}")
                        if found:
                            yield found

    def _is(self, address: str, who: Reference) -> bool:
        if who.key_id not in self.keyring.key_ids:
            return False
        return self.keyring.reference(address, who.key_id) == who


class _Pencil:
    """A book that is written over in memory only: what a dry run would have done so far."""

    def __init__(self, book: BounceBook) -> None:
        self._book = book
        self._gone: set[Reference] = set()
        self._soft: dict[Reference, dict[str, datetime]] = {}

    def is_suppressed(self, reference: Reference) -> bool:
        return reference in self._gone or self._book.is_suppressed(reference)

    def suppress(self, reference: Reference, reason: Reason, *, note: str, at: datetime) -> None:
        del reason, note, at
        self._gone.add(reference)

    def soft_bounces(self, reference: Reference, *, since: datetime) -> frozenset[str]:
        mine = self._soft.get(reference, {})
        fresh = {mail for mail, at in mine.items() if at >= since}
        return self._book.soft_bounces(reference, since=since) | fresh

    def add_soft_bounce(self, reference: Reference, *, mail: str, at: datetime) -> None:
        self._soft.setdefault(reference, {}).setdefault(mail, at)


def _said(about: Affected) -> str:
    return f"{about.why} ({about.status})" if about.status else about.why
