"""From what is asked to what the index is asked: every form of a word, and the filters."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from digest.archive.search.asking import Ask, Asked, read_asks
from digest.archive.search.refresh import names_of
from digest.archive.search.tables import PER_ISSUE
from digest.archive.search.tokens import Piece, fold, is_unspaced, terms_of
from digest.text.language import base

MAX_FORMS, MAX_ROWS = 40, 64
"""Forms of one word that are looked for, and phrases that forms in a row make."""


@dataclass(frozen=True, slots=True)
class Sought:
    """An ask as the index knows it: the forms of each of its words, one behind the other.

    `opening` is what the last begins with, where only its beginning was given. `joined` are forms
    of a compound written as one word.
    """

    ask: Ask
    row: tuple[tuple[str, ...], ...]
    opening: str = ""
    joined: tuple[str, ...] = ()

    @property
    def match(self) -> str:
        """The FTS5 expression; every term is quoted, and holds no quotation mark."""
        parts = [_phrase(terms) for terms in itertools.islice(self._rows(), MAX_ROWS)]
        if self.opening:
            starts = itertools.islice(itertools.product(*self.row[:-1]), MAX_ROWS)
            parts += [f"{_phrase((*terms, self.opening))} *" for terms in starts]
        parts += [_phrase((term,)) for term in self.joined]
        return f"({' OR '.join(parts)})"

    def _rows(self) -> Iterable[tuple[str, ...]]:
        return itertools.product(*self.row)


@dataclass(frozen=True, slots=True)
class Matching:
    """What SQLite is asked: an expression (empty: every story), and conditions on the story."""

    sought: tuple[Sought, ...]
    expression: str
    without: str
    where: tuple[str, ...]
    values: tuple[object, ...]


def matching(db: sqlite3.Connection, asked: Asked) -> Matching | None:
    """What finds the stories that are asked for; None where a filter leaves none."""
    spoken = _languages(db)
    sought = tuple(s for ask in read_asks(asked.words) if (s := seek(db, ask, spoken)))
    wanted = [s.match for s in sought if not s.ask.without]
    unwanted = [s.match for s in sought if s.ask.without]
    where, values = [], []
    for kind, name in (("source", asked.source), ("section", asked.section)):
        if key := _key(name):
            chosen = [n for n, known in names_of(db, kind).items() if key in _key(known)]
            where.append(f"s.{kind} IN ({_marks(chosen)})")
            values += chosen
    if asked.language.strip():
        only = base(_clean(asked.language))
        chosen = [n for n, known in names_of(db, "language").items() if known == only]
        where.append(f"s.language IN ({_marks(chosen)})")
        values += chosen
    if asked.tier:
        where.append("s.lead = ?")
        values.append(int(asked.tier == "lead"))
    if asked.issue or asked.since or asked.until:
        numbers = _issues(db, asked)
        if not numbers:
            return None
        where.append("s.id BETWEEN ? AND ?")
        values += [numbers[0], numbers[-1] + PER_ISSUE - 1]
        between = db.execute(
            "SELECT count(*) FROM issues WHERE number BETWEEN ? AND ?", (numbers[0], numbers[-1])
        ).fetchone()[0]
        if between != len(numbers):  # a cut-off that does not lie in the week of its name
            where.append(f"s.id / {PER_ISSUE} * {PER_ISSUE} IN ({_marks(numbers)})")
            values += numbers
    return Matching(
        sought=sought,
        expression=" AND ".join(wanted),
        without=" OR ".join(unwanted),
        where=tuple(where),
        values=tuple(values),
    )


def seek(db: sqlite3.Connection, ask: Ask, spoken: Sequence[str]) -> Sought | None:
    """The forms of what is asked, in the languages that are `spoken` in the archive.

    None where nothing of it can be found in any text.
    """
    pieces = [piece for piece in ask.row if piece.kind != "word" or fold(piece.written)]
    if not pieces:
        return None
    opening = ""
    if ask.open_:
        last = pieces[-1]
        opening = fold(last.written) if last.kind == "word" else last.written
    row = tuple(_forms(db, piece, spoken) for piece in pieces)
    if ask.open_ and pieces[-1].kind == "word":
        row = (*row[:-1], _longer(db, opening))
    elif ask.open_:
        row = (*row[:-1], ())
    joined: tuple[str, ...] = ()
    if len(pieces) > 1 and all(piece.kind == "word" for piece in pieces):
        together = "".join(piece.written for piece in pieces)
        if "-".join(piece.written for piece in pieces) == ask.shown.strip():
            joined = _forms(db, Piece("word", together, 0, len(together)), spoken)
    return Sought(ask, row, opening, joined)


def written(db: sqlite3.Connection, sought: Sequence[Sought]) -> dict[str, tuple[str, ...]]:
    """By each term that is wanted, how texts of the archive write it, in lower case."""
    terms = {
        term
        for one in sought
        if not one.ask.without
        for forms in (*one.row, one.joined)
        for term in forms
    }
    rows = db.execute(
        f"SELECT term, written FROM vocabulary WHERE term IN ({_marks(list(terms))})",  # noqa: S608
        sorted(terms),
    )
    found: dict[str, set[str]] = {term: {term} if is_unspaced(term) else set() for term in terms}
    for term, word in rows:
        found[term].add(word)
    return {term: tuple(sorted(words)) for term, words in found.items()}


def is_known(db: sqlite3.Connection, sought: Sought) -> bool:
    """Whether any story has what is sought."""
    found = db.execute("SELECT 1 FROM words WHERE words MATCH ? LIMIT 1", (sought.match,))
    return found.fetchone() is not None


def _forms(db: sqlite3.Connection, piece: Piece, spoken: Sequence[str]) -> tuple[str, ...]:
    """The terms of a word: as each language of the archive stems it, and as texts that hold it do.

    The second finds `publiée` where `publiee` was typed, which no stemmer knows.
    """
    if piece.kind != "word":
        return (piece.written,)
    bare = fold(piece.written)
    stemmed = (terms_of(name)[piece.written] for name in spoken)
    rows = db.execute(
        "SELECT DISTINCT term FROM vocabulary WHERE word = ? LIMIT ?", (bare, MAX_FORMS)
    )
    forms = {terms_of("")[piece.written], *stemmed, *(term for (term,) in rows)}
    return tuple(sorted(filter(None, forms)))[:MAX_FORMS]


def _longer(db: sqlite3.Connection, opening: str) -> tuple[str, ...]:
    """Terms of the words that begin so, where the term does not: `batteri` for `batteries`."""
    rows = db.execute(
        "SELECT DISTINCT term FROM vocabulary WHERE word >= ? AND word < ? "
        "AND substr(term, 1, ?) <> ? ORDER BY term LIMIT ?",
        (opening, f"{opening}\U0010ffff", len(opening), opening, MAX_FORMS),
    )
    return tuple(term for (term,) in rows if term)


def _languages(db: sqlite3.Connection) -> list[str]:
    """The languages of the archive's stories."""
    return [name for (name,) in db.execute("SELECT name FROM names WHERE kind = 'language'")]


def _phrase(terms: Sequence[str]) -> str:
    return f'"{" ".join(terms)}"'


def _key(name: str) -> str:
    return " ".join(fold(word) for word in _clean(name).split())


def _clean(text: str) -> str:
    return text[:200].replace("\0", " ").encode("utf-8", "replace").decode("utf-8")


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def _issues(db: sqlite3.Connection, asked: Asked) -> list[int]:
    """The numbers of the issues that are asked for, oldest first."""
    conditions, values = ["problem = ''"], []
    if asked.issue:
        conditions.append("slug = ?")
        values.append(_clean(asked.issue).upper())
    if asked.since:
        conditions.append("day >= ?")
        values.append(asked.since.isoformat())
    if asked.until:
        conditions.append("day <= ?")
        values.append(asked.until.isoformat())
    where = " AND ".join(conditions)
    rows = db.execute(f"SELECT number FROM issues WHERE {where} ORDER BY number", values)  # noqa: S608
    return [number for (number,) in rows]
