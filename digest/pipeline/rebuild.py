"""An issue made again from what the archive holds of it: no source is read, no network asked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from digest.archive import Archive
from digest.pipeline.make import Built, Meter, Step, make
from digest.pipeline.pictures import refuse_homeless
from digest.pipeline.remake import archived, unpictured
from digest.settings import Settings


def rebuild(
    slug: str,
    *,
    settings: Settings,
    folder: Path,
    archive: Archive,
    save: bool = True,
    blurbs: Path | None = None,
    watched: bool = False,
    step: Step = lambda *_: None,
) -> Built:
    """Make the issue `slug` again: its entries, pictures, window and moment as they are archived.

    Settings, theme and edits are today's; where nothing changed, every byte is as it was. Pictures
    of stories that were not in the issue are not archived: such a story comes without, which the
    next build from sources mends. Raises ArchiveError when the issue is not there, damaged or
    frozen, BusyError when another process wrote it meanwhile, and whatever `build` raises. With
    `watched` nothing is said of edits that come while this runs: the caller sees them himself.
    """
    refuse_homeless(settings)
    meter = Meter(step)
    with meter.stage("read", "Reading the archive"):
        archive.path(slug)
        archive.refuse_frozen(slug)
        given = archived(slug, archive=archive, folder=folder)
    built = make(
        replace(given, by_hand=None if watched else given.by_hand),
        settings=settings,
        folder=folder,
        archive=archive,
        blurbs=blurbs,
        save=save,
        meter=meter,
    )
    notes = tuple(
        f"The picture of “{headline}” is not in the archive; a build from the sources brings it."
        for headline in unpictured(built.issue, given)
    )
    return replace(built, notes=built.notes + notes)
