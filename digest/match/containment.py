"""Near-duplicates: the same text cut, updated, retitled or syndicated.

Winnowing (Schleimer, Wilkerson, Aiken 2003) keeps a share of the hashes of all runs of six
words, chosen so that two texts with a common passage keep common ones; a text is a copy of another
when enough of the shorter one's are found in the longer. Containment sees cut and continued
copies, which Jaccard does not.
"""

from __future__ import annotations

import re
import sys
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from digest.match.terms import is_unspaced, tokens
from digest.models import Entry
from digest.text.urls import canonical

CONTAINED = 0.25
"""Least share of the shorter text's fingerprints; `bench.copies` over pages' texts and 11 edits of
each. Recall by the length of a run (window 4): 8 words .955, 6 words .996, 5 words .999; the most
that two different articles share: .07, .10, .15. Six leave both ends clear: a text with every
seventh word replaced keeps a third of its runs of six, a quarter of its runs of eight."""

RUN, WINDOW = 6, 4
RUN_UNSPACED = 12
"""Characters that a run has where words are not spaced: about as much as six words say."""

SHORTEST, SHORTEST_UNSPACED = 20, 40
"""Words (characters, where words are not spaced) below which a text is compared whole: a teaser
of one sentence shares runs with its neighbors by habit."""

LEAST_SHARED = 3
"""Fingerprints that must be shared, so that one stock phrase makes no copy."""

LEAST_TITLE, LEAST_TITLE_UNSPACED = 4, 8
"""Words (characters) of a title that two short entries may be recognized by."""

SHORT_CONTAINED = 0.8
"""Share of the words of the shorter body that the other must hold, where titles are equal."""

HOUSE_LEAST, HOUSE_SHARE = 4, 0.3
"""A passage in this many entries of one source, and in this share of them, is its boilerplate."""

POSTINGS = 200
"""Texts with a fingerprint in common beyond which it counts as a stock phrase; keeps the cost of an
entry the same however many there are."""

_ARTICLE = re.compile(r"https://[^/?#]+[/?#]")
_MASK = (1 << 61) - 1
_BASE = 1_000_003


@dataclass(frozen=True, slots=True, order=True)
class Copy:
    """Entries `first` and `second` (their places, `first < second`) are copies of one text.

    `share` is the part of the shorter one that the other holds, from 0 to 1.
    """

    first: int
    second: int
    share: float


@dataclass(frozen=True, slots=True)
class _Print:
    """An entry as it is compared."""

    title: tuple[str, ...]
    words: tuple[str, ...]
    unspaced: bool
    marks: array[int]
    """Fingerprints, sorted; a set of them takes twenty times the room."""


def copies(entries: Sequence[Entry]) -> tuple[Copy, ...]:
    """All pairs of near-duplicates, each once, in the order of their places.

    Being a copy is not transitive: a round-up may hold two articles that have nothing in common.
    Texts under 20 words are copies only with equal titles; within one source the same title over
    too few words is no copy, since the source itself says that there are two.
    """
    prints = [_print(entry) for entry in entries]
    marks = _without_house(entries, prints)
    found = {(i, j): share for i, j, share in _contained(prints, marks)}
    for i, j in _equal_titles(prints):
        if (i, j) not in found and _short_copy(entries, prints, i, j):
            found[i, j] = 1.0
    return tuple(Copy(i, j, round(share, 4)) for (i, j), share in sorted(found.items()))


def same_address(one: Entry, other: Entry) -> bool:
    """Whether both stand at one canonical address that is an article's own.

    A home page is no article's address; and where one source gives two titles and two ids to one
    address, its word for it that these are two entries is taken.
    """
    if not one.url or not other.url:
        return False
    key = canonical(one.url)
    if key != canonical(other.url) or not _ARTICLE.match(key):
        return False
    return one.source != other.source or one.id == other.id or one.title == other.title


def _print(entry: Entry) -> _Print:
    # One string for each word, however many entries say it.
    words = tuple(map(sys.intern, tokens(f"{entry.text}\n{entry.summary}")))
    unspaced = is_unspaced(words)
    long_enough = len(words) >= (SHORTEST_UNSPACED if unspaced else SHORTEST)
    marks = fingerprints(words, RUN_UNSPACED if unspaced else RUN) if long_enough else ()
    return _Print(tokens(entry.title), words, unspaced, array("q", sorted(marks)))


def fingerprints(words: Sequence[str], run: int = RUN) -> frozenset[int]:
    """The least hash of every window of four runs of `run` words."""
    hashes = list(_hashes(words, run))
    if len(hashes) <= WINDOW:
        return frozenset([min(hashes)]) if hashes else frozenset()
    return frozenset(min(hashes[i : i + WINDOW]) for i in range(len(hashes) - WINDOW + 1))


