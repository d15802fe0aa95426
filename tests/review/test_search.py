"""The search and "have we run this?" as pages: addresses, escapes, filters, paging."""

from __future__ import annotations

import contextlib
import threading
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html as markup

from digest.archive import Archive
from digest.review import House, create_app
from digest.review.serve import make_review_server
from digest.settings import read_settings
from tests.archive.archived import put, told
from tests.archive.newsroom import made, save
from tests.browser import Browser

HOSTILE = '<script>alert(1)</script> & "quays" <b>ferry</b>'


def house(folder: Path) -> House:
    return House(
        folder=folder,
        cache=folder / "var" / "cache",
        settings=lambda _: read_settings(folder / ".env", {}),
        ledger=lambda: None,
        now=lambda: datetime(2026, 11, 20, tzinfo=UTC),
    )


@pytest.fixture
def client(archive: Archive, tmp_path: Path) -> FlaskClient:
    put(archive.folder, told(HOSTILE, f"{HOSTILE} lies at anchor.", source=HOSTILE), week=48)
    put(archive.folder, *(told(f"Vessel {n}") for n in range(45)), week=49, status="draft")
    return create_app(archive, house=house(tmp_path)).test_client()


def texts(page: str, path: str) -> list[str]:
    return [
        " ".join("".join(map(str, e.itertext())).split())
        for e in markup.fromstring(page).cssselect(path)
    ]


def links(page: str, path: str) -> list[str]:
    return [e.get("href", "") for e in markup.fromstring(page).cssselect(path)]


def test_a_search_is_an_address(client: FlaskClient) -> None:
    page = client.get("/search?q=batteries+ferries")
    assert page.status_code == 200
    assert (
        texts(page.text, ".found h2")
        == ["The ferry to Skerry Island will run on batteries from May"] * 3
    )
    assert texts(page.text, ".found h2 mark")[:2] == ["ferry", "batteries"]
    assert links(page.text, ".facts a") == [f"issues/2026-W{n}/" for n in (47, 46, 45)]
    assert client.get("/issues/2026-W47/").status_code == 200
    assert markup.fromstring(page.text).cssselect("#q")[0].get("value") == "batteries ferries"
    assert "form-action 'self'" in page.headers["Content-Security-Policy"]
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]


def test_what_stories_and_readers_write_is_escaped(client: FlaskClient) -> None:
    page = client.get("/search?" + urlencode({"q": "quays ferry", "source": HOSTILE})).text
    assert texts(page, ".found h2") == [HOSTILE]
    assert texts(page, ".found h2 mark") == ["quays", "ferry"]
    for query in ("/search?q=", "/search?q=x&source=", "/search?issue=", "/ran?what="):
        page = client.get(query + quote(f'"><script>x</script>{HOSTILE}')).text
        assert page.count("<script") == page.count('<script src="static/keys.js"') == 1
        assert "<b>" not in page


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("q=vessel", 20),
        ("q=vessel&page=3", 5),
        ("q=vessel&page=99", 5),
        ("q=vessel&page=-1", 20),
        ("q=vessel&page=x", 20),
        ("q=boats&issue=2026-w47", 4),
        ("source=quayside", 3),
        ("source=quayside&tier=lead", 0),
        ("section=around&language=ar", 3),
        ("from=2026-11-20&to=2026-11-20", 4),
        ("", 0),
    ],
)
def test_filters_and_pages(client: FlaskClient, query: str, count: int) -> None:
    page = client.get(f"/search?{query}")
    assert page.status_code == 200
    assert len(texts(page.text, ".found li")) == count


def test_paging_keeps_what_is_asked_for(client: FlaskClient) -> None:
    page = client.get("/search?q=vessel&issue=2026-W49&page=2").text
    assert links(page, "nav.bar a") == [
        "?q=vessel&issue=2026-W49&page=1",
        "?q=vessel&issue=2026-W49&page=3",
    ]
    assert "45 stories, 21 to 40" in texts(page, "[role=status]")[0]
    assert texts(page, ".found .draft")[0] == "draft"


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("tier=main", "There is no tier “main”"),
        ("issue=latest", "“latest” is no issue"),
        ("from=yesterday", "“yesterday” is no date"),
        ("to=2026-13-01", "“2026-13-01” is no date"),
    ],
)
def test_a_filter_that_means_nothing_is_named(
    client: FlaskClient, query: str, sentence: str
) -> None:
    assert sentence in texts(client.get(f"/search?q=vessel&{query}").text, "[role=alert]")[0]


