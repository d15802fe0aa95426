"""A blurb is proved by its spans."""

from __future__ import annotations

from dataclasses import replace

import pytest

from digest.models import Blurb, Entry
from digest.text.verbatim import quote, verbatim, whose

ENTRY = Entry(id="1", title="Quay", text="One  is\nfirst. Two is second.", summary="In short…")
SOUND = Blurb(text="One is first. Two is second.", origin="text", spans=((0, 14), (15, 29)))
DESCRIBED = Entry(id="2", title="Quay", text=ENTRY.text, summary="A quay opens.")
TOPPED = Blurb(
    text="A quay opens. Two is second.", origin="summary", spans=((0, 13),), topped=((15, 29),)
)


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


def test_a_description_may_be_topped_up_from_the_text() -> None:
    assert verbatim(TOPPED, DESCRIBED)


@pytest.mark.parametrize(
    "blurb",
    [
        replace(TOPPED, text="A quay opens."),
        replace(TOPPED, topped=()),
        replace(TOPPED, topped=((15, 99),)),
        replace(TOPPED, spans=()),
        replace(TOPPED, origin="text"),
        replace(TOPPED, origin="editor", spans=()),
        Blurb(topped=((15, 29),)),
    ],
)
def test_unsound_tops(blurb: Blurb) -> None:
    assert not verbatim(blurb, DESCRIBED)


def test_no_top_stands_behind_what_breaks_off() -> None:
    text = "In short… Two is second…"
    entry = replace(ENTRY, text="Two is second…")
    made = Blurb(text=text, origin="summary", spans=((0, 9),), topped=((0, 14),))
    assert verbatim(made, entry)
    assert not verbatim(replace(made, cut=True), entry)


@pytest.mark.parametrize(
    ("blurb", "said"),
    [
        (SOUND, "sentences of the article"),
        (TOPPED, "the publisher's description, topped up from the article"),
        (replace(TOPPED, topped=()), "the publisher's description"),
        (Blurb(text="Ours.", origin="editor"), "the editor's words"),
        (Blurb(origin="editor"), "none, as the editor decided"),
        (Blurb(), ""),
    ],
)
def test_whose_words_they_are_is_told(blurb: Blurb, said: str) -> None:
    assert whose(blurb) == said
