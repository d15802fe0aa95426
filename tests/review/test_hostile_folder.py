"""An archive that was made to harm: every page answers, in time, and shows nothing from outside."""

from __future__ import annotations

import json
import os
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import chdir
from hashlib import sha256
from math import gcd
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from lxml import html as markup

from bench.review_addresses import Address
from digest.archive import Archive
from tests.review.whole import (
    SECRET,
    all_addresses,
    app_of,
    newsletter,
    not_for_ever,
    planted,
)

SLUG, SOUND = "2026-W47", "2026-W46"
pytestmark = pytest.mark.long
FILES = (
    "issue.json",
    "entries.jsonl",
    "edits.toml",
    "corrections.toml",
    "email.html",
    "web.html",
    "email.txt",
    "message.eml",
    "media/ferry47.png",
)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return newsletter(tmp_path_factory.mktemp("kept") / "news")


@pytest.fixture(scope="module")
def every(kept: Path) -> list[Address]:
    return [address for address in all_addresses(kept) if "/mailbox/<" not in address.rule]


@pytest.fixture
def folder(kept: Path, tmp_path: Path) -> Path:
    shutil.copytree(kept, tmp_path / "news")
    (tmp_path / "news" / "issues" / SLUG / "corrections.toml").write_text("", "utf-8")
    return tmp_path / "news"


def answers(app: Flask, url: str) -> int:
    """The status of a page, which is a page whatever it says, and shows no secret."""
    with not_for_ever():
        answer = app.test_client().get(url)
    assert answer.status_code in {200, 302, 404, 409, 500}, f"{url} answers {answer.status_code}"
    assert SECRET.strip().encode() not in answer.data, url
    if answer.status_code >= 400:
        assert answer.mimetype == "text/html", url
        page = markup.fromstring(answer.text)
        told = " ".join(" ".join(map(str, e.itertext())) for e in page.cssselect("main p"))
        assert page.cssselect("h1"), url
        assert len(told) > 20, f"{url} says no sentence"
        assert "Traceback" not in answer.text, url
        assert "pydantic" not in answer.text, url
    return answer.status_code


def walk(folder: Path, every: list[Address], *, sound: bool = True) -> dict[str, int]:
    """Every page answers, those that are about the `sound` issue as if nothing were."""
    app = app_of(folder)
    found = {address.url: answers(app, address.url) for address in every}
    for address in every if sound else ():
        other = address.url.replace(SLUG, SOUND)
        for of_it in ("ferry47", "ferry-47"):
            other = other.replace(of_it, of_it.replace("47", "46"))
        if SLUG in address.url and "compare" not in address.rule:
            assert answers(app, other) == 200, other
    assert found["/"] == 200
    return found


def a_link(path: Path, secret: Path) -> None:
    path.unlink()
    path.symlink_to(secret)


def a_link_of_devices(path: Path, _secret: Path) -> None:
    path.unlink()
    path.symlink_to("/dev/zero")


