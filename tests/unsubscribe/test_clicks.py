"""What a click does, and what no visit, forgery or flood can do."""

from __future__ import annotations

import re
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

from digest.send import Keyring
from tests.unsubscribe.host import FORM, KEYS, ONE_CLICK, Site

ANN = "ann@example.org"
TOKEN = KEYS.token(ANN)
REFERENCE = KEYS.reference(ANN)
MULTIPART = (
    b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'
)


@pytest.mark.parametrize(
    "target", [f"/?t={TOKEN}", f"/{TOKEN}", f"/{TOKEN}/", f"/?list=1&t={TOKEN}"]
)
@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (ONE_CLICK, FORM),
        (MULTIPART, {"Content-Type": "multipart/form-data; boundary=x"}),
    ],
    ids=["urlencoded", "multipart"],
)
def test_one_click_unsubscribes(
    site: Site, target: str, body: bytes, headers: dict[str, str]
) -> None:
    answer = site.ask("POST", target, body, headers)
    assert (answer.status, answer.text) == (200, "You are unsubscribed\n")
    assert not {"location", "set-cookie"} & set(answer.headers)
    assert site.told() == [(REFERENCE, "unsubscribed", "one-click")]
    assert site.left()[0].at == site.clock.now
    assert site.record.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("body", [b"", b"unsubscribe=yes", b"\xff\0=%zz&&&", b"again=no"])
def test_a_post_without_the_one_click_is_the_pages(site: Site, body: bytes) -> None:
    answer = site.ask("POST", f"/?t={TOKEN}", body, FORM)
    assert answer.status == 200
    assert "<h1>You are unsubscribed</h1>" in answer.text
    assert site.told() == [(REFERENCE, "unsubscribed", "page")]


def test_unsubscribing_can_be_taken_back_and_done_again(site: Site) -> None:
    assert 'name="again"' in site.press(TOKEN).text
    assert "You are subscribed again" in site.press(TOKEN, "again").text
    site.click(TOKEN)
    assert [what for _, what, _ in site.told()] == ["unsubscribed", "again", "unsubscribed"]


def test_a_mail_program_never_subscribes(site: Site) -> None:
    site.ask("POST", f"/?t={TOKEN}", ONE_CLICK + b"&again=yes", FORM)
    assert site.told() == [(REFERENCE, "unsubscribed", "one-click")]


def test_a_click_repeated_is_answered_alike_and_written_once(site: Site) -> None:
    assert {site.click(TOKEN).status for _ in range(50)} == {200}
    assert len(site.left()) == 1
    site.clock.later(minutes=2)  # whoever was let in again by hand meanwhile must get out again
    assert site.click(TOKEN).status == 200
    assert len(site.left()) == 2


def test_nobody_fills_the_disk_with_one_link(site: Site) -> None:
    answers = [site.press(TOKEN, "again" if n % 2 else "unsubscribe") for n in range(100)]
    assert {answer.status for answer in answers[0::2]} == {200}
    assert answers[-1].status == 429
    assert answers[-1].headers["retry-after"]
    assert len(site.left()) <= 21
    assert site.left()[-1].what == "unsubscribed"


def test_a_flood_of_gets_changes_nothing(site: Site) -> None:
    methods = ("GET", "HEAD")
    assert {site.ask(methods[n % 2], f"/?t={TOKEN}").status for n in range(2000)} == {200}
    assert not site.record.exists()
    assert site.click(TOKEN).status == 200
    assert site.told() == [(REFERENCE, "unsubscribed", "one-click")]


def test_a_flood_of_forged_tokens_refuses_no_valid_one(site: Site) -> None:
    forged = Keyring([("b", "another-key-of-more-than-32-characters")]).token(ANN)
    answers = [site.click(forged) for _ in range(300)]
    assert [answer.status for answer in answers[:20]] == [400] * 20
    assert {answer.status for answer in answers[20:]} == {429}
    assert all(int(answer.headers["retry-after"]) > 0 for answer in answers[20:])
    assert not site.record.exists()
    assert site.click(TOKEN).status == 200
    assert site.ask("GET", f"/?t={TOKEN}").status == 200
    assert site.told() == [(REFERENCE, "unsubscribed", "one-click")]
    site.clock.later(minutes=1)
    assert site.click(forged).status == 400


