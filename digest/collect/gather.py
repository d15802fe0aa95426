"""The door of the stage: places in, entries out; one source that fails never stops the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from digest.collect.ahead import fetched_ahead
from digest.collect.document import MAX_DOCUMENT, Document, Kind, Place, Reading
from digest.collect.encoding import decode
from digest.collect.identity import unique
from digest.collect.places import expand
from digest.collect.sniff import expected, is_unknown, kind_of
from digest.disk import read_regular
from digest.errors import DigestError, SourceError
from digest.models import Entry, Failure
from digest.net import shown
from digest.text.markup import clean_text

if TYPE_CHECKING:
    from digest.net import Fetched, Fetcher


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReport:
    """What became of one place: no source is lost in silence, 0 entries are said."""

    place: str
    name: str
    kind: Kind
    entries: int
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """All entries in the order of their places; `pictures` by name (`media/<hash>.png`)."""

    entries: tuple[Entry, ...]
    pictures: Mapping[str, bytes]
    failures: tuple[Failure, ...]
    sources: tuple[SourceReport, ...]


def collect(
    places: Sequence[str],
    *,
    folder: Path,
    now: datetime,
    fetch: Fetcher,
    progress: Callable[[int, int, str], None] | None = None,
) -> Collected:
    """Every entry of every place.

    `places` are http(s) and file: URLs, paths (against `folder`), folders, and .opml lists; `now`
    (aware) judges future dates; `fetch` brings the bytes of a URL or raises FetchError, and is
    called from several threads. `progress` hears (done, all, place) after each document.
    What fails is in `failures`, and the rest goes on; nothing that a source can hold raises.
    """
    found = expand(places, folder)
    entries: list[Entry] = []
    pictures: dict[str, bytes] = {}
    failures: list[Failure] = []
    sources: list[SourceReport] = []
    for done, (place, outcome) in enumerate(_readings(found, now, fetch), start=1):
        if isinstance(outcome, Failure):
            failures.append(outcome)
            sources.append(
                SourceReport(
                    place=place.given, name=place.name, kind="none", entries=0, note=outcome.what
                )
            )
        else:
            entries += outcome.entries
            pictures.update(outcome.pictures)
            sources.append(
                SourceReport(
                    place=place.given,
                    name=outcome.name or place.name or place.given,
                    kind=outcome.kind,
                    entries=len(outcome.entries),
                    note=outcome.note,
                )
            )
        if progress is not None:
            progress(done, len(found), place.given)
    return Collected(
        entries=unique(entries),
        pictures=dict(sorted(pictures.items())),
        failures=tuple(failures),
        sources=tuple(sources),
    )


def _readings(
    found: Sequence[Place | Failure], now: datetime, fetch: Fetcher
) -> Iterator[tuple[Place, Reading | Failure]]:
    """Each place with what it gave, in order; URLs are fetched ahead, several at once."""
    urls = [place.url for place in found if isinstance(place, Place) and place.path is None]
    ahead = fetched_ahead(urls, fetch)
    try:
        for place in found:
            if isinstance(place, Failure):
                yield Place(given=place.where), place
            else:
                yield place, _read_safely(place, now, ahead)
    finally:
        for future in ahead.values():
            future.cancel()


def _read_safely(
    place: Place, now: datetime, ahead: Mapping[str, Future[Fetched]]
) -> Reading | Failure:
    try:
        if place.member and place.path is not None and _is_no_story(place, place.path):
            return _passed_over(place)
        if place.path is not None:
            return read_document(_from_file(place, place.path, now))
        fetched = ahead[place.url].result()
        if fetched.not_modified and not fetched.body:
            return Reading(kind="other", name=place.name, note="unchanged since it was last read")
        reading = read_document(_from_network(place, fetched, now))
        if fetched.moved_to:
            moved = f"it moved for good to {shown(fetched.moved_to)}: change the list of sources"
            reading = replace(reading, note="; ".join(filter(None, [reading.note, moved])))
        return reading
    except DigestError as error:
        return Failure(
            where=clean_text(place.given), what=clean_text(error.what), hint=clean_text(error.hint)
        )
    except Exception as error:
        # The last net under parsers that read hostile bytes: a fault of theirs costs one source.
        what = f"{place.given} could not be read: a parser failed on it ({type(error).__name__})."
        return Failure(where=place.given, what=what, hint="Please report it with the document.")


def _is_no_story(place: Place, path: Path) -> bool:
    """Whether a file of a folder is of a kind that is never read; a Maildir's have no kind."""
    return place.expect is None and is_unknown(path.name)


def _from_file(place: Place, path: Path, now: datetime) -> Document:
    data = read_regular(path, limit=MAX_DOCUMENT, shown=place.given)
    return Document(place=place, data=data, now=now)


def _from_network(place: Place, fetched: Fetched, now: datetime) -> Document:
    if len(fetched.body) > MAX_DOCUMENT:
        raise SourceError(f"{place.given} is larger than {MAX_DOCUMENT // 2**20} MB.")
    return Document(
        place=place,
        data=fetched.body,
        url=fetched.url or place.url,
        content_type=(fetched.content_type or "").lower(),
        charset=fetched.charset or "",
        now=now,
    )


def read_document(document: Document) -> Reading:
    """The entries of one document, whatever it is.

    Raises SourceError where it gives nothing, in a sentence that says what it is instead.
    """
    from digest.collect import feeds, jsonfeed, mail, markdown, pages

    place = document.place
    text = decode(document.data, document.charset)
    if not text.strip():
        raise SourceError(f"{place.given} is empty.", hint="Check that it was saved completely.")
    kind = kind_of(text, data=document.data, place=place, content_type=document.content_type)
    wanted = expected(place)
    if kind == "page" and wanted == "feed":
        raise pages.not_a_feed(document, text)
    if kind in ("text", "markdown", "other") and wanted == "feed":
        raise SourceError(
            f"{place.given} is not a feed: it begins with “{clean_text(text[:200])[:60]}”.",
            hint="It may be cut off, or an error message of its server.",
        )
    if kind == "opml":
        raise SourceError(
            f"{place.given} is a list of sources (OPML), not a source.",
            hint="Save it as a file that ends in .opml and give that.",
        )
    readers: Mapping[Kind, Callable[[Document, str], Reading]] = {
        "feed": feeds.read_feed,
        "json-feed": jsonfeed.read_json_feed,
        "page": pages.read_article,
        "mail": mail.read_mail,
        "markdown": markdown.read_markdown,
        "text": _read_text,
    }
    return readers[kind](document, text) if kind in readers else _passed_over(place)


def _read_text(document: Document, text: str) -> Reading:
    from digest.collect import saved_text

    place = document.place
    if place.member and place.path is not None and not place.path.suffix:
        return _passed_over(place)
    return saved_text.read_saved_text(document, text)


def _passed_over(place: Place) -> Reading:
    """A file of a folder that is no source; on its own it is an error."""
    if place.member:
        return Reading(kind="other", name=place.given, note="passed over: no feed, page or text")
    raise SourceError(
        f"{place.given} is neither a feed, a page nor a text.",
        hint="Sources are feeds, HTML, Markdown and text files.",
    )
