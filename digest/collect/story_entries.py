"""From a teased story to its entry: what a page and a mail of many stories share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from digest.collect.entries import make_entry
from digest.collect.pictures import Pictures
from digest.collect.teaser_blocks import Teased
from digest.models import Entry

_IN_BLOCK = {
    "title": "the headline of its block",
    "url": "the headline's link",
    "summary": "the text of its block",
    "byline": "the byline of its block",
    "agency": "the byline of its block",
    "tags": "the label of its block",
    "image": "the picture of its block",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What a document says of all its stories, and where; `now` judges dates."""

    now: datetime
    source: str = ""
    section: str = ""
    language: str = ""
    published: datetime | None = None
    where: Mapping[str, str] = field(default_factory=dict)


def story_entry(
    story: Teased, *, order: int, around: Around, pictures: Pictures, base: str
) -> Entry:
    """The entry of one story; what its block does not say is the document's."""
    where = {**around.where, **_IN_BLOCK}
    if story.published:
        where["published"] = story.dated_by
    return make_entry(
        title=story.title,
        now=around.now,
        summary=story.excerpt,
        url=story.url or None,
        source=around.source,
        published=story.published or around.published,
        byline=story.byline.name,
        agency=story.byline.agency,
        tags=[story.kicker] if story.kicker else (),
        image=pictures.image(story.picture, base) if story.picture else None,
        language=story.language or around.language,
        section=around.section,
        order=order,
        provenance=where,
    )
