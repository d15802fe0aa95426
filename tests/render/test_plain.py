"""The text part: its columns, its footnotes, its footer."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wcwidth import wcswidth

from bench import plain_text
from digest.models import Blurb, Entry, Issue, Renderings, Story
from digest.render import Theme, render
from tests.render.sample_issue import sample_issue, sample_media


def too_wide(text: str) -> list[str]:
    """Lines of more than 72 columns that are not one URL."""
    return [
        line
        for line in text.splitlines()
        if wcswidth(line) > 72 and not re.fullmatch(r"(?:https?://|mailto:)\S+", line)
    ]


def test_lines_are_at_most_72_columns(made: Renderings) -> None:
    assert not too_wide(made.email_txt)
    assert all(wcswidth(line) >= 0 for line in made.email_txt.splitlines())


def test_links_are_footnotes_each_once_and_untracked(made: Renderings) -> None:
    body, _, notes = made.email_txt.partition("\nLinks\n")
    rows = re.findall(r"^\[(\d+)\]\s(\S+)$", notes.partition("\n-- \n")[0], re.MULTILINE)
    assert [int(number) for number, _ in rows] == list(range(1, len(rows) + 1))
    assert len({url for _, url in rows}) == len(rows)
    assert ("5", "https://ferry.example.com/times?line=2") in rows
    assert all(f"[{number}]" in body for number, _ in rows)
    marks = [int(mark) for mark in re.findall(r"\[(\d+)\]", body)]
    assert [a for a, b in pairwise(dict.fromkeys(marks)) if a > b] == []


def test_the_signature_mark_stands_before_the_colophon(made: Renderings) -> None:
    assert made.email_txt.count("\n-- \n") == 1
    assert "Unsubscribe" in made.email_txt.partition("\n-- \n")[2]
    spaces = [line for line in made.email_txt.splitlines() if line != line.rstrip()]
    assert spaces == ["-- "]
    assert "\n\n\n\n" not in made.email_txt


def test_alt_text_stands_for_the_picture(made: Renderings) -> None:
    assert "[Picture: The harbor wall under a low sun, with two fishing boats and" in made.email_txt


def test_captions_stand_under_their_pictures(made: Renderings, issue: Issue, theme: Theme) -> None:
    assert (
        "fishing boats and\nthe outer light]\n"
        "The outer light on Wednesday morning. Drawing: Saltmarsh Courier\n\nWaves broke"
    ) in made.email_txt
    story = issue.leads[0]
    assert story.entry.image is not None
    image = replace(story.entry.image, alt="", caption="A long caption. " * 12)
    alone = replace(story, entry=replace(story.entry, image=image))
    text = render(replace(issue, leads=(alone,)), theme, media=sample_media()).email_txt
    assert "[Picture" not in text
    assert "\n\nA long caption. A long caption." in text
    assert not too_wide(text)


def test_nothing_is_escaped(made: Renderings) -> None:
    assert "Bring a lantern, boots & a friend; 5 < 6 o'clock" in made.email_txt
    assert "&amp;" not in made.email_txt


WORDS = st.text(
    st.one_of(
        st.characters(codec="utf-8"),
        st.sampled_from("港町、。ーميناء 👩\u200d👧❤\ufe0f\u0301क\u094d\t\n {}<!-->&"),
    ),
    min_size=1,
    max_size=160,
)


@settings(max_examples=60, deadline=None)
@given(WORDS, WORDS, WORDS)
def test_any_words_keep_the_columns(theme: Theme, headline: str, blurb: str, source: str) -> None:
    issue: Issue = sample_issue()
    entry = Entry(id="x", title="x", text="x", source=source, url="https://a.example.com/")
    story = Story(
        entry=entry, tier="lead", headline=headline, blurb=Blurb(text=blurb, origin="text")
    )
    made = render(replace(issue, leads=(story,), sections=(), subject=headline), theme)
    assert not too_wide(made.email_txt)


def test_fuzzed_stories_keep_columns_headlines_and_urls() -> None:
    tally = plain_text.weigh(stories=300, seed=11)
    assert tally.stories == 300
    assert not tally.faults, "\n".join(tally.shown)


@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [
        ("wide", "The harbor wall holds", "The harbor wall holds" + " and holds" * 9),
        ("headline", "A school that teaches", "A school that"),
        ("url", "https://post.example.com/wall", "https://post.example.com/\nwall"),
        ("control", "Twice a day", "Twice\x07 a day"),
        ("kinsoku", "島を訪れる。初日", "島を訪れる\n。初日"),
        ("cluster", "👩\u200d👧\u200d👦", "👩\u200d👧\n\u200d👦"),
    ],
)
def test_the_fuzz_finds_what_it_looks_for(
    issue: Issue, made: Renderings, kind: str, old: str, new: str
) -> None:
    text = made.email_txt
    assert not list(plain_text.found(issue, text))
    assert old in text
    assert kind in {what for what, _ in plain_text.found(issue, text.replace(old, new))}


def test_an_underline_is_no_wider_than_the_page(issue: Issue, theme: Theme) -> None:
    story = replace(issue.leads[1], headline="See https://example.org/" + "a" * 90)
    text = render(replace(issue, leads=(story,)), theme, media=sample_media()).email_txt
    assert not too_wide(text)
