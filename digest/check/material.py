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
from digest.text.campaign import appended, parameters

COLOPHON = "colophon"


class Form(NamedTuple):
    """A file that tells the issue's stories, as a page, with the places of their headlines.

    `stories` are those it tells, as it tells them: an email may give way (`digest.fit`).
    """

    file: str
    page: Page
    places: tuple[int, ...]
    stories: tuple[Story, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """An issue with its renderings: `html` and `text`, the two forms of its email, and `web`.

    `html_places` and the like say where each story's headline begins in them, in the issue's
    order: -1 where it is missing, or stands before the headline of an earlier story. `source_words`
    are the sources' own words, squeezed, each field between two NULs: what stands there is no
    mistake of a rendering. `source_texts` are those that a rendering shows whole, longest first.
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
    past: tuple[PastIssue, ...]

    def at(self, file: str, story: int) -> str:
        """“email.html, lead 1: “The ferry…””, for the story of that number, from 0."""
        return f"{file}, {self.labels[story]}"

    @property
    def forms(self) -> tuple[Form, ...]:
        """All that an issue is read as."""
        return (
            Form("email.html", self.html, self.html_places, self.mailed),
            Form("email.txt", self.text, self.text_places, self.mailed),
            Form("web.html", self.web, self.web_places, self.issue.stories),
        )

    def in_html(self, element: Element) -> str:
        """Where an element of email.html is read."""
        return self.in_page("email.html", element)

    def in_page(self, file: str, element: Element) -> str:
        """Where an element of the HTML of `file` is read.

        A link or a picture of one story stands with it, wherever a theme puts it.
        """
        form = next(form for form in self.forms if form.file == file)
        own = [n for n, story in enumerate(self.issue.stories) if self._belongs(element, story)]
        if len(own) == 1:
            return self.at(file, own[0])
        before = [n for n, at in enumerate(form.places) if 0 <= at <= element.start]
        if not before or element.start >= self._colophon_starts(form):
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
        newsletter = self.issue.newsletter
        wanted = parameters(newsletter.campaign, newsletter=newsletter.name, slug=self.issue.slug)
        both = {urls.key(url or ""), urls.key(appended(url or "", wanted))}
        return frozenset(filter(None, both))

    def _belongs(self, element: Element, story: Story) -> bool:
        image = story.image.url if story.image else ""
        return _leads(element.get("href"), story.entry.url, self.keys(story.entry.url)) or _leads(
            element.get("src"), image, frozenset(filter(None, [urls.key(image)]))
        )

    def _colophon_starts(self, form: Form) -> int:
        last = max(form.places, default=-1)
        url = urls.key(self.issue.newsletter.unsubscribe_url)
        links = form.page.elements("a")
        feet = [a.start for a in links if url and urls.key(a.get("href") or "") == url]
        return next((at for at in feet if at > last), len(form.page.words) + 1)


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
    return Material(
        issue=issue,
        renderings=renderings,
        media=media,
        html=html,
        text=text,
        web=web,
        mail=read_mail(renderings.message),
        html_places=_places(html, issue),
        text_places=_places(text, issue),
        web_places=_places(web, issue),
        mailed=emailed(issue).stories,
        labels=tuple(_labels(issue)),
        source_words=source_words,
        source_texts=_source_texts(issue, source_words),
        past=past,
    )


def headline(story: Story) -> str:
    """What stands over a story: where it has no headline, what stands in for one."""
    entry = story.entry
    offered = (story.headline, entry.title, entry.source, entry.url or "")
    return next((words for words in offered if squeezed(words)), "")


def _leads(written: str | None, url: str | None, keys: frozenset[str]) -> bool:
    if not written or not url:
        return False
    return written == url or urls.key(written) in keys


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


def _labels(issue: Issue) -> Iterator[str]:
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
