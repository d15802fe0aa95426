"""The frozen values that templates see, ready to print: see `view.py`, which makes them."""

from __future__ import annotations

from dataclasses import dataclass

MARKS = {"summary": "†", "editor": "‡"}
"""What stands behind a blurb that is not the story's own sentences, by its origin."""


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
    """“Also covered by”: `url` may be empty.

    `against` says that the source's name runs the other way than the newsletter: it needs
    `dir="auto"`, so that it does not mix with the names beside it.
    """

    source: str
    headline: str
    url: str
    against: bool


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
    cut-off. `url` is the issue's page on the web, or empty; `on_web` counts the stories that stand
    there only, since the email holds no more.
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
    on_web: int

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
        return tuple(mark for mark in MARKS.values() if mark in used)
