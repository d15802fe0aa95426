"""Options that several commands share, and a group of verbs that speak of one issue."""

from __future__ import annotations

import difflib
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

import click

from digest.cli.output import plain

if TYPE_CHECKING:
    from digest.pipeline import Wishes


def _hush(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value and ctx.obj is not None:
        ctx.obj = replace(ctx.obj, quiet=True)


quiet = click.option(
    "-q",
    "--quiet",
    is_flag=True,
    expose_value=False,
    callback=_hush,
    help="Say only what failed.",
)
"""`digest build --quiet` is `digest --quiet build`: people type it in both places."""


class _Day(click.DateTime):
    """A day as people write it for programs, with a message that says how."""

    name = "day"

    def __init__(self) -> None:
        super().__init__(["%Y-%m-%d"])

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """`DATE`, not the pattern."""
        del param, ctx
        return "DATE"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """As click does, with words for people."""
        try:
            day: datetime = super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"{plain(str(value))!r} is no day such as 2026-11-20.", param, ctx)
        return day


DAY = _Day()
"""The type of options that take a day."""


class OfAnIssue(click.Group):
    """A group whose first word names an issue; the latest is meant where it is a verb already."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does, with the issue that was left out."""
        if args and args[0] in self.commands:
            args = ["latest", *args]
        elif len(args) == 2 and args[1] in {"-h", "--help"}:
            args = args[1:]
        elif args and not args[0].startswith("-") and not _names_issue(args[0]):
            near = difflib.get_close_matches(args[0], self.commands, n=1)
            hint = f" Did you mean {near[0]}?" if near else " `digest edit --help` lists the verbs."
            ctx.fail(f"{plain(args[0])!r} is neither an issue such as 2026-W47 nor a verb.{hint}")
        return super().parse_args(ctx, args)


class OfWords(click.Command):
    """A command whose words may begin with a hyphen: `-harbor` is no option.

    Only with two hyphens, or as one that the command has, a word is an option.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does, with such words at the end, where no option is read."""
        options = {
            name: isinstance(param, click.Option) and not (param.is_flag or param.count)
            for param in self.get_params(ctx)
            for name in param.opts
        }
        read: list[str] = []
        words: list[str] = []
        rest = iter(args)
        for arg in rest:
            if arg == "--":
                words += rest
            elif arg.startswith("--") or arg in options or len(arg) < 2 or arg[0] != "-":
                read.append(arg)
                if options.get(arg):
                    read += islice(rest, 1)
            elif (name := f"-{arg.partition('=')[0]}") in options:
                ctx.fail(f"{plain(arg)!r} has one hyphen; the option is {name}.")
            else:
                words.append(arg)
        return super().parse_args(ctx, [*read, *(["--", *words] if words else [])])


def _names_issue(word: str) -> bool:
    from digest.archive import is_slug

    return word == "latest" or is_slug(word.upper())


def pace(wishes: Wishes) -> str:
    """The options that hold for the rest of a send too, as they are typed."""
    options = ("--rate", wishes.rate), ("--connections", wishes.connections)
    typed = "".join(f" {name} {value:g}" for name, value in options if value is not None)
    # A list that was followed is the plan; one that was not is still another one.
    return f"{typed} --on-change keep" if wishes.on_change == "keep" else typed


def once(wishes: Wishes) -> str:
    """The options that hold for one run, as they are typed."""
    typed = " --resume" if wishes.resume else ""
    typed += f" --limit {wishes.limit}" if wishes.limit else ""
    typed += " --on-unknown resend" if wishes.on_unknown == "resend" else ""
    typed += " --retry-failed" if wishes.retry_failed else ""
    return f"{typed} --on-change follow" if wishes.on_change == "follow" else typed
