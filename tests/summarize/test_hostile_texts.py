"""Texts that no one would write: a blurb comes of them, or none, and nothing fails or stalls.

A pattern that tries without end shows itself by never coming back.
"""

from __future__ import annotations

import pytest

from digest.models import Entry, Image, Part
from digest.settings import SUMMARIZERS
from digest.summarize import blurb
from digest.summarize.filter import READ
from digest.text.verbatim import verbatim
from digest.text.widths import width

BUDGETS = (60, 200, 360, 420)
SENTENCE = "The harbor of Alder opened a new quay on Monday after nine months of work."
SIZE = READ - 10  # what is longer is read up to its last whole sentence: here that is all of it

# Each is repeated up to `SIZE`. Many were found by doubling: a pattern that looks from every place
# to the end takes seconds here.
REPEATED = {
    "one letter": "a",
    "one capital": "A",
    "words": "harbor opened quay ",
    "names": "Alder Harbor ",
    "capitals": "ALDER HARBOR ",
    "initials": "A. ",
    "initials, glued": "A.",
    "stops": ".",
    "stops apart": ". ",
    "ellipses": "... ",
    "calls": "Ab!Cd",
    "quotes": '"',
    "curly quotes": "“",
    "apostrophes": "'",
    "questions": '"Why?" Tom Lund said. ',
    "opening brackets": "(",
    "closing brackets": ")",
    "brackets and stops": "(. ",
    "credits": "(photo: ",
    "bylines": "By ",
    "small bylines": "by ",
    "addresses": "http://",
    "mail": "a@b.",
    "stars": "*",
    "stars apart": "* ",
    "dots of lists": "• ",
    "dashes": "-",
    "dashes apart": "- ",
    "bars": "Ab | ",
    "colons": "a: ",
    "underscores": "_",
    "digits": "1",
    "numbered": "1. ",
    "lists": "Winners: 1. Kenya, 2. Japan, ",
    "stamps": "Updated on 12 March 2024 ",
    "buttons": "share copy link copied ",
    "notices": "you have free ",
    "ours": "our newsletter ",
    "sponsors": "sponsored by Ab ",
    "titles": "Mr. St. Inc. U.S. no. ",
    "combining marks": "\u0301",
    "a letter and a mark": "e\u0301",
    "zero width": "\u200b",
    "joiners": "a\u200d",
    "directions": "\u202eabc\u202c ",
    "half characters": "\ud83d",
    "emoji": "😀",
    "families": "👨‍👩‍👧‍👦 ",
    "flags": "\U0001f1e9\U0001f1ea",
    "short paragraphs": "ab\n\n",
    "lines": "Alder opened a quay\n",
    "paragraph separators": "a\u2029",
    "no-break spaces": "A\u00a0. ",
    "NUL": "a\x00",
    "Hebrew": "אבגד הוזח טיכל מנסע. ",
    "Hebrew without stops": "אבגד הוזח ",
    "Arabic": "قال الوزير إن الميناء سيفتح غدا. ",
    "Chinese": "港口星期一开放新码头。",
    "Chinese without stops": "港口星期一开放新码头",
    "Japanese quotes": "「港」",
    "Thai": "ท่าเรือเปิด",
    "scripts": "aбגक中ไ ",
}


def check(entry: Entry, *, max_chars: int, method: str = "digest") -> None:
    made = blurb(entry, max_chars=max_chars, method=method)
    assert verbatim(made, entry)
    assert width(made.text) <= max_chars
    assert len(made.spans) <= 3


@pytest.mark.parametrize("unit", REPEATED.values(), ids=REPEATED)
def test_one_thing_over_and_over(unit: str) -> None:
    text = (unit * SIZE)[:SIZE]
    for max_chars in BUDGETS:
        check(Entry(id="1", title="A quay for Alder", text=text), max_chars=max_chars)
    check(Entry(id="1", title=text[:500], summary=text), max_chars=200)


@pytest.mark.parametrize("unit", REPEATED.values(), ids=REPEATED)
@pytest.mark.parametrize("language", ["de", "zh"])
def test_one_thing_over_and_over_in_another_language(language: str, unit: str) -> None:
    text = (unit * SIZE)[:SIZE]
    entry = Entry(id="1", title="A quay for Alder", text=text, language=language)
    check(entry, max_chars=200)


@pytest.mark.parametrize("unit", REPEATED.values(), ids=REPEATED)
def test_one_thing_over_and_over_between_sentences(unit: str) -> None:
    filled = (unit * 3000)[:3000]
    text = f"{SENTENCE}\n\n{filled}\n\nBread is cheap in Oslo, and {filled}\n\nFog lay over Oslo."
    check(Entry(id="1", title="A quay for Alder", text=text), max_chars=360)


TEXTS = {
    "nothing": "",
    "white space": " \n\t\u00a0\u2003" * 9000,
    "one sentence": SENTENCE,
    "two that have nothing in common": f"{SENTENCE} Bread is cheap in Oslo.",
    "ten thousand": " ".join(f"In town {n} the mayor opened quay {n}." for n in range(10_000)),
    "ten thousand copies": f"{SENTENCE} " * 10_000,
    "five thousand paragraphs": "\n\n".join(f"Town {n} opened a quay." for n in range(5_000)),
    "a long line": "harbor quay " * 9000,
    "a long word": "a" * 100_000,
    "an open bracket": "(" + f"{SENTENCE} " * 40,
    "an open quotation": "“" + f"{SENTENCE} " * 40,
    "half characters": f"{SENTENCE} A lone \ud83d stands here. " * 9,
    "one word a sentence": "Quay. " * 3000,
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("method", SUMMARIZERS)
def test_every_method_takes_every_text(method: str, text: str) -> None:
    for max_chars in BUDGETS:
        check(Entry(id="1", title="x", text=text), max_chars=max_chars, method=method)
    check(Entry(id="1", title=text[:500], summary=text), max_chars=200, method=method)


def test_what_stands_beside_the_text_may_be_hostile_too() -> None:
    entry = Entry(
        id="1",
        title="(" * 500,
        text=f"{SENTENCE} " * 9,
        byline="by " * 30_000,
        dateline="*" * 30_000,
        parts=tuple(Part(kind="caption", text="a" * 400) for _ in range(2000)),
        image=Image(url="https://example.org/a.jpg", alt="“" * 30_000, caption="\ud83d" * 30_000),
    )
    check(entry, max_chars=200)
    assert blurb(entry, max_chars=200).text == SENTENCE
