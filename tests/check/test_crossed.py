"""Links that stand at another story, and what a form keeps of a notice, a picture or a header."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from digest.check import check
from digest.models import Finding, Issue, Notice, Renderings
from digest.render import load_theme, render
from digest.sample.stress import stress_issues
from tests.check.good_issue import HTML, ISSUE, TEXT, made, with_newsletter
from tests.render.sample_issue import sample_issue, sample_media

FORMS = {"email_html": "email.html", "email_txt": "email.txt", "web_html": "web.html"}
GAZETTE = load_theme("gazette", folder=Path())
NOTICE = Notice(
    title="Paint for boats", text="Two coats.\n\nOne summer.", url="https://paints.example.com/a"
)


def swapped(text: str, one: str, two: str) -> Any:
    return text.replace(one, "\0").replace(two, one).replace("\0", two)


def errors(issue: Issue, renderings: Renderings, kind: str) -> list[Finding]:
    found = check(issue, renderings, media=sample_media())
    return [f for f in found if f.check == kind and f.level == "error"]


@pytest.mark.parametrize("name", ["gazette", "bulletin", "magazine"])
@pytest.mark.parametrize("form", FORMS)
def test_a_headline_that_leads_to_another_story_is_an_error(name: str, form: str) -> None:
    issue = dict(stress_issues())["usual"]
    renderings = render(issue, load_theme(name, folder=Path()))
    assert errors(issue, renderings, "parity") == []
    crossed = swapped(getattr(renderings, form), "/stories/12", "/stories/13")
    found = errors(issue, replace(renderings, **{form: crossed}), "parity")
    assert [f.where.partition(":")[0] for f in found] == [
        f"{FORMS[form]}, teaser 3",
        f"{FORMS[form]}, teaser 4",
    ]
    assert "https://quay.example.com/stories/13" in found[0].what


def test_a_headline_may_lead_to_a_place_in_the_page() -> None:
    local = HTML.replace('<h2><a href="https://news.example.org/pier">', '<h2><a href="#pier">')
    local = local.replace("<p>The pier", '<p><a href="https://news.example.org/pier">x</a>The pier')
    assert [f for f in made(html=local).findings() if f.check == "parity"] == []


def test_a_footnote_that_leads_to_another_story_is_an_error() -> None:
    crossed = TEXT.replace("Saturday [1]", "Saturday [4]")
    (found,) = made(text=crossed).findings()
    assert (found.check, found.where.partition(":")[0]) == ("parity", "email.txt, lead 1")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("words", ["Two coats.", "One summer.", "https://paints.example.com/a"])
def test_a_form_owes_a_notice_its_words_and_its_link(form: str, words: str) -> None:
    issue = replace(sample_issue(), notices=(NOTICE,))
    renderings = render(issue, GAZETTE)
    assert errors(issue, renderings, "notices") == []
    broken = getattr(renderings, form).replace(words, "")
    (found,) = errors(issue, replace(renderings, **{form: broken}), "notices")
    assert found.where == FORMS[form]
    assert words in found.what


def test_a_picture_that_the_web_page_lacks_is_an_error() -> None:
    issue = sample_issue()
    renderings = render(issue, GAZETTE, media=sample_media())
    assert errors(issue, renderings, "pictures") == []
    name = next(name for name in sample_media() if name in renderings.web_html)
    broken = renderings.web_html.replace(name, "media/another.png")
    found = errors(issue, replace(renderings, web_html=broken), "pictures")
    assert {f.where.partition(",")[0] for f in found} == {"web.html"}


@pytest.mark.parametrize("header", [b"Subject: two", b"Reply-To: someone@example.net"])
def test_a_header_that_digest_did_not_write_is_an_error(header: bytes) -> None:
    sent = made().sent_as(b"Date:", header + b"\r\nDate:")
    assert {f.level for f in sent.findings() if f.check in {"message", "subject"}} == {"error"}


def test_a_reply_to_that_the_newsletter_has_is_none() -> None:
    issue = with_newsletter(reply_to="desk@example.org")
    assert issue != ISSUE
    sent = made(issue=issue).sent_as(b"Date:", b"Reply-To: desk@example.org\r\nDate:")
    assert sent.findings() == ()
