"""The views into an issue: source, message, findings, stories; whatever the issue holds."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, urljoin

import pytest
from flask.testing import FlaskClient
from lxml import html as markup

from digest.archive import Archive
from digest.models import Blurb, Candidate, Credit, Image
from digest.review import create_app
from digest.text.slots import HEADER, Slot
from tests.archive.newsroom import made, renderings, save, verdict
from tests.review.test_app import words

BASE = "/issues/2026-W47/"
KEY = "0123456789ab"
EVIL = "</p><script>alert(1)</script>\u202egnp.exe\x1b[31m{{ 7*7 }}" + "long" * 2500


@pytest.fixture
def client(archive: Archive) -> FlaskClient:
    return create_app(archive).test_client()


def test_the_message_is_shown_as_it_is_read(archive: Archive) -> None:
    build = made()
    slot = Slot("name", "friend", "t").written(KEY)
    message = (
        f"From: a@example.org\r\n{HEADER}: {KEY}\r\nSubject: x\r\n"
        f"Content-Transfer-Encoding: quoted-printable\r\n\r\nDear =\r\n{slot}=\r\n!\r\n"
    )
    save(archive, replace(build, renderings=replace(build.renderings, message=message.encode())))
    client = create_app(archive).test_client()
    for page in ("raw", "headers", "message.eml"):
        text = client.get(BASE + page).text
        assert HEADER not in text, page
        assert "slot." not in text, page
    assert client.get(f"{BASE}message.eml").text.endswith("Dear =\r\nfriend=\r\n!\r\n")
    assert words(client.get(f"{BASE}raw").text, "#L2 code") == ["Subject: x"]
    on_disk = (archive.path("2026-W47") / "message.eml").read_bytes()
    assert on_disk == message.encode(), "the archived file stays"


def test_a_finding_leads_to_its_place(client: FlaskClient) -> None:
    page = client.get(f"{BASE}findings").text
    links = [str(a.get("href")) for a in markup.fromstring(page).cssselect("a.place")]
    assert any("#here" in link for link in links)
    for link in links:
        shown = client.get(urljoin(BASE, link))
        anchor = link.partition("#")[2]
        assert shown.status_code == 200
        assert not anchor or words(shown.text, f"#{anchor}")
    assert "New is what 2026-W46 does not have" in " ".join(words(page, ".bar"))
    new = client.get(f"{BASE}findings?only=new").text
    assert 0 < len(words(new, ".findings li")) < len(words(page, ".findings li"))
    assert client.get(f"{BASE}findings?only=old").status_code == 404


def test_a_story_shows_its_sentences_where_they_stand(client: FlaskClient) -> None:
    page = client.get(f"{BASE}story?id=ferry-47").text
    assert words(page, "mark") == ["The ferry to Skerry Island will run on batteries from May."]
    assert words(page, ".shares tbody tr") == ["recency +0.41", "reports +0.30", "repeat -0.05"]
    assert [rect.get("width") for rect in markup.fromstring(page).iter("rect")] == [
        "89.1",
        "65.2",
        "10.9",
    ]  # fmt: skip
    assert "It has the best score." in page
    assert "sentences of the article" in page
    steps = [a.get("href") for a in markup.fromstring(page).cssselect("[data-step]")]
    assert steps == ["?id=library-47"]
    out = client.get(f"{BASE}story?id=cjk-47").text
    assert words(out, ".told .chip") == ["out"]
    assert words(out, "mark") == []
    assert client.get(f"{BASE}story?id=nobody").status_code == 404
    assert client.get(f"{BASE}story").status_code == 404


def test_a_description_topped_up_is_marked_in_both_texts(archive: Archive) -> None:
    build = made()
    entry = replace(build.issue.leads[0].entry, summary="A short one.", text="First. Second.")
    blurb = Blurb(
        text="A short one. Second.", origin="summary", spans=((0, 12),), topped=((7, 14),)
    )
    lead = replace(build.issue.leads[0], entry=entry, blurb=blurb, headline="Another", note="Mine.")
    first = Candidate(
        entry=entry,
        first_seen=build.candidates[0].first_seen,
        verdict=replace(verdict(0), rule="pinned", because="The editor pinned it."),
        source_entry=replace(entry, section="Elsewhere", image=None),
    )
    issue = replace(build.issue, leads=(lead,))
    save(archive, replace(build, issue=issue, candidates=(first, *build.candidates[1:])))
    page = create_app(archive).test_client().get(f"{BASE}story?id=ferry-47").text
    assert words(page, "mark") == ["Second.", "A short one."]
    said = words(page, ".plain li")
    assert said[0] == "The editor pinned it."
    assert any("section is the editor's" in one for one in said)
    assert any("picture is the editor's" in one for one in said)
    assert any("headline" in one for one in said)


def test_a_picture_that_the_archive_does_not_have_is_told_and_not_asked_for(
    archive: Archive,
) -> None:
    build = made()
    *rest, last = build.candidates
    shown = Image(url="media/0123456789abcdef.jpg", alt="A tap")
    last = replace(last, entry=replace(last.entry, id="left-out", image=shown))
    save(archive, replace(build, candidates=(*rest, last)))
    page = create_app(archive).test_client().get(f"{BASE}story?id=left-out").text
    assert not markup.fromstring(page).cssselect("img.pic")
    assert "would be shown" in words(page, ".headers dt")


def test_a_hostile_story_stays_words_and_small(archive: Archive) -> None:
    build = made()
    first, *rest = build.candidates
    key = "a/../b?c=<d>&e"
    entry = replace(
        first.entry, id=key, title=EVIL, text=EVIL * 30, summary=EVIL * 3, source=EVIL, byline=EVIL,
        url="javascript:alert(1)", language='en" onload="x', tags=(EVIL,) * 40,
        provenance=(("title", EVIL),),
        image=Image(url="javascript:alert(1)", alt=EVIL, caption=EVIL),
    )  # fmt: skip
    lead = replace(
        build.issue.leads[0], entry=entry, headline=EVIL, note=EVIL,
        blurb=Blurb(text=EVIL, origin="editor"),
        also=tuple(Credit(id=f"x{n}", source=EVIL, title=EVIL, url="data:x") for n in range(200)),
    )  # fmt: skip
    told = replace(
        first, entry=entry,
        verdict=replace(
            verdict(0), because=EVIL, rule=EVIL, section=EVIL, parts=((EVIL, 1e9),) * 3
        ),
    )  # fmt: skip
    issue = replace(build.issue, leads=(lead,), subject=EVIL, preheader=EVIL)
    save(
        archive,
        replace(
            build, issue=issue, candidates=(told, *rest), renderings=renderings(issue, EVIL * 9)
        ),
    )
    client = create_app(archive).test_client()
    story = f"{BASE}story?id={quote(key, safe='')}"
    urls = ["/", BASE, story, f"{story}&page=3", *(BASE + p for p in ("why", "findings", "source"))]
    urls += [f"{BASE}source?page=2", f"{BASE}raw", f"{BASE}web"]
    for url in urls:
        answer = client.get(url)
        assert answer.status_code == 200, url
        assert len(answer.data) < 100_000, url
        tree = markup.fromstring(answer.text)
        assert not tree.xpath("//script[not(@src)] | //*[@onload] | //*[@onerror]"), url
        assert not tree.xpath("//a[starts-with(@href, 'javascript:')]"), url
        assert not tree.xpath("//a[starts-with(@href, 'data:')]"), url
        assert "\x1b" not in answer.text
        assert not tree.xpath("//*[@lang and @lang != 'en']"), url


def test_a_picture_that_is_gone_hides_no_page(client: FlaskClient, archive: Archive) -> None:
    (archive.path("2026-W47") / "media" / "ferry47.png").unlink()
    for page in ("", "text", "web", "source", "headers", "raw", "why", "story?id=ferry-47"):
        assert client.get(BASE + page).status_code == 200, page
    answer = client.get(f"{BASE}findings")
    assert answer.status_code == 500
    assert "ferry47.png is missing" in answer.text
    assert client.get("/").status_code == 200


def test_corrections_stand_above_the_web_page(client: FlaskClient, archive: Archive) -> None:
    path = archive.path("2026-W45") / "corrections.toml"
    path.write_text(
        "[[correction]]\nmoment = 2026-11-10T09:00:00+00:00\nnote = 'From <June>.'\n"
        "story = 'ferry-45'\n"
        "[[correction]]\nmoment = 2026-11-11T09:00:00+00:00\nnote = 'Two boats.'\n",
        "utf-8",
    )
    page = client.get("/issues/2026-W45/web").text
    assert words(page, ".corrections dd") == ["Two boats.", "From <June>."]
    assert 'href="story?id=ferry-45"' in page
    assert words(client.get("/issues/2026-W46/web").text, ".corrections") == []


@pytest.mark.parametrize("name", ["email", "web"])
def test_each_look_is_an_address(client: FlaskClient, archive: Archive, name: str) -> None:
    page = client.get(f"{BASE}{'' if name == 'email' else name}?scheme=dark&images=off").text
    assert words(page, ".switches a[aria-current]") == ["Dark", "Off"]
    links = [a.get("href") for a in markup.fromstring(page).cssselect(".switches a")]
    assert links[:3] == ["?images=off", "?scheme=dark&images=off", "?scheme=inverted&images=off"]
    frame = markup.fromstring(page).cssselect("iframe")[0]
    assert frame.get("src") == f"{name}.html?scheme=dark&images=off&frame=on"
    assert frame.get("sandbox") == "allow-popups allow-popups-to-escape-sandbox"
    shown = client.get(urljoin(BASE, frame.get("src")))
    assert "img-src 'none';" in shown.headers["Content-Security-Policy"]
    assert re.search(r"; sandbox [a-z -]+$", shown.headers["Content-Security-Policy"])
    assert 'content="dark"' in shown.text
    steps = markup.fromstring(page).cssselect(".steps a")
    assert str(steps[0].get("href")).endswith("?scheme=dark&images=off")
    plain = client.get(f"{BASE}{name}.html").data
    assert plain == (archive.path("2026-W47") / f"{name}.html").read_bytes()


def test_what_is_unknown_is_not_shown(client: FlaskClient, tmp_path: Path) -> None:
    for url in ("source?file=entries.jsonl", "source?file=../issue.json", "source?file="):
        assert client.get(BASE + url).status_code == 404
    for url in ("source?page=-3&line=x&at=y", "raw?page=99999999", "source?line=99999999999&at=9"):
        assert client.get(BASE + url).status_code == 200
