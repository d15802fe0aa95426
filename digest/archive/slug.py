"""The name of an issue: the ISO week of its cut-off, such as 2026-W47."""

from __future__ import annotations

import re
from datetime import datetime

from digest.errors import ArchiveError

_SLUG = re.compile(r"[0-9]{4}-W(0[1-9]|[1-4][0-9]|5[0-3])")


def is_slug(name: str) -> bool:
    """Whether `name` can be an issue's; nothing that could leave the archive's folder is one."""
    return _SLUG.fullmatch(name) is not None


def slug_of(cutoff: datetime) -> str:
    """The slug of the issue that ends at `cutoff`, read in the cut-off's own zone."""
    year, week, _ = cutoff.isocalendar()
    return f"{year:04d}-W{week:02d}"


def need_slug(name: str) -> str:
    """`name`, or ArchiveError where it is no slug."""
    if not is_slug(name):
        raise ArchiveError(
            f"{name[:40]!r} is not the name of an issue.",
            hint="An issue is named after its week, such as 2026-W47.",
        )
    return name
