"""The renderings in other languages: catalogues that are whole, words, numbers, directions."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import lxml.html
import pytest
from babel.messages.catalog import Message
from lxml import etree
from lxml.html import HtmlElement

from bench import catalogues
from digest.models import Credit, Issue, Notice, Renderings
from digest.render import Theme, render
from digest.render.locales import number
from digest.text.catalogues import LOCALES, translations
from tests.render.sample_issue import sample_issue, sample_media

LANGUAGES = catalogues.LANGUAGES
MESSAGES = [
    pytest.param(language, message, id=f"{language}: {str(message.id)[:40]}")
    for language in LANGUAGES
    for message in catalogues.read(language)
    if message.id
]


def forms(message: Message) -> tuple[str, ...]:
    """All that a message is translated to."""
    said = message.string
    return tuple(said) if isinstance(said, tuple | list) else (str(said),)


# --- The catalogues. ---


@pytest.mark.parametrize("written", list(catalogues.files()), ids=lambda w: str(w.path.name))
def test_the_catalogues_are_what_templates_and_code_say(written: catalogues.Written) -> None:
    assert written.path.read_bytes() == written.content, "run make catalogues"


def test_every_shipped_catalogue_is_looked_after() -> None:
    there = {path.parent.parent.name for path in LOCALES.rglob("*.mo")}
    assert there == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_untranslated_doubtful_or_left_over(language: str) -> None:
    assert list(catalogues.faults(catalogues.read(language))) == []


def test_faults_are_found() -> None:
    catalogue = catalogues.read("es")
    catalogue.add("Never said", "")
    catalogue.add("Doubtful", "Dudoso", flags=["fuzzy"])
    catalogue.add("At %(host)s", "En %(hots)s", flags=["python-format"])
    catalogue.obsolete["Old"] = Message("Old", "Viejo")
    found = " ".join(catalogues.faults(catalogue))
    assert "“Never said” is not translated" in found
    assert "“Doubtful” is marked fuzzy" in found
    assert "“At %(host)s”" in found
    assert "“Old” is said nowhere any more" in found


@pytest.mark.parametrize(("language", "message"), MESSAGES)
def test_translations_keep_the_placeholders(language: str, message: Message) -> None:
    source = message.id if isinstance(message.id, str) else message.id[-1]
    wanted = sorted(re.findall(r"%\(\w+\)s", source))
    for at, form in enumerate(forms(message)):
        found = sorted(re.findall(r"%\(\w+\)s", form))
        # Arabic says none, one and two by the noun itself.
        spelled = language == "ar" and message.pluralizable and at < 3
        assert found == ([] if spelled else wanted), form
        assert "%" not in re.sub(r"%\(\w+\)s", "", form)


@pytest.mark.parametrize(("language", "count"), [("ar", 6), ("es", 2), ("ja", 1)])
def test_plural_forms(language: str, count: int) -> None:
    plurals = [message for message in catalogues.read(language) if message.pluralizable]
    assert plurals
    assert {len(forms(message)) for message in plurals} == {count}


@pytest.mark.parametrize(
    ("language", "minutes", "says"),
    [
        ("en", 1, "1 min read"),
        ("en", 12, "12 min read"),
        ("es", 5, "5 min de lectura"),
        ("ja", 5, "5分で読めます"),
        ("ar", 1, "دقيقة واحدة للقراءة"),
        ("ar", 2, "دقيقتان للقراءة"),
        ("ar", 3, "3 دقائق للقراءة"),
        ("ar", 10, "10 دقائق للقراءة"),
        ("ar", 11, "11 دقيقة للقراءة"),
        ("ar", 100, "100 دقيقة للقراءة"),
        ("ar", 103, "103 دقائق للقراءة"),
        ("es-MX", 5, "5 min de lectura"),
        ("ES_mx", 5, "5 min de lectura"),
        ("ar-Arab-EG", 2, "دقيقتان للقراءة"),
        ("qqq", 5, "5 min read"),
        ("../es", 5, "5 min read"),
        ("", 5, "5 min read"),
    ],
)
def test_the_catalogue_of_a_tag(language: str, minutes: int, says: str) -> None:
    told = translations(language).ngettext("%(n)s min read", "%(n)s min read", minutes)
    assert told % {"n": minutes} == says


# --- The renderings. ---


def parsed(html: str) -> HtmlElement:
    page = lxml.html.document_fromstring(html)
    assert isinstance(page, HtmlElement)
    return page


def said_in(element: etree._Element) -> str:
    return "".join(map(str, element.itertext()))


@cache
def made_in(language: str, theme: Theme) -> Renderings:
    """The sample issue of a newsletter in `language`; its Latin stories say that they are `en`."""
    return render(issue_in(language), theme, media=sample_media())


def issue_in(language: str) -> Issue:
    issue = sample_issue()
    latin = [
        replace(story, entry=replace(story.entry, language=story.entry.language or "en"))
        for story in issue.leads
    ]
    arabic = issue.sections[0].stories[2]
    also = (
        Credit(id="a", source="اليوم", title="a", url="https://alyawm.example.com/"),
        Credit(id="b", source="صوت البحر", title="b", url="https://sawt.example.com/"),
        Credit(id="c", source="Radio Delta", title="c"),
    )
    entry = replace(arabic.entry, byline="علي حسن")
    return replace(
        issue,
        number=12_047,
        newsletter=replace(issue.newsletter, language=language),
        leads=(*latin, replace(arabic, tier="lead", entry=entry, also=also)),
        notices=(Notice(title="Paint", text="Two coats.", url="https://paint.example.org/"),),
    )


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("es", "Por Inês Marques|También lo cuentan River Post|4 min de lectura|Patrocinado"),
        ("es", "N.º 12.047|viernes, 20 de noviembre de 2026|Seguir leyendo en coast.example.com"),
        ("ar", "بقلم علي حسن|الخبر أيضًا في|4 دقائق للقراءة|محتوى مدفوع|اليوم، صوت البحر"),
        ("ar", "العدد 12,047|20 نوفمبر 2026|تابع القراءة في coast.example.com"),
        ("ja", "文：Inês Marques|ほかの報道：River Post、Radio Delta|4分で読めます|スポンサー"),
        ("ja", "第12,047号|2026年11月20日金曜日|続きは coast.example.com で"),
    ],
)
def test_every_form_speaks_the_language(theme: Theme, language: str, words: str) -> None:
    made = made_in(language, theme)
    for name in ("email_html", "email_txt", "web_html"):
        form = getattr(made, name)
        shown = form if name == "email_txt" else said_in(parsed(form))
        shown = re.sub(r"[\u2066-\u2069\u200f]| \[\d+\]", "", shown)
        shown = " ".join(shown.replace("\u00a0", " ").split())
        missing = [said for said in words.split("|") if said not in shown]
        assert not missing, name
        left = re.findall(r"Also covered by|min read|Continue reading|Sponsored|No\. ", shown)
        assert not left, name


@pytest.mark.parametrize("language", ["en", "es", "ar", "ja", "qqq", "he-IL"])
@pytest.mark.parametrize("name", ["email_html", "web_html"])
def test_lang_and_dir_stand_on_the_page_and_on_foreign_words(
    theme: Theme, language: str, name: str
) -> None:
    page = parsed(getattr(made_in(language, theme), name))
    ways = {"ar": "rtl", "he-IL": "rtl"}
    assert (page.get("lang"), page.get("dir")) == (language, ways.get(language, "ltr"))
    for words, spoken in (("The harbor wall", "en"), ("ميناء صغير", "ar")):
        heading = next(h for h in page.iter("h2", "h3") if words in said_in(h))
        inside = [heading, *heading.iterancestors()]
        told = next(element.get("lang") for element in inside if element.get("lang"))
        way = next(element.get("dir") for element in inside if element.get("dir"))
        assert (told, way) == (spoken, ways.get(spoken, "ltr"))
    # What the newsletter says about a foreign story is in the newsletter's language.
    facts = next(e for e in page.iter("p") if "علي حسن" in said_in(e))
    inside = [facts, *facts.iterancestors()]
    assert next(element.get("lang") for element in inside if element.get("lang")) == language


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("name", ["email_html", "web_html"])
def test_names_that_run_the_other_way_stand_apart(theme: Theme, language: str, name: str) -> None:
    page = parsed(getattr(made_in(language, theme), name))
    other = "Radio Delta" if language == "ar" else "صوت البحر"
    shown = [e for e in page.iter("a", "span", "bdi") if said_in(e) == other]
    assert shown
    assert any(e.tag == "bdi" or e.get("dir") == "auto" for e in shown)


def test_text_lines_of_both_directions_are_isolated(theme: Theme) -> None:
    text = made_in("en", theme).email_txt
    assert "\u2068By \u2068علي حسن\u2069\u2069 ·\u00a0\u2068جريدة الساحل\u2069" in text
    assert re.search("Also covered by \u2068اليوم \\[\\d+\\]\u2069, \u2068صوت", text)
    text = made_in("ar", theme).email_txt
    assert re.search("\u2068River Post \\[\\d+\\]\u2069، \u2068Radio Delta\u2069", text)
    # A line of isolates alone says its own direction.
    assert [line[0] for line in text.splitlines() if "\u2068Coast Wire\u2069" in line] == ["\u200f"]


def test_lines_of_one_direction_hold_no_marks(theme: Theme) -> None:
    issue = sample_issue()
    plain = replace(issue, sections=issue.sections[1:])
    text = render(plain, theme, media=sample_media()).email_txt
    assert not re.findall("[\u200e\u200f\u202a-\u202e\u2066-\u2069]", text)


@pytest.mark.parametrize(
    ("value", "language", "written"),
    [
        (47, "ar", "47"),
        (1047, "es", "1047"),
        (12_047, "es", "12.047"),
        (12_047, "es-MX", "12,047"),
        (12_047, "en", "12,047"),
        (12_047, "qqq", "12,047"),
        (1_234_567, "hi", "12,34,567"),
    ],
)
def test_numbers_are_grouped_as_the_language_does(value: int, language: str, written: str) -> None:
    assert number(value, language) == written


def test_a_label_of_the_editor_stays(theme: Theme) -> None:
    issue = issue_in("ar")
    notice = replace(issue.notices[0], label="Advertorial")
    made = render(replace(issue, notices=(notice,)), theme, media=sample_media())
    assert "Advertorial" in made.email_txt
    assert "محتوى مدفوع" not in made.email_txt
