"""What a story costs as entries grow, and the memory of it: the very `select` that `build` uses.

Run with `python -m bench.growth [--json] [--few 10000] [--many 100000] [--past 0]`. Entries are
made up: words by Zipf's law out of a vocabulary that grows with the text (Heaps' law), 200 sources,
three in ten entries report another's event in other words. Each size runs in a process of its own,
the sizes in turn, three times; the medians are compared. Memory is the peak of the process. With
`--past`, the archive holds that many issues of 25 such entries, which every entry is compared with.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import statistics
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from digest.models import Entry, PastIssue, Window
from digest.select import select
from digest.settings import Settings

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in "aeiou"]


def made_up(count: int, *, seed: int = 7) -> list[Entry]:
    """Entries of one week."""
    rng = random.Random(seed)  # noqa: S311 (made-up entries, the same each time)
    size = int(300 * count**0.55)
    vocabulary = ["".join(rng.choices(SYLLABLES, k=rng.choice((2, 3, 3, 4)))) for _ in range(size)]
    weights = list(accumulate(1 / (rank + 3) for rank in range(size)))
    entries: list[Entry] = []
    for n in range(count):
        common = rng.choices(vocabulary, cum_weights=weights, k=45)
        names = [word.title() for word in rng.choices(vocabulary[size // 4 :], k=6)]
        if entries and rng.random() < 0.3:
            other = entries[-rng.randrange(1, min(len(entries), 400) + 1)]
            names = [word for word in other.title.split() if word[0].isupper()][:5]
        title = " ".join([*names, *common[:3]])
        words = [*common[3:], *names]
        rng.shuffle(words)
        entries.append(
            Entry(
                id=f"{n}",
                title=title,
                text=" ".join(words),
                source=f"source {rng.randrange(200)}",
                url=f"https://s{n % 200}.example.org/{n}",
                published=NOW - timedelta(minutes=rng.randrange(1, 7 * 24 * 60)),
                language="en",
                order=n % 100,
            )
        )
    return entries


def archived(issues: int) -> list[PastIssue]:
    """Issues of the weeks before, each with 25 entries that ran."""
    entries = made_up(25 * issues, seed=8)
    found = []
    for n in range(issues):
        end = NOW - timedelta(weeks=issues - n)
        ran = (
            replace(entry, id=f"past-{entry.id}", published=end - timedelta(days=1))
            for entry in entries[25 * n : 25 * (n + 1)]
        )
        window = Window(start=end - timedelta(weeks=1), end=end)
        found.append(PastIssue(slug=f"past-{n:04}", window=window, status="sent", ran=tuple(ran)))
    return found


def one(count: int, issues: int) -> dict[str, float]:
    """Milliseconds a story and peak megabytes of one selection."""
    entries, past = made_up(count), archived(issues)
    window = Window(start=NOW - timedelta(days=7), end=NOW)
    select(entries[:100], window=window, now=NOW, settings=Settings())  # imports
    start = time.process_time()
    select(entries, window=window, now=NOW, settings=Settings(), past=past)
    spent = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"ms": 1000 * spent / count, "mb": peak}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--few", type=int, default=10_000)
    parser.add_argument("--many", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--past", type=int, default=0)
    parser.add_argument("--one", type=int)
    given = parser.parse_args()
    if given.one:
        print(json.dumps(one(given.one, given.past)))
        return
    found: dict[int, list[dict[str, float]]] = {given.few: [], given.many: []}
    for _ in range(given.rounds):
        for count, runs in found.items():
            command = [sys.executable, "-m", "bench.growth", "--one", str(count)]
            command += ["--past", str(given.past)]
            runs.append(json.loads(subprocess.check_output(command)))
    report = {
        count: {key: statistics.median(run[key] for run in runs) for key in ("ms", "mb")}
        for count, runs in found.items()
    }
    ratio = report[given.many]["ms"] / report[given.few]["ms"]
    if given.json:
        print(json.dumps({"sizes": report, "ratio": ratio}, indent=2))
        return
    for count, row in report.items():
        print(f"{count:>8,} entries: {row['ms']:.3f} ms a story, peak {row['mb']:.0f} MB")
    print(f"a story among many costs {ratio:.2f} times one among few")


if __name__ == "__main__":
    main()
