"""How many lines that scraping leaves reach a blurb, and that news which resembles them stays."""

from __future__ import annotations

import pytest

from digest.models import Entry
from digest.summarize import blurb
from digest.summarize.filter import readable
from digest.text.sentences import split
from tests.summarize.junk_lines import LINES, NEWS, SECOND, THIRD

ARTICLES = (
    (
        "The council of Alder voted on Tuesday to close the old bridge for a year. Engineers "
        "found cracks in two of its eight piers last month. Buses will cross at the northern "
        "ford until the work is done. Shopkeepers on the east bank fear that customers will "
        "stay away. The mayor, Lena Moss, promised them a tax break worth two million crowns. "
        "Work begins in March, and the first cars should cross again in spring of next year."
    ),
    (
        "Three climbers were rescued from Mount Sorrel on Sunday after a night in the snow. A "
        "helicopter crew spotted their red tent at dawn. Doctors in Veld treated them for "
        "frostbite and let two of them go home. The third, a teacher from Oslo, remains in "
        "hospital. Rangers had closed the northern route on Friday because of a storm. “They "
        "were lucky,” said Tom Lund, who led the search."
    ),
)
SENTENCE = "“The quay will open in May,” said Ana Reyes, who leads the port of Alder."


def leaks(line: str, article: str, at: int, sep: str) -> bool:
    """Whether a blurb quotes from `line`, put before sentence `at` of the article."""
    spans = split(article, "en")
    caption = article[slice(*spans[4])].rstrip(".").split(" ", 10)[:10]
    junk = line.replace("{caption}", " ".join(caption))
    start = spans[at][0]
    before = article[:start].rstrip()
    before += sep if before else ""
    entry = Entry(id="1", title="Weekly", text=before + junk + sep + article[start:], language="en")
    made = blurb(entry, max_chars=360)
    end = len(before) + len(junk)
    return any(min(b, end) - max(a, len(before)) > 1 for a, b in made.spans)


@pytest.mark.parametrize("sep", ["\n\n", " "], ids=["paragraphs", "one line"])
def test_hardly_a_line_leaks(sep: str) -> None:
    cases = [
        (line, article, at)
        for number, line in enumerate((*LINES, *SECOND, *THIRD))
        for article in ARTICLES
        for at in (number % 2, 2 + number % 2)
    ]
    leaked = [(line, at) for line, article, at in cases if leaks(line, article, at, sep)]
    assert len(leaked) <= len(cases) / 100, leaked


@pytest.mark.parametrize("line", NEWS)
@pytest.mark.parametrize("sep", ["\n\n", " "], ids=["paragraphs", "one line"])
def test_news_that_resembles_such_lines_is_kept(line: str, sep: str) -> None:
    text = line + sep + ARTICLES[0]
    first = readable(text, Entry(id="1", title="Weekly", text=text), language="en")[0]
    assert first.text == line


@pytest.mark.parametrize(
    "stamp",
    [
        "4 min read ",
        "Last updated at 11:45 PM on 12th May 2014 ",
        "128 comments Join the discussion ",
        "Share this article Share on Facebook Email Print ",
        "ADVERTISEMENT - CONTINUE READING BELOW ",
        "A mast at dusk (Picture: Newsline) ",
    ],
)
def test_the_report_is_found_behind_what_stands_before_it(stamp: str) -> None:
    text = stamp + ARTICLES[0]
    made = blurb(Entry(id="1", title="Weekly", text=text), max_chars=100)
    assert made.spans == ((len(stamp), len(stamp) + len(ARTICLES[0].split(". ")[0]) + 1),)


def test_a_caption_goes_with_its_credit() -> None:
    caption = "Lena Moss on the old bridge. Photograph: Dana Ruiz/The Courier"
    text = f"{SENTENCE}\n\n{caption}\n\n{ARTICLES[0]}"
    found = readable(text, Entry(id="1", title="Weekly", text=text), language="en")
    assert [s.text for s in found][:2] == [SENTENCE, ARTICLES[0].split(". ")[0] + "."]
