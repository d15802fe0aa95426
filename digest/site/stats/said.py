"""What stands out in the statistics, in a sentence each, reckoned from the same numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from digest.site.style import CLIP_BYTES
from digest.statistics import Period, SourceCount, Statistics
from digest.text.widths import cut_to_width

_MANY = 10
"""Candidates that a source needs before the share that is taken of them says anything."""
_POINTS, _GROWTH = 0.05, 0.10
"""Changes below these, of a share and of a size, are not called changes."""


def share(part: float, whole: float) -> str:
    """`31 %`, `under 1 %`."""
    if not whole or not part:
        return "0 %"
    found = part / whole
    if found < 0.01:
        return "under 1 %"
    return "over 99 %" if 0.995 <= found < 1 else f"{found:.0%}".replace("%", " %")


def number(value: float) -> str:
    """A count or a mean: `1,204`, `42`, `2.4`."""
    return f"{value:.1f}".removesuffix(".0") if value < 10 else f"{value:,.0f}"


def kilobytes(size: float) -> str:
    """`95 KB`, as mail programs count: thousands of bytes."""
    return f"{size / 1000:,.0f} KB"


def named(name: str) -> str:
    """A source or a section by its name, where it has one."""
    return cut_to_width(" ".join(name[:1000].split()), 44, ellipsis="…") or "(no name)"


def of_stories(found: Statistics, *, public: bool) -> str:
    """Who told most of the stories."""
    if not found.whole.stories:
        return "No story was told."
    first = found.sources[0]
    said = f"{_most(found.sources, lambda one: one.stories, found.whole.stories)} of the stories"
    if public or len(_best(found.sources, lambda one: one.stories)) > 1:
        return f"{said}."
    return f"{said}, with {share(first.candidates, found.whole.candidates)} of the candidates."


def of_leads(found: Statistics) -> str:
    """Who told most of the leads."""
    if not found.whole.leads:
        return "No story was a lead."
    return f"{_most(found.sources, lambda one: one.leads, found.whole.leads)} of the leads."


def of_taken(found: Statistics) -> str:
    """Of whom most was taken."""
    whole = found.whole
    if not whole.candidates:
        return "No source offered a candidate."
    usual = f"Of all candidates {share(whole.chosen, whole.candidates)} became stories"
    able = [one for one in found.sources if one.candidates >= _MANY]
    if len(able) < 2:
        return f"{usual}."
    ranked = sorted(able, key=lambda one: (one.accepted or 0.0, one.name))
    high, low = ranked[-1], ranked[0]
    if (high.accepted or 0) - (low.accepted or 0) < _POINTS:
        return f"{usual}, and no source stands out."
    return (
        f"{usual}: most of what {named(high.name)} offered ({share(high.accepted or 0, 1)}), least "
        f"of what {named(low.name)} did ({share(low.accepted or 0, 1)})."
    )


def of_candidates(found: Statistics) -> str:
    """How much there was to choose from."""
    whole = found.whole
    if not whole.chosen:
        return _IMPORTED if whole.imported else "No story was chosen."
    usual = number(whole.candidates / whole.built)
    return f"An issue is chosen out of {usual} candidates on average." + _trend(
        found,
        lambda one: one.candidates / one.built if one.built else None,
        "The candidates of an issue",
    )


def of_volumes(found: Statistics) -> str:
    """How many stories an issue has."""
    whole = found.whole
    if not whole.issues:
        return "There is no issue."
    return (
        f"An issue has {number(whole.stories / whole.issues)} stories on average, "
        f"{number(whole.leads / whole.issues)} of them leads."
        + _trend(found, lambda one: one.stories / one.issues, "The stories of an issue")
    )


def of_sections(found: Statistics) -> str:
    """The largest section, and the one that grew or shrank most."""
    teasers = found.whole.teasers
    if not found.sections:
        return "No story stands in a section."
    counts = found.whole.sections
    largest = [name for name in found.sections if counts[name] == counts[found.sections[0]]]
    part = share(counts[largest[0]], teasers)
    said = (
        f"{named(largest[0])} is the largest section, with {part} of the teasers."
        if len(largest) == 1
        else f"No section stands out: {len(largest)} of them have {part} of the teasers each."
    )
    early, late = _halves(found.periods, lambda one: bool(one.teasers))
    if not early:
        return said
    moved = {name: _part(late, name) - _part(early, name) for name in found.sections[:50]}
    most = max(moved, key=lambda name: (abs(moved[name]), name))
    if abs(moved[most]) < _POINTS:
        return f"{said} No section’s share changed by 5 points or more."
    what = "grew" if moved[most] > 0 else "shrank"
    return (
        f"{said} {named(most)} {what} most, from {share(_part(early, most), 1)} in the first half "
        f"of this time to {share(_part(late, most), 1)} in the second."
    )


def of_lengths(found: Statistics) -> str:
    """How long blurbs are."""
    lead, teaser = found.whole.lead_length, found.whole.teaser_length
    known = [(name, length) for name, length in (("lead", lead), ("teaser", teaser)) if length]
    if not known:
        return "No story has a blurb."
    unit = " characters"
    said = []
    for name, length in known:
        said.append(f"{number(length)}{unit} under a {name}")
        unit = ""
    return f"The usual blurb has {' and '.join(said)}." + _trend(
        found, lambda one: one.teaser_length or one.lead_length, "A teaser’s blurb"
    )


def of_sizes(found: Statistics) -> str:
    """Whether Gmail shows all of every issue."""
    sizes = found.whole.html_bytes
    if not sizes:
        return "There is no issue."
    clipped = sum(size > CLIP_BYTES for size in sizes)
    if clipped:
        have = "issue is" if clipped == 1 else "issues are"
        return (
            f"{clipped:,} of {len(sizes):,} {have} larger than the {kilobytes(CLIP_BYTES)} that "
            "Gmail shows; it hides their end."
        )
    return (
        f"Gmail shows all of every issue: the largest has {kilobytes(max(sizes))} of the "
        f"{kilobytes(CLIP_BYTES)} that it shows."
    )


def of_repeats(found: Statistics) -> str:
    """How much ran before, and how much goes on with what ran."""
    whole = found.whole
    if not whole.stories:
        return "No story was told."
    again = (
        f"{whole.repeats:,} of {whole.stories:,} stories ran before "
        f"({share(whole.repeats, whole.stories)})"
        if whole.repeats
        else "No story ran twice"
    )
    updates = (
        f"{share(whole.updates, whole.stories)} are updates to an earlier one"
        if whole.updates
        else "none is marked as an update to an earlier one"
    )
    return f"{again}, and {updates}."


def of_changes(found: Statistics) -> str:
    """How often the editor overruled the machine."""
    whole = found.whole
    if not whole.chosen:
        return _IMPORTED if whole.imported else "No story was told."
    drops = f"dropped {whole.dropped:,}" if whole.dropped else "dropped none"
    if not whole.changed:
        return f"The editor left every story as the machine made it, and {drops}."
    most = max(whole.changes, key=lambda name: (name != "dropped", whole.changes[name]))
    kind = _KINDS[most]
    return (
        f"The editor changed {share(whole.changed, whole.chosen)} of the stories{_moved(found)}, "
        f"most often {kind}, and {drops}."
    )


def of_kinds(found: Statistics) -> str:
    """What the editor did, how often."""
    changes = found.whole.changes
    ranked = sorted((n for n in _DONE if changes[n]), key=lambda name: (-changes[name], name))
    told = [f"{changes[name]:,} {_DONE[name]}" for name in ranked]
    dropped = changes["dropped"]
    drops = f"{dropped:,} {'candidate was' if dropped == 1 else 'candidates were'} dropped."
    if not found.whole.chosen and found.whole.imported:
        return _IMPORTED
    if not told:
        return drops if dropped else "The editor decided nothing against the machine."
    listed = " and ".join(filter(None, (", ".join(told[:-1]), told[-1])))
    return f"Of {found.whole.chosen:,} stories: {listed}. {drops if dropped else ''}".rstrip()


_IMPORTED = "Every issue was imported, so no story was chosen here."
_DONE = {
    "pinned": "pinned",
    "added": "added by hand",
    "headline": "with another headline",
    "blurb": "with another blurb",
    "section": "in another section",
    "order": "at another place",
    "picture": "with another picture",
}
_KINDS = {
    "pinned": "by a pin",
    "added": "by adding one",
    "headline": "the headline",
    "blurb": "the blurb",
    "section": "the section",
    "order": "the order",
    "picture": "the picture",
}


def _best(sources: Sequence[SourceCount], count: Callable[[SourceCount], int]) -> list[SourceCount]:
    top = max(map(count, sources), default=0)
    return [one for one in sources if count(one) == top]


def _most(sources: Sequence[SourceCount], count: Callable[[SourceCount], int], whole: int) -> str:
    """Who told how much; of several that told as much as each other, how many they are."""
    best = _best(sources, count)
    part = share(count(best[0]), whole)
    if len(best) == 1:
        return f"{named(best[0].name)} told {part}"
    if len(best) == 2:
        return f"{named(best[0].name)} and {named(best[1].name)} told {part} each"
    return f"No source stands out: {len(best)} of them told {part} each"


def _halves(
    periods: Sequence[Period], counts: Callable[[Period], bool]
) -> tuple[Sequence[Period], Sequence[Period]]:
    """The first and the last half of the periods that count, without the middle one."""
    known = [one for one in periods if one.issues and counts(one)]
    half = len(known) // 2
    return known[:half], known[len(known) - half :]


def _part(periods: Sequence[Period], section: str) -> float:
    teasers = sum(one.teasers for one in periods)
    return sum(one.sections.get(section, 0) for one in periods) / teasers if teasers else 0.0


def _trend(found: Statistics, value: Callable[[Period], float | None], what: str) -> str:
    """How much the second half differs from the first, where it does; a sentence, or nothing."""
    early, late = _halves(found.periods, lambda one: value(one) is not None)
    before = [value(one) or 0.0 for one in early]
    after = [value(one) or 0.0 for one in late]
    if len(before) < 2 or not sum(before):
        return ""
    growth = sum(after) / sum(before) - 1
    if abs(growth) < _GROWTH:
        return ""
    way = "rose" if growth > 0 else "fell"
    return (
        f" {what} {way} by {share(abs(growth), 1)} from the first half of this time to the second."
    )


def _moved(found: Statistics) -> str:
    """How much of the stories was changed in each half, where that differs; or nothing."""
    early, late = _halves(found.periods, lambda one: bool(one.chosen))
    if len(early) < 2:
        return ""
    before, after = (
        sum(one.changed for one in half) / sum(one.chosen for one in half) for half in (early, late)
    )
    if abs(after - before) < _POINTS:
        return ""
    first, second = share(before, 1), share(after, 1)
    return f" ({first} in the first half of this time, {second} in the second)"
