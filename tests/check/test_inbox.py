"""What an inbox shows of an issue: its subject and its preheader."""

from __future__ import annotations

from dataclasses import replace

import pytest

from digest.models import Finding, Issue, PastIssue
from tests.check.good_issue import HTML, ISSUE, PREHEADER, made

PADDING = "&#847;&zwnj;&nbsp;" * 40


def of_subject(subject: str, *, past: tuple[PastIssue, ...] = ()) -> tuple[Finding, ...]:
    found = made(issue=replace(ISSUE, subject=subject), past=past).findings()
    assert all(f.where == "message.eml, subject" and f.why and f.mend for f in found)
    return found


def of_preheader(words: str, html: str = "", **changes: str) -> tuple[Finding, ...]:
    issue: Issue = replace(ISSUE, preheader=words, **changes)  # type: ignore[arg-type]
    found = made(issue=issue, html=html or HTML.replace(PREHEADER, words)).findings()
    assert all(f.where == "email.html, preheader" and f.why and f.mend for f in found)
    assert all(f.check == "preheader" and f.level == "warning" for f in found)
    return found


def earlier(subject: str) -> PastIssue:
    return PastIssue(slug="2026-W40", window=ISSUE.window, status="sent", ran=(), subject=subject)


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        ("The pier opens!!", "2 exclamation marks"),
        ("Hurry! The pier opens!", "2 exclamation marks"),
        ("桟橋が開く！！", "2 exclamation marks"),
        ("🎉🎉 🚢", "no words"),
        ("…", "no words"),
        ("Harbor Weekly", "the newsletter's name"),
        ("» Harbor weekly «", "the newsletter's name"),
    ],
)
def test_a_poor_subject(subject: str, said: str) -> None:
    (found,) = of_subject(subject)
    assert (found.check, found.level) == ("subject", "warning")
    assert said in found.what
    assert '`digest edit 2026-W47 subject "…"`' in found.mend


@pytest.mark.parametrize(
    "subject",
    ["The pier opens!", "¡El muelle abre!", "🎉 The pier opens", "Harbor Weekly: the pier opens"],
)
def test_a_subject_that_is_well(subject: str) -> None:
    assert of_subject(subject) == ()


def test_a_subject_that_a_source_wrote_may_call_out() -> None:
    title = "Stop! The bridge is up!"
    entry = replace(ISSUE.leads[0].entry, title=title)
    issue = replace(ISSUE, subject=title, leads=(replace(ISSUE.leads[0], entry=entry),))
    assert made(issue=issue).findings() == ()


def test_a_subject_that_was_sent_before_names_its_issue() -> None:
    (found,) = of_subject("The pier opens", past=(earlier("Other"), earlier("The Pier opens.")))
    assert (found.check, found.level) == ("subject", "warning")
    assert found.what == "The subject is that of 2026-W40: “The pier opens”"


def test_a_subject_like_an_earlier_one_is_another() -> None:
    past = (earlier("The pier opens"), earlier(""))
    assert of_subject("The pier opens again", past=past) == ()


LONG = "The market has stood for a hundred years, " * 5
HEADLINES = " · ".join(["The pier opens on Saturday"] * 8)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "There is no preheader: inboxes show “Harbor Weekly"),
        (ISSUE.subject, "says what the subject says"),
        (LONG, "takes 209 columns"),
        ("Forty boats", "only 11 columns"),
        ("View this email in your browser, or stay here for the news", "“View this email in your"),
    ],
)
def test_a_poor_preheader(words: str, said: str) -> None:
    (found,) = of_preheader(words)
    assert said in found.what
    assert '`digest edit 2026-W47 preheader "…"`' in found.mend


def test_a_theme_that_does_not_show_it_first() -> None:
    first = '<p><a href="https://example.org/w">View in browser</a></p>'
    html = HTML.replace("<div style", f"{first}<div style", 1)
    (found,) = of_preheader(PREHEADER, html)
    assert found.what == (
        "The mail does not begin with its preheader: inboxes show “View in browser”."
    )
    assert "issue.mjml.j2" in found.mend


def test_a_preheader_of_headlines_may_be_cut() -> None:
    assert of_preheader(HEADLINES) == ()


def test_a_short_preheader_that_is_padded_is_not_filled_up() -> None:
    assert of_preheader("Forty boats", HTML.replace(PREHEADER, f"Forty boats{PADDING}")) == ()


def test_an_intro_stands_in_for_a_preheader() -> None:
    intro = "A foggy week, told in order and with a lead."
    assert of_preheader("", HTML.replace(PREHEADER, intro), intro=intro) == ()
