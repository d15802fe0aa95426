"""What a family of pages is given, and what it gives: the URL, the view and the methods of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from digest import site
from digest.archive import Archive
from digest.errors import ArchiveError
from digest.review.follow import Follow
from digest.review.forms import Forms
from digest.send import Mailbox

if TYPE_CHECKING:
    from digest.pipeline import KnownFindings, Told
    from digest.send import Ledger
    from digest.settings import Settings


class Rule(NamedTuple):
    """A URL and its view. What changes something answers POST, and POST alone."""

    path: str
    view: Callable[..., Any]
    methods: tuple[str, ...] = ("GET",)


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The newsletter around its archive, for pages that do more than read the archive.

    `settings` are those that an issue is made with, by slug; `ledger` is asked for when it is
    needed, and gives None where nothing was sent yet. `cache` may be deleted at any time.
    `own_settings` are the folder's, with which mails leave; `remake` makes an issue again at once,
    and is None where nobody watches.
    """

    folder: Path
    cache: Path
    settings: Callable[[str], Settings]
    ledger: Callable[[], Ledger | None]
    now: Callable[[], datetime]
    own_settings: Callable[[], Settings] | None = None
    remake: Callable[[str], Told] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What all views share. `house` is None where the archive alone is shown.

    `findings` remembers what the checks found, on disk where there is a house. Every form carries
    the token of `forms`: without it nothing is written.
    """

    archive: Archive
    follow: Follow | None = None
    mailbox: Mailbox | None = None
    house: House | None = None
    findings: KnownFindings
    forms: Forms = field(default_factory=Forms)

    def known(self, slug: str) -> str:
        """The version of the issue, asked before anything of it is read; 404 where it is unknown.

        It is empty where nobody follows.
        """
        from flask import abort

        try:
            self.archive.path(slug)  # of its own folder alone: there may be a thousand issues
        except ArchiveError:
            abort(404)
        return self.follow.version(slug) if self.follow else ""

    def around(self, slug: str, version: str) -> site.Around:
        """The issues before and after the one that is shown."""
        slugs = self.archive.slugs()
        at = slugs.index(slug)
        return site.Around(
            older=slugs[at - 1] if at else "",
            newer=(*slugs, "")[at + 1] if slugs else "",
            version=version,
            has_desk=self.house is not None,
        )
