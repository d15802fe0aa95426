"""The stages as filters over JSON, for people who compose. `-` is standard input."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from digest.cli.options import quiet
from digest.cli.session import Session, clock, moment

if TYPE_CHECKING:
    from digest.models import Entry, Issue

NOW: Callable[[Any], Any] = click.option(
    "--now", metavar="MOMENT", help="As if it were this moment."
)


@contextmanager
def _reading(name: str) -> Iterator[IO[str]]:
    from digest.errors import DocumentError

    shown = "standard input" if name == "-" else name
    try:
        if name == "-":
            yield io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8-sig")
        else:
            with Path(name).open(encoding="utf-8-sig") as file:
                yield file
    except UnicodeDecodeError:
        raise DocumentError(f"{shown} is not UTF-8 text.", hint="Save it as UTF-8.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise DocumentError(
            f"{shown} cannot be read: {reason}.", hint="`-` reads standard input."
        ) from None


def _entries(name: str) -> tuple[tuple[Entry, ...], bool]:
    """The good rows, and whether there were bad ones: those are named on standard error."""
    from digest.cli.output import plain
    from digest.codec import from_rows
    from digest.errors import DocumentError
    from digest.models import Entry

    entries: list[Entry] = []
    bad = False
    where = "standard input" if name == "-" else name
    with _reading(name) as lines:
        for _, row in from_rows(Entry, lines, where=where):
            if isinstance(row, DocumentError):
                click.echo(f"bad row: {plain(str(row))}", err=True)
                bad = True
            else:
                entries.append(row)
    return tuple(entries), bad


def _issue(name: str) -> Issue:
    from digest.codec import from_json
    from digest.models import Issue

    with _reading(name) as file:
        return from_json(Issue, file.read(), where="standard input" if name == "-" else name)


@click.command(epilog="Example: digest collect feed.xml https://www.example.org/ > entries.jsonl")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option(
    "--media",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write the pictures of local sources below this folder.",
)
@click.option(
    "--explain", is_flag=True, help="Print each entry as a table: every field and its origin."
)
@click.option(
    "--watch", is_flag=True, help="Wait for new and changed files of these folders (Ctrl-C ends)."
)
@click.option(
    "--every",
    type=click.FloatRange(0.1, 3600),
    default=2.0,
    show_default=True,
    metavar="SECONDS",
    help="How often --watch looks.",
)
@NOW
@quiet
@click.pass_obj
def collect(
    session: Session,
    sources: tuple[str, ...],
    media: Path | None,
    explain: bool,
    watch: bool,
    every: float,
    now: str | None,
) -> int:
    """Print the entries of each SOURCE, one a line; nothing is merged, no window applied."""
    from digest.cli import fields, output

    if watch:
        return _watch(session, sources, every=every, explain=explain)
    from digest.codec import to_json
    from digest.collect import collect as run
    from digest.disk import write_atomic

    settings = session.settings()
    with output.progress(quiet=session.quiet) as step:
        collected = run(
            sources,
            folder=session.folder,
            fetch=session.fetch(settings),
            now=moment(now, settings.zone, option="--now") or clock(),
            progress=lambda done, total, name: step(f"Reading {name}", done, total),
        )
    if explain:
        fields.explain(collected)
    else:
        for entry in collected.entries:
            click.echo(to_json(entry))
    if media:
        for name, data in collected.pictures.items():
            write_atomic(media / name, data)
    output.failures(collected.failures)
    return 1 if collected.failures else 0


def _watch(session: Session, folders: Sequence[str], *, every: float, explain: bool) -> int:
    """Print what comes, until the user ends it; then say how many entries there were."""
    import time

    from digest.cli import fields, output
    from digest.codec import to_json
    from digest.pipeline import watch

    count = 0
    paths = [session.folder / folder for folder in folders]
    found = watch(paths, every_s=every, sleep=time.sleep, clock=clock)
    if not session.quiet:
        click.echo(f"Watching {', '.join(folders)}; Ctrl-C ends.", err=True)
    try:
        for collected in found:
            count += len(collected.entries)
            if explain:
                fields.explain(collected)
            else:
                for entry in collected.entries:
                    click.echo(to_json(entry))
            sys.stdout.flush()
            output.failures(collected.failures)
    except KeyboardInterrupt:
        said = output.count(count, "entry", "entries")
        click.echo(f"\nStopped after {said}.", err=True)
    return 0


@click.command(epilog="Example: digest collect feeds/ | digest events - --level topic")
@click.argument("file", default="-")
@click.option(
    "--level",
    type=click.Choice(["event", "topic"]),
    default="event",
    show_default=True,
    help="One event, or a broader topic.",
)
def events(file: str, level: str) -> int:
    """Print {"id", "event"} a line: entries with one event report one happening."""
    from digest.match import events as run

    entries, bad = _entries(file)
    for entry, event in zip(entries, run(entries, level=level), strict=True):  # type: ignore[arg-type]  # click.Choice gives just these two words
        click.echo(json.dumps({"id": entry.id, "event": event}, ensure_ascii=False))
    return 1 if bad else 0


@click.command(epilog="Example: digest collect sources.opml | digest select - > issue.json")
@click.argument("file", default="-")
@click.option("--issue", "slug", metavar="YEAR-Wnn", help="The issue (default: of this week).")
@click.option("--since", metavar="DATE", help="Begin the window here.")
@NOW
@click.pass_obj
def select(
    session: Session, file: str, slug: str | None, since: str | None, now: str | None
) -> int:
    """Print the issue document of the entries in FILE: leads, and teasers by section."""
    from digest.cli import output
    from digest.codec import to_json
    from digest.pipeline import choose

    settings = session.settings()
    entries, bad = _entries(file)
    chosen = choose(
        entries,
        settings=settings,
        archive=session.archive(),
        slug=slug,
        now=moment(now, settings.zone, option="--now") or clock(),
        since=moment(since, settings.zone, option="--since"),
    )
    click.echo(to_json(chosen.issue, indent=2))
    output.failures(chosen.damaged)
    return 1 if bad or chosen.damaged else 0


@click.command(epilog="Example: digest summarize entries.jsonl --max-chars 200")
@click.argument("file", default="-")
@click.option("--issue", "document", metavar="FILE", help="Fill in the blurbs of this issue.")
@click.option("--max-chars", type=click.IntRange(40, 4000), default=360, show_default=True)
@click.pass_obj
def summarize(session: Session, file: str, document: str | None, max_chars: int) -> int:
    """Print a row for each entry of FILE: {"id", "blurb", "from", "spans"}.

    "from" is text (the article), summary (the publisher's description) or none; spans count in that
    field. "topped" are spans of the text, where sentences of it stand behind a description. The
    method is DIGEST_SUMMARIZER's.
    """
    from digest.codec import to_json
    from digest.summarize import blurb
    from digest.summarize import summarize as run

    settings = session.settings()
    if document:
        click.echo(to_json(run(_issue(document), settings), indent=2))
        return 0
    entries, bad = _entries(file)
    for entry in entries:
        made = blurb(entry, max_chars=max_chars, method=settings.summarizer)
        row = {
            "id": entry.id,
            "blurb": made.text,
            "from": made.origin,
            "spans": [list(span) for span in made.spans],
        }
        if made.topped:
            row["topped"] = [list(span) for span in made.topped]
        click.echo(json.dumps(row, ensure_ascii=False))
    return 1 if bad else 0


@click.command(epilog="Example: digest render issue.json --theme gazette --out rendered")
@click.argument("file", default="-")
@click.option("--theme", help="The theme (default: the issue's own).")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("rendered"),
    show_default=True,
    help="The folder to write into.",
)
@click.option(
    "--media",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Where the pictures of local sources lie.",
)
@click.pass_obj
def render(session: Session, file: str, theme: str | None, out: Path, media: Path | None) -> None:
    """Make the renderings of an issue document: email.html, email.txt, web.html, message.eml."""
    from digest.disk import write_atomic
    from digest.render import fitted, load_theme
    from digest.render import render as run

    issue = _issue(file)
    pictures = {}
    for story in issue.stories:
        url = story.image.url if story.image else ""
        if media and url.startswith("media/") and "/" not in url[6:] and (media / url).is_file():
            pictures[url] = (media / url).read_bytes()
    look = load_theme(theme or issue.theme, folder=session.folder)
    made = run(fitted(issue, look, media=pictures), look, media=pictures)
    files: dict[str, str | bytes] = {
        "email.html": made.email_html,
        "email.txt": made.email_txt,
        "web.html": made.web_html,
        "message.eml": made.message,
        **pictures,
    }
    for name, data in files.items():
        write_atomic(out / name, data)
        click.echo(str(out / name))


@click.command(epilog="Example: digest schema entry")
@click.argument("what", type=click.Choice(["entry", "issue"]))
def schema(what: str) -> None:
    """Print the JSON Schema of an entry or an issue document."""
    from digest.codec import schema as of
    from digest.models import Entry, Issue

    click.echo(json.dumps(of(Entry if what == "entry" else Issue), indent=2))
