"""When a newsletter was sent: from its file's name and folders, else from what it says itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime

Dated = Callable[[str], datetime | None]
"""Reads one date as it is printed; None for what is none."""

FIRST, LAST = 1990, 2100
_ISO = re.compile(
    r"(?<!\d)((?:19|20)\d\d)([-_./ ])(0?[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01]|[1-9])(?!\d)"
)
_TIGHT = re.compile(r"(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)")
_WEEK_WORD = (
    r"(?:week|wk|kw|kalenderwoche|semaine|sem|semana|settimana|uge|vecka|uke|viikko|tydzień|týden|"
    r"hafta|w)"
)
_YEAR_WEEK = re.compile(
    r"(?<!\d)((?:19|20)\d\d)[-_./ ]{0,3}" + _WEEK_WORD + r"[-_./ ]{0,3}(\d{1,2})(?!\d)",
    re.IGNORECASE,
)
_WEEK_YEAR = re.compile(
    r"(?<![^\W\d_])"
    + _WEEK_WORD
    + r"[-_./ ]{0,3}(\d{1,2})[-_./, ]{1,3}(?:of |de |/ )?((?:19|20)\d\d)(?!\d)",
    re.IGNORECASE,
)
_CJK_WEEK = re.compile(r"((?:19|20)\d\d)\s*年?\s*第?\s*(\d{1,2})\s*[週周]")
_CJK = re.compile(r"(?:19|20)\d\d\s?[年년]\s?\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일]")
_WORDED = re.compile(
    r"(?<!\d)\d{1,2}(?:st|nd|rd|th|er|º|\.)?\s+(?:de\s+|of\s+)?[^\W\d_]{3,12}\.?,?\s+(?:de\s+)?"
    r"(?:19|20)\d\d(?!\d)"
    r"|(?<![^\W\d_])[^\W\d_]{3,12}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d(?!\d)",
    re.IGNORECASE,
)
_NUMERIC = re.compile(r"(?<!\d)\d{1,2}([./-])\d{1,2}\1(?:19|20)\d\d(?!\d)")
_KEYS = (
    "date", "published", "publish_date", "published_at", "publishdate", "pubdate", "sent",
    "sent_at", "send_date", "email_sent_at", "post_date", "created_at", "created",
)  # fmt: skip
_METAS = (
    "article:published_time", "datepublished", "date", "dc.date", "dcterms.date", "pubdate",
    "publish-date", "publish_date", "og:published_time", "time",
)  # fmt: skip


def date_of_name(name: str, *, weekday: int, dated: Dated) -> date | None:
    """The day that a path names: `2024-03-08-news.md`, `2024/03/08/index.html`, `Week 12 2024.md`.

    `name` stands relative to the folder that is imported. The file's own name goes before its
    folders; of several days the last one counts. A week gives its `weekday`, 0 Monday.
    """
    stem = re.sub(r"\.[A-Za-z]{2,8}$", "", name)
    own = stem.rpartition("/")[2]
    for text in dict.fromkeys((own, stem)):
        found = list(_days(text, weekday=weekday, dated=dated))
        if found:
            return found[-1]
    return None


def _days(text: str, *, weekday: int, dated: Dated) -> Iterator[date]:
    """The days that a text names, by the surest way of writing them that it has."""
    for pattern in (_ISO, _TIGHT):
        groups = [
            (h[1], h[len(h.groups()) - 1], h[len(h.groups())]) for h in pattern.finditer(text)
        ]
        found = [day for y, m, d in groups if (day := _day(int(y), int(m), int(d)))]
        if found:
            yield from found
            return
    for pattern, year, week in ((_YEAR_WEEK, 1, 2), (_WEEK_YEAR, 2, 1), (_CJK_WEEK, 1, 2)):
        for hit in pattern.finditer(text):
            if day := _of_week(int(hit[year]), int(hit[week]), weekday):
                yield day
                return
    yield from printed_days(re.sub(r"[-_/]+", " ", text), dated=dated)
    for hit in _NUMERIC.finditer(text.replace("_", "-")):
        if moment := dated(hit[0]):
            yield moment.date()


def printed_days(text: str, *, dated: Dated) -> Iterator[date]:
    """The days that a text prints in words: "8 March 2024", "March 8th, 2024", "2024年3月8日"."""
    for pattern in (_CJK, _WORDED):
        for hit in pattern.finditer(text):
            moment = dated(hit[0])
            if moment is not None and FIRST <= moment.year <= LAST:
                yield moment.date()


def stated_moments(
    keys: dict[str, str], metas: Iterable[tuple[str, str]], *, dated: Dated
) -> Iterator[tuple[datetime, str]]:
    """The moments that front matter and the page's own head state, surest first, and where."""
    for key in _KEYS:
        if (raw := keys.get(key)) and (moment := dated(raw)):
            yield moment, "its front matter"
    rows = list(metas)
    for name in _METAS:
        for key, value in rows:
            if key == name and (moment := dated(value)):
                yield moment, "a <time> element" if key == "time" else "a <meta> element"


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if FIRST <= year <= LAST else None
    except ValueError:
        return None


def _of_week(year: int, week: int, weekday: int) -> date | None:
    try:
        return date.fromisocalendar(year, week, weekday + 1) if FIRST <= year <= LAST else None
    except ValueError:
        return None
