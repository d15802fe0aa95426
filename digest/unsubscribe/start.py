"""From a newsletter's folder to its unsubscribe page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from digest.errors import SettingsError
from digest.send import Keyring
from digest.settings import Settings, read_settings
from digest.unsubscribe.app import create_app

if TYPE_CHECKING:
    from flask import Flask


def app_of(folder: Path, environ: Mapping[str, str]) -> Flask:
    """The app of the newsletter in `folder`; `environ` wins over its `.env`.

    Raises SettingsError where a setting is wrong, or DIGEST_SECRET is missing.
    """
    settings = read_settings(folder / ".env", environ)
    return create_app(
        keyring(settings, folder),
        (folder / settings.unsubscribed).absolute(),
        name=settings.name,
        language=settings.language,
        home_url=settings.home_url,
        path=path_of(settings.unsubscribe_url),
        clock=lambda: datetime.now(UTC),
    )


def keyring(settings: Settings, folder: Path) -> Keyring:
    """The keys that tokens are read with. Raises SettingsError where there is none."""
    if not settings.secret:
        raise SettingsError(
            f"DIGEST_SECRET is not set in {folder / '.env'}, and no link can be read without it.",
            hint="Copy the line from the .env that the newsletter is sent with.",
        )
    return Keyring(settings.secret)


def path_of(url: str) -> str:
    """The path of DIGEST_UNSUBSCRIBE_URL that stands before the token, such as `/leave`."""
    path = unquote(urlsplit(url.partition("{token}")[0]).path).rstrip("/")
    return path if re.fullmatch(r"(?:/[\w.~-]+)*", path) else ""
