"""The versions of what shapes an issue's bytes, for its record, and of what makes a blurb."""

from __future__ import annotations

import json
import platform
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING

from digest import __version__

if TYPE_CHECKING:
    from digest.render import Theme

SHAPING = (
    "mjml-python", "jinja2", "premailer", "sumy", "babel", "trafilatura", "feedparser", "pillow",
)  # fmt: skip

IMPORTED_FROM = "IMPORTED_FROM"
"""The key under which issue.json keeps, beside the settings, the file that an issue came from."""

THEME = "theme"
"""Under which name the version of a theme stands among the others."""


def versions(theme: Theme | None) -> dict[str, str]:
    """`digest` and the libraries that shape an issue, by name; and `theme` where it is one's own.

    A bundled theme is of the version of `digest`; None is no theme at all.
    """
    known = {"digest": __version__} | {name: version(name) for name in SHAPING}
    return known | ({THEME: theme_version(theme)} if theme and theme.own else {})


def theme_version(theme: Theme) -> str:
    """The begin of a SHA-256 that changes with each file of the theme's own folder."""
    own = [(name, text) for name, text in theme.files if name not in theme.common]
    return sha256(json.dumps([theme.settings, own]).encode()).hexdigest()[:16]


_SUMMARIZING = ("digest.summarize", "digest.text")
_BENEATH = ("sumy", "nltk", "numpy", "sentencex", "wcwidth")
_CHECKING = ("digest", "digest.check", "digest.text")
_BENEATH_CHECKS = ("lxml", "tinycss2", "pillow", "wcwidth")


@cache
def summarizer_version() -> str:
    """A SHA-256 that changes with whatever makes a blurb: our own files, weights, libraries."""
    return _version_of(_SUMMARIZING, _BENEATH)


@cache
def checker_version() -> str:
    """The same for whatever finds something in an issue."""
    return _version_of(_CHECKING, _BENEATH_CHECKS)


def _version_of(packages: tuple[str, ...], libraries: tuple[str, ...]) -> str:
    """The files themselves are read, since a number that a person counts up is forgotten."""
    names = {name: version(name) for name in libraries} | {"python": platform.python_version()}
    found = sha256(json.dumps(names).encode())
    for package in packages:
        for file in sorted(files(package).iterdir(), key=lambda one: one.name):
            if file.name.endswith((".py", ".json")):
                found.update(sha256(file.read_bytes()).digest())
    return found.hexdigest()
