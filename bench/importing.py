"""Importing a real archive: how many stories come over, with the right title, URL and section.

`python -m bench.importing [DATA]` writes issues of a curated newsletter (rows of issue, section,
title, URL) out as Markdown and as HTML into a temporary folder, imports both, and compares.
"""

from __future__ import annotations

import argparse
import contextlib
import html
import io
import json
import re
import tempfile
import time
from collections import Counter
from pathlib import Path

from digest.archive import Archive
from digest.cli.main import run
from digest.text.markup import clean_text
from digest.text.urls import safe_link, without_tracking

DATA = Path(__file__).parents[2] / "shared" / "data" / "curated" / "twir.jsonl"
INTRO = "Hello and welcome to another issue of the week. Here is what people wrote about."
BY = ("by the editors", "A closer look at how it works, in three short parts.", "")

Gold = tuple[str, str, str]
"""Headline, URL, section."""


def issues_of(path: Path, count: int) -> dict[str, list[dict[str, str]]]:
    """The latest `count` issues of ten stories and more, a row a story, as the file has them."""
    found: dict[str, list[dict[str, str]]] = {}
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        found.setdefault(row["issue"], []).append(row)
    full = {day: rows for day, rows in found.items() if len(rows) >= 10}
    return dict(list(full.items())[-count:])


def headings(row: dict[str, str]) -> tuple[str, str]:
    """The section and the subsection of a story, as words."""
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", row["section"] or "")
    return row["h2"] or "News", re.sub(r"[*_`\\]", "", plain)


def shown(title: str) -> str:
    """A title of the data, whose code and emphasis are marked up, as its words."""
    return clean_text(re.sub(r"[`*]", "", title))


def gold(rows: list[dict[str, str]]) -> list[Gold]:
    """What an import should find, each story once."""
    kept: dict[tuple[str, str], Gold] = {}
    for row in rows:
        url = without_tracking(safe_link(row["url"]) or "")
        h2, h3 = headings(row)
        kept.setdefault((url, shown(row["title"]).casefold()), (shown(row["title"]), url, h3 or h2))
    return list(kept.values())


def escaped(title: str) -> str:
    """A title in Markdown; its code stays code where it closes."""
    marked = "`" if title.count("`") % 2 == 0 else ""
    return re.sub(r"([\\\[\]*_<>" + ("" if marked else "`") + "])", r"\\\1", shown(title))


def as_markdown(day: str, rows: list[dict[str, str]]) -> str:
    """An issue as such newsletters are written."""
    out = [f"---\ntitle: The Week of {day}\ndate: {day}\n---", INTRO]
    last = ("", "")
    for number, row in enumerate(rows):
        here = headings(row)
        if here[0] != last[0] or (last[1] and not here[1]):
            out.append(f"## {here[0]}")
        if here[1] and here != last:
            out.append(f"### {here[1]}")
        last = here
        more = BY[number % 3]
        url = f"<{row['url']}>" if re.search(r"[()]", row["url"]) else row["url"]
        out.append(f"* [{escaped(row['title'])}]({url}){'. ' + more if more else ''}")
    out.append(
        "---\n\nThat is all for this week. [Unsubscribe](https://lists.example.org/unsubscribe)"
    )
    return "\n\n".join(out) + "\n"


def as_html(day: str, rows: list[dict[str, str]]) -> str:
    """The same as a mail: tables in tables, a card for each story."""
    out = [f"<h1>The Week of {day}</h1><p>{INTRO}</p>"]
    last = ("", "")
    for number, row in enumerate(rows):
        here = headings(row)
        if here[0] != last[0] or (last[1] and not here[1]):
            out.append(f"<h2>{html.escape(here[0])}</h2>")
        if here[1] and here != last:
            out.append(f"<h3>{html.escape(here[1])}</h3>")
        last = here
        url, title = html.escape(row["url"]), html.escape(shown(row["title"]))
        more = BY[number % 3]
        body = f"<p style='margin:0'>{more}</p>" if more else ""
        out.append(
            "<table><tr><td style='padding:8px'>"
            f"<h4><a href='{url}'>{title}</a></h4>{body}<p><a href='{url}'>Read more →</a></p>"
            "</td></tr></table>"
        )
    out.append(
        "<div class='footer'><p>You get this because you signed up. "
        "<a href='https://lists.example.org/unsubscribe'>Unsubscribe</a></p></div>"
    )
    body = "".join(f"<tr><td>{piece}</td></tr>" for piece in out)
    head = f"<title>The Week of {day}</title><meta charset='utf-8'>"
    return f"<html><head>{head}</head><body><table>{body}</table></body></html>"


def measured(name: str, issues: dict[str, list[dict[str, str]]], *, show: int) -> None:
    """Write the issues out in one form, import them, compare, and print a row."""
    write, suffix = (as_markdown, "md") if name == "Markdown" else (as_html, "html")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        old = folder / "old"
        old.mkdir()
        for day, rows in issues.items():
            (old / f"{day}-the-week.{suffix}").write_text(write(day, rows), "utf-8")
        (folder / ".env").write_text("DIGEST_NAME=The Week\n")
        start, cpu = time.monotonic(), time.process_time()
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            status = run(["-C", str(folder), "issues", "import", str(old), "--yes", "--json"])
        took, spent = time.monotonic() - start, time.process_time() - cpu
        told = json.loads(said.getvalue())
        archive = Archive(folder / "issues")
        right: Counter[str] = Counter()
        for row in told["issues"]:
            issue = archive.load(row["issue"])
            found = [(s.headline, s.entry.url or "", s.section) for s in issue.stories]
            wanted = gold(issues[row["date"]])
            right["gold"] += len(wanted)
            right["found"] += len(found)
            both = Counter(found) & Counter(wanted)
            right["all"] += both.total()
            by_url = {(title, url) for title, url, _ in found}
            right["title and URL"] += sum((t, u) in by_url for t, u, _ in wanted)
            right["false"] += sum(url not in {u for _, u, _ in wanted} for _, url, _ in found)
            missed = list((Counter(wanted) - Counter(found)).items())
            for (title, url, section), _ in missed[: max(0, show)]:
                print("  missed:", row["date"], "|", title, "|", url, "|", section)
            for (title, url, section), _ in list((Counter(found) - Counter(wanted)).items())[:show]:
                print("  extra: ", row["date"], "|", title, "|", url, "|", section)
            show -= len(missed)
    count = len(told["issues"])
    print(
        f"{name}: {count} issues (exit status {status}), {right['gold']} stories; "
        f"title, URL and section right {right['all'] / right['gold']:.2%}; "
        f"title and URL {right['title and URL'] / right['gold']:.2%}; "
        f"false {right['false']} ({right['found']} found); "
        f"{took / count:.2f} s an issue ({spent / count:.2f} s CPU)"
    )


def main() -> None:
    """Measure both forms."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", nargs="?", type=Path, default=DATA)
    parser.add_argument("--issues", type=int, default=100)
    parser.add_argument("--show", type=int, default=0, help="Stories that went wrong to print.")
    args = parser.parse_args()
    issues = issues_of(args.data, args.issues)
    for name in ("Markdown", "HTML"):
        measured(name, issues, show=args.show)


if __name__ == "__main__":
    main()
