"""Have we run this? By an address in any spelling, by a copy, by another report."""

from __future__ import annotations

from pathlib import Path

import pytest

from digest.archive import StoryIndex
from digest.models import Credit
from tests.archive.archived import put, told

FERRY = """\
The ferry to Skerry Island will run on batteries from the first of May, the harbor board of Port
Ellery decided on Tuesday night. The Marigold, built in 1987, loses both diesel engines and gets
four tons of cells below the car deck. Charging takes eleven minutes at each pier, said chief
engineer Ines Calder, who has drawn the plans since the winter.

The board expects to save ninety thousand dollars of fuel a year. Fares stay as they are until
2028. A spare generator remains on board for storms, and for the days when the island's only cable
is being repaired."""

REPORT = """\
Marigold ferry goes electric
Port Ellery's harbor board voted to put batteries into the Marigold, the ferry that serves Skerry
Island. Chief engineer Ines Calder presented the plans. From May the old diesel engines are gone;
the ship will charge at both piers between its crossings."""

FILLERS = (
    "A baker near the customs house sells bread of seaweed flour, and the queue reaches the quay.",
    "The school orchestra plays in the old cannery on Sunday; admission is a jar of jam.",
    "Rain washed out the path to the lighthouse, and the town sends gravel next week.",
    "Two kestrels nest on the crane, so the builders lift their beams from the other side.",
    "The library lends fishing rods now, with a leaflet on knots by the retired pilot.",
    "A photographer collects pictures of doors for a book on the lanes behind the church.",
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> StoryIndex:
    folder = tmp_path_factory.mktemp("ran")
    for at, text in enumerate(FILLERS):
        put(folder / "issues", told(text.split(",")[0], text), week=40 + at)
    also = Credit(
        id="x", source="Courier", title="Skerry ferry", url="https://courier.example.com/n/7?id=3"
    )
    ferry = told(
        "Batteries for the Skerry ferry",
        FERRY,
        lead=True,
        url="https://www.gazette.example.org/news/ferry-batteries/",
        also=(also,),
    )
    put(folder / "issues", ferry, told("Untold", "Nothing else is new."), week=46)
    return StoryIndex(folder / "issues", folder / "cache")


@pytest.mark.parametrize(
    "address",
    [
        "https://www.gazette.example.org/news/ferry-batteries/",
        "http://gazette.example.org/news/ferry-batteries",
        "HTTPS://GAZETTE.example.org/news/ferry-batteries?utm_source=mail&utm_medium=x",
        "gazette.example.org/news/ferry-batteries",
        " https://m.gazette.example.org/news/ferry-batteries#top \n",
    ],
)
def test_an_address_in_any_spelling(index: StoryIndex, address: str) -> None:
    found = index.ran(address)
    assert found.kind == "address"
    (match,) = found.matches
    assert (match.how, match.slug, match.tier) == ("address", "2026-W46", "lead")
    assert match.headline == "Batteries for the Skerry ferry"


def test_an_address_that_was_also_covered(index: StoryIndex) -> None:
    (match,) = index.ran("courier.example.com/n/7?id=3&fbclid=9").matches
    assert (match.how, match.slug) == ("credit", "2026-W46")
    assert "Skerry ferry (Courier)" in match.because


@pytest.mark.parametrize(
    "address",
    ["https://gazette.example.org/news/another", "https://gazette.example.org/news/ferry"],
)
def test_an_address_that_did_not_run(index: StoryIndex, address: str) -> None:
    found = index.ran(address)
    assert (found.matches, found.note) == ((), "")


def test_a_home_page_is_no_address_of_an_article(index: StoryIndex) -> None:
    found = index.ran("https://gazette.example.org/")
    assert not found.matches
    assert "home page" in found.note


REWORDED = FERRY.replace("decided on Tuesday night", "has decided").replace("tons", "tonnes")


@pytest.mark.parametrize(
    "text",
    [
        FERRY,
        f"Batteries for the Skerry ferry\n\n{FERRY}",
        FERRY[: len(FERRY) // 2],  # cut
        f"The island's boat changes\n\n{REWORDED}",
        "Batteries for the Skerry ferry",  # its headline alone
        f"Our week in the harbor.\n\n{FILLERS[3]}\n\n{FERRY}\n\nThat is all.".replace("\n\n", " "),
    ],
)
def test_a_copy(index: StoryIndex, text: str) -> None:
    match = index.ran(text).matches[0]
    assert (match.how, match.slug) == ("copy", "2026-W46")


def test_another_report_of_the_event(index: StoryIndex) -> None:
    (match,) = index.ran(REPORT).matches
    assert (match.how, match.slug, match.tier) == ("event", "2026-W46", "lead")
    assert "Marigold" in match.because


@pytest.mark.parametrize(
    "text",
    [
        "Council sets a budget\nThe council of Port Ellery will spend four million on roads.",
        "Wholly unknown vocabulary: zyzzyva quixotry.",
        "",
        "?!",
        "\0\ud800",
    ],
)
def test_what_did_not_run(index: StoryIndex, text: str) -> None:
    assert index.ran(text).matches == ()


def test_a_text_that_ran_every_week_is_found_in_each(tmp_path: Path) -> None:
    for week in range(30, 47):
        put(tmp_path / "issues", told(f"Tides, week {week}", f"{FERRY} Week {week}."), week=week)
    found = StoryIndex(tmp_path / "issues", tmp_path / "cache").ran(f"{FERRY} Week 33.")
    assert len(found.matches) == 17
    assert {match.how for match in found.matches} == {"copy"}
