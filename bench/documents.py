"""What the benches of collecting share: documents of a data folder, and their own reckoning."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from digest.collect import Collected, collect
from digest.net import Fetched

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def gather(*places: Path) -> Collected:
    """What `digest build` would collect from these files and folders, without a network."""
    return collect([str(p) for p in places], folder=Path.cwd(), now=NOW, fetch=_no_network)


def _no_network(url: str) -> Fetched:
    raise AssertionError(f"a bench asked for {url}")


_APART = re.compile(r"<!\[CDATA\[.*?\]\]>|<!--.*?-->", re.DOTALL)
_ROOT = re.compile(r"<(?:([\w.-]+):)?(?:rss|feed|rdf|channel|entry)[\s>]", re.IGNORECASE)


def raw_count(data: bytes) -> int:
    """`<item>` and `<entry>` elements outside CDATA and comments, self-closed ones included.

    They bear their root's prefix, or none: `<media:entry>` is no entry.
    """
    mark = data[:4].lstrip(b"\xef\xbb\xbf")
    wide = mark[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00<" in data[:8] or b"<\x00" in data[:8]
    big = mark[:1] in (b"\xfe", b"\x00")
    encoding = ("utf-16-be" if big else "utf-16-le") if wide else "utf-8"
    text = _APART.sub("", data.decode(encoding, "replace"))
    root = _ROOT.search(text)
    prefix = f"(?:{re.escape(root[1])}:)?" if root and root[1] else ""
    return len(re.findall(rf"<{prefix}(?:item|entry)[\s/>]", text, re.IGNORECASE))


def feed_files(data: Path) -> Iterator[Path]:
    """The XML and JSON feeds below `feeds/` of the data folder, expected values left out."""
    for path in sorted((data / "feeds").rglob("*")):
        if not path.is_file() or path.name.startswith("LICENSE") or path.suffix in (".md", ".txt"):
            continue
        if path.suffix == ".json" and is_expectation(path):
            continue
        yield path


def is_expectation(path: Path) -> bool:
    """Whether a JSON file holds what a feed beside it should give."""
    return path.stem.endswith("_expected") or path.with_suffix(".xml").exists()


def words(text: str) -> str:
    """Text as it is compared: white space and typographic quotes leveled."""
    level = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "\u00a0": " "})
    return " ".join(text.translate(level).split())
