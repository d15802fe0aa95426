"""The plots of the statistics that compare sources, and the editor's decisions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from digest.site.stats import plots, said
from digest.site.stats.over_time import Shown
from digest.site.stats.plots import Bar
from digest.statistics import SourceCount, Statistics

MOST_SOURCES, MOST_ROWS = 12, 20
"""Sources in a plot, and in its table, where the others are told in sum."""

_KINDS = {
    "pinned": "Pinned",
    "added": "Added by hand",
    "headline": "Headline",
    "blurb": "Blurb",
    "section": "Section",
    "order": "Order",
    "picture": "Picture",
    "dropped": "Dropped",
}


def stories(found: Statistics, *, public: bool) -> Shown:
    """Whose stories were told, beside what was offered."""
    whole = found.whole
    title = "Who told the stories"
    desc = said.of_stories(found, public=public)
    svg = plots.bars(
        [
            Bar(
                name=said.named(one.name),
                value=one.stories,
                said=said.share(one.stories, whole.stories),
                mark=None if public else one.candidates * whole.stories / (whole.candidates or 1),
            )
            for one in found.sources[:MOST_SOURCES]
            if one.stories or one.candidates
        ],
        key="stories",
        title=title,
        desc=desc,
    )
    columns = ("Source", "Stories", "Of all", "Leads", "Of all")
    rows = [
        (
            said.named(one.name),
            f"{one.stories:,}",
            said.share(one.stories, whole.stories),
            f"{one.leads:,}",
            said.share(one.leads, whole.leads),
        )
        for one in _bounded(found.sources)
    ]
    return Shown(
        key="stories",
        title=title,
        said=desc,
        svg=svg,
        note=""
        if public
        else "The bar is the share of the stories; the upright line is the "
        "share of the candidates that the source offered.",
        columns=columns,
        rows=tuple(rows),
    )


def leads(found: Statistics) -> Shown:
    """Whose stories were leads, beside all that were told."""
    whole = found.whole
    ranked = sorted(found.sources, key=lambda one: (-one.leads, -one.stories, one.name))
    title, desc = "Who told the leads", said.of_leads(found)
    svg = plots.bars(
        [
            Bar(
                name=said.named(one.name),
                value=one.leads,
                said=said.share(one.leads, whole.leads),
                mark=one.stories * whole.leads / (whole.stories or 1),
            )
            for one in ranked[:MOST_SOURCES]
            if one.stories
        ],
        key="leads",
        title=title,
        desc=desc,
    )
    return Shown(
        key="leads",
        title=title,
        said=desc,
        svg=svg,
        note="The bar is the share of the leads; the upright line is the source’s share of all "
        "stories.",
        columns=("Source", "Leads", "Of all", "Of its own stories"),
        rows=tuple(
            (
                said.named(one.name),
                f"{one.leads:,}",
                said.share(one.leads, whole.leads),
                said.share(one.leads, one.stories),
            )
            for one in _bounded(ranked)
        ),
    )


def taken(found: Statistics) -> Shown:
    """What was taken of what each source offered."""
    ranked = sorted(
        (one for one in found.sources if one.candidates),
        key=lambda one: (-one.candidates, one.name),
    )
    usual = found.whole.chosen / (found.whole.candidates or 1)
    title, desc = "What was taken of what they offered", said.of_taken(found)
    svg = plots.bars(
        [
            Bar(
                name=said.named(one.name),
                value=one.accepted or 0.0,
                said=f"{said.share(one.accepted or 0, 1)} of {one.candidates:,}",
                mark=min(1.0, usual),
            )
            for one in ranked[:MOST_SOURCES]
        ],
        key="taken",
        title=title,
        desc=desc,
    )
    return Shown(
        key="taken",
        title=title,
        said=desc,
        svg=svg,
        note="The sources with most candidates; the upright line is the share that is taken of "
        "all candidates. A candidate is an entry of an issue’s week.",
        columns=("Source", "Candidates", "Of all", "Stories", "Taken"),
        rows=tuple(
            (
                said.named(one.name),
                f"{one.candidates:,}",
                said.share(one.candidates, found.whole.candidates),
                f"{one.chosen:,}",
                said.share(one.accepted or 0, 1),
            )
            for one in _bounded(ranked)
        ),
    )


def kinds(found: Statistics) -> Shown:
    """What the editor decided, by kind."""
    whole = found.whole
    ranked = sorted(whole.changes.items(), key=lambda one: (-one[1], one[0]))
    title, desc = "What the editor decided", said.of_kinds(found)
    rows = [(_KINDS[name], f"{count:,}", said.share(count, whole.chosen)) for name, count in ranked]
    return Shown(
        key="kinds",
        title=title,
        said=desc,
        svg=plots.bars(
            [Bar(name=_KINDS[n], value=c, said=f"{c:,}") for n, c in ranked if c],
            key="kinds",
            title=title,
            desc=desc,
        ),
        note="A story may be in several rows. What was dropped was a candidate.",
        columns=("Decision", "Stories", "Against all stories"),
        rows=tuple(rows),
    )


def _bounded(sources: Sequence[SourceCount]) -> Iterator[SourceCount]:
    """The first sources, and all others as one."""
    yield from sources[:MOST_ROWS]
    others = sources[MOST_ROWS:]
    if others:
        yield SourceCount(
            name=f"{len(others):,} more",
            candidates=sum(one.candidates for one in others),
            stories=sum(one.stories for one in others),
            leads=sum(one.leads for one in others),
            imported=sum(one.imported for one in others),
        )
