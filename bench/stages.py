"""Where the CPU seconds of `digest build --sample` go, start-up included.

Run with `python -m bench.stages [--rounds 5] [--json] [-- ARGUMENTS OF BUILD]`. The stages are
measured inside the process; "start-up and the rest" is what the whole process took beyond them.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
from statistics import median


def one_build(arguments: list[str]) -> dict[str, float]:
    """CPU seconds by stage of one build in a process of its own, which writes nothing."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-m", "digest", "build", *arguments, "--dry-run", "--json"],
        check=False,
        capture_output=True,
        text=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode == 2 or not done.stdout:
        sys.exit(done.stderr)
    whole = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    spent: dict[str, float] = json.loads(done.stdout)["cpu_seconds"]
    return spent | {"start-up and the rest": whole - sum(spent.values())}


def main() -> None:
    """Measure, and print a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("arguments", nargs="*", default=["--sample"])
    options = parser.parse_args()
    runs = [one_build(options.arguments) for _ in range(options.rounds + 1)][1:]
    spent = {name: median(run[name] for run in runs) for name in runs[0]}
    total = sum(spent.values())
    if options.json:
        print(json.dumps({"cpu_seconds": spent, "total": total}, indent=2))
        return
    print(f"{'stage':24} {'CPU s':>7} {'share':>6}   median of {options.rounds}")
    for name, seconds in spent.items():
        print(f"{name:24} {seconds:7.3f} {seconds / total:6.1%}")
    print(f"{'total':24} {total:7.3f}")


if __name__ == "__main__":
    main()
