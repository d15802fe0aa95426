"""How much of an editor's blurb a set of sentences would hold: the value that was fitted.

From how a word stands in the text (how often, how early, in the title, as a name) its chance to be
in the blurb that an editor writes is told; from the chances of the words of a set, the agreement
(ROUGE-1) that the set can expect with that blurb; from this, its length and its place, its worth.
The weights are in `fitted.json`, which `python -m bench.fit_blurbs` made of articles with blurbs by
people; they know no word of any language.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from digest.summarize.fitted import weights
from digest.summarize.scores import Scorer
from digest.text.language import spaced
from digest.text.words import stemmed, stems, stop_words, words

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from digest.summarize.filter import Sentence
    from digest.summarize.sets import Sets

WORD_FEATURES = (
    "often", "sentences", "early", "among the first", "late", "title", "name", "figure", "stop",
    "long", "stop, often", "stop, early", "title, early", "name, early", "name, often",
    "early, often", "again", "of many", "figure, early", "title, often",
)  # fmt: skip
_OF_SETS = (
    "expected at 40 words", "expected at 60 words", "expected at 85 words", "said again", "full",
    "full, squared", "two", "three", "title",
)  # fmt: skip
_OF_OPENINGS = ("opens early", "opens first")
_OF_SENTENCES = ("early", "late", "quotes", "lex-rank", "text-rank")
SET_FEATURES = (*_OF_SETS, *_OF_OPENINGS, *_OF_SENTENCES)
_KINDS = (len(_OF_SETS), len(_OF_SETS) + len(_OF_OPENINGS))
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
    """The weights in the package, by the names of the features that this version computes.

    ValueError where the names are not those, so that no weight is left out unnoticed.
    """
    return Fitted(
        words=_in_order("words", ("bias", *WORD_FEATURES)), sets=_in_order("sets", SET_FEATURES)
    )


def _in_order(model: str, names: Sequence[str]) -> NDArray[np.float64]:
    found = weights()[model]
    if odd := sorted(found.keys() ^ set(names)):
        raise ValueError(
            f"fitted.json: among the weights of {model}, too many or missing: {', '.join(odd)}."
            " Fit them anew with `python -m bench.fit_blurbs`."
        )
    return np.array([found[name] for name in names])


@dataclass(frozen=True, slots=True)
class Text:
    """Sentences with their places among all that may be quoted, under a title."""

    sentences: tuple[Sentence, ...]
    places: tuple[int, ...]
    title: str
    language: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of some sentences, by their stems: where each stands, and what it is like.

    `said[i, w]` is 1 where sentence `i` says word `w`; a row for no sentence ends it. `tokens` are
    the words in order, with the sentence of each in `places`; `cut` are those of each sentence, in
    lower case and as stems.
    """

    stems: tuple[str, ...]
    said: NDArray[np.float64]
    tokens: NDArray[np.int64]
    places: NDArray[np.int64]
    features: NDArray[np.float64]
    cut: tuple[tuple[list[str], list[str]], ...]

    @classmethod
    def of(cls, text: Text) -> Vocabulary:
        """Features are in the order of `WORD_FEATURES`."""
        known: dict[str, int] = {}
        tokens: list[int] = []
        named: list[bool] = []
        cut = tuple(stemmed(sentence.words, text.language) for sentence in text.sentences)
        for sentence, (lowered, found) in zip(text.sentences, cut, strict=True):
            tokens += [known.setdefault(stem, len(known)) for stem in found]
            # Any word may open a sentence with a capital.
            opens = 1 if lowered else 0
            named += [False] * opens
            rest = zip(sentence.words[opens:], lowered[opens:], strict=True)
            named += [word[0] != low[0] for word, low in rest]
        counts = [len(found) for _, found in cut]
        ids = np.array(tokens, dtype=np.int64)
        places = np.repeat(np.arange(len(counts)), counts)
        said = np.zeros((len(counts) + 1, len(known)))
        said[places, ids] = 1
        if not known:
            features = np.zeros((0, len(WORD_FEATURES)))
        else:
            shares = np.bincount(ids, weights=named, minlength=len(known)).astype(np.float64)
            features = _word_features(tuple(known), said, ids, shares, text)
        return cls(tuple(known), said, ids, places, features, cut)

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
    parts = _parts(text, sets, vocabulary, chances, budget)
    spread = sets.total(parts.by_place)
    return np.column_stack((parts.by_set, parts.by_opening[sets.first], spread))


