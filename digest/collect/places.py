"""What a place is: a URL, a file, a folder, or a list of places."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from urllib.parse import unquote, urlsplit

from digest.collect.document import MAX_DOCUMENT, Place
from digest.collect.opml import read_opml
from digest.collect.sniff import expected, is_beside, is_unknown, suffix_kind
from digest.disk import read_regular
from digest.errors import DigestError, SourceError
from digest.models import Failure
from digest.net import shown

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):")
_DEEPEST = 4
"""Lists inside lists; nobody keeps deeper ones."""

MAX_PLACES = 5_000
"""Documents that one build reads; lists inside lists multiply."""


def expand(places: Sequence[str], folder: Path) -> tuple[Place | Failure, ...]:
    """Every document that the places name, in order; a failure for each that names none.

    Plain paths stand against `folder`, those of a list against the list's own.
    """
    found = tuple(islice(_all(places, folder), MAX_PLACES + 1))
    if len(found) <= MAX_PLACES:
        return found
    what = f"There are more than {MAX_PLACES:,} sources; the first {MAX_PLACES:,} were read."
    return (*found[:MAX_PLACES], Failure(where="sources", what=what, hint="Split the list."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A source as the settings or a list of theirs name it; `list_path` is that list.

    `outer` are the folders around its section, `home` is the site of a feed; `nth` counts the
    outlines of the same address before it in that list.
    """

    address: str
    name: str = ""
    section: str = ""
    outer: tuple[str, ...] = ()
    home: str = ""
    kind: str = ""
    list_path: Path | None = None
    nth: int = 0
    folder: Path


def listed(places: Sequence[str], folder: Path) -> tuple[Listed | Failure, ...]:
    """The sources that the places name, lists opened, folders and pages left as they are."""
    return tuple(row for given in places for row in _listed(Place(given=given.strip()), folder, ()))


def _listed(
    place: Place, folder: Path, lists: tuple[Path, ...], nth: int = 0
) -> Iterator[Listed | Failure]:
    try:
        resolved = resolve(place, folder)
        path = resolved.path
        if path is not None and not path.is_dir() and suffix_kind(path.name) == "opml":
            own = path.resolve()
            if own in lists or len(lists) >= _DEEPEST:
                return
            data = read_regular(path, limit=MAX_DOCUMENT, shown=place.given)
            times: Counter[str] = Counter()
            for inner in read_opml(data, where=place.given, folder=path.parent):
                section = inner.section or place.section
                outer = inner.outer if inner.section else place.outer
                named = replace(inner, section=section, outer=outer)
                yield from _listed(named, path.parent, (*lists, own), times[inner.given])
                times[inner.given] += 1
            return
        kind = "folder" if path is not None and path.is_dir() else "file"
        if path is None:
            kind = "feed" if expected(resolved) == "feed" else "page"
        yield Listed(
            address=place.given,
            name=place.name,
            section=place.section,
            outer=place.outer,
            home=place.home,
            kind=kind,
            list_path=lists[-1] if lists else None,
            nth=nth,
            folder=folder,
        )
    except DigestError as error:
        yield Failure(where=_told(place.given) or "(empty)", what=error.what, hint=error.hint)


def _all(places: Sequence[str], folder: Path) -> Iterator[Place | Failure]:
    for given in places:
        yield from _expand(Place(given=given.strip()), folder, ())


def _expand(place: Place, folder: Path, lists: tuple[Path, ...]) -> Iterator[Place | Failure]:
    """The documents of one place, inside `lists`, the outermost first."""
    given = _told(place.given)
    try:
        resolved = resolve(place, folder)
        path = resolved.path
        if path is None:
            yield resolved
        elif path.is_dir():
            yield from _folder(resolved, path)
        elif suffix_kind(path.name) == "opml":
            yield from _list(resolved, path, lists)
        else:
            yield resolved
    except DigestError as error:
        yield Failure(where=given or "(empty)", what=error.what, hint=error.hint)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", "") or "not a path"
        yield Failure(where=given, what=f"{given} cannot be read: {reason}.", hint=_CHECK)


