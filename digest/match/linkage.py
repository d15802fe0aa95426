"""Average-link clustering of a sparse set of similarities.

Single link chains: one entry that resembles two others joins them, and theirs. The average over
all pairs of two groups does not; pairs that are not given count as 0.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping, Sequence


def average_link(
    count: int,
    similar: Mapping[tuple[int, int], float],
    threshold: float,
    apart: Callable[[Sequence[int], Sequence[int]], bool] | None = None,
) -> list[int]:
    """The group of each of `count` items, named by the least item in it.

    Joins the two groups with the highest average similarity as long as it reaches `threshold`;
    ties go to the lower numbers. `similar` is keyed by `(i, j)` with `i < j`. Two groups of which
    `apart` holds, and so of all that grow from them, are never joined.
    """
    sums: list[dict[int, float]] = [{} for _ in range(count)]
    for (i, j), value in similar.items():
        sums[i][j] = sums[j][i] = value
    sizes = [1] * count
    members = [[item] for item in range(count)]
    parent = list(range(count))
    heap = [(-value, i, j) for (i, j), value in similar.items() if value >= threshold]
    heapq.heapify(heap)
    while heap:
        value, i, j = heapq.heappop(heap)
        if sizes[i] == 0 or sizes[j] == 0 or -value != _average(sums, sizes, i, j):
            continue  # said of groups that have changed since
        if apart is not None and apart(members[i], members[j]):
            continue
        parent[j] = i
        members[i] += members[j]
        _merge(sums, sizes, i, j)
        for k in sums[i]:
            average = _average(sums, sizes, i, k)
            if average >= threshold:
                heapq.heappush(heap, (-average, min(i, k), max(i, k)))
    return [_root(parent, item) for item in range(count)]


def _average(sums: list[dict[int, float]], sizes: list[int], i: int, j: int) -> float:
    return sums[i].get(j, 0.0) / (sizes[i] * sizes[j])


def _merge(sums: list[dict[int, float]], sizes: list[int], i: int, j: int) -> None:
    """Group `j` becomes part of group `i`."""
    sums[i].pop(j, None)
    for k, value in sums[j].items():
        if k != i:
            del sums[k][j]
            sums[i][k] = sums[k][i] = sums[i].get(k, 0.0) + value
    sums[j] = {}
    sizes[i] += sizes[j]
    sizes[j] = 0


def _root(parent: list[int], item: int) -> int:
    while parent[item] != item:
        item = parent[item]
    return item
