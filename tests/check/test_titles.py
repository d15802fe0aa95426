"""A page's title may be the headline of a story: it is not that story's place."""

from __future__ import annotations

from dataclasses import replace

from tests.check.good_issue import BRACES, HTML, ISSUE, MARKET, PIER, TEXT, Made, made

TITLE = f"<h1 class=unseen>{PIER.headline}</h1>"
LINKED = f'<h1><a href="{PIER.entry.url}">{PIER.headline}</a></h1>'
OWN = f'<h2><a href="{PIER.entry.url}">{PIER.headline}</a></h2>'


def titled(web: str, html: str = HTML) -> Made:
    """The good issue with the first headline as its subject."""
    return made(issue=replace(ISSUE, subject=PIER.headline), web=web, html=html)


def with_title(markup: str = HTML) -> str:
    return markup.replace("<h1>Harbor Weekly</h1>", TITLE + "<p>Harbor Weekly</p>")


def test_a_title_that_says_the_first_headline_is_no_story() -> None:
    assert titled(with_title()).findings() == ()


def test_two_stories_of_the_title_keep_their_blurbs() -> None:
    """The first had the title for its place, and the second that of the first."""
    title = "Fire on the quay"
    stories = tuple(replace(story, headline=title) for story in (PIER, MARKET))
    issue = replace(ISSUE, subject=title, leads=stories[:1])
    issue = replace(issue, sections=(replace(ISSUE.sections[0], stories=(stories[1], BRACES)),))
    html = HTML.replace(f"{PIER.headline}</a>", f"{title}</a>").replace(MARKET.headline, title)
    text = TEXT.replace(f"{PIER.headline} [1]", f"{title} [1]")
    text = text.replace("港の市場が百周年を迎え、\n夜の灯りが戻る", title)
    web = html.replace("<h1>Harbor Weekly</h1>", f"<h1>{title}</h1>")
    assert made(issue=issue, html=html, text=text, web=web).findings() == ()


def test_the_title_stands_in_for_no_headline() -> None:
    (found,) = titled(with_title().replace(OWN, f'<h2><a href="{PIER.entry.url}">x</a></h2>')
                      ).findings()  # fmt: skip
    assert (found.check, found.level) == ("parity", "error")
    assert found.where == f"web.html, lead 1: “{PIER.headline}”"
    assert "headline" in found.what


def test_a_heading_of_the_first_rank_that_leads_to_the_story_is_its_headline() -> None:
    assert titled(with_title().replace(TITLE, "").replace(OWN, LINKED)).findings() == ()


def test_a_story_without_a_link_may_be_told_under_the_title() -> None:
    story = replace(PIER, entry=replace(PIER.entry, url=None))
    web = with_title().replace(OWN, "")
    issue = replace(ISSUE, subject=PIER.headline, leads=(story,))
    assert made(issue=issue, html=HTML, web=web).findings() == ()
