"""Who gets no mail any more, asked without touching the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from digest.models import Failure
from digest.send import Keyring, Reference, Unsubscribed, is_there, read_record
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
    lately: dict[Reference, Unsubscribed] = {}
    for line in read_record(folder / settings.unsubscribed, keyring=keyring):
        if not isinstance(line, Failure):
            known = lately.get(line.reference)
            lately[line.reference] = line if known is None or line.at >= known.at else known
    gone = {reference for reference, line in lately.items() if line.what == "unsubscribed"}
    for address in addresses if gone else ():
        if any(keyring.reference(address, key) in gone for key in keyring.key_ids):
            found.setdefault(address, "unsubscribed")
    return found
