"""Dates as sources print them, to aware datetimes. Nothing is filled in from today.

A date without a zone is UTC. What names no full day (a month, a weekday, "2 hours ago"), or could
be two days (03/04/2026), is no date.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import cache

from digest.text.markup import clean_text

_LONGEST = 80
_ISO = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"
    r"(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?"
    r"\s*([A-Za-z]{1,5}|[+-]\d{2}:?\d{0,2})?)?"
)
_TIME = (
    r"(?:[,;|·–-]*\s*(?:at\s+|um\s+|à\s+)?"
    r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?\s*([ap]\.?m\.?)?"
    r"(?:\s*\(?((?:GMT|UTC)?[+-]\d{2}:?\d{2}|[A-Za-z]{1,5})\)?)?)?"
)
_DAY_FIRST = re.compile(
    r"(?:[^\W\d_]+(?:\.?,?\s+|,))?(\d{1,2})(?:st|nd|rd|th|er|º)?[.\s-]+(?:de\s+|of\s+)?([^\W\d_]+)\.?,?[\s-]+"
    r"(?:de\s+|del\s+)?(\d{4}|\d{2})(?!\d)" + _TIME,
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    r"(?:[^\W\d_]+\.?,\s+|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?\s+)?"
    r"([^\W\d_]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?!\d)" + _TIME,
    re.IGNORECASE,
)
_ASCTIME = re.compile(
    r"[A-Za-z]{3}\s+([A-Za-z]{3})\s+(\d{1,2})\s+(\d{1,2}):(\d{2}):(\d{2})\s+(?:([A-Za-z]{3,4})\s+)?(\d{4})"
)
_CJK = re.compile(r"(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]")
_NUMERIC = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})" + _TIME, re.IGNORECASE)
# RFC 822, section 5.1, and the abbreviations that feeds use where they are not ambiguous; hours.
_ZONES = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "bst": 1, "cet": 1, "mez": 1, "west": 1,
    "cest": 2, "mesz": 2, "eet": 2, "sast": 2, "eest": 3, "msk": 3, "wib": 7, "pht": 8, "sgt": 8,
    "hkt": 8, "awst": 8, "jst": 9, "kst": 9, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13,
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
    "et": -5, "pt": -8, "brt": -3, "art": -3,
}  # fmt: skip
_LOCALES = ("en", "es", "fr", "de", "pt", "it", "nl", "sv", "da", "nb", "fi", "pl", "cs", "sk",
            "hu", "ro", "tr", "ru", "uk", "el", "id", "vi", "ca", "hr", "sl", "lt", "lv", "et",
            "bg")  # fmt: skip


def parse_date(raw: str) -> datetime | None:
    """The moment that `raw` names in full, in its own offset; None where it names none."""
    text = clean_text(raw[:400])
    if len(text) > _LONGEST or not _DIGIT.search(text):
        return None
    for read in (_iso, _day_first, _month_first, _asctime, _cjk, _numeric):
        moment = read(text)
        if moment is not None:
            return moment
    return None


def ends_with_date(text: str) -> bool:
    """Whether `text` ends in a full date: "…, Feb. 28, 2019." or "…, 28. Februar 2019"."""
    hit = _LAST_DATE.search(text[-60:])
    return hit is not None and parse_date(hit[1]) is not None


def is_date_line(line: str) -> bool:
    """Whether a line is a date or a time alone: "Updated at 1:23 p.m.", "Fri, 22 May 2026"."""
    if len(line) > 90 or not _DIGIT.search(line):
        return False
    words = _WORD.findall(line)
    if not words:
        return parse_date(line) is not None
    if not all(_is_of_date(word) for word in words):
        return False
    return parse_date(_DATE_LABEL.sub("", line)) is not None or bool(_CLOCK.search(line))


_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W\d_]+")
_CLOCK = re.compile(r"(?<![\d.])\d{1,2}[:h]\d{2}(?!\d)|\d{4}年")
_DATE_LABEL = re.compile(
    r"^(?:(?:first |last )?(?:published|posted|updated|modified|date|publicado|atualizado|"
    r"actualizado|publié|mis à jour|veröffentlicht|aktualisiert|stand|pubblicato|aggiornato|"
    r"gepubliceerd)(?: on| at| le| am| el| il| em| op)?\s*:?\s*)+",
    re.IGNORECASE,
)
_AROUND = frozenset(
    ("at", "às", "as", "um", "à", "a", "of", "on", "the", "le", "el", "la", "il", "den", "de",
     "del", "em", "am", "pm", "p", "m", "h", "uhr", "hs", "hrs", "st", "nd", "rd", "th", "er", "o",
     "published", "posted", "updated", "modified", "first", "last", "date", "publicado",
     "atualizado", "actualizado", "publié", "mis", "jour", "veröffentlicht", "aktualisiert",
     "stand", "pubblicato", "aggiornato", "gepubliceerd", "op", "y", "e", "und", "et", "年", "月",
     "日", "t", "z")
)  # fmt: skip


def _is_of_date(word: str) -> bool:
    """Whether a word may stand in a date: a month, a weekday, a zone, a label."""
    low = word.lower()
    zone = word.isupper() and 2 <= len(word) <= 4
    return low in _AROUND or zone or _month(word) is not None or low in _weekdays()


@cache
def _weekdays() -> frozenset[str]:
    from babel.dates import get_day_names

    found = set()
    for locale in _LOCALES:
        for width in ("wide", "abbreviated"):
            for name in get_day_names(width, "format", locale).values():
                found |= {piece.strip(".").lower() for piece in re.split(r"[\s-]", str(name))}
    return frozenset(found - {""})


def split_date(line: str) -> tuple[str, datetime | None]:
    """(what stands before, moment) of a line that ends in a full date; (line, None) of others."""
    hit = _DATE_IN.search(line)
    moment = parse_date(hit[0]) if hit else None
    if hit is None or moment is None:
        return line, None
    return line[: hit.start()].rstrip(" ,|–—-•·"), moment


_DATE_IN = re.compile(
    r"(?:\b(?:[^\W\d_]+\.?\s+\d{1,2},?\s+\d{4}|\d{1,2}\.?\s+(?:de\s+)?[^\W\d_]+\.?\s+(?:de\s+)?\d{4}|\d{4}-\d{2}-\d{2})"
    r"|\d{4}年\d{1,2}月\d{1,2}日).*$"
)
_LAST_DATE = re.compile(
    r"[,–—(]\s?((?:[^\W\d_]+\.?\s+\d{1,2},?\s+\d{4}|\d{1,2}\.?\s+(?:de\s+)?[^\W\d_]+\.?\s+(?:de\s+)?\d{4}"
    r"|\d{4}年\d{1,2}月\d{1,2}日))\)?[.。]?$"
)


def _moment(
    day: tuple[int, int, int], clock: tuple[str | None, ...] = (), zone: str | None = None
) -> datetime | None:
    """A datetime of whole seconds; hour 24 and second 60 run on into what follows.

    The years 1 and 9999 are no dates: programs print the first for "not set", the last for "never".
    """
    year, month, number = day
    if not 1 < year < 9999:
        return None
    hour, minute, second = (int(part or 0) for part in (*clock, None, None, None)[:3])
    if hour > 24 or minute > 59 or second > 60:
        return None
    try:
        start = datetime(year, month, number, tzinfo=_zone(zone))
        moment = start + timedelta(hours=hour, minutes=minute, seconds=min(second, 59))
        moment.astimezone(UTC)  # the first and the last day of the calendar may have no UTC
    except (ValueError, OverflowError):
        return None
    return moment if moment.year < 9999 else None


def _zone(name: str | None) -> timezone:
    word = re.sub(r"^(?:gmt|utc)(?=[+-])", "", (name or "").lower())
    hit = re.fullmatch(r"([+-])(\d{2}):?(\d{2})?", word)
    if hit:
        minutes = int(hit[2]) * 60 + int(hit[3] or 0)
        if minutes < 24 * 60:
            return timezone(timedelta(minutes=minutes if hit[1] == "+" else -minutes))
    hours = _ZONES.get(word, 0)
    return timezone(timedelta(hours=hours)) if hours else UTC


def _iso(text: str) -> datetime | None:
    hit = _ISO.match(text)
    return (
        _moment((int(hit[1]), int(hit[2]), int(hit[3])), hit.group(4, 5, 6), hit[7])
        if hit
        else None
    )


def _day_first(text: str) -> datetime | None:
    hit = _DAY_FIRST.match(text)
    month = _month(hit[2]) if hit else None
    if hit is None or month is None:
        return None
    year = int(hit[3])
    if len(hit[3]) == 2:  # RFC 822 years: 2-digit ones below 70 are of this century
        year += 2000 if year < 70 else 1900
    return _moment((year, month, int(hit[1])), _clock(hit, 4), hit[8])


def _month_first(text: str) -> datetime | None:
    hit = _MONTH_FIRST.match(text)
    month = _month(hit[1]) if hit else None
    if hit is None or month is None:
        return None
    return _moment((int(hit[3]), month, int(hit[2])), _clock(hit, 4), hit[8])


def _clock(hit: re.Match[str], first: int) -> tuple[str | None, ...]:
    """Hour, minute and second of the groups of `_TIME`, on the 24-hour clock."""
    hour, minute, second, half = hit.group(first, first + 1, first + 2, first + 3)
    if hour and half and int(hour) <= 12:
        hour = str(int(hour) % 12 + (12 if half.lower().startswith("p") else 0))
    return hour, minute, second


def _asctime(text: str) -> datetime | None:
    hit = _ASCTIME.match(text)
    month = _month(hit[1]) if hit else None
    if hit is None or month is None:
        return None
    return _moment((int(hit[7]), month, int(hit[2])), hit.group(3, 4, 5), hit[6])


def _cjk(text: str) -> datetime | None:
    hit = _CJK.match(text)
    return _moment((int(hit[1]), int(hit[2]), int(hit[3]))) if hit else None


def _numeric(text: str) -> datetime | None:
    hit = _NUMERIC.match(text)
    if hit is None:
        return None
    first, second, year = int(hit[1]), int(hit[3]), int(hit[4])
    if hit[2] == "." or first > 12 or first == second:
        return _moment((year, second, first), _clock(hit, 5), hit[9])
    if second > 12:
        return _moment((year, first, second), _clock(hit, 5), hit[9])
    return None


_ENGLISH = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july",
         "aug august", "sep sept september", "oct october", "nov november", "dec december"), 1
    )
    for name in names.split()
}  # fmt: skip


def _month(word: str) -> int | None:
    name = word.lower().rstrip(".")
    return _ENGLISH.get(name) or (_months().get(name) if len(name) >= 3 else None)


@cache
def _months() -> dict[str, int]:
    """Month names of the larger languages (CLDR); one that means two months is left out."""
    from babel.dates import get_month_names

    meant: dict[str, set[int]] = {}
    for locale in _LOCALES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, locale).items():
                    meant.setdefault(str(name).lower().rstrip("."), set()).add(number)
    return {name: numbers.pop() for name, numbers in meant.items() if len(numbers) == 1}
