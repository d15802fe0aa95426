"""The door: places in, entries out, nothing lost, nothing escaping."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from digest.collect import collect
from digest.net import Fetched
from tests.collect.doubles import FIXTURES, NOW, answer, gather, network

RSS = (FIXTURES / "harbor.rss").read_bytes()


def one_item(title: str, link: str) -> bytes:
    return (
        f"<rss version='2.0'><channel><title>{title}</title><item><title>{title}</title>"
        f"<link>{link}</link></item></channel></rss>"
    ).encode()


def test_a_folder_gives_its_files_by_name_and_passes_over_what_is_no_source() -> None:
    found = gather(str(FIXTURES))
    assert [Path(s.place).name for s in found.sources] == [
        "harbor.rss", "lamp.atom", "note.md", "page.html", "reef.json", "saved.txt"
    ]  # fmt: skip
    assert not found.failures
    assert sum(s.entries for s in found.sources) == len(found.entries)


def test_opml_gives_sections_names_and_paths_of_its_own_folder(tmp_path: Path) -> None:
    found = gather(str(FIXTURES / "sources.opml"), folder=tmp_path)
    assert {(e.source, e.section) for e in found.entries} == {
        ("The Courier", "Coast"),
        ("Lampe", "Abroad"),
        ("Valley Post", "Valley"),
        ("Roof notes", "Valley"),
    }
    (failure,) = found.failures
    assert failure.where == "gone.rss"
    assert "does not exist" in failure.what


@pytest.mark.parametrize(
    ("place", "says"),
    [
        ("", "empty source"),
        ("nowhere.xml", "does not exist"),
        ("gopher://example.org/x", "neither http(s), file: nor a path"),
        ("https:///feed", "no host"),
        ("file://elsewhere/feed.xml", "another machine"),
        ("https://example.org/feed.xml", "could not be reached"),
    ],
)
def test_a_place_that_is_none_is_a_failure_with_a_next_step(place: str, says: str) -> None:
    found = gather(place, "note.md")
    assert len(found.entries) == 1, "the rest goes on"
    (failure,) = found.failures
    assert says in failure.what
    assert failure.hint
    assert [s.entries for s in found.sources] == [0, 1]


@pytest.mark.parametrize("broken", ["<opml><body>", "<html></html>", "<opml/>", "&"])
def test_a_broken_list_names_itself(tmp_path: Path, broken: str) -> None:
    (tmp_path / "list.opml").write_text(broken)
    (failure,) = gather(str(tmp_path / "list.opml")).failures
    assert "list.opml" in failure.what


def test_a_list_that_lists_itself_ends(tmp_path: Path) -> None:
    (tmp_path / "loop.opml").write_text(
        '<opml><body><outline type="include" text="me" url="loop.opml"/></body></opml>'
    )
    found = gather("loop.opml", folder=tmp_path)
    assert not found.entries
    assert "lists itself" in found.failures[0].what


def test_file_urls_and_plain_paths_are_the_same_document() -> None:
    by_path = gather("harbor.rss")
    by_url = gather((FIXTURES / "harbor.rss").as_uri())
    assert by_path.entries == by_url.entries


def test_the_order_of_results_is_that_of_the_places_whatever_the_network_does() -> None:
    urls = [f"https://{n}.example.org/feed.xml" for n in range(12)]
    gate = threading.Event()

    def fetch(url: str) -> Fetched:
        if url == urls[0]:
            gate.wait(5)
        if url == urls[5]:
            gate.set()
        return answer(one_item(url, url + "/story"))

    found = collect(urls, folder=FIXTURES, now=NOW, fetch=fetch)
    assert [e.title for e in found.entries] == urls


def test_a_url_given_twice_is_fetched_once() -> None:
    asked: list[str] = []

    def fetch(url: str) -> Fetched:
        asked.append(url)
        return answer(RSS)

    place = "https://courier.example.org/feed"
    collect([place, place], folder=FIXTURES, now=NOW, fetch=fetch)
    assert asked == [place]


def test_progress_hears_every_document() -> None:
    heard: list[tuple[int, int, str]] = []
    collect(
        ["note.md", "nowhere"],
        folder=FIXTURES,
        now=NOW,
        fetch=network({}),
        progress=lambda done, of, name: heard.append((done, of, name)),
    )
    assert heard == [(1, 2, "note.md"), (2, 2, "nowhere")]


def test_an_error_of_a_fetch_that_nobody_foresaw_costs_one_source() -> None:
    def fetch(url: str) -> Fetched:
        raise ZeroDivisionError(url)

    found = collect(["https://example.org/feed", "note.md"], folder=FIXTURES, now=NOW, fetch=fetch)
    assert len(found.entries) == 1
    assert "ZeroDivisionError" in found.failures[0].what


def test_a_feed_address_that_gives_a_page_names_the_feed_of_the_page() -> None:
    page = (FIXTURES / "page.html").read_bytes()
    found = gather("https://post.example.org/rss", answers={"https://post.example.org/rss": page})
    assert not found.entries
    assert "not a feed" in found.failures[0].what
    assert "https://post.example.org/feed.xml" in found.failures[0].hint


def test_what_did_not_change_is_said() -> None:
    url = "https://courier.example.org/feed"
    found = gather(url, answers={url: answer(b"", not_modified=True)})
    assert "unchanged" in found.sources[0].note
    assert not found.failures


def test_a_feed_without_entries_is_said() -> None:
    url = "https://courier.example.org/feed"
    empty = b"<rss version='2.0'><channel><title>Quiet</title></channel></rss>"
    (source,) = gather(url, answers={url: empty}).sources
    assert (source.name, source.entries) == ("Quiet", 0)
    assert "no entries" in source.note


def test_json_that_is_no_feed_is_passed_over_in_a_folder_and_refused_alone(tmp_path: Path) -> None:
    (tmp_path / "data.json").write_text('{"a": [1, 2]}')
    (tmp_path / "note.md").write_text("# A note\n\nWith words.")
    in_folder = gather(str(tmp_path))
    assert [s.entries for s in in_folder.sources] == [0, 1]
    assert "passed over" in in_folder.sources[0].note
    assert gather(str(tmp_path / "data.json")).failures


def test_ids_are_unique_and_do_not_depend_on_the_order_of_the_sources() -> None:
    one = {"https://a.example.org/feed": one_item("A", "https://story.example.org/1")}
    two = {"https://b.example.org/feed": one_item("B", "https://story.example.org/2")}
    urls = [*one, *two]
    there = {e.title: e.id for e in gather(*urls, answers={**one, **two}).entries}
    back = {e.title: e.id for e in gather(*reversed(urls), answers={**one, **two}).entries}
    assert there == back
    same = gather(*urls, answers=dict.fromkeys(urls, next(iter(one.values()))))
    first, second = (e.id for e in same.entries)
    assert second == f"{first}-2"
    assert len(first) == 10


def test_equal_runs_give_equal_values() -> None:
    assert gather(str(FIXTURES)) == gather(str(FIXTURES))


def test_an_interrupt_does_not_wait_for_slow_hosts() -> None:
    release = threading.Event()

    def fetch(url: str) -> Fetched:
        if "slow" in url:
            release.wait(20)
        return answer(RSS)

    def stop(done: int, of: int, name: str) -> None:
        raise KeyboardInterrupt

    urls = ["https://fast.example.org/feed", "https://slow.example.org/feed"]
    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        collect(urls, folder=FIXTURES, now=NOW, fetch=fetch, progress=stop)
    release.set()
    assert time.monotonic() - started < 15


def test_a_source_that_moved_for_good_says_where_to() -> None:
    feed = (FIXTURES / "harbor.rss").read_bytes()
    old, new = "https://old.example.org/feed", "https://new.example.org/feed?key=hidden"
    found = gather(old, answers={old: answer(feed, url=new, moved_to=new)})
    assert "moved for good to https://new.example.org/feed" in found.sources[0].note
    assert "hidden" not in found.sources[0].note
    assert len(found.entries) == 5
