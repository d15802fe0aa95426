"""A search: the stories that are asked for, best first, and what to ask where there are none."""

from __future__ import annotations

import difflib
import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from digest.archive.search.asking import Asked
from digest.archive.search.excerpts import Marked, Row, excerpt, marked, rows_of
from digest.archive.search.matching import Matching, Sought, is_known, matching, written
from digest.archive.search.refresh import names_of
from digest.archive.search.tables import PER_ISSUE, RANK, Told, story_of
from digest.models import Status, Tier

_TOLD = ", ".join(f"t.{name}" for name in Told.__slots__)
_NEAR = 3_000
"""Known words that are compared with one that is not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A story that was found, with what was asked for marked in its headline and its text."""

    slug: str
    day: date
    status: Status
    tier: Tier
    entry: str
    headline: Marked
    excerpt: Marked
    kicker: str
    source: str
    section: str
    language: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Stories from `first` on of `total`; `nearest` is a question that finds some, else nothing.

    `apart` says that each word is known, but no story has all of them.
    """

    hits: tuple[Hit, ...] = ()
    total: int = 0
    first: int = 0
    nearest: str = ""
    apart: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a filter can name, in the order of the alphabet."""

    sources: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


def find(db: sqlite3.Connection, asked: Asked, *, limit: int, first: int) -> Found:
    """The stories that are asked for: those that say it best first, newer ones among equals.

    A question without a word finds every story that the filters leave, newest first.
    """
    if not asked.anything:
        return Found()
    meant = matching(db, asked)
    if meant is None or (asked.words.strip() and not meant.sought):
        return Found()
    first = max(0, first)
    keys = _keys(db, meant, limit=limit, first=first)
    # A page that is not full is the last one, and tells how many there are.
    is_last = len(keys) < limit and bool(keys or not first)
    total = first + len(keys) if is_last else _count(db, meant)
    if not total:
        return _none(db, asked, meant)
    if not keys:
        first = (total - 1) // limit * limit
        keys = _keys(db, meant, limit=limit, first=first)
    rows = rows_of(meant.sought, written(db, meant.sought))
    hits = tuple(_hit(one, rows) for one in stories(db, keys))
    return Found(hits=hits, total=total, first=first)


@dataclass(frozen=True, slots=True)
class Placed:
    """A story as the index keeps it, with the issue that ran it."""

    told: Told
    slug: str
    day: date
    status: Status
    tier: Tier


def stories(db: sqlite3.Connection, keys: Sequence[int]) -> list[Placed]:
    """The stories of these numbers, in their order."""
    marks = ", ".join("?" * len(keys))
    rows = db.execute(
        f"SELECT i.slug, i.day, i.status, s.lead, {_TOLD} FROM told t "  # noqa: S608
        "JOIN stories s ON s.id = t.id "
        f"JOIN issues i ON i.number = t.id / {PER_ISSUE} * {PER_ISSUE} WHERE t.id IN ({marks})",
        keys,
    )
    by_key: dict[int, Placed] = {}
    for slug, day, status, lead, *row in rows:
        told = story_of(row)
        tier: Tier = "lead" if lead else "teaser"
        by_key[told.id] = Placed(told, slug, date.fromisoformat(day), status, tier)
    return [by_key[key] for key in keys if key in by_key]


def choices(db: sqlite3.Connection) -> Choices:
    """The names that stories of the archive have."""
    found = {}
    for kind in ("source", "section", "language"):
        names = names_of(db, kind)
        used = db.execute(
            "SELECT id FROM names WHERE kind = ? AND name <> '' "  # noqa: S608
            f"AND EXISTS (SELECT 1 FROM stories WHERE {kind} = names.id)",
            (kind,),
        )
        found[kind] = tuple(sorted((names[key] for (key,) in used), key=str.casefold))
    return Choices(sources=found["source"], sections=found["section"], languages=found["language"])


