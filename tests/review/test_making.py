"""What takes long is made beside the requests; the page says how far it is, without a script."""

from __future__ import annotations

import threading

import pytest
from flask import Flask
from lxml import html as markup

from digest.errors import ArchiveError
from digest.review.making import FEW, Making, Step


@pytest.fixture
def app() -> Flask:
    return Flask("digest.review", static_folder=None)


def test_what_takes_long_tells_how_far_it_is_and_is_handed_over_once(app: Flask) -> None:
    making: Making[str] = Making("The search is being prepared", patience=0.01)
    go_on = threading.Event()
    began: list[int] = []

    def make(step: Step) -> str:
        began.append(1)
        step("Indexing", 312, 1000)
        go_on.wait()
        return "made"

    with app.test_request_context():
        for _ in range(2):
            page = making.made("", make)
            assert not isinstance(page, str)
            root = markup.fromstring(page.get_data(as_text=True))
            assert "312 of 1,000 issues" in "".join(map(str, root.itertext()))
            (bar,) = root.cssselect("progress")
            assert (bar.get("value"), bar.get("max")) == ("312", "1000")
            assert root.cssselect('meta[http-equiv="refresh"]')
            assert page.headers["Cache-Control"] == "no-store"
        go_on.set()
        job = making._jobs[""]
        assert job.done.wait(30)
        assert making.made("", make) == "made"
        assert len(began) == 1
        assert making.made("", make) == "made"
        assert len(began) == 2


def test_a_small_archive_is_waited_for(app: Flask) -> None:
    making: Making[str] = Making("…", patience=0)

    def make(step: Step) -> str:
        step("Indexing", 0, FEW)
        threading.Event().wait(0.05)
        return "made"

    with app.test_request_context():
        assert making.made("", make) == "made"


def test_what_fails_fails_for_who_asked_and_is_tried_again(app: Flask) -> None:
    making: Making[str] = Making("…")

    def fail(_: Step) -> str:
        raise ArchiveError("The archive cannot be read.")

    with app.test_request_context():
        with pytest.raises(ArchiveError, match="cannot be read"):
            making.made("", fail)
        assert making.made("", lambda _: "made") == "made"
