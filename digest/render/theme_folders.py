"""Where the files of a theme lie, for those who watch them."""

from __future__ import annotations

from pathlib import Path

from digest.render.theme import bundled, may_be_theme


def theme_folders(name: str, *, folder: Path) -> tuple[Path, ...]:
    """The folders that a rendering with the theme `name` may read, of those that are there.

    Its own beside the newsletter and the bundled one, and beside each the folders that are no
    themes, which themes may share.
    """
    found: list[Path] = []
    for root in dict.fromkeys(((folder / "templates").resolve(), bundled().resolve())):
        try:
            inside = sorted(path for path in root.iterdir() if path.is_dir())
        except OSError:
            continue  # loading the theme says what is wrong
        found += [path for path in inside if path.name == name or not may_be_theme(path)]
    return tuple(found)
