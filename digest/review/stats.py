"""The page of the statistics: what is counted over the archive."""

from __future__ import annotations

from digest import site
from digest.archive import read_statistics
from digest.review.rules import Review, Rule

_LAST = (13, 26, 52)
"""Issues that a link leads to: of a weekly, a quarter, a half and a whole year."""


def stats_rules(review: Review) -> list[Rule]:
    """The URL of the statistics and its view."""
    return [Rule("/stats", _Views(review).stats)]


class _Views:
    """What each URL shows."""

    def __init__(self, review: Review) -> None:
        self._review = review

    def stats(self) -> str:
        from flask import abort, request

        last = request.args.get("last", type=int)
        if last not in {None, *_LAST}:
            abort(404)
        # Asked before anything is read, so that what changes meanwhile is another version.
        version = self._review.follow.version() if self._review.follow else ""
        house = self._review.house
        found, failures = read_statistics(
            self._review.archive, cache=house.cache if house else None, last=last
        )
        total = len(self._review.archive.slugs())
        choices = [site.Choice(href="stats", label="All issues", current=last is None)]
        choices += [
            site.Choice(href=f"?last={number}", label=f"The last {number}", current=number == last)
            for number in _LAST
            if number < total or number == last
        ]
        return site.stats_page(
            found,
            root="",
            failures=failures,
            choices=choices if len(choices) > 1 else (),
            version=version,
        )
