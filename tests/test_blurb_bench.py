"""What the bench of blurbs measures is what it says: quotations, peers, junk and intervals."""

from __future__ import annotations

import numpy as np
import pytest

from bench import blurb_report
from bench.blurb_data import Example
from bench.blurb_junk import spoil
from bench.blurb_systems import Article, Quotation, lead, systems
from bench.blurbs import measure
from bench.intervals import means

TEXT = (
    "The port of Alder opened its new quay on Monday. It cost 31 million crowns. "
    "The mayor cut a ribbon of blue silk in front of three hundred guests from the town and from "
    "the villages around the bay, while the band of the fire brigade played two old marches. "
    "Ships of 200 meters can now land. A second quay will follow in 2031."
)
EXAMPLE = Example(
    "quay-1", "New quay in Alder", TEXT, "Alder's port has a quay for ships of 200 meters."
)
ARTICLE = Article.of(EXAMPLE)


def _defects(sentences: list[str], follows: list[bool], title: str) -> set[str]:
    assert len(sentences) == len(follows)
    assert title == EXAMPLE.title
    return {"skips"} if not all(follows[1:]) else set()


def test_the_lead_ends_with_the_sentence_before_the_one_that_does_not_fit() -> None:
    assert lead(ARTICLE, 120) == [0, 1]
    assert lead(ARTICLE, 30) == [1]  # the first that fits
    assert lead(ARTICLE, 10) == []


def test_a_quotation_knows_what_follows_what_in_the_source() -> None:
    first, second, _, fourth, _ = ARTICLE.spans
    trimmed = (first[0] + 4, first[1])
    assert Quotation.of(ARTICLE, [trimmed, second, fourth]).follows == (False, True, False)


@pytest.mark.parametrize("name", systems())
def test_every_system_keeps_to_the_budget_and_to_the_order_of_the_source(name: str) -> None:
    for room in (20, 60, 120, 360):
        for quotation in systems()[name](ARTICLE, room):
            assert len(" ".join(quotation.sentences)) <= room
            assert list(quotation.spans) == sorted(quotation.spans)
            for span, sentence in zip(quotation.spans, quotation.sentences, strict=True):
                assert TEXT[slice(*span)] == sentence


def test_no_system_has_more_words_of_the_reference_than_the_oracle() -> None:
    runs = measure([ARTICLE], systems(), room=120, defects=_defects)
    best = runs["oracle"].figures[0][0]
    assert all(run.figures[0][0] <= best for run in runs.values())
    found = blurb_report.report([ARTICLE], runs)
    assert found["ours less"]["lead"]["R1"].mean == pytest.approx(
        runs["ours"].figures[0][0] - runs["lead"].figures[0][0]
    )
    assert len(list(blurb_report.tables(found, kinds=True))) > len(runs)
    assert EXAMPLE.title in "".join(blurb_report.read_out([ARTICLE], runs["ours"], [0]))


@pytest.mark.parametrize("apart", [False, True])
def test_junk_stands_where_it_is_said_to_and_is_found_in_a_quotation(apart: bool) -> None:
    lines = ["By A. Clerk.", "{caption} in a file photo.", "Share this"]
    spoilt = spoil(ARTICLE, lines, apart=apart)
    text = spoilt.article.example.text
    first, caption, last = (text[start:end] for start, end in spoilt.junk)
    assert (first, last) == (lines[0], lines[2])
    assert caption.removesuffix(" in a file photo.") in TEXT
    assert text.startswith(first)
    assert f"\n\n{last}\n\n" in text  # it does not end like a sentence
    assert (f"\n\n{caption}\n\n" in text) is apart
    left = text
    for line in (first, caption, last):
        left = left.replace(line, " ", 1)
    assert left.split() == TEXT.split()
    assert spoilt.leaks(Quotation.of(spoilt.article, [spoilt.junk[0]]))
    clean = [span for span in spoilt.article.spans if text[slice(*span)] in ARTICLE.sentences]
    assert not spoilt.leaks(Quotation.of(spoilt.article, clean))


def test_intervals_hold_their_mean_and_are_the_same_twice() -> None:
    values = np.random.default_rng(1).normal(5, 2, (200, 2))
    found = means(values)
    assert found == means(values)
    for mean in found:
        assert mean.low < mean.mean < mean.high
        assert mean.high - mean.low == pytest.approx(2 * 1.96 * 2 / 200**0.5, rel=0.2)
