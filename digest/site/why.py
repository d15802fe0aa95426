"""Why an entry is where it is: every candidate with its verdict and the parts of its score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from digest.models import Candidate, Issue
from digest.site.pages import Around, Listed, issue_page
from digest.text.verbatim import whose

PLACES = {
    "lead": "Leads",
    "teaser": "Teasers",
    "also": "Also covered",
    "out": "Left out",
}
PER_PAGE = 100
"""Rows on one page: keeps it under 100 KB, also where a week has thousands of candidates."""

_ORDER = {place: at for at, place in enumerate(PLACES)}


@dataclass(frozen=True, slots=True)
class _Told:
    candidate: Candidate
    whose: str


def why_page(
    row: Listed,
    issue: Issue,
    candidates: Sequence[Candidate],
    *,
    around: Around,
    place: str = "",
    number: int = 1,
) -> str:
    """A table of the candidates, chosen ones first in the order of the issue, then by score.

    `place` (a key of PLACES) shows only those; `number` is the page, from 1, of PER_PAGE rows. A
    page that is not there shows the nearest one that is.
    """
    words = {story.entry.id: whose(story.blurb) for story in issue.stories}
    reading = {key: at for at, key in enumerate(words)}

    def rank(candidate: Candidate) -> tuple[int, int, float, str]:
        verdict = candidate.verdict
        at = reading.get(candidate.entry.id, len(reading))
        return _ORDER[verdict.place], at, -verdict.score, candidate.entry.id

    chosen = sorted((c for c in candidates if place in {"", c.verdict.place}), key=rank)
    pages = max(1, -(-len(chosen) // PER_PAGE))
    number = min(max(1, number), pages)
    start = (number - 1) * PER_PAGE
    shown = chosen[start : start + PER_PAGE]
    counts = [
        (key, label, sum(c.verdict.place == key for c in candidates))
        for key, label in PLACES.items()
    ]
    return issue_page(
        "why.html.j2",
        "why",
        row,
        around,
        rows=[_Told(c, words.get(c.entry.id, "")) for c in shown],
        titles={c.entry.id: c.entry.title for c in candidates},
        counts=counts,
        total=len(candidates),
        place=place,
        places=PLACES,
        number=number,
        pages=pages,
        first=start + 1,
        last=start + len(shown),
        found=len(chosen),
    )
