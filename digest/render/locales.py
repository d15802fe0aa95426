"""How a language writes a day."""

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
