"""From entries to an archived issue: what `build` and `rebuild` share."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from digest.archive import Archive, edits_text
from digest.collect import SourceReport
from digest.errors import DigestError
from digest.fit import HTML_BYTES, told_fit
from digest.models import Entry, Failure, Finding, Issue, Renderings, Window
from digest.net import Fetcher
from digest.pipeline.check import inspected
from digest.pipeline.choose import Chosen, chosen
from digest.pipeline.edit import Decided, missing_pictures
from digest.pipeline.kept_blurbs import KeptBlurbs
from digest.pipeline.pictures import Pictured, copies_of, pictured
from digest.pipeline.versions import versions
from digest.settings import Settings
from digest.summarize import Renewed, renewed

if TYPE_CHECKING:
    from digest.render import Theme

Step = Callable[[str, int, int], None]
"""Told of progress: what is being done, how much of it, out of how much (0: not known)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What a build made, what it found and what failed on the way.

    `candidates` counts the entries that were judged. `cpu` holds the CPU seconds of each stage of
    this process, in the order in which they ran; `new_blurbs` and `kept_blurbs` count those that
    were made and those that an earlier build made.
    """

    issue: Issue
    path: Path | None
    findings: tuple[Finding, ...]
    failures: tuple[Failure, ...]
    notes: tuple[str, ...]
    sources: tuple[SourceReport, ...]
    candidates: int
    cpu: tuple[tuple[str, float], ...]
    new_blurbs: int
    kept_blurbs: int

    @property
    def has_errors(self) -> bool:
        """Whether a check found something that must not leave the house."""
        from digest.check import errors

        return errors(self.findings)


@dataclass(slots=True)
class Meter:
    """CPU seconds by stage, and word of each to whoever watches."""

    step: Step
    spent: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str, what: str) -> Iterator[None]:
        """Run the block as the stage `name`; `what` tells a person of it."""
        self.step(what, 0, 0)
        start = time.process_time()
        try:
            yield
        finally:
            self.spent[name] = self.spent.get(name, 0.0) + time.process_time() - start


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What an issue is made of.

    `pictures` are those of the entries, by `media/<name>`; `kept` go into the archive too, whether
    a story shows them or not. `by_hand` is edits.toml as it was when `by_editor` was read of it,
    None where the caller sees by himself that it changed meanwhile; `over` is the version of the
    issue that must still be in the archive when it is written.
    """

    slug: str
    window: Window
    now: datetime
    entries: Sequence[Entry]
    pictures: Mapping[str, bytes]
    by_editor: Decided
    by_hand: str | None
    fetch: Fetcher
    kept: Mapping[str, bytes] = field(default_factory=dict)
    over: str | None = None
    failures: tuple[Failure, ...] = ()
    sources: tuple[SourceReport, ...] = ()


