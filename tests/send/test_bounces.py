"""What came back is read as what it says: every form, every damage, and never more than is sure."""

from __future__ import annotations

import base64
import tracemalloc
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digest.send import Report, read_report
from digest.send.returned.mime import read_headers
from digest.send.returned.status_codes import judge, mildest
from tests.send import returned as written
from tests.send.returned import arf, dsn, group, ours, plain, report


def read(raw: bytes) -> Report:
    found = read_report(raw)
    assert found is not None
    return found


# --- delivery status notifications

CODES = [
    ("5.1.1", "hard"), ("5.1.2", "hard"), ("5.1.3", "hard"), ("5.1.6", "hard"), ("5.1.10", "hard"),
    ("5.2.1", "hard"), ("5.4.4", "hard"), ("5.7.17", "hard"), ("5.7.18", "hard"),
    ("5.0.0", "soft"), ("5.1.0", "soft"), ("5.1.4", "soft"), ("5.2.0", "soft"), ("5.2.2", "soft"),
    ("5.3.0", "soft"), ("5.4.0", "soft"), ("5.4.1", "soft"), ("5.4.6", "soft"), ("5.4.7", "soft"),
    ("5.5.0", "soft"), ("5.9.9", "soft"), ("5.1.99", "soft"),
    ("4.1.1", "soft"), ("4.2.1", "soft"), ("4.2.2", "soft"), ("4.4.1", "soft"), ("4.4.7", "soft"),
    ("4.0.0", "soft"), ("4.9.99", "soft"),
    ("4.7.1", "blocked"), ("5.1.7", "blocked"), ("5.1.8", "blocked"), ("5.2.3", "blocked"),
    ("5.3.4", "blocked"), ("5.5.2", "blocked"), ("5.6.0", "blocked"), ("5.6.7", "blocked"),
    ("5.7.0", "blocked"), ("5.7.1", "blocked"), ("5.7.26", "blocked"), ("5.7.606", "blocked"),
    ("2.1.5", "other"), ("nonsense", "soft"), ("6.1.1", "soft"), ("5.1", "soft"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "judgement"), CODES)
def test_what_a_status_says(code: str, judgement: str) -> None:
    found, why = judge(code)
    assert found == judgement
    assert why.endswith(".")
    assert why[0].isupper()


def test_of_two_statuses_the_milder_counts() -> None:
    assert mildest(("5.1.1", "5.7.1"))[:2] == ("5.7.1", "blocked")
    assert mildest(("5.1.1", "4.2.2"))[:2] == ("4.2.2", "soft")
    assert mildest(("5.0.0", "5.1.1"))[:2] == ("5.1.1", "hard")
    assert mildest(())[:2] == ("", "soft")


ACTIONS = [
    ("failed", "5.1.1", "hard"),
    ("Failed", "5.1.1", "hard"),
    ("failed (no such user)", "5.1.1", "hard"),
    ("failed", "4.4.7", "soft"),
    ("delayed", "4.4.1", "soft"),
    ("delayed", "5.1.1", "soft"),
    ("delivered", "2.0.0", "other"),
    ("delivered", "5.1.1", "other"),
    ("relayed", "2.0.0", "other"),
    ("expanded", "2.0.0", "other"),
    ("", "5.1.1", "other"),
    ("exploded", "5.1.1", "other"),
    ("failed", "", "other"),
]


@pytest.mark.parametrize(("action", "status", "judgement"), ACTIONS)
def test_what_an_action_and_a_status_say(action: str, status: str, judgement: str) -> None:
    found = read(dsn(group("ann@example.org", action, status)))
    assert found.kind == "bounce"
    assert found.judgement == judgement
    assert [one.judgement for one in found.affected] == [judgement]


