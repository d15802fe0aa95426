"""The editor's desk: an issue's stories as forms, what she decided, and who else could be in it.

The forms are plain HTML; each carries the token and the state of edits.toml that it was made from.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from digest.edits import NO_PICTURE, AddedStory, Edits, StoryEdit
from digest.models import Candidate, Failure, Issue, Story
from digest.site.pages import Around, Listed, issue_page

CANDIDATES_PER_PAGE = 20
FORMS_AT_ONCE = 18
"""Stories of an issue that all have their form on the page: more make it larger than 100 KB, so
each is a page away then."""
STORY_FIELDS = ("headline", "blurb", "section", "order", "image", "no_image", "alt", "note")
WHOLE_FIELDS = ("subject", "preheader", "intro", "outro")
ADD_FIELDS = ("title", "text", "blurb", "url", "source", "byline", "section", "image", "alt")
NOTICE_FIELDS = ("title", "text", "url", "label", "sponsor", "after")
_EMPTY: Mapping[str, str] = dict.fromkeys(
    ("was", "lead", *STORY_FIELDS, *WHOLE_FIELDS, *ADD_FIELDS, *NOTICE_FIELDS), ""
)
"""A form in which nothing was typed."""
_LABELS = {"alt": "description of the picture", "order": "place"}
_SPACE = re.compile(r"[^\S\n]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a page says of the step before it, and what came of that; `hint` is what to do next."""

    what: str
    hint: str = ""
    notes: tuple[str, ...] = ()
    is_trouble: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A form that was not kept, with what its person typed: `form` and `id` say which it is."""

    form: str
    id: str
    typed: Mapping[str, str]
    what: str
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What lies on the editor's desk.

    `whole` and `blurbs` are the machine's words where the editor's stand, by key and by the id of
    the entry; `text` is edits.toml. `stale`: it was edited since the issue was built; `problem` is
    why it was not made again, `watched` whether that happens by itself. `last` says what the last
    change was, where it can be undone; `make` and `send` are commands to type. `story` is the id
    of the story whose form is open, `at` of the one that the email beside it shows.
    """

    token: str
    seen: str
    edits: Edits
    text: str
    candidates: Sequence[Candidate]
    whole: Mapping[str, str] = field(default_factory=dict)
    blurbs: Mapping[str, str] = field(default_factory=dict)
    find: str = ""
    number: int = 1
    story: str = ""
    at: str = ""
    told: Told | None = None
    refused: Refused | None = None
    last: str = ""
    stale: bool = False
    watched: bool = True
    problem: Failure | None = None
    make: str = ""
    send: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A story of the issue as a form. `machine` is what stands there without the editor."""

    story: Story
    at: int
    of: int
    edit: StoryEdit
    added: AddedStory | None
    values: Mapping[str, str]
    machine: Mapping[str, str]
    own: frozenset[str]
    has_form: bool
    is_open: bool
    is_refused: bool

    @property
    def anchor(self) -> str:
        return anchor(self.story.entry.id)

    @property
    def was(self) -> str:
        return marks(self.values)

    @property
    def decisions(self) -> list[str]:
        """What the editor decided of it, each in a word or two."""
        found = [f"pinned as a {self.edit.pin}"] if self.edit.pin else []
        found += ["dropped"] if self.edit.drop else []
        found += ["added"] if self.added else []
        return found + [f"your {_LABELS.get(name, name)}" for name in self.edit.words]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Decided:
    """Something that was decided of a story that is not in the issue."""

    id: str
    title: str
    what: str


def anchor(key: str) -> str:
    """The place of a story on the page, by the id of its entry, which may hold anything."""
    return f"s-{sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()[:10]}"


def marks(values: Mapping[str, str]) -> str:
    """What a form remembers of the values that it was filled with: see `typed_over`."""
    return " ".join(f"{name}:{_mark(text)}" for name, text in values.items())


def typed_over(was: str, typed: Mapping[str, str], names: Sequence[str]) -> dict[str, str]:
    """The fields among `names` that do not hold any more what the form was filled with.

    What a person left alone is none of her decisions, whatever a browser does to white space.
    """
    before = dict(part.partition(":")[::2] for part in was.split(" "))
    found = {name: typed.get(name, "").strip() for name in names}
    return {name: text for name, text in found.items() if before.get(name) != _mark(text)}


def story_values(story: Story, edit: StoryEdit) -> dict[str, str]:
    """What the form of a story is filled with."""
    has_none = edit.image == NO_PICTURE
    return {
        "headline": story.headline if edit.headline is None else edit.headline,
        "blurb": story.blurb.text if edit.blurb is None else edit.blurb,
        "section": edit.section or "",
        "order": str(edit.order or ""),
        "image": "" if has_none else edit.image or "",
        "no_image": "on" if has_none else "",
        "alt": edit.alt or "",
        "note": edit.note or "",
    }


def whole_values(issue: Issue, edits: Edits) -> dict[str, str]:
    """What the form of the words around the stories is filled with."""
    own = {name: getattr(edits, name) for name in WHOLE_FIELDS}
    return {name: getattr(issue, name) if own[name] is None else own[name] for name in own}


def edit_page(row: Listed, issue: Issue, desk: Desk, *, around: Around) -> str:
    """The desk of an issue that is not sent yet, beside its email; of one that is, what was done.

    Stories stand in reading order, then what was decided of others, then the candidates that were
    not chosen, CANDIDATES_PER_PAGE on a page, by score; `desk.find` looks in their words.
    """
    rows = _rows(issue, desk)
    there = {story.entry.id for story in issue.stories}
    others = _others(desk, there)
    pages = max(1, -(-len(others) // CANDIDATES_PER_PAGE))
    number = min(max(1, desk.number), pages)
    start = (number - 1) * CANDIDATES_PER_PAGE
    values = whole_values(issue, desk.edits)
    return issue_page(
        "edit.html.j2",
        "edit",
        row,
        around,
        desk=desk,
        edits=desk.edits,
        typed={**_EMPTY, **desk.refused.typed} if desk.refused else _EMPTY,
        empty=_EMPTY,
        refused=desk.refused,
        values=values,
        was=marks(values),
        own={name for name in WHOLE_FIELDS if getattr(desk.edits, name) is not None},
        groups=_groups(rows, issue),
        sections=[section.name for section in issue.sections],
        decided=_decided(desk, there),
        notices=list(enumerate(desk.edits.notice)),
        others=others[start : start + CANDIDATES_PER_PAGE],
        found=len(others),
        number=number,
        pages=pages,
        anchor=anchor,
    )


def conflict_page(
    row: Listed,
    *,
    around: Around,
    differences: Sequence[str],
    known: bool,
    typed: Mapping[str, str],
    title: str,
    token: str,
    seen: str,
    can_apply: bool,
) -> str:
    """Somebody else changed edits.toml: their change, what was typed here, and both on top.

    `differences` are lines of a diff, or of the file where what it was before is not `known`.
    `title` is that of the story that the form is about, if it is about one. `can_apply`: what was
    typed may be kept on top of it.
    """
    hidden = {"token", "seen", "form", "id", "was", "do", "find", "page"}
    own = {name: text for name, text in typed.items() if name not in hidden}
    if "was" in typed:  # what was left alone is nothing that was asked for
        own = typed_over(
            typed["was"], own, [name for name in (*STORY_FIELDS, *WHOLE_FIELDS) if name in own]
        )
    return issue_page(
        "conflict.html.j2",
        "edit",
        row,
        around,
        differences=differences,
        known=known,
        typed={name: text for name, text in typed.items() if name not in {"token", "seen"}},
        shown=[(_LABELS.get(name, name), text) for name, text in own.items()],
        what=_asked(typed),
        title=title,
        token=token,
        seen=seen,
        can_apply=can_apply,
    )


def _mark(text: str) -> str:
    lines = (_SPACE.sub(" ", line).strip() for line in text.strip().splitlines())
    return sha256("\n".join(lines).encode("utf-8", "replace")).hexdigest()[:8]


def _rows(issue: Issue, desk: Desk) -> list[_Row]:
    added = {story.id: story for story in desk.edits.add}
    sources = {c.entry.id: c.source_entry or c.entry for c in desk.candidates}
    refused = desk.refused
    at_once = len(issue.stories) <= FORMS_AT_ONCE
    rows: list[_Row] = []
    for room in (issue.leads, *(section.stories for section in issue.sections)):
        for at, story in enumerate(room, start=1):
            key = story.entry.id
            edit = desk.edits.stories.get(key, StoryEdit())
            is_refused = bool(refused and refused.form == "story" and refused.id == key)
            image = sources.get(key, story.entry).image
            own = story.kicker if story.tier == "lead" else story.section
            rows.append(
                _Row(
                    story=story,
                    at=at,
                    of=len(room),
                    edit=edit,
                    added=added.get(key),
                    values=story_values(story, edit),
                    machine={
                        "headline": story.entry.title,
                        "blurb": desk.blurbs.get(key, ""),
                        "section": "" if edit.section else own,
                        "order": str(at),
                        "image": image.url if image else "",
                        "alt": image.alt if image else "",
                    },
                    own=frozenset(edit.words),
                    has_form=at_once or is_refused or key == desk.story,
                    is_open=is_refused or key == desk.story,
                    is_refused=is_refused,
                )
            )
    return rows


def _groups(rows: Sequence[_Row], issue: Issue) -> list[tuple[str, list[_Row]]]:
    """The rows under the headings of the issue, which stand in the order of its stories."""
    left = list(rows)
    rooms = [("Leads", len(issue.leads))]
    rooms += [(section.name, len(section.stories)) for section in issue.sections]
    groups: list[tuple[str, list[_Row]]] = []
    for name, count in rooms:
        if count:
            groups.append((name, left[:count]))
            left = left[count:]
    return groups


def _decided(desk: Desk, there: set[str]) -> list[_Decided]:
    titles = {c.entry.id: c.entry.title for c in desk.candidates}
    titles |= {story.id: story.title for story in desk.edits.add}
    keys = [key for key in desk.edits.stories if key not in there]
    keys += [s.id for s in desk.edits.add if s.id not in there and s.id not in keys]
    return [
        _Decided(id=key, title=titles.get(key, key), what=_what(desk.edits, key)) for key in keys
    ]


def _what(edits: Edits, key: str) -> str:
    edit = edits.stories.get(key, StoryEdit())
    words = ["dropped"] if edit.drop else [f"pinned as a {edit.pin}"] if edit.pin else []
    words += [f"your {_LABELS.get(name, name)}" for name in edit.words]
    return ", ".join(words or ["added"])


def _others(desk: Desk, there: set[str]) -> list[Candidate]:
    """The candidates that were not chosen, the best first; of a search, those with its words."""
    wanted = desk.find.casefold().split()

    def fits(candidate: Candidate) -> bool:
        entry = candidate.entry
        text = f"{entry.title} {entry.source} {entry.section} {entry.summary} {entry.text}"
        return all(word in text.casefold() for word in wanted)

    known = there | {key for key, edit in desk.edits.stories.items() if edit.drop}
    found = [c for c in desk.candidates if c.entry.id not in known and fits(c)]
    return sorted(found, key=lambda c: (-c.verdict.score, c.entry.order, c.entry.id))


def _asked(typed: Mapping[str, str]) -> str:
    """What the button said that was pressed."""
    words = typed.get("do", "").partition(" ")[0]
    said = {"keep": "Keep", "back": "Undo the last change", "up": "Move up", "down": "Move down",
            "lead": "Make it a lead", "teaser": "Make it a teaser", "drop": "Drop",
            "undo": "Take back", "unpin": "Unpin"}  # fmt: skip
    return said.get(words, words[:40] or typed.get("form", "")[:40])
