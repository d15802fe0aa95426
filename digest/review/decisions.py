"""A form that was filled in → what the editor decided, through the jobs of editing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from digest import pipeline, site
from digest.archive import Archive, read_edits
from digest.edits import NO_PICTURE
from digest.errors import UsageError
from digest.models import Issue

_TAKES_TEXT = ("headline", "blurb", "section", "image", "alt", "note")
_NAMES = {"alt": "description of the picture", "order": "place", "no_image": "picture",
          "image": "picture"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Done:
    """What was decided: the sentence that says so, the file before and after, and where it is."""

    said: str
    before: str
    after: str
    id: str = ""
    unapproved: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A form of an issue, and edits.toml as it was when its page was made.

    `form` is which it is, `do` what the button says, `id` the story that it is about.
    """

    archive: Archive
    slug: str
    typed: Mapping[str, str]
    seen: str

    form: str
    do: str
    id: str

    @classmethod
    def of(cls, archive: Archive, slug: str, typed: Mapping[str, str], seen: str) -> Asked:
        """The form that was `typed`; of one-click decisions, the button names the story, too."""
        form, do, key = (typed.get(name, "") for name in ("form", "do", "id"))
        if form == "quick":
            do, _, key = do.partition(" ")
        return cls(archive, slug, typed, seen, form, do, key)


def decide(asked: Asked) -> Done:
    """Keep what a form asks for.

    Raises UsageError for words that make no decision, and whatever the jobs of editing raise:
    then nothing is kept.
    """
    forms = {"story": _story, "quick": _story, "whole": _whole, "add": _add, "notice": _notice}
    if asked.form not in forms:
        raise UsageError("This form asks for nothing that can be done here.")
    return forms[asked.form](asked)


def _story(asked: Asked) -> Done:
    archive, slug, do = asked.archive, asked.slug, asked.do
    if do == "undo":
        return _undo(asked)
    rows = {named.id: named for named in pipeline.known_stories(archive, slug)}
    story = rows.get(asked.id)
    if story is None:
        raise UsageError(
            "This story is not among the entries of the issue any more.", hint="Load the page anew."
        )
    values, said = _typed(asked)
    if do.startswith("undo "):
        taken = _taken_back(do.removeprefix("undo "))
        values[taken] = None
        said.append(f"has no {_NAMES.get(taken, taken)} of yours any more")
    elif do == "unpin":
        values |= {"pin": None, "drop": None}
        said.append("is where the machine puts it")
    elif do in {"lead", "teaser"}:
        values |= {"pin": do, "drop": None}
        said.append(f"is pinned as a {do}")
    elif do == "drop":
        values |= {"drop": True, "pin": None}
        said.append("is dropped")
    elif do not in {"keep", "up", "down"} or (do == "keep" and asked.form == "quick"):
        raise UsageError(f"{do[:40]!r} is nothing that can be done with a story.")
    before = after = asked.seen
    unapproved = False
    if values:
        edited = pipeline.edit_story(archive, slug, story, values, save=True, seen=before)
        after, unapproved = edited.after, edited.unapproved
    if do in {"up", "down"}:
        place = _next_place(archive.load(slug), story.id, -1 if do == "up" else 1)
        edited = pipeline.place_story(archive, slug, story, place, seen=after)
        after, unapproved = edited.after, unapproved or edited.unapproved
        said.append(f"takes place {place} where it stands")
    told = f"“{story.title}” {'; it '.join(said)}." if said else ""
    return Done(told, before, after, story.id, unapproved)


def _typed(asked: Asked) -> tuple[dict[str, Any], list[str]]:
    """The decisions that were typed, and what is said of them."""
    if asked.form != "story":
        return {}, []
    over = site.typed_over(asked.typed.get("was", ""), asked.typed, site.STORY_FIELDS)
    values: dict[str, Any] = {}
    for name, text in over.items():
        if name in _TAKES_TEXT:
            # An empty blurb is a decision; every other empty field takes one back.
            values[name] = text if text or name == "blurb" else None
    if "order" in over:
        values["order"] = _place(over["order"])
    if asked.typed.get("no_image") and "no_image" in over:
        values["image"] = NO_PICTURE
    elif "no_image" in over and "image" not in over:
        values["image"] = None
    names = list(dict.fromkeys(_NAMES.get(name, name) for name in over))
    if not names:
        return values, []
    all_of = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return values, [f"has your {all_of}"]


