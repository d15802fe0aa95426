"""What a search costs against the bare FTS5 query, and what an issue costs to index.

Run with `python -m bench.searching [--issues 1000] [--stories 50] [--rounds 1] [--json]`. The
archive is made up: words by Zipf's law, articles of 250 words. Each question is asked through
`digest.archive.StoryIndex.search`, which the command and the page call, of an index that is like
its archive, and in the same run as the bare query of the same terms (keys and rank of the best
twenty, on a connection of its own). Medians of all rounds; `warm` is a server that looked at the
archive a moment ago, `cold` looks at it again each time, and `page` is the second page. The
index of a tenth of the issues is made beside that of all, in turn; its cost is CPU time.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

from digest.archive import Asked, StoryIndex
from digest.archive.document import BUILT, write_candidates, write_document
from digest.archive.search.matching import matching
from digest.archive.search.tables import RANK
from digest.archive.slug import slug_of
from digest.models import (
    Blurb,
    Candidate,
    Entry,
    Issue,
    Newsletter,
    Section,
    Story,
    Verdict,
    Window,
)

FIRST = datetime(2006, 1, 6, 9, tzinfo=UTC)
SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in "aeiou"]
WORDS = 40_000
ROUNDS = 7


def vocabulary(rng: random.Random) -> list[str]:
    """Made-up words, each once, the commonest first."""
    made = ("".join(rng.choices(SYLLABLES, k=rng.choice((2, 3, 3, 4)))) for _ in range(3 * WORDS))
    return list(dict.fromkeys(made))[:WORDS]


def generate(folder: Path, issues: int, stories: int) -> None:
    """The archive `folder/issues` of so many issues, a week apart, each of so many stories."""
    rng = random.Random(7)  # noqa: S311 (made-up entries, the same each time)
    words = vocabulary(rng)
    weights = list(accumulate(1 / (rank + 5) for rank in range(len(words))))

    def some(count: int) -> str:
        return " ".join(rng.choices(words, cum_weights=weights, k=count)).capitalize()

    for week in range(issues):
        cutoff = FIRST + timedelta(weeks=week)
        entries = [
            Entry(
                id=f"{week}-{n}",
                title=some(9),
                text="\n\n".join(f"{some(50)}." for _ in range(5)),
                source=f"source {n % 40}",
                url=f"https://s{n % 40}.example.org/{week}/{n}",
                published=cutoff - timedelta(hours=n + 1),
                language="en",
            )
            for n in range(stories)
        ]
        told = [
            Story(
                entry=entry,
                tier="lead" if n < 3 else "teaser",
                headline=entry.title,
                section="" if n < 3 else f"section {n % 6}",
                blurb=Blurb(text=f"{entry.text[:220]}.", origin="editor"),
            )
            for n, entry in enumerate(entries)
        ]
        issue = Issue(
            slug=slug_of(cutoff),
            newsletter=Newsletter(name="Bench Weekly"),
            window=Window(start=cutoff - timedelta(weeks=1), end=cutoff),
            now=cutoff,
            number=week + 1,
            status="sent",
            leads=tuple(told[:3]),
            sections=(Section(name="All", stories=tuple(told[3:])),),
        )
        candidates = [
            Candidate(
                entry=entry,
                first_seen=cutoff,
                verdict=Verdict(place="teaser", rule="rank", because="It is among the best."),
            )
            for entry in entries
        ]
        files = dict.fromkeys(BUILT, b"")
        files["entries.jsonl"] = write_candidates(issue, candidates).encode()
        files["issue.json"] = write_document(
            issue, settings={}, versions={}, files=dict(files)
        ).encode()
        place = folder / "issues" / issue.slug
        place.mkdir(parents=True)
        for name, data in files.items():
            (place / name).write_bytes(data)


def questions(db: sqlite3.Connection, seed: int) -> dict[str, list[str]]:
    """Questions by kind: common, middling and rare words, two of them, phrases, beginnings.

    A common word stands in a tenth of the stories and more, a middling one in one of 2,000 to one
    of 100, a rare one in two to five stories.
    """
    rng = random.Random(seed)  # noqa: S311
    total = db.execute("SELECT count(*) FROM stories").fetchone()[0]

    def words(least: float, most: float) -> list[str]:
        rows = db.execute(
            "SELECT min(written) FROM terms JOIN vocabulary USING (term) WHERE doc BETWEEN ? AND ? "
            "AND length(written) > 3 AND written NOT GLOB '*[^a-z]*' GROUP BY term ORDER BY term",
            (least, most),
        )
        return [word for (word,) in rows]

    common, rare = words(total / 10, total), words(2, 5)
    middling = words(total / 2000, total / 100)
    pick = rng.choice
    return {
        "a common word": [pick(common) for _ in range(4)],
        "a middling word": [pick(middling) for _ in range(4)],
        "a rare word": [pick(rare) for _ in range(4)],
        "two words": [f"{pick(common)} {pick(middling)}" for _ in range(4)],
        "three words": [f"{pick(common)} {pick(common)} {pick(middling)}" for _ in range(4)],
        "a phrase": [f'"{pick(common)} {pick(common)}"' for _ in range(4)],
        "a beginning": [f"{pick(middling)[:5]}*" for _ in range(4)],
        "without a word": [f"{pick(middling)} -{pick(common)}" for _ in range(4)],
    }


def spent(action: Callable[[], object]) -> float:
    """Milliseconds of this process's own time, which others on the machine do not lengthen."""
    began = time.process_time()
    action()
    return 1000 * (time.process_time() - began)


