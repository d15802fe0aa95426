"""Our quick classes rank as sumy's own do, whose faults stand here as tests."""

from __future__ import annotations

import random
import time
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence
from sumy.nlp.stemmers import Stemmer
from sumy.summarizers.edmundson import EdmundsonSummarizer
from sumy.summarizers.kl import KLSummarizer
from sumy.summarizers.lex_rank import LexRankSummarizer
from sumy.summarizers.lsa import LsaSummarizer
from sumy.summarizers.luhn import LuhnSummarizer
from sumy.summarizers.reduction import ReductionSummarizer
from sumy.summarizers.sum_basic import SumBasicSummarizer
from sumy.summarizers.text_rank import TextRankSummarizer

from digest.summarize.scores import _BONUS, _STIGMA, score
from digest.text.words import content_words, stop_words, words

STOCK = {
    "lex-rank": LexRankSummarizer,
    "text-rank": TextRankSummarizer,
    "luhn": LuhnSummarizer,
    "lsa": LsaSummarizer,
    "sum-basic": SumBasicSummarizer,
    "kl": KLSummarizer,
    "reduction": ReductionSummarizer,
    "edmundson": EdmundsonSummarizer,
}
TITLE = "Sobel dorek kanims"


class Lowered:
    """A tokenizer for sumy: the words that `score` cuts."""

    def to_words(self, text: str) -> tuple[str, ...]:
        return tuple(word.lower() for word in words(text, "en"))


def document(sentences: Sequence[str], paragraphs: Sequence[int] = ()) -> Any:
    tokenizer = Lowered()
    grouped: dict[int, list[Any]] = {0: [Sentence(TITLE, tokenizer, is_heading=True)]}
    for text, number in zip(sentences, paragraphs or [0] * len(sentences), strict=True):
        grouped.setdefault(number, []).append(Sentence(text, tokenizer))
    return ObjectDocumentModel([Paragraph(group) for group in grouped.values()])


def stock_ratings(method: str, sentences: Sequence[str], paragraphs: Sequence[int]) -> list[float]:
    made = STOCK[method](Stemmer("english"))
    if method == "edmundson":
        made.bonus_words = [*_BONUS, *content_words(TITLE, "en")]
        made.stigma_words, made.null_words = _STIGMA, stop_words("en")
    else:
        made.stop_words = stop_words("en")
    ratings = [0.0] * len(sentences)

    def read(infos: Sequence[Any]) -> Sequence[Any]:
        for info in infos:
            ratings[info.order] = float(info.rating)
        return infos

    made(document(sentences, paragraphs), read)
    return ratings


def scaled(ratings: Sequence[float]) -> list[float]:
    """From 0 to 1; all 0 where they are alike, or not a number as those of LexRank may be."""
    low, high = min(ratings), max(ratings)
    if not high - low > 1e-9:
        return [0.0] * len(ratings)
    return [(rating - low) / (high - low) for rating in ratings]


def made_up(seed: int, size: int, *, per_sentence: tuple[int, int] = (3, 28)) -> list[str]:
    """Sentences of made-up words, common ones oftener, with endings, stop words and figures."""
    chance = random.Random(seed)
    syllables = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "or", "un", "el")]
    lexicon = ["".join(chance.choices(syllables, k=chance.randint(2, 3))) for _ in range(400)]
    lexicon[:3] = ["sobel", "dorek", "kanim"]
    common = ["the", "of", "and", "said", "he", "new", "million", "it", "police", "was"]
    found: list[str] = []
    while len(found) < size:
        picked = [
            chance.choice(common)
            if chance.random() < 0.4
            else lexicon[min(int(chance.expovariate(0.03)), 399)]
            + chance.choice(("", "", "s", "ing", "ed", "'s"))
            for _ in range(chance.randint(*per_sentence))
        ]
        picked.insert(0, str(chance.randint(2, 99)))
        text = " ".join(picked).capitalize() + "."
        if text not in found:
            found.append(text)
    return found


