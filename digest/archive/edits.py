"""Reading `edits.toml`: what an editor wrote by hand or by command, with errors that say where."""

from __future__ import annotations

import difflib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from hashlib import blake2b, sha256
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

from digest.archive.folder import mode_of, read_plain
from digest.archive.slug import need_slug
from digest.archive.toml_lines import Path as Keys
from digest.archive.toml_lines import line_at, lines_of
from digest.codec import from_plain
from digest.edits import AddedStory, Edits, StoryEdit
from digest.errors import ArchiveError, DocumentError
from digest.models import Notice
from digest.text.toml import read_toml

NAME = "edits.toml"
_ABOVE = {field.name for field in fields(Edits)} - {"stories", "add", "notice"}
_TABLES: Mapping[str, type[Any]] = {"stories": StoryEdit, "add": AddedStory, "notice": Notice}


def read_edits(archive: Path, slug: str) -> Edits:
    """The editor's decisions for the issue `slug`; none where the file is not there.

    Raises DocumentError that names file, line and key, and ArchiveError for a file that is a link
    or cannot be read.
    """
    return parse_edits(edits_text(archive, slug), where=f"{archive.name}/{slug}/{NAME}")


def edits_text(archive: Path, slug: str) -> str:
    """The file as it stands; empty where it is not there."""
    need_slug(slug)
    where = f"{archive.name}/{slug}/{NAME}"
    folder = archive / slug
    if not mode_of(folder, shown=f"{archive.name}/{slug}") or not mode_of(
        folder / NAME, shown=where
    ):
        return ""
    try:
        raw = read_plain(folder, NAME)
    except ArchiveError as error:
        if error.hint:
            raise
        raise ArchiveError(
            error.what, hint="Put a text file in its place, or remove it: an issue needs none."
        ) from None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise DocumentError(
            f"{where}, line {line}: this is not UTF-8.", hint="Save the file as UTF-8."
        ) from None


def decided_hash(text: str) -> str:
    """The SHA-256 of what a sound edits.toml decides; empty where it decides nothing.

    Comments, layout and the approval are no decisions of what the issue says.
    """
    plain = read_toml(text)
    plain.pop("status", None)
    # A date cannot stand in a sound file; default=str keeps one from being a fault of ours.
    told = json.dumps(plain, ensure_ascii=True, sort_keys=True, default=str)
    return sha256(told.encode("ascii")).hexdigest() if plain else ""


def parse_edits(text: str, *, where: str) -> Edits:
    """The decisions that `text` holds; `where` is how errors name the file."""
    try:
        plain = read_toml(text)
    except (ValueError, RecursionError) as error:  # also a number of thousands of digits
        not_toml(error, where, text)
    reading = _Reading(where, lines_of(text))
    reading.refuse_unknown(plain)
    edits = reading.numbered(from_plain(Edits, plain, where=where, line_of=reading.line))
    for path, problem, hint in (*_problems(edits), *reading.contradictions(edits)):
        raise DocumentError(f"{reading.place(path)}: {problem}", hint=hint)
    return edits


def added_id(title: str, url: str) -> str:
    """The id of a story of the editor's own that names none."""
    return "added-" + blake2b(f"{title}\n{url}".encode(), digest_size=5).hexdigest()


