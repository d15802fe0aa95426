"""The list of issues: the latest year at `/`, each other one at `/years/2025`."""

from __future__ import annotations

from datetime import timedelta

from digest import site
from digest.archive import Row
from digest.errors import DigestError
from digest.review.rules import Review, Rule

_SENDING = timedelta(days=14)
"""How long after its cut-off an issue may still be on its way to the first reader."""


def inbox_rules(review: Review) -> list[Rule]:
    """The URLs of the list."""
    views = _Views(review)
    return [
        Rule("/", views.latest),
        Rule("/issues/", views.latest),
        Rule("/years/<year>", views.year),
    ]


class _Views:
    """What each URL shows. A page reads the issues of its own year, and no others."""

    def __init__(self, review: Review) -> None:
        self.review = review
        self._got: set[str] = set()

    def latest(self) -> str:
        from flask import request

        years = self.review.archive.years()
        root = "" if request.path == "/" else "../"
        return self._page(next(iter(years), ""), years, root=root)

    def year(self, year: str) -> str:
        from flask import abort

        years = self.review.archive.years()
        if year not in years:
            abort(404)
        return self._page(year, years, root="../")

    def _page(self, year: str, years: dict[str, int], *, root: str) -> str:
        review = self.review
        # Asked before anything is read, so that what changes meanwhile is another version.
        version = review.follow.version() if review.follow else ""
        rows = review.archive.rows(year) if year else ()
        slugs = [row.slug for row in reversed(rows) if not row.problem]
        counts = review.findings.counts(slugs)
        if review.house:
            review.findings.look([slug for slug in slugs if slug not in counts])
        unseen = self._unseen(rows)
        known = {
            slug: site.Known(
                errors=counts[slug][0] if slug in counts else None,
                warnings=counts[slug][1] if slug in counts else 0,
                unseen=slug == unseen,
            )
            for slug in slugs
        }
        links = [
            site.YearLink(name, "" if name == next(iter(years)) else f"years/{name}", count)
            for name, count in years.items()
        ]
        return site.issues_page(
            rows, years=links, year=year, known=known, root=root, version=version
        )

    def _unseen(self, rows: tuple[Row, ...]) -> str:
        """The latest issue that is frozen, where the ledger knows that nobody got it so far."""
        house = self.review.house
        sent = next((row for row in reversed(rows) if row.status == "sent"), None)
        if not house or not sent or not sent.window or sent.slug in self._got:
            return ""
        if house.now() - sent.window.end > _SENDING:
            return ""
        try:
            ledger = house.ledger()
            if ledger is None:
                return ""
            try:
                lists = ledger.status(sent.slug)
            finally:
                ledger.close()
        except DigestError:
            return ""  # the list is no place to tell of a ledger that fails
        if not lists or any(one.counts.get("sent") for one in lists):
            self._got.add(sent.slug)
            return ""
        return sent.slug