DIAGNOSTICS = [
    ("5.0.0", "smtp; 550 5.1.1 <ann@example.org>: no such user", "hard"),
    ("5.0.0", "smtp; 550 #5.1.0 refused", "soft"),
    ("5.0.0", "smtp; 550 no such user", "soft"),
    ("5.1.1", "smtp; 550 5.7.1 listed", "blocked"),
    ("5.1.1", "smtp; 550-5.2.2 full", "soft"),
    ("5.1.1", "smtp; 550 no such user; see 5.7.1", "hard"),
    ("5.2.2", "smtp; 550 5.1.1 no such user", "soft"),
    ("5.1.1", "X-Postfix; 550 5.7.1 is said by itself", "hard"),
    ("5.1.1 (no such user)", "", "hard"),
]


@pytest.mark.parametrize(("status", "diagnostic", "judgement"), DIAGNOSTICS)
def test_the_servers_own_reply_is_heard(status: str, diagnostic: str, judgement: str) -> None:
    assert read(dsn(group("ann@example.org", "failed", status, diagnostic))).judgement == judgement


def test_each_address_of_a_report_has_its_own_judgement() -> None:
    found = read(
        dsn(
            group("ann@example.org", "failed", "5.1.1"),
            group("ben@example.org", "failed", "4.2.2"),
            group("cem@example.org", "delivered", "2.1.5"),
        )
    )
    assert [(one.address, one.judgement) for one in found.affected] == [
        ("ann@example.org", "hard"),
        ("ben@example.org", "soft"),
        ("cem@example.org", "other"),
    ]
    assert found.judgement == "soft"


ADDRESSES = [
    ("rfc822; ann@example.org", "ann@example.org"),
    ("RFC822;<ann@example.org>", "ann@example.org"),
    ("ann@example.org", "ann@example.org"),
    ("rfc822; ann+AB@example.org", "ann+AB@example.org"),
    ("utf-8; zoë@example.org", "zoë@example.org"),
    (r"utf-8; zo\x{EB}@example.org", "zoë@example.org"),
    (r"utf-8; \x{5C}ann@example.org", r"\ann@example.org"),
    (r"utf-8; ann\x{0A}@example.org", r"ann\x{0A}@example.org"),
    (r"utf-8; ann\x{FFFFFF}@example.org", r"ann\x{FFFFFF}@example.org"),
]


@pytest.mark.parametrize(("field", "address"), ADDRESSES)
def test_addresses_of_every_type(field: str, address: str) -> None:
    raw = dsn(f"Final-Recipient: {field}\nAction: failed\nStatus: 4.2.2\n")
    assert [one.address for one in read(raw).affected] == [address]


