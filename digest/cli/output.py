"""What people see: tables, progress, findings. Nothing from outside reaches a terminal raw."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console

    from digest.models import Failure, Finding
    from digest.send import Progress as Told
    from digest.send import Tally


def plain(text: str) -> str:
    """`text` on one line, without control characters, terminal escapes or hidden directions."""
    shown = "".join(" " if c in "\n\t" else c for c in text)
    return "".join(c for c in shown if unicodedata.category(c) not in {"Cc", "Cf"} or c == "\u200d")


def program() -> str:
    """How to call this program again: `digest`, or its path where the shell would not find it."""
    import os
    import shutil
    from pathlib import Path

    own = Path(sys.argv[0])
    if own.name != "digest" or shutil.which("digest"):
        return "digest"
    try:
        return os.path.relpath(own)
    except ValueError:
        return str(own)


def count(number: int, one: str, many: str = "") -> str:
    """`1 lead`, `2 leads`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def console(*, err: bool = False) -> Console:
    """A console that has neither color nor a bar when piped, and follows NO_COLOR."""
    from rich.console import Console

    stream = sys.stderr if err else sys.stdout
    width = None if stream.isatty() else 120
    return Console(stderr=err, highlight=False, markup=False, emoji=False, width=width)


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], *, title: str = "") -> None:
    """Print a table; columns whose name begins with `>` are aligned right."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    grid = Table(title=title or None, box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False)
    for name in columns:
        right = name.startswith(">")
        grid.add_column(name.lstrip(">"), justify="right" if right else "left", overflow="fold")
    for row in rows:
        grid.add_row(*(Text(plain(cell)) for cell in row))
    console().print(grid)


def as_json(value: object) -> None:
    """Print plain data as JSON that a person can read too."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def failures(rows: Sequence[Failure]) -> None:
    """Say on standard error what failed, one line each, with what to do about it."""
    for row in rows:
        click.secho("failed: ", fg="yellow", nl=False, err=True)
        where = "" if row.where in row.what else f"{row.where}: "
        click.echo(plain(f"{where}{row.what} {row.hint}").rstrip(), err=True)


def findings(rows: Sequence[Finding]) -> None:
    """Print findings, worst first; nothing where there are none."""
    if rows:
        table(
            ("", "where", "what", "why", "how to mend it"),
            [(r.level, r.where, r.what, _why(r), r.mend) for r in rows],
            title="What the checks found",
        )


def _why(finding: Finding) -> str:
    """The reason, and the clients where it shows."""
    clients = f" ({', '.join(finding.clients)})" if finding.clients else ""
    return f"{finding.why}{clients}"


@contextmanager
def progress(*, quiet: bool) -> Iterator[Callable[[str, int, int], None]]:
    """A bar on standard error for what lasts longer than a second; silent when piped."""
    if quiet or not sys.stderr.isatty():
        yield lambda *_: None
        return
    yield from _bar()


def _bar() -> Iterator[Callable[[str, int, int], None]]:
    import time

    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console(err=True),
        transient=True,
    )
    task = bar.add_task("", total=None)
    began = time.monotonic()
    shown: list[Any] = []

    def step(what: str, done: int, total: int) -> None:
        if not shown and time.monotonic() - began > 1:
            bar.start()
            shown.append(True)
        bar.update(task, description=plain(what)[:48], completed=done, total=total or None)

    try:
        yield step
    finally:
        if shown:
            bar.stop()


def span(seconds: float) -> str:
    """`0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600:,} h {whole % 3600 // 60} min"


@contextmanager
def sending(
    slug: str, *, quiet: bool
) -> Iterator[tuple[Callable[[str, int, int], None], Told | None]]:
    """A bar on standard error: how far planning is, then how far sending is, how fast, how well.

    Silent when piped.
    """
    if quiet or not sys.stderr.isatty():
        yield (lambda *_: None), None
        return
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[speed]}", markup=False),
        TimeRemainingColumn(elapsed_when_finished=True),
        TextColumn("{task.fields[outcomes]}", markup=False),
        console=console(err=True),
        transient=True,
    )
    task = bar.add_task(f"Planning {slug}", total=None, speed="", outcomes="")

    def step(what: str, done: int, total: int) -> None:
        bar.update(task, description=plain(what)[:48], completed=done, total=total or None)

    def progress(tally: Tally) -> None:
        others = ((n, getattr(tally, n)) for n in ("perm", "temp", "unknown", "withdrawn"))
        told = [f"{number:,} {name}" for name, number in others if number]
        if tally.trouble:
            told.append(plain(tally.trouble)[:60])
        if tally.next_try:
            told.append(f"the next try in {span(tally.next_try)}")
        bar.update(
            task,
            description=f"Sending {slug}",
            completed=tally.done,
            total=tally.total or None,
            speed=f"{tally.rate:,.0f}/s, {count(tally.connections, 'connection')}",
            outcomes=" · ".join(told),
        )

    with bar:
        yield step, progress
