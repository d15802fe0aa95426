"""What templates see: an issue as frozen values that are ready to print.

Everything is cleaned here, once, for all renderings: characters that no page may hold are taken
out, links that are not http(s) are dropped, dates and reading times are words of the newsletter's
language. Templates escape; they never clean.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from gettext import NullTranslations
from zoneinfo import ZoneInfo

from digest.errors import RenderError
from digest.models import Image, Issue, Newsletter, Notice, Section, Story
from digest.render.clean import clean, paragraphs, safe_url
from digest.render.locales import long_date
from digest.render.strings import byline, reading_time, translations
from digest.text.language import base, direction
from digest.text.urls import host
from digest.text.widths import cut_to_width

PREHEADER_COLUMNS = 140
"""What the widest inbox lists show of a preheader, about."""

LABEL = "Sponsored"
"""What stands over a notice that says nothing else of itself: none goes unlabelled."""

_MARKS = {"summary": "†", "editor": "‡"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureView:
    """A picture that is there: a file of the issue (`media/…`) or a link. Sizes are pixels."""

    url: str
    alt: str
    caption: str
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditView:
    """“Also covered by”: `url` may be empty."""

    source: str
    headline: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryView:
    """A story. Texts and `url` may be empty; `picture` may be absent.

    `facts` are byline, agency, source and reading time, those that there are, each once. `mark`
    stands after a blurb that is not the story's own sentences: † for the publisher's summary, ‡
    for the editor's words. `note` is the editor's, below the blurb. `foreign` says that
    `language` is not the newsletter's.
    """

    number: int
    tier: str
    headline: str
    url: str
    host: str
    kicker: str
    picture: PictureView | None
    facts: tuple[str, ...]
    byline: str
    agency: str
    source: str
    reading_time: str
    blurb: str
    origin: str
    mark: str
    note: str
    cut: bool
    also: tuple[CreditView, ...]
    language: str
    direction: str
    start: str
    foreign: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionView:
    """A named group of teasers."""

    name: str
    stories: tuple[StoryView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeView:
    """A sponsor's notice. `label` and `title` are never empty; `host` is that of `url`.

    `after` is `leads`, `end`, or the name of a section that the issue has.
    """

    label: str
    sponsor: str
    title: str
    text: tuple[str, ...]
    url: str
    host: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsletterView:
    """What stands in the masthead and in the colophon; anything but `name` may be empty."""

    name: str
    tagline: str
    home_url: str
    unsubscribe_url: str
    postal_lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueView:
    """An issue. `direction` is ltr or rtl, `start` the side where its lines begin.

    `date` is written out in the newsletter's language, `day` is ISO 8601; both are the day of the
    cut-off. `url` is the issue's page on the web, or empty.
    """

    slug: str
    number: int
    date: str
    day: str
    language: str
    direction: str
    start: str
    subject: str
    preheader: str
    intro: tuple[str, ...]
    outro: tuple[str, ...]
    leads: tuple[StoryView, ...]
    sections: tuple[SectionView, ...]
    notices: tuple[NoticeView, ...]
    newsletter: NewsletterView
    url: str

    @property
    def stories(self) -> tuple[StoryView, ...]:
        """Leads, then teasers, in the order in which they are read."""
        return self.leads + tuple(s for section in self.sections for s in section.stories)

    @property
    def notes(self) -> tuple[str, ...]:
        """The editor's notes, in the order in which they are read."""
        return tuple(story.note for story in self.stories if story.note)

    @property
    def marks(self) -> tuple[str, ...]:
        """The marks that occur, for their explanation in the colophon."""
        used = {story.mark for story in self.stories}
        return tuple(mark for mark in _MARKS.values() if mark in used)


def view(issue: Issue, *, media: Mapping[str, bytes]) -> IssueView:
    """`issue` as templates see it; `media` says which of its own pictures there are."""
    newsletter = issue.newsletter
    language = newsletter.language or "en"
    way = direction(language)
    teller = _Teller(language, media)
    # Counted in reading order: leads first.
    leads = tuple(teller.story(story) for story in issue.leads)
    sections = tuple(teller.section(section) for section in issue.sections if section.stories)
    day = local(issue.window.end, newsletter)
    return IssueView(
        slug=issue.slug,
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
        notices=tuple(_notice(notice, sections) for notice in issue.notices),
        newsletter=_newsletter(newsletter),
        url=page_url(issue),
    )


def page_url(issue: Issue) -> str:
    """The issue's page on the web, with a slash at its end; empty where it has none."""
    web = safe_url(issue.newsletter.web_url)
    return f"{web.rstrip('/')}/{issue.slug}/" if web else ""


def subject(issue: Issue) -> str:
    """The issue's subject on one line; the newsletter's name and the slug where it has none."""
    return clean(issue.subject) or f"{clean(issue.newsletter.name)} · {issue.slug}"


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
        language = clean(entry.language) or self._language
        way = direction(language)
        # An excerpt's length says nothing of the article's.
        time = "" if entry.cut else reading_time(entry.text, self._catalogue)
        author, agency, source = clean(entry.byline), clean(entry.agency), clean(entry.source)
        told = clean(blurb.text)
        return StoryView(
            number=self._told,
            tier=story.tier,
            headline=clean(story.headline) or clean(entry.title) or source or url,
            url=url,
            host=host(url),
            kicker=clean(story.kicker),
            picture=_picture(story.image, self._media),
            facts=_facts(byline(author, self._catalogue), agency, source, time, author=author),
            byline=author,
            agency=agency,
            source=source,
            reading_time=time,
            blurb=told,
            origin=blurb.origin,
            mark=_MARKS.get(blurb.origin, "") if told else "",
            note=clean(story.note),
            cut=blurb.cut,
            also=tuple(
                CreditView(
                    source=clean(credit.source) or host(safe_url(credit.url)),
                    headline=clean(credit.title),
                    url=safe_url(credit.url),
                )
                for credit in story.also
            ),
            language=language,
            direction=way,
            start=_start(way),
            foreign=base(language) != base(self._language),
        )


def _notice(notice: Notice, sections: Sequence[SectionView]) -> NoticeView:
    url = safe_url(notice.url)
    after = clean(notice.after).casefold()
    named = {section.name.casefold(): section.name for section in sections}
    return NoticeView(
        label=clean(notice.label) or LABEL,
        sponsor=clean(notice.sponsor),
        title=clean(notice.title) or clean(notice.sponsor) or url,
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


def _start(way: str) -> str:
    return "right" if way == "rtl" else "left"
