"""Issues of the past as they are replayed: from the archive, or from a file of JSON lines."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from digest.archive import Archive
from digest.disk import read_regular
from digest.errors import DigestError, DocumentError
from digest.models import Entry, Failure, PastIssue, Tier, Window

FEATURED = "Featured"
"""The section whose stories were an editor's leads, in an archive that names one so."""

POOL = frozenset({FEATURED, "In brief", "Show & tell"})
"""The sections that such an archive chose its featured stories among."""

MAX_BYTES = 512_000_000
"""The most that an archive may have: as much as entries.jsonl may."""

COMMUNITY = "Updates from Rust Community"
"""The heading below which an archive of links by headings (`h2`) sorts its stories."""

SORTED = frozenset(
    {"Official", "Newsletters", "Project/Tooling Updates", "Observations/Thoughts"}
    | {"Rust Walkthroughs", "Research", "Miscellaneous", "Foundation"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One issue of an archive: its pool of stories, with what became of each.

    `by_hand`: a person chose; an issue without a pin, a drop or an addition is this program's own.
    """

    name: str
    entries: tuple[Entry, ...]
    led: tuple[bool, ...]
    sections: tuple[str, ...]
    window: Window
    by_hand: bool = True

    @property
    def ranks(self) -> bool:
        """Whether it shows a choice: some stories led and others did not."""
        return 0 < sum(self.led) < len(self.led)

    def as_past(self) -> PastIssue:
        """What a selection remembers of it."""
        tiers: tuple[Tier, ...] = tuple("lead" if led else "teaser" for led in self.led)
        return PastIssue(
            slug=self.name,
            window=self.window,
            status="sent",
            ran=self.entries,
            tiers=tiers,
            sections=self.sections,
        )


def issues_of_folder(folder: Path) -> tuple[list[Past], tuple[Failure, ...]]:
    """As `issues_of_archive`; raises DocumentError for a folder that holds no issue."""
    archive = Archive(folder)
    if not archive.slugs():
        inner = folder / "issues"
        raise DocumentError(
            f"{folder} holds no issue of an archive.",
            hint=f"Name its folder of issues: `digest backtest {inner}`."
            if inner.is_dir()
            else "Name a folder that holds issues such as 2026-W47, or a file of rows.",
        )
    return issues_of_archive(archive)


def issues_of_archive(archive: Archive) -> tuple[list[Past], tuple[Failure, ...]]:
    """The issues of `issues/`: the pool is what ran, and what might have but for its rank."""
    found: list[Past] = []
    failures: list[Failure] = []
    for slug in archive.slugs():
        try:
            window = archive.load(slug).window
            candidates = archive.candidates(slug)
        except DigestError as error:
            where = f"{archive.folder.name}/{slug}"
            failures.append(Failure(where=where, what=error.what, hint=error.hint))
            continue
        rows = [c for c in candidates if _was_able(c.verdict.place, c.verdict.rule)]
        found.append(
            Past(
                name=slug,
                entries=tuple(row.entry for row in rows),
                led=tuple(row.verdict.place == "lead" for row in rows),
                sections=tuple(row.verdict.section for row in rows),
                window=window,
                by_hand=any(row.verdict.rule in _BY_HAND for row in candidates),
            )
        )
    return found, tuple(failures)


_BY_HAND = frozenset({"pinned", "added", "dropped"})


def _was_able(place: str, rule: str) -> bool:
    return place in {"lead", "teaser"} or rule in {"rank", "per-source", "per-section", "floor"}


def issues_of_file(path: Path) -> tuple[list[Past], tuple[Failure, ...]]:
    """The issues of a file of JSON lines: `issue`, `section`, `title`, `url`, perhaps `author`.

    Where a section is called "Featured", its stories led, and the pool is that and "In brief" and
    "Show & tell"; where rows have headings (`h2`), the pool is the community's links, by their
    sections. Else every row counts, and a row led that says `"lead": true`. An excerpt and the
    place of a row are the editor's own, and are not read. Bad rows are reported.
    """
    rows: list[dict[str, Any]] = []
    failures: list[Failure] = []
    for line, row in _rows(path):
        if isinstance(row, str):
            failures.append(Failure(where=f"{path.name}, line {line}", what=row))
        else:
            rows.append(row)
    if not rows:
        first = f" {failures[0].where}: {failures[0].what}" if failures else ""
        raise DocumentError(
            f"{path.name} holds no row of an archive.{first}",
            hint='A row is {"issue": 41, "section": "Featured", "title": …, "url": …}.',
        )
    rows = _pool(rows)
    by_issue: dict[Any, list[dict[str, Any]]] = {}
    for row in rows:
        by_issue.setdefault(row["issue"], []).append(row)
    order = sorted(by_issue, key=lambda name: (isinstance(name, str), name))
    return [_past(name, n, by_issue[name]) for n, name in enumerate(order)], tuple(failures)


def _pool(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    if any(row.get("section") == FEATURED for row in rows):
        return [row for row in rows if row.get("section") in POOL]
    if any(row.get("h2") == COMMUNITY for row in rows):
        return [r for r in rows if r.get("h2") == COMMUNITY and r.get("section") in SORTED]
    return list(rows)


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any] | str]]:
    try:
        text = read_regular(path, limit=MAX_BYTES, shown=str(path)).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DocumentError(
            f"{path.name} cannot be read: it is not UTF-8 text.", hint="Save it as UTF-8."
        ) from None
    for line, raw in enumerate(text.split("\n"), start=1):
        if not raw.strip():
            continue
        try:
            row = json.loads(raw)
        except (ValueError, RecursionError):
            yield line, "This is no JSON; the row is passed over."
            continue
        yield line, _fault(row, raw) or row


def _fault(row: object, raw: str) -> str:
    """What is wrong with a row, in a sentence; empty where all is well."""
    issue, title = (row.get("issue"), row.get("title")) if isinstance(row, dict) else (0, 0)
    if not isinstance(issue, int | str) or isinstance(issue, bool) or not isinstance(title, str):
        return "A row needs an issue and a title; it is passed over."
    if isinstance(row, dict) and not isinstance(row.get("lead", False), bool | None):
        return "“lead” is true or false, without quotation marks; the row is passed over."
    if "\\ud" in raw.lower() and not _is_whole(row):
        return "A row holds half a character (\\ud800 and the like); it is passed over."
    return ""


def _is_whole(row: object) -> bool:
    try:
        json.dumps(row, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _past(name: object, n: int, rows: Sequence[dict[str, Any]]) -> Past:
    """Issue number `n` of a file that gives no windows: a week after the one before."""
    end = datetime(2000, 1, 7, tzinfo=UTC) + timedelta(days=7 * n)
    return Past(
        name=str(name),
        entries=tuple(_entry(row) for row in rows),
        led=tuple(row.get("section") == FEATURED or row.get("lead") is True for row in rows),
        sections=tuple(
            "" if row.get("section") == FEATURED else str(row.get("section") or "") for row in rows
        ),
        window=Window(start=end - timedelta(days=7), end=end),
    )


def _entry(row: Mapping[str, Any]) -> Entry:
    url = row.get("url") if isinstance(row.get("url"), str) else None
    author = row.get("author")
    # The id says nothing of the row's place in its file, which is the editor's own.
    key = hashlib.sha256(f"{row['issue']} {url} {row['title']}".encode()).hexdigest()[:16]
    return Entry(
        id=key,
        title=row["title"].strip(),
        url=url,
        byline=author if isinstance(author, str) else "",
    )
