"""The job of watching folders: each file that is new or changed is read once it is complete."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from digest.collect import Collected, collect
from digest.errors import UsageError
from digest.net import Fetched

State = tuple[int, int]
"""A file's moment of change (nanoseconds) and size in bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the last look found, and what was read already."""

    found: Mapping[Path, State] = field(default_factory=dict)
    read: Mapping[Path, State] = field(default_factory=dict)


def ready(seen: Seen, found: Mapping[Path, State]) -> tuple[tuple[Path, ...], Seen]:
    """(files to read now, what to remember): those unread that two looks found alike.

    A file that is still being written changes from look to look, and waits. One that went away is
    forgotten, so that it is read again when it comes back.
    """
    now = tuple(
        path
        for path, state in sorted(found.items())
        if seen.found.get(path) == state and seen.read.get(path) != state
    )
    read = {path: state for path, state in seen.read.items() if path in found}
    return now, Seen(found=found, read=read | {path: found[path] for path in now})


def look(folders: Sequence[Path]) -> dict[Path, State]:
    """The files of folders that are neither hidden nor unreadable, each with its state."""
    found: dict[Path, State] = {}
    for folder in folders:
        try:
            rows = [row for row in os.scandir(folder) if not row.name.startswith(".")]
        except OSError:
            continue  # a disk that comes and goes; the next look may find it
        for row in rows:
            try:
                if row.is_file() and os.access(row.path, os.R_OK):
                    stat = row.stat()
                    found[Path(row.path)] = (stat.st_mtime_ns, stat.st_size)
            except OSError:
                continue  # gone between the two calls
    return found


def watch(
    folders: Sequence[Path],
    *,
    every_s: float,
    sleep: Callable[[float], None],
    clock: Callable[[], datetime],
) -> Iterator[Collected]:
    """What each new or changed file of `folders` holds, as it comes; without end.

    Raises UsageError for what is no folder.
    """
    for folder in folders:
        if not folder.is_dir():
            raise UsageError(f"{folder} is no folder.", hint="--watch takes folders.")
    return _watched(folders, every_s=every_s, sleep=sleep, clock=clock)


def _watched(
    folders: Sequence[Path],
    *,
    every_s: float,
    sleep: Callable[[float], None],
    clock: Callable[[], datetime],
) -> Iterator[Collected]:
    seen = Seen()
    while True:
        files, seen = ready(seen, look(folders))
        if files:
            yield collect(
                [str(path.absolute()) for path in files],
                folder=Path.cwd(),
                now=clock(),
                fetch=_no_network,
            )
        sleep(every_s)


def _no_network(url: str) -> Fetched:
    raise UsageError(f"{url} is not fetched while a folder is watched.")
