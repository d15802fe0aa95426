"""Every machine blurb is what it says it is: sentences of its source, character by character."""

from __future__ import annotations

from digest.check.material import Material
from digest.check.words import shown
from digest.models import Blurb, Finding
from digest.text.verbatim import verbatim

_FIELDS = {"text": "the article's text", "summary": "the publisher's description"}
_BOTH = "the publisher's description and the article's text"


def check(material: Material) -> tuple[Finding, ...]:
    """An error for each blurb that does not follow from its spans."""
    return tuple(
        Finding(
            check="verbatim",
            level="error",
            where=material.at("issue.json", number),
            what=_what(story.blurb),
            why="Readers are told that every blurb is made of sentences of its source, as printed.",
            mend="Build the issue again.",
        )
        for number, story in enumerate(material.issue.stories)
        if not verbatim(story.blurb, story.entry)
    )


def _what(blurb: Blurb) -> str:
    quoted = f"The blurb “{shown(blurb.text)}”"
    if blurb.origin == "none":
        return f"{quoted} names no origin."
    if blurb.origin == "editor":
        return f"{quoted} is the editor's, and yet it claims to stand in the source."
    fields = _BOTH if blurb.topped else _FIELDS[blurb.origin]
    return f"{quoted} is not what its spans of {fields} say."
