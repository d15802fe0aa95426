"""What runs or loads a page of its own inside a mail: no mail that people trust does either."""

from __future__ import annotations

from collections.abc import Iterator

from digest.check.material import Material
from digest.check.page import Element
from digest.check.words import shown
from digest.models import Finding

_TAGS = frozenset({"script", "iframe", "frame", "object", "embed", "applet"})
_SCHEMES = ("javascript:", "vbscript:")
_ADDRESSES = frozenset({"href", "src", "action", "formaction", "background", "poster", "data",
                        "xlink:href"})  # fmt: skip
_LINKS = frozenset({"a", "area"})
"""Their href is judged with the links."""


def check(material: Material) -> tuple[Finding, ...]:
    """An error for each script, handler and embedded page of email.html; one of a kind a story."""
    found = [_finding("email.html", what) for e in material.html.outside for what in _active(e)]
    for element in material.html.contents:
        found += [_finding(material.in_html(element), what) for what in _active(element)]
    return tuple(dict.fromkeys(found))


def _active(element: Element) -> Iterator[str]:
    if element.tag in _TAGS:
        yield f"<{element.tag}> is no part of a mail."
    for name, value in element.attributes.items():
        # Clients drop these characters before they look at the scheme.
        written = "".join(c for c in value if c > " " and c != "\x7f").lower()
        address = name in _ADDRESSES and not (element.tag in _LINKS and name == "href")
        if name.startswith("on") or (address and written.startswith(_SCHEMES)):
            yield f"<{element.tag}> has a script in {name}: {shown(value)}"
        elif element.tag == "meta" and name == "http-equiv" and written == "refresh":
            yield "<meta> leads the reader to another page by itself."


def _finding(where: str, what: str) -> Finding:
    return Finding(
        check="active",
        level="error",
        where=where,
        what=shown(what, 200),
        why="Clients strip it, and filters take such a mail for an attack: few readers see it.",
        mend="Take it out of the theme's issue.mjml.j2, then build again.",
    )
