"""ROUGE equals what `rouge-score` 0.1.2 gives, whose figures for these texts are kept here.

They were made by `RougeScorer(["rouge1", "rouge2", "rougeLsum"], use_stemmer=True)` with each text
joined by line breaks.
"""

from __future__ import annotations

import pytest

from bench.rouge import Reference, rouge, tokens

QUAY = (
    "The port of Alder opened its new quay on Monday, two years late.",
    "It cost 31.5 million crowns, nearly twice the plan.",
)
CASES = {
    "the same": (QUAY, QUAY, (1.0, 1.0, 1.0)),
    "nothing": (QUAY, (), (0.0, 0.0, 0.0)),
    "no word in common": (QUAY, ("Bakers sell bread.",), (0.0, 0.0, 0.0)),
    "stems, order and a sentence more": (
        QUAY,
        (
            "Nearly two years late, Alder's port opens a quay.",
            "Costs ran to twice what was planned: 31.5 million.",
            "Crews welcomed the quay.",
        ),
        (0.638298, 0.177778, 0.382979),
    ),
    "words that come again": (
        ("The quay, the quay, the long quay.", "A quay of the port."),
        ("The quay of the port.", "Quay by quay, the port grew.", "The quay the crews built."),
        (0.714286, 0.538462, 0.642857),
    ),
    "one sentence against two": (
        QUAY,
        ("On Monday the new quay of the port of Alder, which cost 31.5 million, opened late.",),
        (0.75, 0.421053, 0.5),
    ),
    "of two subsequences one": (
        ("quay port alder",),
        ("port port one", "one alder port"),
        (0.444444, 0.0, 0.222222),
    ),
    "a word that only the blurb has": (
        ("port port port",),
        ("one one port one", "two three port"),
        (0.4, 0.0, 0.4),
    ),
    "letters beyond ASCII": (
        ("Zoë’s café re-opened — finally.",),
        ("The café of Zoë reopens.",),
        (0.363636, 0.0, 0.181818),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_it_gives_the_figures_of_rouge_score(case: str) -> None:
    reference, blurb, figures = CASES[case]
    assert rouge(Reference.of(reference), blurb) == pytest.approx(figures, abs=1e-6)


def test_words_are_stemmed_from_four_letters_on() -> None:
    assert tokens("Alder’s ships cost $3.5m") == ("alder", "s", "ship", "cost", "3", "5m")
