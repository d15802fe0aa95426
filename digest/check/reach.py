"""Links that were asked for: which there are, and what became of them.

Asking is the caller's; what is said of an answer is decided here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urldefrag, urlsplit

from digest.check import urls
from digest.check.material import Material, material
from digest.check.words import shown, unresolved
from digest.models import Finding, Issue, Level, Renderings
from digest.text.urls import safe_link

_GONE = frozenset({404, 410})
_SILENT = frozenset({"", "no-host"})
_WHY_DEAD = "Readers press it in vain, and trust the other links less."
_WHY_UNKNOWN = "It may be dead for readers too, or only keep programs away."
_MEND = "Open it in a browser; where it is gone, mend it in its source, or drop the story."


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """What became of asking for a link.

    `url` is where it ended; `failed` says in a sentence why it did not, with the `status` of the
    answer (0 for none) and the `reason` as FetchError has it.
    """

    url: str
    failed: str = ""
    status: int = 0
    reason: str = ""


def addresses(issue: Issue, renderings: Renderings) -> tuple[str, ...]:
    """The http(s) links and pictures of email.html, each once, without fragments, in order."""
    return tuple(_places(material(issue, renderings, {})))


def unreached(
    issue: Issue, renderings: Renderings, reached: Mapping[str, Reached]
) -> tuple[Finding, ...]:
    """What is wrong with the links that were asked for, in reading order.

    What is gone for certain is an error; what could not be told is a warning, and so is a link
    that leads to a site's front page now, and the page of this issue, which may come later.
    """
    examined = material(issue, renderings, {})
    places = _places(examined)
    asked = {url: reached[url] for url in places if url in reached}
    silent = [a for a in asked.values() if a.failed and not a.status and a.reason in _SILENT]
    if len(silent) == len(asked) > 1:
        return (_offline(len(asked)),)
    found = [
        finding
        for url, answer in asked.items()
        if (finding := _finding(examined, places[url], url, answer)) is not None
    ]
    return (*sorted(found, key=lambda f: (f.level != "error", examined.rank(f.where))),
            *_unasked(asked))  # fmt: skip


def _places(examined: Material) -> dict[str, str]:
    """Each address and where it is first read."""
    places: dict[str, str] = {}
    for element in examined.html.elements("a", "area", "img"):
        written = element.get("src" if element.tag == "img" else "href") or ""
        if unresolved(written) or not urls.key(written):
            continue
        link = urldefrag(safe_link(written) or "").url
        if link.startswith(("http://", "https://")):
            places.setdefault(link, examined.in_html(element))
    return places


def _finding(examined: Material, where: str, url: str, answer: Reached) -> Finding | None:
    if answer.failed:
        return _failed(examined, where, url, answer) if answer.reason != "unasked" else None
    if _is_front(url) or not _is_front(answer.url):
        return None
    what = f"A link ends at a front page: {shown(url, 100)} leads to {shown(answer.url, 60)}"
    why = "Sites send there what is gone: readers look for the story in vain."
    return _made("warning", where, what, why)


def _failed(examined: Material, where: str, url: str, answer: Reached) -> Finding:
    quoted = shown(url, 100)
    if urls.key(url) == _own_page(examined.issue):
        what = f"The page of this issue is not on the web: {quoted}"
        why = "Readers who press “View in browser” would find nothing."
        return _made("warning", where, what, why, "Publish the issue before it is sent.")
    if answer.reason == "private":
        what = f"A link into a private network: {quoted}"
        return _made("error", where, what, "Only who is inside can open it.")
    if answer.status in _GONE or answer.reason == "no-host":
        told = answer.status or "no such host"
        return _made("error", where, f"A dead link ({told}): {quoted}", _WHY_DEAD)
    what = f"A link that could not be tried: {shown(answer.failed, 200)}"
    return _made("warning", where, what, _WHY_UNKNOWN)


def _is_front(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.path in {"", "/"} and not parts.query


def _own_page(issue: Issue) -> str:
    base = issue.newsletter.web_url.rstrip("/")
    return urls.key(f"{base}/{issue.slug}/") if base else ""


def _unasked(asked: Mapping[str, Reached]) -> Iterator[Finding]:
    left = [url for url, answer in asked.items() if answer.reason == "unasked"]
    if left:
        more = f" and {len(left) - 3} more" if left[3:] else ""
        what = f"Not asked for, as their sites wish: {', '.join(shown(u, 60) for u in left[:3])}"
        why = "Their robots.txt keeps programs out, or they asked for a pause."
        mend = "Open them in a browser."
        yield _made("warning", "email.html", f"{what}{more}.", why, mend)


def _offline(number: int) -> Finding:
    return _made(
        "warning",
        "email.html",
        f"None of the {number} links could be tried.",
        "This machine seems to have no connection, so nothing is said of them.",
        "Check the connection, then check again.",
    )


def _made(level: Level, where: str, what: str, why: str, mend: str = _MEND) -> Finding:
    return Finding(check="dead-links", level=level, where=where, what=what, why=why, mend=mend)
