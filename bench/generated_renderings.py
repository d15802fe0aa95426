"""Renderings of generated issues: one of each shape is real, the others have its markup.

A shape is what decides the markup: language, leads, sections, who has a byline. Its first issue is
rendered with a mark in the place of every word that changes; each issue then puts its own there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message
from functools import cache
from html import escape
from pathlib import Path

from digest.models import Image, Issue, Renderings, Story, Window
from digest.render import Theme, fitted, load_theme, render
from digest.render.locales import long_date
from digest.render.message import build_message
from digest.text.slots import HEADER
from digest.text.widths import width, wrap

_SLUG, _DAY, _NUMBER = "2031-W23", datetime(2031, 6, 6, 9, tzinfo=UTC), 7177
"""What stands for an issue's own in the rendering of a shape: no generated issue has them."""
_MARK = re.compile(r"zq([a-z])(\d{3})qz", re.IGNORECASE)
_UNDER = re.compile(r"([-=])\1{1,20}")
_SPREAD = re.compile(r"(\S.*\S) {2,}(\S.*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    """Renderings with marks; `html` and `text` are the message's own, `key` that of its slots."""

    email_html: str
    email_txt: str
    web_html: str
    html: str
    text: str
    key: str


class Shapes:
    """The shapes that were rendered so far, in the themes of the newsletter in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._theme = cache(lambda name: load_theme(name, folder=folder))
        self._known: dict[tuple[object, ...], _Shape] = {}

    def truly(self, issue: Issue, media: Mapping[str, bytes]) -> tuple[Issue, Renderings]:
        """The issue as the email's limit lets it be, and its renderings by the real pipeline."""
        shown = fitted(issue, self._theme(issue.theme), media=media)
        return shown, render(shown, self._theme(issue.theme), media=media)

    def rendered(self, issue: Issue, media: Mapping[str, bytes]) -> Renderings:
        """The renderings of the issue out of those of its shape."""
        key = _key(issue)
        if key not in self._known:
            self._known[key] = _shape(issue, media, self._theme(issue.theme))
        shape = self._known[key]
        values = _values(issue)
        html = _filled(shape.html, issue, values, markup=True)
        text = _wrapped(_filled(shape.text, issue, values, markup=False))
        return Renderings(
            email_html=_filled(shape.email_html, issue, values, markup=True),
            email_txt=_wrapped(_filled(shape.email_txt, issue, values, markup=False)),
            web_html=_filled(shape.web_html, issue, values, markup=True),
            message=build_message(issue, html=html, text=text, media=media, slots=shape.key),
        )


def _key(issue: Issue) -> tuple[object, ...]:
    stories = ((bool(s.entry.byline), bool(s.image), s.blurb.origin) for s in issue.stories)
    sections = tuple((section.name, len(section.stories)) for section in issue.sections)
    return (issue.newsletter.language, len(issue.leads), sections, *stories)


def _shape(issue: Issue, media: Mapping[str, bytes], theme: Theme) -> _Shape:
    numbers = iter(range(1000))
    marked = replace(
        issue,
        slug=_SLUG,
        number=_NUMBER,
        window=Window(start=_DAY - timedelta(weeks=1), end=_DAY),
        now=_DAY,
        subject="zqs000qz",
        preheader="zqr000qz",
        leads=tuple(_marked(story, next(numbers)) for story in issue.leads),
        sections=tuple(
            replace(
                section, stories=tuple(_marked(story, next(numbers)) for story in section.stories)
            )
            for section in issue.sections
        ),
    )
    shown = [story.image for story in issue.stories]
    pictures = {
        f"media/zqm{at:03}qz.png": media[image.url] for at, image in enumerate(shown) if image
    }
    made = render(marked, theme, media=pictures)
    message = message_from_bytes(made.message)
    parts: dict[str, str] = {}
    for part in message.walk():
        if part.get_content_maintype() == "text":
            parts[part.get_content_subtype()] = _body(part)
    return _Shape(
        email_html=made.email_html,
        email_txt=made.email_txt,
        web_html=made.web_html,
        html=re.sub(r'cid:(zqm\d{3}qz\.png)@[^"]+', r"media/\1", parts["html"]),
        text=parts["plain"],
        key=message.get(HEADER, ""),
    )


def _body(part: Message) -> str:
    raw = part.get_payload(decode=True)
    return raw.decode("utf-8").replace("\r\n", "\n") if isinstance(raw, bytes) else ""


def _marked(story: Story, at: int) -> Story:
    entry = replace(
        story.entry,
        title=f"zqh{at:03}qz",
        url=f"https://zqd{at:03}qz.example.org/zqp{at:03}qz",
        source=f"zqo{at:03}qz",
        byline=f"zqy{at:03}qz" if story.entry.byline else "",
        image=_marked_image(story.entry.image, at),
    )
    url, title = f"https://wire.example.org/zqa{at:03}qz", f"zqt{at:03}qz"
    return replace(
        story,
        entry=entry,
        headline=f"zqh{at:03}qz",
        blurb=replace(story.blurb, text=f"zqb{at:03}qz"),
        also=tuple(replace(credit, title=title, url=url) for credit in story.also),
    )


def _marked_image(image: Image | None, at: int) -> Image | None:
    return image and replace(image, url=f"media/zqm{at:03}qz.png", alt=f"zql{at:03}qz")


def _values(issue: Issue) -> dict[tuple[str, int], str]:
    """What each mark stands for."""
    found = {("s", 0): issue.subject, ("r", 0): issue.preheader}
    for at, story in enumerate(issue.stories):
        entry = story.entry
        host, _, path = (entry.url or "").removeprefix("https://").partition("/")
        found |= {
            ("h", at): story.headline,
            ("d", at): host.removesuffix(".example.org"),
            ("p", at): path,
            ("o", at): entry.source,
            ("y", at): entry.byline,
            ("b", at): story.blurb.text,
        }
        if story.image:
            name = story.image.url.removeprefix("media/").removesuffix(".png")
            found |= {("m", at): name, ("l", at): story.image.alt}
        for credit in story.also:
            path = (credit.url or "").rpartition("/")[2]
            found |= {("a", at): path, ("t", at): credit.title}
    return found


def _filled(text: str, issue: Issue, values: Mapping[tuple[str, int], str], *, markup: bool) -> str:
    def own(mark: re.Match[str]) -> str:
        value = values[mark[1].lower(), int(mark[2])]
        value = value.upper() if mark[1].isupper() else value
        return escape(value, quote=False) if markup else value

    language = issue.newsletter.language
    dated = (
        text.replace(long_date(_DAY, language), long_date(issue.window.end, language))
        .replace(_SLUG, issue.slug)
        .replace(_DAY.date().isoformat(), issue.window.end.date().isoformat())
        .replace(str(_NUMBER), str(issue.number))
    )
    return _MARK.sub(own, dated)


def _wrapped(text: str) -> str:
    """Plain text whose lines are as short as those of a real one, its headlines underlined."""
    lines: list[str] = []
    above = 0
    for line in text.split("\n"):
        indent = line[: len(line) - len(line.lstrip(" "))]
        if above and _UNDER.fullmatch(line):
            told = [line[0] * above]
        elif width(line) <= 72 or "slot." in line:
            told = [line]
        elif ends := _SPREAD.fullmatch(line):
            told = [ends[1] + " " * (72 - width(ends[1]) - width(ends[2])) + ends[2]]
        else:
            told = wrap(line, 72, indent)
        above = max(map(width, told), default=0)
        lines += told
    return "\n".join(lines)
