"""A newsletter's folder of its own, built once and copied for each test that changes something."""

from __future__ import annotations

import shutil
from pathlib import Path

from digest import sample
from digest.archive import Archive
from digest.errors import UsageError
from digest.net import Fetched
from digest.pipeline import build
from digest.settings import Settings, read_settings

SLUG = "2026-W47"
TEMPLATE = Path("templates/gazette/issue.txt.j2")
THEMES = Path(__file__).parents[1] / "templates"


def no_network(url: str) -> Fetched:
    raise UsageError(f"{url} was asked for")


def settings_of(folder: Path) -> Settings:
    return read_settings(folder / ".env", {})


def new_newsletter(folder: Path, *, zone: str = "America/New_York") -> Path:
    """The bundled sources as a newsletter of one's own: settings, a theme, an issue."""
    shutil.copytree(sample.folder(), folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    text = (folder / "newsletter.env").read_text("utf-8").replace("America/New_York", zone)
    text = text.replace("The Harbor Weekly", "Quay News")
    (folder / ".env").write_text(text, "utf-8")
    for part in ("common", "gazette"):  # all that it is made of, to be changed
        if (THEMES / part).is_dir():
            own = folder / "templates" / "gazette"
            shutil.copytree(THEMES / part, own, dirs_exist_ok=True)
    build(
        settings=settings_of(folder),
        folder=folder,
        archive=Archive(folder / "issues"),
        now=sample.SAMPLE_NOW,
        fetch=no_network,
        blurbs=folder / "blurbs.jsonl",
    )
    return folder


def copied(kept: Path, folder: Path) -> Path:
    shutil.copytree(kept, folder)
    return folder


def files(folder: Path) -> dict[str, bytes]:
    """What a build makes of an issue, by name."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "edits.toml"
    }


def write(path: Path, text: str) -> None:
    """Write a file as an editor does: all at once, under the name of another until then."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.swp")
    beside.write_text(text, "utf-8")
    beside.replace(path)
