"""Dates as printed: read in full, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.collect.dates import ends_with_date, parse_date


@pytest.mark.parametrize(
    ("raw", "iso"),
    [
        ("Wed, 18 Nov 2026 07:30:00 +0100", "2026-11-18T07:30:00+01:00"),
        ("Wed,18 Nov 2026 07:30:00 GMT", "2026-11-18T07:30:00+00:00"),
        ("18 Nov 26 07:30 EST", "2026-11-18T07:30:00-05:00"),
        ("2026-11-18", "2026-11-18T00:00:00+00:00"),
        ("2026-11-18T07:30:00.123Z", "2026-11-18T07:30:00+00:00"),
        ("2026-11-18 07:30", "2026-11-18T07:30:00+00:00"),
        ("2026-11-18T07:30:00-0500", "2026-11-18T07:30:00-05:00"),
        ("2026-11-18T24:00:00Z", "2026-11-19T00:00:00+00:00"),
        ("November 18, 2026", "2026-11-18T00:00:00+00:00"),
        ("Wednesday, Nov. 18, 2026 at 7:30 pm", "2026-11-18T19:30:00+00:00"),
        ("Wed Nov 18 07:30:00 2026", "2026-11-18T07:30:00+00:00"),
        ("18 de noviembre de 2026", "2026-11-18T00:00:00+00:00"),
        ("18. November 2026", "2026-11-18T00:00:00+00:00"),
        ("mer. 18 nov. 2026", "2026-11-18T00:00:00+00:00"),
        ("18 novembre 2026", "2026-11-18T00:00:00+00:00"),
        ("2026年11月18日", "2026-11-18T00:00:00+00:00"),
        ("18.11.2026", "2026-11-18T00:00:00+00:00"),
        ("18/11/2026", "2026-11-18T00:00:00+00:00"),
    ],
)
def test_dates_that_are_read(raw: str, iso: str) -> None:
    moment = parse_date(raw)
    assert moment is not None
    assert moment.isoformat() == iso


@pytest.mark.parametrize(
    "raw",
    ["", "Thursday", "November 2026", "2026", "0512", "yesterday", "3 hours ago", "03/04/2026",
     "Wed, 31 Feb 2026 10:00:00 GMT", "00 Jan 0000", "9999-99-99", "0001-01-01T00:00:00Z",
     "Mon, 01 Jan 0001 00:00:00 +0000", "9999-12-31", "9998-12-31T24:00:00Z", "x" * 500],
)  # fmt: skip
def test_what_names_no_day_is_no_date(raw: str) -> None:
    assert parse_date(raw) is None


@pytest.mark.parametrize(
    ("line", "ends"),
    [
        ("A boat on the river, Feb. 28, 2019.", True),
        ("Ein Boot auf dem Fluss, 28. Februar 2019.", True),
        ("The war ended on May 8, 1945.", False),
        ("He was born in 1970.", False),
    ],
)
def test_a_date_at_the_end_of_a_caption(line: str, *, ends: bool) -> None:
    assert ends_with_date(line) is ends


@given(st.text(max_size=90))
def test_no_text_breaks_it(raw: str) -> None:
    moment = parse_date(raw)
    assert moment is None or moment.utcoffset() is not None
