"""CSS → style attributes through premailer, held to leaving everything else as it was.

Every workaround names its fault in premailer 3.10; `tests/render/test_faults.py` shows each one.
"""

from __future__ import annotations

import re

from digest.errors import RenderError
from digest.render.premailed import premailed

# Written so that no step is taken back: half the time of `<!--.*?-->`.
_COMMENT = re.compile(r"<!--(?:[^-]++|-(?!->))*+-->")
_BEGUN_STYLE = re.compile(rf"{_COMMENT.pattern}|<style(?![^>]*\bmedia=)(?=[\s>])")
_STYLE = re.compile(r"<style\b(?:[^<]++|<(?!/style>))*+</style>")
_KEPT_STYLE = re.compile(r"<style\b[^>]*+>((?:[^<]++|<(?!/style>))*+)</style>")
_VERTICAL_ALIGN = re.compile(r' vertical-align="[^"]*"')
# What stands before a tag that may have to be mended, and that tag. Whatever else there is goes by
# inside the pattern: a call for each tag would take longer than all of premailer's steps.
_MENDED = re.compile(
    rf"""((?:[^<]++|{_COMMENT.pattern}|{_STYLE.pattern}|<(?![A-Za-z])"""
    r"""|<[A-Za-z](?:[^<>"'hv]++|h(?!eight="auto")|v(?!ertical-align=)|"[^"<>]*+")*+>)*+)"""
    r"""(<[A-Za-z](?:[^<>"']++|"[^"]*+"|'[^']*+')*+>|<|\Z)"""
)
_VALUE = re.compile(r"""(\bstyle=)?("[^"]*"|'[^']*')""")


def inline_css(html: str, css: str) -> str:
    """`html` with the rules of `css` written into style attributes; its own styles stay.

    Raises RenderError if a conditional comment or a kept style did not come through byte for byte.
    """
    # premailer drops a doctype that is not in capitals, and the page falls into quirks mode.
    html = re.sub(r"^\s*<!doctype html>", "<!DOCTYPE html>", html, flags=re.IGNORECASE)
    marked = _BEGUN_STYLE.sub(_ignored, html)
    done = _MENDED.sub(_mended, premailed(marked, css).strip())
    for what, pattern in (("conditional comment", _COMMENT), ("style", _KEPT_STYLE)):
        if pattern.findall(done) != pattern.findall(html):
            raise RenderError(
                f"Inlining the CSS changed a {what}.",
                hint="That is a fault of digest, not of the theme: please report both.",
            )
    return done + "\n"


def _ignored(hit: re.Match[str]) -> str:
    """A style's begin, so that premailer leaves the style alone; a comment stays."""
    return hit[0] if hit[0] != "<style" else '<style data-premailer="ignore"'


def _mended(hit: re.Match[str]) -> str:
    """A tag as it should be written, behind what stands before it."""
    before, tag = hit.groups()
    if tag.startswith("<td") and "vertical-align=" in tag:
        # mrml writes mj-text's attribute as one of HTML, which has none of that name.
        tag = _VERTICAL_ALIGN.sub("", tag)
    # mrml's default; HTML wants a number there, and the style says it already.
    tag = tag.replace(' height="auto"', "")
    # libxml2 writes a whole "<!-- -->" into an attribute as it is, so that an alt text looks like a
    # conditional comment to Word; and it takes single quotes where the value holds double ones.
    if "='" in tag or "<" in tag[1:] or ">" in tag[:-1]:
        tag = _VALUE.sub(_quoted, tag)
    return f"{before}{tag}"


def _quoted(hit: re.Match[str]) -> str:
    value = hit[2][1:-1]
    if hit[1] and "'" not in value:
        # cssutils writes font names in double quotes, whichever the theme has.
        value = value.replace('"', "'")
    value = value.replace('"', "&#34;").replace("<", "&lt;").replace(">", "&gt;")
    return f'{hit[1] or ""}"{value}"'
