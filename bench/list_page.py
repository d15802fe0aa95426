"""What a page of the list costs as the archive grows: 100 issues against 1,000, of 50 stories each.

Run with `python -m bench.list_page [--times 15]`. Each page shows one year. It is asked for once
with nothing remembered, then `--times` more; the medians are compared, in one run. The cost an
issue is that of a page over all issues of the archive, since the page is to cost its own year only.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from digest.archive import Archive, slug_of
from digest.review import create_app
from tests.archive.newsroom import CUTOFF, entry, made, save, story

LATEST, YEAR = "2026-W47", "/years/2026"


def archive_of(count: int, folder: Path) -> Archive:
    """An archive of one issue of 50 stories, over and over, each under the name of its week."""
    build = made()
    teasers = tuple(story(replace(entry(47, 1), id=f"s{n}"), lead=False) for n in range(49))
    sections = (replace(build.issue.sections[0], stories=teasers),)
    rows = tuple(replace(build.candidates[1], entry=told.entry) for told in teasers)
    issue = replace(build.issue, sections=sections)
    first = save(Archive(folder), replace(build, issue=issue, candidates=build.candidates + rows))
    document = (first / "issue.json").read_text("utf-8")
    for week in range(1, count):
        slug = slug_of(CUTOFF - timedelta(weeks=week))
        (folder / slug / "media").mkdir(parents=True)
        (folder / slug / "issue.json").write_text(document.replace(LATEST, slug), "utf-8")
        for file in first.rglob("*"):
            if file.is_file() and file.name != "issue.json":
                os.link(file, folder / slug / file.relative_to(first))
    return Archive(folder)


def seconds(archive: Archive, times: int) -> tuple[float, float, int]:
    """(the first page, the median of those after it, its bytes)."""
    client = create_app(archive).test_client()
    took: list[float] = []
    size = 0
    for _ in range(times + 1):
        began = time.perf_counter()
        size = len(client.get(YEAR).data)
        took.append(time.perf_counter() - began)
    return took[0], statistics.median(took[1:]), size


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=15)
    times = parser.parse_args().times
    with tempfile.TemporaryDirectory() as name:
        archives = {n: archive_of(n, Path(name) / str(n) / "issues") for n in (100, 1000)}
        seconds(archives[100], 1)  # what is imported once is no cost of a page
        found = {count: seconds(archive, times) for count, archive in archives.items()}
    for count, (first, again, size) in found.items():
        print(
            f"{count:5} issues: first page {first * 1000:.0f} ms, then {again * 1000:.1f} ms, "
            f"{again / count * 1e6:.0f} µs an issue, {size / 1000:.0f} KB"
        )
    ratio = (found[1000][1] / 1000) / (found[100][1] / 100)
    print(f"cost an issue at 1,000 against at 100: {ratio:.2f} (wanted: at most 1.2)")
    print(f"a page at 1,000 against a page at 100: {found[1000][1] / found[100][1]:.2f}")


if __name__ == "__main__":
    main()
