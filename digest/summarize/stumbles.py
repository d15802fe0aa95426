"""What a reader stumbles over in a set of sentences, as costs of sentences and of pairs.

The costs are set by hand: no blurb by a person says how bad an orphan `He` is. One is a full
blurb's worth. `Stumbles.of` makes arrays over the sentences, padded by an empty one at the end,
from which `cost` adds up those of many sets at once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from digest.summarize.filter import Sentence, overlap
from digest.summarize.openings import is_orphan, is_sequel, may_open
from digest.summarize.references import is_named, references, roots

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from digest.summarize.sets import Sets

_ORPHAN_FIRST = 1.00
_ORPHAN_LATER = 1.40
_SEQUEL_FIRST = 0.40
_QUOTE_FIRST = 0.80
_QUESTION = 0.90
_CUT = 0.80
_UNBALANCED = 1.20
_DOUBTFUL = 1.30
_TORN = 1.00
_TWICE = 0.60
_SHORT = 0.25
_BACK = 1.40
_STRAY = 1.40
_SCRAP = 0.30
_UNNAMED = 0.45
"""Opens later on, with a sentence that does not say what it is about."""
_GAP = 0.045
"""For each pair with something left out between: a reader notices the step."""
_LATE = 0.03
"""Leaves out the first sentence that may be quoted and fits."""
_FARTHER = 0.01
"""For each further sentence that is left out there, up to `_STEPS` of them."""
_STEPS = 6
_FAR = 3
"""Sentences from the first, from which on another one is no opening, whatever the paragraphs."""

_QUESTION_MARK = re.compile(r"[?？؟;][\"'”’»)\]」』）]*$")
_SIDES = (("“", "”"), ("«", "»"), ("「", "」"), ("『", "』"), ("(", ")"), ("（", "）"))
_TORN_OPENING = re.compile(r"[a-zà-ÿ](?![A-Z]|\w?[A-Z])|[,;:)\]…]|\.")
_GLUED = re.compile(r"[a-z]{2}[.?!][A-Z][a-z]")


@dataclass(frozen=True, slots=True)
class Stumbles:
    """Costs by place: of one that opens the set, of any other, of pairs, of neighbors in the set.

    `lost` marks neighbors of which the second needs a word that was said before, `told` pairs of
    which the first says it; `balance` counts what opens less what closes.
    """

    opening: NDArray[np.float64]
    later: NDArray[np.float64]
    pairs: NDArray[np.float64]
    neighbors: NDArray[np.float64]
    lost: NDArray[np.bool_]
    told: NDArray[np.bool_]
    balance: NDArray[np.int64]
    steps: NDArray[np.float64]
    late: NDArray[np.float64]

    @classmethod
    def of(
        cls, sentences: Sequence[Sentence], places: Sequence[int], *, language: str, title: str
    ) -> Stumbles:
        """Those of `sentences`, which stand at `places` among all that may be quoted."""
        n = len(sentences)
        named = roots(title)
        said = [roots(sentence.text) for sentence in sentences]
        refers = [references(sentence.text, language) for sentence in sentences]
        orphan = [
            is_orphan(s.text, language) and not (s.number == 0 and may_open(s.text))
            for s in sentences
        ]
        pairs, neighbors, steps = (np.zeros((n + 1, n + 1)) for _ in range(3))
        lost, told = (np.zeros((n + 1, n + 1), dtype=bool) for _ in range(2))
        opening, later, late = (np.zeros(n + 1) for _ in range(3))
        balance = np.zeros((n + 1, 1 + len(_SIDES)), dtype=np.int64)
        for j, sentence in enumerate(sentences):
            balance[j] = _balance(sentence.text)
            later[j] = _alone(sentence, language)
            opening[j] = later[j] + _as_opening(sentence.text, orphan=orphan[j])
            opening[j] += _STRAY * (places[j] > 0 and refers[j].stray)
            opening[j] += _UNNAMED * _is_lost(sentence, sentences[0], named)
            late[j] = _step(places[j] - places[0], _LATE)
            needs = [need for need in refers[j].needs if not need & named]
            lacks = refers[j].back or bool(needs)
            for i in range(j):
                before = sentences[i]
                pairs[i, j] = _TWICE * (overlap(sentence.bag, before.bag) >= 0.45)
                steps[i, j] = _step(places[j] - places[i] - 1, _GAP)
                if sentence.number == before.number + 1:
                    neighbors[i, j] = _SCRAP * refers[j].stray
                else:
                    neighbors[i, j] = _ORPHAN_LATER * orphan[j] + _STRAY * refers[j].stray
                    lost[i, j] = lacks and not orphan[j]
                told[i, j] = not refers[j].back and all(need & said[i] for need in needs)
        return cls(opening, later, pairs, neighbors, lost, told, balance, steps, late)

    def cost(
        self,
        sets: Sets,
        columns: NDArray[np.int64],
        *,
        budget: int,
    ) -> NDArray[np.float64]:
        """What is wrong with each set, of which `columns` tell the width."""
        first, second, third = sets.first, sets.second, sets.third
        found = self.opening[first] + self.later[second] + self.later[third]
        found += self.pairs[first, second] + self.pairs[first, third] + self.pairs[second, third]
        found += self.neighbors[first, second] + self.neighbors[second, third]
        found += _BACK * (self.lost[first, second] & ~self.told[first, second])
        untold = ~(self.told[first, third] | self.told[second, third])
        found += _BACK * (self.lost[second, third] & untold)
        balance = sets.total(self.balance)
        found += _UNBALANCED * ((balance[:, 0] % 2 > 0) | (balance[:, 1:] != 0).any(axis=1))
        return found + _SHORT * np.maximum(0.0, 1 - columns / (0.5 * min(budget, 220)))

    def skipped(self, sets: Sets) -> NDArray[np.float64]:
        """What it costs to leave sentences out, however well the others read."""
        steps = self.steps[sets.first, sets.second] + self.steps[sets.second, sets.third]
        return self.late[sets.first] + steps


def _balance(text: str) -> tuple[int, ...]:
    """Straight quotes, odd or even, and what opens less what closes of each kind."""
    return text.count('"') % 2, *(text.count(one) - text.count(other) for one, other in _SIDES)


def _alone(sentence: Sentence, language: str) -> float:
    """What is wrong with a sentence wherever it stands."""
    text = sentence.text
    question = bool(_QUESTION_MARK.search(text))
    if text.endswith(";") and language[:2] != "el":
        question = False
    torn = bool(_TORN_OPENING.match(text) or _GLUED.search(text))
    return _DOUBTFUL * sentence.doubtful + _QUESTION * question + _CUT * sentence.cut + _TORN * torn


def _as_opening(text: str, *, orphan: bool) -> float:
    quoted = text[:1] in "\"'“‘«„「『"
    return _ORPHAN_FIRST * orphan + _QUOTE_FIRST * quoted + _SEQUEL_FIRST * is_sequel(text)


def _is_lost(sentence: Sentence, opening: Sentence, title: frozenset[str]) -> bool:
    """Whether it opens a blurb from further down, and does not say what it is about."""
    later = sentence.paragraph > opening.paragraph or sentence.number >= opening.number + _FAR
    return later and not is_named(sentence.text, title)


def _step(skipped: int, cost: float) -> float:
    return cost + _FARTHER * min(skipped - 1, _STEPS) if skipped > 0 else 0.0
