"""The job of a Friday: collect, select, summarize, render, check, archive."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path

from digest.archive import Archive, edits_text
from digest.collect import Collected, SourceReport, collect
from digest.errors import DigestError, SourceError
from digest.models import Failure, Finding, Issue, Renderings
from digest.net import Fetcher
from digest.pipeline.choose import Chosen, chosen, issue_of
from digest.pipeline.edit import decided, missing_pictures
from digest.pipeline.kept_blurbs import KeptBlurbs
from digest.pipeline.pictures import Pictured, copies_of, pictured, refuse_homeless
from digest.pipeline.versions import versions
from digest.settings import Settings
from digest.summarize import Renewed, renewed

Step = Callable[[str, int, int], None]
"""Told of progress: what is being done, how much of it, out of how much (0: not known)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What a build made, what it found and what failed on the way.

    `cpu` holds the CPU seconds of each stage of this process, in the order in which they ran;
    `new_blurbs` and `kept_blurbs` count those that were made and those that an earlier build made.
    """

    issue: Issue
    path: Path | None
    findings: tuple[Finding, ...]
    failures: tuple[Failure, ...]
    notes: tuple[str, ...]
    sources: tuple[SourceReport, ...]
    cpu: tuple[tuple[str, float], ...]
    new_blurbs: int
    kept_blurbs: int

    @property
    def has_errors(self) -> bool:
        """Whether a check found something that must not leave the house."""
        from digest.check import errors

        return errors(self.findings)


@dataclass(slots=True)
class _Meter:
    """CPU seconds by stage, and word of each to whoever watches."""

    step: Step
    spent: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str, what: str) -> Iterator[None]:
        self.step(what, 0, 0)
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
    meter = _Meter(step)
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
    with meter.stage("select", "Choosing the stories"):
        choice = chosen(
            collected.entries,
            settings=settings,
            archive=archive,
            now=now,
            slug=slug,
            window=window,
            edits=by_editor.edits,
            failed=len(collected.failures),
        )
    pictures = {**by_editor.pictures, **collected.pictures}
    made = _made(
        choice.issue,
        pictures,
        blurbs=blurbs,
        settings=settings,
        folder=folder,
        archive=archive,
        fetch=fetch,
        meter=meter,
    )
    approved = _approval_note(archive, made.issue)
    path: Path | None = None
    unkept: tuple[str, ...] = ()
    if save:
        with meter.stage("archive", "Writing it to the archive"):
            path = _saved(archive, made, choice, settings=settings)
            unkept = made.blurbs.keep(made.renewed)
    return Built(
        issue=made.issue,
        path=path,
        findings=made.findings,
        failures=collected.failures
        + choice.damaged
        + by_editor.failures
        + missing_pictures(by_editor.edits, pictures)
        + made.pictures.failures,
        notes=choice.notes
        + made.pictures.notes
        + approved
        + _late_edit(by_hand, archive, slug)
        + unkept,
        sources=collected.sources,
        cpu=tuple(meter.spent.items()),
        new_blurbs=len(made.renewed.made),
        kept_blurbs=len(made.renewed.kept),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    issue: Issue
    renderings: Renderings
    pictures: Pictured
    findings: tuple[Finding, ...]
    blurbs: KeptBlurbs
    renewed: Renewed


def _made(
    issue: Issue,
    pictures: Mapping[str, bytes],
    *,
    blurbs: Path | None,
    settings: Settings,
    folder: Path,
    archive: Archive,
    fetch: Fetcher,
    meter: _Meter,
) -> _Made:
    """The issue with its blurbs, its renderings, and what the checks say of them."""
    with meter.stage("summarize", "Trimming each story to a blurb"):
        kept = KeptBlurbs.read(blurbs)
        fresh = renewed(issue, settings, known=kept.rows.get)
    with meter.stage("pictures", "Copying the pictures"):
        from digest.render import load_theme, render

        theme = load_theme(settings.theme, folder=folder)
        shown = pictured(
            fresh.issue,
            pictures,
            width=2 * theme.widths.column,  # for screens of two pixels to a CSS pixel
            fetch=fetch,
            kept=cache(lambda: copies_of(archive, fresh.issue.slug)),
            step=meter.step,
        )
    with meter.stage("render", "Rendering the email"):
        renderings = render(shown.issue, theme, media=shown.media)
    with meter.stage("check", "Checking it"):
        from digest.check import check

        findings = check(shown.issue, renderings, media=shown.media)
    return _Made(
        issue=shown.issue,
        renderings=renderings,
        pictures=shown,
        findings=findings,
        blurbs=kept,
        renewed=fresh,
    )


def _saved(archive: Archive, made: _Made, choice: Chosen, *, settings: Settings) -> Path:
    return archive.save(
        made.issue,
        candidates=choice.candidates,
        renderings=made.renderings,
        media=made.pictures.media,
        settings=settings.recorded(),
        versions=versions(),
    )


def _approval_note(archive: Archive, issue: Issue) -> tuple[str, ...]:
    """A note where an approved issue is built anew and is no longer what was approved."""
    if issue.status != "approved" or issue.slug not in archive.slugs():
        return ()
    try:
        before = archive.load(issue.slug)
    except DigestError:  # it is reported elsewhere, and replaced by this build
        return ()
    if _told(before) == _told(issue):
        return ()
    note = (
        f"{issue.slug} is approved, and this build differs from what was approved: look at it "
        "again. `digest edit undo status` takes the approval back."
    )
    return (note,)


def _told(issue: Issue) -> tuple[object, ...]:
    """What readers are told, whatever its date of building."""
    stories = [
        (s.entry.id, s.tier, s.section, s.headline, s.blurb.text, s.note, s.image)
        for s in issue.stories
    ]
    return issue.subject, issue.preheader, issue.intro, issue.outro, issue.notices, stories


def _late_edit(seen: str, archive: Archive, slug: str) -> tuple[str, ...]:
    """A note where edits.toml changed since it was `seen`, at the start of the build."""
    if edits_text(archive.folder, slug) == seen:
        return ()
    note = (
        "edits.toml was changed while the issue was built, so not all of it is there: build again."
    )
    return (note,)


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
