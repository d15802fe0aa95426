"""`digest check`: what it finds in an issue, what is new in it, and which links are dead."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from digest.archive import Archive
from tests.cli.conftest import Digest
from tests.servers import FaultServer

THIS, LAST = "2026-W47", "2026-W46"


def write(name: str, title: str, url: str = "") -> None:
    Path("stories").mkdir(exist_ok=True)
    link = f"url: {url}\n" if url else ""
    body = " ".join(f"{name}{n} stands here." for n in range(30))
    text = f"---\ntitle: {title}\ntags: {name}\n{link}---\n\n{title}. {body}\n"
    Path("stories", f"{name}.md").write_text(text, "utf-8")


def settings(**more: str) -> None:
    wanted = {
        "DIGEST_SOURCES": "stories",
        "DIGEST_INTRO": "A foggy week on the quay, told in its own words.",
        "DIGEST_POSTAL_ADDRESS": "1 Quay Street, Saltmarsh",
        "DIGEST_SENDER": "Desk <desk@example.org>",
        "DIGEST_UNSUBSCRIBE_URL": "https://lists.example.org/unsubscribe",
        **more,
    }
    Path(".env").write_text("".join(f"{key}='{value}'\n" for key, value in wanted.items()))


def build(digest: Digest, slug: str, day: int) -> None:
    said = digest("build", "--issue", slug, "--now", f"2026-11-{day}T09:30:00+00:00", "-q")
    assert not said.err, said.err


def told(digest: Digest, *words: str) -> list[tuple[str, str, str]]:
    rows = json.loads(digest("check", *words, "--json").out)
    return [(row["check"], row["level"], row["what"]) for row in rows]


def test_the_table_says_why_and_how_to_mend(digest: Digest) -> None:
    write("ferry", "The ferry sails again", "http://example.org/ferry")
    settings()
    build(digest, THIS, 20)
    said = digest("check")
    assert said.status == 0  # a warning
    table = " ".join(said.out.split())
    for word in ("warning", "where", "what", "why", "how to mend it", "An insecure"):
        assert word in table
    assert said.out.rstrip().endswith(f"{THIS}: 0 errors, 1 warning.")
    (row,) = json.loads(digest("check", THIS, "--json").out)
    assert set(row) == {"check", "level", "where", "what", "why", "clients", "mend"}


def test_errors_exit_with_1(digest: Digest) -> None:
    write("ferry", "The ferry sails again", "https://example.org/ferry")
    settings()
    build(digest, THIS, 20)
    archive = Archive(Path("issues"))
    broken = archive.load(THIS)
    rendered = archive.renderings(THIS)
    archive.save(
        broken,
        candidates=archive.candidates(THIS),
        renderings=type(rendered)(
            email_html=rendered.email_html.replace("example.org/ferry", "example.org/fairy"),
            email_txt=rendered.email_txt,
            web_html=rendered.web_html,
            message=rendered.message,
        ),
        media={},
        settings={},
        versions={},
    )
    assert digest("check", THIS).status == 1
    errors = [what for _, level, what in told(digest, THIS) if level == "error"]
    assert "The story's link is missing: https://example.org/ferry" in errors


def test_since_leaves_out_what_an_earlier_issue_has_too(digest: Digest) -> None:
    settings(DIGEST_POSTAL_ADDRESS="")
    write("ferry", "The ferry sails again", "https://example.org/ferry")
    build(digest, LAST, 13)
    Path("stories/ferry.md").unlink()
    write("seeds", "A seed library opens", "http://example.org/seeds")
    build(digest, THIS, 20)
    everything = [check for check, *_ in told(digest, THIS)]
    assert sorted(everything) == ["colophon", "links"]
    (new,) = told(digest, THIS, "--since", LAST)
    assert new[0] == "links"
    said = digest("check", THIS, "--since", LAST)
    assert f"1 warning; {LAST} has 1 more too." in said.out
    assert digest("check", THIS, "--since", "2026-W01").status != 0


@pytest.fixture
def online(digest: Digest, server: FaultServer) -> Digest:
    """An issue whose links are at a real server."""
    server.add("/well", "<p>well</p>")
    server.add("/huge-body", "x" * 1000)
    server.add("/moved", "", status=302, headers={"Location": "/"})
    links = {
        "well": server.url("/well#part"),
        "gone": server.url("/status/410"),
        "lost": server.url("/nothing-here"),
        "fault": server.url("/status/500"),
        "refused": server.url("/status/403"),
        "hangs": server.url("/hang-up"),
        "front": server.url("/moved"),
        "bits": server.url("/huge"),
    }
    for name, url in links.items():
        write(name, f"{name.title()} {name}ly {name}s", url)
    settings(DIGEST_UNSUBSCRIBE_URL=server.url("/well"), DIGEST_TEASERS="20",
             DIGEST_WEB_URL=server.url("/issues/"))  # fmt: skip
    build(digest, THIS, 20)
    return digest


def test_online_asks_for_every_link_once(online: Digest, server: FaultServer) -> None:
    server.asked.clear()
    said = online("check", "--online", "--json")
    assert said.status == 1
    rows = [row for row in json.loads(said.out) if row["check"] == "dead-links"]
    found = {(row["level"], row["what"].replace(server.url(""), "")) for row in rows}
    assert found == {
        ("error", "A dead link (410): /status/410"),
        ("error", "A dead link (404): /nothing-here"),
        *[
            ("warning", f"A link that could not be tried: {said}")
            for said in (
                "/status/500 answered 500 Internal Server Error.",
                "/status/403 answered 403 Forbidden.",
                "/hang-up closed the connection before its answer was complete.",
            )
        ],
        ("warning", "A link ends at a front page: /moved leads to /"),
        ("warning", f"The page of this issue is not on the web: /issues/{THIS}/"),
    }  # fmt: skip
    gone = next(row for row in rows if "(410)" in row["what"])
    assert "“Gone gonely gones”" in gone["where"]
    assert all(row["why"] and row["mend"] for row in rows)
    paths = [asked.path for asked in server.asked]
    assert paths.count("/well") == 1
    assert paths.count("/robots.txt") == 1


def test_without_online_nobody_is_asked(online: Digest, server: FaultServer) -> None:
    server.asked.clear()
    assert "dead-links" not in [check for check, *_ in told(online)]
    assert server.asked == []


def test_what_is_online_is_told_whatever_another_issue_has(online: Digest) -> None:
    rows = told(online, "--online", "--since", THIS)
    assert len(rows) == 7
    assert {check for check, *_ in rows} == {"dead-links"}


def test_what_robots_keep_out_is_no_dead_link(online: Digest, server: FaultServer) -> None:
    server.add("/robots.txt", "User-agent: *\nDisallow: /status\nDisallow: /no\n", "text/plain")
    server.asked.clear()
    rows = [what for check, _, what in told(online, "--online") if check == "dead-links"]
    (kept_out,) = [what for what in rows if "as their sites wish" in what]
    assert kept_out.count("http:") == 3
    assert kept_out.endswith("and 1 more.")
    assert not [asked for asked in server.asked if asked.path.startswith("/status")]


def test_a_private_address_is_a_dead_link_for_readers(
    digest: Digest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DIGEST_ALLOW_PRIVATE", raising=False)
    write("ferry", "The ferry sails again", "https://127.0.0.1/ferry")
    settings(DIGEST_UNSUBSCRIBE_URL="https://127.0.0.1/leave")
    build(digest, THIS, 20)
    said = digest("check", "--online", "--json")
    rows = [row["what"] for row in json.loads(said.out) if row["level"] == "error"]
    assert rows == [
        "A link into a private network: https://127.0.0.1/ferry",
        "A link into a private network: https://127.0.0.1/leave",
    ]
    assert said.status == 1


def test_the_records_of_keys_that_sign_are_printed(digest: Digest, tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    Path("dkim.pem").write_bytes(pem)
    Path(".env").write_text("DIGEST_SENDER=a@news.example.org\nDIGEST_DKIM_KEYS=s1=dkim.pem\n")
    said = digest("check", "--dkim-records")
    assert said.status == 0
    assert said.out.startswith("s1._domainkey.news.example.org. TXT\nv=DKIM1; k=ed25519; p=")
    assert "PRIVATE" not in said.out
    Path(".env").write_text("DIGEST_SENDER=a@news.example.org\n")
    assert digest("check", "--dkim-records").status == 2
