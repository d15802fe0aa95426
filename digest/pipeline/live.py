"""The job of `serve`: the issue made again whenever its template, edits or settings change."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from digest.archive import Archive, edited_since_build, issue_version
from digest.errors import BusyError, DigestError
from digest.models import Failure
from digest.pipeline.looks import Files, Looks, settled, state_of, state_within
from digest.pipeline.make import Built
from digest.pipeline.rebuild import rebuild
from digest.render import theme_folders
from digest.settings import Settings

EVERY_S = 0.4
"""Seconds between two looks. A change shows after two of them and the time of a rebuild."""
_ready = threading.Event()
"""Set once a process has begun to load what a rebuild needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remade:
    """An issue that was made again: what had changed, and the seconds that it took.

    `notes` and `failures` are those of the build that the one before did not have.
    """

    slug: str
    changed: tuple[str, ...]
    seconds: float
    built: Built
    notes: tuple[str, ...]
    failures: tuple[Failure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stayed:
    """An issue that stays as it is after a change, and why, in a sentence."""

    slug: str
    changed: tuple[str, ...]
    why: str


Told = Remade | Stayed | Failure
_EDITS = "edits "


class Live:
    """The drafts of an archive, kept true to what they are made from.

    A change of theme or settings makes the latest draft again, a change of an edits.toml its
    issue. What was sent stays. `settings` reads the settings that an issue is made with, `tell`
    hears of all that happens. One thread looks; others may ask for `problem`, and have an issue
    made with `make_now`, at any time.
    """

    def __init__(
        self,
        *,
        folder: Path,
        archive: Archive,
        settings: Callable[[str], Settings],
        tell: Callable[[Told], None],
        blurbs: Path | None = None,
    ) -> None:
        self._folder = folder
        self._archive = archive
        self._settings = settings
        self._listener = tell
        self._blurbs = blurbs
        self._turn = threading.Lock()
        self._looks = Looks()
        self._built: Files = ()
        self._draft = ""
        self._theme = ""
        self._set_theme = ""
        self._own: set[str] = set()
        self._said: dict[str, frozenset[str | Failure]] = {}
        self._due: dict[str, set[str]] = {}
        self._problems: dict[str, tuple[str, Failure]] = {}

    @property
    def problem(self) -> Failure | None:
        """Why the latest change is not shown; None where all is well."""
        return next((failure for _, failure in list(self._problems.values())), None)

    def begin(self) -> Stayed | None:
        """Look for the first time; says why nothing will be made again, where that is so.

        What was edited since it was built is due at once.
        """
        try:
            self._look()
            slug = self._draft
            if not slug:
                return Stayed(slug="", changed=(), why="There is no draft to re-render.")
            settings = self._settings(slug)
            self._set_theme = settings.theme
            if why := self._not_own(slug, settings):
                return Stayed(slug=slug, changed=(), why=why)
            self._archive.load(slug)
            if edited_since_build(self._archive.folder, slug):
                self._due[slug] = {f"{self._archive.folder.name}/{slug}/edits.toml"}
        except Exception as error:
            self._trouble(self._draft, _fault(self._draft or "The newsletter", error))
        return None

    @property
    def draft(self) -> str:
        """The issue that follows theme and settings; empty where there is none."""
        return self._draft

    def run(self, stop: threading.Event) -> None:
        """Look again and again until `stop` is set."""
        if self._draft and not _ready.is_set():
            _ready.set()
            threading.Thread(target=self._get_ready, daemon=True).start()
        while not stop.wait(EVERY_S):
            self.look()

    def _get_ready(self) -> None:
        """Load what a rebuild needs, so that the first edit does not wait for it: several seconds.

        The draft is made without a trace. Whatever is wrong with it is told when it is made indeed.
        """
        with suppress(Exception):
            rebuild(
                self._draft,
                settings=self._settings(self._draft),
                folder=self._folder,
                archive=self._archive,
                save=False,
                watched=True,
            )

    def look(self) -> None:
        """Look once, and make again what is due."""
        with self._turn:
            try:
                self._look()
            except Exception as error:
                self._trouble("", _fault("The newsletter", error))
                return
            self._problems.pop("", None)
            for slug, changed in list(self._due.items()):
                try:
                    self._made(slug, tuple(sorted(changed)))
                except BusyError:
                    continue  # another command writes; the next look tries again
                self._due.pop(slug)

    def make_now(self, slug: str) -> Told:
        """Make `slug` again for somebody who edited it and waits; what became of it.

        Whoever looks meanwhile waits too, and does not make it a second time. While another
        command writes, the failure says so, and a later look makes the issue.
        """
        name = f"{self._archive.folder.name}/{slug}/edits.toml"
        with self._turn:
            # Asked before it is made, so that an edit in between is a change for the next look.
            now = state_of(self._archive.folder / slug / "edits.toml", name)
            self._looks = replace(self._looks, taken={**self._looks.taken, _EDITS + slug: now})
            try:
                told = self._made(slug, (name,))
            except BusyError as error:
                self._due.setdefault(slug, set()).add(name)
                return Failure(where=slug, what=error.what, hint="It is made as soon as that ends.")
            self._due.pop(slug, None)
            return told

    def _tell(self, told: Told) -> None:
        """Tell of it; a listener who is gone, as a closed terminal is, ends no watching."""
        with suppress(OSError, ValueError):  # ValueError: of a file that is closed
            self._listener(told)

    def _made(self, slug: str, changed: tuple[str, ...]) -> Told:
        """Make it, and tell of it, whatever becomes of it; raises BusyError alone."""
        try:
            told = self._make(slug, changed)
        except BusyError:
            raise
        except Exception as error:
            return self._trouble(slug, _fault(slug, error))
        self._tell(told)
        return told

    def _look(self) -> None:
        """Take note of what changed, whoever did it."""
        slugs = self._archive.slugs()
        built = tuple(
            row
            for slug in slugs
            for row in state_of(self._archive.folder / slug / "issue.json", slug)
        )
        if built != self._built:
            self._built = built
            self._builds_changed(slugs)
        changed, self._looks = settled(self._looks, self._states(slugs))
        for thing, names in changed.items():
            slug = thing.removeprefix(_EDITS) if thing.startswith(_EDITS) else self._draft
            if slug:
                self._due.setdefault(slug, set()).update(names)
            else:
                self._tell(Stayed(slug="", changed=names, why="There is no draft to re-render."))

    def _builds_changed(self, slugs: Sequence[str]) -> None:
        """After a build, ours or another's: which draft follows, with which theme."""
        for slug, (version, _) in list(self._problems.items()):
            if issue_version(self._archive.folder, slug) != version:
                self._problems.pop(slug)
        rows = map(self._archive.row, reversed(slugs))
        self._draft = next((row.slug for row in rows if row.status == "draft"), "")
        if self._draft:
            # A build may be moving its files in just now: then the next look tells more.
            with suppress(DigestError):
                self._theme = self._archive.load(self._draft).theme
                self._not_own(self._draft, self._settings(self._draft))

    def _make(self, slug: str, changed: tuple[str, ...]) -> Remade | Stayed:
        began = time.perf_counter()
        status = self._archive.row(slug).status
        if status == "sent":
            return Stayed(slug=slug, changed=changed, why=f"{slug} was sent and stays.")
        if status == "approved" and not any(name.endswith("/edits.toml") for name in changed):
            # It was a draft when its theme or settings changed; what was approved was looked at.
            return Stayed(slug=slug, changed=changed, why=f"{slug} is approved and stays.")
        settings = self._settings(slug)
        if why := self._not_own(slug, settings):
            return Stayed(slug=slug, changed=changed, why=why)
        theme = settings.theme
        if self._set_theme in {"", theme}:  # as long as that stays, `build --theme` has its way
            theme = self._archive.load(slug).theme
        self._set_theme, self._theme = settings.theme, theme
        built = rebuild(
            slug,
            settings=replace(settings, theme=theme),
            folder=self._folder,
            archive=self._archive,
            blurbs=self._blurbs,
            watched=True,
        )
        self._problems.pop(slug, None)
        seconds = time.perf_counter() - began
        known = self._said.get(slug, frozenset())
        self._said[slug] = frozenset((*built.notes, *built.failures))
        return Remade(
            slug=slug,
            changed=changed,
            seconds=seconds,
            built=built,
            notes=tuple(note for note in built.notes if note not in known),
            failures=tuple(failure for failure in built.failures if failure not in known),
        )

    def _not_own(self, slug: str, settings: Settings) -> str:
        """Why an issue is not this newsletter's; one that was stays so when the name changes."""
        name = self._archive.row(slug).name
        if slug in self._own or name == settings.name:
            self._own.add(slug)
            return ""
        return (
            f"{slug} is an issue of “{name}”, and the settings here are those of "
            f"“{settings.name}”: it is not re-rendered."
        )

    def _states(self, slugs: Sequence[str]) -> dict[str, Files]:
        folders = theme_folders(self._theme, folder=self._folder)
        archive = self._archive.folder
        states = {
            "settings": state_of(self._folder / ".env", ".env"),
            f"theme {self._theme}": state_within((f, f"templates/{f.name}") for f in folders),
        }
        for slug in slugs:
            file = archive / slug / "edits.toml"
            states[_EDITS + slug] = state_of(file, f"{archive.name}/{slug}/edits.toml")
        return states

    def _trouble(self, slug: str, error: DigestError) -> Failure:
        """Keep a problem for the pages, and tell of it once."""
        failure = Failure(where=slug, what=error.what, hint=error.hint)
        known = self._problems.get(slug)
        self._problems[slug] = (issue_version(self._archive.folder, slug) if slug else "", failure)
        if known is None or known[1] != failure:
            self._tell(failure)
        return failure


def _fault(name: str, error: Exception) -> DigestError:
    """The error as one sentence: a fault of ours must not end the watching, either."""
    if isinstance(error, DigestError):
        return error
    what = f"{name} could not be made again: {type(error).__name__}: {error}"
    return DigestError(what, hint="This is a fault of digest.")
