"""What readers may see of an archived issue: from what the archive holds to what a site is made of.

Every field is named here, so that nothing of an issue gets out by itself: no candidate that was
left out, no article's text, no setting.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from email.utils import parseaddr
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from digest.archive import Reading
from digest.codec import to_json
from digest.corrections import Correction
from digest.models import Issue, Newsletter
from digest.site import (
    File,
    PublicCorrection,
    PublicCredit,
    PublicIssue,
    PublicNotice,
    PublicPicture,
    PublicStory,
    permanent_id,
)

if TYPE_CHECKING:
    from digest.render import IssueView, StoryView

SMALL_WIDTH, SMALL_RATIO = 320, 1.5
"""Pixels of the picture in a list: twice what a screen shows of it, and width to height."""
_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An issue ready to publish: its facts, its archived page, and the files beside that."""

    facts: PublicIssue
    web_html: str
    beside: tuple[File, ...]

    @property
    def hash(self) -> str:
        """Of all that is published of it."""
        seen = sha256(to_json(self.facts).encode("utf-8", "replace"))
        seen.update(sha256(self.web_html.encode()).digest())
        for file in self.beside:
            seen.update(f"{file.path}\n".encode() + sha256(file.data).digest())
        return seen.hexdigest()[:32]


def tell(reading: Reading, corrections: Sequence[Correction]) -> Told:
    """What is published of an issue. Raises DigestError where it is damaged."""
    from digest.render import issue_view

    issue = reading.issue
    names = _pictures(issue, reading)
    pictures = {name: reading.picture(name) for name in names}
    view = issue_view(issue, media=pictures)
    facts = _facts(issue, view, corrections)
    beside = [File(path=f"{issue.slug}/{name}", data=data) for name, data in pictures.items()]
    small = _small(facts, pictures)
    if small:
        facts = replace(facts, small=small[0])
        beside.append(File(path=f"{issue.slug}/{small[0].url}", data=small[1]))
    return Told(facts=facts, web_html=reading.web_html, beside=tuple(beside))


def _pictures(issue: Issue, reading: Reading) -> list[str]:
    """The issue's own pictures that a rendering shows."""
    shown = {story.image.url for story in issue.stories if story.image}
    return sorted(name for name in reading.media if name in shown or name in reading.web_html)


def _facts(issue: Issue, view: IssueView, corrections: Sequence[Correction]) -> PublicIssue:
    headlines = {
        story.entry.id: told.headline
        for story, told in zip(issue.stories, view.stories, strict=False)
    }
    sections = {id(story): section.name for section in view.sections for story in section.stories}
    return PublicIssue(
        slug=issue.slug,
        id=permanent_id(
            _domain(issue.newsletter),
            issue.window.end.date(),
            issue.slug,
            else_of=issue.newsletter.name,
        ),
        number=issue.number,
        moment=issue.window.end,
        day=view.date,
        subject=view.subject,
        preheader=view.preheader,
        language=view.language,
        direction=view.direction,
        intro=view.intro,
        outro=view.outro,
        stories=tuple(_story(story, sections.get(id(story), "")) for story in view.stories),
        notices=tuple(
            PublicNotice(
                label=notice.label,
                title=notice.title,
                sponsor=notice.sponsor,
                text=notice.text,
                url=notice.url,
                after=notice.after,
            )
            for notice in view.notices
        ),
        corrections=tuple(_correction(row, issue, view.language, headlines) for row in corrections),
    )


def _story(view: StoryView, section: str) -> PublicStory:
    picture = view.picture
    return PublicStory(
        headline=view.headline,
        url=view.url,
        source=view.source,
        section=section,
        lead=view.tier == "lead",
        kicker=view.kicker,
        facts=view.facts,
        blurb=view.blurb,
        mark=view.mark,
        note=view.note,
        also=tuple(PublicCredit(source=one.source, url=one.url) for one in view.also),
        picture=PublicPicture(
            url=picture.url, alt=picture.alt, width=picture.width, height=picture.height
        )
        if picture
        else None,
        language=view.language if view.foreign else "",
        direction=view.direction if view.foreign else "",
    )


def _correction(
    row: Correction, issue: Issue, language: str, headlines: dict[str, str]
) -> PublicCorrection:
    from digest.render import clean, local, long_date

    return PublicCorrection(
        moment=row.moment,
        day=long_date(local(row.moment, issue.newsletter), language),
        note=clean(row.note),
        story=headlines.get(row.story, ""),
    )


def _small(facts: PublicIssue, pictures: dict[str, bytes]) -> tuple[PublicPicture, bytes] | None:
    """A small copy of the first picture that is the issue's own, with its bytes."""
    from digest.render import copied

    named = (story.picture.url for story in facts.stories if story.picture)
    name = next((url for url in named if url in pictures), None)
    if name is None:
        return None
    copy = copied(pictures[name], width=SMALL_WIDTH, ratio=SMALL_RATIO)
    if isinstance(copy, str):  # no picture that a browser should see; the list does without
        return None
    extension = copy.kind.lstrip(".")
    picture = PublicPicture(url=f"small.{extension}", width=copy.width, height=copy.height)
    return picture, copy.data


def _domain(newsletter: Newsletter) -> str:
    """The domain that the newsletter had when the issue was made; empty where it names none."""
    for url in (newsletter.web_url, newsletter.home_url, f"//{_mail_domain(newsletter.sender)}"):
        try:
            domain = (urlsplit(url).hostname or "").encode("idna").decode("ascii").lower()
        except (ValueError, UnicodeError):
            continue
        if _DOMAIN.fullmatch(domain):
            return domain
    return ""


def _mail_domain(sender: str) -> str:
    return parseaddr(sender)[1].rpartition("@")[2]
