"""What our blurbs are measured against, over articles that are cut into sentences once.

Every system takes an article and a budget in characters, and gives what it quotes: the plain lead,
the filtered lead, sumy's summarizers as they come, random sentences, an oracle that knows the
reference, and what `digest build` ships.
"""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import numpy as np

from bench.blurb_data import Example
from bench.rouge import Reference, tokens
from digest.models import Entry, Span
from digest.settings import SUMMARIZERS
from digest.summarize import blurb
from digest.text.language import language_of
from digest.text.sentences import split
from digest.text.verbatim import collapse
from digest.text.words import words

LANGUAGE = "en"
SEEDS = 5
STOCK = tuple(name for name in SUMMARIZERS if name not in {"digest", "lead"})
"""The methods that sumy has, of those that `DIGEST_SUMMARIZER` offers."""


@dataclass(frozen=True, slots=True)
class Article:
    """An example with the sentences of its text, each on one line, and its reference."""

    example: Example
    spans: tuple[Span, ...]
    sentences: tuple[str, ...]
    reference: Reference

    @classmethod
    def of(cls, example: Example) -> Article:
        """The article of an example; a reference of several lines has a sentence a line."""
        spans = split(example.text, language_of(example.text) or LANGUAGE)
        lines = example.summary.splitlines()
        if len(lines) < 2:
            lines = [example.summary[slice(*span)] for span in split(example.summary, LANGUAGE)]
        sentences = tuple(collapse(example.text[start:end]) for start, end in spans)
        return cls(example, spans, sentences, Reference.of(lines))


@dataclass(frozen=True, slots=True)
class Quotation:
    """Sentences of an article; `follows` says of each that it stands right after the one before."""

    spans: tuple[Span, ...]
    sentences: tuple[str, ...]
    follows: tuple[bool, ...]

    @classmethod
    def of(cls, article: Article, spans: Sequence[Span]) -> Quotation:
        """The quotation of spans of the article's text, in order."""
        starts = [start for start, _ in article.spans]
        first = [bisect_right(starts, start) - 1 for start, _ in spans]
        last = [bisect_right(starts, end - 1) - 1 for _, end in spans]
        return cls(
            tuple(spans),
            tuple(collapse(article.example.text[start:end]) for start, end in spans),
            tuple(n > 0 and first[n] == last[n - 1] + 1 for n in range(len(spans))),
        )


System = Callable[[Article, int], tuple[Quotation, ...]]
"""One quotation of at most so many characters, or several whose figures are averaged."""


def entry_of(example: Example) -> Entry:
    """What a source would have given of an article."""
    return Entry(id=example.id, title=example.title, text=example.text)


def systems() -> dict[str, System]:
    """Every system by its name, in the order of the table."""
    return {
        "ours": lambda article, room: (shipped(article, room),),
        "filtered lead": lambda article, room: (shipped(article, room, method="lead"),),
        "lead": lambda article, room: (_picked(article, lead(article, room)),),
        "lead of three": lambda article, room: (_picked(article, lead(article, room)[:3]),),
        **{f"sumy {name}": _stock(name) for name in STOCK},
        "random": _random,
        "oracle": lambda article, room: (_picked(article, _oracle(article, room)),),
    }


def shipped(article: Article, room: int, *, method: str = "digest") -> Quotation:
    """What `digest build` quotes of an entry with this title and text."""
    entry = entry_of(article.example)
    made = blurb(entry, max_chars=room, method=method, language=LANGUAGE)
    return Quotation.of(article, made.spans)


def lead(article: Article, room: int) -> list[int]:
    """The first sentence that fits and those after it, until one does not fit."""
    taken: list[int] = []
    used = -1
    for number, sentence in enumerate(article.sentences):
        if used + 1 + len(sentence) <= room:
            taken.append(number)
            used += 1 + len(sentence)
        elif taken:
            break
    return taken


def ranked(summarizer: Any, sentences: Sequence[str], title: str) -> list[int]:
    """The places of the sentences, from the best to the last by one of sumy's summarizers."""
    from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence

    cutter = _Cutter()
    rows = [Sentence(text, cutter) for text in sentences]
    heading = [Sentence(title, cutter, is_heading=True)] if title else []
    ranking: list[int] = []

    def read(infos: Sequence[Any]) -> Sequence[Any]:
        ranking.extend(info.order for info in infos)
        return infos

    try:
        with np.errstate(all="ignore"):
            summarizer(ObjectDocumentModel([Paragraph([*heading, *rows])]), read)
    except ZeroDivisionError:  # sumy 0.13.0: SumBasic, on a text of stop words alone
        pass
    return ranking or list(range(len(sentences)))


class _Cutter:
    """A tokenizer as sumy wants it: its own needs a download."""

    def to_sentences(self, text: str) -> tuple[str, ...]:
        return (text,)

    def to_words(self, text: str) -> tuple[str, ...]:
        return words(text, LANGUAGE)


