"""The database under the ledger: SQLite or PostgreSQL, opened, held, copied, its faults told."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from digest import disk
from digest.errors import BusyError, DigestError, LedgerError
from digest.send.ledger import tables
from digest.send.ledger.file import EXAMPLES, file_of

_PATIENCE = 30.0
"""Seconds that are waited for another process that writes to the same SQLite file."""
_SQLITE = b"SQLite format 3\0"


class Store:
    """The database of `url`, as DIGEST_DATABASE_URL names it; paths count from `folder`.

    A missing SQLite file is made, readable by its owner alone; older tables are migrated; neither
    where it is opened only to `look`. Raises LedgerError, in one sentence that never holds a
    password.
    """

    def __init__(self, url: str, *, folder: Path, look: bool = False) -> None:
        try:
            parsed = make_url(url)
        except (ArgumentError, ValueError):
            raise LedgerError(
                "DIGEST_DATABASE_URL does not read as the address of a database.", hint=EXAMPLES
            ) from None
        file = file_of(url, folder=folder)
        self.is_file = file is not None
        if file is not None:
            self.path = file
            self.shown = str(self.path)
            if not look:
                self._make_file()
            self._need_sqlite()
            self._at = self._place()
            parsed = parsed.set(database=str(self.path.resolve()))
        else:
            self.path = folder / "var" / "ledger"
            self.shown = parsed.set(password=None, query={}).render_as_string(hide_password=True)
            parsed = parsed.set(drivername="postgresql+psycopg")
        self.engine = self._engine(parsed)
        # Also at the program's end: SQLite then puts its log back into the one file.
        weakref.finalize(self, self.engine.dispose)
        with self.read() as connection:
            have = tables.version_of(connection)
        self.is_empty = have == 0 and look
        if have < tables.VERSION and not look:
            with self.begin() as connection:
                tables.migrate(connection)
        if have > tables.VERSION:
            raise LedgerError(
                f"The ledger {self.shown} was written by a newer digest (version {have}, "
                f"known here: {tables.VERSION}).",
                hint="Update digest on this machine.",
            )

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A transaction that writes: all of it or nothing."""
        if self.is_file and self._place() != self._at:
            raise self._gone()
        with self.faults(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that only reads."""
        with self.faults(), self.engine.connect() as connection:
            connection.execution_options(reads=True)
            yield connection

    @contextmanager
    def trial(self) -> Iterator[Connection]:
        """A transaction that is taken back at its end: a dry run."""
        with self.faults(), self.engine.connect() as connection:
            transaction = connection.begin()
            try:
                yield connection
            finally:
                transaction.rollback()

    @contextmanager
    def hold(self, slug: str) -> Iterator[None]:
        """Be the only one who sends the issue `slug`, for the block; raises LedgerError."""
        taken = LedgerError(
            f"{slug} is being sent by another process at this moment.",
            hint=f"Wait for it to end; `digest ledger status {slug}` shows how far it is.",
        )
        if not self.is_file:
            with self._advisory_lock(slug, taken):
                yield
            return
        with contextlib.ExitStack() as stack:
            try:
                file = self.path.resolve()  # by whatever link it is reached, one lock
                path = file.with_name(f".{file.name}.{slug}.lock")
                stack.enter_context(disk.lock(path, what=slug))
            except BusyError as busy:
                raise LedgerError(f"{taken.what} {busy.what}", hint=taken.hint) from None
            yield

    def check(self) -> None:
        """Raise LedgerError where the file is damaged."""
        if not self.is_file:
            return
        with self.read() as connection:
            found = connection.execute(text("PRAGMA quick_check(1)")).scalar()
        if found != "ok":
            raise self._damaged(str(found))

    def backup(self, target: Path) -> None:
        """Copy the ledger as it is at this moment, whatever is being written meanwhile.

        Raises LedgerError where `target` is there already, or the ledger is no file.
        """
        if not self.is_file:
            raise LedgerError(
                f"{self.shown} is PostgreSQL, which has a tool of its own for copies.",
                hint="Use that: pg_dump --file=ledger.sql and this address.",
            )
        try:
            os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        except OSError as error:
            raise LedgerError(
                f"{target} cannot be written: {error.strerror}.", hint="Name a new file."
            ) from None
        try:
            with self.faults():
                source, copy = sqlite3.connect(self.path), sqlite3.connect(target)
                with contextlib.closing(source), contextlib.closing(copy):
                    source.backup(copy)
        except BaseException:
            target.unlink(missing_ok=True)  # half a copy would be taken for a whole one
            raise

    def scrub(self) -> None:
        """Leave nothing of what was deleted in the file and its log; raises LedgerError.

        PostgreSQL does this by itself, some time later (autovacuum).
        """
        if not self.is_file:
            return
        with self.faults(), self._bare() as connection:
            # VACUUM writes the file anew: no page of it has a remainder. Then the log is emptied.
            connection.execute("VACUUM")
            busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if busy:
                raise sqlite3.OperationalError("locked")

    @contextmanager
    def _bare(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self.path, timeout=_PATIENCE)
        with contextlib.closing(connection):
            yield connection

    @contextmanager
    def faults(self) -> Iterator[None]:
        """Whatever the database raises, as one sentence."""
        try:
            yield
        except DigestError:
            raise
        except ImportError:  # also a psycopg without its library of C
            raise LedgerError(
                "A ledger in PostgreSQL needs the package psycopg.",
                hint="Install it: pip install 'digest[postgres]'.",
            ) from None
        except (DBAPIError, sqlite3.Error) as error:
            original = error.orig if isinstance(error, DBAPIError) else error
            raise self._told(str(original)) from None
        except (SQLAlchemyError, OSError) as error:
            raise self._told(str(error)) from None

    def _told(self, said: str) -> LedgerError:
        first = said.strip().splitlines()[0] if said.strip() else "it failed without a word"
        if "locked" in first:
            return LedgerError(
                f"The ledger {self.shown} is locked by another process.",
                hint="Close what has it open, then run this command again with --resume.",
            )
        if "full" in first or "disk I/O" in first:
            return LedgerError(
                f"The ledger {self.shown} cannot be written: {first}.",
                hint="Make room on its disk, then go on with --resume.",
            )
        if "malformed" in first or "not a database" in first:
            return self._damaged(first)
        if "readonly" in first or "unable to open" in first:
            return LedgerError(
                f"The ledger {self.shown} cannot be opened for writing: {first}.",
                hint="Check who may write to the file and to its folder.",
            )
        return LedgerError(
            f"The ledger {self.shown} failed: {first}.",
            hint="Check DIGEST_DATABASE_URL and the database.",
        )

    def _damaged(self, why: str) -> LedgerError:
        return LedgerError(
            f"The ledger {self.shown} is damaged: {why}.",
            hint="Nothing is sent without it. Bring back a copy that `digest ledger backup` made.",
        )

    def _make_file(self) -> None:
        """Make the file with its folder, 0600, where there is none."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        except OSError as error:
            raise self._unopened(error) from None

    def _need_sqlite(self) -> None:
        try:
            with self.path.open("rb") as file:
                head = file.read(len(_SQLITE))
        except OSError as error:
            raise self._unopened(error) from None
        if head and head != _SQLITE:
            raise self._damaged("it does not begin as a ledger does")

    def _place(self) -> tuple[int, int]:
        """Which file of the disk it is: SQLite goes on writing to one that was removed."""
        try:
            found = self.path.stat()
        except FileNotFoundError:
            raise self._gone() from None
        except OSError as error:
            raise self._unopened(error) from None
        return found.st_dev, found.st_ino

    def _gone(self) -> LedgerError:
        return LedgerError(
            f"The ledger {self.shown} was removed or replaced while it was in use.",
            hint="Bring it back as it was: without it some would get an issue twice.",
        )

    def _unopened(self, error: OSError) -> LedgerError:
        return LedgerError(
            f"The ledger {self.path} cannot be opened: {error.strerror or error}.",
            hint="Check who may write there, or set DIGEST_DATABASE_URL.",
        )

    def _engine(self, url: Any) -> Engine:
        with self.faults():
            if not self.is_file:
                # Psycopg says which server it cannot reach, and no password.
                return create_engine(url, connect_args={"connect_timeout": 10}, pool_size=3)
            engine = create_engine(url, connect_args={"timeout": _PATIENCE})
            event.listen(engine, "connect", _durable)
            event.listen(engine, "begin", _begin)
            return engine

    @contextmanager
    def _advisory_lock(self, slug: str, taken: LedgerError) -> Iterator[None]:
        """PostgreSQL's own lock, which ends with its connection."""
        digest = hashlib.sha256(f"digest send {slug}".encode()).digest()
        number = int.from_bytes(digest[:8], "big", signed=True)
        with contextlib.ExitStack() as stack:
            with self.faults():
                connection = stack.enter_context(self.engine.connect())
                connection.execution_options(isolation_level="AUTOCOMMIT")
                connection.detach()  # closing it ends the session, and the lock with it
                ours = connection.execute(text("SELECT pg_try_advisory_lock(:n)"), {"n": number})
                if not ours.scalar():
                    raise taken
            stack.callback(_unlock, connection, number)
            yield


def _unlock(connection: Connection, number: int) -> None:
    """Give the lock back at once: a server that is told of nothing ends a session a little later.

    Where it is gone, so is the lock, and what is told is why the run ended.
    """
    with contextlib.suppress(SQLAlchemyError):
        connection.execute(text("SELECT pg_advisory_unlock(:n)"), {"n": number})


def _durable(connection: Any, _: object) -> None:
    """A commit is on the disk before it is one; readers never wait for the writer."""
    connection.isolation_level = None  # the driver begins no transaction of its own
    cursor = connection.cursor()
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",
        "cache_size = -32768",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    """Take the lock to write at once where something will be written: no deadlock later on."""
    writes = connection.get_execution_options().get("reads") is not True
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
