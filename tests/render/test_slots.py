"""A recipient's fields: asked for in a template, filled in the finished bytes of the message."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.check import check
from digest.errors import SendError, TemplateError
from digest.models import Issue, Recipient
from digest.render import Theme, load_theme, render
from digest.send import Prepared, addressed
from tests.render.sample_issue import sample_issue
from tests.render.test_templates import with_file

GREETING = '<mj-text><p title="for {{ n }}">Dear {{ n }},</p></mj-text>'.replace(
    "{{ n }}", '{{ recipient.first_name | default("reader") }}'
)
LINK = (
    '<mj-text><a href="https://example.org/me?a={{ recipient.address }}&amp;b=1">You</a></mj-text>'
)


def themed(theme: Theme, body: str, text: str = "", web: str = "") -> Theme:
    mjml = f"<mjml><mj-body><mj-section><mj-column>{body}</mj-column></mj-section></mj-body></mjml>"
    own = with_file(with_file(theme, "issue.mjml.j2", mjml), "issue.txt.j2", text or "x")
    return with_file(own, "web.html.j2", web or "<p>x</p>")


def linked(issue: Issue, url: str) -> Issue:
    """`issue` of a newsletter whose readers unsubscribe at `url`."""
    return replace(issue, newsletter=replace(issue.newsletter, unsubscribe_url=url))


def parts(raw: bytes) -> tuple[str, str]:
    """The decoded text and HTML of a message that has no defect."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert message.defects == []
    bodies = [part for part in message.walk() if not part.is_multipart()]
    return bodies[0].get_content(), bodies[1].get_content()


def test_a_field_is_a_slot_in_the_message_and_its_default_elsewhere(
    theme: Theme, issue: Issue
) -> None:
    text = 'Dear {{ recipient.first_name | default("reader") }},\n{{ "x " * 50 }}\n'
    own = themed(theme, GREETING, text, "<p>Dear {{ recipient.first_name|default('reader') }}</p>")
    made = render(issue, own)
    assert 'title="for reader">Dear reader,</p>' in made.email_html
    assert made.email_txt.startswith("Dear reader,\n")
    assert "Dear reader</p>" in made.web_html
    assert made.message.count(b".first_name.") == 3
    for fields, name in (({"first_name": "Ana Lúcia"}, "Ana Lúcia"), ({}, "reader")):
        sent = addressed(made.message, Recipient(address="a@example.org", fields=fields),
                         as_test=False)  # fmt: skip
        told, html = parts(sent)
        assert told.startswith(f"Dear {name},")
        assert f'title="for {name}">Dear {name},</p>' in html
        assert b"slot." not in sent
        assert b"X-Digest" not in sent
        assert all(len(line) <= 76 for line in sent.split(b"\r\n\r\n", 1)[1].split(b"\r\n"))


def test_a_message_without_slots_says_nothing_of_them(theme: Theme, issue: Issue) -> None:
    assert b"X-Digest-Slots" in render(issue, theme).message
    for url in ("", "mailto:stop@example.org"):
        assert b"X-Digest-Slots" not in render(linked(issue, url), theme).message


def test_a_value_is_written_as_its_place_wants_it(theme: Theme, issue: Issue) -> None:
    made = render(issue, themed(theme, LINK + GREETING, "https://example.org/?a={{ recipient.a }}"))
    hostile = Recipient(
        address="a+b@example.org",
        fields={"first_name": '"><script>alert(1)</script>', "a": "x y\r\nBcc: z"},
    )
    told, html = parts(addressed(made.message, hostile, as_test=False))
    assert 'href="https://example.org/me?a=a%2Bb%40example.org&amp;b=1"' in html
    assert "<script" not in html
    assert "Dear &quot;&gt;&lt;script&gt;alert(1)" in html
    assert told.startswith("https://example.org/?a=x%20y%20Bcc%3A%20z")


@pytest.mark.parametrize("letter", ["a", "=", "é", "漢", "a=", " x"])
def test_a_value_of_any_length_leaves_lines_of_76(theme: Theme, issue: Issue, letter: str) -> None:
    message = render(issue, themed(theme, GREETING, "[{{ recipient.x }}]")).message
    for length in range(1, 160):
        value = (letter * length).strip()
        recipient = Recipient(address="a@example.org", fields={"x": value})
        sent = addressed(message, recipient, as_test=False)
        assert parts(sent)[0].rstrip("\r\n") == f"[{value}]"
        assert max(map(len, sent.split(b"\r\n\r\n", 1)[1].split(b"\r\n"))) <= 76


