"""Fit the weights of the chooser to blurbs by people, and write `digest/summarize/fitted.json`.

Run with `python -m bench.fit_blurbs --data FILE.jsonl FILE.jsonl … [--write]`. Only the fitting
half of each file is read, each file counting the same. Without `--write` the weights are
cross-validated over three parts, and the table says what each price of a stumble costs.

Two models, one on the other: a logistic regression of whether a word is in the blurb of a person,
then weights of sets, such that the sets that get a high value are good ones: the mean reward under
a softmax of the values is maximized. The reward of a set is its ROUGE-1 plus its ROUGE-2 less
`PRICE` times what a reader stumbles over; so the second model knows how its value is weighed
against that cost. Deterministic: one thread, no random start.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from bench.blurb_data import Example, digest_of, examples, part
from bench.rouge import tokens
from digest.models import Entry
from digest.summarize.choose import Possible, possible
from digest.summarize.filter import readable
from digest.summarize.stumbles import Stumbles
from digest.summarize.worth import SET_FEATURES, WORD_FEATURES, set_features
from digest.text.words import stems, words

if TYPE_CHECKING:
    from numpy.typing import NDArray

BUDGET = 360
PRICE = 0.2
"""What a stumble of cost 1 takes of ROUGE-1, of 1."""
PARTS = 3
_FITTED = Path(__file__).parent.parent / "digest" / "summarize" / "fitted.json"


@dataclass(frozen=True, slots=True)
class Case:
    """An article with its sets, and what each is worth by the blurb of a person."""

    file: str
    part: int
    found: Possible
    cost: NDArray[np.float64]
    told: NDArray[np.bool_]
    agreement: tuple[NDArray[np.float64], NDArray[np.float64]]

    def reward(self, price: float) -> NDArray[np.float64]:
        """Of each set."""
        one, two = self.agreement
        return one + two - price * (self.cost + self.found.skipped)


def main() -> None:
    """Fit, and print or write."""
    parser = argparse.ArgumentParser(description="Fit the weights of the chooser of sentences.")
    parser.add_argument("--data", type=Path, nargs="+", required=True)
    parser.add_argument("--prices", type=float, nargs="+", default=[PRICE])
    parser.add_argument("--write", action="store_true", help="write the weights into the package")
    given = parser.parse_args()
    cases: list[Case] = []
    for path in given.data:
        rows = part(examples(path), "fitting")
        print(f"{path.name}: {len(rows)} articles", file=sys.stderr)
        cases += [case for row in rows if (case := case_of(path.name, row))]
    with threadpool_limits(1):
        tables = {price: cross_validated(cases, price) for price in given.prices}
        for price, table in tables.items():
            print(f"price {price}: {table}")
        if given.write:
            fitted = fit(cases, PRICE)
            report = {
                "command": "python -m bench.fit_blurbs --data … --write",
                "made": datetime.now(UTC).date().isoformat(),
                "data": [
                    {"name": path.name, "sha256": digest_of(path), "part": "fitting"}
                    for path in given.data
                ],
                "cross-validated": tables.get(PRICE) or cross_validated(cases, PRICE),
                **fitted.report(),
            }
            _FITTED.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


def case_of(file: str, row: Example) -> Case | None:
    """The sets of an article by the code that `build` runs; None where it has none."""
    entry = Entry(id=row.id, title=row.title, text=row.text, language="en")
    sentences = readable(row.text, entry, language="en")
    found = possible(sentences, budget=BUDGET, language="en", title=row.title)
    if found is None:
        return None
    stumbles = Stumbles(found.text)
    read = [stumbles.cost(found.sets.places(at)) for at in range(len(found.skipped))]
    told = frozenset(stems([word.lower() for word in words(row.summary, "en")], "en"))
    return Case(
        file=file,
        part=hashlib.sha256(f"part {row.id}".encode()).digest()[0] % PARTS,
        found=found,
        cost=found.evident + np.array(read),
        told=np.array([stem in told for stem in found.vocabulary.stems], dtype=bool),
        agreement=(_agreement(found, row.summary, 1), _agreement(found, row.summary, 2)),
    )


def _agreement(found: Possible, summary: str, size: int) -> NDArray[np.float64]:
    """ROUGE of each set by runs of `size` words within sentences."""
    wanted = Counter(_runs(tokens(summary), size))
    column = {run: n for n, run in enumerate(wanted)}
    sentences = found.text.sentences
    said = np.zeros((len(sentences) + 1, len(column)))
    lengths = np.zeros(len(sentences) + 1)
    for place, sentence in enumerate(sentences):
        runs = _runs(tokens(sentence.text), size)
        lengths[place] = len(runs)
        for run in runs:
            if run in column:
                said[place, column[run]] += 1
    limits = np.array(list(wanted.values()), dtype=float)
    shared = np.minimum(found.sets.total(said), limits).sum(axis=1)
    total = found.sets.total(lengths) + limits.sum()
    return np.asarray(2 * shared / np.maximum(total, 1))


def _runs(found: Sequence[str], size: int) -> list[tuple[str, ...]]:
    return [tuple(found[at : at + size]) for at in range(len(found) - size + 1)]


@dataclass(frozen=True, slots=True)
class Model:
    """Weights of words (bias first), of sets, and of the cost; sets are in units of the cost."""

    words: NDArray[np.float64]
    sets: NDArray[np.float64]

    def report(self) -> dict[str, dict[str, float]]:
        """By name, to five digits."""
        by_word = zip(("bias", *WORD_FEATURES), self.words.tolist(), strict=True)
        by_set = zip(SET_FEATURES, self.sets.tolist(), strict=True)
        return {
            "words": {name: round(value, 5) for name, value in by_word},
            "sets": {name: round(value, 5) for name, value in by_set},
        }

    def best(self, case: Case) -> int:
        """The set that is chosen."""
        worth = _features(case, self.words) @ self.sets
        return int((worth - case.cost - case.found.skipped).argmax())


def _features(case: Case, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    found = case.found
    chances = found.vocabulary.chances(weights)
    return set_features(found.text, found.sets, found.vocabulary, chances, budget=BUDGET)


def fit(cases: Sequence[Case], price: float) -> Model:
    """Both models, every file counting the same."""
    counts = Counter(case.file for case in cases)
    shares = np.array([len(cases) / len(counts) / counts[case.file] for case in cases])
    by_word = _fit_words(cases, shares)
    rows = []
    for case in cases:
        cost = -(case.cost + case.found.skipped)
        rows.append(np.column_stack([_features(case, by_word), cost]))
    weights = _fit_sets(rows, [case.reward(price) for case in cases], shares)
    return Model(by_word, weights[:-1] / weights[-1])


def _fit_words(cases: Sequence[Case], shares: NDArray[np.float64]) -> NDArray[np.float64]:
    features = np.concatenate([case.found.vocabulary.features for case in cases])
    told = np.concatenate([case.told for case in cases])
    weights = np.repeat(shares, [len(case.told) for case in cases])
    scale = StandardScaler().fit(features)
    model = LogisticRegression(max_iter=300).fit(scale.transform(features), told, weights)
    slopes = model.coef_[0] / scale.scale_
    return np.concatenate([model.intercept_ - slopes @ scale.mean_, slopes])


def _fit_sets(
    rows: Sequence[NDArray[np.float64]],
    rewards: Sequence[NDArray[np.float64]],
    shares: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Weights that make the mean reward under a softmax as great as can be, by L-BFGS."""
    spread = np.mean([row.std(axis=0) for row in rows], axis=0) + 1e-9
    rows = [(row - row.mean(axis=0)) / spread for row in rows]
    size = rows[0].shape[1]

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        gained, slope = 0.0, np.zeros(size)
        for row, reward, share in zip(rows, rewards, shares, strict=True):
            values = row @ weights
            chances = np.exp(values - values.max())
            chances /= chances.sum()
            mean = float(chances @ reward)
            gained += share * mean
            slope += share * (row.T @ (chances * (reward - mean)))
        total = shares.sum()
        return -gained / total + 1e-5 * float(weights @ weights), -slope / total + 2e-5 * weights

    # From the least squares of the rewards within each article.
    square, product = np.zeros((size, size)), np.zeros(size)
    for row, reward, share in zip(rows, rewards, shares, strict=True):
        square += share * (row.T @ row) / len(row)
        product += share * (row.T @ (reward - reward.mean())) / len(row)
    start = np.linalg.solve(square + 1e-3 * np.trace(square) / size * np.eye(size), product)
    found = minimize(loss, 30 * start, jac=True, method="L-BFGS-B", options={"maxiter": 120})
    return np.asarray(found.x / spread)


def cross_validated(cases: Sequence[Case], price: float) -> dict[str, dict[str, Any]]:
    """By file: ROUGE-1 and -2 of what is chosen, and the share with a stumble, in percent."""
    found: dict[str, list[tuple[float, float, float]]] = {case.file: [] for case in cases}
    for left_out in range(PARTS):
        model = fit([case for case in cases if case.part != left_out], price)
        for case in cases:
            if case.part == left_out:
                at = model.best(case)
                one, two = case.agreement
                found[case.file].append((one[at], two[at], case.cost[at] >= 0.25))
    means = {file: np.mean(values, axis=0) * 100 for file, values in found.items()}
    names = ("R1", "R2", "with a stumble")
    return {
        file: {name: round(float(value), 2) for name, value in zip(names, values, strict=True)}
        for file, values in means.items()
    }


if __name__ == "__main__":
    main()
