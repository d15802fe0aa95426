"""What templates see: an issue as frozen values that are ready to print.

Everything is cleaned here, once, for all renderings: characters that no page may hold are taken
out, links that are not http(s) are dropped, dates and reading times are words of the newsletter's
language. Templates escape; they never clean.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from gettext import NullTranslations
from zoneinfo import ZoneInfo

from digest.errors import RenderError
from digest.fit import emailed
from digest.models import Credit, Image, Issue, Newsletter, Notice, Section, Story
from digest.render.clean import clean, paragraphs, safe_url
from digest.render.locales import long_date
from digest.render.strings import byline, label, reading_time
from digest.render.views import (
    MARKS,
    CreditView,
    IssueView,
    NewsletterView,
    NoticeView,
    PictureView,
    SectionView,
    StoryView,
)
from digest.text.bidi import against
from digest.text.catalogues import translations
from digest.text.language import base, direction
from digest.text.urls import host
from digest.text.widths import cut_to_width

_TAG = re.compile("[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8}){0,8}")
"""RFC 5646, 2.1, without its finer points."""
PREHEADER_COLUMNS = 140
"""What the widest inbox lists show of a preheader, about."""


def view(issue: Issue, *, media: Mapping[str, bytes]) -> IssueView:
    """`issue`, whole, as templates see it; `media` says which of its own pictures there are."""
    newsletter = issue.newsletter
    language = _tag(newsletter.language) or "en"
    way = direction(language)
    teller = _Teller(language, media)
    # Counted in reading order: leads first.
    leads = tuple(teller.story(story) for story in issue.leads)
    sections = tuple(teller.section(section) for section in issue.sections if section.stories)
    day = local(issue.window.end, newsletter)
    return IssueView(
        slug=clean(issue.slug),
        number=issue.number,
        date=long_date(day, language),
        day=day.date().isoformat(),
        language=language,
        direction=way,
        start=_start(way),
        subject=subject(issue),
        preheader=_preheader(issue),
        intro=paragraphs(issue.intro),
        outro=paragraphs(issue.outro),
        leads=leads,
        sections=sections,
        notices=tuple(_notice(notice, sections, language) for notice in issue.notices),
        newsletter=_newsletter(newsletter),
        url=page_url(issue),
        on_web=0,
    )


def email_view(issue: Issue, *, media: Mapping[str, bytes]) -> IssueView:
    """`issue` as templates of its email see it: what gave way is shortened or left out."""
    return replace(view(emailed(issue), media=media), on_web=issue.fit.on_web)


def page_url(issue: Issue) -> str:
    """The address of the issue's page on the web; empty where the newsletter has none."""
    web = safe_url(issue.newsletter.web_url)
    return f"{web.rstrip('/')}/{issue.slug}/" if web else ""


def subject(issue: Issue) -> str:
    """The issue's subject on one line; the newsletter's name and the slug where it has none."""
    return _said(issue.subject) or f"{clean(issue.newsletter.name)} · {issue.slug}"


def local(moment: datetime, newsletter: Newsletter) -> datetime:
    """`moment` in the newsletter's time zone. Raises RenderError where there is no such zone."""
    try:
        return moment.astimezone(ZoneInfo(newsletter.zone))
    except (KeyError, ValueError, OSError):  # unknown, outside of the database, a folder of it
        raise RenderError(
            f"newsletter.zone: there is no time zone “{clean(newsletter.zone)[:60]}”.",
            hint="Name one as the IANA's list does, such as Europe/Lisbon or UTC.",
        ) from None


def _newsletter(newsletter: Newsletter) -> NewsletterView:
    return NewsletterView(
        name=clean(newsletter.name),
        tagline=clean(newsletter.tagline),
        home_url=safe_url(newsletter.home_url),
        unsubscribe_url=safe_url(newsletter.unsubscribe_url, "https", "http", "mailto"),
        postal_lines=tuple(filter(None, map(clean, newsletter.postal_address.splitlines()))),
    )


