"""sumy's summarizers over words that are cut once: its rankings, without its loops.

Each class is sumy's own with its slow methods replaced, so that what ranks is sumy 0.13.0;
tests hold every ranking equal to that of the class it is made from. Nothing here warns, and
nothing depends on the hash seed. Importing this module imports sumy and all of nltk.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence
from sumy.summarizers.edmundson import EdmundsonSummarizer
from sumy.summarizers.edmundson_cue import EdmundsonCueMethod
from sumy.summarizers.edmundson_location import EdmundsonLocationMethod
from sumy.summarizers.edmundson_title import EdmundsonTitleMethod
from sumy.summarizers.kl import KLSummarizer
from sumy.summarizers.lex_rank import LexRankSummarizer
from sumy.summarizers.lsa import LsaSummarizer
from sumy.summarizers.luhn import LuhnSummarizer
from sumy.summarizers.reduction import ReductionSummarizer
from sumy.summarizers.sum_basic import SumBasicSummarizer
from sumy.summarizers.text_rank import TextRankSummarizer

Table = NDArray[np.float64]
"""A number for each sentence and word, for each pair of sentences, or for each sentence."""


class CutSentence(Sentence):  # type: ignore[misc]  # sumy publishes no types
    """A sentence whose words are known: in lower case, as stems, and as stems of content words.

    Ratings are kept by sentence, so that sumy compares sentences by their texts all the time.
    These are compared by identity: who makes them makes one for each text.
    """

    __slots__ = ("content", "cut", "stems")

    def __init__(
        self,
        text: str,
        cut: Sequence[str],
        stems: Sequence[str],
        content: Sequence[str],
        *,
        is_heading: bool = False,
    ) -> None:
        super().__init__(text, None, is_heading)
        self.cut, self.stems, self.content = cut, stems, content

    __eq__ = object.__eq__
    __hash__ = object.__hash__

    @property
    def words(self) -> Sequence[str]:
        """What sumy asks its tokenizer for."""
        return self.cut


def document_of(paragraphs: Iterable[Sequence[CutSentence]]) -> Any:
    """The document that sumy wants, of these sentences."""
    return ObjectDocumentModel(map(Paragraph, paragraphs))


def _counts(contents: Sequence[Sequence[str]]) -> Table:
    """How often each sentence (row) has each word (column)."""
    numbers: dict[str, int] = {}
    cells = [numbers.setdefault(word, len(numbers)) for word in chain.from_iterable(contents)]
    size = max(1, len(numbers))
    rows = np.repeat(np.arange(len(contents)), [len(content) for content in contents])
    flat = np.bincount(rows * size + np.array(cells, dtype=np.intp), minlength=len(contents) * size)
    return flat.reshape(len(contents), size).astype(np.float64)


class LexRank(LexRankSummarizer):  # type: ignore[misc]
    """Sentences are alike from a cosine of 0.1 on; those that many are like rank high."""

    def _to_words_set(self, sentence: CutSentence) -> Sequence[str]:
        return sentence.content

    def _compute_tf(self, sentences: Sequence[Sequence[str]]) -> Table:
        counts = _counts(sentences)
        shares: Table = counts / np.maximum(counts.max(axis=1, keepdims=True), 1)
        return shares

    @staticmethod
    def _compute_idf(_: Sequence[Sequence[str]]) -> None:
        """Follows from the table of `_compute_tf`."""

    def _create_matrix(
        self, sentences: Sequence[Sequence[str]], threshold: float, tf_metrics: Table, _: None
    ) -> Table:
        idf = np.log(len(sentences) / (1 + np.count_nonzero(tf_metrics, axis=0)))
        weights = tf_metrics * idf
        products = weights @ weights.T
        sizes = np.sqrt(products.diagonal())
        # Compared without a division, which a sentence of size 0 would not allow.
        linked = (products > threshold * np.outer(sizes, sizes)).astype(np.float64)
        table: Table = linked / np.maximum(linked.sum(axis=1, keepdims=True), 1)
        return table

    @staticmethod
    def power_method(matrix: Table, epsilon: float) -> Table:
        """As in sumy, which divides by zero where no sentence is like another, or like itself."""
        if not matrix.any():
            return np.zeros(len(matrix))
        found: Table = LexRankSummarizer.power_method(matrix, epsilon)
        return found


def _shared(contents: Sequence[Sequence[str]]) -> tuple[Table, Table]:
    """For each pair: how many pairs of equal words they have, and that by their lengths.

    The second is 0 where both have one word only.
    """
    counts = _counts(contents)
    pairs = counts @ counts.T
    logs = np.log(np.maximum(counts.sum(axis=1), 1))
    lengths = np.add.outer(logs, logs)
    return pairs, np.divide(pairs, lengths, out=np.zeros_like(pairs), where=lengths > 0)


class TextRank(TextRankSummarizer):  # type: ignore[misc]
    """PageRank over the words that sentences share."""

    def _create_matrix(self, document: Any) -> Table:
        contents = [sentence.content for sentence in document.sentences]
        pairs, weights = _shared(contents)
        single = np.array([len(content) == 1 for content in contents])
        weights = np.where(np.logical_and.outer(single, single), pairs, weights)
        weights /= weights.sum(axis=1, keepdims=True) + self._ZERO_DIVISION_PREVENTION
        table: Table = (1.0 - self.damping) / len(contents) + self.damping * weights
        return table

    @staticmethod
    def power_method(matrix: Table, epsilon: float) -> Table:
        """The steps and the end of sumy's; numpy's norm would take longer than a step."""
        across = np.ascontiguousarray(matrix.T)
        found = np.full(len(matrix), 1.0 / len(matrix))
        moved = math.inf
        while moved > epsilon:
            after = across @ found
            change = after - found
            moved = math.sqrt(change @ change)
            found = after
        return found


class Reduction(ReductionSummarizer):  # type: ignore[misc]
    """How much a sentence shares with all others together."""

    def rate_sentences(self, document: Any) -> dict[CutSentence, float]:
        """A rating for each sentence; equal sentences have one between them, as in sumy."""
        _, weights = _shared([sentence.content for sentence in document.sentences])
        np.fill_diagonal(weights, 0)
        ratings: dict[CutSentence, float] = defaultdict(float)
        for sentence, rating in zip(document.sentences, weights.sum(axis=1), strict=True):
            ratings[sentence] += rating
        return ratings


class Lsa(LsaSummarizer):  # type: ignore[misc]
    """The length of a sentence's column in the table of words: what sumy's ranks come to.

    sumy 0.13.0 keeps every dimension of its decomposition, and the squares of a column over all
    dimensions are its length, decomposed or not. Without the decomposition nothing is left that
    depends on the order of the words, which in sumy is that of the hash seed.
    """

    def __call__(self, document: Any, sentences_count: Any) -> Any:
        """As every summarizer of sumy: the best sentences, of those that a callable count takes."""
        known = set(chain.from_iterable(s.content for s in document.sentences + document.headings))
        # With fewer words than sentences sumy warns that its ranking means nothing.
        if len(known) < len(document.sentences):
            return ()
        ranks = iter([self._length(sentence.stems, known) for sentence in document.sentences])
        return self._get_best_sentences(document.sentences, sentences_count, lambda _: next(ranks))

    @staticmethod
    def _length(stems: Sequence[str], known: set[str], smooth: float = 0.4) -> float:
        """Words are smoothed as in sumy: those that the sentence lacks too, unless it has none."""
        counts = Counter(stem for stem in stems if stem in known)
        if not counts:
            return 0.0
        most = max(counts.values())
        # In order of size, so that equal lengths come out equal whatever the order of the words.
        shares = [smooth + (1 - smooth) * count / most for count in sorted(counts.values())]
        missing = len(known) - len(counts)
        return float((sum(share**2 for share in shares) + missing * smooth**2) ** 0.5)


class Luhn(LuhnSummarizer):  # type: ignore[misc]
    """Clusters of words that the text repeats."""

    def _get_significant_words(self, words: Sequence[str]) -> frozenset[str]:
        # sumy 0.13.0 looks every word up in a tuple.
        return frozenset(super()._get_significant_words(words))


class SumBasic(SumBasicSummarizer):  # type: ignore[misc]
    """Frequent words first, each of them less once it has been told."""

    def _get_content_words_in_sentence(self, sentence: CutSentence) -> Sequence[str]:
        return sentence.content

    def _get_all_content_words_in_doc(self, sentences: Sequence[CutSentence]) -> list[str]:
        return list(chain.from_iterable(sentence.content for sentence in sentences))

    def _compute_ratings(self, sentences: Sequence[CutSentence]) -> dict[CutSentence, int]:
        found: dict[CutSentence, int] = super()._compute_ratings(sentences)
        # Without a word to compare, sumy rates by the order of the text.
        return found if any(sentence.content for sentence in sentences) else dict.fromkeys(found, 0)


class Kl(KLSummarizer):  # type: ignore[misc]
    """What brings the words told closest to those of the text, sentence by sentence."""

    def _compute_ratings(self, sentences: Sequence[CutSentence]) -> dict[CutSentence, int]:
        """The order in which sumy takes them, from sums that are kept instead of counted anew."""
        contents = [self._get_content_words_in_sentence(sentence) for sentence in sentences]
        if not any(contents):  # sumy rates by the order of the text then
            return dict.fromkeys(sentences, 0)
        counts = _counts(contents)
        rows, columns = np.nonzero(counts)
        found = counts[rows, columns]
        wanted = counts.sum(axis=0) / counts.sum()
        share = wanted[columns]
        told, length = np.zeros(counts.shape[1]), 0.0
        own_lengths = counts.sum(axis=1)
        left = np.ones(len(sentences), dtype=bool)
        by_sentence = partial(np.bincount, rows, minlength=len(sentences))
        ratings: dict[CutSentence, int] = {}
        for _ in sentences:
            said = told > 0
            kept = wanted[said]
            before, new = told[columns], ~said[columns]
            # What each word of a sentence changes in the sum, which is taken over the words told.
            change = share * np.log(np.where(new, share, before) / (before + found))
            totals = np.maximum(own_lengths + length, 1)
            distance = (kept * np.log(kept / told[said])).sum() + by_sentence(weights=change)
            distance += np.log(totals) * (kept.sum() + by_sentence(weights=share * new))
            distance = np.where(left, np.round(distance, 12), np.inf)
            best = int(distance.argmin())
            left[best] = False
            told += counts[best]
            length += len(sentences[best].words)
            ratings[sentences[best]] = -len(ratings)
        return ratings


def _hits(stems: Iterable[str], listed: frozenset[str]) -> int:
    return len([stem for stem in stems if stem in listed]) if listed else 0


class _Cue(EdmundsonCueMethod):  # type: ignore[misc]
    def _rate_sentence(self, sentence: CutSentence, bonus: float, stigma: float) -> float:
        stems = sentence.stems
        return bonus * _hits(stems, self._bonus_words) - stigma * _hits(stems, self._stigma_words)


class _Title(EdmundsonTitleMethod):  # type: ignore[misc]
    def _rate_sentence(self, sentence: CutSentence, listed: frozenset[str]) -> int:
        return _hits(sentence.stems, listed)


class _Location(EdmundsonLocationMethod):  # type: ignore[misc]
    def _rate_sentence(self, sentence: CutSentence, listed: frozenset[str]) -> int:
        return _hits(sentence.stems, listed)


class Edmundson(EdmundsonSummarizer):  # type: ignore[misc]
    """Cue words, words of the title, and the place in the text; the sets hold stems."""

    def __init__(
        self,
        stemmer: Callable[[str], str],
        bonus: frozenset[str],
        stigma: frozenset[str],
        null: frozenset[str],
    ) -> None:
        super().__init__(stemmer)
        self._bonus_words, self._stigma_words, self._null_words = bonus, stigma, null

    def _build_cue_method_instance(self) -> _Cue:
        return _Cue(self._stemmer, self._bonus_words, self._stigma_words)

    def _build_title_method_instance(self) -> _Title:
        return _Title(self._stemmer, self._null_words)

    def _build_location_method_instance(self) -> _Location:
        return _Location(self._stemmer, self._null_words)


BY_NAME: dict[str, Any] = {
    "lex-rank": LexRank,
    "text-rank": TextRank,
    "luhn": Luhn,
    "lsa": Lsa,
    "sum-basic": SumBasic,
    "kl": Kl,
    "reduction": Reduction,
}
