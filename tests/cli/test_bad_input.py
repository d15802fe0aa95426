"""What bad input gets: one clear sentence, the next thing to do, nothing lost, no traceback."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import NOW, Digest
from tests.servers import FaultServer

FEED = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>Quay News</title>
<item><title>Lantern walk moves to Sunday</title><link>https://quay.example.org/lantern</link>
<description>The lantern walk along the quay moves to Sunday because of the wind.</description>
<pubDate>Wed, 18 Nov 2026 10:00:00 +0000</pubDate></item>
</channel></rss>"""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultServer]:
    monkeypatch.setenv("DIGEST_ALLOW_PRIVATE", "yes")
    with FaultServer() as running:
        yield running


def good() -> Path:
    path = Path("good.xml")
    path.write_text(FEED, "utf-8")
    return path


def snapshot() -> dict[Path, bytes]:
    return {p: p.read_bytes() for p in Path("issues").rglob("*") if p.is_file()}


def test_no_source_file(digest: Digest) -> None:
    said = digest("build", "--now", NOW)
    assert said.status == 1
    assert "sources.opml" in said.err
    assert "digest init" in said.err
    assert not Path("issues").exists() or not snapshot()


def test_an_opml_without_sources(digest: Digest) -> None:
    Path("sources.opml").write_text("<opml version='2.0'><body></body></opml>")
    said = digest("build", "--now", NOW)
    assert said.status == 1
    assert "sources" in said.err


def test_an_empty_window_names_the_newest_entry(digest: Digest) -> None:
    said = digest("build", good(), "--issue", "2026-W30", "--now", NOW)
    assert said.status == 1
    assert "2026-11-18" in said.err
    assert "--since" in said.err
    assert not Path("issues/2026-W30").exists()


@pytest.mark.parametrize(
    ("place", "said_"),
    [
        ("http://127.0.0.1:1/feed.xml", "127.0.0.1"),
        ("missing.xml", "missing.xml"),
        ("/404", "404"),
        ("/malformed", "malformed"),
        ("/page", "article"),
        ("/page-as-feed", "feed"),
        ("ftp://example.org/feed", "ftp"),
    ],
)
def test_one_bad_source_is_named_and_the_rest_goes_on(
    digest: Digest, server: FaultServer, place: str, said_: str
) -> None:
    server.add("/malformed", b"<rss><channel><item><title>", "application/rss+xml")
    server.add("/page", b"<html><title>Shop</title><body><nav>Home</nav></body></html>",
               "text/html")  # fmt: skip
    server.add(
        "/page-as-feed",
        b"<html><head><link rel=alternate type='application/rss+xml' href='/real.xml'></head>"
        b"<body><p>Our site.</p></body></html>",
        "text/html",
    )
    Path("sources.opml").write_text(
        "<opml version='2.0'><body><outline type='{}' text='Bad' {}='{}'/>"
        "<outline type='rss' text='Good' xmlUrl='good.xml'/></body></opml>".format(
            *(("link", "url") if place == "/page" else ("rss", "xmlUrl")),
            server.url(place) if place.startswith("/") else place,
        )
    )
    good()
    said = digest("build", "--now", NOW)
    assert said.status == 1
    assert "failed: " in said.err
    assert said_ in said.err
    assert "Lantern walk moves to Sunday" in said.out


def test_a_wrong_encoding_is_read_all_the_same(digest: Digest) -> None:
    text = FEED.replace("Lantern", "Café").replace("UTF-8", "x-nonsense")
    Path("odd.xml").write_bytes(text.encode("cp1252"))
    said = digest("build", "odd.xml", "--now", NOW)
    assert "Café walk moves to Sunday" in said.out


def test_an_empty_list_file(digest: Digest) -> None:
    digest("build", "--sample")
    Path("testers.csv").write_text("address,name\n")
    said = digest("send", "--test", "--list", "testers.csv")
    assert said.status == 1
    assert "testers.csv" in said.err


def test_a_missing_list_file(digest: Digest) -> None:
    digest("build", "--sample")
    said = digest("send", "--test")
    assert said.status == 1
    assert "recipients.test.csv" in said.err
    assert "one address a line" in said.err


def test_a_malformed_address_is_named_with_its_line_and_the_others_get_theirs(
    digest: Digest,
) -> None:
    digest("build", "--sample")
    Path("testers.csv").write_text("address\none@example.org\nnot an address\ntwo@example.org\n")
    said = digest("send", "--test", "--list", "testers.csv")
    assert said.status == 1
    assert "line 3" in said.err
    assert len(list(Path("var/mailbox").rglob("*.eml"))) == 2


