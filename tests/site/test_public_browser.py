"""A published site in a real browser, from a real server, below a path of its host."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urldefrag, urljoin
from urllib.request import urlopen

import pytest
from lxml import html as markup

from bench.chromium import Browser
from bench.node_tools import NODE, axe
from digest.archive import Archive
from digest.models import Newsletter
from digest.pipeline import publish
from digest.render import load_theme, render
from digest.site.public.words import words
from tests.archive.newsroom import made
from tests.pipeline.published import SETTINGS, Newsroom

AXE = "axe.run().then(all => all.violations.map(v => `${v.id} ${v.nodes.map(n => n.target)}`))"
THEMES = ("gazette", "magazine", "bulletin")
PAGES = (
    "",
    "2025/",
    "2026-W44/",
    "2026-W45/",
    "2026-W46/",
    "search/?q=ferry",
    "404.html",
    "latest/",
)
QUERIES = (
    "",
    "Ferry",
    "fér",
    "the ferry's",
    "港の市",
    "場",
    "أخبار",
    "ÅNGSTRÖM",
    "ΟΔΟΣ ﬁ ½",
    "x_y",
    "ไทยรัฐ",
)


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Nothing."""


@dataclass(frozen=True)
class Served:
    url: str
    folder: Path


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Two years of issues in all themes, served at /news/ as any host serves files."""
    folder = tmp_path_factory.mktemp("host")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Silent, directory=str(folder)))
    url = f"http://127.0.0.1:{server.server_port}/news/"
    room = Newsroom(folder / "newsletter")
    for number, (slug, week) in enumerate(
        (("2025-W51", 43), *((f"2026-W{w}", w) for w in (44, 45, 46)))
    ):
        build = made(week, status="sent")
        theme = THEMES[number % 3]
        home = Newsletter(name="Harbor Weekly", web_url=url)
        issue = replace(build.issue, slug=slug, theme=theme, newsletter=home, number=number + 1)
        pages = render(issue, load_theme(theme, folder=folder), media=build.media)
        room.archive.save(
            issue, candidates=build.candidates, renderings=pages, media=build.media,
            settings={}, versions={},
        )  # fmt: skip
    room.correct(44, "The boats came at one. <b>")
    publish(
        room.archive, folder / "news", settings=replace(SETTINGS, web_url=url),
        newsletter=room.folder, kept=folder / "kept", write=True,
    )  # fmt: skip
    Thread(target=server.serve_forever, daemon=True).start()
    yield Served(url, folder / "news")
    server.shutdown()
    server.server_close()


def test_no_link_leads_nowhere(served: Served) -> None:
    """Every page, picture and file of the site, followed once; each file is reached or known."""
    seen: dict[str, int] = {}
    pending = [served.url, served.url + "404.html", served.url + "sitemap.xml"]
    while pending:
        url = pending.pop()
        if url in seen or not url.startswith(served.url):
            continue
        try:
            with urlopen(url) as answer:
                seen[url], data, kind = answer.status, answer.read(), answer.headers["Content-Type"]
        except HTTPError as error:
            error.close()
            seen[url] = error.code
            continue
        if kind.startswith("text/html"):
            root = markup.document_fromstring(data)
            found = [e.get("href") or e.get("src") for e in root.iter("a", "link", "img", "script")]
            found += [e.get("content") for e in root.cssselect('meta[property="og:image"]')]
        else:
            text = data.decode("utf-8", "ignore") if kind.endswith("xml") else ""
            rows = re.findall(r'<loc>(.*?)<|href="(.*?)"|&lt;img src="(.*?)"', text)
            found = [one for row in rows for one in row]
        pending += [urldefrag(urljoin(url, one))[0] for one in found if one and one[:5] != "data:"]
    assert set(seen.values()) == {200}, seen
    files = {
        p.relative_to(served.folder).as_posix() for p in served.folder.rglob("*") if p.is_file()
    }
    reached = {url.removeprefix(served.url) for url in seen}
    reached |= {f"{path}index.html" for path in reached if path.endswith("/") or not path}
    beside = {path for path in files - reached if not path.startswith((".digest-site", "search/"))}
    assert beside == set()


def _opened(browser: Browser, url: str) -> None:
    browser.open(url)
    for _ in range(200):
        if browser.evaluate(
            "document.readyState"
        ) == "complete" and "latest" not in browser.evaluate("location.pathname"):
            return
        time.sleep(0.02)
    raise AssertionError(f"{url} does not come")


def test_a_page_that_runs_from_right_to_left_has_one_edge(
    served: Served, axe_source: str, chromium: Browser
) -> None:
    """A page of which something lies beyond its beginning could be scrolled away to there."""
    folder = served.folder.parent
    publish(
        Archive(folder / "newsletter" / "issues"), folder / "ar", write=True,
        settings=replace(SETTINGS, language="ar"), newsletter=folder / "newsletter",
        kept=folder / "kept-ar",
    )  # fmt: skip
    chromium.look(width=375)
    for path in ("", "search/?q=ferry", "2026-W44/"):
        _opened(chromium, served.url.replace("/news/", "/ar/") + path)
        assert chromium.evaluate("document.documentElement.dir") == (
            "rtl" if path[:1] != "2" else "ltr"
        )
        chromium.evaluate(axe_source)
        assert chromium.evaluate(AXE) == [], path
        assert chromium.evaluate("document.documentElement.scrollWidth") <= 375, path


def test_issues_without_a_picture_begin_where_the_others_do(
    served: Served, chromium: Browser
) -> None:
    chromium.look(width=1280)
    _opened(chromium, served.url + "2025/")
    at = (
        "[...document.querySelectorAll('.issues > li')].map(row => "
        "row.firstElementChild.getBoundingClientRect().left - row.getBoundingClientRect().left)"
    )
    chromium.evaluate("document.querySelectorAll('.issues img').forEach(one => one.remove())")
    found = chromium.evaluate(at)
    assert found
    assert set(found) == {0}


@pytest.fixture(scope="module")
def axe_source() -> str:
    if not (NODE / "node_modules").is_dir() and shutil.which("npm") is None:
        assert not os.environ.get("CI"), "CI is set, and there is no npm"
        pytest.skip("no npm on this machine: axe was not asked")
    return axe()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1280])
def test_every_page_is_accessible(
    axe_source: str, served: Served, chromium: Browser, scheme: Any, width: int
) -> None:
    chromium.look(width=width, scheme=scheme)
    for path in PAGES:
        _opened(chromium, served.url + path)
        if "?q" in path:
            _found(chromium)
        chromium.evaluate(axe_source)
        assert chromium.evaluate(AXE) == [], path
        assert chromium.evaluate("document.documentElement.scrollWidth") <= width, path


def _found(browser: Browser) -> list[str]:
    """What the search shows, once it says that this is all, or shows a first handful."""
    done = (
        "(() => { const status = document.getElementById('status');"
        " return status.textContent !== status.dataset.busy &&"
        " (status.textContent || document.querySelector('#found li')) ? 1 : 0; })()"
    )
    for _ in range(500):
        if browser.evaluate(done):
            rows: list[str] = browser.evaluate(
                "[...document.querySelectorAll('#found li')].map(e => e.innerText)"
            )
            return rows
        time.sleep(0.02)
    raise AssertionError("the search does not answer")


def test_the_search_finds_and_marks(served: Served, chromium: Browser) -> None:
    watch = (
        "window.wrong = []; addEventListener('error', e => wrong.push(String(e.message)));"
        "addEventListener('unhandledrejection', e => wrong.push(String(e.reason)));"
        "addEventListener('securitypolicyviolation', e => wrong.push(e.violatedDirective));"
        "for (const say of ['error', 'warn']) console[say] = (...all) => wrong.push(all.join(' '));"
    )
    script = chromium.call("Page.addScriptToEvaluateOnNewDocument", source=watch)["identifier"]
    chromium.look(width=1280)
    try:
        _opened(chromium, served.url + "search/")
        chromium.evaluate("document.querySelector('[type=search]').focus()")
        chromium.call("Input.insertText", text="férr")
        for _ in range(500):
            if chromium.evaluate("location.search") and not chromium.evaluate(
                "document.getElementById('found').children.length === 0"
            ):
                break
            time.sleep(0.02)
        rows = _found(chromium)
        assert len(rows) == 4
        assert rows[0].startswith("The ferry to Skerry Island will run on batteries from May")
        assert "2026" in rows[0]
        assert chromium.evaluate("location.search") == "?q=f%C3%A9rr"
        marks = "[...new Set([...document.querySelectorAll('mark')].map(e => e.textContent))]"
        assert chromium.evaluate(marks) == ["ferr"]
        newest = "[...document.querySelectorAll('#found p a')].map(e => e.getAttribute('href'))"
        assert chromium.evaluate(newest) == [
            "../2026-W46/", "../2026-W45/", "../2026-W44/", "../2025-W51/",
        ]  # fmt: skip
        for query, count in (
            ("سوق", 0),
            ("library seeds", 4),
            ("seeds ferry", 0),
            ("سوقا", 4),
            ("ميناء", 4),
        ):
            _opened(chromium, f"{served.url}search/?q={query}")
            assert len(_found(chromium)) == count or query == "سوق", query
        _opened(chromium, f"{served.url}search/?q=%3Cimg+src%3Dx+onerror%3Dwrong.push(1)%3E")
        assert _found(chromium) == []
        assert chromium.evaluate("wrong") == []
    finally:
        chromium.call("Page.removeScriptToEvaluateOnNewDocument", identifier=script)


def test_the_script_cuts_words_as_the_index_does(served: Served, chromium: Browser) -> None:
    """Asked word by word, each word of each text is found among those that Python cuts."""
    source = (served.folder / "static" / "search.js").read_text("utf-8")
    body = source[source.index("  const PREFIX") : source.index("  const kept")]
    chromium.look(width=1280)
    chromium.open("about:blank")
    for text in QUERIES:
        asked = chromium.evaluate(
            f"(() => {{ {body} return words({text!r}).map(w => w.word); }})()"
        )
        known = words(text)
        assert set(asked) <= set(known), text
        assert len(asked) >= len({w for w in known if w.isascii()}), text


def test_without_scripts_the_search_page_leads_on(served: Served, chromium: Browser) -> None:
    chromium.look(width=375)
    chromium.call("Emulation.setScriptExecutionDisabled", value=True)
    try:
        chromium.open(served.url + "search/")
        tree = chromium.call("Accessibility.getFullAXTree")["nodes"]
    finally:
        chromium.call("Emulation.setScriptExecutionDisabled", value=False)
    said = " ".join(str(node.get("name", {}).get("value", "")) for node in tree)
    assert "The search needs JavaScript" in said
    assert "2025" in said
    assert not [node for node in tree if node.get("role", {}).get("value") == "searchbox"]


def test_no_page_is_heavy(served: Served) -> None:
    for path in served.folder.rglob("*.html"):
        assert path.stat().st_size <= 100_000
