"""Writing `edits.toml`: one decision at a time; every other line, and each comment, stays."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from digest import disk
from digest.archive import staging
from digest.archive.edits import NAME, decided_hash, edits_text, parse_edits
from digest.archive.folder import read_plain
from digest.archive.slug import need_slug
from digest.archive.toml_lines import lines_of
from digest.errors import ArchiveError, DocumentError, UsageError

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

Value = str | int | bool
Change = Callable[["TOMLDocument"], None]

_PATIENCE = 5.0
"""Seconds to wait for another edit to end; it takes far less."""


def change_edits(
    archive: Path, slug: str, change: Change, *, save: bool = True, seen: str | None = None
) -> tuple[str, str]:
    """The file before and after `change`; it is written where `save` says so.

    `seen` is the file that the change was thought out on, where it must still be that one. Raises
    ArchiveError when it is not, when the issue was sent, or when another process is writing for
    longer than an edit takes, and DocumentError when the file is not sound, before or after: then
    nothing is written.
    """
    return _rewritten(archive, slug, lambda text: changed(text, change), save=save, seen=seen)


def put_edits(archive: Path, slug: str, text: str, *, seen: str) -> tuple[str, str]:
    """The file before and after it became `text`, where it was `seen`; raises as `change_edits`.

    An approval is not put back with it: what is approved is what was looked at then.
    """

    def put(_: str) -> str:
        return changed(text, end_approval()) if is_approved(text) else text

    return _rewritten(archive, slug, put, save=True, seen=seen)


def _rewritten(
    archive: Path, slug: str, rewrite: Callable[[str], str], *, save: bool, seen: str | None
) -> tuple[str, str]:
    need_slug(slug)
    where = f"{archive.name}/{slug}"
    with disk.lock(archive / ".lock", what=f"The archive {archive.name}", patience=_PATIENCE):
        staging.recover(archive)
        if staging.is_frozen(archive / slug):
            raise ArchiveError(
                f"{where} was sent; what readers got is not edited.",
                hint="`digest issues list` shows the issues that are not sent yet.",
            )
        before = edits_text(archive, slug)
        if seen is not None and before != seen:
            raise ArchiveError(
                f"{where}/{NAME} was changed by another hand while this command ran.",
                hint="Nothing was written; run the command again.",
            )
        parse_edits(before, where=f"{where}/{NAME}")
        after = rewrite(before)
        try:
            parse_edits(after, where=f"{where}/{NAME} as it would become")
        except DocumentError as error:
            raise UsageError(error.what, hint=error.hint) from None
        if save and after != before:
            try:
                disk.write_atomic(archive / slug / NAME, after)
            except OSError as error:
                raise ArchiveError(
                    f"{where}/{NAME} cannot be written: {error.strerror or error}.",
                    hint="Check that you may write there; the file is as it was.",
                ) from None
    return before, after


def edited_since_build(archive: Path, slug: str) -> bool:
    """Whether edits.toml decides something else than the build took in; an approval is no edit.

    Where the build noted no decisions, the times of the files tell, unless there are none now.
    Raises DocumentError where edits.toml is not sound.
    """
    text = edits_text(archive, slug)
    decisions = parse_edits(text, where=f"{archive.name}/{slug}/{NAME}")
    if built_with := _taken_in(archive, slug):
        return decided_hash(text) != built_with
    edits, built = archive / slug / NAME, archive / slug / staging.DOCUMENT
    try:
        later = edits.lstat().st_mtime_ns > built.lstat().st_mtime_ns
    except OSError:
        return False
    return later and decisions.status != "approved"


def _taken_in(archive: Path, slug: str) -> str:
    """The hash of the decisions that the build took in; empty where it noted none."""
    try:
        found = json.loads(read_plain(archive / slug, staging.DOCUMENT)).get("edits", "")
    except (ArchiveError, ValueError, AttributeError, RecursionError):
        return ""  # a damaged issue.json is reported where the issue is read
    return found if isinstance(found, str) else ""


def changed(text: str, change: Change) -> str:
    """`text` after `change`."""
    import tomlkit

    document = tomlkit.parse(text)
    change(document)
    return _spaced(tomlkit.dumps(document), text)


def set_key(name: str, value: Value | None) -> Change:
    """The change of a key that stands above all tables; None takes it out."""

    def change(document: TOMLDocument) -> None:
        _put(document, name, value)

    return change


def end_approval() -> Change:
    """The change that takes an approval back; a draft stays as it is."""

    def change(document: TOMLDocument) -> None:
        if document.get("status") == "approved":
            _put(document, "status", None)

    return change


def is_approved(text: str) -> bool:
    """Whether the file, which is sound, approves its issue."""
    return parse_edits(text, where=NAME).status == "approved"


def set_story(key: str, title: str, values: Mapping[str, Value | None]) -> Change:
    """The change of some keys of a story, by its id; None takes a key out.

    A table that is new is told by the title of its story, in a comment.
    """

    def change(document: TOMLDocument) -> None:
        import tomlkit

        if "stories" not in document:
            document["stories"] = tomlkit.table(is_super_table=True)
        stories: Any = document["stories"]
        if key not in stories:
            table = tomlkit.table()
            if said := _comment(title):
                table.comment(said)
            stories[key] = table
        for name, value in values.items():
            _put(stories[key], name, value)
        if not stories[key]:
            _take_story(document, key)

    return change


def remove_story(key: str) -> Change:
    """The change that takes back all that was decided of a story."""
    return lambda document: _take_story(document, key)


def append(array: str, values: Mapping[str, Value | None]) -> Change:
    """The change that adds a table to an array (`add`, `notice`)."""

    def change(document: TOMLDocument) -> None:
        import tomlkit

        table = tomlkit.table()
        for name, value in values.items():
            _put(table, name, value)
        if array not in document:
            document[array] = tomlkit.aot()
        rows: Any = document[array]
        rows.append(table)

    return change


def remove_row(array: str, number: int) -> Change:
    """The change that takes the table of that number, from 0, out of an array."""

    def change(document: TOMLDocument) -> None:
        rows: Any = document[array]
        del rows[number]
        if not rows:
            del document[array]

    return change


def all_of(*changes: Change) -> Change:
    """One change after the other."""

    def change(document: TOMLDocument) -> None:
        for each in changes:
            each(document)

    return change


def _take_story(document: TOMLDocument, key: str) -> None:
    stories: Any = document.get("stories", {})
    if key in stories:
        del stories[key]
        if not stories:
            del document["stories"]


def _put(table: Any, name: str, value: Value | None) -> None:
    if value is None:
        if name in table:
            del table[name]
    elif isinstance(value, str):
        table[name] = _string(value)
    else:
        table[name] = value


def _string(text: str) -> Any:
    """A text that reads well by hand: over several lines where it has some."""
    import tomlkit

    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise UsageError(
            "This text holds half a character.", hint="Type it again, as UTF-8."
        ) from None
    if "\n" in text:
        item = tomlkit.string(text, multiline=True)
        if tomllib.loads(f"x = {item.as_string()}")["x"] == text:
            return item
    return text


def _spaced(text: str, before: str) -> str:
    """`text` with a blank line over each table that did not follow its line in `before`."""
    lines = text.split("\n")
    tables = {at for at in lines_of(text).values() if lines[at - 1].lstrip().startswith("[")}
    spaced: list[str] = []
    for number, line in enumerate(lines, start=1):
        above = spaced[-1].strip() if spaced else ""
        joined = above.startswith("#") or f"{above}\n{line}" in before
        if number in tables and above and not joined:
            spaced.append("")
        spaced.append(line)
    return "\n".join(spaced)


def _comment(title: str) -> str:
    line = " ".join("".join(c if c.isprintable() else " " for c in title).split())
    return line if len(line) <= 60 else line[:59].rstrip() + "…"
