"""Addressing a message: To, Message-ID and the mark of a test, and every other byte as it was."""

from __future__ import annotations

import email
import email.policy
from datetime import UTC, datetime, timedelta
from email.header import Header
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.errors import SendError
from digest.models import Recipient
from digest.send import addressed

ANN = Recipient(address="ann@example.org")
BODY = b"\r\nSubject: not a header\r\n\r\nTo: nobody\r\n"


def raw(subject: bytes = b"Subject: Tides\r\n", more: bytes = b"") -> bytes:
    return (
        b"From: Harbor Weekly <editor@example.org>\r\n" + subject + b"Date: Fri, 20 Nov 2026 "
        b"09:00:00 +0000\r\nMessage-ID: <2026-w47.0123456789abcdef0123456789abcdef@example.org>\r\n"
        b"List-Unsubscribe: <https://lists.example.org/" + b"x" * 200 + b">\r\n" + more + BODY
    )


def parsed(message: bytes) -> EmailMessage:
    found = email.message_from_bytes(message, policy=email.policy.default)
    assert found.defects == []
    for value in found.values():
        assert list(value.defects) == [], value
    return found


def test_three_headers_change_and_every_other_byte_stays() -> None:
    before = raw()
    after = addressed(before, ANN, as_test=False)
    assert parsed(after)["To"] == "ann@example.org"
    assert parsed(after)["Subject"] == "Tides"
    changed = set(after.split(b"\r\n")) ^ set(before.split(b"\r\n"))
    assert {line.split(b":")[0] for line in changed} == {b"To", b"Message-ID"}
    assert after.endswith(BODY)
    assert after.index(BODY) == after.index(b"\r\n\r\n") + 2


def test_the_message_id_is_the_recipients_own_and_always_the_same() -> None:
    def own(address: str, *, as_test: bool = False, issue: bytes = raw()) -> str:
        return str(
            parsed(addressed(issue, Recipient(address=address), as_test=as_test))["Message-ID"]
        )

    rebuilt = raw().replace(b"0123456789abcdef@", b"ffff456789abcdef@")
    ids = [own("ann@example.org"), own("ben@example.org"), own("ann@example.org", as_test=True),
           own("ann@example.org", issue=rebuilt)]  # fmt: skip
    assert len(set(ids)) == 4
    assert own("Ann@example.org") == ids[0]
    assert all(i.startswith("<2026-w47.") and i.endswith("@example.org>") for i in ids)
    assert ids[0] == "<2026-w47.978c5964a76958a104add39608f6e8b6@example.org>"


ENCODED = Header(
    "Häfen und Gezeiten, 港の市場が百周年を迎え、夜の灯りが戻る", "utf-8", header_name="Subject"
)


@pytest.mark.parametrize(
    ("subject", "shown"),
    [
        (b"Subject: Tides\r\n", "[TEST] Tides"),
        (b"subject:Tides\r\n", "[TEST] Tides"),
        (b"Subject:\r\n", "[TEST]"),
        (b"Subject:  \r\n", "[TEST]"),
        (b"Subject: =?utf-8?q?H=C3=A4fen?=\r\n", "[TEST] Häfen"),
        (b"Subject: =?utf-8?q?H=C3=A4fen?= and tides\r\n", "[TEST] Häfen and tides"),
        (b"Subject: =?utf-8?q?H=C3=A4fen?=\r\n =?utf-8?q?_und?=\r\n", "[TEST] Häfen und"),
        (b"Subject:\r\n =?utf-8?q?H=C3=A4fen?=\r\n", "[TEST] Häfen"),
        (b"Subject: " + ENCODED.encode(linesep="\r\n").encode() + b"\r\n", f"[TEST] {ENCODED}"),
        (b"Subject: " + b"tide " * 13 + b"table\r\n", "[TEST] " + "tide " * 13 + "table"),
        (b"Subject: one\r\n\ttwo\r\n", "[TEST] one\ttwo"),
    ],
)
def test_a_test_is_marked_whatever_the_subject(subject: bytes, shown: str) -> None:
    after = addressed(raw(subject), ANN, as_test=True)
    assert parsed(after)["Subject"] == shown
    first = next(line for line in after.split(b"\r\n") if line.startswith(b"Subject:"))
    assert len(first) <= 76


