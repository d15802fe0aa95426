"""The jobs around the list of sources: find a feed, add, remove, check."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from digest.collect import (
    EMPTY,
    Collected,
    Health,
    Listed,
    Outline,
    add_outlines,
    collect,
    feed_candidates,
    health,
    listed,
    remove_outline,
)
from digest.disk import lock, read_regular, write_atomic
from digest.errors import DigestError, FetchError, SourceError, UsageError
from digest.models import Failure
from digest.net import Fetched, Fetcher, masked, shown
from digest.settings import Settings
from digest.text.urls import canonical

NEW_LIST = "sources.opml"
"""What is written to where the settings name no list."""
_MAX_LIST = 8 * 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A source that was looked at before it is added."""

    outline: Outline
    kind: str
    entries: int
    others: tuple[str, ...] = ()


def sources(
    settings: Settings, folder: Path, also: Path | None = None
) -> tuple[tuple[Listed, ...], tuple[Failure, ...]]:
    """The sources of the settings, and a failure for each that cannot be read.

    The list that `add` would make is no failure while it is not there. The sources of `also`, a
    list that is written to, count even where the settings do not name it.
    """
    missing = missing_list(settings, folder)
    places = [given for given in settings.sources if given != missing]
    if also is not None and also.exists() and unread(also, settings, folder):
        places.append(str(also.resolve()))
    rows = listed(places, folder)
    good = tuple(row for row in rows if isinstance(row, Listed))
    return good, tuple(row for row in rows if isinstance(row, Failure))


def list_file(settings: Settings, folder: Path, to: Path | None = None) -> Path:
    """The list that is written to: `to`, else the settings' first, else sources.opml."""
    return to if to is not None else folder / (_own_list(settings) or NEW_LIST)


def missing_list(settings: Settings, folder: Path) -> str:
    """The list that the settings name to be written to and that is not there yet; else ""."""
    given = _own_list(settings)
    return given if given and not os.path.lexists(folder / given) else ""


def _own_list(settings: Settings) -> str:
    """The first list that the settings name, "" for none."""
    lists = (given for given in settings.sources if given.lower().endswith(".opml"))
    return next((given for given in lists if "://" not in given), "")


def unread(path: Path, settings: Settings, folder: Path) -> str:
    """How to have builds read a list that neither the settings nor their lists name; else ""."""
    named = {(folder / given).resolve() for given in settings.sources if "://" not in given}
    rows = listed(settings.sources, folder)
    named |= {row.list_path.resolve() for row in rows if isinstance(row, Listed) and row.list_path}
    if path.resolve() in named:
        return ""
    own = os.path.relpath(path.resolve(), folder.resolve())
    whole = ",".join([*(masked(given) for given in settings.sources), own])
    return f"add {own} to DIGEST_SOURCES in .env, or no build reads it: DIGEST_SOURCES={whole}"


# Adding


def look_at(address: str, *, folder: Path, now: datetime, fetch: Fetcher) -> Found:
    """The source behind what a person typed: a feed, the feed of a page, a page, a file, a folder.

    Raises SourceError where nothing that can be read lies there.
    """
    address = address.strip()
    if not re.match(r"(?i)(?:https?|feed)://|feed:", address) and (folder / address).exists():
        return _local(address, folder=folder, now=now)
    brought: dict[str, Fetched] = {}

    def once(url: str) -> Fetched:
        if url not in brought:
            brought[url] = fetch(url)
        return brought[url]

    error: DigestError | None = None
    for url in _spelled(address):
        try:
            once(url)
        except FetchError as failed:
            error = error or failed
            continue
        return _at(url, once, folder=folder, now=now)
    raise error or SourceError(f"{shown(address)} is no address.", hint="Write https://example.org")


