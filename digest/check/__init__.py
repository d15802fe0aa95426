"""Renderings → findings: what a reader would stumble over, found before an issue leaves.

Each family of checks is one file, `(Material) -> tuple[Finding, ...]`; `check` runs them all over
one issue. Pure: the same issue and renderings give the same findings in the same order.
"""

from __future__ import annotations

from digest.check.check import check, errors
from digest.check.dns import Examined, examine_sender
from digest.check.dns_records import Answer, Question
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
    "Question",
    "SpamReport",
    "SpamRule",
    "check",
    "errors",
    "examine_sender",
    "judge_spam",
    "read_rspamc",
    "read_spamassassin",
    "read_spamc",
]
