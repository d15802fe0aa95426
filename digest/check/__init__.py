"""Renderings → findings: what a reader would stumble over, found before an issue leaves.

Each family of checks is one file, `(Material) -> tuple[Finding, ...]`; `check` runs them all over
one issue, and `new_since` leaves out what another issue has too. `addresses` says which links may
be asked, and `unreached` judges what became of them. Pure: the same issue and renderings give the
same findings in the same order.
"""

from __future__ import annotations

from digest.check.check import check, errors
from digest.check.reach import Reached, addresses, unreached
from digest.check.since import new_since

__all__ = ["Reached", "addresses", "check", "errors", "new_since", "unreached"]
