"""The mailbox in the review: mails that stayed on this machine, which anybody may have written."""

from __future__ import annotations

import email.policy
import os
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote, urljoin

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html as markup

from digest.archive import Archive
from digest.cli.main import run
from digest.models import Recipient
from digest.review import create_app
from digest.review.serve import make_review_server
from digest.send import Mailbox, addressed
from digest.site import MAILS_PER_PAGE, mail_html
from digest.text.mail_parts import MAX_TEXT, read_mail
from tests.archive.newsroom import picture
from tests.browser import Browser
from tests.review.test_app import words
from tests.review.test_serve import MAGENTA, paints, remote_pictures

PAGES = ("", "text", "headers", "files")
MAIL = "/mailbox/mail%20ann%40example.org/"
ISSUE = (
    b"From: Harbor Weekly <editor@example.org>\r\nSubject: Tides\r\n"
    b"Message-ID: <2026-w47.0123456789abcdef0123456789abcdef@example.org>\r\n"
    b"List-Id: Harbor Weekly <harbor-weekly.example.org>\r\n\r\nLow water at noon.\r\n"
)


def mail(html: str = "", *, pictures: bool = True) -> bytes:
    """A mail with a text part, an HTML part with a picture, and two files."""
    made = EmailMessage(policy=email.policy.SMTP)
    made["From"] = "Förde Weekly <editor@example.org>"
    made["To"] = "ann@example.org"
    made["Subject"] = "Ebbe – täglich"
    made.set_content("Low water at noon.\n")
    body = (
        html
        or "<html><head></head><body><h1>Low</h1><img src='cid:tide%40x' width=552></body></html>"
    )
    made.add_alternative(body, subtype="html")
    if pictures:
        rich = made.get_payload()[1]  # type: ignore[index]
        rich.add_related(picture("#e000e0"), "image", "png", cid="<tide@x>", filename="tide.png")  # type: ignore[union-attr]
    made.add_attachment(b"<script>alert(1)</script>", "text", "html", filename="../../evil.html")
    made.add_attachment(
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        "image",
        "svg+xml",
        filename="a.svg",
    )
    return made.as_bytes()


@pytest.fixture
def box(tmp_path: Path) -> Mailbox:
    return Mailbox(tmp_path / "var" / "mailbox")


@pytest.fixture
def client(archive: Archive, box: Mailbox) -> FlaskClient:
    box.keep(mail(), slug="mail", to="ann@example.org")
    return create_app(archive, None, box).test_client()


def keep(box: Mailbox, raw: bytes) -> str:
    """Keep the one mail `raw`; its address."""
    path = box.keep(raw, slug="mail", to="ann@example.org")
    return f"/mailbox/{quote(path.stem)}/"


@contextmanager
def running(archive: Archive, box: Mailbox) -> Iterator[str]:
    server = make_review_server(create_app(archive, None, box), port=0)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()


def test_the_mailbox_is_an_inbox(client: FlaskClient, box: Mailbox) -> None:
    ann = Recipient(address="ann@example.org")
    box.deliver(addressed(ISSUE, ann, as_test=True), slug="2026-W47", recipient=ann)
    os.utime(box.folder / "2026-W47 ann@example.org.eml", ns=(0, 0))
    rows = words(client.get("/mailbox/").text, ".inbox li")
    assert re.match(
        r"Förde Weekly Ebbe – täglich Low .* to ann@example\.org \d\d:\d\d \S+ ", rows[0]
    )
    assert rows[1].startswith("Harbor Weekly [TEST] Tides Low water at noon.")
    assert "2026-W47" in rows[1]
    assert words(client.get("/").text, ".site a")[-1] == "Mailbox"


def test_an_empty_mailbox_says_how_to_fill_it(archive: Archive, box: Mailbox) -> None:
    page = create_app(archive, None, box).test_client().get("/mailbox/")
    assert page.status_code == 200
    assert "digest send --test" in page.text
    assert "digest mailbox" in page.text


