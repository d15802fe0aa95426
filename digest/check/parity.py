"""HTML and text tell the same: stories in one order, their blurbs, their links."""

from __future__ import annotations

from collections.abc import Iterator

from digest.check import urls
from digest.check.material import Material, headline
from digest.check.page import Page
from digest.check.words import shown, squeezed
from digest.models import Finding, Story

_WHY = "Some readers see the HTML, some the text: both are owed the same issue."
_TEMPLATE = "Mend the theme's issue.mjml.j2 or issue.txt.j2, then build again."


def check(material: Material) -> tuple[Finding, ...]:
    """Errors for stories and story links that are missing or moved; credits only warn."""
    return (*_stories(material), *_blurbs(material), *_links(material))


def _stories(material: Material) -> Iterator[Finding]:
    for file, page, places in _forms(material):
        moved = False
        for number, story in enumerate(material.issue.stories):
            if places[number] >= 0:
                continue
            words = squeezed(headline(story))
            if not words or page.find(words) < 0:
                what = f"The headline “{shown(headline(story))}” is missing."
            elif moved:  # the first one out of order says it all
                continue
            else:
                moved = True
                what = f"“{shown(headline(story))}” stands before a story that it should follow."
            yield _error(material.at(file, number), what)


def _blurbs(material: Material) -> Iterator[Finding]:
    told = {
        file: [
            _tells(page, places, number, story)
            for number, story in enumerate(material.issue.stories)
        ]
        for file, page, places in _forms(material)
    }
    for number, (in_html, in_text) in enumerate(zip(*told.values(), strict=True)):
        if in_html is not None and in_text is not None and in_html != in_text:
            file, other = ("email.txt", "HTML") if in_html else ("email.html", "text")
            blurb = shown(material.issue.stories[number].blurb.text)
            yield _error(
                material.at(file, number),
                f"The blurb “{blurb}” does not stand there as it does in the {other}.",
            )


def _tells(page: Page, places: tuple[int, ...], number: int, story: Story) -> bool | None:
    """Whether the blurb stands between its headline and the next; None where it has no place."""
    blurb = squeezed(story.blurb.text)
    if not blurb or places[number] < 0:
        return None
    # After the headline: a blurb may begin with the same words.
    at = page.find(blurb, places[number] + len(squeezed(headline(story))), whole=False)
    after = [place for place in places[number + 1 :] if place >= 0]
    return at >= 0 and (not after or at < after[0])


def _links(material: Material) -> Iterator[Finding]:
    linked = {
        "email.html": {urls.key(a.get("href") or "") for a in material.html.elements("a")},
        "email.txt": set(urls.keys_in(material.renderings.email_txt)),
    }
    for number, story in enumerate(material.issue.stories):
        own = urls.key(story.entry.url or "")
        for file, found in linked.items():
            if own and own not in found:
                what = f"The story's link is missing: {shown(story.entry.url or '', 100)}"
                yield _error(material.at(file, number), what)
        for credit in story.also:
            url = urls.key(credit.url or "")
            without = [file for file, found in linked.items() if url and url not in found]
            if len(without) == 1:
                yield Finding(
                    check="parity",
                    level="warning",
                    where=material.at(without[0], number),
                    what=f"“Also covered by {shown(credit.source)}” has no link there.",
                    why=_WHY,
                    mend=_TEMPLATE,
                )


def _forms(material: Material) -> tuple[tuple[str, Page, tuple[int, ...]], ...]:
    return (
        ("email.html", material.html, material.html_places),
        ("email.txt", material.text, material.text_places),
    )


def _error(where: str, what: str) -> Finding:
    return Finding(check="parity", level="error", where=where, what=what, why=_WHY, mend=_TEMPLATE)
