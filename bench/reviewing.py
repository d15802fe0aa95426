"""What reviewing, searching and publishing cost in archives of 100 and of 1,000 issues.

Run with `python -m bench.reviewing [--only list,pages,index,search,publish,stats,sizes]`. The
archives are generated (`bench.generated_archive`) into FOLDER, or a folder of their own; the small
and the large one take turns, round by round, and medians are compared. Times are this process' CPU.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from bench import reviewing_doors as doors
from bench.generated_archive import generate

GROWTH = 1.2
"""What an issue among many may cost at most, against one among few."""
ONE_PAGE = 2.0
"""What one page may cost at most in a large archive: it names its neighbors among all others."""
PAGE_BYTES = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of the table: what was measured, with its unit, beside what is wanted at most."""

    what: str
    figure: float
    bar: float
    told: str

    @property
    def holds(self) -> bool:
        """Whether the bar is kept."""
        return self.figure <= self.bar


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """The two archives and how often each job is done."""

    few: tuple[Path, int]
    many: tuple[Path, int]
    rounds: int

    def growth(self, what: str, job: doors.Job, *, each: bool = True) -> Row:
        """What a job costs among many against among few: `each` issue of it, or the whole job."""
        few, many = self.few[0], self.many[0]
        spent = self.medians({"few": lambda: job(few), "many": lambda: job(many)})
        shares = (self.few[1], self.many[1]) if each else (1, 1)
        one = [1000 * spent[name] / n for name, n in zip(("few", "many"), shares, strict=True)]
        unit = "ms an issue" if each else "ms"
        told = f"{one[0]:.3f} and {one[1]:.3f} {unit}"
        bar = GROWTH if each else ONE_PAGE
        return Row(what=what, figure=one[1] / one[0], bar=bar, told=told)

    def medians(self, jobs: dict[str, Callable[[], float]]) -> dict[str, float]:
        """The median seconds of each job, done in turns; the first round warms up."""
        spent: dict[str, list[float]] = {name: [] for name in jobs}
        for _ in range(self.rounds + 1):
            for name, job in jobs.items():
                spent[name].append(job())
        return {name: median(taken[1:]) for name, taken in spent.items()}


def listing(bench: Bench) -> Iterator[Row]:
    """The list of issues: the page at its first look and later, and the command."""
    warm = doors.Warm()
    yield bench.growth("list page, first look", doors.list_cold)
    yield bench.growth("list page, again", lambda folder: warm.page(folder, "/"))
    if doors.has_page(bench.few[0], "/years/<year>"):
        job = lambda folder: warm.page(folder, "/years/YEAR")  # noqa: E731 (one line says it)
        yield bench.growth("a year's page, again", job)
    yield bench.growth(
        "digest issues list",
        lambda folder: doors.cpu(lambda: doors.command(folder, "issues", "list")),
    )


def pages(bench: Bench) -> Iterator[Row]:
    """Each page of one issue, which the number of the others should not touch."""
    warm = doors.Warm()
    for url in warm.pages(bench.few[0]):
        job = lambda folder, url=url: warm.page(folder, url)  # noqa: E731 (one line says it)
        yield bench.growth(f"page {url}", job, each=False)


def index(bench: Bench) -> Iterator[Row]:
    """The index of the search, made anew."""
    if doors.has_command("issues", "search"):
        yield bench.growth("index", doors.index_anew)


def search(bench: Bench) -> Iterator[Row]:
    """A search on the page, beside the bare query."""
    if doors.has_page(bench.many[0], "/search"):
        searched = doors.Searched(bench.many[0])
        spent = bench.medians({"page": searched.pages, "bare": searched.bare})
        told = f"{1000 * spent['page']:.2f} and {1000 * spent['bare']:.2f} ms"
        figure = spent["page"] / spent["bare"]
        yield Row(what="search page against bare FTS5", figure=figure, bar=3, told=told)


def publish(bench: Bench) -> Iterator[Row]:
    """The archive published whole, and again after one issue changed."""
    if doors.has_command("publish"):
        published = doors.Published()
        yield bench.growth("publish", published.whole)
        many = bench.many[0]
        published.whole(many)
        whole = median(published.whole(many) for _ in range(2))
        again = median(published.again(many) for _ in range(bench.rounds))
        told = f"{again:.2f} of {whole:.2f} s"
        yield Row(what="publish again, one changed", figure=again / whole, bar=1 / 20, told=told)


def stats(bench: Bench) -> Iterator[Row]:
    """The statistics, with nothing kept from before and with a tally of each issue."""
    if not doors.has_command("issues", "stats"):
        return

    def told(folder: Path) -> float:
        return doors.cpu(lambda: doors.command(folder, "issues", "stats"))

    def anew(folder: Path) -> float:
        doors.forget_derived(folder)
        return told(folder)

    yield bench.growth("stats, anew", anew)
    yield bench.growth("stats, again", told)


def sizes(bench: Bench) -> Iterator[Row]:
    """The bytes of every page of the large archive."""
    for url, size in doors.sizes(bench.many[0]).items():
        yield Row(what=f"bytes of {url}", figure=size, bar=PAGE_BYTES, told=f"{size / 1000:.1f} KB")


PARTS: dict[str, Callable[[Bench], Iterable[Row]]] = {
    "list": listing, "pages": pages, "index": index, "search": search, "publish": publish,
    "stats": stats, "sizes": sizes,
}  # fmt: skip


def main() -> None:
    """Print the table; the exit status is 1 where a bar is not kept."""
    parser = argparse.ArgumentParser(description="Measure reviewing in large archives.")
    parser.add_argument("--folder", type=Path, help="where the archives are made, and kept")
    parser.add_argument("--few", type=int, default=100)
    parser.add_argument("--many", type=int, default=1000)
    parser.add_argument("--stories", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default=",".join(PARTS))
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = given.folder or Path(made)
        archives = []
        for count in (given.few, given.many):
            here = folder / f"{count}x{given.stories}"
            if not here.exists():
                generate(here, count, given.stories)
            archives.append((here, count))
        bench = Bench(few=archives[0], many=archives[1], rounds=given.rounds)
        rows: list[Row] = []
        for name in given.only.split(","):
            found = list(PARTS[name](bench))
            rows += found
            if not given.json:
                _print(name, found)
    if given.json:
        print(json.dumps([asdict(row) | {"holds": row.holds} for row in rows], indent=2))
    raise SystemExit(0 if all(row.holds for row in rows) else 1)


def _print(name: str, rows: list[Row]) -> None:
    if not rows:
        print(f"{name}: not there in this version")
    for row in rows:
        figure = f"{row.figure:,.0f}" if row.bar > 1000 else f"{row.figure:.3f}"
        bar = f"{row.bar:,.0f}" if row.bar > 1000 else f"{row.bar:.3g}"
        mark = "ok  " if row.holds else "OVER"
        print(f"{mark} {row.what:<42} {figure:>9} (at most {bar}): {row.told}", flush=True)


if __name__ == "__main__":
    main()
