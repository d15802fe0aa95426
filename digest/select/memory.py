"""What ran before: entries that an earlier issue already told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from digest.match import CERTAIN, copies, events, is_dated, same_address
from digest.models import Entry, PastIssue
from digest.text.urls import canonical

_Told = tuple[PastIssue, Entry]


@dataclass(frozen=True, slots=True)
class Memory:
    """What an archive says of entries, by their places: why one ran already, what one goes on with.

    An entry is in one of the two at most.
    """

    ran: Mapping[int, str]
    follows: Mapping[int, str]


def remembered(entries: Sequence[Entry], past: Sequence[PastIssue]) -> Memory:
    """What of `entries` ran in a past issue, or goes on with what one told; the latest is named.

    An entry ran when an earlier issue holds its id, its address, a near-duplicate of it, or its
    event, unless it was published after that issue's cut-off: then it goes on with that event.
    """
    told = [(issue, entry) for issue in _latest_first(past) for entry in issue.ran]
    if not told or not entries:
        return Memory({}, {})
    found: dict[int, tuple[int, str]] = {}
    for place, memory, why in (*_by_name(entries, told), *_by_text(entries, told)):
        if place not in found or memory < found[place][0]:
            found[place] = (memory, why)
    follows: dict[int, str] = {}
    for place, memory in _same_event(entries, told):
        issue, entry = told[memory]
        if place in found:
            continue
        if _is_earlier(entries[place], issue):
            found[place] = (memory, f"it reports the event of “{entry.title[:80]}”")
        else:
            follows.setdefault(place, f"Update to {issue.slug}")
    ran = {place: f"Ran in {told[m][0].slug}: {why}." for place, (m, why) in sorted(found.items())}
    return Memory(ran, {place: note for place, note in follows.items() if place not in ran})


def _is_earlier(entry: Entry, issue: PastIssue) -> bool:
    """Whether it was published before the issue ended; an undated one was found after it."""
    dated = entry.published if is_dated(entry) else None
    return dated is not None and dated < issue.window.end


def _same_event(entries: Sequence[Entry], told: Sequence[_Told]) -> Iterator[tuple[int, int]]:
    """Entries with the stories of earlier issues that are of their event, each by its latest first.

    Both by their places.
    """
    everything = [*entries, *(entry for _, entry in told)]
    members: dict[str, list[int]] = {}
    # An event goes on for weeks; its later reports need not come from another source.
    bound = replace(CERTAIN, within=None, sources_apart=False)
    for place, name in enumerate(events(everything, bound=bound)):
        members.setdefault(name, []).append(place)
    for places in members.values():
        before = [place - len(entries) for place in places if place >= len(entries)]
        for place in (p for p in places if p < len(entries)):
            yield from ((place, memory) for memory in before)


def _latest_first(past: Sequence[PastIssue]) -> list[PastIssue]:
    return sorted(past, key=lambda issue: issue.slug, reverse=True)


def _by_name(entries: Sequence[Entry], told: Sequence[_Told]) -> Iterator[tuple[int, int, str]]:
    """Same id, or same canonical address."""
    ids: dict[str, int] = {}
    addresses: dict[str, list[int]] = {}
    for memory, (_, entry) in enumerate(told):
        ids.setdefault(entry.id, memory)
        if entry.url:
            addresses.setdefault(canonical(entry.url), []).append(memory)
    for place, entry in enumerate(entries):
        if entry.id in ids:
            yield place, ids[entry.id], "it is the same entry"
        for memory in addresses.get(canonical(entry.url), ()) if entry.url else ():
            if same_address(entry, told[memory][1]):
                yield place, memory, "it has the same address"


def _by_text(entries: Sequence[Entry], told: Sequence[_Told]) -> Iterator[tuple[int, int, str]]:
    """Near-duplicates across the two."""
    everything = [*entries, *(entry for _, entry in told)]
    for pair in copies(everything):
        memory = pair.second - len(entries)
        if pair.first < len(entries) <= pair.second:
            yield pair.first, memory, f"its text is that of “{told[memory][1].title[:80]}”"
