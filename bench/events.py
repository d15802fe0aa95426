"""How well events and topics are found, by cross-validation over labelled ones.

Run with `python -m bench.events --data FOLDER [--json]`. BCubed precision, recall and F1 (Bagga and
Baldwin 1998). ECB+ (`events/ecbplus.jsonl`): folds over its topics, each of two events of a kind,
level "event"; headlines (`events/headlines.jsonl`): folds over their stories, level "topic". The
threshold of a fold is the best of the other folds; the entries of a fold are grouped by
themselves. Beside it, the built-in threshold on all entries at once.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import numpy as np

from digest.match import LEVELS, Bound, events
from digest.match.likeness import Weights, cosines, sayings
from digest.models import Entry

Figures = tuple[float, float, float]
FOLDS = 5
CANDIDATES = {
    "event": (0.08, 0.1, 0.11, 0.12, 0.13, 0.14, 0.15, 0.16, 0.18, 0.2, 0.23, 0.26, 0.3),
    "topic": (0.003, 0.004, 0.005, 0.006, 0.008, 0.01),
}


def bcubed(found: Sequence[str], wanted: Sequence[str]) -> Figures:
    """Precision, recall and F1."""
    own, sizes = Counter(found), Counter(wanted)
    both = Counter(zip(found, wanted, strict=True))
    precision = sum(n * n / own[name] for (name, _), n in both.items()) / len(wanted)
    recall = sum(n * n / sizes[event] for (_, event), n in both.items()) / len(wanted)
    return precision, recall, 2 * precision * recall / (precision + recall)


def rows_of(data: Path, name: str) -> list[dict[str, Any]]:
    """The rows of a file of labelled entries."""
    lines = (data / "events" / name).read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def entries_of(rows: Sequence[dict[str, Any]]) -> list[Entry]:
    """What the sources of the rows would have given."""
    return [
        Entry(
            id=str(row["id"]),
            title=row["title"],
            text=row["text"],
            source=row.get("publisher", ""),
            language="en",
        )
        for row in rows
    ]


def cross_validated(
    rows: Sequence[dict[str, Any]], level: Literal["event", "topic"], key: str, *, seed: int = 0
) -> Figures:
    """The means over the folds, each with the weights and threshold that fit the others best."""
    entries = entries_of(rows)
    wanted = [str(row["event"]) for row in rows]
    topics = sorted({str(row[key]) for row in rows})
    random.Random(seed).shuffle(topics)  # noqa: S311 (a fixed shuffle)
    fold = {topic: n % FOLDS for n, topic in enumerate(topics)}

    def measured(places: Sequence[int], bound: Bound) -> Figures:
        names = events([entries[i] for i in places], level=level, bound=bound)
        return bcubed(names, [wanted[i] for i in places])

    chosen = []
    for n in range(FOLDS):
        inside = [i for i, row in enumerate(rows) if fold[str(row[key])] == n]
        outside = [i for i, row in enumerate(rows) if fold[str(row[key])] != n]
        bound = LEVELS[level]
        if bound.weights:
            fitted = weights([entries[i] for i in outside], [wanted[i] for i in outside])
            bound = replace(bound, weights=fitted)
        bounds = [replace(bound, average=average) for average in CANDIDATES[level]]
        chosen.append(measured(inside, max(bounds, key=lambda b: measured(outside, b)[2])))
    precision, recall, f1 = (sum(one[i] for one in chosen) / FOLDS for i in range(3))
    return precision, recall, f1


def weights(entries: Sequence[Entry], wanted: Sequence[str]) -> Weights:
    """The logistic regression of "same event" on the roots of the cosines (Newton's method)."""
    said = sayings(entries, "latin/en", names=True)
    found = cosines(said, shared=1, prominent=0)
    x = np.array([[*np.sqrt(values), 1.0] for values in found.values()])
    y = np.array([float(wanted[i] == wanted[j]) for i, j in found])
    w = np.zeros(4)
    for _ in range(30):
        p = 1 / (1 + np.exp(-x @ w))
        hessian = (x * (p * (1 - p))[:, None]).T @ x + 0.5 * np.eye(4)
        w -= np.linalg.solve(hessian, x.T @ (p - y) + 0.5 * w)
    return (float(w[0]), float(w[1]), float(w[2]), float(w[3]))


def built_in(rows: Sequence[dict[str, Any]], level: Literal["event", "topic"]) -> Figures:
    """With the program's own threshold, on all rows at once."""
    return bcubed(events(entries_of(rows), level=level), [str(row["event"]) for row in rows])


def by_threshold(
    rows: Sequence[dict[str, Any]], level: Literal["event", "topic"]
) -> dict[float, Figures]:
    """All rows at once, for each candidate threshold."""
    entries, wanted = entries_of(rows), [str(row["event"]) for row in rows]
    return {
        a: bcubed(events(entries, level=level, bound=replace(LEVELS[level], average=a)), wanted)
        for a in CANDIDATES[level]
    }


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    report: dict[str, dict[str, Figures]] = {}
    for name, level, key in (
        ("ecbplus.jsonl", "event", "topic"),
        ("headlines.jsonl", "topic", "event"),
    ):
        rows = rows_of(given.data, name)
        figures = report.setdefault(name, {})
        for seed in range(3):
            figures[f"cross-validated, seed {seed}"] = cross_validated(rows, level, key, seed=seed)  # type: ignore[arg-type]
        figures["built-in threshold, all at once"] = built_in(rows, level)  # type: ignore[arg-type]
        for average, found in by_threshold(rows, level).items():  # type: ignore[arg-type]
            figures[f"threshold {average}, all at once"] = found
    rows = rows_of(given.data, "ecbplus.jsonl")
    fitted = weights(entries_of(rows), [str(row["event"]) for row in rows])
    if given.json:
        print(json.dumps(report, indent=2))
        return
    print("weights fitted to all of ECB+:", tuple(round(w, 2) for w in fitted))
    for name, figures in report.items():
        print(name)
        for what, (precision, recall, f1) in figures.items():
            print(f"  {what:36} P {precision:.3f}  R {recall:.3f}  F1 {f1:.4f}")


if __name__ == "__main__":
    main()
