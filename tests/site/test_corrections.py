"""The box of corrections that the pages of an issue share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from digest.archive import Row
from digest.corrections import Correction
from digest.site import Around, Corrected, corrected, web_page

MOMENT = datetime(2026, 11, 20, 9, tzinfo=UTC)
FERRY = Correction(moment=MOMENT + timedelta(days=1), note="It is June.", story="ferry")
MAYOR = Correction(moment=MOMENT, note="<b>Mayor</b>, not governor.")


def box_of(rows: Sequence[Corrected]) -> str:
    page = web_page(Row(slug="2026-W47"), around=Around(), corrections=rows)
    found = re.search(r"<aside class=.corrections.*?</aside>", page, re.DOTALL)
    return found[0] if found else ""


def test_they_are_dated_oldest_first_and_name_their_story() -> None:
    rows = corrected(
        (FERRY, MAYOR), headlines={"ferry": "Night <ferry>"}, hrefs={"ferry": "#story-1"}
    )
    box = box_of(rows)
    assert box.index("Mayor") < box.index("It is June.")
    assert 'datetime="2026-11-20T09:00:00+00:00">Fri 20 Nov 2026<' in box
    assert '<a href="#story-1"><bdi>Night &lt;ferry&gt;</bdi></a>' in box
    assert "&lt;b&gt;Mayor" in box
    assert ">Corrections</h2>" in box


def test_one_alone_and_none() -> None:
    assert ">Correction</h2>" in box_of(corrected((MAYOR,)))
    assert box_of(()) == ""


def test_a_story_that_nobody_knows_is_not_named() -> None:
    box = box_of(corrected((FERRY,), hrefs={"ferry": "#story-1"}))
    assert "#story-1" not in box


def test_a_link_that_could_do_harm_is_none() -> None:
    for href in ("javascript:alert(1)", " javascript:alert(1)", "data:text/html,x", ""):
        rows = corrected((FERRY,), headlines={"ferry": "Night ferry"}, hrefs={"ferry": href})
        assert "href" not in box_of(rows)
        assert "Night ferry" in box_of(rows)
    for href in ("#a", "../2026-W47/#a", "2026-W47/", "https://example.org/a:b"):
        rows = corrected((FERRY,), headlines={"ferry": "Night ferry"}, hrefs={"ferry": href})
        assert f'href="{href}"' in box_of(rows)
