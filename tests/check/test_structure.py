"""Each fault of a page's structure has its finding, and what comes near it has none."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.models import Finding, Issue
from tests.check.good_issue import HTML, ISSUE, MARKET, Made, made, with_newsletter

LEAD = "lead 1: “The pier opens on Saturday”"
TEASER = "teaser 1: “港の市場が百周年を迎え、夜の灯りが戻る”"
SAID = '<h3 lang="ja"><a href="https://news.example.org/%E7%81%AF'
UNSAID = '<h3><a href="https://news.example.org/%E7%81%AF'


def told(good: Made) -> list[Finding]:
    return [found for found in good.findings() if found.check == "structure"]


def with_teaser(language: str, headline: str | None = None) -> Issue:
    story = replace(MARKET, entry=replace(MARKET.entry, language=language))
    if headline is not None:
        story = replace(story, headline=headline)
    sections = (replace(ISSUE.sections[0], stories=(story, *ISSUE.sections[0].stories[1:])),)
    return replace(ISSUE, sections=sections)


def changed(old: str, new: str) -> str:
    assert old in HTML
    return HTML.replace(old, new, 1)


def test_a_good_page_gives_no_finding() -> None:
    assert told(made()) == []


BARE = "<table><tr><td>x</td></tr></table>"
FAULTS: list[tuple[str, str, str, str]] = [
    ('<html lang="en">', "<html>", "", "<html> has no lang."),
    ('<html lang="en">', '<html lang="de">', "", "<html> says lang=“de”"),
    ('<html lang="en">', '<html lang="en" dir="rtl">', "", "<html> runs rtl"),
    ("<title>Harbor Weekly</title>", "", "", "no title"),
    ("<title>Harbor Weekly</title>", "<title> &nbsp;</title>", "", "no title"),
    ('<meta charset="utf-8">', "", "", "UTF-8"),
    ('<meta charset="utf-8">', '<meta charset="latin-1">', "", "UTF-8"),
    ('<meta name="viewport"', '<meta name="x"', "", "no viewport"),
    ("width=device-width", "width=600", "", "no viewport"),
    ("initial-scale=1", "user-scalable=no", "", "forbids readers to zoom"),
    ("initial-scale=1", "maximum-scale=1.0", "", "forbids readers to zoom"),
    ("<h1>Harbor Weekly</h1>", "<p>Harbor Weekly</p>", "", "no headings <h1>"),
    ("<h2>Ashore</h2>", "<h1>Ashore</h1><h2>Sea</h2>", LEAD, "2 headings <h1>"),
    ("<h2>Ashore</h2>", "<h4>Ashore</h4>", LEAD, "<h4> follows one of <h2>"),
    ("<h1>Harbor Weekly</h1>", "<h3>Sea</h3><h1>Harbor Weekly</h1>", "", "<h3> follows none"),
    ("<h1>", f"{BARE}<h1>", "", "A table has neither"),
    ("<h2>Ashore</h2>", f"{BARE}{BARE}<h2>Ashore</h2>", LEAD, "2 tables have neither"),
    ("<h1>", f"<table role=presentation><tr><td>{BARE}</td></tr></table><h1>", "",
     "A table has neither"),
    ("<h1>", "<table role=presentation><tr><th>x</th></tr></table><h1>", "", "A table of data"),
    ("<h1>", "<table role=none><thead><tr><th>x</th></tr></thead></table><h1>", "",
     "A table of data"),
    ("<h1>", "<p id='a'></p><p id='a'></p><h1>", "", "2 elements have the id “a”."),
    ("<h1>", "<p id=a></p><p id=a></p><p id=b></p><p id=b></p><h1>", "", "1 more ids are not"),
    ("<h2>Ashore</h2>", "<p id='a'></p><i id='a'></i><h2>Ashore</h2>", LEAD, "2 elements"),
]  # fmt: skip


@pytest.mark.parametrize("web", [False, True], ids=["email", "web"])
@pytest.mark.parametrize(("old", "new", "place", "says"), FAULTS)
def test_a_fault_gives_one_finding(old: str, new: str, place: str, says: str, *, web: bool) -> None:
    html = changed(old, new)
    found = told(made(web=html) if web else made(html=html))
    file = "web.html" if web else "email.html"
    assert [f.where for f in found] == [f"{file}, {place}" if place else file]
    assert says in found[0].what
    assert found[0].level == "warning"
    assert found[0].why
    assert found[0].mend


FINE = [
    ('<html lang="en">', '<html lang="en-GB" dir="ltr">'),
    ('<html lang="en">', '<html lang="EN" dir="auto">'),
    ('<meta charset="utf-8">', "<meta http-equiv=Content-Type content='text/html; charset=UTF8'>"),
    ("initial-scale=1", "initial-scale=1, maximum-scale=10"),
    ("initial-scale=1", "user-scalable=yes"),
    ("<h2>Ashore</h2>", "<h3>Ashore</h3>"),
    ("<h2>Ashore</h2>", "<h3>Quay</h3><h2>Ashore</h2>"),
    ("<h2>Ashore</h2>", "<h1 style='display:none'>Quay</h1><h2>Ashore</h2>"),
    ("<h1>", "<table role=presentation><tr><td>x</td></tr></table><h1>"),
    ("<h1>", "<table role=none><tr><td>x</td></tr></table><h1>"),
    ("<h1>", "<table><tr><th>x</th><td>y</td></tr></table><h1>"),
    ("<h1>", "<table><caption>Tides</caption><tr><td>y</td></tr></table><h1>"),
    ("<h1>", "<table role=presentation><tr><td><table><tr><th>x</th></table></table><h1>"),
    ("<h1>", "<a href='https://news.example.org/a'><img src='media/pier.png' alt='Pier'></a><h1>"),
    ("<h1>", "<a href='https://news.example.org/a' aria-label='The pier'></a><h1>"),
    ("<h1>", "<a name='top'></a><h1>"),
    ("<h1>", "<a href='https://news.example.org/a' style='display:none'>Pier</a><h1>"),
    ("<h1>", "<p id='a'></p><p id='A'></p><p id=''></p><p id=''></p><h1>"),
]  # fmt: skip


@pytest.mark.parametrize("web", [False, True], ids=["email", "web"])
@pytest.mark.parametrize(("old", "new"), FINE)
def test_what_comes_near_a_fault_is_none(old: str, new: str, *, web: bool) -> None:
    html = changed(old, new)
    assert told(made(web=html) if web else made(html=html)) == []


@pytest.mark.parametrize(
    ("link", "says"),
    [("<a href='https://news.example.org/a'><img src='media/pier.png' alt=''></a>", "alt text"),
     ("<a href='https://news.example.org/a'> <b></b> </a>", "no words")],
)  # fmt: skip
def test_links_of_the_web_page_have_names(link: str, says: str) -> None:
    html = changed("<h2>Ashore</h2>", f"{link}<h2>Ashore</h2>")
    found = told(made(web=html))
    assert [f.where for f in found] == [f"web.html, {LEAD}"]
    assert says in found[0].what
    # Those of the email are judged with its links and pictures.
    assert told(made(html=html)) == []


def test_tables_in_comments_for_outlook_have_roles_too() -> None:
    ghost = "<!--[if mso | IE]><table{}><tr><td><![endif]--><p>Tide</p><!--[if mso | IE]></td></tr>"
    ghost += "</table><![endif]-->"
    bad = changed("<h2>Ashore</h2>", ghost.format("") + "<h2>Ashore</h2>")
    found = told(made(html=bad))
    assert [f.where for f in found] == [f"email.html, {LEAD}"]
    assert "inside a comment for Outlook" in found[0].what
    good = changed("<h2>Ashore</h2>", ghost.format(" role='presentation'") + "<h2>Ashore</h2>")
    assert told(made(html=good)) == []
    others = changed("<h1>", f"<!-- {BARE} --><!--[if !mso]>{BARE}<![endif]--><h1>")
    assert told(made(html=others)) == []


def test_a_newsletter_that_runs_right_to_left_says_so() -> None:
    arabic = with_newsletter(language="ar")
    html = changed('<html lang="en">', '<html lang="ar">')
    assert {f.what for f in told(made(issue=arabic, html=html))} == {
        "<html> runs ltr, and the newsletter's language does not."
    }
    html = changed('<html lang="en">', '<html lang="ar" dir="rtl">')
    assert told(made(issue=arabic, html=html)) == []


def test_a_story_in_another_language_says_so() -> None:
    issue = with_teaser("ja")
    found = told(made(issue=issue))
    assert [f.where for f in found] == [f"email.html, {TEASER}", f"web.html, {TEASER}"]
    assert "“ja”, and its headline does not say so" in found[0].what
    assert told(made(issue=issue, html=changed(UNSAID, SAID))) == []
    around = changed(UNSAID, "<div lang='ja-JP'>" + UNSAID).replace("</h3>", "</h3></div>", 1)
    assert told(made(issue=issue, html=around)) == []
    inner = changed(UNSAID, SAID.replace("<a ", "<a lang='en' "))
    assert len(told(made(issue=issue, html=inner))) == 2


def test_a_subject_that_is_the_headline_of_a_foreign_story_is_not_its_place() -> None:
    html = changed(UNSAID, SAID).replace("<h1>Harbor Weekly", f"<h1>{MARKET.headline}")
    assert told(made(issue=with_teaser("ja"), html=html)) == []


def test_a_story_that_runs_the_other_way_says_so() -> None:
    issue = with_teaser("he")
    said = changed(UNSAID, UNSAID.replace("<h3>", "<h3 lang='he'>"))
    assert {f.what for f in told(made(issue=issue, html=said))} == {
        "The story's language runs rtl, and its headline does not."
    }
    for way in ("rtl", "auto"):
        html = changed(UNSAID, UNSAID.replace("<h3>", f"<h3 lang='he' dir='{way}'>"))
        assert told(made(issue=issue, html=html)) == []


def test_a_story_of_the_newsletters_language_or_with_an_editors_headline_says_nothing() -> None:
    assert told(made(issue=with_teaser("en-US"))) == []
    assert told(made(issue=with_teaser(""))) == []
    html = HTML.replace(MARKET.headline, "The market is a hundred")
    assert told(made(issue=with_teaser("ja", "The market is a hundred"), html=html)) == []


@pytest.mark.parametrize(
    "body",
    ["<table>" * 5_000, "<!--[if mso]>" * 20_000, "<!--[if mso]><![endif]-->" * 9_000,
     "<p id=a>" * 20_000, "<a href=x>" * 5_000, "<h3>x" * 9_000, "<html lang=" + "x" * 90_000,
     "<!--[if " * 20_000, "\0<h1>\ufffe", ""],
    ids=range(10),
)  # fmt: skip
def test_hostile_pages_raise_nothing(body: str) -> None:
    told(made(html=HTML.replace("<h1>", f"{body}<h1>")))
    told(made(html=body))


@given(st.text(alphabet="<>/!-[]=\"' abhipt1mso", max_size=80))
@settings(deadline=None)
def test_no_markup_makes_it_raise(markup: str) -> None:
    told(made(html=markup, web=markup))
