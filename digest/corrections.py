"""Corrections of an issue that was sent, as values: what `corrections.toml` holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

LONGEST_NOTE, MOST_CORRECTIONS = 2_000, 200
"""Characters of a note, and corrections of an issue: far beyond what a reader reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A dated note on an issue; `story` is the id of the entry that it is about, if it is of one.

    `moment` has an offset. `line` is where in the file the table begins, from 1; it is no key.
    """

    moment: datetime
    note: str
    story: str = ""
    line: int = 0

    def __post_init__(self) -> None:
        if self.moment.utcoffset() is None:
            raise ValueError("moment needs an offset, such as 2026-11-20T09:00:00+00:00")
        if not 1 < self.moment.year < 9999:  # at the ends of the calendar nothing can be reckoned
            raise ValueError(f"moment lies in the year {self.moment.year}")
        if not self.note.strip():
            raise ValueError("note is empty")
        if len(self.note) > LONGEST_NOTE:
            raise ValueError(f"note has {len(self.note):,} characters; {LONGEST_NOTE:,} are shown")
