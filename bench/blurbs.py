"""Blurbs: how near they come to what people wrote, and what a reader would stumble over.

Run with `python -m bench.blurbs --data FILE.jsonl [FILE ...] [--part held-out|fitting|all]
[--limit N] [--chars 360] [--systems NAME ...] [--kinds] [--junk] [--speed] [--seeds] [--show N]
[--worst N] [--json]`.

Which articles are held out is said in `bench.blurb_data`, what the systems are in
`bench.blurb_systems`. ROUGE is F1 x 100 with Porter's stemmer. Defects are those of
`blurb_defects.py` and junk that of `junk.py`, which lie in a folder `measures` beside the data or
where `--measures` says. Figures stand with their 95 % interval by bootstrap over articles; in JSON
each is `[mean, low, high]`.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from bench import blurb_junk, blurb_report, blurb_runs
from bench.blurb_data import PARTS, examples, held_out, part
from bench.blurb_report import Run
from bench.blurb_systems import Article, System, systems
from bench.rouge import rouge

FURTHER_JUNK = Path(__file__).parents[1] / "tests" / "summarize" / "junk_lines.py"

Defects = Callable[[list[str], list[bool], str], set[str]]


def load(path: Path) -> ModuleType:
    """The module in a file."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{path} is no Python file.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def find_measure(name: str, data: Path, folder: Path | None) -> ModuleType | None:
    """A module of the folder `measures`; None, said by name, where it is not there."""
    folders = [folder] if folder else [p / "measures" for p in data.resolve().parents]
    found = next((one / name for one in folders if (one / name).exists()), None)
    if found is None:
        print(f"{name} is not there: what it measures is left out.", file=sys.stderr)
    return load(found) if found else None


def measure(
    articles: Sequence[Article],
    named: dict[str, System],
    *,
    room: int,
    defects: Defects | None = None,
    told: str = "",
) -> dict[str, Run]:
    """Every system over all articles; `told` names the progress on stderr."""
    runs = {name: Run() for name in named}
    for number, article in enumerate(articles):
        progress(told, number, len(articles))
        known: dict[tuple[str, ...], list[float]] = {}
        for name, quote in named.items():
            run = runs[name]
            quotations = quote(article, room)
            rows = []
            for quotation in quotations:
                key = quotation.sentences
                if key not in known:
                    known[key] = [100 * value for value in rouge(article.reference, key)]
                rows.append(known[key])
            if defects:
                title = article.example.title
                kinds = [defects([*q.sentences], [*q.follows], title) for q in quotations]
                rows = [
                    [*row, 100.0 * bool(found), 100.0 * len(found)]
                    for row, found in zip(rows, kinds, strict=True)
                ]
                run.kinds.append(kinds)
            run.quotations.append(quotations)
            run.figures.append([sum(c) / len(rows) for c in zip(*rows, strict=True)])
    return runs


def progress(told: str, done: int, total: int) -> None:
    """Say on stderr how far a loop is."""
    if told and (done % 25 == 0 or done + 1 == total):
        end = "\n" if done + 1 == total else ""
        print(f"\r{told}: {done + 1} of {total} ", end=end, file=sys.stderr, flush=True)


def options_of() -> argparse.Namespace:
    """The options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, nargs="+", required=True)
    parser.add_argument("--part", choices=PARTS, default="held-out")
    parser.add_argument("--limit", type=int, help="only so many articles of each file")
    parser.add_argument("--chars", type=int, default=360, help="the budget of a blurb")
    parser.add_argument("--measures", type=Path, help="the folder of blurb_defects.py and junk.py")
    parser.add_argument(
        "--systems",
        nargs="*",
        choices=list(systems()),
        help="only these, beside ours and the leads",
    )
    parser.add_argument("--kinds", action="store_true", help="defects by kind")
    parser.add_argument("--junk", action="store_true", help="leaks of junk put into the articles")
    parser.add_argument("--junk-lines", type=Path, default=FURTHER_JUNK, help="further LINES")
    parser.add_argument("--speed", action="store_true", help="documents a second beside sumy's")
    parser.add_argument("--seeds", action="store_true", help="the same for any hash seed?")
    parser.add_argument("--show", type=int, default=0, help="print so many of our blurbs")
    parser.add_argument("--worst", type=int, default=0, help="print so many of our worst")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def measured(path: Path, options: argparse.Namespace) -> tuple[dict[str, Any], list[str]]:
    """The report on a file, and the blurbs to read."""
    held = options.part == "held-out"
    rows = (held_out(path) if held else part(examples(path), options.part))[: options.limit]
    articles = [Article.of(row) for row in rows]
    named = systems()
    kept = named
    if options.systems is not None:
        kept = {n: s for n, s in named.items() if n in {*blurb_report.BY_KIND, *options.systems}}
    definitions = find_measure("blurb_defects.py", path, options.measures)
    runs = measure(
        articles,
        kept,
        room=options.chars,
        defects=definitions.defects if definitions else None,
        told=path.name,
    )
    found = blurb_report.report(articles, runs)
    if options.junk and (junk := find_measure("junk.py", path, options.measures)):
        further = load(options.junk_lines).LINES if options.junk_lines.exists() else []
        found["junk"] = blurb_junk.measure(
            articles, named, junk.JUNK, further, room=options.chars, progress=progress
        )
    if options.speed:
        found["documents a CPU second"] = blurb_runs.speed(articles, options.chars)
    ours = runs["ours"]
    numbers = blurb_report.spread(ours, options.show) + blurb_report.worst(ours, options.worst)
    return found, list(blurb_report.read_out(articles, ours, numbers))


def shown(found: dict[str, Any], *, kinds: bool) -> Iterator[str]:
    """The lines of one file's report."""
    yield from blurb_report.tables(found, kinds=kinds)
    yield from blurb_report.junk_tables(found.get("junk", {}))
    if rates := found.get("documents a CPU second"):
        yield "documents a CPU second: " + ", ".join(f"{k} {v:.2f}" for k, v in rates.items())


def main() -> None:
    """Measure, and print tables or JSON."""
    options = options_of()
    reports: dict[str, Any] = {}
    read: dict[str, list[str]] = {}
    for path in options.data:
        reports[path.name], read[path.name] = measured(path, options)
    same = None
    if options.seeds:
        same = blurb_runs.same_for_seeds(options.data, options.part, options.limit, options.chars)
    if options.json:
        print(json.dumps(reports if same is None else {**reports, "same": same}, indent=2))
        return
    for name, found in reports.items():
        print(f"\n{name}, {options.part}: {found['articles']} articles, {options.chars} characters")
        print("\n".join([*shown(found, kinds=options.kinds), *read[name]]))
    if same is not None:
        print(f"\nthe same blurbs for every hash seed: {'yes' if same else 'NO'}")


if __name__ == "__main__":
    main()
