"""Every view of the archive, and what is refused."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import html as markup

from digest.archive import Archive
from digest.models import Candidate
from digest.review import create_app
from digest.site import PER_PAGE
from digest.site.pages import DESK_TABS, TABS
from tests.archive.newsroom import made, save, verdict

PAGES = ("", "text", "web", "source", "headers", "raw", "findings", "why")
STORY = "story?id=ferry-47"
FILES = {
    "email.html": "text/html; charset=utf-8",
    "web.html": "text/html; charset=utf-8",
    "email.txt": "text/plain; charset=utf-8",
    "message.eml": "text/plain; charset=utf-8",
    "media/ferry47.png": "image/png",
}


@pytest.fixture
def client(archive: Archive) -> FlaskClient:
    return create_app(archive).test_client()


def words(page: str, path: str) -> list[str]:
    found = markup.fromstring(page).cssselect(path)
    return [" ".join(" ".join(map(str, e.itertext())).split()) for e in found]


def test_the_list_is_an_inbox(client: FlaskClient) -> None:
    page = client.get("/").text
    rows = words(page, ".inbox li")
    assert len(rows) == 3
    assert words(page, "h2") == ["2026"]
    assert re.match(r"Harbor Weekly The ferry to Skerry Island .* Fri 20 Nov 2026", rows[0])
    assert "draft 2026-W47, issue 3 1 lead, 3 teasers 1.1 KB of 102 KB" in rows[0]
    assert "approved" in rows[1]
    assert "sent" in rows[2]


def test_an_empty_archive_says_what_to_type(tmp_path: Path) -> None:
    page = create_app(Archive(tmp_path / "issues")).test_client().get("/")
    assert page.status_code == 200
    assert "digest build --sample" in page.text


def test_years_and_sizes(archive: Archive) -> None:
    build = made(60 - 4)  # the cut-off lies in the next year
    slug = "2027-W03"
    big = replace(build.renderings, email_html=build.renderings.email_html + " " * 102_000)
    save(archive, replace(build, issue=replace(build.issue, slug=slug), renderings=big))
    client = create_app(archive).test_client()
    page = client.get("/").text
    assert words(page, "h2") == ["2027"]
    assert "103 KB of 102 KB Gmail clips it" in words(page, ".inbox li")[0]
    assert words(page, ".years a") == ["2027 1", "2026 3"]
    earlier = client.get("/years/2026").text
    assert words(earlier, "h2") == ["2026"]
    assert len(words(earlier, ".inbox li")) == 3
    assert client.get("/years/2025").status_code == 404
    assert client.get("/years/x").status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_each_view_of_an_issue(client: FlaskClient, page: str) -> None:
    answer = client.get(f"/issues/2026-W46/{page}")
    assert answer.status_code == 200
    assert words(answer.text, "h1") == [made(46).issue.subject]
    names = {key: label for key, _, label in TABS}
    assert words(answer.text, ".tabs a[aria-current=page]") == [names[page or "email"]]
    assert len(words(answer.text, ".groups a[aria-current]")) == 1
    steps = markup.fromstring(answer.text).cssselect(".steps a")
    assert [a.get("href") for a in steps] == [f"../2026-W45/{page}", f"../2026-W47/{page}"]


def test_every_view_of_an_issue_is_two_links_away(client: FlaskClient) -> None:
    """The views stand in groups; a group's link leads to its first, which names the others."""
    groups = markup.fromstring(client.get("/issues/2026-W46/").text).cssselect(".groups a")
    found = [a.get("href") for a in groups]
    for group in tuple(found):
        page = client.get(f"/issues/2026-W46/{'' if group == './' else group}")
        found += [a.get("href") for a in markup.fromstring(page.text).cssselect(".views a")]
    assert set(found) == {href for key, href, _ in TABS if key not in DESK_TABS}


@pytest.mark.parametrize(("name", "kind"), FILES.items())
def test_each_file_as_it_is_archived(
    client: FlaskClient, archive: Archive, name: str, kind: str
) -> None:
    answer = client.get(f"/issues/2026-W47/{name}")
    assert answer.content_type == kind
    assert answer.data == (archive.path("2026-W47") / name).read_bytes()
    head = client.head(f"/issues/2026-W47/{name}")
    assert (head.status_code, head.data) == (200, b"")


def test_links_lead_somewhere(client: FlaskClient) -> None:
    """Every link of our own pages, followed once."""
    from urllib.parse import urljoin

    seen: set[str] = set()
    pending = ["/"]
    while pending:
        url = pending.pop()
        if url in seen or not url.startswith("/"):
            continue
        seen.add(url)
        answer = client.get(url)
        assert answer.status_code == 200, url
        if "/email.html" in url or "/web.html" in url or answer.mimetype != "text/html":
            continue
        for element in markup.fromstring(answer.text).iter("a", "iframe", "link"):
            target = element.get("href") or element.get("src") or ""
            if not target.startswith("data:"):
                pending.append(urljoin(url, target).partition("#")[0])
    assert len(seen) > 80


