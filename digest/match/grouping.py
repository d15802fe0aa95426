"""One happening, told by several sources: groups of entries by the rare words they share."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from digest.match.dates import is_dated
from digest.match.linkage import average_link
from digest.match.terms import BODY_WORDS, TITLE_WEIGHT, body, content, tongues
from digest.models import Entry

Level = Literal["event", "topic"]


@dataclass(frozen=True, slots=True)
class Bound:
    """What it takes to be of one group.

    The average similarity of two groups, the words that a pair shares, and how many of these are
    prominent in one of the two (said in its title, or thrice): two long essays share many words
    and no event. With `within`, two dated entries of one group are no further apart; with
    `sources_apart`, two entries of one source count as unlike unless they say the same words: only
    what other sources report holds them together.
    """

    average: float
    shared: int
    prominent: int
    within: timedelta | None = None
    sources_apart: bool = False


LEVELS: Mapping[str, Bound] = {
    # ECB+ (two events of each kind, 770 entries), BCubed precision, recall, F1:
    # .10: .86 .86 .859 (the best F1) · .12: .88 .82 .850 · .14: .90 .76 .821 · .18: .92 .66 .767.
    # A wrong "also covered by" costs an editor more than a missed one, and one small town's
    # sources share names that ECB+'s do not: hence precision of .90.
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
        average=0.14, shared=3, prominent=2, within=timedelta(days=10), sources_apart=True
    ),
    # Headlines of 44 Google News clusters (all are titles): F1 .830; with one shared word .78,
    # with three .70.
    "topic": Bound(average=0.006, shared=2, prominent=0),
}
"""The thresholds of both levels, and the figures that set them (bench over labelled data)."""

BACKGROUND = 1000
"""Entries that the rarity of words is smoothed by: in a week of five entries every word would be
common otherwise. Thresholds hold from 60 to 3,000 entries with it, and drift without."""

UNREAD = 10
"""Rare words that every entry is taken to say beside the printed ones: a title of three words
that shares one is not a third the same."""

RARE = 300
"""Entries that a word may stand in and still connect two; keeps the cost of an entry level."""

HOUSE_LEAST, HOUSE_SHARE = 4, 0.3
"""A word in this many entries of one source, and in this share of them, is its house style."""

_FLOOR = 0.004


def events(entries: Sequence[Entry], *, level: Level = "event") -> tuple[str, ...]:
    """For each entry the id of the event (or topic) that it reports: that of its first member.

    First is the earliest published, then the lesser id. Entries in different languages or scripts
    are never of one event, nor those dated more than ten days apart; those of one source are
    when other sources hold them together (topics have neither bound). Similarity is the cosine of
    TF-IDF weights of content words, those of the title counted three times; groups are made by
    average link.
    """
    order = sorted(range(len(entries)), key=lambda i: _first(entries[i]))
    groups: dict[str, list[int]] = {}
    for place, tongue in zip(order, tongues([entries[i] for i in order]), strict=True):
        groups.setdefault(tongue, []).append(place)
    named = [entry.id for entry in entries]
    for tongue, places in groups.items():
        heads = _grouped([entries[place] for place in places], tongue, LEVELS[level])
        for place, head in zip(places, heads, strict=True):
            named[place] = entries[places[head]].id
    return tuple(named)


def _first(entry: Entry) -> tuple[float, str, str, str, int]:
    published = entry.published if is_dated(entry) else None
    moment = published.timestamp() if published else math.inf
    return moment, entry.id, entry.source, entry.title, entry.order


def _grouped(entries: Sequence[Entry], tongue: str, bound: Bound) -> list[int]:
    counted = _without_house(entries, [_counted(entry, tongue) for entry in entries])
    firsts = _firsts(entries, counted, bound)
    twins: dict[int, list[Entry]] = {}
    for entry, first in zip(entries, firsts, strict=True):
        twins.setdefault(first, []).append(entry)
    own = sorted(twins)
    similar = _similar(_vectors([counted[place] for place in own]), bound)
    if bound.sources_apart:
        sources = [entries[place].source for place in own]
        similar = {
            (i, j): value
            for (i, j), value in similar.items()
            if not sources[i] or sources[i] != sources[j]
        }
    apart = _apart([twins[place] for place in own], bound)
    heads = dict(zip(own, average_link(len(own), similar, bound.average, apart), strict=True))
    return [own[heads[first]] for first in firsts]


def _firsts(entries: Sequence[Entry], counted: Sequence[Counter[str]], bound: Bound) -> list[int]:
    """For each entry the first that says the same words: those are of one event, however common.

    Entries without a word say nothing, and not the same. Entries come by date, those without one
    last; the same words said again later than the bound allows begin anew.
    """
    first: dict[tuple[tuple[str, int], ...], int] = {}
    firsts = list(range(len(counted)))
    for place, words in enumerate(counted):
        if words:
            key = tuple(sorted(words.items()))
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


def _counted(entry: Entry, tongue: str) -> Counter[str]:
    """The words of an entry; what the title says counts `TITLE_WEIGHT` times."""
    language = tongue.split("/")[1]
    counted: Counter[str] = Counter()
    for word in content(entry.title, language):
        counted[word] += TITLE_WEIGHT
    # The rest of a very long body is not even cut into words.
    counted.update(content(body(entry)[: BODY_WORDS * 10], language)[:BODY_WORDS])
    return counted


def _without_house(entries: Sequence[Entry], counted: Sequence[Counter[str]]) -> list[Counter[str]]:
    """The counted words of each entry, without those that its source says every time."""
    by_source: dict[str, list[Counter[str]]] = {}
    for entry, words in zip(entries, counted, strict=True):
        if entry.source:
            by_source.setdefault(entry.source, []).append(words)
    house: dict[str, frozenset[str]] = {"": frozenset()}
    for source, texts in by_source.items():
        spread = Counter(word for words in texts for word in words)
        least = max(HOUSE_LEAST, HOUSE_SHARE * len(texts))
        house[source] = frozenset(word for word, count in spread.items() if count >= least)
    return [
        Counter({word: n for word, n in words.items() if word not in house[entry.source]})
        for entry, words in zip(entries, counted, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Term:
    """A word of one entry that connects it to others: its share of the length, its prominence."""

    word: str
    weight: float
    prominent: bool


def _vectors(counted: Sequence[Counter[str]]) -> list[list[_Term]]:
    """TF-IDF weights of the words that connect, in a fixed order, of the length that all give."""
    spread = Counter(word for words in counted for word in words)
    everything = len(counted) + BACKGROUND + 1
    unread = UNREAD * math.log(everything / 1.5) ** 2
    vectors = []
    for words in counted:
        weights = {
            word: (1 + math.log(n)) * math.log(everything / (spread[word] + 0.5))
            for word, n in sorted(words.items())
        }
        length = math.sqrt(sum(weight**2 for weight in weights.values()) + unread)
        vectors.append(
            [
                _Term(word, weight / length, words[word] >= TITLE_WEIGHT)
                for word, weight in weights.items()
                if 1 < spread[word] <= RARE
            ]
        )
    return vectors


def _similar(vectors: Iterable[Sequence[_Term]], bound: Bound) -> dict[tuple[int, int], float]:
    """The similarity of every pair that shares enough rare words, through an inverted index."""
    postings: dict[str, list[tuple[int, _Term]]] = {}
    similar: dict[tuple[int, int], float] = {}
    for place, vector in enumerate(vectors):
        sums: dict[int, float] = {}
        shared: dict[int, int] = {}
        prominent: dict[int, int] = {}
        for term in vector:
            listed = postings.setdefault(term.word, [])
            for other, its in listed:
                sums[other] = sums.get(other, 0.0) + term.weight * its.weight
                shared[other] = shared.get(other, 0) + 1
                if term.prominent or its.prominent:
                    prominent[other] = prominent.get(other, 0) + 1
            listed.append((place, term))
        for other, value in sums.items():
            enough = shared[other] >= bound.shared and prominent.get(other, 0) >= bound.prominent
            if enough and value >= _FLOOR:
                similar[other, place] = value
    return similar
