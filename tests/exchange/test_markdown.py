"""Issues as Markdown: the same words wherever they are rendered, the same stories read back."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import unquote

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from digest.exchange import as_markdown
from digest.models import Blurb, Credit, Entry, Image, Issue, Newsletter, Notice, Section, Story
from digest.text.markup import clean_text, read_markup
from tests.archive.newsroom import made
from tests.exchange.test_letters import letter_of

ISSUE = made().issue
QUICK = (Phase.explicit, Phase.reuse, Phase.generate)
"""A counter-example as it is found: making one of these smaller takes minutes."""
HOSTILE = (
    "*", "_", "`", "[", "](x)", "]", "<b>", "</a>", "&amp;", "&", "#", "# ", "+", "-", "---", "1.",
    "1)", "> ", "\\", "|", "~~", "==", "![a](b)", "http://e.org", "Read more", "Unsubscribe",
    "Sponsored", "ship", "the sea", "C#", "港", "مرفأ", '"', "'", "$x$", ":", "…", "Contents",
)  # fmt: skip
words = st.lists(st.sampled_from(HOSTILE), min_size=1, max_size=6).map(" ".join).map(clean_text)
paths = st.lists(
    st.sampled_from(("a", "b(c)", "d_e", "f*g", "?x=1&copy;=2", "%20", "[h]", "k&l", "'")),
    min_size=1,
)


def story(title: str, blurb: str, path: str, *, lead: bool, note: str = "") -> Story:
    url = f"https://news.example.org/{path}"
    entry = Entry(id=path or "x", title=title, url=url, source="The Courier", byline="Ann Lee")
    return Story(
        entry=entry,
        tier="lead" if lead else "teaser",
        headline=title,
        blurb=Blurb(text=blurb, origin="editor") if blurb else Blurb(),
        note=note,
        also=(Credit(id="o", source="Other *paper*", title="O", url="https://other.example.org/"),),
    )


def issue_of(leads: tuple[Story, ...], sections: tuple[Section, ...]) -> Issue:
    return replace(ISSUE, leads=leads, sections=sections, intro="Hello there.", outro="Good bye.")


@settings(max_examples=60, deadline=None, phases=QUICK)
@given(st.lists(st.tuples(words, st.just("") | words, paths, words), min_size=2, max_size=5))
def test_exported_markdown_reads_back_the_same_stories(
    rows: list[tuple[str, str, list[str], str]],
) -> None:
    told = [
        story(title, blurb, f"{n}/{'/'.join(path)}", lead=n == 0, note=note if n == 1 else "")
        for n, (title, blurb, path, note) in enumerate(rows)
    ]
    issue = issue_of((told[0],), (Section(name=f"A {rows[0][3]}", stories=tuple(told[1:])),))
    letter = letter_of(as_markdown(issue))
    assert [(s.headline, s.blurb, s.tier) for s in letter.stories] == [
        (s.headline, s.blurb.text, s.tier) for s in issue.stories
    ]
    assert [unquote(s.url) for s in letter.stories] == [
        unquote(safe(s.entry.url or "")) for s in issue.stories
    ]
    assert {s.section for s in letter.stories[1:]} == {issue.sections[0].name.rstrip(": ")}
    assert letter.stories[1].note == told[1].note
    assert (letter.intro, letter.outro) == ("Hello there.", "Good bye.")
    assert letter.left == (("other words", letter.left[0][1]),)


def safe(url: str) -> str:
    from digest.text.urls import safe_link

    return safe_link(url) or ""


@settings(max_examples=100, deadline=None, phases=QUICK)
@given(words, words)
def test_every_renderer_shows_the_same_words(title: str, blurb: str) -> None:
    issue = issue_of((), (Section(name="Sea", stories=(story(title, blurb, "a", lead=False),)),))
    text = as_markdown(issue)
    below = text.split("\n---\n", 1)[1]
    for rules in ("commonmark", "gfm-like"):
        made_of = MarkdownIt(rules, {"linkify": False}).disable("linkify", ignoreInvalid=True)
        html = made_of.render(below)
        shown = [block.text for block in read_markup(html).blocks]
        assert title in shown
        assert blurb in shown
        assert "<script" not in html


def test_what_an_issue_holds_stands_in_its_markdown() -> None:
    lead = replace(
        story("A lead", "It sails.", "a", lead=True, note="We know the skipper."),
        picture=Image(url="https://pics.example.org/a_b.png", alt="A *ship*"),
    )
    own = replace(
        story("Own copy", "It sails.", "b", lead=False),
        picture=Image(url="media/x.png", alt="A buoy"),
    )
    notice = Notice(title="Ropes", text="They hold.", url="https://r.example.com/", sponsor="Hemp")
    issue = replace(issue_of((lead,), (Section(name="Sea", stories=(own,)),)), notices=(notice,))
    text = as_markdown(issue)
    assert "![A \\*ship\\*](https://pics.example.org/a_b.png)" in text
    assert "*\\[A buoy\\]*" in text
    assert "Also covered by [Other \\*paper\\*](https://other.example.org/)" in text
    assert "*Editor's note: We know the skipper.*" in text
    assert "> **Sponsored · Hemp**\n>\n> [Ropes](https://r.example.com/)\n>\n> They hold." in text
    assert re.search(r"^date: 2026-11-20$", text, re.MULTILINE)
    web = replace(issue, newsletter=Newsletter(name="N", web_url="https://w.example.org/issues"))
    assert "(https://w.example.org/issues/2026-W47/media/x.png)" in as_markdown(web)


def test_stories_without_a_link_or_a_word_come_back_too() -> None:
    bare = [story(f"Story {n}", "", "", lead=n < 2) for n in range(4)]
    bare = [
        replace(s, also=(), entry=replace(s.entry, url=None, source="", byline="")) for s in bare
    ]
    for sections in ((), (Section(name="Featured", stories=tuple(bare[2:])),)):
        issue = issue_of(tuple(bare[:2]), sections)
        letter = letter_of(as_markdown(issue))
        assert [(s.headline, s.url, s.tier) for s in letter.stories] == [
            (s.headline, "", s.tier) for s in issue.stories
        ]


def test_a_link_that_is_none_is_left_out() -> None:
    bad = story("Click", "It sails.", "a", lead=False)
    bad = replace(bad, entry=replace(bad.entry, url="javascript:alert(1)"))
    text = as_markdown(issue_of((), (Section(name="Sea", stories=(bad,)),)))
    assert "javascript" not in text
    assert "### Click" in text
