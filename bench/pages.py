"""Pages: how well the article, its title, byline and date are found.

Run with `python -m bench.pages --data FOLDER [--part odd|even] [--all] [--json]`.

The article's text is measured on `pages/scrapinghub` as that benchmark does: shingles of four
words, precision and recall a page, F1 of their means. Ours is what a page's entry holds in reading
order: body paragraphs with the subheads, quotes and captions that stand among them (`as shown`),
and the paragraphs alone (`text only`). Metadata is measured on `pages/readability` against the
values that Readability.js is expected to give; "invented" counts dates that we give and that
stand nowhere in the page.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from bench.documents import NOW, gather, words
from digest.collect.article import find_article, parse_page
from digest.collect.body import read_body
from digest.collect.bylines import parse_byline
from digest.collect.dates import parse_date
from digest.collect.document import Document, Place
from digest.collect.encoding import decode
from digest.collect.gather import read_document
from digest.collect.pages import typed_blocks
from digest.errors import DigestError
from digest.models import Entry
from digest.text.markup import read_tree, strip_markup

_WORD = re.compile(r"\w+")


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """All runs of four words; fewer words are one run."""
    tokens = _WORD.findall(text)
    runs = [tuple(tokens[i : i + 4]) for i in range(max(1, len(tokens) - 3))]
    return Counter(runs) if tokens else Counter()


def overlap(wanted: str, found: str) -> tuple[float, float]:
    """(precision, recall) of the runs of `found`."""
    one, other = shingles(wanted), shingles(found)
    both = sum((one & other).values())
    extra, lost = sum(other.values()) - both, sum(one.values()) - both
    if not extra and not lost:
        return 1.0, 1.0
    if not both:
        return 0.0, 0.0
    return both / (both + extra), both / (both + lost)


@dataclass(slots=True)
class Articles:
    """Precision and recall by way of reading, a pair for each page."""

    pages: list[str] = field(default_factory=list)
    scores: dict[str, list[tuple[float, float]]] = field(default_factory=dict)

    def f1(self, way: str) -> tuple[float, float, float]:
        """(F1, precision, recall): the means over pages."""
        rows = self.scores[way]
        precision = sum(p for p, _ in rows) / len(rows)
        recall = sum(r for _, r in rows) / len(rows)
        total = precision + recall
        return (2 * precision * recall / total if total else 0.0), precision, recall


def read(html: bytes, url: str = "https://www.example.org/a") -> Entry | None:
    """The entry that `build` would collect from a page; None where it finds no article."""
    place = Place(given=url, url=url)
    try:
        reading = read_document(
            Document(place=place, data=html, url=url, content_type="text/html", now=NOW)
        )
    except DigestError:
        return None
    return reading.entries[0] if reading.entries else None


def as_text(entry: Entry | None) -> str:
    """The paragraphs of an entry."""
    return entry.text if entry else ""


def _shown(html: bytes) -> str:
    """The article as it stands in the page: its paragraphs with the subheads among them."""
    text = decode(html)
    root = parse_page(text)
    if root is None:
        return ""
    shown = read_tree(root).pictures
    blocks = typed_blocks(find_article(root), shown)
    return "\n".join(read_body(blocks).shown)


def _trafilatura(html: bytes, *, favor_precision: bool = False) -> str:
    import trafilatura

    found = trafilatura.extract(html, include_comments=False, favor_precision=favor_precision)
    return found or ""


def _readability(html: bytes) -> str:
    from trafilatura.readability_lxml import Document as Readability
    from trafilatura.utils import load_html

    from digest.text.markup import html_to_paragraphs

    tree = load_html(html)
    try:
        return "\n".join(html_to_paragraphs(Readability(tree).summary()))
    except Exception:
        return ""


WAYS: Mapping[str, Callable[[bytes], str]] = {
    "ours, text only": lambda html: as_text(read(html)),
    "ours, as shown": _shown,
    "trafilatura, precision": lambda html: _trafilatura(html, favor_precision=True),
    "trafilatura": _trafilatura,
    "trafilatura's readability": _readability,
}


def articles(data: Path, part: str) -> tuple[Articles, dict[str, float]]:
    """The scores on the articles of `part`, and CPU seconds by way."""
    folder = data / "pages" / "scrapinghub"
    truth = json.loads((folder / "ground-truth.json").read_text("utf-8"))
    found = Articles()
    spent = dict.fromkeys(WAYS, 0.0)
    for index, (name, gold) in enumerate(sorted(truth.items())):
        path = folder / "html" / f"{name}.html.gz"
        if not path.exists() or not _in_part(index, part):
            continue
        html = gzip.decompress(path.read_bytes())
        found.pages.append(name)
        for way, extract in WAYS.items():
            start = time.process_time()
            text = extract(html)
            spent[way] += time.process_time() - start
            found.scores.setdefault(way, []).append(overlap(gold["articleBody"], text))
    return found, spent


def _in_part(index: int, part: str) -> bool:
    return part == "all" or index % 2 == (part == "odd")


@dataclass(slots=True)
class Field:
    """A field of metadata: right ones out of those expected, and the wrong ones."""

    right: int = 0
    all: int = 0
    wrong: list[str] = field(default_factory=list)


FIELDS = ("title", "title apart", "byline", "date", "excerpt", "site", "language")


def metadata(data: Path, part: str) -> dict[str, dict[str, Field]]:
    """Each field of Mozilla's expected metadata, by reader."""
    table = {who: {name: Field() for name in (*FIELDS, "invented")} for who in ("ours", "peer")}
    for index, folder in enumerate(sorted((data / "pages" / "readability").iterdir())):
        if not (folder / "source.html").exists() or not _in_part(index, part):
            continue
        html = (folder / "source.html").read_bytes()
        mine = gather(folder / "source.html").entries
        gold = json.loads((folder / "expected-metadata.json").read_text("utf-8"))
        for who, got in (("ours", _ours(next(iter(mine), None))), ("peer", _peer(html))):
            for name, wanted in _expected(gold):
                tally = table[who][name]
                tally.all += 1
                given = got.get(name.split()[0], "")
                apart = name == "title apart" and _is_own_heading(html, given, wanted)
                if apart or _agrees(name, wanted, given):
                    tally.right += 1
                else:
                    told = f"{folder.name}: {wanted[:90]!r}, not {given[:90]!r}"
                    tally.wrong.append(told)
            date = got.get("date", "")
            tally = table[who]["invented"]
            tally.all += bool(date)
            if date and not _stands_in(html, date):
                tally.right += 1
                tally.wrong.append(f"{folder.name}: {date}")
    return table


