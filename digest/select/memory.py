"""What ran before: entries that an earlier issue already told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from digest.match import CERTAIN, copies, events, is_dated, same_address
from digest.models import Entry, PastIssue
from digest.text.urls import canonical


def ran_before(entries: Sequence[Entry], past: Sequence[PastIssue]) -> dict[int, str]:
    """The places of entries that ran already, each with why: issue and likeness.

    An entry ran when an earlier issue holds its id, its address, a near-duplicate of it, or its
    event, unless it was published after that issue's cut-off; the latest such issue is named.
    """
    told = [(issue.slug, entry) for issue in _latest_first(past) for entry in issue.ran]
    if not told or not entries:
        return {}
    found: dict[int, tuple[int, str]] = {}
    for place, memory, why in (*_by_name(entries, told), *_by_text(entries, told)):
        found.setdefault(place, (memory, why))
        if memory < found[place][0]:
            found[place] = (memory, why)
    at = {id(entry): memory for memory, (_, entry) in enumerate(told)}
    for place, issue, entry in _same_event(entries, past):
        if place not in found and _is_earlier(entries[place], issue):
            found[place] = (at[id(entry)], f"it reports the event of “{entry.title[:80]}”")
    return {place: f"Ran in {told[m][0]}: {why}." for place, (m, why) in sorted(found.items())}


def follow_ups(entries: Sequence[Entry], past: Sequence[PastIssue]) -> dict[int, str]:
    """The places of entries that go on with an event that an earlier issue told, with a note.

    Those that were published before that issue's cut-off report what it told already; see
    `ran_before`.
    """
    found: dict[int, str] = {}
    for place, issue, _ in _same_event(entries, past):
        if place not in found and not _is_earlier(entries[place], issue):
            found[place] = f"Update to {issue.slug}"
    return found


def _is_earlier(entry: Entry, issue: PastIssue) -> bool:
    """Whether it was published before the issue ended; an undated one was found after it."""
    dated = entry.published if is_dated(entry) else None
    return dated is not None and dated < issue.window.end


def _same_event(
    entries: Sequence[Entry], past: Sequence[PastIssue]
) -> Iterator[tuple[int, PastIssue, Entry]]:
    """Entries with the stories of earlier issues, latest first, that are of their event."""
    told = [(issue, entry) for issue in _latest_first(past) for entry in issue.ran]
    if not told or not entries:
        return
    everything = [*entries, *(entry for _, entry in told)]
    members: dict[str, list[int]] = {}
    # An event goes on for weeks; its later reports need not come from another source.
    bound = replace(CERTAIN, within=None, sources_apart=False)
    for place, name in enumerate(events(everything, bound=bound)):
        members.setdefault(name, []).append(place)
    for places in members.values():
        for place in (p for p in places if p < len(entries)):
            for other in (p for p in places if p >= len(entries)):
                issue, entry = told[other - len(entries)]
                yield place, issue, entry


def _latest_first(past: Sequence[PastIssue]) -> list[PastIssue]:
    return sorted(past, key=lambda issue: issue.slug, reverse=True)


def _by_name(
    entries: Sequence[Entry], told: Sequence[tuple[str, Entry]]
) -> Iterator[tuple[int, int, str]]:
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


def _by_text(
    entries: Sequence[Entry], told: Sequence[tuple[str, Entry]]
) -> Iterator[tuple[int, int, str]]:
    """Near-duplicates across the two."""
    everything = [*entries, *(entry for _, entry in told)]
    for pair in copies(everything):
        memory = pair.second - len(entries)
        if pair.first < len(entries) <= pair.second:
            yield pair.first, memory, f"its text is that of “{told[memory][1].title[:80]}”"
