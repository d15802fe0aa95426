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
from typing import Any

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

    Ours begins with the raw text, and so does "sumy as it comes": its parser, its tokenizer (with
    an untrained Punkt, since the trained one is a download), its stemmer. "sumy, fed" gets ready
    sentences and words of ours. `ratio` is the median of the rounds' ratios, `first round` that of
    the one in which no word had been stemmed before.
    """
    from sumy.nlp.stemmers import Stemmer
    from sumy.parsers.plaintext import PlaintextParser
    from sumy.summarizers.lex_rank import LexRankSummarizer
    from sumy.utils import get_stop_words

    articles = articles[:DOCUMENTS]
    entries = [entry_of(article.example) for article in articles]
    lex_rank = summarizer("lex-rank", Stemmer("english"))

    def ours(number: int) -> None:
        blurb(entries[number], max_chars=room, method="digest", language=LANGUAGE)

    def sumy(number: int) -> None:
        article = articles[number]
        filled(article, ranked(lex_rank, article.sentences, ""), room)

    tokenizer = _tokenizer()

    def as_it_comes(number: int) -> None:
        parsed = PlaintextParser.from_string(articles[number].example.text, tokenizer)
        made = LexRankSummarizer(Stemmer("english"))
        made.stop_words = get_stop_words("english")
        made(parsed.document, 3)

    works = {"ours": ours, "sumy, fed": sumy, "sumy as it comes": as_it_comes}
    spent: dict[str, list[float]] = {name: [] for name in works}
    with threadpool_limits(1):
        for work in works.values():  # what is imported once is no part of it
            work(0)
        for _ in range(ROUNDS):
            for name, work in works.items():
                spent[name].append(_seconds(work, len(articles)))
    found = {name: len(articles) / median(times) for name, times in spent.items()}
    for name in list(works)[1:]:
        ratios = [b / a for a, b in zip(spent["ours"], spent[name], strict=True)]
        found[f"ratio to {name}"] = median(ratios)
        found[f"ratio to {name}, first round"] = ratios[0]
    return found


def _tokenizer() -> Any:
    """The tokenizer of sumy, with what it asks of NLTK that comes without a download."""
    from nltk.tokenize.destructive import NLTKWordTokenizer
    from nltk.tokenize.punkt import PunktSentenceTokenizer
    from sumy.nlp.tokenizers import Tokenizer

    class WithoutDownload(Tokenizer):  # type: ignore[misc]  # sumy publishes no types
        def _get_sentence_tokenizer(self, _: str) -> Any:
            return PunktSentenceTokenizer()

        def _get_word_tokenizer(self, _: str) -> Any:
            return NLTKWordTokenizer()

    return WithoutDownload("english")


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
