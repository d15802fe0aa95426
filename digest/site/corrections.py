"""The corrections of an issue as its pages show them, in the box of `corrections.html.j2`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from digest.corrections import Correction


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
