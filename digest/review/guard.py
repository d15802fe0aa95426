"""Who may ask, and what a page may do: Host names, methods, security headers."""

from __future__ import annotations

import re

_OWN_HOST = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:[0-9]{1,5})?", re.IGNORECASE)

PAGE = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-src 'self'; "
    "script-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""For our own pages: the only script moves through them by keys. Never for an email."""
FOLLOWING = f"{PAGE}; connect-src 'self'"
"""The same while they follow: another script, and what it asks."""
INERT = "default-src 'none'; sandbox; frame-ancestors 'self'"
"""For what is shown as it is: plain text, pictures."""
SANDBOX = "allow-popups allow-popups-to-escape-sandbox"
"""A link of the email may open a tab of its own; scripts, forms and this tab are out of reach."""

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-DNS-Prefetch-Control": "off",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def with_forms(policy: str) -> str:
    """The policy of a page whose forms ask this server, and nobody else."""
    return policy.replace("form-action 'none'", "form-action 'self'")


def is_own_host(host: str) -> bool:
    """Whether a Host header names this machine; else a foreign page may be asking through DNS."""
    return _OWN_HOST.fullmatch(host) is not None


def is_own_page(site: str) -> bool:
    """Whether `Sec-Fetch-Site` is that of our own page, or of a program that does not send it."""
    return site in {"", "none", "same-origin"}


def mail_policy(*, remote_pictures: bool, pictures: bool = True) -> str:
    """The policy of an email or web page of an issue: its own pictures only, until asked.

    Without `pictures` none is loaded, as where a mail program asks before it shows any.
    """
    own = "'self' data: http: https:" if remote_pictures else "'self' data:"
    shown = own if pictures else "'none'"
    return (
        f"default-src 'none'; style-src 'unsafe-inline'; img-src {shown}; base-uri 'none'; "
        f"form-action 'none'; frame-ancestors 'self'; sandbox {SANDBOX}"
    )


def for_frame(html: str) -> str:
    """The page with its links opening tabs: a frame must not leave the page it is meant to show."""
    return re.sub(r"(<head\b[^>]*>)", r'\1<base target="_blank">', html, count=1)
