"""What publishing costs: `python -m bench.publishing [--issues 1000] [--stories 50]`.

In one run: an issue's cost in a small and in a large archive, publishing again after nothing and
after one issue changed, the sizes of pages, and what a query of the search loads. Ratios are held
to the bars; the exit status is 1 where one is missed.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from bench.chromium import Browser, chromium
from bench.generated_archive import generate
from digest.archive import Archive
from digest.pipeline import Published, publish
from digest.settings import read_settings

GROWTH, AGAIN, PAGE = 1.2, 1 / 20, 100_000
QUERIES = ("harbor", "bo", "sea science", "zz")


def run(folder: Path, to: Path, *, write: bool = True) -> tuple[float, Published]:
    """Seconds of CPU time that publishing takes, and what it did."""
    began = time.process_time()
    done = publish(
        Archive(folder / "issues"),
        to,
        settings=read_settings(folder / ".env", {}),
        newsletter=folder,
        cache=folder / "var" / "cache",
        write=write,
    )
    return time.process_time() - began, done


def correct(folder: Path, slug: str, note: str) -> None:
    """Change one issue: a correction."""
    text = f'[[correction]]\nmoment = 2026-11-21T10:00:00+00:00\nnote = "{note}"\n'
    (folder / "issues" / slug / "corrections.toml").write_text(text, "utf-8")


def judged(what: str, value: float, bar: float) -> bool:
    """Print a row with its bar; whether it is held."""
    held = value <= bar
    print(f"{what:58} {value:12,.4g}  at most {bar:,.4g}  {'ok' if held else 'MISSED'}")
    return held


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


def median(times: int, measure: Callable[[int], float]) -> float:
    """The median of so many measures."""
    return statistics.median(measure(at) for at in range(times))


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--issues", type=int, default=1000)
    parser.add_argument("--stories", type=int, default=50)
    parser.add_argument("--at", type=Path, help="Keep the archives there, and use those.")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        root = given.at or Path(made)
        return measured(root, given.issues, given.stories)


def measured(root: Path, issues: int, stories: int) -> int:
    """All figures of an archive of so many issues, and of one of a tenth."""
    cost = {}
    for count in (issues // 10, issues):
        folder = root / f"{count}"
        if not (folder / "issues").is_dir():
            generate(folder, count, stories)
        for slug in folder.glob("issues/*/corrections.toml"):
            slug.unlink()
        with tempfile.TemporaryDirectory(dir=root) as to:
            site = Path(to) / "site"
            whole, done = run(folder, site)
            cost[count] = whole / len(done.issues)
            print(f"{count:,} issues: {whole:.1f} s, {cost[count] * 1000:.1f} ms an issue, "
                  f"{len(done.new):,} files, {done.bytes / 1e6:.1f} MB")  # fmt: skip
            if count == issues:
                rows = _again(folder, site, whole, done)
    rows.append(
        judged("an issue at all against at a tenth", cost[issues] / cost[issues // 10], GROWTH)
    )
    return 0 if all(rows) else 1


def _again(folder: Path, site: Path, whole: float, done: Published) -> list[bool]:
    slugs = done.issues
    rows = [
        judged("again, nothing changed, against the whole", run(folder, site)[0] / whole, AGAIN)
    ]
    for name, slug in (("middle", slugs[len(slugs) // 2]), ("latest", slugs[-1])):

        def once(at: int, slug: str = slug) -> float:
            correct(folder, slug, f"The ferry sails at {at}.")
            return run(folder, site)[0]

        rows.append(
            judged(
                f"again, the {name} one changed, against the whole", median(3, once) / whole, AGAIN
            )
        )
    largest = max(site.rglob("*.html"), key=lambda path: path.stat().st_size)
    rows.append(
        judged(f"largest page, bytes ({largest.relative_to(site)})", largest.stat().st_size, PAGE)
    )
    for name in ("feed.xml", "sitemap.xml", ".digest-site.json"):
        print(f"{name:58} {(site / name).stat().st_size:12,} bytes")
    for query, requests, size in query_bytes(site):
        print(f"{'query ' + json.dumps(query):58} {size:12,} bytes in {requests} requests")
    return rows


if __name__ == "__main__":
    sys.exit(main())