def _taken_back(name: str) -> str:
    if name not in {*_TAKES_TEXT, "order"}:
        raise UsageError(f"{name[:40]!r} is nothing that is decided of a story.")
    return name


def _place(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 5):
        raise UsageError(
            f"{text[:40]!r} is no place: it counts from 1.", hint="The first story has place 1."
        )
    return int(text)


def _next_place(issue: Issue, key: str, step: int) -> int:
    """The place beside that of a story, where it stands in the issue as built."""
    for room in (issue.leads, *(section.stories for section in issue.sections)):
        ids = [story.entry.id for story in room]
        if key in ids:
            return min(max(1, ids.index(key) + 1 + step), len(ids))
    raise UsageError(
        "This story is not in the issue as it was built, so it has no place there.",
        hint="Load the page anew.",
    )


def _whole(asked: Asked) -> Done:
    over = site.typed_over(asked.typed.get("was", ""), asked.typed, site.WHOLE_FIELDS)
    # Empty opening and closing words are a decision: none. A subject cannot be empty.
    values: dict[str, str | None] = {
        name: text if text or name in {"intro", "outro"} else None for name, text in over.items()
    }
    name = asked.do.removeprefix("undo ")
    if name != asked.do:
        if name not in site.WHOLE_FIELDS:
            raise UsageError(f"{name[:40]!r} is nothing that is decided of an issue.")
        values[name] = None
    if not values:
        return Done("", asked.seen, asked.seen)
    edited = pipeline.edit_keys(asked.archive, asked.slug, values, save=True, seen=asked.seen)
    own = [key for key in values if values[key] is not None]
    said = [f"The issue has your {' and '.join(own)}"] if own else []
    gone = [key for key in values if values[key] is None]
    said += [f"Your {' and '.join(gone)} is taken back"] if gone else []
    return _done(". ".join(said) + ".", edited)


def _add(asked: Asked) -> Done:
    values = {name: asked.typed.get(name, "").strip() or None for name in site.ADD_FIELDS}
    if not values["title"]:
        raise UsageError("A story needs a title.", hint="It is its headline.")
    values["tier"] = "lead" if asked.typed.get("lead") else None
    named, edited = pipeline.add_story(
        asked.archive, asked.slug, values, save=True, seen=asked.seen
    )
    tier = "lead" if values["tier"] else "teaser"
    return _done(f"“{named.title}” is added as a {tier}.", edited, named.id)


def _notice(asked: Asked) -> Done:
    values = {name: asked.typed.get(name, "").strip() or None for name in site.NOTICE_FIELDS}
    if not values["title"]:
        raise UsageError("A notice needs a title.", hint="It is its headline.")
    edited = pipeline.add_notice(asked.archive, asked.slug, values, save=True, seen=asked.seen)
    return _done(f"The notice “{values['title']}” is added.", edited)


def _undo(asked: Asked) -> Done:
    """Take back all that was decided of a story, or take out a notice, by its number."""
    archive, slug = asked.archive, asked.slug
    edits = read_edits(archive.folder, slug)
    own = {*edits.stories, *(story.id for story in edits.add)}
    own |= {f"notice {at}" for at in range(len(edits.notice))}
    if asked.id not in own:  # which as words could name another story
        raise UsageError("Nothing of this is decided any more.", hint="Load the page anew.")
    named, edited = pipeline.undo(archive, slug, asked.id, save=True, seen=asked.seen)
    return _done(f"{named}: all that was decided of it is taken back.", edited, asked.id)


def _done(said: str, edited: pipeline.Edited, key: str = "") -> Done:
    return Done(said, edited.before, edited.after, key, edited.unapproved)
