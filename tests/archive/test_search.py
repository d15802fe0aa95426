"""Searching: which stories words find, in which order, and how they are shown."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.archive import Asked, Found, StoryIndex
from tests.archive.archived import put, told

LONG = "The council met. " * 40

STORIES = (
    told("Ferries run on batteries", "Electric boats need charging piers.", lead=True),
    told("A library of seeds", "Gardeners borrow beans.", source="Quayside Notes"),
    told("The night market opens", "Stalls at the old market, every night of May.", section="Food"),
    told("Nuovo molo a Trieste", "Le autorità hanno inaugurato le gallerie.", language="it"),
    told("Das Schiffahrtsmuseum öffnet", "Die Häuser am Hafen sind neu.", language="de"),
    told("Élections municipales", "La liste publiée compte des élues.", language="fr"),
    told("港の市場が百周年を迎える", "夜の灯りが戻る。", language="ja"),
    told("ตลาดน้ำเปิดใหม่", "เรือเล็กกลับมาแล้ว", language="th"),
    told("서울에서 열린 시장", "작은 배가 돌아왔다.", language="ko"),
    told("ميناء الصيد يفتح سوقًا", "المراكب الصغيرة.", language="ar"),
    told("Ёлка на пристани", "Дети пришли вечером.", language="ru"),
    told("COVID-19 tests cost $1,000", "An e-mail from the U.S. office of O'Brien says so."),
    told("C++ and C# at sea", "Version 2.5 of the pilot's program."),
    told("Harbor council", f"{LONG}A kingfisher sat on the bollard. {LONG}"),
)  # fmt: skip


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> StoryIndex:
    folder = tmp_path_factory.mktemp("searched")
    put(folder / "issues", *STORIES)
    return StoryIndex(folder / "issues", folder / "cache")


def titles(found: Found) -> list[str]:
    return ["".join(words for words, _ in hit.headline) for hit in found.hits]


def marks(found: Found) -> list[str]:
    return [w for hit in found.hits for w, mark in (*hit.headline, *hit.excerpt) if mark]


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("ferry battery", "Ferries run on batteries"),  # stems
        ("FERRIES", "Ferries run on batteries"),
        ("batter*", "Ferries run on batteries"),
        ("batteries*", "Ferries run on batteries"),  # longer than the stem
        ("gardener", "A library of seeds"),  # in the article only
        ("quayside", "A library of seeds"),  # in the source
        ('"night market"', "The night market opens"),
        ("“night market”", "The night market opens"),
        ("market -library -seoul", "The night market opens"),
        ("galleria", "Nuovo molo a Trieste"),  # Italian, by its own stemmer
        ("autorita", "Nuovo molo a Trieste"),
        ("offnen haus", "Das Schiffahrtsmuseum öffnet"),
        ("HÄUSER", "Das Schiffahrtsmuseum öffnet"),
        ("ha\u0308user", "Das Schiffahrtsmuseum öffnet"),  # an accent of its own
        ("election", "Élections municipales"),
        ("publiee", "Élections municipales"),  # typed without its accent
        ("élue", "Élections municipales"),
        ("市場", "港の市場が百周年を迎える"),
        ("港", "港の市場が百周年を迎える"),  # a single character, the first of a run
        ("る", "港の市場が百周年を迎える"),  # and the last
        ("市場が百周年", "港の市場が百周年を迎える"),
        ("ตลาด", "ตลาดน้ำเปิดใหม่"),
        ("서울", "서울에서 열린 시장"),  # without its particle
        ("سوقا", "ميناء الصيد يفتح سوقًا"),
        ("елка", "Ёлка на пристани"),
        ("covid-19", "COVID-19 tests cost $1,000"),
        ("covid", "COVID-19 tests cost $1,000"),
        ("1000", "COVID-19 tests cost $1,000"),
        ("1,000", "COVID-19 tests cost $1,000"),
        ("email", "COVID-19 tests cost $1,000"),
        ("e-mail", "COVID-19 tests cost $1,000"),
        ("US", "COVID-19 tests cost $1,000"),
        ("o'brien", "COVID-19 tests cost $1,000"),
        ("O’Brien", "COVID-19 tests cost $1,000"),
        ("c++", "C++ and C# at sea"),
        ("C#", "C++ and C# at sea"),
        ("2.5", "C++ and C# at sea"),
        ("kingfishers", "Harbor council"),
    ],
)
def test_words_find_the_story(index: StoryIndex, words: str, title: str) -> None:
    assert titles(index.search(Asked(words=words))) == [title]


@pytest.mark.parametrize(
    "words",
    ["ferry library", '"market night"', "場市", "batt", "ferry -battery", '"ferry batteries"'],
)
def test_words_that_find_nothing(index: StoryIndex, words: str) -> None:
    assert index.search(Asked(words=words)).total == 0


@pytest.mark.parametrize(
    ("words", "marked"),
    [
        ("ferry battery", ["Ferries", "batteries"]),
        ("electric", ["Electric"]),
        ("election", ["Élections"]),
        ("publiee", ["publiée"]),
        ("offnet", ["öffnet"]),
        ("市場が", ["市場が"]),
        ("港", ["港"]),
        ("서울", ["서울"]),
        ('"night market"', ["night market"]),
        ("batter*", ["batteries"]),
        ("kingfisher", ["kingfisher"]),
        ("covid-19", ["COVID-19"]),
    ],
)
def test_what_was_asked_for_is_marked_as_it_is_written(
    index: StoryIndex, words: str, marked: list[str]
) -> None:
    assert marks(index.search(Asked(words=words))) == marked


def test_an_excerpt_is_a_part_of_the_article_in_its_own_words(index: StoryIndex) -> None:
    (hit,) = index.search(Asked(words="kingfisher")).hits
    text = "".join(words for words, _ in hit.excerpt)
    assert text.startswith("… ")
    assert text.endswith(" …")
    assert "A kingfisher sat on the bollard." in text
    assert len(text) < 300
    assert text.removeprefix("… ").removesuffix(" …") in " ".join(STORIES[-1].entry.text.split())


def test_headlines_count_more_than_articles_and_newer_issues_more_among_equals(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "issues"
    put(folder, told("Nothing new", "The lighthouse is quiet."), told("The lighthouse"), week=45)
    put(folder, told("The lighthouse"), week=46)
    found = StoryIndex(folder, tmp_path / "cache").search(Asked(words="lighthouse"))
    assert titles(found) == ["The lighthouse", "The lighthouse", "Nothing new"]
    assert [hit.slug for hit in found.hits] == ["2026-W46", "2026-W45", "2026-W45"]


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        (Asked(source="quayside"), 1),
        (Asked(source="Quayside Notes", words="seed"), 1),
        (Asked(source="Quayside Notes", words="ferry"), 0),
        (Asked(section="FOOD"), 1),
        (Asked(tier="lead"), 1),
        (Asked(tier="teaser"), len(STORIES) - 1),
        (Asked(language="fr"), 1),
        (Asked(language="fr-CA"), 1),
        (Asked(language="xx"), 0),
        (Asked(issue="2026-W47"), len(STORIES)),
        (Asked(issue="2026-w47", words="ferry"), 1),
        (Asked(issue="2026-W46"), 0),
        (Asked(since=date(2026, 11, 20)), len(STORIES)),
        (Asked(since=date(2026, 11, 21)), 0),
        (Asked(until=date(2026, 11, 20), words="ferry"), 1),
        (Asked(until=date(2026, 11, 19)), 0),
        (Asked(words="-ferry"), len(STORIES) - 1),
        (Asked(words="-ferry", tier="lead"), 0),
        (Asked(words="?!"), 0),
        (Asked(), 0),
    ],
)
def test_filters(index: StoryIndex, asked: Asked, count: int) -> None:
    assert index.search(asked).total == count


def test_days_are_those_of_issues_even_where_a_name_says_otherwise(tmp_path: Path) -> None:
    for week in (44, 45, 46):
        put(tmp_path / "issues", told(f"The lighthouse {week}"), week=week)
    index = StoryIndex(tmp_path / "issues", tmp_path / "cache")
    asked = Asked(words="lighthouse", since=date(2026, 11, 1), until=date(2026, 11, 7))
    assert titles(index.search(asked)) == ["The lighthouse 45"]


def test_pages(tmp_path: Path) -> None:
    put(tmp_path / "issues", *(told(f"Boat {n}") for n in range(25)))
    index = StoryIndex(tmp_path / "issues", tmp_path / "cache")
    asked = Asked(words="boat")
    pages = [index.search(asked, limit=10, first=first) for first in (0, 10, 20)]
    assert [len(page.hits) for page in pages] == [10, 10, 5]
    assert sorted(t for page in pages for t in titles(page)) == sorted(
        f"Boat {n}" for n in range(25)
    )
    assert index.search(asked, limit=10, first=990).first == 20


@pytest.mark.parametrize(
    ("words", "nearest"),
    [("feries", "ferries"), ("librrary seeds", "library seeds"), ("zzzzzz", "")],
)
def test_the_nearest_known_word_is_suggested(index: StoryIndex, words: str, nearest: str) -> None:
    assert index.search(Asked(words=words)).nearest == nearest


def test_words_that_stand_in_different_stories_are_told_apart(index: StoryIndex) -> None:
    found = index.search(Asked(words="ferry library"))
    assert (found.apart, found.nearest) == (True, "")


_SIGNS = "\"*-+^(){}:\\/'.,#ANDORNOTEAR \0\ud800\u0301港場ตşß1﷽"
SIGNS = st.text(st.sampled_from(_SIGNS), max_size=40)


@given(words=SIGNS | st.text(max_size=40))
def test_no_text_is_an_error(index: StoryIndex, words: str) -> None:
    found = index.search(Asked(words=words, source=words, section=words))
    assert found.total >= 0
    for hit in index.search(Asked(words=words)).hits:
        headline = "".join(part for part, _ in hit.headline)
        assert headline in {story.headline for story in STORIES}


@given(text=st.text(st.characters(codec="utf-8"), min_size=1, max_size=60))
def test_whatever_an_index_takes_it_finds_again(text: str) -> None:
    """A word of any text finds that text: asked and indexed words are cut alike."""
    from digest.archive.search.asking import read_asks
    from digest.archive.search.tokens import index_terms, terms_of

    terms = index_terms(text, "en").split()
    assert not any(set(term) & set('" *\0') or term.isspace() for term in terms)
    known = terms_of("en")
    for ask in read_asks(text[:400].replace("-", "_").replace("*", "_")):
        row = [known[p.written] if p.kind == "word" else p.written for p in ask.row]
        row = [term for term in row if term]
        if ask.open_ and row:
            assert any(term.startswith(row[-1]) for term in terms)
        else:
            at = range(len(terms) - len(row) + 1)
            assert any(terms[n : n + len(row)] == row for n in at)


@given(text=SIGNS | st.text(st.characters(codec="utf-8"), max_size=60))
def test_a_text_is_cut_at_its_spaces_into_the_very_terms_of_the_whole(text: str) -> None:
    """What stands between spaces is cut once and remembered; no term may reach over a space."""
    from digest.archive.search.tokens import index_terms, pieces, terms_of

    known = terms_of("en")
    whole = [known[p.written] if p.kind == "word" else p.written for p in pieces(text)]
    terms = index_terms(text, "en").split()
    expected = [term for term in whole if term]
    assert terms[: len(expected)] == expected
