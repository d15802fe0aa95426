"""What becomes of the ranked stories: verdicts, credits, and their place in the issue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from digest.models import Credit, Entry, Section, Story, Tier, Verdict
from digest.select import verdicts
from digest.select.choosing import Choice
from digest.select.merging import Happening
from digest.select.ranking import Score, source_of
from digest.select.sections import in_order, kicker, shared_tags
from digest.settings import Settings


@dataclass(frozen=True, slots=True)
class Ranked:
    """A story with the scores of its entries, by their places."""

    story: Happening
    scores: Mapping[int, Score]

    @property
    def score(self) -> Score:
        """The score of the entry that tells it."""
        return self.scores[self.story.teller]


@dataclass(frozen=True, slots=True)
class Telling:
    """The chosen stories, and a verdict for every entry that tells or is told."""

    leads: tuple[Story, ...]
    sections: tuple[Section, ...]
    verdicts: Mapping[int, Verdict]


def tell(
    entries: Sequence[Entry],
    ranked: Sequence[Ranked],
    choice: Choice,
    settings: Settings,
    *,
    named: Mapping[int, str],
    follows: Mapping[int, str],
) -> Telling:
    """Stories and verdicts of a choice among `ranked`; places count into `entries`.

    `named` gives the section of each teaser, `follows` what a story is an update to.
    """
    shared = shared_tags([entries[one.story.teller] for one in ranked])
    found: dict[int, Verdict] = {}
    for n, one in enumerate(ranked):
        ruling = _ruling(n, entries, ranked, choice, settings)
        found |= _verdicts(entries, one, ruling, named.get(n, ""))
    return Telling(
        leads=tuple(
            _story(
                entries,
                ranked[n].story,
                "lead",
                follows=follows.get(n, ""),
                label=kicker(entries[ranked[n].story.teller], shared),
            )
            for n in choice.leads
        ),
        sections=tuple(
            Section(
                name=name,
                stories=tuple(
                    _story(
                        entries, ranked[n].story, "teaser", section=name, follows=follows.get(n, "")
                    )
                    for n in choice.teasers
                    if named[n] == name
                ),
            )
            for name in in_order([named[n] for n in choice.teasers], settings.section_order)
        ),
        verdicts=found,
    )


@dataclass(frozen=True, slots=True)
class _Ruling:
    """The tier of a story, if any, the rule that decided, and why."""

    tier: Tier | None
    rule: str
    because: str


def _ruling(
    n: int, entries: Sequence[Entry], ranked: Sequence[Ranked], choice: Choice, settings: Settings
) -> _Ruling:
    rank, count = n + 1, len(ranked)
    teller = entries[ranked[n].story.teller]
    if n in choice.leads:
        because = verdicts.chosen(teller, ranked[n].score, "lead", rank=rank, count=count)
        return _Ruling("lead", "lead", because)
    if n in choice.teasers:
        why = dict(choice.passed_over).get(n, "")
        because = verdicts.chosen(
            teller, ranked[n].score, "teaser", rank=rank, count=count, passed_over=why
        )
        return _Ruling("teaser", "teaser", because)
    if n in choice.held_back:
        return _Ruling(None, "per-source", verdicts.held_back(teller, settings.per_source))
    if n in choice.full:
        return _Ruling(None, "per-section", verdicts.full(settings.per_section))
    if n in choice.low:
        return _Ruling(None, "floor", verdicts.low(ranked[n].score, settings.floor))
    places = settings.leads + settings.teasers
    return _Ruling(None, "rank", verdicts.outranked(rank, count, places))


def _verdicts(
    entries: Sequence[Entry], one: Ranked, ruling: _Ruling, section: str
) -> dict[int, Verdict]:
    """The verdicts of a story's entries.

    What is listed again, or copied by the source that it copies, is out; any other stands beside a
    story of the issue.
    """
    teller = entries[one.story.teller]
    credited = _credited(entries, one.story)
    found = {
        one.story.teller: Verdict(
            place=ruling.tier or "out",
            rule=ruling.rule,
            because=ruling.because,
            score=one.score.total,
            parts=one.score.parts,
            event=teller.id,
            section=section,
        )
    }
    for other in one.story.others:
        entry = entries[other.place]
        like = entries[other.like]
        no_other = other.likeness == "again" or (
            other.likeness == "copy" and source_of(entry) == source_of(like)
        )
        found[other.place] = Verdict(
            place="also" if ruling.tier and not no_other else "out",
            rule="copy" if other.likeness == "again" else other.likeness,
            because=verdicts.beside(
                other.likeness,
                teller,
                like,
                in_issue=ruling.tier is not None,
                credited=other.place in credited,
            ),
            score=one.scores[other.place].total,
            parts=one.scores[other.place].parts,
            event=teller.id,
            section=section,
        )
    return found


def _credited(entries: Sequence[Entry], story: Happening) -> tuple[int, ...]:
    """The places of the others that a reader is told of: the best of each further source.

    One that is listed again is the other itself, read from a second place.
    """
    teller = entries[story.teller]
    sources = {source_of(teller)}
    places: list[int] = []
    for other in story.others:
        entry = entries[other.place]
        if source_of(entry) not in sources and other.likeness != "again":
            sources.add(source_of(entry))
            places.append(other.place)
    return tuple(places)


def _story(
    entries: Sequence[Entry],
    story: Happening,
    tier: Tier,
    *,
    section: str = "",
    label: str = "",
    follows: str = "",
) -> Story:
    entry = entries[story.teller]
    others = [entries[place] for place in _credited(entries, story)]
    return Story(
        entry=entry,
        tier=tier,
        headline=entry.title,
        section=section,
        kicker=label,
        note=follows,
        also=tuple(
            Credit(id=other.id, source=source_of(other), title=other.title, url=other.url)
            for other in others
        ),
    )
