"""The index as a SQLite file: its tables, and opening it without believing what lies there."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
import tempfile
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from digest import __version__
from digest.archive.search.tokens import VERSION as TOKENS
from digest.archive.search.tokens import index_terms
from digest.errors import ArchiveError

SCHEMA = 2
NAME = "search.db"
PER_ISSUE = 10_000
"""Stories of an issue that find room; their numbers go down, so that a lower one is read later."""

# What a word is worth where it stands: headline, kicker, blurb, source, section, others of the
# event, article.
WEIGHTS = (8.0, 3.0, 4.0, 2.0, 2.0, 1.0, 1.0)
RANK = f"bm25(words, {', '.join(map(str, WEIGHTS))})"

_TABLES = """
CREATE TABLE made (by TEXT NOT NULL, stamp INTEGER NOT NULL);
CREATE TABLE issues (
    slug TEXT PRIMARY KEY, signature BLOB NOT NULL, number INTEGER NOT NULL, day TEXT NOT NULL,
    status TEXT NOT NULL, problem TEXT NOT NULL, hint TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX issues_by_number ON issues (number);
CREATE TABLE names (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, UNIQUE (kind, name));
CREATE TABLE stories (
    id INTEGER PRIMARY KEY, source INTEGER NOT NULL, section INTEGER NOT NULL,
    language INTEGER NOT NULL, lead INTEGER NOT NULL);
CREATE INDEX stories_by_source ON stories (source);
CREATE INDEX stories_by_section ON stories (section);
CREATE INDEX stories_by_language ON stories (language);
CREATE TABLE told (
    id INTEGER PRIMARY KEY, entry TEXT NOT NULL, language TEXT NOT NULL, headline TEXT NOT NULL,
    kicker TEXT NOT NULL, blurb TEXT NOT NULL, source TEXT NOT NULL, section TEXT NOT NULL,
    also TEXT NOT NULL, url TEXT NOT NULL, title TEXT NOT NULL, published TEXT NOT NULL,
    body TEXT NOT NULL);
CREATE TABLE addresses (
    address TEXT NOT NULL, story INTEGER NOT NULL, credit TEXT NOT NULL);
CREATE INDEX addresses_by_address ON addresses (address);
CREATE INDEX addresses_by_story ON addresses (story);
CREATE TABLE vocabulary (
    term TEXT NOT NULL, written TEXT NOT NULL, word TEXT NOT NULL,
    PRIMARY KEY (term, written)) WITHOUT ROWID;
CREATE INDEX vocabulary_by_word ON vocabulary (word, term);
CREATE VIRTUAL TABLE words USING fts5 (
    headline, kicker, blurb, source, section, also, body,
    content='', tokenize="ascii tokenchars '.'");
CREATE VIRTUAL TABLE terms USING fts5vocab (words, 'row');
"""


@dataclass(frozen=True, slots=True)
class Told:
    """A story as the index keeps it, in the order of its columns; `language` is that of its words.

    `body` is the article, or where there is none the publisher's description; `published` is an
    ISO moment or nothing.
    """

    id: int
    entry: str
    language: str
    headline: str
    kicker: str
    blurb: str
    source: str
    section: str
    also: str
    url: str
    title: str
    published: str
    body: str

    def terms(self, written: set[str] | None = None) -> tuple[str, ...]:
        """The terms of each column of the index; `written`: as of `index_terms`."""
        return tuple(
            index_terms(text, self.language, written)
            for text in (
                self.headline,
                self.kicker,
                self.blurb,
                self.source,
                self.section,
                self.also,
                self.body,
            )
        )


TOLD = ", ".join(Told.__slots__)


class DamagedError(Exception):
    """What lies in the place of the index is not one that this program can use."""


def open_file(path: Path, *, patience: float) -> sqlite3.Connection | None:
    """The index at `path`; None where there is none. `patience`: seconds to wait for a lock.

    Raises DamagedError for a link, for what is no file, and for what another version made, and
    sqlite3.Error or OSError where the system refuses.
    """
    try:
        found = path.lstat()
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(found.st_mode):
        raise DamagedError(f"{path.name} is no regular file")
    if stat.S_IMODE(found.st_mode) & 0o077:
        with contextlib.suppress(OSError):
            path.chmod(0o600)  # drafts are in it
    # `rw`: never made here, since a new one is written beside it and moved into its place.
    uri = f"{path.absolute().as_uri()}?mode=rw"
    db = _connected(uri, patience=patience)
    try:
        db.execute("BEGIN")  # nobody writes to it until its size is compared
        if db.execute("SELECT by FROM made").fetchone() != (made_by(),):
            raise DamagedError(f"{path.name} is of another version")
        pages = db.execute("PRAGMA page_count").fetchone()[0]
        size = db.execute("PRAGMA page_size").fetchone()[0]
        now = path.stat()
        if pages * size != now.st_size and now.st_ino == found.st_ino:
            raise DamagedError(f"{path.name} was cut off")
        db.execute("COMMIT")
        db.execute("PRAGMA synchronous = NORMAL")
    except BaseException:
        db.close()
        raise
    return db


@contextlib.contextmanager
def new_file(path: Path) -> Iterator[sqlite3.Connection]:
    """A new index, which takes the place of whatever lies at `path` when the block ends well."""
    for left in path.parent.glob(f".{NAME}.*"):  # of a writer that died; the caller has the lock
        with contextlib.suppress(OSError):
            left.unlink()
    if path.is_dir() and not path.is_symlink():
        raise IsADirectoryError(21, "a folder is in its place", str(path))
    handle, name = tempfile.mkstemp(prefix=f".{NAME}.", dir=path.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        db = _connected(f"{temporary.absolute().as_uri()}?mode=rw", patience=0)
        try:
            db.execute("PRAGMA journal_mode = OFF")
            db.execute("PRAGMA synchronous = OFF")
            make_tables(db)
            yield db
        finally:
            db.close()
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        # A journal of what lay there would be played back into what comes now.
        path.unlink(missing_ok=True)
        path.with_name(f"{NAME}-journal").unlink(missing_ok=True)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def in_memory() -> sqlite3.Connection:
    """An index that ends with this process."""
    db = _connected("file::memory:", patience=0)
    make_tables(db)
    return db


def make_tables(db: sqlite3.Connection) -> None:
    """Make the empty tables; raises ArchiveError where SQLite was built without FTS5."""
    try:
        db.executescript(_TABLES)
    except sqlite3.OperationalError as error:
        if "fts5" not in str(error):
            raise
        raise ArchiveError(
            "This Python's SQLite has no full-text search (FTS5), so nothing can be searched.",
            hint="Install a Python whose sqlite3 has it; those of python.org and of Debian do.",
        ) from None
    db.execute("INSERT INTO made VALUES (?, 0)", (made_by(),))


@cache
def made_by() -> str:
    """What makes an index: another program, schema or cut of words makes another one."""
    from importlib.metadata import version

    stemmer = version("snowballstemmer")
    return f"{__version__} {SCHEMA} {TOKENS} {stemmer} {unicodedata.unidata_version}"


def story_of(row: Sequence[object]) -> Told:
    """A row of `told` as the value that it was."""
    return Told(*row)  # type: ignore[arg-type]


def _connected(uri: str, *, patience: float) -> sqlite3.Connection:
    db = sqlite3.connect(
        uri, uri=True, timeout=patience, isolation_level=None, check_same_thread=False
    )
    db.execute("PRAGMA trusted_schema = OFF")
    db.execute("PRAGMA page_size = 16384")  # of a new one: most articles fit into a quarter of it
    db.execute("PRAGMA cache_size = -32000")
    return db
