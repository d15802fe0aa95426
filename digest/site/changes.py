"""What is different between two issues, or between one and what would be made of it today."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from digest.models import Story
from digest.site.pages import Around, Listed, issue_page
from digest.site.style import page
from digest.text.word_diff import Paragraph, Piece, word_diff

TODAY = "today"
"""What stands for the program, theme and settings of today where an issue's name could."""
OFFERED = 104
"""Issues that the form offers to compare with, the nearest: two years of weeks."""
MOST_TEXT = 50_000
"""Characters of changed text on one page; the command shows all."""


class Worded(Protocol):
    """Something that says one thing before and another after."""

    @property
    def what(self) -> str:
        """Its name, for a person."""

    @property
    def before(self) -> str:
        """What it said."""

    @property
    def after(self) -> str:
        """What it says."""


class Paired(Protocol):
    """A story of both issues, and what is different of it."""

    @property
    def before(self) -> Story:
        """As it was."""

    @property
    def after(self) -> Story:
        """As it is."""

    @property
    def how(self) -> str:
        """By what it is known to be the same: id, address, copy or event."""

    @property
    def marks(self) -> tuple[str, ...]:
        """What happened to it, each in a word, such as promoted."""

    @property
    def words(self) -> Sequence[Worded]:
        """What of it is reworded."""


class Counted(Protocol):
    """How many stories of a source two issues have."""

    @property
    def source(self) -> str:
        """Its name."""

    @property
    def before(self) -> int:
        """Stories of the one."""

    @property
    def after(self) -> int:
        """Stories of the other."""


class Differing(Protocol):
    """Every story of two issues once, and what is different around them."""

    @property
    def before(self) -> str:
        """The slug of the one."""

    @property
    def after(self) -> str:
        """The slug of the other."""

    @property
    def about(self) -> Sequence[Worded]:
        """What is different around the stories."""

    @property
    def pairs(self) -> Sequence[Paired]:
        """The stories of both."""

    @property
    def changed(self) -> Sequence[Paired]:
        """Those of them of which anything is different."""

    @property
    def added(self) -> Sequence[Story]:
        """The stories of the other alone."""

    @property
    def dropped(self) -> Sequence[Story]:
        """The stories of the one alone."""

    @property
    def sources(self) -> Sequence[Counted]:
        """The sources of one of the two alone."""

    @property
    def same_week(self) -> bool:
        """Whether both are one issue in two states."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is different."""


class Rendered(Protocol):
    """A rendering as it is archived, and as it would be made today."""

    @property
    def name(self) -> str:
        """Its file."""

    @property
    def before(self) -> int:
        """Its size, in bytes."""

    @property
    def after(self) -> int:
        """The size that it would have."""

    @property
    def differs(self) -> Sequence[str]:
        """What is different, in sentences."""


class Remade(Protocol):
    """An issue beside what would be made of it today."""

    @property
    def theme(self) -> str:
        """Today's theme."""

    @property
    def renderings(self) -> Sequence[Rendered]:
        """Its renderings, each with what is different."""

    @property
    def text(self) -> Sequence[Paragraph]:
        """The two texts."""

    @property
    def stories(self) -> Differing | None:
        """What its entries would give now; None where that failed."""

    @property
    def problem(self) -> str:
        """Why it failed."""

    @property
    def notes(self) -> Sequence[str]:
        """What else is worth knowing."""

    @property
    def is_same(self) -> bool:
        """Whether nothing would be different."""


@dataclass(frozen=True, slots=True)
class _Words:
    what: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """A story that changed: the words for what happened, where it was, what is reworded."""

    marks: tuple[str, ...]
    story: Story
    before: Story | None = None
    how: str = ""
    words: tuple[_Words, ...] = ()


@dataclass(frozen=True, slots=True)
class _Told:
    about: tuple[_Words, ...]
    repeats: tuple[_Line, ...]
    lines: tuple[_Line, ...]
    counts: tuple[tuple[str, int], ...]
    new: tuple[str, ...]
    gone: tuple[str, ...]
    is_empty: bool


