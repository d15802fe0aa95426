"""One happening, told by several sources: groups of entries by the rare words they share."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

from digest.match.dates import is_dated
from digest.match.likeness import EVENT_WEIGHTS, Saying, Weights, likeness, sayings
from digest.match.linkage import average_link
from digest.match.terms import tongues
from digest.models import Entry

Level = Literal["event", "topic"]


@dataclass(frozen=True, slots=True)
class Bound:
    """What it takes to be of one group.

    The average likeness of two groups, the words that a pair shares, and how many of these are
    prominent in one of the two (said in its title, or thrice): two long essays share many words
    and no event. With `weights`, the likeness is the chance that two report one happening, by their
    words, names and numbers (`chance`); without, it is the likeness of their words alone. With
    `within`, two dated entries of one group are no further apart; with `sources_apart`, two
    entries of one source count as unlike unless they say the same words: only what other sources
    report holds them together.
    """

    average: float
    shared: int
    prominent: int
    weights: Weights | None = None
    within: timedelta | None = None
    sources_apart: bool = False


LEVELS: Mapping[str, Bound] = {
    # ECB+ (two events of each kind, 770 entries), `python -m bench.events`: cross-validated over
    # topics, F1 .88 to .89. All at once, precision, recall, F1: .10: .83 .95 .885 · .12: .86 .93
    # .896 · .13: .87 .92 .893 · .16: .87 .90 .886 · .20: .91 .85 .879 · .30: .93 .74 .83.
    # `within`: ECB+ gives no dates, the headlines only when they were gathered. Of the 74 groups
    # with several sources in a hundred real feeds (2,508 entries of 2012 to 2026), 45 span 6 days
    # or less, none 7 to 11, and 29 span 12 days or more: one of these is one happening, an outage
    # (20 October) with what engineers wrote of it 6 and 15 days later.
    # `sources_apart`: in the same feeds no similarity tells one source's second report (.50 a
    # gold medal, .35 a death, .32 talks) from its next column (.67 the next modem, .47 and .40
    # the next part of a series, .38 another announcement); copies are found by their runs. Never
    # to join two of one source would tell large events twice: a death in groups of 4 and 3
    # instead of 7, talks in 6 and 3 instead of 9.
    "event": Bound(
        average=0.13,
        shared=3,
        prominent=2,
        weights=EVENT_WEIGHTS,
        within=timedelta(days=10),
        sources_apart=True,
    ),
    # Headlines of 44 Google News clusters (all are titles): F1 .830; with one shared word .78,
    # with three .70.
    "topic": Bound(average=0.006, shared=2, prominent=0),
}
"""The thresholds of both levels, and the figures that set them (bench over labelled data)."""

CERTAIN = replace(LEVELS["event"], average=0.25)
"""An event as an issue tells it. A wrong "also covered by", a story kept out as told, or a wrong
"update to" costs an editor more than a missed one, and one town's sources share names that ECB+'s
do not: hence a precision of .92 there, at a recall of .81, and not the best F1."""


def events(
    entries: Sequence[Entry], *, level: Level = "event", bound: Bound | None = None
) -> tuple[str, ...]:
    """For each entry the id of the event (or topic) that it reports: that of its first member.

    First is the earliest published, then the lesser id. Entries in different languages or scripts
    are never of one event, nor those dated more than ten days apart; those of one source are
    when other sources hold them together (topics have neither bound). Groups are made by average
    link over the likeness of `digest.match.likeness`. `bound` takes the place of the level's own,
    for those who measure it.
    """
    bound = bound or LEVELS[level]
    order = sorted(range(len(entries)), key=lambda i: _first(entries[i]))
    groups: dict[str, list[int]] = {}
    for place, tongue in zip(order, tongues([entries[i] for i in order]), strict=True):
        groups.setdefault(tongue, []).append(place)
    named = [entry.id for entry in entries]
    for tongue, places in groups.items():
        heads = _grouped([entries[place] for place in places], tongue, bound)
        for place, head in zip(places, heads, strict=True):
            named[place] = entries[places[head]].id
    return tuple(named)


def _first(entry: Entry) -> tuple[float, str, str, str, int]:
    published = entry.published if is_dated(entry) else None
    moment = published.timestamp() if published else math.inf
    return moment, entry.id, entry.source, entry.title, entry.order


def _grouped(entries: Sequence[Entry], tongue: str, bound: Bound) -> list[int]:
    said = sayings(entries, tongue, names=bound.weights is not None)
    firsts = _firsts(entries, said, bound)
    twins: dict[int, list[Entry]] = {}
    for entry, first in zip(entries, firsts, strict=True):
        twins.setdefault(first, []).append(entry)
    own = sorted(twins)
    alike = likeness(
        [said[place] for place in own],
        shared=bound.shared,
        prominent=bound.prominent,
        weights=bound.weights,
    )
    if bound.sources_apart:
        sources = [entries[place].source for place in own]
        alike = {
            (i, j): value
            for (i, j), value in alike.items()
            if not sources[i] or sources[i] != sources[j]
        }
    apart = _apart([twins[place] for place in own], bound)
    heads = dict(zip(own, average_link(len(own), alike, bound.average, apart), strict=True))
    return [own[heads[first]] for first in firsts]


def _firsts(entries: Sequence[Entry], said: Sequence[Saying], bound: Bound) -> list[int]:
    """For each entry the first that says the same words: those are of one event, however common.

    Entries without a word say nothing, and not the same. Entries come by date, those without one
    last; the same words said again later than the bound allows begin anew.
    """
    first: dict[str, int] = {}
    firsts = list(range(len(said)))
    for place, one in enumerate(said):
        if one.words:
            # One string: a tuple of pairs would take ten times the room.
            key = " ".join(f"{word} {count}" for word, count in sorted(one.words.items()))
            before = first.setdefault(key, place)
            if _too_far([entries[before], entries[place]], bound):
                first[key] = place
            firsts[place] = first[key]
    return firsts


def _apart(
    twins: Sequence[Sequence[Entry]], bound: Bound
) -> Callable[[Sequence[int], Sequence[int]], bool]:
    """Whether two groups (places among `twins`) cannot be of one event, however alike they are."""
    ends = [_first_and_last(same) for same in twins]

    def apart(some: Sequence[int], others: Sequence[int]) -> bool:
        return _too_far([entry for place in (*some, *others) for entry in ends[place]], bound)

    return apart


def _first_and_last(entries: Sequence[Entry]) -> list[Entry]:
    dated = sorted((entry for entry in entries if is_dated(entry)), key=_first)
    return [dated[0], dated[-1]] if dated else []


def _too_far(entries: Sequence[Entry], bound: Bound) -> bool:
    """Whether the dates of these lie further apart than the bound allows."""
    if bound.within is None:
        return False
    dates = [entry.published for entry in entries if entry.published and is_dated(entry)]
    return len(dates) > 1 and max(dates) - min(dates) > bound.within
