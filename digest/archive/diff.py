"""What is different between two issues, story by story; values in, values out."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Literal

from digest.models import Image, Issue, Newsletter, Notice, Section, Story
from digest.text.urls import canonical

How = Literal["id", "address", "copy", "event"]
"""By what two stories are known to be of one: their entry, its address, its text, its event."""

MOST_COMPARED = 600
"""Stories whose texts are compared to find copies and events; among more, none are looked for."""
_SAME_ADDRESS = 20
"""Stories of one address that are looked through for the right one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Something that says one thing before and another after; `what` names it for a person."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A story of both issues. `moved`: it has another place among those that stayed beside it."""

    before: Story
    after: Story
    how: How
    moved: bool = False
    words: tuple[Wording, ...] = ()

    @property
    def promoted(self) -> bool:
        """Whether a teaser became a lead."""
        return self.before.tier == "teaser" and self.after.tier == "lead"

    @property
    def demoted(self) -> bool:
        """Whether a lead became a teaser."""
        return self.before.tier == "lead" and self.after.tier == "teaser"

    @property
    def resettled(self) -> bool:
        """Whether a teaser stands in another section."""
        return self.before.tier == self.after.tier == "teaser" and _room(self.before) != _room(
            self.after
        )

    @property
    def same_entry(self) -> bool:
        """Whether it is the same entry, and not another report of the same."""
        return self.how in {"id", "address"}

    @property
    def changed(self) -> bool:
        """Whether anything of it is different."""
        return bool(self.promoted or self.demoted or self.resettled or self.moved or self.words)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCount:
    """How many stories of a source the two issues have."""

    source: str
    before: int
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueDiff:
    """Every story of both issues once: in a pair, among the added or among the dropped.

    `about` is what is different around the stories. `sources` are those that one of the two has
    alone, the most frequent first.
    """

    before: str
    after: str
    about: tuple[Wording, ...] = ()
    pairs: tuple[Pair, ...] = ()
    added: tuple[Story, ...] = ()
    dropped: tuple[Story, ...] = ()
    sources: tuple[SourceCount, ...] = ()

    @property
    def same_week(self) -> bool:
        """Whether both are the one issue, in two states."""
        return self.before == self.after

    @property
    def changed(self) -> tuple[Pair, ...]:
        """The pairs of which anything is different."""
        return tuple(pair for pair in self.pairs if pair.changed)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is different."""
        return not (self.about or self.added or self.dropped or self.changed)


def diff(before: Issue, after: Issue) -> IssueDiff:
    """What `after` has that `before` had not, and the other way round.

    Stories are matched by their entry's id, then its address; in issues of two weeks also by what
    they tell (a copy, an update, another report of the event). There the order of stories says
    nothing, and is not compared.
    """
    same_week = before.slug == after.slug
    olds, news = list(before.stories), list(after.stories)
    matched = _matched(olds, news, told=not same_week)
    moved = _moved(olds, news, matched) if same_week else frozenset()
    pairs = tuple(
        Pair(
            before=olds[old],
            after=news[new],
            how=how,
            moved=new in moved,
            words=_words(olds[old], news[new]) if how in {"id", "address"} else (),
        )
        for new, (old, how) in sorted(matched.items())
    )
    taken = {old for old, _ in matched.values()}
    return IssueDiff(
        before=before.slug,
        after=after.slug,
        about=tuple(_about(before, after, same_week=same_week)),
        pairs=pairs,
        added=tuple(story for at, story in enumerate(news) if at not in matched),
        dropped=tuple(story for at, story in enumerate(olds) if at not in taken),
        sources=_sources(olds, news),
    )


def longest_rising(numbers: Sequence[int]) -> frozenset[int]:
    """The places of a longest strictly rising run of `numbers`, gaps allowed."""
    tails: list[int] = []
    ends: list[int] = []
    prior: list[int] = []
    for at, number in enumerate(numbers):
        length = bisect_left(tails, number)
        prior.append(ends[length - 1] if length else -1)
        tails[length : length + 1] = [number]
        ends[length : length + 1] = [at]
    found: set[int] = set()
    at = ends[-1] if ends else -1
    while at >= 0:
        found.add(at)
        at = prior[at]
    return frozenset(found)


def _matched(
    olds: Sequence[Story], news: Sequence[Story], *, told: bool
) -> dict[int, tuple[int, How]]:
    """For the place of each new story that has one: the place of its old story, and how."""
    from digest.match import same_address  # brings numpy, which a list of issues does without

    matched: dict[int, tuple[int, How]] = {}
    free = dict.fromkeys(range(len(olds)))

    def take(how: How, key: Callable[[Story], str], same: Callable[[Story, Story], bool]) -> None:
        by_key: dict[str, list[int]] = defaultdict(list)
        for old in free:
            by_key[key(olds[old])].append(old)
        for new, story in enumerate(news):
            if new in matched:
                continue
            near = by_key.get(key(story), [])
            for old in near[:_SAME_ADDRESS]:
                if same(olds[old], story):
                    matched[new] = (old, how)
                    near.remove(old)
                    del free[old]
                    break

    take("id", lambda story: story.entry.id, lambda old, new: old.entry.id == new.entry.id)
    take(
        "address",
        lambda story: canonical(story.entry.url or ""),
        lambda old, new: same_address(old.entry, new.entry),
    )
    rest = [new for new in range(len(news)) if new not in matched]
    if told and rest and free and len(rest) + len(free) <= MOST_COMPARED:
        for old, new, how in _telling(olds, news, list(free), rest):
            if old in free and new not in matched:
                matched[new] = (old, how)
                del free[old]
    return matched


def _telling(
    olds: Sequence[Story], news: Sequence[Story], some: Sequence[int], rest: Sequence[int]
) -> Iterator[tuple[int, int, How]]:
    """Pairs of an old and a new story that tell the same: copies, the most alike first; events."""
    from digest.match import copies, events

    entries = [olds[at].entry for at in some] + [news[at].entry for at in rest]
    found = sorted(copies(entries), key=lambda copy: (-copy.share, copy.first, copy.second))
    for copy in found:
        one, other = copy.first, copy.second
        if one < len(some) <= other:
            yield some[one], rest[other - len(some)], "copy"
    groups: dict[str, list[int]] = defaultdict(list)
    for at, event in enumerate(events(entries)):
        groups[event].append(at)
    for group in groups.values():
        before = [at for at in group if at < len(some)]
        after = [at for at in group if at >= len(some)]
        for one, other in zip(before, after, strict=False):
            yield some[one], rest[other - len(some)], "event"


def _moved(
    olds: Sequence[Story], news: Sequence[Story], matched: dict[int, tuple[int, How]]
) -> frozenset[int]:
    """The places of new stories that moved past those that stayed in one room with them."""
    rooms: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for new, (old, _) in sorted(matched.items()):
        if _room(olds[old]) == _room(news[new]):
            rooms[_room(news[new])].append((new, old))
    movers: set[int] = set()
    for stayed in rooms.values():
        kept = longest_rising([old for _, old in stayed])
        movers |= {new for at, (new, _) in enumerate(stayed) if at not in kept}
    return frozenset(movers)


def _room(story: Story) -> tuple[str, str]:
    """Where a story has its place: among the leads, or in a section."""
    return story.tier, "" if story.tier == "lead" else story.section.casefold()


def _words(before: Story, after: Story) -> tuple[Wording, ...]:
    rows = (
        ("headline", before.headline, after.headline),
        ("kicker", before.kicker, after.kicker),
        ("blurb", before.blurb.text, after.blurb.text),
        ("note", before.note, after.note),
        ("picture", _picture(before.image), _picture(after.image)),
        ("also covered by", _also(before), _also(after)),
        ("address", before.entry.url or "", after.entry.url or ""),
    )
    return _different(rows)


def _picture(image: Image | None) -> str:
    if image is None:
        return ""
    return f"{image.url} ({image.alt})" if image.alt else image.url


def _also(story: Story) -> str:
    return ", ".join(credit.source or credit.title for credit in story.also)


def _about(before: Issue, after: Issue, *, same_week: bool) -> Iterator[Wording]:
    """What is different around the stories; between two weeks only what an editor chooses."""
    rows = [
        ("subject", before.subject, after.subject),
        ("preheader", before.preheader, after.preheader),
        ("intro", before.intro, after.intro),
        ("outro", before.outro, after.outro),
        ("notices", _notices(before.notices), _notices(after.notices)),
        ("theme", before.theme, after.theme),
    ]
    for field in fields(Newsletter):
        old, new = getattr(before.newsletter, field.name), getattr(after.newsletter, field.name)
        rows.append((f"newsletter’s {field.name.replace('_', ' ')}", old, new))
    if same_week:
        names = _orders(before.sections, after.sections)
        rows += [("order of sections", *names), ("status", before.status, after.status)]
        rows.append(("number", str(before.number), str(after.number)))
        rows.append(("window", _window(before), _window(after)))
    yield from _different(rows)


def _different(rows: Sequence[tuple[str, str, str]]) -> tuple[Wording, ...]:
    return tuple(
        Wording(what=what, before=before, after=after)
        for what, before, after in rows
        if before != after
    )


def _window(issue: Issue) -> str:
    return f"{issue.window.start.isoformat()} to {issue.window.end.isoformat()}"


def _notices(notices: Sequence[Notice]) -> str:
    return "\n".join(
        " · ".join(filter(None, (n.label, n.title, n.text, n.url, n.sponsor, f"after {n.after}")))
        for n in notices
    )


def _orders(before: Sequence[Section], after: Sequence[Section]) -> tuple[str, str]:
    """The names of the sections that both have, in the order of each."""
    both = {s.name.casefold() for s in before} & {s.name.casefold() for s in after}
    old, new = (
        [s.name for s in sections if s.name.casefold() in both] for sections in (before, after)
    )
    return ", ".join(old), ", ".join(new)


def _sources(olds: Sequence[Story], news: Sequence[Story]) -> tuple[SourceCount, ...]:
    before, after = (Counter(story.entry.source for story in row) for row in (olds, news))
    alone = [name for name in {*before, *after} if name and not (before[name] and after[name])]
    alone.sort(key=lambda name: (-before[name] - after[name], name))
    return tuple(SourceCount(source=n, before=before[n], after=after[n]) for n in alone)
