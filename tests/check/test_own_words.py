"""Placeholders and years that went by, in what the newsletter itself says; sources may say both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from digest.models import Blurb, Finding, Issue, Notice, Window
from tests.check.good_issue import HTML, ISSUE, MARKET, PIER, TEXT, made, with_newsletter

LEAD = "lead 1: “The pier opens on Saturday”"
FOOT = "<p>Harbor Weekly, 1 Quay Street"


def found(issue: Issue = ISSUE, html: str = HTML, *, check: str = "") -> tuple[Finding, ...]:
    """The findings of one check; all of them where none is named."""
    text = f"{issue.intro}\n\n{TEXT}" if issue.intro else TEXT
    everything = made(issue=issue, html=html, text=text, web=html).findings()
    return tuple(f for f in everything if not check or f.check == check)


def at_foot(words: str) -> str:
    return HTML.replace("Unsubscribe</a>", f"Unsubscribe</a> {words}")


def at_head(words: str) -> str:
    return HTML.replace("<img", f"<p>{words}</p><img", 1)


@pytest.mark.parametrize(
    "words",
    [
        "Lorem  ipsum dolor sit amet",
        "TODO write this",
        "This week: TBD.",
        "FIXME, please",
        "XXX words",
        "[insert name here]",
        "Dear [Your Name],",
        "Yours, Your Name",
        "Company Name, Inc.",
        "Your headline goes here",
        "Some placeholder text",
    ],
)
def test_a_placeholder_of_the_theme_and_of_the_editor(words: str) -> None:
    theme, web = found(html=at_foot(f"<i>{words}</i>"))
    assert (theme.check, theme.level, theme.where) == (
        "placeholders", "warning", "email.html, colophon",
    )  # fmt: skip
    assert web.where == "web.html, colophon"
    assert "template" in theme.mend
    (own,) = found(replace(ISSUE, intro=words), at_head(words))
    assert (own.check, own.level, own.where) == ("placeholders", "warning", "email.html")
    assert own.what.startswith("The intro holds a placeholder: “")
    assert '`digest edit 2026-W47 intro "…"`' in own.mend


@pytest.mark.parametrize(
    "words",
    [
        "Hay que hacer todo lo posible, e tudo o mais",
        "The Ipsum river; a lorem of its own",
        "TODOS are birds, and XXXL is a size",
        "Your name day is on Friday [1], and your company is welcome [more]",
        "The company named its ferry; the text goes on here",
        "[Picture: a pier]",
    ],
)
def test_words_that_only_look_like_one(words: str) -> None:
    assert found(replace(ISSUE, intro=words), at_head(words)) == ()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda w: replace(ISSUE, outro=w), "The outro holds"),
        (lambda w: replace(ISSUE, notices=(Notice(title="Paint", text=w),)), "The notice “Paint”"),
        (lambda w: replace(ISSUE, leads=(replace(PIER, note=w),)), "The note holds"),
        (lambda w: replace(ISSUE, leads=(replace(PIER, headline=w),)), "The headline holds"),
        (lambda w: replace(ISSUE, leads=(replace(PIER, blurb=Blurb(text=w, origin="editor")),)),
         "The blurb holds"),
        (lambda w: with_newsletter(tagline=w), "The tagline holds"),
        (lambda w: with_newsletter(name=w), "The name holds"),
    ],
)  # fmt: skip
def test_wherever_the_editor_or_a_setting_writes(change: Callable[[str], Issue], said: str) -> None:
    (one,) = found(change("TODO tell it"), check="placeholders")
    assert one.what.startswith(said)
    assert one.mend
    assert found(change("Told in full"), check="placeholders") == ()


def test_a_placeholder_in_a_subject_is_a_leftover() -> None:
    (one,) = found(replace(ISSUE, subject="News of [insert place]"))
    assert (one.check, one.where) == ("subject", "message.eml, subject")
    assert "“[insert place]”" in one.what
    # A page that has the subject as its heading is not told of again.
    issue = replace(ISSUE, subject="News of [insert place]")
    assert found(issue, at_head("<p>News of [insert place]</p>")) == (one,)


def test_a_source_may_write_about_placeholders() -> None:
    title = "Lorem ipsum, and why every TODO stays"
    story = replace(PIER, headline=title, entry=replace(PIER.entry, title=title))
    html = HTML.replace(f"{PIER.headline}</a>", f"{title}</a>")
    assert found(replace(ISSUE, leads=(story,)), html, check="placeholders") == ()


def test_addresses_for_examples_are_fine_in_a_draft_alone() -> None:
    html = at_foot("<a href='https://www.example.com/about'>About</a>")
    assert found(html=html, check="placeholders") == ()
    approved = found(replace(ISSUE, status="approved"), html, check="placeholders")
    assert [f.what.split(",")[0] for f in approved] == [
        "The sender's address is at example.org",
        "A link leads to lists.example.org",
        "A link leads to example.com",
    ]
    assert all(f.level == "warning" for f in approved)


def test_a_story_of_a_site_for_examples_is_its_sources_affair() -> None:
    approved = found(replace(ISSUE, status="approved"), check="placeholders")
    assert not any("news.example.org" in f.what for f in approved)
    fine = replace(with_newsletter(sender="Desk <desk@harbor.com>"), status="approved")
    assert [f.what for f in found(fine, check="placeholders")] == [
        "A link leads to lists.example.org, a name that is reserved for examples."
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("© 2024 Harbor Weekly", "© 2024"),
        ("Copyright 2019, all rights reserved", "Copyright 2019"),
        ("(c) 2001–2025 Harbor Weekly", "(c) 2001–2025"),
        ("Best of the coast 2025", "Best of the coast 2025"),
    ],
)
def test_a_year_that_went_by(words: str, said: str) -> None:
    mail, web = found(html=at_foot(f"<i>{words}</i>"))
    assert (mail.check, mail.level, mail.where) == (
        "stale-year", "warning", "email.html, colophon",
    )  # fmt: skip
    assert mail.what.startswith(f"“{said}” names the year ")
    assert mail.what.endswith("the issue is of 2026.")
    assert web.where == "web.html, colophon"
    (masthead, _) = found(html=at_head(words))
    assert masthead.where == "email.html"


@pytest.mark.parametrize(
    "words",
    [
        "© 2026 Harbor Weekly",
        "© 1998–2026 Harbor Weekly",
        "Since 2024",
        "Founded in 2025 by the harbor",
        "Season 2025–2026",
        "Friday, 20 November 2026",
        "Founded 1987; 1 Quay Street",
        "See https://example.org/2024/terms",
        "Order 2024-11-3",
    ],
)
def test_years_that_are_well(words: str) -> None:
    assert found(html=at_foot(f"<i>{words}</i>")) == ()


def test_sources_editors_and_addresses_may_name_any_year() -> None:
    title = "The pier of 2025 © 2024"
    story = replace(PIER, headline=title, entry=replace(PIER.entry, title=title))
    html = HTML.replace(f"{PIER.headline}</a>", f"{title}</a>")
    assert found(replace(ISSUE, leads=(story,)), html, check="stale-year") == ()
    intro = "As in 2025, the lights return."
    assert found(replace(ISSUE, intro=intro), at_head(intro)) == ()
    address = "2025 Quay Street\nSaltmarsh 4100"
    html = HTML.replace("1 Quay Street", "2025 Quay Street")
    text = TEXT.replace("1 Quay Street", "2025 Quay Street")
    assert made(issue=with_newsletter(postal_address=address), html=html, text=text
                ).findings() == ()  # fmt: skip


def test_a_notice_of_copyright_is_read_wherever_it_stands() -> None:
    html = HTML.replace(f"<p>{MARKET.blurb.text}", f"<p>© 2024 Harbor</p><p>{MARKET.blurb.text}")
    mail, _ = found(html=html)
    assert mail.check == "stale-year"
    assert "teaser 1" in mail.where


def test_around_new_year_both_years_are_the_issues() -> None:
    window = Window(
        start=datetime(2026, 12, 25, 9, tzinfo=UTC), end=datetime(2027, 1, 1, 9, tzinfo=UTC)
    )
    issue = replace(ISSUE, window=window, now=window.end)
    assert found(issue, at_foot("© 2026 Harbor")) == ()
    assert found(issue, at_foot("© 2025 Harbor"))
