"""The MIME message, read back with Python's email parser."""

from __future__ import annotations

import re
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage, MIMEPart
from email.policy import default
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.errors import RenderError
from digest.models import Issue, Recipient, Renderings
from digest.render.clean import clean
from digest.render.message import build_message
from digest.send import addressed
from tests.render.sample_issue import HARBOR, sample_issue, sample_media


def read(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def content(part: MIMEPart) -> str:
    """A text part as it was written: mail ends lines in CRLF, we in LF."""
    text: str = part.get_content()
    return text.replace("\r\n", "\n")


def sent(made: Renderings) -> bytes:
    """The message as a reader without any field gets it."""
    return addressed(made.message, Recipient(address="ann@example.org"), as_test=False)


def built(issue: Issue, html: str = "<p>Hi</p>\n", text: str = "Hi\n") -> bytes:
    return build_message(issue, html=html, text=text, media={})


def named(issue: Issue, **fields: Any) -> Issue:
    return replace(issue, newsletter=replace(issue.newsletter, **fields))


def test_both_parts_come_back_as_they_were_text_first(made: Renderings) -> None:
    message = read(sent(made))
    assert [part.defects for part in message.walk() if part.defects] == []
    assert message.get_content_type() == "multipart/alternative"
    text, rich = message.iter_parts()
    assert text.get_content_type() == "text/plain"
    assert content(text) == made.email_txt
    assert rich.get_content_type() == "multipart/related"
    page, *pictures = rich.iter_parts()
    assert page.get_content_type() == "text/html"
    assert re.sub(r"cid:(\S+?)@saltmarsh\.example\.org", r"media/\1", content(page)) == (
        made.email_html
    )
    cids = {f"<{cid}>" for cid in re.findall(r'src="cid:([^"]+)"', content(page))}
    assert cids == {picture["Content-ID"] for picture in pictures}
    assert pictures[0].get_content() == sample_media()[HARBOR]
    assert pictures[0].get_content_type() == "image/png"


def test_without_pictures_the_html_stands_alone(issue: Issue) -> None:
    message = read(built(issue))
    kinds = [part.get_content_type() for part in message.iter_parts()]
    assert kinds == ["text/plain", "text/html"]


def test_headers_say_who_what_and_when(made: Renderings, issue: Issue) -> None:
    message = read(made.message)
    assert message["From"] == "The Saltmarsh Weekly <editor@saltmarsh.example.org>"
    assert message["Reply-To"] == "desk@saltmarsh.example.org"
    assert message["Subject"] == issue.subject
    assert parsedate_to_datetime(message["Date"]) == issue.now
    assert message["List-Id"] == "The Saltmarsh Weekly <the-saltmarsh-weekly.saltmarsh.example.org>"
    assert re.fullmatch(r"<2026-w47\.[0-9a-f]{32}@saltmarsh\.example\.org>", message["Message-ID"])
    assert message["MIME-Version"] == "1.0"
    assert message["To"] is None


def test_lines_end_in_crlf_and_are_short(made: Renderings) -> None:
    for message in (made.message, sent(made)):
        lines = message.split(b"\r\n")
        assert not [line for line in lines if b"\n" in line or b"\r" in line or len(line) > 998]
        assert message.isascii()
    body = sent(made).partition(b"\r\n\r\n")[2]
    assert max(map(len, body.split(b"\r\n"))) <= 76
    assert b"\r\nFrom " not in body


@pytest.mark.parametrize(
    ("url", "one_click"),
    [
        ("https://saltmarsh.example.org/u?token=" + "a1-_" * 60, True),
        ("http://saltmarsh.example.org/u", False),
        ("mailto:leave@saltmarsh.example.org?subject=unsubscribe", False),
    ],
)
def test_list_unsubscribe_is_one_raw_url(issue: Issue, url: str, one_click: bool) -> None:
    raw = built(named(issue, unsubscribe_url=url))
    assert f"\r\nList-Unsubscribe: <{url}>\r\n".encode() in raw
    assert (b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in raw) == one_click


def test_without_an_unsubscribe_url_there_is_no_such_header(issue: Issue) -> None:
    raw = built(named(issue, unsubscribe_url=""))
    assert b"List-Unsubscribe" not in raw


@pytest.mark.parametrize(
    "fields",
    [
        {"sender": "A <a@example.org\r\nBcc: b@example.org>"},
        {"sender": "no address at all, is it <>@"},
        {"reply_to": "a\x00b@example.org"},
        {"unsubscribe_url": "https://a.example.org/" + "x" * 1100},
    ],
)
def test_what_no_header_can_hold_is_refused(issue: Issue, fields: dict[str, str]) -> None:
    try:
        raw = built(named(issue, **fields))
    except RenderError:
        return
    assert read(raw)["Bcc"] is None
    assert "sender" in fields or "reply_to" in fields


def test_a_line_break_never_begins_a_header(issue: Issue) -> None:
    evil = "Hello\r\nBcc: everybody@example.org\r\n\r\n<script>"
    message = read(built(named(replace(issue, subject=evil), name=evil)))
    assert message["Bcc"] is None
    assert message["Subject"] == "Hello Bcc: everybody@example.org <script>"
    assert len(list(message.iter_parts())) == 2


def test_date_and_id_follow_the_issue(issue: Issue) -> None:
    one, again = built(issue), built(issue)
    assert one == again
    other = read(built(replace(issue, slug="2026-W48")))
    assert other["Message-ID"] != read(one)["Message-ID"]


@settings(max_examples=150, deadline=None)
@given(
    subject=st.text(max_size=300),
    name=st.text(max_size=120),
    body=st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=400),
)
def test_any_words_come_back(subject: str, name: str, body: str) -> None:
    issue = named(replace(sample_issue(), subject=subject), name=name)
    raw = built(issue, html=body, text=body)
    message = read(raw)
    assert [part.defects for part in message.walk() if part.defects] == []
    if clean(subject):
        # The parser folds runs of spaces between words; so do we.
        assert message["Subject"].split() == clean(subject).split()
    assert message["From"].addresses[0].addr_spec == "editor@saltmarsh.example.org"
    text, rich = message.iter_parts()
    assert content(text) == body
    assert content(rich) == body
    assert not [line for line in raw.split(b"\r\n") if b"\n" in line or len(line) > 998]


