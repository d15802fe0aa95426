"""What a query of the published search loads, in a real browser: requests and bytes.

Run with `python -m bench.publishing [--issues 1000] [--stories 50]`. `bench.reviewing` tells what
publishing itself costs.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from bench.chromium import Browser, chromium
from bench.generated_archive import generate
from digest.archive import Archive
from digest.pipeline import publish
from digest.settings import read_settings

QUERIES = ("harbor", "bo", "sea science", "zz")


class _Quiet(SimpleHTTPRequestHandler):
    loaded: list[tuple[str, int]]

    def log_message(self, *_: object) -> None:
        """Nothing."""

    def log_request(self, code: object = "-", size: object = "-") -> None:
        """Nothing."""

    def do_GET(self) -> None:
        """Serve a file, and note how many bytes it has."""
        path = Path(self.translate_path(self.path))
        if path.is_file():
            self.server.loaded.append((self.path, path.stat().st_size))  # type: ignore[attr-defined]
        super().do_GET()


def query_bytes(site: Path) -> Iterator[tuple[str, int, int]]:
    """For each query what it loads beside the page: requests and bytes, before compression."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site)))
    server.loaded = []  # type: ignore[attr-defined]
    Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}/search/?q="
    try:
        with chromium() as browser:
            for query in QUERIES:
                server.loaded.clear()  # type: ignore[attr-defined]
                _asked(browser, base + query.replace(" ", "%20"))
                found = [size for path, size in server.loaded if ".json" in path]  # type: ignore[attr-defined]
                yield query, len(found), sum(found)
    finally:
        server.shutdown()
        server.server_close()


def _asked(browser: Browser, url: str) -> None:
    browser.open(url)
    while browser.evaluate(
        "document.getElementById('status').textContent === document.getElementById('status')"
        ".dataset.busy || !(document.querySelector('#found li') "
        "|| document.getElementById('status').textContent)"
    ):
        time.sleep(0.05)


def main() -> None:
    """Publish a generated archive, ask, and print."""
    parser = argparse.ArgumentParser(description="Measure what a query of a published site loads.")
    parser.add_argument("--issues", type=int, default=1000)
    parser.add_argument("--stories", type=int, default=50)
    parser.add_argument("--folder", type=Path, help="an archive that is there already")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder, site = given.folder or Path(made), Path(made) / "site"
        if not (folder / "issues").is_dir():
            generate(folder, given.issues, given.stories)
        publish(
            Archive(folder / "issues"),
            site,
            settings=read_settings(folder / ".env", {}),
            newsletter=folder,
            cache=Path(made) / "cache",
            write=True,
        )
        for name in ("feed.xml", "sitemap.xml", ".digest-site.json"):
            print(f"{name:24} {(site / name).stat().st_size:12,} bytes")
        for query, requests, size in query_bytes(site):
            print(f"query {json.dumps(query):18} {size:12,} bytes in {requests} requests")


if __name__ == "__main__":
    main()
