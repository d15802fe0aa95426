"""Languages by their script and function words, and which way they run."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.text.language import base, direction, guess, joint, language_of, script, spaced

SAMPLES = {
    "en": "The port of Alder opened a new quay on Monday, and the boats that waited came in.",
    "es": "El ayuntamiento inauguró el lunes un nuevo muelle en el puerto de la ciudad.",
    "fr": "La ville a inauguré lundi un nouveau quai dans le port, qui est le plus grand du pays.",
    "de": "Die Stadt hat am Montag einen neuen Kai im Hafen eröffnet, der nicht teuer war.",
    "it": "Il comune ha inaugurato lunedì un nuovo molo nel porto della città, che è più grande.",
    "pt": "A cidade inaugurou na segunda-feira um novo cais no porto, que não foi muito caro.",
    "nl": "De stad heeft maandag een nieuwe kade in de haven geopend, die niet duur was.",
    "sv": "Staden har öppnat en ny kaj i hamnen, och det är den största som har byggts.",
    "pl": "Miasto otworzyło nowe nabrzeże w porcie, które jest tym większe niż było.",
    "tr": "Belediye bir liman açtı ve bu çok büyük bir proje olarak biliniyor.",
    "ru": "Город открыл в понедельник новый причал, и рыбаки были рады.",
    "uk": "Місто відкрило в понеділок новий причал, і рибалки її чекали.",
    "ja": "港の朝は早い。漁師たちは船を出した。",
    "zh": "市政府周一宣布，新的码头将于明年春天开放。",
    "ko": "시는 월요일에 새 부두를 열었다.",
    "ar": "أعلنت المدينة يوم الاثنين افتتاح رصيف جديد.",
    "fa": "شهرداری روز دوشنبه اسکله‌ای جدید را گشود و کشتی‌ها آمدند.",
    "ur": "شہر نے پیر کو نئی گودی کھولی جو بہت بڑی ہے۔",
    "he": "העירייה פתחה רציף חדש ביום שני.",
    "hi": "नगर निगम ने सोमवार को नया घाट खोला।",
    "th": "เทศบาลเปิดท่าเรือใหม่ในวันจันทร์",
    "el": "Ο δήμος εγκαινίασε τη Δευτέρα νέα προβλήτα.",
    "ka": "ქალაქმა ახალი ნავსადგური გახსნა.",
}


@pytest.mark.parametrize("tag", SAMPLES)
def test_guess(tag: str) -> None:
    assert guess(SAMPLES[tag]) == tag


@pytest.mark.parametrize("text", ["", "  ", "2026", "Alder Quay", "Lorem ipsum dolor sit", "😀"])
def test_what_cannot_be_known_is_not_guessed(text: str) -> None:
    assert guess(text) == ""


@pytest.mark.parametrize(
    ("text", "said", "language"),
    [
        (SAMPLES["ja"], ("en",), "ja"),
        (SAMPLES["zh"], ("zh-Hant",), "zh-Hant"),
        (SAMPLES["fr"], ("en-US",), "en-US"),
        (SAMPLES["fr"], ("", "fr-CA"), "fr-CA"),
        (SAMPLES["en"], ("ja",), "en"),
        ("2026", ("pt-BR",), "pt-BR"),
        ("Alder Quay", (), ""),
        ("Grad je otvorio luku.", ("sr",), "sr"),
    ],
)
def test_a_tag_is_believed_unless_the_script_contradicts(
    text: str, said: tuple[str, ...], language: str
) -> None:
    assert language_of(text, *said) == language


@pytest.mark.parametrize(
    ("tag", "way"),
    [
        ("ar", "rtl"), ("he-IL", "rtl"), ("fa", "rtl"), ("UR_pk", "rtl"), ("yi", "rtl"),
        ("en", "ltr"), ("", "ltr"), ("az-Arab", "rtl"), ("ar-Latn", "ltr"), ("ja", "ltr"),
    ],
)  # fmt: skip
def test_direction(tag: str, way: str) -> None:
    assert direction(tag) == way


@pytest.mark.parametrize(
    ("tag", "plain"), [("pt-BR", "pt"), ("zh_Hant_TW", "zh"), (" EN ", "en"), ("", "")]
)
def test_base(tag: str, plain: str) -> None:
    assert base(tag) == plain


@pytest.mark.parametrize(
    ("tag", "words", "between"),
    [
        ("en", True, " "),
        ("zh-TW", False, ""),
        ("ja", False, ""),
        ("th", False, " "),
        ("", True, " "),
    ],
)
def test_spaces_between_words_and_sentences(tag: str, words: bool, between: str) -> None:
    assert (spaced(tag), joint(tag)) == (words, between)


@given(st.text(max_size=100))
def test_no_text_is_too_odd(text: str) -> None:
    assert guess(text) == guess(text)
    assert len(script(text)) in {0, 4}


def test_a_tag_that_the_words_plainly_deny_is_not_believed() -> None:
    german = (
        "Der Hafen von Alder wird im Juni geschlossen, weil die Mauer an der Werft nicht mehr "
        "sicher ist und das Wasser im Winter bis an die Häuser stand, sagte der Bürgermeister."
    )
    assert language_of(german, "en-US") == "de"
    assert language_of(german, "de-AT") == "de-AT"
    assert language_of("Der Hafen von Alder wird geschlossen.", "en") == "en"
    names = "Okafor Reyes Lund Quennell Brandauer Chen Moss Vale Amis Reed " * 4
    assert language_of(names, "en") == "en"
