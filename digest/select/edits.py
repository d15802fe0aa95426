"""The editor's hand: what she decided beats every rule and every score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from digest.edits import NO_PICTURE, AddedStory, Edits, StoryEdit
from digest.models import Blurb, Entry, Image, Section, Story, Tier, Verdict
from digest.select.merging import Happening
from digest.select.sections import in_order
from digest.select.telling import Telling

_FILE = "edits.toml"
_MOST_NOTES = 8
_PINNED, _WORDED = 1000.0, 500.0
"""What makes an entry tell its event, whatever the scores of the others, which are below 100."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """The decisions by place among the entries.

    `verdicts` are those of entries that no rule may judge: dropped ones stay out, pinned ones get
    theirs when their story is told. `worded` are entries whose story the editor shaped.
    """

    pins: Mapping[int, Tier]
    worded: frozenset[int]
    verdicts: Mapping[int, Verdict]
    ids: Mapping[str, int]

    def worth(self, place: int) -> float:
        """How much more an entry is worth as the teller of its event."""
        return _PINNED if place in self.pins else _WORDED if place in self.worded else 0.0


def edited(entries: Sequence[Entry], edits: Edits) -> tuple[Entry, ...]:
    """`entries` with the editor's sections and pictures, and the stories that she added."""
    shaped = (_shaped(entry, edits.stories.get(entry.id)) for entry in entries)
    added = (_shaped(_entry(story), edits.stories.get(story.id)) for story in edits.add)
    return (*shaped, *added)


def hand_of(entries: Sequence[Entry], edits: Edits) -> Hand:
    """What `edits` decide of `entries`; of several with one id, the first is meant to be pinned."""
    added: dict[str, Tier] = {story.id: story.tier for story in edits.add}
    ids: dict[str, int] = {}
    pins: dict[int, Tier] = {}
    worded: set[int] = set()
    verdicts: dict[int, Verdict] = {}
    for place, entry in enumerate(entries):
        if entry.id not in edits.stories and entry.id not in added:
            continue
        edit = edits.stories.get(entry.id, StoryEdit())
        first = ids.setdefault(entry.id, place) == place
        tier = edit.pin or added.get(entry.id)
        if edit.drop:
            verdicts[place] = _verdict("dropped", "The editor dropped it.")
        elif tier and first:
            pins[place] = tier
            by = "added" if entry.id in added else "pinned"
            verdicts[place] = _verdict(by, f"The editor {by} it as a {tier}.")
        if edit.words:
            worded.add(place)
    return Hand(pins=pins, worded=frozenset(worded), verdicts=verdicts, ids=ids)


def apart(stories: Sequence[Happening], pins: Mapping[int, Tier]) -> tuple[Happening, ...]:
    """`stories`, each pinned entry telling one of its own, also where two are of one event."""
    found: list[Happening] = []
    for story in stories:
        own = [other.place for other in story.others if other.place in pins]
        others = tuple(other for other in story.others if other.place not in pins)
        found += [Happening(story.teller, others), *(Happening(place) for place in own)]
    return tuple(found)


def arranged(
    telling: Telling, hand: Hand, edits: Edits, order: Sequence[str] = ()
) -> tuple[Telling, tuple[str, ...]]:
    """`telling` in the editor's words and order, and notes on decisions that found no place."""
    if not (edits.stories or edits.add):
        return telling, ()
    added = {story.id: story for story in edits.add}
    notes: list[str] = []

    def worded(story: Story) -> Story:
        key = story.entry.id
        return _worded(story, edits.stories.get(key, StoryEdit()), added.get(key))

    leads = _placed([worded(story) for story in telling.leads], edits, "the leads", notes)
    teasers = [worded(story) for section in telling.sections for story in section.stories]
    sections: list[Section] = []
    for name in in_order([story.section for story in teasers], order):
        own = [story for story in teasers if story.section == name]
        sections.append(Section(name=name, stories=_placed(own, edits, f"“{name}”", notes)))
    named = {story.entry.id: story.section for story in teasers}
    verdicts = {
        place: _decided(place, verdict, hand, named) for place, verdict in telling.verdicts.items()
    }
    told = Telling(leads=leads, sections=tuple(sections), verdicts=verdicts)
    shown = {story.entry.id for story in (*leads, *teasers)}
    return told, (*notes, *_waiting(edits, hand, shown))


def _verdict(rule: str, because: str) -> Verdict:
    return Verdict(place="out", rule=rule, because=because)


def _decided(place: int, verdict: Verdict, hand: Hand, named: Mapping[str, str]) -> Verdict:
    section = named.get(verdict.event, verdict.section)
    if place not in hand.pins:
        return replace(verdict, section=section)
    own = hand.verdicts[place]
    return replace(verdict, section=section, rule=own.rule, because=own.because)


