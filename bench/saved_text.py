"""Texts saved from pages: how many fields are read rightly.

Run with `python -m bench.saved_text [--data FOLDER] [--texts FOLDER] [--all] [--json]`. With
`--data`, the saved page of `FOLDER/seed` is compared with its `gold.json`; the texts are those of
the project's own tests, whose form `tests/collect/saved_texts.py` explains.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.documents import gather
from digest.models import Entry
from tests.collect.saved_texts import FOLDER, Marked, compared, texts


def read(text: str) -> tuple[Entry, ...]:
    """What `build` would collect from a text file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "saved.txt"
        path.write_text(text, "utf-8")
        return gather(path).entries


def fields(marked: Marked) -> Iterator[tuple[str, bool, str]]:
    """(field, right, told) of every field of a marked text, and of stories that are none."""
    entries = read(marked.text)
    for index, wanted in enumerate(marked.stories):
        by_title = {entry.title: entry for entry in entries[1:]}
        got = (entries[0] if entries else None) if index == 0 else by_title.get(wanted.title)
        yield from compared(wanted, got, teaser=index > 0)
    extra = max(0, len(entries) - len(marked.stories))
    yield "no other story", not extra, f"{extra} too many"


def seed(data: Path) -> Iterator[tuple[str, bool, str]]:
    """The saved page of the data folder against every field of its gold.json."""
    folder = data / "seed"
    gold = json.loads((folder / "gold.json").read_text("utf-8"))
    entries = gather(folder / gold["file"]).entries
    lead, rest = entries[0], entries[1:]
    wanted = gold["lead"]
    captions = [c["text"] for c in wanted["captions"]]
    subheads = [s["heading"] for s in wanted["sections"] if s["heading"]]
    paragraphs = [p["text"] for s in wanted["sections"] for p in s["paragraphs"]]
    checks: list[tuple[str, Any, Any]] = [
        ("documents", gold["n_documents"], len(entries)),
        ("title", wanted["title"], lead.title),
        ("author", wanted["author"], lead.byline),
        ("agency", wanted["agency"], lead.agency),
        ("dateline", wanted["dateline"]["raw"], lead.dateline),
        ("published", wanted["published"], lead.published),
        ("url", wanted["url"], lead.url),
        ("source_name", wanted["source_name"] or "", lead.source),
        ("captions", captions, [p.text for p in lead.parts if p.kind == "caption"]),
        ("subheads", subheads, [p.text for p in lead.parts if p.kind == "subhead"]),
        ("paragraphs", paragraphs, lead.text.split("\n\n")),
        ("words", gold["checks"]["body_words"], len(lead.text.split())),
        ("related", [r["title"] for r in gold["related"]], [e.title for e in rest]),
    ]
    for name, want, have in checks:
        yield name, want == have, f"{want!r}, not {have!r}"
    for teaser, entry in zip(gold["related"], rest, strict=False):
        pairs = (
            ("author", teaser["author"] or "", entry.byline),
            ("agency", teaser["agency"] or "", entry.agency),
            ("excerpt", teaser["excerpt"], entry.summary),
            ("truncated", teaser["truncated"], entry.cut),
        )
        for name, want, have in pairs:
            yield f"teaser {name}", want == have, f"{want!r}, not {have!r}"


def main() -> None:
    """Measure, and print a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--texts", type=Path, default=FOLDER)
    parser.add_argument("--all", action="store_true", help="list every wrong field")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    tables: dict[str, tuple[Counter[str], Counter[str]]] = {}
    wrong: list[str] = []

    def count(table: str, name: str, *, ok: bool) -> None:
        right, total = tables.setdefault(table, (Counter(), Counter()))
        right[name] += ok
        total[name] += 1

    if options.data:
        for name, ok, told in seed(options.data):
            count("seed", name, ok=ok)
            wrong += [] if ok else [f"seed {name}: {told}"]
    for marked in texts(options.texts):
        for name, ok, told in fields(marked):
            for table in ("texts", f"texts: {marked.language}"):
                count(table, name, ok=ok)
            wrong += [] if ok else [f"{marked.name} {name}: {told}"]
    totals = {table: (r.total(), t.total()) for table, (r, t) in tables.items()}
    if options.json:
        print(json.dumps({"right_of_all": totals, "wrong": wrong}, indent=2, ensure_ascii=False))
        return
    for table, (right, total) in totals.items():
        print(f"{table:12} {right:5} of {total:5}  {right / total:6.1%}")
    rights, counts = tables["texts"]
    print("  " + ", ".join(f"{name} {rights[name]}/{counts[name]}" for name in counts))
    for line in wrong if options.all else ():
        print(f"  {line}")


if __name__ == "__main__":
    main()
