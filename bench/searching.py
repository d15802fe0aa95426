"""What a search costs against the bare query: by kind of question, warm and cold.

The bare query is what has to be asked at least: the same MATCH of FTS5, the same rank and the best
twenty, with the columns that show them, in one statement. It neither counts all that was found nor
marks a word. A warm search is one of a server that looked at the archive a moment ago, and its bare
query has its connection already; a cold one is the first of a process, as the command asks it, and
both open the file. The library is imported, and the stemmers made, before either.
"""

from __future__ import annotations

import contextlib
import random
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from digest.archive import Asked, StoryIndex
from digest.archive.search.matching import matching
from digest.archive.search.tables import PER_ISSUE, RANK

OF_A_KIND = 4
"""Questions of each kind."""
_BARE = f"""
SELECT i.slug, i.day, i.status, s.lead, t.*
FROM (SELECT rowid AS id, {RANK} AS worth FROM words WHERE words MATCH ?
      ORDER BY worth, rowid DESC LIMIT 20) best
JOIN told t ON t.id = best.id JOIN stories s ON s.id = best.id
JOIN issues i ON i.number = best.id / {PER_ISSUE} * {PER_ISSUE} ORDER BY best.worth, best.id DESC
"""  # noqa: S608 (names of our own)


def questions(db: sqlite3.Connection, seed: int = 3) -> dict[str, list[str]]:
    """Questions by kind: common, middling and rare words, two of them, phrases, beginnings.

    A common word stands in a tenth of the stories and more, a middling one in one of 2,000 to one
    of 100, a rare one in two to five stories.
    """
    rng = random.Random(seed)  # noqa: S311 (the same each time)
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
    kinds: dict[str, Callable[[], str]] = {
        "a common word": lambda: pick(common),
        "a middling word": lambda: pick(middling),
        "a rare word": lambda: pick(rare),
        "two words": lambda: f"{pick(common)} {pick(middling)}",
        "three words": lambda: f"{pick(common)} {pick(common)} {pick(middling)}",
        "a phrase": lambda: f'"{pick(common)} {pick(common)}"',
        "a beginning": lambda: f"{pick(middling)[:5]}*",
        "without a word": lambda: f"{pick(middling)} -{pick(common)}",
    }
    return {kind: [made() for _ in range(OF_A_KIND)] for kind, made in kinds.items()}


def searched(folder: Path, rounds: int) -> dict[str, dict[str, float]]:
    """Median milliseconds of CPU by kind of question: `warm`, `cold`, and `bare` of each."""
    archive, cache = folder / "issues", folder / "var" / "cache"
    index = StoryIndex(archive, cache)
    index.failures()  # made like the archive
    taken: dict[str, dict[str, list[float]]] = {}
    with contextlib.closing(_connected(index.path)) as held:
        for _ in range(rounds + 1):
            for kind, asked in questions(held).items():
                row = taken.setdefault(kind, {})
                for words in asked:
                    for name, job in _jobs(index, held, words, archive, cache).items():
                        row.setdefault(name, []).append(_spent(job))
    index.close()
    return {
        kind: {name: median(values[OF_A_KIND:]) for name, values in row.items()}
        for kind, row in taken.items()
    }


def _jobs(
    index: StoryIndex, held: sqlite3.Connection, words: str, archive: Path, cache: Path
) -> dict[str, Callable[[], object]]:
    ask = Asked(words=words)
    meant = matching(held, ask)
    match = meant.expression if meant else ""
    if meant and meant.without:
        match = f"({match}) NOT ({meant.without})"

    def cold() -> None:
        with contextlib.closing(StoryIndex(archive, cache)) as new:
            new.search(ask)

    def bare_cold() -> None:
        with contextlib.closing(_connected(index.path)) as new:
            new.execute(_BARE, (match,)).fetchall()

    return {
        "bare warm": lambda: held.execute(_BARE, (match,)).fetchall(),
        "warm": lambda: index.search(ask),
        "bare cold": bare_cold,
        "cold": cold,
    }


def _connected(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    db.execute("PRAGMA cache_size = -32000")  # as the index has it
    return db


def _spent(job: Callable[[], object]) -> float:
    """Milliseconds of this process's own time, which others on the machine do not lengthen."""
    began = time.process_time()
    job()
    return 1000 * (time.process_time() - began)
