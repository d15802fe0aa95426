"""The senders that the harness can drive: what it needs to know of each."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

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

    def command(self, folder: Path, start: Start) -> list[str]:
        """The words that start it, or let it go on where it was."""
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

    def command(self, folder: Path, start: Start) -> list[str]:
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
