"""How much of an editor's blurb a set of sentences would hold: the value that was fitted.

From how a word stands in the text (how often, how early, in the title, as a name) its chance to be
in the blurb that an editor writes is told; from the chances of the words of a set, the agreement
(ROUGE-1) that the set can expect with that blurb; from this, its length and its place, its worth.
The weights are in `fitted.json`, which `python -m bench.fit_blurbs` made of articles with blurbs by
people; they know no word of any language.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from digest.summarize.scores import Scorer
from digest.text.language import spaced
from digest.text.words import stems, stop_words, words

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from digest.summarize.filter import Sentence
    from digest.summarize.sets import Sets

WORD_FEATURES = (
    "often", "sentences", "early", "among the first", "late", "title", "name", "figure", "stop",
    "long", "stop, often", "stop, early", "title, early", "name, early", "name, often",
    "early, often", "again", "of many", "figure, early", "title, often",
)  # fmt: skip
SET_FEATURES = (
    "expected at 40 words", "expected at 60 words", "expected at 85 words", "said again", "full",
    "full, squared", "two", "three", "early", "opens early", "opens first", "late", "quotes",
    "title", "lex-rank", "text-rank",
)  # fmt: skip
_TITLE, _STOP = WORD_FEATURES.index("title"), WORD_FEATURES.index("stop")
_LENGTHS = (40, 60, 85)
"""Words of blurbs: one that is shorter than the editor's is right in more of its words."""
_COLUMNS = 6
"""About what an English word takes with its space."""
_LONG = 10


@dataclass(frozen=True, slots=True)
class Fitted:
    """The weights of both models; `words` come with their bias in front."""

    words: NDArray[np.float64]
    sets: NDArray[np.float64]


@cache
def fitted() -> Fitted:
    """The weights in the package, by the names of the features that this version computes."""
    found = json.loads(files("digest.summarize").joinpath("fitted.json").read_text("utf-8"))
    by_word, by_set = found["words"], found["sets"]
    return Fitted(
        words=np.array([by_word[name] for name in ("bias", *WORD_FEATURES)]),
        sets=np.array([by_set[name] for name in SET_FEATURES]),
    )


@dataclass(frozen=True, slots=True)
class Text:
    """Sentences with their places among all that may be quoted, under a title."""

    sentences: tuple[Sentence, ...]
    places: tuple[int, ...]
    title: str
    language: str


def fitted_worth(text: Text, sets: Sets, *, budget: int) -> NDArray[np.float64]:
    """The worth of each set; 1 is what a full blurb's worth of cost takes away."""
    weights = fitted()
    vocabulary = Vocabulary.of(text)
    chances = vocabulary.chances(weights.words)
    return set_features(text, sets, vocabulary, chances, budget=budget) @ weights.sets


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of some sentences, by their stems: where each stands, and what it is like.

    `said[i, w]` is 1 where sentence `i` says word `w`; a row for no sentence ends it. `tokens` are
    the words in order, with the sentence of each in `places`.
    """

    stems: tuple[str, ...]
    said: NDArray[np.float64]
    tokens: NDArray[np.int64]
    places: NDArray[np.int64]
    features: NDArray[np.float64]

    @classmethod
    def of(cls, text: Text) -> Vocabulary:
        """Features are in the order of `WORD_FEATURES`."""
        known: dict[str, int] = {}
        tokens: list[int] = []
        named: list[bool] = []
        counts: list[int] = []
        for sentence in text.sentences:
            written = words(sentence.text, text.language)
            found = stems([word.lower() for word in written], text.language)
            tokens += [known.setdefault(stem, len(known)) for stem in found]
            capitals = [word[0].isupper() for word in written]
            capitals[:1] = [False] * len(capitals[:1])  # any word may open a sentence with one
            named += capitals
            counts.append(len(found))
        ids = np.array(tokens, dtype=np.int64)
        places = np.repeat(np.arange(len(counts)), counts)
        said = np.zeros((len(counts) + 1, len(known)))
        said[places, ids] = 1
        if not known:
            features = np.zeros((0, len(WORD_FEATURES)))
        else:
            shares = np.bincount(ids, weights=named, minlength=len(known)).astype(np.float64)
            features = _word_features(tuple(known), said, ids, shares, text)
        return cls(tuple(known), said, ids, places, features)

    def chances(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """The chance of each word to be in an editor's blurb, by a logistic regression."""
        found: NDArray[np.float64] = 1 / (1 + np.exp(-(weights[0] + self.features @ weights[1:])))
        return found


