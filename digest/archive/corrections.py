"""`corrections.toml`: what is to be said of an issue after it was sent.

The file holds `[[correction]]` tables of `moment` (a TOML date-time with its offset), `note` and,
where it is about one story, `story`, the id of its entry. It is written a note at a time; every
other line, and each comment, stays. Nothing else of an issue changes with it.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

from digest import disk
from digest.archive import staging
from digest.archive.edits import not_toml
from digest.archive.edits_file import Change, changed, remove_row
from digest.archive.folder import mode_of, oddity_of, read_plain
from digest.archive.slug import need_slug
from digest.archive.toml_lines import Path as Keys
from digest.archive.toml_lines import line_at, lines_of
from digest.corrections import MOST_CORRECTIONS, Correction
from digest.errors import ArchiveError, DocumentError, UsageError
from digest.text.toml import read_toml

NAME = "corrections.toml"
_TABLE = "correction"
_KEYS = tuple(field.name for field in fields(Correction) if field.name != "line")
_MOST_BYTES = 1_000_000
_PATIENCE = 5.0
"""Seconds to wait for another command to end its writing; it takes far less."""
_ChangeOf = Callable[[tuple[Correction, ...]], Change]
_EXAMPLE = 'A table holds lines such as moment = 2026-11-20T09:00:00+00:00 and note = "…".'


def read_corrections(archive: Path, slug: str) -> tuple[Correction, ...]:
    """The corrections of the issue `slug`, oldest first; none where the file is not there.

    Raises DocumentError that names file, line and key, ArchiveError for a file that is a link or
    cannot be read.
    """
    where = f"{archive.name}/{need_slug(slug)}/{NAME}"
    return parse_corrections(_text(archive, slug), where=where)


def parse_corrections(text: str, *, where: str) -> tuple[Correction, ...]:
    """The corrections that `text` holds, oldest first; `where` is how errors name the file."""
    try:
        plain = read_toml(text)
    except (ValueError, RecursionError) as error:
        not_toml(error, where, text, example='note = "It was Tuesday."')
    reading = _Reading(where, lines_of(text))
    return tuple(sorted(reading.corrections(plain), key=lambda row: row.moment))


def add_correction(
    archive: Path, slug: str, correction: Correction, *, save: bool = True
) -> tuple[str, str]:
    """The file before and after `correction` is added to it; it is written where `save` says so.

    Raises ArchiveError for an issue that was not sent, and DocumentError where the file is not
    sound: then nothing is written.
    """
    return _changed(archive, slug, lambda _: appended(correction), by=1, save=save)


def remove_correction(
    archive: Path, slug: str, number: int, *, save: bool = True
) -> tuple[Correction, str, str]:
    """The correction of that number, and the file before and after it is taken out.

    Numbers count from 1, the oldest. Raises UsageError where there is none of that number, and
    what `add_correction` does.
    """
    taken: list[Correction] = []

    def change(held: tuple[Correction, ...]) -> Change:
        if not 1 <= number <= len(held):
            there = f"There are {len(held)}." if held else "There is none."
            raise UsageError(
                f"{slug} has no correction number {number}. {there}",
                hint=f"`digest issues correct {slug} --list` numbers them.",
            )
        taken.append(held[number - 1])
        in_file = sorted(held, key=lambda row: row.line)
        return remove_row(_TABLE, in_file.index(held[number - 1]))

    before, after = _changed(archive, slug, change, by=-1, save=save)
    return taken[0], before, after


def appended(correction: Correction) -> Change:
    """The change of the file that adds `correction` to it."""

    def change(document: Any) -> None:
        import tomlkit
        from tomlkit.items import Array

        table: Any = tomlkit.table()
        if isinstance(document.get(_TABLE), Array):  # somebody wrote it all in one line
            table = tomlkit.inline_table()
        table["moment"] = correction.moment
        table["note"] = correction.note
        if correction.story:
            table["story"] = correction.story
        if _TABLE not in document:
            document[_TABLE] = tomlkit.aot()
        document[_TABLE].append(table)

    return change


def _changed(
    archive: Path,
    slug: str,
    change_of: _ChangeOf,
    *,
    by: int,
    save: bool,
) -> tuple[str, str]:
    need_slug(slug)
    where = f"{archive.name}/{slug}"
    if oddity := oddity_of(archive, slug):
        raise ArchiveError(oddity, hint="`digest issues list` shows the archive.")
    with disk.lock(archive / ".lock", what=f"The archive {archive.name}", patience=_PATIENCE):
        staging.recover(archive)
        if not staging.is_frozen(archive / slug):
            raise ArchiveError(
                f"{where} was not sent yet: there is nothing to correct, only to edit.",
                hint=f"`digest edit {slug} --help` shows how.",
            )
        before = _text(archive, slug)
        held = parse_corrections(before, where=f"{where}/{NAME}")
        after = changed(before, change_of(held))
        became = parse_corrections(after, where=f"{where}/{NAME} as it would become")
        if len(became) != len(held) + by:
            raise DocumentError(
                f"{where}/{NAME} is written in a way that this program cannot add to.",
                hint="Write the [[correction]] table by hand; nothing was changed.",
            )
        if save:
            try:
                disk.write_atomic(archive / slug / NAME, after)
            except OSError as error:
                raise ArchiveError(
                    f"{where}/{NAME} cannot be written: {error.strerror or error}.",
                    hint="Check that you may write there; the file is as it was.",
                ) from None
    return before, after


def _text(archive: Path, slug: str) -> str:
    """The file as it stands; empty where it is not there."""
    where = f"{archive.name}/{slug}/{NAME}"
    folder = archive / slug
    if not mode_of(folder, shown=f"{archive.name}/{slug}") or not mode_of(
        folder / NAME, shown=where
    ):
        return ""
    raw = read_plain(folder, NAME)
    if len(raw) > _MOST_BYTES:
        raise DocumentError(
            f"{where} has {len(raw) / 1e6:,.1f} MB; at most {_MOST_BYTES / 1e6:g} MB are read.",
            hint="A correction is a sentence or two.",
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise DocumentError(
            f"{where}, line {line}: this is not UTF-8.", hint="Save the file as UTF-8."
        ) from None


class _Reading:
    """One file being read: its name, and the line of each of its keys."""

    def __init__(self, where: str, lines: Mapping[Keys, int]) -> None:
        self._where = where
        self._lines = lines

    def corrections(self, plain: Mapping[str, Any]) -> Iterator[Correction]:
        """Each correction, in the order of the file."""
        self._known((), plain, (_TABLE,), "there is")
        rows = plain.get(_TABLE, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise self._wrong((_TABLE,), "expected tables, each under a line [[correction]]")
        if len(rows) > MOST_CORRECTIONS:
            raise self._wrong(
                (_TABLE, MOST_CORRECTIONS), f"more than {MOST_CORRECTIONS} corrections"
            )
        for at, row in enumerate(rows):
            self._known((_TABLE, at), row, _KEYS, "a correction has")
            yield self._correction((_TABLE, at), row)

    def _correction(self, path: Keys, row: Mapping[str, Any]) -> Correction:
        for key in ("moment", "note"):
            if key not in row:
                raise self._wrong(path, f"{key}: it is required")
        for key in ("note", "story"):
            if not isinstance(row.get(key, ""), str):
                raise self._wrong((*path, key), f"{key}: expected a text between quotation marks")
        moment = row["moment"]
        if not isinstance(moment, datetime):
            kind = "a day alone" if isinstance(moment, date) else "no date-time"
            raise self._wrong(
                (*path, "moment"),
                f"moment: this is {kind}; expected one with its offset, without quotation marks",
            )
        try:
            return Correction(
                moment=moment,
                note=row["note"],
                story=row.get("story", ""),
                line=line_at(self._lines, path),
            )
        except ValueError as error:
            key = str(error).partition(" ")[0]
            raise self._wrong((*path, key), f"{key}: {str(error).partition(' ')[2]}") from None

    def _known(self, path: Keys, row: Mapping[str, Any], names: tuple[str, ...], has: str) -> None:
        for key in row:
            if key not in names:
                near = difflib.get_close_matches(key, names, n=1)
                hint = f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(names)}."
                what = f"{has} no key {key[:60]!r}"
                raise DocumentError(f"{self._place((*path, key))}: {what}.", hint=hint)

    def _wrong(self, path: Keys, what: str) -> DocumentError:
        return DocumentError(f"{self._place(path)}: {what}.", hint=_EXAMPLE)

    def _place(self, path: Keys) -> str:
        line = line_at(self._lines, path)
        return f"{self._where}, line {line}" if line else self._where