def _from(meant: Matching) -> tuple[str, list[object]]:
    """The part of a query from FROM on, and its values."""
    where, values = list(meant.where), list(meant.values)
    if not meant.expression:
        if meant.without:
            where.append("s.id NOT IN (SELECT rowid FROM words WHERE words MATCH ?)")
            values.append(meant.without)
        return f"FROM stories s WHERE {' AND '.join(where) or '1'}", values
    match = meant.expression
    if meant.without:
        match = f"({match}) NOT ({meant.without})"
    if not where:
        return "FROM words WHERE words MATCH ?", [match]
    return (
        (
            "FROM words CROSS JOIN stories s ON s.id = words.rowid "
            f"WHERE words MATCH ? AND {' AND '.join(where)}"
        ),
        [match, *values],
    )


def _count(db: sqlite3.Connection, meant: Matching) -> int:
    rest, values = _from(meant)
    return int(db.execute(f"SELECT count(*) {rest}", values).fetchone()[0])


def _keys(db: sqlite3.Connection, meant: Matching, *, limit: int, first: int) -> list[int]:
    rest, values = _from(meant)
    key, order = ("words.rowid", f"{RANK}, words.rowid DESC")
    if not meant.expression:
        key, order = "s.id", "s.id DESC"
    rows = db.execute(
        f"SELECT {key} {rest} ORDER BY {order} LIMIT ? OFFSET ?",
        (*values, limit, first),
    )
    return [found for (found,) in rows]


def _hit(one: Placed, rows: Sequence[Row]) -> Hit:
    told = one.told
    return Hit(
        slug=one.slug,
        day=one.day,
        status=one.status,
        tier=one.tier,
        entry=told.entry,
        headline=marked(told.headline, told.language, rows),
        excerpt=excerpt(told.blurb, told.body, told.language, rows),
        kicker=told.kicker,
        source=told.source,
        section=told.section,
        language=told.language,
        url=told.url,
    )


def _none(db: sqlite3.Connection, asked: Asked, meant: Matching) -> Found:
    """What to say where nothing is found: the question with known words for the unknown ones."""
    wanted = [one for one in meant.sought if not one.ask.without]
    unknown = [one for one in wanted if not is_known(db, one)]
    if not unknown:
        anywhere = _count(db, replace(meant, where=(), values=()))
        return Found(apart=len(wanted) > 1 and not anywhere)
    better = asked.words
    for one in unknown:
        near = _nearest(db, one)
        if not near:
            return Found()
        better = re.sub(rf"(?<!\w){re.escape(one.ask.shown.rstrip('*'))}(?!\w)", near, better)
    return Found(nearest=better)


def _nearest(db: sqlite3.Connection, sought: Sought) -> str:
    """The known word that is most like one that is not; among equals the one of most stories."""
    word = sought.ask.word
    if len(word) < 3:
        return ""
    # Nearly all slips leave the first letter as it is.
    rows = db.execute(
        "SELECT DISTINCT word FROM vocabulary WHERE word >= ? AND word < ? "
        "AND length(word) BETWEEN ? AND ? LIMIT ?",
        (word[0], f"{word[0]}\U0010ffff", len(word) - 2, len(word) + 2, _NEAR),
    )
    near = difflib.get_close_matches(word, [found for (found,) in rows], n=5, cutoff=0.7)
    ranked = sorted(near, key=lambda other: (-_likeness(word, other), -_spread(db, other), other))
    return next((other for other in ranked if _spread(db, other)), "")


def _likeness(word: str, other: str) -> float:
    return round(difflib.SequenceMatcher(None, other, word).ratio(), 2)


def _spread(db: sqlite3.Connection, word: str) -> int:
    """In how many stories a known word stands."""
    found = db.execute(
        "SELECT max(doc) FROM vocabulary JOIN terms ON terms.term = vocabulary.term "
        "WHERE vocabulary.word = ?",
        (word,),
    ).fetchone()
    return int(found[0] or 0)
