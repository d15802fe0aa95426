"""An issue to one with its blurbs; what an earlier build made of the same words is used again.

Nothing slow is imported before a blurb has to be made: where all are known, neither numpy nor sumy
is read.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from digest.models import Blurb, Entry, Issue, Story
from digest.settings import Settings
from digest.text.verbatim import verbatim
from digest.text.widths import width

Known = Callable[[str], Blurb | None]
"""Asked for the blurb that was made under a key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewed:
    """An issue with its blurbs, and by their keys those that were made and those that were known.

    An editor's blurb has no key.
    """

    issue: Issue
    made: Mapping[str, Blurb]
    kept: Mapping[str, Blurb]


def summarize(issue: Issue, settings: Settings) -> Issue:
    """`issue` with the blurb of every story; an editor's own blurb stays.

    Leads get `settings.lead_chars` columns at most, teasers `settings.teaser_chars`.
    """
    return renewed(issue, settings, known=lambda _: None).issue


def renewed(issue: Issue, settings: Settings, *, known: Known) -> Renewed:
    """`summarize`, which makes only the blurbs that `known` lacks or that are not the source's.

    The keys know nothing of this version of the program: `known` must be of the same one.
    """
    made: dict[str, Blurb] = {}
    kept: dict[str, Blurb] = {}

    def fill(story: Story, budget: int) -> Story:
        if story.blurb.origin == "editor":
            return story
        entry = replace(story.entry, title=story.headline or story.entry.title)
        method, language = settings.summarizer, issue.newsletter.language
        key = blurb_key(entry, max_chars=budget, method=method, language=language)
        found = made.get(key) or known(key)
        if found is None or not _holds(found, entry, budget):
            from digest.summarize.blurbs import blurb

            found = blurb(entry, max_chars=budget, method=method, language=language)
            made[key] = found
        elif key not in made:
            kept[key] = found
        return replace(story, blurb=found)

    leads = tuple(fill(story, settings.lead_chars) for story in issue.leads)
    sections = tuple(
        replace(section, stories=tuple(fill(s, settings.teaser_chars) for s in section.stories))
        for section in issue.sections
    )
    return Renewed(issue=replace(issue, leads=leads, sections=sections), made=made, kept=kept)


def blurb_key(entry: Entry, *, max_chars: int, method: str, language: str) -> str:
    """A SHA-256 over all that decides what `blurb` makes of an entry, and over nothing else."""
    image = entry.image
    told = (
        entry.title,
        entry.text,
        entry.summary,
        entry.language,
        [part.text for part in entry.parts],
        [image.caption, image.alt] if image else [],
        entry.byline,
        entry.dateline,
        max_chars,
        method,
        language,
    )
    return sha256(json.dumps(told).encode("ascii")).hexdigest()


def _holds(blurb: Blurb, entry: Entry, budget: int) -> bool:
    """Whether a blurb that was kept still is the source's own words, and few enough."""
    return blurb.origin != "editor" and verbatim(blurb, entry) and width(blurb.text) <= budget
