"""The facts of published issues, kept a year a file, so that one changed issue costs one issue.

Derived, in `var/cache/published/`; it may be deleted at any time, and then the archive is read.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from pathlib import Path

from digest.codec import from_json, to_json
from digest.disk import read_kept, write_kept
from digest.errors import DocumentError
from digest.site import PublicIssue

_LIMIT = 1 << 28


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """An issue's facts, and the hash of what is published with them."""

    told: str
    facts: PublicIssue


@dataclass(frozen=True, slots=True, kw_only=True)
class _Year:
    made_by: str
    issues: dict[str, _Kept] = field(default_factory=dict)


class KeptFacts:
    """What is known of issues by their slug. `made_by` changes with what makes facts."""

    def __init__(self, folder: Path, *, made_by: str) -> None:
        self._folder = folder
        self._made_by = made_by
        self._years: dict[str, dict[str, _Kept]] = {}
        self._changed: set[str] = set()

    def get(self, slug: str, told: str) -> PublicIssue | None:
        """The facts that went with the hash `told`, where they are kept."""
        kept = self._year(slug[:4]).get(slug)
        return kept.facts if kept and kept.told == told else None

    def add(self, facts: PublicIssue, told: str) -> None:
        """Keep them."""
        year = facts.slug[:4]
        self._year(year)[facts.slug] = _Kept(told=told, facts=facts)
        self._changed.add(year)

    def save(self) -> None:
        """Write the years that changed; where that is not possible nothing is lost but time."""
        for year in sorted(self._changed):
            kept = _Year(made_by=self._made_by, issues=dict(sorted(self._years[year].items())))
            write_kept(self._folder / f"{year}.json", to_json(kept))
        self._changed.clear()

    def drop(self, year: str) -> None:
        """Hold a year no longer in memory."""
        if year not in self._changed:
            self._years.pop(year, None)

    def _year(self, year: str) -> dict[str, _Kept]:
        if year not in self._years:
            self._years[year] = {}
            raw = read_kept(self._folder / f"{year}.json", limit=_LIMIT)
            with contextlib.suppress(DocumentError):
                found = from_json(_Year, raw or b"", where=f"{year}.json")
                if found.made_by == self._made_by:
                    self._years[year] = found.issues
        return self._years[year]
