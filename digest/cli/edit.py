"""`digest edit`: the editor's decisions for an issue, kept in its `edits.toml`."""

from __future__ import annotations

import difflib
import shlex
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from digest.cli.options import OfAnIssue, quiet
from digest.cli.output import plain
from digest.cli.session import Session

if TYPE_CHECKING:
    from digest.pipeline import Edited, Named

F = TypeVar("F", bound=Callable[..., Any])


@click.group(cls=OfAnIssue, epilog='Example: digest edit 2026-W47 pin "night ferry"')
@click.argument("issue", metavar="[ISSUE]")
@click.pass_context
def edit(ctx: click.Context, issue: str) -> None:
    """Decide what an issue holds, in what order and in which words.

    What is decided for ISSUE (default: the latest) stands in its edits.toml, which you may write by
    hand as well; it survives every build. STORY is the id of an entry or words of its title, as
    `digest explain` lists them.
    """
    ctx.meta["digest.issue"] = issue


def _saves(command: F) -> F:
    """The option that all verbs share which write."""
    dry_run = click.option(
        "--dry-run", is_flag=True, help="Show what would change in edits.toml, write nothing."
    )
    return cast("F", dry_run(quiet(click.pass_obj(command))))


_story = click.argument("story", metavar="STORY")
_text = click.argument("text", metavar="TEXT", nargs=-1, required=True)


@edit.command(
    epilog='Example: digest edit pin "night ferry" --teaser',
    short_help="Put STORY into the issue, whatever its score.",
)
@_story
@click.option("--teaser", is_flag=True, help="As a teaser instead of a lead.")
@_saves
def pin(session: Session, story: str, teaser: bool, dry_run: bool) -> None:
    """Put STORY into the issue, whatever its score, its date and what ran before."""
    tier = "teaser" if teaser else "lead"
    _decide(session, story, {"pin": tier, "drop": None}, f"is pinned as a {tier}", dry_run)


@edit.command(
    epilog="Example: digest edit drop 5f0c1a92be", short_help="Keep STORY out of the issue."
)
@_story
@_saves
def drop(session: Session, story: str, dry_run: bool) -> None:
    """Keep STORY out; another report of the same event may tell it instead."""
    _decide(session, story, {"drop": True, "pin": None}, "is dropped", dry_run)


@edit.command(epilog='Example: digest edit undo "night ferry"')
@click.argument("what", metavar="STORY")
@_saves
def undo(session: Session, what: str, dry_run: bool) -> None:
    """Take back all that was decided of STORY.

    STORY may also be a story or a notice that was added, or one of the words subject, preheader,
    intro, outro and status.
    """
    from digest import pipeline

    slug = _slug(session)
    named, edited = pipeline.undo(session.archive(), slug, what, save=not dry_run)
    _say(session, edited, f"{named}: all decisions are taken back", dry_run)


@edit.command(epilog='Example: digest edit move "night ferry" Harbor')
@_story
@click.argument("section", metavar="SECTION")
@_saves
def move(session: Session, story: str, section: str, dry_run: bool) -> None:
    """Put STORY into SECTION, which may be new. Over a lead, SECTION is its label."""
    _decide(session, story, {"section": section}, f"goes into the section “{section}”", dry_run)


@edit.command(
    epilog='Example: digest edit order "night ferry" 1',
    short_help="Give STORY its place among the leads or in its section.",
)
@_story
@click.argument("place", metavar="N", type=click.IntRange(min=1))
@_saves
def order(session: Session, story: str, place: int, dry_run: bool) -> None:
    """Give STORY the place N among the leads or in its section, 1 the first."""
    from digest import pipeline

    said = f"takes place {place} where it stands"
    found = _decide(session, story, {"order": place}, said, dry_run)
    for other in pipeline.rivals(session.archive(), _slug(session), found, place):
        click.echo(
            plain(
                f"note: “{other.title}” ({other.id}) wants place {place} there as well; the first "
                "of the two in edits.toml has it, the other the next that is free."
            ),
            err=True,
        )


@edit.command(epilog='Example: digest edit headline "night ferry" "Ferry sails at night again"')
@_story
@_text
@_saves
def headline(session: Session, story: str, text: tuple[str, ...], dry_run: bool) -> None:
    """Give STORY the headline TEXT."""
    _decide(session, story, {"headline": " ".join(text)}, "has your headline", dry_run)


