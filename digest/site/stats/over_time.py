"""One plot of the statistics with all that stands around it, and those over time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from digest.site.stats import plots, said
from digest.site.stats.plots import Series
from digest.site.style import CLIP_BYTES
from digest.statistics import Period, Statistics

MOST_SECTIONS = 6
"""Sections with a plot of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Small:
    """One of several small plots, under its name."""

    name: str
    said: str
    svg: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A plot, or several small ones, with what stands out above it and its numbers below."""

    key: str
    title: str
    said: str
    svg: Markup | None = None
    small: tuple[Small, ...] = ()
    note: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    wide: bool = False


def candidates(found: Statistics) -> Shown:
    """How much there was to choose from."""
    title, desc = "What there was to choose from", said.of_candidates(found)
    series = (
        Series(name="became stories", values=_each(found, _chosen_an_issue)),
        Series(name="were left out", quiet=True, values=_each(found, _left_an_issue)),
    )
    return _over_time(
        found,
        "candidates",
        title,
        desc,
        series,
        number=said.number,
        columns=("Candidates", "Stories", "Candidates an issue"),
        row=lambda one: (
            f"{one.candidates:,}",
            f"{one.chosen:,}",
            said.number(one.candidates / one.built) if one.built else "",
        ),
        note=f"Candidates of an issue, on average.{_but_imported(found)}",
    )


def volumes(found: Statistics) -> Shown:
    """How many stories an issue has."""
    title, desc = "Stories in an issue", said.of_volumes(found)
    series = (
        Series(name="leads", values=_each(found, lambda one: one.leads / one.issues)),
        Series(name="teasers", values=_each(found, lambda one: one.teasers / one.issues)),
    )
    return _over_time(
        found,
        "volumes",
        title,
        desc,
        series,
        number=said.number,
        columns=("Issues", "Leads", "Teasers"),
        row=lambda one: (f"{one.issues:,}", f"{one.leads:,}", f"{one.teasers:,}"),
        note="" if found.step == "issue" else "Stories of an issue, on average.",
    )


def lengths(found: Statistics) -> Shown:
    """How long blurbs are."""
    title, desc = "How long blurbs are", said.of_lengths(found)
    series = (
        Series(name="under leads", values=_each(found, lambda one: one.lead_length)),
        Series(name="under teasers", values=_each(found, lambda one: one.teaser_length)),
    )
    return Shown(
        key="lengths",
        title=title,
        said=desc,
        svg=plots.lines(
            _labels(found), series, key="lengths", title=title, desc=desc, said=said.number
        ),
        note="Characters of the usual blurb: half are longer, half are shorter.",
        columns=("When", "Under leads", "Under teasers"),
        rows=_rows(found, lambda one: (_or_none(one.lead_length), _or_none(one.teaser_length))),
    )


def sizes(found: Statistics) -> Shown:
    """How large the email is, beside Gmail's limit."""
    title, desc = "How large the email is", said.of_sizes(found)
    largest = _each(found, lambda one: max(one.html_bytes, default=0))
    series = [Series(name="usual", values=_each(found, lambda one: one.html_median))]
    if found.step != "issue":
        series.append(Series(name="largest", values=largest))
    limit = (float(CLIP_BYTES), f"Gmail hides what is beyond {said.kilobytes(CLIP_BYTES)}")
    return Shown(
        key="sizes",
        title=title,
        said=desc,
        svg=plots.lines(
            _labels(found),
            series,
            key="sizes",
            title=title,
            desc=desc,
            said=said.kilobytes,
            limit=limit,
        ),
        note="The email’s HTML, without its pictures.",
        columns=("When", "Usual", "Largest", "Beyond the limit"),
        rows=_rows(
            found,
            lambda one: (
                said.kilobytes(one.html_median or 0),
                said.kilobytes(max(one.html_bytes)),
                f"{sum(size > CLIP_BYTES for size in one.html_bytes):,}",
            ),
        ),
    )


def repeats(found: Statistics, *, public: bool) -> Shown:
    """How much ran before."""
    title, desc = "Stories that go on", said.of_repeats(found)
    series = (
        Series(name="ran before", values=_each(found, lambda one: _of(one.repeats, one))),
        Series(name="updates", values=_each(found, lambda one: _of(one.updates, one))),
    )
    columns: tuple[str, ...] = ("Stories", "Ran before", "Updates")
    if not public:
        columns += ("Kept out",)
    return _over_time(
        found,
        "repeats",
        title,
        desc,
        series,
        number=percent,
        columns=columns,
        row=lambda one: (
            f"{one.stories:,}",
            f"{one.repeats:,}",
            f"{one.updates:,}",
            f"{one.ran_before:,}",
        )[: len(columns)],
        note="Of all stories: those whose entry or address an earlier issue had, and those that "
        "are marked as an update to an earlier story."
        + ("" if public else " Kept out are candidates that had run."),
    )


