"""Where an SQLite ledger lies: asked without opening it, and without loading a database."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from digest.errors import LedgerError

EXAMPLES = "For example sqlite:///var/ledger.db or postgresql://user@host/name."
"""What DIGEST_DATABASE_URL may be."""
_USUAL = "var/ledger.db"


def file_of(url: str, *, folder: Path) -> Path | None:
    """The file that DIGEST_DATABASE_URL names, counted from `folder`; None for a server's.

    Raises LedgerError for an SQLite database that is no file: it would be gone when the program
    ends, and with it who has the issue.
    """
    if not url.startswith("sqlite:"):
        return None
    parts = urlsplit(url)
    name = unquote(parts.path).removeprefix("/")
    if name == ":memory:" or name.startswith("file:") or "\0" in name or parts.query:
        raise LedgerError(
            "DIGEST_DATABASE_URL names no plain file: a ledger is one that stays, and takes no "
            "options.",
            hint=EXAMPLES,
        )
    return folder / (name or _USUAL)


def is_there(url: str, *, folder: Path) -> bool:
    """Whether there is a ledger: its file. A server's is taken for granted."""
    file = file_of(url, folder=folder)
    return file is None or file.is_file()
