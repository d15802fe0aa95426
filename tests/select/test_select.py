"""Selections: which rule decides for which entry, and what always holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from digest.models import Entry, Image, PastIssue, Verdict, Window
from digest.select import Selection, select
from digest.settings import Settings

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
WINDOW = Window(
    start=datetime(2026, 11, 13, 9, tzinfo=UTC), end=datetime(2026, 11, 20, 9, tzinfo=UTC)
)
PICTURE = Image(url="https://paper.example.org/a.jpg")
SUBJECTS = (
    "glacier",
    "harp",
    "lantern",
    "mosaic",
    "orchard",
    "pottery",
    "quarry",
    "raven",
    "saddle",
)


def entry(name: str, source: str = "Paper", *, words: int = 90, **more: Any) -> Entry:
    """An entry on a subject of its own, with `words` words that no other has."""
    number = int(name) if name.isdigit() else sum(map(ord, name))
    subject = SUBJECTS[number % len(SUBJECTS)]
    fields: dict[str, Any] = {
        "title": f"{subject.title()} {name} opens",
        "text": " ".join(f"{subject}{name}x{n}" for n in range(words)),
        "url": f"https://{source.lower() or 'nobody'}.example.org/{name}",
        "published": datetime(2026, 11, 17, 12, tzinfo=UTC),
        "language": "en",
    }
    return Entry(id=name, source=source, **(fields | more))


def chosen(
    entries: Sequence[Entry],
    past: Sequence[PastIssue] = (),
    *,
    first_seen: dict[str, datetime] | None = None,
    **values: Any,
) -> Selection:
    return select(
        entries,
        window=WINDOW,
        now=NOW,
        settings=Settings(**values),
        past=past,
        first_seen=first_seen,
    )


def verdicts(selection: Selection) -> dict[str, Verdict]:
    return {row.entry.id: row.verdict for row in selection.candidates}


def titles(selection: Selection) -> tuple[list[str], dict[str, list[str]]]:
    return (
        [story.entry.id for story in selection.leads],
        {s.name: [story.entry.id for story in s.stories] for s in selection.sections},
    )


def ran(slug: str, *entries: Entry) -> PastIssue:
    return PastIssue(slug=slug, window=WINDOW, status="sent", ran=entries)


STORM = (
    "Gusts of 120 kilometers an hour tore a crane from its rails in Vellmar on Monday night. "
    "Nobody was hurt, the harbor master said. The port stays shut until inspectors have seen "
    "every crane, and eleven ships wait outside. Odile was the third storm of the season, and by "
    "far the strongest; in the old town it took forty roofs. Schools open again on Thursday."
)
OTHER = (
    "Parliament passed a budget without new debt after nine hours of debate. The finance minister "
    "spoke twice, the opposition walked out once, and the schools get forty new classrooms."
)
REPORTED = (
    "Eleven ships wait outside Vellmar since Odile blew a crane into the basin. Inspectors go "
    "from crane to crane before the port may open, which the harbor master does not expect "
    "this week. Insurers speak of the most expensive storm in ten years."
)


@pytest.mark.parametrize(
    ("rule", "place", "says", "late"),
    [
        pytest.param(
            "window",
            "out",
            "Published 2026-11-12 09:00, before the window, which begins 2026-11-13 09:00.",
            entry("x", published=datetime(2026, 11, 12, 9, tzinfo=UTC)),
            id="before the window",
        ),
        pytest.param(
            "no-title", "out", "no title", entry("x", title=" "), id="an entry without a title"
        ),
        pytest.param(
            "empty", "out", "a title alone", entry("x", text="", url=None), id="a title alone"
        ),
        pytest.param(
            "ran-before",
            "out",
            "Ran in 2026-W46: it is the same entry.",
            entry("old", title="Another title", text="", url="https://a.example.org/elsewhere"),
            id="an id that ran",
        ),
        pytest.param(
            "ran-before",
            "out",
            "Ran in 2026-W46: it has the same address.",
            entry("x", "Herald", url="https://paper.example.org/old"),
            id="an address that ran",
        ),
        pytest.param(
            "ran-before",
            "out",
            "Ran in 2026-W46: its text is that of “Orchard old opens”.",
            entry("x", text=entry("old").text + " and so on", title="A new title"),
            id="a text that ran",
        ),
        pytest.param(
            "copy",
            "also",
            "The same text as “Storm Odile shuts Vellmar” (Gazette), which tells it.",
            entry("x", "Herald", title="Vellmar", text=STORM[:250]),
            id="a copy of another source",
        ),
        pytest.param(
            "copy",
            "out",
            "The same text as “Storm Odile shuts Vellmar” (Gazette)",
            entry("x", "Gazette", title="Vellmar, updated", text=STORM[40:300]),
            id="a copy of the same source",
        ),
        pytest.param(
            "event",
            "also",
            "Reports the same event as “Storm Odile shuts Vellmar” (Gazette), which tells it.",
            entry("x", "Herald", title="Odile: crane down, Vellmar port shut", text=REPORTED),
            id="another report of an event",
        ),
        pytest.param(
            "teaser", "teaser", "A teaser, number", entry("x", text="", summary="Short."), id="in"
        ),
    ],
)
def test_which_rule_decides(rule: str, place: str, says: str, late: Entry) -> None:
    storm = entry("storm", "Gazette", title="Storm Odile shuts Vellmar", text=STORM, image=PICTURE)
    past = ran("2026-W46", entry("old"))
    found = verdicts(chosen([storm, entry("7", "Herald"), late], [past]))[late.id]
    assert (found.rule, found.place) == (rule, place)
    assert says in found.because


def test_the_other_sources_of_an_event_are_credited_once_each() -> None:
    storm = entry("a", "Gazette", title="Storm Odile shuts Vellmar", text=STORM, image=PICTURE)
    copy = entry("b", "Herald", title="Vellmar", text=STORM[:250])
    report = entry("c", "Times", title="Odile: crane down, Vellmar port shut", text=REPORTED)
    basin = "The basin of Vellmar stays blocked by the crane that Odile felled on Monday."
    again = entry("d", "Times", title="Vellmar after Odile: a crane in the basin", text=basin)
    selection = chosen([storm, copy, report, again, entry("9", "Herald")])
    (story,) = (s for s in selection.leads if s.entry.id == "a")
    assert [(c.id, c.source) for c in story.also] == [("b", "Herald"), ("c", "Times")]
    found = verdicts(selection)
    assert {found[name].event for name in "abcd"} == {"a"}
    assert found["d"].place == "also"
    assert "named there already" in found["d"].because


def test_an_event_that_was_not_chosen_takes_its_reports_with_it() -> None:
    storm = entry("a", "Gazette", title="Storm Odile shuts Vellmar", text=STORM)
    report = entry("c", "Times", title="Odile: crane down, Vellmar port shut", text=REPORTED)
    weaker = entry("1", "Herald", words=60)
    found = verdicts(chosen([storm, report, weaker], leads=0, teasers=1))
    assert [found[name].place for name in "ac1"] == ["teaser", "also", "out"]
    found = verdicts(chosen([storm, report, weaker], leads=0, teasers=0))
    assert [found[name].place for name in "ac1"] == ["out", "out", "out"]
    assert "would tell it, but is not in the issue" in found["c"].because


def test_two_stories_of_one_source_alone_are_no_event() -> None:
    one = entry("a", "Gazette", title="Storm Odile shuts Vellmar", text=STORM)
    two = entry("b", "Gazette", title="Odile: crane down, Vellmar port shut", text=REPORTED)
    found = verdicts(chosen([one, two]))
    assert {found["a"].event, found["b"].event} == {"a", "b"}


def test_a_lead_needs_something_to_say() -> None:
    bare = entry("1", "A", text="", image=PICTURE, published=NOW)
    brief = entry("2", "B", text="", summary="A few words only.", image=PICTURE, published=NOW)
    cut = entry("3", "C", text="", summary=OTHER, cut=True, image=PICTURE, published=NOW)
    whole = entry("4", "D", text="", summary=REPORTED, title="Unlike the others")
    assert [s.entry.id for s in chosen([bare, brief, cut, whole]).leads] == ["4"]
    without = chosen([bare, brief, cut])
    assert not without.leads
    assert "No story has enough text under its title to lead the issue." in without.notes


def test_a_picture_leads() -> None:
    plain, pictured = entry("1", "A"), entry("2", "B", image=PICTURE)
    assert [s.entry.id for s in chosen([plain, pictured], leads=1).leads] == ["2"]


def test_one_lead_a_source_while_there_are_others() -> None:
    strong = [entry(str(n), "A", image=PICTURE, words=500) for n in range(3)]
    weak = entry("9", "B", text="", summary="Short.")
    assert [s.entry.source for s in chosen([*strong, weak], leads=2).leads] == ["A"]
    assert [s.entry.source for s in chosen(strong, leads=2).leads] == ["A", "A"]


def test_a_better_story_that_does_not_lead_says_why() -> None:
    strong = [entry(str(n), "A", image=PICTURE, words=500) for n in range(2)]
    bare = entry("7", "B", text="", image=PICTURE, published=NOW)
    found = verdicts(chosen([*strong, bare, entry("8", "C", published=WINDOW.start)], leads=2))
    assert [found[name].place for name in "0178"] == ["lead", "teaser", "teaser", "lead"]
    assert found["1"].because.endswith("No lead, since its source has one already.")
    assert found["7"].because.endswith("No lead, since there is too little text under its title.")
    assert "No lead" not in found["8"].because


def test_a_copy_of_a_report_is_told_with_its_event() -> None:
    storm = entry("a", "Gazette", title="Storm Odile shuts Vellmar", text=STORM, image=PICTURE)
    report = entry("c", "Times", title="Odile: crane down, Vellmar port shut", text=REPORTED)
    again = entry("d", "Times", title="Odile, updated", text=REPORTED[20:])
    found = verdicts(chosen([storm, report, again]))
    assert (found["d"].place, found["d"].rule, found["d"].event) == ("out", "copy", "a")
    assert found["d"].because.startswith("The same text as “Odile: crane down")
    assert "“Storm Odile shuts Vellmar” (Gazette) tells it." in found["d"].because


def test_a_source_has_no_more_than_its_share() -> None:
    entries = [entry(str(n), "A") for n in range(6)] + [entry("30", "B")]
    selection = chosen(entries, per_source=2)
    held = [name for name, v in verdicts(selection).items() if v.rule == "per-source"]
    assert len(held) == 4
    assert "already has 2 stories of A" in verdicts(selection)[held[0]].because
    assert "4 more stood back" in selection.notes[0]


def test_a_newsletter_of_one_source_has_no_such_share() -> None:
    selection = chosen([entry(str(n), "A") for n in range(8)], per_source=2)
    assert Counter(v.place for v in verdicts(selection).values()) == {"lead": 2, "teaser": 6}


def test_entries_without_a_source_go_by_the_host_of_their_address() -> None:
    entries = [entry(str(n), "", url=f"https://a.example.org/{n}") for n in range(4)]
    entries += [entry("8", "", url="https://b.example.org/8")]
    selection = chosen(entries, per_source=2)
    assert len({s.entry.url and s.entry.url[8] for s in selection.leads}) == 2
    assert sum(v.rule == "per-source" for v in verdicts(selection).values()) == 2


def test_sections_by_group_then_by_shared_tag_then_the_rest() -> None:
    day = [datetime(2026, 11, 19, 20 - n, tzinfo=UTC) for n in range(8)]
    entries = [
        entry("1", "A", section="Harbor", published=day[1]),
        entry("2", "B", tags=("Ice", "Birds"), published=day[0]),
        entry("3", "C", tags=("birds",), published=day[2]),
        entry("4", "D", tags=("Lonely",), published=day[3]),
        entry("5", "E", tags=("Alone", "HARBOR"), published=day[4]),
        entry("6", "F", section="Science", tags=("Birds",), published=day[5]),
        entry("7", "G", published=day[6]),
    ]
    assert titles(chosen(entries, leads=0)) == (
        [],
        {"Birds": ["2", "3"], "Harbor": ["1", "5"], "Science": ["6"], "In brief": ["4", "7"]},
    )
    assert list(titles(chosen(entries, leads=0))[1]) == ["Birds", "Harbor", "Science", "In brief"]


def test_a_teaser_left_alone_in_a_tag_joins_another() -> None:
    tags = {"1": ("x", "y"), "2": ("z", "x", "y"), "3": ("z",), "4": ("z",)}
    entries = [entry(n, f"S{n}", tags=its) for n, its in tags.items()]
    assert titles(chosen(entries, leads=0))[1] == {"z": ["2", "3", "4"], "In brief": ["1"]}


def test_a_tag_that_is_a_sentence_names_no_section() -> None:
    tag = "everything that happened in the harbor and around it"
    entries = [entry(str(n), f"S{n}", tags=(tag,)) for n in range(3)]
    assert list(titles(chosen(entries, leads=0))[1]) == ["In brief"]
    assert chosen(entries, leads=1).leads[0].kicker == ""


@pytest.mark.parametrize(
    ("section", "tags", "kicker"),
    [
        pytest.param("Harbor", ("Sea",), "Harbor", id="the editor's group"),
        pytest.param("", ("Apple", "Sea"), "Sea", id="a tag that another story bears"),
        pytest.param("", ("Apple",), "", id="a tag of its own"),
        pytest.param("", ("Gone",), "", id="a tag of a story outside the window"),
        pytest.param("", (), "", id="nothing"),
    ],
)
def test_a_leads_kicker(section: str, tags: tuple[str, ...], kicker: str) -> None:
    lead = entry("1", section=section, tags=tags, image=PICTURE)
    other = entry("2", "B", tags=("sea",))
    gone = entry("3", "C", tags=("Gone",), published=WINDOW.start - timedelta(days=3))
    story = chosen([lead, other, gone]).leads[0]
    assert (story.kicker, story.headline, story.section) == (kicker, lead.title, "")


def test_nothing_in_the_window_names_the_newest() -> None:
    old = entry("1", published=datetime(2026, 10, 1, tzinfo=UTC), title="Old")
    older = entry("2", published=datetime(2026, 9, 1, tzinfo=UTC))
    selection = chosen([older, old])
    assert (selection.leads, selection.sections) == ((), ())
    assert selection.notes == (
        (
            "Nothing lies in the window from 2026-11-13 09:00 to 2026-11-20 09:00: the newest of "
            "2 entries, “Old” (Paper), is of 2026-10-01 00:00."
        ),
    )
    assert {v.rule for v in verdicts(selection).values()} == {"window"}


def test_no_entry_at_all() -> None:
    assert chosen([]) == Selection(notes=("There is no entry to choose from.",))


def test_everything_in_the_window_ran_before() -> None:
    selection = chosen([entry("1")], [ran("2026-W45", entry("1")), ran("2026-W46", entry("1"))])
    assert selection.notes[0].startswith("The only entry in the window cannot run")
    assert verdicts(selection)["1"].because == "Ran in 2026-W46: it is the same entry."


def test_a_thin_week_is_short_and_says_so() -> None:
    selection = chosen([entry("1", "A"), entry("2", "B"), entry("3", "C")])
    assert titles(selection) == (["1", "2"], {"In brief": ["3"]})
    assert selection.notes == (
        "A thin week: 3 of 14 places filled, out of 3 stories in the window.",
    )


def test_a_full_week_has_nothing_to_note() -> None:
    assert not chosen([entry(str(n), f"S{n}") for n in range(20)]).notes


def test_an_entry_without_a_date_counts_from_when_it_was_first_seen() -> None:
    entries = [entry("1", published=None), entry("2", "B", published=None)]
    before = {"1": WINDOW.start - timedelta(hours=1)}
    selection = chosen(entries, first_seen=before)
    found = verdicts(selection)
    assert (found["1"].rule, found["2"].place) == ("window", "lead")
    assert found["1"].because.startswith("Counts as published 2026-11-13 08:00, before")
    assert {row.entry.id: row.first_seen for row in selection.candidates} == {
        "1": before["1"],
        "2": NOW,
    }


UNSET = datetime(1970, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("published", [None, UNSET], ids=["no date", "a date before the web"])
def test_an_undated_entry_of_a_source_that_dates_others_is_a_standing_page(
    published: datetime | None,
) -> None:
    about = entry("1", title="About", published=published, image=PICTURE, words=500)
    selection = chosen([about, entry("2"), entry("3", "B", published=published)])
    found = verdicts(selection)
    assert (found["1"].place, found["1"].rule) == ("out", "no-date")
    assert found["1"].because == (
        "Paper dates its entries and left this one undated, so it is taken for a standing page."
    )
    assert found["3"].place == "lead"


def test_a_text_without_an_address_is_no_standing_page() -> None:
    letter = entry("1", "Letters", published=None, url=None)
    assert verdicts(chosen([letter, entry("2", "Letters")]))["1"].place == "lead"


def test_a_week_of_standing_pages_alone_names_the_newest_dated_entry() -> None:
    old = entry("2", title="Old", published=datetime(2026, 10, 1, tzinfo=UTC))
    selection = chosen([entry("1", title="Privacy", published=None), old])
    assert selection.notes[0].endswith("the only entry, “Old” (Paper), is of 2026-10-01 00:00.")


def test_nobody_says_of_an_undated_entry_that_it_is_recent() -> None:
    bare = entry("1", "A", published=None, text="", summary="Short.")
    dated = entry("2", "B", published=NOW, text="", summary="Short.")
    found = verdicts(chosen([bare, dated]))
    assert "it is recent" not in found["1"].because
    assert "it is recent" in found["2"].because


def test_an_editors_own_undated_text_stands_among_the_dated_ones() -> None:
    own = entry("1", "Letters", published=None, url=None)
    early = entry("2", "B", published=WINDOW.start + timedelta(days=4))
    late = entry("3", "C", published=WINDOW.end - timedelta(days=1))
    scores = {name: verdict.score for name, verdict in verdicts(chosen([own, early, late])).items()}
    assert scores["2"] < scores["1"] < scores["3"]


def _twice(one: Entry, **more: Any) -> Entry:
    return replace(one, **({"id": f"{one.id}-again", "source": "Paper Town"} | more))


MAIN = entry("1", "Paper", image=PICTURE)


@pytest.mark.parametrize(
    ("main", "again"),
    [
        pytest.param(MAIN, _twice(MAIN), id="one address, two ids"),
        pytest.param(MAIN, _twice(MAIN, id="1", url=f"{MAIN.url}/b"), id="one id, two addresses"),
        pytest.param(
            MAIN,
            _twice(MAIN, url=f"{MAIN.url}?utm_source=rss", text="", summary="Another teaser."),
            id="an address with a campaign, another text",
        ),
        pytest.param(replace(MAIN, url=None), _twice(MAIN, url=None), id="no address, all words"),
    ],
)
def test_an_entry_that_is_listed_again_covers_nothing(main: Entry, again: Entry) -> None:
    selection = chosen([main, again, entry("7", "Herald")])
    assert not any(story.also for story in selection.leads)
    found = verdicts(selection)
    alone = verdicts(chosen([main, entry("7", "Herald")]))
    assert found[main.id] == alone[main.id] or main.id == again.id
    row = next(row for row in selection.candidates if row.entry == again)
    assert (row.verdict.place, row.verdict.rule, row.verdict.event) == ("out", "copy", "1")
    again_says = "The same entry as “Harp 1 opens” (Paper), listed a second time; it counts once."
    assert row.verdict.because == again_says
    assert dict(row.verdict.parts)["coverage"] == 0


def test_what_lists_a_copy_again_is_no_third_source() -> None:
    storm = entry("a", "Gazette", title="Storm Odile shuts Vellmar", text=STORM, image=PICTURE)
    copy = entry("b", "Herald", title="Vellmar", text=STORM[:250])
    teaser = entry("c", "Herald Town", title="Vellmar", text="", summary="Shut.", url=copy.url)
    selection = chosen([storm, copy, teaser, entry("9", "Times")])
    assert [credit.id for credit in selection.leads[0].also] == ["b"]
    assert verdicts(selection)["c"].because.startswith("The same entry as “Vellmar” (Herald),")
    assert verdicts(selection)["a"].parts == verdicts(chosen([storm, copy]))["a"].parts


def test_a_folder_given_twice_has_one_share() -> None:
    once = [entry(str(n), "A") for n in range(4)]
    twice = [replace(one, source="B") for one in once]
    told = [v.place for v in verdicts_of(chosen([*once, *twice, entry("30", "C")], per_source=2))]
    assert told.count("lead") + told.count("teaser") == 3


def verdicts_of(selection: Selection) -> list[Verdict]:
    return [row.verdict for row in selection.candidates]


def test_a_report_of_another_season_is_another_event() -> None:
    storm = entry("a", "Gazette", title="Storm Odile shuts Vellmar", text=STORM)
    report = entry("c", "Times", title="Odile: crane down, Vellmar port shut", text=REPORTED)
    long = replace(WINDOW, start=WINDOW.start - timedelta(days=300))
    for days, events in ((9, 1), (11, 2)):
        late = replace(report, published=datetime(2026, 11, 17, tzinfo=UTC) - timedelta(days=days))
        entries = [replace(storm, published=datetime(2026, 11, 17, tzinfo=UTC)), late]
        selection = select(entries, window=long, now=NOW, settings=Settings())
        assert len({verdict.event for verdict in verdicts(selection).values()}) == events


def test_feed_order_only_breaks_ties() -> None:
    first, second = entry("2", "A", order=0), entry("1", "B", order=1)
    assert [s.entry.id for s in chosen([second, first], leads=2).leads] == ["2", "1"]
    newer = replace(second, published=datetime(2026, 11, 19, tzinfo=UTC))
    assert [s.entry.id for s in chosen([first, newer], leads=2).leads] == ["1", "2"]


def test_candidates_come_in_the_order_of_the_issue() -> None:
    entries = [entry(str(n), f"S{n % 5}") for n in range(24)]
    places = [row.verdict.place for row in chosen(entries).candidates]
    assert places == ["lead"] * 2 + ["teaser"] * 12 + ["out"] * 10


SOURCES = st.sampled_from(["A", "B", "C", ""])
TEXTS = st.sampled_from(
    ["", STORM, STORM[:250], REPORTED, "Short and plain.", "港は閉鎖された。" * 12]
)


@st.composite
def weeks(draw: st.DrawFn) -> list[Entry]:
    """Entries of every kind: outside, untitled, copies, events, with and without anything."""
    count = draw(st.integers(0, 14))
    return [
        entry(
            str(n) if draw(st.booleans()) else str(draw(st.integers(0, 3))),
            draw(SOURCES),
            title=draw(st.sampled_from(["", f"Subject {n}", "Storm Odile shuts Vellmar port"])),
            text=draw(TEXTS),
            summary=draw(TEXTS),
            published=draw(st.none() | st.just(NOW - timedelta(days=draw(st.integers(-1, 9))))),
            tags=tuple(draw(st.lists(st.sampled_from(["ice", "sea", "Ice"]), max_size=2))),
            section=draw(st.sampled_from(["", "", "Harbor"])),
            image=draw(st.sampled_from([None, PICTURE])),
            order=n,
        )
        for n in range(count)
    ]


@limits(max_examples=60, deadline=None)
@given(weeks(), st.integers(0, 3), st.integers(0, 5), st.integers(1, 3), st.randoms())
def test_what_always_holds(
    entries: list[Entry],
    leads: int,
    teasers: int,
    per_source: int,
    random: Random,
) -> None:
    values: dict[str, Any] = {"leads": leads, "teasers": teasers, "per_source": per_source}
    selection = chosen(entries, **values)
    rows = selection.candidates
    assert Counter(map(_identity, (row.entry for row in rows))) == Counter(map(_identity, entries))

    stories = [*selection.leads, *(s for section in selection.sections for s in section.stories)]
    told = [story.entry.id for story in stories]
    assert len(set(told)) == len(told)
    assert sum(row.verdict.place in {"lead", "teaser"} for row in rows) == len(told)
    credited = [credit.id for story in stories for credit in story.also]
    assert not set(credited) & set(told)
    assert len(selection.leads) <= leads
    assert len(told) - len(selection.leads) <= teasers

    sources = Counter(_source(story.entry) for story in stories)
    told_by_others = {"copy", "event"}
    tellers = {
        _source(row.entry)
        for row in rows
        if row.verdict.event and row.verdict.rule not in told_by_others
    }
    if len(tellers) > 1:
        assert max(sources.values(), default=0) <= per_source
        assert len({_source(story.entry) for story in selection.leads}) == len(selection.leads)
    for row in rows:
        verdict = row.verdict
        assert verdict.score == round(sum(value for _, value in verdict.parts), 4)
        assert verdict.because.endswith(".")
        assert verdict.place != "also" or verdict.event in told
    assert stories or selection.notes

    random.shuffle(entries)
    assert chosen(entries, **values) == selection


def _identity(one: Entry) -> tuple[str, str, int]:
    return one.id, one.source, one.order


def _source(one: Entry) -> str:
    return one.source or "nobody.example.org"


@pytest.mark.parametrize("tag", ["Uncategorized", "general", "Blog"])
def test_a_tag_that_says_nothing_names_no_section(tag: str) -> None:
    from digest.select.sections import REST, section_names

    entries = [Entry(id=str(n), title=f"Story {n}", tags=(tag,)) for n in range(3)]
    assert section_names(entries, Settings()) == (REST,) * 3
