"""The editor's decisions for one issue, as values: what `edits.toml` holds.

The names of the fields are the keys of the file. `line` says where in it a table begins, from 1;
it is no key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from digest.models import Notice, Tier

NO_PICTURE = "none"
"""The word that takes a story's picture away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryEdit:
    """What the editor decided of one story, by the id of its entry; None is what she left alone.

    A pin puts the entry into its tier, whatever speaks against it; `drop` keeps it out. `order` is
    its place in its tier or section, 1 the first. `image` is an http(s) address, a file of the
    newsletter's folder, a picture of the issue (`media/…`) or `none`; `alt` describes it.
    """

    pin: Tier | None = None
    drop: bool = False
    section: str | None = None
    order: int | None = None
    headline: str | None = None
    blurb: str | None = None
    image: str | None = None
    alt: str | None = None
    note: str | None = None
    line: int = 0

    @property
    def words(self) -> tuple[str, ...]:
        """The keys that shape the story where it stands, of those that are set."""
        named = ("section", "order", "headline", "blurb", "image", "alt", "note")
        return tuple(name for name in named if getattr(self, name) is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedStory:
    """A story of the editor's own; `id` is derived from title and address where it has none.

    Of `text` a blurb is made as of any source's; `blurb` is the editor's own.
    """

    title: str
    id: str = ""
    text: str = ""
    blurb: str | None = None
    url: str = ""
    source: str = ""
    byline: str = ""
    section: str = ""
    tier: Tier = "teaser"
    image: str | None = None
    alt: str | None = None
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Edits:
    """All that the editor decided for an issue; an empty one changes nothing.

    `intro` and `outro` may be empty, which takes away what the settings say.
    """

    subject: str | None = None
    preheader: str | None = None
    intro: str | None = None
    outro: str | None = None
    status: Literal["draft", "approved"] = "draft"
    stories: Mapping[str, StoryEdit] = field(default_factory=dict)
    add: tuple[AddedStory, ...] = ()
    notice: tuple[Notice, ...] = ()
