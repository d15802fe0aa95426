"""Who gets no mail any more, asked without touching the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from digest.send import Keyring, is_there, last_words, read_record
from digest.settings import Settings


def who_left(addresses: Sequence[str], *, settings: Settings, folder: Path) -> dict[str, str]:
    """Who of `addresses` is on the suppression list or in the record of who left, and why.

    Nothing is made or written. Raises SendError where the list cannot be read: a database that is
    set has to answer.
    """
    keyring = Keyring(settings.secret)
    if not keyring:
        return {}
    found: dict[str, str] = {}
    if is_there(settings.database_url, folder=folder):
        from digest.send import Ledger

        ledger = Ledger(
            settings.database_url,
            folder=folder,
            keyring=keyring,
            clock=lambda: datetime.now(UTC),
            look=True,
        )
        found = ledger.who_left(addresses)
    lately, _ = last_words(read_record(folder / settings.unsubscribed, keyring=keyring))
    gone = {reference for reference, line in lately.items() if line.what == "unsubscribed"}
    for address in addresses if gone else ():
        if any(keyring.reference(address, key) in gone for key in keyring.key_ids):
            found.setdefault(address, "unsubscribed")
    return found
