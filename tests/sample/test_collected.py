"""The bundled sources as `collect` reads them: what they were written to show."""

from __future__ import annotations

from collections import Counter

import pytest

from digest import sample
from digest.collect import Collected, collect
from digest.models import Entry
from digest.net import Fetched

SECTIONS = {
    "Town": 16,
    "Along the coast": 17,
    "Sea and science": 8,
    "Culture and sport": 11,
    "Neighbors": 6,
}


def no_network(url: str) -> Fetched:
    raise AssertionError(f"the bundled sources never fetch: {url}")


@pytest.fixture(scope="module")
def collected() -> Collected:
    return collect(
        ["sources.opml"], folder=sample.folder(), now=sample.SAMPLE_NOW, fetch=no_network
    )


@pytest.fixture(scope="module")
def entries(collected: Collected) -> dict[str, Entry]:
    return {entry.title: entry for entry in collected.entries}


def test_nothing_fails_and_every_source_gives_its_entries(collected: Collected) -> None:
    assert collected.failures == ()
    assert all(source.entries for source in collected.sources)
    assert Counter(entry.section for entry in collected.entries) == SECTIONS


def test_eight_stories_have_a_picture_of_the_folder(collected: Collected) -> None:
    pictured = [entry for entry in collected.entries if entry.image]
    assert len(pictured) == len(collected.pictures) == 8
    for entry in pictured:
        assert entry.image is not None
        assert entry.image.url in collected.pictures
        assert entry.image.alt
        assert entry.image.caption
        assert (entry.image.width, entry.image.height) == (1200, 675)


def test_what_is_doubtful_is_flagged(collected: Collected) -> None:
    flags = Counter(flag for entry in collected.entries for flag in entry.flags)
    assert flags["future-date"] == 1
    assert flags["no-date"] == 1 + 5, "the tide table, and the text page with its four teasers"
    assert flags["no-url"] == 5
    assert sum(entry.cut for entry in collected.entries) == 2 + 4


def test_the_saved_text_gives_a_report_and_four_teasers(entries: dict[str, Entry]) -> None:
    report = entries["Keeper’s Granddaughter Opens 70 Years of Lighthouse Logs"]
    assert (report.byline, report.agency) == ("Lena Harkavy", "Coastwire News")
    assert report.dateline == "LITTLE MARROW, SALLOW COUNTY"
    assert report.text.startswith("For 70 years the keepers")
    assert report.text.count("\n\n") == 12
    kinds = Counter(part.kind for part in report.parts)
    assert (kinds["caption"], kinds["subhead"]) == (2, 2)
    teaser = entries["Dunmarrow gasworks to become 64 homes and a boat shed"]
    assert teaser.byline == "Samir Doss"
    assert teaser.summary.endswith("once the soil has been...")


def test_the_page_gives_its_article_and_nothing_around_it(entries: dict[str, Entry]) -> None:
    page = entries["Harbor fees go up 4 percent, and the money has a job to do"]
    assert page.url == "https://council.example.org/notes/harbor-fees-2027"
    assert page.byline == "Coral Denning"
    assert page.text.startswith("A berth in Port Ellery")
    assert page.text.endswith("last year five were.")
    for junk in ("cookie", "Leaf collection", "Share by email", "Custom House Steps"):
        assert junk not in page.text


def test_the_letter_has_what_its_front_matter_says(entries: dict[str, Entry]) -> None:
    letter = entries["In praise of the bench at the end of the pier"]
    assert letter.byline == "Marit Solheim-Grey"
    assert letter.published is not None
    assert letter.published.isoformat() == "2026-11-17T19:00:00-05:00"
    assert letter.tags == ("letters", "harbor")


def test_the_repeat_has_the_original_s_address(collected: Collected) -> None:
    twins = [entry for entry in collected.entries if "fish auction goes" in entry.title]
    first, second = (entry.id.removesuffix("-2") for entry in twins)
    assert first == second


def test_the_scripts_are_known(collected: Collected) -> None:
    spoken = Counter(entry.language for entry in collected.entries)
    assert (spoken["ar"], spoken["ja"]) == (3, 3)
