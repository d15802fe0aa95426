"""What takes long is made beside the requests, and a page tells meanwhile how far it is."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from digest import site

if TYPE_CHECKING:
    from flask.wrappers import Response

T = TypeVar("T")

Step = Callable[[str, int, int], None]
PATIENCE_S = 1.0
"""Seconds for which a browser is kept waiting without a word."""
FEW = 50
"""Issues up to which it is kept waiting in any case: they are done in a moment."""


@dataclass(slots=True)
class _Job(Generic[T]):
    """A job that runs, how far it is, and what came of it."""

    done: threading.Event = field(default_factory=threading.Event)
    at: int = 0
    total: int = 0
    result: T | None = None
    error: Exception | None = None

    def step(self, _what: str, at: int, total: int) -> None:
        """Be told how far it is."""
        self.at, self.total = at, total


class Making(Generic[T]):
    """Jobs of one kind, each once at a time; `title` says what they make."""

    def __init__(self, title: str, *, patience: float = PATIENCE_S) -> None:
        self._title = title
        self._patience = patience
        self._jobs: dict[Hashable, _Job[T]] = {}
        self._one = threading.Lock()

    def made(self, key: Hashable, make: Callable[[Step], T]) -> T | Response:
        """What `make` gives, or, where that takes long, a page that loads itself until it is there.

        What was made while nobody waited is handed to whoever asks next. Raises what `make` does.
        """
        began = time.monotonic()
        job = self._running(key, make)
        while not job.done.wait(min(0.1, self._patience)):
            if time.monotonic() - began >= self._patience and job.total > FEW:
                return _page(self._title, job.at, job.total)
        with self._one:
            if self._jobs.get(key) is job:
                del self._jobs[key]
        if job.error is not None:
            raise job.error
        return job.result  # type: ignore[return-value]  # None where T is

    def _running(self, key: Hashable, make: Callable[[Step], T]) -> _Job[T]:
        with self._one:
            if key in self._jobs:
                return self._jobs[key]
            job = self._jobs[key] = _Job[T]()

        def run() -> None:
            try:
                job.result = make(job.step)
            except Exception as error:
                job.error = error
            finally:
                job.done.set()

        threading.Thread(target=run, name=self._title, daemon=True).start()
        return job


def _page(title: str, at: int, total: int) -> Response:
    from flask import make_response

    response = make_response(site.making_page(title, at, total))
    response.headers["Cache-Control"] = "no-store"
    return response
