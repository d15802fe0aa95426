"""Words that were to be replaced before anybody reads them, in what the newsletter itself says."""

from __future__ import annotations

import re
from collections.abc import Iterator

from digest.check.material import Material
from digest.check.words import shown, squeezed
from digest.models import Finding
from digest.text.urls import host

_PLACEHOLDER = re.compile(
    r"(?i:\blorem\s{1,20}ipsum\b)"
    # Capitals: “todo” is a word of Spanish and Portuguese, and “xxx” a greeting.
    r"|\b(?:TODO|TBD|TBC|FIXME|TKTK|XXX)\b"
    r"|(?i:\[\s*(?:insert|enter|add|your|replace|write|name|date|title|headline|link|url|text"
    r"|company|recipient|first name|last name)\b[^\]\n]{0,60}\])"
    r"|\b(?:Your|YOUR) (?:Name|NAME|Company|COMPANY|Newsletter|NEWSLETTER|Address|Headline|Text)"
    r"(?: Here| HERE)?\b|\bCompany Name\b"
    r"|(?i:\b(?:your |the )?(?:text|headline|title|intro|content|name|address) goes here\b)"
    r"|(?i:\bplaceholder text\b)"
)
_RESERVED = re.compile(
    r"(?:^|\.)(?:example\.(?:com|net|org)|example|invalid|test|localhost)$", re.IGNORECASE
)
"""Names that lead nowhere by design (RFC 2606, RFC 6761)."""

_WHY = "Readers see that nobody looked at the issue."


def placeholders(text: str) -> tuple[str, ...]:
    """The placeholders that `text` holds, each once, in order."""
    return tuple(dict.fromkeys(hit[0] for hit in _PLACEHOLDER.finditer(text)))


def check(material: Material) -> tuple[Finding, ...]:
    """A warning for each placeholder of the newsletter, its editor or its theme.

    What a source itself says is none. Addresses that are reserved for examples are fine in a draft.
    """
    # The family of subjects tells of those; web.html has the subject as its title and heading.
    told = {squeezed(word) for word in placeholders(material.issue.subject)}
    found = [*_written(material, told), *_themed(material, told), *_addresses(material)]
    return tuple(dict.fromkeys(found))


def _written(material: Material, told: set[str]) -> Iterator[Finding]:
    """In what the editor or a setting says; `told` keeps what was found."""
    slug = material.issue.slug
    for what, where, mend, text in _own_words(material):
        for word in placeholders(text):
            if not material.is_source(word):
                told.add(squeezed(word))
                yield _finding(where, f"The {what} holds a placeholder: “{shown(word)}”",
                               mend.format(slug=slug))  # fmt: skip


def _own_words(material: Material) -> Iterator[tuple[str, str, str, str]]:
    """What it is, where it stands, how to mend it, and its words."""
    issue, newsletter = material.issue, material.issue.newsletter
    edit = 'Write it anew: `digest edit {slug} %s "…"`, then build again.'
    yield "intro", "email.html", edit % "intro", issue.intro
    yield "outro", "email.html", edit % "outro", issue.outro
    yield "preheader", "email.html, preheader", edit % "preheader", issue.preheader
    for key, words in (
        ("name", newsletter.name),
        ("tagline", newsletter.tagline),
        ("sender", newsletter.sender),
        ("postal_address", newsletter.postal_address),
    ):
        mend = f"Set DIGEST_{key.upper()}, then build again."
        yield key.replace("_", " "), "email.html", mend, words
    for notice in issue.notices:
        words = "\n".join((notice.title, notice.text, notice.sponsor, notice.label))
        mend = "Mend the notice in edits.toml, then build again."
        yield f"notice “{shown(notice.title)}”", "email.html", mend, words
    for number, story in enumerate(issue.stories):
        where = material.at("issue.json", number)
        blurb = story.blurb.text if story.blurb.origin == "editor" else ""
        for key, words in (("headline", story.headline), ("blurb", blurb), ("note", story.note)):
            yield key, where, edit % f"{key} STORY", words


def _themed(material: Material, told: set[str]) -> Iterator[Finding]:
    """In what is left: the theme's own words."""
    for file, page, *_ in material.forms:
        for at, run in page.texts:
            for word in placeholders(run):
                if squeezed(word) not in told and not material.is_source(word):
                    place = material.in_place(file, at)
                    what = f"There is a placeholder: “{shown(word)}”"
                    yield _finding(place, what, "Mend the theme's template, then build again.")


def _addresses(material: Material) -> Iterator[Finding]:
    """Links of the newsletter's own that lead to a host for examples, once it is approved."""
    if material.issue.status == "draft":
        return
    told: set[str] = set()
    for link in material.html.elements("a", "area"):
        name = host(link.get("href") or "")
        if name in told or not _RESERVED.search(name) or material.is_source(name):
            continue
        told.add(name)
        what = f"A link leads to {name}, a name that is reserved for examples."
        mend = "Set the address in .env (DIGEST_HOME_URL, DIGEST_WEB_URL, DIGEST_UNSUBSCRIBE_URL)."
        yield _finding(material.in_html(link), what, mend, why="It leads nowhere.")
    name = material.issue.newsletter.sender.rpartition("@")[2].strip(" <>")
    if _RESERVED.search(name):
        what = f"The sender's address is at {name}, a name that is reserved for examples."
        why = "No server accepts mail from there."
        yield _finding("message.eml", what, "Set DIGEST_SENDER to an address of yours.", why=why)


def _finding(where: str, what: str, mend: str, *, why: str = _WHY) -> Finding:
    return Finding(
        check="placeholders", level="warning", where=where, what=what, why=why, mend=mend
    )
