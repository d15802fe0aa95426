"""What a published site is made of: the newsletter as readers meet it, and its issues.

Only what a rendering shows to everybody has a field here. Texts are clean, and links are http(s),
as `digest.render` makes them; whoever fills these values sees to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from digest.text.language import base


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file of the site: its path below the site's root, with `/`, and its bytes."""

    path: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """The newsletter and where its site lies.

    `web_url` is the site's root as readers reach it, with a slash at its end, or empty where that
    is not known. `counts` tells how many issues each year has that has any, newest first.
    """

    name: str
    tagline: str = ""
    language: str = "en"
    direction: str = "ltr"
    web_url: str = ""
    home_url: str = ""
    counts: Mapping[str, int]

    def absolute(self, path: str) -> str:
        """The address of what lies at `path`; nothing where the site's own is not known."""
        return self.web_url + path if self.web_url else ""

    @property
    def has_statistics(self) -> bool:
        """Whether there is a page of statistics: its sentences are reckoned in English alone."""
        return bool(self.counts) and base(self.language) == "en"

    @property
    def path(self) -> str:
        """The path of the site's root on its host, `/` or `/news/`; empty where not known."""
        return (urlsplit(self.web_url).path or "/") if self.web_url else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicPicture:
    """A picture: `url` is relative to the issue's page, or absolute. Sizes are pixels."""

    url: str
    alt: str = ""
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicCredit:
    """A source that covered the story too."""

    source: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicStory:
    """A story as it was told. `section` is empty for a lead; `language` where it is not foreign.

    `facts` are byline, agency, source and reading time, as the page shows them.
    """

    headline: str
    url: str = ""
    source: str = ""
    section: str = ""
    lead: bool = False
    kicker: str = ""
    facts: tuple[str, ...] = ()
    blurb: str = ""
    mark: str = ""
    note: str = ""
    also: tuple[PublicCredit, ...] = ()
    picture: PublicPicture | None = None
    language: str = ""
    direction: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicNotice:
    """A sponsor's words. `after` is `leads`, `end`, or the name of a section."""

    label: str
    title: str
    sponsor: str = ""
    text: tuple[str, ...] = ()
    url: str = ""
    after: str = "leads"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicCorrection:
    """A dated note: `day` in the newsletter's words, `story` the headline that it is about."""

    moment: datetime
    day: str
    note: str
    story: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicIssue:
    """An issue as readers got it.

    `moment` is its cut-off and `day` that day in the newsletter's words. `id` never changes, see
    `digest.site.public.feed`. `small` is the path of a small picture beside the issue's page, and
    empty where it shows none.
    """

    slug: str
    id: str
    number: int
    moment: datetime
    day: str
    subject: str
    preheader: str = ""
    language: str = "en"
    direction: str = "ltr"
    intro: tuple[str, ...] = ()
    outro: tuple[str, ...] = ()
    stories: tuple[PublicStory, ...] = ()
    notices: tuple[PublicNotice, ...] = ()
    corrections: tuple[PublicCorrection, ...] = ()
    small: PublicPicture | None = None

    @property
    def updated(self) -> datetime:
        """When it last said something new: its cut-off, or its latest correction."""
        return max([self.moment, *(row.moment for row in self.corrections)])

    @property
    def leads(self) -> tuple[PublicStory, ...]:
        """The stories of the first tier."""
        return tuple(story for story in self.stories if story.lead)

    @property
    def sections(self) -> tuple[str, ...]:
        """The names of the sections, in the order in which they are read."""
        return tuple(dict.fromkeys(s.section for s in self.stories if not s.lead))

    @property
    def picture(self) -> PublicPicture | None:
        """The picture of the first story that has one, leads first."""
        return next((story.picture for story in self.stories if story.picture), None)
