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
from digest.summarize.openings import is_orphan, is_sequel
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
_ORPHAN_FIRST = 0.55
_ORPHAN_LATER = 0.45
_SEQUEL_FIRST = 0.15
_QUOTE_FIRST = 0.30
_QUESTION = 0.30
_CUT = 0.45
_UNBALANCED = 0.55
_DOUBTFUL = 0.60
_TORN = 0.50
_TWICE = 0.60
_SHORT = 0.25
_GAP = 0.04
"""For each pair with something left out between: a reader notices the step."""
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
) -> Choice:
    """The best set of `sentences` that fits in `budget` columns; none where none fits.

    `values` rate the sentences from 0 to 1.
    """
    gap = 1 if spaced(language) else 0
    rows = [_Row.of(s, v, language) for s, v in zip(sentences, values, strict=True)]
    fitting = [row for row in rows if row.sentence.columns <= budget][:_NEAR]
    best: tuple[float, tuple[_Row, ...], float] | None = None
    for chosen in _sets(fitting, budget, gap):
        worth = sum(row.value * (row.sentence.columns / budget) ** _FILL for row in chosen)
        cost = _cost(chosen, budget)
        total = round(worth - cost, 9)
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
    orphan: bool
    sequel: bool
    quoted: bool
    cost: float
    balance: tuple[int, ...]

    @classmethod
    def of(cls, sentence: Sentence, value: float, language: str) -> _Row:
        text = sentence.text
        question = bool(_QUESTION_MARK.search(text))
        if text.endswith(";") and language[:2] != "el":
            question = False
        cost = _DOUBTFUL * sentence.doubtful + _QUESTION * question + _CUT * sentence.cut
        cost += _TORN * bool(_TORN_OPENING.match(text) or _GLUED.search(text))
        return cls(
            sentence,
            value,
            orphan=is_orphan(text, language),
            sequel=is_sequel(text),
            quoted=text[:1] in "\"'“‘«„「『",
            cost=cost,
            balance=(text.count('"') % 2, *(text.count(a) - text.count(b) for a, b in _CURLY)),
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
        cost += _ORPHAN_LATER * (row.orphan and not follows) + _GAP * (not follows)
    for number, row in enumerate(chosen):
        for other in chosen[:number]:
            cost += _TWICE * (overlap(row.sentence.bag, other.sentence.bag) >= 0.45)
    straight = sum(row.balance[0] for row in chosen) % 2
    curly = any(sum(sides) for sides in zip(*(row.balance[1:] for row in chosen), strict=True))
    cost += _UNBALANCED * bool(straight or curly)
    columns = sum(row.sentence.columns for row in chosen)
    room = min(budget, 220)
    return cost + _SHORT * max(0.0, 1 - columns / (0.5 * room))