def _preheader(issue: Issue) -> str:
    """What the inbox shows after the subject.

    The issue's own words for it, else the intro, else the second headline (the first one stands
    in the subject).
    """
    own = clean(issue.preheader) or clean(issue.intro)
    other = [clean(story.headline) for story in issue.stories[:2]]
    return cut_to_width(own or (other[-1] if other else ""), PREHEADER_COLUMNS)


class _Teller:
    """Turns stories into what templates see, numbering them as it goes."""

    def __init__(self, language: str, media: Mapping[str, bytes]) -> None:
        self._language = language
        self._media = media
        self._catalogue: NullTranslations = translations(language)
        self._told = 0

    def section(self, section: Section) -> SectionView:
        return SectionView(
            name=clean(section.name), stories=tuple(self.story(story) for story in section.stories)
        )

    def story(self, story: Story) -> StoryView:
        self._told += 1
        entry, blurb = story.entry, story.blurb
        url = safe_url(entry.url)
        language = _tag(entry.language) or self._language
        way = direction(language)
        # An excerpt's length says nothing of the article's.
        time = "" if entry.cut else reading_time(entry.text, self._catalogue, self._language)
        author, agency, source = clean(entry.byline), clean(entry.agency), clean(entry.source)
        told = clean(blurb.text)
        return StoryView(
            number=self._told,
            tier=story.tier,
            headline=_said(story.headline) or _said(entry.title) or source or url,
            url=url,
            host=host(url),
            kicker=clean(story.kicker),
            picture=_picture(story.image, self._media),
            facts=_facts(
                byline(author, self._catalogue, self._language),
                agency,
                source,
                time,
                author=author,
            ),
            byline=author,
            agency=agency,
            source=source,
            reading_time=time,
            blurb=told,
            origin=blurb.origin,
            mark=MARKS.get(blurb.origin, "") if told else "",
            note=clean(story.note),
            cut=blurb.cut,
            also=tuple(map(self._credit, story.also)),
            language=language,
            direction=way,
            start=_start(way),
            foreign=base(language) != base(self._language),
        )

    def _credit(self, credit: Credit) -> CreditView:
        source = _said(credit.source) or host(safe_url(credit.url))
        return CreditView(
            source=source,
            headline=clean(credit.title),
            url=safe_url(credit.url),
            against=against(source, direction(self._language)),
        )


def _notice(notice: Notice, sections: Sequence[SectionView], language: str) -> NoticeView:
    url = safe_url(notice.url)
    after = clean(notice.after).casefold()
    named = {section.name.casefold(): section.name for section in sections}
    return NoticeView(
        label=_said(notice.label) or label(translations(language)),
        sponsor=clean(notice.sponsor),
        title=_said(notice.title) or clean(notice.sponsor) or url,
        text=paragraphs(notice.text),
        url=url,
        host=host(url),
        after="leads" if after == "leads" else named.get(after, "end"),
    )


def _facts(written_by: str, *others: str, author: str) -> tuple[str, ...]:
    """Byline, agency, source, reading time: each that there is, none twice."""
    shown: dict[str, str] = {}
    for key, fact in ((author, written_by), *((other, other) for other in others)):
        if key and key.casefold() not in shown:
            shown[key.casefold()] = fact
    return tuple(shown.values())


def _picture(image: Image | None, media: Mapping[str, bytes]) -> PictureView | None:
    """The picture, where its bytes are in the issue or it is a link."""
    if image is None:
        return None
    url = image.url if image.url in media else safe_url(image.url)
    if not url:
        return None
    return PictureView(
        url=url,
        alt=clean(image.alt),
        caption=clean(image.caption),
        width=image.width,
        height=image.height,
    )


def _said(text: str) -> str:
    """`text` cleaned; nothing where all of it is invisible, such as a zero-width space."""
    told = clean(text)
    seen = (not c.isspace() and unicodedata.category(c) != "Cf" for c in told)
    return told if any(seen) else ""


def _tag(language: str) -> str:
    """A language tag as HTML wants it (`pt-BR`); nothing where it has not the form of one."""
    tag = clean(language).replace("_", "-")
    return tag if _TAG.fullmatch(tag) else ""


def _start(way: str) -> str:
    return "right" if way == "rtl" else "left"
