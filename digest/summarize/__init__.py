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

__all__ = ["Known", "Renewed", "blurb", "blurb_key", "renewed", "summarize"]


def __getattr__(name: str) -> Any:
    """`blurb`, when it is asked for: numpy comes with it, which some builds can spare."""
    if name == "blurb":
        from digest.summarize.blurbs import blurb

        return blurb
    raise AttributeError(name)
