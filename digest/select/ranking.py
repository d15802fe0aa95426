"""What an entry scores, part by part."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from digest.match import is_dated, is_unspaced, tokens
from digest.models import Entry, Window
from digest.settings import WEIGHTS, Settings
from digest.text.urls import host

FULL_COVERAGE = 5
"""Sources beyond which another one says nothing new of an event's weight."""

FULL_LENGTH = 400
"""Words beyond which a longer report is no better."""

UNDATED = 0.75
"""The recency of an entry whose source dates nothing: an editor's own text, a saved page. It was
seen for the first time in this window, so somebody put it there for this issue; when it was written
nobody says. Dated stories have 0.5 on average, and at 0.5 it would lose to half of them for having
no date; at 1 it would beat them all for it."""

DECENT_TEXT, DECENT_SUMMARY = 50, 30
"""Words that a lead needs: of its body, or of a publisher's description that does not break off."""


@dataclass(frozen=True, slots=True)
class Score:
    """The named parts, each rounded to four decimals, and their sum."""

    parts: tuple[tuple[str, float], ...]

    @property
    def total(self) -> float:
        """The sum, rounded to four decimals."""
        return round(sum(value for _, value in self.parts), 4)


@dataclass(frozen=True, slots=True)
class Liking:
    """What past issues and settings say for an entry, each from 0 to 1; None where they do not.

    `source`: what its source is worth; `taste`: how like past leads it is; `tags`: whether it
    bears a wanted one.
    """

    source: float | None = None
    taste: float | None = None
    tags: float | None = None


def score(
    entry: Entry,
    when: datetime,
    window: Window,
    *,
    sources: int,
    liking: Liking = Liking(),
    weights: Mapping[str, float] = WEIGHTS,
) -> Score:
    """The score of an entry published `when`, whose event `sources` sources report.

    From 0 to the sum of `weights`. A part that nothing is known of is left out.
    """
    shares = {
        "recency": _recency(when, window) if is_dated(entry) else UNDATED,
        "coverage": _coverage(sources),
        "completeness": _completeness(entry),
        "image": 1.0 if entry.image else 0.0,
        "length": min(1.0, words_of(entry.text) / FULL_LENGTH),
        "source": liking.source,
        "taste": liking.taste,
        "tags": liking.tags,
    }
    return Score(
        tuple(
            (name, round(weights[name] * share, 4))
            for name, share in shares.items()
            if share is not None
        )
    )


def declared_worth(entry: Entry, settings: Settings) -> float | None:
    """What the settings say that the entry's source is worth, by its name or its host."""
    worth = dict(settings.worth)
    at = host(entry.url) if entry.url else ""
    return worth.get(entry.source.casefold(), worth.get(at))


def bears(entry: Entry, tags: Sequence[str]) -> str:
    """The first of the entry's tags that is one of these, in whatever case."""
    wanted = {tag.casefold() for tag in tags}
    return next((tag for tag in entry.tags if tag.casefold() in wanted), "")


def says_enough(entry: Entry) -> bool:
    """Whether there is enough under the title for a lead."""
    if words_of(entry.text) >= DECENT_TEXT:
        return True
    return not entry.cut and words_of(entry.summary) >= DECENT_SUMMARY


def words_of(text: str) -> int:
    """The length of a text in words; two characters make one where words are not spaced."""
    words = tokens(text)
    return len(words) // 2 if is_unspaced(words) else len(words)


def source_of(entry: Entry) -> str:
    """Whom the entry is from: its source's name, else the host of its address, else nobody."""
    return entry.source or (host(entry.url) if entry.url else "")


def sources_of(entries: Sequence[Entry]) -> int:
    """How many sources these are from."""
    return len({source_of(entry) for entry in entries})


def tie_break(entry: Entry) -> tuple[int, str, str, str, str]:
    """The order of equal scores: place in the feed, then source and id."""
    return entry.order, entry.source, entry.id, entry.title, entry.url or ""


def _recency(when: datetime, window: Window) -> float:
    """From 0 at the window's start to 1 at its end."""
    start, end = window.start.timestamp(), window.end.timestamp()
    return min(1.0, max(0.0, (when.timestamp() - start) / (end - start))) if end > start else 0.0


def _coverage(sources: int) -> float:
    """The second source says most, the fifth a little; one alone says nothing."""
    return min(1.0, math.log(max(1, sources)) / math.log(FULL_COVERAGE))


def _completeness(entry: Entry) -> float:
    """1 for a body, less for a description, less yet for one that breaks off or hardly begins."""
    if words_of(entry.text) >= DECENT_TEXT:
        return 1.0
    words = max(words_of(entry.summary), words_of(entry.text))
    if words == 0:
        return 0.0
    if entry.cut or words < DECENT_SUMMARY:
        return 0.4
    return 0.7
