"""Comparing what is shown with what was meant, whatever a rendering did to the white space."""

from __future__ import annotations

import re
import unicodedata

from digest.text.widths import cut_to_width

_TOKEN = re.compile(
    r"\{\{[^\0]{0,200}?\}\}|\{%[^\0]{0,200}?%\}"  # Jinja, Handlebars, Liquid
    r"|\$\{[^{}\n\0]{0,200}\}"  # JavaScript, template strings
    r"|\*\|[^|*\s\0][^|*\n\0]{0,80}\|\*"  # Mailchimp
    r"|%recipient[\w.-]*%"  # Mailgun
    r"|\[\[[^\[\]\n\0]{1,80}\]\]"  # Mailjet, wikis
    r"|<mj-[a-z-]*",
    re.IGNORECASE,
)


def squeezed(text: str) -> str:
    """`text` without white space and invisible characters.

    A text part breaks lines wherever it must, and a rendering drops the characters that no page
    may hold: without either, two texts that read the same are equal.
    """
    dropped = {
        ord(c): None
        for c in set(text)
        if c.isspace() or unicodedata.category(c) in {"Cc", "Cf", "Cs", "Cn"}
    }
    return text.translate(dropped)


def unresolved(text: str) -> tuple[str, ...]:
    """The template tokens that `text` still holds, each once, in order of appearance."""
    return tuple(dict.fromkeys(hit[0] for hit in _TOKEN.finditer(text)))


def shown(text: str, columns: int = 60) -> str:
    """`text` as a finding quotes it: on one line, cut, without controls."""
    printable = "".join(
        " " if c.isspace() else c for c in text if c.isspace() or c.isprintable() or c == "\u200d"
    )
    return cut_to_width(printable, columns)
