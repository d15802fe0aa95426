"""Issue → renderings: jinja2 → MJML → inlined CSS, plain text, a web page, a MIME message.

A theme is read once, at the edge, by `load_theme`; `render` is pure: the same issue, theme and
pictures give the same bytes.
"""

from __future__ import annotations

from digest.render.clean import clean
from digest.render.locales import long_date
from digest.render.pictures import Copy, copied, within
from digest.render.render import email_mjml, fitted, render
from digest.render.theme import Theme, copied_theme, load_theme, theme_names
from digest.render.theme_folders import theme_folders
from digest.render.view import local
from digest.render.view import view as issue_view
from digest.render.views import IssueView, StoryView

__all__ = [
    "Copy",
    "IssueView",
    "StoryView",
    "Theme",
    "clean",
    "copied",
    "copied_theme",
    "email_mjml",
    "fitted",
    "issue_view",
    "load_theme",
    "local",
    "long_date",
    "render",
    "theme_folders",
    "theme_names",
    "within",
]
