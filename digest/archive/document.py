"""issue.json and entries.jsonl: from values to text and back.

In issue.json a story names its entry by id; the entry stands in entries.jsonl, once. The two are
joined here, and only here.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from digest.codec import from_json, to_json
from digest.errors import ArchiveError, DocumentError
from digest.models import Candidate, Issue, Renderings

SCHEMA = 1
RENDERED = ("email.html", "email.txt", "web.html", "message.eml")
BUILT = (*RENDERED, "entries.jsonl")
_MEDIA = re.compile(r"media/[A-Za-z0-9][A-Za-z0-9._-]{0,150}")
_ROW_START = re.compile(rb'\{"entry": \{"id": ("(?:[^"\\]|\\.)*")')


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """issue.json as it stands; `files` gives the SHA-256 of each other file of the build.

    `edits` is the hash of the decisions that the build took in; empty where there were none, or
    where nobody noted them.
    """

    schema: int
    issue: dict[str, Any]
    settings: dict[str, str]
    versions: dict[str, str]
    files: dict[str, str]
    edits: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Schema:
    schema: int


def is_media(name: str) -> bool:
    """Whether `name` is `media/<name>`, one plain step below the issue's folder."""
    return _MEDIA.fullmatch(name) is not None


def sha256(data: bytes) -> str:
    """The hash by which issue.json knows a file."""
    return hashlib.sha256(data).hexdigest()


def encoded(text: str, name: str) -> bytes:
    """The bytes of the file `name`; raises ArchiveError for half a character."""
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ArchiveError(
            f"{name} cannot be written as UTF-8: it holds half a character, "
            f"{text[error.start : error.end]!a}."
        ) from None


def built_files(
    issue: Issue,
    *,
    candidates: Sequence[Candidate],
    renderings: Renderings,
    media: Mapping[str, bytes],
    settings: Mapping[str, str],
    versions: Mapping[str, str],
    edits: str = "",
) -> dict[str, bytes]:
    """Every file of a build by its name, issue.json last, as the archive keeps them.

    `media` is by `media/<name>`; `edits` is what `decided_hash` said of edits.toml. Raises
    ArchiveError for a name or a text that cannot be kept.
    """
    for name in media:
        if not is_media(name):
            raise ArchiveError(f"{name[:80]!r} is not a name for a picture of an issue.")
    files = {
        "email.html": encoded(renderings.email_html, "email.html"),
        "email.txt": encoded(renderings.email_txt, "email.txt"),
        "web.html": encoded(renderings.web_html, "web.html"),
        "message.eml": renderings.message,
        "entries.jsonl": encoded(write_candidates(issue, candidates), "entries.jsonl"),
    } | dict(sorted(media.items()))
    document = write_document(issue, settings=settings, versions=versions, files=files, edits=edits)
    return files | {"issue.json": encoded(document, "issue.json")}


