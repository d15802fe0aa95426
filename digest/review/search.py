"""The views that look for stories: a search by words, and "have we run this?"."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from digest import site
from digest.archive import is_slug
from digest.review import guard
from digest.review.making import Making
from digest.review.rules import Review, Rule

if TYPE_CHECKING:
    from pathlib import Path

    from flask.wrappers import Response

    from digest.archive import Asked, StoryIndex
    from digest.models import Failure


def search_rules(review: Review) -> list[Rule]:
    """The URL and the view of both pages; none where there is no cache for their index."""
    if review.house is None:
        return []
    views = _Views(review.archive.folder, review.house.cache)
    return [Rule("/search", views.search), Rule("/ran", views.ran)]


class _Views:
    """What each URL shows."""

    def __init__(self, archive: Path, cache: Path) -> None:
        self._archive, self._cache = archive, cache
        self._making: Making[tuple[Failure, ...]] = Making("The search is being prepared")

    @cached_property
    def index(self) -> StoryIndex:
        """Opened where somebody searches: SQLite and the stemmers come with it."""
        from digest.archive import StoryIndex

        return StoryIndex(self._archive, self._cache)

    def _kept_up(self) -> tuple[Failure, ...] | Response:
        """What could not be indexed, once the index is like the archive; else how far it is."""
        index = self.index
        return self._making.made("", lambda step: index.failures(progress=step))

    def search(self) -> Response:
        from flask import request

        from digest.archive import Found

        failures = self._kept_up()
        if not isinstance(failures, tuple):
            return failures
        given = request.args
        form = site.SearchForm(
            q=given.get("q", ""),
            source=given.get("source", ""),
            section=given.get("section", ""),
            tier=given.get("tier", ""),
            language=given.get("language", ""),
            issue=given.get("issue", "").strip(),
            since=given.get("from", ""),
            until=given.get("to", ""),
        )
        number = max(1, given.get("page", 1, type=int))
        problem = ""
        found = Found()
        try:
            asked = _asked(form)
        except ValueError as error:
            problem = str(error)
        else:
            # Far beyond the last page there is nothing to count to.
            first = min(number - 1, 1_000_000) * site.HITS_PER_PAGE
            found = self.index.search(asked, limit=site.HITS_PER_PAGE, first=first)
        return _page(
            site.search_page(form, found, self.index.choices(), failures=failures, problem=problem)
        )

    def ran(self) -> Response:
        from flask import request

        failures = self._kept_up()
        if not isinstance(failures, tuple):
            return failures
        what = request.args.get("what", "").strip()
        answer = self.index.ran(what) if what else None
        return _page(site.ran_page(what, answer, failures=failures))


def _page(html: str) -> Response:
    """A page whose form asks this server, and nobody else."""
    from flask import make_response

    response = make_response(html)
    policy = guard.PAGE.replace("form-action 'none'", "form-action 'self'")
    response.headers["Content-Security-Policy"] = policy
    return response


def _asked(form: site.SearchForm) -> Asked:
    """What the form asks for; raises ValueError, a sentence, where a field holds nothing such."""
    if form.tier not in {"", "lead", "teaser"}:
        raise ValueError(f"There is no tier “{form.tier[:40]}”: it is lead or teaser.")
    if form.issue and not is_slug(form.issue.upper()):
        raise ValueError(f"“{form.issue[:40]}” is no issue; one is named like 2026-W47.")
    from digest.archive import Asked

    return Asked(
        words=form.q,
        source=form.source,
        section=form.section,
        tier=form.tier,
        language=form.language,
        issue=form.issue,
        since=_day(form.since),
        until=_day(form.until),
    )


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"“{text[:40]}” is no date; one is written like 2026-11-20.") from None
