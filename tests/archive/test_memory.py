"""What ran before is read from the earlier issues."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from digest.archive import Archive
from digest.errors import DocumentError
from tests.archive.newsroom import CUTOFF, made, save

WEEK = timedelta(weeks=1)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    archive = Archive(tmp_path / "issues")
    for week in (44, 45, 46, 47):
        save(archive, made(week, status="sent" if week < 46 else "draft"))
    return archive


@pytest.mark.parametrize(
    ("before", "limit", "slugs"),
    [
        (CUTOFF + WEEK, 12, ["2026-W47", "2026-W46", "2026-W45", "2026-W44"]),
        (CUTOFF, 12, ["2026-W46", "2026-W45", "2026-W44"]),
        (CUTOFF, 2, ["2026-W46", "2026-W45"]),
        (CUTOFF, 0, []),
        (CUTOFF - 3 * WEEK, 12, []),
        # the cut-off of this week moved to the afternoon: its draft is still not its own past
        (CUTOFF + timedelta(hours=8), 12, ["2026-W46", "2026-W45", "2026-W44"]),
    ],
)
def test_past_is_the_latest_earlier_issues(
    archive: Archive, before: datetime, limit: int, slugs: list[str]
) -> None:
    past, failures = archive.past(before, limit)
    assert [issue.slug for issue in past] == slugs
    assert failures == ()


def test_past_holds_what_ran_in_reading_order(archive: Archive) -> None:
    (issue,), _ = archive.past(CUTOFF, 1)
    expected = made(46).issue
    assert issue.ran == tuple(story.entry for story in expected.stories)
    assert (issue.window, issue.status) == (expected.window, "draft")


def test_past_reports_a_damaged_issue_and_goes_on(archive: Archive) -> None:
    (archive.path("2026-W46") / "issue.json").write_text("{", "utf-8")
    (archive.path("2026-W45") / "entries.jsonl").write_text("", "utf-8")
    past, failures = archive.past(CUTOFF, 12)
    assert [issue.slug for issue in past] == ["2026-W44"]
    assert [failure.where for failure in failures] == ["issues/2026-W46", "issues/2026-W45"]
    assert "digest build --issue 2026-W46" in failures[0].hint
    assert "frozen" in failures[1].hint, "it was sent: building it anew is no way out"


def test_the_previous_cutoff(archive: Archive) -> None:
    assert archive.previous_cutoff(CUTOFF) == CUTOFF - WEEK
    assert archive.previous_cutoff(CUTOFF + timedelta(hours=8)) == CUTOFF - WEEK
    assert archive.previous_cutoff(CUTOFF - 3 * WEEK) is None
    (archive.path("2026-W46") / "issue.json").write_text("{", "utf-8")
    assert archive.previous_cutoff(CUTOFF) == CUTOFF - 2 * WEEK


def test_first_seen_is_the_earliest_of_all_records(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "issues")
    early, late = CUTOFF - timedelta(days=20), CUTOFF - timedelta(days=2)
    east = early.astimezone(timezone(timedelta(hours=9)))
    for week, moment in ((45, late), (46, east), (47, late)):
        build = made(week)
        same = replace(
            build.candidates[4],
            entry=replace(build.candidates[4].entry, id="undated", published=None),
            first_seen=moment,
        )
        save(archive, replace(build, candidates=(*build.candidates[:4], same)))
    seen = archive.first_seen()
    assert seen["undated"] == early
    assert seen["ferry-47"] == made(47).candidates[0].first_seen
    assert archive.first_seen(limit=1)["undated"] == late
    assert archive.first_seen("2026-W45", limit=0)["undated"] == late
    assert archive.first_seen("2026-W45", limit=1)["undated"] == early
    assert archive.first_seen("2026-W48", limit=2)["undated"] == early


def test_first_seen_reads_what_it_can_of_a_torn_draft(archive: Archive) -> None:
    path = archive.path("2026-W47")
    (path / "issue.json").unlink()
    with (path / "entries.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"half": \n')
    assert archive.first_seen()["ferry-47"] == made(47).candidates[0].first_seen


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_a_moment_at_the_end_of_the_calendar_is_passed_over(archive: Archive, moment: str) -> None:
    """No zone can be reckoned there: it would end every later build."""
    path = archive.path("2026-W47") / "entries.jsonl"
    known = archive.first_seen()
    rows = path.read_text("utf-8").splitlines()
    row = json.loads(rows[0])
    entry, row["first_seen"] = row["entry"]["id"], moment
    path.write_text("\n".join([json.dumps(row), *rows[1:]]), "utf-8")
    assert archive.first_seen() == {key: seen for key, seen in known.items() if key != entry}
    with pytest.raises(DocumentError, match=r"entries\.jsonl, line 1.*first_seen"):
        archive.candidates("2026-W47")
    past, failures = archive.past(CUTOFF + WEEK, 12)
    assert [issue.slug for issue in past] == ["2026-W46", "2026-W45", "2026-W44"]
    assert [failure.where for failure in failures] == ["issues/2026-W47"]
