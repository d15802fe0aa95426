"""The statistics for readers: who told the stories, and how the newsletter is made up over time."""

from __future__ import annotations

from digest.site.public.values import File, Home
from digest.site.stats import STEPS, public_plots
from digest.site.style import public_page
from digest.statistics import Statistics


def statistics_page(home: Home, found: Statistics) -> File:
    """The page of `found`, which counts what was sent."""
    html = public_page(
        "stats.html.j2",
        language=home.language,
        home=home,
        root="../",
        here="stats/",
        found=found,
        step=STEPS[found.step],
        shown=public_plots(found),
    )
    return File(path="stats/index.html", data=html.encode())
