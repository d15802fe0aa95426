"""The job of a Friday: collect, select, summarize, render, check, archive."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from digest.archive import Archive
from digest.collect import Collected, SourceReport, collect
from digest.errors import ArchiveError, SourceError
from digest.models import Entry, Failure, Finding, Issue, Newsletter, Window
from digest.net import Fetcher
from digest.pipeline.versions import versions
from digest.select import Selection, issue_window, select
from digest.settings import Settings

Step = Callable[[str, int, int], None]
"""Told of progress: what is being done, how much of it, out of how much (0: not known)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What a build made, what it found and what failed on the way.

    `cpu` holds the CPU seconds of each stage of this process, in the order in which they ran.
    """

    issue: Issue
    path: Path | None
    findings: tuple[Finding, ...]
    failures: tuple[Failure, ...]
    notes: tuple[str, ...]
    sources: tuple[SourceReport, ...]
    cpu: tuple[tuple[str, float], ...]

    @property
    def has_errors(self) -> bool:
        """Whether a check found something that must not leave the house."""
        return any(finding.level == "error" for finding in self.findings)


@dataclass(slots=True)
class _Meter:
    """CPU seconds by stage."""

    spent: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = time.process_time()
        try:
            yield
        finally:
            self.spent[name] = self.spent.get(name, 0.0) + time.process_time() - start


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
    step: Step = lambda *_: None,
) -> Built:
    """Build the issue of `now` (or `slug`) from `places` (or the settings' sources).

    Paths in `places` count from `folder`. `since` moves the window's start. With `save=False`
    nothing is written. A source that fails is reported and the rest goes on; raises SourceError
    when no source gave anything, or nothing lies in the window, and ArchiveError when the issue
    is frozen. Nothing is written before everything is made.
    """
    meter = _Meter()
    slug, window = _window(settings, archive, now=now, slug=slug, since=since)
    archive.refuse_frozen(slug)

    with meter.stage("collect"):
        collected = collect(
            places or settings.sources,
            folder=folder,
            now=now,
            fetch=fetch,
            progress=lambda done, total, name: step(f"Reading {name}", done, total),
        )
    _need_entries(collected, named=bool(places))

    with meter.stage("select"):
        step("Choosing the stories", 0, 0)
        selection, damaged = _select(
            collected.entries,
            slug=slug,
            window=window,
            now=now,
            settings=settings,
            archive=archive,
        )
    _need_stories(selection, failed=len(collected.failures))
    issue = compose(
        selection,
        slug=slug,
        window=window,
        now=now,
        settings=settings,
        number=_number(archive, slug),
    )

    with meter.stage("summarize"):
        from digest.summarize import summarize

        step("Trimming each story to a blurb", 0, 0)
        issue = summarize(issue, settings)

    media = _media(issue, collected)
    with meter.stage("render"):
        from digest.render import load_theme, render

        step("Rendering the email", 0, 0)
        renderings = render(issue, load_theme(settings.theme, folder=folder), media=media)

    with meter.stage("check"):
        from digest.check import check

        step("Checking it", 0, 0)
        findings = check(issue, renderings, media=media)

    path = None
    if save:
        with meter.stage("archive"):
            step("Writing it to the archive", 0, 0)
            path = archive.save(
                issue,
                candidates=selection.candidates,
                renderings=renderings,
                media=media,
                settings=settings.recorded(),
                versions=versions(),
            )
    return Built(
        issue=issue,
        path=path,
        findings=findings,
        failures=collected.failures + damaged,
        notes=selection.notes + _window_note(window),
        sources=collected.sources,
        cpu=tuple(meter.spent.items()),
    )


def choose(
    entries: Sequence[Entry],
    *,
    settings: Settings,
    archive: Archive,
    now: datetime,
    slug: str | None = None,
    since: datetime | None = None,
) -> Issue:
    """The issue document of entries that were collected elsewhere, its blurbs still empty."""
    slug, window = _window(settings, archive, now=now, slug=slug, since=since)
    selection, _ = _select(
        entries, slug=slug, window=window, now=now, settings=settings, archive=archive
    )
    _need_stories(selection)
    return compose(
        selection,
        slug=slug,
        window=window,
        now=now,
        settings=settings,
        number=_number(archive, slug),
    )


def _select(
    entries: Sequence[Entry],
    *,
    slug: str,
    window: Window,
    now: datetime,
    settings: Settings,
    archive: Archive,
) -> tuple[Selection, tuple[Failure, ...]]:
    """The selection, with what the archive remembers, and the issues that could not be read."""
    past, damaged = archive.past(window.end, settings.memory)
    first_seen = _first_seen(archive, entries, slug=slug, window=window, now=now)
    selection = select(
        entries, window=window, now=now, settings=settings, past=past, first_seen=first_seen
    )
    return selection, damaged


def _number(archive: Archive, slug: str) -> int:
    """The issue's place in the archive, from 1."""
    return 1 + sum(other < slug for other in archive.slugs())


def compose(
    selection: Selection,
    *,
    slug: str,
    window: Window,
    now: datetime,
    settings: Settings,
    number: int = 1,
) -> Issue:
    """The issue of a selection: the newsletter's own words around its stories."""
    stories = selection.leads + tuple(s for section in selection.sections for s in section.stories)
    headlines = [story.headline for story in stories]
    return Issue(
        slug=slug,
        newsletter=newsletter(settings),
        window=window,
        now=now,
        number=number,
        theme=settings.theme,
        subject=settings.subject or headlines[0],
        preheader=" · ".join(headlines[1:4]),
        intro=settings.intro,
        outro=settings.outro,
        leads=selection.leads,
        sections=selection.sections,
    )


def newsletter(settings: Settings) -> Newsletter:
    """What every rendering says of the newsletter, from its settings."""
    return Newsletter(
        name=settings.name,
        tagline=settings.tagline,
        language=settings.language,
        zone=settings.zone,
        sender=settings.sender,
        reply_to=settings.reply_to,
        postal_address=settings.postal_address,
        unsubscribe_url=settings.unsubscribe_url,
        home_url=settings.home_url,
        web_url=settings.web_url,
    )


def _window(
    settings: Settings,
    archive: Archive,
    *,
    now: datetime,
    slug: str | None,
    since: datetime | None,
) -> tuple[str, Window]:
    """The slug and the window: it begins where the latest earlier issue's ended."""
    found, window = issue_window(now=now, cutoff=settings.cutoff, zone=settings.zone, slug=slug)
    previous = archive.previous_cutoff(window.end)
    if previous is not None:
        found, window = issue_window(
            now=now,
            cutoff=settings.cutoff,
            zone=settings.zone,
            slug=found,
            previous_cutoff=previous,
        )
    if since is not None:
        if since >= window.end:
            raise ArchiveError(
                f"The window of {found} ends at {window.end:%Y-%m-%d %H:%M %Z}; it cannot begin "
                f"at {since:%Y-%m-%d %H:%M %Z}.",
                hint="Give an earlier --since, or another --issue.",
            )
        window = replace(window, start=since)
    return found, window


def _window_note(window: Window) -> tuple[str, ...]:
    days = (window.end - window.start) / timedelta(days=1)
    if days <= 8:
        return ()
    note = (
        f"The window is {days:.0f} days long: the latest earlier issue ended on "
        f"{window.start:%Y-%m-%d}. A --since shortens it."
    )
    return (note,)


def _first_seen(
    archive: Archive, entries: Sequence[Entry], *, slug: str, window: Window, now: datetime
) -> dict[str, datetime]:
    """When each entry was first seen, by this build at the latest.

    An entry without a date that no earlier build has seen belongs to the issue that finds it,
    also when that issue is built a little after its own cut-off.
    """
    remembered = archive.first_seen(slug)
    latest = min(now, window.end - timedelta(seconds=1)).astimezone(window.end.tzinfo)
    return {entry.id: remembered.get(entry.id, latest) for entry in entries}


def _media(issue: Issue, collected: Collected) -> dict[str, bytes]:
    """The pictures of local sources that the chosen stories show."""
    urls = {story.entry.image.url for story in issue.stories if story.entry.image}
    return {url: collected.pictures[url] for url in sorted(urls) if url in collected.pictures}


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


def _need_stories(selection: Selection, *, failed: int = 0) -> None:
    if selection.leads or selection.sections:
        return
    note = selection.notes[0] if selection.notes else "No entry can be chosen."
    raise SourceError(
        note + (f" {failed} sources failed." if failed else ""),
        hint="Try another week with `digest build --issue YEAR-Wnn`, or widen the window with "
        "`--since YEAR-MM-DD`.",
    )