@dataclass(frozen=True, slots=True)
class _Text:
    """Changed paragraphs, each with how many stand unchanged before it; `after` behind the last."""

    rows: tuple[tuple[int, Paragraph], ...]
    after: int
    is_cut: bool


_HOW = {
    "id": "ran before",
    "address": "ran before",
    "copy": "an update of",
    "event": "the same event as",
}


def changes_page(
    row: Listed,
    stories: Differing | None,
    text: Sequence[Paragraph] | None,
    *,
    around: Around,
    others: Sequence[str],
    has_today: bool = False,
) -> str:
    """What is different in an issue from another of the issues `others`.

    None for `stories`: it is the first, there is nothing before it. `text` is shown where it is
    given; `has_today` offers to compare it with what would be made today.
    """
    return issue_page(
        "changes.html.j2",
        "changes",
        row,
        around,
        chosen=stories.before if stories else "",
        others=_near(others, row.slug),
        told=_told(stories) if stories else None,
        text=_text(text) if text is not None else None,
        today=None,
        has_today=has_today,
    )


def today_page(row: Listed, today: Remade, *, around: Around, others: Sequence[str]) -> str:
    """What is different in an issue from what would be made of it today."""
    return issue_page(
        "changes.html.j2",
        "changes",
        row,
        around,
        chosen=TODAY,
        others=_near(others, row.slug),
        told=_told(today.stories) if today.stories else None,
        text=_text(today.text) if any(line.op != "same" for line in today.text) else None,
        today=today,
        has_today=True,
    )


def compare_page(
    before: Listed, after: Listed, stories: Differing, text: Sequence[Paragraph] | None
) -> str:
    """Two issues of the archive, `after` compared with `before`."""
    return page(
        "compare.html.j2",
        root="../../",
        before=before,
        after=after,
        told=_told(stories),
        text=_text(text) if text is not None else None,
    )


def _near(others: Sequence[str], slug: str) -> list[str]:
    """The nearest of the other issues, newest first."""
    newest = sorted({*others, slug}, reverse=True)
    start = min(max(0, newest.index(slug) - OFFERED // 2), max(0, len(newest) - OFFERED - 1))
    return [other for other in newest[start : start + OFFERED + 1] if other != slug]


def _told(stories: Differing) -> _Told:
    repeats = () if stories.same_week else tuple(_line(pair) for pair in stories.pairs)
    changed = tuple(_line(pair) for pair in stories.changed) if stories.same_week else ()
    lines = (
        *(_Line(("added",), story) for story in stories.added),
        *(_Line(("dropped",), story) for story in stories.dropped),
        *changed,
    )
    marks = [mark for line in (*lines, *repeats) for mark in line.marks]
    counts = [("told in both", len(repeats))] if repeats else []
    counts += [(mark, marks.count(mark)) for mark in dict.fromkeys(marks)]
    return _Told(
        about=_worded(stories.about),
        repeats=repeats,
        lines=lines,
        counts=tuple(counts),
        new=tuple(row.source for row in stories.sources if row.after),
        gone=tuple(row.source for row in stories.sources if row.before),
        is_empty=stories.is_empty and not repeats,
    )


def _line(pair: Paired) -> _Line:
    return _Line(
        pair.marks,
        pair.after,
        before=pair.before,
        how=_HOW.get(pair.how, ""),
        words=_worded(pair.words),
    )


def _worded(rows: Iterable[Worded]) -> tuple[_Words, ...]:
    return tuple(_Words(row.what, word_diff(row.before, row.after)) for row in rows)


def _text(text: Sequence[Paragraph]) -> _Text:
    rows: list[tuple[int, Paragraph]] = []
    same = length = 0
    for paragraph in text:
        if paragraph.op == "same":
            same += 1
            continue
        length += len(paragraph.text)
        if length > MOST_TEXT:
            return _Text(tuple(rows), 0, is_cut=True)
        rows.append((same, paragraph))
        same = 0
    return _Text(tuple(rows), same, is_cut=False)
