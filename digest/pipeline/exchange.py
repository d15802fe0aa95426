"""The job of import: newsletters that other tools sent become issues of the archive.

`planned` reads the files and says what each would become, and writes nothing; `written` renders
what is planned and puts it into the archive. An issue that is there is never written over.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from digest.archive import Archive, slug_of
from digest.collect import entry_id
from digest.errors import DigestError
from digest.models import Failure, Window
from digest.pipeline.choose import newsletter
from digest.pipeline.make import Step
from digest.pipeline.old_newsletters import MOST_FILES, File, Sent, files_at, read_file
from digest.pipeline.versions import IMPORTED_FROM, versions
from digest.settings import Settings

_REST = "In brief"
"""The section of stories that stood in none: as `digest.select` calls it."""
_GAP = timedelta(days=35)
"""The longest time between two issues that one window bridges."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What becomes of a newsletter: the issue of which week.

    `there`: the archive has an issue of that week, so nothing is written.
    """

    sent: Sent
    slug: str
    number: int
    there: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an import would do, oldest issue first, and the files that cannot be imported."""

    rows: tuple[Row, ...]
    failures: tuple[Failure, ...] = ()

    @property
    def new(self) -> tuple[Row, ...]:
        """The rows whose issue is not in the archive yet."""
        return tuple(row for row in self.rows if not row.there)


def planned(
    places: Sequence[Path],
    *,
    settings: Settings,
    archive: Archive,
    now: datetime,
    on_clash: Literal["earlier", "later"] = "earlier",
    step: Step = lambda *_: None,
) -> Plan:
    """Read the newsletters at `places`: files, and folders with all that lies in them.

    Of two of one week the earlier (or the later) becomes the issue, the other is a failure.
    """
    files: list[File] = []
    failures: list[Failure] = []
    for found in islice(files_at(places), MOST_FILES + 1):
        if isinstance(found, Failure):
            failures.append(found)
        else:
            files.append(found)
    if len(files) > MOST_FILES:
        what = f"There are more than {MOST_FILES:,} files; the first {MOST_FILES:,} were read."
        failures.append(Failure(where="import", what=what, hint="Import a folder at a time."))
        files = files[:MOST_FILES]
    read: list[Sent] = []
    for done, file in enumerate(files, start=1):
        step("Reading the newsletters", done, len(files))
        try:
            read.append(read_file(file, settings=settings, now=now))
        except DigestError as error:
            failures.append(Failure(where=file.name, what=error.what, hint=error.hint))
    weeks: dict[str, list[Sent]] = {}
    for sent in sorted(read, key=lambda one: (one.day, one.file)):
        weeks.setdefault(slug_of(_end(sent.day, settings)), []).append(sent)
    known = sorted({*archive.slugs(), *weeks})
    rows: list[Row] = []
    for slug, some in sorted(weeks.items()):
        kept = some[-1] if on_clash == "later" else some[0]
        failures += [_clash(sent, kept, slug) for sent in some if sent is not kept]
        rows.append(
            Row(
                sent=kept,
                slug=slug,
                number=1 + known.index(slug),
                there=os.path.lexists(archive.folder / slug),
            )
        )
    return Plan(rows=tuple(rows), failures=tuple(failures))


def written(
    plan: Plan,
    *,
    settings: Settings,
    folder: Path,
    archive: Archive,
    step: Step = lambda *_: None,
) -> tuple[tuple[str, ...], tuple[Failure, ...]]:
    """Render the new issues of `plan` and archive them, oldest first: (their slugs, failures).

    They went out long ago: their status is `sent`, and nothing changes them again.
    """
    from digest.exchange import composed
    from digest.render import fitted, load_theme, render

    theme = load_theme(settings.theme, folder=folder)
    done: list[str] = []
    failures: list[Failure] = []
    for number, row in enumerate(plan.new):
        step(f"Writing {row.slug}", number, len(plan.new))
        if os.path.lexists(archive.folder / row.slug):
            failures.append(_taken(row))
            continue
        try:
            issue, candidates = composed(
                row.sent.letter,
                origin=row.sent.file,
                slug=row.slug,
                newsletter=newsletter(settings),
                window=_window(row.sent.day, settings, archive),
                number=row.number,
                theme=settings.theme,
                rest=_REST,
                identify=lambda url, source, title: entry_id(
                    url=url, guid="", source=source, title=title
                ),
            )
            issue = fitted(issue, theme)
            archive.save(
                issue,
                candidates=candidates,
                renderings=render(issue, theme),
                media={},
                settings=settings.recorded() | {IMPORTED_FROM: row.sent.file},
                versions=versions(theme),
            )
        except DigestError as error:
            failures.append(Failure(where=row.sent.file, what=error.what, hint=error.hint))
            continue
        done.append(row.slug)
    step("Writing the issues", len(plan.new), len(plan.new))
    return tuple(done), tuple(failures)


def _end(day: date, settings: Settings) -> datetime:
    """The cut-off of an issue of that day: the newsletter's hour of it."""
    cutoff = settings.cutoff
    zone = ZoneInfo(settings.zone)
    return datetime(day.year, day.month, day.day, cutoff.hour, cutoff.minute, tzinfo=zone)


def _window(day: date, settings: Settings, archive: Archive) -> Window:
    """From the issue before it, where that is near, to its own day."""
    end = _end(day, settings)
    before = archive.previous_cutoff(end)
    near = before is not None and end - before <= _GAP
    start = before.astimezone(end.tzinfo) if before and near else end - timedelta(days=7)
    return Window(start=start, end=end)


def _clash(sent: Sent, kept: Sent, slug: str) -> Failure:
    other = "later" if sent.day >= kept.day else "earlier"
    return Failure(
        where=sent.file,
        what=f"{sent.file} is of the week {slug}, as {kept.file} is; an issue is one week's.",
        hint=f"Join the two files, or take this one instead: --on-clash {other}.",
    )


def _taken(row: Row) -> Failure:
    return Failure(
        where=row.sent.file,
        what=f"{row.slug} was written by another command meanwhile, so {row.sent.file} stays out.",
        hint="Import again: it says what is there already.",
    )
