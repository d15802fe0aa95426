"""The set of one to three sentences, in the order of the source, that reads best in a budget.

Every set that fits is valued: how much of an editor's blurb it would hold (`worth`), or what one of
sumy's methods gives its sentences, less what a reader would stumble over (`stumbles`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from digest.summarize.filter import Sentence
from digest.summarize.sets import MOST, Sets, sets_of
from digest.summarize.stumbles import Stumbles, evident, skipped
from digest.summarize.worth import Text, Vocabulary, fitted_worth
from digest.text.language import joint

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NEAR = 16
"""Sentences of which sets are made; their number grows with the cube."""
_FILL = 0.85
"""How much room counts for sumy's methods: 1 is by its share of the budget, 0 is not at all."""
_CLEAN = 0.25
"""From here on, what is wrong with a set outweighs a clean description of the publisher's."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The sentences chosen; `clean` says that a reader would stumble over nothing."""

    sentences: tuple[Sentence, ...] = ()
    clean: bool = False


@dataclass(frozen=True, slots=True)
class Possible:
    """The sets of some sentences that fit; `evident` is what figures tell is wrong with each."""

    text: Text
    vocabulary: Vocabulary
    sets: Sets
    skipped: NDArray[np.float64]
    evident: NDArray[np.float64]


def possible(
    sentences: Sequence[Sentence],
    *,
    budget: int,
    language: str,
    title: str = "",
    opening: int = 0,
) -> Possible | None:
    """The sets of `sentences` that fit in `budget` columns; None where none does.

    What `title` names, a sentence may refer to. Each set holds the first `opening` sentences.
    """
    fitting = [(at, s) for at, s in enumerate(sentences) if s.columns <= budget][:_NEAR]
    if not fitting:
        return None
    places, near = zip(*fitting, strict=True)
    if places[:opening] != tuple(range(opening)):
        return None
    sets = sets_of(len(near))
    if opening:
        sets = sets.begun_by(opening)
    columns = sets.total(np.array([*(s.columns for s in near), 0]))
    columns += (sets.sizes - 1) * len(joint(language))
    fits = columns <= budget
    if not fits.any():
        return None
    sets, columns = sets.kept(fits), columns[fits]
    text = Text(near, places, title, language)
    vocabulary = Vocabulary.of(text)
    return Possible(
        text,
        vocabulary,
        sets,
        skipped(sets, text),
        evident(sets, vocabulary.said, columns=columns, budget=budget),
    )


def choose(
    sentences: Sequence[Sentence],
    *,
    budget: int,
    language: str,
    title: str = "",
    values: Sequence[float] | None = None,
    opening: int = 0,
) -> Choice:
    """The best set of `sentences` that fits in `budget` columns; none where none fits.

    `values` rate the sentences from 0 to 1 by a method of sumy's; without, the fitted model does.
    The first `opening` sentences are in whatever is chosen.
    """
    found = possible(sentences, budget=budget, language=language, title=title, opening=opening)
    if found is None:
        return Choice()
    worth = (
        fitted_worth(found.text, found.sets, found.vocabulary, budget=budget)
        if values is None
        else _rated_worth(found, values, budget)
    )
    # Rounded, so that the last bits of a sum on another machine change no choice.
    hoped = (worth - found.skipped - found.evident).round(9)
    stumbles = Stumbles(found.text)
    best: tuple[int, ...] = ()
    total, wrong = -math.inf, 0.0
    # What reads badly is looked for only in sets that could still be the best: no cost is negative.
    for at in np.argsort(-hoped, kind="stable").tolist():
        if hoped[at] <= total:
            break
        places = found.sets.places(at)
        cost = stumbles.cost(places)
        if round(hoped[at] - cost, 9) > total:
            best, total, wrong = places, round(hoped[at] - cost, 9), cost + found.evident[at]
    return Choice(tuple(found.text.sentences[place] for place in best), clean=bool(wrong < _CLEAN))


def _rated_worth(found: Possible, values: Sequence[float], budget: int) -> NDArray[np.float64]:
    rated = (
        values[at] * (sentence.columns / budget) ** _FILL
        for at, sentence in zip(found.text.places, found.text.sentences, strict=True)
    )
    return found.sets.total(np.array([*rated, 0.0]))


def lead(sentences: Sequence[Sentence], *, budget: int, language: str) -> Choice:
    """The first sentences that fit, up to three, whatever they read like."""
    gap = len(joint(language))
    taken: list[Sentence] = []
    used = 0
    for sentence in sentences:
        more = sentence.columns + (gap if taken else 0)
        if used + more <= budget:
            taken.append(sentence)
            used += more
        elif taken:
            break
        if len(taken) == MOST:
            break
    return Choice(tuple(taken), clean=bool(taken))
