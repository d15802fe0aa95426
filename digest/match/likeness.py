"""How alike two entries are, by the rare words, the names and the numbers that both say."""

from __future__ import annotations

import math
import re
import sys
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from digest.match.terms import BODY_WORDS, TITLE_WEIGHT, body, content
from digest.models import Entry
from digest.text.words import stem, stop_words

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

BLOCK_OF_ROWS, BLOCK_OF_PAIRS = 500, 50_000
"""What is multiplied at a time: bounds the memory, whatever the number of entries."""

BACKGROUND = 1000
"""Entries that the rarity of words is smoothed by: in a week of five entries every word would be
common otherwise. Thresholds hold from 60 to 3,000 entries with it, and drift without."""

UNREAD, UNREAD_NAMES, UNREAD_NUMBERS = 10, 5, 2
"""Rare words that every entry is taken to say beside the printed ones (in topics, which are told
by titles; of names and numbers, in events): a title of three words that shares one is not a third
the same."""

RARE = 300
"""Entries that a word may stand in and still connect two; keeps the cost of an entry level."""

HOUSE_LEAST, HOUSE_SHARE = 4, 0.3
"""A word in this many entries of one source, and in this share of them, is its house style."""

LOCAL_LEAST, LOCAL_SHARE, LOCAL_SOURCES = 5, 0.08, 4
"""A name in so many entries, in this share of all, and of so many sources, is of their place."""

Weights = tuple[float, float, float, float]
"""Of words, names, numbers, and the bias."""

EVENT_WEIGHTS: Weights = (9.3, 5.5, 2.3, -7.5)
"""Of the square roots of the cosines of words, names and numbers, and the bias: a logistic
regression over the 30,604 pairs of ECB+ that share a rare word (4,403 of them of one event), by
which words alone give an F1 of .858, names and numbers with them .885 (cross-validated over
topics); title words, pairs of words and runs of characters add nothing to these."""

_FLOOR_TOPIC, _FLOOR_EVENT = 0.004, 0.03

_NAME = re.compile(r"[^\W\d_][\w’'-]*")
_NUMBER = re.compile(r"\d[\d,.]*\d|\d+")


@dataclass(frozen=True, slots=True)
class Saying:
    """What an entry says, counted; `prominent` words stand in its title, or thrice.

    Without names and numbers (`None`), the words alone are compared.
    """

    words: Counter[str]
    prominent: frozenset[str]
    names: Counter[str] | None = None
    numbers: Counter[str] | None = None


def sayings(entries: Sequence[Entry], tongue: str, *, names: bool) -> list[Saying]:
    """What each entry says, without what its source says every time.

    With `names`, stems of words are counted, and names (words that begin with a capital) and
    numbers beside them; else words as they stand, those of the title `TITLE_WEIGHT` times.
    """
    language = tongue.split("/")[1]
    known = _Known(language)
    said = [_saying(entry, language, known, names=names) for entry in entries]
    house = _house(entries, said)
    local = _local(entries, said)
    return [
        replace(
            one,
            words=_without(one.words, house[entry.source]),
            names=None if one.names is None else _without(one.names, house[entry.source] | local),
        )
        for entry, one in zip(entries, said, strict=True)
    ]


def likeness(
    said: Sequence[Saying], *, shared: int, prominent: int, weights: Weights | None
) -> dict[tuple[int, int], float]:
    """The likeness, from 0 to 1, of every pair that shares enough rare words, `(i, j)`, `i < j`.

    Pairs are found through an inverted index of the words that few entries say. With `weights`
    it is the chance of one event, else the cosine of the words.
    """
    if weights is None:
        found = _pairs(said, unread=UNREAD, shared=shared, prominent=prominent, floor=_FLOOR_TOPIC)
        return dict(zip(found.places(), found.values.tolist(), strict=True))
    pairs = cosines(said, shared=shared, prominent=prominent)
    return {pair: chance(*values, weights) for pair, values in pairs.items()}


def cosines(
    said: Sequence[Saying], *, shared: int, prominent: int
) -> dict[tuple[int, int], tuple[float, float, float]]:
    """The cosines of words, names and numbers of every pair that shares enough rare words."""
    found = _pairs(said, unread=0, shared=shared, prominent=prominent, floor=_FLOOR_EVENT)
    names = [one.names or Counter() for one in said]
    numbers = [one.numbers or Counter() for one in said]
    by_names = _other(names, found, unread=UNREAD_NAMES)
    by_numbers = _other(numbers, found, unread=UNREAD_NUMBERS)
    # A script without capitals, or a source that writes none, shows no names: there the words have
    # to say it all.
    named = np.array([bool(one.names) for one in said], dtype=bool)
    both = named[found.first] & named[found.second]
    by_names = np.where(both, by_names, found.values)
    values = zip(found.values.tolist(), by_names.tolist(), by_numbers.tolist(), strict=True)
    return dict(zip(found.places(), values, strict=True))


