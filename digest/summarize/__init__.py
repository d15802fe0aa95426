"""Trim each story to a blurb: one to three whole sentences of its source, with their spans.

Filter what no reader wants (`filter`), score what is left (`scores`, by sumy), choose the set that
reads best within the budget (`choose`). Nothing is ever rewritten, shortened or completed.
`renewal` does so for an issue, and makes only the blurbs that an earlier build has not made.
"""

from digest.summarize.blurbs import blurb
from digest.summarize.renewal import Known, Renewed, blurb_key, renewed, summarize

__all__ = ["Known", "Renewed", "blurb", "blurb_key", "renewed", "summarize"]
