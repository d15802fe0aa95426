"""The jobs between this list of sources and others: import, export."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from digest.collect import Listed, Outline, read_loosely, write_outlines
from digest.models import Failure
from digest.net import masked
from digest.text.urls import canonical


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What became of the sources of another list."""

    added: tuple[Outline, ...]
    known: tuple[str, ...]
    refused: tuple[Failure, ...] = ()


def import_list(data: bytes, *, where: str, known: Sequence[Listed], section: str = "") -> Imported:
    """What of another list is new here, and what is none; an address counts once."""
    seen = {canonical(row.address) for row in known}
    added: list[Outline] = []
    there: list[str] = []
    theirs = read_loosely(data, where=where)
    for place in theirs.places:
        key = canonical(place.given)
        if key in seen:
            there.append(place.given)
            continue
        seen.add(key)
        added.append(
            Outline(
                address=place.given,
                name=place.name,
                section=section or place.section,
                outer=() if section else place.outer,
                home=place.home,
                is_feed=place.expect == "feed" or not place.name,
            )
        )
    return Imported(added=tuple(added), known=tuple(there), refused=theirs.refused)


def export_rows(
    rows: Sequence[Listed], *, beside: Path | None
) -> tuple[tuple[Listed, ...], tuple[str, ...]]:
    """(these sources as another list names them, a note for each that is left out or secret).

    Paths are written against the folder of `beside`, and left out where there is no such file.
    """
    given: list[Listed] = []
    notes: list[str] = []
    for row in rows:
        address = row.address
        if row.kind in ("file", "folder"):
            if beside is None:
                notes.append(f"{address} is a {row.kind} of this machine, and was left out.")
                continue
            address = os.path.relpath(row.folder / address, beside.resolve().parent)
        elif secret := _secret(address) or _secret(row.home):
            name = masked(row.name or address)
            notes.append(f"{name} has a secret in its address ({secret}), which is exported.")
        given.append(replace(row, address=address))
    return tuple(given), tuple(notes)


def as_opml(rows: Sequence[Listed]) -> str:
    """An OPML 2.0 list of these sources."""
    return write_outlines(
        Outline(
            address=row.address,
            name=row.name,
            section=row.section,
            outer=row.outer,
            home=row.home,
            is_feed=row.kind == "feed",
        )
        for row in rows
    )


def _secret(address: str) -> str:
    """What in an address is nobody else's business, or ""."""
    hidden = masked(address)
    if hidden == address:
        return ""
    return "a login" if "***@" in hidden else "a token"
