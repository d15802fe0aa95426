"""What a generated issue is put together from: stories, sections, verdicts, pictures."""

from __future__ import annotations

import random
from collections.abc import Sequence
from hashlib import blake2b
from io import BytesIO
from typing import Literal

from bench.generated_words import Vocabulary
from digest.models import Blurb, Candidate, Credit, Entry, Issue, Section, Span, Story, Verdict

SECTIONS = ("Town", "Sea and science", "Business", "Culture", "Boats", "Letters")


def story_of(entry: Entry, words: Vocabulary, *, lead: bool) -> Story:
    """A story whose blurb is the first two sentences of its text, of a lead the first three."""
    spans: list[Span] = []
    start = 0
    for _ in range(3 if lead else 2):
        end = entry.text.index(words.stop, start) + 1
        spans.append((start, end))
        start = end + len(words.joint)
    told = words.joint.join(entry.text[start:end] for start, end in spans)
    also = Credit(
        id=id_of(f"also {entry.id}"),
        source="Coastwire",
        title=entry.title,
        url=f"https://wire.example.org/{entry.id}",
    )
    return Story(
        entry=entry,
        tier="lead" if lead else "teaser",
        headline=entry.title,
        section="" if lead else entry.section,
        kicker=entry.section if lead else "",
        blurb=Blurb(text=told, origin="text", spans=tuple(spans), joint=words.joint),
        also=(also,) if lead else (),
    )


def sections_of(teasers: Sequence[Story]) -> tuple[Section, ...]:
    """The teasers by section, in the order of `SECTIONS`."""
    named = ((name, tuple(s for s in teasers if s.section == name)) for name in SECTIONS)
    return tuple(Section(name=name, stories=stories) for name, stories in named if stories)


def candidates_of(issue: Issue, entries: Sequence[Entry]) -> tuple[Candidate, ...]:
    """Every entry of the week with a verdict that says what became of it."""
    tiers = {story.entry.id: story.tier for story in issue.stories}
    rows = []
    for at, entry in enumerate(entries):
        share = round(0.4 * (1 - at / len(entries)), 4)
        place: Literal["lead", "teaser", "out"] = tiers.get(entry.id, "out")
        rows.append(
            Candidate(
                entry=entry,
                first_seen=entry.published or issue.window.start,
                verdict=Verdict(
                    place=place,
                    rule=place if place != "out" else "room",
                    because=f"Number {at + 1} of {len(entries)} by score."
                    if place != "out"
                    else "There was no more room.",
                    score=round(share + 0.25, 4),
                    parts=(("recency", share), ("completeness", 0.25)),
                    event=entry.id,
                    section=entry.section if place == "teaser" else "",
                ),
            )
        )
    return tuple(rows)


def id_of(url: str) -> str:
    """The id of the entry at this address."""
    return blake2b(f"url:{url}".encode(), digest_size=5).hexdigest()


def picture(number: int) -> tuple[str, bytes]:
    """A small drawing of hills and a sun, with the name that its bytes give it."""
    from PIL import Image as Picture
    from PIL import ImageDraw

    rng = random.Random(f"picture {number}")  # noqa: S311 (made up, the same each time)
    shown = Picture.new("RGB", (552, 240), (rng.randrange(120, 220), 190, 220))
    draw = ImageDraw.Draw(shown)
    x = rng.randrange(40, 480)
    draw.ellipse((x, 30, x + 50, 80), fill=(250, 220, 120))
    for _ in range(5):
        x, wide = rng.randrange(-100, 500), rng.randrange(150, 400)
        draw.ellipse((x, 120, x + wide, 400), fill=(40, rng.randrange(80, 160), 90))
    out = BytesIO()
    shown.quantize(16).save(out, "PNG", optimize=True)
    data = out.getvalue()
    return f"media/{blake2b(data, digest_size=8).hexdigest()}.png", data
