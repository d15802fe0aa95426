"""How a source fares: what it gives, how often, how full, and what is wrong with it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from digest.models import Entry, Failure

SILENT = timedelta(days=180)
"""Without anything new for so long, a source is asked about."""
_WHOLE = 150
"""Words from which a text is taken for the whole of it."""

_PUBLISHED = ("feed", "json-feed", "page", "index")
"""What others publish: a text of one's own may well have neither a date nor an address."""

Fullness = Literal["whole text", "excerpt", "title only", "nothing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What one source gave. `per_week` is None where its dates do not tell.

    `fullness` is what most entries hold. The shares are of the entries, from 0 to 1: those that
    come as a `whole` text, as an `excerpt` or with a title only (`bare`), and those that are
    `dated`, `signed`, `pictured`.
    """

    address: str
    name: str
    kind: str
    reachable: bool
    entries: int = 0
    per_week: float | None = None
    newest: datetime | None = None
    fullness: Fullness = "nothing"
    whole: float = 0.0
    excerpt: float = 0.0
    bare: float = 0.0
    dated: float = 0.0
    signed: float = 0.0
    pictured: float = 0.0
    problems: tuple[str, ...] = ()


def health(
    address: str,
    name: str,
    kind: str,
    entries: Sequence[Entry],
    *,
    now: datetime,
    note: str = "",
    failure: Failure | None = None,
) -> Health:
    """The state of a source from what a collection gave; shares are of its entries, from 0 to 1."""
    if failure is not None:
        what = f"{_without_address(failure)} {failure.hint}".strip()
        return Health(address=address, name=name, kind=kind, reachable=False, problems=(what,))
    dates = sorted(e.published for e in entries if e.published and "future-date" not in e.flags)
    count = len(entries) or 1
    whole = sum(len(e.text.split()) >= _WHOLE or len(e.text) >= 6 * _WHOLE for e in entries)
    some = sum(bool(e.text or e.summary) for e in entries)
    return Health(
        address=address,
        name=name,
        kind=kind,
        reachable=True,
        entries=len(entries),
        per_week=_per_week(dates),
        newest=dates[-1] if dates else None,
        fullness=_fullness(len(entries), whole, some),
        whole=whole / count,
        excerpt=(some - whole) / count,
        bare=(len(entries) - some) / count,
        dated=sum("no-date" not in e.flags for e in entries) / count,
        signed=sum(bool(e.byline or e.agency) for e in entries) / count,
        pictured=sum(e.image is not None for e in entries) / count,
        problems=tuple(_problems(entries, dates, note, now, published=kind in _PUBLISHED)),
    )


def _without_address(failure: Failure) -> str:
    """What failed, without the address that it begins with: the source is named already."""
    rest = failure.what.removeprefix(failure.where)
    return rest.lstrip(" :") if rest[:1] in (" ", ":") else failure.what


def _per_week(dates: Sequence[datetime]) -> float | None:
    """Entries a week over the span that the source shows."""
    if len(dates) < 2:
        return None
    days = (dates[-1] - dates[0]).total_seconds() / 86_400
    return (len(dates) - 1) / days * 7 if days >= 1 else None


def _fullness(entries: int, whole: int, some: int) -> Fullness:
    """What most of the entries hold, of which `some` have words and `whole` have all of them."""
    if not entries:
        return "nothing"
    if whole * 2 >= entries:
        return "whole text"
    return "excerpt" if some * 2 >= entries else "title only"


def _problems(
    entries: Sequence[Entry],
    dates: Sequence[datetime],
    note: str,
    now: datetime,
    *,
    published: bool,
) -> list[str]:
    found = [note] if note else []
    if not entries and not note:
        found.append("it has no entries")
    undated = sum("no-date" in e.flags for e in entries)
    if undated and published:
        found.append(f"{undated} of {len(entries)} entries have no date")
    future = sum("future-date" in e.flags for e in entries)
    if future:
        found.append(f"{future} of {len(entries)} are dated in the future")
    missing = sum("no-url" in e.flags for e in entries)
    if missing and published:
        found.append(f"{missing} of {len(entries)} have no address")
    # The second bearer of an id has `-2` behind it; the first may be another source's.
    doubled = len(entries) - len({e.id.partition("-")[0] for e in entries})
    if doubled:
        found.append(f"{doubled} of {len(entries)} share the id of another")
    if dates and now - dates[-1] > SILENT:
        found.append(f"nothing new for {(now - dates[-1]).days // 30} months")
    if any(where.startswith("damaged feed") for e in entries for _, where in e.provenance):
        found.append("the feed is damaged, and was read by guessing")
    shown = [e.published for e in entries if e.published]
    if len(shown) > 2 and shown == sorted(shown) and shown[0] < shown[-1]:
        found.append("it lists the oldest first")
    return found
