"""What is counted over the archive: right, the same from the cache, never stopped by damage."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.archive import Archive, read_statistics
from digest.archive.kept_tallies import KEPT
from digest.archive.stats import MOST_PERIODS, count, periods_of
from digest.models import Blurb, Status, Verdict
from digest.site import said_of
from digest.statistics import Tally, Told
from tests.archive.newsroom import CUTOFF, Made, made, save


def tally(week: int, *stories: Told, **values: object) -> Tally:
    """The tally of the issue of a week, counted from W01 of 2020."""
    end = datetime(2020, 1, 3, 9, tzinfo=UTC) + timedelta(weeks=week)
    year, number, _ = end.isocalendar()
    made = Tally(slug=f"{year:04d}-W{number:02d}", end=end, stories=stories)
    return replace(made, **values)  # type: ignore[arg-type]


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """Three issues; the last tells the library again, with the editor's hand in it."""
    archive = Archive(tmp_path / "issues")
    save(archive, made(45, status="sent"))
    save(archive, made(46, status="sent"))
    save(archive, edited(made(47)))
    (archive.path("2026-W47") / "edits.toml").write_text(
        '[stories.ferry-47]\nheadline = "Ferries  on batteries"\norder = 1\n'
        '[stories.tides-47]\nheadline = "It waits for the next build"\n'
        '[stories.gone-47]\npin = "lead"\n',
        "utf-8",
    )
    return archive


def edited(build: Made) -> Made:
    """The build with a new headline, an editor's blurb, a pin, a drop and an old address."""
    lead = replace(build.issue.leads[0], headline="Ferries on batteries")
    library, tides, arabic = build.issue.sections[0].stories
    again = replace(library.entry, url="https://www.news.example.org/library/45?utm_source=x")
    library = replace(library, entry=again, note="Update to 2026-W45")
    tides = replace(tides, blurb=Blurb(text="Ours.", origin="editor"))
    section = replace(build.issue.sections[0], stories=(library, tides, arabic))
    rows = list(build.candidates)
    rows[2] = replace(rows[2], verdict=Verdict(place="teaser", rule="pinned", because="Pinned."))
    rows[3] = replace(
        rows[3], entry=replace(rows[3].entry, provenance=(("section", "edits.toml"),))
    )
    arabic_entry = rows[3].entry
    section = replace(section, stories=(library, tides, replace(arabic, entry=arabic_entry)))
    rows[4] = replace(rows[4], verdict=Verdict(place="out", rule="dropped", because="Dropped."))
    issue = replace(build.issue, leads=(lead,), sections=(section,))
    return replace(build, issue=issue, candidates=tuple(rows))


def test_what_is_counted(archive: Archive) -> None:
    found, failures = read_statistics(archive)
    assert failures == ()
    whole = found.whole
    assert (whole.issues, whole.candidates, whole.stories, whole.leads) == (3, 15, 12, 3)
    assert (whole.first, whole.last, found.name) == ("2026-W45", "2026-W47", "Harbor Weekly")
    gazette = next(one for one in found.sources if one.name == "Harbor Gazette")
    assert (gazette.candidates, gazette.stories, gazette.leads) == (3, 3, 3)
    assert gazette.accepted == 1.0
    assert next(one for one in found.sources if one.name == "港だより").accepted == 0.0
    assert whole.sections == {"Around the bay": 9}
    assert [one.label for one in found.periods] == ["2026-W45", "2026-W46", "2026-W47"]
    sizes = [(archive.path(one.label) / "email.html").stat().st_size for one in found.periods]
    assert list(whole.html_bytes) == sizes
    lengths = [len(s.blurb.text) for w in found.periods for s in archive.load(w.label).leads]
    assert whole.lead_length == median(lengths)


def test_what_ran_before_and_what_goes_on(archive: Archive) -> None:
    found, _ = read_statistics(archive)
    assert [one.repeats for one in found.periods] == [0, 0, 1]
    assert [one.updates for one in found.periods] == [0, 0, 1]


def test_the_editors_hand_counts_where_the_issue_shows_it(archive: Archive) -> None:
    found, _ = read_statistics(archive)
    changes = {name: number for name, number in found.whole.changes.items() if number}
    assert changes == {
        "pinned": 1, "headline": 1, "blurb": 1, "section": 1, "order": 1, "dropped": 1,
    }  # fmt: skip
    assert [one.changed for one in found.periods] == [0, 0, 3]


