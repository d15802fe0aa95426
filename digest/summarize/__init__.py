"""Trim each story to a blurb: one to three whole sentences of its source, with their spans.

A description of the publisher's goes first where it is complete and honest (`descriptions`). Else:
filter what no reader wants (`filter`), score what is left (`scores`, by sumy), choose the set that
reads best within the budget (`choose`). Nothing is ever rewritten, shortened or completed.
`renewal` does so for an issue, and makes only the blurbs that an earlier build has not made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from digest.summarize.renewal import Known, Renewed, blurb_key, renewed, summarize

if TYPE_CHECKING:
    from digest.summarize.blurbs import blurb
    from digest.summarize.reasons import why

__all__ = ["Known", "Renewed", "blurb", "blurb_key", "renewed", "summarize", "why"]


def __getattr__(name: str) -> Any:
    """`blurb` and `why`, when they are asked for: numpy comes with them, which most can spare."""
    if name == "blurb":
        from digest.summarize.blurbs import blurb

        return blurb
    if name == "why":
        from digest.summarize.reasons import why

        return why
    raise AttributeError(name)
