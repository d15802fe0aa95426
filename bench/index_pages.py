"""Index pages: articles taken for one, and the fields of written index pages.

Run with `python -m bench.index_pages [--data FOLDER] [--all] [--json]`. All pages below
`FOLDER/pages` are articles, and none may be taken for an index. The index pages are those of the
project's own tests, each with its stories beside it; `--pages FOLDER` names others.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.documents import NOW, words
from digest.collect.document import Document, Place, Reading
from digest.collect.gather import read_document
from digest.errors import DigestError
from digest.models import Entry

FIXTURES = Path(__file__).parents[1] / "tests" / "collect" / "fixtures" / "index"
URL = "https://www.example.org/"


def read(html: bytes, url: str) -> Reading | None:
    """What `build` would collect from a page; None where it refuses it."""
    place = Place(given=url, url=url)
    try:
        return read_document(
            Document(place=place, data=html, url=url, content_type="text/html", now=NOW)
        )
    except DigestError:
        return None


def articles(data: Path) -> tuple[int, list[str]]:
    """(articles read, those taken for an index)."""
    pages = [
        *sorted((data / "pages" / "scrapinghub" / "html").glob("*.gz")),
        *sorted((data / "pages" / "readability").glob("*/source.html")),
    ]
    wrong: list[str] = []
    for path in pages:
        raw = path.read_bytes()
        found = read(gzip.decompress(raw) if path.suffix == ".gz" else raw, f"{URL}a/b")
        if found is not None and found.kind == "index":
            wrong.append(str(path.relative_to(data)))
    return len(pages), wrong


def fields(folder: Path) -> tuple[Counter[str], Counter[str], list[str]]:
    """(right, all, wrong ones) by field over the index pages of a folder."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    wrong: list[str] = []
    for path in sorted(folder.glob("*.html")):
        gold = json.loads(path.with_suffix(".json").read_text("utf-8"))
        reading = read(path.read_bytes(), URL)
        entries = reading.entries if reading is not None and reading.kind == "index" else ()
        extra = len(entries) - sum(e.url in {g["url"] for g in gold} for e in entries)
        total["no other story"] += 1
        right["no other story"] += not extra
        if extra:
            wrong.append(f"{path.stem}: {extra} stories too many")
        for story in gold:
            entry = next((e for e in entries if e.url == story["url"]), None)
            for name, same, told in _compared(story, entry):
                total[name] += 1
                right[name] += same
                if not same:
                    wrong.append(f"{path.stem} {name}: {told}")
    return right, total, wrong


def _compared(story: dict[str, Any], entry: Entry | None) -> Iterator[tuple[str, bool, str]]:
    yield "story", entry is not None, story["title"]
    if entry is None:
        return
    found = {
        "title": entry.title,
        "excerpt": entry.summary,
        "byline": entry.byline or entry.agency,
        "published": entry.published.date().isoformat() if entry.published else "",
        "image": entry.image.url if entry.image else "",
    }
    for name, got in found.items():
        wanted = story.get(name) or ""
        yield name, words(got) == words(wanted), f"{wanted!r}, not {got!r}"


def main() -> None:
    """Measure, and print a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--pages", type=Path, default=FIXTURES)
    parser.add_argument("--all", action="store_true", help="list every wrong field")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    count, mistaken = articles(options.data) if options.data else (0, [])
    right, total, wrong = fields(options.pages)
    if options.json:
        report = {"articles": count, "taken_for_an_index": mistaken, "right": right, "all": total}
        print(json.dumps(report, indent=2))
        return
    print(f"articles taken for an index: {len(mistaken)} of {count} {mistaken or ''}")
    for name in total:
        print(f"{name:16} {right[name]:4} of {total[name]:4}")
    print(f"{'all fields':16} {right.total():4} of {total.total():4}")
    for line in wrong if options.all else ():
        print(f"  {line}")


if __name__ == "__main__":
    main()
