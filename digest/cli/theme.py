"""`digest theme`: the looks that an issue can have."""

from __future__ import annotations

from pathlib import Path

import click

from digest.cli.options import quiet
from digest.cli.session import Session


@click.group(epilog="Example: digest theme list && digest theme new harbor --from gazette")
def theme() -> None:
    """List the themes, start one of your own, and put one to the test."""


@theme.command("list", epilog="Example: digest theme list --json")
@click.option("--json", "json_", is_flag=True, help="Print it as JSON.")
@quiet
@click.pass_obj
def list_(session: Session, json_: bool) -> int:
    """List the themes that come with digest and those in templates/."""
    from dataclasses import asdict

    from digest.cli import output
    from digest.pipeline import themes as job

    rows = job.themes(session.folder)
    used = session.settings().theme
    if json_:
        output.as_json([asdict(row) | {"used": row.name == used} for row in rows])
    else:
        output.table(
            ("name", "", "what it is", "where"),
            [
                (
                    row.name,
                    "in use" if row.name == used else "",
                    row.broken or row.summary,
                    f"templates/{row.name}" if row.own else "comes with digest",
                )
                for row in rows
            ],
        )
        click.echo("Choose one with DIGEST_THEME in .env. `digest theme new NAME` copies one.")
    return 1 if any(row.broken for row in rows) else 0


@theme.command(epilog="Example: digest theme new harbor --from magazine")
@click.argument("name")
@click.option("--from", "base", default="gazette", show_default=True, help="The theme to copy.")
@click.option("--whole", is_flag=True, help="Copy what all themes share, too.")
@quiet
@click.pass_obj
def new(session: Session, name: str, base: str, whole: bool) -> None:
    """Start a theme of your own: copy one to templates/NAME."""
    from digest.pipeline import themes as job

    files = job.new_theme(name, base=base, folder=session.folder, whole=whole)
    if not session.quiet:
        for file in files:
            click.echo(f"wrote  {file}")
        click.echo(
            f"\nNext: change its theme.toml, set DIGEST_THEME={name} in .env, and watch it with "
            f"`digest serve`; `digest theme try {name}` puts it to the test."
        )


@theme.command("try", epilog="Example: digest theme try harbor --out /tmp/harbor")
@click.argument("name", required=False)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder to write into (default: var/themes/NAME).",
)
@quiet
@click.pass_obj
def try_(session: Session, name: str | None, out: Path | None) -> int:
    """Render issues that are hard on a theme (none or sixty teasers, long words, Arabic, …)."""
    from digest.check import errors
    from digest.cli import output
    from digest.pipeline import themes as job

    name = name or session.settings().theme
    home = out or session.folder / "var" / "themes" / name
    tried = job.try_theme(name, folder=session.folder, out=home)
    if not session.quiet:
        output.table(
            ("issue", ">email", ">errors", ">warnings", "look at"),
            [
                (
                    row.name,
                    f"{row.html_bytes:,} B",
                    str(sum(f.level == "error" for f in row.findings)),
                    str(sum(f.level == "warning" for f in row.findings)),
                    str(row.files[0]),
                )
                for row in tried
            ],
        )
    for row in tried:
        if row.findings:
            click.echo(f"\n{row.name}:")
            output.findings(row.findings)
    return 1 if any(errors(row.findings) for row in tried) else 0
