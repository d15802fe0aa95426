"""An invented newsroom: issues to archive, made from literals."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

from PIL import Image as Picture

from digest.archive import Archive
from digest.models import (
    Blurb,
    Candidate,
    Credit,
    Entry,
    Image,
    Issue,
    Newsletter,
    Renderings,
    Section,
    Status,
    Story,
    Verdict,
    Window,
)

CUTOFF = datetime(2026, 11, 20, 9, tzinfo=UTC)
"""The cut-off of 2026-W47."""


@dataclass(frozen=True)
class Made:
    """All that a build hands to the archive."""

    issue: Issue
    candidates: tuple[Candidate, ...]
    renderings: Renderings
    media: dict[str, bytes] = field(default_factory=dict)


def picture(color: str) -> bytes:
    out = BytesIO()
    Picture.new("RGB", (552, 120), color).save(out, "PNG")
    return out.getvalue()


HEADLINES = (
    ("ferry", "The ferry to Skerry Island will run on batteries from May", "Harbor Gazette"),
    ("library", "A library of seeds opens in the old customs house", "Quayside Notes"),
    ("tides", "New tide tables correct an error of forty years", "Almanac Office"),
    ("arabic", "ميناء الصيد يفتح سوقًا ليلية للمراكب الصغيرة", "بريد المرفأ"),
    ("cjk", "港の市場が百周年を迎え、夜の灯りが戻る", "港だより"),
)


def entry(week: int, at: int) -> Entry:
    key, title, source = HEADLINES[at]
    cutoff = CUTOFF + timedelta(weeks=week - 47)
    return Entry(
        id=f"{key}-{week}",
        title=title,
        text=f"{title}. The council voted on Tuesday, week {week}.\n\nBoats came at noon.",
        summary="A short description.",
        url=f"https://news.example.org/{key}/{week}",
        source=source,
        published=cutoff - timedelta(days=at + 1),
        image=Image(url=f"media/{key}{week}.png", alt="A picture", width=552, height=120)
        if at == 0
        else None,
        order=at,
    )


def story(found: Entry, *, lead: bool) -> Story:
    return Story(
        entry=found,
        tier="lead" if lead else "teaser",
        headline=found.title,
        section="" if lead else "Around the bay",
        blurb=Blurb(text=f"{found.title}.", origin="text", spans=((0, len(found.title) + 1),)),
        also=(Credit(id="also", source="Quayside Notes", title="Batteries at sea"),)
        if lead
        else (),
    )


def verdict(at: int) -> Verdict:
    if at == 0:
        parts = (("recency", 0.41), ("reports", 0.3), ("repeat", -0.05))
        return Verdict(
            place="lead", rule="rank", because="It has the best score.", score=0.66, parts=parts
        )
    if at < 4:
        return Verdict(
            place="teaser",
            rule="rank",
            because="It is among the best.",
            score=0.5 - at / 10,
            section="Around the bay",
        )
    return Verdict(place="out", rule="room", because="There was no more room.", score=0.01)


def made(week: int = 47, *, status: Status = "draft", words: str = "", pictures: int = 1) -> Made:
    """The issue of a week of 2026. `words` and `pictures` make one build unlike another."""
    cutoff = CUTOFF + timedelta(weeks=week - 47)
    slug = f"2026-W{week}"
    entries = [entry(week, at) for at in range(len(HEADLINES))]
    media = {
        f"media/{key}{week}.png": picture("#e000e0") for key, _, _ in HEADLINES[: max(pictures, 0)]
    }
    issue = Issue(
        slug=slug,
        newsletter=Newsletter(name="Harbor Weekly", sender="Harbor Weekly <desk@example.org>"),
        window=Window(start=cutoff - timedelta(weeks=1), end=cutoff),
        now=cutoff,
        number=week - 44,
        status=status,
        subject=f"{HEADLINES[0][1]} {words}".strip(),
        preheader=" · ".join(title for _, title, _ in HEADLINES[1:4]),
        leads=(story(entries[0], lead=True),),
        sections=(
            Section(
                name="Around the bay",
                stories=tuple(story(found, lead=False) for found in entries[1:4]),
            ),
        ),
    )
    candidates = tuple(
        Candidate(entry=found, first_seen=cutoff - timedelta(days=at + 1), verdict=verdict(at))
        for at, found in enumerate(entries)
    )
    return Made(issue, candidates, renderings(issue, words), media)


def renderings(issue: Issue, words: str = "") -> Renderings:
    lines = "".join(
        f'<h2 dir="auto"><a href="{s.entry.url}">{s.headline}</a></h2><p>{s.blurb.text}</p>'
        for s in issue.stories
    )
    image = issue.leads[0].entry.image
    html = (
        "<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'>"
        "<meta name='color-scheme' content='light dark'><style>:root{color-scheme:light dark}"
        "body{margin:0;font-family:sans-serif}"
        "</style></head><body>"
        f"<img src='{image.url if image else ''}' alt='A picture' style='display:block;width:100%'>"
        f"<h1>{issue.newsletter.name} {words}</h1>{lines}</body></html>"
    )
    text = "\n\n".join(f"{s.headline}\n{s.blurb.text}" for s in issue.stories)
    message = (
        "From: Harbor Weekly <desk@example.org>\r\n"
        "Subject: =?utf-8?q?F=C3=A9rry?= news\r\n"
        "Message-ID: <harbor.2026-W47@example.org>\r\n"
        "MIME-Version: 1.0\r\n"
        'Content-Type: multipart/alternative; boundary="seam"\r\n\r\n'
        "--seam\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        f"{text}\r\n--seam\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}\r\n--seam--\r\n"
    )
    return Renderings(
        email_html=html, email_txt=text + "\n", web_html=html, message=message.encode()
    )


def save(archive: Archive, build: Made) -> Path:
    return archive.save(
        build.issue,
        candidates=build.candidates,
        renderings=build.renderings,
        media=build.media,
        settings={"DIGEST_NAME": "Harbor Weekly"},
        versions={"digest": "0.1.0"},
    )