@cache
def remembered_stems() -> Callable[[str], str]:
    """English stems by sumy, each word once."""
    from sumy.nlp.stemmers import Stemmer

    return lru_cache(maxsize=200_000)(Stemmer("english"))


# sumy's own cue words are Czech. These are kept apart from the program's, so that the peer stays
# the same while the program changes.
_BONUS = words(
    "announced according first new million billion percent police court government president "
    "minister launched killed died agreed approved reported released found plans record"
)
_STIGMA = words(
    "he she they it but however also this these i we you said think hardly perhaps anyway asked "
    "added"
)


def summarizer(name: str, stemmer: Callable[[str], str], title: str = "") -> Any:
    """One of sumy's summarizers, set up for English; Edmundson's takes its cues from the title."""
    from sumy.summarizers import (
        edmundson,
        kl,
        lex_rank,
        lsa,
        luhn,
        reduction,
        sum_basic,
        text_rank,
    )  # fmt: skip

    if name == "edmundson":
        made = edmundson.EdmundsonSummarizer(stemmer)
        made.bonus_words = [*_BONUS, *words(title)]
        made.stigma_words, made.null_words = _STIGMA, _stop_words()
        return made

    class SortedLsa(lsa.LsaSummarizer):  # type: ignore[misc]  # sumy publishes no types
        """sumy 0.13.0 orders its rows by the hash seed; a bench gives one figure twice."""

        def _create_dictionary(self, document: Any) -> dict[str, int]:
            return {word: n for n, word in enumerate(sorted(super()._create_dictionary(document)))}

    made = {
        "lex-rank": lex_rank.LexRankSummarizer,
        "luhn": luhn.LuhnSummarizer,
        "text-rank": text_rank.TextRankSummarizer,
        "lsa": SortedLsa,
        "sum-basic": sum_basic.SumBasicSummarizer,
        "kl": kl.KLSummarizer,
        "reduction": reduction.ReductionSummarizer,
    }[name](stemmer)
    made.stop_words = _stop_words()
    return made


@cache
def _stop_words() -> frozenset[str]:
    from sumy.utils import get_stop_words

    return frozenset(get_stop_words("english"))


def _stock(name: str) -> System:
    def quote(article: Article, room: int) -> tuple[Quotation, ...]:
        title = article.example.title
        made = summarizer(name, remembered_stems(), title)
        return (_picked(article, filled(article, ranked(made, article.sentences, title), room)),)

    return quote


def _random(article: Article, room: int) -> tuple[Quotation, ...]:
    found = []
    for seed in range(SEEDS):
        order = list(range(len(article.sentences)))
        random.Random(f"{seed} {article.example.id}").shuffle(order)  # noqa: S311 (fixed draws)
        found.append(_picked(article, filled(article, order, room)))
    return tuple(found)


def filled(article: Article, ranking: Iterable[int], room: int) -> list[int]:
    """The best sentences that fit beside those that are better still."""
    taken: list[int] = []
    used = -1
    for number in ranking:
        more = 1 + len(article.sentences[number])
        if used + more <= room:
            taken.append(number)
            used += more
    return taken


def _picked(article: Article, numbers: Iterable[int]) -> Quotation:
    return Quotation.of(article, [article.spans[number] for number in sorted(numbers)])


def _oracle(article: Article, room: int) -> list[int]:
    """The better in ROUGE-1 of two greedy choices: from one sentence on, and from the best pair."""
    place = {word: n for n, word in enumerate(article.reference.ones)}
    wanted = np.array(list(article.reference.ones.values()), dtype=np.int32)
    cut = [tokens(sentence) for sentence in article.sentences]
    counts = np.zeros((len(cut), len(place)), dtype=np.int32)
    for row, stems in enumerate(cut):
        for stem in stems:
            if stem in place:
                counts[row, place[stem]] += 1
    lengths = np.array([len(stems) for stems in cut], dtype=np.int32)
    chars = np.array([len(sentence) + 1 for sentence in article.sentences], dtype=np.int32)

    def gains(taken: Sequence[int]) -> Any:
        """F1 of what is taken with each sentence beside it, -1 where that does not fit."""
        at = list(taken)
        both = np.minimum(counts + counts[at].sum(axis=0), wanted).sum(axis=1)
        f1 = 2 * both / np.maximum(wanted.sum() + lengths + lengths[at].sum(), 1)
        f1[chars + chars[at].sum() - 1 > room] = -1
        f1[at] = -1
        return f1

    def grown(taken: list[int], best: float) -> tuple[float, list[int]]:
        while len(found := gains(taken)) and found.max() > best:
            taken, best = [*taken, int(found.argmax())], float(found.max())
        return best, taken

    pairs = [(gains([n]), n) for n in range(len(cut)) if chars[n] - 1 <= room]
    best, row = max(((float(f1.max()), n) for f1, n in pairs), default=(-1.0, 0))
    choices = [grown([], 0.0)]
    if best > 0:
        other = int(next(f1 for f1, n in pairs if n == row).argmax())
        choices.append(grown([row, other], best))
    return max(choices)[1]