@pytest.mark.parametrize(
    "kind",
    ["message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers"],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_what_identifies_the_mail_inside(kind: str, newline: str) -> None:
    raw = dsn(group("ann@example.org"), inside_kind=kind).replace(b"\n", newline.encode())
    found = read(raw)
    assert found.form == "dsn"
    assert found.envelope_id == "env-1"
    assert found.reporter == "mx.example.com"
    assert found.sender == "MAILER-DAEMON@mx.example.com"
    assert found.when == datetime(2026, 11, 20, 9, tzinfo=UTC)
    inside = found.returned
    assert inside is not None
    assert inside.message_id == written.MESSAGE_ID
    assert inside.list_id == "Harbor Weekly <harbor.news.example.org>"
    assert inside.links == (
        "https://news.example.org/u?t=t0ken",
        "mailto:leave@news.example.org",
    )
    assert inside.to == "ann@example.org"
    assert inside.extra == (("x-issue", "2026-W47"), ("feedback-id", "2026-W47:harbor"))


def test_parts_in_base64_and_quoted_printable() -> None:
    status = "Reporting-MTA: dns; mx.example.com\n\n" + group("ann@example.org")
    parts = [
        "Content-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\n"
        + base64.encodebytes(status.encode()).decode(),
        "Content-Type: message/global\nContent-Transfer-Encoding: quoted-printable\n\n"
        + ours().replace("=", "=3D"),
    ]
    found = read(report("delivery-status", parts))
    assert found.judgement == "hard"
    assert found.returned is not None
    assert found.returned.links[0] == "https://news.example.org/u?t=t0ken"


def test_a_report_inside_a_list_servers_wrapping() -> None:
    inner = dsn(group("ann@example.org")).partition(b"Content-Type: multipart/report")
    body = b"Content-Type: multipart/report" + inner[2]
    raw = (
        b"From: MAILER-DAEMON@mx.example.com\nContent-Type: multipart/mixed; boundary=outer\n\n"
        b"--outer\n" + body + b"\n--outer\nContent-Type: text/plain\n\nfooter\n--outer--\n"
    )
    assert read(raw).judgement == "hard"


def test_a_bounce_that_a_person_attached_is_an_ordinary_mail() -> None:
    inner = dsn(group("ann@example.org")).decode()
    raw = (
        "From: ann@example.org\nSubject: what is this?\nContent-Type: multipart/mixed; boundary=o\n"
        f"\n--o\n\nLook.\n--o\nContent-Type: message/rfc822\n\n{inner}\n--o--\n"
    )
    assert read(raw.encode()).kind == "other"


# --- feedback reports

FEEDBACK = [
    ("abuse", "complaint", "complaint"),
    ("Abuse", "complaint", "complaint"),
    ("fraud", "complaint", "complaint"),
    ("opt-out", "complaint", "complaint"),
    ("not-spam", "other", "other"),
    ("virus", "other", "blocked"),
    ("auth-failure", "other", "blocked"),
    ("other", "other", "other"),
    ("", "other", "other"),
]


@pytest.mark.parametrize(("kind", "expected", "judgement"), FEEDBACK)
def test_feedback_reports(kind: str, expected: str, judgement: str) -> None:
    found = read(arf(f"Feedback-Type: {kind}\nOriginal-Rcpt-To: <ann@example.org>\n"))
    assert (found.kind, found.judgement, found.form) == (expected, judgement, "arf")
    assert [one.address for one in found.affected] == ["ann@example.org"]
    assert found.returned is not None
    assert found.returned.message_id == written.MESSAGE_ID


def test_a_feedback_report_without_its_recipient_still_holds_the_link() -> None:
    found = read(arf("Feedback-Type: abuse\n", inside_kind="text/rfc822-headers"))
    assert found.kind == "complaint"
    assert found.affected == ()
    assert found.returned is not None
    assert found.returned.links[0] == "https://news.example.org/u?t=t0ken"


def test_removal_recipient() -> None:
    found = read(arf("Feedback-Type: opt-out\nRemoval-Recipient: rfc822; ann@example.org\n"))
    assert [one.address for one in found.affected] == ["ann@example.org"]


def test_a_complaint_that_is_the_mail_itself() -> None:
    inside = "X-HmXmrOriginalRecipient: ann@example.org\n" + ours()
    raw = report("x", [f"Content-Type: message/rfc822\n\n{inside}\n"])
    found = read(raw)
    assert (found.kind, found.form) == ("complaint", "jmrp")
    assert [one.address for one in found.affected] == ["ann@example.org"]


# --- the older forms

OLD = [
    ("qmail", plain(written.QMAIL), {"ann@example.org": "hard", "ben@example.org": "soft"}),
    (
        "exim",
        plain(written.EXIM, top="X-Failed-Recipients: ann@example.org, ben@example.org\n"),
        {"ann@example.org": "hard", "ben@example.org": "soft"},
    ),
    ("postfix", plain(written.POSTFIX), {"ann@example.org": "hard", "cem@example.org": "soft"}),
    ("sendmail", plain(written.SENDMAIL), {"ann@example.org": "hard"}),
    ("exchange", plain(written.EXCHANGE), {"ann@example.org": "hard"}),
]


@pytest.mark.parametrize(("form", "raw", "people"), OLD, ids=[form for form, _, _ in OLD])
def test_older_forms(form: str, raw: bytes, people: dict[str, str]) -> None:
    found = read(raw)
    assert (found.kind, found.form) == ("bounce", form)
    assert {one.address: one.judgement for one in found.affected} == people


@pytest.mark.parametrize("form", ["qmail", "exim"])
def test_older_forms_return_the_mail_in_their_text(form: str) -> None:
    raw = next(raw for name, raw, _ in OLD if name == form)
    inside = read(raw).returned
    assert inside is not None
    assert inside.message_id == written.MESSAGE_ID
    assert inside.links[0] == "https://news.example.org/u?t=t0ken"


def test_a_warning_is_no_failure() -> None:
    body = written.POSTFIX.replace("Your message", "# THIS IS A WARNING ONLY. #\n\nYour message")
    found = read(plain(body))
    assert {one.action for one in found.affected} == {"delayed"}
    assert found.judgement == "soft"
    transient = written.SENDMAIL.replace("permanent fatal", "transient non-fatal")
    assert read(plain(transient)).judgement == "soft"


@pytest.mark.parametrize(
    "body",
    [written.QMAIL, written.POSTFIX, written.SENDMAIL, written.EXCHANGE],
    ids=["qmail", "postfix", "sendmail", "exchange"],
)
def test_a_person_who_quotes_a_bounce_is_a_person(body: str) -> None:
    raw = plain(body, top="Return-Path: <ann@example.org>\n", sender="ann@example.org")
    assert read(raw).kind == "other"


PROSE = [
    "550 5.1.1 ann@example.org: no such user",
    "Your mail to ann@example.org could not be delivered: the mailbox does not exist.",
    "<ann@example.org>: 550 5.1.1 no such user",
    "Hello! Hi. This is the qmail-send program.\n\n<ann@example.org>:\n550 5.1.1",
]


@pytest.mark.parametrize("body", PROSE)
def test_free_text_decides_nothing(body: str) -> None:
    assert read(plain(body)).kind == "other"


# --- answers

ANSWERS = [
    ("Auto-Submitted: auto-replied\n", "auto-reply"),
    ("Auto-Submitted: auto-replied (vacation)\n", "auto-reply"),
    ("Auto-Submitted: auto-generated\n", "auto-reply"),
    ("Auto-Submitted: no\n", "other"),
    ("X-Autoreply: yes\n", "auto-reply"),
    ("X-Autorespond: away\n", "auto-reply"),
    ("Precedence: auto_reply\n", "auto-reply"),
    ("Precedence: bulk\nIn-Reply-To: <1@example.org>\n", "auto-reply"),
    ("Precedence: bulk\n", "other"),
    ("In-Reply-To: <1@example.org>\n", "other"),
    ("X-Auto-Response-Suppress: All\n", "other"),
    ("", "other"),
]


@pytest.mark.parametrize(("top", "kind"), ANSWERS)
def test_answers(top: str, kind: str) -> None:
    found = read(plain("I am at sea until Monday.", top=top, sender="Ann <ann@example.org>"))
    assert (found.kind, found.judgement) == (kind, kind)
    assert found.sender == "ann@example.org"


def test_a_receipt_is_an_automatic_answer() -> None:
    raw = report("disposition-notification", ["Content-Type: text/plain\n\nIt was shown.\n"])
    assert read(raw).kind == "auto-reply"


def test_subjects_are_read() -> None:
    raw = plain("x", top="Subject: =?utf-8?q?Zur=C3=BCck?=\n", sender="ann@example.org")
    assert read(raw).subject == "Zurück"


# --- hostile mails

HOSTILE = {
    "nothing": b"",
    "one NUL": b"\0",
    "no headers": b"hello, world\n",
    "a megabyte of one header": b"From: " + b"a" * 2_000_000,
    "a megabyte of headers": b"X-A: b\n" * 300_000 + b"\nbody",
    "a megabyte of continuations": b"From: a\n" + b" b\n" * 700_000,
    "a megabyte of newlines": b"\n" * 2_000_000,
    "nested without end": b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(20_000)
    ),
    "parts without end": b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\n" * 200_000,
    "one line of boundaries": b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b" * 400_000,
    "boundaries and spaces": b"Content-Type: multipart/mixed; boundary=b\n\n"
    + (b"\n--b" + b" " * 50_000) * 20,
    "quotes without end": b'Content-Type: multipart/mixed; a="' + b';a="' * 500_000 + b"\n\n",
    "encoded words": b"Subject: " + b"=?utf-8?q?=41?= " * 60_000 + b"\n\n",
    "an unknown charset": b"Subject: =?no-such?q?a?= =?utf-8?b?!!!?=\nFrom: =?x?y?z?=\n\n",
    "eight-bit headers": b"From: \xff\xfe <\xe9@example.org>\nSubject: \x80\x81\n\n",
    "NULs in fields": dsn(group("an\0n@example.org")).replace(b"failed", b"fai\0led"),
    "ten thousand people": dsn(*(group(f"p{n}@example.org") for n in range(10_000))),
    "an odd date": b"Date: Mon, 99 Foo 99999 99:99:99 +9999\nFrom: a@example.org\n\n",
    "a date before all": b"Date: Mon, 1 Jan 0001 00:00:00 +1400\nFrom: a@example.org\n\n",
    "addresses in brackets": b"From: " + b"(" * 500_000 + b"\nTo: " + b"<" * 500_000 + b"\n\n",
    "quoted pairs": b"From: " + b'"\\' * 400_000 + b"\n\n",
    "qmail without end": plain("Hi. This is the \n\n" + "<a@example.org>:\nx\n\n" * 80_000),
    "brackets": plain("This is the mail system at host a.\n\n" + "<" * 1_000_000),
    "digits": dsn(group("a@example.org", "failed", "5." * 100_000, "smtp; " + "550 " * 200_000)),
    "base64 that is none": b"Content-Type: message/delivery-status\n"
    b"Content-Transfer-Encoding: base64\n\n" + b"A!" * 400_000,
}  # fmt: skip


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE)
def test_hostile_mails_end_and_stay_small(raw: bytes) -> None:
    tracemalloc.start()
    try:
        found = read_report(raw)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 100_000_000
    if found is not None:
        assert len(found.affected) <= 1_000
        assert all(len(one.address) <= 320 for one in found.affected)


