"""Keeping the index like the archive: which issues changed, and what the index holds of each."""

from __future__ import annotations

import os
import sqlite3
import struct
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from digest.archive.document import join, read_document, sha256
from digest.archive.folder import is_there, read_plain, unreadable
from digest.archive.search.tables import PER_ISSUE, TOLD, Told, story_of
from digest.archive.search.tokens import fold, lowered, terms_of, words_of
from digest.archive.slug import is_slug
from digest.errors import ArchiveError, DigestError
from digest.models import Issue, Story
from digest.text.language import base, language_of
from digest.text.urls import canonical

Progress = Callable[[str, int, int], None]
Signatures = dict[str, bytes]
"""By slug, what changes whenever a file of the issue that the index reads is written."""

MAX_BODY = 20_000
"""Characters of an article whose words are found."""
_SHORT = 2_000
"""Characters of any other text of a story."""
_STAT = struct.Struct("qqqqqq")
_TICK_NS = 2_000_000_000
"""The coarsest clock of a file system, FAT's."""
_TOGETHER = 50
"""Issues that are written in one transaction, so that nobody who reads waits for long."""


def look(archive: Path) -> Signatures:
    """The signature of each issue that lies in the archive, links left out.

    Raises ArchiveError where the folder cannot be read.
    """
    if not is_there(archive):
        return {}
    found: Signatures = {}
    try:
        with os.scandir(archive) as entries:
            for entry in entries:
                if is_slug(entry.name) and entry.is_dir(follow_symlinks=False):
                    found[entry.name] = signature_of(entry.path)
    except OSError as error:
        raise unreadable(f"The archive {archive.name}", error) from None
    return found


def stamp(archive: Path) -> int:
    """When something was last made, renamed or removed in the archive's own folder; 0: unknown."""
    try:
        return archive.stat().st_mtime_ns
    except OSError:
        return 0


def stands_still(db: sqlite3.Connection, archive: Path, seen: int) -> bool:
    """Whether the index is like the archive, as far as one look and the drafts tell.

    An issue comes, goes and is built by being renamed in the archive's folder, which has been
    `seen` now; what was sent is frozen. So only the others are looked at one by one.
    """
    held = db.execute("SELECT stamp FROM made").fetchone()
    if not seen or held != (seen,):
        return False
    open_ = db.execute("SELECT slug, signature FROM issues WHERE status <> 'sent'")
    return all(signature == signature_of(archive / slug) for slug, signature in open_)


def remember(db: sqlite3.Connection, seen: int, now: int) -> None:
    """Remember when the archive's folder, with which the index is alike, last changed.

    Moments in nanoseconds. Not one of just `now`: what changes within the same tick of a coarse
    clock would not show.
    """
    if abs(now - seen) > _TICK_NS:
        db.execute("UPDATE made SET stamp = ? WHERE stamp <> ?", (seen, seen))


def known(db: sqlite3.Connection) -> Signatures:
    """The signatures of the issues as the index holds them."""
    return dict(db.execute("SELECT slug, signature FROM issues"))


def fill(
    db: sqlite3.Connection, archive: Path, seen: Signatures, progress: Progress | None
) -> None:
    """Put all issues into an index that is empty."""
    # Merged once at the end: a story then costs the same whatever the number of issues.
    db.execute("INSERT INTO words (words, rank) VALUES ('automerge', 0)")
    db.execute("INSERT INTO words (words, rank) VALUES ('crisismerge', 1000)")
    db.execute("BEGIN")
    _put_all(db, archive, sorted(seen), seen, progress)
    db.execute("INSERT INTO words (words) VALUES ('optimize')")
    db.execute("INSERT INTO words (words, rank) VALUES ('automerge', 4)")
    db.execute("INSERT INTO words (words, rank) VALUES ('crisismerge', 16)")
    db.execute("COMMIT")


