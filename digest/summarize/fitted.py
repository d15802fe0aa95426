"""The weights of the chooser, as `python -m bench.fit_blurbs` wrote them into the package."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def weights() -> dict[str, Any]:
    """What `fitted.json` holds: weights by the names of features, and where they come from."""
    text = files("digest.summarize").joinpath("fitted.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found
