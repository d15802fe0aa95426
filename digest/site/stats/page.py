"""Which plots the makers of a newsletter see, and which its readers; the page of the former."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from digest.models import Failure
from digest.site.stats import by_source, over_time
from digest.site.stats.over_time import Shown
from digest.site.style import page
from digest.statistics import Statistics

_MOST_FAILURES = 20

STEPS = {
    "issue": "issue by issue",
    "month": "by month",
    "quarter": "by quarter",
    "year": "by year",
    "years": "by spans of years",
}
"""How a page says what its periods are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A link to the statistics over fewer issues, or over all."""

    href: str
    label: str
    current: bool = False


def stats_page(
    found: Statistics,
    *,
    root: str,
    failures: Sequence[Failure] = (),
    choices: Sequence[Choice] = (),
    version: str = "",
) -> str:
    """The page of `found` for those who make the newsletter; `version` as in `Around`."""
    return page(
        "stats.html.j2",
        root=root,
        found=found,
        step=STEPS[found.step],
        shown=_all(found) if found.whole.issues else (),
        choices=choices,
        failures=failures[:_MOST_FAILURES],
        more=max(0, len(failures) - _MOST_FAILURES),
        version=version,
    )


def said_of(found: Statistics) -> tuple[str, ...]:
    """What stands out, a sentence for each plot."""
    return tuple(one.said for one in _all(found)) if found.whole.issues else ()


def _all(found: Statistics) -> tuple[Shown, ...]:
    return (
        by_source.stories(found, public=False),
        by_source.leads(found),
        by_source.taken(found),
        over_time.candidates(found),
        over_time.volumes(found),
        over_time.lengths(found),
        over_time.sections(found),
        over_time.sizes(found),
        over_time.repeats(found, public=False),
        over_time.changes(found),
        by_source.kinds(found),
    )


def public_plots(found: Statistics) -> tuple[Shown, ...]:
    """What readers may see: nothing of what was not told, of the editor's hand, or of sizes.

    A source of which nothing was told is not even named.
    """
    if not found.whole.issues:
        return ()
    told = tuple(replace(one, candidates=0) for one in found.sources if one.stories)
    found = replace(found, sources=told)
    return (
        by_source.stories(found, public=True),
        by_source.leads(found),
        over_time.sections(found),
        over_time.volumes(found),
        over_time.repeats(found, public=True),
    )
