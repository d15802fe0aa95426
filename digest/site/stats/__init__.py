"""The statistics as pages show them: plots, each under a sentence and over a table of its numbers.

`page` chooses the plots, for those who make the newsletter and for readers; `over_time` and
`by_source` make them, `said` finds the sentence, `plots` draws.
"""

from digest.site.stats.page import STEPS, Choice, public_plots, said_of, stats_page

__all__ = ["STEPS", "Choice", "public_plots", "said_of", "stats_page"]
