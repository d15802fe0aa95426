"""Every theme, held to npm's mjml, axe, the Nu checker, SpamAssassin and Word's engine."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from bench.node_tools import MissingToolError, NpmMjml, node_modules, npm_mjml, nu
from bench.rendering_cases import Case, all_cases, themes
from bench.rendering_pages import (
    axe_violations,
    bare,
    bare_in_word,
    known_to_nu,
    spam,
    wide_and_faint,
)
from bench.rendering_pixels import differing_pixels
from bench.screenshots import Shot
from bench.word import faults_in_word, unitless_zeros
from digest.render import render
from tests.browser import Browser

CASES = list(all_cases(themes()))
every_case = pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])


@contextmanager
def tool() -> Iterator[None]:
    """A missing tool skips the test by name, and fails it where CI is set."""
    try:
        yield
    except MissingToolError as error:
        if os.environ.get("CI"):
            pytest.fail(f"CI is set: {error}")
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def npm() -> Iterator[NpmMjml]:
    with ExitStack() as stack:
        with tool():
            running = stack.enter_context(npm_mjml())
        yield running


@every_case
def test_no_pixel_differs_from_npms_mjml(
    chromium: Browser, npm: NpmMjml, case: Case, tmp_path: Path
) -> None:
    for shot, apart in differing_pixels(chromium, npm, case, tmp_path):
        assert apart == 0, shot


@every_case
def test_rendering_opens_no_socket(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    again = render(case.issue, case.theme, media=case.media)
    assert again == case.made
    assert "<mj-" not in again.email_html


@every_case
@pytest.mark.parametrize("page", ["email", "web"])
@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing(
    chromium: Browser, case: Case, tmp_path: Path, page: str, dark: bool
) -> None:
    with tool():
        node_modules()
    assert axe_violations(chromium, case.write(tmp_path) / f"{page}.html", dark=dark) == []


@every_case
def test_the_nu_checker_finds_what_outlook_wants_and_nothing_else(
    case: Case, tmp_path: Path
) -> None:
    here = case.write(tmp_path)
    with tool():
        found = nu(here / "email.html", here / "web.html")
    assert [told.text for told in found["email.html"] if not known_to_nu(told)] == []
    assert found["web.html"] == ()


@every_case
def test_spamassassin_gives_no_points(case: Case) -> None:
    with tool():
        found = spam(case)
    assert found.score <= 0, found.rules


@every_case
def test_words_tables_are_in_order(case: Case) -> None:
    assert unitless_zeros(case.mjml) == ()
    assert faults_in_word(case.made.email_html, page=case.theme.widths.page) == ()


@every_case
def test_without_styles_and_images_it_is_legible_and_fits(
    chromium: Browser, case: Case, tmp_path: Path
) -> None:
    email = case.made.email_html
    here = case.write(tmp_path, bare=bare(email), word=bare_in_word(email))
    for name, width in (("bare", 375), ("word", 800)):
        shot = Shot(width=width, images=False)
        assert wide_and_faint(chromium, here / f"{name}.html", shot) == (0, []), name


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ("<table><tr><td>x</td></table>", "closes <tr>"),
        ("<!--[if mso]><table><tr><td><![endif]-->x", "is never closed"),
        ("<td>x</td>", "<td> stands in"),
        ('<table width="700"><tr><td>x</td></tr></table>', "700 px wide where 600"),
        ('<table width="600"><tr><td width="200">x</td><td width="200">y</td></tr></table>',
         "leave 200 empty"),
    ],
)  # fmt: skip
def test_word_forgives_nothing(html: str, fault: str) -> None:
    assert any(fault in told for told in faults_in_word(html, page=600))
    assert unitless_zeros('<mj-text padding="0 24px">') != ()
    assert unitless_zeros('<mj-text padding="0px 24px 10px">') == ()
