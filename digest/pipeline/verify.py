"""The job of verifying: what is archived is sound, and follows from what is recorded of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from digest.archive import Archive, Document, built_files, read_plain, soundness
from digest.errors import DigestError, SettingsError, TemplateError
from digest.models import Failure, Finding, Issue, Renderings, Status
from digest.pipeline.check import inspected
from digest.pipeline.make import Step
from digest.pipeline.reasons import Reason, reasons
from digest.pipeline.remake import Remake, remake
from digest.pipeline.versions import IMPORTED_FROM, THEME
from digest.settings import Settings, read_settings

_HINT = (
    "The files were changed, hashes and all, or an earlier issue or the program was changed since."
)
_ORDER = ("issue.json", "entries.jsonl", "email.txt", "email.html", "web.html", "message.eml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What was found of one issue.

    `failures` are what is wrong, `notes` what explains a difference or is worth knowing. `rebuilt`
    says whether it was made again from what is recorded, and `same` whether every byte came out
    as it is archived. One that was `imported` follows from nothing here, so it is not made again.
    """

    slug: str
    status: Status | str = ""
    failures: tuple[Failure, ...] = ()
    notes: tuple[Failure, ...] = ()
    rebuilt: bool = False
    same: bool = False
    imported: bool = False


def verify(
    slugs: tuple[str, ...],
    *,
    archive: Archive,
    folder: Path,
    quick: bool = False,
    step: Step = lambda *_: None,
) -> Iterator[Verified]:
    """Verify issues one by one; nothing is ever written, and a damaged one stops no other.

    With `quick` none is made again.
    """
    for done, slug in enumerate(slugs):
        step(f"Verifying {slug}", done, len(slugs))
        yield _verified(slug, archive=archive, folder=folder, quick=quick)
    step("Verified", len(slugs), len(slugs))


def _verified(slug: str, *, archive: Archive, folder: Path, quick: bool) -> Verified:
    found = soundness(archive, slug)
    rebuilt = same = imported = False
    failures, notes = list(found.failures), list(found.notes)
    if found.readable and not failures and not quick:
        again = _again(slug, archive=archive, folder=folder)
        failures += again.failures
        notes += again.notes
        rebuilt, same, imported = again.rebuilt, again.same, again.imported
    return Verified(
        slug=slug,
        status=_status(slug, archive),
        failures=tuple(failures),
        notes=tuple(notes),
        rebuilt=rebuilt,
        same=same,
        imported=imported,
    )


def _status(slug: str, archive: Archive) -> Status | str:
    """What a damaged issue says of itself counts too, as far as it can be read."""
    try:
        return archive.row(slug).status
    except DigestError:
        return ""


def _again(slug: str, *, archive: Archive, folder: Path) -> Verified:
    """Make the issue again from what is recorded, and compare every byte."""
    shown = f"{archive.folder.name}/{slug}"
    recorded = archive.recorded(slug)
    if IMPORTED_FROM in recorded.settings:
        return Verified(slug=slug, imported=True)
    settings = _settings(recorded)
    if isinstance(settings, str):
        what = f"{shown} is not made again: {settings}"
        return Verified(slug=slug, notes=(Failure(where=f"{shown}/issue.json", what=what),))
    made: Remake | None = None
    causes: list[Reason] = []
    differences: tuple[_Difference, ...]
    try:
        made = remake(slug, settings=settings, folder=folder, archive=archive)
        files = built_files(
            made.composed.issue,
            candidates=made.composed.choice.candidates,
            renderings=made.composed.renderings,
            media=made.media,
            settings=recorded.settings,
            versions=recorded.versions,
            edits=recorded.edits,
        )
        differences = tuple(_differences(files, slug, archive, recorded))
    except DigestError as error:
        what = f"{shown} cannot be made again: {error.what}"
        failure = Failure(where=shown, what=what, hint=error.hint)
        differences = (_Difference(name="", failure=failure),)
        if isinstance(error, TemplateError) and THEME in recorded.versions:
            causes.append(Reason(clause="it was made with a theme of your own"))
    causes += reasons(slug, archive, recorded, made) if differences else []
    explained = [one for one in differences if any(map(one.is_explained_by, causes))]
    failures = [one.failure for one in differences if one not in explained]
    notes: tuple[Failure, ...] = ()
    if explained:
        own = [cause.clause for cause in causes if any(d.is_explained_by(cause) for d in explained)]
        if _words_differ(explained, causes):
            own.append("its words differ, which a library seldom does, so compare it with a backup")
        notes = (_explained(shown, [one.failure for one in explained], own),)
        failures += _untold(slug, archive, made) if made else ()
    return Verified(
        slug=slug,
        failures=tuple(failures),
        notes=notes,
        rebuilt=made is not None,
        same=not differences,
    )


