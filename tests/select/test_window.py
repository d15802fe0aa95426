"""The window of an issue, over weeks, zones, and the nights when clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.errors import UsageError
from digest.models import Entry
from digest.select import issue_window, moment
from digest.settings import Cutoff

FRIDAY = Cutoff(4, 9, 0)
SUNDAY_NIGHT = Cutoff(6, 2, 30)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("now", "zone", "cutoff", "slug", "start", "end"),
    [
        pytest.param(
            "2026-11-18T12:00Z", "UTC", FRIDAY,
            "2026-W47", "2026-11-13T09:00Z", "2026-11-20T09:00Z", id="a plain week",
        ),
        pytest.param(
            "2026-11-21T12:00Z", "UTC", FRIDAY,
            "2026-W47", "2026-11-13T09:00Z", "2026-11-20T09:00Z", id="after the cut-off",
        ),
        pytest.param(
            "2026-11-22T23:30Z", "Europe/Paris", FRIDAY,
            "2026-W48", "2026-11-20T09:00+01:00", "2026-11-27T09:00+01:00",
            id="Monday already, in Paris",
        ),
        pytest.param(
            "2026-11-23T03:00Z", "America/New_York", FRIDAY,
            "2026-W47", "2026-11-13T09:00-05:00", "2026-11-20T09:00-05:00",
            id="Sunday still, in New York",
        ),
        pytest.param(
            "2026-03-30T12:00Z", "Europe/Paris", FRIDAY,
            "2026-W14", "2026-03-27T09:00+01:00", "2026-04-03T09:00+02:00",
            id="Paris in spring: 167 hours",
        ),
        pytest.param(
            "2026-10-28T12:00Z", "Europe/Paris", FRIDAY,
            "2026-W44", "2026-10-23T09:00+02:00", "2026-10-30T09:00+01:00",
            id="Paris in autumn: 169 hours",
        ),
        pytest.param(
            "2026-03-11T12:00Z", "America/New_York", FRIDAY,
            "2026-W11", "2026-03-06T09:00-05:00", "2026-03-13T09:00-04:00",
            id="New York in spring",
        ),
        pytest.param(
            "2026-11-04T12:00Z", "America/New_York", FRIDAY,
            "2026-W45", "2026-10-30T09:00-04:00", "2026-11-06T09:00-05:00",
            id="New York in autumn",
        ),
        pytest.param(
            "2026-03-28T12:00Z", "Europe/Paris", SUNDAY_NIGHT,
            "2026-W13", "2026-03-22T02:30+01:00", "2026-03-29T03:30+02:00",
            id="a cut-off that the clocks skip",
        ),
        pytest.param(
            "2026-10-24T12:00Z", "Europe/Paris", SUNDAY_NIGHT,
            "2026-W43", "2026-10-18T02:30+02:00", "2026-10-25T02:30+02:00",
            id="a cut-off that the clocks show twice: the first",
        ),
        pytest.param(
            "2026-12-31T12:00Z", "UTC", FRIDAY,
            "2026-W53", "2026-12-25T09:00Z", "2027-01-01T09:00Z", id="week 53",
        ),
        pytest.param(
            "2027-01-03T12:00Z", "UTC", FRIDAY,
            "2026-W53", "2026-12-25T09:00Z", "2027-01-01T09:00Z", id="week 53, in January",
        ),
        pytest.param(
            "2027-01-04T00:00Z", "UTC", FRIDAY,
            "2027-W01", "2027-01-01T09:00Z", "2027-01-08T09:00Z", id="the week after",
        ),
        pytest.param(
            "2025-12-29T08:00Z", "UTC", FRIDAY,
            "2026-W01", "2025-12-26T09:00Z", "2026-01-02T09:00Z", id="week 1, in December",
        ),
    ],
)  # fmt: skip
def test_the_week_of_now(  # noqa: PLR0917 (a table's columns)
    now: str, zone: str, cutoff: Cutoff, slug: str, start: str, end: str
) -> None:
    found, window = issue_window(now=at(now), cutoff=cutoff, zone=zone)
    assert found == slug
    assert window.start.astimezone(UTC) == at(start)
    assert window.end.astimezone(UTC) == at(end)
    assert issue_window(now=at("2000-01-01T00:00Z"), cutoff=cutoff, zone=zone, slug=slug) == (
        slug,
        window,
    )


@pytest.mark.parametrize("slug", ["2026-W53", "2026-w53", " 2026-W53 "])
def test_a_week_may_be_named(slug: str) -> None:
    now = at("2026-03-01T00:00Z")
    found, window = issue_window(now=now, cutoff=FRIDAY, zone="UTC", slug=slug)
    assert (found, window.end) == ("2026-W53", at("2027-01-01T09:00Z"))


@pytest.mark.parametrize(
    ("slug", "says"),
    [
        ("2026-W60", "no week 2026-W60: 2026 has 53 weeks"),
        ("2025-W53", "2025 has 52 weeks"),
        ("2026-W00", "no week 2026-W00"),
        ("2026-47", "“2026-47” is not the name of a week"),
        ("2026-W7", "is not the name of a week"),
        ("next week", "“next week” is not"),
        ("", "“” is not"),
        ("0000-W01", "no issue in the year 0000"),
        ("9999-W52", "no issue in the year 9999"),
        ("٢٠٢٦-W47", "is not the name of a week"),
    ],
)
def test_a_wrong_week_says_how_to_name_one(slug: str, says: str) -> None:
    with pytest.raises(UsageError) as raised:
        issue_window(now=at("2026-03-01T00:00Z"), cutoff=FRIDAY, zone="UTC", slug=slug)
    assert says in raised.value.what
    assert "such as 2026-W47" in raised.value.hint


def test_a_window_begins_where_the_last_one_ended() -> None:
    now = at("2026-11-18T12:00Z")
    before = at("2026-10-30T09:00+01:00")
    _, window = issue_window(now=now, cutoff=FRIDAY, zone="Europe/Paris", previous_cutoff=before)
    assert window.start == before
    assert window.start.tzinfo is window.end.tzinfo
    later = at("2026-11-27T09:00+01:00")
    _, window = issue_window(now=now, cutoff=FRIDAY, zone="Europe/Paris", previous_cutoff=later)
    assert window.start == at("2026-11-13T09:00+01:00")


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1)),  # noqa: DTZ001 (a zone is added)
    st.sampled_from(["UTC", "Europe/Paris", "America/New_York", "Asia/Kolkata", "Africa/Cairo"]),
    st.builds(Cutoff, st.integers(0, 6), st.integers(0, 23), st.integers(0, 59)),
)
def test_no_moment_falls_between_two_issues(now: datetime, zone: str, cutoff: Cutoff) -> None:
    now = now.replace(tzinfo=UTC)
    _, this = issue_window(now=now, cutoff=cutoff, zone=zone)
    _, following = issue_window(now=now + timedelta(days=7), cutoff=cutoff, zone=zone)
    assert this.end == following.start
    assert this.start < this.end


@pytest.mark.parametrize(
    ("published", "counts_as"),
    [
        pytest.param("2026-11-17T08:00+01:00", "2026-11-17T07:00Z", id="its date"),
        pytest.param(None, "2026-11-15T10:00Z", id="no date: first seen"),
        pytest.param("1994-12-31T23:59Z", "2026-11-15T10:00Z", id="before the Web"),
        pytest.param("1970-01-01T00:00Z", "2026-11-15T10:00Z", id="a clock never set"),
        pytest.param("1995-01-01T00:00Z", "1995-01-01T00:00Z", id="old, but possible"),
        pytest.param("2031-01-01T00:00Z", "2026-11-18T12:00Z", id="in the future: now"),
    ],
)
def test_when_an_entry_counts_as_published(published: str | None, counts_as: str) -> None:
    entry = Entry(id="1", title="T", published=at(published) if published else None)
    found = moment(entry, at("2026-11-15T11:00+01:00"), at("2026-11-18T12:00Z"))
    assert found == at(counts_as)


def test_an_entry_first_seen_in_the_future_counts_as_of_now() -> None:
    now = at("2026-11-18T12:00Z")
    assert moment(Entry(id="1", title="T"), at("2027-01-01T00:00Z"), now) == now
