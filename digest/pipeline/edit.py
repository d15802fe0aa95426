"""The job of editing an issue: which story is meant, what is decided, and what a build is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from digest.archive import (
    Archive,
    Change,
    added_id,
    all_of,
    append,
    change_edits,
    edited_since_build,
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

TOP_LEVEL = ("subject", "preheader", "intro", "outro", "status")
"""The keys of edits.toml that stand for the whole issue."""

_MOST_NAMED = 8
_SHOWN_TITLE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """The editor's decisions as a build takes them: every picture a link or `media/…`."""

    edits: Edits = field(default_factory=Edits)
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    failures: tuple[Failure, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """An entry that an editor may mean. `place` is where it stands in the issue as built."""

    id: str
    title: str
    source: str = ""
    place: str = ""
    section: str = ""


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
    return Decided(edits=edits, pictures=pictures, failures=tuple(failures))


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


def find_story(archive: Archive, slug: str, words: str) -> Named:
    """The one entry of the issue, or story of the editor's, of this id or with these words.

    Raises UsageError, which lists the choices, where it is none or several.
    """
    known = _known(archive, slug, read_edits(archive.folder, slug))
    return _one(_matching(known, words), words, slug, "No entry")


def edit_story(
    archive: Archive,
    slug: str,
    story: Named,
    values: Mapping[str, str | int | bool | None],
    *,
    save: bool,
) -> Edited:
    """Decide something of a story; None takes a decision back."""
    return _changed(archive, slug, set_story(story.id, story.title, values), save=save)


def edit_key(archive: Archive, slug: str, key: str, text: str, *, save: bool) -> Edited:
    """Give the issue its subject, preheader, intro or outro in the editor's words."""
    return _changed(archive, slug, set_key(key, text), save=save)


def add_story(
    archive: Archive, slug: str, values: Mapping[str, str | None], *, save: bool
) -> tuple[Named, Edited]:
    """Add a story of the editor's own; its id stands in the file, whatever becomes of its title."""
    title, url = values.get("title") or "", values.get("url") or ""
    key = added_id(title, url)
    edited = _changed(archive, slug, append("add", {"id": key} | dict(values)), save=save)
    return Named(id=key, title=title), edited


def add_notice(
    archive: Archive, slug: str, values: Mapping[str, str | None], *, save: bool
) -> Edited:
    """Add a sponsor's notice."""
    return _changed(archive, slug, append("notice", values), save=save)


def undo(archive: Archive, slug: str, words: str, *, save: bool) -> tuple[str, Edited]:
    """Take back what was decided of a story, a story or notice that was added, or a key.

    Returns what that was, in words. Raises UsageError where nothing of it is decided.
    """
    edits = read_edits(archive.folder, slug)
    if words in TOP_LEVEL:
        if getattr(edits, words) in {None, "draft"}:
            raise _nothing(words, slug)
        return f"the {words}", _changed(archive, slug, set_key(words, None), save=save)
    known = _known(archive, slug, edits)
    there = {named.id for named in known}
    own = [named for named in known if named.id in edits.stories or _is_added(named, edits)]
    own += [Named(id=key, title=key) for key in edits.stories if key not in there]
    notices = [
        Named(id=f"notice {at}", title=notice.title) for at, notice in enumerate(edits.notice)
    ]
    found = _one(_matching([*own, *notices], words), words, slug, "No decision")
    changes: list[Change] = []
    if found in notices:
        changes.append(remove_row("notice", notices.index(found)))
    if found.id in edits.stories:
        changes.append(remove_story(found.id))
    for at, story in enumerate(edits.add):
        if story.id == found.id:
            changes.append(remove_row("add", at))
    return f"“{found.title}”", _changed(archive, slug, all_of(*changes), save=save)


def approve(archive: Archive, slug: str, *, save: bool) -> tuple[tuple[Finding, ...], Edited]:
    """Approve the issue as it was built.

    Raises ArchiveError where its checks have errors, which are named, and where it was edited
    since.
    """
    from digest.check import check

    if edited_since_build(archive.folder, slug):
        raise ArchiveError(
            f"{slug} was edited after it was built, so what you would approve is not there yet.",
            hint=f"Build it with `digest build --issue {slug}`, look at it, then approve it.",
        )
    findings = check(archive.load(slug), archive.renderings(slug), media=archive.media(slug))
    worst = [finding for finding in findings if finding.level == "error"]
    if worst:
        named = "; ".join(f"{f.where}: {f.what.rstrip('.')}" for f in worst[:3])
        more = f"; and {len(worst) - 3} more" if worst[3:] else ""
        count = "one error" if len(worst) == 1 else f"{len(worst)} errors"
        raise ArchiveError(
            f"{slug} has {count} and is not approved: {named}{more}.",
            hint=f"`digest check {slug}` says how to mend them.",
        )
    before, after = change_edits(archive.folder, slug, set_key("status", "approved"), save=save)
    return findings, Edited(slug=slug, before=before, after=after)


def _changed(archive: Archive, slug: str, change: Change, *, save: bool) -> Edited:
    """Make a change; what was approved before is so no longer."""
    archive.path(slug)
    was = read_edits(archive.folder, slug).status == "approved"
    steps = (change, set_key("status", None)) if was else (change,)
    before, after = change_edits(archive.folder, slug, all_of(*steps), save=save)
    return Edited(slug=slug, before=before, after=after, unapproved=was)


def _known(archive: Archive, slug: str, edits: Edits) -> list[Named]:
    known = {
        row.entry.id: Named(
            id=row.entry.id,
            title=" ".join(row.entry.title.split()),
            source=row.entry.source,
            place=row.verdict.place,
            section=row.verdict.section,
        )
        for row in archive.candidates(slug)
    }
    for story in edits.add:
        known.setdefault(story.id, Named(id=story.id, title=story.title, source=story.source))
    return list(known.values())


def _is_added(named: Named, edits: Edits) -> bool:
    return any(story.id == named.id for story in edits.add)


def _matching(known: Sequence[Named], words: str) -> list[Named]:
    """Those of this id, else of this title, else whose title holds the words."""
    low = " ".join(words.casefold().split())
    if not low:
        return []
    for fits in (
        lambda named: named.id == words.strip(),
        lambda named: named.title.casefold() == low,
        lambda named: low in named.title.casefold(),
        lambda named: all(word in named.title.casefold() for word in low.split()),
    ):
        found = [named for named in known if fits(named)]
        if found:
            return found
    return []


def _one(found: Sequence[Named], words: str, slug: str, none: str) -> Named:
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageError(
            f"{none} of {slug} has the id or the words “{words[:_SHOWN_TITLE]}”.",
            hint=f"`digest explain {slug}` lists all entries, `digest edit {slug} show` the edits.",
        )
    rows = "; ".join(
        f"{n.id} “{n.title[:_SHOWN_TITLE]}”" + (f" ({n.source})" if n.source else "")
        for n in found[:_MOST_NAMED]
    )
    more = f"; and {len(found) - _MOST_NAMED} more" if found[_MOST_NAMED:] else ""
    raise UsageError(
        f"“{words[:_SHOWN_TITLE]}” names {len(found)} of {slug}: {rows}{more}.",
        hint="Give the id of one, or more words of its title.",
    )


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
