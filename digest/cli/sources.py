"""`digest sources`: the list of places that stories come from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digest.cli.options import quiet
from digest.cli.session import Session, clock
from digest.cli.source_lists import as_json, dry, export, import_, json_option, none_yet, to_list

if TYPE_CHECKING:
    from digest.collect import Health, Listed
    from digest.pipeline import Found


@click.group(epilog="Example: digest sources add example.org && digest sources check")
def sources() -> None:
    """Keep the list of sources: add, list, check, import, export."""


@sources.command("list", epilog="Example: digest sources list --json")
@json_option
@quiet
@click.pass_obj
def list_(session: Session, json_: bool) -> int:
    """List every source of the settings, with its section and kind; logins and tokens as ***."""
    from digest.cli import output
    from digest.net import masked
    from digest.pipeline import sources as job

    settings = session.settings()
    rows, failed = job.sources(settings, session.folder)
    missing = job.missing_list(settings, session.folder)
    if json_:
        output.as_json(
            [
                as_json(row, masked) | {"list": str(row.list_path) if row.list_path else None}
                for row in rows
            ]
        )
    elif rows:
        output.table(
            (">", "name", "section", "kind", "address"),
            [
                (str(n), masked(r.name), r.section, r.kind, masked(r.address))
                for n, r in enumerate(rows, start=1)
            ],
        )
    if not json_ and (missing or not (rows or failed)):
        click.echo(none_yet(missing), err=bool(rows))
    output.failures(failed)
    return 1 if failed else 0


@sources.command(epilog="Example: digest sources add example.org --section News")
@click.argument("addresses", nargs=-1, required=True, metavar="ADDRESS...")
@click.option("--name", help="What it is called (default: its own title).")
@click.option("--section", default="", help="The section of the list to put it in.")
@to_list
@dry
@quiet
@click.pass_obj
def add(
    session: Session,
    addresses: tuple[str, ...],
    name: str | None,
    section: str,
    to: Path | None,
    dry_run: bool,
) -> int:
    """Add feeds, pages, files or folders; a site's home page is searched for its feed."""
    from dataclasses import replace

    from digest.cli import output
    from digest.errors import DigestError
    from digest.models import Failure
    from digest.net import masked, shown
    from digest.pipeline import sources as job

    settings = session.settings()
    path = job.list_file(settings, session.folder, to)
    rows, _ = job.sources(settings, session.folder, also=path)
    fetch, now = session.fetch(settings), clock()
    failed = []
    for number, address in enumerate(addresses, start=1):
        try:
            with output.progress(quiet=session.quiet) as step:
                step(f"Looking at {shown(address)}", number - 1, len(addresses))
                found = job.look_at(address, folder=session.folder, now=now, fetch=fetch)
            there = job.known_at(found.outline.address, rows)
            if there is not None:
                where = there.list_path.name if there.list_path else "DIGEST_SOURCES"
                raise DigestError(
                    f"{shown(found.outline.address)} is there already: “{masked(there.name)}” "
                    f"in {where}.",
                    hint="`digest sources list` shows all.",
                )
            outline = replace(found.outline, section=section, name=name or found.outline.name)
            if not dry_run:
                job.add(path, [outline])
                rows, _ = job.sources(settings, session.folder, also=path)
            if not session.quiet:
                _tell(replace(found, outline=outline), path, dry_run=dry_run)
        except DigestError as error:
            failed.append(Failure(where=shown(address), what=error.what, hint=error.hint))
    unread = job.unread(path, settings, session.folder) if len(failed) < len(addresses) else ""
    if unread and not session.quiet:
        click.echo(output.plain(f"Next: {unread}"))
    output.failures(failed)
    return 1 if failed else 0


def _tell(found: Found, path: Path, *, dry_run: bool) -> None:
    from digest.cli.output import count, plain
    from digest.net import masked

    done = "would be added to" if dry_run else "added to"
    what = "feed" if "feed" in found.kind else found.kind
    entries = count(found.entries, "entry", "entries")
    click.echo(plain(f"{done} {path.name}: {masked(found.outline.name)} ({what}, {entries})"))
    click.echo(plain(f"  {masked(found.outline.address)}"))
    for other in found.others[:5]:
        click.echo(plain(f"  the site also names {masked(other)}"))
    if not found.outline.is_feed and what in ("page", "index"):
        click.echo("  No feed was found there; the page itself is read at each build.")


