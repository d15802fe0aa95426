"""The index of an archive's stories: opened, kept like the archive, and asked."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from digest import disk
from digest.archive.search import ran, refresh
from digest.archive.search.asking import Asked
from digest.archive.search.query import Choices, Found, choices, find
from digest.archive.search.ran import Ran
from digest.archive.search.tables import NAME, DamagedError, in_memory, new_file, open_file
from digest.errors import ArchiveError, BusyError
from digest.models import Failure

T = TypeVar("T")

LOOK_S = 5.0
"""Seconds for which what was seen of the archive is believed, while its folder is as it was: each
build renames something there, and only what is changed by hand inside an issue does not show."""
ALL_S = 600.0
"""Seconds after which what was sent is looked at again, too, though it is frozen; and after which
an index that had to be made in memory is left for the file, where that can be had by then."""
PATIENCE_S = 5.0
"""Seconds that a lock of another process is waited for."""


class StoryIndex:
    """The stories of the archive `folder`, found by their words.

    The file in `cache` is derived: it is made where it is missing, made anew where it is damaged
    or of another version, and kept like the archive before each answer. Where it cannot be written
    or read, an index in memory takes its place, and the answer says so. One object may be asked by
    several threads.

    Every question raises ArchiveError where the archive itself cannot be read.
    """

    def __init__(self, folder: Path, cache: Path, *, patience: float = PATIENCE_S) -> None:
        self.folder = folder
        self.path = cache / NAME
        self._patience = patience
        self._one = threading.RLock()
        self._db: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None  # device and inode; None: in memory
        self._looked = float("-inf")
        self._fell_back = float("-inf")
        self._stamp = 0
        self._note: Failure | None = None

    def search(
        self,
        asked: Asked,
        *,
        limit: int = 20,
        first: int = 0,
        progress: refresh.Progress | None = None,
    ) -> Found:
        """The stories that are asked for, best first, `limit` of them from `first` on."""
        return self._answer(lambda db: find(db, asked, limit=limit, first=first), progress)

    def choices(self) -> Choices:
        """What a filter can name: the sources, sections and languages of the archive."""
        return self._answer(choices, None)

    def ran(self, what: str, *, progress: refresh.Progress | None = None) -> Ran:
        """Whether a story ran, by its address or by its text."""
        return self._answer(lambda db: ran.look_up(db, what), progress)

    def failures(self, *, progress: refresh.Progress | None = None) -> tuple[Failure, ...]:
        """The issues that could not be read, and why the index is not what it should be."""
        return self._answer(self._failures, progress)

    def close(self) -> None:
        """Let the file go."""
        with self._one:
            self._forget()

    def _answer(
        self, question: Callable[[sqlite3.Connection], T], progress: refresh.Progress | None
    ) -> T:
        with self._one:
            for last in (False, True):
                db = self._fresh(progress)
                try:
                    return question(db)
                except sqlite3.DatabaseError as error:
                    if last:
                        raise ArchiveError(
                            f"{self.path} cannot be searched: {error}.",
                            hint="Delete it; the next search makes it anew.",
                        ) from None
                    self._forget()
                    if _is_locked(error):
                        self._fall_back(error, progress)
                    else:
                        self._renew(progress, anew=True)
            raise AssertionError("unreachable")

    def _failures(self, db: sqlite3.Connection) -> tuple[Failure, ...]:
        rows = db.execute(
            "SELECT slug, problem, hint FROM issues WHERE problem <> '' ORDER BY slug"
        )
        damaged = tuple(
            Failure(where=f"{self.folder.name}/{slug}", what=problem, hint=hint)
            for slug, problem, hint in rows
        )
        return (*damaged, self._note) if self._note else damaged

    def _fresh(self, progress: refresh.Progress | None) -> sqlite3.Connection:
        """The index as the archive is now, or was a second ago."""
        now, stamp = time.monotonic(), refresh.stamp(self.folder)
        recent = now - self._looked < LOOK_S and stamp == self._stamp
        if self._db and recent and self._is_own_file():
            return self._db
        is_in_memory = self._db is not None and self._file is None
        if not self._is_own_file() or (is_in_memory and now - self._fell_back >= ALL_S):
            self._forget()
        alike = still = False
        try:
            self._open()
            still = self._stands_still(stamp)
            alike = still or self._is_like_archive()
        except (DamagedError, sqlite3.Error, OSError):
            self._forget()
        if not alike:
            self._renew(progress)
        if not still:
            self._remember(stamp)
        self._looked, self._stamp = now, stamp
        if self._db is None:
            raise ArchiveError(f"{self.path} cannot be opened.", hint="Search again.")
        return self._db

    def _stands_still(self, stamp: int) -> bool:
        """Whether the file is like the archive, without looking at a thousand frozen issues."""
        if self._db is None or self._file is None:
            return False
        age = time.time() - self.path.stat().st_mtime
        return 0 <= age < ALL_S and refresh.stands_still(self._db, self.folder, stamp)

    def _is_like_archive(self) -> bool:
        return self._db is not None and refresh.known(self._db) == refresh.look(self.folder)

    def _remember(self, stamp: int) -> None:
        """Note in the file that all issues were looked at; it only saves the next one that look."""
        if self._db is None or self._file is None or self._note:
            return
        with contextlib.suppress(sqlite3.Error, OSError):
            refresh.remember(self._db, stamp, time.time_ns())
            os.utime(self.path)

    def _renew(self, progress: refresh.Progress | None, *, anew: bool = False) -> None:
        """Make the index like the archive; in memory where the file will not have it."""
        if self._db and self._file is None and not anew:
            self._keep_up(self._db, progress)
            return
        try:
            patience = self._patience if self._db else 6 * self._patience
            with disk.lock(self.path.with_name("search.lock"), what="The index", patience=patience):
                self._write(progress, anew=anew)
            self._note = None
        except BusyError:
            if self._db:
                self._note = Failure(
                    where=str(self.path),
                    what="The index is being written by another process, so this answer is older.",
                    hint="Search again in a moment.",
                )
            else:
                self._fall_back("another process is writing it", progress)
        except (OSError, ArchiveError, DamagedError, sqlite3.Error) as error:
            self._fall_back(error, progress)

    def _write(self, progress: refresh.Progress | None, *, anew: bool) -> None:
        seen = refresh.look(self.folder)  # what another process did meanwhile is seen
        if not anew:
            try:
                self._open()
            except (DamagedError, sqlite3.DatabaseError) as error:
                if isinstance(error, sqlite3.DatabaseError) and _is_locked(error):
                    raise
                self._forget()
        if self._db is not None and not anew:
            try:
                held = refresh.known(self._db)
                changed = sum(held.get(slug) != seen.get(slug) for slug in {*held, *seen})
                if changed <= max(10, len(held) // 2):
                    self._keep_up(self._db, progress)
                    return
            except sqlite3.DatabaseError as error:
                if _is_locked(error):
                    raise
        self._forget()
        with new_file(self.path) as db:
            refresh.fill(db, self.folder, seen, progress)
        self._open()

    def _keep_up(self, db: sqlite3.Connection, progress: refresh.Progress | None) -> None:
        refresh.renew(db, self.folder, refresh.look(self.folder), refresh.known(db), progress)

    def _fall_back(self, why: object, progress: refresh.Progress | None) -> None:
        self._forget()
        self._note = Failure(
            where=str(self.path),
            what=f"The index cannot be kept there ({_reason(why)}), so it was made in memory.",
            hint="Searching works, and takes longer; check who may write there, and for room.",
        )
        db = in_memory()
        refresh.fill(db, self.folder, refresh.look(self.folder), progress)
        self._db, self._file, self._fell_back = db, None, time.monotonic()

    def _open(self) -> None:
        if self._db is not None:
            return
        self._db = open_file(self.path, patience=self._patience)
        if self._db is not None:
            found = self.path.lstat()
            self._file, self._note = (found.st_dev, found.st_ino), None

    def _is_own_file(self) -> bool:
        """Whether the file is still the one that was opened; one in memory always is."""
        if self._file is None:
            return True
        try:
            found = self.path.lstat()
        except OSError:
            return False
        return (found.st_dev, found.st_ino) == self._file

    def _forget(self) -> None:
        if self._db is not None:
            self._db.close()
        self._db, self._file, self._looked = None, None, float("-inf")


def _is_locked(error: sqlite3.Error) -> bool:
    """Whether another process has the file: it may be sound."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
    }


def _reason(why: object) -> str:
    if isinstance(why, OSError):
        return why.strerror or str(why)
    return str(getattr(why, "what", why)).rstrip(".")
