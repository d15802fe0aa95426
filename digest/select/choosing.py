"""Which of the ranked stories become leads and teasers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from digest.models import Entry, Tier
from digest.select.ranking import says_enough, source_of
from digest.settings import Settings


@dataclass(frozen=True, slots=True)
class Choice:
    """Places among the ranked stories, in the order of rank.

    The leads, the teasers, those that a source's cap held back, and those that stand above a lead
    without being one, each with why: `source` (it leads already) or `short` (too little text).
    """

    leads: tuple[int, ...]
    teasers: tuple[int, ...]
    held_back: tuple[int, ...]
    passed_over: tuple[tuple[int, str], ...]
    full: tuple[int, ...] = ()
    low: tuple[int, ...] = ()


_NO_PINS: Mapping[int, Tier] = MappingProxyType({})


def choose(
    ranked: Sequence[Entry],
    settings: Settings,
    *,
    pins: Mapping[int, Tier] = _NO_PINS,
    low: Collection[int] = (),
    barred: Collection[int] = (),
) -> Choice:
    """Leads, then teasers, from `ranked` (best first), within the caps of the settings.

    What the editor pinned (place among `ranked` and tier) comes first, whatever the caps; it fills
    places that others would have had. `low` ones are below the floor, and stay out; `barred` ones
    would stand in a section that is full.

    While there are several sources, one has at most one lead, and at most `per_source` stories in
    all; a newsletter of one source has no such caps. A lead needs something to say under its
    headline. No place is filled for its own sake.
    """
    sources = [source_of(entry) for entry in ranked]
    several = len(set(sources)) > 1
    spent: Counter[str] = Counter()
    leads = [place for place in sorted(pins) if pins[place] == "lead"]
    spent.update(sources[place] for place in leads)
    passed_over: list[tuple[int, str]] = []
    able = [place for place in range(len(ranked)) if place not in pins and place not in low]
    for place in able:
        if len(leads) >= settings.leads:
            break
        if not says_enough(ranked[place]):
            passed_over.append((place, "short"))
        elif several and spent[sources[place]]:
            passed_over.append((place, "source"))
        else:
            leads.append(place)
            spent[sources[place]] += 1
    teasers = [place for place in sorted(pins) if pins[place] == "teaser"]
    spent.update(sources[place] for place in teasers)
    held_back: list[int] = []
    full: list[int] = []
    for place in able:
        if place in leads or len(teasers) >= settings.teasers:
            continue
        if place in barred:
            full.append(place)
        elif several and spent[sources[place]] >= settings.per_source:
            held_back.append(place)
        else:
            teasers.append(place)
            spent[sources[place]] += 1
    return Choice(
        tuple(leads),
        tuple(teasers),
        tuple(held_back),
        tuple(passed_over),
        tuple(full),
        tuple(sorted(set(low) - pins.keys())),
    )