def _spelled(address: str) -> tuple[str, ...]:
    """The URLs that an address may mean."""
    bare = re.sub(r"(?i)^feed:(?://)?", "", address)
    if re.match(r"(?i)mailto:", bare):
        raise SourceError(
            f"{shown(address)} is a mail address, which is no source.",
            hint="Save a newsletter's mails as .eml into a folder, and add that folder.",
        )
    # In `example.org:8080` and `user:word@example.org` the colon stands behind no scheme.
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):(?://|(?!\d+(?:[/?#]|$)|[^/?#]*@))", bare)
    if scheme and scheme[1].lower() not in ("http", "https"):
        raise SourceError(
            f"{shown(address)} is neither http(s) nor a path.", hint="Write https://example.org"
        )
    if re.match(r"(?i)https?://", bare):
        return (bare,)
    return (f"https://{bare}", f"http://{bare}")


def _local(address: str, *, folder: Path, now: datetime) -> Found:
    collected = collect((address,), folder=folder, now=now, fetch=_no_fetch)
    if not collected.entries and collected.failures:
        first = collected.failures[0]
        raise SourceError(first.what, hint=first.hint)
    path = folder / address
    is_feed = path.is_file() and any(s.kind == "feed" for s in collected.sources)
    name = collected.sources[0].name if is_feed else path.stem
    kind = "folder" if path.is_dir() else collected.sources[0].kind
    outline = Outline(address=address, name=name, is_feed=is_feed)
    return Found(outline=outline, kind=kind, entries=len(collected.entries))


def _no_fetch(url: str) -> Fetched:
    raise FetchError(f"{url} is not fetched here.")


def _at(url: str, once: Fetcher, *, folder: Path, now: datetime) -> Found:
    """What lies at a URL that answered: itself if it is a feed, else a feed that it leads to."""
    own = collect((url,), folder=folder, now=now, fetch=once)
    kind = own.sources[0].kind if own.sources else "none"
    if kind in ("feed", "json-feed"):
        return _feed(url, own, once(url).moved_to)
    fetched = once(url)
    page = fetched.body.decode(fetched.charset or "utf-8", "replace")
    tried: list[str] = []
    for one in feed_candidates(page, fetched.url or url):
        try:
            once(one.url)
        except FetchError:
            continue
        found = collect((one.url,), folder=folder, now=now, fetch=once)
        if found.sources and found.sources[0].kind in ("feed", "json-feed") and found.entries:
            others = tuple(c.url for c in feed_candidates(page, fetched.url or url) if c.named)
            feed = _feed(one.url, found, "", home=fetched.url or url)
            return replace(feed, others=tuple(o for o in others if o != one.url))
        tried.append(one.url)
    if own.entries:
        outline = Outline(address=url, name=own.sources[0].name, is_feed=False)
        return Found(outline=outline, kind=kind, entries=len(own.entries))
    what = (
        own.failures[0]
        if own.failures
        else Failure(where=url, what=f"{shown(url)} holds no entry.")
    )
    raise SourceError(
        f"No feed was found at {shown(url)}. {what.what}",
        hint="Give the address of the feed itself, or of a page with stories.",
    )


def _feed(url: str, found: Collected, moved_to: str, home: str = "") -> Found:
    report = found.sources[0]
    outline = Outline(address=moved_to or url, name=report.name, home=home)
    return Found(outline=outline, kind=report.kind, entries=len(found.entries))


def known_at(address: str, rows: Sequence[Listed]) -> Listed | None:
    """The source that is listed under this address already, however that is spelled."""
    key = canonical(address)
    return next((row for row in rows if canonical(row.address) == key), None)


def add(path: Path, outlines: Sequence[Outline]) -> None:
    """Write sources into the list at `path`, which is made where there is none.

    Raises DocumentError for a list that cannot be read, and then leaves it as it is.
    """
    _rewrite(path, lambda data: add_outlines(data, outlines, where=path.name))


def remove(row: Listed) -> Path:
    """Take a source out of the list that names it; gives that list's path."""
    path = row.list_path
    if path is None:
        raise UsageError(
            f"{shown(row.address)} stands in DIGEST_SOURCES, not in a list.",
            hint="Take it out of .env.",
        )
    _rewrite(path, lambda data: remove_outline(data, row.address, where=path.name, nth=row.nth))
    return path


def _rewrite(path: Path, change: Callable[[bytes], bytes]) -> None:
    with lock(path.parent / "var" / f"{path.name}.lock", what=path.name):
        data = read_regular(path, limit=_MAX_LIST) if path.exists() else EMPTY.encode()
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
        write_atomic(path, change(data), mode=mode)


def matching(words: str, rows: Sequence[Listed]) -> tuple[Listed, ...]:
    """The sources that a person means: by number of the list, address as shown or not, or name."""
    if words.isdecimal() and 1 <= int(words) <= len(rows):
        return (rows[int(words) - 1],)
    exact = tuple(row for row in rows if words in (row.address, masked(row.address), row.name))
    if exact:
        return exact
    same = known_at(words, rows)
    if same is not None:
        return (same,)
    low = words.casefold()
    return tuple(row for row in rows if low in row.name.casefold() or low in row.address.casefold())


# Checking


def check_sources(
    rows: Sequence[Listed],
    *,
    now: datetime,
    fetch: Fetcher,
    progress: Callable[[int, int, str], None],
) -> tuple[Health, ...]:
    """How each source fares, in the order of `rows`; what fails is told in its row."""
    remote = [row for row in rows if row.kind in ("feed", "page")]
    fetched: Iterator[Health] = iter(())
    if remote:
        collected = collect(
            [row.address for row in remote],
            folder=remote[0].folder,
            now=now,
            fetch=fetch,
            progress=progress,
        )
        fetched = _each(remote, collected, now)
    return tuple(next(fetched) if row.kind in ("feed", "page") else _local_health(row, now)
                 for row in rows)  # fmt: skip


def _each(rows: Sequence[Listed], collected: Collected, now: datetime) -> Iterator[Health]:
    """A collection's entries stand in the order of its places, which gave one report each."""
    failures = {failure.where: failure for failure in collected.failures}
    at = 0
    for row, report in zip(rows, collected.sources, strict=True):
        entries = collected.entries[at : at + report.entries]
        at += report.entries
        failed = failures.get(report.place) if report.kind == "none" else None
        yield health(
            masked(row.address),
            masked(row.name) or report.name,
            report.kind,
            entries,
            now=now,
            note="" if failed else report.note,
            failure=failed,
        )


def _local_health(row: Listed, now: datetime) -> Health:
    """A file or a folder: all that it gave, as one source."""
    collected = collect((row.address,), folder=row.folder, now=now, fetch=_no_fetch)
    failed = collected.failures[0] if collected.failures and not collected.entries else None
    notes = [f.what for f in collected.failures] if not failed else []
    return health(
        masked(row.address),
        masked(row.name or row.address),
        row.kind,
        collected.entries,
        now=now,
        note="; ".join(notes[:3]),
        failure=failed,
    )
