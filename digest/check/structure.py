"""What screen readers and browsers are told about a page: language, order, names, roles."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from digest.check.material import Form, Material, headline
from digest.check.page import Element, Page, html_page
from digest.check.words import shown, squeezed
from digest.models import Finding, Story
from digest.text.language import base, direction

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_HEADING = re.compile(r"h[1-6]")
_NO_TABLE = frozenset({"presentation", "none"})
_OUTLOOK = re.compile(r"<!--\[if\s[^\]!]{0,80}\]>", re.IGNORECASE)
_PLACES = 5
"""Places of a headline that are looked at."""
_ENDIF = "<![endif]-->"
_THEME = "Mend the theme's template, then build again."


def check(material: Material) -> tuple[Finding, ...]:
    """Warnings for the structure of email.html and web.html, each kind once a place."""
    found: list[Finding] = []
    for form in material.forms:
        if form.file == "email.txt" or form.page.root is None:
            continue
        found += _language(material, form)
        found += _head(form)
        found += _headings(material, form)
        found += _tables(material, form)
        if form.file == "web.html":  # those of the email are judged with its links and pictures
            found += _names(material, form)
        found += _ids(material, form)
    return tuple(dict.fromkeys(found))


def _language(material: Material, form: Form) -> Iterator[Finding]:
    own = material.issue.newsletter.language or "en"
    root = form.page.root
    said = "" if root is None else str(root.get("lang") or "")
    if base(said) != base(own):
        yield _finding(
            form.file, f"<html> says lang=“{shown(said)}”, and the newsletter is in “{shown(own)}”."
            if said.strip() else "<html> has no lang.",
            "Screen readers read it in the wrong voice, and browsers offer to translate it.",
            f'Write <html lang="{shown(own)}">; in MJML <mjml lang="…">.',
        )  # fmt: skip
    way = "" if root is None else str(root.get("dir") or "").lower()
    if (way or "ltr") not in {direction(own), "auto"}:
        yield _finding(
            form.file, f"<html> runs {way or 'ltr'}, and the newsletter's language does not.",
            "Lines begin on the wrong side, and punctuation moves to the wrong end.",
            f'Write <html dir="{direction(own)}">; in MJML <mjml dir="…">.',
        )  # fmt: skip
    for number, story in enumerate(material.issue.stories):
        if form.places[number] >= 0 and _foreign(story, own):
            yield from _foreign_words(material, form, number, own)


def _foreign(story: Story, own: str) -> bool:
    """Whether a story's headline is its source's, in another language than the newsletter's."""
    language = story.entry.language
    return (
        base(language).isalpha()  # else it is no tag, and nobody can say what it means
        and base(language) != base(own)
        and squeezed(headline(story)) == squeezed(story.entry.title)
    )


def _foreign_words(material: Material, form: Form, number: int, own: str) -> Iterator[Finding]:
    story = material.issue.stories[number]
    language = story.entry.language
    # An issue without a subject of its own has its first headline for one: any place will do.
    said = list(_said(form.page, squeezed(headline(story))))
    where = material.at(form.file, number)
    if not any(base(tongue) == base(language) for tongue, _ in said):
        yield _finding(
            where, f"The story is in “{shown(language)}”, and its headline does not say so.",
            "Screen readers read it in the wrong voice; Chinese and Japanese letters may look "
            "wrong.",
            'Write lang="{{ story.language }}" where the theme tells a foreign story.',
        )  # fmt: skip
    if not any((way or direction(own)) in {direction(language), "auto"} for _, way in said):
        yield _finding(
            where, f"The story's language runs {direction(language)}, and its headline does not.",
            "Punctuation moves to the wrong end, and lines begin on the wrong side.",
            'Write dir="{{ story.direction }}" where the theme tells a foreign story.',
        )  # fmt: skip


def _said(page: Page, words: str) -> Iterator[tuple[str, str]]:
    """The `lang` and `dir` around each place of some words, "" where only <html> has one."""
    at = page.find(words)
    for _ in range(_PLACES):
        if at < 0:
            return
        around = [e for e in reversed(page.contents) if e.start <= at < e.end]
        lang, way = (next((e.get(name) or "" for e in around if e.get(name)), "")
                     for name in ("lang", "dir"))  # fmt: skip
        yield lang, way.lower()
        at = page.find(words, at + 1)


def _head(form: Form) -> Iterator[Finding]:
    head = form.page.outside
    root = form.page.root
    title = None if root is None else root.find("head/title")
    if title is None or not squeezed(str(title.text or "")):
        yield _finding(
            form.file, "The page has no title.",
            "Tabs, screen readers and some mail clients name it by its title.",
            "Write <title>{{ issue.subject }}</title>; in MJML <mj-title>.",
        )  # fmt: skip
    metas = [e for e in head if e.tag == "meta"]
    charset = " ".join(
        f"{e.get('charset') or ''} {e.get('content') or ''}".lower() for e in metas
        if e.get("charset") or (e.get("http-equiv") or "").lower() == "content-type"
    )  # fmt: skip
    if not re.search(r"utf-?8", charset):
        yield _finding(
            form.file, "The page does not say that it is written in UTF-8.",
            "Opened from disk, or forwarded, its accents and other scripts turn into nonsense.",
            'Write <meta charset="utf-8"> first in <head>; MJML does so itself.',
        )  # fmt: skip
    views = [(e.get("content") or "").lower().replace(" ", "") for e in metas
             if (e.get("name") or "").lower() == "viewport"]  # fmt: skip
    if not any("width=device-width" in view for view in views):
        yield _finding(
            form.file, "The page has no viewport as wide as the device.",
            "Phones show it as small as a page for desks.",
            'Write <meta name="viewport" content="width=device-width, initial-scale=1">.',
        )  # fmt: skip
    if any(re.search(r"user-scalable=(no|0)|maximum-scale=[01](\.0*)?(?![\d.])", v) for v in views):
        yield _finding(
            form.file, "The viewport forbids readers to zoom.",
            "Who sees badly cannot make it larger.",
            "Take user-scalable and maximum-scale out of the viewport.",
        )  # fmt: skip