def not_toml(
    error: ValueError | RecursionError,
    where: str,
    text: str,
    *,
    example: str = 'headline = "A title"',
) -> NoReturn:
    """Raise what Python's parser said, with the line and the next thing to do."""
    at, what, hint = "", str(error), f"Text stands between quotation marks: {example}."
    if said := re.fullmatch(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", what):
        last = text.rstrip().count("\n") + 1
        at = f", line {said[2]}, column {said[3]}" if said[2] else f", at the end, line {last}"
        what = said[1]
    if isinstance(error, RecursionError):
        what, hint = "it is nested too deeply", "No value of this file holds another."
    elif not isinstance(error, tomllib.TOMLDecodeError):
        what, hint = "a number has too many digits", "A place in the issue is a number such as 1."
    elif re.search("overwrite|twice|mutate", what):
        what, hint = "a key or a table is there already", "Keep one of the two."
    raise DocumentError(
        f"{where}{at}: this is not TOML: {what[:1].lower()}{what[1:]}.", hint=hint
    ) from None


class _Reading:
    """One file being read: its name, and the line of each of its keys."""

    def __init__(self, where: str, lines: Mapping[Keys, int]) -> None:
        self._where = where
        self._lines = lines

    def line(self, path: Keys) -> int:
        return line_at(self._lines, path)

    def place(self, path: Keys) -> str:
        line = self.line(path)
        return f"{self._where}, line {line}" if line else self._where

    def refuse_unknown(self, plain: Mapping[str, Any]) -> None:
        self._known((), plain, Edits)
        for name, kind in _TABLES.items():
            held = plain.get(name)
            rows: list[tuple[Keys, Any]] = []
            if isinstance(held, dict):
                rows = [((name, key), row) for key, row in held.items()]
            elif isinstance(held, list):
                rows = [((name, at), row) for at, row in enumerate(held)]
            for path, row in rows:
                if isinstance(row, dict):
                    self._known(path, row, kind)

    def _known(self, path: Keys, row: Mapping[str, Any], kind: type[Any]) -> None:
        names = [field.name for field in fields(kind) if field.name != "line"]
        for key in row:
            if key not in names:
                near = difflib.get_close_matches(key, names, n=1)
                hint = f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(names)}."
                if path and key in _ABOVE:
                    hint = f"{key} is the issue's: move the line above all tables."
                table = f"{path[0]} has" if path else "there is"
                raise DocumentError(
                    f"{self.place((*path, key))}: {table} no key {key[:60]!r}.", hint=hint
                )

    def numbered(self, edits: Edits) -> Edits:
        """`edits` with the line of each table, and an id for each story that was added."""
        return replace(
            edits,
            stories={
                key: replace(edit, line=self.line(("stories", key)))
                for key, edit in edits.stories.items()
            },
            add=tuple(
                replace(
                    story,
                    id=story.id or added_id(story.title, story.url),
                    line=self.line(("add", at)),
                )
                for at, story in enumerate(edits.add)
            ),
        )

    def contradictions(self, edits: Edits) -> Iterator[tuple[Keys, str, str]]:
        """Decisions that cannot both hold, each at the later of its two lines."""
        for key, edit in edits.stories.items():
            if edit.pin and edit.drop:
                first, last = sorted((("stories", key, "pin"), ("stories", key, "drop")),
                                     key=self.line)  # fmt: skip
                what = f"the story {key!r} is both pinned and dropped; see line {self.line(first)}."
                yield last, what, "Keep one of the two."
        yield from self._twice(
            [(("add", at), story.id) for at, story in enumerate(edits.add)],
            "two added stories have the id {}",
            "Give each an id of its own, or take one out.",
        )
        orders: list[tuple[Keys, Any]] = [
            (("stories", key, "order"), (_room(edit), edit.order))
            for key, edit in edits.stories.items()
            if edit.order is not None and _room(edit) and not edit.drop
        ]
        yield from self._twice(
            orders,
            "two stories of one place have the same order {}",
            "Give each its own; the other is the story {!r}.",
        )

    def _twice(
        self, rows: list[tuple[Keys, Any]], what: str, hint: str
    ) -> Iterator[tuple[Keys, str, str]]:
        seen: dict[Any, Keys] = {}
        for path, value in sorted(rows, key=lambda row: self.line(row[0])):
            if value in seen:
                shown = value[1] if isinstance(value, tuple) else repr(value)
                first = self.line(seen[value])
                other = seen[value][1]
                yield path, f"{what.format(shown)}; see line {first}.", hint.format(other)
            seen[value] = path


def _room(edit: StoryEdit) -> str:
    """Where a story stands, as far as its edit alone says; empty where it does not."""
    if edit.pin == "lead":
        return "leads"
    section = " ".join((edit.section or "").split()).casefold()
    return f"section {section}" if section else ""


def _problems(edits: Edits) -> Iterator[tuple[Keys, str, str]]:
    """What has the right type and makes no sense all the same."""
    for name in ("subject", "preheader"):
        value = getattr(edits, name)
        if value is not None and not value.strip():
            yield (name,), f"{name} is empty.", "Write one, or leave it out: then one is made."
    for key, edit in edits.stories.items():
        yield from _story_problems(("stories", key), edit)
    for number, story in enumerate(edits.add):
        at: Keys = ("add", number)
        if not story.title.strip():
            yield (*at, "title"), "title is empty.", "It is the headline of the story."
        if not (story.text.strip() or (story.blurb or "").strip() or story.url):
            yield at, "the story has a title alone.", "Give it text, blurb or url."
        yield from _address((*at, "url"), story.url)
        yield from _picture((*at, "image"), story.image)
    for number, notice in enumerate(edits.notice):
        at = ("notice", number)
        for name in ("title", "after"):
            if not getattr(notice, name).strip():
                yield (*at, name), f"{name} is empty.", 'For example: after = "leads".'
        yield from _address((*at, "url"), notice.url)


def _story_problems(at: Keys, edit: StoryEdit) -> Iterator[tuple[Keys, str, str]]:
    if edit.order is not None and edit.order < 1:
        yield (*at, "order"), "order counts from 1.", "The first story has order = 1."
    for name in ("section", "headline"):
        value = getattr(edit, name)
        if value is not None and not value.strip():
            yield (*at, name), f"{name} is empty.", "Write one, or leave it out."
    yield from _picture((*at, "image"), edit.image)


def _address(path: Keys, url: str) -> Iterator[tuple[Keys, str, str]]:
    if url and not _is_web(url):
        yield path, f"{url[:60]!r} is no http(s) address.", "Write it whole: https://…"


def _picture(path: Keys, image: str | None) -> Iterator[tuple[Keys, str, str]]:
    if image is None:
        return
    if not image.strip() or (_scheme(image) and not _is_web(image)):
        hint = 'Give an https address, a file beside the settings, or "none".'
        yield path, f"{image[:60]!r} is no picture.", hint


def _scheme(url: str) -> str:
    try:
        return urlsplit(url.strip()).scheme
    except ValueError:
        return "?"


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url.strip())
        whole = not re.search(r"[\s\x00-\x1f\x7f]", url.strip())
        return whole and parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False
