"""An editor's Friday, end to end: a real `digest serve`, a real Chromium, and a site at its end.

She reads the draft, drops a story and pins another, writes a headline, approves, sends a test and
reads it; sends to readers into a sink on this machine; searches, compares and publishes.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from bench.newsroom import READERS, SLUG, mailbox, newsroom
from digest.archive import Archive, edited_since_build, read_edits
from digest.cli.main import run
from tests.browser import Browser
from tests.review.test_desk_browser import until
from tests.review.test_keys import press
from tests.review.test_keys import until as becomes

BEFORE = "2026-W46"
BASE = f"/issues/{SLUG}/"
FERRY, ANOTHERS = "dc4d66c8a0", "c3e017ebe0"
HERS = "Six hurt in the fog"
_ASKED_BEFORE_LEAVING = """(event => {
    window.dispatchEvent(event);
    return event.defaultPrevented;
})(new Event('beforeunload', {cancelable: true}))"""


@pytest.fixture(scope="module")
def weekly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return newsroom(tmp_path_factory.mktemp("friday") / "weekly", weeks=(46,))


@contextmanager
def served(folder: Path) -> Iterator[str]:
    command = [sys.executable, "-u", "-m", "digest", "-C", str(folder), "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as serving:
        try:
            assert serving.stdout
            said = serving.stdout.readline()
            assert " at http://127.0.0.1:" in said
            yield said.partition(" at ")[2].partition("/ (")[0]
        finally:
            serving.terminate()
            serving.communicate()


@contextmanager
def hosted(folder: Path) -> Iterator[str]:
    """Files as any host serves them."""

    class Silent(SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Silent, directory=str(folder)))
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        serving.join()
        server.server_close()


def click(chromium: Browser, selector: str, text: str = "") -> None:
    """Press the first of these that says so, by its focus and the Enter key."""
    found = chromium.evaluate(
        f"(e => {{ e?.focus(); return !!e; }})([...document.querySelectorAll({selector!r})]"
        f".find(e => e.textContent.trim().startsWith({text!r})))"
    )
    assert found, f"{selector} {text}: {chromium.evaluate('document.body.innerText')[:1000]}"
    press(chromium, "Enter")


def use(chromium: Browser, tool: str) -> None:
    """Press a story's tool, which is at hand once its summary was opened."""
    button = f"button[value={tool!r}]"
    summary = f"details:not([open]) > summary:has(~ * {button})"
    if chromium.evaluate(f"!!document.querySelector({summary!r})"):
        click(chromium, summary)
        until(chromium, f"document.querySelector({button!r})?.checkVisibility()")
    click(chromium, button)


def said(chromium: Browser, words: str) -> None:
    until(chromium, f"document.querySelector('.said')?.innerText.includes({words!r})")


def path_is(chromium: Browser, path: str) -> None:
    until(chromium, f"location.pathname === {path!r}")


def test_an_editors_friday(weekly: Path, chromium: Browser, tmp_path: Path) -> None:
    archive = Archive(weekly / "issues")
    dropped = next(story for story in archive.load(SLUG).stories if story.tier == "teaser")
    with served(weekly) as url:
        chromium.look(width=1280)
        _looks_around(chromium, url)
        _edits(chromium, url, dropped.entry.id)
        assert HERS in (archive.path(SLUG) / "email.html").read_text("utf-8")
        _meets_another(chromium, archive.path(SLUG) / "edits.toml")
        becomes(lambda: not edited_since_build(archive.folder, SLUG))
        chromium.open(f"{url}{BASE}edit")
        _approves_and_tests(chromium)
        _sends(weekly)
        chromium.open(f"{url}{BASE}sends")
        assert READERS in chromium.evaluate("document.querySelector('main').innerText")
        assert chromium.evaluate("!document.querySelector('.tabs a[href=edit]')")
        _searches_and_compares(chromium, url)
    edits = read_edits(archive.folder, SLUG)
    assert edits.stories[dropped.entry.id].drop
    assert edits.stories[FERRY].headline == HERS
    assert edits.stories[ANOTHERS].note == "By another."
    assert archive.row(SLUG).status == "sent"
    page = _publishes(chromium, weekly, tmp_path / "site")
    assert HERS in page
    assert "The ferry has two decks." in page
    assert dropped.headline not in page


def _looks_around(chromium: Browser, url: str) -> None:
    """From the list to the draft and its views, by keys; a look is kept from issue to issue."""
    chromium.open(f"{url}/")
    press(chromium, "j")
    press(chromium, "Enter")
    path_is(chromium, BASE)
    chromium.open(f"{url}{BASE}?scheme=dark&images=off")
    press(chromium, "p")
    path_is(chromium, f"/issues/{BEFORE}/")
    assert chromium.evaluate("location.search") == "?scheme=dark&images=off"
    press(chromium, "n")
    path_is(chromium, BASE)
    for tab, shown in (
        ("findings", "The checks found nothing."),
        ("why", "sentences of the article"),
        ("changes", "What is different from"),
    ):
        click(chromium, f".tabs a[href={tab}]")
        path_is(chromium, BASE + tab)
        assert shown in chromium.evaluate("document.querySelector('main').innerText")


