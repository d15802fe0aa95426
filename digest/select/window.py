"""Which week an issue is of, where its window lies, and when an entry counts as published."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from digest.errors import UsageError
from digest.match import FIRST_WEB_YEAR, is_dated
from digest.models import Entry, Window
from digest.settings import Cutoff

_SLUG = re.compile(r"([0-9]{4})-[Ww]([0-9]{2})")
_FORM = "Name a week as its year and ISO week, such as 2026-W47."


def issue_window(
    *,
    now: datetime,
    cutoff: Cutoff,
    zone: str,
    slug: str | None = None,
    previous_cutoff: datetime | None = None,
) -> tuple[str, Window]:
    """The slug and the window of the issue of `slug`, else of the ISO week in which `now` lies.

    The window ends at that week's cut-off on the clocks of `zone`, and begins at
    `previous_cutoff` where that lies earlier, else at the cut-off of the week before; a cut-off
    that the clocks skip in spring falls as much later. Raises UsageError for a slug that is no
    week.
    """
    place = ZoneInfo(zone)
    if slug is None:
        year, week, _ = now.astimezone(place).isocalendar()
    else:
        year, week = _week(slug)
    day = date.fromisocalendar(year, week, cutoff.weekday + 1)
    end = _on_the_clock(day, cutoff, place)
    if previous_cutoff is not None and previous_cutoff.timestamp() < end.timestamp():
        start = previous_cutoff.astimezone(place)
    else:
        start = _on_the_clock(day - timedelta(days=7), cutoff, place)
    return f"{year:04d}-W{week:02d}", Window(start=start, end=end)


def moment(entry: Entry, first_seen: datetime, now: datetime) -> datetime:
    """When the entry counts as published, in UTC.

    Without a date, or with one before 1995, when it was first seen; never later than `now`.
    In UTC, since two moments of one zone compare by their wall clocks, which run twice through
    an hour of autumn.
    """
    dated = entry.published if entry.published and is_dated(entry) else first_seen
    return min(dated.astimezone(UTC), now.astimezone(UTC))


def _week(slug: str) -> tuple[int, int]:
    hit = _SLUG.fullmatch(slug.strip())
    if not hit:
        raise UsageError(f"“{slug[:40]}” is not the name of a week.", hint=_FORM)
    year, week = int(hit[1]), int(hit[2])
    if not FIRST_WEB_YEAR <= year < 9999:
        raise UsageError(f"There is no issue in the year {year:04d}.", hint=_FORM)
    last = date(year, 12, 28).isocalendar().week  # 28 December always lies in the last week
    if not 1 <= week <= last:
        raise UsageError(f"There is no week {slug.strip()}: {year} has {last} weeks.", hint=_FORM)
    return year, week


def _on_the_clock(day: date, cutoff: Cutoff, place: ZoneInfo) -> datetime:
    """The moment at which the clocks of `place` show the cut-off on `day`.

    Through UTC and back, so that a time that the clocks skip becomes one that they show.
    """
    shown = datetime.combine(day, time(cutoff.hour, cutoff.minute), place)
    return shown.astimezone(UTC).astimezone(place)
