"""The views of what changed: an issue beside another, or beside what would be made of it today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest import site
from digest.archive import is_slug
from digest.review import guard
from digest.review.answers import html_answer
from digest.review.rules import Review, Rule

if TYPE_CHECKING:
    from flask.wrappers import Response


def changes_rules(review: Review) -> list[Rule]:
    """The URL and the view of each page that compares."""
    views = _Views(review)
    return [
        Rule("/issues/<slug>/changes", views.changes),
        Rule("/compare/<before>/<after>", views.compare),
    ]


class _Views:
    """What each URL shows."""

    def __init__(self, review: Review) -> None:
        self.review = review
        self.archive = review.archive

    def changes(self, slug: str) -> Response:
        from flask import abort, request

        from digest.pipeline import compare, compare_today

        version = self.review.known(slug)
        around = self.review.around(slug, version)
        slugs = self.archive.slugs()
        wanted = request.args.get("with", "") or around.older
        row = self.archive.row(slug)
        if wanted == site.TODAY:
            house = self.review.house
            if house is None:
                abort(404)
            if not guard.is_own_page(request.headers.get("Sec-Fetch-Site", "")):
                abort(403)  # it takes seconds: no foreign page has it made
            today = compare_today(
                slug, settings=house.settings(slug), folder=house.folder, archive=self.archive
            )
            return self._page(site.today_page(row, today, around=around, others=slugs))
        if wanted and (not is_slug(wanted) or wanted not in slugs):
            abort(404)
        found = compare(self.archive, wanted, slug) if wanted else None
        if found is None:
            self.archive.load(slug)  # a torn issue is named here
        return self._page(
            site.changes_page(
                row,
                found.stories if found else None,
                found.text if found and _wants_text() else None,
                around=around,
                others=slugs,
                has_today=self.review.house is not None,
            )
        )

    def compare(self, before: str, after: str) -> Response:
        from digest.pipeline import compare

        for slug in (before, after):
            self.review.known(slug)
        found = compare(self.archive, before, after)
        return self._page(
            site.compare_page(
                self.archive.row(before),
                self.archive.row(after),
                found.stories,
                found.text if _wants_text() else None,
            )
        )

    def _page(self, html: str) -> Response:
        policy = guard.FOLLOWING if self.review.follow else guard.PAGE
        return html_answer(html, guard.with_forms(policy))


def _wants_text() -> bool:
    from flask import request

    return request.args.get("text") == "on"
