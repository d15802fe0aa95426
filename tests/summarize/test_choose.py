"""The chooser against its definition: all sets tried one by one, and weights times features."""

from __future__ import annotations

import math
from collections.abc import Sequence
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.models import Entry
from digest.summarize import fitted, worth
from digest.summarize.choose import Possible, choose, lead, possible
from digest.summarize.filter import Sentence, readable
from digest.summarize.scores import Scorer
from digest.summarize.sets import sets_of
from digest.summarize.stumbles import Stumbles
from digest.summarize.worth import SET_FEATURES, WORD_FEATURES, fitted_worth, set_features
from digest.text.language import joint, spaced
from digest.text.verbatim import quote
from digest.text.widths import width

TITLES = ("", "Alder opens its quay", "港が開く")
LANGUAGES = ("en", "", "de", "ja", "th", "xx")
PIECES = (
    "The quay of Alder opened on Monday.", "He said so.", "“But why?” she asked.", "Ships came.",
    "\n\n", "THE HARBOR IS OPEN TO ALL.", 'Lund called it "a good', 'day for us" on Tuesday.',
    "“We never left", "Owners paid 3 million crowns for 40 nets.", "They row (again.",
    "港は早い。", "「今年は多い。」と組合長は話した。", "Kim also said that the nets hold",
    "See", "the nets tore", "The second crew mended four hundred nets before the storm came in.",
    "Er blieb am Hafen.",
    "เทศบาลเปิดท่าเรือใหม่ในวันจันทร์", "\n\nชาวประมงยินดีกับการตัดสินใจ\n\n", "Row now!",
    "A. B.",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=22).map(" ".join)
BUDGETS = st.integers(min_value=1, max_value=420)


def sentences_of(text: str, language: str) -> tuple[Sentence, ...]:
    return readable(text, Entry(id="1", title="", text=text), language=language)


def best_of_all(found: Possible, hoped: Sequence[float]) -> tuple[int, ...]:
    """The set that is best when every one is tried, the most hoped for first."""
    stumbles = Stumbles(found.text)
    best: tuple[int, ...] = ()
    total = -math.inf
    for at in sorted(range(len(hoped)), key=lambda at: -hoped[at]):
        places = found.sets.places(at)
        value = round(hoped[at] - stumbles.cost(places), 9)
        if value > total:
            best, total = places, value
    return best


@settings(max_examples=60, deadline=None)
@given(
    TEXTS,
    BUDGETS,
    st.sampled_from(TITLES),
    st.sampled_from(LANGUAGES),
    st.integers(min_value=0, max_value=4),
)
def test_no_set_is_better_than_the_chosen(
    text: str, budget: int, title: str, language: str, opening: int
) -> None:
    sentences = sentences_of(text, language)
    chosen = choose(sentences, budget=budget, language=language, title=title, opening=opening)
    found = possible(sentences, budget=budget, language=language, title=title, opening=opening)
    if found is None:
        assert chosen.sentences == ()
        return
    value = fitted_worth(found.text, found.sets, found.vocabulary, budget=budget)
    hoped = (value - found.skipped - found.evident).round(9).tolist()
    best = best_of_all(found, hoped)
    assert chosen.sentences == tuple(found.text.sentences[place] for place in best)
    assert chosen.sentences[:opening] == sentences[:opening]


@settings(max_examples=60, deadline=None)
@given(TEXTS, BUDGETS, st.sampled_from(TITLES), st.sampled_from(LANGUAGES))
def test_worth_is_the_features_times_the_weights(
    text: str, budget: int, title: str, language: str
) -> None:
    sentences = sentences_of(text, language)
    found = possible(sentences, budget=budget, language=language, title=title)
    if found is None:
        return
    models = worth.fitted()
    chances = found.vocabulary.chances(models.words)
    assert ((chances >= 0) & (chances <= 1)).all()
    rows = set_features(found.text, found.sets, found.vocabulary, chances, budget=budget)
    assert rows.shape == (len(found.sets.first), len(SET_FEATURES))
    value = fitted_worth(found.text, found.sets, found.vocabulary, budget=budget)
    assert np.isfinite(value).all()
    np.testing.assert_allclose(value, rows @ models.sets, rtol=1e-9, atol=1e-9)
    if spaced(language):
        for at in range(0, len(value), 7):
            places = found.sets.places(at)
            said = found.vocabulary.said[list(places)].any(axis=0)
            length = np.isin(found.vocabulary.places, places).sum()
            assert rows[at, 0] == pytest.approx(2 * chances[said].sum() / (length + 40))


