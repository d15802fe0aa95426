"""Sentence boundaries: how well hard cases of English news are cut, and how fast, beside sentencex.

Run with `python -m bench.sentences [--data FILE.jsonl]`. The cases are those of the tests; F1
counts the boundaries inside a case, a text's own end counts nothing. With `--data`, megabytes of
the articles of a file that are cut a CPU second, the best of three rounds in turn.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import sentencex

from bench.blurb_data import examples
from digest.text.sentences import split
from tests.text.hard_cases import FIRST, SECOND, sentences_of

Ends = Callable[[str], set[int]]
"""Where the sentences of a text end."""


@dataclass(frozen=True, slots=True)
class Found:
    """Boundaries that were right, that were given, and that were wanted; texts cut otherwise."""

    right: int
    given: int
    wanted: int
    misses: tuple[str, ...]

    @property
    def f1(self) -> float:
        """Of precision and recall, x 100."""
        return 200 * self.right / (self.given + self.wanted)


def ours(text: str) -> set[int]:
    """The ends that `digest` finds."""
    return {end for _, end in split(text, "en")}


def of_sentencex(text: str) -> set[int]:
    """The ends that sentencex finds, without the white space that it counts in."""
    rows = sentencex.get_sentence_boundaries("en", text)
    ends = (int(row["end_index"]) for row in rows)
    return {len(text[:end].rstrip()) for end in ends}


def measure(cases: Sequence[str], ends: Ends) -> Found:
    """The boundaries of the cases as `ends` finds them."""
    right = given = wanted = 0
    misses: list[str] = []
    for case in cases:
        text, sentences = sentences_of(case)
        told, at = set[int](), 0
        for sentence in sentences:
            at = text.index(sentence, at) + len(sentence)
            told.add(at)
        found = ends(text) - {len(text)}
        told -= {len(text)}
        if found != told:
            misses.append(f"{text!r} at {sorted(found)}, not at {sorted(told)}")
        right, given, wanted = right + len(found & told), given + len(found), wanted + len(told)
    return Found(right, given, wanted, tuple(misses))


def main() -> None:
    """Print F1, and the speed where there is something to cut."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    given = parser.parse_args()
    peers = {"digest": ours, "sentencex": of_sentencex}
    for name, cases in (("first", FIRST), ("second", SECOND)):
        rates = (f"{peer} {measure(cases, ends).f1:.2f}" for peer, ends in peers.items())
        print(f"F1, {name} {len(cases)} cases: {', '.join(rates)}")
    if given.data:
        texts = [row.text for row in examples(given.data)]
        size = sum(map(len, texts)) / 1e6
        spent: dict[str, list[float]] = {peer: [] for peer in peers}
        for _ in range(3):
            for peer, ends in peers.items():
                start = time.process_time()
                for text in texts:
                    ends(text)
                spent[peer].append(time.process_time() - start)
        told = (f"{peer} {size / min(times):.1f}" for peer, times in spent.items())
        print(f"megabytes a CPU second: {', '.join(told)}")


if __name__ == "__main__":
    main()