def test_headers_are_read_and_shown_raw(client: FlaskClient) -> None:
    page = client.get("/issues/2026-W47/headers").text
    assert "Subject Férry news" in words(page, ".headers div")
    assert "Subject: =?utf-8?q?F=C3=A9rry?= news" in words(page, "details pre")[0]
    assert [part.split()[0] for part in words(page, ".parts li")] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"Subject: =?utf-8?q?=FF=FE?=\n\nbody",
        b"Subject: =?no-such-charset?q?x?= \xff\xfe\n\nbody",
        b"Content-Type: multipart/mixed\n\nno boundary",
        b"Content-Type: text/plain; charset=\xff\nContent-Transfer-Encoding: base64\n\n!!!",
        b"Content-Type: message/rfc822\n\n" * 300,
    ],
)
def test_any_message_can_be_looked_at(archive: Archive, raw: bytes) -> None:
    build = made()
    save(archive, replace(build, renderings=replace(build.renderings, message=raw)))
    answer = create_app(archive).test_client().get("/issues/2026-W47/headers")
    assert answer.status_code == 200


def test_why_tells_every_candidate(client: FlaskClient) -> None:
    page = client.get("/issues/2026-W47/why").text
    rows = words(page, "tbody tr")
    assert len(rows) == 5
    assert rows[0].startswith("lead The ferry to Skerry Island")
    assert "It has the best score. rank 0.66 recency +0.41 reports +0.30 repeat -0.05" in rows[0]
    assert "blurb: sentences of the article" in rows[0]
    assert rows[4].startswith("out 港の市場")
    assert "Teasers 3" in words(page, ".bar a")
    only = client.get("/issues/2026-W47/why?place=out").text
    assert len(words(only, "tbody tr")) == 1
    assert len(words(client.get("/issues/2026-W47/why?place=also").text, "tbody tr")) == 0
    assert client.get("/issues/2026-W47/why?place=nowhere").status_code == 404


def test_why_of_thousands_comes_in_pages(archive: Archive) -> None:
    build = made()
    more = tuple(
        Candidate(
            entry=replace(
                build.candidates[4].entry, id=f"more-{n}", title=f"Story {n} " + "long " * 20
            ),
            first_seen=build.candidates[4].first_seen,
            verdict=replace(verdict(4), score=n / 1000, parts=(("recency", n / 1000),)),
        )
        for n in range(2 * PER_PAGE)
    )
    save(archive, replace(build, candidates=build.candidates + more))
    client = create_app(archive).test_client()
    first, last = (client.get(f"/issues/2026-W47/why?page={n}") for n in (1, 3))
    assert len(words(first.text, "tbody tr")) == PER_PAGE
    assert len(words(last.text, "tbody tr")) == 5
    assert "Page 3 of 3" in " ".join(words(last.text, ".bar"))
    assert len(first.data) < 100_000
    for odd in ("0", "-7", "999999999999999999999", "x"):
        assert client.get(f"/issues/2026-W47/why?page={odd}").status_code == 200


@pytest.mark.parametrize(
    "url",
    [
        "/nothing",
        "/issues/2026-W40/",
        "/issues/2026-W40/email.html",
        "/issues/..%2f..%2fetc/",
        "/issues/%2e%2e/",
        "/issues/2026-W47/media/..%2fissue.json",
        "/issues/2026-W47/media/%2e%2e/issue.json",
        "/issues/2026-W47/issue.json",
        "/issues/2026-W47/entries.jsonl",
        "/issues/2026-W47/edits.toml",
        "/issues/2026-W47/media/none.png",
        "/issues/2026-W47/media/ferry47.svg",
        "/static/../../models.py",
        "/static/site.css/",
    ],
)
def test_what_is_unknown_gets_a_page_of_its_own(client: FlaskClient, url: str) -> None:
    answer = client.get(url)
    assert answer.status_code == 404
    assert words(answer.text, "h1") == ["There is nothing here"]


@pytest.mark.parametrize(
    "host",
    [
        "evil.example.org",
        "localhost.evil.example.org",
        "127.0.0.1.evil.example.org",
        "127.0.0.2",
        "evil@127.0.0.1",
        "localhost:80:80",
        "127.0.0.1 evil",
        "",
    ],
)
def test_a_foreign_host_is_refused(client: FlaskClient, host: str) -> None:
    for url in ("/", "/issues/2026-W47/email.html", "/nothing"):
        answer = client.get(url, headers={"Host": host})
        assert answer.status_code == 403
        assert "Harbor" not in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1:8025", "localhost", "LOCALHOST:1", "[::1]:8025"])
