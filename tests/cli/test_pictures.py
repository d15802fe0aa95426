"""Pictures through `digest build`: linked, embedded or copied, from a real server, and damaged."""

from __future__ import annotations

import email
import email.policy
import json
import re
from collections.abc import Sequence
from email.message import EmailMessage
from pathlib import Path

import pytest

from digest.archive import Archive
from tests.cli.conftest import NOW, Digest, Said
from tests.render.drawn_pictures import HOSTILE, chart, file, grain, photo, seen, turned_photo
from tests.servers import FaultServer

SLUG = "2026-W47"
FOLDER = Path("issues", SLUG)
WEB = "https://weekly.example.org/issues"
PICTURES = {
    "/wide.jpg": file(photo(2400, 1350), "JPEG", quality=90),
    "/turned.jpg": turned_photo(),
    "/drawing.webp": file(chart(800, 500), "WEBP", lossless=True),
}


def settings(mode: str, *more: str) -> None:
    lines = ["DIGEST_SOURCES=stories", f"DIGEST_PICTURES={mode}", "DIGEST_LEADS=9",
             "DIGEST_PER_SOURCE=99", "DIGEST_SENDER=Weekly <editor@example.org>"]  # fmt: skip
    Path(".env").write_text("\n".join([*lines, *more]) + "\n")


def write(name: str, image: str, alt: str = "") -> None:
    Path("stories").mkdir(exist_ok=True)
    body = " ".join(f"Here {name}{n} stands by itself in a sentence." for n in range(9))
    words = f"The {name} of Alder was in the news on Monday after a long night. {body}"
    Path("stories", f"{name}.html").write_text(
        f"<html><head><title>Of the {name}</title><meta property='og:image' content='{image}'>"
        f"<meta property='og:image:alt' content='{alt}'></head><body><article><h1>Of the {name}"
        f"</h1><p>{words}</p></article></body></html>"
    )


def built(digest: Digest, *words: str) -> Said:
    return digest("build", "--issue", SLUG, "--since", "2026-01-01", "--now", NOW, "--json", *words)


def files() -> dict[str, bytes]:
    return {str(p.relative_to(FOLDER)): p.read_bytes() for p in FOLDER.rglob("*") if p.is_file()}


def message() -> tuple[str, dict[str, bytes]]:
    """The HTML of message.eml, and its embedded pictures by cid."""
    raw = email.message_from_bytes(
        (FOLDER / "message.eml").read_bytes(), policy=email.policy.default
    )
    assert isinstance(raw, EmailMessage)
    assert [part.defects for part in raw.walk() if part.defects] == []
    html = raw.get_body(("html",))
    assert html is not None
    parts = {
        str(part["Content-ID"]).strip("<>"): part.get_payload(decode=True)
        for part in raw.walk()
        if part.get_content_maintype() == "image"
    }
    return html.get_content(), {cid: bytes(data) for cid, data in parts.items()}


def sources(html: str) -> Sequence[str]:
    return re.findall(r'<img\b[^>]*?\bsrc="([^"]+)"', html)


@pytest.fixture
def newsletter(digest: Digest, server: FaultServer) -> FaultServer:
    """Three stories with pictures on a server, and one with a picture beside it."""
    for path, data in PICTURES.items():
        server.add(path, data, "image/jpeg", {"ETag": f'"{path}"'})
        write(path[1:].partition(".")[0], server.url(path), alt="Drawn for a test")
    Path("stories").mkdir(exist_ok=True)
    Path("stories", "quay.png").write_bytes(file(chart(640, 300), "PNG"))
    write("quay", "quay.png", alt="A quay")
    return server


def fetched(server: FaultServer) -> list[str]:
    return sorted(asked.path for asked in server.asked if asked.path in PICTURES)


def test_linked_leaves_remote_pictures_where_they_are(
    digest: Digest, newsletter: FaultServer
) -> None:
    settings("linked")
    said = built(digest)
    assert said.status == 0, said.err
    assert fetched(newsletter) == []
    html, parts = message()
    remote = [source for source in sources(html) if source.startswith("http")]
    assert sorted(remote) == sorted(map(newsletter.url, PICTURES))
    assert list(parts.values()) == [Path("stories/quay.png").read_bytes()]
    assert [f"cid:{cid}" for cid in parts] == [s for s in sources(html) if s not in remote]


