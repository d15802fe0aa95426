"""The list of issues, and what one issue looks like: its email, its text, its web page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Protocol

from digest.corrections import Correction
from digest.models import Window
from digest.site.schemes import IMAGES, SCHEMES, Look
from digest.site.style import page
from digest.text.widths import cut_to_width

ROOT_OF_ISSUE = "../../"
"""The pages of an issue lie two folders deep: `issues/<slug>/`."""

TABS = (
    ("email", "./", "Email"),
    ("text", "text", "Text"),
    ("web", "web", "Web page"),
    ("source", "source", "Source"),
    ("headers", "headers", "Headers"),
    ("raw", "raw", "Raw"),
    ("findings", "findings", "Findings"),
    ("why", "why", "Why"),
    ("changes", "changes", "Changes"),
    ("sends", "sends", "Sends"),
    ("edit", "edit", "Edit"),
)
"""The views of an issue: key, address from the issue's own page, and what the tab says."""
DESK_TABS = frozenset({"sends", "edit"})
"""Those that only a server has that takes edits and knows what was sent."""

RELOAD_S = 2
"""Seconds after which a page that says how far something is loads itself."""
USUAL = Look()
_SUBJECT_COLUMNS = 400
"""Far more than any inbox shows; a page is not to grow with what a source wrote."""
_SENDER_COLUMNS = 120


class Listed(Protocol):
    """A line of the list of issues: what an inbox shows of it, or its problem."""

    @property
    def slug(self) -> str:
        """Its name, such as 2026-W47."""

    @property
    def problem(self) -> str:
        """What is wrong with it, in a sentence; empty where all is well."""

    @property
    def name(self) -> str:
        """The newsletter's name."""

    @property
    def sender(self) -> str:
        """The From line."""

    @property
    def subject(self) -> str:
        """The Subject line."""

    @property
    def preheader(self) -> str:
        """The hidden preview."""

    @property
    def number(self) -> int:
        """Its place in the archive, from 1."""

    @property
    def status(self) -> str:
        """draft, approved or sent; empty for a damaged issue."""

    @property
    def window(self) -> Window | None:
        """From the previous cut-off to its own; None for a damaged issue."""

    @property
    def leads(self) -> int:
        """How many stories are leads."""

    @property
    def teasers(self) -> int:
        """How many stories are teasers."""

    @property
    def html_bytes(self) -> int:
        """The size of the HTML part, in bytes."""

    @property
    def text_bytes(self) -> int:
        """The size of the text part, in bytes."""

    @property
    def message_bytes(self) -> int:
        """The size of the whole message, in bytes."""

    @property
    def picture(self) -> str:
        """The first of its own pictures that its email shows (`media/…`); empty for none."""

    @property
    def lines(self) -> tuple[tuple[int, int], ...]:
        """The characters of headline and blurb of its first stories."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """The issues before and after one, by slug; empty where there is none.

    `version` is that of the issue where its page is to follow the server, empty where it stands
    still. `has_desk`: the server takes edits, and knows what was sent.
    """

    older: str = ""
    newer: str = ""
    version: str = ""
    has_desk: bool = False


def sender_name(row: Listed) -> str:
    """The name that an inbox shows: the sender's, else the address, else the newsletter's."""
    name, address = parseaddr(row.sender)
    return name or address or row.name


def email_page(row: Listed, *, around: Around, look: Look = USUAL) -> str:
    """The email at the widths of a desktop and of a phone, side by side."""
    return issue_page("email.html.j2", "email", row, around, look=look)


def web_page(
    row: Listed, *, around: Around, look: Look = USUAL, corrections: Sequence[Correction] = ()
) -> str:
    """The issue's page for the web, in a frame, below its corrections, the latest first."""
    newest = tuple(reversed(corrections))
    return issue_page("web.html.j2", "web", row, around, look=look, corrections=newest)


def text_page(row: Listed, text: str, *, around: Around) -> str:
    """The plain-text part, as a mail program in a fixed-width font shows it."""
    return issue_page("text.html.j2", "text", row, around, text=text)


def problem_page(
    title: str, what: str, *, hint: str = "", root: str = "/", slug: str = "", version: str = ""
) -> str:
    """One sentence on what is wrong, and the next thing to do; with a `version`, until it is over.

    `slug` is the issue that it is about, if it is about one.
    """
    return page(
        "problem.html.j2",
        root=root,
        title=title,
        what=what,
        hint=hint,
        version=version,
        follow=_follow(slug),
    )


def making_page(title: str, at: int, total: int) -> str:
    """A page that says how far something is that is made, and loads itself until it is there."""
    return page("making.html.j2", root="/", title=title, at=at, total=total, seconds=RELOAD_S)


def _follow(slug: str) -> str:
    return f"issues/{slug}/version"


def _tabs(row: Listed, around: Around, shown: str) -> Sequence[tuple[str, str, str]]:
    """The views that there are: what was sent is not edited."""

    def is_there(key: str) -> bool:
        if key == "edit" and row.status == "sent" and shown != "edit":
            return False
        return around.has_desk or key not in DESK_TABS

    return [tab for tab in TABS if is_there(tab[0])]


def issue_page(template: str, tab: str, row: Listed, around: Around, **values: object) -> str:
    """A page of one issue: the frame that all its tabs share.

    With a `look`, the same is asked of the issues before and after it.
    """
    values = {"look": USUAL, "schemes": SCHEMES, "images": IMAGES} | values
    return page(
        template,
        root=ROOT_OF_ISSUE,
        tabs=_tabs(row, around, tab),
        tab=tab,
        row=row,
        sender=cut_to_width(sender_name(row), _SENDER_COLUMNS),
        subject=cut_to_width(row.subject, _SUBJECT_COLUMNS),
        preheader=cut_to_width(row.preheader, _SUBJECT_COLUMNS),
        around=around,
        version=around.version,
        follow=_follow(row.slug),
        **values,
    )
