"""The nouns: frozen values that the stages hand to each other.

Every class here is a frozen dataclass of plain values and tuples, so that a stage can be tested
with literals and two equal inputs compare equal. What crosses a file boundary is read and written
by `digest.codec` through these same classes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

PartKind = Literal[
    "byline", "dateline", "caption", "subhead", "pullquote", "call-to-action", "share", "notice"
]
Tier = Literal["lead", "teaser"]
Status = Literal["draft", "approved", "sent"]
Level = Literal["error", "warning"]
Origin = Literal["text", "summary", "editor", "none"]
Pictures = Literal["linked", "embedded", "media"]
"""How pictures reach a reader: see `Newsletter`."""
Span = tuple[int, int]
"""Start (inclusive) and end (exclusive), counted in Unicode characters of the field."""


def _aware(name: str, moment: datetime | None) -> None:
    if moment is None:
        return
    if moment.utcoffset() is None:
        raise ValueError(f"{name} needs an offset, such as 2026-11-20T09:00:00+00:00")
    if not 1 < moment.year < 9999:  # at the ends of the calendar no time zone can be reckoned
        raise ValueError(f"{name} lies in the year {moment.year}, beyond what can be reckoned with")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A line of a document that is not a body paragraph, typed and kept."""

    kind: PartKind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture of an entry.

    `url` is absolute `http(s)`, or `media/<name>`: a file of the issue's own folder, named after
    its bytes. Width and height are pixels, where known.
    """

    url: str
    alt: str = ""
    caption: str = ""
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item as its source published it.

    `text` holds body paragraphs only, separated by a blank line; `summary` is the publisher's own
    description, as printed; `cut` says that the source's own words end in an ellipsis. `flags`
    name what is doubtful: `no-url`, `no-id`, `no-date`, `no-title`, `future-date`, `old-date`.
    `section` is the group under which the editor lists the source (a folder of the OPML file);
    `order` is the entry's place in its source, from 0. `provenance` says of each field that holds
    something where in the source it was read: ("title", "RSS title"), ("published", "JSON-LD
    datePublished").
    """

    id: str
    title: str
    text: str = ""
    summary: str = ""
    cut: bool = False
    parts: tuple[Part, ...] = ()
    url: str | None = None
    source: str = ""
    published: datetime | None = None
    byline: str = ""
    agency: str = ""
    dateline: str = ""
    tags: tuple[str, ...] = ()
    image: Image | None = None
    language: str = ""
    section: str = ""
    order: int = 0
    flags: tuple[str, ...] = ()
    provenance: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        _aware("published", self.published)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """`[start, end)`: from the previous cut-off to this one, both in the newsletter's zone."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        _aware("start", self.start)
        _aware("end", self.end)

    def holds(self, moment: datetime) -> bool:
        """Whether `moment` lies in the window; the end belongs to the next issue."""
        return self.start <= moment < self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Blurb:
    """The short text under a headline.

    `origin` says whose words they are: sentences of the body (`text`), the publisher's description
    (`summary`), the editor's, or none. A machine blurb is its spans of that field, white space
    collapsed, joined by `joint`; `cut` says that the source itself breaks off there. `topped` are
    spans of the body behind those of a description.
    """

    text: str = ""
    origin: Origin = "none"
    spans: tuple[Span, ...] = ()
    joint: str = " "
    cut: bool = False
    topped: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """Another entry of the same event: "also covered by"."""

    id: str
    source: str
    title: str
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Why an entry is where it is.

    `place` is `lead`, `teaser`, `also` (told by another entry of its event) or `out`; `rule` is
    the word of the rule that decided, `because` the sentence for a person. `score` is the sum of
    `parts`, each a named share of it. `event` is the id of the entry that tells the event.
    """

    place: Literal["lead", "teaser", "also", "out"]
    rule: str
    because: str
    score: float = 0.0
    parts: tuple[tuple[str, float], ...] = ()
    event: str = ""
    section: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A row of `entries.jsonl`: an entry, when it was first seen, and what became of it.

    `source_entry` is the entry as its source published it, where the editor gave it another
    section or picture.
    """

    entry: Entry
    first_seen: datetime
    verdict: Verdict
    source_entry: Entry | None = None

    def __post_init__(self) -> None:
        _aware("first_seen", self.first_seen)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """An entry chosen for an issue, with the others of its event, and an editor's note below it.

    `picture` is the issue's own copy of the entry's picture, with the size of the copy; None where
    the entry's picture is shown as it is. Without a `url` none is shown: there is no copy.
    """

    entry: Entry
    tier: Tier
    headline: str
    section: str = ""
    kicker: str = ""
    blurb: Blurb = field(default_factory=Blurb)
    also: tuple[Credit, ...] = ()
    note: str = ""
    picture: Image | None = None

    @property
    def image(self) -> Image | None:
        """The picture that is shown, if one is."""
        shown = self.picture or self.entry.image
        return shown if shown and shown.url else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A named group of teasers."""

    name: str
    stories: tuple[Story, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A sponsor's words, which stand under their `label` in every rendering.

    An empty label stands for “Sponsored” in the newsletter's language.
    `after` is `leads`, `end` (after the last section), or the name of a section.
    """

    title: str
    text: str = ""
    url: str = ""
    label: str = ""
    sponsor: str = ""
    after: str = "leads"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """How many teasers, from the last, give way in the email, and in what way: see `digest.fit`."""

    short: int = 0
    headlines: int = 0
    on_web: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsletter:
    """What every rendering says of the newsletter itself.

    `pictures`: files of the issue's `media/` travel in the message (`linked`, which leaves remote
    pictures at their own address, and `embedded`, which copies them), or the message links to them
    below `web_url` (`media`). `campaign` is what the email's links to stories get appended, as
    `digest.text.campaign` reads it; empty: nothing.
    """

    name: str
    tagline: str = ""
    language: str = "en"
    zone: str = "UTC"
    sender: str = ""
    reply_to: str = ""
    postal_address: str = ""
    unsubscribe_url: str = ""
    home_url: str = ""
    web_url: str = ""
    pictures: Pictures = "linked"
    campaign: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One dated instalment, complete: everything that a rendering needs."""

    slug: str
    newsletter: Newsletter
    window: Window
    now: datetime
    theme: str = "gazette"
    number: int = 1
    status: Status = "draft"
    subject: str = ""
    preheader: str = ""
    intro: str = ""
    outro: str = ""
    leads: tuple[Story, ...] = ()
    sections: tuple[Section, ...] = ()
    notices: tuple[Notice, ...] = ()
    fit: Fit = field(default_factory=Fit)

    def __post_init__(self) -> None:
        _aware("now", self.now)

    @property
    def stories(self) -> tuple[Story, ...]:
        """Leads, then teasers, in the order in which they are read."""
        return self.leads + tuple(s for section in self.sections for s in section.stories)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastIssue:
    """What an earlier issue ran, each with its tier and section, under which subject."""

    slug: str
    window: Window
    status: Status
    ran: tuple[Entry, ...]
    tiers: tuple[Tier, ...] = ()
    sections: tuple[str, ...] = ()
    subject: str = ""

    def __post_init__(self) -> None:
        """Tiers and sections stand beside the entries; without them nothing is learned."""
        if not self.tiers:
            object.__setattr__(self, "tiers", ("teaser",) * len(self.ran))
        if not self.sections:
            object.__setattr__(self, "sections", ("",) * len(self.ran))


@dataclass(frozen=True, slots=True, kw_only=True)
class Renderings:
    """The four forms of one issue.

    `message` has no To line; sending adds it, and a Message-ID of its own for each recipient.
    """

    email_html: str
    email_txt: str
    web_html: str
    message: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One result of a check: where, what, why, which clients, how to mend it."""

    check: str
    level: Level
    where: str
    what: str
    why: str = ""
    clients: tuple[str, ...] = ()
    mend: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One source, story or recipient that failed while the rest went on."""

    where: str
    what: str
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """An address with its fields; `line` is where it stands in its list, from 1."""

    address: str
    fields: Mapping[str, str] = field(default_factory=dict)
    line: int = 0
