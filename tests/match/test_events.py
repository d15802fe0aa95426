"""Events: one happening in several words is one, two happenings of a kind are two."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.match import events
from digest.match.linkage import average_link
from digest.models import Entry


def entry(name: str, title: str, text: str = "", **more: Any) -> Entry:
    return Entry(id=name, title=title, text=text, **more)


STORM = (
    entry(
        "storm-1",
        "Storm Odile closes the port of Vellmar",
        "Gusts of 120 kilometers an hour tore a crane from its rails in Vellmar on Monday night.",
    ),
    entry(
        "storm-2",
        "Vellmar port shut after crane falls in storm",
        "Nobody was hurt when Odile blew down a crane; ships wait outside Vellmar.",
    ),
    entry(
        "storm-3",
        "Crane down, ships waiting: Odile hits Vellmar",
        "The port stays closed until inspectors have seen every crane, the harbor master said.",
    ),
)
OTHERS = (
    entry(
        "storm-4",
        "Storm Petra floods the station of Karsby",
        "Trains to Karsby end two stops early since water stands on the tracks.",
    ),
    entry(
        "budget",
        "Parliament passes a budget without new debt",
        "After nine hours of debate the members voted for the finance minister's plan.",
    ),
    entry(
        "comet",
        "A comet bright enough for the naked eye",
        "Astronomers expect the tail to be seen before dawn over the next two weeks.",
    ),
)


def groups(entries: Sequence[Entry]) -> set[frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for one, event in zip(entries, events(entries), strict=True):
        found[event].add(one.id)
    return {frozenset(ids) for ids in found.values()}


ALONE = {frozenset({one.id}) for one in OTHERS}


def test_one_happening_in_several_words_is_one_event() -> None:
    assert groups([*STORM, *OTHERS]) == {frozenset(one.id for one in STORM), *ALONE}


def test_an_event_bears_the_name_of_its_earliest_entry() -> None:
    days = (3, 1, 2)
    dated = [
        replace(one, published=datetime(2026, 11, day, tzinfo=UTC))
        for one, day in zip(STORM, days, strict=True)
    ]
    assert events(dated) == ("storm-2",) * 3


@pytest.mark.parametrize(
    ("days", "found"),
    [
        pytest.param((1, 6, 11), {"123"}, id="ten days"),
        pytest.param((1, 1, 12), {"12", "3"}, id="eleven days"),
        pytest.param((1, 9, 18), {"1", "23"}, id="no chain of days"),
        pytest.param((1, None, 28), {"1", "23"}, id="one without a date"),
    ],
)
def test_an_event_is_over_after_ten_days(days: tuple[int | None, ...], found: set[str]) -> None:
    one, two, three = (
        replace(report, published=datetime(2026, 1, day, tzinfo=UTC) if day else None)
        for report, day in zip(STORM, days, strict=True)
    )
    together = {frozenset(f"storm-{number}" for number in names) for names in found}
    assert groups([one, two, three]) == together


def test_the_same_words_in_another_season_are_another_event() -> None:
    daily = [
        entry(f"{month:02d}", "Picture of the day", published=datetime(2026, month, 1, tzinfo=UTC))
        for month in (1, 4, 8)
    ]
    assert len(groups([*daily, entry("undated", "Picture of the day")])) == 3
    assert len(set(events(daily, level="topic"))) == 1


def test_a_clock_that_was_never_set_is_no_date() -> None:
    unset = replace(STORM[0], published=datetime(1970, 1, 1, tzinfo=UTC))
    dated = [replace(one, published=datetime(2026, 11, 3, tzinfo=UTC)) for one in STORM[1:]]
    assert set(events([unset, *dated])) == {"storm-2"}


PARTS = tuple(
    entry(
        f"part-{number}",
        f"Certified lamplighter exam, part {number}: {what}",
        f"How to pass the lamplighter exam of the guild: {what}, wicks and paraffin grades.",
        source="Lamp Room",
    )
    for number, what in ((1, "glass chimneys"), (2, "reading ladders"))
)


def test_two_parts_of_a_column_are_no_event() -> None:
    assert groups(PARTS) == {frozenset({"part-1"}), frozenset({"part-2"})}
    apart = [replace(part, source=f"Paper {n}") for n, part in enumerate(PARTS)]
    assert groups(apart) == {frozenset({"part-1", "part-2"})}


def test_two_reports_of_one_source_meet_in_the_reports_of_others() -> None:
    sources = ("Gazette", "Herald", "Gazette")
    told = [replace(one, source=source) for one, source in zip(STORM, sources, strict=True)]
    assert groups(told) == {frozenset(one.id for one in STORM)}


def test_languages_never_meet() -> None:
    names = "Odile Vellmar 120"
    english = entry("en", f"Storm {names}", f"{names} port crane", language="en-GB")
    spanish = entry("es", f"Storm {names}", f"{names} port crane", language="es")
    silent = entry("??", f"Storm {names}", f"{names} port crane")
    assert groups([english, spanish, silent]) in (
        {frozenset({"en", "??"}), frozenset({"es"})},
        {frozenset({"es", "??"}), frozenset({"en"})},
    )


def test_scripts_never_meet_whatever_is_declared() -> None:
    english = entry("en", "Odile 120 Vellmar 47 99", language="en")
    russian = entry("ru", "Шторм Одиль 120 47 99 порт закрыт кран", language="en")
    assert groups([english, russian]) == {frozenset({"en"}), frozenset({"ru"})}


def test_unspaced_scripts_are_grouped_too() -> None:
    one = entry(
        "1", "台風でベルマル港が閉鎖、クレーンが倒れる", "けが人はいなかったと港湾局は発表した。"
    )
    two = entry("2", "クレーン倒壊でベルマル港閉鎖 台風の強風", "港湾局によると、けが人はいない。")
    three = entry("3", "国会が来年度の予算を可決", "九時間の審議のあと、財務相の案が通った。")
    assert groups([one, two, three]) == {frozenset({"1", "2"}), frozenset({"3"})}


def test_what_a_source_always_says_is_no_event() -> None:
    shows = [
        entry(
            f"show-{n}",
            f"Kettle Hour episode {name}",
            f"Kettle Hour is brewed weekly by Marlow and Finch. This time: {name}.",
            source="Kettle Hour",
        )
        for n, name in enumerate(("apples", "granite", "sleep", "envelopes", "tin", "moss"))
    ]
    assert len(groups(shows)) == len(shows)


def test_nothing_and_one_entry() -> None:
    assert events([]) == ()
    assert events([STORM[0]]) == ("storm-1",)
    assert events([entry("empty", ""), entry("blank", " ")]) == ("empty", "blank")


def test_entries_all_alike_are_one_event() -> None:
    alike = [replace(STORM[0], id=f"{n:03d}") for n in range(400)]
    assert events(alike, level="topic") == ("000",) * 400
    assert events(alike) == ("000",) * 400


@settings(max_examples=25)
@given(st.permutations([*STORM, *OTHERS]))
def test_the_order_of_the_entries_does_not_matter(order: list[Entry]) -> None:
    usual = [*STORM, *OTHERS]
    named = dict(zip((one.id for one in order), events(order), strict=True))
    assert named == dict(zip((one.id for one in usual), events(usual), strict=True))


@given(st.lists(st.builds(entry, st.text(max_size=5), st.text(max_size=30), st.text(max_size=90))))
def test_every_entry_gets_the_id_of_an_entry(entries: list[Entry]) -> None:
    found = events(entries)
    assert len(found) == len(entries)
    assert set(found) <= {one.id for one in entries}


def test_average_link_does_not_chain() -> None:
    # 0-1 and 1-2 are alike, 0-2 are not: joined with 0-1, 2 is too far off on average.
    chain = {(0, 1): 0.9, (1, 2): 0.5, (2, 3): 0.6}
    assert average_link(5, chain, 0.4) == [0, 0, 2, 2, 4]
    assert average_link(5, chain, 0.1) == [0, 0, 0, 0, 4]


@given(
    st.integers(1, 9).flatmap(
        lambda n: st.tuples(
            st.just(n),
            st.dictionaries(
                st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(
                    lambda pair: pair[0] < pair[1]
                ),
                st.floats(0.01, 1),
            ),
        )
    )
)
def test_average_link_agrees_with_its_definition(
    case: tuple[int, dict[tuple[int, int], float]],
) -> None:
    count, similar = case
    found = average_link(count, similar, 0.3)
    clusters = [[i for i in range(count) if found[i] == head] for head in sorted(set(found))]
    assert all(min(cluster) == found[cluster[0]] for cluster in clusters)
    for a in clusters:
        for b in clusters:
            if a is not b:
                total = sum(similar.get((min(i, j), max(i, j)), 0.0) for i in a for j in b)
                assert total / (len(a) * len(b)) < 0.3 + 1e-9


@pytest.mark.parametrize(
    ("file", "splits", "level", "bar"),
    [
        ("ecbplus.jsonl", {"train"}, "event", 0.88),
        ("ecbplus.jsonl", {"dev"}, "event", 0.83),
        ("headlines.jsonl", {None}, "topic", 0.80),
    ],
)
def test_labelled_events(
    bench_data: Path,
    file: str,
    splits: set[str | None],
    level: Literal["event", "topic"],
    bar: float,
) -> None:
    lines = (bench_data / "events" / file).read_text("utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if row.get("split") in splits]
    entries = [entry(f"{n}", row["title"], row["text"]) for n, row in enumerate(rows)]
    assert bcubed(events(entries, level=level), [str(row["event"]) for row in rows]) >= bar


def bcubed(found: Iterable[str], wanted: Sequence[str]) -> float:
    """F1 of BCubed precision and recall (Bagga and Baldwin 1998)."""
    members: dict[str, list[str]] = defaultdict(list)
    for name, event in zip(found, wanted, strict=True):
        members[name].append(event)
    sizes, both = Counter(wanted), [Counter(events_) for events_ in members.values()]
    precision = sum(n * n / sum(counts.values()) for counts in both for n in counts.values())
    recall = sum(n * n / sizes[event] for counts in both for event, n in counts.items())
    return 2 * precision * recall / (precision + recall) / len(wanted)
