"""Words that try to be more than words come through as they are, in every rendering."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from bench import hostile
from bench.chromium import Browser
from digest.models import Blurb, Credit, Entry, Image, Issue, Renderings, Section, Story
from digest.render import Theme, load_theme, render, theme_names
from digest.render.clean import clean, safe_url
from tests.render.sample_issue import HARBOR, sample_issue, sample_media

NASTY = (
    "<script>alert(1)</script>",
    "<!-- x",
    "<!--[if mso]><table><![endif]-->",
    "--><b>",
    "{{ issue.slug }} {% raw %} {# x #}",
    "&amp; &lt; &#60; &nbsp; &bogus;",
    "\"quoted\" 'single' `tick`",
    'x" onerror="alert(1)',
    "</mj-text></mj-column>",
    "<mj-text>",
    "]]><![CDATA[",
    "\\u{200d} \\n C:\\temp",
    "👩\u200d👧 ❤\ufe0f e\u0301 क\u094d\u200dष",
    "\u202eright to left\u202c ميناء",
    "a\u00a0b\u2028c\u0000d\ufffee\ufdd0f\x1b[31m",
    "%s %(name)s {0} ${x}",
    "http://[::1 ]",
    " " * 30 + "x",
)
WORDS = st.one_of(
    st.sampled_from(NASTY),
    st.text(min_size=1, max_size=80),
    st.lists(st.sampled_from(NASTY), min_size=2, max_size=4).map("".join),
)


def told(words: str, url: str) -> Issue:
    """An issue that says `words` wherever a source's words can stand."""
    entry = Entry(
        id="x", title=words, text="x", url=url, source=words, byline=words, agency=words,
        image=Image(url=HARBOR, alt=words, caption=words),
    )  # fmt: skip
    lead = Story(
        entry=entry, tier="lead", headline=words, kicker=words,
        blurb=Blurb(text=words, origin="text"),
        also=(Credit(id="y", source=words, title=words, url=url),),
    )  # fmt: skip
    sample = sample_issue()
    return replace(
        sample,
        newsletter=replace(sample.newsletter, name=words, tagline=words, postal_address=words),
        subject=words, preheader=words, intro=words, outro=words,
        leads=(lead,), sections=(Section(name=words, stories=(replace(lead, tier="teaser"),)),),
    )  # fmt: skip


def shown_as(text: str) -> str:
    return " ".join(clean(text).split())


def check_page(html: str, words: str, url: str) -> None:
    """The page shows `words`, links to `url`, and holds nothing that runs."""
    page: Any = lxml_html.document_fromstring(html)
    for kind in ("h2", "h3"):
        headlines = [" ".join(h.text_content().split()) for h in page.iter(kind)]
        # A headline of nothing but controls falls back to the title, then to the URL.
        assert (shown_as(words) or safe_url(url)) in headlines
    assert {" ".join(i.get("alt").split()) for i in page.iter("img")} == {shown_as(words)}
    if safe_url(url):
        assert safe_url(url) in {a.get("href") for a in page.iter("a")}
    assert not list(page.iter("script"))
    assert not page.xpath("//@*[starts-with(name(), 'on')]")
    assert "<!--[if mso]><table><![endif]-->" not in html


@settings(max_examples=80, deadline=None)
@given(
    words=WORDS,
    path=st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=30),
)
@example(words="".join(NASTY), path="a b/{{ x }}?q=<!--&é=\"'")
@example(words="x" * 100_000, path="")
def test_words_come_through_as_they_are(theme: Theme, words: str, path: str) -> None:
    url = f"https://a.example.com/{path}"
    made: Renderings = render(told(words, url), theme, media=sample_media())
    check_page(made.email_html, words, url)
    check_page(made.web_html, words, url)
    assert "".join(shown_as(words).split()) in "".join(made.email_txt.split())
    message = message_from_bytes(made.message, policy=default)
    assert not [part.defects for part in message.walk() if part.defects]


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://example.com/a b", "https://example.com/a%20b"),
        ("https://example.com/é?q=ü#ñ", "https://example.com/%C3%A9?q=%C3%BC#%C3%B1"),
        ("https://example.com/%C3%A9", "https://example.com/%C3%A9"),
        ("https://example.com/{{x}}", "https://example.com/%7B%7Bx%7D%7D"),
        ('https://example.com/"><script>', "https://example.com/%22%3E%3Cscript%3E"),
        ("https://bücher.example.com/", "https://xn--bcher-kva.example.com/"),
        ("HTTPS://Example.com/A", "HTTPS://Example.com/A"),
        ("java\tscript:alert(1)", ""),
        ("javascript://example.com/%0aalert(1)", ""),
        ("ftp://example.com/", ""),
        ("https:///nowhere", ""),
        ("http://[::1", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_links_are_safe_and_written_in_ascii(url: str | None, safe: str) -> None:
    assert safe_url(url) == safe


@pytest.mark.parametrize("name", theme_names(folder=Path("nowhere")))
def test_a_real_browser_shows_hostile_words_as_they_are(chromium: Browser, name: str) -> None:
    found = hostile.run(chromium, load_theme(name, folder=Path("nowhere")), 500)
    assert found == []


def test_the_bench_of_hostile_words_sees_what_is_wrong(
    chromium: Browser, theme: Theme, tmp_path: Path
) -> None:
    """Templates that do not escape are told: the bench cannot pass by looking away."""
    page = "{% for s in issue.stories %}<h2>{{ s.headline|safe }}</h2>{% endfor %}"
    broken = replace(theme, files=tuple({**dict(theme.files), "web.html.j2": page}.items()))
    words = ["<script>window.ran = 1</script>", "<b>bold</b>"]
    found = hostile.faults(chromium, broken, words, tmp_path)
    assert {"a script ran", "1 scripts", "the headline '<b>bold</b>'"} <= {
        row.what for row in found if row.rendering == "web.html"
    }


def test_text_that_needs_no_cleaning_is_cleaned_as_any_other() -> None:
    printable = "".join(filter(str.isprintable, map(chr, range(0x110000)))).strip()
    assert clean(printable) == clean(f"\0{printable}") == printable


def test_what_cannot_be_seen_is_no_headline(theme: Theme) -> None:
    issue = sample_issue()
    unseen = replace(issue.leads[0], headline="\u200b\u00a0", also=(
        Credit(id="a", source="\u200b", title="x", url="https://quay.example.com/1"),
    ))  # fmt: skip
    made = render(replace(issue, leads=(unseen,), subject="\u2060"), theme, media=sample_media())
    assert lxml_html.fromstring(made.web_html).xpath("//a[not(normalize-space())]") == []
    assert issue.leads[0].entry.title in made.email_txt
    assert "\u200b" not in made.email_html
    assert message_from_bytes(made.message, policy=default)["Subject"].endswith(issue.slug)


@pytest.mark.parametrize(
    ("said", "written"),
    [('x"><script>', None), ("a\nb", None), ("pt_BR", "pt-BR"), ("x" * 5000, None)],
)
def test_only_a_language_tag_is_written_as_one(
    theme: Theme, said: str, written: str | None
) -> None:
    issue = sample_issue()
    story = issue.leads[0]
    story = replace(story, entry=replace(story.entry, language=said))
    alone = replace(issue, leads=(story,), sections=())
    made = render(alone, theme, media=sample_media())
    for form in (made.email_html, made.web_html):
        body = lxml_html.fromstring(form).find("body")
        assert body is not None
        assert {node.get("lang") for node in body.iter("*")} - {None, "en"} == {written} - {None}