def make(
    given: Given,
    *,
    settings: Settings,
    folder: Path,
    archive: Archive,
    blurbs: Path | None,
    save: bool,
    meter: Meter,
) -> Built:
    """Select, summarize, render, check, archive: see `build` for what is raised and written."""
    made = compose(
        given, settings=settings, folder=folder, archive=archive, blurbs=blurbs, meter=meter
    )
    choice = made.choice
    with meter.stage("check", "Checking it"):
        findings = inspected(
            made.issue, made.renderings, media=made.pictures.media, past=choice.past
        )
    approved = _approval_note(archive, made.issue)
    path: Path | None = None
    unkept: tuple[str, ...] = ()
    if save:
        with meter.stage("archive", "Writing it to the archive"):
            path = archive.save(
                made.issue,
                candidates=choice.candidates,
                renderings=made.renderings,
                media={**given.kept, **made.pictures.media},
                settings=settings.recorded(),
                versions=versions(made.theme),
                over=given.over,
                edits=given.by_editor.hashed,
            )
            unkept = made.blurbs.keep(made.renewed)
    return Built(
        issue=made.issue,
        path=path,
        findings=findings,
        failures=given.failures
        + choice.damaged
        + given.by_editor.failures
        + missing_pictures(given.by_editor.edits, {**given.by_editor.pictures, **given.pictures})
        + made.pictures.failures,
        notes=choice.notes
        + made.pictures.notes
        + _fit_note(made.issue)
        + approved
        + _late_edit(given.by_hand, archive, given.slug)
        + unkept,
        sources=given.sources,
        candidates=len(choice.candidates),
        cpu=tuple(meter.spent.items()),
        new_blurbs=len(made.renewed.made),
        kept_blurbs=len(made.renewed.kept),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """An issue with its renderings, before anything is checked or written."""

    choice: Chosen
    issue: Issue
    renderings: Renderings
    pictures: Pictured
    theme: Theme
    blurbs: KeptBlurbs
    renewed: Renewed


def compose(
    given: Given,
    *,
    settings: Settings,
    folder: Path,
    archive: Archive,
    blurbs: Path | None,
    meter: Meter,
) -> Composed:
    """Select, summarize, copy pictures, render; nothing is written."""
    from digest.render import fitted, load_theme, render

    with meter.stage("select", "Choosing the stories"):
        choice = chosen(
            given.entries,
            settings=settings,
            archive=archive,
            now=given.now,
            slug=given.slug,
            window=given.window,
            edits=given.by_editor.edits,
            failed=len(given.failures),
        )
    with meter.stage("summarize", "Trimming each story to a blurb"):
        kept = KeptBlurbs.read(blurbs)
        fresh = renewed(choice.issue, settings, known=kept.rows.get)
    with meter.stage("pictures", "Copying the pictures"):
        theme = load_theme(settings.theme, folder=folder)
        shown = pictured(
            fresh.issue,
            {**given.by_editor.pictures, **given.pictures},
            theme=theme,
            fetch=given.fetch,
            kept=cache(lambda: copies_of(archive, fresh.issue.slug)),
            step=meter.step,
        )
    with meter.stage("render", "Rendering the email"):
        issue = fitted(shown.issue, theme, media=shown.media)
        renderings = render(issue, theme, media=shown.media)
    return Composed(
        choice=choice,
        issue=issue,
        renderings=renderings,
        pictures=shown,
        theme=theme,
        blurbs=kept,
        renewed=fresh,
    )


def _fit_note(issue: Issue) -> tuple[str, ...]:
    """A note where the email gives way to its limit, which says what gave way."""
    told = told_fit(issue.fit)
    if not told:
        return ()
    note = (
        f"The email would pass {HTML_BYTES:,} bytes, where Gmail clips it, so it gives way: of its "
        f"teasers, {told}. The web page holds all."
    )
    return (note,)


def _approval_note(archive: Archive, issue: Issue) -> tuple[str, ...]:
    """A note where an approved issue is built anew, and is a draft or not what was approved."""
    if issue.slug not in archive.slugs():
        return ()
    if issue.status == "draft":
        was = archive.row(issue.slug).status
        return (ended_approval(issue.slug),) if was == "approved" else ()
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


def ended_approval(slug: str) -> str:
    """What is said where a build makes a draft of an approved issue."""
    return (
        f"{slug} was approved and is a draft again, since its edits.toml does not approve it: "
        f"look at it, then: digest edit {slug} approve"
    )


def _told(issue: Issue) -> tuple[object, ...]:
    """What readers are told, whatever its date of building."""
    stories = [
        (s.entry.id, s.tier, s.section, s.headline, s.blurb.text, s.note, s.image)
        for s in issue.stories
    ]
    return issue.subject, issue.preheader, issue.intro, issue.outro, issue.notices, stories


def _late_edit(seen: str | None, archive: Archive, slug: str) -> tuple[str, ...]:
    """A note where edits.toml changed since it was `seen`, at the start of the build."""
    if seen is None or edits_text(archive.folder, slug) == seen:
        return ()
    note = (
        "edits.toml was changed while the issue was built, so not all of it is there: build again."
    )
    return (note,)
