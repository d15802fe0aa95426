"""What may be quoted: reports, and not the lines that scraping leaves between them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.models import Entry, Image, Part
from digest.summarize import blurb
from digest.summarize.filter import key
from digest.summarize.junk import _CREDIT, _DOUBT, Hints
from digest.summarize.notices import ADDRESS, ANYWHERE, AUTHOR

BODY = (
    "The port of Alder opened a new quay on Monday after four years of work.",
    "The quay cost thirty million and will take ships of up to 300 meters.",
    "Fishing crews welcomed the opening and expect twice as many landings.",
)

JUNK = [
    "By Ana Reyes, Harbor News Service",
    "By A. Reporter, Wire Service Published 09:14 EST, 3 April 2015.",
    "By ANA REYES and TOM LUND",
    "FILE – Cranes stand above the old quay in Alder, April 10, 2019.",
    "PHOTO: Cranes above the old quay (Agency/staff).",
    "Cranes stand above the old quay in a file photo.",
    "A crane is seen in this undated handout photo released by the port.",
    "Ana Reyes (left) with the mayor of Alder.",
    "The mayor, pictured in Alder last week.",
    "Image copyright Getty Images.",
    "Photo by Tom Lund",
    "Photograph: Tom Lund/The Harbor",
    "Screengrab from the port's own camera.",
    "Representational image of a quay.",
    "Sign up for our morning newsletter to get the top stories.",
    "Subscribe to the Harbor Weekly for more.",
    "Read more: five things to know today.",
    "ALSO READ | Five quays that were never built",
    "Related: five quays that were never built.",
    "Click here to see all photos of the quay.",
    "Follow us on every network for more.",
    "Watch the full video of the opening.",
    "Share this story with your friends.",
    "Advertisement",
    "Most popular",
    "Story continues below advertisement.",
    "You may also like these stories.",
    "All rights reserved.",
    "Reporting by Ana Reyes and Tom Lund.",
    "(Reporting by Ana Reyes; Editing by Tom Lund)",
    "Tom Lund contributed to this report.",
    "This article was originally published by Harbor News.",
    "Updated: 3 April 2015, 10:00",
    "Posted on Monday 3 April",
    "A small deal",
    "© Harbor News Service",
    "Suscríbase a nuestro boletín.",
    "Lire aussi : cinq quais oubliés.",
]

NEWS = [
    "Popular singer Ana Reyes has died in Alder at the age of 60.",
    "Terms of the deal were not disclosed by either of the firms.",
    "Privacy policy changes by the port upset many of its users.",
    "Published in 2019, the novel sold two million copies abroad.",
    "Share prices fell by a tenth in Alder after the announcement.",
    "Posted profits rose by a third at the port of Alder last year.",
    "By Friday the water had reached the market of the old town.",
    "Copyright law in Alder will change from the first of January.",
    "The World Health Organization (WHO) Director praised the port.",
    "Advertisement spending at the port doubled within two years.",
    "Written warnings were sent to forty crews, the harbor said.",
    "Watch makers of Alder fear for their trade, a survey found.",
    "Get-rich-quick schemes cost Alder millions, the court heard.",
    "Media sources in Alder confirmed the report on Tuesday night.",
]


def body_with(line: str, at: int, sep: str) -> str:
    paragraphs = list(BODY)
    paragraphs.insert(at, line)
    return sep.join(paragraphs)


@pytest.mark.parametrize("line", JUNK)
@pytest.mark.parametrize("at", [0, 1, 2])
def test_junk_between_paragraphs_never_leaks(line: str, at: int) -> None:
    entry = Entry(id="1", title="Port news", text=body_with(line, at, "\n\n"), language="en")
    made = blurb(entry, max_chars=420)
    assert made.text == " ".join(BODY)


@pytest.mark.parametrize("line", NEWS)
def test_news_that_resembles_junk_is_kept(line: str) -> None:
    entry = Entry(id="1", title="Weekly", text=f"{line}\n\n{BODY[1]}", language="en")
    assert blurb(entry, max_chars=420).text == f"{line} {BODY[1]}"


@pytest.mark.parametrize(
    "place",
    [
        "SEOUL, SOUTH KOREA — ",
        "ALDER (AP) — ",
        "(CNN)",
        "Alder (CNN)",
        "New Alder, Aug 2 (PTI) ",
        "OSLO (NTB) – ",
        "PARIS, March 3 (Reuters) - ",
        "Reuters - ",
        "BREAKING: ",
    ],
)
def test_a_dateline_that_leaked_stays_outside_the_quotation(place: str) -> None:
    text = place + BODY[0]
    made = blurb(Entry(id="1", title="Weekly", text=text), max_chars=200)
    assert made.text == BODY[0]
    assert made.spans == ((len(place), len(text)),)


def test_parts_and_captions_that_are_typed_are_not_quoted_from_the_text() -> None:
    entry = Entry(
        id="1",
        title="Weekly",
        text="\n\n".join(BODY),
        parts=(Part(kind="pullquote", text=BODY[0]),),
        image=Image(url="https://example.org/a.jpg", caption=BODY[1]),
    )
    assert blurb(entry, max_chars=420).text == BODY[2]


def test_a_sentence_that_repeats_the_headline_is_left_out() -> None:
    title = "Port of Alder opens new quay after four years of work"
    entry = Entry(id="1", title=title, text="\n\n".join(BODY))
    assert BODY[0] not in blurb(entry, max_chars=420).text


def test_a_sentence_is_said_once() -> None:
    entry = Entry(id="1", title="Weekly", text="\n\n".join((*BODY, *BODY)))
    assert blurb(entry, max_chars=420).text == " ".join(BODY)


ASCII = st.characters(codec="ascii")


@settings(max_examples=300, deadline=None)
@given(*(st.from_regex(pattern, alphabet=ASCII) for pattern in (_CREDIT, _DOUBT, ADDRESS)))
def test_the_hints_let_everything_through_that_the_patterns_find(
    credit: str, doubt: str, address: str
) -> None:
    assert Hints.of(credit).credit
    assert Hints.of(doubt).doubt
    assert Hints.of(address).address


@settings(max_examples=300, deadline=None)
@given(*(st.from_regex(pattern, alphabet=ASCII) for pattern in (AUTHOR, ANYWHERE)))
def test_the_hints_of_notices_do_so_too(author: str, anywhere: str) -> None:
    assert Hints.of(author).author
    assert Hints.of(anywhere).anywhere


def test_a_key_is_letters_and_digits_of_any_script() -> None:
    for text in ("A-b_c 1½", "Café №7!", "港口 開了。", "การ์ด", "ǅ²"):
        assert key(text) == "".join(c for c in text.lower() if c.isalnum())
