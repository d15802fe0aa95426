"""Issue → renderings: jinja2 → MJML → inlined CSS, plain text, a web page, a MIME message.

A theme is read once, at the edge, by `load_theme`; `render` is pure: the same issue, theme and
pictures give the same bytes.
"""

from __future__ import annotations

from digest.render.pictures import Copy, copied, within
from digest.render.render import render
from digest.render.theme import Theme, load_theme, theme_names

__all__ = ["Copy", "Theme", "copied", "load_theme", "render", "theme_names", "within"]
