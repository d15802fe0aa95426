"""A blurb is proved by its spans."""

from __future__ import annotations

from dataclasses import replace

import pytest

from digest.models import Blurb, Entry
from digest.text.verbatim import quote, verbatim

ENTRY = Entry(id="1", title="Quay", text="One  is\nfirst. Two is second.", summary="In short…")
SOUND = Blurb(text="One is first. Two is second.", origin="text", spans=((0, 14), (15, 29)))


def test_quote_collapses_white_space_and_joins() -> None:
    assert quote(ENTRY.text, [(0, 14), (15, 29)], " ") == SOUND.text
    assert quote("港。町。", [(0, 2), (2, 4)], "") == "港。町。"
    assert quote("anything", [], " ") == ""


@pytest.mark.parametrize(
    "blurb",
    [
        SOUND,
        Blurb(),
        Blurb(text="In short…", origin="summary", spans=((0, 9),), cut=True),
        Blurb(text="Our own words.", origin="editor"),
    ],
)
def test_sound_blurbs(blurb: Blurb) -> None:
    assert verbatim(blurb, ENTRY)


@pytest.mark.parametrize(
    "blurb",
    [
        replace(SOUND, text="One is first. Two is third."),
        replace(SOUND, origin="summary"),
        replace(SOUND, spans=((15, 29), (0, 14)), text="Two is second. One is first."),
        replace(SOUND, spans=((0, 14), (10, 29))),
        replace(SOUND, spans=((0, 14), (15, 99))),
        replace(SOUND, spans=((0, 14), (15, 15))),
        replace(SOUND, spans=((-5, 14),)),
        replace(SOUND, spans=()),
        replace(SOUND, joint=" and "),
        replace(SOUND, joint="  "),
        Blurb(text="", origin="text"),
        Blurb(text="Something", origin="none"),
        Blurb(cut=True),
        Blurb(text="Ours.", origin="editor", spans=((0, 4),)),
        Blurb(text="One is", origin="text", spans=((0, 7),), cut=True),
    ],
)
def test_unsound_blurbs(blurb: Blurb) -> None:
    assert not verbatim(blurb, ENTRY)
