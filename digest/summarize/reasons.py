"""Why a blurb is made of what it is made of, in a sentence for an editor."""

from __future__ import annotations

from collections.abc import Iterator

from digest.models import Blurb, Entry
from digest.summarize.blurbs import passed_over


def why(entry: Entry, blurb: Blurb, *, max_chars: int, method: str, language: str) -> str:
    """Why `blurb` is what it is, in a sentence; the other arguments are those that it was made by.

    Empty for an editor's words, and where the arguments would make another blurb.
    """
    if blurb.origin == "editor":
        return ""
    plain = next(_of_source(entry, blurb, max_chars), "")
    if plain:
        return plain
    if blurb.origin == "text" and method == "lead":
        return "DIGEST_SUMMARIZER=lead takes the first sentences of the article."
    fault = passed_over(entry, max_chars=max_chars, language=language)
    if blurb.origin == "text":
        fault = fault or "it would leave most of the room empty"
        return f"The publisher's description was passed over: {fault}."
    if fault:
        return f"Nothing of the article reads well alone and fits in {max_chars} characters."
    return "The description is complete, and its words are the article's."


def _of_source(entry: Entry, blurb: Blurb, max_chars: int) -> Iterator[str]:
    """What the source left no choice about."""
    text, summary = bool(entry.text.strip()), bool(entry.summary.strip())
    if not text and not summary:
        yield "Its source brought nothing but the headline."
    if blurb.origin == "none":
        yield f"Nothing of its source is worth telling and fits in {max_chars} characters."
    if blurb.cut:
        yield "The source breaks off there."
    if not summary:
        yield "Its source brought no description."
    if not text:
        yield "Its source brought no article."
