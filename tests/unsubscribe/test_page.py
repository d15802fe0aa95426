"""The page as a reader sees it: in a real browser, in every language, held to axe."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bench.node_tools import MissingToolError, node_modules
from bench.rendering_pages import axe_violations, wide_and_faint
from bench.screenshots import Shot
from digest.text.language import direction
from tests.browser import Browser
from tests.unsubscribe.host import KEYS, served

TOKEN = KEYS.token("ann@example.org")
ANN = KEYS.reference("ann@example.org")
LANGUAGES = {"en": "Unsubscribe", "es": "Darte de baja", "ar": "إلغاء الاشتراك", "ja": "配信"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reader_leaves_and_comes_back_in_a_browser(
    chromium: Browser, tmp_path: Path, language: str
) -> None:
    with served(tmp_path / "record", language=language) as site:
        chromium.look(width=375, height=700, mobile=True)
        chromium.open(f"http://127.0.0.1:{site.port}/?t={TOKEN}")
        assert LANGUAGES[language] in chromium.evaluate("document.title")
        assert chromium.evaluate("document.documentElement.dir") == direction(language)
        # The policy must let the page's own style through: a button without it has no radius.
        styled = "getComputedStyle(document.querySelector('button')).borderRadius"
        assert chromium.evaluate(styled) != "0px"
        for name, told in (("unsubscribe", "unsubscribed"), ("again", "again")):
            _press(chromium, name)
            assert site.told()[-1] == (ANN, told, "page")
        assert chromium.evaluate("document.querySelectorAll('button').length") == 0


def _press(browser: Browser, name: str) -> None:
    """Press the button and wait for the page behind it; keys as a person without a mouse."""
    browser.evaluate(f"document.querySelector('button[name={name}]').focus()")
    for kind in ("keyDown", "keyUp"):
        browser.call(
            "Input.dispatchKeyEvent", type=kind, key="Enter", text="\r", windowsVirtualKeyCode=13
        )
    # The page behind it has no button of that name.
    while True:
        try:
            waits = (
                f"document.readyState != 'complete' || !!document.querySelector('[name={name}]')"
            )
            if not browser.evaluate(waits):
                return
        except RuntimeError:
            pass  # between two pages there is none to ask


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_fits_a_phone_and_reads_in_any_light(
    chromium: Browser, tmp_path: Path, language: str, dark: bool
) -> None:
    for path in _pages(tmp_path, language):
        shot = Shot(width=375, height=700, dark=dark)
        assert wide_and_faint(chromium, path, shot) == (0, []), path.name


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_axe_finds_nothing(chromium: Browser, tmp_path: Path, language: str, dark: bool) -> None:
    try:
        node_modules()
    except MissingToolError as error:
        if os.environ.get("CI"):
            pytest.fail(f"CI is set: {error}")
        pytest.skip(str(error))
    for path in _pages(tmp_path, language):
        assert axe_violations(chromium, path, dark=dark) == [], path.name


def _pages(folder: Path, language: str) -> list[Path]:
    """Every page that a reader can meet, as files."""
    name = "Harbor Weekly: " + "averylongnamewithoutanyspaceinit" * 2
    with served(
        folder / "record", language=language, name=name, home_url="https://example.org"
    ) as site:
        asked = {
            "ask": site.ask("GET", f"/?t={TOKEN}"),
            "left": site.press(TOKEN),
            "again": site.press(TOKEN, "again"),
            "broken": site.ask("GET", "/"),
        }
        while (answer := site.ask("GET", "/")).status != 429:
            pass
        asked["too-often"] = answer
    with served(folder, language=language, name=name) as site:
        asked["failed"] = site.press(TOKEN)
    paths = []
    for word, answer in asked.items():
        paths.append(folder / f"{word}.html")
        paths[-1].write_text(answer.text, "utf-8")
    return paths


@pytest.mark.parametrize("language", ["es", "ar", "ja", "pt-BR"])
def test_the_one_click_answer_speaks_the_newsletters_language(
    tmp_path: Path, language: str
) -> None:
    with served(tmp_path / "record", language=language) as site:
        answer = site.click(TOKEN)
    assert answer.headers["content-language"] == language
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert (answer.text == "You are unsubscribed\n") is (language == "pt-BR")


def test_a_name_is_text_and_never_markup(tmp_path: Path) -> None:
    name = "<b>Harbor</b> & “Weekly” %(x)s"
    with served(tmp_path / "record", name=name, home_url="https://example.org/?a=1&b=%22") as site:
        page = site.ask("GET", f"/?t={TOKEN}")
    assert page.status == 200
    assert "<b>" not in page.text
    assert "&lt;b&gt;Harbor&lt;/b&gt; &amp; “Weekly” %(x)s" in page.text
