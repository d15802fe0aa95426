"""The set of one to three sentences, in the order of the source, that reads best in a budget.

Every set that fits is valued: what its sentences weigh by the room they fill, less what a reader
would stumble over. The weights are set by hand; measured against the plain lead they keep its
content and lose most of its defects.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from digest.summarize.filter import Sentence, overlap
from digest.summarize.openings import is_orphan, is_sequel, may_open
from digest.summarize.references import References, is_named, references, roots
from digest.text.language import spaced

MOST = 3
"""Sentences in a blurb."""
_NEAR = 24
"""Sentences of which sets are made; their number grows with the cube."""
_FILL = 0.85
"""How much room counts: 1 is by its share of the budget, 0 is not at all."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The sentences chosen; `clean` says that a reader would stumble over nothing."""

    sentences: tuple[Sentence, ...] = ()
    clean: bool = False


# What a reader stumbles over, and how much of a full blurb's worth it costs.
_ORPHAN_FIRST = 0.80
_ORPHAN_LATER = 0.70
_SEQUEL_FIRST = 0.20
_QUOTE_FIRST = 0.60
_QUESTION = 0.60
_CUT = 0.45
_UNBALANCED = 0.80
_DOUBTFUL = 0.80
_TORN = 0.70
_TWICE = 0.60
_SHORT = 0.25
_BACK = 0.30
_STRAY = 0.20
_SCRAP = 0.15
_UNNAMED = 0.30
"""Opens later on, with a sentence that does not say what it is about."""
_GAP = 0.09
"""For each pair with something left out between: a reader notices the step."""
_LATE = 0.06
"""Leaves out the first sentence that may be quoted and fits."""
_FARTHER = 0.02
"""For each further sentence that is left out there, up to `_STEPS` of them."""
_STEPS = 6
_FAR = 3
"""Sentences from the first, from which on another one is no opening, whatever the paragraphs."""
_CLEAN = 0.25
"""From here on, what is wrong with a set outweighs a clean description of the publisher's."""

_QUESTION_MARK = re.compile(r"[?？؟;][\"'”’»)\]」』）]*$")
_CURLY = (("“", "”"), ("«", "»"), ("「", "」"), ("『", "』"), ("(", ")"), ("（", "）"))
_TORN_OPENING = re.compile(r"[a-zà-ÿ](?![A-Z]|\w?[A-Z])|[,;:)\]…]|\.")
_GLUED = re.compile(r"[a-z]{2}[.?!][A-Z][a-z]")


def choose(
    sentences: Sequence[Sentence],
    values: Sequence[float],
    *,
    budget: int,
    language: str,
    title: str = "",
) -> Choice:
    """The best set of `sentences` that fits in `budget` columns; none where none fits.

    `values` rate the sentences from 0 to 1. What `title` names, a sentence may refer to.
    """
    gap = 1 if spaced(language) else 0
    rows = [
        _Row.of(sentence, value, language, at)
        for at, (sentence, value) in enumerate(zip(sentences, values, strict=True))
    ]
    fitting = [row for row in rows if row.sentence.columns <= budget][:_NEAR]
    named = roots(title)
    best: tuple[float, tuple[_Row, ...], float] | None = None
    for chosen in _sets(fitting, budget, gap):
        worth = sum(row.value * (row.sentence.columns / budget) ** _FILL for row in chosen)
        cost = _cost(chosen, budget) + _unsaid(chosen, fitting[0], named)
        total = round(worth - cost - _steps(chosen, fitting[0]), 9)
        if best is None or total > best[0]:
            best = total, chosen, cost
    if best is None:
        return Choice()
    return Choice(tuple(row.sentence for row in best[1]), clean=best[2] < _CLEAN)


def lead(sentences: Sequence[Sentence], *, budget: int, language: str) -> Choice:
    """The first sentences that fit, up to three, whatever they read like."""
    gap = 1 if spaced(language) else 0
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