def changes(found: Statistics) -> Shown:
    """How often the editor overruled the machine."""
    title, desc = "How often the editor overruled the machine", said.of_changes(found)
    series = (Series(name="changed", values=_each(found, _changed_share)),)
    return _over_time(
        found,
        "changes",
        title,
        desc,
        series,
        number=percent,
        columns=("Stories", "Changed", "Share", "Dropped"),
        row=lambda one: (
            f"{one.chosen:,}",
            f"{one.changed:,}",
            said.share(one.changed, one.chosen),
            f"{one.dropped:,}",
        ),
        note="Stories that the editor changed in any way, of all stories." + _but_imported(found),
    )


def sections(found: Statistics) -> Shown:
    """A small plot for each of the largest sections, all of one height."""
    title, desc = "The sections", said.of_sections(found)
    names = found.sections[:MOST_SECTIONS]
    shares = {name: _each(found, _share_of(name)) for name in names}
    top = max((value or 0.0 for row in shares.values() for value in row), default=0.0)
    labels = _labels(found)
    small = []
    for at, name in enumerate(names):
        told = f"{said.share(found.whole.sections[name], found.whole.teasers)} of the teasers"
        svg = plots.area(
            labels,
            shares[name],
            key=f"section{at}",
            title=said.named(name),
            desc=f"{told}.",
            said=percent,
            top=top,
        )
        small.append(Small(name=said.named(name), said=told, svg=svg))
    others = len(found.sections) - len(names)
    return Shown(
        key="sections",
        title=title,
        said=desc,
        small=tuple(small),
        note="The share of each section of all teasers; all plots have one scale."
        + (f" Not drawn: {others:,} smaller." if others > 0 else ""),
        columns=("When", *(said.named(name) for name in names)),
        rows=_rows(
            found,
            lambda one: tuple(said.share(one.sections.get(n, 0), one.teasers) for n in names),
        ),
        wide=True,
    )


def percent(share: float) -> str:
    """`12 %`, of a share; `0.5 %` below one."""
    found = share * 100
    return f"{found:.1f}".removesuffix(".0") + " %" if found < 2 else f"{found:.0f} %"


def _over_time(
    found: Statistics,
    key: str,
    title: str,
    desc: str,
    series: Sequence[Series],
    *,
    number: Callable[[float], str],
    columns: tuple[str, ...],
    row: Callable[[Period], tuple[str, ...]],
    note: str,
) -> Shown:
    return Shown(
        key=key,
        title=title,
        said=desc,
        svg=plots.columns(_labels(found), series, key=key, title=title, desc=desc, said=number),
        note=note,
        columns=("When", *columns),
        rows=_rows(found, row),
    )


def _labels(found: Statistics) -> tuple[str, ...]:
    return tuple(one.label for one in found.periods)


def _each(found: Statistics, value: Callable[[Period], float | None]) -> tuple[float | None, ...]:
    """The value of each period, None of one without an issue."""
    return tuple(value(one) if one.issues else None for one in found.periods)


def _rows(
    found: Statistics, row: Callable[[Period], tuple[str, ...]]
) -> tuple[tuple[str, ...], ...]:
    """A row for each period that has an issue, the latest first."""
    return tuple((one.label, *row(one)) for one in reversed(found.periods) if one.issues)


def _stories_an_issue(one: Period) -> float:
    return one.stories / one.issues


def _chosen_an_issue(one: Period) -> float | None:
    return one.chosen / one.built if one.built else None


def _left_an_issue(one: Period) -> float | None:
    return max(0.0, (one.candidates - one.chosen) / one.built) if one.built else None


def _changed_share(one: Period) -> float | None:
    if not one.built:
        return None
    return one.changed / one.chosen if one.chosen else 0.0


def _but_imported(found: Statistics) -> str:
    return " Issues that were imported are not counted here." if found.whole.imported else ""


def _of(count: int, one: Period) -> float:
    return count / one.stories if one.stories else 0.0


def _share_of(section: str) -> Callable[[Period], float | None]:
    return lambda one: one.sections.get(section, 0) / one.teasers if one.teasers else None


def _or_none(value: float | None) -> str:
    return "none" if value is None else said.number(value)
