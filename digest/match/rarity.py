"""TF-IDF weights of counted words, as sparse matrices, and the products of their rows."""

from __future__ import annotations

import math
from array import array
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

BLOCK_OF_ROWS, BLOCK_OF_PAIRS = 500, 50_000
"""What is multiplied at a time: bounds the memory, whatever the number of texts."""

BACKGROUND = 1000
"""Texts that the rarity of words is smoothed by: in a week of five entries every word would be
common otherwise. Thresholds hold from 60 to 3,000 entries with it, and drift without."""

_APART = 65536.0
"""More than a text has words: counts that are this factor apart fit into one number."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Counted words as arrays: those of text `i` are `columns[starts[i]:starts[i + 1]]`."""

    starts: NDArray[np.int64]
    columns: NDArray[np.int32]
    counts: NDArray[np.uint32]
    spread: NDArray[np.int64]
    """In how many texts the word of each column stands."""

    @classmethod
    def of(cls, counted: Iterable[Mapping[str, int]]) -> Counts:
        """Columns are numbered as the words come."""
        known: dict[str, int] = {}
        starts, columns, counts = array("q", [0]), array("i"), array("I")
        for words in counted:
            columns.extend([known.setdefault(word, len(known)) for word in words])
            counts.extend(words.values())
            starts.append(len(columns))
        own = np.array(columns, dtype=np.int32)
        spread = np.bincount(own, minlength=max(1, len(known)))
        return cls(np.array(starts), own, np.array(counts), spread)

    def weights(self, *, unread: int, most: int | None = None) -> csr_array[Any, Any]:
        """TF-IDF weights, a row for each text, over its length with `unread` rare words added.

        What one text alone says is in its length; it connects nothing and is left out, as are,
        with `most`, words of more texts than that.
        """
        everything = len(self.starts) - 1 + BACKGROUND + 1
        weights = np.log(self.counts, dtype=np.float64)  # in place from here on: there are millions
        weights += 1
        weights *= np.log(everything / (self.spread + 0.5))[self.columns]
        lengths = np.array([np.dot(own, own) for own in self._rows(weights)])
        lengths += unread * math.log(everything / 1.5) ** 2
        lengths = np.sqrt(lengths)
        lengths[lengths == 0] = 1.0
        weights /= np.repeat(lengths, np.diff(self.starts))
        return self._kept(weights, most)

    def _rows(self, values: NDArray[np.float64]) -> Iterator[NDArray[np.float64]]:
        starts = self.starts.tolist()
        return (values[start:end] for start, end in pairwise(starts))

    def marks(
        self, counted: Sequence[Mapping[str, int]], marked: Sequence[Container[str]], *, most: int
    ) -> csr_array[Any, Any]:
        """One for each word, and `_APART` more for a marked one; see `shared`."""
        found = array("b")
        for words, some in zip(counted, marked, strict=True):
            found.extend([word in some for word in words])
        marks = np.array(found, dtype=np.float64)
        marks *= _APART
        marks += 1
        return self._kept(marks, most)

    def _kept(self, values: NDArray[np.float64], most: int | None) -> csr_array[Any, Any]:
        from scipy.sparse import csr_array

        connects = self.spread > 1
        if most is not None:
            connects &= self.spread <= most
        kept = connects[self.columns]
        starts = np.concatenate(([0], np.cumsum(kept)))[self.starts]
        shape = (len(self.starts) - 1, len(self.spread))
        found = csr_array((values[kept], self.columns[kept], starts), shape=shape)
        found.sort_indices()
        return found


def shared(
    products: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How many words two texts share, and how many of these are marked in either.

    From the products of rows of `marks`, which hold three counts in one number: the words of both,
    then those marked in the one or the other (twice where in both), then those marked in both.
    """
    rest, words = np.divmod(products, _APART)
    both, either = np.divmod(rest, _APART)
    return words, either - both


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of rows, `first < second`, ordered by the second, each with its product."""

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    values: NDArray[np.float64]

    def places(self) -> Iterator[tuple[int, int]]:
        """The pairs as keys."""
        return zip(self.first.tolist(), self.second.tolist(), strict=True)


def close_pairs(
    weights: csr_array[Any, Any],
    marks: csr_array[Any, Any],
    *,
    floor: float,
    least: int,
    marked: int,
) -> Pairs:
    """The pairs of rows whose product reaches `floor` and that share enough words, and marked ones.

    `weights` and `marks` have the same places; they are multiplied block by block of rows.
    """
    weights_across, marks_across = weights.T.tocsr(), marks.T.tocsr()
    found: list[Pairs] = []
    for start in range(0, weights.shape[0], BLOCK_OF_ROWS):
        block = slice(start, start + BLOCK_OF_ROWS)
        product = (weights[block] @ weights_across).tocoo()
        counts = (marks[block] @ marks_across).tocoo()
        second, first = (np.asarray(axis, dtype=np.int64) for axis in product.coords)
        second += start
        keep = (first < second) & (product.data >= floor)
        words, either = shared(counts.data[keep])
        enough = (words >= least) & (either >= marked)
        first, second, values = (
            first[keep][enough],
            second[keep][enough],
            product.data[keep][enough],
        )
        order = np.lexsort((first, second))
        found.append(Pairs(first[order], second[order], values[order]))
    if not found:
        none = np.empty(0, dtype=np.int64)
        return Pairs(none, none, np.empty(0))
    return Pairs(
        np.concatenate([one.first for one in found]),
        np.concatenate([one.second for one in found]),
        np.concatenate([one.values for one in found]),
    )


def products(matrix: csr_array[Any, Any], pairs: Pairs) -> NDArray[np.float64]:
    """The product of the two rows of each pair."""
    found = np.empty(len(pairs.first))
    for start in range(0, len(pairs.first), BLOCK_OF_PAIRS):
        part = slice(start, start + BLOCK_OF_PAIRS)
        found[part] = matrix[pairs.first[part]].multiply(matrix[pairs.second[part]]).sum(axis=1)
    return found
