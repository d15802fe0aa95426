"""Bootstrap intervals of means over articles: 95 %, 2,000 draws, the same at every run."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

DRAWS = 2_000
LEVEL = 95


class Mean(NamedTuple):
    """A mean and the interval that holds it."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:.1f} [{self.low:.1f}, {self.high:.1f}]"


def means(values: NDArray[Any]) -> list[Mean]:
    """The mean of each column of `values`, a row for each article.

    Columns of one call share their draws; so do calls over as many articles.
    """
    drawn = _draws(len(values)) @ values / len(values)
    edge = (100 - LEVEL) / 2
    low, high = np.percentile(drawn, [edge, 100 - edge], axis=0)
    return [Mean(*map(float, row)) for row in zip(values.mean(axis=0), low, high, strict=True)]


@lru_cache(maxsize=4)
def _draws(size: int) -> NDArray[np.float64]:
    """How often each of `size` articles is drawn, a row for each draw."""
    return np.random.default_rng(0).multinomial(size, [1 / size] * size, DRAWS).astype(np.float64)
