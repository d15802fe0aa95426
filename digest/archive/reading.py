"""One look at an issue, for who shows it to others: what it holds, each file read once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property
from hashlib import sha256

from digest.archive.corrections import NAME as CORRECTIONS
from digest.archive.document import is_media, join
from digest.archive.edits import NAME as EDITS
from digest.archive.store import Archive
from digest.errors import ArchiveError
from digest.models import Issue

_TOLD = ("issue.json", "entries.jsonl", "web.html", CORRECTIONS, EDITS)


class Reading:
    """An issue's document, read when this is made; its other files when they are asked for.

    Everything is compared with the hashes of the document. Raises ArchiveError or DocumentError,
    in one sentence, as `Archive` does.
    """

    def __init__(self, archive: Archive, slug: str) -> None:
        self.slug = slug
        self._archive = archive
        archive.path(slug)
        self._document = archive.recorded(slug)

    @property
    def status(self) -> str:
        """`draft`, `approved` or `sent`, as the build or sending noted it."""
        return str(self._document.issue.get("status", "draft"))

    @cached_property
    def issue(self) -> Issue:
        """The issue, its stories with their entries."""
        where = f"{self._archive.folder.name}/{self.slug}"
        rows = self._read("entries.jsonl")
        return join(
            self._document,
            rows,
            where=f"{where}/issue.json",
            entries_where=f"{where}/entries.jsonl",
        )

    @property
    def media(self) -> Mapping[str, str]:
        """The SHA-256 of each picture, by `media/<name>`."""
        return {name: it for name, it in self._document.files.items() if is_media(name)}

    def picture(self, name: str) -> bytes:
        """The bytes of the picture `media/<name>`."""
        return self._read(name)

    @cached_property
    def web_html(self) -> str:
        """The issue's page for the web."""
        try:
            return self._read("web.html").decode("utf-8")
        except UnicodeDecodeError:
            where = f"{self._archive.folder.name}/{self.slug}/web.html"
            raise ArchiveError(f"{where} is not UTF-8.") from None

    def _read(self, name: str) -> bytes:
        return self._archive.read_recorded(self.slug, name, self._document)


def stamp_of(archive: Archive, slug: str) -> str:
    """A hash that changes whenever a file that is shown, or that decides over it, is written anew.

    It is made of names, sizes and times: nothing is opened. Empty where the system does not say.
    """
    folder = archive.folder / slug
    seen: list[str] = []
    try:
        for name in _TOLD:
            try:
                seen.append(f"{name}:{_seen(os.lstat(folder / name))}")
            except FileNotFoundError:
                seen.append(f"{name}:")
        try:
            with os.scandir(folder / "media") as found:
                seen += sorted(f"{it.name}:{_seen(it.stat(follow_symlinks=False))}" for it in found)
        except FileNotFoundError:
            pass
    except OSError:
        return ""
    return sha256("\n".join(seen).encode("utf-8", "replace")).hexdigest()[:32]


def _seen(found: os.stat_result) -> str:
    return f"{found.st_mode:o}:{found.st_size}:{found.st_mtime_ns}:{found.st_ino}"
