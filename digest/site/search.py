"""The pages that look for stories: a search by words, and "have we run this?"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from urllib.parse import urlencode

from digest.models import Failure
from digest.site.style import page

HITS_PER_PAGE = 20
MAX_PASTED = 5000
"""Characters of a text that its page takes: enough to know a story, and an address holds them."""

TIERS = (("", "Leads and teasers"), ("lead", "Leads"), ("teaser", "Teasers"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchForm:
    """What stands in the fields of the search, as it was typed."""

    q: str = ""
    source: str = ""
    section: str = ""
    tier: str = ""
    language: str = ""
    issue: str = ""
    since: str = ""
    until: str = ""

    @property
    def fields(self) -> dict[str, str]:
        """The fields that hold something, by the names that an address gives them."""
        named = {"since": "from", "until": "to"}
        return {
            named.get(key, key): value for key in self.__slots__ if (value := getattr(self, key))
        }

    @property
    def filtered(self) -> bool:
        """Whether anything but words is asked for."""
        return bool(self.fields.keys() - {"q"})


class FoundStory(Protocol):
    """A story of an issue that was found; its texts are parts, each with whether it is marked."""

    @property
    def slug(self) -> str:
        """The issue."""

    @property
    def day(self) -> date:
        """The issue's day."""

    @property
    def status(self) -> str:
        """Its issue's: draft, approved or sent."""

    @property
    def tier(self) -> str:
        """Its tier: lead or teaser."""

    @property
    def headline(self) -> Sequence[tuple[str, bool]]:
        """Its headline."""

    @property
    def excerpt(self) -> Sequence[tuple[str, bool]]:
        """A part of its blurb or article."""

    @property
    def source(self) -> str:
        """Its source."""

    @property
    def section(self) -> str:
        """Its section; empty for a lead."""

    @property
    def url(self) -> str:
        """Its own address."""


class FoundStories(Protocol):
    """A page of what was found."""

    @property
    def hits(self) -> Sequence[FoundStory]:
        """The stories, best first."""

    @property
    def total(self) -> int:
        """How many there are in all."""

    @property
    def first(self) -> int:
        """The place of the first that is shown, from 0."""

    @property
    def nearest(self) -> str:
        """What to search for instead, where nothing was found."""

    @property
    def apart(self) -> bool:
        """Whether each word is known, but no story has all."""


class Known(Protocol):
    """What the fields of a search may name."""

    @property
    def sources(self) -> Sequence[str]:
        """The sources of the archive's stories."""

    @property
    def sections(self) -> Sequence[str]:
        """Their sections."""

    @property
    def languages(self) -> Sequence[str]:
        """Their languages, as tags."""


class RanBefore(Protocol):
    """A story that ran before, and why it is the same."""

    @property
    def how(self) -> str:
        """A key of HOW."""

    @property
    def because(self) -> str:
        """The reason, in a sentence."""

    @property
    def slug(self) -> str:
        """The issue."""

    @property
    def day(self) -> date:
        """The issue's day."""

    @property
    def status(self) -> str:
        """Its issue's: draft, approved or sent."""

    @property
    def tier(self) -> str:
        """Its tier: lead or teaser."""

    @property
    def headline(self) -> str:
        """Its headline."""

    @property
    def source(self) -> str:
        """Its source."""

    @property
    def url(self) -> str:
        """Its own address."""


class Answer(Protocol):
    """What is known of a story that was asked about."""

    @property
    def kind(self) -> str:
        """What was asked about: an address or a text."""

    @property
    def matches(self) -> Sequence[RanBefore]:
        """Where it ran, the surest first."""

    @property
    def note(self) -> str:
        """Why nothing can be told, where that is so."""


HOW = {
    "address": "same address",
    "credit": "also covered by",
    "copy": "same text",
    "event": "same event",
}


def search_page(
    form: SearchForm,
    found: FoundStories,
    known: Known,
    *,
    failures: Sequence[Failure] = (),
    problem: str = "",
) -> str:
    """The search with its filters, and what it found; `problem` is what is wrong with a filter."""
    pages = max(1, -(-found.total // HITS_PER_PAGE))
    number = found.first // HITS_PER_PAGE + 1

    def address(**changed: object) -> str:
        fields = form.fields | {key: str(value) for key, value in changed.items()}
        return "?" + urlencode(fields)

    return page(
        "search.html.j2",
        root="",
        form=form,
        found=found,
        known=known,
        tiers=TIERS,
        failures=failures,
        problem=problem,
        asked=bool(form.fields),
        number=number,
        pages=pages,
        older=address(page=number - 1),
        newer=address(page=number + 1),
        nearest=address(q=found.nearest) if found.nearest else "",
        wider="?" + urlencode({"q": form.q}) if form.filtered and form.q else "",
    )


def ran_page(what: str, answer: Answer | None, *, failures: Sequence[Failure] = ()) -> str:
    """The question whether a story ran, by address or text, and its answer."""
    return page(
        "ran.html.j2",
        root="",
        what=what,
        answer=answer,
        how=HOW,
        most=MAX_PASTED,
        failures=failures,
    )
