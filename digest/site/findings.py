"""What the checks found in an issue, each finding with the way to the place that it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from digest.models import Failure, Finding
from digest.site.pages import Around, Listed, issue_page
from digest.site.source import SOURCES

PER_PAGE = 30
_LEVELS = {"error": "Errors", "warning": "Warnings", "new": "New"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRow:
    """A finding and where it points: the line, from 1, of a file, the element there, the story.

    `new`: the issue before it does not have the same.
    """

    finding: Finding
    file: str = ""
    line: int = 0
    column: int = 0
    element: str = ""
    story: str = ""
    new: bool = False

    @property
    def href(self) -> str:
        """The address of the place, from the issue's own page; empty where there is none."""
        if self.file in SOURCES:
            query = {"file": self.file}
            if not self.line:
                return f"source?{urlencode(query)}"
            query |= {"line": str(self.line), "at": str(self.column)}
            return f"source?{urlencode(query)}#{'here' if self.element else f'L{self.line}'}"
        if self.file == "message.eml":
            return f"raw?line={self.line}#L{self.line}" if self.line else "raw"
        return ""


def findings_page(
    row: Listed,
    found: Sequence[FoundRow],
    *,
    around: Around,
    failures: Sequence[Failure] = (),
    compared: str = "",
    only: str = "",
    number: int = 1,
) -> str:
    """The findings, errors first, PER_PAGE on a page.

    `compared` is the issue before it, where what is new could be told; `only` shows those of a
    level, or the new ones.
    """
    counts = {
        "error": sum(one.finding.level == "error" for one in found),
        "warning": sum(one.finding.level == "warning" for one in found),
        "new": sum(one.new for one in found),
    }
    chosen = [
        one for one in found if only in {"", one.finding.level} or (only == "new" and one.new)
    ]
    pages = max(1, -(-len(chosen) // PER_PAGE))
    number = min(max(1, number), pages)
    start = (number - 1) * PER_PAGE
    return issue_page(
        "findings.html.j2",
        "findings",
        row,
        around,
        found=chosen[start : start + PER_PAGE],
        levels={key: label for key, label in _LEVELS.items() if key != "new" or compared},
        counts=counts,
        total=len(found),
        only=only,
        failures=failures[:20],
        compared=compared,
        number=number,
        pages=pages,
    )
