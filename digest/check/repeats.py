"""What readers were sent before: a story whose link ran in an earlier issue."""

from __future__ import annotations

from digest.check import urls
from digest.check.material import Material
from digest.check.words import shown
from digest.models import Finding


def check(material: Material) -> tuple[Finding, ...]:
    """A warning for each story whose link ran before; the latest issue that ran it is named."""
    ran: dict[str, str] = {}
    for past in material.past:
        for entry in past.ran:
            if key := urls.key(entry.url or ""):
                ran.setdefault(key, past.slug)
    slug = material.issue.slug
    return tuple(
        Finding(
            check="repeats",
            level="warning",
            where=material.at("issue.json", number),
            what=f"This link ran in {ran[key]} already: {shown(story.entry.url or '', 100)}",
            why="Readers take a story that they know for a mistake, and skip the others.",
            mend=f"Drop it with `digest edit {slug} drop STORY`, or tell in a note what is new: "
            f'`digest edit {slug} note STORY "…"`.',
        )
        for number, story in enumerate(material.issue.stories)
        if (key := urls.key(story.entry.url or "")) in ran
    )
