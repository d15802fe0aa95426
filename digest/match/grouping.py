"""One happening, told by several sources: groups of entries by the rare words they share."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from digest.match.linkage import average_link
from digest.match.terms import BODY_WORDS, TITLE_WEIGHT, body, content, tongues
from digest.models import Entry

Level = Literal["event", "topic"]


@dataclass(frozen=True, slots=True)
class Bound:
    """What it takes to be of one group.

    The average similarity of two groups, the words that a pair shares, and how many of these are
    prominent in one of the two (said in its title, or thrice): two long essays share many words
    and no event. With `sources_apart`, entries of one source need `ONE_SOURCE` to be similar.
    """

    average: float
    shared: int
    prominent: int
    sources_apart: bool = False


LEVELS: Mapping[str, Bound] = {
    # ECB+ (two events of each kind, 770 entries), BCubed precision, recall, F1:
    # .10: .86 .86 .859 (the best F1) · .12: .88 .82 .850 · .14: .90 .76 .821 · .18: .92 .66 .767.
    # A wrong "also covered by" costs an editor more than a missed one, and one small town's
    # sources share names that ECB+'s do not: hence precision of .90.
    "event": Bound(average=0.14, shared=3, prominent=2, sources_apart=True),
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

ONE_SOURCE = 0.25
"""What two entries of one source need to count as similar at all: a source that writes of one
happening again tells something new of it, or it is a column whose parts resemble each other."""

HOUSE_LEAST, HOUSE_SHARE = 4, 0.3
"""A word in this many entries of one source, and in this share of them, is its house style."""

_FLOOR = 0.004


def events(entries: Sequence[Entry], *, level: Level = "event") -> tuple[str, ...]:
    """For each entry the id of the event (or topic) that it reports: that of its first member.

    First is the earliest published, then the lesser id. Entries in different languages or scripts
    are never of one event. Similarity is the cosine of TF-IDF weights of content words, those of
    the title counted three times; groups are made by average link.
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
    published = entry.published.timestamp() if entry.published else math.inf
    return published, entry.id, entry.source, entry.title, entry.order


def _grouped(entries: Sequence[Entry], tongue: str, bound: Bound) -> list[int]:
    counted = _without_house(entries, [_counted(entry, tongue) for entry in entries])
    firsts = _firsts(counted)
    own = sorted(set(firsts))
    similar = _similar(_vectors([counted[place] for place in own]), bound)
    if bound.sources_apart:
        sources = [entries[place].source for place in own]
        similar = {
            (i, j): value
            for (i, j), value in similar.items()
            if value >= ONE_SOURCE or not sources[i] or sources[i] != sources[j]
        }
    heads = dict(zip(own, average_link(len(own), similar, bound.average), strict=True))
    return [own[heads[first]] for first in firsts]


def _firsts(counted: Sequence[Counter[str]]) -> list[int]:
    """For each entry the first that says the same words: those are of one event, however common.

    Entries without a word say nothing, and not the same.
    """
    first: dict[tuple[tuple[str, int], ...], int] = {}
    return [
        first.setdefault(tuple(sorted(words.items())), place) if words else place
        for place, words in enumerate(counted)
    ]


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
