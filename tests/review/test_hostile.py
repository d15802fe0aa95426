"""What is asked for, and the words of a story, by whoever means harm: held over every rule."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from lxml import html as markup

from bench.review_addresses import filled, reading_rules, values_of
from digest.archive import Archive
from digest.models import Blurb, Credit, Notice
from tests.archive.newsroom import Made, made, verdict
from tests.review.whole import (
    SECRET,
    all_addresses,
    app_of,
    newsletter,
    not_for_ever,
    planted,
)

PLANTED = "outside/secret.txt"
WAYS_OUT = (
    f"../../{PLANTED}",
    f"..%2f..%2f{PLANTED}",
    f"%2e%2e%2f%2e%2e%2f{PLANTED}",
    f"..%252f..%252f{PLANTED}",
    f"..\\..\\{PLANTED}",
    f"..%5c..%5c{PLANTED}",
    "%00",
    "2026-W47%00",
    "2026-W47%0a",
    "2026-W47%2f..%2f2026-W46",
    f"2026-W47/../../../{PLANTED}",
    "%EF%BC%92026-W47",
    "..",
    ".",
    "~",
    "%20",
    "C:%5cWindows",
    "file:%2f%2f%2fetc%2fpasswd",
    "https:%2f%2fevil.example.org%2f",
    "%ff%fe",
    "%F0%9F%92%A3" * 400,
    "<script>alert(1)</script>",
    "-1",
    "99999999999999999999999",
)
ASKED = (
    "q", "page", "place", "id", "story", "entry", "slug", "issue", "images", "frame", "after",
    "source", "section", "tier", "language", "from", "until", "year", "to", "a", "b", "url", "text",
    "scheme", "dark", "width", "check", "name", "at", "find", "told", "file", "line", "column",
    "only", "with", "what", "last", "test",
)  # fmt: skip
FOREIGN = (
    "evil.example.org",
    "localhost.evil.example.org",
    "127.0.0.1.evil.example.org",
    "127.0.0.2",
    "evil@127.0.0.1",
    "localhost:80:80",
    "127.0.0.1 evil",
    "",
)
OVERRIDE = "\u202e"
EVIL = (
    "</title></textarea></script><script>alert(1)</script><img src=x onerror=alert(1)>"
    f"\"' onmouseover='alert(1)' {{{{ 7*7 }}}} {OVERRIDE}gnp.exe\u2066 \x1b[31m"
)
ADDRESS = "javascript:alert(1)//https://x.example.org/"
BLOCKS = {"h1", "h2", "h3", "h4", "p", "li", "div", "caption", "th", "dt"}
_SCRIPT_LINK = re.compile(r"[\s\x00-\x20]*(?:javascript|vbscript|data)\s*:", re.IGNORECASE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return newsletter(tmp_path / "news")


def refused(app: Flask, url: str, *, may_ask: bool = False) -> None:
    """The answer is a page that says no (or, where it `may_ask`, one that is harmless)."""
    with not_for_ever():
        answer = app.test_client().get(url, follow_redirects=True)
    fine = {200, 302, 400, 403, 404, 413, 414} if may_ask else {400, 403, 404}
    assert answer.status_code in fine, f"{url} answers {answer.status_code}"
    assert SECRET.strip().encode() not in answer.data, url
    assert b"root:" not in answer.data, url
    if answer.mimetype == "text/html" and not url.partition("?")[0].endswith(".html"):
        harmless(answer.text, url)


def harmless(page: str, url: str) -> None:
    """Nothing of a page runs but our own script, and no link of it leads into one."""
    tree = markup.fromstring(page)
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        assert element.tag not in {"object", "embed", "base", "applet"}, url
        if element.tag == "script":
            assert re.fullmatch(r"[./]*/?static/[a-z_-]+\.js", element.get("src") or ""), url
            assert not (element.text or "").strip(), url
        for name, value in element.attrib.items():
            assert not str(name).lower().startswith("on"), url
            if name in {"href", "src", "action", "formaction", "srcset", "data", "poster"}:
                link = str(value)
                inert = element.tag == "link" and link == "data:,"
                inert = inert or (element.tag == "img" and link.startswith("data:image/"))
                assert inert or not _SCRIPT_LINK.match(link), f"{url}: {link[:80]}"
        assert element.get("http-equiv", "").lower() != "refresh", url


def test_no_parameter_leads_out_of_the_archive(folder: Path) -> None:
    planted(folder)
    app = app_of(folder)
    values = values_of(folder)
    tried = 0
    for rule in reading_rules(app):
        for name in rule.arguments:
            for way in WAYS_OUT:
                url = filled(rule, values, **{name: way})
                if way in {".", ".."}:  # a browser would not send it so
                    url = url.replace(f"/{way}", f"/{quote(way, safe='')}")
                refused(app, url, may_ask="\\" not in way and "%" not in way and ".." in way)
                tried += 1
    assert tried >= 20 * len(WAYS_OUT), "the review has fewer parameters than it had"


def test_no_question_harms(folder: Path) -> None:
    planted(folder)
    app = app_of(folder)
    for at, address in enumerate(all_addresses(folder)):
        path = address.url.partition("?")[0]
        for way in WAYS_OUT[at % 4 :: 4]:
            query = "&".join(f"{name}={way}" for name in ASKED if name != "after")
            refused(app, f"{path}?{query}", may_ask=True)


def test_no_foreign_host_is_answered_anywhere(folder: Path) -> None:
    app = app_of(folder)
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        url = filled(rule, values_of(folder))
        for host in FOREIGN:
            for method in sorted(rule.methods or ()):
                answer = client.open(url, method=method, headers={"Host": host})
                assert answer.status_code == 403, f"{method} {url} for {host!r}"
                assert "Harbor" not in answer.text


FORGED: tuple[dict[str, str], ...] = (
    {"Origin": "https://evil.example.org", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "null"},
    {"Origin": "http://localhost:9999", "Sec-Fetch-Site": "same-site"},
    {"Referer": "https://evil.example.org/"},
    {},
)


def test_nothing_is_written_for_a_page_that_is_not_ours(folder: Path) -> None:
    app = app_of(folder)
    client = app.test_client()
    before = snapshot(folder)
    for rule in app.url_map.iter_rules():
        url = filled(rule, values_of(folder))
        for headers in FORGED:
            for method in ("POST", "PUT", "DELETE"):
                answer = client.open(url, method=method, headers=headers, data={"subject": "x"})
                told = f"{method} {url} with {headers}: {answer.status_code}"
                assert answer.status_code in {400, 403, 404, 405}, told
    assert snapshot(folder) == before


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file of a newsletter but what is derived."""
    files = (path for path in folder.rglob("*") if path.is_file() and "cache" not in path.parts)
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def hostile() -> Made:
    """The latest issue with the same hostile words in every place that takes words."""
    build = made(47)
    first, second, *rest = build.candidates
    entry = replace(
        first.entry,
        title=EVIL,
        text=f"{EVIL}. {EVIL}.\n\n{EVIL}",
        summary=EVIL,
        source=EVIL,
        url=ADDRESS,
        byline=EVIL,
        agency=EVIL,
        dateline=EVIL,
        tags=(EVIL,),
        section=EVIL,
        language=EVIL,
        flags=(EVIL,),
        provenance=((EVIL, EVIL),),
    )
    told = replace(
        verdict(0), because=EVIL, rule=EVIL, section=EVIL, parts=((EVIL, 0.5),), event=entry.id
    )
    lead = replace(
        build.issue.leads[0],
        entry=entry,
        headline=EVIL,
        section=EVIL,
        kicker=EVIL,
        blurb=Blurb(text=EVIL, origin="editor"),
        also=(Credit(id="x", source=EVIL, title=EVIL, url=ADDRESS),),
        note=EVIL,
    )
    section = build.issue.sections[0]
    teaser = replace(section.stories[0], headline=EVIL, section=EVIL)
    issue = replace(
        build.issue,
        newsletter=replace(
            build.issue.newsletter, name=EVIL, tagline=EVIL, sender=EVIL, home_url=ADDRESS,
            web_url=ADDRESS, postal_address=EVIL, unsubscribe_url=ADDRESS,
        ),
        subject=EVIL,
        preheader=EVIL,
        intro=EVIL,
        outro=EVIL,
        leads=(lead,),
        sections=(replace(section, name=EVIL, stories=(teaser, *section.stories[1:])),),
        notices=(Notice(title=EVIL, text=EVIL, url=ADDRESS, label=EVIL, sponsor=EVIL),),
    )  # fmt: skip
    message = (
        f"Subject: {EVIL}\r\nFrom: {EVIL}\r\n{EVIL}: {EVIL}\r\nX-{EVIL}: x\r\n\r\n".encode()
        + build.renderings.message
    )
    rendered = replace(build.renderings, email_txt=EVIL, message=message)
    candidates = (replace(first, entry=entry, verdict=told), second, *rest)
    return replace(build, issue=issue, candidates=candidates, renderings=rendered)


