"""A quotation is the source's own characters: how one is put together, and how it is proved."""

from __future__ import annotations

import re
from collections.abc import Sequence

from digest.models import Blurb, Entry, Origin, Span

_CUT = re.compile(r"(?:…|\.{3,}|\[…\]|\[\.{3}\]|\(…\))[\"”’»]?$")

_WHOSE: dict[Origin, str] = {
    "text": "sentences of the article",
    "summary": "the publisher's description",
    "editor": "the editor's words",
    "none": "",
}


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
    apart; a description may be topped up from the text, unless it is `cut`, which must end so; a
    blurb of nothing must be empty; an editor's words must not claim spans.
    """
    if blurb.origin == "editor":
        return not blurb.spans and not blurb.topped
    if blurb.origin == "none":
        return not (blurb.text or blurb.spans or blurb.topped or blurb.cut)
    field = entry.text if blurb.origin == "text" else entry.summary
    if not _in_order(blurb.spans, field) or not _in_order(blurb.topped, entry.text):
        return False
    if not blurb.spans or blurb.joint not in {"", " "}:
        return False
    if (blurb.topped and (blurb.origin == "text" or blurb.cut)) or (
        blurb.cut and not ends_cut(blurb.text)
    ):
        return False
    quoted = [quote(field, blurb.spans, blurb.joint)]
    if blurb.topped:
        quoted.append(quote(entry.text, blurb.topped, blurb.joint))
    return blurb.text == blurb.joint.join(quoted)


def whose(blurb: Blurb) -> str:
    """Whose words a blurb is made of, for a person; "" where its source gave none."""
    if blurb.origin == "editor" and not blurb.text:
        return "none, as the editor decided"
    if blurb.topped:
        return "the publisher's description, topped up from the article"
    return _WHOSE[blurb.origin]


def _in_order(spans: Sequence[Span], field: str) -> bool:
    """Whether spans of `field` follow each other, none empty."""
    last = 0
    for start, end in spans:
        if not last <= start < end <= len(field):
            return False
        last = end
    return True
