"""From entries to the document of an issue: its window, its stories, what the archive remembers."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from digest.archive import Archive, read_edits
from digest.edits import Edits
from digest.errors import DocumentError, SettingsError, SourceError, UsageError
from digest.models import Candidate, Entry, Failure, Issue, Newsletter, PastIssue, Window
from digest.select import Selection, issue_window, learned, select
from digest.settings import Settings
from digest.text.urls import host

LEARNED_FROM = 120
"""Issues that sections, sources and leads are learned from: two years and more of a weekly, twice
the time after which a choice counts half."""

LONG_WINDOW = timedelta(days=8)
"""Beyond a week and a change of clocks, the editor is told how long the window is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """An issue whose blurbs are still empty, a verdict for every entry, and what to tell.

    `past` holds the earlier issues, latest first; `damaged` names those that could not be read,
    and so are not remembered.
    """

    issue: Issue
    candidates: tuple[Candidate, ...]
    notes: tuple[str, ...]
    damaged: tuple[Failure, ...]
    past: tuple[PastIssue, ...]


def choose(
    entries: Sequence[Entry],
    *,
    settings: Settings,
    archive: Archive,
    now: datetime,
    slug: str | None = None,
    since: datetime | None = None,
) -> Chosen:
    """Choose among entries that were collected elsewhere; see `chosen`."""
    slug, window = issue_of(settings, archive, now=now, slug=slug, since=since)
    return chosen(
        entries,
        settings=settings,
        archive=archive,
        now=now,
        slug=slug,
        window=window,
        edits=read_edits(archive.folder, slug),
    )


def chosen(
    entries: Sequence[Entry],
    *,
    settings: Settings,
    archive: Archive,
    now: datetime,
    slug: str,
    window: Window,
    edits: Edits,
    failed: int = 0,
) -> Chosen:
    """The issue `slug` of these entries, with what the archive remembers and the editor decided.

    Raises SourceError where nothing can be chosen; `failed` sources are mentioned then.
    """
    _refuse_taken_ids(entries, edits, slug=slug)
    if settings.leads == settings.teasers == 0:
        raise SettingsError(
            "DIGEST_LEADS and DIGEST_TEASERS are both 0: an issue would hold no story.",
            hint="Raise one of them.",
        )
    past, damaged = archive.past(window.end, max(settings.memory, LEARNED_FROM))
    selection = select(
        entries,
        window=window,
        now=now,
        settings=settings,
        past=past[: settings.memory],
        learned=learned(past),
        first_seen=archive.first_seen(slug),
        edits=edits,
    )
    _need_stories(selection, slug=slug, failed=failed)
    # A week that is built after a newer one repeats its number, until the newer is rebuilt.
    number = 1 + sum(other < slug for other in archive.slugs())
    return Chosen(
        issue=_compose(
            selection,
            slug=slug,
            window=window,
            now=now,
            settings=settings,
            edits=edits,
            number=number,
        ),
        candidates=_with_sources(selection.candidates, entries, edits),
        notes=selection.notes
        + _notice_notes(edits, selection)
        + _window_note(window)
        + _worth_notes(settings, entries),
        damaged=damaged,
        past=past,
    )


def issue_of(
    settings: Settings,
    archive: Archive,
    *,
    now: datetime,
    slug: str | None,
    since: datetime | None,
) -> tuple[str, Window]:
    """The slug and the window: it begins where the latest earlier issue's ended, or at `since`."""
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
            raise UsageError(
                f"The window of {found} ends at {window.end:%Y-%m-%d %H:%M %Z}; it cannot begin "
                f"at {since:%Y-%m-%d %H:%M %Z}.",
                hint="Give an earlier --since, or another --issue.",
            )
        window = replace(window, start=since)
    return found, window


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
        pictures=settings.pictures,
        campaign=settings.campaign,
    )


def _compose(
    selection: Selection,
    *,
    slug: str,
    window: Window,
    now: datetime,
    settings: Settings,
    edits: Edits,
    number: int,
) -> Issue:
    """The newsletter's own words around the stories; the editor's win."""
    issue = Issue(
        slug=slug,
        newsletter=newsletter(settings),
        window=window,
        now=now,
        number=number,
        theme=settings.theme,
        status=edits.status,
        intro=settings.intro if edits.intro is None else edits.intro,
        outro=settings.outro if edits.outro is None else edits.outro,
        notices=edits.notice,
        leads=selection.leads,
        sections=selection.sections,
    )
    headlines = [story.headline for story in issue.stories]
    return replace(
        issue,
        subject=edits.subject or settings.subject or headlines[0],
        preheader=edits.preheader or " · ".join(headlines[1:4]),
    )


