"""The sparse matrices agree with counting by hand, on any few texts."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from operator import itemgetter
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.match import rarity
from digest.match.rarity import BACKGROUND, Counts, Pairs, close_pairs, products

WORDS = ("quay", "ship", "net", "crew", "port", "mast")
TEXTS = st.lists(
    st.dictionaries(st.sampled_from(WORDS), st.integers(min_value=1, max_value=9)), max_size=7
)
MOST = st.none() | st.integers(min_value=0, max_value=8)
Text = dict[str, int]


def spread(texts: Sequence[Text]) -> Counter[str]:
    return Counter(word for text in texts for word in text)


def weight(word: str, count: int, texts: Sequence[Text]) -> float:
    """By the definition: how often, by how few texts say it."""
    everything = len(texts) + BACKGROUND + 1
    return (1 + math.log(count)) * math.log(everything / (spread(texts)[word] + 0.5))


def connecting(texts: Sequence[Text], most: int | None) -> set[str]:
    return {w for w, n in spread(texts).items() if n > 1 and (most is None or n <= most)}


def length(text: Text, texts: Sequence[Text], unread: int) -> float:
    alone = math.log((len(texts) + BACKGROUND + 1) / 1.5)
    own = sum(weight(word, count, texts) ** 2 for word, count in text.items())
    return math.sqrt(own + unread * alone**2) or 1.0


def cosine(one: Text, other: Text, texts: Sequence[Text], unread: int, most: int | None) -> float:
    common = one.keys() & other.keys() & connecting(texts, most)
    product = sum(weight(w, one[w], texts) * weight(w, other[w], texts) for w in common)
    return product / (length(one, texts, unread) * length(other, texts, unread))


@settings(max_examples=70, deadline=None)
@given(TEXTS, st.integers(min_value=0, max_value=10), MOST)
def test_weights_are_those_of_the_definition(
    texts: list[Text], unread: int, most: int | None
) -> None:
    found = Counts.of(texts).weights(unread=unread, most=most)
    columns = list(dict.fromkeys(word for text in texts for word in text))
    wanted = np.zeros((len(texts), max(1, len(columns))))
    for row, text in enumerate(texts):
        for word in text.keys() & connecting(texts, most):
            share = weight(word, text[word], texts) / length(text, texts, unread)
            wanted[row, columns.index(word)] = share
    np.testing.assert_allclose(found.toarray(), wanted, rtol=1e-12)


@settings(max_examples=70, deadline=None)
@given(
    TEXTS,
    st.lists(st.frozensets(st.sampled_from(WORDS)), min_size=7, max_size=7),
    st.sampled_from([0.0, 0.02, 0.1, 0.3]),
    st.tuples(st.integers(min_value=0, max_value=4), st.integers(min_value=0, max_value=3)),
    st.integers(min_value=0, max_value=8),
)
def test_close_pairs_are_those_of_a_count(
    texts: list[Text],
    prominent: list[frozenset[str]],
    floor: float,
    enough: tuple[int, int],
    most: int,
) -> None:
    least, marked = enough
    kept = connecting(texts, most)
    wanted: dict[tuple[int, int], float] = {}
    for i, j in sorted(combinations(range(len(texts)), 2), key=itemgetter(1, 0)):
        common = texts[i].keys() & texts[j].keys() & kept
        either = common & (prominent[i] | prominent[j])
        value = cosine(texts[i], texts[j], texts, 2, most)
        # Texts that share no word are no pair, whatever is asked.
        if common and value >= floor and len(common) >= least and len(either) >= marked:
            wanted[i, j] = value
    counts = Counts.of(texts)
    for block in (1, 2, 500):
        with patch.object(rarity, "BLOCK_OF_ROWS", block):
            found = close_pairs(
                counts.weights(unread=2, most=most),
                counts.marks(texts, prominent[: len(texts)], most=most),
                floor=floor,
                least=least,
                marked=marked,
            )
        assert list(found.places()) == list(wanted)
        np.testing.assert_allclose(found.values, list(wanted.values()), rtol=1e-12)


@settings(max_examples=40, deadline=None)
@given(TEXTS)
def test_products_are_those_of_the_rows(texts: list[Text]) -> None:
    matrix = Counts.of(texts).weights(unread=1)
    places = list(combinations(range(len(texts)), 2))
    first, second = np.array(places, dtype=np.int64).reshape(-1, 2).T
    for block in (1, 3, 50_000):
        with patch.object(rarity, "BLOCK_OF_PAIRS", block):
            found = products(matrix, Pairs(first, second, np.zeros(len(first))))
        wanted = [cosine(texts[i], texts[j], texts, 1, None) for i, j in places]
        np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("size", [2_500, 9_000])
def test_texts_may_share_very_many_words(size: int) -> None:
    text = {f"word{number}": 1 for number in range(size)}
    counts = Counts.of([text, text])
    marks = counts.marks([text, text], [text, ()], most=2)
    weights = counts.weights(unread=0)
    found = close_pairs(weights, marks, floor=0.5, least=size, marked=size)
    assert list(found.places()) == [(0, 1)]
    assert not close_pairs(weights, marks, floor=0.5, least=size + 1, marked=0).values.size


def test_a_word_may_stand_very_often() -> None:
    text = {"quay": 200_000}
    assert Counts.of([text, text]).weights(unread=0).toarray().tolist() == [[1.0], [1.0]]