def test_a_report_that_names_thousands_says_how_many_more() -> None:
    found = read(dsn(*(group(f"p{n}@example.org") for n in range(3_000)), inside=""))
    assert (len(found.affected), found.more) == (1_000, 2_000)


def test_bytes_that_are_no_mail_are_none() -> None:
    assert read_report(b"") is None
    assert read_report(b"\n\nhello") is None


@given(st.binary(max_size=2_000))
def test_any_bytes_are_read(raw: bytes) -> None:
    read_report(raw)


TOKENS = (
    "From: a@example.org\n", "Return-Path: <>\n", "Content-Type: multipart/report; boundary=b\n",
    "Content-Type: message/delivery-status\n", "Content-Type: message/feedback-report\n",
    "Content-Type: message/rfc822\n", "Content-Transfer-Encoding: base64\n", "\n", "--b\n",
    "--b--\n", "Final-Recipient: rfc822; ann@example.org\n", "Action: failed\n", "Status: 5.1.1\n",
    "X-Failed-Recipients: ann@example.org\n", "Feedback-Type: abuse\n", "List-Unsubscribe: <\n",
    "Hi. This is the \n", "Date: x\n", "Subject: =?utf-8?q?\n", " folded\n", "\0", "\r", "é",
)  # fmt: skip