def renew(
    db: sqlite3.Connection,
    archive: Path,
    seen: Signatures,
    held: Signatures,
    progress: Progress | None,
) -> None:
    """Take out the issues that are gone or changed, and put in those that are new or changed."""
    stale = sorted(slug for slug, signature in held.items() if seen.get(slug) != signature)
    fresh = sorted(slug for slug, signature in seen.items() if held.get(slug) != signature)
    for slugs in _batches(sorted({*stale, *fresh})):
        db.execute("BEGIN IMMEDIATE")
        try:
            for slug in slugs:
                if slug in held:
                    _take_out(db, slug)
            _put_all(db, archive, [slug for slug in slugs if slug in seen], seen, progress)
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise


def number_of(slug: str) -> int:
    """Where the stories of an issue begin: the numbers of a later issue are higher."""
    return (int(slug[:4]) * 100 + int(slug[6:8])) * PER_ISSUE


def _batches(slugs: Sequence[str]) -> Iterable[Sequence[str]]:
    return (slugs[at : at + _TOGETHER] for at in range(0, len(slugs), _TOGETHER))


def signature_of(folder: str | Path) -> bytes:
    """What the system says of issue.json and entries.jsonl; no file is opened."""
    return _STAT.pack(*_seen(f"{folder}/issue.json"), *_seen(f"{folder}/entries.jsonl"))


def _seen(path: str) -> tuple[int, int, int]:
    try:
        found = os.stat(path, follow_symlinks=False)  # noqa: PTH116 (a Path each costs as much)
    except OSError:
        return 0, 0, 0
    return found.st_mtime_ns, found.st_size, found.st_ino


def _put_all(
    db: sqlite3.Connection,
    archive: Path,
    slugs: Sequence[str],
    seen: Signatures,
    progress: Progress | None,
) -> None:
    names = {(kind, name): key for key, kind, name in db.execute("SELECT * FROM names")}
    words: dict[str, set[str]] = defaultdict(set)
    for at, slug in enumerate(slugs):
        if progress:
            progress(f"Indexing {slug}", at, len(slugs))
        try:
            issue = _read(archive, slug)
        except DigestError as error:
            row = (slug, seen[slug], 0, "", "", error.what, error.hint)
            db.execute("INSERT INTO issues VALUES (?, ?, ?, ?, ?, ?, ?)", row)
            continue
        _put(db, issue, seen[slug], names, words)


def _read(archive: Path, slug: str) -> Issue:
    """The issue with its entries; its other files are no matter of the index."""
    where = f"{archive.name}/{slug}"
    try:
        raw = read_plain(archive / slug, "issue.json")
        document = read_document(raw, where=f"{where}/issue.json", slug=slug)
        rows = read_plain(archive / slug, "entries.jsonl")
        if sha256(rows) != document.files["entries.jsonl"]:
            raise ArchiveError(f"{where}/entries.jsonl is not what issue.json recorded.")
        return join(
            document, rows, where=f"{where}/issue.json", entries_where=f"{where}/entries.jsonl"
        )
    except RecursionError:
        raise ArchiveError(f"{where}/issue.json is nested too deeply.") from None
    except DigestError as error:
        hint = error.hint or f"`digest issues verify {slug}` says what is wrong with it."
        raise ArchiveError(error.what, hint=hint) from None


def _put(
    db: sqlite3.Connection,
    issue: Issue,
    signature: bytes,
    names: dict[tuple[str, str], int],
    words: dict[str, set[str]],
) -> None:
    """Put an issue in; `names`, and `words` by language, are those known to be there."""
    number = number_of(issue.slug)
    day = issue.window.end.date().isoformat()
    db.execute(
        "INSERT INTO issues VALUES (?, ?, ?, ?, ?, '', '')",
        (issue.slug, signature, number, day, issue.status),
    )
    new: set[tuple[str, str]] = set()  # what stands between spaces, and its language
    # In the order of their numbers: FTS5 writes a segment whenever these go down.
    for place, story in reversed(list(enumerate(issue.stories[:PER_ISSUE]))):
        told = _told(number + PER_ISSUE - 1 - place, story, issue.newsletter.language)
        db.execute(
            f"INSERT INTO told ({TOLD}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
            tuple(getattr(told, name) for name in Told.__slots__),
        )
        db.execute(
            "INSERT INTO stories VALUES (?, ?, ?, ?, ?)",
            (
                told.id,
                _named(db, names, "source", told.source),
                _named(db, names, "section", told.section),
                _named(db, names, "language", told.language),
                story.tier == "lead",
            ),
        )
        db.executemany("INSERT INTO addresses VALUES (?, ?, ?)", _addresses(told.id, story))
        written: set[str] = set()
        db.execute(
            "INSERT INTO words (rowid, headline, kicker, blurb, source, section, also, body)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (told.id, *told.terms(written)),
        )
        new.update((chunk, told.language) for chunk in written - words[told.language])
        words[told.language] |= written
    spelled = {
        (terms_of(language)[word], lowered(word))
        for chunk, language in new
        for word in words_of(chunk)
    }
    db.executemany(
        "INSERT OR IGNORE INTO vocabulary VALUES (?, ?, ?)",
        [(term, word, fold(word)) for term, word in sorted(spelled) if term],
    )