def _expected(gold: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    keys = ("title", "title", "byline", "publishedTime", "excerpt", "siteName", "lang")
    for name, key in zip(FIELDS, keys, strict=True):
        if gold.get(key):
            yield name, str(gold[key])


def _ours(entry: Entry | None) -> dict[str, str]:
    if entry is None:
        return {}
    return {
        "title": entry.title,
        "byline": "\n".join([entry.byline, ", ".join(filter(None, [entry.byline, entry.agency]))]),
        "date": entry.published.isoformat() if entry.published else "",
        "excerpt": entry.summary or entry.text,
        "site": entry.source,
        "language": entry.language,
    }


def _peer(html: bytes) -> dict[str, str]:
    from trafilatura import extract_metadata

    found = extract_metadata(html)
    return {
        "title": found.title or "",
        "byline": found.author or "",
        "date": found.date or "",
        "excerpt": found.description or "",
        "site": found.sitename or "",
        "language": found.language or "",
    }


def _agrees(name: str, wanted: str, got: str) -> bool:
    """Whether two values say the same: white space, quotes and case leveled."""
    if not got:
        return False
    if name == "date":
        return _same_day(wanted, got)
    if name == "byline":
        names, _, both = got.partition("\n")
        return _people(wanted) in (_people(names), _people(both))
    one, other = words(wanted).lower(), words(got).lower()
    if name == "excerpt":
        return other.startswith(one[:60]) or one.startswith(other[:60])
    if name == "language":
        return one.split("-")[0] == other.split("-")[0]
    return one == other


def _is_own_heading(html: bytes, got: str, wanted: str) -> bool:
    """Whether a title is the expected one without the site's name.

    That is: the page shows it as a heading of its own, and the expected value is it with more
    behind a bar, a dash, a bracket or an underscore.
    """
    rest = words(wanted)[len(words(got)) :]
    if (
        not got
        or not words(wanted).startswith(words(got))
        or not re.match(r"\s*[|–—\-\[_·»]", rest)
    ):
        return False
    text = html.decode("utf-8", "replace")
    heads = re.findall(r"<h[12][^>]*>(.*?)</h[12]>", text, re.DOTALL | re.IGNORECASE)
    shown = {words(strip_markup(head)).lower().rstrip(" ¶#") for head in heads}
    return words(got).lower() in shown


def _same_day(wanted: str, got: str) -> bool:
    """Whether two moments lie on one day, in UTC or on their own calendars."""
    moment, other = parse_date(wanted), parse_date(got)
    if moment is None or other is None:
        return False
    same = moment.astimezone(UTC).date() == other.astimezone(UTC).date()
    return same or moment.date() == other.date()


def _people(raw: str) -> frozenset[str]:
    """The names of a byline, in any order, however they are joined.

    "By", job titles and dates are taken off both sides.
    """
    who = parse_byline(re.sub(r"\s*\n\s*", " | ", raw.strip()))
    text = f"{who.name}, {who.agency}".lower()
    return frozenset(filter(None, re.split(r"\s*(?:,|;|&|\band\b|\|)\s*", text)))


def _stands_in(html: bytes, date: str) -> bool:
    """Whether a day is printed or stated anywhere in the page, in any usual form."""
    moment = datetime.fromisoformat(date)
    text = html.decode("utf-8", "replace")
    forms = {moment.strftime(form) for form in ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%d.%m.%Y")}
    forms |= {f"{moment.month}/{moment.day}/{moment.year}", moment.strftime("%m/%d/%Y")}
    for month in (moment.strftime("%B"), moment.strftime("%b")):
        forms |= {f"{month} {moment.day}, {moment.year}", f"{month} {moment:%d}, {moment.year}"}
        forms |= {f"{moment.day} {month} {moment.year}", f"{moment:%d} {month} {moment.year}"}
    forms.add(str(int(moment.timestamp())))
    return any(form in text for form in forms)


def main() -> None:
    """Measure, and print a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--part", choices=("all", "odd", "even"), default="all")
    parser.add_argument("--all", action="store_true", help="list every wrong value")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found, spent = articles(options.data, options.part)
    table = metadata(options.data, options.part)
    if options.json:
        report = {
            "articles": {way: found.f1(way)[0] for way in WAYS},
            "cpu_seconds": spent,
            "metadata": {
                who: {n: {"right": t.right, "all": t.all} for n, t in rows.items()}
                for who, rows in table.items()
            },
        }
        print(json.dumps(report, indent=2, ensure_ascii=False))
        return
    base = spent["trafilatura, precision"]
    print(f"{'article text':28} {'F1':>6} {'prec.':>6} {'recall':>6} {'median':>7} {'time':>6}")
    for way in WAYS:
        f1, precision, recall = found.f1(way)
        middle = median(2 * p * r / (p + r) if p + r else 0.0 for p, r in found.scores[way])
        share = spent[way] / base
        print(f"{way:28} {f1:6.3f} {precision:6.3f} {recall:6.3f} {middle:7.3f} {share:5.2f}x")
    if options.all:
        for page, (p, r) in zip(found.pages, found.scores["ours, as shown"], strict=True):
            if min(p, r) < 0.9:
                print(f"    {page[:16]} precision {p:.2f} recall {r:.2f}")
    print(f"{'metadata':12} {'ours':>12} {'trafilatura':>12}")
    for name in (*FIELDS, "invented"):
        mine, peer = table["ours"][name], table["peer"][name]
        print(f"{name:12} {mine.right:5} of {mine.all:3} {peer.right:5} of {peer.all:3}")
        for line in mine.wrong if options.all else ():
            print(f"    {line}")


if __name__ == "__main__":
    main()
