"""Articles with blurbs by people, to fit and to measure on: which are which, in one place.

Files are JSON Lines with `id`, `text`, `summary`, and `title` or `url`. Half of the articles of
a file are for fitting, half are held out, by a hash of their ids; a file whose SHA-256 nothing was
fitted on is held out as a whole.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlparse

from digest.summarize.fitted import weights

_TAIL = re.compile(r"(?:[-_](?=\w*\d)\w{5,}|\.\w{2,5}|[-_]\d+)+$")


@dataclass(frozen=True, slots=True)
class Example:
    """An article, and what a person wrote of it. `title` never comes from the blurb's author.

    `source` is the host of its address, "" where there is none.
    """

    id: str
    title: str
    text: str
    summary: str
    source: str = ""


def examples(path: Path) -> list[Example]:
    """The articles of a file, in its order; the title is that of the URL, where there is one."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        url = str(row.get("url") or "")
        title = title_of(url) if url else str(row.get("title") or "")
        source = (urlparse(url).hostname or "").removeprefix("www.")
        found.append(Example(str(row["id"]), title, str(row["text"]), str(row["summary"]), source))
    return found


PARTS = ("held-out", "fitting", "all")


def part(rows: Collection[Example], name: Literal["fitting", "held-out", "all"]) -> list[Example]:
    """One half of the articles, whatever their order, or all of them."""
    if name == "all":
        return list(rows)
    odd = name == "held-out"
    return [row for row in rows if hashlib.sha256(row.id.encode()).digest()[0] % 2 == odd]


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def title_of(url: str) -> str:
    """The words of an address that name the article: the longest part of its path, less numbers.

    >>> title_of("https://example.org/news/new-quay-opens-in-alder/story-x7.html")
    'new quay opens in alder'
    """
    parts = [unquote(piece) for piece in urlparse(url).path.split("/") if piece]
    named = [piece for piece in parts if not re.match(r"story[-/]\w+", piece)] or parts or [""]
    longest = max(named, key=lambda piece: (piece.count("-"), len(piece)))
    return re.sub(r"[-_\W]+", " ", _TAIL.sub("", longest)).strip()


def held_out(path: Path) -> list[Example]:
    """Articles that nothing was fitted on: half of a file that was fitted on, else all of it."""
    known = {row["sha256"] for row in weights()["data"]}
    rows = examples(path)
    return part(rows, "held-out") if digest_of(path) in known else rows
