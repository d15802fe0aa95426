"""Text saved from a page, in the habits of many houses."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.saved_text import fields, seed
from digest.collect.bylines import Byline, is_byline, parse_byline, split_dateline
from digest.collect.lines import part_kind
from digest.collect.saved_text import read_page
from digest.collect.teasers import split_excerpt
from digest.models import Entry
from tests.collect.doubles import gather
from tests.collect.saved_texts import Marked, texts


def test_every_field_of_a_saved_page() -> None:
    lead, first, second = gather("saved.txt").entries
    assert lead.title == "Town Votes for a Second Bridge"
    assert (lead.byline, lead.agency) == ("Rosa Ferry", "River News Service")
    assert lead.dateline == "ELMSTEAD, NORTHLAND"
    assert lead.text.split("\n\n") == [
        "The town voted on Sunday for a second bridge over the river.",
        "The vote was close.",
        "“We begin in spring,” said the mayor.",
        "Work will take two years, the council said.",
    ]
    assert [(p.kind, p.text) for p in lead.parts] == [
        ("byline", "By Rosa Ferry/River News Service"),
        ("caption", "FILE – The first bridge, seen from the east bank, May 2, 2019."),
        ("dateline", "ELMSTEAD, NORTHLAND"),
        ("subhead", "What comes next?"),
        ("caption", "The old bridge at Elmstead’s weir, Jan. 3, 2020."),
        ("call-to-action", "Read more: how the vote was counted"),
        ("notice", "Most read"),
    ]
    assert (lead.url, lead.published, lead.source, lead.cut) == (None, None, "", False)
    assert (first.byline, first.agency) == ("Tom Hedge", "Northland News Agency")
    assert first.title == "School opens a garden on its roof"
    assert first.summary == "The school on Mill Lane has opened a garden for its pupils and..."
    assert (second.byline, second.agency) == ("Ann Lee", "")
    assert second.summary == "In a cold night the harbor froze over, and boats could not..."
    for teaser in (first, second):
        assert (teaser.text, teaser.cut, teaser.url, teaser.published) == ("", True, None, None)


@dataclass(frozen=True)
class Habit:
    """A saved text and what it holds."""

    text: str
    title: str
    byline: str = ""
    agency: str = ""
    dateline: str = ""
    body: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    teasers: tuple[tuple[str, str, str], ...] = ()
    published: datetime | None = None
    summary: str = ""


def page(*blocks: str) -> str:
    return "\n\n".join(blocks)


HABITS = {
    "a wire report with a date in its dateline": Habit(
        page(
            "Lighthouse sold",
            "NORTH CAPE, Nov 3 (AFP) - A lighthouse was sold on Monday.",
            "It has no road.",
            "(Reporting by A. Keeper; editing by B. Light)",
        ),
        "Lighthouse sold",
        agency="AFP",
        dateline="NORTH CAPE, Nov 3",
        body=("A lighthouse was sold on Monday.", "It has no road."),
        kinds=("dateline", "notice"),
    ),
    "an agency alone before a dash": Habit(
        page(
            "Oil falls",
            "(Reuters) - Oil fell for a third day on Tuesday.",
            "Traders waited.",
        ),
        "Oil falls",
        agency="Reuters",
        body=("Oil fell for a third day on Tuesday.", "Traders waited."),
        kinds=("dateline",),
    ),
    "a standfirst, a job title and a date line": Habit(
        page(
            "Baker wins prize",
            "A loaf of rye convinced the jury.",
            "By Mia Crust, Senior Food Writer",
            "Published: November 12, 2026 at 9:15 am",
            "Mia's rye won on Saturday.",
            "She smiled.",
        ),
        "Baker wins prize",
        byline="Mia Crust",
        summary="A loaf of rye convinced the jury.",
        body=("Mia's rye won on Saturday.", "She smiled."),
        kinds=("byline", "notice"),
        published=datetime(2026, 11, 12, 9, 15, tzinfo=UTC),
    ),
    "a kicker, a bare byline and share lines": Habit(
        page(
            "POLITICS",
            "Council delays the vote on the pier",
            "Jon Pier | Coast Times\nFacebook Twitter WhatsApp",
            "The council delayed the vote.",
            "Advertisement",
            "Nobody came.",
        ),
        "Council delays the vote on the pier",
        byline="Jon Pier",
        agency="Coast Times",
        body=("The council delayed the vote.", "Nobody came."),
        kinds=("notice", "byline", "share", "notice"),
    ),
    "lines wrapped at a column": Habit(
        page(
            "A walk along the dike",
            "By Lena Marsh",
            (
                "The dike is nine kilometers long and was built in\nthree years by people who "
                "had never seen the sea\nbefore they came here to work."
            ),
            "It holds.",
        ),
        "A walk along the dike",
        byline="Lena Marsh",
        body=(
            (
                "The dike is nine kilometers long and was built in three years by people who had "
                "never seen the sea before they came here to work."
            ),
            "It holds.",
        ),
        kinds=("byline",),
    ),
    "Spanish, with related stories": Habit(
        page(
            "El puerto abre de noche",
            "Por Lucía Ramos",
            "PUERTO VIEJO — El puerto abrirá de noche desde mayo.",
            "Los barcos esperan.",
            "Noticias relacionadas",
            "Cierra la vieja fábrica de hielo",
            "Por Juan Pérez La fábrica cerró tras cien años de...",
        ),
        "El puerto abre de noche",
        byline="Lucía Ramos",
        dateline="PUERTO VIEJO",
        body=("El puerto abrirá de noche desde mayo.", "Los barcos esperan."),
        kinds=("byline", "dateline", "notice"),
        teasers=(
            (
                "Cierra la vieja fábrica de hielo",
                "Juan Pérez",
                "La fábrica cerró tras cien años de...",
            ),
        ),
    ),
    "German, with a picture's caption": Habit(
        page(
            "Neue Brücke eröffnet",
            "Von Anna Schmidt, Redakteurin",
            "Foto: Die Brücke am Morgen",
            "Die Brücke ist seit Montag offen.",
            "Viele kamen.",
            "Meistgelesen",
            "Katze rettet Hund",
            "Von Uwe Klein Die Katze bellte und der Hund …",
        ),
        "Neue Brücke eröffnet",
        byline="Anna Schmidt",
        body=("Die Brücke ist seit Montag offen.", "Viele kamen."),
        kinds=("byline", "caption", "notice"),
        teasers=(("Katze rettet Hund", "Uwe Klein", "Die Katze bellte und der Hund …"),),
    ),
    "French, with a call in the middle": Habit(
        page(
            "Le moulin tourne encore",
            "Par Inès Fanal et Luc Mèche",
            "Le moulin tourne encore, dit son meunier.",
            "À lire aussi : la farine chère",
            "Il a cent ans.",
        ),
        "Le moulin tourne encore",
        byline="Inès Fanal et Luc Mèche",
        body=("Le moulin tourne encore, dit son meunier.", "Il a cent ans."),
        kinds=("byline", "call-to-action"),
    ),
    "Chinese": Habit(
        page(
            "新桥通车",
            "作者：王小明",
            "新桥于周一通车，许多市民前来观看。",
            "桥长两公里。",
        ),
        "新桥通车",
        byline="王小明",
        body=("新桥于周一通车，许多市民前来观看。", "桥长两公里。"),
        kinds=("byline",),
    ),
    "related headlines in the middle, without excerpts": Habit(
        page(
            "Rain fills the lake",
            "The lake is full again, the rangers said.",
            "Related",
            "Lake runs dry for a second year",
            "The boats are back on the water.",
            "Fish were seen.",
        ),
        "Rain fills the lake",
        body=(
            "The lake is full again, the rangers said.",
            "The boats are back on the water.",
            "Fish were seen.",
        ),
        kinds=("notice", "call-to-action"),
    ),
    "teasers with byline and date on lines of their own": Habit(
        page(
            "Tower reopens",
            "The tower has reopened after repairs.",
            "Related stories",
            "Clock is late again",
            "By Sam Tick",
            "May 1, 2026",
            "The clock ran nine minutes late on...",
        ),
        "Tower reopens",
        body=("The tower has reopened after repairs.",),
        kinds=("notice",),
        teasers=(("Clock is late again", "Sam Tick", "The clock ran nine minutes late on..."),),
    ),
    "nothing but a title and text": Habit(
        page(
            "A plain note",
            "One line of words.",
            "Another one.",
        ),
        "A plain note",
        body=("One line of words.", "Another one."),
    ),
}


@pytest.mark.parametrize("name", HABITS)
def test_habits(name: str) -> None:
    habit = HABITS[name]
    page = read_page(habit.text)
    body = page.body()
    assert page.title == habit.title
    assert (body.byline, body.agency) == (habit.byline, habit.agency)
    assert body.dateline == habit.dateline
    assert body.paragraphs == habit.body
    assert page.summary == habit.summary
    assert page.published == habit.published
    assert tuple(p.kind for p in body.parts) == habit.kinds
    assert tuple((t.title, t.byline, t.excerpt) for t in page.teasers) == habit.teasers


@pytest.mark.parametrize(
    ("line", "name", "agency", "excerpt"),
    [
        ("By Ann Lee The town woke up...", "Ann Lee", "", "The town woke up..."),
        ("By Ann Lee Over 2.5 million came", "Ann Lee", "", "Over 2.5 million came"),
        ("By Ann B. Lee 300 people came", "Ann B. Lee", "", "300 people came"),
        ("By Ann Lee “We know,” he said", "Ann Lee", "", "“We know,” he said"),
        ("By Ann Lee President Moss said", "Ann Lee", "", "President Moss said"),
        ("By Ann Lee OAKTON — Rain fell", "Ann Lee", "", "OAKTON — Rain fell"),
        ("By Ann Lee Zipco said it would", "Ann Lee", "", "Zipco said it would"),
        ("By Ann Lee Jr. Moss was seen", "Ann Lee Jr.", "", "Moss was seen"),
        ("By Ann Lee and Bo Chan Rain is near", "Ann Lee and Bo Chan", "", "Rain is near"),
        ("By Ann Lee | Coast News Agency The sea", "Ann Lee", "Coast News Agency", "The sea"),
        ("By Ann Lee/VOA News North winds blew", "Ann Lee", "VOA News", "North winds blew"),
        ("By Ann Lee | PNA President Moss said", "Ann Lee", "PNA", "President Moss said"),
        ("By Reuters Oil fell on Monday", "", "Reuters", "Oil fell on Monday"),
        ("By Ann Lee May 3, 2026 Oil fell", "Ann Lee", "", "Oil fell"),
        ("By Ann Lee | 3 hours ago | Oil fell", "Ann Lee", "", "Oil fell"),
        ("By Ann Lee – The city council met", "Ann Lee", "", "The city council met"),
        ("Ann Lee The two towns agreed", "Ann Lee", "", "The two towns agreed"),
        ("By Óscar De La Cruz La policía habló", "Óscar De La Cruz", "", "La policía habló"),
        ("Von Uwe Klein Die Regierung will", "Uwe Klein", "", "Die Regierung will"),
        ("The city of Oakton In a move", "", "", "The city of Oakton In a move"),
        ("President Moss The second said", "", "", "President Moss The second said"),
        ("Rain fell in the north.", "", "", "Rain fell in the north."),
    ],
)
def test_byline_and_excerpt_run_together(line: str, name: str, agency: str, excerpt: str) -> None:
    byline, _, rest = split_excerpt(line)
    assert (byline.name, byline.agency, rest) == (name, agency, excerpt)


def test_a_name_that_opens_two_lines_is_a_name() -> None:
    lines = ["By Ana Maria Cruz Zipco said it would", "By Ana Maria Cruz Oakton was quiet"]
    others = [line.split() for line in lines]
    assert split_excerpt(lines[0], others)[0].name == "Ana Maria Cruz"


@pytest.mark.parametrize(
    ("raw", "name", "agency"),
    [
        ("By\xa0 William Gale/VOA News\xa0", "William Gale", "VOA News"),
        ("by jane roe", "jane roe", ""),
        ("Jane Roe, Associated Press", "Jane Roe", "Associated Press"),
        ("Jane Roe | Reuters", "Jane Roe", "Reuters"),
        ("Jane Roe for the Coast Times", "Jane Roe", "the Coast Times"),
        ("By Jane Roe, Staff Writer", "Jane Roe", ""),
        ("By JANE ROE and JOHN DOE", "JANE ROE and JOHN DOE", ""),
        ("desk@example.org (Jane Roe)", "Jane Roe", ""),
        ("Jane Roe <jane@example.org>", "Jane Roe", ""),
        ("Jane Roe @janeroe", "Jane Roe", ""),
        ("noreply@example.org", "", ""),
        ("admin", "", ""),
        ("https://example.org/jane", "", ""),
        ("Martin Roe, Jr.", "Martin Roe, Jr.", ""),
        ("Agencia EFE", "", "Agencia EFE"),
        ("VJ", "VJ", ""),
        ("", "", ""),
    ],
)
def test_bylines(raw: str, name: str, agency: str) -> None:
    assert parse_byline(raw) == Byline(name, agency)


@pytest.mark.parametrize(
    ("line", "bare", "is_one"),
    [
        ("By Jane Roe", False, True),
        ("By Jane Roe and John Doe", False, True),
        ("By the time they came, the boat had left.", False, False),
        ("Jane Roe", False, False),
        ("Jane Roe", True, True),
        ("The Long Road", True, False),
        ("Rain fell in the north.", True, False),
    ],
)
def test_lines_that_are_bylines(line: str, *, bare: bool, is_one: bool) -> None:
    assert is_byline(line, bare=bare) is is_one


@pytest.mark.parametrize(
    ("paragraph", "dateline", "agency", "rest"),
    [
        ("OAKTON, NORTHLAND — Rain fell.", "OAKTON, NORTHLAND", "", "Rain fell."),
        ("NEW OAK, Northland (AP) — Rain fell.", "NEW OAK, Northland", "AP", "Rain fell."),
        ("Oakton (dpa) - Rain fell.", "Oakton", "dpa", "Rain fell."),
        ("OAKTON - Rain fell.", "OAKTON", "", "Rain fell."),
        (
            "ST. OAK/PORT ELM, Nov 3 (Reuters) - Rain.",
            "ST. OAK/PORT ELM, Nov 3",
            "Reuters",
            "Rain.",
        ),
        ("UPDATE — Rain fell.", "", "", "UPDATE — Rain fell."),
        ("Rain — and snow — fell.", "", "", "Rain — and snow — fell."),
        ("A man (left) - the mayor - came.", "", "", "A man (left) - the mayor - came."),
        ("雨 — 下了一天。", "", "", "雨 — 下了一天。"),
    ],
)
def test_datelines(paragraph: str, dateline: str, agency: str, rest: str) -> None:
    assert split_dateline(paragraph) == (dateline, agency, rest)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("FILE – A boat on the lake.", "caption"),
        ("PHOTO: A boat on the lake (Agency/staff).", "caption"),
        ("A boat on the lake. (Photo by Jane Roe)", "caption"),
        ("The minister leaves in a file photo.", "caption"),
        ("Image copyright Coast Pictures.", "caption"),
        ("A boat crosses the lake at Oakton, May 3, 2020.", "caption"),
        ("The war ended in Oakton on May 8, 1945.", None),
        ("“We were there,” she said, May 3, 2020.", None),
        ("The data was stored in this file by mistake.", None),
        ("Read more: five things to know today.", "call-to-action"),
        ("Sign up for our morning newsletter to get the top stories.", "call-to-action"),
        ("Subscribers left the paper in large numbers last year. It had to close.", None),
        ("Share this article", "share"),
        ("Facebook Twitter WhatsApp Email", "share"),
        ("Shares fell by nine percent on Monday.", None),
        ("Advertisement", "notice"),
        ("© 2026 Coast Times. All rights reserved.", "notice"),
        ("Photographs were taken of the whole village that day.", None),
    ],
)
def test_lines_that_are_no_body(line: str, kind: str | None) -> None:
    assert part_kind(line) == kind


@given(st.lists(st.sampled_from(
    ["Popular", "By Ann Lee", "Related", "A headline here", "Some prose that ends.", "cut off...",
     "By Ann Lee The end of it...", "", "FILE – x", "May 3, 2020", "Read more", "|", "By", "A. B."]
), max_size=14).map("\n\n".join))  # fmt: skip
def test_any_order_of_lines_is_read_and_no_prose_is_lost(text: str) -> None:
    page = read_page(text)
    kept = " ".join(
        [page.title, page.summary, *page.body().paragraphs, *(p.text for p in page.parts)]
        + [f"{t.title} {t.excerpt}" for t in page.teasers]
    )
    assert ("Some prose that ends." in text) == ("Some prose that ends." in kept)


def test_the_seed_gives_every_field_of_its_gold(bench_data: Path) -> None:
    folder = bench_data / "seed"
    gold = json.loads((folder / "gold.json").read_text("utf-8"))
    found = gather(gold["file"], folder=folder)
    assert not found.failures
    assert len(found.entries) == gold["n_documents"]
    lead, *teasers = found.entries
    _is_lead(lead, gold["lead"])
    assert len(lead.text.split("\n\n")) == gold["checks"]["body_paragraphs"]
    assert len(lead.text.split()) == gold["checks"]["body_words"]
    assert [t.title for t in teasers] == [g["title"] for g in gold["related"]]
    for teaser, wanted in zip(teasers, gold["related"], strict=True):
        assert teaser.byline == (wanted["author"] or "")
        assert teaser.agency == (wanted["agency"] or "")
        assert teaser.summary == wanted["excerpt"]
        assert teaser.cut is wanted["truncated"]
        assert (teaser.text, teaser.url, teaser.published, teaser.source) == ("", None, None, "")


def _is_lead(lead: Entry, gold: dict[str, object]) -> None:
    wanted = json.loads(json.dumps(gold))
    assert lead.title == wanted["title"]
    assert (lead.byline, lead.agency) == (wanted["author"], wanted["agency"])
    assert (lead.published, lead.url, lead.source) == (None, None, "")
    assert lead.dateline == wanted["dateline"]["raw"]
    kept = {kind: [p.text for p in lead.parts if p.kind == kind] for kind in ("caption", "subhead")}
    assert kept["caption"] == [caption["text"] for caption in wanted["captions"]]
    assert kept["subhead"] == [s["heading"] for s in wanted["sections"] if s["heading"]]
    paragraphs = [p["text"] for section in wanted["sections"] for p in section["paragraphs"]]
    assert lead.text == "\n\n".join(paragraphs)
    assert not lead.cut


MARKED = texts()


@pytest.mark.parametrize("marked", MARKED, ids=lambda m: m.name)
def test_nothing_of_a_text_is_thrown_away(marked: Marked, tmp_path: Path) -> None:
    """Each line stands in a title, a text, a summary, a part or a teaser's own fields."""
    (tmp_path / "saved.txt").write_text(marked.text, "utf-8")
    found = gather("saved.txt", folder=tmp_path)
    kept = " ".join(
        " ".join([e.title, e.text, e.summary, e.byline, e.agency, *(p.text for p in e.parts)])
        for e in found.entries
    )
    words = [word for word in re.findall(r"[^\W_]{3,}", marked.text) if word not in kept]
    opening = {"Von", "Par", "Por", "Door", "and", "Sep"}
    assert [word for word in words if word not in opening] == []


def test_what_is_read_of_forty_texts() -> None:
    """In thirteen languages; the wrong ones are names that run into a sentence without a sign."""
    answers = [answer for marked in MARKED for answer in fields(marked)]
    wrong = [(name, told) for name, ok, told in answers if not ok]
    assert len(MARKED) == 40
    assert len(answers) > 700
    assert len(wrong) <= 3, wrong


def test_the_saved_page_of_the_data_is_read_in_every_field(bench_data: Path) -> None:
    assert [(name, told) for name, ok, told in seed(bench_data) if not ok] == []