def _shaped(entry: Entry, edit: StoryEdit | None) -> Entry:
    """`entry` with the section and the picture of its edit."""
    if edit is None:
        return entry
    shaped, by_editor = entry, []
    if edit.section is not None:
        shaped = replace(shaped, section=_line(edit.section))
        by_editor.append("section")
    if edit.image is not None or (edit.alt is not None and shaped.image):
        shaped = replace(shaped, image=_image(edit.image, edit.alt, shaped.image))
        by_editor.append("image")
    return replace(shaped, provenance=_marked(shaped.provenance, by_editor))


def _image(url: str | None, alt: str | None, own: Image | None) -> Image | None:
    """The editor's picture; without one of hers, the source's in her words."""
    if url == NO_PICTURE:
        return None
    if url is None:
        return replace(own, alt=alt or "") if own else None
    return Image(url=url.strip(), alt=alt or "")


def _marked(
    provenance: tuple[tuple[str, str], ...], by_editor: Sequence[str]
) -> tuple[tuple[str, str], ...]:
    kept = tuple(row for row in provenance if row[0] not in by_editor)
    return kept + tuple((name, _FILE) for name in by_editor)


def _entry(story: AddedStory) -> Entry:
    entry = Entry(
        id=story.id,
        title=_line(story.title),
        text=story.text.strip(),
        url=story.url.strip() or None,
        source=_line(story.source),
        byline=_line(story.byline),
        section=_line(story.section),
        image=_image(story.image, story.alt, None),
        flags=("no-date",) if story.url else ("no-url", "no-date"),
    )
    names = ("title", "text", "url", "source", "byline", "section", "image")
    return replace(entry, provenance=tuple((n, _FILE) for n in names if getattr(entry, n)))


def _worded(story: Story, edit: StoryEdit, added: AddedStory | None) -> Story:
    """`story` in the editor's words."""
    section = edit.section or (added.section if added else "")
    blurb = edit.blurb if edit.blurb is not None else added.blurb if added else None
    if section.strip():
        name = _line(section)
        if story.tier == "lead":
            story = replace(story, kicker=name)
        elif story.section.casefold() != name.casefold():  # too long or too vague for a source's
            story = replace(story, section=name)
    if edit.headline is not None:
        story = replace(story, headline=_line(edit.headline))
    if blurb is not None:
        story = replace(story, blurb=Blurb(text=_line(blurb), origin="editor"))
    return story if edit.note is None else replace(story, note=_line(edit.note))


def _placed(
    stories: Sequence[Story], edits: Edits, where: str, notes: list[str]
) -> tuple[Story, ...]:
    """`stories` with those that have an order at their places; the others keep theirs.

    Of two that want one place, the first of the file has it, the other the next that is free.
    """
    asked = [(edits.stories.get(story.entry.id, StoryEdit()), story) for story in stories]
    ordered = sorted(
        ((edit.order, edit.line, at) for at, (edit, _) in enumerate(asked) if edit.order),
    )
    wanted: dict[int, int] = {}
    late: list[tuple[int, int]] = []
    for order, _, at in ordered:
        if wanted.setdefault(order, at) != at:
            late.append((order, at))
    for order, at in late:
        first, last = asked[wanted[order]], asked[at]
        free = next(n for n in range(order + 1, order + len(ordered) + 1) if n not in wanted)
        notes.append(
            f"{_FILE}, lines {first[0].line} and {last[0].line}: two stories want place {order} of "
            f"{where}; “{_short(first[1].headline)}” has it, “{_short(last[1].headline)}” has the "
            f"next that is free; to mend it: digest edit order {last[1].entry.id} N."
        )
        wanted[free] = at
    held = set(wanted.values())
    found = [story for at, story in enumerate(stories) if at not in held]
    for order in sorted(wanted):
        found.insert(min(order - 1, len(found)), stories[wanted[order]])
    return tuple(found)


def _waiting(edits: Edits, hand: Hand, shown: set[str]) -> tuple[str, ...]:
    """A note for each edit that does nothing this time; of many, for the first ones."""
    gone: list[str] = []
    unseen: list[str] = []
    for key, edit in edits.stories.items():
        place = f"{_FILE}, line {edit.line}" if edit.line else _FILE
        if key not in hand.ids:
            gone.append(
                f"{place}: the story “{_short(key)}” is no longer among the entries; its edit "
                "waits."
            )
        elif key not in shown and edit.words and not edit.drop:
            what = ", ".join(edit.words)
            unseen.append(
                f"{place}: the story “{_short(key)}” is not in the issue, so its {what} "
                f"{'waits' if len(edit.words) == 1 else 'wait'}; a pin brings it in."
            )
    return (
        *_first(gone, "whose stories are no longer among the entries"),
        *_first(unseen, "whose stories are not in the issue"),
    )


def _first(notes: Sequence[str], which: str) -> tuple[str, ...]:
    """The first notes, and how many more there are."""
    more = len(notes) - _MOST_NOTES
    if more <= 1:
        return tuple(notes)
    return (*notes[:_MOST_NOTES], f"{_FILE}: {more:,} more edits wait, {which}.")


def _line(text: str) -> str:
    return " ".join(text.split())


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59].rstrip() + "…"
