"""How a language writes a day and a number."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel import Locale


def long_date(day: datetime, language: str) -> str:
    """A day written out, weekday first, as `language` writes it; English where it is unknown."""
    from babel.dates import format_date

    written: str = format_date(day.date(), format="full", locale=_locale(language) or "en")
    return written


def number(value: int, language: str) -> str:
    """A whole number as `language` groups its digits; as English does where it is unknown.

    The digits are 0 to 9 everywhere, as in the dates: what CLDR calls the numbering system `latn`.
    Four of them stay together: Spanish asks for it (which Babel 2.18 does not know), all allow it.
    """
    if -10_000 < value < 10_000:
        return str(value)
    from babel.numbers import format_decimal

    written: str = format_decimal(value, locale=_locale(language) or "en")
    return written


@cache
def _locale(language: str) -> Locale | None:
    """Babel's locale of a language tag, or of the language alone; None where it knows neither."""
    from babel import Locale, UnknownLocaleError

    words = re.split(r"[-_]", language.strip())
    for count in range(len(words), 0, -1):
        try:
            return Locale.parse("_".join(words[:count]))
        except (UnknownLocaleError, ValueError):
            continue
    return None
