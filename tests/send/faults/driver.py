"""`digest`, with less patience, and on request with a clock that jumps.

Nobody waits ten minutes for an answer in a test. A wall clock that is set while a run lasts (a
machine without a battery, a resumed guest) must neither lose nor repeat anybody: with FAULTS_CLOCK
set, to a seed, it jumps by up to a day in either direction, several times a second.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import sys
import time
from functools import partial


def jumping_time(seed: int) -> None:
    """Let `time.time` and the program's own clock jump."""
    rng, real = random.Random(seed), time.time
    until = offset = 0.0

    def jumped() -> float:
        nonlocal until, offset
        now = real()
        if now >= until:
            until = now + rng.uniform(0.05, 0.5)
            offset = rng.choice((0.0, 1.0, -1.0)) * rng.uniform(1, 86_400)
        return now + offset

    import digest.cli.session

    time.time = jumped
    digest.cli.session.clock = lambda: dt.datetime.fromtimestamp(jumped(), dt.UTC)


def impatient() -> None:
    """Let a run give up, and try again, in seconds."""
    import digest.pipeline
    from digest.send import Patience

    patience = Patience(
        reply=4, final=4, retry=(0.3, 0.6, 1, 1, 1), grey=1, reopen=0.02, troubles=12, goodbye=6
    )
    vars(digest.pipeline)["Manners"] = partial(digest.pipeline.Manners, patience=patience)


def main() -> int:
    from digest.cli.main import run

    impatient()
    if "FAULTS_CLOCK" in os.environ:
        jumping_time(int(os.environ["FAULTS_CLOCK"]))
    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