@edit.command(
    epilog='Example: digest edit blurb "night ferry" "It sails until May."',
    short_help='Give STORY the blurb TEXT; "" for none.',
)
@_story
@_text
@_saves
def blurb(session: Session, story: str, text: tuple[str, ...], dry_run: bool) -> None:
    """Give STORY the blurb TEXT, marked as the editor's words; "" for none at all."""
    words = " ".join(text)
    done = "has your blurb" if words.strip() else "has no blurb, as you wish"
    _decide(session, story, {"blurb": words}, done, dry_run)


@edit.command(
    epilog='Example: digest edit image ferry pictures/ferry.jpg --alt "The ferry"',
    short_help="Give STORY a picture, or take it away.",
)
@_story
@click.argument("picture", metavar="URL")
@click.option("--alt", help="What it shows, for those who do not see it.")
@_saves
def image(session: Session, story: str, picture: str, alt: str | None, dry_run: bool) -> None:
    """Give STORY the picture at URL, or a file of the newsletter's folder, or "none"."""
    values: dict[str, str | None] = {"image": picture, "alt": alt}
    said = "shows no picture" if picture == "none" else f"has the picture {picture}"
    _decide(session, story, values, said, dry_run)


@edit.command(epilog='Example: digest edit note "night ferry" "The harbor office disagrees."')
@_story
@_text
@_saves
def note(session: Session, story: str, text: tuple[str, ...], dry_run: bool) -> None:
    """Put TEXT below the blurb of STORY, as the editor's note; "" takes it away."""
    words = " ".join(text).strip() or None
    said = "has your note" if words else "has no note of yours"
    _decide(session, story, {"note": words}, said, dry_run)


@edit.command(epilog='Example: digest edit add --title "Bake sale" --text "It is on Sunday."')
@click.option("--title", required=True, help="Its headline.")
@click.option("--text", help="Its body, of which a blurb is made.")
@click.option("--blurb", help="Its blurb, as it is; marked as the editor's words.")
@click.option("--url", help="Where it can be read.")
@click.option("--source", help="Whom it is from.")
@click.option("--byline", help="Who wrote it.")
@click.option("--section", help="The section to put it into.")
@click.option("--image", help="An https address, or a file of the newsletter's folder.")
@click.option("--alt", help="What the picture shows.")
@click.option("--lead", is_flag=True, help="As a lead instead of a teaser.")
@_saves
def add(session: Session, lead: bool, dry_run: bool, **values: str | None) -> None:
    """Add a story of your own, which no source brought."""
    from digest import pipeline

    fields = values | {"tier": "lead" if lead else None}
    slug = _slug(session)
    named, edited = pipeline.add_story(session.archive(), slug, fields, save=not dry_run)
    tier = "lead" if lead else "teaser"
    _say(session, edited, f"“{named.title}” is added as a {tier}, with the id {named.id}", dry_run)


@edit.command(
    epilog='Example: digest edit notice --title "Paint" --url https://paint.example.org/',
    short_help="Add a sponsor's notice, under its label.",
)
@click.option("--title", required=True, help="Its headline.")
@click.option("--text", help="What it says.")
@click.option("--url", help="Where it leads.")
@click.option("--label", help="What stands over it; else “Sponsored” in the newsletter's language.")
@click.option("--sponsor", help="Who pays for it; stands beside the label.")
@click.option(
    "--after", default="leads", show_default=True, help="Where it stands: leads, end or a section."
)
@_saves
def notice(session: Session, dry_run: bool, **values: str | None) -> None:
    """Add a sponsor's notice, which stands under its label in every rendering."""
    from digest import pipeline

    edited = pipeline.add_notice(session.archive(), _slug(session), values, save=not dry_run)
    _say(session, edited, f"The notice “{values['title']}” is added", dry_run)


@edit.command(epilog='Example: digest edit subject "The night ferry is back"')
@_text
@_saves
def subject(session: Session, text: tuple[str, ...], dry_run: bool) -> None:
    """Give the issue the subject TEXT."""
    _whole(session, "subject", text, dry_run)


