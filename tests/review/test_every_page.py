"""Every page of the review, found by its links and by the app's own rules: no dead link, none that
is too large, none that axe finds fault with."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from lxml import html as markup

from bench.node_tools import MissingToolError, axe
from bench.review_addresses import Address
from digest.review.serve import make_review_server
from tests.browser import Browser
from tests.review.whole import all_addresses, app_of, newsletter

MAX_BYTES = 100_000
HERE = ("", "localhost")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return newsletter(tmp_path_factory.mktemp("whole") / "news")


def test_no_link_is_dead_and_no_page_too_large(folder: Path) -> None:
    client = app_of(folder).test_client()
    pending = ["/", *(address.url for address in all_addresses(folder))]
    seen: set[str] = set()
    while pending:
        url = pending.pop()
        if url in seen:
            continue
        seen.add(url)
        answer = client.get(url)
        assert answer.status_code in {200, 302, 303, 307, 308}, f"{url} is dead"
        if answer.status_code > 200:
            pending.append(urljoin(url, answer.headers["Location"]))
        if answer.mimetype != "text/html":
            continue
        assert len(answer.data) <= MAX_BYTES, f"{url} has {len(answer.data):,} bytes"
        if not url.partition("?")[0].endswith(".html"):  # a mail, whose links are its own
            pending += inner_links(answer.text, url)
    assert len(seen) > 60


def inner_links(page: str, url: str) -> list[str]:
    """Where a page of our own leads to within the review; the anchors that it names are there."""
    tree = markup.fromstring(page)
    found = []
    for element in tree.iter("a", "iframe", "link", "script", "img", "area", "source"):
        target = element.get("href") or element.get("src") or ""
        if target.startswith("#"):
            named = tree.xpath("//*[@id=$id]", id=target[1:])
            assert named or target == "#", f"{url} leads to {target}, which is not there"
        elif target and urlsplit(target).scheme in {"", "http"} and urlsplit(target).netloc in HERE:
            found.append(urljoin(url, target).partition("#")[0])
    return found


def kinds(folder: Path) -> list[Address]:
    """A page of each rule and query that answers with a page of our own."""
    client = app_of(folder).test_client()
    return [
        address
        for address in all_addresses(folder)
        if not address.url.endswith(".html") and client.get(address.url).mimetype == "text/html"
    ]


@contextmanager
def running(app: Flask) -> Iterator[str]:
    server = make_review_server(app, port=0)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()


def test_axe_finds_nothing_on_any_page(chromium: Browser, folder: Path) -> None:
    """Light and dark, on a phone and on a desk. What stands in a frame is a mail's own."""
    try:
        judge = f"{axe()};0"
    except MissingToolError as error:
        if os.environ.get("CI"):
            pytest.fail(f"CI is set: {error}")
        pytest.skip(f"no page was held to axe: {error}")
    ask = (
        "axe.run(document, {iframes: false, resultTypes: ['violations']})"
        ".then(done => JSON.stringify(done.violations))"
    )
    faults: list[str] = []
    pages = kinds(folder)
    chromium.call("Page.setBypassCSP", enabled=True)  # axe itself is a script
    try:
        with running(app_of(folder)) as origin:
            for page in pages:
                chromium.look(width=1280)
                chromium.open(origin + page.url)
                chromium.evaluate(judge)
                for width, dark in ((1280, False), (1280, True), (375, True), (375, False)):
                    chromium.look(width=width, scheme="dark" if dark else "light")
                    where = f"{page.url} at {width} px, {'dark' if dark else 'light'}"
                    wide = chromium.evaluate("document.documentElement.scrollWidth")
                    if wide > width:
                        faults.append(f"{where}: {wide} px wide")
                    for rule in json.loads(chromium.evaluate(ask)):
                        node = rule["nodes"][0]
                        faults.append(f"{where}: {rule['id']}: {node['html'][:120]}")
    finally:
        chromium.call("Page.setBypassCSP", enabled=False)
    assert len(pages) >= 12
    assert not faults, "\n".join(faults)
