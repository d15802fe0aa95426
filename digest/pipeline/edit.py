"""The job of editing an issue: which story is meant, what is decided, and what a build is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from digest.archive import (
    Archive,
    Change,
    added_id,
    all_of,
    append,
    change_edits,
    decided_hash,
    edited_since_build,
    edits_text,
    end_approval,
    is_approved,
    put_edits,
    read_edits,
    remove_row,
    remove_story,
    set_key,
    set_story,
)
from digest.collect import local_picture
from digest.edits import NO_PICTURE, AddedStory, Edits, StoryEdit
from digest.errors import ArchiveError, UsageError
from digest.models import Failure, Finding
from digest.pipeline.check import check_issue
from digest.pipeline.naming import Named, known, matching, the_one

TOP_LEVEL = ("subject", "preheader", "intro", "outro", "status")
"""The keys of edits.toml that stand for the whole issue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """The editor's decisions as a build takes them: every picture a link or `media/…`.

    `hashed` is what `decided_hash` said of the file.
    """

    edits: Edits = field(default_factory=Edits)
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    failures: tuple[Failure, ...] = ()
    hashed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """edits.toml before and after; `unapproved` says that an approval was taken back by it."""

    slug: str
    before: str
    after: str
    unapproved: bool = False


def decided(archive: Archive, slug: str, *, folder: Path) -> Decided:
    """The edits of `slug`, with the pictures that they name in `folder`.

    A picture that is not there is reported, and the story keeps its own.
    """
    # Read before the decisions: an edit in between then counts as one that is still to be built.
    text = edits_text(archive.folder, slug)
    edits = read_edits(archive.folder, slug)
    pictures: dict[str, bytes] = {}
    failures: list[Failure] = []
    kept = _kept_pictures(archive, slug, edits)

    def settled(row: StoryEdit | AddedStory) -> str | None:
        image = row.image
        if image is None or image == NO_PICTURE or image.startswith(("http://", "https://")):
            return image
        if image.startswith("media/"):
            pictures.update({image: kept[image]} if image in kept else {})
            return image
        found = local_picture(image, folder)
        if isinstance(found, str):
            failures.append(
                Failure(
                    where=f"{archive.folder.name}/{slug}/edits.toml, line {row.line}",
                    what=f"{image[:80]!r} is not shown: {found}.",
                    hint="Name an https address, or a picture in the newsletter's folder.",
                )
            )
            return None
        name, data = found
        pictures[name] = data
        return name

    edits = replace(
        edits,
        stories={key: replace(edit, image=settled(edit)) for key, edit in edits.stories.items()},
        add=tuple(replace(story, image=settled(story)) for story in edits.add),
    )
    hashed = decided_hash(text)
    return Decided(edits=edits, pictures=pictures, failures=tuple(failures), hashed=hashed)


def missing_pictures(edits: Edits, pictures: Mapping[str, bytes]) -> tuple[Failure, ...]:
    """A failure for each picture of the issue that edits name and that is not among `pictures`."""
    rows = _illustrated(edits)
    named = {row.image or "": row.line for row in rows if (row.image or "").startswith("media/")}
    return tuple(
        Failure(
            where=f"edits.toml, line {line}",
            what=f"There is no picture {image[:80]!r} in this issue, so its story shows none.",
            hint="Name an https address, or a picture in the newsletter's folder.",
        )
        for image, line in named.items()
        if image not in pictures
    )


def edit_story(
    archive: Archive,
    slug: str,
    story: Named,
    values: Mapping[str, str | int | bool | None],
    *,
    save: bool,
    seen: str | None = None,
) -> Edited:
    """Decide something of a story; None takes a decision back.

    Here and below, `seen` is edits.toml as the editor saw it, where it must still be that: see
    `digest.archive.change_edits`.
    """
    change = set_story(story.id, story.title, values)
    return _changed(archive, slug, change, save=save, seen=seen)


