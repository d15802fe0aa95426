"""What the bench of reviewing does, through the doors that people use: pages and commands.

Each job takes a newsletter's folder and gives the seconds of CPU that it took. A command or a page
that this version has not is left out by its name, so the table says what was not measured.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lxml import html as markup

from bench.generated_words import vocabulary
from bench.review_addresses import Values, addresses, reviewed, values_of
from digest.archive import Archive
from digest.cli.main import root, run

if TYPE_CHECKING:
    from flask import Flask

Job = Callable[[Path], float]
SEARCHES = tuple(vocabulary("en").words[at] for at in (3, 60, 90, 140, 300, 900, 2500))
"""From a word of every text to one of few."""


def cpu(job: Callable[[], object]) -> float:
    """The seconds of this process' CPU that a job takes, its threads included."""
    start = time.process_time()
    job()
    return time.process_time() - start


def has_command(*words: str) -> bool:
    """Whether `digest WORDS…` is there."""
    found: Any = root
    for word in words:
        if word not in getattr(found, "commands", {}):
            return False
        found = found.commands[word]
    return True


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


def get(app: Flask, url: str) -> bytes:
    """The body of a page. Raises RuntimeError where it is not there."""
    answer = app.test_client().get(url)
    if answer.status_code >= 300:
        raise RuntimeError(f"{url} answers {answer.status_code}.")
    body: bytes = answer.data
    return body


def has_page(folder: Path, rule: str) -> bool:
    """Whether the review has such a rule."""
    return any(found.rule == rule for found in reviewed(folder).url_map.iter_rules())


def list_cold(folder: Path) -> float:
    """The first look at the list after `digest serve` began."""
    app = reviewed(folder)
    return cpu(lambda: get(app, "/"))


class Warm:
    """The same app asked again and again, as a person does who walks through the archive."""

    def __init__(self) -> None:
        self._apps: dict[Path, tuple[Flask, Values]] = {}

    def page(self, folder: Path, url: str) -> float:
        """A page that was shown before; `SLUG` in the URL stands for the latest issue."""
        if folder not in self._apps:
            self._apps[folder] = reviewed(folder), values_of(folder)
        app, values = self._apps[folder]
        shown = url.replace("SLUG", values.slug).replace("YEAR", values.slug[:4])
        get(app, shown)
        return cpu(lambda: [get(app, shown) for _ in range(3)]) / 3

    def pages(self, folder: Path) -> tuple[str, ...]:
        """The pages of an issue, by their addresses."""
        found = addresses(reviewed(folder), values_of(folder))
        slug = values_of(folder).slug
        of_issue = (page for page in found if page.rule.startswith("/issues/<slug>/"))
        return tuple(
            page.url.replace(slug, "SLUG")
            for page in of_issue
            if "." not in page.url.rpartition("/")[2] and "version" not in page.url
        )


def index_anew(folder: Path) -> float:
    """The first search where no index is there."""
    forget_derived(folder)
    return cpu(lambda: command(folder, "issues", "search", SEARCHES[1]))


def forget_derived(folder: Path) -> None:
    """Delete what may be deleted at any time."""
    shutil.rmtree(folder / "var" / "cache", ignore_errors=True)


class Searched:
    """Searches on the page, beside the bare query of SQLite over the same index."""

    def __init__(self, folder: Path) -> None:
        self._app = reviewed(folder)
        page = markup.fromstring(get(self._app, "/search").decode())
        self._field = next(
            str(found.get("name"))
            for found in page.cssselect("form input[name]")
            if found.get("type") in {None, "search", "text"}
        )
        self._ask(SEARCHES[0])  # the index is made by then
        self._file, self._table = next(_indexes(folder / "var" / "cache"))

    def _ask(self, word: str) -> bytes:
        return get(self._app, f"/search?{self._field}={word}")

    def pages(self) -> float:
        """The seconds of a search on the page, over all of `SEARCHES`."""
        return cpu(lambda: [self._ask(word) for word in SEARCHES]) / len(SEARCHES)

    def bare(self) -> float:
        """The same of the query alone: the 20 best rows of each, with their texts."""
        with contextlib.closing(sqlite3.connect(f"file:{self._file}?mode=ro", uri=True)) as held:
            name = self._table.replace('"', '""')
            query = f'SELECT * FROM "{name}" WHERE "{name}" MATCH ? ORDER BY rank LIMIT 20'  # noqa: S608 (a name of the index's own)

            def all_of() -> None:
                for word in SEARCHES:
                    held.execute(query, (f'"{word}"',)).fetchall()

            all_of()
            return cpu(all_of) / len(SEARCHES)


def _indexes(cache: Path) -> Iterator[tuple[Path, str]]:
    """The databases of a cache that hold an FTS5 table, each with the largest one's name."""
    for path in sorted(cache.rglob("*")):
        if not path.is_file() or path.open("rb").read(15) != b"SQLite format 3":
            continue
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as held:
            made = held.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
            names = [str(name) for name, sql in made if re.search(r"USING fts5\s*\(", sql)]
            counted = [(held.execute(f'SELECT count(*) FROM "{n}"').fetchone(), n)  # noqa: S608 (as above)
                       for n in names]  # fmt: skip
        if counted:
            yield path, max(counted)[1]
    raise LookupError(f"{cache} holds no FTS5 index.")


class Published:
    """The archive published into a folder beside it: whole, and again after a change."""

    def whole(self, folder: Path) -> float:
        """Publish into an empty folder, with nothing kept from before."""
        to = folder / "published"
        shutil.rmtree(to, ignore_errors=True)
        forget_derived(folder)
        spent = cpu(lambda: command(folder, "publish", "--to", str(to), *_really()))
        if not (to / "index.html").is_file():
            raise RuntimeError("digest publish wrote no index.html.")
        return spent

    def again(self, folder: Path) -> float:
        """Publish anew after one issue in the middle got a correction."""
        archive = Archive(folder / "issues")
        slugs = archive.slugs()
        file = archive.path(slugs[len(slugs) // 2]) / "corrections.toml"
        kept = file.read_text("utf-8") if file.exists() else ""
        note = f'\n[[correction]]\nmoment = 2026-11-20T10:00:00Z\nnote = "{time.time_ns()}"\n'
        file.write_text(kept + note, "utf-8")
        try:
            to = str(folder / "published")
            return cpu(lambda: command(folder, "publish", "--to", to, *_really()))
        finally:
            file.write_text(kept, "utf-8") if kept else file.unlink()


def _really() -> list[str]:
    """The option that makes `digest publish` more than a dry run, if it has one."""
    with contextlib.redirect_stdout(io.StringIO()) as said:
        run(["publish", "--help"])
    found = re.search(r"--(for-real|really|yes|go)\b", said.getvalue())
    return [found[0]] if found else []


def sizes(folder: Path) -> dict[str, int]:
    """The bytes of each page of the review by its address, mails and files as they are left out."""
    app = reviewed(folder)
    found: dict[str, int] = {}
    for page in addresses(app, values_of(folder)):
        answer = app.test_client().get(page.url)
        is_file = "." in page.url.rpartition("/")[2]
        if answer.mimetype == "text/html" and not is_file:
            found[page.url] = len(answer.data)
    return found
