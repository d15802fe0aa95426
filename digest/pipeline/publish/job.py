"""The job of publishing: the archive as a static site, of which only what changed is written.

An issue is read where a file of it was written anew since the last run. Its pages come first, then
those of its year, then what lies at the site's root, so that no page leads to one that is not there
yet. The site's list of its own files (`folder`) is the last.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from digest import site
from digest.archive import (
    Archive,
    Reading,
    read_corrections,
    read_edits,
    read_statistics,
    stamp_of,
)
from digest.errors import DigestError
from digest.models import Failure, Status
from digest.pipeline.make import Step
from digest.pipeline.publish.facts import Told, tell
from digest.pipeline.publish.folder import STATISTICS, Ground, Known, Listing
from digest.pipeline.publish.kept import KeptFacts
from digest.pipeline.publish.place import refuse_unfit
from digest.pipeline.versions import publisher_version
from digest.settings import Settings
from digest.site import File, PublicIssue
from digest.text.language import direction

_COUNTED: tuple[Status, ...] = ("sent",)
"""The statistics are of what readers got, whatever else is published."""
_MEND = "What was published of it before stays."
_WHY = {"draft": "it is a draft", "approved": "it is approved and was not sent yet"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What was written, or would be; paths are below the site's folder.

    `left_out` are issues that are in the archive and not on the site, each with its reason.
    """

    folder: Path
    wrote: bool
    issues: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...]
    new: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    stays: int
    bytes: int
    failures: tuple[Failure, ...]
    notes: tuple[str, ...]


def publish(
    archive: Archive,
    to: Path,
    *,
    settings: Settings,
    newsletter: Path,
    cache: Path,
    approved: bool = False,
    write: bool = False,
    beside: bool = False,
    step: Step = lambda *_: None,
) -> Published:
    """Make the site of `archive` in the folder `to`; without `write` only say what would change.

    Issues that were sent are published, with `approved` also those that will be. `newsletter` is
    its own folder, which is no place for a site, and `cache` one for what is derived. Raises
    UsageError for an unfit folder; a damaged issue is a failure, and the rest goes on.
    """
    folder = refuse_unfit(to, newsletter=newsletter)
    ground = Ground(folder, write=write, beside=beside)
    facts = KeptFacts(cache / "published", made_by=publisher_version())
    wanted = ("sent", "approved") if approved else ("sent",)
    job = _Job(archive, ground, facts, settings, wanted, cache=cache, write=write)
    try:
        job.run(step)
    finally:
        ground.close()
    if write:
        facts.save()
    return Published(
        folder=folder,
        wrote=write,
        issues=tuple(job.known),
        left_out=tuple(job.left_out),
        new=tuple(ground.new),
        changed=tuple(ground.changed),
        removed=tuple(ground.removed),
        stays=ground.stays,
        bytes=ground.bytes,
        failures=(*job.failures, *ground.failures),
        notes=job.notes(),
    )


