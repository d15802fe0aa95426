"""Blurbs of news in twelve languages: whole sentences, near the top, that stand alone."""

from __future__ import annotations

import pytest

from digest.models import Blurb, Entry
from digest.summarize import blurb
from digest.summarize.openings import is_orphan
from digest.text.language import joint
from digest.text.sentences import split
from digest.text.verbatim import verbatim
from digest.text.widths import width
from tests.summarize.news_in_languages import NEWS, ORPHANS

BUDGETS = (120, 200, 360)
LAYOUTS = ("one line", "paragraphs")


def told(language: str, layout: str) -> Entry:
    title, sentences = NEWS[language]
    between = joint(language) if layout == "one line" else "\n\n"
    return Entry(id="1", title=title, text=between.join(sentences), language=language)


def places(made: Blurb, entry: Entry, sentences: tuple[str, ...]) -> list[int]:
    """Which of the sentences a blurb quotes; fails where one is not whole."""
    return [sentences.index(entry.text[start:end]) for start, end in made.spans]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("language", NEWS)
def test_sentences_are_told_apart(language: str, layout: str) -> None:
    entry = told(language, layout)
    found = tuple(entry.text[start:end] for start, end in split(entry.text, language))
    assert found == NEWS[language][1]


@pytest.mark.parametrize("language", NEWS)
def test_what_points_back_is_known(language: str) -> None:
    found = [n for n, s in enumerate(NEWS[language][1]) if is_orphan(s, language)]
    assert found == list(ORPHANS[language])


@pytest.mark.parametrize("max_chars", BUDGETS)
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("said", [True, False], ids=["the entry says", "detected"])
@pytest.mark.parametrize("language", NEWS)
def test_a_blurb_stands_alone(language: str, said: bool, layout: str, max_chars: int) -> None:
    entry = told(language, layout)
    _, sentences = NEWS[language]
    if not said:
        entry = Entry(id="1", title=entry.title, text=entry.text)
    made = blurb(entry, max_chars=max_chars, language="en")
    assert verbatim(made, entry)
    assert width(made.text) <= max_chars
    assert made.joint == joint(language)
    first, *others = found = places(made, entry, sentences)
    assert first not in ORPHANS[language]
    assert first == 0 or width(sentences[0]) > max_chars
    assert first <= 4
    for before, after in zip(found, others, strict=False):
        assert after == before + 1 or after not in ORPHANS[language]


@pytest.mark.parametrize("language", NEWS)
def test_a_lead_is_more_than_one_sentence(language: str) -> None:
    """Also where words cannot be told apart, and are counted as slices of three characters."""
    entry = told(language, "one line")
    assert len(blurb(entry, max_chars=360).spans) > 1


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("language", NEWS)
def test_the_method_lead_takes_the_first(language: str, layout: str) -> None:
    entry = told(language, layout)
    made = blurb(entry, max_chars=360, method="lead")
    found = places(made, entry, NEWS[language][1])
    assert found == list(range(len(found)))
    assert found


@pytest.mark.parametrize("language", NEWS)
def test_a_language_that_the_script_contradicts_is_not_believed(language: str) -> None:
    """A feed says `en` because its software does."""
    entry = told(language, "one line")
    wrong = "ar" if language in {"es", "fr", "de"} else "en"
    claimed = Entry(id="1", title=entry.title, text=entry.text, language=wrong)
    for max_chars in BUDGETS:
        assert blurb(claimed, max_chars=max_chars) == blurb(entry, max_chars=max_chars)


def test_the_newsletters_language_stands_in_where_none_can_be_told() -> None:
    """Finnish has no profile: it is joined as the newsletter's own language is."""
    entry = Entry(id="1", title="x", text="Laiva lähti maanantaina. Satama suljettiin perjantaina.")
    assert blurb(entry, max_chars=200, language="fi").text == entry.text
    assert blurb(entry, max_chars=200, language="zh").joint == ""


def test_text_without_stops_is_not_doubtful_where_none_are_written() -> None:
    """A Thai body is preferred to the publisher's description, as any other is."""
    title, sentences = NEWS["th"]
    entry = Entry(id="1", title=title, text=" ".join(sentences), summary=sentences[5])
    assert blurb(entry, max_chars=200).origin == "text"


@pytest.mark.parametrize(
    ("sentence", "language", "orphan"),
    [
        ("이 시장은 월요일 새 부두를 열었다.", "ko", False),
        ("이 부두는 월요일에 문을 열었다.", "ko", True),
        ("그 배는 새벽에 떠났다.", "ko", True),
        ("Según los vecinos, el barco llegó tarde.", "es", False),
        ("Según él, el barco llegó tarde.", "es", True),
        ("Selon la mairie, le bac partira lundi.", "fr", False),
        ("D’après eux, le bac partira lundi.", "fr", True),
        ("Laut ihm fährt das Schiff am Montag.", "de", True),
        ("Laut der Stadt fährt das Schiff am Montag.", "de", False),
        ("Secondo lei la nave parte lunedì.", "it", True),
        ("Segundo eles, o barco parte na segunda.", "pt", True),
        ("Volgens haar vertrekt de boot maandag.", "nl", True),
        ("Σύμφωνα με την ίδια, το πλοίο φεύγει.", "el", True),
        ("उनकी नाव सोमवार को चली।", "hi", True),
        ("לכן הספינה יצאה ביום שני.", "he", True),
    ],
)
def test_orphans_of_other_languages(sentence: str, language: str, orphan: bool) -> None:
    assert is_orphan(sentence, language) is orphan


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("“渡轮下月开通。”市长说。码头很旧。", 2),
        ("“渡轮下月开通。”市长说，“票价不变。”码头很旧。", 2),
        ("市长说：“渡轮下月开通。”她表示，票价不变。", 2),
        ("“渡轮下月开通。”在记者会上，她说票价不变。", 2),
    ],
)
def test_a_chinese_quotation_ends_where_its_speaker_is_named(text: str, count: int) -> None:
    assert len(split(text, "zh")) == count