def place_story(archive: Archive, slug: str, story: Named, place: int, *, seen: str) -> Edited:
    """Give a story its place; one that was given the same there takes the place of this one."""
    before = read_edits(archive.folder, slug).stories.get(story.id, StoryEdit()).order
    changes = [set_story(story.id, story.title, {"order": place})]
    changes += [
        set_story(other.id, other.title, {"order": before})
        for other in rivals(archive, slug, story, place)
    ]
    return _changed(archive, slug, all_of(*changes), save=True, seen=seen)


def put_back(archive: Archive, slug: str, text: str, *, seen: str) -> Edited:
    """Make edits.toml what it was, `text`, where it still is what was `seen`."""
    archive.path(slug)
    before, after = put_edits(archive.folder, slug, text, seen=seen)
    return Edited(slug=slug, before=before, after=after, unapproved=is_approved(before))


def known_stories(archive: Archive, slug: str) -> list[Named]:
    """All that an edit of the issue may speak of."""
    return known(archive, slug, read_edits(archive.folder, slug))


def rivals(archive: Archive, slug: str, story: Named, place: int) -> tuple[Named, ...]:
    """The stories that want the same place as `story`, as far as the issue as built tells."""
    edits = read_edits(archive.folder, slug)

    def room(named: Named) -> tuple[str, str]:
        edit = edits.stories.get(named.id, StoryEdit())
        tier = "" if edit.drop else edit.pin or named.place
        section = " ".join((edit.section or named.section).split()).casefold()
        return tier, "" if tier == "lead" else section

    here = room(story)
    return tuple(
        other
        for other in known(archive, slug, edits)
        if other.id != story.id
        and edits.stories.get(other.id, StoryEdit()).order == place
        and room(other) == here
        and here[0] in {"lead", "teaser"}
    )


def edit_key(archive: Archive, slug: str, key: str, text: str, *, save: bool) -> Edited:
    """Give the issue its subject, preheader, intro or outro in the editor's words."""
    return edit_keys(archive, slug, {key: text}, save=save)


def edit_keys(
    archive: Archive,
    slug: str,
    values: Mapping[str, str | None],
    *,
    save: bool,
    seen: str | None = None,
) -> Edited:
    """The same for several at once; None takes a decision back."""
    change = all_of(*(set_key(key, text) for key, text in values.items()))
    return _changed(archive, slug, change, save=save, seen=seen)


def add_story(
    archive: Archive,
    slug: str,
    values: Mapping[str, str | None],
    *,
    save: bool,
    seen: str | None = None,
) -> tuple[Named, Edited]:
    """Add a story of the editor's own; its id stands in the file, whatever becomes of its title.

    Raises UsageError where it was added before.
    """
    title, url = values.get("title") or "", values.get("url") or ""
    key = added_id(title, url)
    if any(story.id == key for story in read_edits(archive.folder, slug).add):
        raise UsageError(
            f"“{title[:60]}” was added to {slug} before, with the id {key}.",
            hint=f"Change it in edits.toml, or take it back: `digest edit {slug} undo {key}`.",
        )
    change = append("add", {"id": key} | dict(values))
    edited = _changed(archive, slug, change, save=save, seen=seen)
    return Named(id=key, title=title), edited


def add_notice(
    archive: Archive,
    slug: str,
    values: Mapping[str, str | None],
    *,
    save: bool,
    seen: str | None = None,
) -> Edited:
    """Add a sponsor's notice."""
    return _changed(archive, slug, append("notice", values), save=save, seen=seen)


