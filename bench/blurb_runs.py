"""What blurbs ask of a machine: their speed beside sumy's, and the same ones for any hash seed.

`python -m bench.blurb_runs --data FILE.jsonl [...]` prints the SHA-256 of our blurbs; the bench of
blurbs runs it under several values of PYTHONHASHSEED.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from threadpoolctl import threadpool_limits

from bench.blurb_data import PARTS, examples, part
from bench.blurb_systems import LANGUAGE, Article, entry_of, filled, ranked, summarizer
from digest.summarize import blurb

DOCUMENTS = 200
ROUNDS = 5
HASH_SEEDS = range(5)
SEEDED = 200
"""Articles of a file whose blurbs are made under every hash seed."""


def speed(articles: Sequence[Article], room: int) -> dict[str, float]:
    """Documents a CPU second of ours and of sumy's LexRank, medians of interleaved rounds.

    Ours begins with the raw text; sumy is fed ready sentences. `ratio` is the median of the rounds'
    ratios, `first round` that of the one in which no word had been stemmed before.
    """
    from sumy.nlp.stemmers import Stemmer

    articles = articles[:DOCUMENTS]
    entries = [entry_of(article.example) for article in articles]
    lex_rank = summarizer("lex-rank", Stemmer("english"))

    def ours(number: int) -> None:
        blurb(entries[number], max_chars=room, method="digest", language=LANGUAGE)

    def sumy(number: int) -> None:
        article = articles[number]
        filled(article, ranked(lex_rank, article.sentences, ""), room)

    spent: dict[str, list[float]] = {"ours": [], "sumy lex-rank": []}
    with threadpool_limits(1):
        for work in (ours, sumy):  # what is imported once is no part of it
            work(0)
        for _ in range(ROUNDS):
            for name, work in (("ours", ours), ("sumy lex-rank", sumy)):
                spent[name].append(_seconds(work, len(articles)))
    ratios = [b / a for a, b in zip(spent["ours"], spent["sumy lex-rank"], strict=True)]
    rates = {name: len(articles) / median(times) for name, times in spent.items()}
    return {**rates, "ratio": median(ratios), "ratio of the first round": ratios[0]}


def _seconds(work: Callable[[int], None], count: int) -> float:
    start = time.process_time()
    for number in range(count):
        work(number)
    return time.process_time() - start


def same_for_seeds(paths: Sequence[Path], name: str, limit: int | None, room: int) -> bool:
    """Whether processes with different hash seeds make the same blurbs.

    Raises CalledProcessError where one of them fails.
    """
    command = [sys.executable, "-m", "bench.blurb_runs", "--data", *map(str, paths)]
    command += ["--part", name, "--limit", str(min(limit or SEEDED, SEEDED)), "--chars", str(room)]
    found = set()
    for seed in HASH_SEEDS:
        print(f"\rhash seed {seed} ", end="", file=sys.stderr, flush=True)
        environment = os.environ | {"PYTHONHASHSEED": str(seed)}
        done = subprocess.run(
            command, check=True, stdout=subprocess.PIPE, text=True, env=environment
        )
        found.add(done.stdout)
    print(file=sys.stderr)
    return len(found) == 1


def main() -> None:
    """Print the SHA-256 of our blurbs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, nargs="+", required=True)
    parser.add_argument("--part", choices=PARTS, default="held-out")
    parser.add_argument("--limit", type=int, default=SEEDED)
    parser.add_argument("--chars", type=int, default=360)
    options = parser.parse_args()
    seen = hashlib.sha256()
    for path in options.data:
        for example in part(examples(path), options.part)[: options.limit]:
            made = blurb(entry_of(example), max_chars=options.chars, language=LANGUAGE)
            seen.update(repr((example.id, made)).encode())
    print(seen.hexdigest())


if __name__ == "__main__":
    main()
