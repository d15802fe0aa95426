"""An issue made again from what the archive holds of it: no source is read, no network asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from digest.archive import Archive, edits_text, issue_version
from digest.errors import FetchError
from digest.models import Candidate, Entry, Window
from digest.net import Fetched, shown
from digest.pipeline.edit import decided
from digest.pipeline.make import Built, Given, Meter, Step, make
from digest.pipeline.pictures import copies_of, refuse_homeless
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
        over = issue_version(archive.folder, slug)
        archive.path(slug)
        archive.refuse_frozen(slug)
        by_hand = edits_text(archive.folder, slug)
        by_editor = decided(archive, slug, folder=folder)
        before = archive.load(slug)
        entries = [found for row in archive.candidates(slug) if (found := _published(row))]
        archived = archive.media(slug)
        # A copy stands in for its original, which is not archived.
        pictures = {**archived, **copies_of(archive, slug)}
    zone = ZoneInfo(before.newsletter.zone)

    def local(moment: datetime) -> datetime:  # a file holds its offset, and not the zone's name
        return moment.astimezone(zone)

    named = {entry.image.url for entry in entries if entry.image}
    built = make(
        Given(
            slug=slug,
            window=Window(start=local(before.window.start), end=local(before.window.end)),
            now=before.now,
            entries=entries,
            pictures=pictures,
            by_editor=by_editor,
            by_hand=None if watched else by_hand,
            fetch=_not_asked,
            # A picture whose story leaves the issue now may be wanted again in a moment.
            kept={name: data for name, data in archived.items() if name in named},
            over=over,
        ),
        settings=settings,
        folder=folder,
        archive=archive,
        blurbs=blurbs,
        save=save,
        meter=meter,
    )
    return replace(built, notes=built.notes + _unpictured(built, {*pictures, *by_editor.pictures}))


def _not_asked(url: str) -> Fetched:
    raise FetchError(
        f"{shown(url)} is not in the archive, and making an issue again asks no network.",
        hint="A build from the sources brings it.",
    )


def _unpictured(built: Built, there: set[str]) -> tuple[str, ...]:
    """A note for each story of the issue whose picture is not archived."""
    images = ((story.headline, story.entry.image) for story in built.issue.stories)
    return tuple(
        f"The picture of “{headline}” is not in the archive; a build from the sources brings it."
        for headline, image in images
        if image and image.url.startswith("media/") and image.url not in there
    )


def _published(row: Candidate) -> Entry | None:
    """The entry as its source published it; None where it is a story that the editor added."""
    if ("title", "edits.toml") in row.entry.provenance:
        return None
    return row.source_entry or row.entry
