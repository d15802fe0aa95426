"""Sizes that mail clients act on."""

from __future__ import annotations

from collections.abc import Iterator

from digest.check.material import Material
from digest.fit import HTML_BYTES, told_fit
from digest.models import Finding

CSS_CHARACTERS = 16_384
"""Gmail drops what stands in <style> beyond this many characters."""


def check(material: Material) -> tuple[Finding, ...]:
    """Warnings for what clients would clip or drop; an error for a rendering that is empty."""
    return (*_empty(material), *_large(material), *_gave_way(material))


def _empty(material: Material) -> Iterator[Finding]:
    for file, page, *_ in material.forms:
        if not page.words:
            yield Finding(
                check="size", level="error", where=file, what="The rendering shows no words.",
                why="Its readers would see an empty page.",
                mend="Mend the theme's template, then build again.",
            )  # fmt: skip


def _gave_way(material: Material) -> Iterator[Finding]:
    """What the email leaves out so that Gmail shows all of it."""
    told = told_fit(material.issue.fit)
    if told:
        yield Finding(
            check="size",
            level="warning",
            where="email.html",
            what=f"The email gives way to its limit of {HTML_BYTES:,} bytes: of its teasers, "
            f"{told}.",
            why="Readers of the mail see less than those of the web page.",
            mend="Run fewer teasers (DIGEST_TEASERS), or shorter blurbs.",
        )


def _large(material: Material) -> Iterator[Finding]:
    size = len(material.renderings.email_html.encode("utf-8", "replace"))
    if size >= HTML_BYTES:
        yield Finding(
            check="size",
            level="warning",
            where="email.html",
            what=f"The HTML has {size:,} bytes; Gmail clips it at about 102,000.",
            why="What is clipped is hidden behind a link: the last stories, and Unsubscribe.",
            clients=("Gmail",),
            mend="Run fewer teasers (DIGEST_TEASERS), or shorter blurbs.",
        )
    css = sum(map(len, material.html.styles))
    if css >= CSS_CHARACTERS:
        yield Finding(
            check="size",
            level="warning",
            where="email.html",
            what=f"The <style> blocks have {css:,} characters; Gmail reads {CSS_CHARACTERS:,}.",
            why="Styles beyond that are dropped: phones and dark mode suffer first.",
            clients=("Gmail",),
            mend="Shorten the theme's styles.",
        )
