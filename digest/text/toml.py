"""TOML from outside, read in a time that its length bounds."""

from __future__ import annotations

import re
import tomllib
from typing import Any

_DEEPEST = 50
# Python's parser takes the square of a dotted key's parts: 50,000 of them keep it for minutes.
_DEEP = re.compile(
    rf"""(?:(?<![\w-])[\w-]++|"[^"\n]*+"|'[^'\n]*+')"""
    rf"""(?:[ \t]*+\.[ \t]*+(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')){{{_DEEPEST}}}"""
)


def read_toml(text: str) -> dict[str, Any]:
    """The table that `text` holds.

    Raises ValueError (tomllib.TOMLDecodeError where a place can be named) for what is no TOML, and
    RecursionError for what is nested too deeply, in brackets or in the parts of a key.
    """
    if _DEEP.search(text):
        raise RecursionError(f"a key of more than {_DEEPEST} parts")
    return tomllib.loads(text)
