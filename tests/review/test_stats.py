"""The page of the statistics: what it says, how it bears damage, and how real eyes find it."""

from __future__ import annotations

import json
import os
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient

from bench.node_tools import MissingToolError, axe
from digest import site
from digest.archive import Archive
from digest.archive.stats import count
from digest.review import House, create_app
from digest.settings import Settings
from digest.statistics import CHANGES, Tally, Told
from tests.browser import Browser

PLOTS = ("stories", "leads", "taken", "candidates", "volumes", "lengths", "sections", "sizes",
         "repeats", "changes", "kinds")  # fmt: skip
PRIVATE = ("taken", "candidates", "lengths", "sizes", "changes", "kinds")
NAMES = ("Harbor Gazette", "Quayside Notes", "بريد المرفأ", "港だより", "<script>alert(1)</script>")
SECTIONS = ("Around the bay", "Town hall", "البحر", "Sea & science", "Markets", "Culture", "Sport")


@pytest.fixture
def client(archive: Archive, tmp_path: Path) -> FlaskClient:
    house = House(
        folder=tmp_path,
        cache=tmp_path / "var" / "cache",
        settings=lambda _: Settings(),
        ledger=lambda: None,
        now=lambda: datetime(2026, 11, 27, tzinfo=UTC),
    )
    return create_app(archive, house=house).test_client()


def tallies(
    issues: int, *, sources: tuple[str, ...] = NAMES, sections: tuple[str, ...] = SECTIONS
) -> Iterator[Tally]:
    """Invented issues of 50 stories, the same ones each time."""
    chance = random.Random(issues)
    for week in range(issues):
        end = datetime(2026, 11, 20, 9, tzinfo=UTC) - timedelta(weeks=issues - week)
        year, number, _ = end.isocalendar()
        yield Tally(
            slug=f"{year:04d}-W{number:02d}",
            end=end,
            name="Harbor Weekly",
            html_bytes=chance.randint(60_000, 108_000),
            candidates={name: chance.randint(5, 20) for name in sources},
            ran_before=chance.randint(0, 4),
            dropped=chance.randint(0, 2),
            stories=tuple(
                Told(
                    source=chance.choice(sources),
                    lead=at < 2,
                    section="" if at < 2 else chance.choice(sections),
                    length=chance.randint(100, 400),
                    keys=(str(chance.randint(0, 9_999)),),
                    update=chance.random() < 0.05,
                    changes=tuple(c for c in CHANGES[:-1] if chance.random() < 0.05),
                )
                for at in range(50)
            ),
        )


def blocks(page: str) -> list[str]:
    return re.findall(r'<h2 id="(\w+)"', page)


def told(page: str) -> list[str]:
    return re.findall(r'<p class="said"><bdi>(.*?)</bdi></p>', page.replace("\u00a0", " "))


def test_every_plot_stands_under_a_sentence_and_over_its_numbers(client: FlaskClient) -> None:
    page = client.get("/stats").get_data(as_text=True)
    assert tuple(blocks(page)) == PLOTS
    assert all(told(page))
    assert len(told(page)) == len(PLOTS) == page.count("<details>")
    assert re.findall("<script[^>]*>", page) == ['<script src="static/keys.js" defer>']
    assert " style=" not in page
    for svg in re.findall(r"<svg.*?</svg>", page, re.DOTALL):
        ET.fromstring(svg)
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_the_sentences_are_reckoned(client: FlaskClient) -> None:
    page = client.get("/stats").get_data(as_text=True).replace("\u00a0", " ")
    assert "Harbor Gazette told 100 % of the leads." in page
    assert "told 25 % of the stories" not in page
    assert "No source stands out: 4 of them told 25 % each of the stories." in page
    assert "Around the bay is the largest section, with 100 % of the teasers." in page
    assert "An issue has 4 stories on average, 1 of them leads." in page
    assert "No story ran twice" in page
    assert "The editor left every story as the machine made it, and dropped none." in page


def test_the_last_ones_only(client: FlaskClient, archive: Archive) -> None:
    page = client.get("/stats?last=13").get_data(as_text=True)
    assert '<a href="?last=13" aria-current="true">' in page
    assert client.get("/stats?last=2").status_code == 404
    assert client.post("/stats").status_code == 405