def test_embedded_carries_every_picture_in_the_message(
    digest: Digest, newsletter: FaultServer
) -> None:
    settings("embedded")
    said = built(digest)
    assert said.status == 0, said.err
    assert fetched(newsletter) == sorted(PICTURES)
    html, parts = message()
    assert len(parts) == 4
    assert sorted(sources(html)) == sorted(f"cid:{cid}" for cid in parts)
    copies = {name: data for name, data in files().items() if name.startswith("media/")}
    assert sorted(copies.values()) == sorted(parts.values())
    for page in ("email.html", "web.html"):
        assert set(sources((FOLDER / page).read_text())) == set(copies)
    for data in copies.values():
        assert seen(data).width <= 1200
        assert len(data) <= 200_000
        assert b"SECRET" not in data
        assert data[:4] != b"RIFF", "Outlook shows no WebP"
    sizes = {(s.image.width, s.image.height) for s in Archive(Path("issues")).load(SLUG).stories
             if s.image}  # fmt: skip
    assert sizes == {seen(data).size for data in copies.values()}
    assert digest("check", SLUG).status == 0


def test_media_links_to_the_copies_on_the_web(digest: Digest, newsletter: FaultServer) -> None:
    settings("media", f"DIGEST_WEB_URL={WEB}/")
    said = built(digest)
    assert said.status == 0, said.err
    html, parts = message()
    copies = {name for name in files() if name.startswith("media/")}
    assert (len(copies), parts) == (4, {})
    assert set(sources(html)) == {f"{WEB}/{SLUG}/{name}" for name in copies}
    for page in ("email.html", "web.html"):
        assert set(sources((FOLDER / page).read_text())) == copies
    assert not [f for f in json.loads(said.out)["findings"] if f["check"] == "pictures"]


def test_media_without_an_address_is_refused_before_anything_is_read(
    digest: Digest, newsletter: FaultServer
) -> None:
    settings("media")
    said = built(digest)
    assert said.status == 2
    assert "DIGEST_PICTURES=media in .env, line 2 needs DIGEST_WEB_URL" in said.err
    assert fetched(newsletter) == []
    assert not FOLDER.exists()


def test_the_check_misses_a_link_to_another_picture(
    digest: Digest, newsletter: FaultServer
) -> None:
    settings("media", f"DIGEST_WEB_URL={WEB}/")
    built(digest)
    from dataclasses import replace

    from digest.check import check

    archive = Archive(Path("issues"))
    issue, made = archive.load(SLUG), archive.renderings(SLUG)
    assert not [f for f in check(issue, made, media=archive.media(SLUG)) if f.check == "pictures"]
    elsewhere = replace(issue.newsletter, web_url="http://other.example.org/")
    found = check(replace(issue, newsletter=elsewhere), made, media=archive.media(SLUG))
    told = [f.what for f in found if f.check == "pictures"]
    assert sum("is not linked on the web" in what for what in told) == 4
    assert sum("insecure address" in what for what in told) == 1


@pytest.mark.parametrize("mode", ["linked", "embedded", "media"])
def test_the_same_pictures_give_the_same_bytes_and_are_not_sent_twice(
    digest: Digest, newsletter: FaultServer, mode: str
) -> None:
    settings(mode, f"DIGEST_WEB_URL={WEB}/")
    built(digest)
    first = files()
    newsletter.bodies = 0
    for page in ("issue.json", "message.eml"):
        (FOLDER / page).unlink()
    said = built(digest)
    assert said.status == 0, said.err
    assert files() == first
    assert newsletter.bodies <= len(b"nothing here"), "robots.txt at most"


def test_a_rebuild_without_the_server_keeps_the_copies(
    digest: Digest, newsletter: FaultServer
) -> None:
    settings("embedded")
    built(digest)
    first = files()
    for path in PICTURES:
        newsletter.add(path, b"gone", status=410)
    said = built(digest)
    assert said.status == 0, said.err
    assert {k: v for k, v in files().items() if k.startswith("media/")} == {
        k: v for k, v in first.items() if k.startswith("media/")
    }
    notes = [note for note in json.loads(said.out)["notes"] if "of the last build" in note]
    assert len(notes) == 3
    assert "410" in notes[0]


