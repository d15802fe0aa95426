"""How central each sentence is, by sumy's summarizers, behind one function.

sumy brings its own tokenizer, which downloads a model at run time, and returns sentences instead
of ratings. Here its documents are made directly from our words, and the ranking is read by a
callable count, so every method works under a budget in characters.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from digest.text.words import content_words, stem, stop_words, words

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
    """A score from 0 to 1 for each sentence: its rating by sumy's `method`, on a common scale.

    `method` is one of `settings.SUMMARIZERS` that sumy has. All are 0 where the method cannot tell
    the sentences apart. The same for every hash seed.
    """
    if len(sentences) < 2:
        return (0.0,) * len(sentences)
    import numpy as np

    document = _document(sentences, title, paragraphs, language)
    ratings = [0.0] * len(sentences)

    def read(infos: Sequence[Any]) -> Sequence[Any]:
        for info in infos:
            ratings[info.order] = float(info.rating)
        return infos

    # sumy 0.13.0: LexRank divides by zero on sentences without a common word.
    with np.errstate(all="ignore"):
        _SUMMARIZERS[method](document, language, title, read)
    return _scaled(ratings)


def _scaled(ratings: Sequence[float]) -> tuple[float, ...]:
    sound = [rating if math.isfinite(rating) else 0.0 for rating in ratings]
    low, high = min(sound), max(sound)
    if high - low <= 1e-9 * max(abs(high), abs(low), 1e-9):
        return (0.0,) * len(sound)
    return tuple(round((rating - low) / (high - low), 6) for rating in sound)


class _Words:
    """A tokenizer as sumy wants it, over words that are already cut."""

    def __init__(self, language: str) -> None:
        self._language = language

    def to_sentences(self, text: str) -> tuple[str, ...]:
        return (text,)

    def to_words(self, text: str) -> tuple[str, ...]:
        return words(text, self._language)


def _document(
    sentences: Sequence[str], title: str, paragraphs: Sequence[int], language: str
) -> Any:
    from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence

    tokenizer = _Words(language)
    grouped: dict[int, list[Any]] = {}
    for number, text in enumerate(sentences):
        group = paragraphs[number] if paragraphs else 0
        grouped.setdefault(group, []).append(Sentence(text, tokenizer))
    if title.strip():
        grouped[min(grouped)].insert(0, Sentence(title, tokenizer, is_heading=True))
    return ObjectDocumentModel([Paragraph(group) for group in grouped.values()])


def _stemmed(language: str) -> Callable[[str], str]:
    return partial(stem, language=language)


def _edmundson(document: Any, language: str, title: str, read: Callable[..., Any]) -> None:
    from sumy.summarizers.edmundson import EdmundsonSummarizer

    made = EdmundsonSummarizer(_stemmed(language))
    named = content_words(title, language)
    # Each set must hold something; a word that no text has stands in.
    made.bonus_words = [*_BONUS, *named] if language[:2] == "en" else (named or ("\0",))
    made.stigma_words = _STIGMA if language[:2] == "en" else ("\0",)
    made.null_words = stop_words(language) or ("\0",)
    made(document, read)


def _lex_rank(document: Any, language: str, _: str, read: Callable[..., Any]) -> None:
    from sumy.summarizers.lex_rank import LexRankSummarizer

    made = LexRankSummarizer(_stemmed(language))
    made.stop_words = stop_words(language)
    made(document, read)


def _text_rank(document: Any, language: str, _: str, read: Callable[..., Any]) -> None:
    from sumy.summarizers.text_rank import TextRankSummarizer

    made = TextRankSummarizer(_stemmed(language))
    made.stop_words = stop_words(language)
    made(document, read)


def _luhn(document: Any, language: str, _: str, read: Callable[..., Any]) -> None:
    from sumy.summarizers.luhn import LuhnSummarizer

    made = LuhnSummarizer(_stemmed(language))
    made.stop_words = stop_words(language)
    made(document, read)


def _sum_basic(document: Any, language: str, _: str, read: Callable[..., Any]) -> None:
    from sumy.summarizers.sum_basic import SumBasicSummarizer

    made = SumBasicSummarizer(_stemmed(language))
    made.stop_words = stop_words(language)
    if any(made._get_content_words_in_sentence(s) for s in document.sentences):
        made(document, read)


def _lsa(document: Any, language: str, _: str, read: Callable[..., Any]) -> None:
    from sumy.summarizers.lsa import LsaSummarizer

    class Steady(LsaSummarizer):  # type: ignore[misc]  # sumy publishes no types
        """sumy 0.13.0 orders the rows of its matrix by the hash seed; ours are sorted."""

        def _create_dictionary(self, document: Any) -> dict[str, int]:
            return {
                word: row for row, word in enumerate(sorted(super()._create_dictionary(document)))
            }

    made = Steady(_stemmed(language))
    made.stop_words = stop_words(language)
    # With fewer words than sentences sumy warns that its ranking means nothing.
    if len(made._create_dictionary(document)) >= len(document.sentences):
        made(document, read)


_SUMMARIZERS: dict[str, Callable[[Any, str, str, Callable[..., Any]], None]] = {
    "edmundson": _edmundson,
    "lex-rank": _lex_rank,
    "luhn": _luhn,
    "text-rank": _text_rank,
    "lsa": _lsa,
    "sum-basic": _sum_basic,
}
