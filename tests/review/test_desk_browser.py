"""An editor's Friday in a real Chromium: a headline, its undo, the approval, a test, its mail."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote

from digest.archive import Archive, read_edits
from digest.pipeline import Live
from digest.review import Follow, create_app
from digest.review.serve import make_review_server
from digest.send import Mailbox
from tests.browser import Browser
from tests.newsletter import copied, settings_of
from tests.review.house import SLUG, house_of

PATIENCE_S = 60.0
"""Far more than a rebuild takes, on a machine that does much else."""


@contextmanager
def desk(folder: Path) -> Iterator[str]:
    archive = Archive(folder / "issues")
    live = Live(
        folder=folder,
        archive=archive,
        settings=lambda _: settings_of(folder),
        tell=lambda _: None,
        blurbs=folder / "blurbs.jsonl",
    )
    live.begin()
    follow = Follow(archive, live)
    house = house_of(folder, remake=live.make_now)
    app = create_app(archive, follow, Mailbox(folder / "var" / "mailbox"), house)
    server = make_review_server(app, port=0)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        with follow.watching():
            yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()


def until(chromium: Browser, condition: str) -> None:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        try:
            if chromium.evaluate(f"document.readyState === 'complete' && !!({condition})"):
                return
        except RuntimeError:
            pass  # between two pages
        time.sleep(0.05)
    raise AssertionError(f"{condition}: {chromium.evaluate('document.body.innerText')[:2000]}")


def key(chromium: Browser, name: str, code: int, text: str = "") -> None:
    shared = {"key": name, "code": name, "windowsVirtualKeyCode": code}
    chromium.call("Input.dispatchKeyEvent", type="keyDown", text=text, **shared)
    chromium.call("Input.dispatchKeyEvent", type="keyUp", **shared)


def enter(chromium: Browser) -> None:
    key(chromium, "Enter", 13, "\r")


def press(chromium: Browser, button: str) -> None:
    """Press a button by keyboard: where the focus is, the Enter key."""
    chromium.evaluate(
        "[...document.querySelectorAll('button:not([tabindex])')]"
        f".find(b => b.textContent.trim() === {button!r}).focus()"
    )
    enter(chromium)


def test_an_issue_is_edited_approved_and_tested(
    news: Path, tmp_path: Path, chromium: Browser
) -> None:
    folder = copied(news, tmp_path / "news")
    archive = Archive(folder / "issues")
    first = archive.load(SLUG).leads[0].headline
    with desk(folder) as url:
        chromium.look(width=1280)
        chromium.open(f"{url}/issues/{SLUG}/edit")
        # The story is opened and changed by keyboard alone; Enter in a field keeps the form.
        chromium.evaluate("document.querySelector('article.story summary').focus()")
        enter(chromium)
        until(chromium, "document.querySelector('article.story details').open")
        key(chromium, "Tab", 9)
        until(chromium, "document.activeElement.name === 'headline'")
        chromium.evaluate("document.activeElement.select()")
        chromium.call("Input.insertText", text="The river under the sea")
        enter(chromium)
        until(chromium, "document.querySelector('.said')?.innerText.includes('has your headline')")
        assert "river under the sea" in (archive.path(SLUG) / "email.html").read_text()
        src = chromium.evaluate("document.querySelector('.preview iframe').src")
        assert src.endswith("#here"), "the email beside it shows the story"
        assert chromium.evaluate("location.hash").startswith("#s-")

        chromium.look(width=375)
        assert chromium.evaluate("document.documentElement.scrollWidth") == 375
        chromium.look(width=1280)

        press(chromium, "Undo the last change")
        until(chromium, "document.querySelector('.said')?.innerText.includes('Undone')")
        assert archive.load(SLUG).leads[0].headline == first
        assert not read_edits(archive.folder, SLUG).stories

        press(chromium, "Approve")
        until(chromium, "document.querySelector('.chip.approved')")
        assert "digest send" in chromium.evaluate("document.querySelector('.said').innerText")

        chromium.open(f"{url}/issues/{SLUG}/sends")
        chromium.evaluate("document.querySelector('#to').focus()")
        chromium.call("Input.insertText", text="ann@example.org")
        press(chromium, "Send the test")
        until(chromium, "document.querySelector('.outcome a')")
        chromium.evaluate("document.querySelector('.outcome a').focus()")
        enter(chromium)
        until(chromium, "location.pathname.startsWith('/mailbox/')")
        assert SLUG in unquote(chromium.evaluate("location.pathname"))
        assert "[TEST]" in chromium.evaluate("document.querySelector('h1').innerText")

        # What the frame shows: its address alone, since nobody looks into a sandbox.
        chromium.open(src)
        assert first in chromium.evaluate("document.body.innerText")
    assert archive.row(SLUG).status == "approved"
