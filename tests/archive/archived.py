"""Archives to search: a few invented issues, each of the stories that a test names."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from digest.archive import Archive
from digest.models import (
    Blurb,
    Candidate,
    Credit,
    Entry,
    Section,
    Status,
    Story,
    Verdict,
)
from tests.archive.newsroom import CUTOFF, made, save


def told(
    title: str,
    text: str = "",
    *,
    blurb: str = "",
    lead: bool = False,
    source: str = "Harbor Gazette",
    section: str = "Around the bay",
    language: str = "",
    url: str = "",
    also: tuple[Credit, ...] = (),
) -> Story:
    """A story as an issue tells it; without a `url` one is made of its title."""
    path = "-".join(title.lower().split()) or "untitled"
    entry = Entry(
        id=path,
        title=title,
        text=text,
        url=url or f"https://news.example.org/{path}",
        source=source,
        language=language,
    )
    return Story(
        entry=entry,
        tier="lead" if lead else "teaser",
        headline=title,
        section="" if lead else section,
        blurb=Blurb(text=blurb, origin="editor" if blurb else "none"),
        also=also,
    )


def put(folder: Path, *stories: Story, week: int = 47, status: Status = "sent") -> Archive:
    """Save an issue of these stories in the archive `folder`."""
    cutoff = CUTOFF + timedelta(weeks=week - 47)
    day = cutoff - timedelta(days=1)
    dated = [replace(s, entry=replace(s.entry, published=day)) for s in stories]
    base = made(week, status=status, pictures=0)
    issue = replace(
        base.issue,
        leads=tuple(s for s in dated if s.tier == "lead"),
        sections=tuple(
            Section(name=name, stories=tuple(s for s in dated if s.section == name))
            for name in dict.fromkeys(s.section for s in dated if s.tier == "teaser")
        ),
    )
    candidates = tuple(
        Candidate(
            entry=s.entry,
            first_seen=cutoff,
            verdict=Verdict(place=s.tier, rule="rank", because="It is among the best."),
        )
        for s in dated
    )
    archive = Archive(folder)
    save(archive, replace(base, issue=issue, candidates=candidates, media={}))
    return archive
