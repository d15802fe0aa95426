"""The door: an entry to its blurb.

What chooses is imported where it is used: numpy and the patterns take a while to load.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from digest.models import Blurb, Entry
from digest.text.language import joint, language_of
from digest.text.verbatim import quote

if TYPE_CHECKING:
    from digest.summarize.choose import Choice
    from digest.summarize.filter import Sentence

_DECAY = 0.3


def blurb(entry: Entry, *, max_chars: int, method: str = "digest", language: str = "") -> Blurb:
    """One to three whole sentences of the entry's text, else of its publisher's description.

    `max_chars` is the most columns that the blurb takes: characters, where a wide one counts two.
    `method` is one of `settings.SUMMARIZERS`. `language` is used where neither the entry says
    nor its words tell theirs. A description wins over a body whose best sentences do not stand
    alone. Where the source's words break off in "…" and are used, they stay as printed and the
    blurb is `cut`. Where no whole sentence fits there is none, and the headline stands alone.
    """
    body = _chosen(entry, "text", max_chars, method, language)
    if body[0].clean:
        return _quoted(entry, "text", *body)
    described = _chosen(entry, "summary", max_chars, method, language)
    if described[0].clean or not body[0].sentences:
        return _quoted(entry, "summary", *described)
    return _quoted(entry, "text", *body)


def _chosen(
    entry: Entry, name: Literal["text", "summary"], budget: int, method: str, language: str
) -> tuple[Choice, str]:
    """What to quote of a field, and the language it is in."""
    from digest.summarize.choose import Choice, choose, lead
    from digest.summarize.filter import readable

    field = entry.text if name == "text" else entry.summary
    if not field.strip():
        return Choice(), language
    tag = language_of(field, entry.language) or language
    sentences = readable(field, entry, language=tag, typed=_typed(entry, name))
    if method == "lead":
        return lead(sentences, budget=budget, language=tag), tag
    values = None if method == "digest" else _values(sentences, entry.title, method, tag)
    chosen = choose(sentences, budget=budget, language=tag, title=entry.title, values=values)
    return chosen, tag


def _values(
    sentences: Sequence[Sentence], title: str, method: str, language: str
) -> tuple[float, ...]:
    """How much each sentence is worth by a method of sumy's, 0 to 1.

    Two sentences need no ranking, and no sumy.
    """
    places = [1 / (1 + _DECAY * at) for at in range(len(sentences))]
    if len(sentences) <= 2:
        return tuple(places)
    from digest.summarize.scores import Scorer

    scorer = Scorer(
        [sentence.text for sentence in sentences],
        language=language,
        title=title,
        paragraphs=[sentence.paragraph for sentence in sentences],
    )
    # A shade of place, so that sentences of one rating keep the order of the source.
    return tuple(
        rating * 0.99 + place * 0.01
        for rating, place in zip(scorer.score(method), places, strict=True)
    )


def _typed(entry: Entry, name: str) -> frozenset[str]:
    """The lines that the collecting stage knows to be no body text."""
    from digest.summarize.filter import key

    lines = [part.text for part in entry.parts]
    if entry.image:
        lines += [entry.image.caption, entry.image.alt]
    if name == "text":
        lines += [entry.byline, entry.dateline]
    return frozenset(filter(None, map(key, lines)))


def _quoted(entry: Entry, name: Literal["text", "summary"], choice: Choice, language: str) -> Blurb:
    if not choice.sentences:
        return Blurb()
    field = entry.text if name == "text" else entry.summary
    spans = tuple(sentence.span for sentence in choice.sentences)
    between = joint(language)
    return Blurb(
        text=quote(field, spans, between),
        origin=name,
        spans=spans,
        joint=between,
        cut=any(sentence.cut for sentence in choice.sentences),
    )