def _word_features(
    known: Sequence[str],
    said: NDArray[np.float64],
    ids: NDArray[np.int64],
    named: NDArray[np.float64],
    text: Text,
) -> NDArray[np.float64]:
    sentences = len(said) - 1
    times = np.bincount(ids, minlength=len(known))
    often, first = np.log(times), said.argmax(axis=0)
    early, name = 1 / (1 + first), named / times
    title = [word.lower() for word in words(text.title, text.language)]
    heading = frozenset(stems(title, text.language))
    stopped = _stopped(text.language)
    in_title = np.array([stem in heading for stem in known], dtype=np.float64)
    stop = np.array([stem in stopped for stem in known], dtype=np.float64)
    figure = np.array([not stem.isalpha() and _has_digit(stem) for stem in known], dtype=np.float64)
    long = np.array([min(len(stem), _LONG) / _LONG for stem in known])
    return np.stack(
        (
            often, said.sum(axis=0) / sentences, early, first <= 2, np.log1p(first), in_title, name,
            figure, stop, long, stop * often, stop * early, in_title * early, name * early,
            name * often, early * often, times > 1, np.full(len(known), np.log(sentences)),
            figure * early, in_title * often,
        ),
        axis=1,
    )  # fmt: skip


@cache
def _stopped(language: str) -> frozenset[str]:
    """The stems of the stop words of a language, and these themselves."""
    stop = stop_words(language)
    return stop.union(stems(sorted(stop), language))


def _has_digit(stem: str) -> bool:
    return any(map(str.isdigit, stem))


def set_features(
    text: Text,
    sets: Sets,
    vocabulary: Vocabulary,
    chances: NDArray[np.float64],
    *,
    budget: int,
) -> NDArray[np.float64]:
    """A row for each set, in the order of `SET_FEATURES`."""
    expected, again, length = _expected(sets, vocabulary, chances)
    lengths = _lengths(text, vocabulary)
    at = np.array([*text.places, 0])
    widths = np.array([*(sentence.columns for sentence in text.sentences), 0])
    shares = widths / budget
    room = (sets.total(widths) + sets.sizes - 1) / budget
    early, late = shares / (1 + at), shares * np.log1p(at)
    titled = vocabulary.features[:, _TITLE] * (1 - vocabulary.features[:, _STOP])
    scorer = Scorer(
        [sentence.text for sentence in text.sentences],
        language=text.language,
        title=text.title,
        paragraphs=[sentence.paragraph for sentence in text.sentences],
    )
    ratings = [np.array([*scorer.score(method), 0.0]) for method in ("lex-rank", "text-rank")]
    return np.stack(
        (
            *(2 * expected / (length + tokens) for tokens in lengths),
            2 * again / (length + lengths[1]),
            room,
            room**2,
            sets.sizes == 2,
            sets.sizes == 3,
            sets.total(early),
            1 / (1 + at[sets.first]),
            at[sets.first] == 0,
            sets.total(late),
            sets.total(shares * np.array([*map(_quotes, text.sentences), False])),
            _expected(sets, vocabulary, titled / max(1.0, titled.sum()))[0],
            *(sets.total(shares * rating) for rating in ratings),
        ),
        axis=1,
    )


def _lengths(text: Text, vocabulary: Vocabulary) -> tuple[float, ...]:
    """`_LENGTHS` in tokens: where words are not spaced these are slices of them, and far more."""
    if spaced(text.language):
        return _LENGTHS
    columns = sum(sentence.columns for sentence in text.sentences)
    slices = max(1.0, _COLUMNS * len(vocabulary.tokens) / max(1, columns))
    return tuple(words * slices for words in _LENGTHS)


def _quotes(sentence: Sentence) -> bool:
    """Whether it holds what somebody said."""
    return any(mark in sentence.text for mark in '"“«„「')


def _expected(
    sets: Sets, vocabulary: Vocabulary, chances: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Of each set the words of the editor's that it can expect to hold, those again, its length.

    A word counts once for all sentences that say it: by inclusion and exclusion.
    """
    said = vocabulary.said
    weighed = said * chances
    one, two = weighed.sum(axis=1), weighed @ said.T
    common = said[:, said.sum(axis=0) > 2]  # few words stand in three sentences
    both = common[:, None, :] * (weighed[:, said.sum(axis=0) > 2])[None, :, :]
    three = both @ common.T
    i, j, k = sets.first, sets.second, sets.third
    expected = sets.total(one) - two[i, j] - two[i, k] - two[j, k] + three[i, j, k]
    rows = len(said)
    tokens = np.bincount(vocabulary.places, chances[vocabulary.tokens], minlength=rows)
    lengths = np.bincount(vocabulary.places, minlength=rows).astype(np.float64)
    return expected, sets.total(tokens) - expected, sets.total(lengths)
