"""What caniemail.com knows, as `python -m bench.client_support` wrote it into the package."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

URL = "https://www.caniemail.com/features/{}/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """A feature that some client does not, or not wholly, support.

    `support` says "n" (not) or "a" (in part) for platforms of clients; what is not there supports
    it, or nobody knows. `notes` tell what the parts lack.
    """

    slug: str
    title: str
    support: Mapping[str, Mapping[str, str]]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """All features by their slugs, the platforms of each client, and the day of the data."""

    updated: str
    platforms: Mapping[str, tuple[str, ...]]
    features: Mapping[str, Feature]


@cache
def known() -> Known:
    """What `caniemail.json` holds."""
    read = json.loads(files("digest.check").joinpath("caniemail.json").read_text("utf-8"))
    return Known(
        updated=read["updated"],
        platforms={client: tuple(names) for client, names in read["platforms"].items()},
        features={
            slug: Feature(
                slug=slug, title=row["title"], support=row["support"], notes=tuple(row["notes"])
            )
            for slug, row in read["features"].items()
        },
    )
