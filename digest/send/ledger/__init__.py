"""The record of who was sent which issue, and with what answer: one room, its door `Ledger`.

`tables` says what is kept, `store` keeps it (SQLite or PostgreSQL), `planning` turns a list into
deliveries, `deliveries` is what a run takes and writes back, `people` the suppression list.
"""

from __future__ import annotations

from digest.send.ledger.ledger import Ledger
from digest.send.ledger.planning import Planned
from digest.send.ledger.standing import SendStatus, Standing
from digest.send.ledger.store import is_there

__all__ = ["Ledger", "Planned", "SendStatus", "Standing", "is_there"]
