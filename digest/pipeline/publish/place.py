"""Where a site may be published, and where not."""

from __future__ import annotations

from pathlib import Path

from digest.errors import DocumentError, UsageError


def refuse_unfit(to: Path, *, newsletter: Path) -> Path:
    """`to` as an absolute path. Raises UsageError where a site must not be written there."""
    shown = str(to)
    if to.is_symlink():
        raise UsageError(f"{shown} is a symbolic link.", hint=f"Name the folder: {to.resolve()}")
    if to.exists() and not to.is_dir():
        raise UsageError(f"{shown} is not a folder.", hint="Name a folder; it need not be there.")
    found, home = to.resolve(), newsletter.resolve()
    if home.is_relative_to(found):
        raise UsageError(
            f"{shown} holds the newsletter itself.",
            hint="Publish into a folder of its own: `digest publish --to site`.",
        )
    for name in ("issues", "var", "templates"):
        if found.is_relative_to((home / name).resolve()):
            raise UsageError(
                f"{shown} lies in {name}/, which is not the site's.",
                hint="Publish into a folder of its own: `digest publish --to site`.",
            )
    return found


def refuse_link(path: Path) -> None:
    """Raise DocumentError where a link is in the place of a file of the site's own."""
    if path.is_symlink():
        raise DocumentError(
            f"{path.parent.name}/{path.name} is a symbolic link, which is not followed.",
            hint="Remove it, then publish again, with --beside if the folder is not empty.",
        )