def test_without_a_mailbox_there_is_no_page_of_it(archive: Archive) -> None:
    client = create_app(archive).test_client()
    assert client.get("/mailbox/").status_code == 404
    assert "mailbox" not in client.get("/").text


def test_hundreds_of_mails_come_in_pages(
    archive: Archive, box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)
    for _ in range(2 * MAILS_PER_PAGE + 1):
        keep(box, mail(pictures=False))
    client = create_app(archive, None, box).test_client()
    first, last = (client.get(f"/mailbox/?page={n}").text for n in (1, 3))
    assert len(words(first, ".inbox li")) == MAILS_PER_PAGE
    assert len(words(last, ".inbox li")) == 1
    assert "Page 3 of 3" in words(last, "nav.bar")[0]
    for odd in ("0", "-7", "999999999999999999999", "x"):
        assert client.get(f"/mailbox/?page={odd}").status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_each_view_of_a_mail(client: FlaskClient, page: str) -> None:
    answer = client.get(MAIL + page)
    assert answer.status_code == 200
    assert words(answer.text, "h1") == ["Ebbe – täglich"]
    assert words(answer.text, ".tabs a") == ["Mail", "Text", "Headers", "Files 3"]
    assert len(words(answer.text, ".tabs a[aria-current]")) == 1
    facts = words(answer.text, "p.facts")[0]
    assert "from Förde Weekly <editor@example.org> to ann@example.org" in facts


def test_a_mail_leads_to_its_neighbors_and_its_issue(client: FlaskClient, box: Mailbox) -> None:
    for number, slug in enumerate(("2026-W47", "2026-W40"), start=1):
        raw = ISSUE.replace(b"2026-w47", slug.lower().encode())
        box.keep(raw, slug=slug, to="ann@example.org")
        os.utime(box.folder / f"{slug} ann@example.org.eml", ns=(0, number))
    known, unknown = (f"/mailbox/{slug}%20ann%40example.org/" for slug in ("2026-W47", "2026-W40"))
    page = markup.fromstring(client.get(f"{unknown}text").text)
    steps = [a.get("href") for a in page.cssselect(".steps a[rel]")]
    assert steps == ["../2026-W47%20ann%40example.org/text", "../mail%20ann%40example.org/text"]
    assert "Issue" not in words(client.get(unknown).text, "p.facts")[0]
    assert words(client.get(known).text, "p.facts a") == ["Issue 2026-W47"]


def test_links_lead_somewhere(client: FlaskClient) -> None:
    seen: set[str] = set()
    pending = ["/mailbox/"]
    while pending:
        url = pending.pop()
        if url in seen or url.startswith("/issues/"):
            continue
        seen.add(url)
        answer = client.get(url)
        assert answer.status_code == 200, url
        if answer.mimetype == "text/html" and "/mail.html" not in url:
            for element in markup.fromstring(answer.text).iter("a", "iframe", "link", "img"):
                target = element.get("href") or element.get("src") or ""
                if not target.startswith("data:"):
                    pending.append(urljoin(url, target).partition("#")[0])
    assert len(seen) > 12


def test_the_mail_as_it_came(client: FlaskClient, box: Mailbox) -> None:
    answer = client.get(f"{MAIL}message.eml")
    assert answer.data == (box.folder / "mail ann@example.org.eml").read_bytes()
    assert answer.content_type == "text/plain; charset=utf-8"
    assert words(client.get(f"{MAIL}text").text, "pre.mail") == ["Low water at noon."]
    headers = client.get(f"{MAIL}headers").text
    assert "Subject Ebbe – täglich" in words(headers, ".headers div")
    assert words(headers, ".parts li")[0].split()[0] == "multipart/mixed"