def test_this_machine_s_own_names_are_answered(client: FlaskClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_it_only_reads(client: FlaskClient, method: str) -> None:
    answer = client.open("/issues/2026-W47/", method=method)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD"


def test_security_headers_stand_on_every_answer(client: FlaskClient) -> None:
    urls = [
        "/",
        "/nothing",
        "/static/site.css",
        *(f"/issues/2026-W47/{p}" for p in (*PAGES, STORY)),
    ]
    urls += [f"/issues/2026-W47/{name}" for name in FILES]
    for url in urls:
        headers = client.get(url).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'"), url
        assert "frame-ancestors" in policy
        own = re.search(r"script-src ([^;]*)", policy)
        assert own is None or own[1] == "'self'"
        assert own is None or "sandbox" not in policy, "a file of an issue runs no script"
        assert "http:" not in policy
    refused = client.get("/", headers={"Host": "evil.example.org"})
    assert refused.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert client.post("/").headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize("name", ["email.html", "web.html"])
def test_an_email_is_sandboxed_and_offline_until_asked(client: FlaskClient, name: str) -> None:
    policy = client.get(f"/issues/2026-W47/{name}").headers["Content-Security-Policy"]
    assert "img-src 'self' data:;" in policy
    assert re.search(r"; sandbox allow-popups allow-popups-to-escape-sandbox$", policy)
    asked = client.get(f"/issues/2026-W47/{name}?images=on").headers["Content-Security-Policy"]
    assert asked == policy.replace("'self' data:;", "'self' data: http: https:;")
    framed = client.get(f"/issues/2026-W47/{name}?frame=on").text
    assert '<head><base target="_blank">' in framed
    view = "" if name == "email.html" else "web"
    for query, expected in (("", "frame=on"), ("?images=on", "images=on&frame=on")):
        page = markup.fromstring(client.get(f"/issues/2026-W47/{view}{query}").text)
        frames = page.cssselect("iframe")
        assert {f.get("src") for f in frames} == {f"{name}?{expected}"}
        assert {f.get("sandbox") for f in frames} == {"allow-popups allow-popups-to-escape-sandbox"}


def test_words_from_outside_stay_words(archive: Archive) -> None:
    evil = "</title><script>alert(1)</script><img src=x onerror=alert(1)> \x1b[31m{{ 7*7 }}"
    build = made()
    first, *rest = build.candidates
    entry = replace(first.entry, title=evil, source=evil, url="javascript:alert(1)")
    lead = replace(build.issue.leads[0], entry=entry, headline=evil)
    issue = replace(
        build.issue,
        subject=evil,
        preheader=evil,
        leads=(lead,),
        newsletter=replace(build.issue.newsletter, name=evil, sender=""),
    )
    told = replace(first, entry=entry, verdict=replace(verdict(0), because=evil, rule=evil))
    message = f"Subject: {evil}\n{evil}: x\n\n".encode() + build.renderings.message
    rendered = replace(build.renderings, email_txt=evil, message=message)
    save(archive, replace(build, issue=issue, candidates=(told, *rest), renderings=rendered))
    client = create_app(archive).test_client()
    for url in ("/", *(f"/issues/2026-W47/{page}" for page in (*PAGES, STORY))):
        page = client.get(url).text
        tree = markup.fromstring(page)
        assert not tree.xpath("//img[not(@loading='lazy')] | //*[@onerror]"), url
        assert {s.get("src") for s in tree.iter("script")} <= {
            "static/keys.js",
            "../../static/keys.js",
        }
        assert not any(s.text for s in tree.iter("script")), url
        assert not tree.xpath("//a[starts-with(@href, 'javascript:')]"), url
        assert "&lt;script&gt;" in page
        assert "49" not in page.partition("alert(1)")[2][:60]
        assert "\x1b" not in page


def test_a_damaged_issue_is_named_and_the_rest_goes_on(
    client: FlaskClient, archive: Archive
) -> None:
    (archive.path("2026-W47") / "email.html").write_text("<p>half", "utf-8")
    (archive.path("2026-W46") / "issue.json").write_text("{", "utf-8")
    for url in ("/issues/2026-W47/", "/issues/2026-W47/email.html", "/issues/2026-W46/text"):
        answer = client.get(url)
        assert answer.status_code == 500
        assert words(answer.text, "h1") == ["This cannot be shown"]
        assert "digest build --issue 2026-W4" in answer.text
        assert "Traceback" not in answer.text
    rows = words(client.get("/").text, ".inbox li")
    assert rows[1].startswith("2026-W46 Damaged. issues/2026-W46/issue.json")
    assert client.get("/issues/2026-W45/").status_code == 200