def resolve(place: Place, folder: Path) -> Place:
    """The place with its URL or path set. Raises SourceError for what is neither.

    A URL's `given`, which people see, is without its password and the values of its tokens.
    """
    given = place.given
    scheme = _SCHEME.match(given)
    if not given:
        raise SourceError("An empty source was given.", hint="Remove it from the list.")
    if scheme and scheme[1].lower() in ("http", "https"):
        words = given.split()
        if len(words) > 1 and all(_is_place(word, folder) for word in words):
            raise SourceError(f"{shown(given)} is no address.", hint=_instead(given, folder))
        if not _host_of(given):
            raise SourceError(
                f"{shown(given)} has no host name.", hint="Write it as https://example.org/feed."
            )
        return replace(place, url=given, given=shown(given))
    if scheme and scheme[1].lower() == "file":
        parts = urlsplit(given)
        if parts.netloc not in ("", "localhost"):
            raise SourceError(
                f"{_told(given)} names a file of another machine.", hint="Copy it here first."
            )
        path = Path(unquote(parts.path))
    elif (
        scheme
        and len(scheme[1]) > 1
        and re.match(r"[\w+.-]+:(?://|[^/\\])", given)
        and not (folder / given).exists()
    ):
        raise SourceError(
            f"{_told(given)} is neither http(s), file: nor a path.",
            hint="Give a feed's or page's https address, or the path of a file.",
        )
    else:
        path = _at_home(given)
    path = path if path.is_absolute() else folder / path
    if not path.exists():
        raise SourceError(
            f"{given} does not exist (looked for {path.absolute()}).", hint=_instead(given, folder)
        )
    return replace(place, path=path)


def _told(given: str) -> str:
    """What was given as a message names it: a path as it is, a URL without its secrets."""
    return shown(given) if "://" in given or _WEB.match(given) else given


def _host_of(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:  # a bracket that opens no IPv6 address
        return ""


def _at_home(given: str) -> Path:
    """The path, `~` and `~name` being somebody's home where there is such a person."""
    try:
        return Path(given).expanduser()
    except RuntimeError:
        return Path(given)


_CHECK = "Check the path, and who may read it."
_WEB = re.compile(r"https?:", re.IGNORECASE)
_HOST = re.compile(
    r"www\.[\w-]+\.\S+|(?:[\w-]+\.)+[A-Za-z]{2,12}/\S*|(?:[\w-]+\.)+(?:com|org|net)", re.IGNORECASE
)


def _instead(given: str, folder: Path) -> str:
    """What a path that is none was meant to be."""
    words = given.split()
    if len(words) > 1 and all(_is_place(word, folder) for word in words):
        return f"If these are several sources, put a comma between them: {', '.join(words)}"
    if _HOST.fullmatch(given):
        return f"If it is an address, write https://{given}"
    return "Check the path's spelling."


def _is_place(word: str, folder: Path) -> bool:
    word = word.strip(",;")
    address = word.lower().startswith(("http://", "https://"))
    return bool(word) and (address or (folder / _at_home(word)).exists())


def _folder(place: Place, folder: Path) -> Iterator[Place | Failure]:
    """The files of a folder by name, hidden ones, pictures and styles left out.

    A Maildir gives the mails of its `new` and `cur`.
    """
    boxes = [folder / name for name in ("new", "cur")]
    if all(box.is_dir() for box in boxes):
        for path in sorted(p for box in boxes for p in box.iterdir() if p.is_file()):
            given = str(Path(place.given) / path.parent.name / path.name)
            yield replace(place, given=given, path=path, member=True, expect="mail")
        return
    files = sorted(
        (p for p in folder.iterdir() if p.is_file() and not p.name.startswith(".")),
        key=lambda p: p.name,
    )
    files = [p for p in files if not is_beside(p.name)]
    if all(is_unknown(p.name) for p in files):
        raise _nothing_in(place, folder, files)
    for path in files:
        yield replace(place, given=str(Path(place.given) / path.name), path=path, member=True)


def _nothing_in(place: Place, folder: Path, files: Sequence[Path]) -> SourceError:
    inner = sorted(p.name for p in folder.iterdir() if p.is_dir() and not p.name.startswith("."))
    if inner:
        named = " or ".join(str(Path(place.given) / name) for name in inner[:2])
        return SourceError(
            f"{place.given} has no feeds, pages or texts of its own, and folders inside a folder "
            "are not read.",
            hint=f"Give {named} itself.",
        )
    others = f" (only {', '.join(p.name for p in files[:3])})" if files else ""
    return SourceError(
        f"{place.given} is a folder without feeds, pages or texts{others}.",
        hint="Put .xml, .json, .html, .md or .txt files there.",
    )


def _list(place: Place, path: Path, lists: tuple[Path, ...]) -> Iterator[Place | Failure]:
    own = path.resolve()
    if own in lists:
        raise SourceError(f"{place.given} lists itself.", hint="Remove it from its own sources.")
    if len(lists) >= _DEEPEST:
        raise SourceError(
            f"{place.given} is a list too deep in other lists.",
            hint="Name its sources in one of the outer lists.",
        )
    data = read_regular(path, limit=MAX_DOCUMENT, shown=place.given)
    inner = read_opml(data, where=place.given, folder=path.parent)
    if not inner:
        raise SourceError(
            f"{place.given} lists no sources.",
            hint='Add <outline type="rss" text="Name" xmlUrl="https://…"/> to its <body>.',
        )
    for source in inner:
        yield from _expand(
            replace(source, section=source.section or place.section), path.parent, (*lists, own)
        )
