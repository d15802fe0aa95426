"""An issue's page on the published site: its archived web page with the site's ways around it.

The archived page is not parsed and written anew: what its theme made stays byte for byte, and a few
lines come into its head, at the beginning of its body and at its end.
"""

from __future__ import annotations

import re

from digest.errors import DocumentError
from digest.site.public.values import Home, PublicIssue
from digest.site.style import public_page

_TAG = r"""(?:[^>"']|"[^"]*"|'[^']*')*>"""
_HEAD = re.compile(rf"<head(?=[\s>]){_TAG}(.*?)</head\s*>", re.IGNORECASE | re.DOTALL)
_BODY = re.compile(rf"<body(?=[\s>]){_TAG}", re.IGNORECASE)
_END = re.compile(r"</body\s*>", re.IGNORECASE)
_CHARSET = re.compile(rf"<meta\s+charset={_TAG}\n?", re.IGNORECASE)
_OURS = re.compile(
    rf"""<(?:link\s+rel=["']?canonical|meta\s+(?:property=["']?og:|http-equiv=["']?content-security)
    ){_TAG}\n?""",
    re.IGNORECASE | re.VERBOSE,
)
"""What the theme's page says of itself that the site says better, or in more words."""


def issue_page(html: str, issue: PublicIssue, *, home: Home, older: str, newer: str) -> str:
    """The archived web page `html` of `issue`; `older` and `newer` are slugs, or empty.

    Raises DocumentError where the page is none: it has no head, or no body, to put anything into.
    """
    head = _HEAD.search(html)
    body = _BODY.search(html, head.end() if head else 0)
    if head is None or body is None:
        raise DocumentError(
            f"web.html of {issue.slug} has no <head> and <body>.",
            hint="A theme's web.html.j2 makes a whole page; build the issue with one that does.",
        )
    ends = [hit.start() for hit in _END.finditer(html, body.end())]
    end = ends[-1] if ends else len(html)
    values = {"issue": issue, "home": home, "older": older, "newer": newer, "root": "../"}
    inside = _OURS.sub("", head[1])
    charset = _CHARSET.search(inside)
    cut = charset.end() if charset else 0
    return "".join(
        [
            html[: head.start(1)],
            inside[:cut],
            public_page("issue_head.html.j2", language=home.language, **values),
            inside[cut:],
            html[head.end(1) : body.end()],
            public_page("issue_top.html.j2", language=home.language, **values),
            html[body.end() : end],
            public_page("issue_end.html.j2", language=home.language, **values),
            html[end:],
        ]
    )