@settings(max_examples=60, deadline=None)
@given(TEXTS, st.sampled_from(TITLES), st.sampled_from(LANGUAGES))
def test_no_stumble_is_a_gain(text: str, title: str, language: str) -> None:
    found = possible(sentences_of(text, language), budget=10_000, language=language, title=title)
    if found is None:
        return
    assert (found.skipped >= 0).all()
    assert (found.evident >= 0).all()
    ahead, back = Stumbles(found.text), Stumbles(found.text)
    count = len(found.sets.first)
    costs = [ahead.cost(found.sets.places(at)) for at in range(count)]
    assert min(costs) >= 0
    # What is kept about a sentence does not depend on which set asked first.
    assert costs == [back.cost(found.sets.places(at)) for at in reversed(range(count))][::-1]


@settings(max_examples=60, deadline=None)
@given(TEXTS, st.sampled_from(TITLES), st.sampled_from(LANGUAGES))
def test_words_that_were_cut_before_change_no_rating(text: str, title: str, language: str) -> None:
    found = possible(sentences_of(text, language), budget=10_000, language=language, title=title)
    if found is None:
        return
    texts = [sentence.text for sentence in found.text.sentences]
    places = [sentence.paragraph for sentence in found.text.sentences]
    plain = Scorer(texts, language=language, title=title, paragraphs=places)
    cut = Scorer(texts, language=language, title=title, paragraphs=places, cut=found.vocabulary.cut)
    for method in ("lex-rank", "text-rank", "sum-basic"):
        assert cut.score(method) == plain.score(method)


@pytest.mark.parametrize("language", ["th", "lo", "my", "km", "zh", "ja", "en"])
def test_what_joins_sentences_counts(language: str) -> None:
    sentences = sentences_of("Ships row in. Nets hold on. Crews rest now.", "en")
    for count in (2, 3):
        columns = sum(sentence.columns for sentence in sentences[:count])
        room = columns + (count - 1) * len(joint(language))
        for budget in (room, room - 1):
            for chosen in (
                lead(sentences, budget=budget, language=language),
                choose(sentences, budget=budget, language=language, values=(1.0,) * 3),
            ):
                spans = tuple(sentence.span for sentence in chosen.sentences)
                shown = quote("Ships row in. Nets hold on. Crews rest now.", spans, joint(language))
                assert width(shown) <= budget
        assert len(lead(sentences, budget=room, language=language).sentences) == count


def test_sets_are_all_sets_once() -> None:
    for count in range(8):
        sets = sets_of(count)
        places = [sets.places(at) for at in range(len(sets.first))]
        assert len(places) == len(set(places)) == sum(math.comb(count, k) for k in (1, 2, 3))
        assert all(list(one) == sorted(set(one)) and one[-1] < count for one in places)


@pytest.mark.parametrize("model", ["words", "sets"])
@pytest.mark.parametrize("change", ["renamed", "missing", "further"])
def test_weights_of_other_features_are_refused(model: str, change: str) -> None:
    known = fitted.weights()
    changed = dict(known[model])
    if change != "further":
        del changed["early"]
    if change != "missing":
        changed["soon"] = 1.0
    odd = {"renamed": "early, soon", "missing": "early", "further": "soon"}[change]
    with (
        patch.object(worth, "weights", return_value={**known, model: changed}),
        pytest.raises(ValueError, match=f"of {model}, too many or missing: {odd}"),
    ):
        worth.fitted.__wrapped__()


def test_the_weights_in_the_package_are_all_used() -> None:
    assert len(worth.fitted().words) == 1 + len(WORD_FEATURES)
    assert len(worth.fitted().sets) == len(SET_FEATURES)
