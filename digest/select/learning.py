"""What the archive teaches: which stories became leads, and which section held which story.

Both are logistic regressions over what is known of an entry before anybody chose it: the words and
the shape of its title, its host and path, its source, author and tags. Nothing of the reader, and
nothing of what the editor wrote about it.
"""

from __future__ import annotations

import re
import sys
import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np

from digest.models import Entry, PastIssue
from digest.select.ranking import source_of
from digest.text.urls import host

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAST_ISSUES = 5
"""Issues below which an archive teaches no taste: a handful of leads shows chance, not choice."""

STRENGTH = 0.5
"""Inverse regularization (`C`). A sketch of this gave on Haskell Weekly, walked forward, an AP
of .811 (0.1 and 0.3) and .808 (3); sections of This Week in Rust: .659 (0.3), .663
(1), .662 (3)."""

HALF_LIFE = 60
"""Issues after which a choice counts half: editors and sources change. The sketch's AP: .811
without, .815 with 40."""

PRIOR = 2
"""Stories that every source is taken to have had before its first one, with the usual share of
leads among them: one lead out of one story makes no source the best."""

_WORD = re.compile(r"[^\W_]+")
_LETTERS = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class Learned:
    """What past issues teach; the empty one knows nothing."""

    record: Mapping[str, float]
    usual: float = 0.0
    taste: _Model | None = None
    sorter: _Model | None = None

    def worth(self, entry: Entry) -> float | None:
        """The share of leads among the stories of the entry's source, None where none ever ran."""
        return self.record.get(source_of(entry))

    def chances(self, entries: Sequence[Entry]) -> tuple[float, ...] | None:
        """The chance of each to be a lead, as past choices go; None where they teach too little."""
        if self.taste is None or not entries:
            return None
        column = self.taste.classes.index("lead")
        return tuple(round(float(row[column]), 4) for row in self.taste.chances(entries))

    def sections(self, entries: Sequence[Entry]) -> tuple[tuple[str, float], ...] | None:
        """The likeliest section of each and its chance; None where past ones teach too little."""
        if self.sorter is None or not entries:
            return None
        found = []
        for row in self.sorter.chances(entries):
            best = int(np.argmax(row))
            found.append((self.sorter.classes[best], round(float(row[best]), 4)))
        return tuple(found)


NOTHING = Learned({})


def learned(past: Sequence[PastIssue], *, least: int = LEAST_ISSUES) -> Learned:
    """What the stories of `past` teach, in whatever order the issues come."""
    issues = sorted(past, key=lambda issue: (issue.window.end, issue.slug))
    rows = [
        (entry, tier, section, 0.5 ** ((len(issues) - 1 - n) / HALF_LIFE))
        for n, issue in enumerate(issues)
        for entry, tier, section in zip(issue.ran, issue.tiers, issue.sections, strict=True)
    ]
    if not rows:
        return NOTHING
    ran, led = Counter(source_of(e) for e, *_ in rows), Counter[str]()
    led.update(source_of(entry) for entry, tier, *_ in rows if tier == "lead")
    usual = sum(led.values()) / len(rows)
    record = {
        source: round((led[source] + PRIOR * usual) / (count + PRIOR), 4)
        for source, count in ran.items()
    }
    if len(issues) < least:
        return Learned({}, usual)
    named = [(entry, section, weight) for entry, _, section, weight in rows if section]
    return Learned(
        record=record,
        usual=usual,
        taste=_fitted([(entry, tier, weight) for entry, tier, _, weight in rows]),
        sorter=_fitted(named),
    )


@dataclass(frozen=True, slots=True)
class _Model:
    """A fitted regression: the classes, and the column of each feature."""

    classes: tuple[str, ...]
    columns: Mapping[str, int]
    regression: Any

    def chances(self, entries: Sequence[Entry]) -> NDArray[np.float64]:
        """A row for each entry, a column for each class."""
        found: NDArray[np.float64] = self.regression.predict_proba(_matrix(entries, self.columns))
        return found


def _fitted(rows: Sequence[tuple[Entry, str, float]]) -> _Model | None:
    """The regression of the rows' names on their entries; None where there is but one name."""
    if len({name for _, name, _ in rows}) < 2:
        return None
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    entries = [entry for entry, *_ in rows]
    spread = Counter(name for entry in entries for name, _ in features(entry))
    # What one story alone shows says nothing of others.
    names = sorted(name for name, count in spread.items() if count > 1)
    columns = {name: column for column, name in enumerate(names)}
    regression = LogisticRegression(C=STRENGTH, max_iter=100)
    # One thread: the same sums in the same order, whatever the machine.
    with warnings.catch_warnings(), threadpool_limits(1):
        warnings.simplefilter("ignore", ConvergenceWarning)  # near enough: four decimals are used
        regression.fit(
            _matrix(entries, columns),
            [name for _, name, _ in rows],
            sample_weight=[weight for *_, weight in rows],
        )
    return _Model(tuple(map(str, regression.classes_)), columns, regression)


def _matrix(entries: Sequence[Entry], columns: Mapping[str, int]) -> Any:
    from scipy.sparse import csr_array

    starts, places, values = [0], [], []
    for entry in entries:
        for name, value in features(entry):
            if name in columns:
                places.append(columns[name])
                values.append(value)
        starts.append(len(places))
    return csr_array((values, places, starts), shape=(len(entries), len(columns)))


def features(entry: Entry) -> tuple[tuple[str, float], ...]:
    """What is known of an entry before anybody chose it, by name."""
    return _features(entry.title, entry.url, source_of(entry), entry.byline, entry.tags)


@lru_cache(maxsize=50_000)  # a replay asks for those of every past entry again and again
def _features(
    title: str, url: str | None, source: str, byline: str, tags: tuple[str, ...]
) -> tuple[tuple[str, float], ...]:
    words = _WORD.findall(title.casefold())
    found = {f"word {word}": 1.0 for word in words}
    found |= {f"words {one} {two}": 1.0 for one, two in pairwise(words)}
    found |= {f"tag {tag.casefold()}": 1.0 for tag in tags}
    found[f"source {source}"] = 1.0
    found[f"length {min(len(words) // 2, 7)}"] = 1.0
    found["words in all"] = min(len(words), 30) / 10
    if words:
        found[f"first {words[0]}"] = 1.0
    if byline:
        found["has an author"] = 1.0
        found[f"author {byline}"] = 1.0
    for sign, name in (("?", "asks"), (":", "has a colon"), ("#", "is numbered"), ("]", "bracket")):
        if sign in title:
            found[name] = 1.0
    if any(c.isdigit() for c in title):
        found["has a digit"] = 1.0
    if re.search(r"\d+\.\d+", title):
        found["has a version"] = 1.0
    found |= _of_address(url)
    return tuple((sys.intern(name), value) for name, value in sorted(found.items()))


def _of_address(url: str | None) -> dict[str, float]:
    if not url:
        return {"no address": 1.0}
    parts = urlsplit(url)
    name = host(url)
    labels = name.split(".")
    steps = [step for step in parts.path.split("/") if step]
    found = {f"host {name}": 1.0, f"depth {min(len(steps), 5)}": 1.0}
    found |= {f"domain {'.'.join(labels[n:])}": 1.0 for n in range(1, len(labels))}
    for n in (1, 2):
        if len(steps) >= n:
            found[f"under {name}/{'/'.join(steps[:n])}"] = 1.0
    for step in steps:
        found |= {f"path {word}": 1.0 for word in _LETTERS.findall(step.casefold())}
    if parts.query:
        found["has a query"] = 1.0
    return found
