"""The figures of a run of systems over articles, and how they are printed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.blurb_systems import Article, Quotation
from bench.intervals import Mean, means
from bench.rouge import NAMES

COLUMNS = (*NAMES, "with a defect", "defects")
PEERS = ("lead", "filtered lead")
BY_KIND = ("ours", *PEERS)
FEWEST = 20
"""Articles from which on a publisher has a line of its own."""


@dataclass(slots=True)
class Run:
    """What one system quoted of each article, and its figures: a row each, all x 100.

    ROUGE, and where defects are known whether there is one and how many.
    """

    quotations: list[tuple[Quotation, ...]] = field(default_factory=list)
    figures: list[list[float]] = field(default_factory=list)
    kinds: list[list[set[str]]] = field(default_factory=list)

    @property
    def table(self) -> NDArray[np.float64]:
        """The figures, a column each."""
        return np.array(self.figures)


def report(articles: Sequence[Article], runs: Mapping[str, Run]) -> dict[str, Any]:
    """The means of every system, `ours` less its peers by article, by publisher, and by kind."""
    tables = {name: run.table for name, run in runs.items()}

    def named(values: NDArray[Any]) -> dict[str, Mean]:
        return dict(zip(COLUMNS, means(values), strict=False))

    return {
        "articles": len(articles),
        "systems": {name: named(table) for name, table in tables.items()},
        "ours less": {name: named(tables["ours"] - tables[name]) for name in PEERS},
        "R1 of ours less lead": _by_publisher(
            articles, tables["ours"][:, :1] - tables["lead"][:, :1]
        ),
        "kinds": {name: _by_kind(runs[name]) for name in BY_KIND},
    }


def _by_kind(run: Run) -> dict[str, float]:
    counts = Counter(kind for article in run.kinds for found in article for kind in sorted(found))
    return {kind: 100 * count / len(run.figures) for kind, count in counts.most_common()}


def _by_publisher(articles: Sequence[Article], differences: NDArray[Any]) -> dict[str, Any]:
    """The mean difference by host, the largest first; those with few articles are together."""
    rows: dict[str, list[int]] = defaultdict(list)
    for row, article in enumerate(articles):
        rows[article.example.source].append(row)
    if len(rows) < 2:
        return {}
    few = [row for places in rows.values() if len(places) < FEWEST for row in places]
    kept = {host: places for host, places in rows.items() if len(places) >= FEWEST}
    kept = dict(sorted(kept.items(), key=lambda item: (-len(item[1]), item[0])))
    if few:
        kept["others"] = few
    return {
        host: {"articles": len(places), "R1": means(differences[places])[0]}
        for host, places in kept.items()
    }


def tables(found: Mapping[str, Any], *, kinds: bool) -> Iterator[str]:
    """The lines that show a report."""
    columns = list(found["systems"]["ours"])
    yield f"{'':16}" + "".join(f"{name:>24}" for name in columns)
    for name, row in found["systems"].items():
        yield f"{name:16}" + "".join(f"{row[column]!s:>24}" for column in columns)
    yield "ours, article by article, less"
    for name, row in found["ours less"].items():
        cells = (signed(row[column], 2 if column in NAMES else 1) for column in columns)
        yield f"  {name:14}" + "".join(f"{cell:>24}" for cell in cells)
    if found["R1 of ours less lead"]:
        yield "R1 of ours less lead, by publisher"
    for host, row in found["R1 of ours less lead"].items():
        yield f"  {host:34}{row['articles']:6}   {signed(row['R1'])}"
    if kinds and any(found["kinds"].values()):
        yield f"{'defects per 100':36}" + "".join(f"{name:>15}" for name in BY_KIND)
        rows = found["kinds"]
        for kind in dict.fromkeys(kind for row in rows.values() for kind in row):
            shown = "".join(f"{rows[name].get(kind, 0):15.1f}" for name in BY_KIND)
            yield f"  {kind:34}{shown}"


def junk_tables(found: Mapping[str, Any]) -> Iterator[str]:
    """The lines that show what `bench.blurb_junk` measured."""
    for way, figures in found.items():
        yield f"junk, {way}: {figures['articles']} articles"
        for name, row in figures["systems"].items():
            yield f"  {name:16} leaks {row['leaks per 100']!s:>20}   R1 {row['R1']!s:>20}"
        for name, mean in figures["R1 of ours less"].items():
            yield f"  R1 of ours less {name}: {signed(mean)}"
        for line, count in figures["lines that leaked from ours"].items():
            yield f"  leaked {count} x: {line}"


def signed(value: Mean, digits: int = 2) -> str:
    """A difference and its interval."""
    mean, low, high = (f"{figure:+.{digits}f}" for figure in value)
    return f"{mean} [{low}, {high}]"


def worst(run: Run, count: int) -> list[int]:
    """The places of the articles whose blurbs have most defects, then the least ROUGE-1."""
    order = sorted(range(len(run.figures)), key=lambda n: (-_defects(run, n), run.figures[n][0]))
    return order[:count]


def spread(run: Run, count: int) -> list[int]:
    """The places of `count` articles, evenly apart."""
    size = len(run.figures)
    return [n * size // count for n in range(min(count, size))] if count < size else [*range(size)]


def _defects(run: Run, number: int) -> int:
    return sum(map(len, run.kinds[number])) if run.kinds else 0


def read_out(articles: Sequence[Article], run: Run, numbers: Sequence[int]) -> Iterator[str]:
    """Blurbs to read, each with its title, its ROUGE-1 and its defects; `/` where it skips."""
    for number in numbers:
        example, quotation = articles[number].example, run.quotations[number][0]
        joints = [" " if follows else " / " for follows in quotation.follows]
        text = "".join(
            joint * (n > 0) + sentence
            for n, (joint, sentence) in enumerate(zip(joints, quotation.sentences, strict=True))
        )
        kinds = ", ".join(sorted(run.kinds[number][0])) if run.kinds else ""
        yield f"{example.id}  R1 {run.figures[number][0]:.0f}  {kinds}"
        yield f"  {example.title}"
        yield f"  {text or '(no blurb)'}"
