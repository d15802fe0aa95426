"""`digest issues import` and `export`: newsletters of other tools in, issues as files out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from digest.cli.options import quiet
from digest.cli.session import Session
from digest.errors import UsageError

if TYPE_CHECKING:
    from digest.models import Failure
    from digest.pipeline import Form, exchange

_LONGEST_PATH = 24
"""Characters of a path that stand on one line of a terminal's table."""
_NOUNS = ("caption", "footer", "other passage", "picture", "sponsor")
"""What is left out and has a plural."""


@click.command(
    "import",
    epilog="Example: digest issues import old-newsletters --yes",
    short_help="Take over newsletters of other tools.",
)
@click.argument(
    "places", metavar="FOLDER|FILE…", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option("--yes", is_flag=True, help="Write the issues; without it nothing is written.")
@click.option(
    "--on-clash",
    type=click.Choice(["earlier", "later"]),
    default="earlier",
    show_default=True,
    help="Which of two newsletters of one week becomes its issue.",
)
@click.option("--json", "json_", is_flag=True, help="Print it as JSON.")
@quiet
@click.pass_obj
def import_(
    session: Session,
    places: tuple[Path, ...],
    yes: bool,
    on_clash: Literal["earlier", "later"],
    json_: bool,
) -> int:
    """Take over newsletters that were sent by other tools: Markdown, HTML, mails (.eml).

    Each becomes the issue of the ISO week in which it was sent, which its name says
    (2024-03-08-news.md, 2024/03/08/index.html) or the file itself. Issues that are there stay.
    """
    from digest.cli import output
    from digest.cli.session import clock
    from digest.pipeline import exchange

    settings, archive = session.settings(), session.archive()
    with output.progress(quiet=session.quiet) as step:
        plan = exchange.planned(
            [session.folder / place for place in places],
            settings=settings,
            archive=archive,
            now=clock(),
            on_clash=on_clash,
            step=step,
        )
        done: tuple[str, ...] = ()
        failures = plan.failures
        if yes:
            done, failed = exchange.written(
                plan, settings=settings, folder=session.folder, archive=archive, step=step
            )
            failures += failed
    if json_:
        output.as_json(_as_json(plan, done, failures))
    elif not session.quiet:
        _table(plan, done, yes=yes)
        _told(plan, done, yes=yes)
    output.failures(failures)
    return 1 if failures else 0


def _table(plan: exchange.Plan, done: Sequence[str], *, yes: bool) -> None:
    from digest.cli import output

    if not plan.rows:
        return
    is_seen = output.console().is_terminal
    output.table(
        ("file", "issue", "date", "from", ">leads", ">stories", ">sections", "left out", "status"),
        [
            (
                _by_steps(row.sent.file) if is_seen else row.sent.file,
                row.slug,
                f"{row.sent.day:%Y-%m-%d}",
                row.sent.dated_by,
                str(sum(s.tier == "lead" for s in row.sent.letter.stories)),
                str(len(row.sent.letter.stories)),
                str(len(row.sent.letter.sections)),
                ", ".join(_left_out(reason, number) for reason, number in row.sent.letter.left),
                _status(row, done, yes=yes),
            )
            for row in plan.rows
        ],
    )


def _by_steps(path: str) -> str:
    """A long path in lines that end behind a `/`, or behind a hyphen of a long name."""
    lines = [""]
    for part in re.findall(r"[^/_-]*[/_-]+|[^/_-]+", path):
        if lines[-1] and len(lines[-1]) + len(part) > _LONGEST_PATH:
            lines.append("")
        lines[-1] += part
    return "\n".join(lines)


def _status(row: exchange.Row, done: Sequence[str], *, yes: bool) -> str:
    if row.there:
        return "there already"
    if row.slug in done:
        return "written"
    return "not written" if yes else "new"


def _left_out(reason: str, number: int) -> str:
    """`7 pictures`, `1 unsubscribe`."""
    from digest.cli.output import count

    noun = "other passage" if reason == "other words" else reason
    return count(number, noun) if noun in _NOUNS else f"{number:,} {reason}"


def _told(plan: exchange.Plan, done: Sequence[str], *, yes: bool) -> None:
    from digest.cli.output import count, program

    stories = sum(len(row.sent.letter.stories) for row in plan.new)
    there = len(plan.rows) - len(plan.new)
    refused = len(plan.failures)
    tail = (f", {there} there already" if there else "") + (
        f", {refused} refused" if refused else ""
    )
    if yes:
        click.echo(f"{count(len(done), 'issue')} imported{tail}.")
        if done:
            click.echo(f"Next: {program()} issues list")
        return
    click.echo(
        f"{count(len(plan.new), 'issue')} with {count(stories, 'story', 'stories')} would be "
        f"imported{tail}. Nothing is written yet."
    )
    if plan.new:
        click.echo("To write them, add --yes. They count as sent: nothing changes them again.")


def _as_json(
    plan: exchange.Plan, done: Sequence[str], failures: Sequence[Failure]
) -> dict[str, object]:
    from dataclasses import asdict

    return {
        "issues": [
            {
                "file": row.sent.file,
                "issue": row.slug,
                "date": f"{row.sent.day:%Y-%m-%d}",
                "dated_by": row.sent.dated_by,
                "number": row.number,
                "title": row.sent.letter.title,
                "sections": list(row.sent.letter.sections),
                "left_out": dict(row.sent.letter.left),
                "status": "there" if row.there else "written" if row.slug in done else "new",
                "stories": [asdict(story) for story in row.sent.letter.stories],
            }
            for row in plan.rows
        ],
        "failures": [asdict(failure) for failure in failures],
    }


@click.command(
    epilog="Example: digest issues export --all --to markdown/",
    short_help="Write issues for other tools.",
)
@click.argument("slugs", metavar="[ISSUE]…", nargs=-1)
@click.option(
    "--as",
    "form",
    type=click.Choice(["markdown", "eml", "json", "html"]),
    default="markdown",
    show_default=True,
    help="The kind of file.",
)
@click.option(
    "-o", "--out", metavar="FILE", help="The file to write; - is standard output, the default."
)
@click.option("--all", "all_", is_flag=True, help="Every issue of the archive.")
@click.option(
    "--to",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder for several issues: a file each, such as 2026-W47.md.",
)
@click.option("--force", is_flag=True, help="Write over files that are there.")
@quiet
@click.pass_obj
def export(
    session: Session,
    slugs: tuple[str, ...],
    form: Form,
    out: str | None,
    all_: bool,
    to: Path | None,
    force: bool,
) -> int:
    """Write ISSUE (default: the latest) for other tools: as Markdown, mail, JSON or HTML."""
    from digest.pipeline import issue_files

    archive = session.archive()
    if all_ and slugs:
        raise UsageError("--all and issues by name were given.", hint="Give one of the two.")
    if out is not None and to is not None:
        raise UsageError("-o and --to were given.", hint="-o names a file, --to a folder.")
    if to is None and (all_ or len(slugs) > 1):
        raise UsageError("Several issues need a folder.", hint="Add --to, such as --to exported/.")
    named = [session.issue_or_latest(slug) for slug in slugs] or [session.issue_or_latest(None)]
    chosen = archive.slugs() if all_ else named
    if to is not None:
        return _into(session, list(dict.fromkeys(chosen)), form, session.folder / to, force=force)
    data = issue_files.exported(archive, chosen[0], form)
    if out is None or out == "-":
        click.echo(data, nl=False)
        return 0
    written, failure = _write(session.folder / out, data, force=force)
    return _end(session, [written] if written else [], [failure] if failure else [])


def _into(session: Session, slugs: Sequence[str], form: Form, folder: Path, *, force: bool) -> int:
    """A file for each issue; one that is damaged is reported, and the others are written."""
    from digest.cli import output
    from digest.errors import DigestError
    from digest.models import Failure
    from digest.pipeline import issue_files

    written: list[Path] = []
    failures: list[Failure] = []
    with output.progress(quiet=session.quiet) as step:
        for done, slug in enumerate(slugs):
            step(f"Writing {slug}", done, len(slugs))
            try:
                data = issue_files.exported(session.archive(), slug, form)
            except DigestError as error:
                failures.append(Failure(where=slug, what=error.what, hint=error.hint))
                continue
            path = folder / f"{slug}.{issue_files.SUFFIXES[form]}"
            made, failure = _write(path, data, force=force)
            written += [made] if made else []
            failures += [failure] if failure else []
    return _end(session, written, failures)


def _write(path: Path, data: bytes, *, force: bool) -> tuple[Path | None, Failure | None]:
    """Write a file that is not there, or that may go; (its path, None) or (None, why not)."""
    import os

    from digest.disk import write_atomic
    from digest.models import Failure

    if path.is_dir() or (os.path.lexists(path) and not force):
        hint = "Name a file." if path.is_dir() else "Add --force to write over it."
        what = f"{path} is {'a folder' if path.is_dir() else 'there already'}."
        return None, Failure(where=str(path), what=what, hint=hint)
    try:
        write_atomic(path, data)
    except OSError as error:
        what = f"{path} cannot be written: {error.strerror or error}."
        return None, Failure(where=str(path), what=what, hint="Check the path, and who may write.")
    return path, None


def _end(session: Session, written: Sequence[Path], failures: Sequence[Failure]) -> int:
    from digest.cli import output

    if written and not session.quiet:
        shown = str(written[0]) if len(written) == 1 else f"{written[0].parent}/"
        click.echo(f"{output.count(len(written), 'issue')} written to {output.plain(shown)}.")
    output.failures(failures)
    return 1 if failures else 0
