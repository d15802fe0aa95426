"""What past issues teach, and what the settings say: worth, taste, tags, sections, caps, floor."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from digest.models import Candidate, Entry, PastIssue, Tier, Window
from digest.select import Selection, learned, select
from digest.settings import Settings

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
WEEK = Window(start=NOW - timedelta(days=7), end=NOW)
SUBJECTS = (
    "Ferry fares rise in spring", "A bakery opens at dawn", "Museum lends its maps",
    "Chess club wins away", "Bridge closed for paint", "Choir looks for tenors",
    "Library lends tools", "Foxes seen in the park", "Rain fills the reservoir",
    "School garden feeds forty",
)  # fmt: skip


def entry(name: str, source: str = "Gazette", *, title: str = "", **more: Any) -> Entry:
    values: dict[str, Any] = {
        "url": f"https://{source.lower()}.example.org/{name}",
        "summary": f"{title or name} is what this is about, said in a few words of its own.",
        "published": NOW - timedelta(days=1),
        "language": "en",
    } | more
    return Entry(id=name, source=source, title=title or f"Story {name}", **values)


def past(weeks: int, rows: list[tuple[str, str, Tier, str]]) -> list[PastIssue]:
    """Issues before this week's, each with a story by (source, title, tier, section)."""
    found = []
    for n in range(weeks):
        end = NOW - timedelta(days=7 * (weeks - n))
        ran = tuple(
            Entry(
                id=f"past-{n}-{m}",
                source=source,
                title=f"{title} {n}",
                url=f"https://{source.lower()}.example.org/{n}/{m}",
                published=end - timedelta(days=2),
                language="en",
            )
            for m, (source, title, _, _) in enumerate(rows)
        )
        found.append(
            PastIssue(
                slug=f"2026-W{47 - weeks + n:02d}",
                window=Window(start=end - timedelta(days=7), end=end),
                status="sent",
                ran=ran,
                tiers=tuple(tier for _, _, tier, _ in rows),
                sections=tuple(section for *_, section in rows),
            )
        )
    return found


def chosen(entries: list[Entry], issues: list[PastIssue] | None = None, **more: Any) -> Selection:
    settings = replace(Settings(), leads=more.pop("leads", 0), **more)
    issues = issues or []
    return select(
        entries, window=WEEK, now=NOW, settings=settings, past=issues, learned=learned(issues)
    )


def of(found: Selection, name: str) -> Candidate:
    return next(c for c in found.candidates if c.entry.id == name)


HABIT: list[tuple[str, str, Tier, str]] = [
    ("Gazette", "Council votes on the harbor", "lead", ""),
    ("Herald", "Recipe of the week", "teaser", "Kitchen"),
    ("Times", "Match report", "teaser", "Sport"),
]


def test_a_source_whose_stories_led_is_worth_more() -> None:
    entries = [entry("a", "Herald", title=SUBJECTS[0]), entry("b", "Gazette", title=SUBJECTS[1])]
    found = chosen(entries, past(8, HABIT))
    parts = {name: dict(of(found, name).verdict.parts) for name in ("a", "b")}
    assert parts["b"]["source"] > parts["a"]["source"]
    assert parts["b"]["taste"] > parts["a"]["taste"]
    assert of(found, "b").verdict.score > of(found, "a").verdict.score


def test_a_declared_worth_beats_a_learned_one() -> None:
    entries = [entry("a", "Herald", title=SUBJECTS[0]), entry("b", "Gazette", title=SUBJECTS[1])]
    worth = (("herald", 1.0), ("gazette.example.org", 0.0))
    found = chosen(entries, past(8, HABIT), worth=worth)
    assert dict(of(found, "a").verdict.parts)["source"] == 0.3
    assert dict(of(found, "b").verdict.parts)["source"] == 0.0


def test_a_short_archive_teaches_nothing() -> None:
    found = chosen([entry("a", title=SUBJECTS[0])], past(3, HABIT))
    assert "source" not in dict(of(found, "a").verdict.parts)
    assert learned([]).chances([entry("a")]) is None


def test_sections_are_those_of_past_issues() -> None:
    fresh = [
        entry("c", "Herald", title="A recipe with beans"),
        entry("d", "Times", title="A match"),
    ]
    found = chosen(fresh, past(12, HABIT))
    assert {c.entry.id: c.verdict.section for c in found.candidates} == {
        "c": "Kitchen",
        "d": "Sport",
    }


@pytest.mark.parametrize(
    ("rule", "fits"),
    [
        pytest.param(("tag", "boats", "Harbor"), "tagged", id="a tag"),
        pytest.param(("source", "herald", "Harbor"), "other", id="a source"),
        pytest.param(("host", "example.org", "Harbor"), "tagged", id="a host and those below"),
        pytest.param(("words", "dawn bakery", "Harbor"), "other", id="words, in any order"),
    ],
)
def test_sections_by_rule(rule: tuple[str, str, str], fits: str) -> None:
    entries = [
        entry("tagged", title=SUBJECTS[0], tags=("Boats",)),
        entry("other", "Herald", title=SUBJECTS[1], section="Town"),
    ]
    found = chosen(entries, section_rules=(rule,))
    assert of(found, fits).verdict.section == "Harbor"


