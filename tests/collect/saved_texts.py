"""Texts saved from pages, written for these tests, with what should be read in each line.

A `.marked` file has a line for each line of the text: its kind, ` ¦ `, the line as printed, and
what is wanted of it (`name=`, `agency=`, `published=`, `text=`). Blank lines are the text's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from digest.models import Entry

FOLDER = Path(__file__).parent / "fixtures" / "saved"
TYPED = {
    "kicker": "notice", "crumbs": "notice", "date": "notice", "byline": "byline",
    "caption": "caption", "copy": "", "subhead": "subhead", "call": "call-to-action",
    "share": "share", "notice": "notice", "heading": "notice",
}  # fmt: skip
"""The kind of the part that a line becomes; a copy of a caption becomes none."""


@dataclass(slots=True)
class Story:
    """What should be read of the lead or of one teaser."""

    title: str = ""
    byline: str = ""
    agency: str = ""
    published: str = ""
    dateline: str = ""
    summary: str = ""
    paragraphs: list[str] = field(default_factory=list)
    parts: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Marked:
    """A text, and what should be read in it: the lead first, then the teasers."""

    name: str
    text: str
    stories: list[Story]

    @property
    def language(self) -> str:
        """The language that its file is named after."""
        return self.name.split("-")[0]


def texts(folder: Path = FOLDER) -> list[Marked]:
    """All marked texts of a folder."""
    return [_marked(path) for path in sorted(folder.glob("*.marked"))]


def _marked(path: Path) -> Marked:
    lead = Story()
    stories = [lead]
    printed: list[str] = []
    for row in path.read_text("utf-8").splitlines():
        if not row.strip():
            printed.append("")
            continue
        kind, line, *more = row.split(" ¦ ")
        told = dict(piece.split("=", 1) for piece in more if "=" in piece)
        rest = [piece for piece in more if "=" not in piece]
        printed += _lines(kind, line, rest)
        if kind == "teaser":
            stories.append(Story(title=line))
        elif kind in ("by", "date2", "excerpt"):
            _mark(stories[-1], told)
        else:
            _lead(lead, kind, line, rest, told)
    return Marked(path.stem, "\n".join(printed) + "\n", stories)


def _lines(kind: str, line: str, rest: list[str]) -> list[str]:
    if kind == "wrap":
        return [line, *rest]
    return [" ".join([line, *rest])] if kind == "lead" else [line]


def _mark(story: Story, told: dict[str, str]) -> None:
    story.byline = told.get("name", story.byline)
    story.agency = told.get("agency", story.agency)
    story.published = told.get("published", story.published)
    story.summary = told.get("text", story.summary)


def _lead(lead: Story, kind: str, line: str, rest: list[str], told: dict[str, str]) -> None:
    _mark(lead, told)
    if kind == "title":
        lead.title = line
    elif kind == "summary":
        lead.summary = line
    elif kind == "para":
        lead.paragraphs.append(line)
    elif kind == "wrap":
        lead.paragraphs.append(" ".join([line, *rest]))
    elif kind == "lead":
        lead.dateline = told.get("place", line.partition("(")[0].strip(" —-:"))
        lead.parts.append(("dateline", lead.dateline))
        lead.paragraphs.append(rest[0])
    elif TYPED[kind]:
        lead.parts.append((TYPED[kind], line.strip()))


def compared(wanted: Story, got: Entry | None, *, teaser: bool) -> Iterator[tuple[str, bool, str]]:
    """(field, whether it is right, what is wrong) of one story."""
    if got is None:
        yield "story", False, f"{wanted.title!r} was not found"
        return
    date = got.published.date().isoformat() if got.published else ""
    plain = {
        "title": (wanted.title, got.title),
        "byline": (wanted.byline, got.byline),
        "agency": (wanted.agency, got.agency),
        "published": (_day(wanted.published), date),
        "summary": (wanted.summary, got.summary),
    }
    for name, (want, have) in plain.items():
        yield name, want == have, f"{want!r}, not {have!r}"
    if teaser:
        cut = wanted.summary.endswith(("...", "…"))
        yield "cut", cut == got.cut, f"{cut}, not {got.cut}"
        return
    yield "dateline", wanted.dateline == got.dateline, f"{wanted.dateline!r}, not {got.dateline!r}"
    found = got.text.split("\n\n") if got.text else []
    for paragraph in wanted.paragraphs:
        yield "paragraph", paragraph in found, f"{paragraph[:60]!r} is missing"
    for paragraph in found:
        if paragraph not in wanted.paragraphs:
            yield "paragraph", False, f"{paragraph[:60]!r} is none"
    parts = [(part.kind, part.text) for part in got.parts]
    for part in wanted.parts:
        yield "part", part in parts, f"{part} is missing"


def _day(raw: str) -> str:
    return datetime.fromisoformat(raw).date().isoformat() if raw else ""
