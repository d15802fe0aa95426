"""Putting a build into its place so that a crash never leaves half of one unnoticed.

Everything is written to `.staging-*` inside the archive first. A new issue is that folder,
renamed: there is no moment in which half of it is there. Over an older build, the folder becomes
`.ready-SLUG`, which is the moment of decision: from then on the new build is complete on disk,
and its files are renamed into place, issue.json last. A writer that dies before leaves the old
issue; one that dies after leaves an issue that its hashes show as torn, and whoever writes to the
archive next finishes it from `.ready-SLUG`. Files that are not the build's own (edits.toml,
corrections.toml, anything of the editor's) are never touched.
"""

from __future__ import annotations

import json
import os
import shutil
import stat
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from digest.archive.document import BUILT, is_media, sha256
from digest.archive.folder import UnreadableError, mode_of, read_plain
from digest.archive.slug import is_slug, need_slug
from digest.disk import sync_folder
from digest.errors import ArchiveError, BusyError

STAGING, READY = ".staging-", ".ready-"
DOCUMENT = "issue.json"


def put(archive: Path, slug: str, files: Mapping[str, bytes]) -> Path:
    """Make `files` (issue.json among them) the build of `slug`; the caller holds the lock."""
    target = archive / slug
    _refuse_in_the_way(target, {*files, *_built_files(target)})
    staging = Path(tempfile.mkdtemp(prefix=STAGING, dir=archive))
    try:
        _write(staging, files)
        if not target.exists():
            staging.replace(target)
            sync_folder(archive)
            return target
        ready = archive / f"{READY}{slug}"
        staging.replace(ready)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    sync_folder(archive)
    _move_in(ready, target)
    return target


def recover(archive: Path) -> None:
    """Finish or clear away what a writer that died left behind; the caller holds the lock."""
    for staging in sorted(archive.glob(f"{STAGING}*")):
        _remove(staging)
    for ready in sorted(archive.glob(f"{READY}*")):
        slug = ready.name.removeprefix(READY)
        target = archive / slug
        if ready.is_symlink() or not is_slug(slug) or target.is_symlink():
            continue  # nothing that this program made
        if not (ready / DOCUMENT).is_file() or is_frozen(target):
            _remove(ready)
            continue
        _refuse_in_the_way(target, _built_files(ready))
        _move_in(ready, target)


def is_frozen(folder: Path) -> bool:
    """Whether the issue in `folder` was sent; also told of an issue.json that is damaged.

    A quotation mark inside a JSON string is escaped, so these bytes are a status, never a text.
    Raises UnreadableError where the system does not let it see.
    """
    try:
        raw = read_plain(folder, DOCUMENT)
    except UnreadableError:
        raise
    except ArchiveError:
        return False
    try:
        return bool(json.loads(raw)["issue"]["status"] == "sent")
    except (ValueError, KeyError, TypeError, RecursionError):
        return b'"status": "sent"' in raw


def issue_version(archive: Path, slug: str) -> str:
    """A hash that changes with every file that a build makes of the issue; empty where none is."""
    try:
        return sha256(read_plain(archive / need_slug(slug), DOCUMENT))
    except ArchiveError:
        return ""


def refuse_other(folder: Path, version: str | None) -> None:
    """Raise BusyError where the issue in `folder` is not of that version; None allows any."""
    if version is not None and issue_version(folder.parent, folder.name) != version:
        raise BusyError(
            f"{folder.parent.name}/{folder.name} was built anew by another command meanwhile.",
            hint="Nothing was written; run this command again.",
        )


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    folder.chmod(0o755)
    for name, data in files.items():
        path = folder / name
        if path.parent != folder:
            path.parent.mkdir(exist_ok=True)
        with path.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        path.chmod(0o644)
    if (folder / "media").is_dir():
        sync_folder(folder / "media")
    sync_folder(folder)


def _move_in(ready: Path, target: Path) -> None:
    """Move every file of `ready` into `target`, drop the older build's, issue.json last.

    Each step can be done again, so a death in the middle is finished by doing all of it again.
    """
    stale = _built_files(target) - _built_files(ready)
    media = target / "media"
    if (ready / "media").is_dir():
        media.mkdir(parents=True, exist_ok=True)
        for file in sorted((ready / "media").iterdir()):
            file.replace(media / file.name)
        sync_folder(media)
        (ready / "media").rmdir()
    target.mkdir(exist_ok=True)
    for name in sorted(stale):
        (target / name).unlink(missing_ok=True)
    if media.is_dir() and not any(media.iterdir()):
        media.rmdir()
    for name in BUILT:
        if (ready / name).is_file():
            (ready / name).replace(target / name)
    sync_folder(target)
    (ready / DOCUMENT).replace(target / DOCUMENT)
    sync_folder(target)
    _remove(ready)
    sync_folder(target.parent)


def _built_files(folder: Path) -> set[str]:
    """The files that issue.json lists as the build's; none where it cannot be read."""
    try:
        files = json.loads(read_plain(folder, DOCUMENT))["files"]
        return {name for name in files if name in BUILT or is_media(name)}
    except (ArchiveError, ValueError, KeyError, TypeError, RecursionError):
        return set()


def _refuse_in_the_way(target: Path, names: Iterable[str]) -> None:
    """Raise ArchiveError before anything is written where something is in the way of a file."""
    shown = f"{target.parent.name}/{target.name}"
    for path, named in ((target, shown), (target / "media", f"{shown}/media")):
        mode = mode_of(path, shown=named)
        if mode and not stat.S_ISDIR(mode):
            raise ArchiveError(f"{named} is not a folder.", hint="Move it away, then build again.")
    for name in sorted(names):
        if stat.S_ISDIR(mode_of(target / name, shown=f"{shown}/{name}")):
            raise ArchiveError(
                f"{shown}/{name} is a folder where a file belongs.",
                hint="Move it away, then build again.",
            )


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()