def test_bare_line_feeds_stay_bare() -> None:
    after = addressed(raw().replace(b"\r\n", b"\n"), ANN, as_test=True)
    assert b"\r" not in after
    assert parsed(after)["To"] == "ann@example.org"


def test_an_international_address_stands_as_it_is() -> None:
    """RFC 6532: headers may hold UTF-8, where the server takes it (SMTPUTF8)."""
    una = Recipient(address="üna@example.org")
    made = addressed(raw(), una, as_test=False)
    assert "To: üna@example.org\r\n".encode() in made
    assert made.replace("üna".encode(), b"").isascii()
    assert addressed(raw(), una, as_test=False) == made


@pytest.mark.parametrize(
    "address",
    ["ann@example.org\r\nBcc: x@example.org", "ann@example.org\nX: y", "a\0@example.org", "",
     "ann", "ann@example.org, ben@example.org", "Ann <ann@example.org>", "ü\r\nBcc: x@example.org",
     "ü>@example.org", "ü @example.org", "ü\u200b@example.org", "ü\u2028@example.org",
     "ann@exämple.org", "=?utf-8?q?a?=@example.org", "a b@example.org", "ann@example.org\x85x"],
)  # fmt: skip
def test_no_address_becomes_another_header(address: str) -> None:
    with pytest.raises(SendError, match="cannot stand in a mail's header"):
        addressed(raw(), Recipient(address=address), as_test=False)


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (raw(more=b"To: x@example.org\r\n"), "addressed to somebody"),
        (raw(more=b"TO : x@example.org\r\n"), "addressed to somebody"),
        (raw(b""), "no Subject"),
        (raw().replace(b"Message-ID: <", b"Message-ID: "), "Message-ID is malformed"),
        (raw(more=b"no header\r\n"), "malformed header"),
        (b"", "no headers"),
        (b"\r\n\r\nbody", "no headers"),
        (b"From: x", "no headers"),
    ],
)
def test_what_is_no_message_is_refused(message: bytes, said: str) -> None:
    with pytest.raises(SendError, match=said):
        addressed(message, ANN, as_test=True)


@given(
    st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=120),
    st.text("abcdefghij0123456789.+-_'/=?", min_size=1, max_size=30),
    st.booleans(),
)
@settings(max_examples=200, deadline=None)
def test_any_subject_and_any_plain_address(subject: str, local: str, as_test: bool) -> None:
    words = " ".join(subject.split())
    header = Header(words, "utf-8", header_name="Subject").encode(linesep="\r\n").encode()
    before = raw(b"Subject: " + header + b"\r\n")
    recipient = Recipient(address=f"a{local}z@example.org".replace("..", ".").replace("=?", "="))
    after = addressed(before, recipient, as_test=as_test)
    found = email.message_from_bytes(after, policy=email.policy.default)
    meant = str(email.message_from_bytes(before, policy=email.policy.default)["Subject"])
    assert found["Subject"] == (
        f"[TEST] {meant}" if meant and as_test else "[TEST]" if as_test else meant
    )
    assert [a.addr_spec for a in found["To"].addresses] == [recipient.address]
    assert after.endswith(BODY)
    assert len(found.keys()) == 6


def test_a_test_is_dated_when_it_is_sent_and_each_has_an_id_of_its_own() -> None:
    noon = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    first = parsed(addressed(raw(), ANN, as_test=True, now=noon))
    later = parsed(addressed(raw(), ANN, as_test=True, now=noon + timedelta(minutes=1)))
    assert first["Date"].datetime == noon
    assert len({first["Message-ID"], later["Message-ID"], parsed(raw())["Message-ID"]}) == 3


def test_what_readers_get_has_the_date_of_the_issue_whenever_it_is_sent() -> None:
    noon = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    assert addressed(raw(), ANN, as_test=False, now=noon) == addressed(raw(), ANN, as_test=False)
