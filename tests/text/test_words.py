"""Words are kept as a reader sees them; stop words and stems are sumy's."""

from __future__ import annotations

import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.text.words import content_words, stem, stop_words, words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ()),
        ("The U.S. had COVID-19 cases.", ("The", "U.S.", "had", "COVID-19", "cases")),
        ("$1,234.50 or 3.5% at 10:30 a.m.", ("1,234.50", "or", "3.5%", "at", "10:30", "a.m.")),
        ("AT&T's rock-n-roll isn't", ("AT&T's", "rock-n-roll", "isn't")),
        ("O’Brien’s naïve café", ("O’Brien’s", "naïve", "café")),
        ("e\u0301tude", ("e\u0301tude",)),
        ("日本のNHKは24時間", ("日本", "本の", "NHK", "は", "24", "時間")),
        ("東京", ("東京",)),
        ("ข่าวดี", ("ข่า", "่าว", "าวด", "วดี")),
        ("हिन्दी में समाचार।", ("हिन्दी", "में", "समाचार")),
        ("שלום עולם!", ("שלום", "עולם")),
        ("서울은 비", ("서울은", "비")),
        ("— … !?", ()),
    ],
)
def test_words(text: str, found: tuple[str, ...]) -> None:
    assert words(text) == found


@given(st.text(max_size=120))
def test_words_are_slices_of_the_text(text: str) -> None:
    assert all(word and word in text and not word.isspace() for word in words(text))


@given(st.text(st.characters(max_codepoint=127), max_size=80))
def test_plain_text_has_the_same_words_beside_other_scripts(text: str) -> None:
    assert words(text + " é")[:-1] == words(text + " e")[:-1]


def test_content_words_leave_stop_words_out() -> None:
    assert content_words("The quay won’t open in the U.S.", "en-GB") == ("quay", "open", "u.s.")
    assert content_words("Το λιμάνι και η πόλη", "el") == ("λιμάνι", "πόλη")


@pytest.mark.parametrize("tag", ["", "xx", "tlh", "eo"])
def test_an_unknown_language_has_no_stop_words_and_no_stems(tag: str) -> None:
    assert stop_words(tag) == frozenset()
    assert stem("Running", tag) == "running"


LISTS = ("ar", "zh", "cs", "en", "fr", "de", "el", "he", "it", "ja", "ko", "pl", "pt", "sk", "es",
         "sv", "th", "uk")  # fmt: skip


@pytest.mark.parametrize("tag", LISTS)
def test_every_list_of_sumy_is_found(tag: str) -> None:
    assert len(stop_words(tag)) > 20


@pytest.mark.parametrize(
    ("word", "tag", "stemmed"),
    [
        ("Ships", "en", "ship"),
        ("barcos", "es", "barc"),
        ("Häfen", "de", "haf"),
        ("λιμάνια", "el", "λιμάνια"),
    ],
)
def test_stems(word: str, tag: str, stemmed: str) -> None:
    assert stem(word, tag) == stemmed


def test_an_arabic_stem_does_not_depend_on_the_word_before() -> None:
    assert stem("فسيكتبها", "ar")
    assert stem("كتبوا", "ar") == "كتب"


def test_the_arabic_stemmer_of_sumy_still_remembers() -> None:
    """Fails once nltk's stemmer forgets the word before: then one instance will do."""
    from sumy.nlp.stemmers import Stemmer

    sample = (
        "المدرسة",
        "يكتبون",
        "والكتاب",
        "فسيكتبها",
        "المعلمين",
        "مدارسهم",
        "استخدامات",
        "قالت",
        "الحكومة",
    )
    one = Stemmer("arabic")
    after: set[str] = set()
    for word in sample:
        one(word)
        after.add(one("كتبوا"))
    assert len(after | {Stemmer("arabic")("كتبوا")}) > 1


def test_sumy_still_misses_greek_by_its_tag() -> None:
    """Fails once sumy finds its Greek list by `el`: then our table of names can go."""
    from sumy.utils import get_stop_words

    with pytest.raises(LookupError):
        get_stop_words("el")


@pytest.mark.parametrize("language", ["cs", "sk"])
@pytest.mark.parametrize("word", ["2025", "19.11.", "_", "Přístavu", "c2c"])
def test_stems_of_czech_and_slovak_warn_of_nothing(language: str, word: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert stem(word, language)


@pytest.mark.parametrize("name", ["czech", "slovak"])
def test_sumy_still_warns_of_words_without_letters(name: str) -> None:
    """Fails once sumy does not: then `_stemmer` needs no guard."""
    from sumy.nlp.stemmers import Stemmer

    with pytest.warns(UserWarning, match="mixed case"):
        Stemmer(name)("2025")
