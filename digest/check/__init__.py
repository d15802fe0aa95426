"""Renderings → findings: what a reader would stumble over, found before an issue leaves.

Each family of checks is one file, `(Material) -> tuple[Finding, ...]`; `check` runs them all over
one issue, and `new_since` leaves out what another issue has too. `addresses` says which links may
be asked, and `unreached` judges what became of them; `places` says where in its file a finding
points. Pure: the same issue and renderings give the
same findings in the same order.
"""

from __future__ import annotations

from digest.check.check import check, errors
from digest.check.dns import Examined, examine_sender
from digest.check.dns_records import Answer, Question
from digest.check.places import Place, places
from digest.check.reach import Reached, addresses, unreached
from digest.check.since import new_since
from digest.check.spam import (
    SpamReport,
    SpamRule,
    judge_spam,
    read_rspamc,
    read_spamassassin,
    read_spamc,
)

__all__ = [
    "Answer",
    "Examined",
    "Place",
    "Question",
    "Reached",
    "SpamReport",
    "SpamRule",
    "addresses",
    "check",
    "errors",
    "examine_sender",
    "judge_spam",
    "new_since",
    "places",
    "read_rspamc",
    "read_spamassassin",
    "read_spamc",
    "unreached",
]