def write_document(
    issue: Issue,
    *,
    settings: Mapping[str, str],
    versions: Mapping[str, str],
    files: Mapping[str, bytes],
    edits: str = "",
) -> str:
    """issue.json of `issue`; `files` are the build's other files by name, `edits` as above.

    What only an editor gives, notes and notices, is written where there is some, and so are the
    hash of her decisions, what tops up a blurb, what gave way in the email, copies of pictures,
    and settings that few newsletters have.
    """
    plain = json.loads(to_json(issue))
    for story in _stories(plain):
        story["entry"] = story["entry"]["id"]
        if not story["note"]:
            del story["note"]
        if not story["blurb"]["topped"]:
            del story["blurb"]["topped"]
        if not story["picture"]:
            del story["picture"]
    if not plain["notices"]:
        del plain["notices"]
    if not any(plain["fit"].values()):
        del plain["fit"]
    for key, usual in (("pictures", "linked"), ("campaign", "")):
        if plain["newsletter"][key] == usual:
            del plain["newsletter"][key]
    document: dict[str, Any] = {
        "schema": SCHEMA,
        "issue": plain,
        "settings": dict(settings),
        "versions": dict(versions),
        **({"edits": edits} if edits else {}),
        "files": {name: sha256(files[name]) for name in sorted(files)},
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def write_candidates(issue: Issue, candidates: Sequence[Candidate]) -> str:
    """entries.jsonl: a candidate a line, in the order given.

    The entry of a story is written as the story holds it, so that what is loaded is what was
    saved. Raises ArchiveError when a story is not among the candidates.
    """
    held = {story.entry.id: story.entry for story in issue.stories}
    missing = sorted(held.keys() - {candidate.entry.id for candidate in candidates})
    if missing:
        raise ArchiveError(
            f"The story {missing[0]!r} of {issue.slug} is not among the candidates.",
            hint="Every story of an issue needs its row; build the issue again.",
        )
    rows = (replace(c, entry=held.get(c.entry.id, c.entry)) for c in candidates)
    return "".join(_written(row) + "\n" for row in rows)


def _written(row: Candidate) -> str:
    """A row; what its source published is written where the editor changed it, and only there."""
    text = to_json(row)
    return text if row.source_entry else text.removesuffix(', "source_entry": null}') + "}"


def read_document(raw: bytes, *, where: str, slug: str) -> Document:
    """issue.json of `slug`; raises ArchiveError or DocumentError, which name `where`."""
    need_schema(from_json(_Schema, raw, where=where).schema, where)
    document = from_json(Document, raw, where=where)
    need_slug(document.issue.get("slug"), slug, where)
    need_files(document.files, where)
    return document


def story_ids(document: Document, *, where: str) -> tuple[str, ...]:
    """The ids of the entries that the issue's stories name, in reading order."""
    try:
        ids = tuple(story["entry"] for story in _stories(document.issue))
    except (KeyError, TypeError):
        ids = (None,)
    if not all(isinstance(found, str) for found in ids):
        raise DocumentError(f"{where}: a story does not name its entry.")
    return ids


def stories(document: Document) -> list[dict[str, Any]]:
    """The issue's stories as they stand, in reading order."""
    return _stories(document.issue)


def join(document: Document, rows: bytes, *, where: str, entries_where: str) -> Issue:
    """The issue of `document`, each story with its entry out of the lines of entries.jsonl."""
    wanted = set(story_ids(document, where=where))
    entries = {
        key: json.loads(line)["entry"]
        for key, (_, line) in find_rows(rows, wanted, where=entries_where).items()
    }
    for story in _stories(document.issue):
        story["entry"] = entries[story["entry"]]
    text = json.dumps(document.issue, ensure_ascii=False)
    return from_json(Issue, text, where=where)


def find_rows(rows: bytes, wanted: set[str], *, where: str) -> dict[str, tuple[int, bytes]]:
    """The line of each wanted entry, with its number; raises DocumentError when one is missing.

    Only the wanted lines are parsed whole: the text of thousands of candidates costs nothing.
    """
    found: dict[str, tuple[int, bytes]] = {}
    for number, line in enumerate(rows.split(b"\n"), start=1):
        key = _row_id(line)
        if key in wanted and key not in found:
            from_json(Candidate, line, where=where, line=number)
            found[key] = (number, line)
    missing = sorted(wanted - found.keys())
    if missing:
        raise DocumentError(f"{where} has no line for the story {missing[0]!r}.")
    return found


def some_candidates(rows: bytes, keys: Collection[str], *, where: str) -> dict[str, Candidate]:
    """The candidates of these ids, as far as they are there; the other lines stay unparsed."""
    found: dict[str, Candidate] = {}
    for number, line in enumerate(rows.split(b"\n"), start=1):
        if (key := _row_id(line)) in keys and key is not None:
            found.setdefault(key, from_json(Candidate, line, where=where, line=number))
    return found


def read_candidates(rows: bytes, *, where: str) -> tuple[Candidate, ...]:
    """Every candidate; raises one DocumentError that names each bad line."""
    good: list[Candidate] = []
    bad: list[str] = []
    for number, line in enumerate(_lines(rows, where=where), start=1):
        if not line.strip():
            continue
        try:
            good.append(from_json(Candidate, line, where=where, line=number))
        except DocumentError as error:
            bad.append(error.what)
    if bad:
        shown = " ".join(bad[:5]) + (f" {len(bad) - 5} more lines are bad." if bad[5:] else "")
        raise DocumentError(shown)
    return tuple(good)


def _stories(issue: dict[str, Any]) -> list[dict[str, Any]]:
    sections = issue.get("sections", [])
    return [*issue.get("leads", []), *(s for section in sections for s in section["stories"])]


def _row_id(line: bytes) -> str | None:
    """The entry's id of a row: at a glance where this program wrote it, else parsed."""
    try:
        if written := _ROW_START.match(line):
            return str(json.loads(written[1]))
        return str(json.loads(line)["entry"]["id"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _lines(rows: bytes, *, where: str) -> list[str]:
    try:
        # Not splitlines(): a U+2028 inside a text does not end a row.
        return rows.decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        line = rows.count(b"\n", 0, error.start) + 1
        raise DocumentError(f"{where}, line {line}: this is not UTF-8.") from None


def need_schema(found: int, where: str) -> None:
    """Raise ArchiveError where another version of digest wrote it."""
    if found != SCHEMA:
        raise ArchiveError(
            f"{where} has schema {found}; this program reads schema {SCHEMA}.",
            hint="It was written by another version of digest.",
        )


def need_slug(found: object, slug: str, where: str) -> None:
    """Raise ArchiveError where it is another issue's."""
    if found != slug:
        raise ArchiveError(f"{where} holds the issue {str(found)[:40]!r}, not {slug}.")


def need_files(files: Mapping[str, str], where: str) -> None:
    """Raise ArchiveError where a file is no file of an issue, or one is not listed."""
    for name in files:
        if name not in BUILT and not is_media(name):
            raise ArchiveError(f"{where}: files: {name[:60]!r} is no file of an issue.")
    for name in BUILT:
        if name not in files:
            raise ArchiveError(f"{where}: files: {name} is not listed.")