def test_a_link_in_a_comment_is_one_whatever_its_quotes_hold(theme: Theme, issue: Issue) -> None:
    link = '<a title="a > b" href="https://example.org/?q=>{{ recipient.x }}">{{ recipient.x }}</a>'
    own = themed(theme, f"<mj-raw><!--[if mso]>{link}<![endif]--></mj-raw>")
    recipient = Recipient(address="a@example.org", fields={"x": "//b c"})
    _, html = parts(addressed(render(issue, own).message, recipient, as_test=False))
    assert 'href="https://example.org/?q=>%2F%2Fb%20c">//b c</a>' in html


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.text(max_size=40))
def test_any_value_reads_back_as_it_is(value: str, beside: str) -> None:
    issue = replace(sample_issue(), leads=(), sections=(), intro=beside)
    gazette = load_theme("gazette", folder=Path("nowhere"))
    made = render(issue, themed(gazette, GREETING, "[{{ recipient.x }}]"))
    told, _ = parts(
        addressed(
            made.message, Recipient(address="a@example.org", fields={"x": value}), as_test=False
        )
    )
    controls = "[\x00-\x1f\x7f-\x9f\u2028\u2029]+"
    meant = re.sub(controls, " ", value).strip().encode("utf-8", "replace").decode()
    assert told.rstrip("\r\n") == f"[{meant}]"


def test_words_of_a_source_are_no_slot(theme: Theme, issue: Issue) -> None:
    own = themed(theme, GREETING + "<mj-text>{{ issue.leads[0].headline }}</mj-text>")
    key = re.search(rb"X-Digest-Slots: (\w+)", render(issue, own).message)
    assert key is not None
    forged = f"slot.{key[1].decode()}.h.address..tols and slot_{key[1].decode()}_0_tols"
    lead = replace(issue.leads[0], headline=forged)
    made = render(replace(issue, leads=(lead,)), own)
    assert forged in made.email_html
    sent = addressed(made.message, Recipient(address="a@example.org"), as_test=False)
    assert forged in parts(sent)[1]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("{{ recipient.unsubscribe_url }}", "is issue.newsletter.unsubscribe_url"),
        ('{{ issue.newsletter.unsubscribe_url | replace("https://", "") }}', "none at all for"),
        ("{% if recipient.name %}x{% endif %}", "known when the issue is sent"),
        ("{{ recipient.name | upper }}", "a filter changes a recipient's field"),
        ("{{ recipient.Name }}", "Name"),
        ('{{ recipient.name | default("x" * 61) }}', "more than 60 columns"),
        ('<a href="{{ recipient.url }}">x</a>', "begins a link"),
        ('<a href="https://{{ recipient.url }}/">x</a>', "begins a link"),
        ('<p style="color: {{ recipient.color }}">x</p>', "stands in the attribute style"),
        ('<img src="https://e.org/a" srcset="{{ recipient.url }} 2x">', "in the attribute srcset"),
        ('<table background="{{ recipient.url }}"></table>', "in the attribute background"),
        ('<a onclick="{{ recipient.url }}">x</a>', "in the attribute onclick"),
        ('<form action="{{ recipient.url }}"></form>', "in the attribute action"),
    ],
)
def test_what_cannot_be_a_slot_is_refused(theme: Theme, issue: Issue, body: str, told: str) -> None:
    with pytest.raises(TemplateError, match=told):
        render(issue, themed(theme, f"<mj-text>{body}</mj-text>"))


def test_a_message_whose_slots_are_broken_is_not_sent(theme: Theme, issue: Issue) -> None:
    message = render(issue, themed(theme, GREETING)).message
    for broken in (
        re.sub(rb"X-Digest-Slots: \w+", b"X-Digest-Slots: no key", message),
        re.sub(rb"\.first_name\.\w+\.tols", b".first_name.aaa.tols", message),
    ):
        with pytest.raises(SendError, match=r"Build the issue again"):
            addressed(broken, Recipient(address="a@example.org"), as_test=False)