def test_nothing_found_leads_on(client: FlaskClient) -> None:
    page = client.get("/search?q=feryr&tier=lead").text
    assert links(page, ".lone a") == ["?q=ferry&tier=lead", "?q=feryr"]
    page = client.get("/search?q=vessel+library+tide").text
    assert "no story has all of them" in texts(page, ".lone")[0]


def test_a_damaged_issue_is_named_beside_what_was_found(
    client: FlaskClient, archive: Archive
) -> None:
    (archive.folder / "2026-W46" / "issue.json").write_text("{}", "utf-8")
    page = client.get("/search?q=batteries").text
    assert links(page, ".facts a") == ["issues/2026-W47/", "issues/2026-W45/"]
    assert "issues/2026-W46/issue.json" in texts(page, ".failed")[0]


def test_have_we_run_this(client: FlaskClient) -> None:
    page = client.get(
        "/ran?what=" + quote("http://www.news.example.org/ferry/46?utm_source=x")
    ).text
    assert texts(page, ".found .how") == ["same address"]
    assert links(page, ".facts a") == ["issues/2026-W46/"]
    text = (
        "The ferry to Skerry Island will run on batteries from May. The council voted on Tuesday, "
        "week 46.\n\nBoats came at noon."
    )
    page = client.get("/ran?what=" + quote(text)).text
    assert texts(page, ".found .how")[:3] == ["same text"] * 3
    assert "No issue ran this address" in client.get("/ran?what=https://a.example.org/b").text
    assert "home page" in client.get("/ran?what=https://news.example.org").text
    assert client.get("/ran").status_code == 200


def test_pages_answer_to_nobody_else_and_only_read(client: FlaskClient) -> None:
    for path in ("/search?q=vessel", "/ran?what=boat"):
        assert client.get(path, headers={"Host": "evil.example.org"}).status_code == 403
        assert client.post(path).status_code == 405


def test_without_a_house_there_is_no_index(archive: Archive) -> None:
    assert create_app(archive).test_client().get("/search").status_code == 404


def test_a_long_question_is_answered(client: FlaskClient) -> None:
    assert client.get("/search?q=" + "boat+" * 5000).status_code == 200
    assert client.get("/ran?what=" + "boat+" * 5000).status_code == 200


@pytest.fixture
def app(archive: Archive, tmp_path: Path) -> Flask:
    save(archive, made(48))
    return create_app(archive, house=house(tmp_path))


def eventually(chromium: Browser, expression: str) -> object:
    """What an expression gives once the page that it needs is there."""
    for _ in range(200):
        with contextlib.suppress(RuntimeError):  # between two pages there is none
            return chromium.evaluate(expression)
        with contextlib.suppress(RuntimeError):
            chromium.evaluate("new Promise(done => setTimeout(done, 50))")
    raise AssertionError(expression)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [375, 1280])
def test_in_a_real_browser(chromium: Browser, app: Flask, width: int, dark: bool) -> None:
    server = make_review_server(app, port=0)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        chromium.look(width=width, height=900, scheme="dark" if dark else "light")
        base = f"http://127.0.0.1:{server.port}"
        for path in ("/search", "/search?q=ferry&tier=lead", "/search?q=feryr", "/ran?what=ferry"):
            chromium.open(base + path)
            wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
            assert chromium.evaluate(wide) is False, path
        chromium.open(f"{base}/search")
        # The field has the focus already; a person types and presses Enter.
        assert chromium.evaluate("document.activeElement.id") == "q"
        chromium.call("Input.insertText", text="seed libraries")
        enter = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13, "text": "\r"}
        chromium.call("Input.dispatchKeyEvent", type="keyDown", **enter)
        found = eventually(chromium, "document.querySelector('.found mark').textContent")
        assert found == "library"
        assert chromium.evaluate("location.search").startswith("?q=seed+libraries&")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
