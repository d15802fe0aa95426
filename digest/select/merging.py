"""Copies and events: which entry tells a story, and which others stand beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from digest.match import CERTAIN, copies, events, same_address
from digest.models import Entry
from digest.select.ranking import source_of, sources_of, tie_break
from digest.text.urls import canonical

Likeness = Literal["copy", "event", "again"]
"""The same text, another report of the event, or the very entry read from a second place."""


@dataclass(frozen=True, slots=True)
class Other:
    """An entry that is told by another one: as what, and the place of the one that it is like.

    A copy may be like an entry of the event that does not tell it either.
    """

    place: int
    likeness: Likeness
    like: int


@dataclass(frozen=True, slots=True)
class Happening:
    """The entry that tells a story (its place), and the others of it, best first."""

    teller: int
    others: tuple[Other, ...] = ()

    def sources(self, entries: Sequence[Entry]) -> int:
        """How many sources report it; an entry that is listed again counts once."""
        others = (entries[o.place] for o in self.others if o.likeness != "again")
        return sources_of([entries[self.teller], *others])


def happenings(
    entries: Sequence[Entry], places: Sequence[int], worth: Callable[[int], float]
) -> tuple[Happening, ...]:
    """The stories that the entries at `places` tell, each with the places of its entries.

    The best entry by `worth` tells a story: first among copies of one text, then among those of
    one event. Several entries of one source alone are no event: the source says that these are
    several stories, and its weekly columns share their words.
    """
    order = sorted(places, key=lambda place: (-worth(place), tie_break(entries[place])))
    copied = _copied([entries[place] for place in order])
    kept = [i for i in range(len(order)) if i not in copied]
    groups = _groups([entries[order[i]] for i in kept])
    told_by = dict(zip(kept, (kept[group] for group in groups), strict=True))
    others: dict[int, list[Other]] = {head: [] for head in sorted(set(told_by.values()))}
    for i, place in enumerate(order):
        if i in copied:
            others[told_by[copied[i]]].append(Other(place, "copy", order[copied[i]]))
        elif told_by[i] != i:
            others[told_by[i]].append(Other(place, "event", order[told_by[i]]))
    return tuple(
        Happening(order[head], _listed_again(entries, order[head], found))
        for head, found in others.items()
    )


def _listed_again(
    entries: Sequence[Entry], teller: int, others: Sequence[Other]
) -> tuple[Other, ...]:
    """The others of a story, those of them told apart that are the teller or an earlier other.

    A newspaper's main feed and its section feeds list one article, and a folder may be given
    twice under two names: that is no second source.
    """
    if not others:
        return ()
    first = dict.fromkeys(_names(entries[teller]), teller)
    found: list[Other] = []
    for other in others:
        names = _names(entries[other.place])
        same = [first[name] for name in names if name in first]
        found.append(Other(other.place, "again", same[0]) if same else other)
        for name in names:
            first.setdefault(name, other.place)
    return tuple(found)


def _names(entry: Entry) -> tuple[tuple[str, ...], ...]:
    """What only the very same entry shares: id, and address, or every word where it has none."""
    if entry.url:
        return ("id", entry.id), ("address", canonical(entry.url))
    return ("id", entry.id), ("words", entry.title, entry.summary, entry.text)


def _copied(entries: Sequence[Entry]) -> dict[int, int]:
    """Each copy with the original that tells it; entries come best first, and the first wins.

    What copies a copy is measured against the originals alone: being alike is not passed on. Only
    an id or an article's address that stood before is that entry again, wherever it went.
    """
    alike: dict[int, set[int]] = {}
    for pair in copies(entries):
        alike.setdefault(pair.second, set()).add(pair.first)
    same: dict[int, int] = {}
    for first, second in _same_addresses(entries):
        same.setdefault(second, first)
    ids: dict[str, int] = {}
    copied: dict[int, int] = {}
    for place, entry in enumerate(entries):
        before = min(ids.setdefault(entry.id, place), same.get(place, place))
        originals = [other for other in alike.get(place, ()) if other not in copied]
        if before != place:
            copied[place] = copied.get(before, before)
        elif originals:
            copied[place] = min(originals)
    return copied


def _same_addresses(entries: Sequence[Entry]) -> Iterator[tuple[int, int]]:
    """Pairs of entries at one article's address.

    The first few speak for an address that very many entries give.
    """
    addresses: dict[str, list[int]] = {}
    for place, entry in enumerate(entries):
        if entry.url:
            there = addresses.setdefault(canonical(entry.url), [])
            yield from ((o, place) for o in there[:20] if same_address(entries[o], entry))
            there.append(place)


def _groups(entries: Sequence[Entry]) -> list[int]:
    """For each entry the place of the first entry of its event; itself, where it is alone."""
    named: dict[str, list[int]] = {}
    for place, name in enumerate(events(entries, bound=CERTAIN)):
        named.setdefault(name, []).append(place)
    heads = list(range(len(entries)))
    for members in named.values():
        if len({source_of(entries[place]) for place in members}) > 1:
            for place in members:
                heads[place] = members[0]
    return heads
