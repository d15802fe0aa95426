"""The page of the statistics: what is counted over the archive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest import site
from digest.review.making import Making
from digest.review.rules import Review, Rule

if TYPE_CHECKING:
    from flask.wrappers import Response

    from digest.models import Failure
    from digest.statistics import Statistics

_LAST = (13, 26, 52)
"""Issues that a link leads to: of a weekly, a quarter, a half and a whole year."""


def stats_rules(review: Review) -> list[Rule]:
    """The URL of the statistics and its view."""
    return [Rule("/stats", _Views(review).stats)]


class _Views:
    """What each URL shows."""

    def __init__(self, review: Review) -> None:
        self._review = review
        self._making: Making[tuple[Statistics, tuple[Failure, ...]]] = Making(
            "The issues are being counted"
        )

    def stats(self) -> str | Response:
        from flask import abort, request

        from digest.archive import read_statistics

        last = request.args.get("last", type=int)
        if last not in {None, *_LAST}:
            abort(404)
        # Asked before anything is read, so that what changes meanwhile is another version.
        version = self._review.follow.version() if self._review.follow else ""
        house = self._review.house
        counted = self._making.made(
            last,
            lambda step: read_statistics(
                self._review.archive,
                cache=house.cache if house else None,
                last=last,
                progress=step,
            ),
        )
        if not isinstance(counted, tuple):
            return counted
        found, failures = counted
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