@given(st.lists(st.sampled_from(TOKENS), max_size=40).map("".join))
def test_any_order_of_the_right_words_is_read(text: str) -> None:
    read_report(text.encode())


# Ann's mailbox is full, Ben's is gone: whatever happens to the report on its way, Ann stays.
TWO = dsn(
    group("ann@example.org", "failed", "5.2.2", "smtp; 552 5.2.2 <ann@example.org> is full"),
    group("ben@example.org", "failed", "5.1.1", "smtp; 550 5.1.1 <ben@example.org> is gone"),
    group("cem@example.org", "delayed", "4.4.1"),
)
LINES = TWO.count(b"\n")


def hard(raw: bytes) -> set[str]:
    found = read_report(raw)
    people = found.affected if found else ()
    return {one.address for one in people if one.judgement == "hard"}


def overwritten(at: int, junk: bytes) -> bytes:
    return TWO[:at] + junk + TWO[at + len(junk) :]


def without(at: int) -> bytes:
    lines = TWO.splitlines(keepends=True)
    return b"".join(lines[:at] + lines[at + 1 :])


def twice(at: int) -> bytes:
    lines = TWO.splitlines(keepends=True)
    return b"".join(lines[:at] + lines[at : at + 1] + lines[at:])


def moved(at: int, to: int) -> bytes:
    lines = TWO.splitlines(keepends=True)
    line = lines[at : at + 1]
    rest = lines[:at] + lines[at + 1 :]
    return b"".join(rest[:to] + line + rest[to:])


