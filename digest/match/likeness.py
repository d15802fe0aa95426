"""How alike two entries are, by the rare words, the names and the numbers that both say."""

from __future__ import annotations

import math
import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from digest.match.rarity import Counts, Pairs, close_pairs, products
from digest.match.terms import BODY_WORDS, TITLE_WEIGHT, body, content
from digest.models import Entry
from digest.text.words import stem, stop_words

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
        found = _pairs(said, unread=UNREAD, least=shared, prominent=prominent, floor=_FLOOR_TOPIC)
        return dict(zip(found.places(), found.values.tolist(), strict=True))
    pairs = cosines(said, shared=shared, prominent=prominent)
    return {pair: chance(*values, weights) for pair, values in pairs.items()}


def cosines(
    said: Sequence[Saying], *, shared: int, prominent: int
) -> dict[tuple[int, int], tuple[float, float, float]]:
    """The cosines of words, names and numbers of every pair that shares enough rare words."""
    found = _pairs(said, unread=0, least=shared, prominent=prominent, floor=_FLOOR_EVENT)
    by_names = products(
        Counts.of(one.names or {} for one in said).weights(unread=UNREAD_NAMES), found
    )
    by_numbers = products(
        Counts.of(one.numbers or {} for one in said).weights(unread=UNREAD_NUMBERS), found
    )
    # A script without capitals, or a source that writes none, shows no names: there the words have
    # to say it all.
    named = np.array([bool(one.names) for one in said], dtype=bool)
    both = named[found.first] & named[found.second]
    by_names = np.where(both, by_names, found.values)
    values = zip(found.values.tolist(), by_names.tolist(), by_numbers.tolist(), strict=True)
    return dict(zip(found.places(), values, strict=True))


def _pairs(
    said: Sequence[Saying], *, unread: int, least: int, prominent: int, floor: float
) -> Pairs:
    """The cosine of every pair that shares enough rare words.

    A shared word is prominent where either says it prominently.
    """
    words = [one.words for one in said]
    counts = Counts.of(words)
    return close_pairs(
        counts.weights(unread=unread, most=RARE),
        counts.marks(words, [one.prominent for one in said], most=RARE),
        floor=floor,
        least=least,
        marked=prominent,
    )


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
