"""The senders that the harness can drive: what it needs to know of each."""

from __future__ import annotations

import atexit
import contextlib
import functools
import os
import shutil
import sqlite3
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from digest import sample
from digest.archive import Archive
from digest.pipeline import approve, build
from tests.newsletter import SLUG, no_network, settings_of

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True, kw_only=True)
class Start:
    """How one process of a sender is started."""

    port: int
    connections: int
    authority: Path | None = None
    clock_seed: int | None = None
    """Its clock jumps by a day now and then, where the sender can be told so."""


class Sender(Protocol):
    """A program that sends an issue to a list, and its ledger."""

    def prepare(self, folder: Path, rows: Sequence[str]) -> None:
        """Make `folder`, with all that is needed to send to the list of these rows."""
        ...

    def command(
        self, folder: Path, start: Start, *, resume: bool, failed: bool = False
    ) -> list[str]:
        """The words that start it, or let it go on where it was, `failed` ones included."""
        ...

    def environment(self, start: Start) -> dict[str, str]:
        """What it is told by its environment."""
        ...

    def states(self, folder: Path) -> Mapping[str, str]:
        """The state of each recipient by address, read without touching the ledger."""
        ...


@contextlib.contextmanager
def ledger_copy(file: Path) -> Iterator[sqlite3.Connection | None]:
    """A copy of a SQLite file with its journals, since opening the file itself would mend it."""
    if not file.exists():
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        for suffix in ("", "-wal", "-journal"):
            with contextlib.suppress(FileNotFoundError):
                shutil.copyfile(f"{file}{suffix}", Path(folder) / f"copy{suffix}")
        with contextlib.closing(sqlite3.connect(Path(folder) / "copy")) as copy:
            yield copy


@dataclass(frozen=True)
class StandInSender:
    """`stand_in`, in its own process; `wrong` is the way in which it is."""

    wrong: str = ""

    def prepare(self, folder: Path, rows: Sequence[str]) -> None:
        folder.mkdir(parents=True)
        (folder / "list.txt").write_text("\n".join(rows))

    def command(
        self, folder: Path, start: Start, *, resume: bool, failed: bool = False
    ) -> list[str]:
        del resume, failed  # it always resumes, and never gives up
        words = [str(folder), "--port", str(start.port), "--connections", str(start.connections)]
        how = ["--wrong", self.wrong] if self.wrong else []
        return [sys.executable, "-m", "tests.send.faults.stand_in", *words, *how]

    def environment(self, start: Start) -> dict[str, str]:
        del start
        return {"PYTHONPATH": str(ROOT)}

    def states(self, folder: Path) -> Mapping[str, str]:
        with ledger_copy(folder / "stand-in.db") as ledger:
            if ledger is None:
                return {}
            with contextlib.suppress(sqlite3.OperationalError):  # killed before there is a table
                return dict(ledger.execute("SELECT address, state FROM row"))
            return {}


def clean_environment(more: Mapping[str, str]) -> dict[str, str]:
    """The environment of a sender: a developer's own settings never reach it."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("DIGEST_")}
    return kept | dict(more)


LIST = "recipients.csv"
SETTINGS = """
DIGEST_LEADS=1
DIGEST_TEASERS=2
DIGEST_INTRO=
DIGEST_OUTRO=
DIGEST_SECRET=a:correct-horse-battery-staple-0123456789
"""
_making = threading.Lock()


@functools.cache
def approved_newsletter() -> Path:
    """A newsletter's folder with a small issue that is approved; made once a process, to copy."""
    made = Path(tempfile.mkdtemp(prefix="approved-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    folder = made / "newsletter"
    shutil.copytree(sample.folder(), folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    kept = [line for line in (folder / "newsletter.env").read_text("utf-8").splitlines()
            if line.partition("=")[0] not in SETTINGS]  # fmt: skip
    (folder / ".env").write_text("\n".join(kept) + SETTINGS, "utf-8")
    (folder / ".env").chmod(0o600)
    archive = Archive(folder / "issues")
    build(
        settings=settings_of(folder),
        folder=folder,
        archive=archive,
        now=sample.SAMPLE_NOW,
        fetch=no_network,
        blurbs=folder / "blurbs.jsonl",
    )
    approve(archive, SLUG, save=True)
    return folder


@dataclass(frozen=True)
class DigestSender:
    """`digest send ISSUE --yes`, as a person types it, but with less patience."""

    def prepare(self, folder: Path, rows: Sequence[str]) -> None:
        with _making:
            kept = approved_newsletter()
        shutil.copytree(kept, folder)
        # Some stand there a second time, and some are none: neither may disturb the rest.
        again = [f"{row.partition('@')[0]}@{row.partition('@')[2].upper()}" for row in rows[::50]]
        lines = ["email", *rows[:100], "nobody@@example.org", *again, *rows[100:]]
        (folder / LIST).write_text("\n".join(lines) + "\n", "utf-8")

    def command(
        self, folder: Path, start: Start, *, resume: bool, failed: bool = False
    ) -> list[str]:
        words = ["send", SLUG, "--list", LIST, "--yes", "--connections", str(start.connections)]
        more = ["--resume"] * resume + ["--retry-failed"] * failed
        return [sys.executable, "-m", "tests.send.faults.driver", *words, *more]

    def environment(self, start: Start) -> dict[str, str]:
        trusted = {"SSL_CERT_FILE": str(start.authority)} if start.authority else {}
        clock = {"FAULTS_CLOCK": str(start.clock_seed)} if start.clock_seed is not None else {}
        url = {"DIGEST_SMTP_URL": f"smtp://127.0.0.1:{start.port}"}
        return {"PYTHONPATH": str(ROOT), **url, **trusted, **clock}

    def states(self, folder: Path) -> Mapping[str, str]:
        with ledger_copy(folder / "var" / "ledger.db") as ledger:
            return {} if ledger is None else states_in(ledger)


def states_in(ledger: sqlite3.Connection) -> Mapping[str, str]:
    """The state of each recipient of the one issue that a ledger holds.

    `waiting` is who was put off, and is tried again by itself.
    """
    waits = "CASE WHEN state = 'temp' AND next_at IS NOT NULL THEN 'waiting' ELSE state END"
    with contextlib.suppress(sqlite3.OperationalError):  # killed before there is a table
        return dict(ledger.execute(f"SELECT coalesce(address, key), {waits} FROM deliveries"))
    return {}