def test_a_part_still_knows_what_ran_before_it(archive: Archive) -> None:
    last, _ = read_statistics(archive, last=1)
    assert (last.whole.issues, last.whole.repeats) == (1, 1)
    day = CUTOFF.date()
    of_days, _ = read_statistics(archive, start=day - timedelta(days=7), end=day)
    assert [one.label for one in of_days.periods] == ["2026-W46", "2026-W47"]
    statuses: tuple[Status, ...] = ("sent",)
    sent, _ = read_statistics(archive, statuses=statuses)
    assert sent.whole.issues == 2
    none, failures = read_statistics(archive, end=date(1999, 1, 1))
    assert (none.whole.issues, none.periods, none.sources, failures) == (0, (), (), ())


def test_an_empty_archive_is_no_failure(tmp_path: Path) -> None:
    found, failures = read_statistics(Archive(tmp_path / "issues"), cache=tmp_path / "cache")
    assert (found.whole.issues, failures) == (0, ())


def test_damage_is_reported_and_the_rest_is_counted(archive: Archive, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    rows = archive.path("2026-W45") / "entries.jsonl"
    rows.write_bytes(rows.read_bytes() + b" ")
    (archive.path("2026-W47") / "edits.toml").write_text("status = 1\n", "utf-8")
    (archive.folder / "2026-W44").symlink_to(archive.path("2026-W46"))
    for _ in range(2):  # the second time is no quieter
        found, failures = read_statistics(archive, cache=cache)
        assert [one.label for one in found.periods] == ["2026-W46", "2026-W47"]
        assert [one.where for one in failures] == [
            "issues/2026-W45", "issues/2026-W47/edits.toml",
        ]  # fmt: skip
        assert "entries.jsonl" in failures[0].what
        assert "line 1" in failures[1].what


def test_what_is_kept_gives_the_same_and_follows_every_change(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"
    first = read_statistics(archive, cache=cache)
    assert first == read_statistics(archive)
    opened: list[str] = []
    monkeypatch.setattr(
        "digest.archive.kept_tallies.tally_of", lambda *_, where, **__: opened.append(where)
    )
    assert read_statistics(archive, cache=cache) == first
    assert opened == []
    monkeypatch.undo()
    (archive.path("2026-W47") / "edits.toml").unlink()
    later, _ = read_statistics(archive, cache=cache)
    assert later.whole.changes["headline"] == 0
    save(archive, made(47, words="again"))
    assert read_statistics(archive, cache=cache) == read_statistics(archive)


@pytest.mark.parametrize(
    "junk", [b"", b"\xff\xfe", b"{}\n2026-W45\n2026-W45 x {}\n", b"[" * 100_000]
)
def test_a_damaged_cache_does_no_harm(archive: Archive, tmp_path: Path, junk: bytes) -> None:
    plain = read_statistics(archive)
    cache = tmp_path / "cache"
    read_statistics(archive, cache=cache)
    whole = (cache / KEPT).read_bytes()
    for raw in (junk, junk + whole[: len(whole) // 2], whole.replace(b"lead", b"\x00ead")):
        (cache / KEPT).write_bytes(raw)
        assert read_statistics(archive, cache=cache) == plain


def test_a_cache_that_cannot_be_written_does_no_harm(archive: Archive, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    cache.write_text("a file stands where the folder would be")
    assert read_statistics(archive, cache=cache) == read_statistics(archive)
    (tmp_path / "other").mkdir()
    os.mkfifo(tmp_path / "other" / KEPT)
    assert read_statistics(archive, cache=tmp_path / "other") == read_statistics(archive)


@pytest.mark.parametrize(
    ("weeks", "step", "periods"),
    [
        (1, "issue", 1),
        (MOST_PERIODS, "issue", MOST_PERIODS),
        (MOST_PERIODS + 1, "month", 7),
        (104, "month", 24),
        (200, "quarter", 16),
        (1000, "year", 20),
        (2600, "years", 25),
    ],
)
def test_many_issues_are_told_in_longer_periods(weeks: int, step: str, periods: int) -> None:
    found = count(tally(week) for week in range(weeks))
    assert found.step == step
    assert len(found.periods) == periods <= MOST_PERIODS
    assert sum(one.issues for one in found.periods) == weeks
    labels = [one.label for one in found.periods]
    assert labels == sorted(set(labels))


def test_an_issue_counts_in_the_month_in_which_most_of_its_week_lies() -> None:
    # 2026-W05 ends on Sunday 1 February, and is a week of January.
    slugs = [f"2026-W{week:02d}" for week in range(1, 54)]
    found = count(replace(tally(0), slug=slug) for slug in slugs)
    assert found.step == "month"
    months = Counter(f"{date.fromisocalendar(2026, week, 4):%Y-%m}" for week in range(1, 54))
    assert {one.label: one.issues for one in found.periods} == months


def test_a_period_without_an_issue_is_a_gap() -> None:
    found = count(tally(week) for week in (*range(30), *range(40, 50)))
    assert found.step == "month"
    empty = [one.label for one in found.periods if not one.issues]
    assert empty == ["2020-08", "2020-09"]


def told() -> st.SearchStrategy[Told]:
    return st.builds(
        Told,
        source=st.sampled_from(["Gazette", "Notes", ""]),
        lead=st.booleans(),
        section=st.sampled_from(["Bay", ""]),
        length=st.integers(0, 500),
        keys=st.lists(st.sampled_from("abcdef"), max_size=2).map(tuple),
        update=st.booleans(),
        changes=st.sampled_from([(), ("pinned",), ("blurb", "order")]),
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(told(), max_size=6), max_size=40))
def test_periods_and_sources_add_up_to_the_whole(issues: list[list[Told]]) -> None:
    def tallies() -> Iterator[Tally]:
        for week, stories in enumerate(issues):
            yield tally(week, *stories, candidates={"Gazette": week, "Wire": 1})

    found = count(tallies())
    for name in ("issues", "stories", "leads", "candidates", "repeats", "updates", "changed"):
        assert sum(getattr(one, name) for one in found.periods) == getattr(found.whole, name)
    for name in ("stories", "leads", "candidates"):
        assert sum(getattr(one, name) for one in found.sources) == getattr(found.whole, name)
    lengths = [s.length for stories in issues for s in stories if s.lead and s.length]
    assert found.whole.lead_length == (median(lengths) if lengths else None)
    ran: set[str] = set()
    repeats = 0
    for stories in issues:
        repeats += sum(not ran.isdisjoint(s.keys) for s in stories)
        ran |= {key for s in stories for key in s.keys}
    assert found.whole.repeats == repeats


def test_any_slugs_give_few_periods() -> None:
    assert periods_of([]) == ("issue", 1)
    for last in ("2021-W01", "2100-W53", "9999-W53"):
        slugs = ["0001-W01", *(f"2000-W{week:02d}" for week in range(1, 53)), last]
        step, span = periods_of(slugs)
        assert step == "years"
        assert 9999 // span <= 400


def test_imported_issues_count_as_told_and_not_as_chosen(archive: Archive) -> None:
    before, _ = read_statistics(archive)
    old = made(44, status="sent")
    imported = Verdict(place="teaser", rule="imported", because="It stood there.")
    save(
        archive,
        replace(old, candidates=tuple(replace(c, verdict=imported) for c in old.candidates)),
    )
    found, failures = read_statistics(archive)
    assert failures == ()
    whole, was = found.whole, before.whole
    assert (whole.issues, whole.built, whole.imported) == (4, 3, 1)
    assert (whole.candidates, whole.chosen, whole.changed) == (
        was.candidates, was.stories, was.changed
    )  # fmt: skip
    assert whole.stories == was.stories + len(old.issue.stories)
    assert {one.name: one.accepted for one in before.sources} == {
        one.name: one.accepted for one in found.sources
    }
    sentences = said_of(found)
    assert said_of(before)[2] == sentences[2]  # the share of the candidates that became stories
    assert said_of(before)[-1] == sentences[-1]  # what the editor decided
    only, _ = read_statistics(archive, end=date(2026, 10, 31))
    assert said_of(only)[-1] == "Every issue was imported, so no story was chosen here."
