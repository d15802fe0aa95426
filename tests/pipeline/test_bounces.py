"""Who gets no more mail: whom the returned mail names, and nobody whom only a report names."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.pipeline import Decision, Handled
from digest.pipeline.bounces import handle, take_in
from digest.send import Keyring, Reference, read_report
from tests.send.returned import EXIM, KEYS, QMAIL, arf, dsn, group, ours, plain

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
RING = Keyring(KEYS)
ANN = RING.reference("ann@example.org")
BEN = RING.reference("ben@example.org")
ANNS = ours(RING.token("ann@example.org"))
FORGED = ours("A" * 40 + ".b", message_id="<forged@example.com>")


@dataclass
class Book:
    """A ledger in memory."""

    gone: dict[Reference, tuple[str, str]] = field(default_factory=dict)
    soft: dict[tuple[Reference, str], datetime] = field(default_factory=dict)

    def is_suppressed(self, reference: Reference) -> bool:
        return reference in self.gone

    def suppress(self, reference: Reference, reason: str, *, note: str, at: datetime) -> None:
        self.gone[reference] = (reason, note)

    def soft_bounces(self, reference: Reference, *, since: datetime) -> frozenset[str]:
        return frozenset(
            m for (who, m), at in self.soft.items() if who == reference and at >= since
        )

    def add_soft_bounce(self, reference: Reference, *, mail: str, at: datetime) -> None:
        self.soft.setdefault((reference, mail), at)


def run(*raws: bytes, book: Book | None = None, ring: Keyring = RING, dry: bool = False) -> Handled:
    reports = [(str(n), report) for n, raw in enumerate(raws) if (report := read_report(raw))]
    return handle(reports, book=book or Book(), keyring=ring, now=NOW, dry_run=dry)


def one(raw: bytes, book: Book | None = None, ring: Keyring = RING) -> Decision:
    (decision,) = run(raw, book=book, ring=ring).decisions
    return decision


def soft(number: int, when: datetime = NOW, status: str = "4.2.2") -> bytes:
    inside = ours(RING.token("ann@example.org"), message_id=f"<{number}@news.example.org>")
    raw = dsn(group("ann@example.org", "failed", status), inside=inside)
    date = when.strftime("%a, %d %b %Y %H:%M:%S +0000").encode()
    return raw.replace(b"Fri, 20 Nov 2026 10:00:00 +0100", date)


def test_a_hard_bounce_of_a_mail_with_a_token() -> None:
    book = Book()
    decision = one(dsn(group("ann@example.org"), inside=ANNS), book)
    assert (decision.outcome, decision.reference) == ("suppressed", ANN)
    assert book.gone == {ANN: ("bounced", "The mailbox does not exist. (5.1.1)")}
    assert one(dsn(group("ann@example.org"), inside=ANNS), book).outcome == "known"


def test_the_envelope_may_carry_the_token() -> None:
    about = f"Original-Envelope-Id: {RING.token('ann@example.org')}\n"
    decision = one(dsn(group("ann@example.org"), inside="", about=about))
    assert (decision.outcome, decision.reference) == ("suppressed", ANN)


def test_a_token_of_an_older_key() -> None:
    token = Keyring(KEYS[1:]).token("ann@example.org")
    decision = one(dsn(group("ann@example.org"), inside=ours(token)))
    assert decision.outcome == "suppressed"
    assert decision.reference == RING.reference("ann@example.org", "a")


@pytest.mark.parametrize("body", [QMAIL, EXIM], ids=["qmail", "exim"])
def test_older_forms(body: str) -> None:
    raw = plain(
        body.replace("t0ken", RING.token("ann@example.org")),
        top="X-Failed-Recipients: ann@example.org\n" if body == EXIM else "Return-Path: <>\n",
    )
    assert one(raw).outcome == "suppressed"


SPELLINGS = [
    ("Ann@Example.ORG", "ann@example.org"),
    ("utf-8; ann@münchen.example", "ann@xn--mnchen-3ya.example"),
]


@pytest.mark.parametrize(("told", "listed"), SPELLINGS)
def test_other_ways_to_write_the_address(told: str, listed: str) -> None:
    raw = dsn(group(told), inside=ours(RING.token(listed)))
    assert one(raw).outcome == "suppressed"


# --- what must never be believed

FORGERIES = {
    "no mail inside": dsn(group("ann@example.org"), inside=""),
    "a mail of others inside": dsn(group("ann@example.org"), inside=FORGED),
    "an unknown Message-ID": dsn(group("ann@example.org")),
    "a token of another key": dsn(
        group("ann@example.org"), inside=ours(Keyring((("b", "x" * 40),)).token("ann@example.org"))
    ),
    "one's own token, another's address": dsn(group("ben@example.org"), inside=ANNS),
    "one's own token, thousands of others": dsn(
        *(group(f"p{n}@example.org") for n in range(3_000)), inside=ANNS
    ),
    "two tokens": dsn(
        group("ann@example.org"),
        inside=ANNS + f"List-Unsubscribe: <https://x/?t={RING.token('ben@example.org')}>\n",
    ),
    "a complaint without a token": arf("Feedback-Type: abuse\nOriginal-Rcpt-To: a@example.org\n"),
    "forwarded": dsn(group("new@example.com", original="ann@example.org"), inside=ANNS),
    "claimed twice": dsn(
        group("ann@example.org"), group("ann@example.org", "delivered", "2.0.0"), inside=ANNS
    ),
}


@pytest.mark.parametrize("raw", FORGERIES.values(), ids=FORGERIES)
def test_what_is_not_shown_is_left_to_a_person(raw: bytes) -> None:
    book = Book()
    decision = one(raw, book)
    assert decision.outcome == "unplaced"
    assert decision.why.endswith(".")
    assert book == Book()


def test_a_thousand_tokens_are_not_all_tried() -> None:
    class Counting(Keyring):
        tried = 0

        def read(self, token: str) -> Reference | None:
            Counting.tried += 1
            return super().read(token)

    tokens = "&".join(f"{str(n).zfill(40)}.b" for n in range(40))
    links = f"List-Unsubscribe: <https://x/?{tokens}>\n" * 10
    decision = one(dsn(group("ann@example.org"), inside=links), ring=Counting(KEYS))
    assert decision.outcome == "unplaced"
    assert 0 < Counting.tried <= 20


# --- what says nothing about the person

LEFT = {
    "blocked": dsn(group("ann@example.org", "failed", "5.7.1"), inside=ANNS),
    "too large": dsn(group("ann@example.org", "failed", "5.3.4"), inside=ANNS),
    "delayed": dsn(group("ann@example.org", "delayed", "4.4.1"), inside=ANNS),
    "delivered": dsn(group("ann@example.org", "delivered", "2.0.0"), inside=ANNS),
    "damaged": dsn(group("ann@example.org", "failed", ""), inside=ANNS),
    "not spam": arf("Feedback-Type: not-spam\n", inside=ANNS),
    "vacation": plain("away", top="Auto-Submitted: auto-replied\n", sender="ann@example.org"),
    "an answer": plain("Thanks!", top="", sender="ann@example.org"),
}


@pytest.mark.parametrize("raw", LEFT.values(), ids=LEFT)
def test_what_is_left_alone(raw: bytes) -> None:
    book = Book()
    for _ in range(5):
        assert one(raw, book).outcome == "left"
    assert book == Book()


# --- complaints

COMPLAINTS = {
    "with the address": arf("Feedback-Type: abuse\nOriginal-Rcpt-To: ann@example.org\n", ANNS),
    "redacted": arf("Feedback-Type: abuse\nOriginal-Rcpt-To: redacted@example.org\n", ANNS),
    "without": arf("Feedback-Type: fraud\n", ANNS, "text/rfc822-headers"),
}


@pytest.mark.parametrize("raw", COMPLAINTS.values(), ids=COMPLAINTS)
def test_a_complaint_is_heard_at_once(raw: bytes) -> None:
    book = Book()
    assert one(raw, book).outcome == "suppressed"
    assert {who: reason for who, (reason, _) in book.gone.items()} == {ANN: "complained"}


# --- soft bounces


def test_three_mails_in_thirty_days() -> None:
    book = Book()
    found = run(soft(1), soft(2), soft(3), soft(4), book=book)
    assert [d.outcome for d in found.decisions] == ["counted", "counted", "suppressed", "known"]
    assert book.gone[ANN][0] == "bounced"
    assert "3 mails came back within 30 days" in book.gone[ANN][1]


def test_one_mail_counts_once_however_often_it_is_told() -> None:
    book = Book()
    assert {d.outcome for d in run(*[soft(1)] * 9, book=book).decisions} == {"counted"}
    assert not book.gone


def test_a_mailbox_that_is_read_late_does_not_make_one_week_of_three_months() -> None:
    book = Book()
    late = [soft(n, NOW - timedelta(days=25 * n)) for n in (3, 2, 1, 0)]
    assert {d.outcome for d in run(*late, book=book).decisions} == {"counted"}
    assert not book.gone


def test_a_clock_ahead_counts_as_today() -> None:
    book = Book()
    run(soft(1, NOW + timedelta(days=400)), book=book)
    assert list(book.soft.values()) == [NOW]


def test_full_mailboxes_of_class_five_are_soft() -> None:
    assert one(soft(1, status="5.2.2")).outcome == "counted"


# --- dry runs


def test_a_dry_run_says_the_same_and_changes_nothing() -> None:
    raws = (soft(1), soft(2), soft(3), soft(4), dsn(group("ann@example.org"), inside=ANNS))
    book = Book()
    dry = run(*raws, book=book, dry=True)
    assert book == Book()
    assert dry == run(*raws, book=book)
    assert dry.count("suppressed") == 1
    assert dry.count("known") == 2


def test_a_dry_run_knows_what_the_book_holds() -> None:
    book = Book()
    run(soft(1), soft(2), book=book)
    before = dataclasses.replace(book, soft=dict(book.soft))
    assert run(soft(3), book=book, dry=True).count("suppressed") == 1
    assert book == before


@settings(max_examples=300)
@given(st.data())
def test_no_damage_suppresses_anybody_else(data: st.DataObject) -> None:
    raw = dsn(
        group("ann@example.org", "failed", "5.1.1"),
        group("ben@example.org", "failed", "5.1.1"),
        inside=ANNS,
    )
    at = data.draw(st.integers(0, len(raw)))
    junk = data.draw(st.binary(max_size=30))
    book = Book()
    run(raw[:at] + junk + raw[at + len(junk) :], book=book)
    assert set(book.gone) <= {ANN}


# --- a Maildir


def maildir(folder: Path, *raws: bytes) -> Path:
    for name in ("new", "cur", "tmp"):
        (folder / name).mkdir()
    for number, raw in enumerate(raws):
        (folder / "new" / f"{number}").write_bytes(raw)
    return folder


def names(folder: Path) -> list[str]:
    return sorted(f"{p.parent.name}/{p.name}" for p in folder.rglob("*") if p.is_file())


MAILS = (
    dsn(group("ann@example.org"), inside=ANNS),
    dsn(group("cem@example.org"), inside=FORGED),
    plain("Thanks!", top="", sender="ann@example.org"),
    plain("away", top="Auto-Submitted: auto-replied\n", sender="ann@example.org"),
    arf("Feedback-Type: virus\n", ANNS),
    b"",
)


def taken(folder: Path, book: Book, *, dry: bool = False, seen: bool = False) -> list[str]:
    found = take_in(folder, book=book, keyring=RING, now=NOW, dry_run=dry, seen=seen)
    return [f"{d.name}: {d.outcome}" for d in found]


def test_a_maildir_keeps_everything_and_answers_stay_new(tmp_path: Path) -> None:
    folder = maildir(tmp_path, *MAILS)
    before = names(folder)
    book = Book()
    expected = ["0: suppressed", "1: unplaced", "2: left", "3: left", "4: left", "5: left"]
    assert taken(folder, book, dry=True) == expected
    assert names(folder) == before
    assert book == Book()
    assert taken(folder, book) == expected
    assert names(folder) == [
        "cur/0:2,S", "cur/1:2,FS", "cur/3:2,S", "cur/4:2,FS", "new/2", "new/5",
    ]  # fmt: skip
    assert sorted(p.read_bytes() for p in folder.rglob("*") if p.is_file()) == sorted(MAILS)
    assert taken(folder, book) == ["2: left", "5: left"]
    assert "0:2,S: known" in taken(folder, book, seen=True)


def test_a_ledger_that_fails_leaves_the_mail_where_it_is(tmp_path: Path) -> None:
    class Full(Book):
        def suppress(self, reference: Reference, reason: str, *, note: str, at: datetime) -> None:
            raise OSError("no space left")

    folder = maildir(tmp_path, MAILS[0])
    with pytest.raises(OSError, match="no space"):
        taken(folder, Full())
    assert names(folder) == ["new/0"]
    assert taken(folder, Book()) == ["0: suppressed"]
