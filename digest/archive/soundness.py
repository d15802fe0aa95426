"""What is wrong with an archived issue, as far as its own files tell; nothing is written."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from digest.archive.corrections import NAME as CORRECTIONS
from digest.archive.corrections import read_corrections
from digest.archive.edits import NAME as EDITS
from digest.archive.edits import read_edits
from digest.archive.folder import MEGABYTE, limit_of
from digest.archive.staging import DOCUMENT
from digest.archive.store import Archive
from digest.errors import DigestError
from digest.models import Failure, Issue, Renderings
from digest.text.slots import defaulted
from digest.text.verbatim import verbatim

MOST_NAMES = 2_000
"""Names in an issue's folder that are looked at."""
_SHOWN = 80
_SOURCE = re.compile(r'(?<=\bsrc=")(?:cid:([^"@]+)@[^"]*|[^"]*/media/([^"/]+))(?=")')


@dataclass(frozen=True, slots=True, kw_only=True)
class Soundness:
    """What is wrong with an issue, and what is only worth knowing; each names its file.

    `readable`: the issue itself can be loaded, so that more can be asked of it.
    """

    failures: tuple[Failure, ...] = ()
    notes: tuple[Failure, ...] = ()
    readable: bool = True


def soundness(archive: Archive, slug: str) -> Soundness:
    """Look at every file of the issue `slug`: schema, hashes, blurbs, message, edits, the rest."""
    shown = f"{archive.folder.name}/{slug}"
    failures = list(archive.verify(slug))
    readable = not failures
    failures += _own_words(archive, slug, shown)
    if readable:
        issue = archive.load(slug)
        failures += _blurbs(issue, shown)
        failures += _message(archive.renderings(slug), archive.media(slug), shown)
    try:
        listed = {DOCUMENT, EDITS, CORRECTIONS, *archive.recorded(slug).files}
        folder = archive.path(slug)
    except DigestError:
        return Soundness(failures=tuple(failures), readable=False)
    others = list(_others(folder, listed, shown))
    failures += [row for row, is_bad in others if is_bad]
    notes = tuple(row for row, is_bad in others if not is_bad)
    return Soundness(failures=tuple(failures), notes=notes, readable=readable)


def _own_words(archive: Archive, slug: str, shown: str) -> Iterator[Failure]:
    """What is wrong with the files that an editor writes."""
    readers: tuple[tuple[str, Callable[[Path, str], object]], ...] = (
        (EDITS, read_edits),
        (CORRECTIONS, read_corrections),
    )
    for name, read in readers:
        try:
            read(archive.folder, slug)
        except DigestError as error:
            yield Failure(where=f"{shown}/{name}", what=error.what, hint=error.hint)


def _blurbs(issue: Issue, shown: str) -> Iterator[Failure]:
    for story in issue.stories:
        if not verbatim(story.blurb, story.entry):
            yield Failure(
                where=f"{shown}/{DOCUMENT}",
                what=f"The blurb of “{story.headline[:_SHOWN]}” is not what it says it is: those "
                "words do not stand at its spans of the source’s text in entries.jsonl.",
                hint="One of the two was changed after the build, hashes and all.",
            )


def _message(files: Renderings, media: dict[str, bytes], shown: str) -> Iterator[Failure]:
    """Where message.eml, as who has no field reads it, says another thing than the renderings."""

    def differs(what: str, told: str) -> Failure:
        return Failure(
            where=f"{shown}/message.eml",
            what=f"{what} of message.eml is not {told}.",
            hint="One of the two was changed after the build, hashes and all.",
        )

    def own(hit: re.Match[str]) -> str:
        name = f"media/{hit[1] or hit[2]}"
        return name if name in media else hit[0]

    from digest.text.mail_parts import read_mail  # brings the parser of mails

    mail = read_mail(defaulted(files.message))
    rows = (
        ("The text part", mail.text, files.email_txt, "email.txt"),
        (
            "The HTML part",
            mail.html and _SOURCE.sub(own, mail.html),
            files.email_html,
            "email.html",
        ),
    )
    for what, part, rendering, name in rows:
        if part is None or _lines(part) != _lines(rendering):
            yield differs(what, name)
    for file in mail.attached:
        name = f"media/{file.cid.partition('@')[0]}"
        if file.cid and media.get(name, file.data) != file.data:
            yield differs(f"The picture {name}", "the one in media/")


def _lines(text: str) -> str:
    from digest.text.mail_parts import MAX_TEXT

    return text.replace("\r\n", "\n")[: MAX_TEXT // 2].rstrip("\n")


def _others(folder: Path, listed: set[str], shown: str) -> Iterator[tuple[Failure, bool]]:
    """What lies in the folder and is no file of the build; True where it should not be there."""
    for name, path in islice(_names(folder), MOST_NAMES):
        try:
            found = path.lstat()
        except OSError as error:
            yield Failure(where=f"{shown}/{name}", what=f"It cannot be read: {error}."), True
            continue
        if name == "media" and stat.S_ISDIR(found.st_mode):
            continue
        if name in listed:
            continue  # what is wrong with those is said already
        yield _other(f"{shown}/{name}", found)


def _other(place: str, found: os.stat_result) -> tuple[Failure, bool]:
    name = place.rpartition("/")[2]
    if stat.S_ISLNK(found.st_mode):
        return _odd(place, "is a symbolic link, which is not followed."), True
    if not stat.S_ISREG(found.st_mode) and not stat.S_ISDIR(found.st_mode):
        return _odd(place, "is no regular file."), True
    if found.st_size > limit_of(name):
        size = found.st_size / MEGABYTE
        return _odd(place, f"has {size:,.0f} MB, and is no file of the build."), True
    what = "folder" if stat.S_ISDIR(found.st_mode) else "file"
    return Failure(where=place, what=f"{place} is a {what} that no build wrote."), False


def _odd(place: str, what: str) -> Failure:
    return Failure(where=place, what=f"{place} {what}", hint="Move it out of the archive.")


def _names(folder: Path) -> Iterator[tuple[str, Path]]:
    """Every name in the folder and in its `media/`, in order; links are not entered."""
    for root, prefix in ((folder, ""), (folder / "media", "media/")):
        if not stat.S_ISDIR(_mode(root)):
            continue
        try:
            names = sorted(islice((entry.name for entry in os.scandir(root)), MOST_NAMES))
        except OSError:
            continue  # a file of the build that cannot be reached is named by its own check
        yield from ((f"{prefix}{name}", root / name) for name in names)


def _mode(path: Path) -> int:
    try:
        return path.lstat().st_mode
    except OSError:
        return 0