def test_pictures_stand_in_their_place_and_files_are_saved(client: FlaskClient) -> None:
    shown = client.get(f"{MAIL}mail.html?frame=on").text
    src = markup.fromstring(shown).cssselect("img")[0].get("src")
    picture_ = client.get(urljoin(MAIL, str(src)))
    assert (picture_.mimetype, picture_.data) == ("image/png", picture("#e000e0"))
    assert picture_.headers["Content-Security-Policy"].startswith("default-src 'none'; sandbox")
    links = markup.fromstring(client.get(f"{MAIL}files").text).cssselect(".files a")
    assert [a.get("download") for a in links] == ["tide.png", "_.._evil.html", "a.svg"]
    for link in links[1:]:
        saved = client.get(urljoin(MAIL, str(link.get("href"))))
        assert saved.mimetype == "application/octet-stream"
        assert saved.headers["Content-Disposition"].startswith("attachment; filename=")
        assert "/" not in saved.headers["Content-Disposition"]
        assert saved.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "name",
    [
        "..%2f..%2f..%2fsecret", "..%2fsecret", "%2e%2e", "secret", "link", ".hidden",
        "new%2fx", "mail%20ann%40example.org.eml", "mail%20ann%40example.org.envelope.json", "%00",
    ],
)  # fmt: skip
def test_no_name_leads_out_of_the_mailbox(client: FlaskClient, box: Mailbox, name: str) -> None:
    (box.folder.parent / "secret.eml").write_text("secret")
    (box.folder / "link.eml").symlink_to(box.folder.parent / "secret.eml")
    (box.folder / ".hidden.eml").write_text("secret")
    for page in (*PAGES, "mail.html", "message.eml", "part/1"):
        answer = client.get(f"/mailbox/{name}/{page}")
        assert answer.status_code == 404
        assert "secret" not in answer.text
    for number in ("0", "99", "-1", "x"):
        assert client.get(f"{MAIL}part/{number}").status_code == 404


def test_a_mail_is_sandboxed_and_offline_until_asked(client: FlaskClient) -> None:
    policy = client.get(f"{MAIL}mail.html").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "img-src 'self' data:;" in policy
    assert re.search(r"; sandbox allow-popups allow-popups-to-escape-sandbox$", policy)
    asked = client.get(f"{MAIL}mail.html?images=on").headers["Content-Security-Policy"]
    assert asked == policy.replace("'self' data:;", "'self' data: http: https:;")
    for query, expected in (("", "frame=on"), ("?images=on", "frame=on&images=on")):
        frames = markup.fromstring(client.get(MAIL + query).text).cssselect("iframe")
        assert {f.get("src") for f in frames} == {f"mail.html?{expected}"}
        assert {f.get("sandbox") for f in frames} == {"allow-popups allow-popups-to-escape-sandbox"}
    for page in ("/mailbox/", *(MAIL + p for p in PAGES)):
        policy = client.get(page).headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'")
        assert "script-src" not in policy or "; script-src 'self'; base-uri" in policy


@pytest.mark.parametrize(
    ("html", "begins"),
    [
        ("<!doctype html><html><p>x", '<!doctype html><base target="_blank"><html>'),
        (" <!-- a --><!DOCTYPE html>\n<p>x", ' <!-- a --><!DOCTYPE html><base target="_blank">'),
        ("<p>x", '<base target="_blank"><p>x'),
        ('<base target="_self"><p>x', '<base target="_blank"><base target="_self">'),
    ],
)
def test_links_in_a_frame_open_tabs(html: str, begins: str) -> None:
    assert mail_html(read_mail(mail(html)), framed=True).startswith(begins)
    assert mail_html(read_mail(mail(html)), framed=False).split() == html.split()


