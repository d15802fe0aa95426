"""Pictures of a rendering in a real Chromium: `python -m bench.screenshots FILE.html --out DIR`.

The network is cut off: pictures of the file's own folder load, nothing else does.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.chromium import Browser, chromium


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """How one picture is taken: CSS pixels, color scheme, with or without images."""

    width: int
    dark: bool = False
    images: bool = True
    height: int | None = None
    scale: float = 1.0

    def name(self, file: Path) -> str:
        """The picture's file name: `email-600-dark-no-images.png`."""
        words = [file.stem, str(self.width), "dark" if self.dark else "light"]
        return "-".join(words + ([] if self.images else ["no-images"])) + ".png"


def show(running: Browser, file: Path, shot: Shot) -> None:
    """Show `file` as `shot` says."""
    running.look(
        width=shot.width,
        height=shot.height or 900,
        scheme="dark" if shot.dark else "light",
        images=shot.images,
        scale=shot.scale,
        mobile=shot.width < 500,
    )
    running.open(file)


def take(running: Browser, file: Path, shot: Shot) -> bytes:
    """The PNG of the whole page, or of its first `shot.height` pixels."""
    show(running, file, shot)
    return running.png(whole=True, height=shot.height)


def screenshots(files: Sequence[Path], out: Path, shots: Sequence[Shot]) -> list[Path]:
    """Take every shot of every file; gives the pictures' paths, in `out`."""
    out.mkdir(parents=True, exist_ok=True)
    taken = []
    with chromium() as running:
        for file in files:
            for shot in shots:
                path = out / shot.name(file)
                path.write_bytes(take(running, file, shot))
                taken.append(path)
    return taken


def main(words: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description="Pictures of HTML files in a real Chromium.")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, default=Path())
    parser.add_argument("--width", type=int, action="append", help="CSS pixels; may be repeated")
    parser.add_argument("--height", type=int, help="cut the picture off there")
    parser.add_argument("--scale", type=float, default=1.0, help="device pixels for a CSS pixel")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--light", action="store_true", help="the default, unless --dark")
    parser.add_argument("--no-images", action="store_true", help="as a reader who blocks them")
    asked = parser.parse_args(words)
    shots = [
        Shot(
            width=width,
            dark=dark,
            images=not asked.no_images,
            height=asked.height,
            scale=asked.scale,
        )
        for width in asked.width or [600]
        for dark in (False, True)
        if (asked.dark if dark else asked.light or not asked.dark)
    ]
    for path in screenshots(asked.files, asked.out, shots):
        print(path)


if __name__ == "__main__":
    main()
