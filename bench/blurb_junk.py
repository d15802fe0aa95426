"""Junk in articles, as scraping leaves it: what of it gets into a blurb, and what it costs.

Lines are put between sentences near the top of a text, and a blurb leaks where it quotes one of
their characters. `{caption}` in a line is a fragment of the article itself, so that no system can
know junk by its words alone.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import cycle
from typing import Any

import numpy as np

from bench.blurb_systems import Article, Quotation, System
from bench.intervals import Mean, means
from bench.rouge import rouge
from digest.models import Span

SYSTEMS = ("ours", "filtered lead", "lead", "sumy text-rank", "sumy lex-rank")
NEAR = 4
"""Sentences from the top, before or after each of which a line may stand."""
MOST = 300
"""Articles of a file: two of the systems are slow."""
_ENDS = ".!?…\"'”’)"


@dataclass(frozen=True, slots=True)
class Spoilt:
    """An article with junk in it, and where the junk stands."""

    article: Article
    junk: tuple[Span, ...]
    lines: tuple[str, ...]

    def leaks(self, quotation: Quotation) -> bool:
        """Whether the quotation holds a character of the junk."""
        return any(
            start < end_of_junk and junk < end
            for start, end in quotation.spans
            for junk, end_of_junk in self.junk
        )


def spoil(article: Article, lines: Sequence[str], *, apart: bool = False, seed: str = "") -> Spoilt:
    """`lines` in their order near the top; several begin with the first at the very top.

    They stand in the run of the text, or `apart` as paragraphs of their own, as does a line that
    does not end like a sentence.
    """
    rng = random.Random(f"{seed} {article.example.id}")  # noqa: S311 (fixed draws)
    text, spans = article.example.text, article.spans
    most = min(NEAR, len(spans) - 1)
    places = sorted(rng.randint(0, most) for _ in lines)
    if len(places) > 1:
        places[0] = 0
    made, last, junk = "", 0, []
    for place, line in zip(places, lines, strict=True):
        at = spans[place][0]
        alone = apart or line[-1:] not in _ENDS
        made += text[last:at]
        if alone:
            made = made.rstrip() + "\n\n" if made.strip() else ""
        filled_in = line.replace("{caption}", _fragment(article, rng))
        junk.append((len(made), len(made) + len(filled_in)))
        made += filled_in + ("\n\n" if alone else " ")
        last = at
    example = replace(article.example, text=made + text[last:])
    return Spoilt(Article.of(example), tuple(junk), tuple(lines))


def _fragment(article: Article, rng: random.Random) -> str:
    """The first five to twelve words of a sentence near the top, without a stop."""
    long = [s for s in article.sentences[:10] if len(s.split()) >= 5] or [article.example.title]
    return " ".join(rng.choice(long).split()[: rng.randint(5, 12)]).rstrip(".,;:!?…-–—\"'”’")


def measure(
    articles: Sequence[Article],
    systems: Mapping[str, System],
    lines: Sequence[str],
    further: Sequence[str],
    *,
    room: int,
    progress: Callable[[str, int, int], None],
) -> dict[str, Any]:
    """Leaks per 100 and ROUGE-1 by the way in which the junk was put in.

    `lines` go in one at a time and all at once; `further` ones are drawn beside them.
    """
    articles = [article for article in articles if article.spans][:MOST]
    each = list(zip(articles, cycle([*lines, *further]), strict=False))
    rng = random.Random(0)  # noqa: S311 (fixed draws)
    ways = {
        "one line, in the run of the text": [spoil(a, [line]) for a, line in each],
        "one line, a paragraph of its own": [spoil(a, [line], apart=True) for a, line in each],
        f"all {len(lines)} lines": [spoil(article, lines) for article in articles],
    }
    if further:
        count = min(len(lines), len(further))
        ways[f"{count} of the {len(further)} further lines"] = [
            spoil(article, rng.sample(further, count)) for article in articles
        ]
    return {
        way: _measured(rows, systems, room=room, progress=lambda *at, way=way: progress(way, *at))
        for way, rows in ways.items()
    }


def _measured(
    rows: Sequence[Spoilt],
    systems: Mapping[str, System],
    *,
    room: int,
    progress: Callable[[int, int], None],
) -> dict[str, Any]:
    leaks: dict[str, list[float]] = {name: [] for name in SYSTEMS}
    r1: dict[str, list[float]] = {name: [] for name in SYSTEMS}
    by_line: Counter[str] = Counter()
    for number, spoilt in enumerate(rows):
        progress(number, len(rows))
        for name in SYSTEMS:
            (quotation,) = systems[name](spoilt.article, room)
            leaked = spoilt.leaks(quotation)
            leaks[name].append(100.0 * leaked)
            r1[name].append(100 * rouge(spoilt.article.reference, quotation.sentences)[0])
            if leaked and name == "ours" and len(spoilt.lines) == 1:
                by_line[spoilt.lines[0]] += 1
    figures = {name: np.array([leaks[name], r1[name]]).T for name in SYSTEMS}

    def named(name: str) -> dict[str, Mean]:
        return dict(zip(("leaks per 100", "R1"), means(figures[name]), strict=True))

    ours = figures["ours"][:, 1:]
    return {
        "articles": len(rows),
        "systems": {name: named(name) for name in SYSTEMS},
        "R1 of ours less": {
            name: means(ours - figures[name][:, 1:])[0] for name in ("lead", "filtered lead")
        },
        "lines that leaked from ours": dict(by_line.most_common()),
    }