@edit.command(epilog='Example: digest edit preheader "And: a seed library opens"')
@_text
@_saves
def preheader(session: Session, text: tuple[str, ...], dry_run: bool) -> None:
    """Show TEXT after the subject in inboxes."""
    _whole(session, "preheader", text, dry_run)


@edit.command(epilog='Example: digest edit intro "A quiet week on the quay."')
@_text
@_saves
def intro(session: Session, text: tuple[str, ...], dry_run: bool) -> None:
    """Open the issue with TEXT; "" for no opening words."""
    _whole(session, "intro", text, dry_run)


@edit.command(epilog='Example: digest edit outro "See you next Friday."')
@_text
@_saves
def outro(session: Session, text: tuple[str, ...], dry_run: bool) -> None:
    """Close the issue with TEXT; "" for no closing words."""
    _whole(session, "outro", text, dry_run)


@edit.command(
    epilog="Example: digest edit 2026-W47 show --json; or, of the latest: digest edit show"
)
@click.option("--json", "json_", is_flag=True, help="Print the edits as JSON.")
@quiet
@click.pass_obj
def show(session: Session, json_: bool) -> None:
    """Show what is decided for the issue."""
    from digest.archive import edits_text, read_edits
    from digest.cli import output

    slug = _slug(session)
    edits = read_edits(session.archive().folder, slug)
    if json_:
        from dataclasses import asdict

        output.as_json(asdict(edits))
        return
    text = edits_text(session.archive().folder, slug)
    if not text.strip():
        click.echo(f"Nothing is decided for {slug}. Begin: digest edit {slug} --help")
        return
    for line in text.splitlines():
        click.echo(plain(line))


@edit.command(
    epilog="Example: digest edit approve", short_help="Approve the issue as it was built."
)
@_saves
def approve(session: Session, dry_run: bool) -> None:
    """Approve the issue as it was built; refused while its checks have errors."""
    from digest import pipeline
    from digest.cli import output

    findings, edited = pipeline.approve(session.archive(), _slug(session), save=not dry_run)
    if not session.quiet:
        output.findings(findings)
    readers = shlex.quote(session.settings().readers_list)
    _say(
        session,
        edited,
        "The issue is approved",
        dry_run,
        then=f"send {edited.slug} --list {readers}",
    )


def _slug(session: Session) -> str:
    return session.issue_or_latest(click.get_current_context().meta["digest.issue"])


def _decide(
    session: Session,
    words: str,
    values: dict[str, Any],
    said: str,
    dry_run: bool,
) -> Named:
    from digest import pipeline

    slug = _slug(session)
    story = pipeline.find_story(session.archive(), slug, words)
    edited = pipeline.edit_story(session.archive(), slug, story, values, save=not dry_run)
    if story.place and not story.in_issue and not values.keys() & {"pin", "drop"}:
        said += f"; it is not in the issue as built: digest edit {slug} pin {story.id} brings it in"
    _say(session, edited, f"“{story.title}” {said}", dry_run)
    return story


def _whole(session: Session, key: str, text: tuple[str, ...], dry_run: bool) -> None:
    from digest import pipeline

    words = " ".join(text)
    edited = pipeline.edit_key(session.archive(), _slug(session), key, words, save=not dry_run)
    _say(session, edited, f"The issue has your {key}", dry_run)


def _say(session: Session, edited: Edited, said: str, dry_run: bool, *, then: str = "") -> None:
    """What was decided, and the next command; in a dry run, the lines that would change."""
    from digest.cli.output import program

    if dry_run:
        _differ(edited)
        click.echo("This was a dry run: nothing was written.")
        return
    if session.quiet:
        return
    click.echo(plain(f"{edited.slug}: {said}."))
    if edited.unapproved:
        click.echo("It was approved before; look at it again, then: digest edit approve")
    click.echo(f"Next: {program()} {then or f'build --again --issue {edited.slug}'}")


def _differ(edited: Edited) -> None:
    lines = difflib.unified_diff(
        edited.before.splitlines(),
        edited.after.splitlines(),
        f"{edited.slug}/edits.toml",
        f"{edited.slug}/edits.toml, edited",
        lineterm="",
    )
    for line in lines:
        click.echo(plain(line))
