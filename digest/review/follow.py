"""What an open page asks for: whether it still shows what the archive holds."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Protocol

from digest.archive import Archive, issue_version
from digest.models import Failure

HOLD_S = 10.0
"""Seconds that a question is held back while nothing changes; then the page asks again."""
EVERY_S = 0.2
AT_ONCE = 24
"""Questions that are held at a time, each by a thread; a page beyond them asks again later."""


class Watcher(Protocol):
    """What makes issues again beside the server (`digest.pipeline.Live`)."""

    @property
    def problem(self) -> Failure | None:
        """Why the latest change is not shown; None where all is well."""

    def run(self, stop: threading.Event) -> None:
        """Watch until `stop` is set."""


class Follow:
    """The state of the archive for the pages that follow it, until the server ends."""

    def __init__(self, archive: Archive, watcher: Watcher) -> None:
        self._archive = archive
        self._watcher = watcher
        self._places = threading.BoundedSemaphore(AT_ONCE)
        self._end = threading.Event()

    @property
    def problem(self) -> Failure | None:
        """Why the latest change is not shown; None where all is well."""
        return self._watcher.problem

    def version(self, slug: str = "") -> str:
        """What changes when a build changes an issue, or any of them."""
        if slug:
            return issue_version(self._archive.folder, slug) or "none"
        return sha256("\n".join(self._builds()).encode()).hexdigest()

    def answer(self, slug: str, after: str) -> dict[str, str] | None:
        """The state once it is another than `after`, at the latest when HOLD_S are over.

        `version` says whether the page is still that of the issue, `problem` and `hint` why a
        change is not shown, `state` is what to ask after next. None where too many ask already.
        """
        with self._place() as has_place:
            if not has_place:
                return None
            until = time.monotonic() + HOLD_S
            while True:
                found = self._state(slug)
                if found["state"] != after or time.monotonic() >= until or self._end.is_set():
                    return found
                self._end.wait(EVERY_S)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch beside the block; what is being written at its end is finished first."""
        thread = threading.Thread(target=self._watcher.run, args=(self._end,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._end.set()
            thread.join(timeout=30)

    def _state(self, slug: str) -> dict[str, str]:
        problem = self._watcher.problem
        found = {
            "version": self.version(slug),
            "problem": problem.what if problem else "",
            "hint": problem.hint if problem else "",
        }
        return found | {"state": sha256("\0".join(found.values()).encode()).hexdigest()}

    def _builds(self) -> Iterator[str]:
        for slug in self._archive.slugs():
            try:
                found = (self._archive.folder / slug / "issue.json").stat()
            except OSError:
                continue
            yield f"{slug} {found.st_mtime_ns} {found.st_size} {found.st_ino}"

    @contextmanager
    def _place(self) -> Iterator[bool]:
        has_place = self._places.acquire(blocking=False)
        try:
            yield has_place
        finally:
            if has_place:
                self._places.release()
