"""What the checks found in the issues of an archive, remembered for those who only look.

A check takes a good part of a second, and a list shows fifty issues. So what was found is kept in
the cache, a file an issue, and looked for beside the server where it is not known yet. Derived and
disposable: a file counts only for the issue, the issues before it and the program it was made with.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from digest.archive import Archive, issue_version
from digest.codec import from_json, to_json
from digest.disk import read_kept, write_kept
from digest.errors import DigestError, DocumentError
from digest.models import Failure, Finding, Issue
from digest.pipeline.check import REMEMBERED, Checked, check_issue
from digest.pipeline.versions import checker_version

if TYPE_CHECKING:
    from digest.check import Place

MAX_BYTES = 4 * 2**20
MAX_WANTED = 120
"""Issues that wait to be looked at: two years of weeks, for which somebody asked last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundAt:
    """A finding, where it points, the id of its story's entry ("" for none), and whether it is new.

    New is what the issue before it does not have.
    """

    finding: Finding
    place: Place
    story: str = ""
    new: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    key: str
    findings: tuple[Finding, ...] = ()
    failures: tuple[Failure, ...] = ()


class KnownFindings:
    """The findings of `archive`'s issues; `cache` is the folder that keeps them, if any does."""

    def __init__(self, archive: Archive, cache: Path | None = None) -> None:
        self._archive = archive
        self._cache = cache
        self._versions: dict[str, tuple[tuple[int, ...], str]] = {}
        self._held: dict[str, _Kept] = {}
        self._wanted: list[str] = []
        self._lock = threading.Lock()
        self._end = threading.Event()
        self._thread: threading.Thread | None = None

    def counts(self, slugs: Sequence[str]) -> dict[str, tuple[int, int]]:
        """How many errors and warnings these issues have, by slug; only where somebody looked."""
        found: dict[str, tuple[int, int]] = {}
        for slug, key in self._keys(slugs).items():
            if kept := self._kept(slug, key):
                errors = sum(finding.level == "error" for finding in kept.findings)
                found[slug] = errors, len(kept.findings) - errors
        return found

    def of(self, slug: str) -> Checked:
        """The findings of the issue, looked for where they are not known.

        Raises ArchiveError and DocumentError where the issue cannot be read.
        """
        key = self._keys([slug])[slug]
        kept = self._kept(slug, key)
        if kept is None:
            found = check_issue(slug, archive=self._archive)
            kept = _Kept(key=key, findings=found.findings, failures=found.failures)
            self._held[slug] = kept
            if self._cache:
                write_kept(_path(self._cache, slug), to_json(kept))
        return Checked(slug=slug, findings=kept.findings, failures=kept.failures)

    def placed(self, slug: str, earlier: str = "") -> tuple[tuple[FoundAt, ...], Checked]:
        """The findings with their places; those that the issue `earlier` does not have are new."""
        from digest.check import new_since, places

        checked = self.of(slug)
        if not checked.findings:
            return (), checked
        issue = self._archive.load(slug)
        new: set[Finding] = set()
        if earlier:
            with contextlib.suppress(DigestError):
                known, before = self.of(earlier), self._archive.load(earlier, whole=False)
                new = set(new_since(checked.findings, issue, known.findings, before))
        where = places(checked.findings, issue, self._archive.renderings(slug))
        rows = zip(checked.findings, where, strict=True)
        found = tuple(
            FoundAt(finding=f, place=at, story=_story(issue, at), new=f in new) for f, at in rows
        )
        return found, checked

    def look(self, slugs: Sequence[str]) -> None:
        """Look for what is found in these issues, soon and beside everything else.

        The thread ends when nothing is wanted any more.
        """
        with self._lock:
            self._wanted = list(slugs[:MAX_WANTED])
            if self._thread or not self._wanted or self._end.is_set():
                return
            self._thread = threading.Thread(target=self._run, daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Look no further; the issue that is being looked at is finished first."""
        self._end.set()
        thread = self._thread
        if thread:
            thread.join(timeout=30)

    def _run(self) -> None:
        while True:
            with self._lock:
                if self._end.is_set() or not self._wanted:
                    self._thread = None
                    return
                slug = self._wanted.pop(0)
            began = time.monotonic()
            # A damaged issue has no findings, and its page says why; a fault of ours in one issue
            # is told there too, and hides the others' findings no more than that.
            with contextlib.suppress(Exception):
                self.of(slug)
            # Whoever reads a page meanwhile has at least half of the time.
            self._end.wait(time.monotonic() - began)

    def _kept(self, slug: str, key: str) -> _Kept | None:
        held = self._held.get(slug)
        if held is None and self._cache:
            raw = read_kept(_path(self._cache, slug), limit=MAX_BYTES)
            try:
                held = from_json(_Kept, raw or b"", where=f"findings/{slug}.json")
            except DocumentError:
                return None
            self._held[slug] = held
        if held is None or held.key == key:
            return held
        self._held.pop(slug, None)
        return None

    def _keys(self, slugs: Sequence[str]) -> dict[str, str]:
        """A SHA-256 over what decides what is found: the issue, those before it, the program."""
        named = self._archive.slugs()
        at = {slug: number for number, slug in enumerate(named)}
        seen: dict[str, str] = {}
        keys: dict[str, str] = {}
        for slug in slugs:
            number = at.get(slug, 0)
            words = [checker_version()]
            for one in named[max(0, number - REMEMBERED) : number + 1]:
                if one not in seen:
                    seen[one] = self._version(one)
                words.append(seen[one])
            keys[slug] = sha256("\n".join(words).encode()).hexdigest()
        return keys

    def _version(self, slug: str) -> str:
        """The version of an issue, read again only where its file is another."""
        try:
            seen = (self._archive.folder / slug / "issue.json").lstat()
        except OSError:
            return ""
        state = seen.st_mtime_ns, seen.st_ctime_ns, seen.st_size, seen.st_ino
        held = self._versions.get(slug)
        if held is None or held[0] != state:
            held = self._versions[slug] = state, issue_version(self._archive.folder, slug)
        return held[1]


def _path(cache: Path, slug: str) -> Path:
    return cache / "findings" / f"{slug}.json"


def _story(issue: Issue, place: Place) -> str:
    return issue.stories[place.story].entry.id if 0 <= place.story < len(issue.stories) else ""
