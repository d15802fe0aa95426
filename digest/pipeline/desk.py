"""What stood in an issue before the editor wrote over it: the machine's words, beside hers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from digest.edits import Edits
from digest.models import Blurb, Issue, Story
from digest.pipeline.kept_blurbs import KeptBlurbs
from digest.settings import Settings
from digest.summarize import renewed


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineWords:
    """What a build would say where the editor says something else.

    `whole` is by the keys subject, preheader, intro and outro, `blurbs` by the ids of entries.
    """

    whole: Mapping[str, str] = field(default_factory=dict)
    blurbs: Mapping[str, str] = field(default_factory=dict)


def machine_words(
    issue: Issue, edits: Edits, *, settings: Settings, blurbs: Path | None = None
) -> MachineWords:
    """The words that `issue` would have without those of `edits`, its stories being the same.

    `blurbs` is the file where builds keep theirs: most of them are found there.
    """
    headlines = [story.headline for story in issue.stories]
    whole = {
        "subject": settings.subject or (headlines[0] if headlines else ""),
        "preheader": " · ".join(headlines[1:4]),
        "intro": settings.intro,
        "outro": settings.outro,
    }
    kept = {key: text for key, text in whole.items() if getattr(edits, key) is not None}
    return MachineWords(whole=kept, blurbs=_blurbs(issue, settings, blurbs))


def _blurbs(issue: Issue, settings: Settings, path: Path | None) -> Mapping[str, str]:
    """The blurbs of those stories that have the editor's."""
    own = {story.entry.id for story in issue.stories if story.blurb.origin == "editor"}
    if not own:
        return {}

    def bare(stories: tuple[Story, ...]) -> tuple[Story, ...]:
        return tuple(replace(s, blurb=Blurb()) for s in stories if s.entry.id in own)

    sections = tuple(replace(found, stories=bare(found.stories)) for found in issue.sections)
    without = replace(issue, leads=bare(issue.leads), sections=sections)
    told = renewed(without, settings, known=KeptBlurbs.read(path).rows.get).issue
    return {story.entry.id: story.blurb.text for story in told.stories}
