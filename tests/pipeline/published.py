"""A newsletter whose archive is published: what the tests of the job and of its pages share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from digest.archive import Archive
from digest.models import Status
from digest.pipeline import Published, publish
from digest.settings import Settings
from tests.archive.newsroom import made, save

SETTINGS = Settings(
    name="Harbor Weekly", tagline="All about the harbor", web_url="https://harbor.example/news"
)
STATUSES: dict[int, Status] = {44: "sent", 45: "sent", 46: "approved", 47: "draft"}


class Newsroom:
    """A newsletter's folder, with an archive and, beside it, the folder of its site."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.archive = Archive(folder / "issues")
        self.site = folder / "site"

    def save(self, week: int, status: Status = "sent", **changes: Any) -> None:
        build = made(week, status=status)
        save(self.archive, replace(build, issue=replace(build.issue, **changes)))

    def publish(
        self, *, write: bool = True, settings: Settings = SETTINGS, **how: Any
    ) -> Published:
        return publish(
            self.archive,
            how.pop("to", self.site),
            settings=settings,
            newsletter=self.folder,
            cache=self.folder / "var" / "cache",
            write=write,
            **how,
        )

    def files(self) -> dict[str, bytes]:
        """The site's files by path, its own list left out."""
        return {
            path.relative_to(self.site).as_posix(): path.read_bytes()
            for path in sorted(self.site.rglob("*"))
            if path.is_file() and not path.name.startswith(".digest-site")
        }

    def correct(self, week: int, note: str) -> None:
        text = f"[[correction]]\nmoment = 2026-12-01T10:00:00+01:00\nnote = '''{note}'''\n"
        (self.archive.path(f"2026-W{week}") / "corrections.toml").write_text(text, "utf-8")


def newsroom(folder: Path, statuses: Iterable[tuple[int, Status]] = STATUSES.items()) -> Newsroom:
    """A newsroom with an issue of each of these weeks of 2026."""
    room = Newsroom(folder)
    for week, status in statuses:
        room.save(week, status)
    return room
