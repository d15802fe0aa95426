"""The folder of a published site: what of it is ours, and putting files there so that it stays so.

`.digest-site.json` lists our files with their hashes. Files that it does not list are somebody
else's and are never touched. A file is written under another name and renamed, so that a reader
never meets half of one; the list is written last. What a run that was cut off had begun stands in
`.digest-site.begun`, so that the next one knows it for ours.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import stat
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from digest.codec import from_json
from digest.disk import read_regular, write_atomic
from digest.errors import DigestError, DocumentError, UsageError
from digest.models import Failure
from digest.pipeline.publish.place import refuse_link
from digest.site import File

LIST, BEGUN, STATISTICS = ".digest-site.json", ".digest-site.begun", "stats"
_OURS = re.compile(
    r"(?:[0-9]{4}-W[0-9]{2}|[0-9]{4}|search|static|latest|stats)(?:/[A-Za-z0-9][A-Za-z0-9._-]*){1,3}"
    r"|(?:index|404)\.html|feed\.xml|sitemap\.xml|robots\.txt"
)
"""The paths that a site can have: nothing else is believed of a list, or removed."""
_HOSTS_OWN = re.compile(r"\..*|CNAME|LICENSE.*|README.*", re.IGNORECASE)
"""What hosts and version control keep in a folder: a site may lie beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A file of ours: its SHA-256, size in bytes and time of change (ns) as it was written."""

    hash: str
    size: int
    changed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the list says of an issue: hashes of how it was found and of what it told, and when.

    `id` and `updated` are those of the feed.
    """

    stamp: str
    told: str
    id: str
    updated: datetime
    status: str

    def __post_init__(self) -> None:
        if self.updated.utcoffset() is None:
            raise ValueError("updated needs an offset")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The list: our files, the issues, and of what each part (see `part_of`) was made.

    `made_by` is the version of what read the issues: another one reads them again.
    """

    schema: int = 1
    made_by: str = ""
    first: str = ""
    issues: dict[str, Known] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    files: dict[str, Held] = field(default_factory=dict)


def part_of(path: str) -> str:
    """The part of the site that makes `path`: a slug, a year, `stats`, or "" for its front."""
    steps = path.split("/")
    if steps[0] == "search" and len(steps) > 2:
        return steps[1]
    own = steps[0][:4].isdigit() or steps[0] == STATISTICS
    return steps[0] if own and len(steps) > 1 else ""


class Ground:
    """The folder; with `write` off it is only compared with what would be written."""

    def __init__(self, folder: Path, *, write: bool, beside: bool) -> None:
        self.folder = folder
        self.new: list[str] = []
        self.changed: list[str] = []
        self.removed: list[str] = []
        self.bytes = self.stays = 0
        self.failures: list[Failure] = []
        self._write = write
        self._now: dict[str, Held] = {}
        self._plain: set[Path] = set()
        self._journal: Any = None
        self.before = self._listed()
        self._begun = self._begun_before()
        if self.before is None and not self._begun:
            self._refuse_others(beside=beside)
        self._known = dict(self.before.files) if self.before else {}
        self._parts: dict[str, list[str]] = {}
        for path in self._known:
            self._parts.setdefault(part_of(path), []).append(path)

    def sound(self, part: str) -> bool:
        """Whether all files of a part lie there as they were written; nothing is opened for it.

        A file with another time of change is read: copying a site changes nothing of it.
        """
        return bool(self._parts.get(part)) and all(
            self._untouched(path, self._known[path]) for path in self._parts[part]
        )

    def keep(self, part: str) -> None:
        """Leave the files of a part as they are."""
        for path in self._parts.get(part, ()):
            self._now[path] = self._known[path]
            self.stays += 1

    def put(self, files: Iterable[File]) -> bool:
        """Write files, and say whether all are there now.

        What is in the way and not ours is a failure, and the rest goes on. Raises OSError where the
        disk is full or may not be written to at all.
        """
        failures = len(self.failures)
        for file in files:
            try:
                self._put(file)
            except DigestError as error:
                self.failures.append(Failure(where=file.path, what=error.what, hint=error.hint))
        return len(self.failures) == failures

    def finish(self, listing: Listing) -> None:
        """Remove what is ours and was not made again, and write the list."""
        for path in sorted({*self._known, *self._begun} - self._now.keys()):
            self._remove(path)
        if not self._write:
            return
        rows: dict[str, Any] = {
            "schema": listing.schema,
            "made_by": listing.made_by,
            "first": listing.first,
            "issues": {k: _row(v) for k, v in sorted(listing.issues.items())},
            "parts": dict(sorted(listing.parts.items())),
            "files": {k: _row(v) for k, v in sorted(self._now.items())},
        }
        text = json.dumps(rows, ensure_ascii=False, separators=(",", ":")).replace("},", "},\n")
        self.close()
        old = self.folder / LIST
        if not old.is_file() or old.read_text("utf-8", "replace") != text + "\n":
            write_atomic(old, text + "\n")
        self._remove_torn()
        (self.folder / BEGUN).unlink(missing_ok=True)

    def close(self) -> None:
        """Write no more. Without `finish` before it, what was begun is known to the next run."""
        if self._journal is not None:
            self._journal.close()

    def _put(self, file: File) -> None:
        path = self.folder / file.path
        digest = sha256(file.data).hexdigest()
        self._plain_folders(file.path)
        try:
            there: os.stat_result | None = path.lstat()
        except FileNotFoundError:
            there = None
        if there and not stat.S_ISREG(there.st_mode):
            raise DocumentError(
                f"{file.path} is no regular file.", hint="Move it away, then publish again."
            )
        held = self._known.get(file.path)
        if there and self._same(path, there, held, digest, len(file.data)):
            self._now[file.path] = Held(hash=digest, size=there.st_size, changed=there.st_mtime_ns)
            self.stays += 1
            return
        if there and held is None and file.path not in self._begun:
            raise DocumentError(
                f"{file.path} was not written by `digest publish` and is left as it is.",
                hint="Move it away, then publish again.",
            )
        (self.changed if there else self.new).append(file.path)
        self.bytes += len(file.data)
        changed = self._written(path, file) if self._write else 0
        self._now[file.path] = Held(hash=digest, size=len(file.data), changed=changed)

    def _same(
        self, path: Path, there: os.stat_result, held: Held | None, digest: str, size: int
    ) -> bool:
        """Whether the file that is there holds what is to be written."""
        if there.st_size != size:
            return False
        if held and held.changed == there.st_mtime_ns and held.size == size:
            return held.hash == digest
        return sha256(path.read_bytes()).hexdigest() == digest

    def _untouched(self, path: str, held: Held) -> bool:
        try:
            there = (self.folder / path).lstat()
        except OSError:
            return False
        if not stat.S_ISREG(there.st_mode):
            return False
        if not self._same(self.folder / path, there, held, held.hash, held.size):
            return False
        if there.st_mtime_ns != held.changed:  # copied: it need not be read the next time
            self._known[path] = replace(held, changed=there.st_mtime_ns)
        return True

    def _written(self, path: Path, file: File) -> int:
        """Write it, readable for everybody, and say when that was."""
        if self._journal is None:
            self._make_folder(self.folder)
            # A link in its place would be followed, and what it leads to written.
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
            handle = os.open(self.folder / BEGUN, flags, 0o644)
            self._journal = os.fdopen(handle, "a", encoding="utf-8")
        self._journal.write(f"{file.path}\n")
        self._journal.flush()
        self._make_folder(path.parent)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(file.data)
                os.fchmod(out.fileno(), 0o644)
            # Not synced to the disk one by one: a machine that loses power leaves a file that is
            # not as long as the list says, and the next run mends it.
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        return path.lstat().st_mtime_ns

    def _make_folder(self, folder: Path) -> None:
        missing = [f for f in (folder, *folder.parents) if not f.exists()]
        for one in reversed(missing):
            one.mkdir()
            one.chmod(0o755)

    def _plain_folders(self, path: str) -> None:
        """Raise DocumentError where a folder on the way is a link, or no folder."""
        for step in reversed(Path(path).parents[:-1]):
            folder = self.folder / step
            if folder in self._plain:
                continue
            try:
                mode = folder.lstat().st_mode
            except FileNotFoundError:
                return
            except NotADirectoryError:
                mode = 0
            if not stat.S_ISDIR(mode):
                kind = "a symbolic link" if stat.S_ISLNK(mode) else "no folder"
                raise DocumentError(
                    f"{step} is {kind}, and nothing is written through it.",
                    hint="Move it away, then publish again.",
                )
            self._plain.add(folder)

    def _remove(self, path: str) -> None:
        found = self.folder / path
        try:
            self._plain_folders(path)
            if not stat.S_ISREG(found.lstat().st_mode):
                return
        except (OSError, DigestError):
            return
        self.removed.append(path)
        if not self._write:
            return
        found.unlink()
        for folder in found.relative_to(self.folder).parents[:-1]:
            try:
                (self.folder / folder).rmdir()
            except OSError:  # it holds something else
                break

    def _remove_torn(self) -> None:
        """Remove what a run that was cut off left under the names of files being written."""
        for path in (LIST, *sorted(self._begun)):
            named = re.compile(rf"\.{re.escape(Path(path).name)}\.[a-z0-9_]{{8}}")
            with contextlib.suppress(OSError, DigestError):
                self._plain_folders(path)
                for one in (self.folder / path).parent.iterdir():
                    if named.fullmatch(one.name) and not one.is_symlink():
                        one.unlink()

    def _listed(self) -> Listing | None:
        path = self.folder / LIST
        if not os.path.lexists(path):
            return None
        refuse_link(path)
        try:
            listing = from_json(Listing, read_regular(path, limit=1 << 28), where=LIST)
        except DocumentError as error:
            raise DocumentError(
                f"{self.folder.name}/{LIST} cannot be read: {error.what}",
                hint="Remove that file and publish with --beside: what lies there is compared.",
            ) from None
        files = {path: held for path, held in listing.files.items() if _OURS.fullmatch(path)}
        return replace(listing, files=files)

    def _begun_before(self) -> set[str]:
        path = self.folder / BEGUN
        if not os.path.lexists(path):
            return set()
        refuse_link(path)
        lines = read_regular(path, limit=1 << 26).decode("utf-8", "replace").splitlines()
        return {line for line in lines if _OURS.fullmatch(line)}

    def _refuse_others(self, *, beside: bool) -> None:
        if beside or not self.folder.is_dir():
            return
        others = sorted(p.name for p in self.folder.iterdir() if not _HOSTS_OWN.fullmatch(p.name))
        if others:
            raise UsageError(
                f"{self.folder.name} holds other things, such as {others[0]!r}.",
                hint="Name an empty folder, or add --beside: what is not the site's is left alone.",
            )


def _row(value: Held | Known) -> dict[str, Any]:
    row = {name: getattr(value, name) for name in value.__slots__}
    return row | {"updated": value.updated.isoformat()} if isinstance(value, Known) else row
