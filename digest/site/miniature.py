"""A miniature of an issue: what its email looks like from far away, drawn from plain values.

Inline SVG without a color of its own, so that it is light or dark as the page is, and without a
script, so that a published page has it too. The picture lies over it as an `<img>`, which, unlike
an `<image>` of SVG, is loaded only once it comes into sight.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markupsafe import Markup

_WIDTH, _HEIGHT, _EDGE = 60, 80, 5
_LONGEST = _WIDTH - 2 * _EDGE
_UNDER_BAND, _UNDER_PICTURE = 14, 35
_HEADLINE_COLUMNS = 60
"""Characters of a headline that fill a line of the email."""
_TEXT_COLUMNS = 85


def miniature(lines: Sequence[tuple[int, int]], *, leads: int, picture: str = "") -> Markup:
    """The drawing, less than 1 KB: a band, the `picture` at its address, bars for the stories.

    `lines` are the characters of headline and blurb of each story, in reading order; the first
    `leads` of them have longer blurbs. Hidden from who listens to the page: it says nothing new.
    """
    from markupsafe import Markup

    heads, texts = _bars(lines, leads=leads, top=_UNDER_PICTURE if picture else _UNDER_BAND)
    shown = Markup('<img src="{}" alt="" loading="lazy" decoding="async">').format(picture)
    return Markup(
        '<span class="mini" aria-hidden="true"><svg viewBox="0 0 {} {}">'
        '<path class="b" d="M0 0h{}v9H0z"/><path class="h" d="{}"/><path class="t" d="{}"/>'
        "</svg>{}</span>"
    ).format(_WIDTH, _HEIGHT, _WIDTH, heads, texts, shown if picture else "")


def _bars(lines: Sequence[tuple[int, int]], *, leads: int, top: int) -> tuple[str, str]:
    """The paths of the headlines' bars and of the texts'."""
    heads, texts = [], []
    at = top
    for number, (headline, text) in enumerate(lines):
        lead = number < leads
        if at > _HEIGHT - _EDGE:
            break
        heads.append(_bar(at, headline / _HEADLINE_COLUMNS))
        at += 4 if lead else 3
        rows = min(-(-text // _TEXT_COLUMNS), 4 if lead else 2)
        for row in range(rows):
            if at > _HEIGHT - _EDGE:
                break
            whole = row < rows - 1
            texts.append(_bar(at, 1 if whole else text / _TEXT_COLUMNS - row))
            at += 2
        at += 3 if lead else 2
    return "".join(heads), "".join(texts)


def _bar(at: int, share: float) -> str:
    """A bar `at` that height; it fills that share of the line, and at least a little of it."""
    return f"M{_EDGE} {at}h{round(_LONGEST * min(1.0, max(0.12, share)))}"
