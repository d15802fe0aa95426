"""What `digest --help` costs, beside a bare interpreter and the libraries it is built on.

Run with `python -m bench.startup [--rounds 7] [--json]`. The bar: at most 0.3 CPU seconds, and
at most twice `python -c "import click, rich"`.
"""

from __future__ import annotations

import argparse
import json
import sys

from bench.cpu import medians


def main() -> None:
    """Measure, and print a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    python = sys.executable
    spent = medians(
        {
            "python -c pass": [python, "-c", "pass"],
            "python -c 'import click, rich'": [python, "-c", "import click, rich"],
            "digest --help": [python, "-m", "digest", "--help"],
            "digest build --help": [python, "-m", "digest", "build", "--help"],
            "digest --version": [python, "-m", "digest", "--version"],
        },
        rounds=options.rounds,
    )
    base = spent["python -c 'import click, rich'"]
    rows = {name: {"cpu_seconds": t, "ratio": t / base} for name, t in spent.items()}
    if options.json:
        print(json.dumps(rows, indent=2))
        return
    print(f"{'command':34} {'CPU s':>7} {'ratio':>6}   median of {options.rounds}")
    for name, row in rows.items():
        print(f"{name:34} {row['cpu_seconds']:7.3f} {row['ratio']:6.2f}")


if __name__ == "__main__":
    main()