@pytest.mark.parametrize(
    ("field", "value", "header", "setting"),
    [
        ("unsubscribe_url", "https://a.example.org/", "List-Unsubscribe", "DIGEST_UNSUBSCRIBE_URL"),
        ("reply_to", "desk@a.example.org", "Reply-To", "DIGEST_REPLY_TO"),
        ("sender", "desk@a.example.org", "From", "DIGEST_SENDER"),
    ],
)
def test_a_header_that_is_too_long_names_its_setting(
    issue: Issue, field: str, value: str, header: str, setting: str
) -> None:
    long = "x" * 1000 + value if "@" in value else value + "x" * 1000
    with pytest.raises(RenderError) as caught:
        built(named(issue, **{field: long}))
    assert str(caught.value) == (
        f"{header} is longer than the 998 characters that mail allows. Set {setting} to a shorter "
        "one."
    )


@pytest.mark.parametrize("name", ["Ñ" + "a" * 39, "Gazeta Łódzka – tygodnik", "港" * 30, "A & B"])
@pytest.mark.parametrize("address", ["e@example.org", "a-rather-long-editor@weekly.example.org"])
def test_no_line_with_an_encoded_word_passes_76_columns(
    issue: Issue, name: str, address: str
) -> None:
    """RFC 2047, 2; and the name and the address come back as they were."""
    raw = built(named(issue, sender=f"{name} <{address}>", reply_to=f"{name} <{address}>"))
    head = raw.partition(b"\r\n\r\n")[0]
    assert [line for line in head.split(b"\r\n") if b"=?utf-8?" in line and len(line) > 76] == []
    for header in ("From", "Reply-To"):
        [found] = read(raw)[header].addresses
        # Python's parser keeps the space between two encoded words, against RFC 2047, 6.2.
        assert "".join(found.display_name.split()) == "".join(name.split())
        assert found.addr_spec == address