def timed(action: Callable[[], object]) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    action()
    return 1000 * (time.perf_counter() - began)


def searches(index: StoryIndex, seed: int = 3) -> dict[str, dict[str, float]]:
    """Medians in milliseconds, by kind of question."""
    index.failures()  # made like the archive
    db = sqlite3.connect(index.path)
    kinds = questions(db, seed)
    for at, value in (("cache_size", -32000),):
        db.execute(f"PRAGMA {at} = {value}")
    taken: dict[str, dict[str, list[float]]] = {}
    for _ in range(ROUNDS):
        for kind, asked in kinds.items():
            row = taken.setdefault(kind, {"bare": [], "warm": [], "cold": [], "page": []})
            for words in asked:
                meant = matching(db, Asked(words=words))
                match = meant.expression if meant else ""
                if meant and meant.without:
                    match = f"({match}) NOT ({meant.without})"
                row["bare"].append(timed(lambda m=match: bare(db, m)))  # type: ignore[misc]
                ask = Asked(words=words)
                row["warm"].append(timed(lambda a=ask: index.search(a)))  # type: ignore[misc]
                row["page"].append(timed(lambda a=ask: index.search(a, first=20)))  # type: ignore[misc]
                index._looked = float("-inf")
                row["cold"].append(timed(lambda a=ask: index.search(a)))  # type: ignore[misc]
    return {
        kind: {name: statistics.median(values) for name, values in row.items()}
        for kind, row in taken.items()
    }


def bare(db: sqlite3.Connection, match: str) -> Sequence[object]:
    """The query that has to be made at least."""
    query = f"SELECT rowid, {RANK} FROM words WHERE words MATCH ? ORDER BY {RANK} LIMIT 20"  # noqa: S608
    return db.execute(query, (match,)).fetchall()


def indexing(places: Sequence[Path], counts: Sequence[int], rounds: int) -> tuple[float, float]:
    """Milliseconds an issue of a small and of a large archive, medians, in turn."""
    taken: tuple[list[float], list[float]] = ([], [])
    if rounds:  # the words of both are stemmed by then: what is left grows with the issues
        with tempfile.TemporaryDirectory() as cache:
            StoryIndex(places[0], Path(cache)).failures()
    for _ in range(rounds):
        for at, archive in enumerate(places):
            with tempfile.TemporaryDirectory() as cache:
                index = StoryIndex(archive, Path(cache))
                taken[at].append(spent(index.failures) / counts[at])
                index.close()
    return statistics.median(taken[0] or [0]), statistics.median(taken[1] or [0])


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--issues", type=int, default=1000)
    parser.add_argument("--stories", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=1, help="of the index of all issues")
    parser.add_argument("--json", action="store_true")
    parser.add_argument(
        "--folder", type=Path, help="keep the archives there, and use what is there"
    )
    given = parser.parse_args()
    few = max(1, given.issues // 10)
    with contextlib.ExitStack() as stack:
        folder = given.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for count in (few, given.issues):
            if not (folder / f"{count}").exists():
                generate(folder / f"{count}", count, given.stories)
        places = [folder / f"{count}" / "issues" for count in (few, given.issues)]
        small, large = indexing(places, (few, given.issues), given.rounds)
        index = StoryIndex(places[1], folder / "cache")
        index.failures()
        size = index.path.stat().st_size
        rows = searches(index)
        index.close()
    middle = {
        name: statistics.median(row[name] / row["bare"] for row in rows.values())
        for name in ("warm", "cold", "page")
    }
    if given.json:
        print(json.dumps({"index": [small, large], "size": size, "ms": rows, "ratio": middle}))
        return
    if given.rounds:
        print(
            f"index: {small:.1f} ms an issue of {few}, {large:.1f} ms of {given.issues}:", end=" "
        )
        print(f"{large / small:.2f} ×; {size / 1e6:.0f} MB")
    print(f"{'':18}{'bare':>9}{'warm':>9}{'cold':>9}{'page':>9}   warm/bare  cold/bare")
    for kind, row in rows.items():
        cells = "".join(f"{row[name]:9.2f}" for name in ("bare", "warm", "cold", "page"))
        print(
            f"{kind:18}{cells}   {row['warm'] / row['bare']:8.2f}  {row['cold'] / row['bare']:9.2f}"
        )
    print("median of the ratios: " + ", ".join(f"{k} {v:.2f}" for k, v in middle.items()))


if __name__ == "__main__":
    main()
