"""Every machine blurb is what it says it is: sentences of its source, character by character."""

from __future__ import annotations

from digest.check.material import Material
from digest.check.words import shown
from digest.models import Blurb, Entry, Finding
from digest.text.verbatim import ends_cut, quote, verbatim

_FIELDS = {"text": "the article's text", "summary": "the publisher's description"}
_BOTH = "the publisher's description and the article's text"
_SHOWN = 30
"""Columns that are shown from where two texts differ."""


def check(material: Material) -> tuple[Finding, ...]:
    """An error for each blurb that does not follow from its spans."""
    return tuple(
        Finding(
            check="verbatim",
            level="error",
            where=material.at("issue.json", number),
            what=_what(story.blurb, story.entry),
            why="Readers are told that every blurb is made of sentences of its source, as printed.",
            mend="Build the issue again.",
        )
        for number, story in enumerate(material.issue.stories)
        if not verbatim(story.blurb, story.entry)
    )


def _what(blurb: Blurb, entry: Entry) -> str:
    quoted = f"The blurb “{shown(blurb.text)}”"
    if blurb.origin == "none":
        return f"{quoted} names no origin."
    if blurb.origin == "editor":
        return f"{quoted} is the editor's, and yet it claims to stand in the source."
    fields = _BOTH if blurb.topped else _FIELDS[blurb.origin]
    if not blurb.spans:
        return f"{quoted} names no place in {fields}."
    if blurb.cut and not ends_cut(blurb.text):
        return f"{quoted} is said to be cut, and does not end in an ellipsis."
    return f"{quoted} is not what its spans of {fields} say{_difference(blurb, entry)}."


def _difference(blurb: Blurb, entry: Entry) -> str:
    """Where the words first differ, in both; nothing where the spans give none."""
    field = entry.summary if blurb.origin == "summary" else entry.text
    source = quote(field, blurb.spans, blurb.joint)
    if blurb.topped:
        source = blurb.joint.join((source, quote(entry.text, blurb.topped, blurb.joint)))
    pairs = enumerate(zip(blurb.text, source, strict=False))
    same = next((at for at, (one, other) in pairs if one != other), len(blurb.text))
    # From the beginning of the word, so that the words can be read.
    start = blurb.text.rfind(" ", 0, same) + 1
    here, there = shown(blurb.text[start:], _SHOWN), shown(source[start:], _SHOWN)
    return f": “{here}” is “{there}” there" if here and there and here != there else ""
