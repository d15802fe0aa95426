"""What comes from outside, made fit for a page and a mail: text on one line, and safe links."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

# Control characters (white space among them becomes a space), lone surrogates, and the
# noncharacters, two of which mark places in our own MJML (see `templates.py`).
_SPACES = re.compile(r"[\t\n\v\f\r\x85\u2028\u2029]+")
_PLANES = "".join(
    f"{chr(plane | 0xFFFE)}{chr(plane | 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
)
_UNPRINTABLE = re.compile(f"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef{_PLANES}]")


def clean(text: str) -> str:
    """`text` on one line, without characters that a page or a mail must not hold."""
    if text.isprintable():  # most are: neither pattern finds anything in them
        return text.strip()
    return _UNPRINTABLE.sub("", _SPACES.sub(" ", text)).strip()


def paragraphs(text: str) -> tuple[str, ...]:
    """The paragraphs of `text`, which a blank line separates, each cleaned."""
    return tuple(filter(None, map(clean, re.split(r"\n[ \t\r]*\n", text))))


def safe_url(url: str | None, *schemes: str) -> str:
    """`url` with every character percent-encoded that a URL must not hold, or nothing.

    Nothing where the scheme is not one of `schemes` (http and https by default) or a host is
    missing: `javascript:`, `data:` and relative links never reach a rendering.
    """
    written = _UNPRINTABLE.sub("", url or "").strip()
    try:
        parts = urlsplit(written)
        host = parts.hostname or ""
    except ValueError:
        return ""
    if parts.scheme not in (schemes or ("http", "https")):
        return ""
    if parts.scheme != "mailto" and not host:
        return ""
    if host and not host.isascii():
        try:
            ascii_host = host.encode("idna").decode("ascii")
        except UnicodeError:
            return ""
        netloc = parts.netloc.lower().replace(host, ascii_host)
        written = parts._replace(netloc=netloc).geturl()
    return quote(written, safe="!#$%&'()*+,/:;=?@[]~-._")
