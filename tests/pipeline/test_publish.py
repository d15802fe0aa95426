"""Publishing: what is written, what stays, what is never touched, and what never gets out."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from digest.archive import Archive
from digest.settings import Settings
from tests.archive.newsroom import made, save
from tests.pipeline.published import SETTINGS, Newsroom, newsroom

FRONT = {
    "index.html", "404.html", "feed.xml", "sitemap.xml", "latest/index.html", "search/index.html",
    "search/years.json", "static/public.css", "static/issue.css", "static/search.js",
    "static/stats.css", "stats/index.html",
}  # fmt: skip


def test_what_was_sent_is_published_and_nothing_else(room: Newsroom) -> None:
    done = room.publish()
    assert done.issues == ("2026-W44", "2026-W45")
    assert [slug for slug, _ in done.left_out] == ["2026-W46", "2026-W47"]
    assert "approved" in done.left_out[0][1]
    assert "draft" in done.left_out[1][1]
    assert not done.failures
    tree = set(room.files())
    assert set(done.new) == tree
    assert tree >= FRONT
    assert tree - FRONT == {
        "2026/index.html", "search/2026/index.json", "search/2026/s0.json", "search/2026/w0.json",
        *(f"2026-W{week}/{name}" for week in (44, 45)
          for name in ("index.html", f"media/ferry{week}.png", "small.png")),
    }  # fmt: skip


def test_approved_issues_are_published_where_it_is_asked(room: Newsroom) -> None:
    assert room.publish(approved=True).issues == ("2026-W44", "2026-W45", "2026-W46")
    done = room.publish()
    assert done.issues == ("2026-W44", "2026-W45")
    assert not [path for path in room.files() if path.startswith("2026-W46")]
    assert not (room.site / "2026-W46").exists()


def test_a_dry_run_says_the_same_and_writes_nothing(room: Newsroom) -> None:
    told = room.publish(write=False)
    assert not room.site.exists()
    assert not (room.folder / "var").exists()
    done = room.publish()
    assert replace(told, wrote=True) == done
    room.correct(44, "It was noon.")
    before = room.files()
    told = room.publish(write=False)
    assert room.files() == before
    assert replace(told, wrote=True) == room.publish()


def test_a_second_run_writes_nothing(room: Newsroom) -> None:
    room.publish()
    times = {path: path.stat().st_mtime_ns for path in room.site.rglob("*")}
    done = room.publish()
    assert (done.new, done.changed, done.removed) == ((), (), ())
    assert done.stays == len(room.files())
    assert {path: path.stat().st_mtime_ns for path in room.site.rglob("*")} == times


def test_only_what_shows_a_change_is_written_again(room: Newsroom) -> None:
    room.publish()
    room.correct(44, "The boats came at one.")
    done = room.publish()
    assert set(done.changed) == {
        "2026-W44/index.html", "feed.xml", "sitemap.xml", "search/years.json",
    }  # fmt: skip
    assert done.new == done.removed == ()
    room.save(46)
    done = room.publish()
    assert "2026-W45/index.html" in done.changed  # what leads on to it
    assert "2026-W44/index.html" not in done.changed
    assert "2026-W46/index.html" in done.new


@pytest.mark.parametrize(
    "other",
    [{"name": "Quay Weekly"}, {"web_url": "https://quay.example/"}, {"language": "es"}],
    ids=lambda other: next(iter(other)),
)
def test_other_settings_renew_every_page(room: Newsroom, other: dict[str, Any]) -> None:
    room.publish()
    done = room.publish(settings=replace(SETTINGS, **other))
    pages = {path for path in room.files() if path.endswith(".html")}
    assert pages <= {*done.changed, *done.new}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("web.html", b"torn"),
        ("entries.jsonl", b"torn"),
        ("issue.json", b"{}"),
        ("corrections.toml", b"[["),
    ],
)
@pytest.mark.parametrize("kept", [True, False], ids=["kept", "nothing kept"])
def test_what_is_damaged_stays_as_it_was_published(
    room: Newsroom, name: str, data: bytes, kept: bool
) -> None:
    room.correct(45, "The boats came at one.")
    room.correct(44, "It was noon.")
    room.publish()
    whole = room.files()
    page = whole["2026-W45/index.html"]
    damaged = room.archive.path("2026-W45") / name
    sound = damaged.read_bytes()
    damaged.write_bytes(data)
    if not kept:
        shutil.rmtree(room.folder / "var")
    room.correct(44, "It was one o'clock.")
    done = room.publish()
    assert {failure.where for failure in done.failures} == {"issues/2026-W45"}
    assert name in done.failures[0].what
    assert "2026-W44/index.html" in done.changed
    assert done.issues == ("2026-W44", "2026-W45")
    assert (room.site / "2026-W45" / "index.html").read_bytes() == page
    assert (room.site / "2026-W45" / "media" / "ferry45.png").is_file()
    damaged.write_bytes(sound)
    room.correct(44, "It was noon.")
    assert not room.publish().failures
    assert room.files() == whole


def test_what_was_damaged_from_the_beginning_is_left_out(room: Newsroom) -> None:
    (room.archive.path("2026-W44") / "web.html").write_bytes(b"torn")
    done = room.publish()
    assert done.issues == ("2026-W45",)
    assert ("2026-W44", "it is damaged") in done.left_out
    assert not (room.site / "2026-W44").exists()


def test_a_page_that_is_none_is_told(room: Newsroom) -> None:
    build = made(48, status="sent")
    save(room.archive, replace(build, renderings=replace(build.renderings, web_html="words")))
    done = room.publish()
    assert [failure.where for failure in done.failures] == ["issues/2026-W48"]
    assert "<head>" in done.failures[0].what
    assert "2026-W45/index.html" in done.new


def test_the_same_archive_gives_the_same_bytes(room: Newsroom, tmp_path: Path) -> None:
    room.publish(approved=True)
    first = room.files()
    other = newsroom(tmp_path / "again")
    other.publish(approved=True)
    assert other.files() == first


def test_an_archive_without_a_sent_issue_has_a_site_that_says_so(tmp_path: Path) -> None:
    room = newsroom(tmp_path, [(47, "draft")])
    done = room.publish()
    assert done.issues == ()
    assert not done.failures
    assert "There is no issue yet" in (room.site / "index.html").read_text("utf-8")
    room.save(44)
    room.publish()
    assert "There is no issue yet" not in (room.site / "index.html").read_text("utf-8")


def test_a_hostile_archive_folder_stops_nothing(room: Newsroom, tmp_path: Path) -> None:
    (room.archive.folder / "2026-W40").symlink_to(room.archive.path("2026-W44"))
    (room.archive.folder / "2026-W41").write_text("no folder", "utf-8")
    shutil.copytree(room.archive.path("2026-W44"), room.archive.folder / "2026-W42")
    done = room.publish()
    assert done.issues == ("2026-W44", "2026-W45")
    assert {f.where for f in done.failures} == {f"issues/2026-W{week}" for week in (40, 41, 42)}


def test_nothing_gets_out_but_what_a_rendering_shows(room: Newsroom) -> None:
    """Words are planted wherever something of people, of settings or of candidates lies."""
    marks: list[str] = []

    def mark() -> str:
        marks.append(f"Secret{len(marks)}Word")
        return marks[-1]

    build = made(48, status="sent")
    shown, hidden = build.candidates[0], build.candidates[4]
    whole = replace(shown.entry, text=shown.entry.text + mark(), summary=mark(), flags=(mark(),))
    out = replace(
        hidden,
        entry=replace(hidden.entry, title=mark(), text=mark(), url=f"https://x.example/{mark()}"),
        verdict=replace(hidden.verdict, because=mark()),
    )
    lead = replace(build.issue.leads[0], entry=whole)
    home = replace(
        build.issue.newsletter,
        sender=f"Desk <{mark()}@example.org>",
        reply_to=f"{mark()}@example.org",
        unsubscribe_url=f"https://harbor.example/u/{mark()}",
        web_url="https://harbor.example/news",
    )
    rows = (replace(shown, entry=whole), *build.candidates[1:4], out)
    message = build.renderings.message.replace(b"Subject:", f"X-Own: {mark()}\r\nSubject:".encode())
    room.archive.save(
        replace(build.issue, leads=(lead,), newsletter=home),
        candidates=rows,
        renderings=replace(build.renderings, message=message, email_txt=mark(), email_html=mark()),
        media={**build.media, f"media/{mark()}.png": b"nobody shows it"},
        settings={"DIGEST_SMTP_URL": f"smtp://desk:{mark()}@mail.example", "DIGEST_SECRET": mark()},
        versions={"digest": mark()},
    )
    folder = room.archive.path("2026-W48")
    (folder / "edits.toml").write_text(f'# {mark()}\nsubject = "{mark()}"\n', "utf-8")
    (folder / "notes.txt").write_text(mark(), "utf-8")
    for name in ("ledger.db", "mailbox/new/1.eml", "unsubscribed.jsonl", "reports/list.csv"):
        path = room.folder / "var" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{mark()}@example.org", "utf-8")
    (room.folder / "recipients.csv").write_text(f"address\n{mark()}@example.org\n", "utf-8")
    settings = replace(
        SETTINGS,
        smtp_url=f"smtp://desk:{mark()}@mail.example",
        secret=((mark(), mark()),),
        unsubscribe_url=f"https://harbor.example/u/{mark()}",
        sender=f"Desk <{mark()}@example.org>",
        database_url=f"postgresql://{mark()}@db.example/x",
    )
    done = room.publish(settings=settings, approved=True)
    assert not done.failures
    assert "2026-W48/index.html" in done.new
    assert len(marks) > 20
    for path in room.site.rglob("*"):
        said = str(path.relative_to(room.site)) + (
            path.read_bytes().decode("utf-8", "replace") if path.is_file() else ""
        )
        assert not re.findall(r"Secret\d+Word", said), path
        assert "slot" not in said
        assert "unsubscribe" not in said.lower(), path


def test_without_a_web_address_the_site_still_works(room: Newsroom) -> None:
    done = room.publish(settings=Settings(name="Harbor Weekly"))
    assert "DIGEST_WEB_URL is not set" in done.notes[0]
    tree = room.files()
    assert "sitemap.xml" not in tree
    assert "robots.txt" not in tree
    assert b'href="2026-W45/"' in tree["feed.xml"]


def test_robots_are_told_at_the_root_of_a_host_only(room: Newsroom) -> None:
    room.publish()
    assert "robots.txt" not in room.files()
    room.publish(settings=replace(SETTINGS, web_url="https://harbor.example"))
    assert b"Sitemap: https://harbor.example/sitemap.xml" in room.files()["robots.txt"]


def test_an_empty_archive_folder(tmp_path: Path) -> None:
    room = Newsroom(tmp_path)
    assert Archive(tmp_path / "issues").slugs() == ()
    assert room.publish().issues == ()


def test_the_statistics_count_what_was_sent_and_name_no_source_that_told_nothing(
    room: Newsroom,
) -> None:
    room.publish()
    page = room.files()["stats/index.html"].decode()
    assert "2 issues, 2026-W44 to 2026-W45" in page
    told = {c.entry.source for c in room.archive.candidates("2026-W45") if c.verdict.place != "out"}
    offered = {c.entry.source for c in room.archive.candidates("2026-W45")}
    assert offered - told
    assert not [source for source in offered - told if source in page]
    for path in ("index.html", "2026/index.html", "search/index.html"):
        assert 'stats/">Statistics</a>' in room.files()[path].decode()
    room.save(46, "sent")
    assert "stats/index.html" in room.publish().changed
    assert "3 issues" in room.files()["stats/index.html"].decode()
    assert not room.publish().changed


def test_the_statistics_stay_while_an_issue_is_damaged(room: Newsroom) -> None:
    room.publish()
    before = room.files()
    (room.archive.path("2026-W44") / "entries.jsonl").write_text("", "utf-8")
    assert room.publish().failures
    assert room.files() == before


def test_no_statistics_in_a_language_that_has_no_words_for_them(room: Newsroom) -> None:
    room.publish()
    done = room.publish(settings=replace(SETTINGS, language="es"))
    assert {"stats/index.html", "static/stats.css"} <= set(done.removed)
    assert "stats/" not in room.files()["index.html"].decode()


def test_another_version_reads_every_issue_again(room: Newsroom) -> None:
    room.publish()
    path = room.site / ".digest-site.json"
    known = json.loads(path.read_text("utf-8"))
    older = json.loads(path.read_text("utf-8")) | {"made_by": "an older version"}
    for issue in older["issues"].values():
        issue["told"] = "what that version told"
    path.write_text(json.dumps(older), "utf-8")
    room.publish()
    assert json.loads(path.read_text("utf-8")) == known
