"""Links that lead nowhere, somewhere else for each reader, or where nobody should go."""

from __future__ import annotations

from urllib.parse import urlsplit

from digest.check.material import Material
from digest.check.shorteners import SHORTENERS
from digest.check.words import shown
from digest.models import Finding, Level

_WEB = frozenset({"https", "http"})
_FINE = frozenset({"mailto", "tel", "sms"})
_DANGEROUS = frozenset({"javascript", "data", "vbscript", "file", "blob"})
_MENDS = {
    "An insecure link": "Use the https address of the source, where it has one.",
    "A shortened link": "Use the address where it ends: open it, and take what the browser shows.",
}


def check(material: Material) -> tuple[Finding, ...]:
    """One finding for each story and address; an error where nobody gets where it says."""
    found: dict[tuple[str, str], Finding] = {}
    for link in material.html.elements("a", "area"):
        href = link.get("href")
        if href is None and link.get("name") is not None:  # a target, not a link
            continue
        wrong = _wrong((href or "").strip())
        if wrong:
            where = material.in_html(link)
            found.setdefault((where, href or ""), _finding(where, *wrong))
    return tuple(found.values())


def _wrong(href: str) -> tuple[Level, str, str] | None:
    """Level, what and why of a link that is wrong."""
    # Clients drop these characters before they look at the scheme.
    written = "".join(c for c in href if c > " " and c != "\x7f")
    try:
        parts = urlsplit(written)
        scheme, host, readable = parts.scheme, parts.hostname, True
    except ValueError:
        scheme, host, readable = "", None, False
    rules: tuple[tuple[bool, Level, str, str], ...] = (
        (written in {"", "#"}, "error", "A link leads nowhere", "Readers press it in vain."),
        (not readable, "error", "A link is no address", "Clients open something else, or nothing."),
        (
            scheme in _DANGEROUS,
            "error",
            "A dangerous link",
            "It runs or opens what no mail should.",
        ),
        (
            not scheme,
            "error",
            "A relative link",
            "A mail has no page that it could count from: the link is dead.",
        ),
        (scheme in _WEB and not host, "error", "A link without a host", "It leads nowhere."),
        (
            scheme in _WEB and _is_short(host or ""),
            "warning",
            "A shortened link",
            "Readers cannot see where it leads, filters count it, and it dies with its service.",
        ),
        (
            scheme == "http",
            "warning",
            "An insecure link",
            "Others on the reader's network see and can change what is read.",
        ),
        (
            scheme not in _FINE | _WEB,
            "warning",
            "A link that few clients open",
            "Nothing may happen.",
        ),
    )
    hit = next((rule for rule in rules if rule[0]), None)
    if hit is None:
        return None
    _, level, what, why = hit
    return level, f"{what}: {shown(href, 100)}" if href else f"{what}.", why


def _is_short(host: str) -> bool:
    name = host.removeprefix("www.").rstrip(".")
    return name in SHORTENERS or name.partition(".")[2] in SHORTENERS


def _finding(where: str, level: Level, what: str, why: str) -> Finding:
    mend = next(
        (mend for kind, mend in _MENDS.items() if what.startswith(kind)),
        "Mend the link in its source, or in the theme.",
    )
    return Finding(check="links", level=level, where=where, what=what, why=why, mend=mend)
