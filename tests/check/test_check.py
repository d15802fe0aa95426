"""A good issue gives no finding; each fault gives its own, with its place and how to mend it."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.check import check, errors
from digest.models import Blurb, Finding, Renderings, Story
from tests.check.good_issue import (
    BRACES,
    HTML,
    ISSUE,
    MARKET,
    PICTURE,
    PIER,
    PNG,
    TEXT,
    UNSUBSCRIBE,
    Made,
    made,
    with_newsletter,
)

LEAD = "lead 1: “The pier opens on Saturday”"
BRACED = "teaser 2: “Why {{ user.name }} and ${HOME} end up in print, and…”"
TEASER = "teaser 1: “港の市場が百周年を迎え、夜の灯りが戻る”"


def without(text: str, *parts: str) -> str:
    for part in parts:
        assert part in text, part
        text = text.replace(part, "")
    return text


def swapped(text: str, one: str, two: str) -> str:
    assert one in text
    assert two in text
    return text.replace(one, "\0").replace(two, one).replace("\0", two)


def told(blurb: Blurb) -> Made:
    issue = replace(ISSUE, leads=(replace(PIER, blurb=blurb),))
    return made(issue=issue, html=HTML.replace(PIER.blurb.text, blurb.text))


def row(found: tuple[Finding, ...]) -> list[tuple[str, str, str]]:
    return [(f.check, f.level, f.where) for f in found]


def test_a_good_issue_gives_no_finding() -> None:
    assert made().findings() == ()


MARKET_LINK = "https://news.example.org/%E7%81%AF?x=%C3%A4"
PIER_HEAD = '<h2><a href="https://news.example.org/pier">The pier opens on Saturday</a></h2>'
SHOUT = replace(ISSUE, subject="THE PIER OPENS")
LONG = replace(ISSUE, subject="The pier opens " * 6)

FAULTS: list[tuple[str, Made, tuple[str, str, str], str]] = [
    # --- verbatim
    ("a word is put into a blurb", told(replace(PIER.blurb, text="The pier opens on Sunday.")),
     ("verbatim", "error", f"issue.json, {LEAD}"), "is not what its spans"),
    ("spans overlap", told(replace(PIER.blurb, spans=((0, 27), (20, 79)))),
     ("verbatim", "error", f"issue.json, {LEAD}"), "is not what its spans"),
    ("a blurb of no origin", told(replace(PIER.blurb, origin="none", spans=())),
     ("verbatim", "error", f"issue.json, {LEAD}"), "names no origin"),
    ("what tops up a description is not the body's",
     told(replace(PIER.blurb, origin="summary", topped=((0, 27),))),
     ("verbatim", "error", f"issue.json, {LEAD}"),
     "its spans of the publisher's description and the article's text"),
    ("a changed word is shown beside the source's",
     told(replace(PIER.blurb, text=PIER.blurb.text.replace("counted", "numbered"))),
     ("verbatim", "error", f"issue.json, {LEAD}"),
     "article's text say: “numbered them yet.” is “counted them yet.” there."),
    ("a blurb of no place", told(replace(PIER.blurb, spans=())),
     ("verbatim", "error", f"issue.json, {LEAD}"), "names no place in the article's text"),
    ("a whole blurb that is said to be cut", told(replace(PIER.blurb, cut=True)),
     ("verbatim", "error", f"issue.json, {LEAD}"), "does not end in an ellipsis"),
    # --- parity
    ("a headline is missing in the HTML", made(html=without(HTML, PIER_HEAD)),
     ("parity", "error", f"email.html, {LEAD}"), "headline"),
    ("a headline is missing in the text, where the blurb begins with the same words",
     made(text=without(TEXT, "The pier opens on Saturday [1]\n")),
     ("parity", "error", f"email.txt, {LEAD}"), "blurb"),
    ("a headline is missing in the text", made(text=without(TEXT, "夜の灯りが戻る [3]")),
     ("parity", "error", f"email.txt, {TEASER}"), "headline"),
    ("the order differs in the text",
     made(text=swapped(TEXT, "港の市場が百周年を迎え、\n夜の灯りが戻る",
                       "The pier opens on Saturday [1]")),
     ("parity", "error", f"email.txt, {TEASER}"), "stands before"),
    ("the order differs in the HTML", made(html=swapped(HTML, MARKET.headline, BRACES.headline)),
     ("parity", "error", f"email.html, {BRACED}"), "stands before"),
    ("a blurb is missing in the text", made(text=without(TEXT, "灯りが戻った。 †")),
     ("parity", "error", f"email.txt, {TEASER}"), "blurb"),
    ("a blurb differs in the HTML", made(html=HTML.replace("Nobody has", "Somebody has")),
     ("parity", "error", f"email.html, {LEAD}"), "blurb"),
    ("a link is missing in the text", made(text=without(TEXT, "[3] " + MARKET_LINK)),
     ("parity", "error", f"email.txt, {TEASER}"), "link is missing"),
    ("a link leads elsewhere in the HTML", made(html=HTML.replace(
        "https://news.example.org/pier", "https://news.example.org/pear")),
     ("parity", "error", f"email.html, {LEAD}"), "link is missing"),
    ("a credit has no link in the text", made(text=without(TEXT, "https://quay.example.org/a?b=1")),
     ("parity", "warning", f"email.txt, {LEAD}"), "Quay Notes"),
    ("a section's name is missing in the HTML", made(html=without(HTML, "Ashore")),
     ("parity", "error", "email.html"), "“Ashore” is missing"),
    *[
        (f"on the page: {what}", made(web=web), ("parity", "error", f"web.html, {place}"), said)
        for what, web, place, said in (
            ("no headline", without(HTML, PIER_HEAD), LEAD, "headline"),
            ("another order", swapped(HTML, MARKET.headline, BRACES.headline), BRACED, "before"),
            ("another blurb", HTML.replace("Nobody has", "Somebody has"), LEAD, "email.html"),
            ("no link", HTML.replace("example.org/pier", "example.org/pear"), LEAD, "link"),
        )
    ],
    ("on the page: nothing", made(web=""), ("size", "error", "web.html"), "no words"),
    ("on the page: a token", made(web=HTML.replace("<h2>Ashore", "<h2>{{ x }} Ashore")),
     ("tokens", "error", f"web.html, {LEAD}"), "{{x}}"),
    ("on the page: a token in an attribute",
     made(web=HTML.replace("<h2>Ashore", "<h2 title='{{ x }}'>Ashore")),
     ("tokens", "error", f"web.html, {LEAD}"), "{{x}}"),
    ("on the page: a value that was not there",
     made(web=HTML.replace("<h2>Ashore</h2>", "<h2>None</h2>")),
     ("tokens", "error", "web.html"), "“None” stands there alone"),
    # --- active
    *[
        (f"active: {markup}", made(html=HTML.replace("<h2>Ashore", f"{markup}<h2>Ashore")),
         ("active", "error", f"email.html, {LEAD}"), said)
        for markup, said in (
            ("<script>alert(1)</script>", "<script> is no part"),
            ("<SCRIPT SRC='https://example.org/x.js'></SCRIPT>", "<script> is no part"),
            ("<div style='display:none'><script></script></div>", "<script> is no part"),
            ("<svg><script>x</script></svg>", "<script> is no part"),
            ("<iframe src='https://example.org/'></iframe>", "<iframe> is no part"),
            ("<p ONCLICK='alert(1)'>x</p>", "<p> has a script in onclick: alert(1)"),
            ("<img alt='x' src='https://example.org/x.png' onerror=x()>", "in onerror"),
            ("<form action=' java&#9;script:x()'><i>x</i></form>", "<form> has a script in action"),
        )
    ],
    *[
        (f"active, outside: {new}", made(html=HTML.replace(old, new)),
         ("active", "error", "email.html"), said)
        for old, new, said in (
            ("<title>", "<script>x</script><title>", "<script> is no part"),
            ("<title>", "<meta http-equiv=Refresh content='0;url=https://example.org/'><title>",
             "by itself"),
            ("<body>", "<body onload='x()'>", "<body> has a script in onload"),
            ('<html lang="en">', "<html onfocus=x()>", "<html> has a script in onfocus"),
        )
    ],
    # --- message
    *[
        (f"the message has {name}", made(headers={name: "ann@example.org"}),
         ("message", "error", "message.eml"), f"it has a {name} header")
        for name in ("To", "Cc", "Bcc")
    ],
    ("the message's text is another", made(sent_text=TEXT.replace("yet", "so far")),
     ("message", "error", "message.eml"), "email.txt"),
    ("the message's HTML is another", made(sent_html=HTML.replace("yet", "so far")),
     ("message", "error", "message.eml"), "email.html"),
    ("the message has no date", made(headers={"Date": None}),
     ("message", "error", "message.eml"), "Date"),
    ("a line is too long", made().sent_as(b"Subject:", b"X-Long: " + b"x" * 1200 + b"\r\nSubject:"),
     ("message", "error", "message.eml"), "998"),
    # --- size
    ("Gmail clips it", made(html=HTML.replace("</h1>", "</h1>" + "<br>" * 25_000)),
     ("size", "warning", "email.html"), "clips"),
    ("too much CSS", made(html=HTML.replace("<style>", "<style>" + "a{b:c}\n" * 2_400)),
     ("size", "warning", "email.html"), "16,384"),
    # --- tokens
    ("a token of ours", made(html=HTML.replace("<h1>", "<h1>{{ issue.date }} ")),
     ("tokens", "error", "email.html"), "{{issue.date}}"),
    ("one in an attribute", made(html=HTML.replace("<h2>Ashore", "<h2 title='{{ x }}'>Ashore")),
     ("tokens", "error", f"email.html, {LEAD}"), "{{x}}"),
    ("a tag of a template", made(text=TEXT.replace("Ashore", "{% if a %}Ashore")),
     ("tokens", "error", "email.txt"), "{%ifa%}"),
    ("another template's", made(text=TEXT.replace("Ashore", "${section.name}")),
     ("tokens", "error", "email.txt"), "${section.name}"),
    ("Mailchimp's", made(html=HTML.replace("<h2>Ashore", "<h2>*|FNAME|* Ashore")),
     ("tokens", "error", f"email.html, {LEAD}"), "*|FNAME|*"),
    ("Mailgun's", made(html=HTML.replace("<h2>Ashore", "<h2>%recipient.name% Ashore")),
     ("tokens", "error", f"email.html, {LEAD}"), "%recipient.name%"),
    ("Mailjet's", made(text=TEXT.replace("Ashore", "[[data:name]]")),
     ("tokens", "error", "email.txt"), "[[data:name]]"),
    ("MJML that was not compiled", made(html=HTML.replace("</h1>", "</h1><mj-text>x</mj-text>")),
     ("tokens", "error", "email.html"), "<mj-text"),
    ("a value that was not there", made(html=HTML.replace("<h2>Ashore</h2>", "<h2>None</h2>")),
     ("tokens", "error", "email.html"), "“None” stands there alone"),
    ("a token in the style", made(html=HTML.replace("margin: 0", "margin: {{ theme.gap }}")),
     ("tokens", "error", "email.html"), "{{theme.gap}}"),
    ("a token in the subject", made(issue=replace(ISSUE, subject="Hello {{ name }}")),
     ("tokens", "error", "message.eml, subject"), "{{name}}"),
    # --- colophon
    ("no sender", made(issue=with_newsletter(sender=""), headers={"From": "x@example.org"}),
     ("colophon", "warning", "message.eml"), "no sender"),
    ("no sender, approved", made(issue=replace(with_newsletter(sender=""), status="approved"),
                                 headers={"From": "x@example.org"}),
     ("colophon", "error", "message.eml"), "no sender"),
    ("no unsubscribe URL", made(issue=with_newsletter(unsubscribe_url="")),
     ("colophon", "warning", "email.html, colophon"), "cannot unsubscribe"),
    ("no link to unsubscribe in the HTML",
     made(html=HTML.replace(f'href="{UNSUBSCRIBE}"', 'href="https://example.org/"')),
     ("colophon", "error", "email.html, colophon"), "no visible unsubscribe"),
    ("an unsubscribe link that is hidden",
     made(html=HTML.replace("<p><a href=\"https://lists", "<p style='display:none'><a href=\"https://lists")),
     ("colophon", "error", "email.html, colophon"), "no visible unsubscribe"),
    ("an unsubscribe link without words", made(html=without(HTML, ">Unsubscribe<") .replace(
        f'"{UNSUBSCRIBE}"', f'"{UNSUBSCRIBE}"><')),
     ("colophon", "error", "email.html, colophon"), "no visible unsubscribe"),
    ("no unsubscribe link in the text", made(text=without(TEXT, UNSUBSCRIBE)),
     ("colophon", "error", "email.txt, colophon"), "unsubscribe link is missing"),
    ("no List-Unsubscribe", made(headers={"List-Unsubscribe": None}),
     ("colophon", "error", "message.eml"), "is missing"),
    ("List-Unsubscribe is encoded", made(headers={"List-Unsubscribe": "=?utf-8?q?=3Chttps?="}),
     ("colophon", "error", "message.eml"), "not readable"),
    ("no one click", made(headers={"List-Unsubscribe-Post": None}),
     ("colophon", "error", "message.eml"), "List-Unsubscribe-Post"),
    ("another word for one click", made(headers={"List-Unsubscribe-Post": "One-Click"}),
     ("colophon", "error", "message.eml"), "not as RFC 8058 has it"),
    ("two headers to unsubscribe", made().sent_as(
        b"List-Unsubscribe: ", b"List-Unsubscribe: <mailto:a@example.org>\r\nList-Unsubscribe: "),
     ("colophon", "error", "message.eml"), "several addresses"),
    ("two addresses to post to", made(headers={
        "List-Unsubscribe": f"<{UNSUBSCRIBE}>, <https://lists.example.org/other>"}),
     ("colophon", "error", "message.eml"), "several addresses"),
    ("no https", made(issue=with_newsletter(unsubscribe_url="mailto:stop@example.org"),
                      html=HTML.replace(UNSUBSCRIBE, "mailto:stop@example.org"),
                      text=TEXT.replace(UNSUBSCRIBE, "mailto:stop@example.org")),
     ("colophon", "warning", "message.eml"), "one click"),
    ("no postal address", made(issue=with_newsletter(postal_address=" \n")),
     ("colophon", "warning", "email.html, colophon"), "postal"),
    ("no postal address in the HTML", made(html=without(HTML, ", Saltmarsh 4100")),
     ("colophon", "error", "email.html, colophon"), "postal"),
    ("no postal address in the text", made(text=without(TEXT, "Saltmarsh 4100")),
     ("colophon", "error", "email.txt, colophon"), "postal"),
    # --- links
    *[
        (what, made(html=HTML.replace("<h2>Ashore", f"<h2><a {link}>the ferry</a> Ashore")),
         ("links", level, f"email.html, {LEAD}"), said)
        for what, link, level, said in (
            ("relative", "href='/about'", "error", "relative link: /about"),
            ("script", "href='javascript:alert(1)'", "error", "dangerous"),
            ("script, hidden", "href='java&#10;script:alert(1)'", "error", "dangerous"),
            ("script, shouted", "href=' JavaScript:alert(1)'", "error", "dangerous"),
            ("data", "href='data:text/html,x'", "error", "dangerous"),
            ("insecure", "href='http://example.org/'", "warning", "insecure"),
            ("empty", "href=''", "error", "leads nowhere"),
            ("a lone #", "href='#'", "error", "leads nowhere"),
            ("no href", "class='x'", "error", "leads nowhere"),
            ("no host", "href='https:///x'", "error", "without a host"),
            ("no address", "href='https://[x/'", "error", "no address"),
            ("strange", "href='ftp://example.org/x'", "warning", "few clients"),
        )
    ],
    # --- pictures
    ("no alt text", made(html=HTML.replace(' alt="The new pier at low tide"', "")),
     ("pictures", "warning", f"email.html, {LEAD}"), "no alt"),
    ("an empty alt text", made(html=HTML.replace("The new pier at low tide", "")),
     ("pictures", "warning", f"email.html, {LEAD}"), "empty"),
    ("a picture is missing", made(media={}),
     ("pictures", "error", f"email.html, {LEAD}"), "is not there"),
    ("a picture in the HTML itself", made(html=HTML.replace("<h2>Ashore",
        "<img alt='x' src='data:image/png;base64,AA'><h2>Ashore")),
     ("pictures", "warning", f"email.html, {LEAD}"), "HTML itself"),
    ("an insecure picture", made(html=HTML.replace("<h2>Ashore",
        "<img alt='x' src='http://example.org/x.png'><h2>Ashore")),
     ("pictures", "warning", f"email.html, {LEAD}"), "insecure"),
    ("a relative picture", made(html=HTML.replace("<h2>Ashore",
        "<img alt='x' src='x.png'><h2>Ashore")),
     ("pictures", "error", f"email.html, {LEAD}"), "no client"),
    ("a picture that is not embedded", made(sent_html=HTML),
     ("pictures", "error", "message.eml"), "not embedded"),
    ("another picture is embedded", made(sent_picture=PNG + b"x"),
     ("pictures", "error", "message.eml"), "as it is on disk"),
    # --- subject
    ("no subject", made(headers={"Subject": None}),
     ("subject", "error", "message.eml, subject"), "no subject"),
    ("another subject", made(headers={"Subject": "The pier is closed"}),
     ("subject", "error", "message.eml, subject"), "issue's is"),
    ("a long subject", made(issue=LONG),
     ("subject", "warning", "message.eml, subject"), "columns"),
    ("capitals", made(issue=SHOUT),
     ("subject", "warning", "message.eml, subject"), "capitals"),
    ("a leftover", made(issue=replace(ISSUE, subject="Fwd: TODO find a subject")),
     ("subject", "warning", "message.eml, subject"), "Fwd:"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("build", "expected", "said"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS]
)
def test_each_fault_is_found_where_it_is(
    build: Made, expected: tuple[str, str, str], said: str
) -> None:
    found = [f for f in build.findings() if (f.check, f.level, f.where) == expected]
    assert any(said in f.what for f in found), build.findings()
    assert all(f.why and f.mend for f in found)


ALONE = {
    "a headline is missing in the text", "a link is missing in the text", "no sender",
    "a credit has no link in the text", "too much CSS", "a token of ours", "insecure",
    "no alt text", "no postal address", "no one click", "capitals", "no https",
    "another picture is embedded", "Gmail clips it", "the message has To",
    "on the page: no link", "on the page: another blurb",
    "on the page: a token", "active: <script>alert(1)</script>",
    "active, outside: <body onload='x()'>",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(ALONE))
def test_one_fault_gives_one_finding(name: str) -> None:
    build = next(f[1] for f in FAULTS if f[0] == name)
    assert len(build.findings()) == 1, build.findings()


def test_clients_that_act_on_it_are_named() -> None:
    found = made(html=HTML.replace("</h1>", "</h1>" + "<br>" * 25_000)).findings()
    assert [f.clients for f in found] == [("Gmail",)]


def test_errors_come_first_then_reading_order() -> None:
    broken = (
        without(HTML, f'<p><a href="{UNSUBSCRIBE}">Unsubscribe</a></p>')
        .replace("<h2>Ashore", "<a href='http://example.org/'>x</a><h2>Ashore")
        .replace("<h1>", "<h1><a href='/'>y</a>")
        .replace("<p>Compositor", "<p><a href='javascript:x'>z</a>Compositor")
    )
    found = made(html=broken, issue=SHOUT).findings()
    assert row(found) == [
        ("links", "error", "email.html"),
        ("links", "error", f"email.html, {BRACED}"),
        ("colophon", "error", "email.html, colophon"),
        ("subject", "warning", "message.eml, subject"),
        ("links", "warning", f"email.html, {LEAD}"),
    ]  # fmt: skip


def test_what_the_same_source_says_is_no_token() -> None:
    """Two headlines that open and close braces do not make a token between them."""
    opened = replace(BRACES.entry, title="Braces open {{ here")
    closed = replace(MARKET.entry, title="and close }} there")
    stories = (
        replace(BRACES, entry=opened, headline=opened.title),
        replace(MARKET, entry=closed, headline=closed.title),
    )
    issue = replace(ISSUE, sections=(replace(ISSUE.sections[0], stories=stories),))
    html = HTML.replace(MARKET.headline, "\0").replace(BRACES.headline, closed.title)
    html = html.replace("\0", opened.title)
    text = f"{opened.title}\n\n{closed.title}\n"
    renderings = replace(made().renderings, email_html=html, email_txt=text, web_html=html)
    found = check(issue, renderings, media={PICTURE: PNG})
    assert [f for f in found if f.check == "tokens"] == []


def test_an_edited_headline_that_holds_a_token_is_found() -> None:
    story = replace(PIER, headline="Hello {{ first_name }}")
    html = HTML.replace(PIER_HEAD, PIER_HEAD.replace(PIER.headline, story.headline))
    found = made(issue=replace(ISSUE, leads=(story,)), html=html).findings()
    assert any(f.check == "tokens" and "{{first_name}}" in f.what for f in found)


def test_a_theme_may_write_behind_a_blurb_and_around_a_headline() -> None:
    html = HTML.replace("yet.</p>", "yet. …</p>").replace(
        "<h2>Ashore", "<h2>Ashore, <b>on land</b>"
    )
    text = TEXT.replace("them yet.", "them yet. …").replace(
        "The pier opens on Saturday [1]", "1) The pier opens on Saturday [1]"
    )
    assert made(html=html, text=text).findings() == ()


def test_stories_without_a_link_or_with_one_nobody_may_follow_need_none() -> None:
    for url in (None, "javascript:alert(1)", "/relative"):
        story = replace(PIER, entry=replace(PIER.entry, url=url))
        issue = replace(ISSUE, leads=(story,))
        assert [f for f in made(issue=issue).findings() if f.check == "parity"] == []


def test_a_mail_address_beside_the_https_one_is_fine() -> None:
    header = f"<mailto:stop@example.org>, <{UNSUBSCRIBE}>"
    assert made(headers={"List-Unsubscribe": header}).findings() == ()


def test_words_about_scripts_are_no_script() -> None:
    words = "<p>javascript: the onclick parts</p><img role=presentation alt='javascript: a map' "
    html = HTML.replace("<h2>Ashore", f"{words}src='https://example.org/x.png' width=20><h2>Ashore")
    assert made(html=html, web=HTML + "<script>count()</script>").findings() == ()


def test_errors_says_whether_to_hold_back() -> None:
    assert not errors(())
    assert not errors(made(issue=SHOUT).findings())
    assert errors(made(media={}).findings())


def test_an_empty_issue_is_checked_too() -> None:
    empty = replace(ISSUE, leads=(), sections=())
    nothing = Renderings(email_html="", email_txt="", web_html="", message=b"")
    found = check(empty, nothing)
    assert {"size", "message", "subject", "colophon"} <= {f.check for f in found}
    assert errors(found)


TITLES = ("The pier opens on Saturday", "Fire", "Firefighters: fire", "灯りが戻る", "Fire")


@given(st.permutations(TITLES), st.permutations(TITLES))
@settings(max_examples=60, deadline=None)
def test_order_is_judged_whatever_the_headlines(one: list[str], two: list[str]) -> None:
    """HTML in the issue's order and text in another: exactly then there is a finding."""

    def story(title: str) -> Story:
        return replace(BRACES, entry=replace(BRACES.entry, title=title, url=None), headline=title)

    issue = replace(
        ISSUE, leads=(), sections=(replace(ISSUE.sections[0], stories=tuple(map(story, one))),)
    )
    html = "".join(f"<h3>{title}</h3>" for title in one)
    text = "\n\n".join(two)
    renderings = replace(made().renderings, email_html=html, email_txt=text, web_html=html)
    moved = [f for f in check(issue, renderings) if f.check == "parity"]
    assert bool(moved) == (one != two)


@given(st.binary(max_size=400), st.text(max_size=300), st.integers(0, 2**32))
@settings(max_examples=150, deadline=None)
def test_nothing_in_a_rendering_makes_it_raise(raw: bytes, words: str, seed: int) -> None:
    cut = random.Random(seed)
    good = made().renderings
    start = cut.randrange(len(good.message))
    renderings = Renderings(
        email_html=HTML[: cut.randrange(len(HTML))] + words,
        email_txt=words,
        web_html="",
        message=good.message[:start] + raw + good.message[start + cut.randrange(200) :],
    )
    found = check(ISSUE, renderings, media={PICTURE: PNG})
    assert found == check(ISSUE, renderings, media={PICTURE: PNG})
    for finding in found:
        assert finding.what.isprintable(), finding
