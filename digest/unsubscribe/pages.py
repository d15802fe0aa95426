"""The pages that a reader sees, in the newsletter's language: values in, HTML out."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from digest.text.bidi import against, isolated
from digest.text.catalogues import translations
from digest.text.language import direction

if TYPE_CHECKING:
    from jinja2 import Environment


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What one page says; a `button` posts to the address of the page itself.

    `again`: the button takes the unsubscribing back.
    """

    title: str
    text: str
    question: str = ""
    button: str = ""
    again: bool = False


class Pages:
    """Every page of one newsletter."""

    def __init__(self, *, name: str, language: str, home_url: str) -> None:
        self._name = name
        self._language = language
        self._home_url = home_url
        gettext = translations(language).gettext
        other_way = against(name, direction(language))
        named = {"name": isolated(name) if other_way else name}
        self.ask = Page(
            title=gettext("Unsubscribe from %(name)s?") % named,
            text=gettext("Press the button, and %(name)s will not be sent to you any more.")
            % named,
            button=gettext("Unsubscribe"),
        )
        self.left = Page(
            title=gettext("You are unsubscribed"),
            text=gettext(
                "%(name)s will not be sent to you any more. An issue that is being sent just now "
                "may still arrive."
            )
            % named,
            question=gettext("Was that a mistake?"),
            button=gettext("Subscribe again"),
            again=True,
        )
        self.again = Page(
            title=gettext("You are subscribed again"),
            text=gettext("You will receive %(name)s as before.") % named,
        )
        self.broken = Page(
            title=gettext("This link is broken"),
            text=gettext(
                "A mail program may have cut it. Open the link in the mail once more, or answer "
                "the mail and write that you want to unsubscribe."
            ),
        )
        self.too_often = Page(
            title=gettext("Please wait a moment"),
            text=gettext(
                "Too many requests came from where you are, or for this link. Try again in a few "
                "minutes, or answer the mail and write what you want."
            ),
        )
        self.failed = Page(
            title=gettext("That did not work"),
            text=gettext(
                "It could not be written down just now. Try again in a few minutes, or answer the "
                "mail and write what you want."
            ),
        )

    def failed_with(self, page: Page) -> Page:
        """The page that says that it did not work, with the button of `page` to try once more."""
        return replace(self.failed, button=page.button, again=page.again)

    def html(self, page: Page) -> str:
        """The HTML of a page."""
        return (
            _templates()
            .get_template("page.html.j2")
            .render(
                page=page,
                name=self._name,
                language=self._language,
                direction=direction(self._language),
                home_url=self._home_url,
                style=stylesheet(),
            )
        )


def policy() -> str:
    """The Content-Security-Policy of every page: its own style, a form to itself, nothing else."""
    digest = base64.b64encode(hashlib.sha256(stylesheet().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )


@cache
def stylesheet() -> str:
    """The one style element of all pages."""
    return (files("digest.unsubscribe") / "templates" / "page.css").read_text("utf-8")


@cache
def _templates() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("digest.unsubscribe"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
