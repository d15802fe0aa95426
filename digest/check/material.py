"""What every family reads: an issue and its renderings, parsed once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from digest.check import urls
from digest.check.mail import Mail, read_mail
from digest.check.page import Element, Page, html_page, text_page
from digest.check.words import shown, squeezed
from digest.fit import emailed
from digest.models import Issue, PastIssue, Renderings, Story
from digest.text.campaign import Parameters, appended, parameters

COLOPHON = "colophon"


class Form(NamedTuple):
    """A file that tells the issue's stories, as a page, with the places of their headlines.

    `stories` are those it tells, as it tells them: an email may give way (`digest.fit`).
    `colophon` is where that begins.
    """

    file: str
    page: Page
    places: tuple[int, ...]
    stories: tuple[Story, ...]
    colophon: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """An issue with its renderings: `html` and `text`, the two forms of its email, and `web`.

    `html_places` and the like say where each story's headline begins in them, in the issue's
    order: -1 where it is missing, or stands before the headline of an earlier story. `source_words`
    are the sources' own words, squeezed, each field between two NULs: what stands there is no
    mistake of a rendering. `source_texts` are those that a rendering shows whole, longest first.
    `owners` says which stories an address leads to or shows, by the address and by its keys;
    `colophons` where that of each form begins.
    `past` are the issues before this one, latest first.
    """

    issue: Issue
    renderings: Renderings
    media: Mapping[str, bytes]
    html: Page
    text: Page
    web: Page
    mail: Mail
    html_places: tuple[int, ...]
    text_places: tuple[int, ...]
    web_places: tuple[int, ...]
    mailed: tuple[Story, ...]
    labels: tuple[str, ...]
    source_words: str
    source_texts: tuple[str, ...]
    owners: Mapping[str, frozenset[int]]
    colophons: tuple[int, int, int]
    past: tuple[PastIssue, ...]

    def at(self, file: str, story: int) -> str:
        """“email.html, lead 1: “The ferry…””, for the story of that number, from 0."""
        return f"{file}, {self.labels[story]}"

    @property
    def forms(self) -> tuple[Form, ...]:
        """All that an issue is read as."""
        return (
            Form("email.html", self.html, self.html_places, self.mailed, self.colophons[0]),
            Form("email.txt", self.text, self.text_places, self.mailed, self.colophons[1]),
            Form("web.html", self.web, self.web_places, self.issue.stories, self.colophons[2]),
        )

    @property
    def links(self) -> dict[str, set[str]]:
        """The keys of all links of each form."""
        return {
            "email.html": {urls.key(a.get("href") or "") for a in self.html.elements("a")},
            "email.txt": set(urls.keys_in(self.renderings.email_txt)),
            "web.html": {urls.key(a.get("href") or "") for a in self.web.elements("a")},
        }

    def in_html(self, element: Element) -> str:
        """Where an element of email.html is read."""
        return self.in_page("email.html", element)

    def in_page(self, file: str, element: Element) -> str:
        """Where an element of the HTML of `file` is read.

        A link or a picture of one story stands with it, wherever a theme puts it.
        """
        form = next(form for form in self.forms if form.file == file)
        own = self.linked(element.get("href") or "") | self._owned(element.get("src"), "src:")
        if len(own) == 1:
            return self.at(file, *own)
        before = [n for n, at in enumerate(form.places) if 0 <= at <= element.start]
        if not before or element.start >= form.colophon:
            return file if not before else f"{file}, {COLOPHON}"
        return self.at(file, before[-1])

    def in_place(self, file: str, at: int) -> str:
        """Where the character `at` of a form's words is read."""
        return self.in_page(file, Element("", {}, at, at))

    def is_source(self, text: str, *, alone: bool = False) -> bool:
        """Whether the sources themselves say so; `alone`: as the whole of a title, name or text."""
        words = squeezed(text)
        return (f"\0{words}\0" if alone else words) in self.source_words

    def without_sources(self, text: str) -> str:
        """`text`, squeezed, with a NUL in place of each whole text that came from a source."""
        own = squeezed(text)
        for words in self.source_texts:
            own = own.replace(words, "\0")
        return own

    def rank(self, where: str) -> int:
        """The place of a finding in reading order: the whole file, its stories, its foot."""
        _, _, place = where.partition(", ")
        if place == COLOPHON:
            return len(self.labels) + 1
        return self.labels.index(place) + 1 if place in self.labels else 0

    def keys(self, url: str | None) -> frozenset[str]:
        """What links to `url` may be known by: with the newsletter's campaign, and without."""
        return _keys(url, _campaign(self.issue))

    def linked(self, url: str) -> frozenset[int]:
        """The stories that a link to `url` leads to, counted from 0."""
        return self._owned(url, "href:")

    def _owned(self, written: str | None, kind: str) -> frozenset[int]:
        """The stories whose own link (`href:`) or picture (`src:`) an address is."""
        if not written:
            return frozenset()
        return self.owners.get(kind + written, frozenset()) | self.owners.get(
            kind + urls.key(written), frozenset()
        )


