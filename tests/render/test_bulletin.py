"""What Bulletin has that other themes lack: numbers, a line of contents, stories of few bytes."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from digest.models import Issue, Section
from digest.render import load_theme, render
from digest.sample.stress import PICTURE, stress_issues

THEME = load_theme("bulletin", folder=Path("nowhere"))
STRESS = dict(stress_issues())
NAMES = tuple(STRESS)


def email(issue: Issue) -> str:
    return render(issue, THEME, media={PICTURE: b"x"}).email_html


def words_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", "", html)).split())


def rows(html: str) -> list[str]:
    return re.findall(r'<tr [^>]*><td class="number-.*?</tr>', html, re.DOTALL)


def paragraphs(html: str, style: str) -> list[str]:
    return [words_of(p) for p in re.findall(rf'<p class="{style}".*?</p>', html, re.DOTALL)]


@pytest.mark.parametrize("name", NAMES)
def test_every_story_has_its_number_in_reading_order(name: str) -> None:
    issue = STRESS[name]
    told = rows(email(issue))
    numbers = [re.search(r'class="number-[a-z-]+"[^>]*>(\d+)</td>', row) for row in told]
    assert [int(hit[1]) for hit in numbers if hit] == list(range(1, len(issue.stories) + 1))
    for row, story in zip(told, issue.stories, strict=True):
        assert story.headline in words_of(row)


def test_no_picture_is_shown() -> None:
    made = render(STRESS["usual"], THEME, media={PICTURE: b"x"})
    assert "<img" not in made.email_html
    assert "<img" not in made.web_html


def test_the_contents_give_the_numbers_of_three_sections_or_more() -> None:
    usual = STRESS["usual"]
    first, second = usual.sections
    third = Section(name="In the air", stories=second.stories[:1])
    issue = replace(usual, sections=(first, second, third))
    assert paragraphs(email(issue), "contents") == [
        "On the water\u00a03–5 ·\u00a0Ashore\u00a06–8 ·\u00a0In the air\u00a09".replace(
            "\u00a0", " "
        )
    ]
    assert paragraphs(email(usual), "contents") == []


def test_all_that_is_told_of_a_story_runs_on_in_one_paragraph() -> None:
    usual = STRESS["usual"]
    lead = usual.leads[0]
    cut = replace(lead, blurb=replace(lead.blurb, cut=True))
    facts = paragraphs(email(replace(usual, leads=(cut,))), "facts")
    assert facts[0] == (
        "Harbor · Quayside Courier · 1 min read · Also covered by Sound Post, Harbor Radio · "
        "Continue reading at quay.example.com →"
    )
    whole = paragraphs(email(replace(usual, leads=(lead,))), "facts")
    assert whole[0].endswith("Harbor Radio")


def test_a_story_that_runs_the_other_way_has_the_newsletters_words_apart() -> None:
    usual, arabic = STRESS["usual"], STRESS["right-to-left"]
    story = replace(arabic.leads[0], also=usual.leads[0].also)
    html = email(replace(usual, leads=(story,)))
    first, second = re.findall(r'<p class="facts".*?</p>', html, re.DOTALL)[:2]
    assert 'dir="rtl"' in first
    assert "Quayside Courier" in words_of(first)
    assert "dir=" not in second
    assert words_of(second) == "Also covered by Sound Post, Harbor Radio"


def test_a_story_without_a_link_is_told_without_one() -> None:
    row = rows(email(STRESS["nothing-set"]))[0]
    assert "href" not in row
    assert words_of(row) == "1 The mail boat comes back full, for the 11th time 1 min read"


def test_a_teaser_costs_less_than_a_kilobyte_beyond_its_words() -> None:
    teasers = rows(email(STRESS["sixty-teasers"]))[1:]
    assert len(teasers) == 60
    for row in teasers:
        said = len(words_of(row).encode()) + sum(map(len, re.findall(r'href="([^"]*)"', row)))
        assert len(row.encode()) - said < 1000
