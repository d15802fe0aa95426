"""What the renderings of the sample issue hold, whatever the design."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import pytest
from lxml import html as lxml_html

from digest.errors import RenderError
from digest.models import Image, Issue, Renderings, Section, Story
from digest.render import Theme, render
from digest.render.css import CLOSE, OPEN
from digest.render.inline import inline_css
from digest.render.message import build_message
from digest.render.mjml import compile_mjml
from digest.render.templates import run_template
from digest.render.view import view
from tests.render.sample_issue import HARBOR, sample_media

COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def parsed(html: str) -> Any:
    """The tree of a page; lxml's stubs know no more of it."""
    return lxml_html.document_fromstring(html)


def words_of(html: str) -> str:
    """The text that a page shows, white space collapsed."""
    shown = parsed(COMMENT.sub("", html))
    for hidden in shown.iter("style", "head"):
        hidden.clear()
    return " ".join(shown.text_content().split())


@pytest.mark.parametrize("form", ["email_html", "email_txt", "web_html"])
def test_every_story_is_told_in_order(issue: Issue, made: Renderings, form: str) -> None:
    text: str = getattr(made, form)
    shown = " ".join(text.split()) if form == "email_txt" else words_of(text)
    shown = shown.replace("\u00a0", " ")
    at = 0
    for story in issue.stories:
        # Japanese lines of the text part break without a space.
        for told in (story.headline, story.blurb.text):
            joined = re.sub(r"\s", "", told)
            at = re.sub(r"\s", "", shown).index(joined, at)


@pytest.mark.parametrize("form", ["email_html", "web_html"])
def test_headlines_lead_to_their_stories(issue: Issue, made: Renderings, form: str) -> None:
    page = parsed(getattr(made, form))
    linked = {
        " ".join(a.text_content().split()): a.get("href")
        for a in page.xpath("//h2//a | //h3//a")
    }  # fmt: skip
    expected = {story.headline: story.entry.url for story in issue.stories if story.entry.url}
    assert linked == expected


@pytest.mark.parametrize("form", ["email_html", "web_html"])
def test_pages_name_their_language_and_each_foreign_story_its_own(
    made: Renderings, form: str
) -> None:
    page = parsed(getattr(made, form))
    assert (page.get("lang"), page.get("dir")) == ("en", "ltr")
    for language, way, word in (("ar", "rtl", "ميناء"), ("ja", "ltr", "港町")):
        headline = next(h for h in page.xpath("//h3") if word in h.text_content())
        holder = next(e for e in (headline, *headline.iterancestors()) if e.get("lang"))
        assert (holder.get("lang"), holder.get("dir")) == (language, way)


def test_a_newsletter_from_right_to_left_is_so_throughout(issue: Issue, theme: Theme) -> None:
    arabic = replace(issue, newsletter=replace(issue.newsletter, language="ar"))
    made = render(arabic, theme)
    page = parsed(made.email_html)
    assert page.get("dir") == "rtl"
    assert "direction:ltr" not in made.email_html
    assert "نوفمبر" in made.email_txt  # the month, in the newsletter's language
    foreign = [h.get("dir") for h in page.xpath("//h3") if "Winter ferry" in h.text_content()]
    assert foreign == [None]  # an entry without a language is taken for the newsletter's


def test_pictures_are_shown_with_alt_text_and_captions(made: Renderings) -> None:
    for page in map(parsed, (made.email_html, made.web_html)):
        pictures = page.xpath("//img")
        assert [p.get("src") for p in pictures] == ["media/harbor.png", "media/school.png"]
        assert all(p.get("alt") for p in pictures)
        assert "The outer light on Wednesday morning" in page.text_content()


def test_a_picture_that_is_not_there_is_left_out(issue: Issue, theme: Theme) -> None:
    made = render(issue, theme, media={HARBOR: sample_media()[HARBOR]})
    for form in (made.email_html, made.web_html):
        assert form.count("<img") == 1
        assert "school.png" not in form


def test_a_remote_picture_is_linked_and_a_dangerous_one_left_out(
    issue: Issue, theme: Theme
) -> None:
    def with_picture(url: str) -> Renderings:
        story = issue.leads[0]
        entry = replace(story.entry, image=Image(url=url, alt="A"))
        return render(replace(issue, leads=(replace(story, entry=entry),)), theme)

    linked = with_picture("https://pictures.example.com/a.png")
    assert 'src="https://pictures.example.com/a.png"' in linked.email_html
    for url in ("javascript:alert(1)", "data:image/png;base64,AAAA", "media/absent.png", "/etc/x"):
        assert "<img" not in with_picture(url).email_html