def _words_differ(explained: Sequence[_Difference], causes: Sequence[Reason]) -> bool:
    """Whether email.txt reads otherwise, though nothing changed that shapes what an issue says."""
    return all(cause.shapes != "all" for cause in causes) and any(
        one.name == "email.txt" and (one.before or b"").split() != (one.after or b"").split()
        for one in explained
    )


def _untold(slug: str, archive: Archive, made: Remake) -> Iterator[Failure]:
    """Where the renderings do not tell the issue, whatever version made both.

    A theme of one's own may leave out what the checks look for: then it does so today, too.
    """
    if any(_parity(made.composed.issue, made.composed.renderings)):
        return
    for finding in _parity(archive.load(slug), archive.renderings(slug)):
        where = f"{archive.folder.name}/{slug}/{finding.where}"
        what = f"{where}: {finding.what} That is no matter of versions."
        yield Failure(where=where, what=what, hint=_HINT)


def _parity(issue: Issue, renderings: Renderings) -> Iterator[Finding]:
    for finding in inspected(issue, renderings, media={}, past=()):
        if finding.check == "parity" and finding.level == "error":
            yield finding


def _explained(shown: str, differences: Sequence[Failure], reasons: Sequence[str]) -> Failure:
    """One note for all that differs, with what explains it."""
    first, *others = differences
    names = ", ".join(row.where.removeprefix(f"{shown}/") for row in others)
    also = f"; so do {names}" if names else ""
    return Failure(where=first.where, what=f"{first.what.rstrip('.')}{also}: {'; '.join(reasons)}.")


def _settings(recorded: Document) -> Settings | str:
    """The settings that the issue was made with, or why they are not known."""
    try:
        settings = read_settings(None, recorded.settings)
    except SettingsError as error:
        return error.what.replace("in the environment", "as recorded")
    now = settings.recorded()
    known = [key for key in now if key in recorded.settings]
    if any(now[key] != recorded.settings[key] for key in known):
        return "the settings that are recorded cannot be read back."
    if 2 * len(known) < len(now):
        return (
            f"{len(now) - len(known)} of its settings are not recorded, so it comes from elsewhere "
            "or from another version of digest."
        )
    return settings


@dataclass(frozen=True, slots=True, kw_only=True)
class _Difference:
    """A file that comes out otherwise, or, without a name, an issue that cannot be made again."""

    name: str
    failure: Failure
    before: bytes | None = None
    after: bytes | None = None

    def is_explained_by(self, reason: Reason) -> bool:
        return not self.name or reason.explains(self.name, self.before, self.after)


def _differences(
    files: Mapping[str, bytes], slug: str, archive: Archive, recorded: Document
) -> Iterator[_Difference]:
    """A failure for each file that comes out otherwise, the ones that people read first."""
    folder = f"{archive.folder.name}/{slug}"
    held = {"issue.json", *recorded.files}
    for name in sorted({*files, *held}, key=lambda name: (_rank(name), name)):
        shown = f"{folder}/{name}"
        before = _held(archive, slug, name) if name in held else None
        after = files.get(name)
        hint = ""
        if before is None or after is None:
            what = f"{shown} would{'' if before is None else ' not'} be there if it was made again."
        else:
            if name == "issue.json":
                before, after = _hashless(before), _hashless(after)
            if before == after:
                continue
            place = _first_difference(before, after, name)
            what, hint = f"{shown} differs from what is made again: {place}.", _HINT
        failure = Failure(where=shown, what=what, hint=hint)
        yield _Difference(name=name, failure=failure, before=before, after=after)


def _rank(name: str) -> int:
    return _ORDER.index(name) if name in _ORDER else len(_ORDER)


def _hashless(document: bytes) -> bytes:
    """issue.json without the hashes: a file that differs is named itself, and once."""
    return document.partition(b'\n  "files": {')[0]


def _held(archive: Archive, slug: str, name: str) -> bytes:
    if name == "issue.json":
        return read_plain(archive.path(slug), name)
    return archive.read(slug, name)


def _first_difference(before: bytes, after: bytes, name: str) -> str:
    """Where two files part, in words."""
    if name.startswith("media/"):
        return f"{len(before):,} bytes, now {len(after):,}"
    old, new = before.split(b"\n"), after.split(b"\n")
    line = next(
        (at for at, (one, other) in enumerate(zip(old, new, strict=False)) if one != other),
        min(len(old), len(new)),
    )
    one, other = (_line(lines, line) for lines in (old, new))
    start = next(
        (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )
    return f"line {line + 1:,}: “{_around(one, start)}”, now “{_around(other, start)}”"


def _line(lines: list[bytes], at: int) -> str:
    return lines[at].decode("utf-8", "replace") if at < len(lines) else "(the end)"


def _around(line: str, start: int) -> str:
    """What a line says where it begins to differ."""
    begin = max(0, start - 30)
    words = " ".join(line[begin : start + 50].split())
    return ("…" if begin else "") + words + ("…" if len(line) > start + 50 else "")
