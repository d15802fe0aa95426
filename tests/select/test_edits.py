"""The editor's hand: pins, drops, moves, order, words and added stories beat every rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest

from digest.edits import AddedStory, Edits, StoryEdit
from digest.models import Blurb, Entry, Image, PastIssue
from digest.select import Selection, select
from digest.settings import Settings
from tests.select.test_select import (
    NOW,
    PICTURE,
    REPORTED,
    STORM,
    WINDOW,
    entry,
    ran,
    titles,
    verdicts,
)

WEEK = [entry(str(n), source=f"Paper {n}") for n in range(8)]


def edited(
    entries: Sequence[Entry],
    stories: dict[str, StoryEdit] | None = None,
    *,
    add: tuple[AddedStory, ...] = (),
    past: Sequence[PastIssue] = (),
    **values: Any,
) -> Selection:
    return select(
        entries,
        window=WINDOW,
        now=NOW,
        settings=Settings(**({"leads": 1, "teasers": 2} | values)),
        past=past,
        edits=Edits(stories=stories or {}, add=add),
    )


def shown(selection: Selection) -> list[str]:
    leads, sections = titles(selection)
    return [*leads, *(key for keys in sections.values() for key in keys)]


@pytest.mark.parametrize(
    ("late", "past"),
    [
        pytest.param(entry("x", words=3), (), id="the worst of all by score"),
        pytest.param(
            entry("x", published=datetime(2026, 10, 1, tzinfo=UTC)), (), id="long before the window"
        ),
        pytest.param(entry("x"), (ran("2026-W46", entry("x")),), id="one that ran before"),
        pytest.param(entry("x", source="Paper 1", published=None), (), id="a standing page"),
        pytest.param(entry("x", text="", url=None), (), id="a title alone"),
    ],
)
@pytest.mark.parametrize("tier", ["lead", "teaser"])
def test_a_pin_beats_every_rule(late: Entry, past: tuple[PastIssue, ...], tier: str) -> None:
    week = [*WEEK, late]
    assert "x" not in shown(edited(week, past=past))
    pin: Any = tier
    selection = edited(week, {"x": StoryEdit(pin=pin)}, past=past)
    leads, _ = titles(selection)
    assert ("x" in leads) is (tier == "lead")
    assert "x" in shown(selection)
    verdict = verdicts(selection)["x"]
    assert (verdict.place, verdict.rule) == (tier, "pinned")
    assert verdict.because == f"The editor pinned it as a {tier}."


def test_pins_fill_places_and_more_of_them_make_a_longer_issue() -> None:
    one = edited(WEEK, {"6": StoryEdit(pin="lead")})
    assert (len(one.leads), len(shown(one))) == (1, 3)
    many = {str(n): StoryEdit(pin="lead") for n in range(4)}
    assert {story.entry.id for story in edited(WEEK, many).leads} == set(many)


def test_pins_beat_the_cap_of_a_source() -> None:
    week = [entry(str(n), source="Paper" if n < 6 else "Other") for n in range(8)]
    stories = {str(n): StoryEdit(pin="teaser") for n in range(5)}
    assert set(stories) <= set(shown(edited(week, stories, teasers=6, per_source=1)))


def test_the_others_of_a_dropped_entry_tell_its_event() -> None:
    storm = entry("storm", "Paper", title="Storm Odile tears down a crane in Vellmar", text=STORM)
    report = entry("report", "Wire", title="Odile: port of Vellmar shut by crane", text=REPORTED)
    week = [storm, report, entry("1", "Third")]
    before = edited(week)
    told = next(s.entry.id for s in before.leads + before.sections[0].stories if s.also)
    other = "report" if told == "storm" else "storm"
    after = edited(week, {told: StoryEdit(drop=True)})
    assert other in shown(after)
    assert told not in shown(after)
    assert all(told not in {c.id for c in s.also} for s in after.leads)
    assert verdicts(after)[told].rule == "dropped"
    # A pin, and an editor's words, make the other one tell it.
    for edit in (StoryEdit(pin="lead"), StoryEdit(headline="Mine")):
        assert verdicts(edited(week, {other: edit}))[told].place == "also"
    both = {"storm": StoryEdit(pin="lead"), "report": StoryEdit(pin="teaser")}
    assert {"storm", "report"} <= set(shown(edited(week, both)))


def test_an_issue_of_which_all_is_dropped_says_so() -> None:
    selection = edited(WEEK[:2], {"0": StoryEdit(drop=True), "1": StoryEdit(drop=True)})
    assert shown(selection) == []
    assert "dropped" in selection.notes[0]


def test_words_and_picture_are_the_editors() -> None:
    edit = StoryEdit(
        pin="lead",
        headline="My headline",
        blurb="My  words.",
        note="A note.",
        image="https://pictures.example.org/x.jpg",
        alt="A harbor",
    )
    story = edited(WEEK, {"3": edit}).leads[0]
    assert story.headline == "My headline"
    assert story.blurb == Blurb(text="My words.", origin="editor")
    assert story.note == "A note."
    assert story.entry.image == Image(url="https://pictures.example.org/x.jpg", alt="A harbor")
    assert ("image", "edits.toml") in story.entry.provenance
    assert story.entry.title == WEEK[3].title


@pytest.mark.parametrize(
    ("edit", "image"),
    [
        (StoryEdit(pin="lead", image="none"), None),
        (StoryEdit(pin="lead", alt="A harbor"), replace(PICTURE, alt="A harbor")),
        (StoryEdit(pin="lead"), PICTURE),
    ],
)
def test_a_picture_goes_or_is_described(edit: StoryEdit, image: Image | None) -> None:
    assert edited([entry("a", image=PICTURE)], {"a": edit}).leads[0].entry.image == image


@pytest.mark.parametrize(
    "name",
    ["Harbor", "General", "A section whose name is far longer than a tag may be, on purpose"],
)
def test_a_move_names_the_section_of_a_teaser_and_the_label_of_a_lead(name: str) -> None:
    teaser = edited(WEEK, {"5": StoryEdit(pin="teaser", section=name)})
    assert titles(teaser)[1][name] == ["5"]
    assert verdicts(teaser)["5"].section == name
    lead = edited(WEEK, {"5": StoryEdit(pin="lead", section=name)}).leads[0]
    assert (lead.kicker, lead.section) == (name, "")


def test_order_counts_from_one_and_the_others_keep_theirs() -> None:
    before = shown(edited(WEEK, leads=0, teasers=8))
    edits = {before[-1]: StoryEdit(order=1), before[0]: StoryEdit(order=99)}
    after = shown(edited(WEEK, edits, leads=0, teasers=8))
    assert after == [before[-1], *before[1:-1], before[0]]


def test_two_stories_for_one_place_are_told_with_both_lines() -> None:
    before = shown(edited(WEEK, leads=0, teasers=8))
    edits = {before[3]: StoryEdit(order=1, line=9), before[5]: StoryEdit(order=1, line=4)}
    selection = edited(WEEK, edits, leads=0, teasers=8)
    assert any("edits.toml, lines 4 and 9" in note for note in selection.notes)
    assert len(shown(selection)) == len(before)


def test_an_added_story_is_in_its_tier_and_section() -> None:
    add = (
        AddedStory(id="own", title="Bake  sale", text="It is on Sunday.", section="Neighbors"),
        AddedStory(id="top", title="A letter", blurb="Mine.", tier="lead"),
    )
    selection = edited(WEEK, add=add)
    assert titles(selection)[1]["Neighbors"] == ["own"]
    assert [story.blurb.origin for story in selection.leads] == ["editor"]
    assert verdicts(selection)["own"].rule == verdicts(selection)["top"].rule == "added"
    assert "own" not in shown(edited(WEEK, {"own": StoryEdit(drop=True)}, add=add))


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (StoryEdit(headline="Mine", line=7), "line 7: the story “gone” is no longer among"),
        (StoryEdit(pin="lead"), "no longer among the entries; its edit waits"),
        (StoryEdit(drop=True), "no longer among the entries"),
    ],
)
def test_an_edit_whose_story_is_gone_waits(edit: StoryEdit, says: str) -> None:
    selection = edited(WEEK, {"gone": edit})
    assert [note for note in selection.notes if says in note]
    assert shown(selection) == shown(edited(WEEK))


def test_words_for_a_story_that_was_not_chosen_wait() -> None:
    out = next(e.id for e in WEEK if e.id not in shown(edited(WEEK)))
    notes = edited(WEEK, {out: StoryEdit(headline="Mine", order=2)}).notes
    assert any(f"“{out}” is not in the issue, so its order, headline wait" in n for n in notes)


def test_no_edits_change_nothing_and_the_order_of_entries_neither() -> None:
    plain = select(WEEK, window=WINDOW, now=NOW, settings=Settings(leads=1, teasers=2))
    assert edited(WEEK) == plain
    stories = {"6": StoryEdit(pin="lead", note="x"), "2": StoryEdit(pin="teaser", order=1)}
    mixed = list(WEEK)
    Random(7).shuffle(mixed)
    assert edited(mixed, stories) == edited(WEEK, stories)