def test_dangerous_links_are_not_links(issue: Issue, theme: Theme) -> None:
    def linked_to(url: str) -> Story:
        story = issue.leads[0]
        return replace(story, entry=replace(story.entry, url=url), also=())

    urls = (
        "javascript:alert(1)",
        "data:text/html,x",
        "//example.com/a",
        "https://",
        "x",
        "file:/a",
    )
    made = render(replace(issue, leads=tuple(map(linked_to, urls)), sections=()), theme)
    for form in (made.email_html, made.web_html):
        headlines = parsed(form).xpath("//h2")
        assert len(headlines) == len(urls)
        assert not [h for h in headlines if h.xpath(".//a")]


def test_the_preheader_is_hidden_without_color(made: Renderings) -> None:
    page = parsed(made.email_html)
    (preheader,) = page.xpath("//div[contains(@class, 'preheader')]")
    assert preheader.text_content().startswith("Also this week: ferry times")
    assert "display:none" in preheader.get("style")
    assert "color" not in preheader.get("style")


def test_colophon_says_who_why_and_how_to_leave(made: Renderings) -> None:
    leave = "https://saltmarsh.example.org/unsubscribe?list=weekly"
    page = parsed(made.email_html)
    assert page.xpath(f"//a[@href='{leave}']")[0].text_content() == "Unsubscribe"
    assert page.xpath("//a[@href='https://saltmarsh.example.org/issues/2026-W47/']")
    for text in (words_of(made.email_html), made.email_txt):
        assert "because you subscribed to it" in text
        assert "12 Quay Street" in text
    assert f"Unsubscribe: {leave}" in made.email_txt


def test_whose_words_a_blurb_is_made_of_is_marked(made: Renderings) -> None:
    for text in (words_of(made.email_html), " ".join(made.email_txt.split())):
        assert "they have drawn themselves.†" in text
        assert "on alternate Thursdays.‡" in text
        assert "moorings by noon. Also" in text
        assert "†\u00a0marks a publisher's own summary, whole or in part." in text.replace(
            "† marks", "†\u00a0marks"
        )


def test_a_cut_blurb_stays_as_printed_and_is_continued(made: Renderings) -> None:
    shown = words_of(made.email_html)
    assert "the last one returns at 21:40 … Ferry Office Continue reading at ferry.example" in shown


def test_reading_time_is_not_guessed_from_an_excerpt(issue: Issue, theme: Theme) -> None:
    story = issue.leads[0]
    assert view(issue, media={}).leads[0].reading_time == "4\u00a0min\u00a0read"
    cut = replace(issue, leads=(replace(story, entry=replace(story.entry, cut=True)),))
    assert view(cut, media={}).leads[0].reading_time == ""


def test_a_dot_stays_with_the_fact_behind_it(made: Renderings, issue: Issue, theme: Theme) -> None:
    for form in (made.email_html, made.email_txt, made.web_html):
        assert "· " not in form
    shown = words_of(made.email_html)
    assert "Inês Marques · Coast Wire · Saltmarsh Courier · 4 min read" in shown
    arabic = replace(issue, newsletter=replace(issue.newsletter, language="ar"))
    page = parsed(render(arabic, theme).email_html)
    (facts,) = page.xpath("//p[@class='facts' and contains(., 'Marques')]")
    assert "\u200e" not in facts.text_content()
    assert " ·\u00a0Coast Wire ·\u00a0Saltmarsh Courier ·\u00a04" in facts.text_content()


@pytest.mark.parametrize("zone", ["Nope/X", "../etc", "Europe", "", "/etc/localtime", "a\0b"])
def test_an_unknown_time_zone_is_a_render_error(issue: Issue, theme: Theme, zone: str) -> None:
    lost = replace(issue, newsletter=replace(issue.newsletter, zone=zone))
    with pytest.raises(RenderError, match=r"^newsletter\.zone: there is no time zone “"):
        render(lost, theme)
    with pytest.raises(RenderError, match=r"such as Europe/Lisbon or UTC\.$"):
        build_message(lost, html="", text="", media={})