@dataclass(frozen=True, slots=True)
class _Row:
    """A sentence with what is true of it in every set."""

    sentence: Sentence
    value: float
    at: int
    """Its place among the sentences that may be quoted: junk between two of them is no gap."""
    orphan: bool
    sequel: bool
    quoted: bool
    cost: float
    balance: tuple[int, ...]
    refers: References
    roots: frozenset[str]

    @classmethod
    def of(cls, sentence: Sentence, value: float, language: str, at: int) -> _Row:
        text = sentence.text
        question = bool(_QUESTION_MARK.search(text))
        if text.endswith(";") and language[:2] != "el":
            question = False
        cost = _DOUBTFUL * sentence.doubtful + _QUESTION * question + _CUT * sentence.cut
        cost += _TORN * bool(_TORN_OPENING.match(text) or _GLUED.search(text))
        return cls(
            sentence,
            value,
            at,
            orphan=is_orphan(text, language) and not (sentence.number == 0 and may_open(text)),
            sequel=is_sequel(text),
            quoted=text[:1] in "\"'“‘«„「『",
            cost=cost,
            balance=(text.count('"') % 2, *(text.count(a) - text.count(b) for a, b in _CURLY)),
            refers=references(text, language),
            roots=roots(text),
        )


def _sets(rows: Sequence[_Row], budget: int, gap: int) -> Iterator[tuple[_Row, ...]]:
    """Every set that fits; one in which the source breaks off ends with that sentence."""
    for size in range(1, min(MOST, len(rows)) + 1):
        for chosen in combinations(rows, size):
            columns = sum(row.sentence.columns for row in chosen) + gap * (size - 1)
            if columns <= budget and not any(row.sentence.cut for row in chosen[:-1]):
                yield chosen


def _cost(chosen: Sequence[_Row], budget: int) -> float:
    """What a reader would stumble over in this set."""
    first = chosen[0]
    cost = sum(row.cost for row in chosen)
    cost += _ORPHAN_FIRST * first.orphan + _QUOTE_FIRST * first.quoted
    cost += _SEQUEL_FIRST * first.sequel
    for before, row in pairwise(chosen):
        follows = row.sentence.number == before.sentence.number + 1
        cost += _ORPHAN_LATER * (row.orphan and not follows)
        cost += _SCRAP * (row.refers.stray and follows)
    for number, row in enumerate(chosen):
        for other in chosen[:number]:
            cost += _TWICE * (overlap(row.sentence.bag, other.sentence.bag) >= 0.45)
    straight = sum(row.balance[0] for row in chosen) % 2
    curly = any(sum(sides) for sides in zip(*(row.balance[1:] for row in chosen), strict=True))
    cost += _UNBALANCED * bool(straight or curly)
    columns = sum(row.sentence.columns for row in chosen)
    room = min(budget, 220)
    return cost + _SHORT * max(0.0, 1 - columns / (0.5 * room))


def _unsaid(chosen: Sequence[_Row], opening: _Row, title: frozenset[str]) -> float:
    """What it costs that sentences refer to what the reader has not been told.

    `opening` is the first row that fits, `title` the words of the headline.
    """
    cost = 0.0
    said = title
    for number, row in enumerate(chosen):
        before = chosen[number - 1] if number else None
        alone = row.at > 0 if before is None else row.sentence.number > before.sentence.number + 1
        if alone:
            lacks = row.refers.back or any(not need & said for need in row.refers.needs)
            cost += _BACK * bool(before and lacks and not row.orphan)
            cost += _STRAY * row.refers.stray
        said |= row.roots
    first = chosen[0].sentence
    later = (
        first.paragraph > opening.sentence.paragraph
        or first.number >= opening.sentence.number + _FAR
    )
    return cost + _UNNAMED * (later and not is_named(first.text, title))


def _steps(chosen: Sequence[_Row], opening: _Row) -> float:
    """What it costs to leave sentences out, however well the others read."""
    gaps = [row.at - before.at - 1 for before, row in pairwise(chosen)]
    late = chosen[0].at - opening.at
    cost = sum(_GAP + _FARTHER * min(gap - 1, _STEPS) for gap in gaps if gap)
    return cost + (_LATE + _FARTHER * min(late - 1, _STEPS) if late else 0.0)
