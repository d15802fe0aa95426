"""CPU seconds of whole processes, by the operating system's own accounting."""

from __future__ import annotations

import resource
import subprocess
from collections.abc import Mapping, Sequence
from statistics import median


def seconds(command: Sequence[str], *, env: Mapping[str, str] | None = None) -> float:
    """User and system CPU seconds of one run of `command`, which must succeed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True, env=env)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def medians(commands: Mapping[str, Sequence[str]], *, rounds: int) -> dict[str, float]:
    """The median of each command over `rounds` interleaved rounds, after one warm-up."""
    spent: dict[str, list[float]] = {name: [] for name in commands}
    for round_ in range(rounds + 1):
        for name, command in commands.items():
            taken = seconds(command)
            if round_:
                spent[name].append(taken)
    return {name: median(times) for name, times in spent.items()}