def a_pipe(path: Path, _secret: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def a_socket(path: Path, _secret: Path) -> None:
    path.unlink()
    with socket.socket(socket.AF_UNIX) as bound, chdir(path.parent):
        bound.bind(path.name)


def a_folder(path: Path, _secret: Path) -> None:
    path.unlink()
    path.mkdir()


def huge(path: Path, _secret: Path) -> None:
    os.truncate(path, 2_000_000_000)


def no_utf8(path: Path, _secret: Path) -> None:
    path.write_bytes(b"\xff\xfe\xc3\x28" + path.read_bytes())


def many_lines(path: Path, _secret: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\n" * 300_000)


def deep(path: Path, _secret: Path) -> None:
    inner = b"[" * 100_000
    path.write_bytes((b"x = " if path.suffix == ".toml" else b'{"schema": 1, "issue": ') + inner)


def empty(path: Path, _secret: Path) -> None:
    path.write_bytes(b"")


def gone(path: Path, _secret: Path) -> None:
    path.unlink()


HARMS = (
    a_link, a_link_of_devices, a_pipe, a_socket, a_folder, huge, no_utf8, many_lines, deep, empty,
    gone,
)  # fmt: skip


@pytest.mark.parametrize("harm", HARMS)
def test_a_file_that_is_none(
    folder: Path, every: list[Address], harm: Callable[[Path, Path], None]
) -> None:
    secret = planted(folder)
    issue = Archive(folder / "issues").path(SLUG)
    for name in FILES:
        before = shutil.copytree(issue, folder.parent / "before", dirs_exist_ok=True)
        harm(issue / name, secret)
        found = walk(folder, every, sound=name == "issue.json")
        if harm not in {empty, many_lines} and name not in {"edits.toml", "corrections.toml"}:
            of_issue = {found[a.url] for a in every if a.rule.startswith("/issues/<slug>/")}
            assert 500 in of_issue, f"{name} is damaged, and nobody says so"
        shutil.rmtree(issue)
        before.rename(issue)


def test_folders_that_are_none(folder: Path, every: list[Address]) -> None:
    """Links in the place of an issue and of its pictures, and names like those of issues."""
    secret = planted(folder)
    issue = Archive(folder / "issues").path(SLUG)
    media = issue / "media"
    shutil.move(media, secret.parent / "media")
    media.symlink_to(secret.parent / "media")
    assert walk(folder, every)[f"/issues/{SLUG}/media/ferry47.png"] == 404
    media.unlink()
    shutil.move(secret.parent / "media", media)
    shutil.move(issue, secret.parent / "issue")
    (secret.parent / "issue" / "email.txt").write_text(SECRET, "utf-8")
    issue.symlink_to(secret.parent / "issue")
    found = walk(folder, every)
    of_issue = [a.url for a in every if a.rule.startswith("/issues/<slug>/")]
    assert {found[url] for url in of_issue if "version" not in url} == {404}
    names = ("2026-W00", "2026-W54", "２０２６-W48", "2026-W48\n", "2026-w48", "..2026-W48", " ")
    for name in (*names, "2026-W48.", ".ready-2026-W48", ".staging-x", "a" * 200, "<b>"):
        shutil.copytree(secret.parent / "issue", folder / "issues" / name)
    (folder / "issues" / "2026-W50").write_text(SECRET, "utf-8")
    os.mkfifo(folder / "issues" / "2026-W51")
    page = app_of(folder).test_client().get("/").text
    walk(folder, every)
    for name in ("W00", "W54", "W48", "w48", "&lt;b&gt;", SECRET.strip()):
        assert name not in page, name
    assert "2026-W50 is not a folder" in page


OTHERS: tuple[Any, ...] = (
    None, True, -1, 10**40, 1e308, "", "x" * 5000, "<script>\ud800", "../../x",
    "9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+14:00", [], [None], ["x", "x"],
    {"": {"x": []}},
)  # fmt: skip
"""Values of every kind, to stand in the place of each value."""


def places(value: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The way to every value of a document; of a list, to the first and through it.

    A teaser is read as a lead is: not again.
    """
    if at:
        yield at
    for key, held in _inner(value) if "stories" not in at[:-1] else ():
        yield from places(held, (*at, key))


def _inner(value: Any) -> list[tuple[str | int, Any]]:
    if isinstance(value, dict):
        return list(value.items())
    return list(enumerate(value[:1])) if isinstance(value, list) else []


def put(document: Any, at: tuple[str | int, ...], value: Any) -> Any:
    """A copy of a document with another value at one place."""
    copy = json.loads(json.dumps(document))
    inner = copy
    for step in at[:-1]:
        inner = inner[step]
    inner[at[-1]] = value
    return copy


@pytest.mark.parametrize("name", ["issue.json", "entries.jsonl"])
def test_each_value_of_another_kind(folder: Path, every: list[Address], name: str) -> None:
    """One value at a time; the pages take turns, so that each meets every kind and most places."""
    issue = Archive(folder / "issues").path(SLUG)
    document = json.loads((issue / "issue.json").read_text("utf-8"))
    rows = (issue / "entries.jsonl").read_text("utf-8").split("\n")
    sound = document if name == "issue.json" else json.loads(rows[0])
    app = app_of(folder)
    pages = [address.url for address in every]
    while gcd(len(pages), len(OTHERS)) > 1:  # else a page would meet the same few kinds
        pages.append("/")
    at = 0
    for place in places(sound):
        for other in OTHERS:
            damaged = put(sound, place, other)
            if name == "entries.jsonl":
                raw = "\n".join([json.dumps(damaged), *rows[1:]]).encode()
                (issue / name).write_bytes(raw)
                files = document["files"] | {name: sha256(raw).hexdigest()}
                (issue / "issue.json").write_text(json.dumps(document | {"files": files}), "utf-8")
            else:
                (issue / name).write_text(json.dumps(damaged), "utf-8")
            url = pages[at % len(pages)]
            try:
                answers(app, url)
            except Exception as error:
                error.add_note(f"{url}, with {other!r:.60} at {place}")
                raise
            at += 1
    assert at > 300


@pytest.mark.parametrize(
    "text",
    [
        "stories = 1",
        "stories.x = 1",
        "add = 'x'",
        "[[add]]\ntitle = 1",
        "[[add]]",
        "status = 'sent'",
        "subject = 2026-11-20",
        "[stories.ferry-47]\norder = 'first'\npin = 'nowhere'",
        "x = " + "[" * 5000,
        "[" + "a." * 3000 + "b]",
        "[[correction]]\nmoment = 'now'\nnote = 'x'",
        "[[correction]]\nmoment = 2026-11-20T09:00:00\nnote = 'x'",
        "[[correction]]\nmoment = 2026-11-20T09:00:00Z\nnote = ['x']",
        "[[correction]]\nmoment = 2026-11-20T09:00:00Z\nnote = 'x'\nstory = 7",
        "correction = 'x'",
        "correction = [1, 2]",
        "correction = {a = 1}",
        "[[correction]]\nnobody = 1",
    ],
)
def test_edits_and_corrections_of_another_kind(
    folder: Path, every: list[Address], text: str
) -> None:
    issue = Archive(folder / "issues").path(SLUG)
    for name in ("edits.toml", "corrections.toml"):
        (issue / name).write_text(text, "utf-8")
    walk(folder, every)
