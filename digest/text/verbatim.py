"""A quotation is the source's own characters: how one is put together, and how it is proved."""

from __future__ import annotations

import re
from collections.abc import Sequence

from digest.models import Blurb, Entry, Span

_CUT = re.compile(r"(?:…|\.{3,}|\[…\]|\[\.{3}\]|\(…\))[\"”’»]?$")


def ends_cut(text: str) -> bool:
    """Whether `text` ends in an ellipsis, as words do that a source broke off."""
    return _CUT.search(text) is not None


def collapse(text: str) -> str:
    """`text` on one line, each run of white space one space."""
    return " ".join(text.split())


def quote(text: str, spans: Sequence[Span], joint: str) -> str:
    """The slices of `text`, white space collapsed, joined by `joint`."""
    return joint.join(collapse(text[start:end]) for start, end in spans)


def verbatim(blurb: Blurb, entry: Entry) -> bool:
    """Whether a blurb is what it says it is.

    A machine blurb must follow from its spans of the entry's `text` or `summary`, in order and
    apart; one of nothing must be empty; one that is `cut` must end so; an editor's words must not
    claim spans.
    """
    if blurb.origin == "editor":
        return not blurb.spans
    if blurb.origin == "none":
        return not blurb.text and not blurb.spans and not blurb.cut
    field = entry.text if blurb.origin == "text" else entry.summary
    last = 0
    for start, end in blurb.spans:
        if not last <= start < end <= len(field):
            return False
        last = end
    if not blurb.spans or blurb.joint not in {"", " "}:
        return False
    if blurb.cut and not ends_cut(blurb.text):
        return False
    return blurb.text == quote(field, blurb.spans, blurb.joint)
