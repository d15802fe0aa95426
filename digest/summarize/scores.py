"""How central each sentence is, by sumy's summarizers, behind one function.

sumy brings its own tokenizer, which downloads a model at run time, and returns sentences instead
of ratings. Here its documents are made directly from our words, and the ranking is read by a
callable count, so every method works under a budget in characters.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache, partial
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from digest.text.language import base
from digest.text.words import content_words, stem, stemmed, stems, stop_words, words

if TYPE_CHECKING:
    from digest.summarize.summarizers import CutSentence

RANKED = 300
"""Sentences that are ranked. No blurb is taken from further down, and what compares every two
sentences takes time by their square, what chooses one after the other likewise."""
READ = 200_000
"""Characters of these that are read: a page whose lines were lost is one sentence of any length."""

# Edmundson's cue words: sumy's own fall-back ones are Czech. What reports announce, and what only
# hangs on to another sentence.
_BONUS = (
    "announced", "according", "first", "new", "million", "billion", "percent", "police", "court",
    "government", "president", "minister", "launched", "killed", "died", "agreed", "approved",
    "reported", "released", "found", "plans", "million", "record",
)  # fmt: skip
_STIGMA = (
    "he", "she", "they", "it", "but", "however", "also", "this", "these", "i", "we", "you", "said",
    "think", "hardly", "perhaps", "anyway", "asked", "added",
)  # fmt: skip


def score(
    sentences: Sequence[str],
    *,
    method: str,
    language: str,
    title: str = "",
    paragraphs: Sequence[int] = (),
) -> tuple[float, ...]:
    """A score from 0 to 1 for each sentence by one method: `Scorer.score`."""
    return Scorer(sentences, language=language, title=title, paragraphs=paragraphs).score(method)


class Scorer:
    """The sentences of one text, whose words are cut once for all methods.

    `paragraphs` number the paragraph of each sentence, in order; none is one paragraph. `cut` are
    the words of each sentence, in lower case and as stems, where somebody cut them before.
    """

    def __init__(
        self,
        sentences: Sequence[str],
        *,
        language: str,
        title: str = "",
        paragraphs: Sequence[int] = (),
        cut: Sequence[tuple[Sequence[str], Sequence[str]]] = (),
    ) -> None:
        self._words = dict(zip(sentences, cut, strict=True)) if cut else {}
        self._sentences = sentences
        self._language = language
        self._title = title.strip()
        self._paragraphs = paragraphs

    def score(self, method: str) -> tuple[float, ...]:
        """A score from 0 to 1 for each sentence: its rating by sumy's `method`, on a common scale.

        `method` is one of `settings.SUMMARIZERS` that sumy has. All are 0 where the method cannot
        tell the sentences apart; what lies beyond `RANKED` and `READ` is 0. The same for every
        hash seed.
        """
        total = len(self._sentences)
        if total < 2:
            return (0.0,) * total
        cut = self._cut
        ratings = [0.0] * len(cut)

        def read(infos: Sequence[Any]) -> Sequence[Any]:
            for info in infos:
                ratings[info.order] = float(info.rating)
            return infos

        if cut:
            self._summarizer(method)(self._document, read)
        return _scaled(ratings) + (0.0,) * (total - len(cut))

    @cached_property
    def _cut(self) -> list[CutSentence]:
        """The sentences that are ranked."""
        room = READ
        taken: list[str] = []
        for text in self._sentences[:RANKED]:
            room -= len(text)
            if room < 0:
                break
            taken.append(text.strip())
        return _cut(taken, self._language, self._words)

    @cached_property
    def _document(self) -> Any:
        from digest.summarize.summarizers import document_of

        numbers = self._paragraphs[: len(self._cut)] or (0,) * len(self._cut)
        rows = zip(numbers, self._cut, strict=True)
        grouped = [[row[1] for row in group] for _, group in groupby(rows, key=itemgetter(0))]
        if self._title:
            grouped[0][:0] = _cut([self._title], self._language, {}, are_headings=True)
        return document_of(grouped)

    def _summarizer(self, method: str) -> Any:
        from digest.summarize import summarizers

        language = self._language
        stemmer = partial(stem, language=language)
        if method == "edmundson":
            bonus, stigma = _cues(language)
            named = stems(content_words(self._title, language), language)
            return summarizers.Edmundson(stemmer, bonus.union(named), stigma, _null(language))
        made = summarizers.BY_NAME[method](stemmer)
        if method in {"luhn", "kl"}:  # the others go by the content words
            made.stop_words = stop_words(language)
        return made


def _cut(
    texts: Sequence[str],
    language: str,
    known: Mapping[str, tuple[Sequence[str], Sequence[str]]],
    *,
    are_headings: bool = False,
) -> list[CutSentence]:
    """The texts with their words; equal ones are one value."""
    from digest.summarize.summarizers import CutSentence

    stop = stop_words(language)
    made: dict[str, CutSentence] = {}
    for text in texts:
        if text not in made:
            lowered, found = known.get(text) or stemmed(words(text, language), language)
            content = [stem for word, stem in zip(lowered, found, strict=True) if word not in stop]
            made[text] = CutSentence(text, lowered, found, content, is_heading=are_headings)
    return [made[text] for text in texts]


@lru_cache(maxsize=64)
def _cues(language: str) -> tuple[frozenset[str], frozenset[str]]:
    """The stems of what speaks for a sentence and of what speaks against it."""
    if base(language) != "en":
        return frozenset(), frozenset()
    return frozenset(stems(_BONUS, language)), frozenset(stems(_STIGMA, language))


@lru_cache(maxsize=64)
def _null(language: str) -> frozenset[str]:
    """The stems of the stop words."""
    return frozenset(stems(stop_words(language), language))


def _scaled(ratings: Sequence[float]) -> tuple[float, ...]:
    sound = [rating if math.isfinite(rating) else 0.0 for rating in ratings]
    low, high = min(sound, default=0.0), max(sound, default=0.0)
    if high - low <= 1e-9 * max(abs(high), abs(low), 1e-9):
        return (0.0,) * len(sound)
    return tuple(round((rating - low) / (high - low), 6) for rating in sound)
