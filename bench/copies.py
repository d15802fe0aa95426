"""How many edited copies of an article are recognized, and whether two articles ever are.

Run with `python -m bench.copies --data FOLDER [--measures FILE] [--json]`. FILE defines the edits
(`EDITS: dict[str, Callable[[text, rng, others], text]]`); by default it lies beside FOLDER in
`measures/article_edits.py`. The articles are those of `pages/scrapinghub` (their text as the set
gives it) and of `pages/readability` (as `digest` reads it) that have sixty words or more;
those of filler, which is the same in seven pages, are left out.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from pathlib import Path

from bench.documents import gather
from bench.feed_damage import load
from digest.match import copies
from digest.models import Entry

LEAST_WORDS = 60


def articles(data: Path) -> list[str]:
    """The texts, in a fixed order."""
    rows = json.loads((data / "pages" / "scrapinghub" / "ground-truth.json").read_text("utf-8"))
    texts = [row["articleBody"] for _, row in sorted(rows.items())]
    for folder in sorted((data / "pages" / "readability").iterdir()):
        page = folder / "source.html"
        if page.is_file():
            texts += [entry.text for entry in gather(page).entries[:1]]
    return [
        text
        for text in dict.fromkeys(texts)
        if len(text.split()) >= LEAST_WORDS and "dolor sit amet" not in text
    ]


def measure(data: Path, measures: Path) -> dict[str, object]:
    """Recall by edit and in all, and the pairs of different articles that were taken for copies."""
    edits = load(measures).EDITS
    texts = articles(data)
    rng = random.Random(7)  # noqa: S311 (a fixed series)
    edited: list[tuple[int, str, str]] = []
    for n, text in enumerate(texts):
        others = [texts[(n + step) % len(texts)] for step in range(1, 41)]
        edited += [(n, name, edit(text, rng, others)) for name, edit in edits.items()]
    wrong = len(copies([_entry(n, text) for n, text in enumerate(texts)]))
    found: Counter[str] = Counter()
    for n, name, text in edited:
        found[name] += bool(copies([_entry(0, texts[n]), _entry(1, text)]))
    return {
        "articles": len(texts),
        "recall": sum(found.values()) / len(edited),
        "by edit": {name: found[name] / len(texts) for name in edits},
        "negative pairs": len(texts) * (len(texts) - 1) // 2,
        "false": wrong,
    }


def _entry(n: int, text: str) -> Entry:
    return Entry(id=f"{n}", title=f"Article {n}", text=text, language="en")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--measures", type=Path)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    measures = given.measures or given.data.parent / "measures" / "article_edits.py"
    report = measure(given.data, measures)
    if given.json:
        print(json.dumps(report, indent=2))
        return
    for name, value in report.items():
        print(f"{name:16} {value}")


if __name__ == "__main__":
    main()
