"""The job of checking: an issue with its renderings, pictures and past → findings.

`build`, `send`, `edit approve` and `digest check` all come through here, so that they judge alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from digest.archive import Archive
from digest.errors import FetchError
from digest.models import Failure, Finding, Issue, PastIssue, Renderings

if TYPE_CHECKING:
    from concurrent.futures import Future

    from digest.check import Reached
    from digest.net import Fetched, Fetcher

REMEMBERED = 52
"""Earlier issues whose links and subjects are compared: a year of weeks."""

Inspector: TypeAlias = Callable[[Issue, Renderings], Iterable[Finding]]
"""Another job that finds something in an issue, over the network say."""

Step: TypeAlias = Callable[[str, int, int], None]
"""Told of progress: what is being done, how much of it, out of how much."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was found in an issue.

    `known` counts the findings that an earlier issue has too, where only new ones were asked for;
    `failures` name the earlier issues that could not be read.
    """

    slug: str
    findings: tuple[Finding, ...]
    known: int = 0
    failures: tuple[Failure, ...] = ()

    @property
    def errors(self) -> int:
        """How many of the findings must not leave the house."""
        return sum(finding.level == "error" for finding in self.findings)


def inspected(
    issue: Issue,
    renderings: Renderings,
    *,
    media: Mapping[str, bytes],
    past: Sequence[PastIssue],
    inspectors: Sequence[Inspector] = (),
) -> tuple[Finding, ...]:
    """The findings of every check, and then those of `inspectors`; errors first.

    `past` are the issues before it, latest first.
    """
    from digest.check import check

    found = list(check(issue, renderings, media=media, past=past[:REMEMBERED]))
    for inspect in inspectors:
        found += inspect(issue, renderings)
    return tuple(sorted(found, key=lambda finding: finding.level != "error"))


def check_issue(
    slug: str,
    *,
    archive: Archive,
    since: str | None = None,
    inspectors: Sequence[Inspector] = (),
    online: Sequence[Inspector] = (),
) -> Checked:
    """Check the issue `slug` as it is archived.

    `since` names another issue, whose findings are left out. `inspectors` look at both; `online`
    ones only at this one, and all that they find is told: it says how things are now. Raises
    ArchiveError and DocumentError where an issue cannot be read.
    """
    issue, renderings = archive.load(slug), archive.renderings(slug)
    findings, failures = _of_archive(archive, issue, renderings, inspectors)
    found = findings
    if since is not None:
        from digest.check import new_since

        earlier = archive.load(since)
        known, _ = _of_archive(archive, earlier, archive.renderings(since), inspectors)
        found = new_since(findings, issue, known, earlier)
    now = tuple(finding for inspect in online for finding in inspect(issue, renderings))
    return Checked(
        slug=slug,
        findings=tuple(sorted((*found, *now), key=lambda finding: finding.level != "error")),
        known=len(findings) - len(found),
        failures=failures,
    )


def dead_links(fetch: Fetcher, *, step: Step = lambda *_: None) -> Inspector:
    """An inspector that asks for every link of an issue, several hosts at once."""

    def inspect(issue: Issue, renderings: Renderings) -> tuple[Finding, ...]:
        from digest.check import addresses, unreached
        from digest.collect import fetched_ahead
        from digest.net import shown

        asked = addresses(issue, renderings)
        reached: dict[str, Reached] = {}
        for done, (url, future) in enumerate(fetched_ahead(asked, fetch).items()):
            step(f"Asking {shown(url)}", done, len(asked))
            reached[url] = _reached(url, future)
        return unreached(issue, renderings, reached)

    return inspect


def _reached(url: str, future: Future[Fetched]) -> Reached:
    from digest.check import Reached

    try:
        return Reached(url=future.result().url)
    except FetchError as error:
        return Reached(url=url, failed=error.what, status=error.status, reason=error.reason)


def _of_archive(
    archive: Archive, issue: Issue, renderings: Renderings, inspectors: Sequence[Inspector]
) -> tuple[tuple[Finding, ...], tuple[Failure, ...]]:
    past, damaged = archive.past(issue.window.end, REMEMBERED)
    media = archive.media(issue.slug)
    found = inspected(issue, renderings, media=media, past=past, inspectors=inspectors)
    return found, damaged
