"""The unsubscribe page behind a real server on loopback, asked as a mail provider would ask."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server

from digest.send import Keyring, Reference, Unsubscribed, read_record
from digest.unsubscribe import create_app

SECRET = "a-key-of-this-test-with-32-characters"
KEYS = Keyring([("b", SECRET), ("a", "an-older-key-of-more-than-32-characters")])
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
ONE_CLICK = b"List-Unsubscribe=One-Click"


@dataclass
class Clock:
    """A clock that goes on when it is told to."""

    now: datetime = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    text: str


@dataclass
class Site:
    """One running page."""

    port: int
    record: Path
    clock: Clock = field(default_factory=Clock)

    def ask(
        self,
        method: str,
        target: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """The answer to one request; each has a connection of its own."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        with contextlib.closing(line):
            line.request(method, target, body=body, headers=dict(headers or {}))
            answer = line.getresponse()
            text = answer.read().decode()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, text)

    def click(self, token: str) -> Answer:
        """What a mail program's own unsubscribe button sends."""
        return self.ask("POST", f"/?t={token}", ONE_CLICK, FORM)

    def press(self, token: str, button: str = "unsubscribe") -> Answer:
        """What the button of the page sends."""
        return self.ask("POST", f"/?t={token}", f"{button}=yes".encode(), FORM)

    def left(self) -> list[Unsubscribed]:
        """What the record holds, of which each line must read."""
        rows = list(read_record(self.record, keyring=KEYS))
        assert all(isinstance(row, Unsubscribed) for row in rows), rows
        return [row for row in rows if isinstance(row, Unsubscribed)]

    def told(self) -> list[tuple[Reference, str, str]]:
        return [(row.reference, row.what, row.how) for row in self.left()]


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


@contextlib.contextmanager
def served(
    record: Path, *, around: Callable[[Any], Any] = lambda app: app, **options: Any
) -> Iterator[Site]:
    """The page in a thread; `around` puts WSGI middleware about it."""
    clock = Clock()
    options = {"name": "Harbor Weekly"} | options
    app = around(create_app(KEYS, record, clock=clock, **options))
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield Site(server.port, record, clock)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Program:
    """`python -m digest.unsubscribe`, running."""

    process: subprocess.Popen[str]
    site: Site
    token: str


@contextlib.contextmanager
def program(folder: Path, *, through: Sequence[str] = ()) -> Iterator[Program]:
    """The page as the command serves it, in a process that may be killed; `through` starts it."""
    (folder / ".env").write_text(f"DIGEST_NAME=Harbor Weekly\nDIGEST_SECRET=b:{SECRET}\n")
    words = ("--folder", str(folder), "--port", "0")
    process = subprocess.Popen(
        [*through, sys.executable, "-m", "digest.unsubscribe", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    try:
        assert process.stdout is not None
        found = None
        while found is None:
            said = process.stdout.readline()
            assert said, process.stderr and process.stderr.read()
            found = re.fullmatch(r"http://127\.0\.0\.1:(\d+)/\?t=(\S+)\n", said)
        yield Program(process, Site(int(found[1]), folder / "var/unsubscribed.jsonl"), found[2])
    finally:
        process.kill()
        process.communicate()
