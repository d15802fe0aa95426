"""Every address of the review, with real values in the place of its parameters.

The tests that walk the whole review, and the bench, go by the app's own URL map: a page that comes
later is walked, too, and one with a parameter that nobody knows is named here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from digest.archive import Archive
from digest.cli.session import Session, clock
from digest.review import Follow, House, create_app
from digest.send import Mailbox
from digest.text.mail_parts import read_mail

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.routing import Rule

QUERIES: Mapping[str, tuple[str, ...]] = {
    "/issues/<slug>/changes": ("text=on",),
    "/issues/<slug>/edit": ("story={story}", "find=the"),
    "/issues/<slug>/source": ("file=email.txt", "line=2"),
    "/issues/<slug>/why": ("place=out", "page=2"),
    "/ran": ("what=https://news.example.org/ferry/47",),
    "/search": ("q=the",),
}
"""More forms of an address: its page looks otherwise with them. `{story}` is the id of a lead."""
NEEDED: Mapping[str, str] = {"/issues/<slug>/story": "id={story}"}
"""Rules that answer nothing without a question."""
_PARAMETER = re.compile(r"<(?:[^<>]*:)?(\w+)>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A URL, and the rule of the app that answers it."""

    rule: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """What stands for parameters: an issue, an older one, a picture, a mail and its file."""

    slug: str
    older: str
    picture: str
    mail: str = ""
    part: str = "0"
    story: str = ""
    more: Mapping[str, str] = field(default_factory=dict)

    def of(self, rule: str, name: str) -> str:
        """What stands for `<name>` in `rule`. Raises LookupError where nobody knows."""
        known = {
            "slug": self.slug,
            "year": self.slug[:4],
            "before": self.older,
            "after": self.slug,
            "name": self.mail if rule.startswith("/mailbox/") else self.picture,
            "number": self.part,
        } | dict(self.more)
        if name not in known:
            raise LookupError(
                f"{rule}: what stands for <{name}>? Say so in bench/review_addresses.py."
            )
        return known[name]


def reviewed(folder: Path, follow: Follow | None = None) -> Flask:
    """The review of the newsletter in `folder`, with all its pages, as `digest serve` shows it."""
    session = Session(folder=folder, quiet=True)
    house = House(
        folder=folder,
        cache=folder / "var" / "cache",
        settings=session.settings_of,
        ledger=session.ledger_or_none,
        now=clock,
    )
    return create_app(session.archive(), follow, Mailbox(session.mailbox), house)


def values_of(folder: Path) -> Values:
    """The latest issue of the newsletter, the one before it, and what goes with them."""
    archive = Archive(folder / "issues")
    slugs = archive.slugs()
    pictures = sorted(archive.media(slugs[-1]))
    box = Mailbox(folder / "var" / "mailbox")
    mails = box.summaries().names
    files = read_mail((mails and box.read(mails[0])) or b"").attached
    return Values(
        slug=slugs[-1],
        older=slugs[-2],
        picture=pictures[0].removeprefix("media/") if pictures else "none.png",
        mail=mails[0] if mails else "",
        part=str(files[0].number) if files else "0",
        story=archive.load(slugs[-1]).stories[0].entry.id,
    )


def reading_rules(app: Flask) -> list[Rule]:
    """The rules that answer GET, in the order of their paths."""
    found = (rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()))
    return sorted(found, key=lambda rule: rule.rule)


def filled(rule: Rule, values: Values, **others: str) -> str:
    """The rule's path with a value for each parameter, `others` before those of `values`."""
    own = rule.rule
    return _PARAMETER.sub(lambda hit: others.get(hit[1]) or values.of(own, hit[1]), own)


def addresses(app: Flask, values: Values) -> Iterator[Address]:
    """Every address that answers GET; none of the mailbox's mails where `values` has none."""
    for rule in reading_rules(app):
        if "/mailbox/<" in rule.rule and not values.mail:
            continue
        url = filled(rule, values)
        queries = (NEEDED.get(rule.rule, ""), *QUERIES.get(rule.rule, ()))
        for query in (query.format(story=values.story) for query in queries):
            yield Address(rule=rule.rule, url=f"{url}?{query}" if query else url)