DAMAGES = st.one_of(
    st.integers(0, len(TWO)).map(lambda at: TWO[:at]),
    st.builds(overwritten, st.integers(0, len(TWO)), st.binary(min_size=1, max_size=60)),
    st.builds(
        lambda at, junk: TWO[:at] + junk + TWO[at:], st.integers(0, len(TWO)), st.binary(max_size=9)
    ),
    st.builds(without, st.integers(0, LINES)),
    st.builds(twice, st.integers(0, LINES)),
    st.builds(moved, st.integers(0, LINES), st.integers(0, LINES)),
)


GARBLED = {
    "a line that is no field": group("ann@example.org") + "and so on\n",
    "two statuses": group("ann@example.org") + "Status: 4.2.2\n",
    "two actions": group("ann@example.org") + "Action: delayed\n",
    "two people": group("ann@example.org") + "Final-Recipient: rfc822; ben@example.org\n",
    "no final recipient": group("", original="ann@example.org"),
    "an address in two": group("ann @example.org"),
    "two addresses": group("ann@example.org, ben@example.org"),
    "no address": group("ann"),
}


@pytest.mark.parametrize("fields", GARBLED.values(), ids=GARBLED)
def test_garbled_fields_decide_nothing(fields: str) -> None:
    (one,) = read(dsn(fields)).affected
    assert (one.judgement, one.sure) == ("other", False)
    assert "damaged" in one.why


def test_a_status_that_was_cut_off_is_none() -> None:
    raw = dsn(group("ann@example.org", "failed", "5.1.19"), inside="")
    assert read(raw).judgement == "soft"
    cut = raw[: raw.index(b"5.1.19") + len("5.1.1")]
    assert read(cut).affected[0].status == "5.1.1"
    assert hard(cut) == set()


def test_nesting_has_an_end() -> None:
    raw = dsn(group("ann@example.org"))
    for depth in range(8):
        kind = b"Content-Type: multipart/mixed; boundary=d%d\n\n--d%d\n" % (depth, depth)
        raw = b"From: MAILER-DAEMON@mx.example.com\n" + kind + raw
        assert (read(raw).form == "dsn") is (depth < 3)


def test_headers_have_an_end() -> None:
    found = read_headers(b"X-A: b\n" * 1_000)
    assert (len(found.fields), found.damaged) == (400, True)
    (long,) = read_headers(b"X-A: " + b"b" * 9_000 + b"\n " + b"c" * 9_000).fields
    assert len(long[1]) <= 4_001


def test_the_whole_report_is_hard_for_one() -> None:
    assert hard(TWO) == {"ben@example.org"}


@settings(max_examples=600, suppress_health_check=[HealthCheck.too_slow])
@given(DAMAGES)
def test_no_damage_makes_a_full_mailbox_one_that_is_gone(raw: bytes) -> None:
    assert not {"ann@example.org", "cem@example.org"} & hard(raw)


def test_no_line_that_is_lost_doubled_or_moved_does() -> None:
    for at in range(LINES):
        for raw in (without(at), twice(at), *(moved(at, to) for to in range(LINES))):
            assert not {"ann@example.org", "cem@example.org"} & hard(raw), raw


def test_no_place_to_cut_it_off_does() -> None:
    for at in range(len(TWO)):
        assert hard(TWO[:at]) <= {"ben@example.org"}
