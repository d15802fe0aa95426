"""`digest issues`: the archive from the command line."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import click

from digest.cli.options import quiet
from digest.cli.session import Session

if TYPE_CHECKING:
    from digest.archive import Row


_ELSEWHERE: dict[str, tuple[str, str]] = {
    "correct": ("digest.cli.issues_correct", "correct"),
    "diff": ("digest.cli.issues_compare", "diff"),
    "export": ("digest.cli.issues_exchange", "export"),
    "import": ("digest.cli.issues_exchange", "import_"),
    "ran": ("digest.cli.issues_search", "ran"),
    "search": ("digest.cli.issues_search", "search"),
    "stats": ("digest.cli.issues_stats", "stats"),
    "verify": ("digest.cli.issues_compare", "verify"),
}
"""The verbs of this noun that have a file of their own: its module, and their name there."""


class _Verbs(click.Group):
    """The verbs of `issues`; those of another file are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All verbs by name."""
        return sorted({*super().list_commands(ctx), *_ELSEWHERE})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The verb's command."""
        if cmd_name not in _ELSEWHERE:
            return super().get_command(ctx, cmd_name)
        module, name = _ELSEWHERE[cmd_name]
        command: click.Command = getattr(import_module(module), name)
        return command


@click.group(cls=_Verbs)
def issues() -> None:
    """List, search, compare, verify, correct and export archived issues."""


@issues.command("list", epilog="Example: digest issues list --json")
@click.option("--json", "json_", is_flag=True, help="Print the list as JSON.")
@quiet
@click.pass_obj
def list_(session: Session, json_: bool) -> int:
    """List the issues of the archive, newest first."""
    from dataclasses import asdict

    from digest.cli import output

    rows = tuple(reversed(session.archive().rows(pictured=json_)))
    if json_:
        output.as_json([asdict(r) | {"window": _window(r)} for r in rows])
    elif not rows:
        click.echo("There is no issue in issues/ yet. Build one: digest build")
    else:
        output.table(
            ("issue", "status", "cut-off", "subject", ">leads", ">teasers", ">HTML"),
            [
                (r.slug, r.problem, "", "", "", "", "")
                if r.problem
                else (
                    r.slug,
                    r.status,
                    f"{r.window.end:%Y-%m-%d}" if r.window else "",
                    r.subject,
                    str(r.leads),
                    str(r.teasers),
                    f"{r.html_bytes / 1000:.0f} KB",
                )
                for r in rows
            ],
        )
    return 1 if any(r.problem for r in rows) else 0


@issues.command(epilog="Example: digest issues show 2026-W47")
@click.argument("slug", metavar="[ISSUE]", required=False)
@click.option("--text", is_flag=True, help="Print the email's text part instead.")
@click.option("--json", "json_", is_flag=True, help="Print the whole issue document as JSON.")
@quiet
@click.pass_obj
def show(session: Session, slug: str | None, text: bool, json_: bool) -> None:
    """Show what ISSUE (default: the latest) holds."""
    from digest.cli import output

    archive = session.archive()
    slug = session.issue_or_latest(slug)
    if text:
        click.echo(archive.renderings(slug).email_txt, nl=False)
        return
    issue = archive.load(slug)
    if json_:
        from digest.codec import to_json

        click.echo(to_json(issue, indent=2))
        return
    click.echo(
        f"{output.plain(issue.newsletter.name)}, issue {issue.number}, {slug} ({issue.status})"
    )
    click.echo(f"subject: {output.plain(issue.subject)}")
    output.table(
        ("", "section", "headline", "source", "also covered by", "id"),
        [
            (
                s.tier,
                s.section,
                s.headline,
                s.entry.source,
                ", ".join(c.source for c in s.also),
                s.entry.id,
            )
            for s in issue.stories
        ],
    )
    for file in sorted(p for p in archive.path(slug).rglob("*") if p.is_file()):
        click.echo(f"{file.stat().st_size:>9,}  {file}")


@issues.command(
    "open",
    short_help="Open a rendering with the machine's own program.",
    epilog="Example: digest issues open 2026-W47 --what web.html",
)
@click.argument("slug", metavar="[ISSUE]", required=False)
@click.option(
    "--what",
    default="email.html",
    show_default=True,
    type=click.Choice(["email.html", "web.html", "email.txt", "message.eml"]),
    help="Which rendering.",
)
@quiet
@click.pass_obj
def open_(session: Session, slug: str | None, what: str) -> int:
    """Open a rendering of ISSUE (default: the latest) with the machine's own program."""
    path = session.archive().path(session.issue_or_latest(slug)) / what
    if not session.quiet:
        click.echo(str(path))
    if not _has_screen():
        click.echo("There is no screen here to open it on: open that file in a browser.", err=True)
        return 1
    return click.launch(str(path))


def _has_screen() -> bool:
    """Whether a window can be opened; asked first, since the openers of Linux only make noise."""
    import os
    import sys

    named = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
    return not sys.platform.startswith("linux") or any(os.environ.get(name) for name in named)


def _window(row: Row) -> list[str]:
    return [row.window.start.isoformat(), row.window.end.isoformat()] if row.window else []
