"""Where an SQLite ledger lies: asked without opening it, and without loading a database."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

_USUAL = "var/ledger.db"


def file_of(url: str, *, folder: Path) -> Path | None:
    """The file that DIGEST_DATABASE_URL names, counted from `folder`; None for a server's."""
    if not url.startswith("sqlite:"):
        return None
    return folder / (unquote(urlsplit(url).path).removeprefix("/") or _USUAL)


def is_there(url: str, *, folder: Path) -> bool:
    """Whether there is a ledger: its file. A server's is taken for granted."""
    file = file_of(url, folder=folder)
    return file is None or file.is_file()
