"""Whether every entry of a feed comes through, its fields are right, and what parsing costs.

Run with `python -m bench.feeds --data FOLDER [--json] [--no-speed] [--all]`; FOLDER holds `feeds/`.

Entries are counted against the raw `<item>` and `<entry>` elements of each document. Fields are
compared with the values that gofeed's own tests expect, cleaned as ours are: markup and white
space leveled. Speed is CPU time, the median of interleaved rounds over `feeds/real`.
"""

from __future__ import annotations

import argparse
import json
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any

from bench.documents import NOW, feed_files, gather, raw_count, words
from digest.collect.dates import parse_date
from digest.collect.document import Document, Place
from digest.collect.encoding import as_utf8, decode
from digest.collect.feed_parsers import parse_feed
from digest.collect.gather import read_document
from digest.collect.raw_feed import read_raw
from digest.models import Entry
from digest.text.markup import strip_markup
from digest.text.titles import title_text


@dataclass(slots=True)
class Tally:
    """Right answers out of all, and the wrong ones."""

    right: int = 0
    all: int = 0
    wrong: list[str] = field(default_factory=list)

    def add(self, *, ok: bool, told: str) -> None:
        """Count one answer."""
        self.all += 1
        self.right += ok
        if not ok:
            self.wrong.append(told)


def entries_found(data: Path) -> tuple[int, int, list[str]]:
    """(entries found, raw entries, a line for each document that lost some) of all feeds."""
    found = raw = 0
    lost: list[str] = []
    for path in feed_files(data):
        wanted = _json_items(path) if path.suffix == ".json" else raw_count(path.read_bytes())
        got = len(gather(path).entries)
        found += min(got, wanted)
        raw += wanted
        if got < wanted:
            lost.append(f"{path.relative_to(data)}: {got} of {wanted}")
    return found, raw, lost


def _json_items(path: Path) -> int:
    try:
        value = json.loads(path.read_bytes())
    except ValueError:
        return 0
    items = value.get("items") if isinstance(value, dict) else None
    return len(items) if isinstance(items, list) else 0


def fields_right(data: Path) -> dict[str, Tally]:
    """Each field of gofeed's expected items against ours."""
    tallies: dict[str, Tally] = {}
    for feed, expected in _cases(data / "feeds" / "conformance" / "gofeed"):
        entries = gather(feed).entries
        for at, item in enumerate(expected):
            entry = entries[at] if at < len(entries) else None
            for name, wanted in _wanted(item):
                got = _got(entry, name) if entry else ("",)
                ok = any(_same(name, wanted, one) for one in got)
                where = f"{feed.parent.name}/{feed.name}: {wanted[:60]!r}, not {got[0][:60]!r}"
                tallies.setdefault(name, Tally()).add(ok=ok, told=where)
    return dict(sorted(tallies.items()))


def _cases(folder: Path) -> Iterator[tuple[Path, list[Mapping[str, Any]]]]:
    for feed in sorted([*folder.rglob("*.xml"), *folder.rglob("*.json")]):
        beside = feed.with_suffix(".json")
        if feed.suffix == ".json":
            beside = feed.with_name(f"{feed.stem}_expected.json")
        if not beside.exists() or beside == feed:
            continue
        try:
            value = json.loads(beside.read_bytes())
        except ValueError:
            continue
        items = value.get("items") or value.get("entries") or []
        if items:
            yield feed, items


_NAMES = (
    ("title", "title"), ("description", "summary"), ("summary", "summary"), ("content", "content"),
    ("link", "link"), ("published", "date"), ("pubDate", "date"), ("updated", "date"),
)  # fmt: skip