def _take_out(db: sqlite3.Connection, slug: str) -> None:
    """Take an issue out; the index is told the very terms that it was given."""
    number = number_of(slug)
    span = (number, number + PER_ISSUE - 1)
    rows = db.execute(f"SELECT {TOLD} FROM told WHERE id BETWEEN ? AND ?", span)  # noqa: S608
    for row in rows.fetchall():
        told = story_of(row)
        db.execute(
            "INSERT INTO words"
            " (words, rowid, headline, kicker, blurb, source, section, also, body)"
            " VALUES ('delete', ?, ?, ?, ?, ?, ?, ?, ?)",
            (told.id, *told.terms()),
        )
    db.execute("DELETE FROM told WHERE id BETWEEN ? AND ?", span)
    db.execute("DELETE FROM stories WHERE id BETWEEN ? AND ?", span)
    db.execute("DELETE FROM addresses WHERE story BETWEEN ? AND ?", span)
    db.execute("DELETE FROM issues WHERE slug = ?", (slug,))


def _told(key: int, story: Story, language: str) -> Told:
    entry = story.entry
    body = entry.text or entry.summary
    also = " · ".join(f"{credit.title} ({credit.source})" for credit in story.also)
    sample = f"{story.headline}\n{story.blurb.text}\n{body}"
    return Told(
        id=key,
        entry=_storable(entry.id),
        language=base(language_of(sample, entry.language, language)),
        headline=_storable(story.headline),
        kicker=_storable(story.kicker),
        blurb=_storable(story.blurb.text),
        source=_storable(entry.source),
        section=_storable(story.section),
        also=_storable(f"{also} {story.note}".strip()),
        url=_storable(entry.url or ""),
        title=_storable(entry.title),
        published=entry.published.isoformat() if entry.published else "",
        body=_storable(body, MAX_BODY),
    )


def _addresses(key: int, story: Story) -> Iterable[tuple[str, int, str]]:
    """Where a story stands, and where the others of its event do, each with its title."""
    if story.entry.url:
        yield _storable(canonical(story.entry.url)), key, ""
    for credit in story.also:
        if credit.url:
            title = _storable(
                f"{credit.title} ({credit.source})" if credit.source else credit.title
            )
            yield _storable(canonical(credit.url)), key, title or "(no title)"


def _named(db: sqlite3.Connection, names: dict[tuple[str, str], int], kind: str, name: str) -> int:
    found = names.get((kind, name))
    if found is None:
        made = db.execute("INSERT INTO names (kind, name) VALUES (?, ?)", (kind, name))
        found = names[kind, name] = int(made.lastrowid or 0)
    return found


def _storable(text: str, most: int = _SHORT) -> str:
    """`text` within its bound, without NUL and without half characters, which SQLite refuses."""
    cut = text[:most]
    return (
        cut
        if cut.isascii() and "\0" not in cut
        else (cut.replace("\0", " ").encode("utf-8", "replace").decode("utf-8"))
    )


def names_of(db: sqlite3.Connection, kind: str) -> Mapping[int, str]:
    """What was named of a kind (`source`, `section`, `language`), by its number."""
    return dict(db.execute("SELECT id, name FROM names WHERE kind = ?", (kind,)))
