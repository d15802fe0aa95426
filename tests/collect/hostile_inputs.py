"""Feeds and mails made to hang a reader, and a process that reads one of them within bounds.

`python -m tests.collect.hostile_inputs NAME` prints what became of it. The bounds are the
system's: processor time, not the clock, which a busy machine slows; and memory. Nothing inside
Python stops libxml2.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable
from pathlib import Path

from tests.collect.doubles import answer, gather

SECONDS = 12
"""Of processor time. Each input is read in under 2 s; where a path is quadratic, in minutes."""
MEGABYTES = 500
_HEAD = '<rss xmlns:c="http://purl.org/rss/1.0/modules/content/"><channel><title>T</title>'
_ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"{}><title>T</title>{}</feed>'


def _item(inside: str) -> str:
    return f"<item><title>Harbor</title>{inside}</item>"


def _rss(inside: str) -> str:
    return f"{_HEAD}{inside}</channel></rss>"


def _damaged(inside: str) -> str:
    return _rss(_item(inside + "</b>"))


def _escaped(html: str) -> str:
    return html.replace("&", "&amp;").replace("<", "&lt;")


def _content(html: str) -> str:
    return _rss(_item(f"<c:encoded>{_escaped(html)}</c:encoded>"))


def _json(item: dict[str, object], *, times: int = 1, **more: object) -> str:
    items = [{"id": str(n), **item} for n in range(times)]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items, **more})


def _many(piece: str, times: int) -> str:
    return "".join(piece.format(n) for n in range(times))


READ: dict[str, Callable[[], str]] = {
    "empty elements in a damaged feed": lambda: _damaged("<x/>" * 400_000),
    "categories of a damaged item": lambda: _damaged(_many("<category>{}</category>", 80_000)),
    "a date of spaces": lambda: _damaged("<pubDate>" + " " * 60_000 + "x" * 120),
    "namespaces over inner markup": lambda: _ATOM.format(
        _many(' xmlns:a{0}="u:{0}"', 20_000),
        '<entry><content type="xhtml"><p>a</p></content></entry>' * 9_000,
    ),
    "elements as a description": lambda: _rss(
        _item(f"<description>{'<x/>' * 1_000_000}</description>")
    ),
    "categories of comments": lambda: _rss(
        _item(f"<category>{_escaped('<!--' * 5_000)}</category>" * 200)
    ),
    "categories of scripts": lambda: _rss(
        _item(f"<category>{_escaped('<script>' * 2_500)}</category>" * 200)
    ),
    "pictures of one item": lambda: _rss(
        _item(
            '<enclosure type="image/png" url="http://[x"/>' * 30_000
            + f"<c:encoded>{_escaped('<img src=http://[y>' * 30_000)}</c:encoded>"
        )
    ),
    "authors of a whole feed": lambda: _json(
        {"title": "Harbor"}, times=9_000, authors=[{"name": f"Ada Q{n}"} for n in range(1_000)]
    ),
    "paragraphs of all items": lambda: _json({"content_html": "<p>a" * 200}, times=9_000),
    "paragraphs of plain text": lambda: _json({"content_text": "ab\n\n" * 200}, times=6_000),
    "an author of marks": lambda: _rss(_item(f"<author>{'a@' * 4_000}</author>")),
    "an author of brackets": lambda: _rss(_item(f"<author>{'&lt;' * 200_000}</author>")),
    "speakers of hyphens": lambda: _content(f"<p>{'A-' * 300}</p>" * 40),
    "headings beside a long title": lambda: _rss(
        f"<item><title>{'Wörd’s ' * 2_800}</title>"
        f"<c:encoded>{_escaped('<h2>a</h2>' * 29_500)}</c:encoded></item>"
    ),
    "attributes of a paragraph": lambda: _content("<p " + _many('a{}=">" ', 130_000) + ">word</p>"),
    "hosts of thousands of letters": lambda: _content(
        _many(
            '<img src="https://{}'
            + "".join(map(chr, range(0x4E00, 0x4E00 + 7_000)))
            + '.x..org/">',
            250,
        )
    ),
    "hosts of thousands of labels": lambda: _rss(
        _many(f"<item><link>https://{'m.' * 4_000}org/{{}}</link></item>", 900)
    ),
    "a mail of countless lines": lambda: "From: a\nSubject: x\nDate: x\n" + "\n x" * 1_700_000,
}
"""Inputs that are read."""

REFUSED: dict[str, tuple[Callable[[], str], str]] = {
    "categories of one": (
        lambda: _damaged(_many("<category>{}</category>", 30_000)),
        "one of its items has more than 1000 tags",
    ),
    "keywords of one": (
        lambda: _damaged(f"<itunes:keywords>{_many('{},', 60_000)}</itunes:keywords>"),
        "one of its items has more than 1000 tags",
    ),
    "attributes of one tag": (
        lambda: _damaged("<a " + _many('a{0}="{0}>" ', 40_000) + "/>"),
        "a tag of more than 200 attributes",
    ),
    "one tag of megabytes": (
        lambda: _damaged(f'<a href="{"x" * 3_000_000}"/>'),
        "a tag of more than 1000000 characters",
    ),
    "items with countless tags": (
        lambda: _rss(("<item>" + "<category>x</category>" * 20 + "</b></item>") * 9_000),
        "more than 150000 tags",
    ),
}
"""Inputs that are refused, and words of the sentence that says why."""


def peak_memory() -> int:
    """The most memory that this process has held, in MB.

    `ru_maxrss` counts what the process that started this one held before it.
    """
    told = Path("/proc/self/status").read_text("ascii")
    return int(told.split("VmHWM:")[1].split()[0]) // 1024


def _main(name: str) -> None:
    made = READ[name]() if name in READ else REFUSED[name][0]()
    data = made.encode("utf-8")
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    kind = "json" if made.startswith("{") else "mail" if made.startswith("From:") else "xml"
    url = f"https://x.example.org/feed.{kind}"
    mail = "message/rfc822" if kind == "mail" else ""
    found = gather(url, answers={url: answer(data, url=url, content_type=mail)})
    told = {
        "entries": len(found.entries),
        "failures": [failure.what for failure in found.failures],
        "megabytes": peak_memory(),
    }
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    _main(sys.argv[1])
