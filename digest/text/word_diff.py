"""Two texts compared by paragraph, and by word within a paragraph; bounded on hostile ones.

How a paragraph is broken into lines makes no difference: one word more breaks all lines after it.
Nor do the lines that are drawn under headlines.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

CELLS = 1_500_000
"""Comparisons of two words or two paragraphs in all; what is beyond counts as written anew."""
_ALIKE = 0.35
"""From this share of common words on, a paragraph is the other one, reworded."""
_BEGIN = 2_000
"""Characters of a paragraph that tell whether it is another one, reworded."""
_PAIR = 50
"""What comparing two paragraphs costs, in comparisons of two words."""
_BRIDGE = 2
"""So many words between two changes are no island worth keeping."""
_RULE = re.compile(r"[ \t]*[=\-–—─━_*~#.]{4,}[ \t]*")
_WORD = re.compile(
    "(?:[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
    "|[^\\s\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+)\\s*"
)

S = TypeVar("S", bound=str)
Op = Literal["same", "added", "dropped"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words."""

    op: Op
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of one text or of both; in a `reworded` one the pieces differ."""

    op: Literal["same", "added", "dropped", "reworded"]
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The paragraph on one line, what was dropped included."""
        return " ".join(piece.text for piece in self.pieces)


class _Budget:
    """What is left of the comparisons; they are paid for before they are made."""

    def __init__(self) -> None:
        self._left = CELLS

    def pays(self, cells: int) -> bool:
        if cells > self._left:
            return False
        self._left -= cells
        return True


def text_diff(before: str, after: str) -> tuple[Paragraph, ...]:
    """Both texts, paragraph by paragraph, in reading order."""
    budget = _Budget()
    olds, news = _paragraphs(before), _paragraphs(after)
    found: list[Paragraph] = []
    for old, new, is_same in _runs(olds, news, budget):
        if is_same:
            found += [Paragraph("same", (Piece("same", text),)) for text in old]
        else:
            found += _paired(old, new, budget)
    return tuple(found)


def word_diff(before: str, after: str) -> tuple[Piece, ...]:
    """Two short texts, word by word."""
    return _words(before, after, _Budget())


def _paragraphs(text: str) -> list[str]:
    parts = re.split(r"\n[ \t]*\n", text)
    told = ([line for line in part.split("\n") if not _RULE.fullmatch(line)] for part in parts)
    return [words for lines in told if (words := " ".join(" ".join(lines).split()))]


class _Word(str):
    """A word, or a character of a script without spaces, that knows what stands behind it."""

    gap: str

    @classmethod
    def read(cls, written: str) -> _Word:
        word = cls(written.rstrip())
        word.gap = " " if len(word) < len(written) else ""
        return word


def _words(before: str, after: str, budget: _Budget) -> tuple[Piece, ...]:
    olds, news = ([_Word.read(w) for w in _WORD.findall(text)] for text in (before, after))
    runs = list(_runs(olds, news, budget))
    pieces: list[tuple[Op, Sequence[_Word]]] = []
    gone: list[_Word] = []
    come: list[_Word] = []
    for at, (old, new, is_same) in enumerate(runs):
        # A short word or two between two changes is read as part of one change.
        if is_same and not (len(old) <= _BRIDGE and 0 < at < len(runs) - 1):
            pieces += [("dropped", gone), ("added", come), ("same", old)]
            gone, come = [], []
        else:
            gone, come = [*gone, *old], [*come, *new]
    pieces += [("dropped", gone), ("added", come)]
    return tuple(
        Piece(op, "".join(word + word.gap for word in words).strip())
        for op, words in pieces
        if words
    )


def _paired(olds: Sequence[str], news: Sequence[str], budget: _Budget) -> Iterator[Paragraph]:
    """The paragraphs of a gap, each beside the one that it rewords, in order."""
    for old, new in _partners(olds, news, budget):
        if old is None or new is None:
            op: Op = "added" if old is None else "dropped"
            yield Paragraph(op, (Piece(op, new or old or ""),))
        else:
            yield Paragraph("reworded", _words(old, new, budget))


