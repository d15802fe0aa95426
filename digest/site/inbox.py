"""The list of issues, a year a page, as an inbox would show them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from digest.site.miniature import miniature
from digest.site.pages import Listed, sender_name
from digest.site.style import page
from digest.text.widths import cut_to_width

PREVIEW_COLUMNS = 70
"""Columns of a preheader that an inbox shows on a phone of 375 pixels: half of a wide one's 140."""
_SUBJECT_COLUMNS = 160
"""Nobody's inbox shows more; a page is not to grow with what a source wrote."""
_SENDER_COLUMNS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of an issue beside what its files say.

    `errors` and `warnings` count its findings, None where nobody looked yet. `unseen`: it is
    frozen, and nobody got it so far.
    """

    errors: int | None = None
    warnings: int = 0
    unseen: bool = False


@dataclass(frozen=True, slots=True)
class YearLink:
    """A year with its issues: its page's address from the site's root, and how many it has."""

    year: str
    href: str
    count: int


def issues_page(
    rows: Sequence[Listed],
    *,
    years: Sequence[YearLink] = (),
    year: str = "",
    known: Mapping[str, Known] | None = None,
    root: str = "",
    folder: str = "issues/",
    version: str = "",
) -> str:
    """The issues of one page, newest first; `version` as in `Around`.

    `years` are all that there are, the latest first, and `year` is the one that is shown; without
    them the page is all there is. `known` is by slug; `folder` is where the issues' own pages lie
    below the site's root.
    """
    newest = sorted(rows, key=lambda row: row.slug, reverse=True)
    at = next((n for n, link in enumerate(years) if link.year == year), -1)
    return page(
        "issues.html.j2",
        root=root,
        folder=folder,
        name=cut_to_width(next((row.name for row in newest if row.name), ""), _SUBJECT_COLUMNS),
        lines=[
            (
                row,
                cut_to_width(sender_name(row), _SENDER_COLUMNS),
                cut_to_width(row.subject, _SUBJECT_COLUMNS),
                _preview(row.preheader),
                _miniature(row, f"{root}{folder}"),
                (known or {}).get(row.slug, Known()),
            )
            for row in newest
        ],
        years=years,
        year=year or (newest[0].slug[:4] if newest else ""),
        newer=years[at - 1] if at > 0 else None,
        older=years[at + 1] if 0 <= at < len(years) - 1 else None,
        total=sum(link.count for link in years) if years else len(rows),
        columns=PREVIEW_COLUMNS,
        version=version,
    )


def _preview(preheader: str) -> str:
    cut = cut_to_width(preheader, PREVIEW_COLUMNS)
    return re.sub(r"[\s·|•]+…$", "…", cut)


def _miniature(row: Listed, below: str) -> str:
    picture = f"{below}{row.slug}/{row.picture}" if row.picture else ""
    return miniature(row.lines, leads=row.leads, picture=picture)
