"""The root command, its verbs and what every failure looks like."""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import click

from digest import __version__
from digest.cli.session import Session
from digest.errors import DigestError, SettingsError, UsageError

VERBS: dict[str, tuple[str, str]] = {
    "init": ("digest.cli.init", "Start a newsletter of your own in a folder."),
    "sources": (
        "digest.cli.sources",
        "Keep the list of sources: add, list, check, import, export.",
    ),
    "build": ("digest.cli.build", "Build this week's issue from its sources."),
    "explain": ("digest.cli.explain", "Say why each entry of an issue is where it is."),
    "edit": ("digest.cli.edit", "Decide what an issue holds, and in which words."),
    "backtest": ("digest.cli.backtest", "Measure the selection on issues of the past."),
    "check": ("digest.cli.check", "Check an issue's renderings before they leave."),
    "send": ("digest.cli.send", "Send an issue to testers, or to its readers."),
    "ledger": ("digest.cli.ledger", "Show who was sent which issue, and with what answer."),
    "recipients": ("digest.cli.recipients", "Check a list; suppress, show or forget a person."),
    "bounces": ("digest.cli.bounces", "Send no more mail to addresses that are gone."),
    "mailbox": ("digest.cli.mailbox", "Take test mails on this machine, for the review to show."),
    "serve": ("digest.cli.serve", "Review the archive in a browser, on this machine."),
    "theme": ("digest.cli.theme", "List the themes, start your own, put one to the test."),
    "issues": ("digest.cli.issues", "List, search, compare, verify, correct and export issues."),
    "publish": ("digest.cli.publish", "Publish the archive as a static site."),
    "collect": ("digest.cli.plumbing", "Print what sources hold, one entry a line (JSON)."),
    "events": ("digest.cli.plumbing", "Say which entries report one happening (JSON)."),
    "select": ("digest.cli.plumbing", "Turn entries into an issue document (JSON)."),
    "summarize": ("digest.cli.plumbing", "Give entries or an issue their blurbs (JSON)."),
    "render": ("digest.cli.plumbing", "Make the renderings of an issue document."),
    "schema": ("digest.cli.plumbing", "Print the JSON Schema of an entry or an issue."),
}
PLUMBING = ("collect", "events", "select", "summarize", "render", "schema")


class Verbs(click.Group):
    """A group whose verbs are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The verbs in the order in which a newcomer meets them."""
        del ctx
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The verb's command, from the file of its family."""
        del ctx
        if cmd_name not in VERBS:
            return None
        family = importlib.import_module(VERBS[cmd_name][0])
        command: click.Command = getattr(family, cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with the nearest known verb where there is none of that name."""
        if args and args[0] not in VERBS and not args[0].startswith("-"):
            import difflib

            near = difflib.get_close_matches(args[0], VERBS, n=1)
            hint = f" Did you mean `digest {near[0]}`?" if near else ""
            ctx.fail(f"There is no command {args[0]!r}.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Everyday verbs first, plumbing below; no verb is imported for it."""
        del ctx
        for title, plumbing in (("Commands", False), ("Plumbing, over JSON lines", True)):
            rows = [(v, VERBS[v][1]) for v in VERBS if (v in PLUMBING) is plumbing]
            with formatter.section(title):
                formatter.write_dl(rows)


@click.group(
    cls=Verbs,
    epilog="Try it: digest build --sample && digest serve",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, message="digest %(version)s")
@click.option(
    "-C",
    "--folder",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=Path(),
    help="The newsletter's folder (default: this one).",
)
@click.option("-q", "--quiet", is_flag=True, help="Say only what failed.")
@click.pass_context
def root(ctx: click.Context, folder: Path, quiet: bool) -> None:
    """From the week's sources to a checked, archived newsletter email."""
    ctx.obj = Session(folder=folder, quiet=quiet)


def main(args: Sequence[str] | None = None) -> NoReturn:
    """Run the words of the command line; exit with 0 done, 1 failures or findings, 2 wrong use."""
    sys.exit(run(args))


def run(args: Sequence[str] | None = None) -> int:
    """The exit status of one command line. Whatever a user can cause ends in a sentence."""
    _steady_streams()
    try:
        status = root.main(args, prog_name="digest", standalone_mode=False)
        sys.stdout.flush()
    except (KeyboardInterrupt, click.Abort):
        click.echo("\nStopped. Nothing half-made was kept; run the same command again.", err=True)
        return 130
    except (click.ClickException, DigestError, OSError, MemoryError, RecursionError) as error:
        return _failed(error)
    return status if isinstance(status, int) else 0


def _failed(error: Exception) -> int:
    """Say what went wrong, in a sentence; the exit status for it."""
    match error:
        case click.ClickException():
            error.show()
            return error.exit_code
        case DigestError():
            _complain(error)
            return 2 if isinstance(error, UsageError | SettingsError) else 1
        case BrokenPipeError():
            _hush_stdout()
            return 0
        case OSError():
            _hush_stdout()
            where = f"{error.filename}: " if error.filename else "What this command writes: "
            _complain(DigestError(f"{where}{error.strerror or error}.", hint=_MEND_DISK))
        case MemoryError():
            _complain(DigestError("This input asks for too much memory.", hint=_MEND_INPUT))
        case _:
            _complain(DigestError("This input is nested too deeply.", hint=_MEND_INPUT))
    return 1


_MEND_DISK = "Check that the disk has room and that you may read and write there."
_MEND_INPUT = "Split it, and try its parts."


def _steady_streams() -> None:
    """Output that is closed is thrown away; what its encoding lacks is shown as an escape.

    Input that is closed is at its end.
    """
    if sys.stdin is None:
        sys.stdin = io.TextIOWrapper(io.FileIO(os.devnull), encoding="utf-8")
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            setattr(sys, name, io.TextIOWrapper(io.FileIO(nowhere, "w"), encoding="utf-8"))
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _complain(error: DigestError) -> None:
    from digest.cli.output import plain

    click.secho("error: ", fg="red", nl=False, err=True)
    click.echo(plain(error.what), err=True)
    if error.hint:
        click.echo(f"       {plain(error.hint)}", err=True)


def _hush_stdout() -> None:
    """Whoever read our output has left (`digest … | head`): nothing more to say to them."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
