"""Copies of one message: what each recipient gets, and what goes over the wire."""

from __future__ import annotations

import base64
import email
import email.policy
import quopri
import re
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.errors import SendError
from digest.models import Recipient
from digest.send import Prepared

KEY = "0123456789ab"
ANN = Recipient(address="ann@example.org")


def slot(field: str, default: str = "", context: str = "t") -> bytes:
    words = base64.b32encode(default.encode()).decode().rstrip("=").lower()
    return f"=\r\nslot.{KEY}.{context}.{field}.{words}.tols=\r\n".encode()


def raw(text: bytes, *, head: bytes = b"") -> bytes:
    return (
        b"From: Harbor Weekly <editor@example.org>\r\nSubject: Tides\r\n"
        b"Date: Fri, 20 Nov 2026 09:00:00 +0000\r\n"
        b"Message-ID: <2026-w47.0123456789abcdef0123456789abcdef@example.org>\r\n"
        b"X-Digest-Slots: " + KEY.encode() + b"\r\n" + head + b"MIME-Version: 1.0\r\n"
        b"Content-Type: text/plain; charset=utf-8\r\n"
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + text
    )  # fmt: skip


LISTED = (
    b"List-Unsubscribe: <https://example.org/u>, <mailto:u@example.org>\r\n"
    b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
)
LONG = "https://lists.example.org/u?t=" + "b1-_=?" * 60


def parsed(message: bytes) -> EmailMessage:
    found = email.message_from_bytes(message, policy=email.policy.default)
    assert found.defects == []
    return found


def told(message: bytes) -> str:
    """What the body says, without the end of its last line."""
    text = quopri.decodestring(message.partition(b"\r\n\r\n")[2]).decode()
    return text.removesuffix("\r\n")


def unstuffed(wire: bytes) -> bytes:
    """What a server keeps of DATA (RFC 5321, 4.5.2)."""
    lines = wire.split(b"\r\n")
    assert lines[-2:] == [b".", b""]
    assert b"." not in lines[:-2]
    return b"\r\n".join(line.removeprefix(b".") for line in lines[:-2]) + b"\r\n"


def meant(value: str) -> str:
    """A field as it is read: controls are spaces, and lone surrogates question marks."""
    plain = re.sub("[\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", value).strip()
    return plain.encode("utf-8", "replace").decode()


VALUES = st.text(st.characters(), max_size=300) | st.sampled_from(
    [".", "..", ".x" * 60, " .x", "a" * 74 + ".", "From me", "x" * 73 + "From you", "=3D=",
     "\ud800", "\r\n.\r\nMAIL FROM:<x@example.com>", "a" * 100_000, "é" * 10_000, "From " * 50,
     "." * 500]
)  # fmt: skip


@given(VALUES, VALUES, st.sampled_from([b"", b".", b"..\r\n.", b"\r\n.\r\n", b"x\n.y\r.z"]))
@settings(max_examples=300, deadline=None)
def test_what_goes_over_the_wire_is_the_copy(first: str, second: str, beside: bytes) -> None:
    body = beside + slot("a", "none") + slot("b") + beside + b"[" + slot("a", "none") + b"]"
    ready = Prepared(raw(body), unsubscribe=lambda _: LONG)
    recipient = Recipient(address="ann@example.org", fields={"a": first, "b": second})
    copy = ready.for_recipient(recipient)
    assert unstuffed(ready.on_the_wire(recipient)) == copy
    lines = copy.split(b"\r\n")
    assert not [line for line in lines if b"\r" in line or b"\n" in line or len(line) > 998]
    slots = copy.partition(b"\r\n\r\n")[2]
    assert max(map(len, slots.split(b"\r\n"))) <= 76
    assert not re.search(rb"(?m)^From ", slots)
    around = re.sub(r"\r\n|\r|\n", "\r\n", beside.decode())
    a, b = meant(first) or "none", meant(second)
    assert told(copy) == f"{around}{a}{b}{around}[{a}]"
    message = parsed(copy)
    assert message["To"] == "ann@example.org"
    assert len(message.keys()) == 10


@given(VALUES)
@settings(max_examples=100, deadline=None)
def test_a_link_and_a_page_hold_a_field_and_nothing_else(value: str) -> None:
    body = (
        b'<a href=3D"https://example.org/'
        + slot("a", context="u")
        + b'">'
        + slot("a", context="h")
        + b"</a>"
    )
    page = told(
        Prepared(raw(body)).for_recipient(Recipient(address="a@example.org", fields={"a": value}))
    )
    hit = re.fullmatch(r'<a href="https://example\.org/([\w.~%-]*)">([^<>"\']*)</a>', page)
    assert hit is not None