def _edits(chromium: Browser, url: str, dropped: str) -> None:
    """A story goes, and the page stays at its place; another comes in; a headline is hers."""
    press(chromium, "e")
    path_is(chromium, f"{BASE}edit")
    part = chromium.evaluate("document.querySelector('.site [aria-current]').textContent")
    assert part == "Issues"
    use(chromium, f"drop {dropped}")
    said(chromium, "is dropped")
    assert chromium.evaluate("!!document.querySelector('article.story:target')")
    press(chromium, "/")
    until(chromium, "document.activeElement.id === 'find'")
    chromium.call("Input.insertText", text="night bus")
    press(chromium, "Enter")
    until(chromium, "location.search === '?find=night+bus'")
    click(chromium, "#others .put button", "As a teaser")
    said(chromium, "pinned as a teaser")

    chromium.open(f"{url}{BASE}edit?story={FERRY}")
    field = "article:has(details[open]) input[name=headline]"
    chromium.evaluate(f"document.querySelector({field!r}).select()")
    assert not chromium.evaluate(_ASKED_BEFORE_LEAVING)
    chromium.call("Input.insertText", text=HERS)
    assert chromium.evaluate(_ASKED_BEFORE_LEAVING)
    press(chromium, "Enter")
    said(chromium, "your headline")
    assert chromium.evaluate("document.querySelector('.preview iframe').src").endswith("#here")

    press(chromium, "j")  # from the story that was edited to the one behind it
    assert chromium.evaluate("document.activeElement.tagName") == "SUMMARY"
    use(chromium, f"teaser {FERRY}")
    said(chromium, "teaser")
    click(chromium, ".acts button", "Undo the last change")
    said(chromium, "Undone")


def _meets_another(chromium: Browser, edits: Path) -> None:
    """Somebody else changes the file: nothing of theirs is written over."""
    with edits.open("a", encoding="utf-8") as file:
        file.write(f'\n[stories."{ANOTHERS}"]\nnote = "By another."\n')
    use(chromium, f"teaser {FERRY}")
    until(chromium, "document.querySelector('.conflict')")
    assert "By another." in chromium.evaluate("document.querySelector('.conflict').innerText")
    click(chromium, ".conflict a", "Leave it")
    path_is(chromium, f"{BASE}edit")


def _approves_and_tests(chromium: Browser) -> None:
    """The issue is approved as it was made, and a test of it is read in the mailbox."""
    click(chromium, ".acts button", "Approve")
    until(chromium, "document.querySelector('.chip.approved')")
    click(chromium, ".acts a", "Send a test")
    path_is(chromium, f"{BASE}sends")
    click(chromium, "form.testing .keep button")
    until(chromium, "document.querySelector('.outcome a')")
    click(chromium, ".outcome a")
    until(chromium, "location.pathname.startsWith('/mailbox/')")
    assert chromium.evaluate("document.querySelector('h1').innerText").startswith("[TEST]")


def _searches_and_compares(chromium: Browser, url: str) -> None:
    press(chromium, "/")
    path_is(chromium, "/search")
    until(chromium, "document.activeElement.id === 'q'")
    chromium.call("Input.insertText", text="hurt in the fog")
    press(chromium, "Enter")
    until(chromium, "document.querySelector('.found mark')")
    press(chromium, "j")
    assert HERS in chromium.evaluate("document.activeElement.textContent")
    chromium.open(f"{url}/compare/{BEFORE}/{SLUG}")
    assert HERS in chromium.evaluate("document.querySelector('main').innerText")
    chromium.open(f"{url}/stats")
    assert chromium.evaluate("document.querySelectorAll('main svg').length") > 5


def _publishes(chromium: Browser, folder: Path, site: Path) -> str:
    """The issue's page on a host that knows nothing of the program, reached from its list."""
    here = ("--quiet", "-C", str(folder))
    note = ("--note", "The ferry has two decks.", "--story", FERRY)
    assert run((*here, "issues", "correct", SLUG, *note)) == 0
    assert run((*here, "publish", "--to", str(site), "--yes")) == 0
    with hosted(site) as url:
        chromium.open(f"{url}/")
        assert chromium.evaluate(f"!!document.querySelector('main a[href^=\"{BEFORE}\"]')")
        click(chromium, f"main a[href^='{SLUG}']")
        path_is(chromium, f"/{SLUG}/")
        return str(chromium.evaluate("document.documentElement.outerHTML"))


def _sends(folder: Path) -> None:
    """`digest send --yes` into a sink: the mails lie in the newsletter's mailbox."""
    own = (folder / ".env").read_text("utf-8")
    with mailbox(folder) as url:
        (folder / ".env").write_text(f"{own}DIGEST_SMTP_URL={url}\n", "utf-8")
        words = ("--quiet", "-C", str(folder), "send", SLUG, "--list", str(folder / READERS))
        assert run((*words, "--yes")) == 0
    (folder / ".env").write_text(own, "utf-8")