def _wanted(item: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(field, value) of what an expected item says and our model holds."""
    for theirs, ours in _NAMES:
        value = item.get(theirs)
        if isinstance(value, dict):
            value = value.get("value")
        if isinstance(value, str) and value.strip():
            if theirs == "updated" and (item.get("published") or item.get("publishedParsed")):
                continue  # ours is when it was published
            yield ours, value
    yield from (("author", name) for name in _authors(item))
    yield from (("tag", term) for term in _terms(item))
    image = item.get("image")
    image = image.get("url") if isinstance(image, dict) else image
    if image:
        yield "image", image


def _authors(item: Mapping[str, Any]) -> Iterator[str]:
    people = item.get("authors") or ([item["author"]] if item.get("author") else [])
    for person in people:
        name = person.get("name") if isinstance(person, dict) else person
        if name:
            yield name


def _terms(item: Mapping[str, Any]) -> Iterator[str]:
    for category in item.get("categories") or item.get("tags") or []:
        term = category
        if isinstance(category, dict):
            term = category.get("label") or category.get("term") or category.get("value") or ""
        if term:
            yield term


def _got(entry: Entry, name: str) -> tuple[str, ...]:
    """What ours holds, in each form that may be meant."""
    parts = " ".join([*(p.text for p in entry.parts), entry.text])
    forms: dict[str, tuple[str, ...]] = {
        "title": (entry.title,),
        "summary": (entry.summary, entry.text),
        "content": (entry.text, entry.summary, parts),
        "link": (entry.url or "",),
        "date": (entry.published.isoformat() if entry.published else "",),
        "author": (*entry.byline.split(", "), entry.agency, f"{entry.byline} {entry.agency}"),
        "tag": entry.tags or ("",),
        "image": (entry.image.url if entry.image else "",),
    }
    return forms[name]


def _same(name: str, wanted: str, got: str) -> bool:
    if name == "date":
        moment = parse_date(wanted)
        return bool(got) and moment is not None and moment == datetime.fromisoformat(got)
    if name in ("link", "image"):
        return wanted.rstrip("/") == got.rstrip("/") or (
            "://" not in wanted and got.endswith(wanted.lstrip("./"))
        )
    if name == "author":
        return words(got).lower() in words(wanted).lower() if got else False
    plain = title_text(wanted) if name in ("title", "tag") else strip_markup(wanted)
    return words(plain).lower() == words(got).lower()


def speeds(data: Path, rounds: int) -> dict[str, float]:
    """CPU seconds of one pass over `feeds/real`: ours, and the peers."""
    import fastfeedparser
    import feedparser

    documents = [p.read_bytes() for p in sorted((data / "feeds" / "real").iterdir())]

    def parse(raw: bytes) -> object:
        return parse_feed(read_raw(as_utf8(decode(raw), raw)), where="a feed")

    def read(raw: bytes) -> object:
        place = Place(given="a feed", url="https://www.example.org/feed", expect="feed")
        return read_document(Document(place=place, data=raw, url=place.url, now=NOW))

    def fast(raw: bytes) -> object:
        try:
            return fastfeedparser.parse(raw)
        except Exception:
            return None

    def bare(raw: bytes) -> object:
        return feedparser.parse(raw, sanitize_html=False, resolve_relative_uris=False)

    ways: dict[str, Callable[[bytes], object]] = {
        "feedparser, as it comes": feedparser.parse,
        "feedparser, bare": bare,
        "fastfeedparser, as it comes": fast,
        "ours: bytes to items": parse,
        "ours: bytes to entries": read,
    }
    spent: dict[str, list[float]] = {name: [] for name in ways}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for round_ in range(rounds + 1):
            for name, way in ways.items():
                start = time.process_time()
                for raw in documents:
                    way(raw)
                if round_:
                    spent[name].append(time.process_time() - start)
    return {name: median(times) for name, times in spent.items()}


def main() -> None:
    """Measure, and print a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--no-speed", action="store_true")
    parser.add_argument("--all", action="store_true", help="list every wrong field")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found, raw, lost = entries_found(options.data)
    fields = fields_right(options.data)
    spent = {} if options.no_speed else speeds(options.data, options.rounds)
    base = spent.get("feedparser, as it comes", 0.0)
    if options.json:
        report = {
            "entries": {"found": found, "raw": raw, "lost": lost},
            "fields": {n: {"right": t.right, "all": t.all} for n, t in fields.items()},
            "cpu_seconds": spent,
            "times_feedparser": {n: base / s for n, s in spent.items()},
        }
        print(json.dumps(report, indent=2, ensure_ascii=False))
        return
    print(f"entries: {found} of {raw} raw ones")
    for line in lost if options.all else lost[:20]:
        print(f"  lost: {line}")
    print(f"{'field':10} {'right':>6} {'of':>5}   (gofeed's expected values)")
    for name, tally in fields.items():
        print(f"{name:10} {tally.right:6} {tally.all:5}")
        for line in tally.wrong if options.all else ():
            print(f"    {line}")
    for name, seconds in spent.items():
        print(f"{name:30} {seconds:8.3f} CPU s  {base / seconds:6.1f} x feedparser's speed")


if __name__ == "__main__":
    main()
