"""What a reader stumbles over in a set of sentences, and how much that costs.

The costs are set by hand: no blurb by a person says how bad an orphan `He` is. They are measured
in worth (`worth.fitted_worth`): one is about 0.09 of ROUGE-1. What is found out about a sentence or
about two is kept, since the sets of a text are made of the same few.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from digest.summarize.openings import is_orphan, is_sequel, may_open
from digest.summarize.references import References, is_named, is_stray, references, roots
from digest.text.language import spaced

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from digest.summarize.sets import Sets
    from digest.summarize.worth import Text

_ORPHAN_FIRST = 1.20
_ORPHAN_LATER = 2.00
_SEQUEL_FIRST = 0.40
_QUOTE_FIRST = 1.00
_QUESTION = 1.20
_CUT = 1.60
_UNBALANCED = 1.80
_MISQUOTED = 0.45
"""Tells half of what somebody said as if it were the whole, or the report."""
_DOUBTFUL = 1.80
_TORN = 1.00
_TWICE = 0.60
_SHORT = 0.25
_BACK = 2.00
"""Points at what was not said."""
_STRAY = 2.00
_SCRAP = 0.30
_UNNAMED = 0.45
"""Opens later on, with a sentence that does not say what it is about."""
_GAP, _WIDER = 0.045, 0.01
"""For each pair with something left out between, and for each further sentence there: a reader
notices the step."""
_LATE, _LATER = 0.03, 0.01
"""Leaves out the first sentence that may be quoted and fits, and for each further one."""
_SAYS = 3
"""Sentences in which a quotation that was left open is closed, or it was left so by mistake."""
_STEPS = 6
"""Sentences that are left out before it makes no difference any more."""
_FEW = 4
"""A sentence of fewer words hangs on the one before it: “Talks are on.”"""
_FAR = 3
"""Sentences from the first, from which on another one is no opening, whatever the paragraphs."""
_SAME = 0.45
"""The Jaccard overlap from which on two sentences say the same."""

_QUESTION_MARK = re.compile(r"[?？؟;][\"'”’»)\]」』）]*$")
_SIDES = (("“", "”"), ("«", "»"), ("「", "」"), ("『", "』"), ("(", ")"), ("（", "）"))
_SIDED = re.compile('["“”«»「」『』()（）]')
_STRAIGHT = re.compile(r"""(?P<opens>(?:^|(?<=[\s(—–-]))"(?=[\w…\[$£€]))|(?<=[^\s(])"(?=\W|$)""")
_EVEN = (0,) * (1 + len(_SIDES))
_TORN_OPENING = re.compile(r"[a-zà-ÿ](?![A-Z]|\w?[A-Z])|[,;:)\]…]|\.")
_GLUED = re.compile(r"[a-z]{2}[.?!][A-Z][a-z]")


def skipped(sets: Sets, text: Text) -> NDArray[np.float64]:
    """What it costs each set to leave sentences out, however well the others read."""
    at = np.array([*text.places, 0])
    late = np.append(_step(at[:-1] - at[0], _LATE, _LATER), 0.0)
    between = np.zeros((len(at), len(at)))
    between[:-1, :-1] = _step(at[None, :-1] - at[:-1, None] - 1, _GAP, _WIDER)
    steps = between[sets.first, sets.second] + between[sets.second, sets.third]
    found: NDArray[np.float64] = late[sets.first] + steps
    return found


def _step(sentences: NDArray[np.int64], one: float, further: float) -> NDArray[np.float64]:
    return np.where(sentences > 0, one + further * np.minimum(sentences - 1, _STEPS), 0.0)


def evident(
    sets: Sets, said: NDArray[np.float64], *, columns: NDArray[np.int64], budget: int
) -> NDArray[np.float64]:
    """What figures tell is wrong with each set: it says a thing twice, or hardly anything.

    `said` is that of `worth.Vocabulary`, `columns` are the widths of the sets.
    """
    both = said @ said.T
    each = said.sum(axis=1)
    either = each[:, None] + each[None, :] - both
    twice = _TWICE * (both >= _SAME * np.maximum(either, 1))
    twice[-1, :] = twice[:, -1] = 0.0
    i, j, k = sets.first, sets.second, sets.third
    short = np.maximum(0.0, 1 - columns / (0.5 * min(budget, 220)))
    found: NDArray[np.float64] = twice[i, j] + twice[i, k] + twice[j, k] + _SHORT * short
    return found


class Stumbles:
    """What a reader stumbles over in sets of the sentences of one text."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self._named = roots(text.title)
        self._refers: dict[int, References] = {}
        self._roots: dict[int, frozenset[str]] = {}
        self._alone: dict[int, float] = {}
        self._opening: dict[int, float] = {}
        self._balance: dict[int, tuple[int, ...]] = {}
        self._orphans: dict[int, bool] = {}
        self._strays: dict[int, bool] = {}

    def cost(self, places: Sequence[int]) -> float:
        """What is wrong with the set at these places, in order, but for what is `evident`."""
        cost = self._as_opening(places[0]) + sum(map(self._wherever, places))
        said: frozenset[str] = self._named
        for before, place in pairwise(places):
            said |= self._said(before)
            cost += self._after(before, place, said)
        cost += _MISQUOTED * self._torn_quotations(places)
        sides = [sum(side) for side in zip(*map(self._sides, places), strict=True)]
        return cost + _UNBALANCED * bool(sides[0] % 2 or any(sides[1:]))

    def _as_opening(self, place: int) -> float:
        if place not in self._opening:
            sentence = self._text.sentences[place]
            first = self._text.sentences[0]
            cost = _ORPHAN_FIRST * self._is_orphan(place)
            cost += _QUOTE_FIRST * (sentence.text[:1] in "\"'“‘«„「『")
            cost += _SEQUEL_FIRST * is_sequel(sentence.text)
            if self._text.places[place]:
                cost += _STRAY * self._is_stray(place)
            later = sentence.paragraph > first.paragraph or sentence.number >= first.number + _FAR
            cost += _UNNAMED * (later and not is_named(sentence.text, self._named))
            self._opening[place] = cost
        return self._opening[place]

    def _wherever(self, place: int) -> float:
        """What is wrong with a sentence wherever it stands."""
        if place not in self._alone:
            sentence = self._text.sentences[place]
            text = sentence.text
            question = _QUESTION_MARK.search(text) is not None
            if text.endswith(";") and self._text.language[:2] != "el":
                question = False
            torn = bool(_TORN_OPENING.match(text) or _GLUED.search(text))
            self._alone[place] = (
                _DOUBTFUL * sentence.doubtful
                + _QUESTION * question
                + _CUT * sentence.cut
                + _TORN * torn
            )
        return self._alone[place]

    def _after(self, before: int, place: int, said: frozenset[str]) -> float:
        """What is wrong with a sentence after another in the set; `said` is what came so far."""
        sentences = self._text.sentences
        if sentences[place].number == sentences[before].number + 1:
            return _SCRAP * self._is_stray(place)
        few = len(sentences[place].words) < _FEW and spaced(self._text.language)
        cost = _STRAY * (few or self._is_stray(place))
        if self._is_orphan(place):
            return cost + _ORPHAN_LATER
        refers = self._references(place)
        lost = refers.back or any(not need & said for need in refers.needs)
        return cost + _BACK * lost

    def _torn_quotations(self, places: Sequence[int]) -> int:
        """How many sentences of the set stand in a quotation that is not told as it stands.

        Two halves of two quotations have even marks, and nobody ever said that.
        """
        quoted = self._quotations
        if not quoted:
            return 0
        numbers = [self._text.sentences[place].number for place in places]
        torn = int(quoted[places[0]][0])
        for (before, number), (one, other) in zip(pairwise(numbers), pairwise(places), strict=True):
            if number > before + 1:
                torn += quoted[one][1] + quoted[other][0]
        return torn

    @cached_property
    def _quotations(self) -> tuple[tuple[bool, bool], ...]:
        """Whether each sentence begins in a quotation of straight marks, and leaves one open.

        None where the text has no such mark. A mark opens where a word follows it and none stands
        before it, and closes where it stands behind one. Others are mistakes, and so is one that
        nothing closes soon: they count for none.
        """
        if not any('"' in sentence.text for sentence in self._text.sentences):
            return ()
        marks = [
            [mark["opens"] is not None for mark in _STRAIGHT.finditer(sentence.text)]
            for sentence in self._text.sentences
        ]
        found: list[tuple[bool, bool]] = []
        inside = False
        for place, opened in enumerate(marks):
            began = inside
            inside = opened[-1] if opened else inside
            inside = inside and (not opened or self._closes(place, marks))
            found.append((began, inside))
        return tuple(found)

    def _closes(self, place: int, marks: Sequence[Sequence[bool]]) -> bool:
        """Whether the next marks after a sentence, not far and in its paragraph, close."""
        paragraph = self._text.sentences[place].paragraph
        for later in range(place + 1, min(place + 1 + _SAYS, len(marks))):
            if self._text.sentences[later].paragraph != paragraph:
                return False
            if marks[later]:
                return not marks[later][0]
        return False

    def _is_orphan(self, place: int) -> bool:
        if place not in self._orphans:
            sentence = self._text.sentences[place]
            orphan = is_orphan(sentence.text, self._text.language)
            opens = sentence.number == 0 and may_open(sentence.text)
            self._orphans[place] = orphan and not opens
        return self._orphans[place]

    def _is_stray(self, place: int) -> bool:
        if place not in self._strays:
            text = self._text.sentences[place].text
            self._strays[place] = is_stray(text, self._text.language)
        return self._strays[place]

    def _references(self, place: int) -> References:
        if place not in self._refers:
            text = self._text.sentences[place].text
            self._refers[place] = references(text, self._text.language)
        return self._refers[place]

    def _said(self, place: int) -> frozenset[str]:
        if place not in self._roots:
            self._roots[place] = roots(self._text.sentences[place].text)
        return self._roots[place]

    def _sides(self, place: int) -> tuple[int, ...]:
        """Straight quotes, odd or even, and what opens less what closes of each kind."""
        if place not in self._balance:
            text = self._text.sentences[place].text
            self._balance[place] = (
                (text.count('"') % 2, *(text.count(a) - text.count(b) for a, b in _SIDES))
                if _SIDED.search(text)
                else _EVEN
            )
        return self._balance[place]
