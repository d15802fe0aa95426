"""Near-duplicates: what is a copy, and what only looks like one."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.match import Copy, copies, same_address
from digest.models import Entry

FERRY = (
    "The harbor council voted on Tuesday to replace both ferries before the winter timetable "
    "begins, after an inspection found cracks in the older hull. The new boats run on batteries "
    "and carry sixty passengers each. Fares stay as they are until spring, the chair of the "
    "council said, and the night service returns on Fridays. A petition with nine hundred names "
    "had asked for it since the summer. The yard that builds the boats expects to deliver the "
    "first in October, and the second by the end of the year."
)
BREAD = (
    "Two bakers from the old town have opened a mill of their own, so that the rye from the hills "
    "no longer travels four hundred kilometers before it becomes bread. The stones came from a "
    "quarry that closed in the sixties. On market days anyone may watch them turn, and take home "
    "a bag of flour that was grain in the morning."
)
TIDE = (
    "港の評議会は火曜日、冬の時刻表が始まる前に二隻の連絡船を新しくすると決めた。点検で古い船体に"
    "ひびが見つかったためである。新しい船は電池で走り、それぞれ六十人を運ぶ。運賃は春まで変わらない"
    "と議長は述べた。金曜日の夜の便も戻ってくる。"
)
FOOTER = (
    " Read the rest on our site, where you may also subscribe to the daily letter of the paper."
)


def entry(name: str, text: str = "", *, title: str = "", source: str = "", **more: Any) -> Entry:
    return Entry(id=name, title=title, text=text, source=source, **more)


def pairs(*entries: Entry) -> set[tuple[str, str]]:
    return {(entries[c.first].id, entries[c.second].id) for c in copies(entries)}


def _half(text: str) -> str:
    words = text.split()
    return " ".join(words[: len(words) // 2])


@pytest.mark.parametrize(
    "edited",
    [
        pytest.param(FERRY, id="the same"),
        pytest.param(FERRY.upper().replace(",", " -"), id="other case and punctuation"),
        pytest.param(_half(FERRY), id="cut in half"),
        pytest.param(" ".join(FERRY.split()[:24]) + " …", id="its first words"),
        pytest.param("HARBOR (Agency) - " + FERRY + FOOTER, id="syndicated"),
        pytest.param(FERRY + " " + BREAD, id="with a second article below"),
        pytest.param(FERRY.replace("sixty", "eighty").replace("October", "May"), id="corrected"),
    ],
)
def test_an_edited_text_is_a_copy(edited: str) -> None:
    assert pairs(entry("a", FERRY), entry("b", edited), entry("c", BREAD)) >= {("a", "b")}


def test_a_round_up_does_not_make_its_two_articles_alike() -> None:
    found = pairs(entry("a", FERRY), entry("b", BREAD), entry("both", FERRY + " " + BREAD))
    assert found == {("a", "both"), ("b", "both")}


def test_unspaced_scripts_are_compared_by_characters() -> None:
    cut = TIDE[: len(TIDE) // 2]
    other = (
        "山の小さな村では、今年も雪が降る前に橋の修理が終わった。"
        "子どもたちは新しい道を通って学校へ行く。"
    )
    assert pairs(entry("a", TIDE), entry("b", cut), entry("c", other)) == {("a", "b")}


def test_a_description_may_hold_what_the_other_prints_as_text() -> None:
    one = Entry(id="a", title="", text=FERRY)
    other = Entry(id="b", title="", summary=_half(FERRY))
    assert pairs(one, other) == {("a", "b")}


def test_boilerplate_of_one_source_makes_no_copies() -> None:
    posts = [entry(f"p{n}", f"Day {n} went by. " * 3 + FOOTER, source="Paper") for n in range(6)]
    assert pairs(*posts) == set()


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        pytest.param(("Ferries to be replaced", ""), ("Ferries to be replaced", ""), True, id="="),
        pytest.param(
            ("Ferries to be replaced", ""), ("Ferries to be replaced!", FERRY), True, id="headline"
        ),
        pytest.param(
            ("Ferries to be replaced", "Both go."),
            ("Ferries to be replaced", "Both of them go."),
            True,
            id="short bodies that agree",
        ),
        pytest.param(
            ("Links of the week", "Bees, and boats."),
            ("Links of the week", "A quarry reopens."),
            False,
            id="a column's name over two weeks",
        ),
        pytest.param(("Open thread", ""), ("Open thread", ""), False, id="too short a title"),
        pytest.param(
            ("Ferries to be replaced", FERRY), ("Ferries to be replaced", BREAD), False, id="texts"
        ),
        pytest.param(("", "Both go."), ("", "Both go."), False, id="no title, hardly a text"),
    ],
)
def test_short_texts_need_equal_titles(
    one: tuple[str, str], other: tuple[str, str], alike: bool
) -> None:
    a = entry("a", one[1], title=one[0], source="Paper")
    b = entry("b", other[1], title=other[0], source="Herald")
    assert pairs(a, b) == ({("a", "b")} if alike else set())


def test_one_source_may_print_a_headline_twice() -> None:
    a, b = (entry(i, title="What are you working on?", source="Forum") for i in "ab")
    assert pairs(a, b) == set()


def test_identical_texts_are_all_found_with_their_first() -> None:
    found = pairs(*(entry(f"{n}", FERRY) for n in range(50)))
    assert {("0", str(n)) for n in range(1, 50)} <= found


@given(st.permutations(range(5)))
def test_the_order_of_the_entries_does_not_matter(order: list[int]) -> None:
    all_of_them = [
        entry("a", FERRY),
        entry("b", _half(FERRY)),
        entry("c", BREAD),
        entry("d", FERRY + BREAD),
        entry("e", TIDE),
    ]
    found = {frozenset(pair) for pair in pairs(*(all_of_them[n] for n in order))}
    assert found == {frozenset("ab"), frozenset("ad"), frozenset("bd"), frozenset("cd")}


@given(st.lists(st.text(max_size=200), max_size=6))
def test_any_text_can_be_compared(texts: list[str]) -> None:
    found = copies([entry(str(n), text, title=text[:40]) for n, text in enumerate(texts)])
    assert list(found) == sorted(set(found))
    assert all(c.first < c.second and 0.25 <= c.share <= 1 for c in found)


def test_a_share_says_how_much_is_held() -> None:
    assert copies([entry("a", FERRY), entry("b", FERRY)]) == (Copy(0, 1, 1.0),)
    (half,) = copies([entry("a", FERRY), entry("b", _half(FERRY) + " " + BREAD)])
    assert 0.25 <= half.share < 0.8


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://paper.example.org/ferries", "https://paper.example.org/ferries", True),
        ("https://paper.example.org/ferries", "https://paper.example.org/bread", False),
        ("https://paper.example.org/", "https://paper.example.org/", False),
        ("https://paper.example.org/?p=7", "https://paper.example.org/?p=7", True),
        ("https://paper.example.org/f?utm_source=x", "http://www.paper.example.org/f", True),
        ("http://[broken", "http://[broken", False),
        ("tag:paper.example.org,2026:7", "tag:paper.example.org,2026:7", False),
        (None, None, False),
    ],
)
def test_an_address_says_that_two_are_one(one: str | None, other: str | None, same: bool) -> None:
    a = Entry(id="a", title="Ferries", url=one, source="Paper")
    b = Entry(id="b", title="The ferries", url=other, source="Herald")
    assert same_address(a, b) is same


def test_a_source_may_give_one_address_to_two_entries() -> None:
    a = Entry(id="a", title="v1.1", url="https://tool.example.org/changes", source="Tool")
    b = Entry(id="b", title="v1.2", url="https://tool.example.org/changes", source="Tool")
    assert not same_address(a, b)


def test_edits_of_real_articles_are_recognized(bench_data: Path) -> None:
    """Recall over cut, syndicated and updated articles; no two articles are confused."""
    pages = bench_data / "pages" / "scrapinghub" / "ground-truth.json"
    rows = json.loads(pages.read_text("utf-8"))
    bodies = [row["articleBody"] for _, row in sorted(rows.items())]
    texts = [text for text in bodies if len(text.split()) > 50][:60]
    rng = random.Random(7)
    edited = []
    for text in texts:
        words = text.split()
        edited += [
            " ".join(words[: int(len(words) * 0.6)]),
            " ".join(words[:40]) + "…",
            "CITY (Agency) - " + text + FOOTER,
            " ".join(w if rng.random() > 0.05 else "word" for w in words),
        ]
    entries = [entry(str(n), text) for n, text in enumerate(texts + edited)]
    found = {(c.first, c.second) for c in copies(entries) if c.first < len(texts) <= c.second}
    wanted = {(n // 4, len(texts) + n) for n in range(len(edited))}
    assert len(found & wanted) >= 0.97 * len(wanted)
    assert len(found - wanted) <= 1  # two reports that open with one long quotation