@sources.command(epilog='Example: digest sources remove "Harbor Courier"')
@click.argument("which", metavar="NAME|ADDRESS|NUMBER")
@dry
@quiet
@click.pass_obj
def remove(session: Session, which: str, dry_run: bool) -> int:
    """Take a source out of its list; all else in the file stays letter for letter."""
    from digest.cli import output
    from digest.cli.output import plain
    from digest.errors import UsageError
    from digest.net import masked
    from digest.pipeline import sources as job

    rows, failed = job.sources(session.settings(), session.folder)
    found = job.matching(which, rows)
    if len(found) != 1:
        output.failures(failed)
        there = ", ".join(f"{rows.index(r) + 1} {masked(r.name or r.address)}" for r in found[:5])
        typed = masked(which)
        what = f"“{typed}” may be: {there}." if found else f"No source is called “{typed}”."
        raise UsageError(what, hint="`digest sources list` numbers them.")
    row = found[0]
    path = row.list_path if dry_run else job.remove(row)
    if not session.quiet:
        done = "would be removed from" if dry_run else "removed from"
        where = path.name if path else "DIGEST_SOURCES"
        click.echo(plain(f"{done} {where}: {masked(row.name)} {masked(row.address)}"))
    return 0


@sources.command(epilog="Example: digest sources check --json")
@click.argument("which", nargs=-1, metavar="[NAME|ADDRESS]...")
@json_option
@quiet
@click.pass_obj
def check(session: Session, which: tuple[str, ...], json_: bool) -> int:
    """Read each source once and say how it fares: reach, pace, fullness, what is wrong."""
    from dataclasses import asdict

    from digest.cli import output
    from digest.errors import UsageError
    from digest.net import masked
    from digest.pipeline import sources as job

    settings = session.settings()
    rows, failed = job.sources(settings, session.folder)
    chosen: Sequence[Listed] = rows
    if which:
        chosen = [row for words in which for row in job.matching(words, rows)]
        if not chosen:
            raise UsageError(
                f"No source is called {', '.join(map(masked, which))}.",
                hint="`digest sources list`",
            )
    now = clock()
    with output.progress(quiet=session.quiet) as step:
        states = job.check_sources(
            chosen,
            now=now,
            fetch=session.fetch(settings),
            progress=lambda done, total, name: step(f"Reading {name}", done, total),
        )
    if json_:
        output.as_json(
            [asdict(s) | {"newest": s.newest.isoformat() if s.newest else None} for s in states]
        )
    elif not rows:
        if not failed:
            click.echo(none_yet(job.missing_list(settings, session.folder)))
    else:
        output.table(
            ("source", "reached", ">entries", ">a week", "newest", "holds"),
            [_row(state, now) for state in states],
        )
        for state in states:
            if state.problems:
                wrong = "; ".join(state.problems)
                click.echo(output.plain(f"“{state.name or state.address}”: {wrong}"))
    output.failures(failed)
    lost = [state for state in states if not state.reachable]
    if lost and not json_ and not session.quiet:
        first = lost[0].name or lost[0].address
        click.echo(output.plain(f'Next: mend it, or digest sources remove "{first}"'), err=True)
    return 1 if lost or failed else 0


def _holds(state: Health) -> str:
    """What the entries hold, each with its share; what a few lack is never rounded away."""
    shares = [(state.whole, "whole text"), (state.excerpt, "excerpt"), (state.bare, "title only")]
    return ", ".join(
        f"{100 if share == 1 else min(max(round(share * 100), 1), 99)} % {what}"
        for share, what in sorted(shares, key=lambda row: -row[0])
        if share
    )


def _row(state: Health, now: object) -> tuple[str, ...]:
    from datetime import datetime

    age = ""
    if state.newest and isinstance(now, datetime):
        days = (now - state.newest).days
        age = (
            "today" if days < 1 else f"{days} days ago" if days < 60 else f"{days // 30} months ago"
        )
    pace = "" if state.per_week is None else f"{state.per_week:.1f}"
    return (
        state.name or state.address,
        state.kind if state.reachable else "no",
        str(state.entries) if state.reachable else "",
        pace,
        age,
        _holds(state),
    )


sources.add_command(import_)
sources.add_command(export)
