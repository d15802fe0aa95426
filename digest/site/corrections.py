"""The box of an issue's corrections, for every page that shows the issue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from digest.corrections import Correction
from digest.site.style import page


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionWords:
    """What the box says beside the notes, in the newsletter's language."""

    one: str = "Correction"
    several: str = "Corrections"
    about: str = "On"


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """A correction as it is shown; `headline` and `href` are empty where it names no story.

    `href` is where the story stands, as seen from the page.
    """

    correction: Correction
    headline: str = ""
    href: str = ""


def corrected(
    corrections: Sequence[Correction],
    *,
    headlines: Mapping[str, str] | None = None,
    hrefs: Mapping[str, str] | None = None,
) -> tuple[Corrected, ...]:
    """`corrections`, oldest first, each with its story's headline and where that stands.

    `headlines` and `hrefs` are by the id of a story's entry; one that is not among them is not
    named.
    """
    titles, places = headlines or {}, hrefs or {}
    return tuple(
        Corrected(
            correction=one,
            headline=titles.get(one.story, "") if one.story else "",
            href=places.get(one.story, "") if titles.get(one.story) else "",
        )
        for one in sorted(corrections, key=lambda row: row.moment)
    )


def corrections_box(rows: Sequence[Corrected], *, words: CorrectionWords | None = None) -> str:
    """The box as HTML, for what is no template of ours; empty where there is no correction."""
    found = page("corrections_box.html.j2", rows=rows, words=words or CorrectionWords())
    return found if rows else ""