def test_what_is_kept_lies_in_the_cache(client: FlaskClient, tmp_path: Path) -> None:
    first = client.get("/stats").data
    assert (tmp_path / "var" / "cache" / "tallies.jsonl").is_file()
    assert client.get("/stats").data == first


def test_a_damaged_issue_is_named_beside_the_others(client: FlaskClient, archive: Archive) -> None:
    (archive.path("2026-W46") / "issue.json").write_text("{", "utf-8")
    answer = client.get("/stats")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "What could not be counted" in page
    assert "issues/2026-W46/issue.json" in page
    assert "2 issues, 2026-W45 to 2026-W47" in page


def test_an_empty_archive_says_what_to_type(tmp_path: Path) -> None:
    page = create_app(Archive(tmp_path / "issues")).test_client().get("/stats")
    assert "digest build" in page.get_data(as_text=True)


def test_words_from_outside_stay_words() -> None:
    page = site.stats_page(count(tallies(5)), root="")
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_public_page_says_nothing_of_what_was_not_told() -> None:
    some = [replace(one, candidates={**one.candidates, "Mute Wire": 9}) for one in tallies(20)]
    home = site.Home(name="Harbor Weekly", counts={"2026": 20})
    page = site.statistics_page(home, count(some)).data.decode()
    assert set(blocks(page)) == set(PLOTS) - set(PRIVATE)
    for word in (
        "andidate", "ditor", "ropped", "inned", "Kept out", "digest build", "Gmail", "Mute Wire",
    ):  # fmt: skip
        assert word not in page


@pytest.mark.parametrize("issues", [1, 26, 110, 330, 1000])
def test_a_page_is_small_however_many_issues_and_whatever_names(issues: int) -> None:
    hostile = tuple(f"{number}" + "\u202e港&<" * 2_000 for number in range(300))
    for found in (
        count(tallies(issues)),
        count(tallies(issues, sources=hostile[:60], sections=hostile[:30])),
    ):
        assert len(site.stats_page(found, root="").encode()) <= 100_000


def test_equal_archives_give_equal_pages() -> None:
    one, other = (site.stats_page(count(tallies(40)), root="") for _ in range(2))
    assert one == other


@pytest.fixture(scope="module")
def axe_core() -> str:
    """The source of axe; without npm the test is skipped by name, and fails where CI is set."""
    try:
        return axe()
    except MissingToolError as error:
        if os.environ.get("CI"):
            pytest.fail(f"CI is set: {error}")
        pytest.skip(str(error))


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (375, "dark")])
def test_real_eyes_find_nothing_amiss(
    chromium: Browser,
    axe_core: str,
    tmp_path: Path,
    width: int,
    scheme: str,
) -> None:
    shown = tmp_path / "page"
    (shown / "static").mkdir(parents=True)
    (shown / "static" / "site.css").write_bytes(site.stylesheet())
    html = site.stats_page(count(tallies(60)), root="").replace("<details>", "<details open>")
    (shown / "stats.html").write_text(html, "utf-8")
    chromium.look(width=width, scheme="dark" if scheme == "dark" else "light")
    chromium.open(shown / "stats.html")
    assert chromium.evaluate("document.documentElement.scrollWidth") <= width
    chromium.evaluate(f"{axe_core};0")
    answer = chromium.evaluate("axe.run(document).then(done => JSON.stringify(done.violations))")
    assert [(rule["id"], rule["nodes"][0]["html"][:120]) for rule in json.loads(answer)] == []
    # Every letter of a plot lies inside it, and can be read.
    outside = chromium.evaluate(
        """[...document.querySelectorAll('svg.plot')].flatMap(svg => {
            const box = svg.viewBox.baseVal;
            return [...svg.querySelectorAll('text')].filter(text => {
                const b = text.getBBox();
                return b.x < -1 || b.y < -1 || b.x + b.width > box.width + 1
                    || b.y + b.height > box.height + 1;
            }).map(text => text.textContent);
        })"""
    )
    assert outside == []
    smallest = chromium.evaluate(
        """Math.min(...[...document.querySelectorAll('svg.plot text')].map(text =>
            parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a))"""
    )
    assert smallest >= 9.5
