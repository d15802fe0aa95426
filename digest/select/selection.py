"""The steps of a selection, in their order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from digest.edits import Edits
from digest.match import is_dated
from digest.models import Candidate, Entry, PastIssue, Section, Story, Tier, Verdict, Window
from digest.select import verdicts
from digest.select.choosing import Choice, choose
from digest.select.edits import Hand, apart, arranged, edited, hand_of
from digest.select.learning import NOTHING, Learned
from digest.select.memory import remembered
from digest.select.merging import happenings
from digest.select.ranking import Liking, Score, bears, declared_worth, score, source_of, tie_break
from digest.select.sections import section_names
from digest.select.telling import Ranked, tell
from digest.select.window import moment
from digest.settings import Settings

_PLACES = ("lead", "teaser", "also", "out")


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What was chosen; a candidate with its verdict for every entry; what an editor should know.

    Where nothing was chosen, the first note says why.
    """

    leads: tuple[Story, ...] = ()
    sections: tuple[Section, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    notes: tuple[str, ...] = ()


def select(
    entries: Sequence[Entry],
    *,
    window: Window,
    now: datetime,
    settings: Settings,
    past: Sequence[PastIssue] = (),
    first_seen: Mapping[str, datetime] | None = None,
    edits: Edits | None = None,
    learned: Learned = NOTHING,
) -> Selection:
    """The stories of an issue, and why; the same whatever the order of `entries`.

    `first_seen` says by id when an entry was first seen, where that was before this build; one
    that nobody dated and no build has seen belongs to the issue that finds it, also when that is
    built a little after its own cut-off. `past` is what ran, `learned` what past
    issues teach. What the editor decided (`edits`)
    beats every rule and score; what of it finds no place is told in a note. Candidates come in the
    order of the issue: leads, teasers, those told by others, those left out; each group by score.
    """
    edits = edits or Edits()
    entries = edited(entries, edits)
    entries = sorted(entries, key=lambda entry: (tie_break(entry), entry.summary, entry.text))
    hand = hand_of(entries, edits)
    latest = min(now, window.end - timedelta(seconds=1)).astimezone(window.end.tzinfo)
    seen = [(first_seen or {}).get(entry.id, latest) for entry in entries]
    when = [moment(entry, first, now) for entry, first in zip(entries, seen, strict=True)]

    standing = _standing_pages(entries) | dict(hand.verdicts)
    given = standing | _outside(entries, when, window, _left(entries, standing))
    given |= _nothing_to_show(entries, _left(entries, given))
    given |= _excluded(entries, _left(entries, given), settings)
    asked = [*_left(entries, given), *hand.pins]
    memory = remembered([entries[place] for place in asked], past)
    goes_on = {asked[n]: note for n, note in memory.follows.items()}
    given |= {
        asked[n]: _out("ran-before", because)
        for n, because in memory.ran.items()
        if asked[n] not in hand.pins
    }
    places = [*_left(entries, given), *hand.pins]
    likings = dict(
        zip(places, _likings([entries[p] for p in places], settings, learned), strict=True)
    )
    ranked = _rank(entries, when, window, hand, likings=likings, weights=dict(settings.weights))
    tellers = [one.story.teller for one in ranked]
    pins = {n: hand.pins[place] for n, place in enumerate(tellers) if place in hand.pins}
    low = frozenset(n for n, one in enumerate(ranked) if one.score.total < settings.floor)
    choice, names = _choice(
        [entries[place] for place in tellers], settings, learned, pins=pins, low=low
    )
    follows = {n: goes_on[place] for n, place in enumerate(tellers) if place in goes_on}
    telling, waiting = arranged(
        tell(entries, ranked, choice, settings, named=names, follows=follows),
        hand,
        edits,
        settings.section_order,
    )
    given |= telling.verdicts

    candidates = (
        Candidate(entry=entry, first_seen=seen[place], verdict=given[place])
        for place, entry in enumerate(entries)
    )
    notes = _notes_on_supply(entries, when, window, _left(entries, standing), able=len(ranked))
    return Selection(
        leads=telling.leads,
        sections=telling.sections,
        candidates=tuple(sorted(candidates, key=_issue_order)),
        notes=(notes or _notes_on_choice(choice, len(ranked), settings)) + waiting,
    )


def rank(
    entries: Sequence[Entry],
    *,
    window: Window,
    now: datetime,
    settings: Settings,
    learned: Learned = NOTHING,
) -> tuple[int, ...]:
    """The places of `entries`, best first: the scores of `select`, each entry by itself.

    For those who measure the ranker on archives whose entries are known by title and address.
    """
    likings = _likings(entries, settings, learned)
    weights = dict(settings.weights)
    scores = [
        score(
            entry, moment(entry, now, now), window, sources=1, liking=liking, weights=weights
        ).total
        for entry, liking in zip(entries, likings, strict=True)
    ]
    return tuple(
        sorted(range(len(entries)), key=lambda place: (-scores[place], tie_break(entries[place])))
    )


def _left(entries: Sequence[Entry], given: Mapping[int, Verdict]) -> list[int]:
    """The places of the entries that no rule has left out so far."""
    return [place for place in range(len(entries)) if place not in given]


def _standing_pages(entries: Sequence[Entry]) -> dict[int, Verdict]:
    """Undated entries of sources that date others: feeds list "About" and "Privacy policy" too.

    A standing page has an address; a text without one was put there by an editor.
    """
    dating = {source_of(entry) for entry in entries if is_dated(entry)} - {""}
    return {
        place: _out("no-date", verdicts.undated(entry))
        for place, entry in enumerate(entries)
        if not is_dated(entry) and entry.url and source_of(entry) in dating
    }


def _outside(
    entries: Sequence[Entry], when: Sequence[datetime], window: Window, places: Sequence[int]
) -> dict[int, Verdict]:
    return {
        place: _out("window", verdicts.outside(entries[place], when[place], window))
        for place in places
        if not window.holds(when[place])
    }


def _nothing_to_show(entries: Sequence[Entry], places: Sequence[int]) -> dict[int, Verdict]:
    """Entries without a title, which would be the headline, or with nothing beside it."""
    found: dict[int, Verdict] = {}
    for place in places:
        entry = entries[place]
        if not entry.title.strip():
            found[place] = _out("no-title", "It has no title, so it can have no headline.")
        elif not (entry.text.strip() or entry.summary.strip() or entry.url):
            found[place] = _out("empty", "It has a title alone: no text, no summary, no address.")
    return found


def _excluded(
    entries: Sequence[Entry], places: Sequence[int], settings: Settings
) -> dict[int, Verdict]:
    found: dict[int, Verdict] = {}
    for place in places if settings.tags_excluded else ():
        tag = bears(entries[place], settings.tags_excluded)
        if tag:
            found[place] = _out("tag", f"It bears the tag “{tag}”; see DIGEST_TAGS_EXCLUDED.")
    return found


def _likings(entries: Sequence[Entry], settings: Settings, learned: Learned) -> list[Liking]:
    """What settings and past issues say for each entry; a declared worth beats a learned one."""
    chances = learned.chances(entries) or (None,) * len(entries)
    found = []
    for entry, chance in zip(entries, chances, strict=True):
        worth = declared_worth(entry, settings)
        if worth is None and learned.record:
            worth = learned.worth(entry)
            worth = learned.usual if worth is None else worth
        wanted = None
        if settings.tags_wanted:
            wanted = 1.0 if bears(entry, settings.tags_wanted) else 0.0
        found.append(Liking(worth, chance, wanted))
    return found


def _choice(
    tellers: Sequence[Entry],
    settings: Settings,
    learned: Learned,
    *,
    pins: Mapping[int, Tier],
    low: frozenset[int],
) -> tuple[Choice, dict[int, str]]:
    """The choice and the section of each teaser, with no section above its cap.

    Which section a teaser stands in is known only beside the others; so what stands beyond a cap
    is barred, and the choice made again, until none does.
    """
    barred: frozenset[int] = frozenset()
    while True:
        choice = choose(tellers, settings, pins=pins, low=low, barred=barred)
        teasers = [tellers[n] for n in choice.teasers]
        names = dict(zip(choice.teasers, section_names(teasers, settings, learned), strict=True))
        spent: Counter[str] = Counter()
        beyond: set[int] = set()
        for n in choice.teasers:
            spent[names[n]] += 1
            if spent[names[n]] > settings.per_section and n not in pins:
                beyond.add(n)
        if not beyond:
            return choice, names
        barred |= beyond


def _rank(
    entries: Sequence[Entry],
    when: Sequence[datetime],
    window: Window,
    hand: Hand,
    *,
    likings: Mapping[int, Liking],
    weights: Mapping[str, float],
) -> list[Ranked]:
    """The stories that these entries tell, best first; feed order only breaks ties.

    Which entry tells a story is decided before it is known how many sources report it.
    """

    def scored(place: int, sources: int) -> Score:
        return score(
            entries[place],
            when[place],
            window,
            sources=sources,
            liking=likings[place],
            weights=weights,
        )

    places = list(likings)
    alone = {place: hand.worth(place) + scored(place, 1).total for place in places}
    ranked = []
    for story in apart(happenings(entries, places, alone.__getitem__), hand.pins):
        sources = story.sources(entries)
        members = (story.teller, *(other.place for other in story.others))
        scores = {place: scored(place, sources) for place in members}
        ranked.append(Ranked(story, scores))
    return sorted(ranked, key=lambda one: (-one.score.total, tie_break(entries[one.story.teller])))


def _notes_on_supply(
    entries: Sequence[Entry],
    when: Sequence[datetime],
    window: Window,
    places: Sequence[int],
    *,
    able: int,
) -> tuple[str, ...]:
    """Why there is no story to choose from, where there is none; `places` leaves pages out."""
    if able:
        return ()
    if not entries:
        return ("There is no entry to choose from.",)
    inside = sum(1 for place in places if window.holds(when[place]))
    if inside:
        return (verdicts.all_out(inside),)
    if not places:
        return ("No entry is left: the editor dropped all that could run.",)
    newest = max(places, key=lambda place: (when[place], -place))
    return (verdicts.empty_window(entries[newest], when[newest], len(places), window),)


def _notes_on_choice(choice: Choice, stories: int, settings: Settings) -> tuple[str, ...]:
    filled, places = len(choice.leads) + len(choice.teasers), settings.leads + settings.teasers
    if not places:
        return ("DIGEST_LEADS and DIGEST_TEASERS are both 0, so there is no place for a story.",)
    notes: list[str] = []
    if filled < places:
        notes.append(
            verdicts.thin(
                filled,
                places,
                stories,
                held=len(choice.held_back),
                full=len(choice.full),
                low=len(choice.low),
            )
        )
    if settings.leads and not choice.leads:
        notes.append("No story has enough text under its title to lead the issue.")
    return tuple(notes)


def _out(rule: str, because: str) -> Verdict:
    return Verdict(place="out", rule=rule, because=because)


def _issue_order(candidate: Candidate) -> tuple[int, float]:
    return _PLACES.index(candidate.verdict.place), -candidate.verdict.score
