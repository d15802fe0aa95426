"""The bundled newsletter: a small invented newsroom and one fixed week of it.

Nine sources (RSS, Atom and JSON feeds, a saved page, a page saved as text, a Markdown file), their
list, the newsletter's settings and its pictures lie beside this file. Town, people, texts and
pictures were made for this project.
"""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

__all__ = ["SAMPLE_NOW", "SAMPLE_SLUG", "folder"]

SAMPLE_SLUG = "2026-W47"
SAMPLE_NOW = datetime(2026, 11, 20, 9, 30, tzinfo=ZoneInfo("America/New_York"))
"""Half an hour after the issue's cut-off; the zone is that of newsletter.env."""


def folder() -> Path:
    """The folder that holds sources.opml, newsletter.env, the sources and `pictures/`."""
    return Path(__file__).parent
