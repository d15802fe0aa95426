"""What is counted over the issues, as values: what `digest issues stats` and its page show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median
from typing import Literal

from digest.models import Status

Step = Literal["issue", "month", "quarter", "year", "years"]
"""How long a period is: as short as leaves few enough of them to look at."""

CHANGES = ("pinned", "added", "headline", "blurb", "section", "order", "picture", "dropped")
"""What an editor may do to what the machine made of a story; all but the last in the issue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A story of an issue, as far as it is counted.

    `length` is the characters of its blurb; `keys` are hashes of its entry's id and address;
    `update`: it goes on with an event that an earlier issue told. `changes` are of CHANGES.
    """

    source: str
    lead: bool = False
    section: str = ""
    length: int = 0
    keys: tuple[str, ...] = ()
    update: bool = False
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """All that is counted of one issue.

    `candidates` are the entries of its window by source; `ran_before` of them were kept out since
    an earlier issue told them, and `dropped` by the editor. One that was `imported` was chosen from
    nothing that is known here, so it has no candidates.
    """

    slug: str
    end: datetime
    name: str = ""
    status: Status = "draft"
    html_bytes: int = 0
    candidates: Mapping[str, int] = field(default_factory=dict)
    ran_before: int = 0
    dropped: int = 0
    imported: bool = False
    stories: tuple[Told, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCount:
    """What one source offered, and what was taken of it; `name` may be empty.

    `imported` of its stories stood in issues that were imported.
    """

    name: str
    candidates: int
    stories: int
    leads: int
    imported: int = 0

    @property
    def chosen(self) -> int:
        """Its stories that were chosen out of candidates."""
        return self.stories - self.imported

    @property
    def accepted(self) -> float | None:
        """The share of its candidates that became stories; None where it offered none.

        At most 1: a story of the editor's own is no candidate of a source.
        """
        return min(1.0, self.chosen / self.candidates) if self.candidates else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """What was counted over the issues of one period, of which there may be none.

    `sections` count teasers, `changes` stories; `changed` are the stories of the issues that the
    editor changed in any way. `repeats` had an id or an address that ran before, and `updates` go
    on with what ran; `imported` counts issues, `imported_stories` theirs. Lengths are medians in
    characters, None where there was no blurb;
    `html_bytes` has a size for each issue, in their order.
    """

    label: str
    first: str = ""
    last: str = ""
    issues: int = 0
    candidates: int = 0
    stories: int = 0
    leads: int = 0
    sections: Mapping[str, int] = field(default_factory=dict)
    lead_length: float | None = None
    teaser_length: float | None = None
    html_bytes: tuple[int, ...] = ()
    repeats: int = 0
    updates: int = 0
    ran_before: int = 0
    changed: int = 0
    dropped: int = 0
    changes: Mapping[str, int] = field(default_factory=dict)
    imported: int = 0
    imported_stories: int = 0

    @property
    def built(self) -> int:
        """The issues that were built here, out of candidates."""
        return self.issues - self.imported

    @property
    def chosen(self) -> int:
        """The stories of those."""
        return self.stories - self.imported_stories

    @property
    def teasers(self) -> int:
        """The stories that are no leads."""
        return self.stories - self.leads

    @property
    def html_median(self) -> float | None:
        """The usual size of an issue's HTML, in bytes."""
        return median(self.html_bytes) if self.html_bytes else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """What was counted: over all issues, by source, and period by period, oldest first.

    `sources` come with most stories first, and so do `sections`; `name` is the newsletter's in its
    latest issue.
    """

    step: Step
    whole: Period
    name: str = ""
    sources: tuple[SourceCount, ...] = ()
    periods: tuple[Period, ...] = ()

    @property
    def sections(self) -> tuple[str, ...]:
        """The names of the sections, those with most stories first."""
        return tuple(self.whole.sections)
