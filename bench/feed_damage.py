"""How much of a damaged feed is still read.

Run with `python -m bench.feed_damage --data FOLDER [--measures FILE] [--json]`. FILE defines the
damages (`DAMAGE: dict[str, Callable[[bytes], bytes]]`); by default it lies beside FOLDER in
`measures/feed_damage.py`. Each feed of `feeds/real` is damaged in each way. An entry of the whole
feed counts as found when the damaged one gives an entry of its address, else of its title; where
the feed was cut, those count of which something was left. The mean is over damages, then feeds.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from bench.documents import NOW, raw_count
from digest.collect.document import Document, Place
from digest.collect.gather import read_document
from digest.errors import DigestError

Keys = list[tuple[str, str]]


def ours(data: bytes) -> Keys:
    """(address, title) of the entries that `build` would collect."""
    place = Place(given="a feed", url="https://www.example.org/feed", expect="feed")
    try:
        reading = read_document(Document(place=place, data=data, url=place.url, now=NOW))
    except DigestError:
        return []
    return [(entry.url or "", entry.title) for entry in reading.entries]


def _rows(found: Any) -> Keys:
    return [(e.get("link") or "", e.get("title") or "") for e in found.get("entries") or ()]


def fast(data: bytes) -> Keys:
    """The same of fastfeedparser."""
    import fastfeedparser

    try:
        return _rows(fastfeedparser.parse(data))
    except Exception:
        return []


def tolerant(data: bytes) -> Keys:
    """The same of feedparser."""
    import feedparser

    return _rows(feedparser.parse(data, sanitize_html=False, resolve_relative_uris=False))


READERS: Mapping[str, Callable[[bytes], Keys]] = {
    "ours": ours, "feedparser": tolerant, "fastfeedparser": fast,
}  # fmt: skip


def recall(whole: Keys, damaged: Keys, *, expected: int) -> float:
    """The share of `expected` entries of the whole feed that the damaged one still gives."""
    links = {link for link, _ in damaged if link}
    titles = [title for _, title in damaged]
    found = sum(link in links or _among(title, titles) for link, title in whole[:expected])
    return min(1.0, found / expected) if expected else 1.0


def _among(title: str, titles: list[str]) -> bool:
    """Whether a title is there, the damage in it apart."""
    return any(title in one or (title[:40] and title[-40:] in one) for one in titles)


def load(path: Path) -> ModuleType:
    """The module of damages."""
    spec = importlib.util.spec_from_file_location("feed_damage", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{path} is no Python file.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def measure(data: Path, measures: Path) -> dict[str, dict[str, float]]:
    """Mean recall by damage and reader."""
    feeds = [p.read_bytes() for p in sorted((data / "feeds" / "real").iterdir())]
    damages: Mapping[str, Callable[[bytes], bytes]] = load(measures).DAMAGE
    table: dict[str, dict[str, float]] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wholes = {name: [read(feed) for feed in feeds] for name, read in READERS.items()}
        for damage, harm in damages.items():
            harmed = [harm(feed) for feed in feeds]
            # A cut feed can only give what stands in it.
            left = [
                raw_count(h) if len(h) < len(f) * 0.9 and b"\0" not in h[:4] else raw_count(f)
                for h, f in zip(harmed, feeds, strict=True)
            ]
            table[damage] = {}
            for name, read in READERS.items():
                shares = [
                    recall(whole, read(h), expected=min(n, len(whole)))
                    for whole, h, n in zip(wholes[name], harmed, left, strict=True)
                ]
                table[damage][name] = sum(shares) / len(shares)
    return table


def main() -> None:
    """Measure, and print a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--measures", type=Path)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    measures = options.measures or options.data.parent / "measures" / "feed_damage.py"
    table = measure(options.data, measures)
    means = {name: sum(row[name] for row in table.values()) / len(table) for name in READERS}
    if options.json:
        print(json.dumps({"by_damage": table, "mean": means}, indent=2))
        return
    print(f"{'damage':28}" + "".join(f"{name:>16}" for name in READERS))
    for damage, row in [*table.items(), ("mean", means)]:
        print(f"{damage:28}" + "".join(f"{row[name]:16.2%}" for name in READERS))


if __name__ == "__main__":
    main()
