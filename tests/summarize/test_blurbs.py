"""The doors of the stage: every blurb is whole sentences of its source, and reads well."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.models import Blurb, Entry, Issue, Newsletter, Section, Story, Window
from digest.settings import SUMMARIZERS, Settings
from digest.summarize import blurb, summarize
from digest.text.verbatim import verbatim
from digest.text.widths import width

LONG = (
    "North Harbor leader Ana Reyes says she will give the port until the end of the year to make "
    "a “courageous decision” on stalled talks, warning of “very bleak and very dangerous” "
    "consequences if its owners do not change their approach to wages."
)
STORY = f"""{LONG}

She also said she is open to “one more meeting,” but only if the owners move first.

The owners this week said they are considering another round, but will not raise wages until the
crews give up their strike fund.

The talks have been stalled since a February meeting in Alder ended in no deal. Crews have since
threatened to close the harbor.

Is there a way out?

“We see a good opportunity,” said Tom Lund of the Alder Institute. “But it is hard to get another
one.”

But Lund warned that the crews are tired. He hopes for spring."""
ENTRY = Entry(id="s", title="Reyes sets the port a date", text=STORY, language="en")


@pytest.mark.parametrize("max_chars", [80, 120, 220, 360, 420, 900])
@pytest.mark.parametrize("method", SUMMARIZERS)
def test_a_blurb_fits_and_is_verbatim(method: str, max_chars: int) -> None:
    made = blurb(ENTRY, max_chars=max_chars, method=method)
    assert verbatim(made, ENTRY)
    assert width(made.text) <= max_chars
    assert len(made.spans) <= 3
    assert not made.cut


@pytest.mark.parametrize("max_chars", [220, 360, 420])
def test_a_blurb_reads_on_its_own(max_chars: int) -> None:
    made = blurb(ENTRY, max_chars=max_chars)
    first = made.text.split()[0]
    assert made.origin == "text"
    assert first not in {"She", "But", "He", "“But", "“We", "Is"}
    assert "?" not in made.text
    assert made.text.count("“") == made.text.count("”")


def test_the_first_sentence_leads_where_it_fits() -> None:
    assert blurb(ENTRY, max_chars=420).text.startswith(LONG)


def test_an_orphan_may_follow_the_sentence_it_needs() -> None:
    text = "Ana Reyes leads the port of Alder. She opened the new quay on Monday morning."
    assert blurb(Entry(id="1", title="x", text=text), max_chars=200).text == text


def test_the_plain_lead_takes_what_comes_first() -> None:
    made = blurb(ENTRY, max_chars=420, method="lead")
    assert made.text.startswith(LONG + " She also said")


@pytest.mark.parametrize(
    "excerpt",
    [
        "The Department of Nets (DeNets) assured on Thursday that it has been mending nets in...",
        "In a Harbor Day message on Thursday, Ana F. Reyes Jr. honored crews whom she called as…",
        "The port signed the papers for the Visiting Ships Agreement, which would enable [...]",
    ],
)
def test_what_the_source_cut_stays_as_printed(excerpt: str) -> None:
    entry = Entry(id="t", title="Nets and ships", summary=excerpt, cut=True)
    made = blurb(entry, max_chars=220)
    assert made == Blurb(text=excerpt, origin="summary", spans=((0, len(excerpt)),), cut=True)


def test_whole_sentences_go_before_a_cut_one() -> None:
    entry = Entry(
        id="t",
        title="Nets",
        cut=True,
        summary="The port of Alder mended four hundred nets this week, the harbor master said. "
        "The work will go on until…",
    )
    made = blurb(entry, max_chars=220)
    assert not made.cut
    assert made.text.endswith("master said.")


def test_the_description_stands_in_for_a_body_without_sentences() -> None:
    entry = Entry(id="1", title="x", text="Photo by Tom Lund", summary="The quay is open again.")
    made = blurb(entry, max_chars=200)
    assert (made.origin, made.text) == ("summary", "The quay is open again.")


def test_the_description_wins_over_a_body_that_does_not_stand_alone() -> None:
    entry = Entry(
        id="1",
        title="x",
        text="But he did not. “It was not me?”",
        summary="The harbor master of Alder denied on Monday that he had sold the quay.",
    )
    assert blurb(entry, max_chars=200).origin == "summary"


@pytest.mark.parametrize(
    "entry",
    [
        Entry(id="1", title="Nothing"),
        Entry(id="1", title="Blank", text=" \n\n ", summary="\t"),
        Entry(id="1", title="Marks", text="… ! ?"),
        Entry(id="1", title="Too long", text="word " * 200 + "end."),
        Entry(id="1", title="The quay is open again", text="The quay is open again."),
    ],
)
@pytest.mark.parametrize("method", SUMMARIZERS)
def test_nothing_to_say_is_the_headline_alone(entry: Entry, method: str) -> None:
    assert blurb(entry, max_chars=220, method=method) == Blurb()


@pytest.mark.parametrize(
    "text",
    [
        " ".join(f"Ship {n} left port {n % 7} with {n * 3} crates." for n in range(10_000)),
        "The ship left. " * 10_000,
        "word " * 20_000,
        "a" * 100_000,
        "." * 100_000,
        'a." ' * 25_000,
        "(a. " * 25_000,
        "あ" * 50_000,
        "。" * 50_000,
        "Apples fall. Boats sail.",
        "One.",
    ],
    ids=lambda text: text[:12],
)
@pytest.mark.parametrize("method", SUMMARIZERS)
def test_odd_documents_give_a_sound_blurb(text: str, method: str) -> None:
    entry = Entry(id="1", title="x", text=text)
    made = blurb(entry, max_chars=220, method=method)
    assert verbatim(made, entry)
    assert width(made.text) <= 220


SCRIPTS = {
    "ja": ("港の朝は早い。漁師たちは船を出す。「今年は多い。」と組合長は話した。", ""),
    "zh": ("市政府周一宣布，新的码头将于明年春天开放。项目耗资三亿元。渔民表示欢迎。", ""),
    "ar": ("أعلنت المدينة يوم الاثنين افتتاح رصيف جديد. كلف المشروع ثلاثين مليوناً.", " "),
    "he": ("העירייה הודיעה ביום שני על פתיחת רציף חדש. הפרויקט עלה שלושים מיליון.", " "),
    "th": ("เทศบาลเปิดท่าเรือใหม่ในวันจันทร์\n\nชาวประมงยินดีกับการตัดสินใจ", " "),
    "hi": ("नगर निगम ने सोमवार को नया घाट खोला। मछुआरों ने स्वागत किया।", " "),
    "el": ("Ο δήμος εγκαινίασε νέα προβλήτα. Το έργο κόστισε πολλά. Οι ψαράδες χάρηκαν.", " "),
}


@pytest.mark.parametrize("language", SCRIPTS)
@pytest.mark.parametrize("method", ["digest", "lead", "lex-rank"])
@pytest.mark.parametrize("said", ["same", "", "en"])
def test_other_scripts_give_whole_sentences(language: str, method: str, said: str) -> None:
    text, joint = SCRIPTS[language]
    entry = Entry(id="1", title="x", text=text, language=language if said == "same" else said)
    made = blurb(entry, max_chars=60, method=method)
    assert made.origin == "text"
    assert verbatim(made, entry)
    assert width(made.text) <= 60
    assert made.joint == joint
    assert all(text[end - 1] in "。.।" or language == "th" for _, end in made.spans)


PIECES = (
    "The quay opened on Monday.", "He said so.", "“But why?”", "\n\n", "...", "港は早い。", "See",
    "By Ana Reyes", 'He said "no."', "Crews of Alder won (again.", "\u00a0", "3.5", "Mr.",
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(PIECES), max_size=14),
    st.integers(min_value=1, max_value=400),
    st.sampled_from(SUMMARIZERS),
)
def test_any_blurb_is_verbatim_and_fits(pieces: list[str], room: int, method: str) -> None:
    entry = Entry(id="1", title="Quay", text=" ".join(pieces), summary=" ".join(pieces[:3]))
    made = blurb(entry, max_chars=room, method=method)
    assert verbatim(made, entry)
    assert width(made.text) <= room


def issue(*leads: Story, teasers: tuple[Story, ...] = ()) -> Issue:
    start, end = datetime(2026, 11, 13, tzinfo=UTC), datetime(2026, 11, 20, tzinfo=UTC)
    return Issue(
        slug="2026-W47",
        newsletter=Newsletter(name="Harbor Weekly"),
        window=Window(start=start, end=end),
        now=end,
        leads=leads,
        sections=(Section(name="More", stories=teasers),),
    )


def test_summarize_fills_every_story_by_its_tier() -> None:
    lead = Story(entry=ENTRY, tier="lead", headline=ENTRY.title)
    teaser = Story(entry=ENTRY, tier="teaser", headline=ENTRY.title)
    wishes = Settings(lead_chars=420, teaser_chars=150)
    done = summarize(issue(lead, teasers=(teaser,)), wishes)
    first, second = done.stories
    assert 150 < len(first.blurb.text) <= 420
    assert 0 < len(second.blurb.text) <= 150
    assert done == summarize(done, wishes)
    assert replace(done, leads=(lead,), sections=issue(lead, teasers=(teaser,)).sections) == issue(
        lead, teasers=(teaser,)
    )


def test_an_editors_blurb_stays() -> None:
    own = Blurb(text="Read this one.", origin="editor")
    story = Story(entry=ENTRY, tier="lead", headline="x", blurb=own)
    assert summarize(issue(story), Settings()).leads[0].blurb == own


def test_an_edited_headline_is_not_repeated() -> None:
    said = "The talks have been stalled since a February meeting in Alder ended in no deal"
    story = Story(entry=ENTRY, tier="teaser", headline=said)
    made = summarize(issue(teasers=(story,)), Settings(teaser_chars=220)).stories[0].blurb
    assert said not in made.text
    assert made.text