def _other(counted: Sequence[Counter[str]], found: _Pairs, *, unread: int) -> NDArray[np.float64]:
    """The cosine of something else that the texts of the pairs say."""
    matrix = _matrix(counted, _columns(counted), unread=unread)
    return _products(matrix, matrix, found.first, found.second)


def chance(
    words: float,
    names: float,
    numbers: float,
    weights: Weights,
) -> float:
    """The chance that two entries report one event, from the cosines of what they say."""
    by_words, by_names, by_numbers, bias = weights
    logit = (
        by_words * math.sqrt(words)
        + by_names * math.sqrt(names)
        + by_numbers * math.sqrt(numbers)
        + bias
    )
    return 1 / (1 + math.exp(-logit))


class _Known(dict[str, str]):
    """The stem of each word, found once; one string for each, however many entries say it."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language

    def __missing__(self, word: str) -> str:
        found = self[word] = sys.intern(stem(word, self.language))
        return found


def _saying(entry: Entry, language: str, known: _Known, *, names: bool) -> Saying:
    # The rest of a very long body is not even cut into words.
    text = body(entry)[: BODY_WORDS * 10]
    title, rest = content(entry.title, language), content(text, language)[:BODY_WORDS]
    if not names:
        counted = Counter(rest)
        for word in title:
            counted[word] += TITLE_WEIGHT
        prominent = frozenset(word for word, n in counted.items() if n >= TITLE_WEIGHT)
        return Saying(counted, prominent)
    whole = f"{entry.title} {text}"
    stems = Counter(map(known.__getitem__, (*title, *rest)))
    often = {word for word, n in stems.items() if n >= TITLE_WEIGHT}
    return Saying(
        words=stems,
        prominent=frozenset(often.union(map(known.__getitem__, title))),
        names=Counter(map(sys.intern, _names(whole, language))),
        numbers=Counter(_NUMBER.findall(whole)),
    )


def _names(text: str, language: str) -> list[str]:
    """Words that begin with a capital, in lower case, stop words left out."""
    stop = stop_words(language)
    found = (word for word in _NAME.findall(text) if word[0].isupper())
    lowered = (word.lower().replace("’", "'").removesuffix("'s") for word in found)
    return [word for word in lowered if word not in stop and len(word) > 1]


def _house(entries: Sequence[Entry], said: Sequence[Saying]) -> dict[str, frozenset[str]]:
    """By source, what it says in so many of its entries that this is its house style."""
    by_source: dict[str, list[Saying]] = {}
    for entry, one in zip(entries, said, strict=True):
        if entry.source:
            by_source.setdefault(entry.source, []).append(one)
    house: dict[str, frozenset[str]] = {"": frozenset()}
    for source, texts in by_source.items():
        spread = Counter(word for one in texts for word in one.words.keys() | (one.names or {}))
        least = max(HOUSE_LEAST, HOUSE_SHARE * len(texts))
        house[source] = frozenset(word for word, count in spread.items() if count >= least)
    return house


def _local(entries: Sequence[Entry], said: Sequence[Saying]) -> frozenset[str]:
    """The names that every source says: the town that a newsletter is of tells no event of it."""
    spread = Counter(name for one in said for name in one.names or ())
    often = {n for n, c in spread.items() if c >= max(LOCAL_LEAST, LOCAL_SHARE * len(entries))}
    sources: dict[str, set[str]] = {}
    for entry, one in zip(entries, said, strict=True):
        for name in often & (one.names or {}).keys():
            sources.setdefault(name, set()).add(entry.source)
    return frozenset(name for name, them in sources.items() if len(them) >= LOCAL_SOURCES)


def _without(counted: Counter[str], house: frozenset[str]) -> Counter[str]:
    if not house:
        return counted
    return Counter({word: n for word, n in counted.items() if word not in house})


def _columns(counted: Iterable[Mapping[str, int]], *, most: int | None = None) -> _Columns:
    """The words of several texts; with `most`, of no more than that many, since others say little.

    What one text alone says is in its length; it connects nothing and has no column.
    """
    spread = Counter(word for words in counted for word in words)
    shared = sorted(word for word, n in spread.items() if n > 1 and (most is None or n <= most))
    return _Columns(spread, {word: column for column, word in enumerate(shared)})


@dataclass(frozen=True, slots=True)
class _Columns:
    """In how many texts each word stands, and the columns of those that connect."""

    spread: Mapping[str, int]
    of: Mapping[str, int]


def _matrix(
    counted: Sequence[Mapping[str, int]], columns: _Columns, *, unread: int
) -> csr_array[Any, Any]:
    """TF-IDF weights, a row for each text, over its whole length with `unread` rare words added."""
    everything = len(counted) + BACKGROUND + 1
    added = unread * math.log(everything / 1.5) ** 2
    rarity = {word: math.log(everything / (n + 0.5)) for word, n in columns.spread.items()}
    starts, places, weights = array("l", [0]), array("i"), array("d")
    for words in counted:
        own = [(word, (1 + math.log(n)) * rarity[word]) for word, n in words.items()]
        length = math.sqrt(math.fsum(weight**2 for _, weight in own) + added) or 1.0
        kept = sorted((columns.of[word], w / length) for word, w in own if word in columns.of)
        places.extend(column for column, _ in kept)
        weights.extend(weight for _, weight in kept)
        starts.append(len(places))
    return _csr(weights, places, starts, columns)


def _csr(weights: Any, places: Any, starts: Any, columns: _Columns) -> csr_array[Any, Any]:
    from scipy.sparse import csr_array

    return csr_array(
        (np.array(weights, dtype=np.float64), np.array(places, dtype=np.int32), np.array(starts)),
        shape=(len(starts) - 1, max(1, len(columns.of))),
    )


def _prominent(said: Sequence[Saying], columns: _Columns) -> csr_array[Any, Any]:
    """A row of ones for each text, at its prominent words."""
    starts, places = array("l", [0]), array("i")
    for one in said:
        own = (columns.of[w] for w in one.prominent if w in columns.of and w in one.words)
        places.extend(sorted(own))
        starts.append(len(places))
    return _csr(np.ones(len(places)), places, starts, columns)


def _products(
    one: csr_array[Any, Any],
    other: csr_array[Any, Any],
    first: NDArray[np.int64],
    second: NDArray[np.int64],
) -> NDArray[np.float64]:
    """The products of pairs of rows, those `first` of the one with those `second` of the other."""
    found = np.empty(len(first))
    for start in range(0, len(first), BLOCK_OF_PAIRS):
        part = slice(start, start + BLOCK_OF_PAIRS)
        found[part] = one[first[part]].multiply(other[second[part]]).sum(axis=1)
    return found


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Pairs of rows, `first < second`, in order, each with its cosine."""

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    values: NDArray[np.float64]

    def places(self) -> Iterator[tuple[int, int]]:
        """The pairs as keys."""
        return zip(self.first.tolist(), self.second.tolist(), strict=True)


