"""Builds from a real HTTP server: nothing is lost, and the same bytes come out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from digest import sample
from tests.servers import FaultServer

PAGE = """<html><head><title>Ferry story {n}</title></head><body><article><h1>Ferry {n}</h1>
<p>{text}</p></article></body></html>"""


def test_feeds_and_pages_of_a_server_all_arrive_in_every_run(tmp_path: Path) -> None:
    """In processes of their own: what is imported in threads must not race with what is not."""
    text = "The ferry runs again on Sunday, the harbor office said. " * 20
    with FaultServer() as server:
        feeds = [
            server.add(f"/{name}", (sample.folder() / name).read_bytes(), "application/xml")
            for name in ("courier.rss", "wire.atom", "marsa.rss")
        ]
        pages = [server.add(f"/p{n}.html", PAGE.format(n=n, text=text)) for n in range(6)]
        seen = set()
        for _ in range(4):
            done = subprocess.run(
                [sys.executable, "-m", "digest", "build", *feeds, *pages, "--json",
                 "--now", "2026-11-20T10:00:00-05:00", "--since", "2026-01-01"],
                cwd=tmp_path,
                env={**os.environ, "DIGEST_ALLOW_PRIVATE": "yes"},
                capture_output=True,
                text=True,
                check=False,
            )  # fmt: skip
            report = json.loads(done.stdout)
            assert report["failures"] == []
            assert sum(source["entries"] for source in report["sources"]) == 36
            seen.add((tmp_path / report["path"] / "email.html").read_bytes())
    assert len(seen) == 1


def test_a_second_run_on_unchanged_sources_transfers_no_body(tmp_path: Path) -> None:
    text = "The ferry runs again on Sunday, the harbor office said. " * 20
    with FaultServer() as server:
        server.add("/robots.txt", "User-agent: *\nAllow: /\n")
        feed = server.add(
            "/courier.rss",
            (sample.folder() / "courier.rss").read_bytes(),
            "application/xml",
            {"ETag": '"a"'},
        )
        page = server.add("/p.html", PAGE.format(n=1, text=text), "text/html", {"ETag": '"b"'})
        said = []
        for _ in range(2):
            server.bodies = 0
            done = subprocess.run(
                [
                    sys.executable,
                    "-m",
                    "digest",
                    "collect",
                    feed,
                    page,
                    "--now",
                    "2026-11-20T10:00",
                ],
                cwd=tmp_path,
                env={**os.environ, "DIGEST_ALLOW_PRIVATE": "yes"},
                capture_output=True,
                text=True,
                check=True,
            )
            said.append(done.stdout)
        assert server.bodies == 0
    assert said[0] == said[1]
    assert said[0].count("\n") > 5
    kept = [p for p in (tmp_path / "var" / "cache" / "fetch").iterdir() if p.suffix == ".answer"]
    assert {p.stat().st_mode & 0o777 for p in kept} == {0o600}
