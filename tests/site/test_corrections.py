"""The box of corrections that the pages of an issue share."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from digest.corrections import Correction
from digest.site import CorrectionWords, corrected, corrections_box

MOMENT = datetime(2026, 11, 20, 9, tzinfo=UTC)
FERRY = Correction(moment=MOMENT + timedelta(days=1), note="It is June.", story="ferry")
MAYOR = Correction(moment=MOMENT, note="<b>Mayor</b>, not governor.")


def test_they_are_dated_oldest_first_and_name_their_story() -> None:
    rows = corrected(
        (FERRY, MAYOR), headlines={"ferry": "Night <ferry>"}, hrefs={"ferry": "#story-1"}
    )
    box = corrections_box(rows)
    assert box.index("Mayor") < box.index("It is June.")
    assert 'datetime="2026-11-20T09:00:00+00:00">Fri 20 Nov 2026<' in box
    assert '<a href="#story-1"><bdi>Night &lt;ferry&gt;</bdi></a>' in box
    assert "&lt;b&gt;Mayor" in box
    assert ">Corrections</h2>" in box


def test_one_alone_and_none() -> None:
    assert ">Correction</h2>" in corrections_box(corrected((MAYOR,)))
    assert corrections_box(()).strip() == ""


def test_a_story_that_nobody_knows_is_not_named() -> None:
    box = corrections_box(corrected((FERRY,), hrefs={"ferry": "#story-1"}))
    assert "#story-1" not in box


def test_a_link_that_could_do_harm_is_none() -> None:
    for href in ("javascript:alert(1)", " javascript:alert(1)", "data:text/html,x", ""):
        rows = corrected((FERRY,), headlines={"ferry": "Night ferry"}, hrefs={"ferry": href})
        assert "href" not in corrections_box(rows)
        assert "Night ferry" in corrections_box(rows)
    for href in ("#a", "../2026-W47/#a", "2026-W47/", "https://example.org/a:b"):
        rows = corrected((FERRY,), headlines={"ferry": "Night ferry"}, hrefs={"ferry": href})
        assert f'href="{href}"' in corrections_box(rows)


def test_in_the_newsletters_language() -> None:
    words = CorrectionWords(one="Berichtigung", several="Berichtigungen", about="Zu")
    rows = corrected((FERRY,), headlines={"ferry": "Nachtfähre"})
    box = corrections_box(rows, words=words)
    assert ">Berichtigung</h2>" in box
    assert "Zu <bdi>Nachtfähre</bdi>" in box
