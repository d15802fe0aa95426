"""What the bench of reviewing does, through the doors that people use: pages and commands.

Each job takes a newsletter's folder and gives the seconds of CPU that it took.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from bench.generated_words import vocabulary
from bench.review_addresses import Values, addresses, reviewed, values_of
from digest.archive import Archive
from digest.cli.main import run
from digest.review.app import FINDINGS

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

Job = Callable[[Path], float]
WORD = vocabulary("en").words[60]


def cpu(job: Callable[[], object]) -> float:
    """The seconds of this process' CPU that a job takes, its threads included."""
    start = time.process_time()
    job()
    return time.process_time() - start


def command(folder: Path, *words: str) -> str:
    """What `digest WORDS…` prints in `folder`. Raises RuntimeError where it does not end well."""
    said = io.StringIO()
    before = Path.cwd()
    os.chdir(folder)
    try:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            status = run(list(words))
    finally:
        os.chdir(before)
    if status:
        raise RuntimeError(
            f"digest {' '.join(words)} ended with {status}: {said.getvalue()[-500:]}"
        )
    return said.getvalue()


def calm(folder: Path) -> Flask:
    """The review, which looks for no findings beside what is measured."""
    app = reviewed(folder)
    app.extensions[FINDINGS].stop()
    return app


def answer(app: Flask, url: str) -> TestResponse:
    """A page, once what it shows is made. Raises RuntimeError where it is not there."""
    found = app.test_client().get(url)
    while b'http-equiv="refresh"' in found.data[:2000]:
        time.sleep(0.1)
        found = app.test_client().get(url)
    if found.status_code >= 300:
        raise RuntimeError(f"{url} answers {found.status_code}.")
    return found


def get(app: Flask, url: str) -> bytes:
    """The body of a page."""
    body: bytes = answer(app, url).data
    return body


def list_cold(folder: Path) -> float:
    """The first look at the list after `digest serve` began."""
    app = calm(folder)
    return cpu(lambda: get(app, "/"))


class Warm:
    """The same app asked again and again, as a person does who walks through the archive."""

    def __init__(self) -> None:
        self._apps: dict[Path, tuple[Flask, Values]] = {}

    def page(self, folder: Path, url: str) -> float:
        """A page that was shown before; `SLUG` is the latest issue, `STORY` its first."""
        if folder not in self._apps:
            self._apps[folder] = calm(folder), values_of(folder)
        app, values = self._apps[folder]
        shown = url.replace("SLUG", values.slug).replace("YEAR", values.slug[:4])
        shown = shown.replace("STORY", values.story)
        get(app, shown)
        return cpu(lambda: [get(app, shown) for _ in range(3)]) / 3

    def pages(self, folder: Path) -> tuple[str, ...]:
        """The pages of an issue, by their addresses."""
        values = values_of(folder)
        found = addresses(reviewed(folder), values)
        slug, story = values.slug, values.story
        of_issue = (page for page in found if page.rule.startswith("/issues/<slug>/"))
        return tuple(
            page.url.replace(slug, "SLUG").replace(story, "STORY")
            for page in of_issue
            if "." not in page.url.rpartition("/")[2] and "version" not in page.url
        )


def index_anew(folder: Path) -> float:
    """The first search where no index is there."""
    forget_derived(folder)
    return cpu(lambda: command(folder, "issues", "search", WORD))


def forget_derived(folder: Path) -> None:
    """Delete what may be deleted at any time."""
    shutil.rmtree(folder / "var" / "cache", ignore_errors=True)


class Published:
    """The archive published into a folder beside it: whole, and again after a change."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.site = folder / "published"
        self._archive = Archive(folder / "issues")
        self._sent = self._archive.slugs()[:-2]  # the generated ones end with two that are not

    def whole(self) -> float:
        """Publish into an empty folder, with nothing kept from before."""
        shutil.rmtree(self.site, ignore_errors=True)
        forget_derived(self.folder)
        spent = self.again()
        if not (self.site / "index.html").is_file():
            raise RuntimeError("digest publish wrote no index.html.")
        return spent

    def again(self) -> float:
        """Publish what changed since the last time."""
        return cpu(lambda: command(self.folder, "publish", "--to", str(self.site), "--yes"))

    def corrected(self, *, latest: bool) -> float:
        """Publish anew after an issue in the middle, or the latest sent one, got a correction."""
        slug = self._sent[-1 if latest else len(self._sent) // 2]
        file = self._archive.path(slug) / "corrections.toml"
        kept = file.read_text("utf-8") if file.exists() else ""
        note = f'\n[[correction]]\nmoment = 2026-11-20T10:00:00Z\nnote = "{time.time_ns()}"\n'
        file.write_text(kept + note, "utf-8")
        try:
            return self.again()
        finally:
            file.write_text(kept, "utf-8") if kept else file.unlink()

    def added(self) -> float:
        """Publish anew after the newest issue came."""
        newest = self._archive.path(self._sent[-1])
        away = newest.with_name(".away")
        newest.rename(away)
        try:
            self.again()
        finally:
            away.rename(newest)
        return self.again()

    def sizes(self) -> dict[str, int]:
        """The bytes of the largest published page of each kind: of an issue, of a year, others."""
        found: dict[str, int] = {}
        for path in self.site.rglob("*.html"):
            name = path.relative_to(self.site).as_posix()
            kind = re.sub(r"^\d{4}-W\d\d/", "ISSUE/", re.sub(r"^\d{4}/", "YEAR/", name))
            found[kind] = max(found.get(kind, 0), path.stat().st_size)
        return found


def sizes(folder: Path) -> dict[str, int]:
    """The bytes of each page of the review by its address, mails and files as they are left out."""
    app = calm(folder)
    found: dict[str, int] = {}
    for page in addresses(app, values_of(folder)):
        shown = answer(app, page.url)
        is_file = "." in page.url.rpartition("/")[2]
        if shown.mimetype == "text/html" and not is_file:
            found[page.url] = len(shown.data)
    return found
