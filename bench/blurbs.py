"""Blurbs: how near they come to what people wrote, and what a reader would stumble over.

Run with `python -m bench.blurbs --data FILE.jsonl [FILE ...] [--part held-out|fitting|all]
[--limit N] [--chars 360] [--measures FOLDER] [--kinds] [--json]`. Which articles are held out is
said in `bench.blurb_data`; the systems are those of `bench.blurb_systems`. ROUGE is F1 x 100 with
Porter's stemmer; defects are those of `blurb_defects.py`, which lies in a folder `measures` beside
the data or where `--measures` says. Intervals are 95 % by bootstrap over articles.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.blurb_data import Example, examples, part
from bench.blurb_systems import Article, Quotation, System, systems
from bench.intervals import Mean, means
from bench.rouge import NAMES, rouge

Defects = Callable[[list[str], list[bool], str], set[str]]
DEFECTIVE, FOUND = "with a defect", "defects"
PAIRED = ("lead", "filtered lead")
READ_BY_KIND = ("ours", "lead", "filtered lead")


@dataclass(slots=True)
class Run:
    """What one system quoted, and its figures: a row for each article, ROUGE and defects x 100."""

    quotations: list[tuple[Quotation, ...]] = field(default_factory=list)
    figures: list[list[float]] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)

    @property
    def table(self) -> NDArray[np.float64]:
        """The figures, a column each."""
        return np.array(self.figures)


def load(path: Path) -> ModuleType:
    """The module in a file."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{path} is no Python file.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def find_measures(given: Path | None, data: Path) -> Path | None:
    """The folder with the definitions: as given, else beside one of the data's parents."""
    if given:
        return given
    beside = (parent / "measures" for parent in data.resolve().parents)
    return next((folder for folder in beside if (folder / "blurb_defects.py").exists()), None)


def measure(
    articles: Sequence[Article],
    named: dict[str, System],
    *,
    room: int,
    defects: Defects | None,
    told: str,
) -> dict[str, Run]:
    """Every system over all articles."""
    runs = {name: Run() for name in named}
    for number, article in enumerate(articles):
        _progress(told, number, len(articles))
        known: dict[tuple[str, ...], list[float]] = {}
        for name, quote in named.items():
            quotations = quote(article, room)
            rows = [_figures(article, one, known) for one in quotations]
            if defects:
                kinds = [_defects(defects, article, one) for one in quotations]
                rows = [
                    [*row, 100.0 * bool(found), 100.0 * len(found)]
                    for row, found in zip(rows, kinds, strict=True)
                ]
                runs[name].kinds.update(kind for found in kinds for kind in found)
            runs[name].quotations.append(quotations)
            columns = zip(*rows, strict=True)
            runs[name].figures.append([sum(column) / len(rows) for column in columns])
    return runs


def _figures(
    article: Article, quotation: Quotation, known: dict[tuple[str, ...], list[float]]
) -> list[float]:
    """ROUGE x 100, once for each text of an article."""
    key = quotation.sentences
    if key not in known:
        known[key] = [100 * value for value in rouge(article.reference, key)]
    return known[key]


def _defects(defects: Defects, article: Article, quotation: Quotation) -> set[str]:
    return defects(list(quotation.sentences), list(quotation.follows), article.example.title)


def _progress(told: str, done: int, total: int) -> None:
    if done % 50 == 0 or done + 1 == total:
        print(f"\r{told}: {done + 1} of {total} ", end="", file=sys.stderr, flush=True)
    if done + 1 == total:
        print(file=sys.stderr)


def report(runs: dict[str, Run]) -> dict[str, Any]:
    """The means of every system, `ours` less its peers by article, and defects by kind."""
    columns = (*NAMES, DEFECTIVE, FOUND)
    tables = {name: run.table for name, run in runs.items()}
    count = len(tables["ours"])

    def named(values: NDArray[Any]) -> dict[str, Mean]:
        return dict(zip(columns, means(values), strict=False))

    return {
        "articles": count,
        "systems": {name: named(table) for name, table in tables.items()},
        "ours less": {name: named(tables["ours"] - tables[name]) for name in PAIRED},
        "kinds": {
            name: {kind: 100 * n / count for kind, n in runs[name].kinds.most_common()}
            for name in READ_BY_KIND
        },
    }


def show(found: dict[str, Any], *, kinds: bool) -> None:
    """Print the tables of one file."""
    columns = list(found["systems"]["ours"])
    head = f"{'system':16}" + "".join(f"{name:>22}" for name in columns)
    print(head)
    for name, row in found["systems"].items():
        print(f"{name:16}" + "".join(f"{row[column]!s:>22}" for column in columns))
    for name, row in found["ours less"].items():
        print(f"{'- ' + name:16}" + "".join(f"{_signed(row[column]):>22}" for column in columns))
    if kinds and any(found["kinds"].values()):
        print(f"\n{'defects per 100':34}" + "".join(f"{name:>15}" for name in READ_BY_KIND))
        rows = found["kinds"]
        for kind in dict.fromkeys(kind for row in rows.values() for kind in row):
            shown = "".join(f"{rows[name].get(kind, 0):15.1f}" for name in READ_BY_KIND)
            print(f"{kind:34}{shown}")


def _signed(value: Mean) -> str:
    return f"{value.mean:+.2f} [{value.low:+.2f}, {value.high:+.2f}]"


def chosen(rows: Sequence[Example], name: str, limit: int | None) -> list[Example]:
    """The articles of a part, of which `limit` from the first on."""
    if name == "held-out":
        rows = part(rows, "held-out")
    elif name == "fitting":
        rows = part(rows, "fitting")
    return list(rows)[:limit]


def options_of(arguments: Iterable[str] | None = None) -> argparse.Namespace:
    """The options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, nargs="+", required=True)
    parser.add_argument("--part", choices=("held-out", "fitting", "all"), default="held-out")
    parser.add_argument("--limit", type=int)
    parser.add_argument("--chars", type=int, default=360)
    parser.add_argument("--measures", type=Path)
    parser.add_argument("--systems", nargs="*", help="only these, beside ours and the leads")
    parser.add_argument("--kinds", action="store_true")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args(None if arguments is None else list(arguments))


def main() -> None:
    """Measure, and print tables or JSON."""
    options = options_of()
    measures = find_measures(options.measures, options.data[0])
    defects: Defects | None = None
    if measures:
        defects = load(measures / "blurb_defects.py").defects
    else:
        print("blurb_defects.py is not there: no column of defects.", file=sys.stderr)
    named = systems()
    if options.systems is not None:
        kept = {*READ_BY_KIND, *options.systems}
        named = {name: system for name, system in named.items() if name in kept}
    reports = {}
    for path in options.data:
        rows = chosen(examples(path), options.part, options.limit)
        articles = [Article.of(row) for row in rows]
        runs = measure(articles, named, room=options.chars, defects=defects, told=path.name)
        reports[path.name] = report(runs)
    if options.json:
        print(json.dumps(reports, indent=2))
        return
    for name, found in reports.items():
        print(f"\n{name}, {options.part}: {found['articles']} articles, {options.chars} characters")
        show(found, kinds=options.kinds)


if __name__ == "__main__":
    main()
