"""What is different between two issues: tables for each kind, properties for all of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.archive import IssueDiff, diff, html_diff
from digest.models import (
    Blurb,
    Entry,
    Image,
    Issue,
    Newsletter,
    Notice,
    Section,
    Story,
    Tier,
    Window,
)
from digest.text.word_diff import text_diff, word_diff
from tests.review.whole import not_for_ever

NOON = datetime(2026, 11, 20, 9, tzinfo=UTC)
KINDS = ("promoted", "demoted", "resettled", "moved")


def story(name: str, tier: Tier = "teaser", section: str = "Town", **fields: object) -> Story:
    entry = Entry(
        id=name,
        title=f"The {name}",
        text=f"It is the {name}.",
        url=f"https://news.example.org/{name}",
        source="Courier",
    )
    made = Story(
        entry=entry,
        tier=tier,
        headline=entry.title,
        section="" if tier == "lead" else section,
        blurb=Blurb(text=f"It is the {name}.", origin="text", spans=((0, 5),)),
    )
    return replace(made, **fields)  # type: ignore[arg-type] # by name, as a literal


def issue(*stories: Story, slug: str = "2026-W47", **fields: object) -> Issue:
    names = dict.fromkeys(s.section for s in stories if s.tier == "teaser")
    made = Issue(
        slug=slug,
        newsletter=Newsletter(name="Harbor Weekly"),
        window=Window(start=NOON.replace(day=13), end=NOON),
        now=NOON,
        leads=tuple(s for s in stories if s.tier == "lead"),
        sections=tuple(
            Section(
                name=name,
                stories=tuple(s for s in stories if s.tier == "teaser" and s.section == name),
            )
            for name in names
        ),
    )
    return replace(made, **fields)  # type: ignore[arg-type] # by name, as a literal


def what(found: IssueDiff) -> dict[str, tuple[str, ...]]:
    """For each story of both that changed: what happened to it."""
    return {
        pair.after.entry.id: (
            *(kind for kind in KINDS if getattr(pair, kind)),
            *(row.what for row in pair.words),
        )
        for pair in found.changed
    }


A, B, C, D = (story(name) for name in "abcd")


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ((A, B, C, D), {}),
        ((D, A, B, C), {"d": ("moved",)}),
        ((B, A, C, D), {"b": ("moved",)}),
        ((D, C, A, B), {"d": ("moved",), "c": ("moved",)}),
        # One that came or went moves nobody.
        ((story("new"), A, B, C, D), {}),
        ((B, C, D), {}),
        ((story("b", "lead"), A, C, D), {"b": ("promoted",)}),
        ((A, replace(B, section="Sea"), C, D), {"b": ("resettled",)}),
        ((A, replace(B, headline="Mine"), C, D), {"b": ("headline",)}),
        ((A, replace(B, blurb=Blurb(text="Own.", origin="editor")), C, D), {"b": ("blurb",)}),
        ((A, replace(B, note="See below.", kicker="Pier"), C, D), {"b": ("kicker", "note")}),
        ((A, replace(B, picture=Image(url="media/a.png")), C, D), {"b": ("picture",)}),
        ((C, replace(D, headline="Mine"), A, B), {"c": ("moved",), "d": ("moved", "headline")}),
    ],
)
def test_what_happened_to_each_story(
    after: tuple[Story, ...], expected: dict[str, tuple[str, ...]]
) -> None:
    found = what(diff(issue(A, B, C, D), issue(*after)))
    assert found == expected


def test_a_lead_that_became_a_teaser_and_stories_that_came_and_went() -> None:
    found = diff(issue(story("a", "lead"), B, C), issue(A, B, D))
    assert what(found) == {"a": ("demoted",)}
    assert [s.entry.id for s in found.added] == ["d"]
    assert [s.entry.id for s in found.dropped] == ["c"]


def test_what_is_around_the_stories() -> None:
    before = issue(A, subject="One", preheader="p", intro="i", outro="o")
    after = replace(
        before,
        subject="Two",
        preheader="q",
        intro="j",
        outro="",
        theme="bulletin",
        notices=(Notice(title="Nets", text="Half price."),),
        newsletter=replace(before.newsletter, tagline="From the pier"),
        status="approved",
    )
    assert [row.what for row in diff(before, after).about] == [
        "subject", "preheader", "intro", "outro", "notices", "theme", "newsletter’s tagline",
        "status",
    ]  # fmt: skip


def test_sections_that_changed_places() -> None:
    sea = replace(B, section="Sea")
    (row,) = diff(issue(A, sea), issue(sea, A)).about
    assert (row.what, row.before, row.after) == ("order of sections", "Town, Sea", "Sea, Town")
    # A section that is new is no change of order.
    assert not diff(issue(A), issue(sea, A)).about


def test_the_same_address_is_the_same_story_whatever_its_id() -> None:
    renamed = replace(A, entry=replace(A.entry, id="other", url=f"{A.entry.url}?utm_source=x"))
    found = diff(issue(A), issue(renamed))
    assert [pair.how for pair in found.pairs] == ["address"]
    home = replace(A, entry=replace(A.entry, url="https://news.example.org/"))
    other = replace(home, entry=replace(home.entry, id="other"))
    assert not diff(issue(home), issue(other)).pairs


TEXT = (
    "The night ferry to Skerry Island ran aground off Netloft pier on Tuesday at dawn, and the "
    "harbor master closed the channel for nine hours. Captain Orla Quist said that the steering "
    "had failed in the fog. Forty passengers were brought ashore by the pilot boat Kittiwake, and "
    "two were taken to the hospital in Port Ellery."
)


def test_between_two_weeks_an_update_is_told() -> None:
    def told(name: str, text: str) -> Story:
        made = story(name)
        return replace(made, entry=replace(made.entry, title=f"Ferry aground {name}", text=text))

    old = issue(told("first", TEXT), B, slug="2026-W46")
    new = issue(told("second", f"{TEXT} On Friday the owners said that they will pay."), B, C)
    found = diff(old, new)
    assert {pair.after.entry.id: pair.how for pair in found.pairs} == {"second": "copy", "b": "id"}
    # An update is another text: its words are not compared one by one.
    assert not found.pairs[0].words
    assert [s.entry.id for s in found.added] == ["c"]
    assert not diff(replace(old, slug=new.slug), new).pairs[:-1]


def test_sources_that_are_new_and_gone() -> None:
    def of(name: str, source: str) -> Story:
        made = story(name)
        return replace(made, entry=replace(made.entry, source=source))

    found = diff(
        issue(of("a", "Gone"), of("b", "Kept"), slug="2026-W46"),
        issue(of("c", "New"), of("d", "New"), of("e", "Kept")),
    )
    assert [(row.source, row.before, row.after) for row in found.sources] == [
        ("New", 0, 2),
        ("Gone", 1, 0),
    ]


NAMES = st.sampled_from([*"abcdefgh"])
STORIES = st.lists(
    st.builds(
        lambda name, tier, section, address, headline: replace(
            story(name, tier, section),
            entry=replace(story(name).entry, url=f"https://news.example.org/{address}"),
            headline=headline,
        ),
        NAMES,
        st.sampled_from(["lead", "teaser"]),
        st.sampled_from(["Town", "Sea"]),
        NAMES,
        st.sampled_from(["One", "Two"]),
    ),
    max_size=9,
)


@settings(max_examples=150, deadline=None)
@given(STORIES, STORIES, st.booleans())
def test_every_story_of_both_is_told_once(
    olds: list[Story], news: list[Story], same_week: bool
) -> None:
    before, after = issue(*olds, slug="2026-W47" if same_week else "2026-W46"), issue(*news)
    found = diff(before, after)
    told = [*(pair.before for pair in found.pairs), *found.dropped]
    assert Counter(map(repr, told)) == Counter(map(repr, before.stories))
    told = [*(pair.after for pair in found.pairs), *found.added]
    assert Counter(map(repr, told)) == Counter(map(repr, after.stories))


@settings(max_examples=60, deadline=None)
@given(STORIES)
def test_an_issue_is_not_different_from_itself(stories: list[Story]) -> None:
    assert diff(issue(*stories), issue(*stories)).is_empty


@settings(max_examples=60, deadline=None)
@given(st.permutations("abcdefgh"), st.permutations("abcdefgh"))
def test_no_more_stories_moved_than_have_to(one: list[str], other: list[str]) -> None:
    """Without those that moved, the rest stand in the order in which they stood."""
    found = diff(issue(*map(story, one)), issue(*map(story, other)))
    movers = {pair.after.entry.id for pair in found.pairs if pair.moved}
    assert [n for n in one if n not in movers] == [n for n in other if n not in movers]
    assert (len(movers) == 0) == (one == other)


WORDS = st.lists(st.sampled_from(["sea", "fog", "pier", "a", "the", "\n\n", "\n"]), max_size=30)


@settings(max_examples=150, deadline=None)
@given(WORDS, WORDS)
def test_both_texts_can_be_read_back_from_their_difference(
    olds: list[str], news: list[str]
) -> None:
    before, after = " ".join(olds), " ".join(news)
    for text, lost in ((before, "added"), (after, "dropped")):
        rows = text_diff(before, after)
        words = [p.text for row in rows for p in row.pieces if p.op != lost]
        assert " ".join(words).split() == text.split()
    assert all(row.op == "same" for row in text_diff(before, before))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("a b c", "a b c", "a b c"),
        ("", "new words", "{new words}"),
        ("the boats sail at noon", "the boats sail at ten", "the boats sail at [noon]{ten}"),
        # An island of two words between two changes is read with them.
        # A line that is drawn is no script without spaces.
        (f"{'=' * 30} 13 May", f"{'=' * 30} 14 May", f"{'=' * 30} [13]{{14}} May"),
        ("one of red sails", "two of white sails", "[one of red]{two of white} sails"),
        ("港の市場が百周年を迎え、夜の灯りが戻る。", "港の市場が五十周年を迎え、夜の灯りが戻る。",
         "港の市場が[百]{五十}周年を迎え、夜の灯りが戻る。"),
    ],
)  # fmt: skip
def test_words(before: str, after: str, expected: str) -> None:
    marks = {"same": "{}", "dropped": "[{}]", "added": "{{{}}}"}
    shown = " ".join(marks[p.op].format(p.text) for p in word_diff(before, after))
    joined = shown.replace("] {", "]{")
    assert joined == expected or joined.replace(" ", "") == expected


def test_line_breaks_are_no_difference_and_a_reworded_paragraph_is_one() -> None:
    before = "The boats sail\nat noon.\n\nThe pier is closed on Monday and Tuesday.\n\nGone."
    after = "The boats sail at\nnoon.\n\nThe pier is closed on Monday and Friday.\n"
    assert [row.op for row in text_diff(before, after)] == ["same", "reworded", "dropped"]
    rows = text_diff(
        "Fog on the pier\n===============\n\n-----", "Fog at the pier\n----------------"
    )
    assert [row.text for row in rows] == ["Fog on at the pier"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a b " * 50_000, "b a " * 50_000),
        ("a x\n\n" * 9_000, "x a\n\n" * 9_000),
        ("".join(f"w{n} " for n in range(50_000)), "".join(f"v{n} " for n in range(50_000))),
    ],
)
def test_hostile_texts_are_bounded(before: str, after: str) -> None:
    """Quadratic work would take minutes here, and memory by the gigabyte."""
    rows = text_diff(before, after)
    assert any(row.op != "same" for row in rows)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("<p>a</p>", "<p>a</p>", ()),
        ("<p>a</p>", "<p>b</p>", ("Words: dropped a; added b.",)),
        ('<p style="color: red">a</p>', '<p style="color: tan">a</p>',
         ("Styles: dropped color: red; added color: tan.",)),
        ("<p>a</p>", "<p><b>a</b></p>", ("7 bytes more.", "Elements: added b.")),
        ('<a href="x">a</a>', '<a href="y">a</a>', ("Links: dropped x; added y.",)),
        ("<p>a</p> ", " <p>a</p>",
         ("Only the order of elements, white space or comments differ.",)),
        ("", "<p>a</p>", ("8 bytes more.", "Words: added a.", "Elements: added body, html, p.")),
    ],
)  # fmt: skip
def test_html_is_summed_up(before: str, after: str, expected: tuple[str, ...]) -> None:
    assert html_diff(before, after) == expected


def test_a_tag_of_attributes_without_end_is_compared_without_them() -> None:
    many = " ".join(f"a{at}='1'" for at in range(200_000))
    with not_for_ever(20):
        assert html_diff(f"<p {many}>Boats</p>", "<p>Ferries</p>")
