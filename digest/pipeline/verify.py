"""The job of verifying: what is archived is sound, and follows from what is recorded of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from digest.archive import Archive, Document, built_files, edited_since_build, read_plain, soundness
from digest.errors import DigestError, SettingsError, TemplateError
from digest.models import Failure, Status
from digest.pipeline.make import Step
from digest.pipeline.remake import Remake, remake, unpictured
from digest.pipeline.versions import IMPORTED_FROM, THEME, theme_version, versions
from digest.settings import Settings, read_settings

_NEVER = datetime(1, 1, 1, tzinfo=UTC)
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
    reasons: list[str] = []
    differences: tuple[Failure, ...]
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
        differences = (Failure(where=shown, what=what, hint=error.hint),)
        if isinstance(error, TemplateError) and THEME in recorded.versions:
            reasons.append("it was made with a theme of your own")
    reasons += _reasons(slug, archive, recorded, made) if differences else []
    return Verified(
        slug=slug,
        failures=() if reasons else differences,
        notes=(_explained(shown, differences, reasons),) if reasons else (),
        rebuilt=made is not None,
        same=not differences,
    )


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


def _other_settings(recorded: Document) -> Iterator[str]:
    """The settings that another version of the program recorded, or did not know yet."""
    here = read_settings(None, recorded.settings).recorded().keys()
    lost = [key for key in here if key not in recorded.settings]
    if lost:
        yield f"{lost[0]} was not recorded"
    unknown = sorted(recorded.settings.keys() - here)
    if unknown:
        yield f"{unknown[0][:60]} is no setting here"


def _differences(
    files: Mapping[str, bytes], slug: str, archive: Archive, recorded: Document
) -> Iterator[Failure]:
    """A failure for each file that comes out otherwise, the ones that people read first."""
    folder = f"{archive.folder.name}/{slug}"
    held = {"issue.json", *recorded.files}
    for name in sorted({*files, *held}, key=lambda name: (_rank(name), name)):
        shown = f"{folder}/{name}"
        if name not in files:
            yield Failure(where=shown, what=f"{shown} would not be there if it was made again.")
        elif name not in held:
            yield Failure(where=shown, what=f"{shown} would be there if it was made again.")
        else:
            before, after = _held(archive, slug, name), files[name]
            if name == "issue.json":
                before, after = _hashless(before), _hashless(after)
            if before != after:
                place = _first_difference(before, after, name)
                what = f"{shown} differs from what is made again: {place}."
                yield Failure(where=shown, what=what, hint=_HINT)


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


def _reasons(slug: str, archive: Archive, recorded: Document, made: Remake | None) -> Iterator[str]:
    """What makes it no wonder that the issue comes out otherwise now, each a clause."""
    here = versions(made.composed.theme) if made else versions(None)
    for name, was in sorted(recorded.versions.items()):
        if name == THEME:
            continue
        now = here.get(name)
        if now != was:
            yield f"it was made with {name} {was}, here is {now or 'none'}"
    yield from _other_settings(recorded)
    if made:
        yield from _theme(recorded, made)
        yield from _past(archive, recorded, made)
        headlines = unpictured(made.composed.issue, made.given)
        if headlines:
            yield f"the picture of “{headlines[0][:60]}” is not archived"
        for failure in made.given.by_editor.failures[:1]:
            yield f"{failure.where}: {failure.what.rstrip('.')}"
    if edited_since_build(archive.folder, slug):
        yield "edits.toml was changed since it was built"


def _theme(recorded: Document, made: Remake) -> Iterator[str]:
    theme, was = made.composed.theme, recorded.versions.get(THEME)
    if theme.own and was is None:
        yield f"{theme.shown} is a theme of your own, of which no version was recorded"
    elif theme.own and was != theme_version(theme):
        yield f"{theme.shown} was changed since"
    elif was is not None and not theme.own:
        yield f"it was made with a theme of your own, templates/{theme.name}, which is gone"


def _past(archive: Archive, recorded: Document, made: Remake) -> Iterator[str]:
    """Where the archive holds other earlier issues than it did."""
    number, now = recorded.issue.get("number"), made.composed.issue.number
    if number != now:
        yield f"it was issue {number} and is issue {now} now: earlier ones came or went"
        return
    for failure in made.composed.choice.damaged[:1]:
        yield f"an earlier issue is damaged, {failure.where}"
    for past in made.composed.choice.past:
        if _moment(archive, past.slug) > made.composed.issue.now:
            yield f"{past.slug} was built after it"
            return


def _moment(archive: Archive, slug: str) -> datetime:
    """When an issue was built, by its own word; the begin of time where it is not said."""
    try:
        moment = datetime.fromisoformat(str(archive.recorded(slug).issue.get("now")))
        return moment if moment.tzinfo else _NEVER
    except (DigestError, ValueError):
        return _NEVER
