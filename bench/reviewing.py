"""What reviewing, searching and publishing cost in archives of 100 and of 1,000 issues.

Run with `python -m bench.reviewing [--only PART,PART] [--folder FOLDER]`. The archives
are generated (`bench.generated_archive`) into FOLDER, or a folder of their own; the small and the
large one take turns, round by round, and medians are compared. Times are this process' CPU.
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
from bench.searching import searched

GROWTH = 1.2
"""What an issue among many may cost at most, against one among few."""
ONE_PAGE = 2.0
"""What one page may cost at most in a large archive: it names its neighbors among all others."""
SEARCH = 3.0
"""What a search may cost at most against the bare query; `bench.searching` says what that is."""
AGAIN = 1 / 20
"""What publishing after one change may cost at most, against the whole."""
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

    def growth(
        self, what: str, job: doors.Job, *, each: bool = True, rounds: int | None = None
    ) -> Row:
        """What a job costs among many against among few: `each` issue of it, or the whole job."""
        few, many = self.few[0], self.many[0]
        jobs = {"few": lambda: job(few), "many": lambda: job(many)}
        if rounds:  # what is imported and remembered once is no cost of many issues
            job(few)
        spent = self.medians(jobs, rounds=rounds)
        shares = (self.few[1], self.many[1]) if each else (1, 1)
        one = [1000 * spent[name] / n for name, n in zip(("few", "many"), shares, strict=True)]
        unit = "ms an issue" if each else "ms"
        told = f"{one[0]:.3f} and {one[1]:.3f} {unit}"
        bar = GROWTH if each else ONE_PAGE
        return Row(what=what, figure=one[1] / one[0], bar=bar, told=told)

    def medians(
        self, jobs: dict[str, Callable[[], float]], *, rounds: int | None = None
    ) -> dict[str, float]:
        """The median seconds of each job, done in turns; without `rounds` the first warms up."""
        spent: dict[str, list[float]] = {name: [] for name in jobs}
        for _ in range(rounds or self.rounds + 1):
            for name, job in jobs.items():
                spent[name].append(job())
        return {name: median(taken[not rounds :]) for name, taken in spent.items()}


def listing(bench: Bench) -> Iterator[Row]:
    """The list of issues: the page at its first look and later, and the command."""
    warm = doors.Warm()
    yield bench.growth("list page, first look", doors.list_cold)
    yield bench.growth("list page, again", lambda folder: warm.page(folder, "/"))
    yield bench.growth("a year's page, again", lambda folder: warm.page(folder, "/years/YEAR"))
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
    yield bench.growth("index", doors.index_anew, rounds=1)


def search(bench: Bench) -> Iterator[Row]:
    """A search beside the bare query, by kind of question and over all kinds."""
    found = searched(bench.many[0], bench.rounds)
    for state, told in (("warm", "a moment after another"), ("cold", "first of a process")):
        shares = {kind: row[state] / row[f"bare {state}"] for kind, row in found.items()}
        yield Row(
            what=f"search, {told}, against bare FTS5",
            figure=median(shares.values()),
            bar=SEARCH,
            told=", ".join(f"{kind} {share:.1f}" for kind, share in shares.items()),
        )


def publish(bench: Bench) -> Iterator[Row]:
    """The archive published whole, and again after one issue changed."""
    yield bench.growth("publish", lambda folder: doors.Published(folder).whole(), rounds=1)
    published = doors.Published(bench.many[0])
    whole = published.whole()
    changes: dict[str, Callable[[], float]] = {
        "nothing changed": published.again,
        "one corrected": lambda: published.corrected(latest=False),
        "the latest corrected": lambda: published.corrected(latest=True),
        "the newest added": published.added,
    }
    for what, again in bench.medians(changes, rounds=2).items():
        told = f"{again:.2f} of {whole:.1f} s"
        yield Row(what=f"publish again, {what}", figure=again / whole, bar=AGAIN, told=told)
    for name, size in sorted(published.sizes().items()):
        yield _size(f"published {name}", size)


def stats(bench: Bench) -> Iterator[Row]:
    """The statistics, with nothing kept from before and with a tally of each issue."""

    def told(folder: Path) -> float:
        return doors.cpu(lambda: doors.command(folder, "issues", "stats"))

    def anew(folder: Path) -> float:
        doors.forget_derived(folder)
        return told(folder)

    yield bench.growth("stats, anew", anew, rounds=1)
    yield bench.growth("stats, again", told, rounds=2)


def verify(bench: Bench) -> Iterator[Row]:
    """What is archived, looked through for damage; nothing is rendered."""
    yield bench.growth(
        "verify --quick",
        lambda folder: doors.cpu(lambda: doors.command(folder, "issues", "verify", "--quick")),
        rounds=1,
    )


def sizes(bench: Bench) -> Iterator[Row]:
    """The bytes of every page of the review of the large archive."""
    for url, size in doors.sizes(bench.many[0]).items():
        yield _size(url, size)


def _size(what: str, size: int) -> Row:
    return Row(what=f"bytes of {what}", figure=size, bar=PAGE_BYTES, told=f"{size / 1000:.1f} KB")


PARTS: dict[str, Callable[[Bench], Iterable[Row]]] = {
    "list": listing, "pages": pages, "index": index, "search": search, "sizes": sizes,
    "stats": stats, "verify": verify, "publish": publish,
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
                _print(found)
    if given.json:
        print(json.dumps([asdict(row) | {"holds": row.holds} for row in rows], indent=2))
    raise SystemExit(0 if all(row.holds for row in rows) else 1)


def _print(rows: list[Row]) -> None:
    for row in rows:
        figure = f"{row.figure:,.0f}" if row.bar > 1000 else f"{row.figure:.3f}"
        bar = f"{row.bar:,.0f}" if row.bar > 1000 else f"{row.bar:.3g}"
        mark = "ok  " if row.holds else "OVER"
        print(f"{mark} {row.what:<42} {figure:>9} (at most {bar}): {row.told}", flush=True)


if __name__ == "__main__":
    main()
