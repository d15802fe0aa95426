"""Newsletters to import: which files there are, what each of them says, and of which day it is."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from digest.collect import decode, front_matter, parse_date
from digest.disk import read_regular
from digest.errors import DocumentError
from digest.models import Failure
from digest.settings import Settings
from digest.text.mail_parts import decoded_header, read_mail
from digest.text.markup import MAX_MARKUP

if TYPE_CHECKING:
    from email.message import Message

    from digest.exchange import Letter

MOST_FILES = 5_000
MOST_BYTES = 8 * 2**20
MOST_HTML = MAX_MARKUP
MOST_MARKDOWN = MAX_MARKUP // 2
"""Characters of one newsletter, without the pictures inside it."""
_INSIDE = re.compile(r"data:[a-z]{1,20}/[a-z0-9.+-]{1,40};base64,[A-Za-z0-9+/=]*", re.IGNORECASE)
_DEEPEST = 8
_MARKDOWN = (".md", ".markdown", ".mkd", ".mdown", ".txt")
_HTML = (".html", ".htm", ".xhtml")


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file to import: its path, and how messages and the archive name it."""

    path: Path
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A newsletter as it was sent, on which day, and where that day stands."""

    day: date
    file: str
    dated_by: str
    letter: Letter


def files_at(places: Sequence[Path]) -> Iterator[File | Failure]:
    """Every newsletter at the places, by name; a failure for what is no file of one."""
    for place in places:
        try:
            mode = place.lstat().st_mode
            if stat.S_ISLNK(mode):
                yield _link(_told(place))
            elif stat.S_ISDIR(mode):
                some = tuple(islice(_inside(place, place, 1), MOST_FILES + 1))
                if not some:
                    yield Failure(
                        where=_told(place),
                        what=f"{_told(place)} holds no newsletter.",
                        hint="Put .md, .html or .eml files there, with dates in their names.",
                    )
                yield from some
            else:
                yield File(path=place, name=_told(Path(place.name)))
        except (OSError, ValueError) as error:
            yield _unreadable(place, error)


def _unreadable(path: Path, error: OSError | ValueError) -> Failure:
    reason = getattr(error, "strerror", "") or "no path"
    return Failure(
        where=_told(path),
        what=f"{_told(path)} cannot be read: {reason}.",
        hint="Check the path's spelling, and who may read it.",
    )


def _told(path: Path) -> str:
    """A path as messages and files name it: bytes that are no text become question marks."""
    return path.as_posix().encode("utf-8", "replace").decode("utf-8")


def _inside(folder: Path, top: Path, depth: int) -> Iterator[File | Failure]:
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError as error:
        yield _unreadable(folder, error)
        return
    for entry in entries:
        path = Path(entry.path)
        name = _told(path.relative_to(top))
        known = path.suffix.lower() in (*_MARKDOWN, *_HTML, ".eml")
        if entry.name.startswith("."):
            continue
        if entry.is_symlink():
            if known or path.suffix == "":
                yield _link(name)
        elif entry.is_dir(follow_symlinks=False):
            if depth < _DEEPEST:
                yield from _inside(path, top, depth + 1)
        elif known:
            yield File(path=path, name=name)


def _link(name: str) -> Failure:
    return Failure(
        where=name,
        what=f"{name} is a symbolic link, which is not followed.",
        hint="Name the file or folder itself.",
    )


def read_file(file: File, *, settings: Settings, now: datetime) -> Sent:
    """What a file holds.

    Raises DocumentError where it has no day, no story, or cannot be read.
    """
    from digest.exchange import date_of_name

    letter = _letter(file, settings)
    weekday = settings.cutoff.weekday
    day = date_of_name(Path(file.name).name, weekday=weekday, dated=parse_date)
    dated_by = "its name"
    if day is None:
        day, dated_by = date_of_name(file.name, weekday=weekday, dated=parse_date), "its folders"
    if day is None and letter.stated:
        day, dated_by = letter.stated[0]
    if day is None:
        day, dated_by = date_of_name(letter.title, weekday=weekday, dated=parse_date), "its title"
    if day is None:
        raise DocumentError(
            f"{file.name} does not say when it was sent.",
            hint=f"Name it after its day, such as 2024-03-08-{Path(file.name).name}.",
        )
    if not letter.stories:
        raise DocumentError(
            f"{file.name} holds no story: no headline with a link was found.",
            hint="A story is a heading, an item or a paragraph that links to what it tells.",
        )
    if day > now.astimezone(ZoneInfo(settings.zone)).date():
        raise DocumentError(
            f"{file.name} is of {day:%Y-%m-%d}, which is still to come ({dated_by}).",
            hint="Name it after the day on which it was sent.",
        )
    return Sent(day=day, file=file.name, dated_by=dated_by, letter=letter)


def _letter(file: File, settings: Settings) -> Letter:
    from digest.exchange import bare_keys, markdown_html, read_letter

    data = read_regular(file.path, limit=MOST_BYTES, shown=file.name)
    suffix = file.path.suffix.lower()
    keys: dict[str, str] = {}
    clean: Callable[[str], str] = str
    subject = ""
    if suffix == ".eml":
        mail = read_mail(data)
        keys["date"] = decoded_header(mail.message.get("Date") or "")
        subject = decoded_header(mail.message.get("Subject") or "")
        clean = _without_readers(mail.message)
        html = mail.html or markdown_html(mail.text or "")
    else:
        if b"\0" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise DocumentError(
                f"{file.name} is no text.", hint="A newsletter is Markdown, HTML or a mail."
            )
        text = decode(data).replace("\r\n", "\n").replace("\r", "\n")
        text = _INSIDE.sub("", text) if "data:" in text else text
        most = MOST_HTML if suffix in _HTML else MOST_MARKDOWN
        if len(text) > most:
            raise DocumentError(
                f"{file.name} has {len(text):,} characters; at most {most:,} are read.",
                hint="A newsletter is far shorter: take out what is none of it.",
            )
        keys, below = front_matter(text)
        if not keys and suffix not in _HTML:
            keys, below = bare_keys(text)
        html = below if suffix in _HTML else markdown_html(below)
    return read_letter(
        html,
        keys=keys,
        zone=settings.zone,
        dated=parse_date,
        clean=clean,
        subject=subject,
        name=settings.name,
    )


def _without_readers(message: Message) -> Callable[[str], str]:
    """What leaves a mail's recipients out of words and addresses."""
    from digest.collect import readers

    who = readers(message)
    return lambda text: who.link(text) if text.startswith("http") else who.words(text)
