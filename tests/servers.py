"""A real HTTP server on loopback that serves pages, and every fault that a network can have.

::

    with FaultServer() as server:
        server.add("/feed.xml", body, "application/rss+xml")
        server.url("/feed.xml")  # http://127.0.0.1:40123/feed.xml
        server.asked  # what came in: [Asked(path="/feed.xml", headers={…})]
"""

from __future__ import annotations

import gzip
import itertools
import socket
import ssl
import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer, ThreadingMixIn
from types import TracebackType
from typing import Any, Self

PAGE = b"<!doctype html><title>Ferry</title><p>The ferry runs again on Sunday.</p>"
ETAG = '"v1"'
LAST_MODIFIED = "Fri, 20 Nov 2026 07:00:00 GMT"
BOMB_BYTES = 1 << 30
_BOMB_CRC = 0x5B64C2B0  # of 1 GiB of zeros


def bomb() -> Iterator[bytes]:
    """1 MB of gzip that inflates to 1 GiB of zeros, in pieces of about 1 KB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    # A full flush ends on a byte and forgets what came before: the block may stand many times.
    block = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    yield b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
    yield from itertools.repeat(block, 1024)
    yield b"\x03\x00" + _BOMB_CRC.to_bytes(4, "little") + BOMB_BYTES.to_bytes(4, "little")


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came in; header names in lower case."""

    path: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class FaultServer:
    """Serves what was added with `add`, and the faults of `FAULTS`, until the block ends."""

    def __init__(self, *, tls: ssl.SSLContext | None = None) -> None:
        self.asked: list[Asked] = []
        self.stopping = threading.Event()
        self.pages: dict[str, _Page] = {}
        self.at_once: Counter[str] = Counter()
        self.most_at_once: Counter[str] = Counter()
        self.bodies = 0
        self.counting = threading.Lock()
        self._scheme = "https" if tls else "http"
        self._server = _Server(self, tls)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.hang_up()
        self._server.server_close()
        self._thread.join()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def url(self, path: str) -> str:
        """The address of `path` at 127.0.0.1."""
        return f"{self._scheme}://127.0.0.1:{self.port}{path}"

    def add(
        self,
        path: str,
        body: bytes | str,
        content_type: str = "text/html; charset=utf-8",
        headers: Mapping[str, str] | None = None,
        *,
        status: int = 200,
    ) -> str:
        """Serve `body` at `path`; gives its address. A page hides a fault of the same path."""
        raw = body.encode() if isinstance(body, str) else body
        self.pages[path] = _Page(
            body=raw, status=status, headers={"Content-Type": content_type, **(headers or {})}
        )
        return self.url(path)


