"""The statistics of an archive, with a tally of each issue kept for the next time.

What is kept is derived: a line for each issue, of its slug, a hash of its issue.json, its
edits.toml and this program's version, and the tally as JSON. It may be deleted or damaged at any
time: then the issues are read again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import date
from pathlib import Path

from digest import __version__, disk
from digest.archive.document import sha256
from digest.archive.edits import NAME as EDITS
from digest.archive.edits import edits_text, parse_edits
from digest.archive.folder import plain_size, read_plain
from digest.archive.glance import files_of
from digest.archive.stats import count
from digest.archive.store import Archive
from digest.archive.tallies import tally_of
from digest.codec import from_json, to_json
from digest.edits import Edits
from digest.errors import ArchiveError, DigestError, DocumentError
from digest.models import Failure, Status
from digest.statistics import Statistics, Tally

KEPT = "tallies.jsonl"
_FORM = 2
"""To be counted up when tallies are counted in another way."""
_MOST_BYTES = 256_000_000
ALL: tuple[Status, ...] = ("draft", "approved", "sent")


def read_statistics(
    archive: Archive,
    *,
    cache: Path | None = None,
    last: int | None = None,
    start: date | None = None,
    end: date | None = None,
    statuses: Collection[Status] = ALL,
    save: bool = True,
    progress: Callable[[str, int, int], None] = lambda *_: None,
) -> tuple[Statistics, tuple[Failure, ...]]:
    """What is counted over the issues of `archive`, and what could not be.

    `last`, `start` and `end` choose among them as in `count`. Only issues of the `statuses` count,
    also for what ran before. `cache` is the folder where tallies are kept; it need not be there,
    and nothing is written to it without `save`. A damaged issue is reported and left out; where
    edits.toml is, what it says is.
    """
    books = _Books(archive, cache)

    def tallies() -> Iterator[Tally]:
        slugs = archive.slugs()
        for number, slug in enumerate(slugs, start=1):
            progress("Counting", number, len(slugs))
            tally = books.tally(slug)
            if tally and tally.status in statuses:
                yield tally

    found = count(tallies(), last=last, start=start, end=end)
    if save:
        books.save()
    return found, tuple(books.failures)


class _Books:
    """The tallies of an archive, kept or counted now."""

    def __init__(self, archive: Archive, cache: Path | None) -> None:
        self._archive = archive
        self._file = cache / KEPT if cache else None
        self._kept = self._read()
        self._lines: dict[str, str] = {}
        self._new = False
        self.failures: list[Failure] = []

    def tally(self, slug: str) -> Tally | None:
        """What is counted of an issue; None for one that is damaged, which is reported."""
        where = f"{self._archive.folder.name}/{slug}"
        try:
            folder = self._archive.path(slug)
            document = read_plain(folder, "issue.json")
            text, sound = self._edits_text(slug, where)
            key = sha256(f"{_FORM} {__version__} {sha256(document)} {text}".encode())
            if sound and (kept := self._kept_tally(slug, key)):
                return kept
            edits, sound = self._edits(text, where) if sound else (Edits(), False)
            tally = self._count(slug, document, edits, where)
        except DigestError as error:
            self.failures.append(
                Failure(where=where, what=error.what, hint=error.hint or "It is not counted.")
            )
            return None
        if sound:  # else the next time reports it again
            self._lines[slug] = f"{slug} {key} {to_json(tally)}"
            self._new = True
        return tally

    def save(self) -> None:
        """Keep the tallies; where that cannot be, they are counted again the next time."""
        if self._file and self._lines and (self._new or self._lines.keys() != self._kept.keys()):
            disk.write_kept(self._file, "".join(f"{one}\n" for one in self._lines.values()))

    def _kept_tally(self, slug: str, key: str) -> Tally | None:
        line = self._kept.get(slug, "")
        _, held, text = (*line.split(" ", 2), "", "")[:3]
        if held != key:
            return None
        try:
            tally = from_json(Tally, text, where=KEPT)
        except DocumentError:
            return None
        if tally.slug != slug:
            return None
        self._lines[slug] = line
        return tally

    def _count(self, slug: str, document: bytes, edits: Edits, where: str) -> Tally:
        folder = self._archive.path(slug)
        files = files_of(document, where=f"{where}/issue.json", slug=slug)
        rows = read_plain(folder, "entries.jsonl")
        if sha256(rows) != files["entries.jsonl"]:
            raise ArchiveError(
                f"{where}/entries.jsonl is not what issue.json recorded.",
                hint=f"`digest issues verify {slug}` says more; it is not counted.",
            )
        size = plain_size(folder, "email.html")
        return tally_of(document, rows, edits, html_bytes=size, where=where)

    def _edits_text(self, slug: str, where: str) -> tuple[str, bool]:
        try:
            return edits_text(self._archive.folder, slug), True
        except DigestError as error:
            return self._unsound(error, where), False

    def _edits(self, text: str, where: str) -> tuple[Edits, bool]:
        try:
            return parse_edits(text, where=f"{where}/{EDITS}") if text else Edits(), True
        except DigestError as error:
            self._unsound(error, where)
            return Edits(), False

    def _unsound(self, error: DigestError, where: str) -> str:
        what = f"{error.what} What it says is not counted."
        self.failures.append(Failure(where=f"{where}/{EDITS}", what=what, hint=error.hint))
        return ""

    def _read(self) -> dict[str, str]:
        """The lines that are kept, by slug; none of them is read before it is asked for."""
        raw = disk.read_kept(self._file, limit=_MOST_BYTES) if self._file else None
        lines = (raw or b"").decode("utf-8", errors="replace").split("\n")
        return {line.partition(" ")[0]: line for line in lines if line}
