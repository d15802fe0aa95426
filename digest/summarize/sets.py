"""Sets of one to three sentences, by their places, as arrays: all are valued at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST = 3
"""Sentences in a blurb."""


@dataclass(frozen=True, slots=True)
class Sets:
    """Sets of one to three places, in ascending order; `none`, the number of places, is no place.

    Arrays of values by place have one value more, for `none`.
    """

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    third: NDArray[np.int64]
    none: int

    @property
    def sizes(self) -> NDArray[np.int64]:
        """How many places each has."""
        sizes: NDArray[np.int64] = 1 + (self.second < self.none) + (self.third < self.none)
        return sizes

    def kept(self, which: NDArray[Any]) -> Sets:
        """Those at some indices, or for which a mask is true."""
        return Sets(self.first[which], self.second[which], self.third[which], self.none)

    def begun_by(self, count: int) -> Sets:
        """Those that hold all of the first `count` places."""
        held = np.full(len(self.first), count <= MOST)
        for place, column in enumerate((self.first, self.second, self.third)[:count]):
            held &= column == place
        return self.kept(held)

    def total(self, values: NDArray[Any]) -> NDArray[Any]:
        """The sum over each set of values by place."""
        found: NDArray[Any] = values[self.first] + values[self.second] + values[self.third]
        return found

    def places(self, index: int) -> tuple[int, ...]:
        """The places of one set."""
        three = (self.first[index], self.second[index], self.third[index])
        return tuple(int(place) for place in three if place < self.none)


@cache
def sets_of(count: int) -> Sets:
    """All sets of `count` places, the smaller ones first, each size in order."""
    rows = [
        (*chosen, *(count,) * (MOST - size))
        for size in range(1, MOST + 1)
        for chosen in combinations(range(count), size)
    ]
    table = np.array(rows, dtype=np.int64).reshape(-1, MOST)
    first, second, third = (np.ascontiguousarray(column) for column in table.T)
    return Sets(first, second, third, count)
