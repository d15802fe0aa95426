"""Draws the pictures of the bundled newsletter: `python -m bench.draw_pictures [NAME]…`.

They are the project's own: a handful of flat scenes of one invented coast, in one palette. The
result lies in digest/sample/pictures and is committed; drawing it again changes it only where
Pillow's encoders changed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from bench.poster import Poster
from bench.scenes_ashore import market, school, theater
from bench.scenes_at_sea import ferry, lighthouse, storm
from bench.scenes_below import seabed, whale

PICTURES = Path(__file__).parents[1] / "digest" / "sample" / "pictures"
SCENES: dict[str, Callable[[], Poster]] = {
    "ferry.jpg": ferry,
    "lighthouse.jpg": lighthouse,
    "market.jpg": market,
    "school.jpg": school,
    "seabed.png": seabed,
    "storm.jpg": storm,
    "theater.jpg": theater,
    "whale.jpg": whale,
}


def main() -> None:
    """Draw the named pictures, or all."""
    wanted = sys.argv[1:] or list(SCENES)
    PICTURES.mkdir(parents=True, exist_ok=True)
    for name in wanted:
        path = PICTURES / name
        SCENES[name]().save(path)
        print(f"{path.name:16} {path.stat().st_size / 1024:6.1f} KiB")


if __name__ == "__main__":
    main()
