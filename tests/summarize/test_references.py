"""What a blurb may leave out: nothing that its sentences point back at."""

from __future__ import annotations

import pytest

from digest.models import Entry
from digest.summarize import blurb
from digest.summarize.references import is_named, is_stray, references, roots

FIRST = "The port of Alder opened a new quay on Monday after four years of work by many hands."
SKIPPED = (
    "Its owners, who had planned for two years and had paid for three, gave no reason for the long "
    "delay when the council asked about the cost, the cranes, the lamps, the gulls and the mud, "
    "and nobody in the hall of the guild pressed for one until the very end of a long evening."
)


@pytest.mark.parametrize(
    "later",
    [
        "The table belongs to Isolde Quennell, a retired pilot of the port.",
        "Dr. Kofi Brandauer sent it to colleagues in three other towns.",
        "Alongside him is Maria Lund, who once ran the ferry of the town.",
        "Nothing was broken, the spokesperson said on Tuesday in the town.",
        "Every file that you put there becomes a part of the record.",
        "In his letter Tom Lund asked for another week to find the money.",
        "Crews from the south came to the feast with their families, too.",
        "Insert your plant into the hole and press the earth with a spoon.",
        "Stay focused on the crane and on the people who stand below!",
        "Each day has a line of ink, and a list of ships that passed by.",
        "Obviously other people have other methods that they prefer.",
        "To get things going, let's define some words for the beginner.",
        "At the town library of Alder, both can be borrowed for a week.",
    ],
)
def test_what_points_back_needs_the_sentence_before(later: str) -> None:
    def entry(*sentences: str) -> Entry:
        return Entry(id="1", title="Alder opens", text=" ".join(sentences), language="en")

    assert blurb(entry(FIRST, SKIPPED, later), max_chars=220).text == FIRST
    assert blurb(entry(FIRST, later), max_chars=220).text == f"{FIRST} {later}"


@pytest.mark.parametrize(
    "sentence",
    [
        "The price of a berth will rise by a tenth next year.",
        "The school on the island will stay open for three years.",
        "The World Health Organization praised the port this week.",
        "The government said that the law will change in spring.",
        "The second-largest ship of the fleet sank on Sunday.",
        "There are four hundred berths in the harbor of Alder.",
        "Tom Lund, who built it, said that they were pleased.",
        "Mayor Ana Reyes said “it is a good day for them here.”",
        "Work on the quay began four years ago this week.",
        "Share prices fell by a tenth after the announcement.",
        "Tom and Ana Lund said both were pleased with the result.",
        "The law of Alder covers both buses and trams in the town.",
    ],
)
def test_what_stands_alone_needs_nothing(sentence: str) -> None:
    found = references(sentence, "en")
    assert not found.back
    assert not is_stray(sentence, "en")
    assert not found.needs


def test_a_noun_that_was_named_needs_no_more() -> None:
    (need,) = references("The quays reopened on Friday with a fair.", "en").needs
    assert need & roots("Alder opens its quay")
    assert not need & roots("Alder opens its school")


def test_other_languages_are_left_to_the_gap() -> None:
    assert references("El puerto lo envió allí a sus colegas.", "es").needs == ()
    assert not references("Er schickte es dorthin, und dann?", "de").back


@pytest.mark.parametrize(
    ("sentence", "named"),
    [
        ("Many of the usual complaints were totally absent from the report.", False),
        ("The symptoms came on quickly.", False),
        ("The symptoms came on quickly in Alder.", True),
        ("Ana Reyes was the first to notice.", True),
        ("The old quays had been closed for years.", True),
        ("港の朝は早い。", True),
    ],
)
def test_what_says_what_it_is_about(sentence: str, named: bool) -> None:
    assert is_named(sentence, roots("A quay for everybody")) is named


def test_an_opening_that_says_nothing_gives_way_to_the_first_sentence() -> None:
    text = (
        "I was looking through a table of what users say about Harper this week.\n\n"
        "I was delighted to see it.\n\n"
        "Many of the usual complaints were totally absent from the report that I was given. "
        "The crashes that had cost us so many readers in the past were gone."
    )
    made = blurb(Entry(id="1", title="Quality needs design", text=text), max_chars=220)
    assert made.text.startswith("I was looking through a table")


@pytest.mark.parametrize(
    "text",
    [
        "It takes two people and a dry September to paint the tower. Ana Reyes was one of the two.",
        "This story lies in a folder of its own. Every file that you put there is an entry.",
    ],
)
def test_the_first_sentence_of_a_text_points_at_nothing(text: str) -> None:
    assert blurb(Entry(id="1", title="x", text=text, language="en"), max_chars=220).text == text


@pytest.mark.parametrize("ending", ["look like this:", "say as much：", "call it “mud:”"])
def test_a_sentence_that_announces_is_never_kept(ending: str) -> None:
    text = f"{FIRST}\n\nIts four cranes {ending}\n\nToggling between two states."
    made = blurb(Entry(id="1", title="x", text=text, language="en"), max_chars=420)
    assert made.text == FIRST


@pytest.mark.parametrize("mark", ["* ", "• ", "- ", "– ", "▪ ", "† ", "*"])
def test_the_mark_of_a_list_stays_outside_the_quotation(mark: str) -> None:
    text = f"{mark}{FIRST}"
    made = blurb(Entry(id="1", title="x", text=text, language="en"), max_chars=220)
    assert made.text == FIRST
    assert made.spans == ((len(mark), len(text)),)
    noted = f"{FIRST}\n\n{mark}The calendar may still change at any time."
    made = blurb(Entry(id="1", title="x", text=noted, language="en"), max_chars=220)
    assert made.text == FIRST
