"""A recipient's fields in templates: `{{ recipient.first_name | default("reader") }}`.

An issue is rendered once, for everybody. Where a template asks for a recipient's field, a mark is
written that comes through MJML, premailer and the wrapping of plain text as it is. In the archived
email.html and email.txt the field's default takes its place; in the message a slot does
(`digest.text.slots`), which sending fills.

The link that unsubscribes is one of them, under a name of its own: templates ask for
`issue.newsletter.unsubscribe_url`, whose default is the newsletter's.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from functools import cached_property
from hashlib import sha256

from digest.errors import TemplateError
from digest.models import Issue
from digest.render.clean import clean
from digest.text.slots import FIELD, UNSUBSCRIBE, Context, Slot
from digest.text.widths import width

LONGEST_DEFAULT = 60
"""Columns: a line of plain text holds it."""
LONGEST_LINK = 500
"""Characters: written as a slot, it stands in a line of mail (RFC 5322, 2.1.1)."""

_LINK = re.compile(r"""\s(?:href|src)\s*=\s*["']([^"']*)$""", re.IGNORECASE)
_WHOLE_TAG = re.compile(r"""<(?:[^<>"']|"[^"]*"|'[^']*')*+>""")
_WORDED = frozenset({"alt", "title", "aria-label", "aria-description", "abbr"})
"""Attributes that hold words. Others may be links (`srcset`, `background`) or scripts."""
_ATTRIBUTE = re.compile(r"""([\w:-]+)\s*=\s*["'][^"']*$""")
_URL_BEFORE = re.compile(r"https?://[^\s<>]*$")


class Slots:
    """The fields that one issue's templates ask for."""

    def __init__(self, issue: Issue) -> None:
        self._issue = issue
        self.asked: list[tuple[str, str]] = []

    @cached_property
    def _key(self) -> str:
        """Of the marks: a hash of all that the issue knows, which no source can foresee."""
        return sha256(repr(self._issue).encode("utf-8", "replace")).hexdigest()[:12]

    def key(self, html: str, text: str) -> str:
        """Of the slots in a message; empty where it has none.

        A hash of what is printed (`html` and `text` have the defaults), so that the same renderings
        make the same message, however the issue came about.
        """
        if not self.asked:
            return ""
        said = "\0".join([self._issue.slug, self._issue.now.isoformat(), html, text])
        return sha256(said.encode("utf-8", "replace")).hexdigest()[:12]

    def mark(self, name: str, default: str) -> str:
        """What stands for a field while the issue is rendered: as wide as its default."""
        return self._mark("slot", name, default)

    def link(self, url: str) -> str:
        """What stands for the link that unsubscribes; `url` itself where it takes no token.

        It reads as a URL, so that no line breaks it.
        """
        takes = url.startswith(("https:", "http:")) and len(url) <= LONGEST_LINK
        return self._mark("https://link", UNSUBSCRIBE, url) if takes else url

    def _mark(self, begun: str, name: str, default: str) -> str:
        pair = (name, default)
        if pair not in self.asked:
            self.asked.append(pair)
        short = f"{begun}_{self._key}_{self.asked.index(pair)}_"
        return f"{short}{'x' * (width(default) - len(short) - 4)}tols"

    def defaulted(self, text: str, *, markup: bool) -> str:
        """`text` with every field's default in its place."""
        return self._replaced(text, lambda slot: slot.filled(""), markup=markup)

    def slotted(self, text: str, key: str, *, markup: bool) -> str:
        """`text` with a slot in the place of each field."""
        return self._replaced(text, lambda slot: slot.written(key), markup=markup)

    def _replaced(self, text: str, write: Callable[[Slot], str], *, markup: bool) -> str:
        if not self.asked:
            return text

        def slot(hit: re.Match[str]) -> str:
            name, default = self.asked[int(hit[1])]
            before = text[: hit.start()]
            if name == UNSUBSCRIBE:  # a whole URL, which cannot lead elsewhere
                return write(Slot(name, default, "l" if markup else "t"))
            return write(
                Slot(name, default, _in_markup(before, name) if markup else _in_text(before))
            )

        return self._pattern().sub(slot, text)

    def refuse_broken(self, text: str, *, shown: str) -> None:
        """Raise TemplateError where a filter changed a mark, so that no slot can be made of it."""
        if self.asked and text.lower().count(self._key) != len(self._pattern().findall(text)):
            raise TemplateError(
                f"{shown}: a filter changes a recipient's field, which is not known yet.",
                hint='Write {{ recipient.name | default("reader") }} and no other filter; none at '
                "all for {{ issue.newsletter.unsubscribe_url }}.",
            )

    def _pattern(self) -> re.Pattern[str]:
        return re.compile(rf"(?:https://link|slot)_{self._key}_(\d+)_x*tols")


class Field:
    """A recipient's field in a template: printed, it is a mark, or its default on a web page."""

    def __init__(self, name: str, default: str, slots: Slots | None) -> None:
        self._name, self._default, self._slots = name, default, slots

    def __str__(self) -> str:
        if self._slots is None:
            return self._default
        return self._slots.mark(self._name, self._default)

    def __html__(self) -> str:
        return html.escape(self._default) if self._slots is None else str(self)

    def __bool__(self) -> bool:
        raise TypeError(
            f"recipient.{self._name} is known when the issue is sent, not when it is rendered: "
            'give it a default("…") instead of asking whether it is there'
        )

    def with_default(self, words: object) -> Field:
        """The field with what stands for it where a recipient has none."""
        default = clean(str(words))
        if width(default) > LONGEST_DEFAULT:
            raise TypeError(
                f"the default of recipient.{self._name} takes more than {LONGEST_DEFAULT} columns"
            )
        return Field(self._name, default, self._slots)


class Fields:
    """`recipient` in a template: any name of small letters, digits and `_` is a field."""

    def __init__(self, slots: Slots | None) -> None:
        self._slots = slots

    def __getattr__(self, name: str) -> Field:
        if not FIELD.fullmatch(name):
            raise AttributeError(name)
        if name == UNSUBSCRIBE:
            raise TypeError(f"the link that unsubscribes is issue.newsletter.{name}")
        return Field(name, "", self._slots)


def default(value: object, words: object = "", boolean: bool = False) -> object:
    """jinja2's filter of that name, which knows a recipient's fields too."""
    if isinstance(value, Field):
        return value.with_default(words)
    from jinja2.filters import do_default

    kept: object = do_default(value, words, boolean)
    return kept


def _in_text(before: str) -> Context:
    return "u" if _URL_BEFORE.search(before[-2000:]) else "t"


def _in_markup(before: str, name: str) -> Context:
    """Where in HTML the text ends: in a link, in another attribute, or between tags."""
    opened = _open_tag(before)
    if not opened:
        return "h"
    if link := _LINK.search(opened):
        if not re.match(r"https?://[^/?#]+[/?#]|mailto:", link[1]):
            raise TemplateError(
                f"recipient.{name} begins a link, and so could lead anywhere.",
                hint="Begin the link with https://, a host and a slash.",
            )
        return "u"
    attribute = _ATTRIBUTE.search(opened)
    if attribute is None or attribute[1].lower() not in _WORDED:
        inside = f"the attribute {attribute[1]}" if attribute else "a style or a tag's own words"
        raise TemplateError(
            f"recipient.{name} stands in {inside}.",
            hint="A recipient's field may stand in text, in a link, an alt or a title.",
        )
    return "h"


def _open_tag(before: str) -> str:
    """The tag, or the style, that begins in `before` and does not end there."""
    at = before.rfind("<")
    style = before.rfind("<style")
    if style >= 0 and before.find("</style>", style) < 0:
        return before[style:]
    # Inside of quotes a ">" closes nothing: comments for Outlook hold such ones.
    return before[at:] if at >= 0 and not _WHOLE_TAG.match(before, at) else ""
