"""What anybody may write: nothing of it runs, nothing of it is invented, nothing takes for ever."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from digest.archive import Archive
from digest.exchange import composed
from digest.models import Newsletter, Window
from digest.render import load_theme, render
from digest.text.verbatim import verbatim
from tests.exchange.test_letters import letter_of

ROOT = Path(__file__).parents[2]
END = datetime(2024, 3, 8, 9, tzinfo=UTC)
FRAGMENTS = (
    "# ", "## ", "* ", "1. ", "[A headline of words](https://a.example.org/x)", "\n", "\n\n",
    "> ", "**Bold words here**", "<div class='footer'>", "</div>", "<table><tr><td>",
    "</td></tr></table>", "A sentence that ends. ", "Read more", "---\n", "<b>", "<a href='",
    "[Read more](https://a.example.org/y)", "javascript:alert(1)'>", "</a>", "\x1b[31m", "\u202e",
    "<script>evil()</script>", "&#x0;", "<p style='display:none'>hidden</p>", "🎣",
    "<h2>A heading</h2>", "https://bare.example.org/z ",
)  # fmt: skip


@settings(max_examples=150, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=30).map("".join))
def test_whatever_is_written_gives_stories_that_verify(text: str) -> None:
    letter = letter_of(text)
    assert "evil()" not in repr(letter)
    assert "\x1b" not in repr(letter.stories)
    for story in letter.stories:
        assert story.headline
        assert not story.url or story.url.startswith(("https://", "http://"))
    if letter.stories:
        issue, rows = composed(
            letter,
            origin="x.md",
            slug="2024-W10",
            newsletter=Newsletter(name="N"),
            window=Window(start=END - timedelta(days=7), end=END),
            number=1,
            theme="gazette",
            rest="In brief",
            identify=lambda url, _source, title: url or title,
        )
        assert all(verbatim(story.blurb, story.entry) for story in issue.stories)
        ids = [row.entry.id for row in rows]
        assert len(set(ids)) == len(ids) == len(letter.stories)


@pytest.mark.parametrize(
    "text",
    [
        "<div>" * 20_000 + "[a](https://a.example.org)",
        "* " * 5_000 + "x",
        "[" * 20_000,
        "<a href='https://a.example.org'>" * 20_000,
        "**" * 20_000,
        "<p " + "a=1 " * 20_000 + ">x</p>",
        "> " * 5_000 + "x",
        "&" * 50_000,
        "unsubscribe " * 5_000,
        "- [w w w](https://a.example.org/) " * 2_000,
        "January " * 5_000 + "1",
    ],
    ids=range(11),
)
def test_what_is_nested_or_endless_is_read_to_its_end(text: str) -> None:
    assert letter_of(text).stories is not None
    assert letter_of(text, html=True).stories is not None


def test_stories_without_end_are_cut_and_it_is_said() -> None:
    rows = "".join(f"- [A headline {n}](https://a.example.org/{n})\n" for n in range(2_010))
    letter = letter_of(rows)
    assert len(letter.stories) == 2_000
    assert letter.left == (("beyond 2,000 stories", 10),)


def test_the_frame_is_left_out_and_counted() -> None:
    letter = letter_of(
        "[View in browser](https://n.example.org/1)\n\n* [A story about ropes](https://a.example.org)\n"
        "* [How to unsubscribe from the sea](https://b.example.org/a/b)\n\n"
        "## Sponsors\n\n* [Ropes that hold](https://ropes.example.com)\n\n"
        "[Share on Facebook](https://www.facebook.com/sharer?u=1)\n\n"
        "You receive this because you like boats. [Unsubscribe](https://n.example.org/unsubscribe)\n"
    )
    assert [s.headline for s in letter.stories] == [
        "A story about ropes",
        "How to unsubscribe from the sea",
    ]
    left = dict(letter.left)
    assert left["view in browser"] == 1
    assert left["sponsor"] >= 2
    assert left["why you get this"] == 1


@pytest.mark.parametrize(
    ("text", "headlines"),
    [
        ("Having trouble? [View this email in your browser](https://n.example.org/1)", ()),
        ("Can’t see the pictures? [Open it in your browser](https://n.example.org/1)", ()),
        ("Images not displaying? [See this issue online](https://n.example.org/1)", ()),
        ("* [Trouble in the harbor](https://n.example.org/1)", ("Trouble in the harbor",)),
    ],
)
def test_a_question_before_the_browsers_version_is_no_story(
    text: str, headlines: tuple[str, ...]
) -> None:
    letter = letter_of(f"{text}\n\n* [A story about ropes](https://a.example.org/x)\n")
    assert tuple(s.headline for s in letter.stories) == (*headlines, "A story about ropes")


@pytest.mark.parametrize("section", ["Main story", "This week’s big story", "Editor’s pick"])
def test_the_one_story_that_is_set_apart_is_a_lead(section: str) -> None:
    letter = letter_of(
        f"## {section}\n\n### [A tap for the plots](https://a.example.org/tap)\n\nIt drips.\n\n"
        "## Also\n\n* [Frost on Sunday](https://b.example.org/frost)\n"
    )
    assert [s.tier for s in letter.stories] == ["lead", "teaser"]


@pytest.mark.parametrize("theme", ["gazette", "magazine", "bulletin"])
def test_our_own_email_reads_back_every_story(theme: str) -> None:
    archive = Archive(ROOT / "issues")
    issue = replace(archive.load("2026-W47"), theme=theme)
    made = render(issue, load_theme(theme, folder=ROOT), media=archive.media("2026-W47"))
    for html in (made.email_html, made.web_html):
        letter = letter_of(html, html=True, name=issue.newsletter.name)
        assert [(s.headline, s.url) for s in letter.stories] == [
            (s.headline, s.entry.url or "") for s in issue.stories
        ]
        assert [(s.tier, s.section) for s in letter.stories if s.tier == "teaser"] == [
            (s.tier, s.section) for s in issue.stories if s.tier == "teaser"
        ]
        told = {s.headline: s.blurb for s in letter.stories}
        assert all(told[s.headline] == s.blurb.text for s in issue.stories)
        assert letter.intro == issue.intro
        assert letter.outro == issue.outro
        assert str(letter.stated[0][0]) == "2026-11-20"
