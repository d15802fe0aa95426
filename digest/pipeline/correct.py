"""Corrections of an issue that was sent: which story is meant, and when it was said."""

from __future__ import annotations

from datetime import datetime, timedelta

from digest.archive import Archive, add_correction, remove_correction
from digest.corrections import LONGEST_NOTE, Correction
from digest.errors import UsageError
from digest.pipeline.naming import Named, matching, the_one

_AHEAD = timedelta(hours=1)
"""How far a correction may lie ahead: clocks differ, a moment of next week is a slip."""


def correct(
    archive: Archive,
    slug: str,
    note: str,
    *,
    words: str = "",
    moment: datetime,
    now: datetime,
    save: bool,
) -> tuple[Correction, str, str]:
    """Add a dated note to an issue, about the story that `words` name where they name one.

    Returns it, and corrections.toml before and after; it is written where `save` says so. Raises
    UsageError for what cannot be a correction, ArchiveError for an issue that was not sent.
    """
    text = " ".join(note.split())
    if not text:
        raise UsageError("The note is empty.", hint='Give it words: --note "It was Tuesday."')
    if len(text) > LONGEST_NOTE:
        raise UsageError(
            f"The note has {len(text):,} characters; {LONGEST_NOTE:,} are shown.",
            hint="Say it in a sentence or two, and link to what is longer.",
        )
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise UsageError(
            "The note holds half a character.", hint="Type it again, as UTF-8."
        ) from None
    cutoff = archive.row(slug).window
    if cutoff and moment < cutoff.end:
        raise UsageError(
            f"{moment:%Y-%m-%d %H:%M} lies before the cut-off of {slug}, {cutoff.end:%Y-%m-%d}.",
            hint="A correction comes after what it corrects.",
        )
    if moment > now + _AHEAD:
        raise UsageError(
            f"{moment:%Y-%m-%d %H:%M} has not come yet.", hint="Leave --at out to take now."
        )
    story = _told(archive, slug, words).id if words else ""
    correction = Correction(moment=moment, note=text, story=story)
    before, after = add_correction(archive.folder, slug, correction, save=save)
    return correction, before, after


def uncorrect(
    archive: Archive, slug: str, number: int, *, save: bool
) -> tuple[Correction, str, str]:
    """Take the correction of that number, 1 the oldest, back; as `correct` returns and raises."""
    return remove_correction(archive.folder, slug, number, save=save)


def _told(archive: Archive, slug: str, words: str) -> Named:
    """The one story of the issue that `words` name, by its id or its headline as it was sent."""
    rows = [
        Named(
            id=story.entry.id,
            title=" ".join(story.headline.split()),
            source=story.entry.source,
            place=story.tier,
            section=story.section,
        )
        for story in archive.load(slug).stories
    ]
    return the_one(matching(rows, words), words, slug, "No story")
