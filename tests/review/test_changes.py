"""The pages that compare issues, and what they refuse."""

from __future__ import annotations

import json
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import html as markup
from werkzeug.serving import make_server

from bench.node_tools import axe
from digest.archive import Archive
from digest.cli.session import Session, clock
from digest.review import House, create_app
from tests.archive.newsroom import made, save, story
from tests.browser import Browser
from tests.newsletter import SLUG, new_newsletter

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


@pytest.fixture
def client(archive: Archive) -> FlaskClient:
    return create_app(archive).test_client()


@pytest.fixture(scope="module")
def newsletter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled newsletter, with an edit and a change of its theme after the build."""
    folder = new_newsletter(tmp_path_factory.mktemp("newsletter") / "own")
    entry = Archive(folder / "issues").load(SLUG).leads[0].entry
    edits = f'[stories.{entry.id}]\nheadline = "Told in other words"\n'
    (folder / "issues" / SLUG / "edits.toml").write_text(edits, "utf-8")
    theme = folder / "templates" / "gazette" / "theme.toml"
    theme.write_text(theme.read_text("utf-8").replace("page = 620", "page = 600"), "utf-8")
    return folder


def app_of(folder: Path):  # type: ignore[no-untyped-def] # Flask is imported where it is used
    session = Session(folder=folder)
    return create_app(
        session.archive(),
        house=House(
            folder=folder,
            cache=folder / "var" / "cache",
            settings=session.settings_of,
            ledger=session.ledger_or_none,
            now=clock,
        ),
    )


def words(page: str, path: str) -> list[str]:
    found = markup.fromstring(page).cssselect(path)
    return [" ".join(" ".join(map(str, e.itertext())).split()) for e in found]


def test_an_issue_beside_the_one_before_it(client: FlaskClient) -> None:
    page = client.get("/issues/2026-W47/changes")
    assert page.status_code == 200
    assert words(page.text, ".tabs [aria-current=page]") == ["Changes"]
    assert words(page.text, "option[selected]") == ["2026-W46"]
    assert words(page.text, "option") == ["2026-W46", "2026-W45"]
    assert "2026-W46" in words(page.text, "main > p.quiet")[0]
    assert "<ins>" not in client.get("/issues/2026-W45/changes").text
    assert "first issue of the archive" in client.get("/issues/2026-W45/changes").text


def test_another_issue_and_the_texts(client: FlaskClient) -> None:
    page = client.get("/issues/2026-W47/changes?with=2026-W45&text=on")
    assert words(page.text, "option[selected]") == ["2026-W45"]
    assert words(page.text, ".texts p")
    policy = page.headers["Content-Security-Policy"]
    assert "form-action 'self'" in policy
    assert "script-src 'self'" in policy
    page = client.get("/compare/2026-W45/2026-W47")
    assert words(page.text, "h1") == ["2026-W47 compared with 2026-W45"]
    assert not words(page.text, ".texts p")
    same = client.get("/compare/2026-W47/2026-W47")
    assert "Nothing is different." in same.text


@pytest.mark.parametrize(
    "path",
    [
        "/issues/2026-W40/changes",
        "/issues/2026-W47/changes?with=2026-W40",
        "/issues/2026-W47/changes?with=../../etc/passwd",
        "/issues/2026-W47/changes?with=today",  # the archive alone is shown: no settings
        "/compare/2026-W47/2026-W40",
        "/compare/2026-W47/..%2F..%2Fetc",
        "/compare/2026-W47/",
    ],
)
def test_what_is_not_there(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404
    assert client.post("/issues/2026-W47/changes").status_code == 405


def test_a_damaged_issue_is_named(archive: Archive, client: FlaskClient) -> None:
    (archive.folder / "2026-W46" / "entries.jsonl").write_bytes(b"")
    for path in ("/issues/2026-W47/changes", "/compare/2026-W46/2026-W47"):
        page = client.get(path)
        assert page.status_code == 500
        assert "issues/2026-W46/entries.jsonl is not what issue.json recorded" in page.text


def test_hostile_words_stay_words(archive: Archive) -> None:
    build = made(48)
    first = build.issue.leads[0]
    hostile = replace(
        first,
        headline=HOSTILE,
        note=HOSTILE,
        entry=replace(first.entry, url="javascript:alert(1)", source=HOSTILE),
    )
    issue = replace(build.issue, leads=(hostile,), subject=HOSTILE, intro=HOSTILE)
    rows = (replace(build.candidates[0], entry=hostile.entry), *build.candidates[1:])
    save(archive, replace(build, issue=issue, candidates=rows))
    client = create_app(archive).test_client()
    for path in ("/issues/2026-W48/changes?text=on", "/compare/2026-W48/2026-W47?text=on"):
        page = client.get(path).text
        tree = markup.fromstring(page)
        assert [s.get("src", "")[-15:] for s in tree.cssselect("script")] == ["/static/keys.js"]
        assert not tree.cssselect("main img")
        assert not [a for a in tree.cssselect("a") if "javascript" in (a.get("href") or "")]


def test_a_page_stays_small_where_all_of_many_stories_differ(archive: Archive) -> None:
    for week in (48, 49):
        build = made(week)
        entries = [
            replace(build.candidates[0].entry, id=f"s{week}-{n}", title=f"Story {n} {week} " * 5,
                    image=None)
            for n in range(50)
        ]  # fmt: skip
        section = replace(
            build.issue.sections[0], stories=tuple(story(e, lead=False) for e in entries)
        )
        text = "\n\n".join(f"Paragraph {n} of {week} " + f"w{week}{n} " * 60 for n in range(400))
        save(
            archive,
            replace(
                build,
                issue=replace(build.issue, leads=(), sections=(section,)),
                candidates=tuple(replace(build.candidates[1], entry=e) for e in entries),
                renderings=replace(build.renderings, email_txt=text),
            ),
        )
    page = create_app(archive).test_client().get("/issues/2026-W49/changes?text=on")
    assert len(page.data) < 100_000
    assert "shows all of it" in page.text


def test_today_shows_what_theme_and_edits_would_change(newsletter: Path) -> None:
    before = {p: p.read_bytes() for p in newsletter.rglob("*") if p.is_file()}
    client = app_of(newsletter).test_client()
    assert "what would be made today" in client.get(f"/issues/{SLUG}/changes").text
    page = client.get(f"/issues/{SLUG}/changes?with=today")
    assert page.status_code == 200
    assert words(page.text, "h2")[:2] == ["Rendered again", "Made again from its entries"]
    told = words(page.text, "main > dl div")
    assert "Styles: dropped" in told[0]
    assert "Told in other words" in page.text
    assert words(page.text, ".changes .chip") == ["reworded"]
    foreign = client.get(
        f"/issues/{SLUG}/changes?with=today", headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert foreign.status_code == 403
    assert {p: p.read_bytes() for p in newsletter.rglob("*") if p.is_file()} == before


@pytest.fixture(scope="module")
def address(newsletter: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """That newsletter, with an issue before it, served."""
    folder = tmp_path_factory.mktemp("served") / "own"
    shutil.copytree(newsletter, folder)
    save(Archive(folder / "issues"), made(46))
    server = make_server("127.0.0.1", 0, app_of(folder), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.mark.parametrize("path", [f"/issues/{SLUG}/changes?text=on", f"/compare/2026-W46/{SLUG}"])
@pytest.mark.parametrize("width", [375, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_people_see_it(chromium: Browser, address: str, path: str, width: int, scheme: str) -> None:
    chromium.look(width=width, scheme="dark" if scheme == "dark" else "light", mobile=width == 375)
    chromium.open(address + path)
    assert chromium.evaluate("document.documentElement.scrollWidth") == width
    chromium.evaluate(f"{axe()};0")
    told = chromium.evaluate("axe.run(document).then(done => JSON.stringify(done.violations))")
    assert [rule["id"] for rule in json.loads(told)] == []


def test_the_form_compares_with_what_is_chosen(chromium: Browser, address: str) -> None:
    chromium.look(width=1280)
    chromium.open(f"{address}/issues/{SLUG}/changes")
    chromium.evaluate("document.querySelector('#with').value = 'today'")
    chromium.evaluate("document.querySelector('.with button').click()")
    for _ in range(200):
        with suppress(RuntimeError):  # the page is just being left
            if chromium.evaluate("location.search + document.readyState") == "?with=todaycomplete":
                break
        time.sleep(0.05)
    assert "Rendered again" in chromium.evaluate("document.querySelector('main').innerText")
