"""sumy's ratings behind one function: finite, on one scale, the same for every hash seed."""

from __future__ import annotations

import math
import os
import subprocess
import sys
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.settings import SUMMARIZERS
from digest.summarize.scores import score

METHODS = [method for method in SUMMARIZERS if method not in {"digest", "lead"}]
STORY = (
    "The port of Alder opened a new quay on Monday.",
    "The quay cost thirty million.",
    "Crews of the port welcomed the new quay.",
    "It rained.",
    "A baker sold bread to the crews on the quay.",
)


@pytest.mark.parametrize("method", METHODS)
def test_scores_rank_the_sentences_of_a_story(method: str) -> None:
    found = score(STORY, method=method, language="en", title="Alder opens quay")
    assert len(found) == len(STORY)
    assert (min(found), max(found)) == (0.0, 1.0)
    assert found[3] < 1.0


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "sentences",
    [
        (),
        ("One sentence.",),
        ("Apples fall.", "Boats sail."),
        ("...", "!!!"),
        ("The the the.", "Of and to."),
        ("Same words.", "Same words."),
        ("a", "b", "c", "d"),
    ],
)
@pytest.mark.parametrize("language", ["en", "", "el", "ja"])
def test_nothing_breaks_a_method(method: str, sentences: tuple[str, ...], language: str) -> None:
    found = score(sentences, method=method, language=language)
    assert len(found) == len(sentences)
    assert all(0 <= value <= 1 for value in found)


WORDS = st.lists(st.sampled_from(["quay", "the", "port", "Alder", "3.5%", "new", "é"]), max_size=6)


@settings(max_examples=25, deadline=None)
@given(st.lists(WORDS.map(" ".join), max_size=7), st.sampled_from(METHODS))
def test_scores_are_finite(sentences: list[str], method: str) -> None:
    found = score(sentences, method=method, language="en", title="Alder quay")
    assert all(math.isfinite(value) and 0 <= value <= 1 for value in found)


PROGRAM = """
from digest.models import Entry
from digest.settings import SUMMARIZERS
from digest.summarize import blurb
from sumy.summarizers.lsa import LsaSummarizer
from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence

text = " ".join(
    f"The {a} of Alder {b} a new {c} on Monday, and {a} crews {b} it."
    for a in ("port", "bank", "school", "court") for b, c in (("opened", "quay"), ("sold", "hall"))
)
print([blurb(Entry(id="1", title="x", text=text), max_chars=180, method=m) for m in SUMMARIZERS])

class Words:
    def to_words(self, text):
        return text.split()

document = ObjectDocumentModel([Paragraph([Sentence(text, Words())])])
print("|".join(LsaSummarizer()._create_dictionary(document)))
"""


def test_every_hash_seed_gives_the_same_blurbs_though_sumy_does_not() -> None:
    """The second half fails once sumy's LSA orders its words: then `_lsa` needs no subclass."""
    runs = [
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.splitlines()
        for seed in ("1", "2")
    ]
    assert runs[0][0] == runs[1][0]
    assert "text=" in runs[0][0]
    assert runs[0][1] != runs[1][1]


def test_lex_rank_of_sumy_still_divides_by_zero() -> None:
    """Fails once sumy guards it: then `score` needs no errstate."""
    from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence
    from sumy.summarizers.lex_rank import LexRankSummarizer

    class Words:
        def to_words(self, text: str) -> tuple[str, ...]:
            return tuple(text.split())

    pair = [Sentence(text, Words()) for text in ("Apples fall", "Boats sail")]
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        LexRankSummarizer()(ObjectDocumentModel([Paragraph(pair)]), 1)
    assert any("invalid value" in str(warning.message) for warning in heard)
