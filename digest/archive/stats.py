"""Counting over tallies: one issue after the other goes in, and its stories are not kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from digest.statistics import CHANGES, Period, SourceCount, Statistics, Step, Tally

MOST_PERIODS = 26
"""More of them nobody tells apart on a phone; and a page of them stays small."""


def periods_of(slugs: Sequence[str]) -> tuple[Step, int]:
    """How long the periods over these issues are, and of how many years where they are of years."""
    if len(slugs) <= MOST_PERIODS:
        return "issue", 1
    first, last = _month(slugs[0]), _month(slugs[-1])
    if last - first < MOST_PERIODS:
        return "month", 1
    if last // 3 - first // 3 < MOST_PERIODS:
        return "quarter", 1
    years = last // 12 - first // 12 + 1
    span = -(-years // MOST_PERIODS)
    return ("year" if span == 1 else "years"), span


def count(
    tallies: Iterable[Tally],
    *,
    last: int | None = None,
    start: date | None = None,
    end: date | None = None,
) -> Statistics:
    """The statistics over the issues of `tallies`, which come oldest first.

    `start` and `end` are the first and the last day on which a cut-off may lie, on the clocks of
    its issue; of those the `last` ones are meant. The others say what ran before, and no more.
    """
    counts: list[_Count] = []
    ran: set[str] = set()
    for tally in tallies:
        if (start or date.min) <= tally.end.date() <= (end or date.max):
            repeats = sum(any(key in ran for key in story.keys) for story in tally.stories)
            counts.append(_Count.of(tally, repeats))
        ran.update(key for story in tally.stories for key in story.keys)
    counts = counts[max(0, len(counts) - last) :] if last is not None else counts
    step, span = periods_of([one.first for one in counts])
    whole = _Count()
    found: dict[int, _Count] = {}
    for number, one in enumerate(counts):
        place = number if step == "issue" else _place(one.first, step, span)
        for larger in (whole, found.setdefault(place, _Count())):
            larger.merge(one)
    return Statistics(
        step=step,
        name=whole.name,
        whole=whole.period("all"),
        sources=tuple(sorted(whole.source_counts(), key=_by_stories)),
        periods=tuple(_in_order(found, step, span)),
    )


def _by_stories(one: SourceCount) -> tuple[int, int, int, str]:
    return -one.stories, -one.leads, -one.candidates, one.name


def _in_order(found: Mapping[int, _Count], step: Step, span: int) -> Iterator[Period]:
    """The periods, with those in between that have no issue."""
    for place in range(min(found), max(found) + 1) if found else ():
        one = found.get(place, _Count())
        yield one.period(one.first if step == "issue" else _label(place, step, span))


def _month(slug: str) -> int:
    """The month in which most of an ISO week lies, counted from the year 0."""
    year, week = int(slug[:4]), int(slug[6:8])
    try:
        # Its Thursday decides, as it does for the week's year.
        month = date.fromisocalendar(year, week, 4).month
    except ValueError:  # a week that no calendar has still names a folder
        month = 12
    return year * 12 + month - 1


def _place(slug: str, step: Step, span: int) -> int:
    month = _month(slug)
    return {"month": month, "quarter": month // 3}.get(step, month // 12 // span)


def _label(place: int, step: Step, span: int) -> str:
    if step == "month":
        return f"{place // 12:04d}-{place % 12 + 1:02d}"
    if step == "quarter":
        return f"{place // 4:04d} Q{place % 4 + 1}"
    if step == "year":
        return f"{place:04d}"
    return f"{place * span:04d}–{place * span + span - 1:04d}"


_SUMS = ("issues", "candidates", "stories", "leads", "repeats", "updates", "ran_before",
         "changed", "dropped", "imported", "imported_stories")  # fmt: skip
_COUNTERS = ("sections", "changes", "lead_lengths", "teaser_lengths", "offered", "taken", "led",
             "brought")  # fmt: skip


@dataclass(slots=True)
class _Count:
    """What was counted of an issue or of several, without its stories."""

    first: str = ""
    last: str = ""
    name: str = ""
    issues: int = 0
    candidates: int = 0
    stories: int = 0
    leads: int = 0
    repeats: int = 0
    updates: int = 0
    ran_before: int = 0
    changed: int = 0
    dropped: int = 0
    imported: int = 0
    imported_stories: int = 0
    html_bytes: list[int] = field(default_factory=list)
    sections: Counter[str] = field(default_factory=Counter)
    changes: Counter[str] = field(default_factory=Counter)
    lead_lengths: Counter[int] = field(default_factory=Counter)
    teaser_lengths: Counter[int] = field(default_factory=Counter)
    offered: Counter[str] = field(default_factory=Counter)
    taken: Counter[str] = field(default_factory=Counter)
    led: Counter[str] = field(default_factory=Counter)
    brought: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, tally: Tally, repeats: int) -> _Count:
        """What is counted of one issue."""
        leads = [story for story in tally.stories if story.lead]
        teasers = [story for story in tally.stories if not story.lead]
        return cls(
            first=tally.slug,
            last=tally.slug,
            name=tally.name,
            issues=1,
            candidates=sum(tally.candidates.values()),
            stories=len(tally.stories),
            leads=len(leads),
            repeats=repeats,
            updates=sum(story.update for story in tally.stories),
            ran_before=tally.ran_before,
            changed=sum(bool(story.changes) for story in tally.stories),
            dropped=tally.dropped,
            imported=int(tally.imported),
            imported_stories=len(tally.stories) * tally.imported,
            html_bytes=[tally.html_bytes],
            sections=Counter(story.section for story in teasers),
            changes=Counter(name for story in tally.stories for name in story.changes),
            lead_lengths=Counter(story.length for story in leads if story.length),
            teaser_lengths=Counter(story.length for story in teasers if story.length),
            offered=Counter(tally.candidates),
            taken=Counter(story.source for story in tally.stories),
            led=Counter(story.source for story in leads),
            brought=Counter(story.source for story in tally.stories if tally.imported),
        )

    def merge(self, other: _Count) -> None:
        """Add a later one to this one."""
        self.first = self.first or other.first
        self.last = other.last
        self.name = other.name or self.name
        self.html_bytes += other.html_bytes
        for name in _SUMS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in _COUNTERS:
            getattr(self, name).update(getattr(other, name))

    def source_counts(self) -> Iterator[SourceCount]:
        """What each source offered, and what was taken of it."""
        for name in self.offered.keys() | self.taken.keys():
            yield SourceCount(
                name=name,
                candidates=self.offered[name],
                stories=self.taken[name],
                leads=self.led[name],
                imported=self.brought[name],
            )

    def period(self, label: str) -> Period:
        """What was counted."""
        changes = {**self.changes, "dropped": self.dropped}
        return Period(
            label=label,
            first=self.first,
            last=self.last,
            issues=self.issues,
            candidates=self.candidates,
            stories=self.stories,
            leads=self.leads,
            sections=dict(sorted(self.sections.items(), key=lambda one: (-one[1], one[0]))),
            lead_length=_median(self.lead_lengths),
            teaser_length=_median(self.teaser_lengths),
            html_bytes=tuple(self.html_bytes),
            repeats=self.repeats,
            updates=self.updates,
            ran_before=self.ran_before,
            changed=self.changed,
            dropped=self.dropped,
            changes={name: changes.get(name, 0) for name in CHANGES},
            imported=self.imported,
            imported_stories=self.imported_stories,
        )


def _median(lengths: Counter[int]) -> float | None:
    """The middle one of the lengths, of two the mean; None where there is none."""
    total = lengths.total()
    if not total:
        return None
    middle: list[int] = []
    passed = 0
    for length in sorted(lengths):
        passed += lengths[length]
        if not middle and passed * 2 >= total:
            middle.append(length)
        if passed * 2 > total:
            middle.append(length)
            break
    return sum(middle) / len(middle)
