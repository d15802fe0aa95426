"""The versions of what shapes an issue's bytes, for its record."""

from __future__ import annotations

from importlib.metadata import version

from digest import __version__

SHAPING = ("mjml-python", "jinja2", "premailer", "sumy", "babel", "trafilatura", "feedparser")


def versions() -> dict[str, str]:
    """`digest` and the libraries that shape an issue, by name."""
    return {"digest": __version__} | {name: version(name) for name in SHAPING}