@pytest.mark.parametrize("method", STOCK)
def test_scores_are_those_of_stock_sumy(method: str) -> None:
    for seed in range(60):
        sentences = made_up(seed, size=3 + seed % 45)
        paragraphs = [number // 4 for number in range(len(sentences))]
        found = score(sentences, method=method, language="en", title=TITLE, paragraphs=paragraphs)
        stock = scaled(stock_ratings(method, sentences, paragraphs))
        assert found == pytest.approx(stock, abs=1.1e-6), f"seed {seed}"
        order = sorted(range(len(stock)), key=lambda n: (-round(stock[n], 6), n))
        assert sorted(range(len(stock)), key=lambda n: (-found[n], n)) == order


SAID = st.lists(st.sampled_from(["sobel", "dorek", "the", "of", "Kanims", "7", "new"]), max_size=5)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(SAID.map(" ".join), min_size=2, max_size=7),
    st.sampled_from(["lex-rank", "text-rank", "reduction", "luhn", "edmundson", "sum-basic"]),
)
def test_repeated_and_empty_sentences_are_rated_as_in_stock_sumy(
    sentences: list[str], method: str
) -> None:
    if not any(content_words(text, "en") for text in sentences):
        return
    with np.errstate(invalid="ignore"):
        stock = stock_ratings(method, sentences, ())
    found = score(sentences, method=method, language="en", title=TITLE)
    assert found == pytest.approx(scaled(stock), abs=1.1e-6)


def spent(run: Callable[[], object], rounds: int = 3) -> float:
    """CPU seconds of the best of some rounds."""
    found: list[float] = []
    for _ in range(rounds):
        start = time.process_time()
        run()
        found.append(time.process_time() - start)
    return min(found)


def test_lex_rank_of_an_article_is_several_times_as_fast_as_stock_sumy() -> None:
    """It is ten times and more; a machine under load is given room."""
    articles = [made_up(seed, size=30, per_sentence=(14, 26)) for seed in range(5)]

    def ours() -> None:
        for article in articles:
            score(article, method="lex-rank", language="en")

    def stock() -> None:
        for article in articles:
            stock_ratings("lex-rank", article, ())

    assert spent(stock) > 5 * spent(ours)


def test_lex_rank_of_sumy_still_divides_by_zero() -> None:
    """Fails once sumy guards it: then `LexRank` needs no `power_method`."""
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        LexRankSummarizer()(document(["Apples fall", "Boats sail"]), 1)
    assert any("invalid value" in str(warning.message) for warning in heard)


def test_lsa_of_sumy_still_keeps_every_dimension() -> None:
    """Fails once sumy reduces them: then `Lsa` has to decompose as well."""
    made = LsaSummarizer()
    matrix = made._compute_term_frequency(np.array([[1.0, 0, 2], [0, 3, 1], [1, 1, 0], [2, 0, 1]]))
    _, sigma, v = np.linalg.svd(matrix, full_matrices=False)
    assert made._compute_ranks(sigma, v) == pytest.approx(np.linalg.norm(matrix, axis=0))


def test_kl_of_sumy_still_takes_a_capital_for_another_word() -> None:
    """Fails once sumy lowers words before it looks for stop words: ours get them lowered."""
    made = KLSummarizer()
    made.stop_words = frozenset({"the"})

    class AsWritten:
        def to_words(self, text: str) -> list[str]:
            return text.split()

    assert "the" in made.compute_tf([Sentence("The quay", AsWritten())])


def test_luhn_of_sumy_still_looks_words_up_in_a_tuple() -> None:
    """Fails once it is a set: then `Luhn` is sumy's own."""
    assert isinstance(LuhnSummarizer()._get_significant_words(["quay", "quay"]), tuple)


def test_edmundson_of_sumy_still_refuses_an_empty_set_of_words() -> None:
    """Fails once it does not: then `Edmundson` need not build the methods without a check."""
    with pytest.raises(ValueError, match="bonus words is empty"):
        EdmundsonSummarizer()(document(["Apples fall"]), 1)


@pytest.mark.parametrize("made", [SumBasicSummarizer(), KLSummarizer()])
def test_sumy_still_rates_by_order_where_there_is_no_word(made: Any) -> None:
    """Fails once it gives one rating to all: then `SumBasic` and `Kl` need not look."""
    ratings = made._compute_ratings(document(["...", "!!!"]).sentences)
    assert set(ratings.values()) == {0, -1}