@pytest.mark.parametrize(
    "target",
    [
        "/",
        "/?t=",
        f"/?t={TOKEN[:30]}",
        f"/{TOKEN[:-1]}",
        f"/?t={TOKEN}%0d%0aSet-Cookie:%20a=b",
        f"/?t={TOKEN}%00",
        f"/{TOKEN}%0d%0aLocation:%20example.com",
        "/?t=%ff%fe",
        "/?t=<script>alert(1)</script>",
        f"/?t={'A' * 5000}",
    ],
)
def test_a_broken_link_says_so_and_echoes_nothing(site: Site, target: str) -> None:
    for method in ("GET", "POST"):
        answer = site.ask(method, target.replace("<", "%3C"), b"", FORM)
        assert answer.status == 400
        assert "This link is broken" in answer.text
        assert "answer the mail" in answer.text
        assert "script" not in answer.text
        assert not {"set-cookie", "location"} & set(answer.headers)
    assert not site.record.exists()


@pytest.mark.parametrize("target", ["/admin", f"/x/{TOKEN}", "/favicon.ico", f"//x/?t={TOKEN}"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_another_address_is_not_found(site: Site, method: str, target: str) -> None:
    assert site.ask(method, target).status == 404
    assert not site.record.exists()


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_are_refused(site: Site, method: str) -> None:
    answer = site.ask(method, f"/?t={TOKEN}")
    assert answer.status == 405
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD", "POST"}
    assert not site.record.exists()


@pytest.mark.parametrize("kind", [FORM["Content-Type"], "multipart/form-data; boundary=x", "a/b"])
def test_a_huge_body_is_refused(site: Site, kind: str) -> None:
    answer = site.ask("POST", f"/?t={TOKEN}", b"a" * 3_000_000, {"Content-Type": kind})
    assert answer.status == 413
    assert not site.record.exists()
    assert site.click(TOKEN).status == 200


def test_a_body_that_never_comes_holds_up_nobody(site: Site) -> None:
    head = f"POST /?t={TOKEN} HTTP/1.1\r\nContent-Type: {FORM['Content-Type']}\r\n"
    with socket.create_connection(("127.0.0.1", site.port)) as slow:
        slow.sendall(f"{head}Host: x\r\nContent-Length: 26\r\n\r\nList-".encode())
        assert site.click(KEYS.token("ben@example.org")).status == 200
        assert [row.reference for row in site.left()] == [KEYS.reference("ben@example.org")]


def test_eight_at_once_lose_nobody(site: Site) -> None:
    people = [f"reader{n}@example.org" for n in range(400)]
    waiting = people
    with ThreadPoolExecutor(8) as pool:
        for _ in range(10):  # a slow disk may say "later" (503), and mail programs come again
            answers = list(pool.map(site.click, map(KEYS.token, waiting)))
            assert {answer.status for answer in answers} <= {200, 503}
            told = zip(waiting, answers, strict=True)
            waiting = [who for who, answer in told if answer.status == 503]
            if not waiting:
                break
    assert not waiting
    assert len(site.left()) == 400
    assert {row.reference for row in site.left()} == {KEYS.reference(who) for who in people}


def test_an_old_key_is_still_honored(site: Site) -> None:
    old = Keyring([("a", "an-older-key-of-more-than-32-characters")]).token(ANN)
    assert site.click(old).status == 200
    assert site.told() == [(KEYS.reference(ANN, "a"), "unsubscribed", "one-click")]


def test_every_answer_is_private_and_inert(site: Site) -> None:
    forged = f"/?t={TOKEN[::-1]}"
    answers = [
        site.ask("GET", f"/?t={TOKEN}"), site.ask("HEAD", f"/?t={TOKEN}"), site.click(TOKEN),
        site.press(TOKEN), site.ask("GET", forged), site.ask("PUT", "/"), site.ask("GET", "/none"),
        *[site.ask("GET", forged) for _ in range(20)],
    ]  # fmt: skip
    assert {a.status for a in answers} == {200, 400, 404, 405, 429}
    for answer in answers:
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-robots-tag"] == "noindex"
        assert answer.headers["cache-control"] == "no-store"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert "set-cookie" not in answer.headers
        assert TOKEN not in answer.text
        found = set(re.findall(r"(?:src|href|action)=\"([^\"]*)", answer.text))
        assert found <= {"https://example.org"}
        assert "<script" not in answer.text
