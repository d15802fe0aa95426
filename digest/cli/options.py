"""Options that several commands share."""

from __future__ import annotations

from dataclasses import replace

import click


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
