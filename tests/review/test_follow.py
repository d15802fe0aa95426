"""The open page follows: what it asks, what it is answered, and what a real browser shows."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from lxml import html as markup

from digest.archive import Archive
from digest.models import Failure
from digest.pipeline import Live
from digest.review import Follow, create_app, follow
from digest.review.serve import make_review_server
from tests.archive.newsroom import made, save
from tests.browser import Browser
from tests.newsletter import SLUG, TEMPLATE, copied, new_newsletter, settings_of, write

PATIENCE_S = 90.0
"""Far more than a change takes to show, on a machine that does much else."""
PAGES = ("/", "/issues/", *(f"/issues/{SLUG}/{p}" for p in ("", "text", "web", "headers", "why")))


class Watcher:
    """Watches nothing; its problem is set by the test."""

    def __init__(self) -> None:
        self.problem: Failure | None = None

    def run(self, stop: threading.Event) -> None:
        stop.wait()


@pytest.fixture(autouse=True)
def _short_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follow, "HOLD_S", 0.5)


def client_of(archive: Archive, watcher: Watcher | None = None) -> Any:
    return create_app(archive, Follow(archive, watcher or Watcher())).test_client()


def asked(archive: Archive, url: str, headers: dict[str, str] | None = None) -> Any:
    return client_of(archive).get(url, headers=headers or {})


def test_the_version_of_an_issue_is_that_of_its_page(archive: Archive) -> None:
    app = client_of(archive)
    for page in PAGES:
        tree = markup.fromstring(app.get(page).text)
        (script,) = tree.cssselect("script[data-follow]")
        assert not any(s.text for s in tree.cssselect("script"))
        where = urljoin(page, script.get("data-follow"))
        assert app.get(where).json["version"] == script.get("data-version"), page
        assert app.get(urljoin(page, script.get("src"))).status_code == 200


def test_a_build_changes_the_version_of_its_issue_and_of_the_list(archive: Archive) -> None:
    def versions() -> list[str]:
        urls = ("/version", f"/issues/{SLUG}/version", "/issues/2026-W46/version")
        return [asked(archive, url).json["version"] for url in urls]

    before = versions()
    assert versions() == before
    save(archive, made(words="anew"))
    after = versions()
    assert [a == b for a, b in zip(before, after, strict=True)] == [False, False, True]


def test_a_question_is_held_until_something_changes(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    watcher = Watcher()
    client = client_of(archive, watcher)
    url = f"/issues/{SLUG}/version"
    first = client.get(url).json
    assert client.get(f"{url}?after={first['state']}").json == first
    monkeypatch.setattr(follow, "HOLD_S", 2 * PATIENCE_S)  # nothing but the change ends it
    answers: list[Any] = []
    thread = threading.Thread(
        target=lambda: answers.append(client.get(f"{url}?after={first['state']}").json)
    )
    thread.start()
    watcher.problem = Failure(where=SLUG, what="a.j2, line 1, column 2: no.", hint="Mend it.")
    thread.join()
    assert answers[0]["version"] == first["version"]
    assert (answers[0]["problem"], answers[0]["hint"]) == (
        "a.j2, line 1, column 2: no.",
        "Mend it.",
    )
    assert answers[0]["state"] != first["state"]


def test_more_questions_than_are_held_are_put_off(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow, "AT_ONCE", 1)
    monkeypatch.setattr(follow, "HOLD_S", 2 * PATIENCE_S)
    following = Follow(archive, Watcher())
    app = create_app(archive, following)
    state = json.loads(app.test_client().get("/version").text)["state"]
    with following.watching():
        held = threading.Thread(target=lambda: app.test_client().get(f"/version?after={state}"))
        held.start()
        wait_for(lambda: app.test_client().get("/version?after=another").status_code == 503)
    held.join(timeout=PATIENCE_S)
    assert not held.is_alive(), "the end of the server answers whoever waits"
    assert app.test_client().get("/version").status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Host": "evil.example.org"}, 403),
    ],
)
def test_only_our_own_pages_may_ask(archive: Archive, headers: dict[str, str], status: int) -> None:
    for url in ("/version", f"/issues/{SLUG}/version"):
        assert asked(archive, url, headers).status_code == status


@pytest.mark.parametrize("slug", ["nothing", "..%2f..%2fetc", "2026-W99"])
def test_what_is_no_issue_has_no_version(archive: Archive, slug: str) -> None:
    assert asked(archive, f"/issues/{slug}/version").status_code == 404


def test_it_only_reads(archive: Archive) -> None:
    client = client_of(archive)
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        assert client.open("/version", method=method).status_code == 405
    assert client.post("/static/follow.js").status_code == 405


def test_scripts_run_on_our_own_pages_and_never_in_an_email(archive: Archive) -> None:
    for page in (*PAGES, "/nothing"):
        policy = asked(archive, page).headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'")
        assert "; script-src 'self'; base-uri 'none'; " in policy
        assert policy.endswith("; connect-src 'self'")
        assert "unsafe" not in policy
    for name in ("email.html", "web.html", "email.txt", "message.eml", "media/ferry47.png"):
        answer = asked(archive, f"/issues/{SLUG}/{name}?frame=on")
        policy = answer.headers["Content-Security-Policy"]
        assert "script-src" not in policy
        assert "connect-src" not in policy
        assert b"follow.js" not in answer.data
        assert b"keys.js" not in answer.data


def test_a_page_that_follows_nobody_is_as_it_was(archive: Archive) -> None:
    client = create_app(archive).test_client()
    for page in PAGES:
        answer = client.get(page)
        assert "follow.js" not in answer.text
        assert "connect-src" not in answer.headers["Content-Security-Policy"]
        with_script = asked(archive, page).text
        assert re.sub(r"<script[^>]*follow.js.*?</script>\n", "", with_script) == answer.text
    for url in ("/version", f"/issues/{SLUG}/version", "/static/follow.js"):
        assert client.get(url).status_code == 404


# In a real browser


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_newsletter(tmp_path_factory.mktemp("follow") / "news")


@contextmanager
def serving(archive: Archive, watcher: Watcher | Live) -> Iterator[str]:
    following = Follow(archive, watcher)
    server = make_review_server(create_app(archive, following), port=0)
    thread = threading.Thread(target=server.serve_forever)
    with following.watching():
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.port}"
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def wait_for(condition: Callable[[], object]) -> None:
    """Ask again until it holds; fails after PATIENCE_S."""
    until = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < until, "it never came to hold"
        time.sleep(0.05)


class Page:
    """The page that a browser shows, while it is loaded anew now and then."""

    def __init__(self, chromium: Browser) -> None:
        self.chromium = chromium

    def ask(self, expression: str) -> Any:
        try:
            return self.chromium.evaluate(expression)
        except Exception:  # the page is just being replaced by the next
            return None

    def has(self, words: str) -> bool:
        return words in (self.ask("document.body.innerText") or "")

    def banner(self) -> str:
        return str(self.ask("document.getElementById('trouble')?.innerText ?? ''") or "")


@pytest.fixture
def news(kept: Path, tmp_path: Path) -> Path:
    return copied(kept, tmp_path / "news")


@contextmanager
def live(news: Path) -> Iterator[str]:
    archive = Archive(news / "issues")
    watcher = Live(
        folder=news,
        archive=archive,
        settings=lambda _: settings_of(news),
        tell=lambda _: None,
        blurbs=news / "blurbs.jsonl",
    )
    assert watcher.begin() is None
    with serving(archive, watcher) as url:
        yield url


def test_the_open_page_follows_theme_edits_and_settings(chromium: Browser, news: Path) -> None:
    page = Page(chromium)
    chromium.look(width=1000, scheme="light")
    sound = (news / TEMPLATE).read_text("utf-8")
    with live(news) as url:
        chromium.open(f"{url}/issues/{SLUG}/text")
        assert page.has("Quay News")
        assert page.banner() == ""

        write(news / TEMPLATE, sound + "\nRead on the quay.\n")
        wait_for(lambda: page.has("Read on the quay."))

        write(news / TEMPLATE, sound + "\n{{ issue.subject }\n")
        wait_for(page.banner)
        line = sound.count("\n") + 2
        assert f"templates/gazette/issue.txt.j2, line {line}, column " in page.banner()
        assert page.has("Read on the quay."), "the last good rendering stays"

        write(news / TEMPLATE, sound + "\nMended.\n")
        wait_for(lambda: page.has("Mended.") and not page.banner())

        write(news / "issues" / SLUG / "edits.toml", 'subject = "The ferry is <b>back</b>"\n')
        wait_for(
            lambda: (
                page.ask("document.querySelector('h1').innerText") == ("The ferry is <b>back</b>")
            )
        )
        with (news / ".env").open("a") as env:
            env.write("\nDIGEST_TAGLINE='Every Friday, from the pier'\n")
        wait_for(lambda: page.has("Every Friday, from the pier"))

        write(news / TEMPLATE, "{{")
        wait_for(page.banner)
        write(news / TEMPLATE, sound + "\nMended.\n")
        wait_for(lambda: not page.banner())
        assert page.has("Mended."), "the same bytes as before: the banner goes, the page stays"


def test_an_issue_that_was_sent_stays_before_an_open_page(chromium: Browser, news: Path) -> None:
    document = news / "issues" / SLUG / "issue.json"
    document.write_text(document.read_text().replace('"status": "draft"', '"status": "sent"'))
    told: list[object] = []
    archive = Archive(news / "issues")
    watcher = Live(
        folder=news, archive=archive, settings=lambda _: settings_of(news), tell=told.append
    )
    watcher.begin()
    page = Page(chromium)
    before = archive.read(SLUG, "email.txt")
    with serving(archive, watcher) as url:
        chromium.open(f"{url}/issues/{SLUG}/text")
        chromium.evaluate("window.first = true")
        write(news / "issues" / SLUG / "edits.toml", 'subject = "Another"\n')
        wait_for(lambda: told)
        assert page.ask("window.first") is True
        assert page.banner() == ""
    assert archive.read(SLUG, "email.txt") == before


def test_the_page_keeps_its_place(chromium: Browser, archive: Archive) -> None:
    """Of itself, and of what scrolls in it."""
    build = made()
    long = replace(
        build,
        renderings=replace(build.renderings, email_txt="A line of words.\n" * 400 + "x" * 900),
    )
    save(archive, long)
    chromium.look(width=600, height=500, scheme="light")
    page = Page(chromium)
    with serving(archive, Watcher()) as url:
        chromium.open(f"{url}/issues/{SLUG}/text")
        chromium.evaluate("window.first = true; scrollTo(0, 2345)")
        chromium.evaluate("document.querySelector('.scroll').scrollLeft = 321")
        again = replace(long.renderings, email_txt=long.renderings.email_txt + "And more.\n")
        save(archive, replace(long, renderings=again))
        wait_for(lambda: page.ask("!window.first && document.readyState === 'complete'"))
        wait_for(lambda: page.has("And more."))
        place = "[scrollY, document.querySelector('.scroll').scrollLeft]"
        wait_for(lambda: page.ask(place) == [2345, 321])


def test_a_damaged_issue_comes_back_by_itself(chromium: Browser, archive: Archive) -> None:
    (archive.path(SLUG) / "email.html").write_text("<p>half", "utf-8")
    page = Page(chromium)
    with serving(archive, Watcher()) as url:
        chromium.open(f"{url}/issues/{SLUG}/")
        assert page.has("This cannot be shown")
        save(archive, made(words="anew"))
        wait_for(lambda: page.has("The ferry to Skerry Island") and page.has("anew"))


def test_a_problem_is_shown_as_text(chromium: Browser, archive: Archive) -> None:
    watcher = Watcher()
    page = Page(chromium)
    for scheme in ("light", "dark"):
        chromium.look(width=375, scheme="dark" if scheme == "dark" else "light")
        with serving(archive, watcher) as url:
            chromium.open(f"{url}/")
            evil = "<img src=x onerror=document.title='owned'> " + "long" * 100
            watcher.problem = Failure(where="", what=evil, hint="Mend it.")
            wait_for(page.banner)
            assert evil.strip() in page.banner()
            assert "Mend it." in page.banner()
            assert page.ask("document.querySelector('[role=alert] img')") is None
            assert page.ask("document.documentElement.scrollWidth") <= 375
            watcher.problem = None
            wait_for(lambda: not page.banner())


# The command


def test_the_command_says_what_it_does_and_ends_on_ctrl_c(news: Path) -> None:
    words = [sys.executable, "-m", "digest", "-C", str(news), "serve", "--port", "0"]
    environ = os.environ | {"PYTHONUNBUFFERED": "1"}
    pipe = subprocess.PIPE
    with subprocess.Popen(words, stdout=pipe, stderr=pipe, text=True, env=environ) as process:
        guard = threading.Timer(3 * PATIENCE_S, process.kill)
        guard.start()
        assert process.stdout is not None
        assert process.stderr is not None
        url = re.search(r"http://\S+/", process.stdout.readline())
        assert url is not None
        assert f"re-renders {SLUG}" in process.stdout.readline()
        write(news / TEMPLATE, "{{")
        assert "issue.txt.j2, line 1, column" in process.stderr.readline()
        with urllib.request.urlopen(f"{url[0]}version") as answer:
            state = json.load(answer)
        assert "issue.txt.j2, line 1, column" in state["problem"]
        write(news / TEMPLATE, "Mended.\n")
        line = process.stdout.readline()
        pattern = (
            rf"templates/gazette/issue\.txt\.j2 changed: {SLUG} re-rendered in [\d.]+ s, \d+ f"
        )
        assert re.match(pattern, line), line

        def hold() -> None:
            with suppress(OSError, HTTPException):  # the server may end before it answers
                urllib.request.urlopen(f"{url[0]}version?after={state['state']}").read()

        held = threading.Thread(target=hold)
        held.start()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=PATIENCE_S) == 0
        assert "Traceback" not in process.stderr.read()
        held.join(timeout=PATIENCE_S)
        guard.cancel()


def test_the_command_without_watching(news: Path) -> None:
    words = [sys.executable, "-m", "digest", "-C", str(news), "serve", "--port", "0", "--no-watch"]
    environ = os.environ | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environ) as process:
        guard = threading.Timer(3 * PATIENCE_S, process.kill)
        guard.start()
        assert process.stdout is not None
        url = re.search(r"http://\S+/", process.stdout.readline())
        assert url is not None
        with urllib.request.urlopen(f"{url[0]}issues/{SLUG}/text") as answer:
            assert b"follow.js" not in answer.read()
        process.send_signal(signal.SIGINT)
        assert process.stdout.read() == ""
        assert process.wait(timeout=PATIENCE_S) == 0
        guard.cancel()