class _Job:
    def __init__(
        self,
        archive: Archive,
        ground: Ground,
        facts: KeptFacts,
        settings: Settings,
        wanted: Sequence[str],
        *,
        cache: Path,
        write: bool,
    ) -> None:
        self.archive, self.ground, self.facts = archive, ground, facts
        self.settings, self.wanted = settings, wanted
        self.cache, self.write = cache, write
        self.before = ground.before or Listing()
        self.known: dict[str, Known] = {}
        self.left_out: list[tuple[str, str]] = []
        self.failures: list[Failure] = []
        self.parts: dict[str, str] = {}
        self._damaged: set[str] = set()

    def run(self, step: Step) -> None:
        """Look at each issue, and write what is to be written, its front last."""
        self.home = self._home()
        self.key = _hash(publisher_version(), repr(self.home))
        self._issues(step)
        self.home = replace(self.home, counts=self._counts())
        for at, year in enumerate(self.home.counts):
            step(f"Publishing the year {year}", at, len(self.home.counts))
            self._year(year)
        if self.home.has_statistics:
            step("Publishing the statistics", len(self.known), len(self.known))
            self._statistics()
        oldest = next(iter(self.known.values()), None)
        first = self.before.first or (oldest.id if oldest else "")
        self._front(first)
        self.ground.finish(
            Listing(made_by=publisher_version(), first=first, issues=self.known, parts=self.parts)
        )

    def _issues(self, step: Step) -> None:
        """Each issue's page, as soon as it is known which one follows it."""
        slugs = self.archive.names()
        older, waiting, told = "", "", None
        for at, slug in enumerate(slugs):
            step(f"Publishing {slug}", at, len(slugs))
            found = self._look(slug)
            if slug not in self.known:
                continue
            if waiting:
                self._issue(waiting, older, slug, told)
                older = waiting
            waiting, told = slug, found
        if waiting:
            self._issue(waiting, older, "", told)

    def notes(self) -> tuple[str, ...]:
        """What a reader of the site will miss."""
        if self.settings.web_url:
            return ()
        told = (
            "DIGEST_WEB_URL is not set: the feed's links are relative, there is no sitemap.xml, "
            "and other sites are not told of pictures."
        )
        return (told,)

    def _look(self, slug: str) -> Told | None:
        """What the issue tells, read only where a file of it changed since the last run."""
        before = self.before.issues.get(slug)
        stamp = stamp_of(self.archive, slug)
        seen = (
            self.before.made_by == publisher_version()
            and before
            and stamp
            and before.stamp == stamp
        )
        if seen and before and before.status in self.wanted:
            self.known[slug] = before
            return None
        try:
            reading = Reading(self.archive, slug)
            status = self._status(reading)
            if status not in self.wanted:
                why = _WHY.get(status, f"its status is {status}")
                self.left_out.append((slug, why))
                return None
            told = self._told(reading)
        except DigestError as error:
            self._fail(slug, error)
            if before and before.status in self.wanted:
                self.known[slug] = before
            else:
                self.left_out.append((slug, "it is damaged"))
            return None
        self.known[slug] = Known(
            stamp=stamp,
            told=told.hash,
            id=told.facts.id,
            updated=told.facts.updated,
            status=status,
        )
        return told

    def _status(self, reading: Reading) -> str:
        """As sending sees it: the approval of what was built stands in edits.toml."""
        if reading.status != "draft":
            return reading.status
        return read_edits(self.archive.folder, reading.slug).status or "draft"

    def _fail(self, slug: str, error: DigestError) -> None:
        """Report an issue that cannot be read; what was published of it stays."""
        where = f"{self.archive.folder.name}/{slug}"
        self.failures.append(Failure(where=where, what=error.what, hint=f"{error.hint} {_MEND}"))
        self._damaged.add(slug)

    def _told(self, reading: Reading) -> Told:
        told = tell(reading, read_corrections(self.archive.folder, reading.slug))
        self.facts.add(told.facts, told.hash)
        return told

    def _counts(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        for slug in reversed(self.known):
            counts[slug[:4]] = counts.get(slug[:4], 0) + 1
        return counts

    def _home(self) -> site.Home:
        web = self.settings.web_url
        return site.Home(
            name=self.settings.name,
            tagline=self.settings.tagline,
            language=self.settings.language.replace("_", "-"),
            direction=direction(self.settings.language),
            web_url=f"{web.rstrip('/')}/" if web else "",
            home_url=self.settings.home_url,
            counts={},
        )

    def _unchanged(self, part: str, made: str) -> bool:
        """Whether a part was made of the same, and lies there as it was made."""
        self.parts[part] = made
        if self.before.parts.get(part) == made and self.ground.sound(part):
            self.ground.keep(part)
            return True
        return False

    def _issue(self, slug: str, older: str, newer: str, told: Told | None) -> None:
        if self._unchanged(slug, _hash(self.key, self.known[slug].told, older, newer)):
            return
        try:
            if slug not in self._damaged:
                told = told or self._told(Reading(self.archive, slug))
                html = site.issue_page(
                    told.web_html, told.facts, home=self.home, older=older, newer=newer
                )
                page = File(path=f"{slug}/index.html", data=html.encode("utf-8", "replace"))
                self._put(slug, [*told.beside, page])
                return
        except DigestError as error:
            self._fail(slug, error)
        self.parts[slug] = ""
        self.ground.keep(slug)

    def _year(self, year: str) -> None:
        slugs = [slug for slug in self.known if slug.startswith(f"{year}-")]
        if self._unchanged(year, self._year_hash(year)):
            return
        issues = self._all(year, slugs)
        self._put(year, site.search_files(year, issues))
        self._put(year, [site.year_page(self.home, year, issues[::-1])])
        self.facts.drop(year)

    def _year_hash(self, year: str) -> str:
        told = (f"{s} {k.told}" for s, k in self.known.items() if s.startswith(f"{year}-"))
        return _hash(self.key, *self.home.counts, "", *told)

    def _statistics(self) -> None:
        """What is counted over all that was sent; every issue changes it."""
        sent = [(slug, one) for slug, one in self.known.items() if one.status == "sent"]
        made = _hash(self.key, *self.home.counts, *(f"{s} {k.stamp} {k.told}" for s, k in sent))
        if self._unchanged(STATISTICS, made):
            return
        found, _ = read_statistics(
            self.archive, cache=self.cache, statuses=_COUNTED, save=self.write
        )
        # A damaged issue is reported already, and its own page stays: so do the numbers with it.
        if found.whole.issues < len(sent):
            self.parts[STATISTICS] = ""
            if self.before.parts.get(STATISTICS):
                self.ground.keep(STATISTICS)
                return
        self._put(STATISTICS, [site.statistics_page(self.home, found)])

    def _front(self, first: str) -> None:
        newest = list(reversed(self.known))
        year = [slug for slug in newest if slug[:4] == newest[0][:4]]
        newest = newest[: max(site.ENTRIES, len(year))]
        versions = [(year, self.parts[year][:12]) for year in self.home.counts]
        dated = [(slug, self.known[slug].updated) for slug in reversed(self.known)]
        told = (f"{slug} {self.known[slug].told}" for slug in newest)
        if self._unchanged("", _hash(self.key, first, repr(versions), repr(dated), *told)):
            return
        front = site.Front(
            home=self.home,
            newest=self._all("", newest),
            dated=dated,
            versions=versions,
            first=first,
        )
        for make in site.FRONT:
            self._put("", make(front))

    def _put(self, part: str, files: Iterable[File]) -> None:
        """Write files of a part, which is made again by the next run where one is in the way."""
        if not self.ground.put(files):
            self.parts[part] = ""

    def _all(self, part: str, slugs: Sequence[str]) -> list[PublicIssue]:
        """The facts of issues, kept or read again; a part that lacks one is made again."""
        found: list[PublicIssue] = []
        for slug in slugs:
            facts = self.facts.get(slug, self.known[slug].told)
            if facts is None and slug not in self._damaged:
                try:
                    facts = self._told(Reading(self.archive, slug)).facts
                except DigestError as error:
                    self._fail(slug, error)
            if facts is None:
                self.parts[part] = ""
            else:
                found.append(facts)
        return found


def _hash(*parts: str) -> str:
    return sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()[:32]