def test_the_checks_read_a_message_with_slots_as_its_default_reader_does(
    theme: Theme, issue: Issue
) -> None:
    url = 'https://example.org/?n={{ recipient.n | default("a & b") }}'
    link = f'<mj-text><a href="{url}">x</a></mj-text>'
    masthead = dict(theme.files)["_masthead.mjml.j2"]
    section = f'<mj-section css-class="paper"><mj-column>{GREETING}{link}</mj-column></mj-section>'
    own = with_file(theme, "_masthead.mjml.j2", masthead + section)
    made = render(issue, own)
    assert "?n=a%20%26%20b" in made.email_html
    whats = [finding.what for finding in check(issue, made)]
    assert not [what for what in whats if "is another" in what]
    tampered = replace(made, message=made.message.replace(b"Dear", b"Deer", 1))
    assert any("is another" in finding.what for finding in check(issue, tampered))


@pytest.mark.parametrize("text", ["From here " + "x" * 200, "x" * 76 + "{{ recipient.a }}"])
def test_no_line_of_a_text_part_is_longer_than_76(theme: Theme, issue: Issue, text: str) -> None:
    made = render(issue, themed(theme, "<mj-text>x</mj-text>", text))
    sent = addressed(made.message, Recipient(address="a@example.org"), as_test=False)
    body = sent.split(b"quoted-printable\r\n\r\n", 1)[1].split(b"\r\n--=_", 1)[0]
    assert max(map(len, body.split(b"\r\n"))) <= 76
    assert not re.search(rb"(?m)^From ", body)
    assert parts(sent)[0].startswith(text[:76].replace("{{", ""))


PLAIN_URLS = [
    "https://a.org/u",
    "http://lists.example.org/u?list=weekly&from=mail's",
    f"https://lists.example.org/{'x' * 90}?t=1&u=2",
    f"https://lists.example.org/{'x' * 700}",
]


@pytest.mark.parametrize("name", ["gazette", "magazine", "bulletin"])
@pytest.mark.parametrize("url", PLAIN_URLS)
def test_the_archived_files_hold_the_newsletters_own_link(
    issue: Issue, url: str, name: str
) -> None:
    made = render(linked(issue, url), load_theme(name, folder=Path("nowhere")))
    written = url.replace("&", "&amp;")
    assert f'href="{written}"' in made.email_html
    line = rf"(?m)^(?:Unsubscribe: )?{re.escape(url)}\r?$"  # a long one stands alone
    assert re.search(line, made.email_txt)
    told, html = parts(addressed(made.message, Recipient(address="a@example.org"), as_test=False))
    assert f'href="{written}"' in html
    assert re.search(line, told)
    for page in (made.email_html, made.email_txt, made.web_html):
        assert not re.search(r"(?:link|slot)[_.][0-9a-f]{12}", page)


@pytest.mark.parametrize("language", ["en", "ja", "ar"])
def test_each_readers_link_is_their_own_and_never_broken(theme: Theme, language: str) -> None:
    issue = linked(sample_issue(), PLAIN_URLS[1])
    issue = replace(issue, newsletter=replace(issue.newsletter, language=language))
    url = f"https://lists.example.org/u?list=weekly&t={'b4-_' * 30}"
    prepared = Prepared(render(issue, theme).message, unsubscribe=lambda _: url)
    fields = {"unsubscribe_url": "https://evil.example.com/"}
    told, html = parts(prepared.for_recipient(Recipient(address="a@example.org", fields=fields)))
    assert re.search(rf"(?m)^\S.*: {re.escape(url)}\r$", told)
    assert f'href="{url.replace("&", "&amp;")}"' in html
    assert PLAIN_URLS[1] not in told
    assert "evil" not in told + html


def test_no_list_says_where_a_reader_unsubscribes(theme: Theme, issue: Issue) -> None:
    message = render(linked(issue, PLAIN_URLS[0]), theme).message
    fields = {"unsubscribe_url": "https://evil.example.com/"}
    told, html = parts(
        addressed(message, Recipient(address="a@example.org", fields=fields), as_test=False)
    )
    assert "evil" not in told + html
    assert f'href="{PLAIN_URLS[0]}"' in html
