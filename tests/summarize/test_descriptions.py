"""A publisher's description: used where it is complete and honest, and topped up from the body."""

from __future__ import annotations

from dataclasses import replace

import pytest

from digest.models import Entry, Origin
from digest.settings import SUMMARIZERS
from digest.summarize import blurb
from digest.text.verbatim import verbatim, whose
from digest.text.widths import width

TOLD = "The harbor of Alder gets a second quay in spring, after nine years of talks over its price."
LEAD = "Alder will have another quay by spring, the town council decided late on Monday evening."
GOES_ON = "The quay will hold forty boats of up to sixty feet, and cranes that lift nine tons each."
ASIDE = "Reporters of three papers had waited in the rain outside until the doors were opened."
BODY = (
    f"{LEAD}\n\n{GOES_ON}\n\n{ASIDE}\n\nTalks over the price of the harbor quay took nine years."
    "\n\nA second tender brought it down."
)
ENTRY = Entry(id="1", title="Alder votes to build", text=BODY, summary=TOLD, language="en")


def made_of(
    summary: str, *, chars: int = 220, text: str = BODY, title: str = ENTRY.title
) -> Origin:
    entry = replace(ENTRY, summary=summary, text=text, title=title)
    return blurb(entry, max_chars=chars).origin


@pytest.mark.parametrize("method", [name for name in SUMMARIZERS if name != "lead"])
def test_a_complete_and_honest_description_goes_first(method: str) -> None:
    made = blurb(ENTRY, max_chars=120, method=method)
    assert (made.text, made.origin, made.topped) == (TOLD, "summary", ())
    assert whose(made) == "the publisher's description"


def test_the_plain_lead_is_the_bodys() -> None:
    assert blurb(ENTRY, max_chars=120, method="lead").text == LEAD


@pytest.mark.parametrize("method", [name for name in SUMMARIZERS if name != "lead"])
def test_the_body_tops_it_up_without_saying_it_again(method: str) -> None:
    made = blurb(ENTRY, max_chars=220, method=method)
    at = BODY.index(GOES_ON)
    assert made.text == f"{TOLD} {GOES_ON}"
    assert made.spans == ((0, len(TOLD)),)
    assert made.topped == ((at, at + len(GOES_ON)),)
    assert verbatim(made, ENTRY)
    assert width(made.text) <= 220
    assert whose(made) == "the publisher's description, topped up from the article"


@pytest.mark.parametrize(
    "then",
    [
        "“The quay is a gift to the whole harbor of Alder and to its boats,” said Ana Reyes.",
        "He said that the quay in the harbor of Alder had been wanted by all who have boats.",
        "But the quay will hold only forty boats, and the harbor of Alder has some ninety.",
        "We asked all boat owners in Alder what they want of the quay, and they want cranes.",
        "Here is what owners of boats have to know about the new quay and its forty berths.",
        ASIDE,
    ],
)
def test_what_does_not_read_well_behind_it_stays_out(then: str) -> None:
    talks = "Talks over the price of a second quay in the harbor took nine years."
    made = blurb(replace(ENTRY, text=f"{LEAD}\n\n{then}\n\n{talks}"), max_chars=220)
    assert made.text == TOLD


def test_where_it_says_little_for_the_room_the_body_tells_more() -> None:
    talks = "Talks over the price of a second quay in the harbor took nine years."
    entry = replace(ENTRY, text=f"{LEAD}\n\n{ASIDE}\n\n{talks}")
    assert blurb(entry, max_chars=220).text == TOLD
    longer = blurb(entry, max_chars=420)
    assert longer.origin == "text"
    assert width(longer.text) > width(TOLD)
    # Not where the body opens badly.
    assert made_of(TOLD, chars=420, text="But he had not. It was his, and that is it.") == "summary"


