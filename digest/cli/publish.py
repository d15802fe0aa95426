"""`digest publish`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from digest.cli.options import quiet
from digest.cli.session import Session

if TYPE_CHECKING:
    from digest.pipeline import Published

_SHOWN = 10


@click.command(epilog="Example: digest publish --to site --yes")
@click.option(
    "--to",
    type=click.Path(path_type=Path),
    required=True,
    metavar="DIR",
    help="The site's folder: what DIGEST_WEB_URL names; made where it is not there.",
)
@click.option("--yes", is_flag=True, help="Write; without it, only say what would be written.")
@click.option("--approved", is_flag=True, help="Publish approved issues too, not only sent ones.")
@click.option(
    "--beside", is_flag=True, help="Write into a folder that holds other things, and leave those."
)
@click.option("--json", "json_", is_flag=True, help="Print what was done as JSON.")
@quiet
@click.pass_obj
def publish(
    session: Session, to: Path, yes: bool, approved: bool, beside: bool, json_: bool
) -> int:
    """Publish the archive as a static site that any host serves.

    A page for each issue that was sent, lists by year, an Atom feed, a sitemap and a search.
    Nothing is written without --yes. Only what changed is written again; files that are not the
    site's are never touched.
    """
    import contextlib

    from digest import disk
    from digest.cli import output
    from digest.pipeline import publish as job

    archive = session.archive()
    kept = session.folder / "var" / "cache" / "published"
    slugs = archive.slugs()
    settings = session.settings_of(slugs[-1]) if slugs else session.settings()
    alone = disk.lock(kept / ".lock", what="The site") if yes else contextlib.nullcontext()
    with alone, output.progress(quiet=session.quiet) as step:
        done = job(
            archive,
            to,
            settings=settings,
            newsletter=session.folder,
            kept=kept,
            approved=approved,
            write=yes,
            beside=beside,
            step=step,
        )
    if json_:
        output.as_json(_plain(done))
    elif not session.quiet:
        _tell(done, to, words=" --approved" * approved + " --beside" * beside)
    output.failures(done.failures)
    return 1 if done.failures else 0


def _tell(done: Published, to: Path, *, words: str) -> None:
    import shlex

    from digest.cli import output

    shown = output.plain(str(to))
    if not done.issues:
        click.echo("No issue of the archive was sent yet; the site says so.")
    verb = "Published" if done.wrote else "Would publish"
    click.echo(
        f"{verb} {output.count(len(done.issues), 'issue')} in {shown}: "
        f"{len(done.new):,} new, {len(done.changed):,} changed ({done.bytes / 1000:,.0f} KB), "
        f"{len(done.removed):,} removed, {output.count(done.stays, 'file')} as before."
    )
    for label, paths in (("new", done.new), ("changed", done.changed), ("removed", done.removed)):
        groups = _pages(paths)
        for path in groups[:_SHOWN]:
            click.echo(f"  {label:8} {output.plain(path)}")
        if groups[_SHOWN:]:
            click.echo(f"  {label:8} and {output.count(len(groups) - _SHOWN, 'more page')}")
    for slug, why in done.left_out[-_SHOWN:]:
        click.echo(f"left out: {slug}, since {why}")
    if done.left_out[_SHOWN:]:
        click.echo(f"left out: {len(done.left_out) - _SHOWN:,} earlier ones (--json names all)")
    for note in done.notes:
        click.echo(f"note: {note}")
    if not done.wrote:
        typed = f"digest publish --to {shlex.quote(shown)}{words} --yes"
        click.echo(f"Nothing was written. Write it: {typed}")
    else:
        click.echo(f"To look at it: python -m http.server --bind 127.0.0.1 -d {shlex.quote(shown)}")


def _pages(paths: tuple[str, ...]) -> list[str]:
    """The pages among the files; what belongs to one is not named."""
    return sorted(p.removesuffix("index.html") or "index.html" for p in paths if _is_page(p))


def _is_page(path: str) -> bool:
    return path.endswith((".html", ".xml", ".txt"))


def _plain(done: Published) -> dict[str, object]:
    from dataclasses import asdict

    return asdict(done) | {
        "folder": str(done.folder),
        "left_out": [{"issue": slug, "why": why} for slug, why in done.left_out],
    }