def test_words_from_outside_stay_words(archive: Archive, box: Mailbox) -> None:
    evil = "</title><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}"
    raw = (
        f"From: {evil} <x@example.org>\r\nTo: {evil}\r\nSubject: {evil} \x1b[31m\r\n{evil}: x\r\n"
        f"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n{evil}\r\n"
        f'--b\r\nContent-Type: "{evil}"\r\nContent-ID: <{evil}>\r\n'
        f'Content-Disposition: attachment; filename="{evil.replace("/", "")}"\r\n\r\nx\r\n--b--\r\n'
    ).encode()
    url = keep(box, raw)
    client = create_app(archive, None, box).test_client()
    for path in ("/mailbox/", *(url + page for page in PAGES)):
        page = client.get(path).text
        tree = markup.fromstring(page)
        assert not tree.xpath("//script[not(@src)] | //img | //*[@onerror]"), path
        assert "&lt;script&gt;" in page
        assert "49 }}" not in page
        assert "\x1b" not in page


CHARSETS = {
    b"iso-8859-1": "täglich".encode("latin-1"),
    b"utf-8": "täglich".encode(),
    b"utf-16": "täglich".encode("utf-16"),
    b"no-such-charset": "täglich".encode(),
    b"rot13": "täglich".encode(),
    b"punycode": "täglich".encode(),
    b"\xff\0": "täglich".encode(),
}


@pytest.mark.parametrize(("charset", "body"), CHARSETS.items(), ids=map(repr, CHARSETS))
def test_wrong_charsets(archive: Archive, box: Mailbox, charset: bytes, body: bytes) -> None:
    import base64

    raw = b"Content-Type: text/html; charset=%s\r\nContent-Transfer-Encoding: base64\r\n\r\n%s\r\n"
    url = keep(box, raw % (charset, base64.b64encode(body)))
    answer = create_app(archive, None, box).test_client().get(f"{url}mail.html")
    assert answer.text.strip() == "täglich"
    assert answer.content_type == "text/html; charset=utf-8"


def test_huge_and_endless_mails_are_bounded(
    archive: Archive, box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = create_app(archive, None, box).test_client()
    long = keep(box, b"Content-Type: text/html\r\n\r\n" + b"<p>tide\r\n" * 400_000)
    assert len(client.get(f"{long}mail.html").text) <= MAX_TEXT + 100
    assert "longer than what is shown" in client.get(long).text
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n)
                      for n in range(3_000))  # fmt: skip
    many = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 5_000
    letters = b"Content-Type: message/rfc822\r\n\r\n" * 3_000
    for raw in (
        nested,
        many,
        letters,
        b"X: y\r\n" * 20_000 + b"\r\n",
        b"",
        b"\r\n\r\n",
        b"\0" * 999,
    ):
        url = keep(box, raw)
        for page in ("/mailbox/", *(url + page for page in PAGES)):
            answer = client.get(page)
            assert answer.status_code == 200
            assert len(answer.data) < 500_000
    monkeypatch.setattr("digest.send.mailbox.mailbox.MAX_BYTES", 1_000)
    answer = client.get(long)
    assert answer.status_code == 500
    assert words(answer.text, "h1") == ["This cannot be shown"]
    assert client.get("/mailbox/").status_code == 200


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    raw=st.lists(
        st.sampled_from([
            b"Content-Type: multipart/mixed; boundary=b\r\n", b"Content-Type: text/html\r\n",
            b"Content-Type: message/rfc822\r\n", b"Content-Type: image/png; name=\xff\r\n",
            b"Content-Disposition: attachment; filename*=utf-8''%ff%00\r\n", b"\r\n", b"--b\r\n",
            b"Content-Transfer-Encoding: base64\r\n", b"Content-Transfer-Encoding: x-uuencode\r\n",
            b"Content-ID: <>\r\n", b"<img src=cid:>", b"begin 666 x\r\n", b"--b--\r\n", b"!!\xff",
        ]),
        max_size=14,
    )
)  # fmt: skip
def test_any_mail_can_be_looked_at(archive: Archive, box: Mailbox, raw: list[bytes]) -> None:
    url = keep(box, b"".join(raw))
    client = create_app(archive, None, box).test_client()
    for page in PAGES:
        assert client.get(url + page).status_code == 200
    for file in markup.fromstring(client.get(f"{url}files").text).cssselect(".files a"):
        assert client.get(urljoin(url, str(file.get("href")))).status_code == 200
    assert client.get(f"{url}mail.html").status_code in {200, 404}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 375])
