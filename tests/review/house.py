"""A house around an archive for tests: its app, and a person who fills in its forms."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from lxml import html as markup
from werkzeug.test import TestResponse

from digest.archive import Archive
from digest.models import Failure
from digest.pipeline import Told
from digest.review import Follow, House, create_app
from digest.send import Ledger, Mailbox
from digest.settings import Settings

SLUG = "2026-W47"
NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)


def settings_in(folder: Path) -> Callable[..., Settings]:
    from digest.settings import read_settings

    return lambda *_: read_settings(folder / ".env", {})


def house_of(
    folder: Path,
    *,
    remake: Callable[[str], Told] | None = None,
    ledger: Callable[[], Ledger | None] = lambda: None,
) -> House:
    return House(
        folder=folder,
        cache=folder / "var" / "cache",
        settings=settings_in(folder),
        ledger=ledger,
        now=lambda: NOW,
        own_settings=settings_in(folder),
        remake=remake,
    )


class Person:
    """Somebody at a browser: looks at a page, fills in one of its forms, and presses a button."""

    def __init__(
        self, folder: Path, *, follow: Follow | None = None, slug: str = SLUG, **house: Any
    ) -> None:
        self.folder = folder
        self.slug = slug
        self.archive = Archive(folder / "issues")
        mailbox = Mailbox(folder / "var" / "mailbox")
        self.app = create_app(self.archive, follow, mailbox, house_of(folder, **house))
        self.client: FlaskClient = self.app.test_client()
        self.answer = self.look()

    @property
    def edits(self) -> str:
        file = self.folder / "issues" / self.slug / "edits.toml"
        return file.read_text("utf-8") if file.exists() else ""

    def look(self, path: str = "edit") -> TestResponse:
        self.answer = self.client.get(f"/issues/{self.slug}/{path}")
        return self.answer

    def press(self, button: str, /, *, at: str = "", **typed: str | None) -> TestResponse:
        """Press the button that says so, in the part of the page that `at` selects.

        What is `typed` goes into the fields of its form by name; None unticks a box.
        """
        page: Any = markup.fromstring(self.answer.text)
        (part,) = page.cssselect(at) if at else (page,)
        pressed = next(
            e
            for e in part.iter("button")
            if " ".join("".join(map(str, e.itertext())).split()) == button
            or e.get("aria-label") == button
            if e.get("tabindex") != "-1"
        )
        form = page.get_element_by_id(pressed.get("form")) if pressed.get("form") else None
        while form is None:
            pressed_in = next(e for e in pressed.iterancestors() if e.tag == "form")
            form = pressed_in
        fields = {k: v.removeprefix("\n") for k, v in form.fields.items() if v is not None}
        if pressed.get("name"):
            fields[pressed.get("name")] = pressed.get("value")
        unknown = typed.keys() - set(form.fields)
        assert not unknown, f"the form has no field {unknown}"
        for name, text in typed.items():
            if text is None:
                fields.pop(name, None)
            else:
                fields[name] = text.replace("\n", "\r\n")  # as browsers send it
        url = f"/issues/{self.slug}/{form.get('action')}".partition("#")[0]
        self.answer = self.client.post(url, data=fields, headers=from_here(self.client))
        if self.answer.status_code == 303:
            self.went_to = self.answer.headers["Location"]
            self.answer = self.client.get(self.went_to.partition("#")[0])
        return self.answer

    def said(self) -> str:
        return words(self.answer, ".said")[0]


def from_here(client: FlaskClient) -> dict[str, str]:
    return {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}


def words(page: TestResponse, path: str) -> list[str]:
    found = markup.fromstring(page.text).cssselect(path)
    return [" ".join("".join(map(str, e.itertext())).split()) for e in found]


def value(page: TestResponse, path: str) -> str:
    (found,) = markup.fromstring(page.text).cssselect(path)
    return str(
        found.get("value") if found.tag == "input" else (found.text or "").removeprefix("\n")
    )


def hashed(folder: Path) -> dict[str, str]:
    """All that lies in a folder, file by file."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def failing(what: str, hint: str = "") -> Callable[[str], Told]:
    return lambda slug: Failure(where=slug, what=what, hint=hint)
