"""The pages in a real browser: by keys, at every width and scheme, held to axe."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable

import pytest

from bench.node_tools import MissingToolError, axe
from digest.archive import Archive
from tests.browser import Browser
from tests.review.test_serve import running

BASE = "/issues/2026-W46/"
PAGES = (f"{BASE}?scheme=dark&images=off", f"{BASE}source?file=email.html&line=1&at=0",
         f"{BASE}story?id=arabic-46", "/nothing")  # fmt: skip
"""States of pages; `test_every_page` holds a page of each kind to axe."""
PATIENCE_S = 20


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        try:
            if holds():
                return
        except RuntimeError:
            pass  # the page is on its way to another
        time.sleep(0.02)
    raise AssertionError("nothing came of the key")


def press(browser: Browser, key: str, **more: object) -> None:
    named: dict[str, dict[str, object]] = {
        "Enter": {"text": "\r", "windowsVirtualKeyCode": 13},
        "Escape": {"windowsVirtualKeyCode": 27},
    }
    text = named.get(key, {"text": key})
    browser.call("Input.dispatchKeyEvent", type="keyDown", key=key, **text, **more)
    browser.call("Input.dispatchKeyEvent", type="keyUp", key=key, **more)


def focused(browser: Browser) -> str:
    return str(browser.evaluate("document.activeElement.getAttribute('href') || ''"))


def at(browser: Browser) -> str:
    loaded = "document.readyState === 'complete' ? location.pathname : ''"
    return str(browser.evaluate(loaded))


def test_an_archive_is_walked_by_keys(chromium: Browser, archive: Archive) -> None:
    chromium.look(width=1280, scheme="light")
    with running(archive) as url:
        chromium.open(f"{url}/")
        for key, where in (("j", "W47"), ("j", "W46"), ("j", "W45"), ("j", "W45"), ("k", "W46")):
            press(chromium, key)
            assert focused(chromium) == f"issues/2026-{where}/"
        press(chromium, "Enter")
        until(lambda: at(chromium) == "/issues/2026-W46/")
        for key, slug in (("n", "W47"), ("p", "W46"), ("[", "W45"), ("]", "W46")):
            press(chromium, key)
            until(lambda slug=slug: at(chromium) == f"/issues/2026-{slug}/")  # type: ignore[misc]
        press(chromium, "n", modifiers=2)
        press(chromium, "n", modifiers=1)
        assert at(chromium) == "/issues/2026-W46/"
        chromium.open(f"{url}{BASE}why")
        press(chromium, "j")
        press(chromium, "Enter")
        until(lambda: at(chromium) == f"{BASE}story")
        press(chromium, "j")
        until(lambda: at(chromium) != "" and "library" in chromium.evaluate("location.search"))
        press(chromium, "Escape")
        until(lambda: at(chromium) == f"{BASE}why")
        press(chromium, "Escape")
        until(lambda: at(chromium) == "/")


def test_the_help_is_a_dialog_and_typing_is_left_alone(chromium: Browser, archive: Archive) -> None:
    chromium.look(width=375, scheme="dark")
    with running(archive) as url:
        chromium.open(f"{url}{BASE}")
        press(chromium, "?", modifiers=8)
        assert chromium.evaluate("document.querySelector('dialog[open] h2').textContent") == "Keys"
        press(chromium, "n")
        press(chromium, "Escape")
        assert chromium.evaluate("!document.querySelector('dialog[open]')")
        assert at(chromium) == BASE
        chromium.evaluate(
            "document.body.insertAdjacentHTML('beforeend', '<input id=q aria-label=q value=x>')"
        )
        press(chromium, "/")
        assert chromium.evaluate("document.activeElement.id") == "q"
        for key in ("n", "j", "/"):
            press(chromium, key)
        assert chromium.evaluate("document.getElementById('q').value") == "nj/"
        assert at(chromium) == BASE


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (375, "dark")])
def test_axe_finds_nothing(chromium: Browser, archive: Archive, width: int, scheme: str) -> None:
    try:
        judge = axe()
    except MissingToolError as error:
        if os.environ.get("CI"):
            pytest.fail(f"CI is set: {error}")
        pytest.skip(f"nothing was judged: {error}")
    chromium.look(width=width, scheme="dark" if scheme == "dark" else "light")
    with running(archive) as url:
        for page in PAGES:
            chromium.open(url + page)
            assert chromium.evaluate("document.documentElement.scrollWidth") <= width, page
            chromium.evaluate(f"{judge};0")
            told = chromium.evaluate(
                "axe.run(document, {iframes: false}).then(d => JSON.stringify(d.violations.flatMap("
                "rule => rule.nodes.map(node => rule.id + ' ' + node.html.slice(0, 120)))))"
            )
            assert json.loads(told) == [], page


@pytest.mark.parametrize("own", ["light", "dark"])
def test_a_frame_shows_its_scheme_whatever_the_reader_s_own(
    chromium: Browser, archive: Archive, own: str
) -> None:
    from dataclasses import replace

    from tests.archive.newsroom import made, save

    build = made()
    html = (
        "<html><head><meta name='color-scheme' content='light dark'><style>body{margin:0;"
        "background:#eeeeee}@media (prefers-color-scheme: dark){body{background:#101010}}</style>"
        "</head><body><p>Tides</p></body></html>"
    )
    save(archive, replace(build, renderings=replace(build.renderings, email_html=html)))
    chromium.look(width=1280, scheme="dark" if own == "dark" else "light")
    with running(archive) as url:
        for scheme, color in (("light", 0xEE), ("dark", 0x10), ("inverted", 0x11)):
            chromium.open(f"{url}/issues/2026-W47/?scheme={scheme}")
            box = chromium.evaluate(
                "(b => [b.x + 300, b.y + 200])(document.querySelector('iframe')"
                ".getBoundingClientRect())"
            )
            pixel = chromium.screenshot().getpixel((int(box[0]), int(box[1])))
            assert isinstance(pixel, tuple)
            assert abs(pixel[0] - color) <= 2, scheme
