"""A newsletter's folder and the commands, run as a person runs them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from digest import sample
from digest.cli.main import run
from tests.servers import FaultServer

NOW = "2026-11-20T09:30:00+00:00"
HOME = (
    "<html><head><title>Courier</title><link rel=alternate type='application/rss+xml' "
    "href='/comments/feed'><link rel=alternate type='application/rss+xml' href='/courier.rss'>"
    "</head><body><p>Home</p></body></html>"
)


@dataclass(frozen=True)
class Said:
    """What a command left behind."""

    status: int
    out: str
    err: str


Digest = Callable[..., Said]


@pytest.fixture
def digest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Digest:
    """`digest WORDS…` in an empty folder. It never raises: that would be a traceback."""
    monkeypatch.chdir(tmp_path)

    def call(*words: str | Path) -> Said:
        capfd.readouterr()
        status = run([str(word) for word in words])
        out, err = capfd.readouterr()
        assert "Traceback" not in err
        return Said(status, out, err)

    return call


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultServer]:
    """A site on loopback: a home page that names its feed, and two feeds."""
    monkeypatch.setenv("DIGEST_ALLOW_PRIVATE", "yes")
    with FaultServer() as server:
        server.add("/", HOME)
        server.add(
            "/courier.rss", (sample.folder() / "courier.rss").read_bytes(), "application/xml"
        )
        server.add("/wire.atom", (sample.folder() / "wire.atom").read_bytes(), "application/xml")
        yield server