def fitted_worth(
    text: Text, sets: Sets, vocabulary: Vocabulary, *, budget: int
) -> NDArray[np.float64]:
    """The worth of each set; 1 is what a cost of 1 takes away.

    The same as the products of `set_features` with the weights, but for the order of the sums.
    """
    models = fitted()
    chances = vocabulary.chances(models.words)
    parts = _parts(text, sets, vocabulary, chances, budget)
    by_set, by_opening, by_place = np.split(models.sets, _KINDS)
    worth = parts.by_set @ by_set
    worth += (parts.by_opening @ by_opening)[sets.first]
    worth += sets.total(parts.by_place @ by_place)
    return worth


@dataclass(frozen=True, slots=True)
class _Parts:
    """What a set is like as a whole, by the sentence that opens it, and by each of its sentences.

    The last rows of the latter two are for no sentence.
    """

    by_set: NDArray[np.float64]
    by_opening: NDArray[np.float64]
    by_place: NDArray[np.float64]


def _parts(
    text: Text,
    sets: Sets,
    vocabulary: Vocabulary,
    chances: NDArray[np.float64],
    budget: int,
) -> _Parts:
    said, sizes, rows = vocabulary.said, sets.sizes, len(vocabulary.said)
    expected = _covered(sets, said, chances)
    titled = vocabulary.features[:, _TITLE] > vocabulary.features[:, _STOP]
    title = _covered(sets, said[:, titled], np.full(titled.sum(), 1 / max(1, titled.sum())))
    tokens = np.bincount(vocabulary.places, chances[vocabulary.tokens], minlength=rows)
    lengths = np.bincount(vocabulary.places, minlength=rows).astype(np.float64)
    length, again = sets.total(lengths), sets.total(tokens) - expected
    widths = np.array([*(sentence.columns for sentence in text.sentences), 0])
    room = (sets.total(widths) + sizes - 1) / budget
    at = np.array([*text.places, 0])
    quotes = np.array([*map(_quotes, text.sentences), False])
    blurbs = _lengths(text, vocabulary)
    scorer = Scorer(
        [sentence.text for sentence in text.sentences],
        language=text.language,
        title=text.title,
        paragraphs=[sentence.paragraph for sentence in text.sentences],
        cut=vocabulary.cut,
    )
    ratings = [(*scorer.score(method), 0.0) for method in ("lex-rank", "text-rank")]
    by_place = np.array((1 / (1 + at), np.log1p(at), quotes, *ratings)) * (widths / budget)
    by_set = (
        *(2 * expected / (length + words) for words in blurbs),
        2 * again / (length + blurbs[1]),
        room,
        room**2,
        sizes == 2,
        sizes == 3,
        title,
    )
    return _Parts(np.array(by_set).T, np.array((1 / (1 + at), at == 0)).T, by_place.T)


def _covered(
    sets: Sets, said: NDArray[np.float64], chances: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The sum of the chances of the words that each set says, each counted once.

    By inclusion and exclusion over its sentences.
    """
    weighed = said * chances
    two = weighed @ said.T
    spread = said.sum(axis=0) > 2  # few words stand in three sentences
    common, rows = said[:, spread], len(said)
    both = (common[:, None, :] * weighed[:, spread][None, :, :]).reshape(rows * rows, -1)
    three = (both @ common.T).ravel()
    i, j, k = sets.first, sets.second, sets.third
    found: NDArray[np.float64] = sets.total(weighed.sum(axis=1))
    found = found + three[(i * rows + j) * rows + k]
    pairs = two.ravel()
    for one, other in ((i, j), (i, k), (j, k)):
        found -= pairs[one * rows + other]
    return found


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
