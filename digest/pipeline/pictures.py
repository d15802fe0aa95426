"""The job of an issue's pictures: which are copied, from where, and what becomes of the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from digest.archive import Archive
from digest.collect import fetched_ahead
from digest.errors import DigestError, SettingsError
from digest.models import Failure, Image, Issue, Story
from digest.net import Fetcher, shown
from digest.settings import Settings

if TYPE_CHECKING:
    from digest.render import Copy, Theme

TOGETHER = 16
"""Pictures that are fetched before they are scaled: so many are in memory at once, 32 MB each at
most."""
_NONE = Image(url="")
_MEND = "Give the story another, or none: `digest edit image STORY none`."


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictured:
    """The issue, each story with the picture that it shows, and the files of its `media/`."""

    issue: Issue
    media: Mapping[str, bytes]
    failures: tuple[Failure, ...] = ()
    notes: tuple[str, ...] = ()


def refuse_homeless(settings: Settings) -> None:
    """Raise SettingsError where a message would link to pictures and has no address for them."""
    if settings.pictures == "media" and not settings.web_url:
        where = settings.read_from.get("DIGEST_PICTURES")
        raise SettingsError(
            f"DIGEST_PICTURES=media{f' in {where}' if where else ''} needs DIGEST_WEB_URL, since "
            "messages link to their pictures there.",
            hint="Set DIGEST_WEB_URL to where the archive is published, or DIGEST_PICTURES to "
            "embedded.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How a theme wants the picture of a story: see `digest.render.copied`, and `shown` at all."""

    width: int
    ratio: float
    shown: bool


def shape_of(story: Story, theme: Theme) -> Shape:
    """Twice as wide as the theme shows it: screens have two pixels to a CSS pixel."""
    asked = theme.pictures
    wide, ratio = (
        (asked.lead, asked.lead_ratio)
        if story.tier == "lead"
        else (asked.teaser, asked.teaser_ratio)
    )
    if not wide:  # another theme may show it
        return Shape(width=2 * theme.widths.column, ratio=0, shown=False)
    return Shape(width=2 * wide, ratio=ratio, shown=True)


def pictured(
    issue: Issue,
    local: Mapping[str, bytes],
    *,
    theme: Theme,
    fetch: Fetcher,
    kept: Callable[[], Mapping[str, bytes]],
    step: Callable[[str, int, int], None],
) -> Pictured:
    """Copy the pictures of `issue`: those in `local`, and the remote ones unless they stay linked.

    A remote one that the theme does not show is not fetched. `kept` gives, by address, copies of an
    earlier build; one is used where its original cannot be fetched. What cannot be copied is not
    shown, and said.
    """
    from digest.render import within

    told = {story.entry.image.url: story for story in reversed(issue.stories) if story.entry.image}
    shapes = {url: shape_of(story, theme) for url, story in told.items()}
    copies_all = issue.newsletter.pictures != "linked"
    wanted = {
        url: shapes[url]
        for url in _in_order(issue)
        if (url in local if url.startswith("media/") else copies_all and shapes[url].shown)
    }
    made: dict[str, Copy] = {}
    failures: list[Failure] = []
    notes: list[str] = []
    for done, (url, copy, note) in enumerate(_copies(wanted, local, fetch, kept), start=1):
        step("Copying the pictures", done, len(wanted))
        name = told[url].headline[:80]
        if isinstance(copy, str):
            what = f"The picture of “{name}” is left out: {copy.rstrip('.')}."
            failures.append(Failure(where=shown(url), what=what, hint=_MEND))
            continue
        made[url] = copy
        if copy.still:
            notes.append(f"The picture of “{name}” moved; a copy within the bounds stands still.")
        if note:
            notes.append(f"The picture of “{name}” is that of the last build: {note}")
    fitting = dict(zip(made, within(tuple(made.values())), strict=True))
    notes += [
        f"The picture of “{told[url].headline[:80]}” is left out: with it, the issue's pictures "
        "would have more than 1 MB."
        for url, copy in fitting.items()
        if copy is None
    ]
    shows = {url: fitting.get(url) for url in wanted}
    media = {copy.name: copy.data for copy in shows.values() if copy is not None}
    return Pictured(
        issue=_showing(issue, shows),
        media=dict(sorted(media.items())),
        failures=tuple(failures),
        notes=tuple(notes),
    )


def copies_of(archive: Archive, slug: str) -> Mapping[str, bytes]:
    """The copies that the issue has as it was built, by the addresses of their originals."""
    try:
        issue, media = archive.load(slug), archive.media(slug)
    except DigestError:  # never built, or damaged, which is said elsewhere
        return {}
    pairs = [
        (s.entry.image.url, s.picture.url) for s in issue.stories if s.entry.image and s.picture
    ]
    return {url: media[name] for url, name in pairs if name in media}


def _in_order(issue: Issue) -> Sequence[str]:
    """The addresses of the stories' pictures as they are read, each once."""
    urls = (story.entry.image.url for story in issue.stories if story.entry.image)
    return tuple(dict.fromkeys(urls))


def _copies(
    wanted: Mapping[str, Shape],
    local: Mapping[str, bytes],
    fetch: Fetcher,
    kept: Callable[[], Mapping[str, bytes]],
) -> Iterator[tuple[str, Copy | str, str]]:
    """Each address, with its copy or why there is none, and why it is that of an earlier build."""
    from digest.render import copied

    def copy_of(data: bytes, url: str) -> Copy | str:
        return copied(data, width=wanted[url].width, ratio=wanted[url].ratio)

    urls = list(wanted)
    for start in range(0, len(urls), TOGETHER):
        some = urls[start : start + TOGETHER]
        ahead = fetched_ahead([url for url in some if url not in local], fetch)
        for url in some:
            if url in local:
                yield url, copy_of(local[url], url), ""
                continue
            try:
                yield url, copy_of(ahead[url].result().body, url), ""
            except DigestError as error:
                earlier = kept().get(url)
                copy = copy_of(earlier, url) if earlier else error.what
                yield url, copy, "" if isinstance(copy, str) else error.what


def _showing(issue: Issue, shows: Mapping[str, Copy | None]) -> Issue:
    """The issue, its stories with the copies that there are."""

    def told(story: Story) -> Story:
        own = story.entry.image
        if own is None or own.url not in shows:
            return story
        copy = shows[own.url]
        if copy is None:
            return replace(story, picture=_NONE)
        image = replace(own, url=copy.name, width=copy.width, height=copy.height)
        return story if image == own else replace(story, picture=image)

    return replace(
        issue,
        leads=tuple(map(told, issue.leads)),
        sections=tuple(
            replace(section, stories=tuple(map(told, section.stories)))
            for section in issue.sections
        ),
    )