def _hashes(words: Sequence[str], run: int) -> Iterator[int]:
    """A rolling hash of each run; Python's own differs from process to process."""
    from zlib import crc32

    codes = [crc32(word.encode("utf-8", "surrogatepass")) + 1 for word in words]
    drop = pow(_BASE, run, _MASK)
    value = 0
    for place, code in enumerate(codes):
        value = (value * _BASE + code) % _MASK
        if place >= run:
            value = (value - codes[place - run] * drop) % _MASK
        if place >= run - 1:
            # Mixed, since a minimum of raw polynomial values favors runs of small words.
            yield (value * 0x9E3779B97F4A7C15 + 0x7F4A7C15) % _MASK


def _without_house(entries: Sequence[Entry], prints: Sequence[_Print]) -> list[array[int]]:
    """The fingerprints of each entry without its source's boilerplate.

    Texts that are the same to the last mark count once, or a source that repeats one article
    often would be thought to consist of boilerplate.
    """
    by_source: dict[str, set[bytes]] = {}
    for entry, one in zip(entries, prints, strict=True):
        by_source.setdefault(entry.source, set()).add(one.marks.tobytes())
    house: dict[str, frozenset[int]] = {}
    for source, texts in by_source.items():
        counts = Counter(mark for raw in texts for mark in array("q", raw))
        least = max(HOUSE_LEAST, HOUSE_SHARE * len(texts))
        house[source] = (
            frozenset(mark for mark, count in counts.items() if count >= least)
            if source
            else frozenset()
        )
    return [
        array("q", (m for m in one.marks if m not in house[e.source]))
        if house[e.source]
        else one.marks
        for e, one in zip(entries, prints, strict=True)
    ]


def _contained(
    prints: Sequence[_Print], marks: Sequence[array[int]]
) -> Iterator[tuple[int, int, float]]:
    """Pairs by containment, through an inverted index of the fingerprints.

    Identical texts are compared once, through their first; all of them share its pairs.
    """
    same: dict[tuple[bytes, tuple[str, ...]], list[int]] = {}
    for place, own in enumerate(marks):
        if own:
            same.setdefault((own.tobytes(), prints[place].words), []).append(place)
    firsts = [places[0] for places in same.values()]
    twins = {places[0]: places for places in same.values()}
    for places in same.values():
        yield from ((places[0], other, 1.0) for other in places[1:])
    postings: dict[int, list[int]] = {}
    repeated = _repeated([marks[place] for place in firsts])
    for place in firsts:
        shared: Counter[int] = Counter()
        for mark in repeated.intersection(marks[place]):
            listed = postings.setdefault(mark, [])
            shared.update(listed)
            if len(listed) < POSTINGS:
                listed.append(place)
        for other, count in sorted(shared.items()):
            share = count / min(len(marks[place]), len(marks[other]))
            if count >= LEAST_SHARED and share >= CONTAINED:
                yield from _spread(twins[other], twins[place], share)


def _repeated(marks: Sequence[array[int]]) -> frozenset[int]:
    """The fingerprints of several texts: most stand in one alone, and need no list."""
    together = np.concatenate([np.asarray(own) for own in marks] or [np.empty(0, dtype=np.int64)])
    values, counts = np.unique(together, return_counts=True)
    return frozenset(values[counts > 1].tolist())


def _spread(
    some: Sequence[int], others: Sequence[int], share: float
) -> Iterator[tuple[int, int, float]]:
    """The pair of two groups of identical texts, told of the first of one and all of the other."""
    pairs = {(min(some[0], b), max(some[0], b)) for b in others}
    pairs |= {(min(a, others[0]), max(a, others[0])) for a in some}
    yield from ((i, j, share) for i, j in sorted(pairs))


def _equal_titles(prints: Sequence[_Print]) -> Iterable[tuple[int, int]]:
    """Pairs of equal titles that are long enough to mean one story, each with the first of them."""
    first: dict[tuple[str, ...], int] = {}
    for place, one in enumerate(prints):
        least = LEAST_TITLE_UNSPACED if is_unspaced(one.title) else LEAST_TITLE
        if len(one.title) < least:
            continue
        if one.title in first:
            yield first[one.title], place
        else:
            first[one.title] = place


def _short_copy(entries: Sequence[Entry], prints: Sequence[_Print], i: int, j: int) -> bool:
    """Whether two entries of one title are one story, where a body is too short for runs."""
    short, long = sorted((prints[i].words, prints[j].words), key=len)
    if prints[i].marks and prints[j].marks:
        return False
    if entries[i].source and entries[i].source == entries[j].source and not short:
        return False
    held = Counter(long)
    return sum((Counter(short) & held).values()) >= SHORT_CONTAINED * len(short)