def test_sections_stand_in_the_order_of_the_settings() -> None:
    entries = [
        entry(f"{n}", "ABCD"[n], title=SUBJECTS[n], section=name)
        for n, name in enumerate(("One", "Two", "Three", "Four"))
    ]
    found = chosen(entries, section_order=("four", "Two"))
    assert [s.name for s in found.sections][:2] == ["Four", "Two"]


def test_a_section_holds_no_more_than_its_cap() -> None:
    entries = [
        entry(f"{n}", f"S{n}", title=SUBJECTS[n], section="Town" if n < 4 else "Sport")
        for n in range(6)
    ]
    found = chosen(entries, per_section=2)
    assert {s.name: len(s.stories) for s in found.sections} == {"Town": 2, "Sport": 2}
    out = [c for c in found.candidates if c.verdict.place == "out"]
    assert [c.verdict.rule for c in out] == ["per-section"] * 2
    assert "DIGEST_PER_SECTION" in out[0].verdict.because


def test_below_the_floor_places_stay_empty() -> None:
    entries = [entry("a", title=SUBJECTS[0]), entry("b", "Herald", title=SUBJECTS[1], summary="")]
    low = of(chosen(entries), "b").verdict.score
    found = chosen(entries, floor=low + 0.01)
    assert of(found, "b").verdict.rule == "floor"
    assert "thin week" in found.notes[0]


def test_tags_raise_a_story_or_keep_it_out() -> None:
    entries = [
        entry("plain", title=SUBJECTS[0]),
        entry("wanted", "Herald", title=SUBJECTS[1], tags=("Harbor",)),
        entry("excluded", "Times", title=SUBJECTS[2], tags=("Advert",)),
    ]
    found = chosen(entries, tags_wanted=("harbor",), tags_excluded=("advert",))
    assert dict(of(found, "wanted").verdict.parts)["tags"] == 0.3
    assert dict(of(found, "plain").verdict.parts)["tags"] == 0.0
    assert (of(found, "excluded").verdict.rule, of(found, "excluded").verdict.place) == (
        "tag",
        "out",
    )


def test_weights_are_settings() -> None:
    weights = dict(Settings().weights) | {"recency": 0.0, "completeness": 2.0}
    found = chosen([entry("a", title=SUBJECTS[0])], weights=tuple(weights.items()))
    parts = dict(of(found, "a").verdict.parts)
    assert parts["recency"] == 0.0
    assert parts["completeness"] > 0.3


STORM = (
    "Storm Odile closes the port of Vellmar",
    "Gusts of 120 kilometers an hour tore a crane from its rails in Vellmar on Monday night.",
)
LATER = (
    "Vellmar port opens again after storm Odile",
    "The crane that Odile tore from its rails in Vellmar was lifted; the port opened on Friday.",
)


def storm_issue() -> PastIssue:
    end = NOW - timedelta(days=7)
    told = Entry(
        id="storm",
        title=STORM[0],
        text=STORM[1],
        source="Gazette",
        url="https://gazette.example.org/storm",
        published=end - timedelta(days=1),
        language="en",
    )
    window = Window(start=end - timedelta(days=7), end=end)
    return PastIssue(slug="2026-W46", window=window, status="sent", ran=(told,))


def test_a_follow_up_is_let_through_and_marked() -> None:
    later = entry("later", "Herald", title=LATER[0], text=LATER[1])
    found = chosen([later, entry("x", title=SUBJECTS[1])], [storm_issue()])
    notes = {s.entry.id: s.note for section in found.sections for s in section.stories}
    assert notes == {"later": "Update to 2026-W46", "x": ""}


def test_a_late_report_of_what_ran_is_not_run_again() -> None:
    before = NOW - timedelta(days=7, hours=5)
    late = entry("late", "Herald", title=LATER[0], text=LATER[1], published=before)
    window = Window(start=NOW - timedelta(days=9), end=NOW)
    found = select([late], window=window, now=NOW, settings=Settings(), past=[storm_issue()])
    verdict = of(found, "late").verdict
    assert verdict.rule == "ran-before"
    assert "it reports the event of “Storm Odile" in verdict.because


def test_a_short_issue_names_every_setting_that_made_it_short() -> None:
    fresh = [entry(str(n), f"Paper {n}", title=subject) for n, subject in enumerate(SUBJECTS[:3])]
    notes = chosen(fresh, leads=0, teasers=3, per_section=1).notes
    assert "2 more stood back, since their sections have as many as DIGEST_PER_SECTION" in notes[0]
    notes = chosen(fresh, leads=0, teasers=3, floor=99.0).notes
    assert "3 more scored below DIGEST_FLOOR." in notes[0]