def test_words_run_nothing_on_any_page(tmp_path: Path) -> None:
    folder = newsletter(tmp_path / "news", latest=hostile())
    words = EVIL.replace("\x1b", "")  # which TOML has no place for
    issue = Archive(folder / "issues").path("2026-W47")
    (issue / "edits.toml").write_text(
        f"subject = '''{words}'''\nintro = '''{words}'''\n"
        f"[stories.ferry-47]\nheadline = '''{words}'''\nnote = '''{words}'''\n",
        "utf-8",
    )
    (issue / "corrections.toml").write_text(
        f"[[correction]]\nmoment = 2026-11-21T09:00:00Z\nnote = '''{words}'''\n", "utf-8"
    )
    client = app_of(folder).test_client()
    shown = 0
    for address in all_addresses(folder):
        answer = client.get(address.url)
        assert answer.status_code == 200, f"{address.url}: {answer.status_code}"
        policy = answer.headers["Content-Security-Policy"]
        assert "'unsafe-inline'" not in policy.partition("style-src")[0], address.url
        assert "script-src 'unsafe" not in policy, address.url
        if address.url.endswith((".html", "frame=on")):
            assert "sandbox" in policy, address.url
            continue
        if answer.mimetype != "text/html":
            assert answer.mimetype != "image/svg+xml" or "sandbox" in policy, address.url
            continue
        harmless(answer.text, address.url)
        turned_by_itself_alone(answer.text, address.url)
        assert "\x1b" not in answer.text, address.url
        shown += "&lt;script&gt;" in answer.text
    assert shown >= 6, "the hostile words are on the pages of their issue"


def turned_by_itself_alone(page: str, url: str) -> None:
    """Words that turn the direction of what follows stand in an element that ends it."""
    tree = markup.fromstring(page)
    for element in tree.iter():
        texts = [(element, element.text)] if isinstance(element.tag, str) else []
        above = element.getparent()
        if above is not None:
            texts.append((above, element.tail))
        for holder, text in texts:
            if OVERRIDE not in (text or ""):
                continue
            around = [holder, *holder.iterancestors()]
            apart = {"bdi", "pre", "textarea", "title", "option", "td", "dd", "mark", "output"}
            block = next((one for one in around if one.tag in BLOCKS), holder)
            alone = (text or "").strip() == "".join(map(str, block.itertext())).strip()
            # A row of numbered lines is a grid, each cell of which is a block of its own.
            rows = any("lines" in one.get("class", "").split() for one in around)
            shut = rows or any(one.tag in apart or one.get("dir") for one in around)
            assert alone or shut, f"{url}: {holder.tag}"