def test_the_mailbox_in_a_real_browser(
    chromium: Browser, archive: Archive, box: Mailbox, width: int, scheme: str
) -> None:
    long = "averyverylongaddress." * 8
    keep(box, mail())
    headers = "".join(f"{name}: {long}@example.org\r\n" for name in ("From", "To", "Subject"))
    keep(box, f"{headers}\r\n{long}".encode())
    chromium.look(width=width, scheme="dark" if scheme == "dark" else "light")
    with running(archive, box) as url:
        for path in ("/", "/mailbox/", *(MAIL + p for p in PAGES), f"{MAIL[:-1]}%202/"):
            chromium.open(url + path)
            assert chromium.evaluate("document.documentElement.scrollWidth") <= width, path
            top = chromium.screenshot().getpixel((2, 2))
            assert isinstance(top, tuple)
            assert (top[0] > 128) is (scheme == "light"), f"{path} is not {scheme}"
        chromium.open(url + MAIL)
        assert paints(chromium, MAGENTA, least=0.02), "the mail's own picture is not shown"
        chromium.open(f"{url}{MAIL}files")
        assert paints(chromium, MAGENTA, least=0.01), "the attached picture is not shown"


def test_a_hostile_mail_runs_nothing_and_reaches_nobody(
    chromium: Browser, archive: Archive, box: Mailbox
) -> None:
    with remote_pictures() as (remote, asked), socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(0.5)
        other = f"http://127.0.0.1:{silent.getsockname()[1]}"
        keep(box, mail(
            f"<html><head><meta http-equiv=refresh content='0;url={remote}/refresh'>"
            f"<LINK rel=preconnect href='{other}'><link/rel=preconnect href='{other}'>"
            f"<link rel=stylesheet href='{remote}/x.css'><base href='{remote}/'>"
            f"<style>@import '{remote}/y.css'; h1 {{ background: url({remote}/back.png) }}</style>"
            f"</head><body onload='document.body.remove()'><h1>Low</h1>"
                f"<img src='cid:tide@x' width=552>"
            f"<img src='{remote}/tracker.png' onerror='document.body.remove()'>"
            f"<script>document.body.textContent = 'owned'; top.location = '{remote}/top'</script>"
            f"<iframe src='{remote}/x'></iframe><object data='{remote}/o'></object>"
            f"<form action='{remote}/form'><input name=x autofocus></form></body></html>"
        ))  # fmt: skip
        chromium.look(width=1280, scheme="light")
        with running(archive, box) as url:
            for path in (MAIL, f"{MAIL}mail.html"):
                chromium.open(url + path)
                assert paints(chromium, MAGENTA, least=0.02), "a script ran, or it went elsewhere"
                assert chromium.evaluate("location.href") == url + path
            assert asked == []
            with pytest.raises(TimeoutError):
                silent.accept()
            chromium.open(f"{url}{MAIL}?images=on")
            assert paints(chromium, (0, 0xE0, 0), least=0.01)
            assert set(asked) == {"/tracker.png", "/back.png"}, "pictures, once asked; no more"


def test_serve_shows_the_mailbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`digest serve` hands over the mailbox into which `digest send --test` put its mails."""
    pages: list[str] = []

    def once(app: object, **_: object) -> None:
        pages.append(app.test_client().get("/mailbox/").text)  # type: ignore[attr-defined]

    Mailbox(tmp_path / "var" / "mailbox").keep(mail(), slug="mail", to="ann@example.org")
    monkeypatch.setattr("digest.review.serve_forever", once)
    assert run(["-C", str(tmp_path), "serve", "--no-watch"]) == 0
    assert words(pages[0], ".who") == ["Förde Weekly"]
