"""The versions of what shapes an issue's bytes, for its record, and of what makes a blurb."""

from __future__ import annotations

import json
import platform
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files

from digest import __version__

SHAPING = (
    "mjml-python", "jinja2", "premailer", "sumy", "babel", "trafilatura", "feedparser", "pillow",
)  # fmt: skip


def versions() -> dict[str, str]:
    """`digest` and the libraries that shape an issue, by name."""
    return {"digest": __version__} | {name: version(name) for name in SHAPING}


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
