"""Whatever an entry holds, its blurb is whole sentences of it, fits, and depends on it alone."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.models import Entry
from digest.settings import SUMMARIZERS
from digest.summarize import blurb
from digest.text import words
from digest.text.sentences import split
from digest.text.verbatim import ends_cut, quote, verbatim
from digest.text.widths import width

PIECES = (
    "The quay opened on Monday, the mayor of Alder said in a speech.", "He said so.", "“But why?”",
    "“We never closed", "the harbor.", "THE PORT OF ALDER IS OPEN AGAIN TO ALL SHIPS.", "...", "…",
    "Read more", "… Read more", "Continue reading", "[…]", "港は早い。", "「港」と言った。",
    "Dr. Reyes came to Alder on 3 March.", "See also: The quay.", "By Ana Reyes",
    "Crews won (again.", 'Lund said "no."', "\u00a0", "3.5", "Mr.", "İzmir'de liman açıldı.",
    "Er kam am 1. Mai. Sie auch.", "🇩🇪🇫🇷 Ships", "\ufe0fShips came", "\u0301", "* Item",
    "Photo: AP", "\u200b", "\u2028", "\x0b", "\r\n\r\n", "\ud800",
    "เทศบาลเปิดท่าเรือใหม่ในวันจันทร์", "أعلنت المدينة يوم الاثنين افتتاح رصيف جديد.",
    "𠮷野は港だ。", "नगर निगम ने सोमवार को नया घाट खोला।", "OSLO (NTB) —", "Advertisement", "1.",
    "Owners of 40 ships paid 3 million crowns for the new quay, which opens in May.", "Yes!",
    "A. B.",
)  # fmt: skip
TAGS = (
    "", "en", "en-US", "de", "xx", "zh-Hant", "th", "ja", "ar", "pl", "cs", "el", "🐟", "\ud800",
)  # fmt: skip
JOINTS = (" ", "\n\n", "\n", "")


def made_of(pieces: int) -> st.SearchStrategy[str]:
    """Text of some pieces, with any of the joints between them."""
    pair = st.tuples(st.sampled_from(PIECES), st.sampled_from(JOINTS))
    return st.lists(pair, max_size=pieces).map(lambda found: "".join(map("".join, found)))


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    text = draw(made_of(14))
    summary = draw(st.sampled_from([text, "", text[:90], text[:150] + "…"]) | made_of(3))
    title = draw(st.sampled_from(["", "Quay of Alder", PIECES[0]]) | made_of(2))
    body = draw(st.sampled_from([text, text, ""]))
    tag = draw(st.sampled_from(TAGS))
    return Entry(id="1", title=title, text=body, summary=summary, language=tag)


ROOMS = st.integers(min_value=40, max_value=60) | st.integers(min_value=1, max_value=420)
METHODS = st.sampled_from(("digest", *SUMMARIZERS))


@settings(max_examples=300, deadline=None)
@given(entries(), ROOMS, METHODS, st.sampled_from(TAGS))
def test_any_blurb_is_sound(entry: Entry, room: int, method: str, language: str) -> None:
    made = blurb(entry, max_chars=room, method=method, language=language)
    assert verbatim(made, entry)
    assert width(made.text) <= room
    assert len(made.spans) + len(made.topped) <= 3
    assert made.origin == "none" or any(map(str.isalnum, made.text))
    assert made == blurb(entry, max_chars=room, method=method, language=language)


@settings(max_examples=150, deadline=None)
@given(entries(), ROOMS)
def test_sentences_are_whole(entry: Entry, room: int) -> None:
    made = blurb(entry, max_chars=room, method="digest")
    field = entry.text if made.origin == "text" else entry.summary
    for number, (start, end) in enumerate(made.spans):
        if made.cut and number == len(made.spans) - 1:
            assert ends_cut(field[start:end])
        else:  # by its own language, which is not known here: by one that was tried
            tags = {entry.language, "", "en", "de", "th", "ja", "ar", "hi", "tr", "zh"}
            assert any(end == stop for tag in tags for _, stop in split(field, tag))


STORIES = (
    "The quay of Alder opened on Monday. Crews mended nets. Lund paid for forty of them.",
    "Der Hafen ist wieder offen. Die Schiffe kamen am Montag zurück. Alle waren froh.",
    "Přístav je znovu otevřen. Lodě se vrátily v pondělí. Všichni byli rádi.",
    "أعلنت المدينة افتتاح رصيف جديد. كلف المشروع ثلاثين مليوناً. رحب الصيادون بالقرار.",
    "港は早い。漁師たちは船を出す。組合長は今年は多いと話した。",
    "เทศบาลเปิดท่าเรือใหม่ในวันจันทร์\n\nชาวประมงยินดีกับการตัดสินใจ",
)
LANGUAGES = ("en", "de", "cs", "ar", "ja", "th")


@pytest.mark.parametrize("room", [40, 60, 90, 200])
def test_what_was_summarized_before_makes_no_difference(
    room: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = [
        (Entry(id="1", title="x", text=text, language=language), method)
        for text, language in zip(STORIES, LANGUAGES, strict=True)
        for method in ("digest", "luhn", "edmundson")
    ]
    wanted = [blurb(entry, max_chars=room, method=method) for entry, method in jobs]
    assert any(made.text for made in wanted)
    monkeypatch.setattr(words, "_KNOWN", 3)  # so that caches are cleared in the midst of texts
    for seed in range(3):
        words._stems.cache_clear()
        words._cut.cache_clear()
        order = random.Random(seed).sample(range(len(jobs)), len(jobs))
        for at in order:
            entry, method = jobs[at]
            assert blurb(entry, max_chars=room, method=method) == wanted[at]


def test_no_hash_seed_changes_a_blurb() -> None:
    script = (
        "from tests.summarize.test_any_blurb import LANGUAGES, STORIES, Entry, blurb\n"
        "for text, tag in zip(STORIES, LANGUAGES):\n"
        "    for method in ('digest', 'sum-basic'):\n"
        "        for room in (45, 60, 90, 200):\n"
        "            entry = Entry(id='1', title='x', text=text * 2, language=tag)\n"
        "            print(ascii(blurb(entry, max_chars=room, method=method)))\n"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-W", "error", "-c", script],
            capture_output=True,
            check=True,
            cwd=Path(__file__).parents[2],
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("0", "1", "4711")
    }
    assert len(printed) == 1
    assert printed.pop()


LONG = "The crews of Alder mended nets on the quay while " * 12


@pytest.mark.parametrize(
    "text",
    [
        "Go. " * 5_000,
        " ".join(f"W{number}." for number in range(5_000)),
        " ".join(f"{word.capitalize()}." for word in LONG.split()),
        "\n\n".join(["Alder Opens Its Quay", "Crews Mend Nets", "Ships Come Home"] * 8),
        "“" + "The quay opened on Monday, he said. " * 40,
        '"' + "The quay opened on Monday, Lund said. " * 2 + "«Then ships came. (Nets held.",
        f"{LONG}rested. {LONG}slept. {LONG}left.",
        "• First, mend the nets\n\n• Then, row the boat\n\n• Last, rest at home",
        "THE QUAY IS OPEN. ALL SHIPS CAME HOME. THE CREWS OF ALDER REST ON MONDAY AND TUESDAY.",
        "… Read more",
        "The quay of Alder has been open for a hundred years and more.\n\n[…] Continue reading",
    ],
    ids=lambda text: text[:12],
)
@pytest.mark.parametrize("room", [40, 41, 59, 60, 220])
def test_odd_texts_fit_small_rooms(text: str, room: int) -> None:
    for entry in (
        Entry(id="1", title="", text=text),
        Entry(id="1", title="Quay", text=text, summary=text, language="de"),
        Entry(id="1", title="Quay", summary=text, language="zh-Hant"),
    ):
        made = blurb(entry, max_chars=room)
        assert verbatim(made, entry)
        assert width(made.text) <= room
        assert made.origin == "none" or any(map(str.isalnum, made.text))


def test_an_ellipsis_before_a_call_is_no_blurb() -> None:
    text = f"{LONG}rested.\n\n… Read more"
    assert blurb(Entry(id="1", title="Quay", text=text), max_chars=60).origin == "none"


def test_a_topped_description_is_told_by_both_fields() -> None:
    description = "The town of Alder opened its new quay to all ships on Monday morning."
    body = (
        "On Monday the town of Alder opened a quay to ships. "
        "The quay cost Alder three million crowns, twice what was planned in spring. "
        "Owners of forty ships paid for half of the work on the quay of Alder."
    )
    entry = Entry(id="1", title="Ships return", text=body, summary=description, language="en")
    topped = 0
    for room in range(40, 420):
        made = blurb(entry, max_chars=room)
        assert verbatim(made, entry)
        assert width(made.text) <= room
        if made.topped:
            topped += 1
            told = [
                quote(entry.summary, made.spans, " "),
                quote(entry.text, made.topped, " "),
            ]
            assert made.text == " ".join(told)
    assert topped
