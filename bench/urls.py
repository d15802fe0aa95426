"""Which spellings of a URL meet, and which different ones do not.

Run with `python -m bench.urls --data FOLDER [--measures FILE] [--json]`. FILE defines the
spellings (`SAME`) and the pairs that only look alike (`DIFFERENT`); by default it lies beside
FOLDER in `measures/url_variants.py`. The URLs are the entries' of `feeds/real`. A spelling that
leaves a URL as it is does not count.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.documents import gather
from bench.feed_damage import load
from digest.text.urls import canonical


def measure(urls: list[str], variants: Any, key: Callable[[str], str]) -> dict[str, Any]:
    """Recognized spellings by kind, and pairs merged by kind."""
    same = {}
    for name, change in variants.SAME.items():
        pairs = [(url, change(url)) for url in urls]
        pairs = [(one, other) for one, other in pairs if one != other]
        same[name] = (sum(key(one) == key(other) for one, other in pairs), len(pairs))
    different = {}
    for name, (change, another) in variants.DIFFERENT.items():
        pairs = [(change(url), another(url)) for url in urls]
        pairs = [(one, other) for one, other in pairs if one != other]
        different[name] = (sum(key(one) == key(other) for one, other in pairs), len(pairs))
    return {"same": same, "different": different}


def courlan(url: str) -> str:
    """The peer: what trafilatura's crawler takes for one URL."""
    from courlan import clean_url

    try:
        return clean_url(url) or url
    except Exception:
        return url


def main() -> None:
    """Measure, and print a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--measures", type=Path)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    variants = load(options.measures or options.data.parent / "measures" / "url_variants.py")
    entries = gather(options.data / "feeds" / "real").entries
    urls = sorted({entry.url for entry in entries if entry.url})
    report = {
        name: measure(urls, variants, key)
        for name, key in (("ours", canonical), ("courlan", courlan))
    }
    if options.json:
        print(json.dumps({"urls": len(urls), **report}, indent=2))
        return
    print(f"{len(urls)} URLs")
    for group, word in (("same", "recognized"), ("different", "merged wrongly")):
        print(f"{word:22} {'ours':>14} {'courlan':>14}")
        for name in report["ours"][group]:
            cells = [report[who][group][name] for who in report]
            print(f"  {name:20} " + " ".join(f"{n:6} of {of:5}" for n, of in cells))
        totals = [[sum(c[i] for c in report[w][group].values()) for i in (0, 1)] for w in report]
        print("  all                  " + " ".join(f"{n / of:14.2%}" for n, of in totals))


if __name__ == "__main__":
    main()
