"""What a place is: a URL, a file, a folder, or a list of places."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

from digest.collect.document import MAX_DOCUMENT, Place
from digest.collect.opml import read_opml
from digest.collect.sniff import suffix_kind
from digest.errors import DigestError, SourceError
from digest.models import Failure

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):")
_DEEPEST = 4
"""Lists inside lists; deeper ones would only go in circles."""


def expand(places: Sequence[str], folder: Path) -> tuple[Place | Failure, ...]:
    """Every document that the places name, in order; a failure for each that names none.

    Plain paths stand against `folder`, those of a list against the list's own.
    """
    found: list[Place | Failure] = []
    for given in places:
        found += _expand(Place(given=given.strip()), folder, 0)
    return tuple(found)


def _expand(place: Place, folder: Path, depth: int) -> Iterator[Place | Failure]:
    try:
        resolved = resolve(place, folder)
        path = resolved.path
        if path is None:
            yield resolved
        elif path.is_dir():
            yield from _folder(resolved, path)
        elif suffix_kind(path.name) == "opml":
            yield from _list(resolved, path, depth)
        else:
            yield resolved
    except DigestError as error:
        yield Failure(where=place.given or "(empty)", what=error.what, hint=error.hint)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", "") or "not a path"
        yield Failure(where=place.given, what=f"{place.given} cannot be read: {reason}.")


def resolve(place: Place, folder: Path) -> Place:
    """The place with its URL or path set. Raises SourceError for what is neither."""
    given = place.given
    scheme = _SCHEME.match(given)
    if not given:
        raise SourceError("An empty source was given.", hint="Remove it from the list.")
    if scheme and scheme[1].lower() in ("http", "https"):
        if not urlsplit(given).hostname:
            raise SourceError(
                f"{given} has no host name.", hint="Write it as https://example.org/feed."
            )
        return replace(place, url=given)
    if scheme and scheme[1].lower() == "file":
        parts = urlsplit(given)
        if parts.netloc not in ("", "localhost"):
            raise SourceError(
                f"{given} names a file of another machine.", hint="Copy it here first."
            )
        path = Path(unquote(parts.path))
    elif (
        scheme
        and len(scheme[1]) > 1
        and re.match(r"[\w+.-]+:(?://|[^/\\])", given)
        and not (folder / given).exists()
    ):
        raise SourceError(
            f"{given} is neither http(s), file: nor a path.",
            hint="Give a feed's or page's https address, or the path of a file.",
        )
    else:
        path = Path(given).expanduser()
    path = path if path.is_absolute() else folder / path
    if not path.exists():
        raise SourceError(
            f"{given} does not exist (looked for {path}).", hint="Check the path's spelling."
        )
    return replace(place, path=path)


def _folder(place: Place, folder: Path) -> Iterator[Place | Failure]:
    """The files of a folder by name, hidden ones and those of other kinds left out."""
    files = sorted(
        (p for p in folder.iterdir() if p.is_file() and not p.name.startswith(".")),
        key=lambda p: p.name,
    )
    known = [p for p in files if suffix_kind(p.name) not in (None, "opml") or not p.suffix]
    if not known:
        raise SourceError(
            f"{place.given} is a folder without feeds, pages or texts.",
            hint="Put .xml, .json, .html, .md or .txt files there.",
        )
    for path in known:
        yield replace(place, given=str(Path(place.given) / path.name), path=path, member=True)


def _list(place: Place, path: Path, depth: int) -> Iterator[Place | Failure]:
    if depth >= _DEEPEST:
        raise SourceError(f"{place.given} is a list too deep in other lists.")
    if path.stat().st_size > MAX_DOCUMENT:
        raise SourceError(f"{place.given} is larger than {MAX_DOCUMENT // 2**20} MB.")
    inner = read_opml(path.read_bytes(), where=place.given, folder=path.parent)
    if not inner:
        raise SourceError(
            f"{place.given} lists no sources.",
            hint='Add <outline type="rss" text="Name" xmlUrl="https://…"/> to its <body>.',
        )
    for source in inner:
        yield from _expand(
            replace(source, section=source.section or place.section), path.parent, depth + 1
        )
