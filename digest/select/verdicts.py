"""The sentences that tell an editor why an entry is where it is."""

from __future__ import annotations

from datetime import datetime

from digest.match import is_dated
from digest.models import Entry, Window
from digest.select.ranking import Score, source_of

_SAID = {
    "recency": "it is recent",
    "coverage": "several sources report it",
    "completeness": "it is complete",
    "image": "it has a picture",
    "length": "it is long",
    "source": "its source often leads",
    "taste": "it is like past leads",
    "tags": "it bears a wanted tag",
}

_NO_LEAD = {
    "source": " No lead, since its source has one already.",
    "short": " No lead, since there is too little text under its title.",
}


def titled(entry: Entry) -> str:
    """The entry in a sentence: title and source."""
    title = " ".join(entry.title.split()) or "an entry without a title"
    short = title if len(title) <= 80 else title[:79].rstrip() + "…"
    source = source_of(entry)
    return f"“{short}” ({source})" if source else f"“{short}”"


def undated(entry: Entry) -> str:
    """Why an entry without a date is taken for a standing page."""
    return (
        f"{source_of(entry)} dates its entries and left this one undated, so it is taken for a "
        "standing page."
    )


def outside(entry: Entry, when: datetime, window: Window) -> str:
    """Why an entry lies outside the window."""
    dated = "Published" if entry.published and when == entry.published else "Counts as published"
    shown = f"{dated} {_at(when, window)}"
    if when.timestamp() < window.start.timestamp():
        return f"{shown}, before the window, which begins {_at(window.start, window)}."
    return f"{shown}, after the window, which ends {_at(window.end, window)}."


def empty_window(newest: Entry, when: datetime, count: int, window: Window) -> str:
    """That nothing lies in the window, and where the newest entry lies instead."""
    which = f"the newest of {count} entries" if count > 1 else "the only entry"
    return (
        f"Nothing lies in the window from {_at(window.start, window)} to "
        f"{_at(window.end, window)}: {which}, {titled(newest)}, is of {_at(when, window)}."
    )


def all_out(count: int) -> str:
    """That what lies in the window cannot run."""
    which = (
        "The only entry in the window" if count == 1 else f"None of {count} entries in the window"
    )
    can = "cannot run" if count == 1 else "can run"
    return f"{which} {can}: without a title, empty, or told by an earlier issue."


def chosen(
    teller: Entry, score: Score, tier: str, *, rank: int, count: int, passed_over: str = ""
) -> str:
    """Why a story is a lead or a teaser; `passed_over`, why it was not a lead by its rank.

    Nobody knows of an undated story that it is recent.
    """
    known = [part for part in score.parts if part[0] != "recency" or is_dated(teller)]
    best = sorted(known, key=lambda part: -part[1])
    said = [_SAID[name] for name, value in best[:2] if value > 0]
    why = f": {' and '.join(said)}" if said else ""
    return f"A {tier}, number {rank} of {count} by score{why}.{_NO_LEAD.get(passed_over, '')}"


def held_back(entry: Entry, cap: int) -> str:
    """Why a source's cap kept a story out."""
    stories = "one story" if cap == 1 else f"{cap} stories"
    source = source_of(entry) or "its source, which has no name,"
    return f"The issue already has {stories} of {source}, as many as DIGEST_PER_SOURCE allows."


def full(cap: int) -> str:
    """Why a section's cap kept a story out."""
    stories = "one story" if cap == 1 else f"{cap} stories"
    return f"Its section already has {stories}, as many as DIGEST_PER_SECTION allows."


def low(score: Score, floor: float) -> str:
    """Why the floor kept a story out."""
    return f"Its score of {score.total:.3f} is below {floor:g}, the least that DIGEST_FLOOR asks."


def outranked(rank: int, count: int, places: int) -> str:
    """Why a story that nothing speaks against is not in the issue."""
    if places == 0:
        return "The settings leave no place for any story."
    return f"Number {rank} of {count} by score; the {_places(places)} went to better ones."


def beside(likeness: str, teller: Entry, like: Entry, *, in_issue: bool, credited: bool) -> str:
    """Why an entry is told by another one; `like` is the one that it resembles."""
    if likeness == "again":
        return f"The same entry as {titled(like)}, listed a second time; it counts once."
    told = "tells it" if in_issue else "would tell it, but is not in the issue"
    own = "" if credited or not in_issue else " Its source is named there already."
    if likeness == "event":
        return f"Reports the same event as {titled(teller)}, which {told}.{own}"
    if like == teller:
        return f"The same text as {titled(like)}, which {told}.{own}"
    return f"The same text as {titled(like)}; {titled(teller)} {told}.{own}"


def thin(chosen_count: int, places: int, stories: int, *, held: int, full: int, low: int) -> str:
    """That the issue is shorter than the settings allow, and why.

    `held` stood back for others of their source, `full` for others of their section; `low` are
    below the floor.
    """
    of = "story" if stories == 1 else "stories"
    why = (
        (held, "stood back, since their sources have as many as DIGEST_PER_SOURCE allows"),
        (full, "stood back, since their sections have as many as DIGEST_PER_SECTION allows"),
        (low, "scored below DIGEST_FLOOR"),
    )
    notes = "".join(f" {count} more {what}." for count, what in why if count)
    return (
        f"A thin week: {chosen_count} of {_places(places)} filled, out of {stories} {of} in the "
        f"window.{notes}"
    )


def _places(count: int) -> str:
    return "one place" if count == 1 else f"{count} places"


def _at(when: datetime, window: Window) -> str:
    """A moment on the window's own clocks."""
    return f"{when.astimezone(window.end.tzinfo):%Y-%m-%d %H:%M}"
