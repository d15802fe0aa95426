"""A warm render beside npm's mjml with its own inlining, in one run, in turns."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

from bench.node_tools import NpmMjml
from bench.rendering_cases import Case
from digest.render import email_mjml, render
from digest.render.inline import inline_css
from digest.render.mjml import compile_mjml

TIMES = 10
"""Renders in one round: enough that the clock's grain does not show."""


def milliseconds(case: Case, npm: NpmMjml, *, rounds: int) -> dict[str, float]:
    """CPU milliseconds for one render, the median of `rounds`.

    "npm": ready MJML → HTML with CSS inlined; "inline": the same job by mjml-python and premailer;
    "email": that, and jinja2's making of the MJML before; "whole": all four renderings.
    """
    theme, issue, media = case.theme, case.issue, case.media

    def inline(mjml: str) -> None:
        compiled = compile_mjml(mjml, shown=theme.shown)
        inline_css(compiled.html, compiled.inline_css)

    ours: dict[str, Callable[[], object]] = {
        "inline": lambda: inline(case.mjml),
        "email": lambda: inline(email_mjml(issue, theme, media=media)),
        "whole": lambda: render(issue, theme, media=media),
    }
    spent: dict[str, list[float]] = {name: [] for name in ("npm", *ours)}
    for _ in range(rounds + 1):  # the first warms both sides up
        spent["npm"].append(npm.compile(case.mjml, times=TIMES).ms)
        for name, job in ours.items():
            start = time.process_time()
            for _ in range(TIMES):
                job()
            spent[name].append((time.process_time() - start) * 1000 / TIMES)
    return {name: median(taken[1:]) for name, taken in spent.items()}
