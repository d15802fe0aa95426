"""Looking at files again and again: what changed, once it has come to rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

Files = tuple[tuple[str, int, int], ...]
"""The files of one thing that is watched: name, moment of change (nanoseconds), bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """By thing that is watched: what the last look found, and what was taken note of."""

    last: Mapping[str, Files] = field(default_factory=dict)
    taken: Mapping[str, Files] = field(default_factory=dict)


def settled(looks: Looks, found: Mapping[str, Files]) -> tuple[dict[str, tuple[str, ...]], Looks]:
    """(by thing, the names that changed; what to remember), of those that two looks found alike.

    A file that is still being written changes from look to look, and waits. What is watched for
    the first time has not changed; a file that went away has.
    """
    changed: dict[str, tuple[str, ...]] = {}
    taken: dict[str, Files] = {}
    for thing, files in found.items():
        before = taken[thing] = looks.taken.get(thing, files)
        if files != before and looks.last.get(thing) == files:
            changed[thing] = tuple(sorted({row[0] for row in {*files} ^ {*before}}))
            taken[thing] = files
    return changed, Looks(last=found, taken=taken)


def state_of(path: Path, name: str) -> Files:
    """The state of one file, called `name`; nothing where it is not there."""
    try:
        found = path.stat()
    except OSError:
        return ()
    return ((name, found.st_mtime_ns, found.st_size),)


def state_within(folders: Iterable[tuple[Path, str]]) -> Files:
    """The state of all files of some folders, by a name for each; what is hidden is left alone.

    Editors put their own beside a file while it is open: `.a.j2.swp`, `a.j2~`.
    """
    rows: list[tuple[str, int, int]] = []
    for folder, shown in folders:
        try:
            names = sorted(path.name for path in folder.iterdir())
        except OSError:
            continue  # gone for a moment; the next look may find it
        for name in names:
            if not name.startswith(".") and not name.endswith("~"):
                rows += state_of(folder / name, f"{shown}/{name}")
    return tuple(rows)
