"""Whether the date of an entry can be believed."""

from __future__ import annotations

from digest.models import Entry

FIRST_WEB_YEAR = 1995
"""No feed is older; an earlier date is a clock that was never set."""


def is_dated(entry: Entry) -> bool:
    """Whether the entry has a date that can be believed."""
    return entry.published is not None and entry.published.year >= FIRST_WEB_YEAR
