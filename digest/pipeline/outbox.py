"""An issue on its way out: its message made ready, its server, its sender."""

from __future__ import annotations

import hashlib
import shlex
import subprocess
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from digest.errors import SendError
from digest.models import Issue
from digest.send import Keyring, Prepared, Signer, envelope_sender, signers_of, unsubscribe_url
from digest.settings import Settings

_TOKEN_LASTS = 300.0
"""Seconds for which a token of OAuth 2 is used again; they are valid for an hour, mostly."""
_COMMAND_TAKES = 60.0


def prepared(
    message: bytes,
    *,
    issue: Issue,
    settings: Settings,
    folder: Path,
    as_test: bool = False,
    now: datetime | None = None,
) -> Prepared:
    """The message of `issue`, with each recipient's link to unsubscribe, signed where keys are set.

    Raises SendError where a key cannot be used, or the message is none.
    """
    keyring = Keyring(settings.secret)
    base = issue.newsletter.unsubscribe_url
    personal = bool(keyring) and base.startswith("https:")
    headers = [("Feedback-ID", settings.feedback_id), ("Precedence", settings.precedence)]
    return Prepared(
        message,
        as_test=as_test,
        now=now,
        unsubscribe=(lambda a: unsubscribe_url(base, keyring.token(a))) if personal else None,
        signers=signers(issue, settings, folder),
        headers=[(name, value) for name, value in headers if value],
    )


def signers(issue: Issue, settings: Settings, folder: Path) -> tuple[Signer, ...]:
    """The keys that sign the issue's mail; raises SettingsError for one that cannot.

    DKIM stands for the domain of the From header (DMARC's alignment).
    """
    if not settings.dkim_keys:
        return ()
    domain = envelope_sender(issue.newsletter.sender).rpartition("@")[2]
    return signers_of(settings.dkim_keys, folder=folder, domain=domain)


def envelope_of(issue: Issue, settings: Settings) -> str:
    """The address that bounces go to; raises SendError where there is none."""
    return envelope_sender(settings.return_path or settings.sender or issue.newsletter.sender)


def sha256(message: bytes) -> str:
    """By which the ledger knows a message."""
    return hashlib.sha256(message).hexdigest()


def token_from(
    settings: Settings, *, clock: Callable[[], float] = time.monotonic
) -> Callable[[], str] | None:
    """What gives access tokens, by running DIGEST_SMTP_TOKEN_COMMAND; None where it is not set."""
    if not settings.smtp_token_command:
        return None
    kept: list[tuple[float, str]] = []

    def token() -> str:
        now = clock()
        if not kept or now - kept[0][0] > _TOKEN_LASTS:
            kept[:] = [(now, _printed(settings.smtp_token_command))]
        return kept[0][1]

    return token


def _printed(command: str) -> str:
    """What the command prints; its words are never told, since they may hold a secret."""
    try:
        done = subprocess.run(  # noqa: S603 # the editor's own setting, and no shell
            shlex.split(command), capture_output=True, text=True, timeout=_COMMAND_TAKES, check=True
        )
        found = done.stdout.strip()
    except (OSError, ValueError, subprocess.SubprocessError):
        found = ""
    if not found or not found.isascii() or not found.isprintable() or len(found) > 8192:
        raise SendError(
            "The command of DIGEST_SMTP_TOKEN_COMMAND did not print an access token.",
            hint="Run it by hand: it prints one line, and exits with 0.",
        )
    return found
