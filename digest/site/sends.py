"""What was sent of an issue: to testers, to readers, and into the mailbox on this machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from digest.models import Failure, Status
from digest.site.mail import InboxLine
from digest.site.pages import Around, Listed, issue_page

STATES = {
    "sent": "sent",
    "planned": "waiting",
    "sending": "on their way",
    "temp": "put off",
    "perm": "refused",
    "unknown": "unknown",
    "withdrawn": "withdrawn",
}
"""What a page calls the states of deliveries, in this order."""
DOMAINS_SHOWN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSent:
    """How far a list is: `counts` by state, `left` for whom there is still something to do."""

    name: str
    planned_at: datetime
    total: int
    left: int
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """Somebody who did not simply get it."""

    address: str
    state: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TestMail:
    """What became of one test mail; `mail` is its name in the mailbox, where it stayed there."""

    address: str
    state: str
    reply: str
    mail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TestSent:
    """What became of a test; `server` took the mails, or none: they stayed on this machine."""

    mails: Sequence[TestMail]
    failures: Sequence[Failure] = ()
    errors: int = 0
    server: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sends:
    """What the page of an issue's sends shows.

    `testers` names the file of those who get tests, `server` the one that tests leave over: empty
    while they stay here. `trouble` is why the ledger cannot be read, `ask` what is wrong with the
    addresses that were `typed`.
    """

    token: str
    lists: Sequence[ListSent] = ()
    domains: Mapping[str, Mapping[str, int]]
    replies: Sequence[tuple[str, int, str, int]] = ()
    failed: Sequence[Failed] = ()
    more_failed: int = 0
    first: datetime | None = None
    last: datetime | None = None
    trouble: Failure | None = None
    mails: Sequence[InboxLine] = ()
    more_mails: int = 0
    has_mailbox: bool = True
    testers: str = ""
    server: str = ""
    typed: str = ""
    as_is: bool = False
    ask: Failure | None = None
    test: TestSent | None = None
    command: str = ""


def sends_page(row: Listed, sends: Sends, *, status: Status | str, around: Around) -> str:
    """Send a test; how far each list of readers is; the mails of the issue on this machine."""
    by_size = sorted(sends.domains.items(), key=lambda pair: (-sum(pair[1].values()), pair[0]))
    seen = [key for key in STATES if any(counts.get(key) for _, counts in by_size)]
    rest: dict[str, int] = {}
    for _, counts in by_size[DOMAINS_SHOWN:]:
        rest = {key: rest.get(key, 0) + counts.get(key, 0) for key in seen}
    return issue_page(
        "sends.html.j2",
        "sends",
        row,
        around,
        sends=sends,
        status=status,
        states=STATES,
        seen=seen,
        left=sum(line.left for line in sends.lists),
        domains=by_size[:DOMAINS_SHOWN],
        more_domains=len(by_size) - DOMAINS_SHOWN if rest else 0,
        rest=rest,
    )


def confirm_page(
    row: Listed,
    *,
    around: Around,
    token: str,
    server: str,
    to: Sequence[str],
    typed: str,
    as_is: bool,
) -> str:
    """Before test mails leave this machine: over which server, and to whom."""
    return issue_page(
        "confirm.html.j2",
        "sends",
        row,
        around,
        token=token,
        server=server,
        to=to,
        typed=typed,
        as_is=as_is,
    )
