"""The folder `issues/`: saving an issue, loading it back, listing them all."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from digest import disk
from digest.archive import memory, staging
from digest.archive.document import (
    RENDERED,
    Document,
    built_files,
    is_media,
    join,
    read_candidates,
    read_document,
    sha256,
    some_candidates,
)
from digest.archive.folder import (
    UnreadableError,
    is_there,
    oddity_of,
    read_plain,
    refuse_beyond_bound,
)
from digest.archive.glance import Row
from digest.archive.listing import Listing, glance_at, named, years_of
from digest.archive.slug import need_slug, slug_of
from digest.errors import ArchiveError, DigestError, DocumentError
from digest.models import Candidate, Failure, Issue, PastIssue, Renderings


class Archive:
    """All issues of one newsletter, in `folder`, which need not be there yet.

    Every method that takes a slug raises ArchiveError, in one sentence, when there is no such
    issue or when it is damaged.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._listing = Listing(folder)

    def slugs(self) -> tuple[str, ...]:
        """The issues by name, oldest first; links and whatever else lies there are no issues."""
        return tuple(name for name, is_folder in named(self.folder) if is_folder)

    def names(self) -> list[str]:
        """Whatever bears the name of an issue, oldest first, sound or not; see `slugs`."""
        return [name for name, _ in named(self.folder)]

    def years(self) -> dict[str, int]:
        """How many issues each year has, sound or not, the latest year first."""
        return years_of(self.names())

    def rows(self, year: str = "", *, pictured: bool = True) -> tuple[Row, ...]:
        """A line for each issue, or those of a `year`; a damaged one has its problem instead.

        Not `pictured`: without the pictures, for which each email is read.
        """
        names = (name for name in self.names() if name.startswith(year))
        return tuple(self._listing.row(name, pictured=pictured) for name in names)

    def row(self, slug: str) -> Row:
        """The line of one issue."""
        self.path(slug)
        return self._listing.row(slug)

    def path(self, slug: str) -> Path:
        """The folder of an issue that is there."""
        need_slug(slug)
        oddity = oddity_of(self.folder, slug)
        if oddity:
            raise ArchiveError(oddity, hint="`digest issues list` shows the archive.")
        return self.folder / slug

    def load(self, slug: str, *, whole: bool = True) -> Issue:
        """The issue, its stories with their entries; every file of it is compared with its hash.

        Not `whole`: only what is loaded, so that a picture that is gone hides no story.
        """
        document = self._document(slug)
        for name in document.files if whole else ():
            if name != "entries.jsonl":
                self.read_recorded(slug, name, document)
        rows = self.read_recorded(slug, "entries.jsonl", document)
        where = self._where(slug)
        try:
            return join(
                document,
                rows,
                where=f"{where}/issue.json",
                entries_where=f"{where}/entries.jsonl",
            )
        except DigestError as error:
            raise self._damaged(slug, error) from None

    def candidates(self, slug: str) -> tuple[Candidate, ...]:
        """Every candidate of the issue; raises DocumentError that names each bad line."""
        raw = self._plain(slug, "entries.jsonl")
        try:
            return read_candidates(raw, where=f"{self._where(slug)}/entries.jsonl")
        except DocumentError as error:
            raise DocumentError(error.what, hint=self._damaged(slug, error).hint) from None

    def some_candidates(self, slug: str, keys: Collection[str]) -> dict[str, Candidate]:
        """The candidates of these ids, as far as they are there; cheaper than all of them."""
        raw = self._plain(slug, "entries.jsonl")
        return some_candidates(raw, keys, where=f"{self._where(slug)}/entries.jsonl")

    def renderings(self, slug: str) -> Renderings:
        """The four renderings, each compared with its hash."""
        document = self._document(slug)
        html, text, web, message = (self.read_recorded(slug, name, document) for name in RENDERED)
        try:
            return Renderings(
                email_html=html.decode("utf-8"),
                email_txt=text.decode("utf-8"),
                web_html=web.decode("utf-8"),
                message=message,
            )
        except UnicodeDecodeError:
            raise self._damaged(
                slug, ArchiveError(f"A rendering of {self._where(slug)} is not UTF-8.")
            ) from None

    def media(self, slug: str) -> dict[str, bytes]:
        """The pictures that the build kept, by `media/<name>`."""
        document = self._document(slug)
        names = sorted(name for name in document.files if is_media(name))
        return {name: self.read_recorded(slug, name, document) for name in names}

    def read(self, slug: str, name: str) -> bytes:
        """One file of the build (`email.html`, `media/<name>`), compared with its hash."""
        document = self._document(slug)
        if name not in document.files:
            raise ArchiveError(f"{self._where(slug)} has no file {name[:80]!r}.")
        return self.read_recorded(slug, name, document)

    def read_recorded(self, slug: str, name: str, document: Document) -> bytes:
        """The same by `document`, which `recorded` gave: issue.json is not read again."""
        raw = self._plain(slug, name)
        if sha256(raw) != document.files[name]:
            raise self._damaged(
                slug,
                ArchiveError(
                    f"{self._where(slug)}/{name} is not what issue.json recorded: a build was "
                    "interrupted, or the file was changed since."
                ),
            )
        return raw

    def verify(self, slug: str) -> tuple[Failure, ...]:
        """Everything that is wrong with an issue, file by file; nothing where all is well."""
        try:
            document = self._document(slug)
        except DigestError as error:
            return (Failure(where=self._where(slug), what=error.what, hint=error.hint),)
        failures: list[Failure] = []
        for name in document.files:
            try:
                self.read_recorded(slug, name, document)
            except ArchiveError as error:
                place = f"{self._where(slug)}/{name}"
                failures.append(Failure(where=place, what=error.what, hint=error.hint))
        if not failures:
            try:
                self.candidates(slug)
                self.load(slug)
            except DigestError as error:
                failures.append(Failure(where=self._where(slug), what=error.what, hint=error.hint))
        return tuple(failures)

    def recorded(self, slug: str) -> Document:
        """issue.json as it stands: what the build recorded of itself beside the issue."""
        return self._document(slug)

    def refuse_frozen(self, slug: str) -> None:
        """Raise ArchiveError when the issue was sent: what readers got is never changed.

        Also where the system does not let anybody see whether it was.
        """
        need_slug(slug)
        if not oddity_of(self.folder, slug) and staging.is_frozen(self.folder / slug):
            raise ArchiveError(
                f"{self._where(slug)} was sent; it is frozen and is not built again.",
                hint="Build another week with `digest build --issue YEAR-Wnn`.",
            )

    def save(
        self,
        issue: Issue,
        *,
        candidates: Sequence[Candidate],
        renderings: Renderings,
        media: Mapping[str, bytes],
        settings: Mapping[str, str],
        versions: Mapping[str, str],
        over: str | None = None,
        edits: str = "",
    ) -> Path:
        """Write the issue, all or nothing, and return its folder.

        A draft or approved issue is built anew; `edits.toml`, `corrections.toml` and all that is
        not the build's own stay. `media` is by `media/<name>`; `over` is the version that must
        still be there, `edits` what `decided_hash` said of the decisions taken in. Raises
        ArchiveError when the issue was sent or the disk refuses, BusyError when another process is
        writing, or wrote another version.
        """
        need_slug(issue.slug)
        files = built_files(
            issue,
            candidates=candidates,
            renderings=renderings,
            media=media,
            settings=settings,
            versions=versions,
            edits=edits,
        )
        is_there(self.folder)  # names whatever is in its place
        for name, data in files.items():
            refuse_beyond_bound(self.folder / issue.slug, name, len(data))
        try:
            with disk.lock(self.folder / ".lock", what=f"The archive {self.folder.name}"):
                staging.recover(self.folder)
                self.refuse_frozen(issue.slug)
                staging.refuse_other(self.folder / issue.slug, over)
                return staging.put(self.folder, issue.slug, files)
        except OSError as error:
            raise ArchiveError(
                f"{self._where(issue.slug)} cannot be written: {error.strerror or error}.",
                hint="The issue that was there before is kept; mend this, then build again.",
            ) from None

    def past(
        self, before: datetime, limit: int
    ) -> tuple[tuple[PastIssue, ...], tuple[Failure, ...]]:
        """What the `limit` latest issues before the cut-off `before` ran, latest first.

        Earlier means both: of an earlier week, and with an earlier cut-off, so that the draft of
        the week of `before` is never its own past. Damaged issues are reported and passed over.
        """
        found: list[PastIssue] = []
        failures: list[Failure] = []
        for slug in self._before(before):
            if len(found) >= limit:
                break
            try:
                glance = glance_at(self.folder, slug)
                if glance.window.end >= before:
                    continue
                document = self._document(slug)
                found.append(
                    memory.past_issue(
                        document,
                        self.read_recorded(slug, "entries.jsonl", document),
                        window=glance.window,
                        status=glance.status,
                        where=self._where(slug),
                    )
                )
            except DigestError as error:
                failures.append(
                    Failure(
                        where=self._where(slug),
                        what=f"{error.what} What it ran is not known.",
                        hint=self._damaged(slug, error).hint,
                    )
                )
        return tuple(found), tuple(failures)

    def previous_cutoff(self, before: datetime) -> datetime | None:
        """The cut-off of the latest earlier issue, None where there is none; see `past`."""
        for slug in self._before(before):
            try:
                end = glance_at(self.folder, slug).window.end
            except DigestError:
                continue
            if end < before:
                return end
        return None

    def first_seen(self, slug: str | None = None, *, limit: int = 4) -> dict[str, datetime]:
        """When each entry was first seen, by id, over recorded candidates.

        Each build hands on what it remembers, so few issues tell all: the `limit` latest, or,
        around `slug`, that one, the `limit` before it and the `limit` after it.
        """
        slugs = self.slugs()
        at = sum(s <= slug for s in slugs) if slug is not None else len(slugs)
        chosen = slugs[max(0, at - limit - (slug is not None)) : at + limit]
        return memory.earliest(self._rows_of(chosen))

    def _document(self, slug: str) -> Document:
        raw = self._plain(slug, "issue.json")
        try:
            return read_document(raw, where=f"{self._where(slug)}/issue.json", slug=slug)
        except DigestError as error:
            raise self._damaged(slug, error) from None

    def _plain(self, slug: str, name: str) -> bytes:
        folder = self.path(slug)
        try:
            return read_plain(folder, name)
        except ArchiveError as error:
            raise self._damaged(slug, error) from None

    def _damaged(self, slug: str, error: DigestError) -> ArchiveError:
        if isinstance(error, UnreadableError):  # nothing is lost, and a build would not help
            return error
        try:
            frozen = staging.is_frozen(self.folder / slug)
        except UnreadableError as refused:
            return ArchiveError(error.what, hint=refused.hint)
        hint = (
            "It was sent and is frozen: bring the file back from a backup."
            if frozen
            else f"To build it anew: `digest build --issue {slug}`."
        )
        return ArchiveError(error.what, hint=hint)

    def _before(self, cutoff: datetime) -> Iterator[str]:
        """The issues of the weeks before that of `cutoff`, latest first."""
        own = slug_of(cutoff)
        return (slug for slug in reversed(self.slugs()) if slug < own)

    def _rows_of(self, slugs: Sequence[str]) -> Iterator[bytes]:
        for slug in slugs:
            try:
                yield read_plain(self.folder / slug, "entries.jsonl")
            except ArchiveError:
                continue

    def _where(self, slug: str) -> str:
        return f"{self.folder.name}/{slug}"