@pytest.mark.parametrize("mode", ["embedded", "media"])
def test_what_cannot_be_copied_is_named_and_the_rest_goes_on(
    digest: Digest, newsletter: FaultServer, mode: str
) -> None:
    settings(mode, f"DIGEST_WEB_URL={WEB}/")
    bad = {}
    for n, (data, reason) in enumerate(HOSTILE.values()):
        url = newsletter.add(f"/bad{n}", data, "image/png")
        write(f"bad{n}x", url)
        bad[url] = reason
    for path in ("/silent-not-there.jpg", "/redirect/private", "/redirect/file", "/bomb", "/huge"):
        write(path.strip("/").replace("/", ""), newsletter.url(path))
        bad[newsletter.url(path)] = ""
    settings(mode, f"DIGEST_WEB_URL={WEB}/", "DIGEST_TEASERS=60", "DIGEST_THEME=magazine")
    said = built(digest)
    assert said.status == 1
    failures = {f["where"]: f for f in json.loads(said.out)["failures"]}
    assert set(failures) == set(bad)
    for url, reason in bad.items():
        assert failures[url]["what"].startswith("The picture of “Of the ")
        assert reason in failures[url]["what"], url
    stories = Archive(Path("issues")).load(SLUG).stories
    assert len(stories) == len(bad) + 4
    shown = [story.entry.title for story in stories if story.image]
    assert sorted(shown) == ["Of the drawing", "Of the quay", "Of the turned", "Of the wide"]
    remote = [s for s in sources((FOLDER / "email.html").read_text()) if s.startswith("http")]
    assert remote == []


def test_an_issue_of_heavy_pictures_stays_within_its_budget(
    digest: Digest, server: FaultServer
) -> None:
    for n in range(8):
        path = f"/heavy{n}.jpg"
        server.add(path, file(grain(700, 500 + n), "JPEG", quality=60), "image/jpeg")
        write(f"heavy{n}x", server.url(path))
    settings("embedded")
    said = built(digest)
    assert said.status == 0, said.err
    sizes = [len(data) for name, data in files().items() if name.startswith("media/")]
    assert 0 < sum(sizes) <= 1_000_000
    left_out = [note for note in json.loads(said.out)["notes"] if "is left out" in note]
    assert len(sizes) + len(left_out) == 8


def test_a_picture_that_two_stories_show_is_fetched_and_kept_once(
    digest: Digest, server: FaultServer
) -> None:
    url = server.add("/wide.jpg", PICTURES["/wide.jpg"], "image/jpeg")
    write("ferry", url)
    write("seeds", url)
    settings("embedded")
    assert built(digest).status == 0
    assert fetched(server) == ["/wide.jpg"]
    html, parts = message()
    assert (len(parts), len(sources(html))) == (1, 2)


def test_an_edit_may_name_a_copy_of_the_issue(digest: Digest, newsletter: FaultServer) -> None:
    settings("embedded")
    built(digest)
    stories = Archive(Path("issues")).load(SLUG).stories
    wide = next(story for story in stories if story.entry.title == "Of the wide")
    assert wide.image
    assert digest("edit", SLUG, "image", "Of the quay", wide.image.url).status == 0
    for _ in range(2):
        assert built(digest).status == 0
        quay = next(
            story
            for story in Archive(Path("issues")).load(SLUG).stories
            if story.entry.title == "Of the quay"
        )
        assert quay.image
        assert quay.image.url == wide.image.url


def test_sizes_of_a_turned_local_photo_are_those_of_its_copy(digest: Digest) -> None:
    Path("stories").mkdir()
    Path("stories", "turned.jpg").write_bytes(turned_photo())
    write("turned", "turned.jpg")
    settings("linked")
    assert built(digest).status == 0
    (story,) = Archive(Path("issues")).load(SLUG).stories
    assert story.image
    assert (story.image.width, story.image.height) == (1096, 1461)
    web = (FOLDER / "web.html").read_text()
    assert 'width="1096" height="1461"' in web
