"""What the server's log tells, and where a ledger says something else."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FINAL = frozenset({"sent", "perm", "unknown", "withdrawn"})
UNCERTAIN = frozenset({"sending", "unknown"})


@dataclass
class Truth:
    """The server's log, read on as it grows."""

    log: Path
    accepted: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    honest_unknown: set[str] = field(default_factory=set)
    """Recipients whose answer was lost by the server's own doing."""
    crashes: int = 0
    """Connections that the server reset without knowing whose message was on its way."""
    misled: list[str] = field(default_factory=list)
    """Mails that went to another than the one they are written to."""
    open: int = 0
    connections: int = 0
    _at: int = 0
    _ids: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def read_on(self) -> None:
        """Take in what was written since."""
        with self.log.open("rb") as log:
            log.seek(self._at)
            data = log.read()
        end = data.rfind(b"\n") + 1
        self._at += end
        for line in data[:end].splitlines():
            self._take(json.loads(line))

    def _take(self, event: Mapping[str, Any]) -> None:
        match event["event"]:
            case "open":
                self.open += 1
                self.connections += 1
            case "closed":
                self.open -= 1
            case "accepted":
                recipient = event["recipient"]
                self.accepted[recipient] += 1
                self._ids[event["message_id"]].add(recipient)
                if not event["to_them"]:
                    self.misled.append(recipient)
            case "fault":
                self.faults[f"{event['step']}: {event['name']}"] += 1
                if event["honest_unknown"] and event["recipient"]:
                    self.honest_unknown.add(event["recipient"])
                if event["name"] == "crash":
                    self.crashes += 1

    @property
    def twice(self) -> tuple[str, ...]:
        """Who got the issue more than once."""
        return tuple(sorted(a for a, count in self.accepted.items() if count > 1))

    @property
    def shared_ids(self) -> tuple[str, ...]:
        """Message-IDs that several recipients got, or none at all."""
        return tuple(i for i, whose in self._ids.items() if len(whose) > 1 or not i)


def differences(
    truth: Truth, states: Mapping[str, str], *, everybody: Collection[str], at_the_end: bool
) -> Iterator[str]:
    """Where `states` (by address) contradicts the server, each in a line.

    At the end of the last run nobody may be without a state that stays.
    """
    if truth.twice:
        yield f"twice: {_some(truth.twice)}"
    if truth.misled:
        yield f"got the mail of another: {_some(truth.misled)}"
    if truth.shared_ids:
        yield f"Message-IDs of several recipients: {_some(truth.shared_ids)}"
    claimed = [a for a, state in states.items() if state == "sent" and not truth.accepted[a]]
    if claimed:
        yield f"sent in the ledger, and never accepted: {_some(claimed)}"
    allowed = {"sent", "unknown"} if at_the_end else {"sent", "unknown", "sending"}
    lost = [f"{a} {states.get(a)}" for a in truth.accepted if states.get(a) not in allowed]
    if lost:
        yield f"accepted, and not so in the ledger: {_some(lost)}"
    strangers = set(states) - set(everybody)
    if strangers:
        yield f"in the ledger, and not on the list: {_some(strangers)}"
    if at_the_end:
        missing = set(everybody) - set(states)
        if missing:
            yield f"on the list, and not in the ledger: {_some(missing)}"
        waiting = [f"{a} {s}" for a, s in states.items() if s not in FINAL | {"temp"}]
        if waiting:
            yield f"left over at the end: {_some(waiting)}"


def uncertain(states: Mapping[str, str]) -> frozenset[str]:
    """Of whom the ledger does not know whether they got it."""
    return frozenset(a for a, state in states.items() if state in UNCERTAIN)


def _some(names: Iterable[str]) -> str:
    found = sorted(names)
    more = f" and {len(found) - 5} more" if len(found) > 5 else ""
    return f"{len(found)} ({', '.join(found[:5])}{more})"
