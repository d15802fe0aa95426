"""Ids of entries: the same from run to run, whatever the order of the sources."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from hashlib import blake2b

from digest.models import Entry
from digest.text.urls import canonical


def entry_id(
    *, url: str | None, guid: str, source: str, title: str, shared_url: bool = False
) -> str:
    """10 hex digits over what identifies an entry: URL, else guid, else source and title.

    A URL that several entries of one source share identifies none of them alone.
    """
    if url and not shared_url:
        key = "url:" + canonical(url)
    elif guid:
        key = f"guid:{guid}"
    else:
        key = f"title:{source}\n{title}"
    return blake2b(key.encode("utf-8", "replace"), digest_size=5).hexdigest()


def unique(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries with distinct ids: the second bearer of an id gets `-2`, the third `-3`."""
    seen: dict[str, int] = {}
    out: list[Entry] = []
    for entry in entries:
        count = seen[entry.id] = seen.get(entry.id, 0) + 1
        out.append(entry if count == 1 else replace(entry, id=f"{entry.id}-{count}"))
    return tuple(out)