def undo(
    archive: Archive, slug: str, words: str, *, save: bool, seen: str | None = None
) -> tuple[str, Edited]:
    """Take back what was decided of a story, a story or notice that was added, or a key.

    Returns what that was, in words. Raises UsageError where nothing of it is decided.
    """
    seen = edits_text(archive.folder, slug) if seen is None else seen
    edits = read_edits(archive.folder, slug)
    if words in TOP_LEVEL:
        if getattr(edits, words) in {None, "draft"}:
            raise _nothing(words, slug)
        return f"the {words}", _changed(archive, slug, set_key(words, None), save=save, seen=seen)
    entries = known(archive, slug, edits)
    there = {named.id for named in entries}
    own = [named for named in entries if named.id in edits.stories or _is_added(named, edits)]
    own += [Named(id=key, title=key) for key in edits.stories if key not in there]
    notices = [
        Named(id=f"notice {at}", title=notice.title) for at, notice in enumerate(edits.notice)
    ]
    found = the_one(matching([*own, *notices], words), words, slug, "No decision")
    changes: list[Change] = []
    if found in notices:
        changes.append(remove_row("notice", notices.index(found)))
    if found.id in edits.stories:
        changes.append(remove_story(found.id))
    for at, story in enumerate(edits.add):
        if story.id == found.id:
            changes.append(remove_row("add", at))
    # A notice is known by its number, which another hand may have changed in between.
    edited = _changed(archive, slug, all_of(*changes), save=save, seen=seen)
    return f"“{found.title}”", edited


def approve(
    archive: Archive, slug: str, *, save: bool, seen: str | None = None
) -> tuple[tuple[Finding, ...], Edited]:
    """Approve the issue as it was built.

    Raises ArchiveError where its checks have errors, which are named, and where it was edited
    since, or sent.
    """
    seen = edits_text(archive.folder, slug) if seen is None else seen
    issue = archive.load(slug)
    if issue.status == "sent":
        raise ArchiveError(
            f"{slug} was sent, so there is nothing left to approve.",
            hint="`digest issues list` shows the issues that are not sent yet.",
        )
    if edited_since_build(archive.folder, slug):
        raise ArchiveError(
            f"{slug} was edited after it was built, so what you would approve is not there yet.",
            hint=f"`digest build --again --issue {slug}` makes it; look at it, then approve it.",
        )
    findings = check_issue(slug, archive=archive).findings
    worst = [finding for finding in findings if finding.level == "error"]
    if worst:
        named = "; ".join(f"{f.where}: {f.what.rstrip('.')}" for f in worst[:3])
        more = f"; and {len(worst) - 3} more" if worst[3:] else ""
        count = "one error" if len(worst) == 1 else f"{len(worst)} errors"
        raise ArchiveError(
            f"{slug} has {count} and is not approved: {named}{more}.",
            hint=f"`digest check {slug}` says how to mend them.",
        )
    approval = set_key("status", "approved")
    before, after = change_edits(archive.folder, slug, approval, save=save, seen=seen)
    return findings, Edited(slug=slug, before=before, after=after)


def _changed(
    archive: Archive, slug: str, change: Change, *, save: bool, seen: str | None = None
) -> Edited:
    """Make a change; what was approved before is so no longer."""
    archive.path(slug)
    change = all_of(change, end_approval())
    before, after = change_edits(archive.folder, slug, change, save=save, seen=seen)
    return Edited(slug=slug, before=before, after=after, unapproved=is_approved(before))


def _is_added(named: Named, edits: Edits) -> bool:
    return any(story.id == named.id for story in edits.add)


def _nothing(words: str, slug: str) -> UsageError:
    return UsageError(
        f"Nothing was decided of {words} in {slug}.",
        hint=f"`digest edit {slug} show` lists the edits.",
    )


def _illustrated(edits: Edits) -> tuple[StoryEdit | AddedStory, ...]:
    """What may name a picture."""
    return (*edits.stories.values(), *edits.add)


def _kept_pictures(archive: Archive, slug: str, edits: Edits) -> Mapping[str, bytes]:
    """The pictures that the issue has as it was built, where an edit names one of them."""
    if not any((row.image or "").startswith("media/") for row in _illustrated(edits)):
        return {}
    try:
        return archive.media(slug)
    except ArchiveError:
        return {}