def _partners(
    olds: Sequence[str], news: Sequence[str], budget: _Budget
) -> Iterator[tuple[str | None, str | None]]:
    """Pairs in the order of both, such that what is paired is most alike in all."""
    if not (olds and news and budget.pays(len(olds) * len(news) * _PAIR)):
        yield from ((text, None) for text in olds)
        yield from ((None, text) for text in news)
        return
    bags = [[_bag(text) for text in side] for side in (olds, news)]
    alike = [[_alike(one, other) for other in bags[1]] for one in bags[0]]
    best = [[0.0] * (len(news) + 1) for _ in range(len(olds) + 1)]
    for i in reversed(range(len(olds))):
        for j in reversed(range(len(news))):
            paired = best[i + 1][j + 1] + alike[i][j] if alike[i][j] else 0.0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    i = j = 0
    while i < len(olds) and j < len(news):
        if alike[i][j] and best[i][j] == best[i + 1][j + 1] + alike[i][j]:
            yield olds[i], news[j]
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            yield olds[i], None
            i += 1
        else:
            yield None, news[j]
            j += 1
    yield from ((text, None) for text in olds[i:])
    yield from ((None, text) for text in news[j:])


def _bag(text: str) -> Counter[str]:
    """The words of a paragraph, of a long one only its begin."""
    return Counter(map(str.rstrip, _WORD.findall(text[:_BEGIN])))


def _alike(one: Counter[str], other: Counter[str]) -> float:
    """The share of words that two paragraphs have in common; 0 where it is too small."""
    common = sum((one & other).values())
    share = 2 * common / (sum(one.values()) + sum(other.values()))
    return share if share >= _ALIKE else 0.0


def _runs(
    olds: Sequence[S], news: Sequence[S], budget: _Budget
) -> Iterator[tuple[Sequence[S], Sequence[S], bool]]:
    """Runs of what is the same in both, and of what is not, in order."""
    start = 0
    while start < min(len(olds), len(news)) and olds[start] == news[start]:
        start += 1
    end = 0
    while end < min(len(olds), len(news)) - start and olds[-1 - end] == news[-1 - end]:
        end += 1
    inner = _common(olds[start : len(olds) - end], news[start : len(news) - end], budget)
    pairs = [(at, at) for at in range(start)]
    pairs += [(start + i, start + j) for i, j in inner]
    pairs += [(len(olds) - at, len(news) - at) for at in range(end, 0, -1)]
    i = j = 0  # behind what is told already
    began = 0  # in `pairs`, where the run of what is the same begins
    for at, (old, new) in enumerate([*pairs, (len(olds), len(news))]):
        if (i, j) != (old, new):
            if began < at:
                yield olds[pairs[began][0] : i], news[pairs[began][1] : j], True
            yield olds[i:old], news[j:new], False
            began = at
        i, j = old + 1, new + 1
    if began < len(pairs):
        yield olds[pairs[began][0] :], news[pairs[began][1] :], True


def _common(olds: Sequence[str], news: Sequence[str], budget: _Budget) -> list[tuple[int, int]]:
    """A longest common subsequence as pairs of places; empty where it would cost too much."""
    if not olds or not news or not budget.pays(len(olds) * len(news)):
        return []
    table = [[0] * (len(news) + 1)]
    for old in reversed(olds):
        below = table[-1]
        row = [0]
        for at, new in enumerate(reversed(news)):
            row.append(below[at] + 1 if old == new else max(below[at + 1], row[at]))
        table.append(row)
    found: list[tuple[int, int]] = []
    i = j = 0
    while i < len(olds) and j < len(news):
        if olds[i] == news[j]:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif table[len(olds) - i - 1][len(news) - j] >= table[len(olds) - i][len(news) - j - 1]:
            i += 1
        else:
            j += 1
    return found
