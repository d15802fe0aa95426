"""An issue at a glance: what the list of issues shows of it, its stories unread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from digest.archive.document import need_files, need_schema, need_slug
from digest.codec import from_json
from digest.models import Newsletter, Status, Window

DRAWN = 12
"""Stories that a miniature of an issue draws at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of the list of issues, read without the entries.

    Sizes are bytes. `picture` is the first of the issue's own that its email shows (`media/…`);
    `lines` are the characters of headline and blurb of each of its first stories, which is what a
    miniature of it draws. A damaged issue has a `problem`, one sentence, and nothing else.
    """

    slug: str
    problem: str = ""
    name: str = ""
    sender: str = ""
    subject: str = ""
    preheader: str = ""
    number: int = 0
    status: Status | Literal[""] = ""
    window: Window | None = None
    leads: int = 0
    teasers: int = 0
    html_bytes: int = 0
    text_bytes: int = 0
    message_bytes: int = 0
    picture: str = ""
    lines: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _GlanceSection:
    stories: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """The part of an issue that the list of issues shows; the stories stay unread."""

    slug: str
    newsletter: Newsletter
    window: Window
    number: int = 1
    status: Status = "draft"
    subject: str = ""
    preheader: str = ""
    leads: tuple[Any, ...] = ()
    sections: tuple[_GlanceSection, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _GlanceDocument:
    schema: int
    issue: Glance
    files: dict[str, str] = field(default_factory=dict)


def read_glance(raw: bytes, *, where: str, slug: str) -> Glance:
    """As `read_document`, without the stories: enough for the list of issues."""
    document = from_json(_GlanceDocument, raw, where=where)
    need_schema(document.schema, where)
    need_slug(document.issue.slug, slug, where)
    return document.issue


def files_of(raw: bytes, *, where: str, slug: str) -> Mapping[str, str]:
    """The hashes of the build's other files, by name, where all else is sound at a glance."""
    document = from_json(_GlanceDocument, raw, where=where)
    need_schema(document.schema, where)
    need_slug(document.issue.slug, slug, where)
    need_files(document.files, where)
    return document.files


def row_of(slug: str, glance: Glance, sizes: Mapping[str, int], *, picture: str = "") -> Row:
    """The line of an issue, from a glance at it and the sizes of its renderings, in bytes."""
    stories = (*glance.leads, *(s for section in glance.sections for s in section.stories))
    return Row(
        slug=slug,
        name=glance.newsletter.name,
        sender=glance.newsletter.sender,
        subject=glance.subject,
        preheader=glance.preheader,
        number=glance.number,
        status=glance.status,
        window=glance.window,
        leads=len(glance.leads),
        teasers=sum(len(section.stories) for section in glance.sections),
        html_bytes=sizes["email.html"],
        text_bytes=sizes["email.txt"],
        message_bytes=sizes["message.eml"],
        picture=picture,
        lines=tuple(_lengths(story) for story in stories[:DRAWN]),
    )


def _lengths(story: Any) -> tuple[int, int]:
    """The characters of a story's headline and blurb; nothing is believed of what stands there."""
    told = story if isinstance(story, dict) else {}
    blurb = told.get("blurb")
    words = told.get("headline"), blurb.get("text") if isinstance(blurb, dict) else ""
    headline, text = (len(said) if isinstance(said, str) else 0 for said in words)
    return headline, text