class _Server(ThreadingMixIn, TCPServer):
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, owner: FaultServer, tls: ssl.SSLContext | None) -> None:
        self.owner = owner
        self._tls = tls
        self._open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", 0), _Handler)

    def get_request(self) -> tuple[Any, Any]:
        sock, address = super().get_request()
        if self._tls is not None:
            # The handshake waits for the handler's thread: a refused certificate stops no other.
            sock = self._tls.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
        self._open.add(sock)
        return sock, address

    def close_request(self, request: Any) -> None:
        self._open.discard(request)
        super().close_request(request)

    def hang_up(self) -> None:
        """End the connections that a client still holds."""
        for sock in tuple(self._open):
            try:
                socket.socket.shutdown(sock, socket.SHUT_RDWR)
            except OSError:
                continue

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is what these tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        owner = self.server.owner
        owner.asked.append(Asked(self.path, {k.lower(): v for k, v in self.headers.items()}))
        self.close_connection = True
        path = self.path.partition("?")[0]
        page = owner.pages.get(self.path) or owner.pages.get(path)
        fault = FAULTS.get(path.rstrip("0123456789"))
        if page is not None and "ETag" in page.headers and self.knows(page.headers["ETag"]):
            self.answer(b"", 304, page.headers)
        elif page is not None:
            self.answer(page.body, page.status, page.headers)
        elif fault is not None:
            fault(self)
        else:
            self.answer(b"nothing here", 404)

    def knows(self, etag: str) -> bool:
        return self.headers["If-None-Match"] == etag

    def log_message(self, *_: object) -> None:
        """Nothing: the tests look at `asked`."""

    def answer(
        self, body: bytes, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> None:
        """A whole answer, its length right unless `headers` says another."""
        self.send_response(status)
        told = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body))}
        for name, value in {**told, "Connection": "close", **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        with self.server.owner.counting:
            self.server.owner.bodies += len(body)

    def redirect(self, location: str, status: int = 302) -> None:
        self.answer(b"", status, {"Location": location})

    def drip(self, letters: Iterator[bytes]) -> None:
        """One byte every 10 ms, for as long as the client stays."""
        for letter in letters:
            self.wfile.write(letter)
            if self.server.owner.stopping.wait(0.01):
                return

    def wait(self) -> None:
        """Say nothing for as long as the server runs."""
        self.server.owner.stopping.wait()

    def slow(self) -> None:
        """The page, after a while in which others are counted that wait too."""
        owner, host = self.server.owner, self.headers.get("Host", "")
        with owner.counting:
            owner.at_once[host] += 1
            owner.most_at_once[host] = max(owner.most_at_once[host], owner.at_once[host])
            owner.most_at_once["all"] = max(owner.most_at_once["all"], owner.at_once.total())
        until = time.monotonic() + 5  # a busy machine may need long to begin the other one
        while owner.most_at_once["all"] < 2 and time.monotonic() < until:
            if owner.stopping.wait(0.01):
                break
        owner.stopping.wait(0.05)
        with owner.counting:
            owner.at_once[host] -= 1
        self.answer(PAGE)

    def flaky(self, status: int, headers: Mapping[str, str]) -> None:
        """An error the first time, then the page."""
        times = sum(asked.path == self.path for asked in self.server.owner.asked)
        self.answer(b"no", status, headers) if times == 1 else self.answer(PAGE)

    def number(self) -> int:
        return int(self.path.rpartition("/")[2])


def _not_modified(h: _Handler) -> None:
    told = {"ETag": ETAG, "Last-Modified": LAST_MODIFIED}
    known = h.headers["If-None-Match"] == ETAG or h.headers["If-Modified-Since"] == LAST_MODIFIED
    if not known:
        h.answer(PAGE, 200, told)
        return
    h.send_response(304)
    for name, value in told.items():
        h.send_header(name, value)
    h.end_headers()


def _stream(h: _Handler, headers: Mapping[str, str], pieces: Iterator[bytes]) -> None:
    """A body without a length, ended by the end of the connection."""
    h.send_response(200)
    for name, value in {**headers, "Connection": "close"}.items():
        h.send_header(name, value)
    h.end_headers()
    for piece in pieces:
        h.wfile.write(piece)


def _chunked(h: _Handler, *, ended: bool) -> None:
    _stream(h, {"Transfer-Encoding": "chunked"}, iter([b"5\r\nferry\r\n"]))
    if ended:
        h.wfile.write(b"0\r\n\r\n")


def _chain(h: _Handler) -> None:
    left = h.number()
    h.redirect(f"/redirect/chain/{left - 1}" if left > 1 else "/ok")


def _raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


def _raw(data: bytes) -> Callable[[_Handler], None]:
    def write(h: _Handler) -> None:
        h.wfile.write(data)

    return write


def _coded(coding: str, body: bytes) -> Callable[[_Handler], None]:
    return lambda h: h.answer(body, 200, {"Content-Encoding": coding})


def _to(location: str) -> Callable[[_Handler], None]:
    return lambda h: h.redirect(location)


FAULTS: dict[str, Callable[[_Handler], None]] = {
    "/ok": lambda h: h.answer(PAGE, 200, {"ETag": ETAG, "Last-Modified": LAST_MODIFIED}),
    "/wrong-charset": lambda h: h.answer(
        "Ærøskøbing".encode(), 200, {"Content-Type": "text/html; charset=ISO-8859-1"}
    ),
    "/not-modified": _not_modified,
    # codings
    "/gzip": _coded("gzip", gzip.compress(PAGE)),
    "/gzip-members": _coded("gzip", gzip.compress(PAGE[:9]) + gzip.compress(PAGE[9:]) + bytes(8)),
    "/gzip-cut": _coded("gzip", gzip.compress(PAGE)[:-12]),
    "/gzip-not": _coded("gzip", PAGE),
    "/deflate": _coded("deflate", zlib.compress(PAGE)),
    "/deflate-raw": _coded("deflate", _raw_deflate(PAGE)),
    "/coding-unknown": _coded("br", b"\x0b\x02\x80ferry\x03"),
    "/coding-twice": _coded("gzip, gzip", gzip.compress(gzip.compress(PAGE))),
    "/bomb": lambda h: _stream(h, {"Content-Encoding": "gzip"}, bomb()),
    # time
    "/silent": lambda h: h.wait(),
    "/drip": lambda h: h.drip(
        itertools.chain([b"HTTP/1.1 200 OK\r\n\r\n"], itertools.repeat(b"x"))
    ),
    "/drip-head": lambda h: h.drip(
        itertools.chain([b"HTTP/1.1 200 OK\r\nX: "], itertools.repeat(b"x"))
    ),
    # bodies that are not what they say
    "/chunked": lambda h: _chunked(h, ended=True),
    "/chunked-cut": lambda h: _chunked(h, ended=False),
    "/cut": lambda h: h.answer(PAGE[:20], 200, {"Content-Length": str(len(PAGE))}),
    "/lying-length": lambda h: h.answer(PAGE, 200, {"Content-Length": str(1 << 40)}),
    "/huge": lambda h: _stream(h, {}, itertools.repeat(bytes(1 << 16), 1024)),
    "/part": lambda h: h.answer(PAGE[:20], 206, {"Content-Range": "bytes 0-19/73"}),
    # no HTTP
    "/hang-up": lambda h: None,
    "/gibberish": _raw(b"SSH-2.0-OpenSSH_9.2\r\n"),
    "/two-lengths": _raw(b"HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\nferry"),
    "/endless-header": _raw(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000 + b"\r\n\r\n"),
    "/terminal": _raw(b"HTTP/1.1 200 OK\r\nETag: \x1b[31m\r\nContent-Length: 0\r\n\r\n"),
    # redirects
    "/redirect/chain/": _chain,
    "/redirect/loop": _to("/redirect/loop-back"),
    "/redirect/loop-back": _to("/redirect/loop"),
    "/redirect/self": _to("/redirect/self#again"),
    "/redirect/private": _to("http://10.0.0.1/inside"),
    "/redirect/metadata": _to("http://169.254.169.254/latest/meta-data/"),
    "/redirect/file": _to("file:///etc/passwd"),
    "/redirect/login": _to("http://user:secret@news.example.org/ok"),
    "/redirect/inside": _to("http://inside.example.org/"),
    "/redirect/decimal": _to("http://2130706433/"),
    "/redirect/nowhere": lambda h: h.answer(b"", 302),
    "/redirect/letters": _to("/æ".encode().decode("latin-1")),
    # answers that pass
    "/slow/": lambda h: h.slow(),
    "/flaky": lambda h: h.flaky(503, {"Retry-After": "1"}),
    "/flaky-bare": lambda h: h.flaky(502, {}),
    "/redirect/for-good": lambda h: h.redirect("/ok", 301),
    "/no-store": lambda h: h.answer(
        PAGE, 200, {"ETag": ETAG, "Cache-Control": "private, no-store"}
    ),
    # answers that are errors: /status/404
    "/status/": lambda h: h.answer(b"no", h.number()),
    "/too-many": lambda h: h.answer(b"no", 429, {"Retry-After": "120"}),
    "/unavailable": lambda h: h.answer(b"no", 503, {"Retry-After": "\x1b[31mFri"}),
}
