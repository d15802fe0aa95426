"""Pictures that would not show, and pictures that say nothing to those who do not see them."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from digest.check import urls
from digest.check.material import Material
from digest.check.page import Element, html_page
from digest.check.words import shown
from digest.models import Finding, Level

_EMBED = "Let the picture be a file of the issue (media/…) or an https address."


def check(material: Material) -> tuple[Finding, ...]:
    """Errors for pictures that are not there, warnings for those without words."""
    found = [f for img in material.html.elements("img") for f in _picture(material, img)]
    return (*dict.fromkeys((*found, *_on_web(material))), *_sent(material))


def _on_web(material: Material) -> Iterator[Finding]:
    """An error for each picture of the web page whose file is not there."""
    for img in material.web.elements("img"):
        source = (img.get("src") or "").strip()
        if source.startswith("media/") and source not in material.media:
            yield from _source(material, material.in_page("web.html", img), source)


def _picture(material: Material, img: Element) -> Iterator[Finding]:
    where = material.in_html(img)
    source = (img.get("src") or "").strip()
    if img.get("alt") is None:
        yield _finding(
            "warning", where, f"A picture has no alt text: {shown(source, 100)}",
            "Screen readers read its address out; where pictures are blocked there is a gap.",
            "Give the picture a description in its source.",
        )  # fmt: skip
    elif not (img.get("alt") or "").strip() and img.get("role") != "presentation":
        yield _finding(
            "warning", where, f"A picture's alt text is empty: {shown(source, 100)}",
            "Its source does not describe it, so readers who do not see it learn nothing of it.",
            "Describe it in its source.",
        )  # fmt: skip
    yield from _source(material, where, source)


def _source(material: Material, where: str, source: str) -> Iterator[Finding]:
    quoted = shown(source, 100)
    try:
        scheme = urlsplit(source).scheme
    except ValueError:
        scheme = ""
    if source.startswith("media/"):
        if source not in material.media:
            why = "Readers would see a broken picture."
            yield _finding("error", where, f"The picture {quoted} is not there.", why,
                           "Build the issue again.")  # fmt: skip
    elif scheme == "data":
        yield _finding(
            "warning", where, f"A picture is written into the HTML itself: {quoted}",
            "Gmail and Outlook do not show data: pictures, and they count against the size.",
            _EMBED, "Gmail", "Outlook",
        )  # fmt: skip
    elif scheme == "http":
        why = "Many clients do not load insecure pictures, and those that do tell the network."
        yield _finding("warning", where, f"An insecure picture: {quoted}", why, _EMBED)
    elif scheme != "https":
        why = "Readers would see a broken picture."
        yield _finding("error", where, f"A picture that no client can load: “{quoted}”", why,
                       _EMBED)  # fmt: skip


def _sent(material: Material) -> Iterator[Finding]:
    """The message shows the same pictures as email.html: its own parts, or those on the web."""
    newsletter = material.issue.newsletter
    linked = newsletter.pictures == "media"
    page = f"{newsletter.web_url.rstrip('/')}/{material.issue.slug}/"
    sent = html_page(material.mail.html or "")
    for own, other in zip(material.html.elements("img"), sent.elements("img"), strict=False):
        meant, source = (own.get("src") or "").strip(), (other.get("src") or "").strip()
        if not meant.startswith("media/") or meant not in material.media:
            continue
        if linked:
            if urls.key(source) != urls.key(page + meant):
                yield _lost(f"The picture {shown(meant)} is not linked on the web: {shown(source)}")
        elif not source.startswith("cid:"):
            yield _lost(f"The picture {shown(meant)} is not embedded: {shown(source)}")
        elif material.mail.embedded.get(source.removeprefix("cid:")) != material.media[meant]:
            yield _lost(f"The picture {shown(meant)} is not in the message as it is on disk.")
    if linked and material.media and page.startswith("http:"):
        yield _finding(
            "warning", "message.eml", f"The message links to pictures at an insecure address: "
            f"{shown(page, 100)}",
            "Many clients do not load insecure pictures, and those that do tell the network.",
            "Let DIGEST_WEB_URL be an https address.",
        )  # fmt: skip


def _lost(what: str) -> Finding:
    why = "Readers would see another picture than was reviewed, or none."
    return _finding("error", "message.eml", what, why, "Build the issue again.")


def _finding(level: Level, where: str, what: str, why: str, mend: str, *clients: str) -> Finding:
    return Finding(
        check="pictures", level=level, where=where, what=what, why=why, clients=clients, mend=mend
    )
