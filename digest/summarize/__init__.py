"""Trim each story to a blurb: one to three whole sentences of its source, with their spans.

A description of the publisher's goes first where it is complete and honest (`descriptions`). Else:
filter what no reader wants (`filter`), score what is left (`scores`, by sumy), choose the set that
reads best within the budget (`choose`). Nothing is ever rewritten, shortened or completed.
"""

from digest.summarize.blurbs import blurb, summarize

__all__ = ["blurb", "summarize"]