def _pairs(
    said: Sequence[Saying], *, unread: int, shared: int, prominent: int, floor: float
) -> _Pairs:
    """The cosine of every pair that shares enough rare words, block by block of rows."""
    counted = [one.words for one in said]
    columns = _columns(counted, most=RARE)
    words = _matrix(counted, columns, unread=unread)
    there = words.copy()
    there.data = np.ones_like(there.data)
    shown = _prominent(said, columns)
    across = words.T.tocsc()
    found: list[_Pairs] = []
    for start in range(0, len(said), BLOCK_OF_ROWS):
        block = (words[start : start + BLOCK_OF_ROWS] @ across[:, : start + BLOCK_OF_ROWS]).tocoo()
        second, first = (np.asarray(axis, dtype=np.int64) for axis in block.coords)
        second += start
        keep = (first < second) & (block.data >= floor)
        first, second, values = first[keep], second[keep], block.data[keep]
        enough = _products(there, there, first, second) >= shared
        if prominent:
            # A shared word counts where either says it prominently.
            of_either = (
                _products(there, shown, first, second)
                + _products(shown, there, first, second)
                - _products(shown, shown, first, second)
            )
            enough &= of_either >= prominent
        order = np.lexsort((first[enough], second[enough]))
        found.append(_Pairs(first[enough][order], second[enough][order], values[enough][order]))
    if not found:
        none = np.empty(0, dtype=np.int64)
        return _Pairs(none, none, np.empty(0))
    return _Pairs(
        np.concatenate([one.first for one in found]),
        np.concatenate([one.second for one in found]),
        np.concatenate([one.values for one in found]),
    )
