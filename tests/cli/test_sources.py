"""`digest sources`, against a real server on loopback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from digest import sample
from tests.cli.conftest import Digest
from tests.servers import FaultServer


def test_a_home_page_is_added_by_its_feed(digest: Digest, server: FaultServer) -> None:
    digest("init", "-q")
    before = Path("sources.opml").read_bytes()
    address = server.url("/").removeprefix("http://")
    dry = digest("sources", "add", address, "--dry-run")
    assert "would be added" in dry.out
    assert Path("sources.opml").read_bytes() == before
    said = digest("sources", "add", address, "--section", "News")
    assert said.status == 0
    assert "The Port Ellery Courier (feed, 15 entries)" in said.out
    assert "/comments/feed" in said.out
    text = Path("sources.opml").read_text("utf-8")
    assert f'xmlUrl="{server.url("/courier.rss")}"' in text
    again = digest("sources", "add", server.url("/courier.rss") + "?utm_source=x")
    assert again.status == 1
    assert "there already" in again.err
    assert Path("sources.opml").read_text("utf-8") == text
    removed = digest("sources", "remove", "The Port Ellery Courier")
    assert removed.status == 0
    assert "courier.rss" not in Path("sources.opml").read_text("utf-8")


def test_what_is_no_source_is_named_and_the_others_are_added(
    digest: Digest, server: FaultServer
) -> None:
    server.add("/bare", "<html><body>hello</body></html>")
    said = digest("sources", "add", server.url("/bare"), server.url("/gone"),
                  server.url("/wire.atom"))  # fmt: skip
    assert said.status == 1
    assert "No feed was found" in said.err
    assert "404" in said.err
    assert "Coastwire" in said.out
    assert "wire.atom" in Path("sources.opml").read_text("utf-8")


def test_local_stories_are_added_as_they_are(digest: Digest) -> None:
    Path("notes").mkdir()
    Path("notes/a.md").write_text("# One\n\nA paragraph that is a story of its own.\n")
    assert digest("sources", "add", "notes").status == 0
    (row,) = json.loads(digest("sources", "list", "--json").out)
    assert (row["kind"], row["address"]) == ("folder", "notes")


def test_without_a_list_in_the_settings_sources_opml_is_written_and_said(
    digest: Digest, server: FaultServer
) -> None:
    Path("notes").mkdir()
    Path("notes/a.md").write_text("# One\n\nA paragraph that is a story of its own.\n")
    Path(".env").write_text("DIGEST_SOURCES=notes\n")
    dry = digest("sources", "add", server.url("/wire.atom"), "--dry-run")
    assert not Path("sources.opml").exists()
    said = digest("sources", "add", server.url("/wire.atom"))
    assert said.status == 0
    assert "added to sources.opml" in said.out
    for one in (dry, said):
        assert "Next: add sources.opml to DIGEST_SOURCES in .env" in one.out
        assert one.out.rstrip().endswith("DIGEST_SOURCES=notes,sources.opml")
    again = digest("sources", "add", server.url("/wire.atom"))
    assert "is there already" in again.err
    Path("more.txt").write_text(f"{server.url('/wire.atom')}\n{server.url('/courier.rss')}\n")
    imported = digest("sources", "import", "more.txt")
    assert "1 source added to sources.opml, 1 there already." in imported.out
    assert "DIGEST_SOURCES=notes,sources.opml" in imported.out
    Path(".env").write_text("DIGEST_SOURCES=notes,sources.opml\n")
    assert len(json.loads(digest("sources", "list", "--json").out)) == 3
    Path("more.opml").write_text(
        "<opml><body><outline text='x' type='include' url='sub.opml'/></body></opml>"
    )
    Path(".env").write_text("DIGEST_SOURCES=more.opml\n")
    said = digest("sources", "add", server.url("/wire.atom"), "--to", "sub.opml")
    assert (said.status, "DIGEST_SOURCES" in said.out) == (0, False)


def test_a_list_that_is_not_there_yet_is_no_failure(digest: Digest) -> None:
    for verb in ("list", "check"):
        said = digest("sources", verb)
        assert (said.status, said.err) == (0, "")
        assert said.out == (
            "There is no sources.opml yet. Add a source: digest sources add https://example.org\n"
        )
        said = digest("sources", verb, "--json")
        assert (said.status, json.loads(said.out)) == (0, [])
    Path("out.opml").write_text("mine")
    said = digest("sources", "export", "-o", "out.opml")
    assert (said.status, Path("out.opml").read_text()) == (1, "mine")
    assert "There is no sources.opml yet" in said.err
    assert digest("sources", "remove", "Courier").status == 2
    Path("notes").mkdir()
    Path("notes/a.md").write_text("# One\n\nA paragraph that is a story of its own.\n")
    Path(".env").write_text("DIGEST_SOURCES=sources.opml,notes,gone.opml\n")
    said = digest("sources", "list")
    assert said.status == 1
    assert "notes" in said.out
    assert "There is no sources.opml yet" in said.err
    assert "gone.opml does not exist" in said.err


def test_check_says_how_each_source_fares(digest: Digest, server: FaultServer) -> None:
    digest("sources", "add", server.url("/courier.rss"), server.url("/wire.atom"))
    server.pages.pop("/wire.atom")
    said = digest("sources", "check")
    assert said.status == 1
    assert "“Coastwire: Sallow County”: answered 404 Not Found. Check the address.\n" in said.out
    assert server.url("/wire.atom") not in said.out
    assert "sources remove" in said.err
    well, lost = json.loads(digest("sources", "check", "--json").out)
    assert (well["reachable"], well["entries"], lost["reachable"]) == (True, 15, False)
    assert well["per_week"] > 1
    assert digest("sources", "check", "Courier").status == 0
    assert digest("sources", "check", "nobody").status == 2


def test_check_shows_shares_of_what_the_entries_hold(digest: Digest, server: FaultServer) -> None:
    long = f"<item><title>A</title><description>{'word ' * 200}</description></item>"
    short = "<item><title>B</title><description>A few words.</description></item>"
    items = long * 2 + short + "<item><title>C</title></item>"
    feed = f"<rss version='2.0'><channel><title>T</title>{items}</channel></rss>"
    server.add("/mixed.rss", feed, "application/xml")
    digest("sources", "add", server.url("/mixed.rss"))
    said = digest("sources", "check").out.splitlines()
    holds = " ".join(line[said[1].index("holds") :].strip() for line in said[3:5])
    assert holds.startswith("50 % whole text, 25 % excerpt, 25 % title only")


def test_check_does_not_count_an_entry_of_another_source(
    digest: Digest, server: FaultServer
) -> None:
    data = (sample.folder() / "courier.rss").read_bytes()
    server.add("/copy.rss", data, "application/xml")
    item = "<item><title>One</title><guid isPermaLink='false'>a</guid></item>"
    twice = f"<rss version='2.0'><channel><title>Twice</title>{item}{item}</channel></rss>"
    server.add("/twice.rss", twice, "application/xml")
    Path("sources.opml").write_text(
        "<opml><body>"
        + "".join(
            f"<outline text='{name}' xmlUrl='{server.url(path)}'/>"
            for name, path in [("One", "/courier.rss"), ("Copy", "/copy.rss"),
                               ("Again", "/courier.rss"), ("Twice", "/twice.rss")]
        )
        + "</body></opml>"
    )  # fmt: skip
    states = json.loads(digest("sources", "check", "--json").out)
    assert [state["name"] for state in states] == ["One", "Copy", "Again", "Twice"]
    doubled = [[p for p in state["problems"] if "share the id" in p] for state in states]
    assert doubled == [[], [], [], ["1 of 2 share the id of another"]]


def test_a_list_that_is_damaged_is_named_and_left_alone(
    digest: Digest, server: FaultServer
) -> None:
    Path("sources.opml").write_text("<opml><body>\n<outline text='a & b'/></body></opml>")
    said = digest("sources", "add", server.url("/wire.atom"))
    assert said.status == 1
    assert "line 2" in said.err
    assert "wire" not in Path("sources.opml").read_text()
    assert digest("sources", "list").status == 1


def test_an_unclear_name_is_not_guessed(digest: Digest) -> None:
    Path("sources.opml").write_text(
        "<opml><body><outline text='Sea one' xmlUrl='https://a.example.org/'/>"
        "<outline text='Sea two' xmlUrl='https://b.example.org/'/></body></opml>"
    )
    said = digest("sources", "remove", "sea")
    assert said.status == 2
    assert "1 Sea one, 2 Sea two" in said.err
    assert digest("sources", "remove", "2", "--dry-run").out.startswith("would be removed")


def test_of_two_outlines_of_one_address_the_one_that_is_meant_goes(digest: Digest) -> None:
    one = "<outline text='One' xmlUrl='https://a.example.org/'/>"
    two = "<outline text='Two' xmlUrl='https://a.example.org/'/>"
    Path("sources.opml").write_text(f"<opml><body>{one}{two}</body></opml>")
    said = digest("sources", "remove", "https://a.example.org/")
    assert said.status == 2
    assert "1 One, 2 Two" in said.err
    assert digest("sources", "remove", "2").status == 0
    assert Path("sources.opml").read_text() == f"<opml><body>{one}</body></opml>"
    Path("sources.opml").write_text(f"<opml><body>{one}{one}</body></opml>")
    assert "1 One, 2 One" in digest("sources", "remove", "One").err


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("ftp://x.example.org/a", "neither http(s) nor a path"),
        ("mailto:someone@example.org", "someone@example.org is a mail address"),
        ("feed:mailto:someone@example.org", "is a mail address"),
        ("javascript:alert(1)", "neither http(s) nor a path"),
        ("user:hidden@news.example.org", "a user or a password"),
        ("localhost:1/feed", "refused the connection"),
        ("https://user:hidden@news.example.org/", "a user or a password"),
        ("http://169.254.169.254/latest", "metadata"),
        ("http://[::1", "not a URL"),
        ("http://127.0.0.1:1/", "refused the connection"),
    ],
)
def test_an_address_that_cannot_be_a_source_is_named(
    digest: Digest, monkeypatch: pytest.MonkeyPatch, address: str, said: str
) -> None:
    monkeypatch.setenv("DIGEST_ALLOW_PRIVATE", "yes")
    found = digest("sources", "add", address)
    assert found.status == 1
    assert said in found.err
    assert "hidden" not in found.err + found.out
    assert not Path("sources.opml").exists()