def test_the_link_of_each_recipient_is_one_raw_url() -> None:
    ready = Prepared(
        raw(b"Leave: " + slot("unsubscribe_url", "https://example.org/u"), head=LISTED),
        unsubscribe=lambda address: f"{LONG}{address.partition('@')[0]}",
    )
    for name in ("ann", "ben"):
        fields = {"unsubscribe_url": "https://evil.example.com/"}
        copy = ready.for_recipient(Recipient(address=f"{name}@example.org", fields=fields))
        assert f"\r\nList-Unsubscribe: <{LONG}{name}>\r\n".encode() in copy
        assert copy.count(b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n") == 1
        assert copy.count(b"List-Unsubscribe") == 3
        assert told(copy) == f"Leave: {LONG}{name}"


def test_without_tokens_the_issues_own_link_stays() -> None:
    ready = Prepared(raw(slot("unsubscribe_url", "https://example.org/u"), head=LISTED))
    fields = {"unsubscribe_url": "https://evil.example.com/"}
    copy = ready.for_recipient(Recipient(address="ann@example.org", fields=fields))
    assert LISTED in copy
    assert told(copy) == "https://example.org/u"


@pytest.mark.parametrize(
    "link",
    ["", "http://example.org/u", "mailto:u@example.org", "https://example.org/ü", "https://",
     "https://example.org/u\r\nBcc: x@example.org", "https://example.org/a b",
     "https://example.org/>,<https://example.com/", "https://example.org/" + "x" * 1000,
     "https://example.org/\0", "javascript:alert(1)"],
)  # fmt: skip
def test_a_link_that_no_header_can_hold_is_refused(link: str) -> None:
    with pytest.raises(SendError, match=r"ann@example\.org unsubscribes cannot stand"):
        Prepared(raw(b""), unsubscribe=lambda _: link).for_recipient(ANN)


def test_more_headers_are_the_same_for_everybody() -> None:
    more = [("Feedback-ID", "weekly:harbor"), ("Precedence", "bulk")]
    message = parsed(Prepared(raw(b"x"), headers=more).for_recipient(ANN))
    assert [(name, message[name]) for name, _ in more] == more


@pytest.mark.parametrize(
    ("name", "value"),
    [("Feedback-ID", "a\r\nBcc: x@example.org"), ("Feedback-ID", "a\nb"), ("Feedback-ID", "a\0b"),
     ("Feedback-ID", "é"), ("Feedback-ID", ""), ("Feedback-ID", " a"), ("Feedback-ID", "a\x7f"),
     ("Feed back", "a"), ("Feed:back", "a"), ("", "a"), ("X\r\nBcc", "a"), ("Ü", "a"),
     ("Feedback-ID", "x" * 990), ("To", "x@example.org"), ("bcc", "x@example.org"),
     ("Subject", "x"), ("Content-Language", "en"), ("DKIM-Signature", "v=1"),
     ("X-Own", "x"), ("List-Unsubscribe", "<https://example.com/>")],
)  # fmt: skip
def test_a_header_that_is_unsafe_or_taken_is_refused(name: str, value: str) -> None:
    with pytest.raises(SendError):
        Prepared(raw(b"", head=b"X-Own: 1\r\n"), headers=[(name, value)])


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (raw(b"", head=b"Subject: again\r\n"), "more than one header subject"),
        (raw(b"", head=b"MESSAGE-ID: <a.b@example.org>\r\n"), "more than one header message-id"),
        (raw("é".encode()), "bytes that not every server takes"),
        (raw(b"a\0b"), "bytes that not every server takes"),
        (raw(b"x" * 999), "a line of 999 bytes; 998 are allowed"),
        (raw(b"").replace(b" " + KEY.encode(), b" no key"), "no key of slots"),
        (raw(b"").replace(b" " + KEY.encode(), b""), "no key of slots"),
        (raw(slot("a").replace(b"..tols", b".aaa.tols")), "no default of a slot"),
    ],
)
def test_a_message_that_is_damaged_is_refused(message: bytes, said: str) -> None:
    with pytest.raises(SendError, match=said):
        Prepared(message)


def test_a_copy_is_the_same_however_often_it_is_made() -> None:
    ready = Prepared(raw(slot("name", "reader")), unsubscribe=lambda address: f"{LONG}{address}")
    ben = Recipient(address="ben@example.org", fields={"name": "Ben"})
    first = ready.for_recipient(ANN)
    other = ready.for_recipient(ben)
    assert ready.for_recipient(ANN) == first != other
    assert told(first) == "reader"
    assert told(other) == "Ben"
