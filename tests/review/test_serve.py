"""The server itself: its port, its end, and what a browser that asks it shows."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from PIL import Image

from digest.archive import Archive
from digest.errors import DigestError
from digest.review import create_app, serve_forever
from digest.review.serve import make_review_server
from tests.archive.newsroom import made, picture, save
from tests.browser import Browser

MAGENTA = (0xE0, 0x00, 0xE0)


@contextmanager
def running(archive: Archive) -> Iterator[str]:
    server = make_review_server(create_app(archive), port=0)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()


@contextmanager
def remote_pictures() -> Iterator[tuple[str, list[str]]]:
    """Another server, which stands for the network, and the paths that it was asked for."""
    asked: list[str] = []

    class Pictures(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            self.end_headers()
            self.wfile.write(picture("#00e000"))

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Pictures) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", asked
        finally:
            server.shutdown()
            thread.join()


def test_a_busy_port_is_one_sentence(archive: Archive) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(DigestError) as raised:
            serve_forever(create_app(archive), port=port)
    assert f"Port {port} on 127.0.0.1 is in use" in raised.value.what
    assert "--port" in raised.value.hint


def test_it_says_where_it_answers_and_stops_on_ctrl_c(archive: Archive) -> None:
    told: list[str] = []

    def ready(url: str) -> None:
        told.append(url)
        host, _, port = url.removeprefix("http://").rstrip("/").partition(":")
        with socket.create_connection((host, int(port))):
            raise KeyboardInterrupt

    serve_forever(create_app(archive), port=0, ready=ready)
    assert len(told) == 1
    port = int(told[0].rstrip("/").rpartition(":")[2])
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


def test_paths_as_an_attacker_writes_them(archive: Archive) -> None:
    with running(archive) as url:
        port = int(url.rpartition(":")[2])
        for path, code in (
            ("/../../etc/passwd", 404),
            ("/issues/../../../etc/passwd", 404),
            ("/issues/2026-W47/media/../issue.json", 404),
            ("http://evil.example.org/", 403),
            ("/", 200),
        ):
            connection = http.client.HTTPConnection("127.0.0.1", port)
            connection.request("GET", path)
            assert connection.getresponse().status == code, path
            connection.close()


def share(image: Image.Image, color: tuple[int, int, int]) -> float:
    """How much of a picture has about this color."""
    width, height = image.size
    near = sum(
        count
        for count, found in image.getcolors(width * height) or ()
        if isinstance(found, tuple)
        and all(abs(a - b) < 24 for a, b in zip(found, color, strict=True))
    )
    return near / (width * height)


def paints(chromium: Browser, color: tuple[int, int, int], *, least: float) -> bool:
    """Whether the page comes to show a color: a frame is painted after its load was announced."""
    for _ in range(100):
        if share(chromium.screenshot(), color) > least:
            return True
        time.sleep(0.2)
    return False


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 375])
def test_the_pages_in_a_real_browser(
    chromium: Browser, archive: Archive, width: int, scheme: str
) -> None:
    chromium.look(width=width, scheme="dark" if scheme == "dark" else "light")
    with running(archive) as url:
        for page in (
            "/",
            *(f"/issues/2026-W47/{p}" for p in ("", "text", "web", "headers", "why")),
        ):
            chromium.open(url + page)
            assert chromium.evaluate("document.documentElement.scrollWidth") <= width, page
            top = chromium.screenshot().getpixel((2, 2))
            assert isinstance(top, tuple)
            assert (top[0] > 128) is (scheme == "light"), f"{page} is not {scheme}"
        chromium.open(f"{url}/issues/2026-W47/")
        assert paints(chromium, MAGENTA, least=0.05), "the issue's own picture is not shown"
        frames = "[...document.querySelectorAll('iframe')].map(f => f.clientWidth)"
        assert chromium.evaluate(frames) == [600, 375]
        tops = "[...document.querySelectorAll('figure')].map(f => f.getBoundingClientRect().top)"
        first, second = chromium.evaluate(tops)
        assert (first == second) is (width == 1280), "side by side where there is room"


@pytest.mark.parametrize("width", [375, 500, 640, 736])
def test_on_a_narrow_screen_a_mail_stands_in_the_middle_of_its_own_frame(
    chromium: Browser, archive: Archive, width: int
) -> None:
    """The white around a mail is as wide as the mail, or as the screen where that is narrower."""
    chromium.look(width=width, scheme="dark")
    with running(archive) as url:
        chromium.open(f"{url}/issues/2026-W47/")
        box = "(b => [b.left, b.right])(p.getBoundingClientRect())"
        panes = chromium.evaluate(f"[...document.querySelectorAll('.pane')].map(p => {box})")
        assert chromium.evaluate("document.documentElement.scrollWidth") <= width
    for (left, right), mail in zip(panes, (600, 375), strict=True):
        assert right - left == min(mail, width)
        assert abs(left - (width - right)) <= 1


def test_nothing_remote_is_loaded_until_asked(chromium: Browser, archive: Archive) -> None:
    from dataclasses import replace

    with remote_pictures() as (remote, asked), running(archive) as url:
        build = made()
        html = build.renderings.email_html.replace(
            "<h1>",
            f"<img src='{remote}/tracker.png' width=300><script src='{remote}/x.js'></script>"
            f"<link rel=stylesheet href='{remote}/x.css'><iframe src='{remote}/x'></iframe>"
            f"<style>@import '{remote}/y.css'; h1 {{ background: url({remote}/back.png) }}</style>"
            f"<script>document.body.textContent = 'owned'; fetch('{remote}/stolen')</script><h1>",
            1,
        )
        save(archive, replace(build, renderings=replace(build.renderings, email_html=html)))
        chromium.look(width=1280, scheme="light")
        chromium.open(f"{url}/issues/2026-W47/")
        chromium.open(f"{url}/issues/2026-W47/email.html")
        assert paints(chromium, MAGENTA, least=0.05), "the script ran"
        assert asked == []
        chromium.open(f"{url}/issues/2026-W47/?images=on")
        assert set(asked) == {"/tracker.png", "/back.png"}, "pictures, once asked; nothing else"


def test_a_link_of_the_email_opens_a_tab_of_its_own(chromium: Browser, archive: Archive) -> None:
    with running(archive) as url:
        chromium.look(width=600, scheme="light")
        framed = f"{url}/issues/2026-W47/email.html?frame=on"
        chromium.open(framed)
        before = chromium.tabs()
        chromium.evaluate("document.querySelector('h2 a').click()")
        assert len(chromium.tabs()) == len(before) + 1
        assert chromium.evaluate("location.href") == framed
