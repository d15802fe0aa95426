"""The pages of the published site around the issues: home, years, the latest, what is not there.

`FRONT` lists the functions that make what lies at the site's root; a new page is one more line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from digest.site.public.feed import ENTRIES, feed_file, robots_file, sitemap_file
from digest.site.public.search import search_page
from digest.site.public.values import File, Home, PublicIssue
from digest.site.style import public_file, public_page


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """What the pages at the root are made of.

    `newest` are the issues of the latest year and at least `ENTRIES` in all, newest first; `dated`
    are all issues with when they last changed, newest first; `versions` are those of the years'
    search indexes; `first` is the id of the first issue ever.
    """

    home: Home
    newest: Sequence[PublicIssue]
    dated: Sequence[tuple[str, datetime]]
    versions: Sequence[tuple[str, str]]
    first: str


def year_page(home: Home, year: str, issues: Sequence[PublicIssue]) -> File:
    """A year's issues, newest first."""
    return _page(
        f"{year}/index.html",
        "year.html.j2",
        home,
        root="../",
        here=f"{year}/",
        year=year,
        issues=issues,
    )


def _static(front: Front) -> Iterator[File]:
    plots = ("stats.css",) if front.home.has_statistics else ()
    for name in ("public.css", "issue.css", *plots, "search.js"):
        yield File(path=f"static/{name}", data=public_file(name))


def _search(front: Front) -> Iterator[File]:
    yield from search_page(front.home, front.versions)


def _feed(front: Front) -> Iterator[File]:
    yield feed_file(front.home, front.newest[:ENTRIES], first=front.first)


def _index(front: Front) -> Iterator[File]:
    year = next(iter(front.home.counts), "")
    issues = [issue for issue in front.newest if issue.slug.startswith(f"{year}-")]
    yield _page(
        "index.html", "index.html.j2", front.home, root="", here="", year=year, issues=issues
    )


def _latest(front: Front) -> Iterator[File]:
    latest = front.newest[0] if front.newest else None
    if latest:
        yield _page(
            "latest/index.html",
            "latest.html.j2",
            front.home,
            root="../",
            here="latest/",
            issue=latest,
        )


def _missing(front: Front) -> Iterator[File]:
    # A host shows it in the place of a page of any depth, so that its links begin at the host.
    yield _page(
        "404.html", "missing.html.j2", front.home, root=front.home.path or "./", here="404.html"
    )


def _for_robots(front: Front) -> Iterator[File]:
    if front.home.web_url:  # both hold whole addresses alone
        yield sitemap_file(front.home, front.dated)
    robots = robots_file(front.home)
    if robots:
        yield robots


FRONT: tuple[Callable[[Front], Iterator[File]], ...] = (
    _static,
    _search,
    _missing,
    _latest,
    _feed,
    _index,
    _for_robots,
)
"""In the order in which they are written: what a page needs before the page, indexes last."""


def _page(path: str, template: str, home: Home, **values: object) -> File:
    html = public_page(template, language=home.language, home=home, **values)
    return File(path=path, data=html.encode())
