"""CSS → style attributes through premailer, held to leaving everything else as it was.

Every workaround names its fault in premailer 3.10; `tests/render/test_faults.py` shows each one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from digest.errors import RenderError

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_STYLE = re.compile(r"<style(?![^>]*\bmedia=)(?=[\s>])")
_KEPT_STYLE = re.compile(r"<style\b[^>]*>(.*?)</style>", re.DOTALL)
_VERTICAL_ALIGN = re.compile(r' vertical-align="[^"]*"')
_TAG = re.compile(
    r"""<!--.*?-->|<style\b.*?</style>|<[A-Za-z](?:[^<>"']++|"[^"]*+"|'[^']*+')*+>""", re.DOTALL
)
_VALUE = re.compile(r"""(\bstyle=)?("[^"]*"|'[^']*')""")


def inline_css(html: str, css: str) -> str:
    """`html` with the rules of `css` written into style attributes; its own styles stay.

    Raises RenderError if a conditional comment or a kept style did not come through byte for byte.
    """
    # premailer drops a doctype that is not in capitals, and the page falls into quirks mode.
    html = re.sub(r"^\s*<!doctype html>", "<!DOCTYPE html>", html, flags=re.IGNORECASE)
    marked = _outside_comments(
        html, lambda text: _STYLE.sub('<style data-premailer="ignore"', text)
    )
    done: str = (
        _premailer()(
            marked,
            css_text=[css] if css.strip() else None,
            disable_leftover_css=True,
            allow_network=False,
            # The default takes !important out of media queries: no dark mode.
            strip_important=False,
            disable_validation=True,
            align_floating_images=False,
            remove_unset_properties=False,
            # Or <img width="552"> becomes 100%.
            disable_basic_attributes=["width", "height", "align", "valign", "bgcolor"],
            preserve_handlebar_syntax=False,
        )
        .transform(pretty_print=False)
        .strip()
    )
    done = _TAG.sub(_mended_tag, done)
    for what, pattern in (("conditional comment", _COMMENT), ("style", _KEPT_STYLE)):
        if pattern.findall(done) != pattern.findall(html):
            raise RenderError(
                f"Inlining the CSS changed a {what}.",
                hint="That is a fault of digest, not of the theme: please report both.",
            )
    return done + "\n"


def _outside_comments(html: str, change: Callable[[str], str]) -> str:
    """`html` with `change` made to what stands outside comments."""
    parts, at = [], 0
    for comment in _COMMENT.finditer(html):
        parts += [change(html[at : comment.start()]), comment[0]]
        at = comment.end()
    return "".join([*parts, change(html[at:])])


def _mended_tag(hit: re.Match[str]) -> str:
    """One tag as it should be written; comments and styles stay."""
    tag = hit[0]
    if tag.startswith(("<!--", "<style")):
        return tag
    if tag.startswith("<td"):
        # mrml writes mj-text's attribute as one of HTML, which has none of that name.
        tag = _VERTICAL_ALIGN.sub("", tag)
    # mrml's default; HTML wants a number there, and the style says it already.
    tag = tag.replace(' height="auto"', "")
    # libxml2 writes a whole "<!-- -->" into an attribute as it is, so that an alt text looks like a
    # conditional comment to Word; and it takes single quotes where the value holds double ones.
    return _VALUE.sub(_quoted, tag) if "'" in tag or "<" in tag[1:] or ">" in tag[:-1] else tag


def _quoted(hit: re.Match[str]) -> str:
    value = hit[2][1:-1]
    if hit[1] and "'" not in value:
        # cssutils writes font names in double quotes, whichever the theme has.
        value = value.replace('"', "'")
    value = value.replace('"', "&#34;").replace("<", "&lt;").replace(">", "&gt;")
    return f'{hit[1] or ""}"{value}"'


@cache
def _premailer() -> Any:
    """The class of premailer, imported when the first mail is made: it costs 0.2 s and more."""
    import logging

    import cssutils
    from premailer import Premailer

    cssutils.log.setLevel(logging.FATAL)  # it logs every mso- property, for the whole process
    return Premailer