@pytest.mark.parametrize(
    "summary",
    [
        "The harbor of Alder gets a second quay in spring, after nine years of…",
        "The harbor of Alder gets a second quay in spring, after nine years of talks over its",
        "A second quay for the harbor.",
        "It gets a second quay in spring, after nine years of talks over the price in Alder.",
        "The mayor agrees to a second quay of Alder in spring, after nine years of talks.",
        "“The harbor of Alder gets a second quay,” after nine years of talks over the price.",
        "Will Alder get a second quay in spring, after nine years of talks over its price?",
        "The harbor of Alder gets a second quay in spring. Here’s why the talks took nine years.",
        "Find out why the harbor of Alder gets a second quay in spring after nine years of talks.",
        "What you need to know about the second quay that the harbor of Alder gets in spring.",
        "How Alder decided to build a second quay in spring after nine years of talks.",
        "This article tells of the second quay of Alder, and the talks over its price.",
        "Alder votes to build. The harbor gets a second quay after nine years of talks over price.",
        f"{TOLD} Photo by Tom Lund",
    ],
)
def test_what_is_not_complete_yields_to_the_body(summary: str) -> None:
    assert made_of(summary) == "text"


def test_one_that_does_not_fit_yields_to_the_body() -> None:
    assert made_of(TOLD, chars=len(TOLD) - 1) == "text"


def test_one_that_only_says_the_headline_again_yields_to_the_body() -> None:
    title = "Harbor of Alder to get second quay in spring after talks over price"
    assert made_of(TOLD, title=title) == "text"


def test_a_sentence_of_the_body_broken_off_at_a_stop_is_not_complete() -> None:
    off = "The council of Alder paid for the cranes with a loan from a bank that is in the U.S."
    rest = f"{off} Virgin Islands and lends to harbors."
    assert made_of(off, chars=200, text=f"{LEAD}\n\n{GOES_ON}\n\n{off}") == "summary"
    assert made_of(off, chars=200, text=f"{LEAD}\n\n{GOES_ON}\n\n{rest}") == "text"


@pytest.mark.parametrize(
    "motto",
    [
        "Harbor Weekly brings its readers news, sport, weather and puzzles from along the coast.",
        "The website of Tom Lund, with recipes, photographs, a diary and letters to his friends.",
    ],
)
def test_a_motto_of_the_site_is_not_honest(motto: str) -> None:
    assert made_of(motto) == "text"
    # Not even before a body that opens badly.
    assert made_of(motto, text=f"But he did not. {GOES_ON.replace('The', 'This')} {BODY}") == "text"


def test_where_the_body_is_a_scrap_it_vouches_for_nothing() -> None:
    assert made_of(TOLD, text="The quay is open to all.") == "summary"
    assert made_of(TOLD, text="") == "summary"


def test_other_scripts_are_topped_up_too() -> None:
    entry = Entry(
        id="1",
        title="港に新しい岸壁",
        language="ja",
        summary="港町の議会は月曜日、来年の春に二つ目の岸壁を建設することを九年ぶりに決めました。",
        text="町議会は月曜日の夜、二つ目の岸壁を来年の春に建設すると決めました。港町では九年ぶりです。\n\n"
        "岸壁には四十隻の船が泊まり、九トンまで持ち上げるクレーンが三台置かれます。",
    )
    made = blurb(entry, max_chars=220)
    assert made.origin == "summary"
    assert made.text.startswith(entry.summary)
    assert made.topped
    assert made.joint == ""
    assert verbatim(made, entry)


@pytest.mark.parametrize("tail", ["Read more", "The post Alder votes first appeared on Quays."])
@pytest.mark.parametrize("dots", ["…", "...", "[…]"])
def test_what_breaks_off_before_a_call_is_cut_too(tail: str, dots: str) -> None:
    off = f"The harbor of Alder gets a second quay in spring, after nine years of {dots}"
    made = blurb(replace(ENTRY, text="", summary=f"{off} {tail}"), max_chars=220)
    assert (made.text, made.cut, made.topped) == (off, True, ())
