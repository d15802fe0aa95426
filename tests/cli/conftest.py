"""A newsletter's folder and the commands, run as a person runs them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from digest import sample
from digest.cli.main import run
from tests.send.servers import Inbox, real_server
from tests.servers import FaultServer

SLUG = "2026-W47"
KEY = "the-key-of-a-test-with-many-characters"
THREE = "address,name\nann@example.org,Ann\nben@example.com,Ben\ncat@example.org,Cat\n"
ENV = (
    "DIGEST_SOURCES=stories\nDIGEST_LEADS=1\nDIGEST_TEASERS=1\nDIGEST_POSTAL_ADDRESS=1 Quay\n"
    "DIGEST_SENDER=Desk <desk@example.org>\n"
    "DIGEST_UNSUBSCRIBE_URL=https://www.example.org/unsubscribe\n"
)
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


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small newsletter whose issue is approved, built once."""
    folder = tmp_path_factory.mktemp("built") / "newsletter"
    (folder / "stories").mkdir(parents=True)
    for name in ("ferry", "seeds"):
        words = " ".join(f"{name}{n} stands here." for n in range(30))
        story = f"---\ntitle: The {name} of Port Ellery\n---\n\nIt is the {name}. {words}\n"
        (folder / "stories" / f"{name}.md").write_text(story, "utf-8")
    (folder / ".env").write_text(ENV, "utf-8")
    (folder / ".env").chmod(0o600)
    said = [run(["-C", str(folder), "-q", *words]) for words in (
        ["build", "--issue", SLUG, "--now", NOW], ["edit", SLUG, "approve"])]  # fmt: skip
    assert said == [0, 0]
    return folder


@pytest.fixture
def post(digest: Digest, built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Digest:
    """`digest` in a copy of that newsletter, with a key and a list of three readers."""
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("DIGEST_SECRET", f"a:{KEY}")
    Path("readers.csv").write_text(THREE, "utf-8")
    return digest


@pytest.fixture
def inbox(post: Digest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Inbox]:
    """A real mail server, which the newsletter's settings name."""
    with real_server() as inbox:
        monkeypatch.setenv("DIGEST_SMTP_URL", f"smtp://127.0.0.1:{inbox.port}")
        yield inbox
