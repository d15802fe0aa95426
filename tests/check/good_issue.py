"""A small issue without a fault, and its renderings, written by hand."""

from __future__ import annotations

import base64
import email.policy
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

from digest.models import (
    Blurb,
    Credit,
    Entry,
    Finding,
    Image,
    Issue,
    Newsletter,
    PastIssue,
    Renderings,
    Section,
    Story,
    Window,
)

PICTURE = "media/pier.png"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)
UNSUBSCRIBE = "https://lists.example.org/unsubscribe?list=weekly"

PREHEADER = "Forty boats are expected, and a market of a hundred years"
PIER_TEXT = "The pier opens on Saturday.  Forty boats\nare expected. Nobody has counted them yet."
PIER = Story(
    entry=Entry(
        id="pier",
        title="The pier opens on Saturday",
        text=PIER_TEXT,
        url="https://news.example.org/pier",
        source="Harbor Gazette",
        image=Image(url=PICTURE, alt="The new pier at low tide", width=600, height=300),
    ),
    tier="lead",
    headline="The pier opens on Saturday",
    blurb=Blurb(
        text="The pier opens on Saturday. Nobody has counted them yet.",
        origin="text",
        spans=((0, 27), (55, len(PIER_TEXT))),
    ),
    also=(
        Credit(id="b", source="Quay Notes", title="A pier", url="https://quay.example.org/a?b=1"),
    ),
)
MARKET = Story(
    entry=Entry(
        id="market",
        title="港の市場が百周年を迎え、夜の灯りが戻る",
        summary="灯りが戻った。",
        url="https://news.example.org/灯?x=ä",
        source="港だより",
    ),
    tier="teaser",
    headline="港の市場が百周年を迎え、夜の灯りが戻る",
    blurb=Blurb(text="灯りが戻った。", origin="summary", spans=((0, 7),), joint=""),
)
BRACES = Story(
    entry=Entry(
        id="braces",
        title="Why {{ user.name }} and ${HOME} end up in print, and [[links]] too",
        text="None of it was meant to be seen.",
        url="https://code.example.org/braces",
        source="Compositor {{ }}",
    ),
    tier="teaser",
    headline="Why {{ user.name }} and ${HOME} end up in print, and [[links]] too",
)

ISSUE = Issue(
    slug="2026-W47",
    newsletter=Newsletter(
        name="Harbor Weekly",
        sender="Harbor Weekly <editor@example.org>",
        postal_address="1 Quay Street\nSaltmarsh 4100",
        unsubscribe_url=UNSUBSCRIBE,
    ),
    window=Window(
        start=datetime(2026, 11, 13, 9, tzinfo=UTC), end=datetime(2026, 11, 20, 9, tzinfo=UTC)
    ),
    now=datetime(2026, 11, 20, 9, tzinfo=UTC),
    subject="The pier opens, and the lights return",
    preheader=PREHEADER,
    leads=(PIER,),
    sections=(Section(name="Ashore", stories=(MARKET, BRACES)),),
)

HTML = f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Harbor Weekly</title><style>h2 {{ margin: 0 }}</style></head><body>
<div style="display:none">{PREHEADER}</div>
<h1>Harbor Weekly</h1>
<img src="{PICTURE}" alt="The new pier at low tide" width="600">
<h2><a href="https://news.example.org/pier">The pier opens on Saturday</a></h2>
<p>The pier opens on Saturday. Nobody has counted them yet.</p>
<p>Also covered by <a href="https://quay.example.org/a?b=1">Quay Notes</a></p>
<h2>Ashore</h2>
<h3><a href="https://news.example.org/%E7%81%AF?x=%C3%A4&amp;utm_source=harbor">港の市場が百周年を迎え、夜の灯りが戻る</a></h3>
<p>灯りが戻った。<span>†</span></p>
<h3><a href="https://code.example.org/braces">{BRACES.headline}</a></h3>
<p>Compositor {{{{ }}}}</p>
<p>Harbor Weekly, 1 Quay Street, Saltmarsh 4100</p>
<p><a href="{UNSUBSCRIBE}">Unsubscribe</a></p>
</body></html>
"""

TEXT = f"""Harbor Weekly

The pier opens on Saturday [1]
==============================
The pier opens on Saturday. Nobody has counted
them yet.
Also covered by Quay Notes [2]

Ashore

港の市場が百周年を迎え、
夜の灯りが戻る [3]
------------------------
灯りが戻った。 †

Why {{{{ user.name }}}} and ${{HOME}} end up in
print, and [[links]] too [4]
Compositor {{{{ }}}}

[1] https://news.example.org/pier
[2] https://quay.example.org/a?b=1
[3] https://news.example.org/%E7%81%AF?x=%C3%A4
[4] https://code.example.org/braces

--\x20
Harbor Weekly
1 Quay Street
Saltmarsh 4100
Unsubscribe: {UNSUBSCRIBE}
"""


@dataclass(frozen=True, kw_only=True)
class Made:
    """All that a check reads."""

    issue: Issue
    renderings: Renderings
    media: dict[str, bytes]
    past: tuple[PastIssue, ...] = ()

    def sent_as(self, old: bytes, new: bytes) -> Made:
        """The same with other bytes in its message."""
        assert old in self.renderings.message
        message = self.renderings.message.replace(old, new)
        return replace(self, renderings=replace(self.renderings, message=message))

    def findings(self) -> tuple[Finding, ...]:
        from digest.check import check

        return check(self.issue, self.renderings, media=self.media, past=self.past)


def made(
    *,
    issue: Issue = ISSUE,
    html: str = HTML,
    text: str = TEXT,
    headers: dict[str, str | None] | None = None,
    web: str | None = None,
    sent_html: str | None = None,
    sent_text: str | None = None,
    sent_picture: bytes = PNG,
    media: dict[str, bytes] | None = None,
    past: tuple[PastIssue, ...] = (),
) -> Made:
    """The good issue, or one with a fault; a header of None is left out of the message.

    A fault in `html` is one of the email; the page of another issue is as its email.
    """
    if web is None:
        web = HTML if issue is ISSUE else html
    message = EmailMessage(policy=email.policy.SMTP.clone(max_line_length=900))
    wanted: dict[str, str | None] = {
        "From": issue.newsletter.sender,
        "Subject": issue.subject,
        "Date": "Fri, 20 Nov 2026 09:00:00 +0000",
        "Message-ID": "<2026-w47.0123456789abcdef@example.org>",
        "List-Unsubscribe": f"<{issue.newsletter.unsubscribe_url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        **(headers or {}),
    }
    for name, value in wanted.items():
        if value is not None:
            message[name] = value
    message.set_content(sent_text if sent_text is not None else text, cte="base64")
    sent = sent_html if sent_html is not None else html.replace(PICTURE, "cid:pier@example.org")
    message.add_alternative(sent, subtype="html", cte="base64")
    part = message.get_body(("html",))
    assert isinstance(part, EmailMessage)
    part.add_related(sent_picture, "image", "png", cid="<pier@example.org>")
    return Made(
        issue=issue,
        renderings=Renderings(
            email_html=html, email_txt=text, web_html=web, message=message.as_bytes()
        ),
        media={PICTURE: PNG} if media is None else media,
        past=past,
    )


def with_newsletter(**changes: Any) -> Issue:
    """The good issue of another newsletter."""
    return replace(ISSUE, newsletter=replace(ISSUE.newsletter, **changes))
