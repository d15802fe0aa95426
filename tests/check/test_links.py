"""Links that say nothing, hide where they lead, or were sent before; and those that are well."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from digest.models import Entry, Finding, PastIssue
from tests.check.good_issue import HTML, ISSUE, PIER, made

LEAD = "email.html, lead 1: “The pier opens on Saturday”"
OUT = "https://other.example.org/x"
PICTURE = "<img src='https://example.org/x.png' width=20 alt="


def with_link(markup: str) -> tuple[Finding, ...]:
    """What is found where the lead ends with this."""
    return made(html=HTML.replace("<h2>Ashore", f"<p>{markup}</p><h2>Ashore")).findings()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("Read more", "Read more"),
        ("READ MORE »", "READ MORE »"),
        ("<b>Click</b> here!", "Click here!"),
        ("here", "here"),
        ("→ Link", "→ Link"),
        ("Leer más…", "Leer más…"),
        ("lire la suite", "lire la suite"),
        ("Weiterlesen", "Weiterlesen"),
        ("Saiba mais", "Saiba mais"),
        ("Clicca qui", "Clicca qui"),
        ("اقرأ المزيد", "اقرأ المزيد"),
        ("続きを読む", "続きを読む"),
    ],
)
def test_words_that_could_stand_on_any_link(words: str, told: str) -> None:
    (found,) = with_link(f"<a href='{OUT}'>{words}</a>")
    assert (found.check, found.level, found.where) == ("links", "warning", LEAD)
    assert found.what == f"A link says only “{told}”."
    assert found.why
    assert found.mend


@pytest.mark.parametrize(
    "link",
    [
        f"<a href='{OUT}'>Here comes the ferry</a>",
        f"<a href='{OUT}'>Continue reading at other.example.org</a>",
        f"<a href='{OUT}'>The more, the merrier</a>",
        f"<a href='{OUT}' aria-label='Read more about the ferry'>Read more</a>",
        f"<a href='{OUT}'>{PICTURE}'The ferry'></a>",
        f"<a href='{OUT}' aria-label='The ferry'></a>",
        f"<a href='{OUT}' aria-hidden=true></a>",
        f"<span style='display:none'><a href='{OUT}'>More</a><a href='{OUT}'></a></span>",
        "<a name=here>here</a>",
    ],
)
def test_words_that_say_where_a_link_leads(link: str) -> None:
    assert with_link(link) == ()


@pytest.mark.parametrize(
    "inside",
    ["", " ", "<b></b>", f"{PICTURE}'' role=presentation>", "<span style='display:none'>x</span>"],
)
def test_a_link_without_words(inside: str) -> None:
    (found,) = with_link(f"<a href='{OUT}'>{inside}</a>")
    assert (found.check, found.level, found.where) == ("links", "warning", LEAD)
    assert found.what == f"A link has no words: {OUT}"


def test_a_link_around_a_picture_without_words_is_told_once() -> None:
    (found,) = with_link(f"<a href='{OUT}'>{PICTURE}''></a>")
    assert found.check == "pictures"


@pytest.mark.parametrize(
    "url",
    ["https://bit.ly/3x", "http://www.bit.ly/3x", "https://T.CO/x", "https://ft.trib.al/x",
     "https://lnkd.in:443/x"],
)  # fmt: skip
def test_shortened_links(url: str) -> None:
    (found,) = with_link(f"<a href='{url}'>The ferry</a>")
    assert (found.check, found.level, found.where) == ("links", "warning", LEAD)
    assert found.what == f"A shortened link: {url}"


@pytest.mark.parametrize(
    "url",
    ["https://bit.ly.example.org/x", "https://habit.ly/x", "https://example.org/?to=bit.ly",
     "https://youtu.be/x"],
)  # fmt: skip
def test_links_that_only_look_shortened(url: str) -> None:
    assert with_link(f"<a href='{url}'>The ferry</a>") == ()


def past(slug: str, *urls: str, weeks: int = 1) -> PastIssue:
    back = timedelta(weeks=weeks)
    window = replace(ISSUE.window, start=ISSUE.window.start - back, end=ISSUE.window.end - back)
    ran = tuple(Entry(id=url, title="A title", url=url) for url in urls)
    return PastIssue(slug=slug, window=window, status="sent", ran=ran)


def test_a_story_that_was_sent_before_names_the_latest_issue() -> None:
    again = "http://www.news.example.org/pier/?utm_source=harbor#comments"
    (found,) = made(past=(past("2026-W46", again), past("2026-W45", again, weeks=2))).findings()
    assert (found.check, found.level) == ("repeats", "warning")
    assert found.where == "issue.json, lead 1: “The pier opens on Saturday”"
    assert found.what == f"This link ran in 2026-W46 already: {PIER.entry.url}"
    assert "digest edit 2026-W47 drop" in found.mend


def test_another_page_of_the_same_site_was_not_sent() -> None:
    others = ("https://news.example.org/", "https://news.example.org/pier?page=2", "")
    assert made(past=(past("2026-W46", *others),)).findings() == ()
