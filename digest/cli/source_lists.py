"""`digest sources import` and `export`: other readers' lists."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digest.cli.options import quiet
from digest.cli.session import Session

if TYPE_CHECKING:
    from digest.collect import Listed

to_list = click.option(
    "--to",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The list to write to (default: the first .opml of DIGEST_SOURCES, else sources.opml).",
)
dry = click.option("--dry-run", is_flag=True, help="Say what would be done, write nothing.")
json_option = click.option("--json", "json_", is_flag=True, help="Print it as JSON.")


def none_yet(missing: str) -> str:
    """That there is no source yet, or no list of this name, and what to type."""
    if missing:
        return f"There is no {missing} yet. Add a source: digest sources add https://example.org"
    return "There is no source yet. Add one: digest sources add https://example.org"


def as_json(row: Listed, shown: Callable[[str], str] = str) -> dict[str, object]:
    """A source as `list` and `export` tell it to programs, its addresses through `shown`."""
    return {
        "name": shown(row.name),
        "section": row.section,
        "folders": row.outer,
        "kind": row.kind,
        "address": shown(row.address),
        "home": shown(row.home),
    }


@click.command("import", epilog="Example: digest sources import feeds.opml --section Blogs")
@click.argument("file", metavar="FILE|URL")
@click.option("--section", default="", help="Put all of them into this section.")
@to_list
@dry
@quiet
@click.pass_obj
def import_(session: Session, file: str, section: str, to: Path | None, dry_run: bool) -> int:
    """Take over the feeds of another reader's OPML, or of addresses one a line."""
    from digest.cli.output import count, failures, plain
    from digest.disk import read_regular
    from digest.net import masked, shown
    from digest.pipeline import source_lists
    from digest.pipeline import sources as job

    settings = session.settings()
    path = job.list_file(settings, session.folder, to)
    where = file
    if file.lower().startswith(("http://", "https://")):
        where = shown(file)
        data = session.fetch(settings)(file).body
    else:
        data = read_regular(session.folder / file, limit=8 * 2**20, shown=file)
    rows, _ = job.sources(settings, session.folder, also=path)
    found = source_lists.import_list(data, where=where, known=rows, section=section)
    if found.added and not dry_run:
        job.add(path, found.added)
    if not session.quiet:
        for outline in found.added if dry_run else ():
            click.echo(plain(f"would be added: {masked(outline.name)} {masked(outline.address)}"))
        done = "would be added to" if dry_run else "added to"
        refused = f", {len(found.refused)} refused" if found.refused else ""
        click.echo(
            f"{count(len(found.added), 'source')} {done} {path.name}, "
            f"{len(found.known)} there already{refused}."
        )
        unread = job.unread(path, settings, session.folder) if found.added else ""
        if unread:
            click.echo(plain(f"Next: {unread}"))
        elif found.added and not dry_run:
            click.echo("Next: digest sources check")
    failures(found.refused)
    return 1 if found.refused else 0


@click.command(epilog="Example: digest sources export -o feeds.opml")
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file to write (default: standard output).",
)
@json_option
@quiet
@click.pass_obj
def export(session: Session, out: Path | None, json_: bool) -> int:
    """Write all sources of all lists as one OPML 2.0 file; nothing where one cannot be read."""
    import json

    from digest.cli import output
    from digest.cli.output import count, plain
    from digest.disk import write_atomic
    from digest.pipeline import source_lists
    from digest.pipeline import sources as job

    settings = session.settings()
    rows, failed = job.sources(settings, session.folder)
    missing = job.missing_list(settings, session.folder)
    if failed or missing:  # half a list must not take the place of a whole one
        output.failures(failed)
        if missing:
            click.echo(none_yet(missing), err=True)
        return 1
    given, notes = source_lists.export_rows(rows, beside=out)
    if json_:
        text = json.dumps([as_json(row) for row in given], ensure_ascii=False, indent=2) + "\n"
    else:
        text = source_lists.as_opml(given)
    if out is None:
        click.echo(text, nl=False)
    else:
        write_atomic(out, text)
        if not session.quiet:
            click.echo(f"{count(len(rows), 'source')} written to {out}.")
    for note in notes:
        click.secho("note: ", fg="yellow", nl=False, err=True)
        click.echo(plain(note), err=True)
    return 0
