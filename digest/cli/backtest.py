"""`digest backtest`: how well the selection would have guessed what an editor chose."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from digest.cli.options import quiet
from digest.cli.session import Session

if TYPE_CHECKING:
    from digest.pipeline import Backtest, Measured

_COLUMNS = ("ap", "p_at_k", "p_at_1", "sections")


@click.command(epilog="Example: digest backtest archive.jsonl --last 20")
@click.argument("file", metavar="[FILE|ISSUES]", required=False, type=click.Path(path_type=Path))
@click.option("--last", type=click.IntRange(1), metavar="N", help="Only the last N issues.")
@click.option("--json", "json_", is_flag=True, help="Print the figures as JSON.")
@quiet
@click.pass_obj
def backtest(session: Session, file: Path | None, last: int | None, json_: bool) -> int:
    """Replay an archive issue by issue, each with only the past to learn from.

    FILE has a JSON row a story ("issue", "section", "title", "url"; "lead" or the section
    "Featured" says what led); ISSUES is an archive's folder (default: issues/). Printed are
    average precision, precision at as many as led, precision at 1 and the share of sections that
    are right, beside random order, newest first and the source's record.
    """
    from digest.cli import output
    from digest.pipeline import backtest as run
    from digest.pipeline import issues_of_archive, issues_of_file, issues_of_folder

    if file is None:
        past, failures = issues_of_archive(session.archive())
    else:
        past, failures = issues_of_folder(file) if file.is_dir() else issues_of_file(file)
    with output.progress(quiet=session.quiet) as step:
        found = run(past, settings=session.settings(), last=last, failures=failures, step=step)
    if json_:
        output.as_json(_report(found))
    else:
        _show(found)
    output.failures(found.failures)
    return 1 if found.failures else 0


def _report(found: Backtest) -> dict[str, object]:
    from dataclasses import asdict

    return {
        **asdict(found.ours),
        "issues": found.issues,
        "untouched": found.untouched,
        "baselines": {
            name: {**asdict(one), "issues": found.issues} for name, one in found.baselines.items()
        },
        "gain_95": {name: dict(rows) for name, rows in found.intervals.items()},
    }


def _show(found: Backtest) -> None:
    from digest.cli import output

    if not found.issues:
        click.echo("No issue can be replayed: the first one has no past. Two are needed at least.")
        return
    if all(getattr(found.ours, column) is None for column in _COLUMNS):
        click.echo(
            "Nothing can be measured: no issue shows what led, and no story a section. A row says "
            'so with "lead": true, with the section "Featured", or with any other section.'
        )
        return

    def row(name: str, one: Measured) -> tuple[str, ...]:
        values = (getattr(one, column) for column in _COLUMNS)
        return (name, *("" if value is None else f"{value:.3f}" for value in values))

    said = {"random": "random", "newest": "newest first", "source": "the source's record"}
    rows = [row("digest", found.ours)]
    for name, one in found.baselines.items():
        rows.append(row(said[name], one))
        gains = found.intervals[name]
        if not gains:
            continue
        rows.append(
            (
                "  digest gains (95 %)",
                *(
                    f"{gains[c][0]:+.3f} to {gains[c][1]:+.3f}" if c in gains else ""
                    for c in _COLUMNS
                ),
            )
        )
    output.table(("", ">AP", ">P@k", ">P@1", ">sections"), rows)
    click.echo(
        f"{output.count(found.issues, 'issue')} replayed, each with only those before it to learn "
        "from."
    )
    if found.untouched:
        click.echo(
            f"note: nobody pinned, dropped or added a story in {found.untouched} of them; there, "
            "the selection is compared with itself."
        )
