"""A publisher's description: whether it may stand as it is, and what of the body tops it up.

Somebody wrote it to stand under the headline, as a blurb does. But a machine may have cut it out
of the body, it may tease instead of tell, and it may be the site's motto under every story.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from digest.summarize.choose import choose
from digest.summarize.filter import Sentence, overlap
from digest.summarize.references import is_stray, references, roots
from digest.text.words import content_words, stems

ENOUGH = 60
"""Columns that say something by themselves: below stand `Words matter.`, `Show me the graph!`"""
HONEST = 0.6
"""The share of a description's content words that the body has.

Of 166 complete ones of real pages and feeds, in whose feeds one source weighs heavily, 62 have all,
22 more nine tenths, 62 more six. The 20 below are mottos of whole sites, and true ones in words so
much their own that the body's sentences do as well; from here on all that were read were true.
"""
_HEADLINE = 0.6
"""Of a description's content words, those of the headline: from here on it says that again."""
_TOLD = 0.5
"""Of a sentence's content words, those of description or headline: from here on it is told."""
_AGAIN = 0.45
"""The overlap of all their words from which on two sentences say one thing."""
_NEAR = 7
"""Sentences of the body, from its first, among which a top-up stands: later ones are asides."""

_PAGE = (
    r"(?:article|post|story|guide|piece|essay|tutorial|video|episode|page|site|website|blog|review"
    r"|column|newsletter|podcast|gallery)"
)
_TEASES = re.compile(
    r"\bhere(?:['’]s|['’]re| is| are)\b|\bfind out\b|\blearn (?:more|about|how|why|what)\b"
    r"|\bread (?:more|on)\b|\bclick\b|\bcheck (?:it )?out\b|\bstay tuned\b"
    r"|\b(?:what|everything|all) (?:you(?:['’]ll)?|we|to) (?:need to |should )?(?:know|expect)\b"
    r"|^(?:how|why)\b(?!.*,)|^(?:watch|listen|plus)\b"
    rf"|^(?:in )?(?:this|the|our|my) {_PAGE}\b",
    re.IGNORECASE,
)
# A sentence that leans on one before it which the description does not stand for.
_LEANS = re.compile(
    r"[\"'“‘«„「『]|\W*\w+,? (?:he|she|they|it)\b"
    r"|.*, (?:he|she|they) (?:says|said|adds|added|writes|wrote|explains|explained)\b"
)
_FIRST_PERSON = re.compile(r"\b(?:I|[Ww]e|[Mm]y|[Oo]ur|me|us)\b")


def faults(
    description: Sequence[Sentence],
    body: Sequence[Sentence],
    *,
    budget: int,
    language: str,
    title: str,
) -> Iterator[str]:
    """Why a description may not stand as it is, given that no sentence of it was dropped.

    There is none where it fits in `budget` columns, says enough, is no scrap of the body, opens
    with nothing that neither it nor `title` names, does not tease, and says more than `title`.
    """
    if sum(sentence.columns for sentence in description) < ENOUGH:
        yield "it says too little"
    if any(_TEASES.search(sentence.text) for sentence in description):
        yield "it teases instead of telling"
    whole = choose(
        description, budget=budget, language=language, title=title, opening=len(description)
    )
    if not whole.sentences:
        yield f"it is longer than {budget} characters"
    first, last = description[0].text, description[-1].text
    named = roots(title)
    if (
        not whole.clean
        or is_stray(first, language)
        or any(not need & named for need in references(first, language).needs)
    ):
        yield "it does not read well alone"
    # `… of Rep. Omar, the U.S.`: a machine took a full stop for an end.
    if any(sentence.text.startswith(last) and sentence.text != last for sentence in body):
        yield "it breaks off"
    if _share(_said(description, language), _stems(title, language)) >= _HEADLINE:
        yield "it says the headline again"


def is_honest(description: str, text: str, language: str) -> bool:
    """Whether most of what a description names is in the text; one that is shorter cannot tell."""
    told, known = _stems(description, language), _stems(text, language)
    return len(set(known)) < len(told) or _share(told, known) >= HONEST


def continued(
    description: Sequence[Sentence], body: Sequence[Sentence], *, language: str, title: str
) -> tuple[Sentence, ...]:
    """The description as the opening of the body, in place of what it tells.

    The body's own opening goes too: it tells the same news, in other words. Of the sentences near
    it those stay that share a word with the description or `title`, and do not open with what
    somebody said, nor speak in the first person behind a description in the third.
    """
    told = frozenset(_said(description, language)).union(_stems(title, language))
    by_writer = any(_FIRST_PERSON.search(sentence.text) for sentence in description)

    def goes_on(sentence: Sentence) -> bool:
        if any(overlap(sentence.bag, other.bag) >= _AGAIN for other in description):
            return False
        if _LEANS.match(sentence.text) or _TEASES.search(sentence.text):
            return False
        if not by_writer and _FIRST_PERSON.search(sentence.text):
            return False
        said = _stems(sentence.text, language)
        return _share(said, told) < _TOLD and not told.isdisjoint(said)

    last = description[-1]
    # Numbered so that none follows the description directly: an orphan behind it stays one.
    rest = (
        replace(
            sentence,
            number=last.number + 2 + sentence.number,
            paragraph=last.paragraph + 1 + sentence.paragraph,
        )
        for sentence in body[1:_NEAR]
        if goes_on(sentence)
    )
    return (*description, *rest)


def _said(sentences: Sequence[Sentence], language: str) -> list[str]:
    return [stem for sentence in sentences for stem in _stems(sentence.text, language)]


def _stems(text: str, language: str) -> list[str]:
    return stems(content_words(text, language), language)


def _share(some: Sequence[str], among: Iterable[str]) -> float:
    """The share of words that are among others, 0 to 1."""
    known = frozenset(among)
    return sum(word in known for word in some) / len(some) if some else 0.0
