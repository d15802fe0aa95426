"""The job of a Friday: collect, select, summarize, render, check, archive."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from digest.archive import Archive, edits_text
from digest.collect import Collected, collect
from digest.errors import SourceError
from digest.net import Fetcher
from digest.pipeline.choose import issue_of
from digest.pipeline.edit import decided
from digest.pipeline.make import Built, Given, Meter, Step, make
from digest.pipeline.pictures import refuse_homeless
from digest.settings import Settings


def build(
    *,
    settings: Settings,
    folder: Path,
    archive: Archive,
    now: datetime,
    fetch: Fetcher,
    places: Sequence[str] = (),
    slug: str | None = None,
    since: datetime | None = None,
    save: bool = True,
    blurbs: Path | None = None,
    step: Step = lambda *_: None,
) -> Built:
    """Build the issue of `now` (or `slug`) from `places` (or the settings' sources).

    Paths in `places` count from `folder`. `since` moves the window's start. `blurbs` is
    the file where blurbs are kept for the next build; whether it is there changes no byte. With
    `save=False` nothing is written. A source that fails is reported and the rest goes on; raises
    SourceError when no source gave anything, or nothing lies in the window, ArchiveError when the
    issue is frozen, and DocumentError when its edits.toml is not sound. Nothing is written before
    everything is made.
    """
    refuse_homeless(settings)
    meter = Meter(step)
    slug, window = issue_of(settings, archive, now=now, slug=slug, since=since)
    archive.refuse_frozen(slug)
    by_hand = edits_text(archive.folder, slug)
    by_editor = decided(archive, slug, folder=folder)
    with meter.stage("collect", "Reading the sources"):
        collected = collect(
            places or settings.sources,
            folder=folder,
            now=now,
            fetch=fetch,
            progress=lambda done, total, name: step(f"Reading {name}", done, total),
        )
    _need_entries(collected, named=bool(places))
    return make(
        Given(
            slug=slug,
            window=window,
            now=now,
            entries=collected.entries,
            pictures=collected.pictures,
            by_editor=by_editor,
            by_hand=by_hand,
            fetch=fetch,
            failures=collected.failures,
            sources=collected.sources,
        ),
        settings=settings,
        folder=folder,
        archive=archive,
        blurbs=blurbs,
        save=save,
        meter=meter,
    )


def _need_entries(collected: Collected, *, named: bool) -> None:
    if collected.entries:
        return
    hint = (
        ""
        if named
        else "`digest init` starts a newsletter here; `digest build SOURCE` reads a source at once."
    )
    if not collected.failures:
        raise SourceError("The sources hold no entry at all.", hint=hint)
    first = collected.failures[0]
    what = first.what if first.where in first.what else f"{first.where}: {first.what}"
    more = len(collected.failures) - 1
    raise SourceError(
        f"No source gave an entry. {what}" + (f" {more} more failed." if more else ""),
        hint=f"{first.hint} {hint}".strip(),
    )