def material(
    issue: Issue,
    renderings: Renderings,
    media: Mapping[str, bytes],
    past: tuple[PastIssue, ...] = (),
) -> Material:
    """Parse what the families read."""
    html, text = html_page(renderings.email_html), text_page(renderings.email_txt)
    web = html_page(renderings.web_html)
    source_words = "\0".join(["", *map(squeezed, _source_words(issue)), ""])
    places = tuple(_places(page, issue) for page in (html, text, web))
    feet = (_colophon(page, at, issue) for page, at in zip((html, text, web), places, strict=True))
    return Material(
        issue=issue,
        renderings=renderings,
        media=media,
        html=html,
        text=text,
        web=web,
        mail=read_mail(renderings.message),
        html_places=places[0],
        text_places=places[1],
        web_places=places[2],
        mailed=emailed(issue).stories,
        labels=tuple(labels_of(issue)),
        source_words=source_words,
        source_texts=_source_texts(issue, source_words),
        owners=_owners(issue),
        colophons=(next(feet), next(feet), next(feet)),
        past=past,
    )


def headline(story: Story) -> str:
    """What stands over a story: where it has no headline, what stands in for one."""
    entry = story.entry
    offered = (story.headline, entry.title, entry.source, entry.url or "")
    return next((words for words in offered if squeezed(words)), "")


def _colophon(page: Page, places: tuple[int, ...], issue: Issue) -> int:
    """Where the link to unsubscribe stands behind the last story; the end without one."""
    last = max(places, default=-1)
    url = urls.key(issue.newsletter.unsubscribe_url)
    links = page.elements("a") if url else ()
    feet = (a.start for a in links if a.start > last and urls.key(a.get("href") or "") == url)
    return next(feet, len(page.words) + 1)


def _campaign(issue: Issue) -> Parameters:
    newsletter = issue.newsletter
    return parameters(newsletter.campaign, newsletter=newsletter.name, slug=issue.slug)


def _keys(url: str | None, campaign: Parameters) -> frozenset[str]:
    both = {urls.key(url or ""), urls.key(appended(url or "", campaign))}
    return frozenset(filter(None, both))


def _owners(issue: Issue) -> dict[str, frozenset[int]]:
    """Looked up once for each element of a page: a search through all stories took seconds."""
    owners: dict[str, set[int]] = {}
    campaign = _campaign(issue)
    for number, story in enumerate(issue.stories):
        link, image = story.entry.url, story.image.url if story.image else ""
        for known in {link, *_keys(link, campaign)} - {None, ""}:
            owners.setdefault(f"href:{known}", set()).add(number)
        for known in {image, urls.key(image)} - {""}:
            owners.setdefault(f"src:{known}", set()).add(number)
    return {known: frozenset(numbers) for known, numbers in owners.items()}


def _places(page: Page, issue: Issue) -> tuple[int, ...]:
    titles = _titles(page, issue)
    places: list[int] = []
    cursor = 0
    for story in issue.stories:
        words = squeezed(headline(story))
        at = _place(page, story, cursor, titles) if words else cursor
        places.append(at)
        if at >= 0:
            cursor = at + len(words)
    return tuple(places)


def shows_headline(page: Page, issue: Issue, story: Story) -> bool:
    """Whether the story's headline stands anywhere in `page`, as more than the page's title."""
    return bool(squeezed(headline(story))) and _place(page, story, 0, _titles(page, issue)) >= 0


def _place(page: Page, story: Story, start: int, titles: tuple[Element, ...]) -> int:
    words = squeezed(headline(story))
    at = page.find(words, start, outside=titles)
    if at < 0 and not urls.key(story.entry.url or ""):  # no link could tell its heading apart
        at = page.find(words, start)
    return at


def _titles(page: Page, issue: Issue) -> tuple[Element, ...]:
    """The headings that say the page's own title, which may be the headline of a story too.

    A heading that leads to a story is that story's, whatever its words.
    """
    named = {squeezed(issue.subject), squeezed(issue.newsletter.name)}
    own = {urls.key(story.entry.url or "") for story in issue.stories} - {""}
    return tuple(
        h1
        for h1 in page.elements("h1")
        if page.words[h1.start : h1.end] in named - {""}
        and not any(
            h1.start <= a.start and a.end <= h1.end and urls.key(a.get("href") or "") in own
            for a in page.elements("a")
        )
    )


def labels_of(issue: Issue) -> Iterator[str]:
    """How findings name each story, in reading order."""
    counted = {"lead": 0, "teaser": 0}
    for story in issue.stories:
        counted[story.tier] += 1
        yield f"{story.tier} {counted[story.tier]}: “{shown(headline(story))}”"


def _source_words(issue: Issue) -> Iterator[str]:
    for story in issue.stories:
        entry = story.entry
        yield from (entry.title, entry.text, entry.summary, entry.byline, entry.agency)
        yield from (entry.source, entry.section, entry.url or "", entry.dateline, *entry.tags)
        if entry.image:
            yield from (entry.image.url, entry.image.alt, entry.image.caption)
        for credit in story.also:
            yield from (credit.source, credit.title, credit.url or "")


def _source_texts(issue: Issue, source_words: str) -> tuple[str, ...]:
    """What is shown whole: only what could be mistaken for a token."""
    offered: set[str] = set()
    for story in issue.stories:
        entry = story.entry
        texts = [story.headline, entry.title, entry.source, entry.byline, entry.agency]
        texts += [text for credit in story.also for text in (credit.source, credit.title)]
        if entry.image:
            texts += [entry.image.alt, entry.image.caption]
        offered.update(words for words in map(squeezed, texts) if f"\0{words}\0" in source_words)
        if story.blurb.origin in {"text", "summary"}:
            offered.add(squeezed(story.blurb.text))
    risky = (words for words in offered if set(words) & set("{}$*|%[]<"))
    return tuple(sorted(risky, key=lambda words: (-len(words), words)))