def _with_sources(
    candidates: Sequence[Candidate], entries: Sequence[Entry], edits: Edits
) -> tuple[Candidate, ...]:
    """The candidates, those that the editor changed with the entry that they were before.

    So the issue can be made again after a decision is taken back, without asking the source.
    """

    def bare(entry: Entry) -> Entry:
        return replace(entry, section="", image=None, provenance=())

    before = {bare(entry): entry for entry in entries if entry.id in edits.stories}

    def told(row: Candidate) -> Candidate:
        found = before.get(bare(row.entry)) if row.entry.id in edits.stories else None
        return row if found in {None, row.entry} else replace(row, source_entry=found)

    return tuple(map(told, candidates))


def _notice_notes(edits: Edits, selection: Selection) -> tuple[str, ...]:
    """A note for each notice that stands at the end, since its section is not in the issue."""
    places = {"leads", "end", *(section.name.casefold() for section in selection.sections)}
    return tuple(
        f"edits.toml: there is no section “{notice.after}”, so the notice “{notice.title}” stands "
        "at the end."
        for notice in edits.notice
        if notice.after.strip().casefold() not in places
    )


def _window_note(window: Window) -> tuple[str, ...]:
    length = window.end - window.start
    if length <= LONG_WINDOW:
        return ()
    note = (
        f"The window is {length.days} days long: it begins on {window.start:%Y-%m-%d}, "
        "where the latest earlier issue ended or --since says."
    )
    return (note,)


def _worth_notes(settings: Settings, entries: Sequence[Entry]) -> tuple[str, ...]:
    """A note for each source of DIGEST_SOURCE_WORTH that seems to be misspelled."""
    names = {entry.source.casefold(): entry.source for entry in entries if entry.source}
    names |= {at: at for entry in entries if entry.url and (at := host(entry.url))}
    notes = []
    for name, _ in settings.worth:
        near = [] if name in names else difflib.get_close_matches(name, names, n=1, cutoff=0.8)
        if near:
            notes.append(
                f"DIGEST_SOURCE_WORTH: no entry comes from “{name}”; did you mean "
                f"“{names[near[0]]}”?"
            )
    return tuple(notes)


def _refuse_taken_ids(entries: Sequence[Entry], edits: Edits, *, slug: str) -> None:
    """Raise DocumentError for an added story whose id is an entry's: one would be the other."""
    taken = {entry.id for entry in entries}
    for story in edits.add:
        if story.id in taken:
            raise DocumentError(
                f"{slug}/edits.toml, line {story.line}: the added story “{story.title[:60]}” has "
                f"the id {story.id!r} of an entry.",
                hint="Give it another, or leave its id out.",
            )


_OUT = {
    "ran-before": "told by an earlier issue",
    "tag": "with a tag of DIGEST_TAGS_EXCLUDED",
    "floor": "with a score below DIGEST_FLOOR",
    "dropped": "dropped by the editor",
    "no-title": "without a title",
    "empty": "with a title alone",
}
"""Why entries of the window stayed out, by the rules that can leave none."""

_MENDS = {
    "tag": "Take tags out of DIGEST_TAGS_EXCLUDED, or try another week with `digest build --issue "
    "YEAR-Wnn`.",
    "floor": "Lower DIGEST_FLOOR: the best of them scores {best:.3f}.",
    "dropped": "`digest edit {slug} show` lists what is dropped; `digest edit {slug} undo STORY` "
    "takes it back.",
}
_ANOTHER_WEEK = (
    "Try another week with `digest build --issue YEAR-Wnn`, or widen the window with `--since "
    "YEAR-MM-DD`."
)


def _need_stories(selection: Selection, *, slug: str, failed: int) -> None:
    """Raise SourceError where no story was chosen: why, and what to do of the commonest reason."""
    if selection.leads or selection.sections:
        return
    note = selection.notes[0] if selection.notes else "No entry can be chosen."
    hint = _ANOTHER_WEEK
    verdicts = [row.verdict for row in selection.candidates]
    out = Counter(verdict.rule for verdict in verdicts if verdict.rule in _OUT)
    in_time = not any(verdict.rule == "window" for verdict in verdicts)
    if out.keys() - {"dropped"} or (out and in_time):
        said = ", ".join(f"{rows:,} {_OUT[rule]}" for rule, rows in out.most_common())
        count = out.total()
        which = "The only entry in the window cannot run"
        if count > 1:
            which = f"None of {count:,} entries in the window can run"
        note = f"{which}: {said}."
        best = max(verdict.score for verdict in verdicts)
        hint = _MENDS.get(out.most_common(1)[0][0], hint).format(best=best, slug=slug)
    raise SourceError(
        note + (f" {failed} {'source' if failed == 1 else 'sources'} failed." if failed else ""),
        hint=hint,
    )
