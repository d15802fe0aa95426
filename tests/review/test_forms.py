"""Whatever writes is refused to everybody but our own forms, whichever views there are."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.globals import request_ctx
from flask.testing import FlaskClient

from digest.archive import Archive
from digest.review import Follow
from digest.review.forms import BODY_BYTES
from tests.review.house import SLUG, Person, hashed
from tests.review.test_follow import Watcher

FORM = "application/x-www-form-urlencoded"
OWN = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def person(archive: Archive) -> Person:
    return Person(archive.folder.parent, follow=Follow(archive, Watcher()))


@pytest.fixture
def token(person: Person) -> str:
    return person.answer.text.partition('name="token" value="')[2].partition('"')[0]


def writing(app: Flask) -> list[tuple[str, str]]:
    """Every address that takes more than reading, with its method; placeholders are filled in."""
    fill = {"slug": SLUG, "name": "a", "number": 1, "year": 2026, "a": "2026-W46", "b": SLUG,
            "word": "a", "id": "ferry-47"}  # fmt: skip
    found = []
    with app.test_request_context():
        adapter = request_ctx.url_adapter
        assert adapter is not None
        for rule in app.url_map.iter_rules():
            for method in (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}:
                values = {name: fill.get(name, "1") for name in rule.arguments}
                found.append((adapter.build(rule.endpoint, values, method=method), method))
    return found


REFUSED: dict[str, tuple[dict[str, str], str | None]] = {
    "a foreign origin": ({"Origin": "https://evil.example.org"}, "right"),
    "another port of this machine": ({"Origin": "http://localhost:9999"}, "right"),
    "the origin null": ({"Origin": "null"}, "right"),
    "https of this name": ({"Origin": "https://localhost"}, "right"),
    "another site": ({"Sec-Fetch-Site": "cross-site"}, "right"),
    "a neighbor": ({**OWN, "Sec-Fetch-Site": "same-site"}, "right"),
    "no token": (OWN, None),
    "an empty token": (OWN, ""),
    "a wrong token": (OWN, "wrong"),
    "a token beyond ASCII": (OWN, "tökén"),
    "a foreign host": ({**OWN, "Host": "evil.example.org"}, "right"),
    "a foreign host, which it says it is": (
        {"Origin": "http://evil.example.org", "Host": "evil.example.org"},
        "right",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_every_address_that_writes_refuses(person: Person, token: str, case: str) -> None:
    addresses = writing(person.app)
    assert {path.rpartition("/")[2] for path, _ in addresses} >= {"edit", "approve", "test"}
    headers, shown = REFUSED[case]
    before = hashed(person.folder)
    for path, method in addresses:
        data = {"seen": "", "form": "whole", "do": "keep", "subject": "Mine", "to": "a@example.org"}
        if shown is not None:
            data["token"] = token if shown == "right" else shown
        answer = person.client.open(path, method=method, data=data, headers=headers)
        assert answer.status_code == 403, (path, method)
        assert "Harbor" not in answer.text
    assert hashed(person.folder) == before


def test_every_address_that_writes_takes_forms_alone(person: Person, token: str) -> None:
    before = hashed(person.folder)
    for path, method in writing(person.app):
        client: FlaskClient = person.client
        for kind in ("application/json", "text/plain", "multipart/form-data; boundary=x", ""):
            answer = client.open(
                path, method=method, data=f"token={token}", content_type=kind, headers=OWN
            )
            assert answer.status_code == 415, (path, kind)
        large = f"token={token}&subject=" + "x" * BODY_BYTES
        answer = client.open(path, method=method, data=large, content_type=FORM, headers=OWN)
        assert answer.status_code == 413
        assert "are taken at most" in answer.text
        endless = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
        answer = client.open(
            path, method=method, content_type=FORM, headers=OWN, environ_overrides=endless
        )
        assert answer.status_code == 411
    assert hashed(person.folder) == before


def test_a_refusal_is_a_page_with_a_sentence_and_the_headers_of_all(person: Person) -> None:
    answer = person.client.post(f"/issues/{SLUG}/edit", data={"token": "old"}, headers=OWN)
    assert answer.status_code == 403
    assert "The page that it stands on is of an earlier run of the server." in answer.text
    assert "Nothing was changed." in answer.text
    assert "form-action 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_reading_changes_nothing(person: Person) -> None:
    before = hashed(person.folder)
    for path in ("edit", "sends", "approve", "test", "edit?form=whole&do=keep&subject=Mine"):
        for method in ("GET", "HEAD"):
            person.client.open(f"/issues/{SLUG}/{path}", method=method)
    assert hashed(person.folder) == before


def test_only_pages_with_forms_may_send_any(person: Person) -> None:
    for path, may in (("edit", "'self'"), ("sends", "'self'"), ("", "'none'"), ("why", "'none'")):
        policy = person.look(path).headers["Content-Security-Policy"]
        assert f"form-action {may}" in policy, path
    assert person.look("edit").headers["Referrer-Policy"] == "same-origin"
    assert "connect-src" not in person.answer.headers["Content-Security-Policy"]
    assert "follow.js" not in person.answer.text, "what is being typed is not loaded away"


def test_each_run_has_a_token_of_its_own(archive: Archive, token: str) -> None:
    folder: Path = archive.folder.parent
    assert len(token) > 40
    assert token not in Person(folder).answer.text


def test_without_a_house_nothing_writes(archive: Archive) -> None:
    from digest.review import create_app

    app = create_app(archive)
    assert writing(app) == []
    assert app.test_client().get(f"/issues/{SLUG}/edit").status_code == 404
    assert ">Edit<" not in app.test_client().get(f"/issues/{SLUG}/").text
