"""What ran before, read from the earlier issues themselves; there is no second memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pydantic import AwareDatetime

from digest.archive.document import Document, find_rows, stories, story_ids
from digest.codec import from_json, from_rows
from digest.errors import DocumentError
from digest.models import Candidate, Entry, PastIssue, Status, Window


@dataclass(frozen=True, slots=True, kw_only=True)
class _SeenEntry:
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """The part of a row of entries.jsonl that the memory needs."""

    entry: _SeenEntry
    first_seen: AwareDatetime

    def __post_init__(self) -> None:
        # As the models do: at the ends of the calendar no time zone can be reckoned.
        if not 1 < self.first_seen.year < 9999:
            raise ValueError("first_seen lies beyond what can be reckoned with")


def past_issue(
    document: Document, rows: bytes, *, window: Window, status: Status, where: str
) -> PastIssue:
    """What the issue of `document` ran, in reading order."""
    ids = story_ids(document, where=f"{where}/issue.json")
    told = stories(document)
    place = f"{where}/entries.jsonl"
    found = find_rows(rows, set(ids), where=place)
    entries: dict[str, Entry] = {
        key: from_json(Candidate, line, where=place, line=number).entry
        for key, (number, line) in found.items()
    }
    return PastIssue(
        slug=str(document.issue["slug"]),
        window=window,
        status=status,
        ran=tuple(entries[key] for key in ids),
        tiers=tuple("lead" if s.get("tier") == "lead" else "teaser" for s in told),
        sections=tuple(str(s.get("section") or "") for s in told),
        subject=str(document.issue.get("subject") or ""),
    )


def earliest(files: Iterable[bytes]) -> dict[str, datetime]:
    """The first time that each entry was seen, over several entries.jsonl; bad rows say nothing."""
    seen: dict[str, datetime] = {}
    for raw in files:
        lines = raw.decode("utf-8", errors="replace").split("\n")
        for _, row in from_rows(_Seen, lines, where="entries.jsonl"):
            if isinstance(row, DocumentError):
                continue
            known = seen.get(row.entry.id)
            if known is None or row.first_seen < known:
                seen[row.entry.id] = row.first_seen
    return seen