def test_facts_name_nobody_twice(issue: Issue) -> None:
    story = issue.leads[0]
    entry = replace(story.entry, byline="Coast Wire", agency="Coast Wire", source="COAST WIRE")
    shown = view(replace(issue, leads=(replace(story, entry=entry),)), media={})
    assert shown.leads[0].facts == ("By Coast Wire", "4\u00a0min\u00a0read")


def test_the_mail_is_standard_html_with_its_styles(made: Renderings) -> None:
    html = made.email_html
    assert html.startswith("<!DOCTYPE html>")
    assert "<mj-" not in html
    assert OPEN not in html
    assert CLOSE not in html
    assert 'height="auto"' not in html
    assert "vertical-align=" not in html
    assert "data-premailer" not in html
    assert "fonts.googleapis" not in html


def test_dark_mode_is_kept_one_at_rule_a_style(made: Renderings) -> None:
    styles = re.findall(r"<style[^>]*>(.*?)</style>", made.email_html, re.DOTALL)
    dark = [style for style in styles if "prefers-color-scheme: dark" in style]
    assert len(dark) == 1
    assert dark[0].count("!important") >= 9
    assert all(style.count("@") <= 1 for style in styles)
    assert '<meta name="color-scheme" content="light dark"' in made.email_html


def test_conditional_comments_come_through_byte_for_byte(issue: Issue, theme: Theme) -> None:
    values = {"issue": view(issue, media=sample_media()), "theme": theme}
    marked = run_template(theme, "issue.mjml.j2", values, language="en")
    compiled = compile_mjml(marked, shown=theme.shown)
    before = COMMENT.findall(compiled.html)
    assert len(before) > 30
    assert COMMENT.findall(inline_css(compiled.html, compiled.inline_css)) == before


def test_rendering_asks_no_network(
    issue: Issue, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **kwargs: object) -> NoReturn:
        raise AssertionError("rendering reached for the network")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    render(issue, theme, media=sample_media())


def test_equal_inputs_give_equal_bytes_whatever_the_hash_seed(made: Renderings) -> None:
    script = (
        "import hashlib, pathlib\n"
        "from digest.render import load_theme, render\n"
        "from tests.render.sample_issue import sample_issue, sample_media\n"
        "theme = load_theme('gazette', folder=pathlib.Path('nowhere'))\n"
        "made = render(sample_issue(), theme, media=sample_media())\n"
        "all = made.email_html + made.email_txt + made.web_html\n"
        "print(hashlib.sha256(all.encode() + made.message).hexdigest())\n"
    )
    root = Path(__file__).parents[2]
    seen = {
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=root,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2026")
    }
    assert len(seen) == 1


def test_sixty_stories_stay_under_the_limit_at_which_mails_are_clipped(
    issue: Issue, theme: Theme
) -> None:
    teaser = issue.sections[0].stories[1]
    many = replace(issue, sections=(Section(name="All", stories=(teaser,) * 54),))
    size = len(render(many, theme, media=sample_media()).email_html.encode())
    assert size < 100_000


@pytest.mark.parametrize("what", ["nothing", "one teaser", "no newsletter fields"])
def test_a_thin_issue_is_still_a_mail(issue: Issue, theme: Theme, what: str) -> None:
    thin = replace(issue, leads=(), sections=(), intro="", outro="", preheader="")
    if what == "one teaser":
        thin = replace(thin, sections=(Section(name="One", stories=issue.sections[0].stories[:1]),))
    if what == "no newsletter fields":
        newsletter = replace(
            issue.newsletter, tagline="", sender="", reply_to="", postal_address="",
            unsubscribe_url="", home_url="", web_url="",
        )  # fmt: skip
        thin = replace(thin, newsletter=newsletter, subject="")
    made = render(thin, theme)
    assert "The Saltmarsh Weekly" in made.email_txt
    assert ("Links" in made.email_txt) == (what == "one teaser")
    assert "\n-- \n" in made.email_txt


def test_light_and_dark_colors_are_legible(theme: Theme) -> None:
    for palette in (theme.light, theme.dark):
        for color in (palette.ink, palette.muted, palette.accent):
            assert contrast(color, palette.paper) >= 4.5
            assert contrast(color, palette.backdrop) >= 4.5


def contrast(one: str, other: str) -> float:
    """WCAG 2.2's contrast ratio."""

    def luminance(color: str) -> float:
        parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