def _headings(material: Material, form: Form) -> Iterator[Finding]:
    found = [e for e in form.page.contents if _HEADING.fullmatch(e.tag) and e.end > e.start]
    tops = [e for e in found if e.tag == "h1"]
    why = "Screen readers go from heading to heading, and tell their levels."
    if len(tops) != 1:
        yield _finding(
            material.in_page(form.file, tops[1]) if tops else form.file,
            f"The page has {len(tops) or 'no'} headings <h1>; it should have one.", why, _THEME,
        )  # fmt: skip
    before = 0
    for heading in found:
        level = int(heading.tag[1])
        # Without any <h1>, which is told above, the first heading may be of any level.
        if level > before + 1 and (before or tops):
            yield _finding(
                material.in_page(form.file, heading),
                f"A heading <{heading.tag}> follows "
                f"{f'one of <h{before}>' if before else 'none'}: a level is skipped.",
                why, _THEME,
            )  # fmt: skip
            return
        before = level


def _tables(material: Material, form: Form) -> Iterator[Finding]:
    layout = _roleless(form.page)
    if layout:
        yield _roles(material.in_page(form.file, layout[0]), len(layout), "")
    elif form.file == "email.html":
        page = html_page(_as_outlook(material.renderings.email_html))
        layout = _roleless(page)
        if layout:
            yield _roles(material.in_html(layout[0]), len(layout), " inside a comment for Outlook")
    for node, element in form.page.nodes():
        if element is not None and _is_layout(element) and _heads(node):
            yield _finding(
                material.in_page(form.file, element), "A table of data says that it is layout.",
                "Screen readers do not tell which heading a cell belongs to.",
                "Take role=presentation off the table, or <th> out of it.",
            )  # fmt: skip


def _roles(where: str, count: int, place: str) -> Finding:
    what = f"{count} tables have" if count > 1 else "A table has"
    return _finding(
        where, f"{what} neither role=presentation nor <th>{place}.",
        "Screen readers count their rows and columns out to the reader.",
        'Write role="presentation" on every table that is layout.',
    )  # fmt: skip


def _roleless(page: Page) -> list[Element]:
    return [
        element
        for node, element in page.nodes()
        if element is not None
        and element.tag == "table"
        and not (element.get("role") or "").strip()
        and not _heads(node)
    ]


def _is_layout(element: Element) -> bool:
    return element.tag == "table" and (element.get("role") or "").lower().strip() in _NO_TABLE


def _heads(table: HtmlElement) -> bool:
    """Whether a table has headings of its own, not those of a table within it."""
    rows = [row for part in ("tr", "thead/tr", "tbody/tr") for row in table.findall(part)]
    return table.find("caption") is not None or any(row.find("th") is not None for row in rows)


def _as_outlook(markup: str) -> str:
    """HTML with the comments that Outlook on Windows reads opened."""
    parts: list[str] = []
    at = 0
    for hit in _OUTLOOK.finditer(markup):
        end = markup.find(_ENDIF, hit.end())
        if end < 0:
            break
        if hit.start() >= at:
            parts += [markup[at : hit.start()], markup[hit.end() : end]]
            at = end + len(_ENDIF)
    return "".join([*parts, markup[at:]])


def _names(material: Material, form: Form) -> Iterator[Finding]:
    """Links without words, and without a picture that has some."""
    for node, element in form.page.nodes():
        if element is None or element.tag != "a" or element.get("href") is None:
            continue
        named = element.end > element.start or any(
            (part.get(name) or "").strip()
            for part in (node, *node.iter("img", "svg"))
            for name in ("aria-label", "aria-labelledby", "title", "alt")
        )
        if not named and not squeezed("".join(node.itertext())):
            pictured = next(node.iter("img"), None) is not None
            yield _finding(
                material.in_page(form.file, element),
                f"A link has no name: {'its picture has no alt text' if pictured else 'no words'}"
                f" ({shown(element.get('href') or '')}).",
                "Screen readers read its address out, letter by letter.",
                "Give the picture alt text, or do not link it." if pictured else _THEME,
            )  # fmt: skip


def _ids(material: Material, form: Form) -> Iterator[Finding]:
    elements = (*form.page.outside, *form.page.contents)
    counted = Counter(e.get("id") for e in elements if e.get("id"))
    double = [e for e in elements if counted[e.get("id")] > 1]
    if double:
        first = double[0].get("id") or ""
        others = len({e.get("id") for e in double}) - 1
        yield _finding(
            material.in_page(form.file, double[0]),
            f"{counted[first]} elements have the id “{shown(first)}”"
            f"{f', and {others} more ids are not unique' if others else ''}.",
            "Links and labels find only the first of them.",
            "Write an id once a page; in a loop add a number to it.",
        )  # fmt: skip


def _finding(where: str, what: str, why: str, mend: str) -> Finding:
    return Finding(
        check="structure", level="warning", where=where, what=shown(what, 200), why=why, mend=mend
    )
