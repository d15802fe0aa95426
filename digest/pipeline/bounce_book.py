"""The ledger and the archive, as the job of bounces needs them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Literal

from digest.archive import Archive
from digest.errors import DigestError
from digest.send import Keyring, Ledger, Reference, message_ids

_SLUG = re.compile(r"<([0-9]{4}-w[0-9]{2})\.[^<>@\s]+@[^<>@\s]+>", re.IGNORECASE)


class LedgerBook:
    """See `digest.pipeline.bounces.BounceBook`."""

    def __init__(self, ledger: Ledger, archive: Archive, keyring: Keyring) -> None:
        self._ledger = ledger
        self._archive = archive
        self._keyring = keyring
        self._own: dict[str, Callable[[str], str]] = {}

    def who(self, message_id: str) -> Reference | None:
        """Whom the mail with this Message-ID was sent to; None where it is none of ours.

        A Message-ID derives from the issue and the address, so it is made for each recipient of
        the issue until it fits.
        """
        hit = _SLUG.fullmatch(message_id.strip())
        if hit is None:
            return None
        slug = hit[1].upper()
        try:
            if slug not in self._own:
                self._own[slug] = message_ids(self._archive.renderings(slug).message)
        except DigestError:  # an issue that is not there any more
            return None
        own = self._own[slug]
        for row in self._ledger.rows(slug, states=("sent", "unknown")):
            if row.address and own(row.address) == message_id.strip():
                return self._keyring.reference(row.address)
        return None

    def is_suppressed(self, reference: Reference) -> bool:
        """Whether this person gets no mail already."""
        return self._ledger.is_suppressed(reference)

    def suppress(
        self,
        reference: Reference,
        reason: Literal["bounced", "complained"],
        *,
        note: str,
        at: datetime,
    ) -> None:
        """Take the person off every list."""
        self._ledger.suppress(reference, reason, note=note, at=at)

    def soft_bounces(self, reference: Reference, *, since: datetime) -> frozenset[str]:
        """The mails of this person that came back softly since then."""
        return self._ledger.soft_bounces(reference, since=since)

    def add_soft_bounce(self, reference: Reference, *, mail: str, at: datetime) -> None:
        """Remember that a mail came back softly."""
        self._ledger.add_soft_bounce(reference, mail=mail, at=at)
