"""Issue → renderings: jinja2 → MJML → inlined CSS, plain text, a web page, a MIME message.

A theme is read once, at the edge, by `load_theme`; `render` is pure: the same issue, theme and
pictures give the same bytes.
"""

from __future__ import annotations

from digest.render.pictures import Copy, copied, within
from digest.render.render import email_mjml, fitted, render
from digest.render.theme import Theme, copied_theme, load_theme, theme_names
from digest.render.theme_folders import theme_folders

__all__ = [
    "Copy",
    "Theme",
    "copied",
    "copied_theme",
    "email_mjml",
    "fitted",
    "load_theme",
    "render",
    "theme_folders",
    "theme_names",
    "within",
]
