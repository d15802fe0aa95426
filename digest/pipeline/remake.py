"""What an archived issue was made of, and the same made of it again; nothing is written here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from digest.archive import Archive, edits_text, issue_version
from digest.errors import ArchiveError, FetchError
from digest.models import Candidate, Entry, Issue, Window
from digest.net import Fetched, shown
from digest.pipeline.edit import decided
from digest.pipeline.make import Composed, Given, Meter, compose
from digest.pipeline.pictures import copies_of
from digest.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Remake:
    """An issue made again beside the archived one: what it was given, and what came of it."""

    given: Given
    composed: Composed

    @property
    def media(self) -> Mapping[str, bytes]:
        """The files of its `media/`, as a build would keep them."""
        return {**self.given.kept, **self.composed.pictures.media}


def remake(slug: str, *, settings: Settings, folder: Path, archive: Archive) -> Remake:
    """Make the issue `slug` again with `settings`, also one that is frozen, and write nothing.

    Entries, pictures, window, moment and status are those of the archive; edits, earlier issues and
    the theme are what is there now. Raises ArchiveError where the issue is damaged, and whatever
    `build` raises.
    """
    given = archived(slug, archive=archive, folder=folder)
    composed = compose(
        given,
        settings=settings,
        folder=folder,
        archive=archive,
        blurbs=None,
        meter=Meter(lambda *_: None),
    )
    # An approval counts from its own moment on, and so does sending: no build has to follow.
    status = archive.row(slug).status or composed.issue.status
    composed = replace(composed, issue=replace(composed.issue, status=status))
    return Remake(given=given, composed=composed)


def archived(slug: str, *, archive: Archive, folder: Path) -> Given:
    """What the archived issue is made of.

    Pictures of stories that were not in the issue are not archived: such a story comes without.
    """
    over = issue_version(archive.folder, slug)
    by_hand = edits_text(archive.folder, slug)
    by_editor = decided(archive, slug, folder=folder)
    before = archive.load(slug)
    entries = [found for row in archive.candidates(slug) if (found := _published(row))]
    media = archive.media(slug)
    try:
        zone = ZoneInfo(before.newsletter.zone)
    except (ValueError, KeyError, OSError):
        raise ArchiveError(
            f"{archive.folder.name}/{slug}/issue.json names a time zone that is not known, "
            f"{before.newsletter.zone[:60]!r}."
        ) from None

    def local(moment: datetime) -> datetime:  # a file holds its offset, and not the zone's name
        return moment.astimezone(zone)

    named = {entry.image.url for entry in entries if entry.image}
    return Given(
        slug=slug,
        window=Window(start=local(before.window.start), end=local(before.window.end)),
        now=before.now,
        entries=entries,
        # A copy stands in for its original, which is not archived.
        pictures={**media, **copies_of(archive, slug)},
        by_editor=by_editor,
        by_hand=by_hand,
        fetch=_not_asked,
        # A picture whose story leaves the issue now may be wanted again in a moment.
        kept={name: data for name, data in media.items() if name in named},
        over=over,
    )


def unpictured(issue: Issue, given: Given) -> tuple[str, ...]:
    """The headline of each story of `issue` whose picture is not archived."""
    there = {*given.pictures, *given.by_editor.pictures}
    images = ((story.headline, story.entry.image) for story in issue.stories)
    return tuple(
        headline
        for headline, image in images
        if image and image.url.startswith("media/") and image.url not in there
    )


def _not_asked(url: str) -> Fetched:
    raise FetchError(
        f"{shown(url)} is not in the archive, and making an issue again asks no network.",
        hint="A build from the sources brings it.",
    )


def _published(row: Candidate) -> Entry | None:
    """The entry as its source published it; None where it is a story that the editor added."""
    if ("title", "edits.toml") in row.entry.provenance:
        return None
    return row.source_entry or row.entry