def test_a_malformed_address_on_the_command_line(digest: Digest) -> None:
    digest("build", "--sample")
    said = digest("send", "--test", "a@b@c")
    assert said.status != 0
    assert "a@b@c" in said.err


def test_an_unknown_theme_names_the_known_ones(digest: Digest) -> None:
    said = digest("build", good(), "--now", NOW, "--theme", "nope")
    assert said.status == 1
    assert "nope" in said.err
    assert "gazette" in said.err
    assert not snapshot()


def test_a_template_with_a_mistake_gives_file_line_and_column(digest: Digest) -> None:
    import shutil

    root = Path(__file__).parents[2]
    shutil.copytree(root / "templates/gazette", "templates/mine")
    path = Path("templates/mine/issue.mjml.j2")
    text = path.read_text("utf-8")
    path.write_text("{# one #}\n{# two #}\n  {{ isue.oops }}\n" + text, "utf-8")
    said = digest("build", good(), "--now", NOW, "--theme", "mine")
    assert said.status == 1
    assert "issue.mjml.j2" in said.err
    assert "line 3" in said.err
    assert "isue" in said.err
    assert not snapshot()


def test_a_draft_is_rebuilt_and_keeps_the_editors_file(digest: Digest) -> None:
    digest("build", good(), "--now", NOW)
    edits = Path("issues/2026-W47/edits.toml")
    edits.write_text("# mine\n")
    assert digest("build", good(), "--now", NOW).status == 0
    assert edits.read_text() == "# mine\n"


def test_an_issue_that_was_sent_is_refused(digest: Digest) -> None:
    digest("build", good(), "--now", NOW)
    path = Path("issues/2026-W47/issue.json")
    document = json.loads(path.read_text("utf-8"))
    document["issue"]["status"] = "sent"
    path.write_text(json.dumps(document), "utf-8")
    before = snapshot()
    said = digest("build", good(), "--now", NOW)
    assert said.status == 1
    assert "2026-W47" in said.err
    assert "sent" in said.err
    assert snapshot() == before


def test_ctrl_c_half_way_loses_nothing(digest: Digest, server: FaultServer, tmp_path: Path) -> None:
    digest("build", good(), "--now", NOW)
    before = snapshot()
    command = [sys.executable, "-m", "digest", "build", server.url("/silent"), "--now", NOW]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as running:
        deadline = time.monotonic() + 20
        while not server.asked and time.monotonic() < deadline:
            time.sleep(0.02)
        running.send_signal(signal.SIGINT)
        _, err = running.communicate(timeout=20)
    assert running.returncode == 130
    assert "Traceback" not in err
    assert "Stopped" in err
    assert snapshot() == before


@pytest.mark.parametrize(
    "words",
    [
        ("buidl",),
        ("build", "--nope"),
        ("send", "2026-W47"),
        ("send", "--test", "a@example.org", "--list", "x.csv"),
        ("build", "--now", "yesterday"),
        ("build", "--issue", "week 47"),
        ("build", "--issue", "2026-W60"),
        ("schema", "hat"),
        ("issues", "frobnicate"),
    ],
)
def test_wrong_use_is_status_two_and_says_what_is_right(digest: Digest, words: list[str]) -> None:
    Path("x.csv").write_text("a@example.org\n")
    said = digest(*words)
    assert said.status == 2
    assert said.err.strip()


def test_a_typo_suggests_the_verb(digest: Digest) -> None:
    assert "digest build" in digest("buidl").err


def test_a_wrong_setting_stops_with_its_line(digest: Digest) -> None:
    Path(".env").write_text("DIGEST_LEADS=2\nDIGEST_TEASERS=lots\n")
    said = digest("build", good())
    assert said.status == 2
    assert ".env, line 2" in said.err


def test_a_terminal_escape_in_a_headline_reaches_no_terminal(digest: Digest) -> None:
    Path("bad.xml").write_text(FEED.replace("Lantern", "&#27;[31mRed [bold]x[/bold] &#x202e;"))
    said = digest("build", "bad.xml", "--now", NOW)
    assert "\x1b" not in said.out
    assert "\u202e" not in said.out
    assert "[bold]x[/bold]" in said.out
