"""A million recipients: reading their list against csv.reader and bare rows in SQLite.

Run with `python -m bench.planning [--rows 1000000] [--rounds 5] [--json]`. The list is made up, the
same each time: 30 domains, names with accents, 1 % of the rows name somebody again, 0.1 % are bad.
Each job runs in a process of its own, the jobs in turn; medians are compared. CPU and wall begin
after the imports; memory is the peak of the process (VmHWM) above what it was then.

- bare: `csv.reader`, and `INSERT INTO bare(address)` by executemany in one transaction, on disk
- list: `open_list(…).batches(5000)` alone, to the end
- plan: the same into a new ledger, in one durable transaction: every row checked and told apart
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from digest.send import Keyring, Ledger, open_list

BATCH = 5_000
FIRST = ("Ann", "Ben", "Zoë", "Jürgen", "Łukasz", "Måns", "Chloé", "İpek", "Ngọc", "Søren", "Dara",
         "Eoin", "Siân", "Noor", "Amélie", "Bjørn", "Aoife", "Iñaki", "Ümit", "Żaneta", "Réka",
         "Cleo", "Dan", "Eve", "Finn", "Maja", "Otto", "Ida")  # fmt: skip
CITIES = ("Bremen", "Köln", "Saint-Malo", "Gdańsk", "Bath", "Oslo", "São Paulo", "Washington, D.C.")
BAD = ("no address", "@example.org", "ann@", "ann..lane@example.org", "a@b@example.org")


def made_up(path: Path, rows: int, *, seed: int = 7) -> None:
    """Write a list of `rows` rows under a header."""
    rng = random.Random(seed)  # noqa: S311 (made-up people, the same each time)
    domains = [f"mail{n}.example.{'org' if n % 2 else 'com'}" for n in range(30)]
    with path.open("w", encoding="utf-8", newline="") as file:
        write = csv.writer(file, lineterminator="\n").writerow
        write(("address", "first_name", "city"))
        address = "ann@example.org"
        for n in range(rows):
            chance = rng.random()
            name = rng.choice(FIRST)
            if chance >= 0.01:
                plain = name.encode("ascii", "ignore").decode().lower()
                address = f"{plain}.{n:x}@{rng.choice(domains)}"
            elif chance < 0.001:
                write((rng.choice(BAD), name, ""))
                continue
            write((address if chance >= 0.005 else address.title(), name, rng.choice(CITIES)))


def bare(path: Path, folder: Path) -> int:
    """What nobody can do with less."""
    base = sqlite3.connect(folder / "bare.db")
    base.execute("CREATE TABLE bare(address TEXT)")
    with base, path.open(encoding="utf-8", newline="") as file:
        found = csv.reader(file)
        next(found)
        base.executemany("INSERT INTO bare(address) VALUES (?)", _first_cells(found))
    (count,) = base.execute("SELECT count(*) FROM bare").fetchone()
    base.close()
    return int(count)


def _first_cells(rows: Iterator[list[str]]) -> Iterator[tuple[str]]:
    for row in rows:
        yield (row[0],)


def listed(path: Path, folder: Path) -> int:  # noqa: ARG001
    """The list alone: every row read, checked and ready to be inserted."""
    with open_list(path) as found:
        for _rows, _failures in found.batches(BATCH):
            pass
    return found.rows


def planned(path: Path, folder: Path) -> int:
    """The list planned into a new ledger, as `digest send` does it."""
    keyring = Keyring((("a", "x" * 40),))
    ledger = Ledger(
        "sqlite:///ledger.db", folder=folder, keyring=keyring, clock=lambda: datetime.now(UTC)
    )
    with closing(ledger), open_list(path) as found:
        ledger.plan("2026-W47", found, name=path.name, message="0" * 64)
    return found.rows


JOBS: dict[str, Callable[[Path, Path], int]] = {"bare": bare, "list": listed, "plan": planned}


def one(job: str, path: Path) -> dict[str, float]:
    """Seconds of CPU and by the wall, and megabytes, of one job in this process."""
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        before, memory = resource.getrusage(resource.RUSAGE_SELF), _peak()
        start = time.perf_counter()
        rows = JOBS[job](path, Path(folder))
        wall = time.perf_counter() - start
        after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"rows": rows, "cpu": cpu, "wall": wall, "memory": _peak() - memory, "peak": _peak()}


def _peak() -> float:
    """Megabytes of this process at its largest, so far."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def compared(rows: int, rounds: int) -> dict[str, dict[str, float]]:
    """The medians of each job over `rounds` interleaved rounds."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.csv"
        made_up(path, rows)
        found: dict[str, list[dict[str, float]]] = {job: [] for job in JOBS}
        for _ in range(rounds):
            for job in JOBS:
                command = [sys.executable, "-m", "bench.planning", "--job", job, str(path)]
                run = subprocess.run(command, check=True, capture_output=True, text=True)
                found[job].append(json.loads(run.stdout))
    return {
        job: {key: median(run[key] for run in runs) for key in runs[0]}
        for job, runs in found.items()
    }


def main() -> None:
    """Print the table, or the measures of one job."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--job", nargs=2, metavar=("JOB", "LIST"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.job:
        print(json.dumps(one(options.job[0], Path(options.job[1]))))
        return
    found = compared(options.rows, options.rounds)
    if options.json:
        print(json.dumps(found))
        return
    print(f"{options.rows:,} rows, medians of {options.rounds} interleaved rounds")
    print(f"{'':6}{'CPU s':>8}{'wall s':>8}{'× bare':>8}{'MB above':>10}{'MB peak':>9}")
    for job, of in found.items():
        times = of["cpu"] / found["bare"]["cpu"]
        print(
            f"{job:6}{of['cpu']:8.2f}{of['wall']:8.2f}{times:8.2f}"
            f"{of['memory']:10.1f}{of['peak']:9.1f}"
        )


if __name__ == "__main__":
    main()
