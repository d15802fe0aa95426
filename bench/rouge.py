"""ROUGE-1, ROUGE-2 and ROUGE-Lsum as F1 with Porter's stemmer, equal to `rouge-score` 0.1.2.

Its words and its longest common subsequences, lean enough for tens of thousands of pairs: stems
are remembered, texts are cut into words once, and what a reference lacks is no part of a table.
(`rouge-score` saw its last release in 2022 and brings absl and six: no dependency of ours.)
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain, pairwise
from typing import Any

NAMES = ("R1", "R2", "RLsum")

Words = tuple[str, ...]
_NO_WORD = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Reference:
    """What a person wrote, cut into words and counted once."""

    sentences: tuple[Words, ...]
    ones: Counter[str]
    pairs: Counter[tuple[str, str]]

    @classmethod
    def of(cls, sentences: Iterable[str]) -> Reference:
        """The reference whose sentences these are."""
        cut = tuple(map(tokens, sentences))
        run = tuple(chain.from_iterable(cut))
        return cls(cut, Counter(run), Counter(pairwise(run)))


@lru_cache(maxsize=100_000)
def tokens(text: str) -> Words:
    """The stems of the words of `text`: runs of ASCII letters and digits, in lower case."""
    return tuple(map(_stem, filter(None, _NO_WORD.split(text.lower()))))


def rouge(reference: Reference, sentences: Sequence[str]) -> tuple[float, float, float]:
    """F1 of one word, two words and the longest common subsequence of sentences, 0 to 1."""
    cut = [tokens(sentence) for sentence in sentences]
    run = tuple(chain.from_iterable(cut))
    ones, pairs = Counter(run), Counter(pairwise(run))
    return (
        _f1((reference.ones & ones).total(), reference.ones.total(), ones.total()),
        _f1((reference.pairs & pairs).total(), reference.pairs.total(), pairs.total()),
        _f1(_common(reference, cut, ones), reference.ones.total(), ones.total()),
    )


def _f1(both: int, wanted: int, found: int) -> float:
    return 2 * both / (wanted + found) if both else 0.0


def _common(reference: Reference, sentences: Sequence[Words], ones: Counter[str]) -> int:
    """The words of the union of the longest common subsequences, none counted twice."""
    wanted, found, hits = Counter(reference.ones), Counter(ones), 0
    for sentence in reference.sentences:
        places = set[int]().union(*(_subsequence(sentence, other) for other in sentences))
        for place in sorted(places):
            word = sentence[place]
            if wanted[word] > 0 and found[word] > 0:
                hits += 1
                wanted[word] -= 1
                found[word] -= 1
    return hits


def _subsequence(one: Words, other: Words) -> list[int]:
    """The places in `one` of a longest common subsequence: of several, that of `rouge-score`."""
    # A word that `other` lacks is a row like the one above it, which the way back passes by.
    known = set(other)
    places = [place for place, word in enumerate(one) if word in known]
    rows = [[0] * (len(other) + 1)]
    for place in places:
        word, above, row = one[place], rows[-1], [0]
        for column, found in enumerate(other):
            if word == found:
                row.append(above[column] + 1)
            else:
                row.append(max(above[column + 1], row[column]))
        rows.append(row)
    i, j = len(places), len(other)
    taken: list[int] = []
    while i and j:
        if one[places[i - 1]] == other[j - 1]:
            taken.append(places[i - 1])
            i, j = i - 1, j - 1
        elif rows[i][j - 1] > rows[i - 1][j]:
            j -= 1
        else:
            i -= 1
    return taken


@lru_cache(maxsize=200_000)
def _stem(word: str) -> str:
    return str(_porter().stem(word)) if len(word) > 3 else word


@cache
def _porter() -> Any:
    from nltk.stem.porter import PorterStemmer

    return PorterStemmer()
