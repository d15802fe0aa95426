"""The door: an entry to its blurb."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from digest.models import Blurb, Entry
from digest.summarize.choose import Choice, choose, lead
from digest.summarize.descriptions import continued, faults, is_honest
from digest.summarize.filter import LOOK, Sentence, key, readable
from digest.summarize.junk import is_furniture
from digest.summarize.scores import Scorer
from digest.summarize.sets import MOST
from digest.text.language import joint, language_of
from digest.text.sentences import split
from digest.text.verbatim import collapse, ends_cut, quote
from digest.text.widths import width
from digest.text.words import words

_DECAY = 0.3
_BRIEF = 0.4
"""Of the budget: a description that fills less gives way to a body that can tell more."""
# The end of what a publisher printed, and the call that the page put behind it.
_CALL_BEHIND = re.compile(r"(…|\.{3,}|\[…\]|\[\.{3}\])\s*(?=[^\W_])")


def blurb(entry: Entry, *, max_chars: int, method: str = "digest", language: str = "") -> Blurb:
    """One to three whole sentences of its publisher's description, of the entry's text, or of both.

    `max_chars` is the most columns that the blurb takes: characters, where a wide one counts two.
    `method` is one of `settings.SUMMARIZERS`. `language` is used where neither the entry says
    nor its words tell theirs. A description that is complete and honest comes first, topped up
    from the body where there is room (the method `lead` never asks it); so does an honest one
    before a body whose best sentences do not stand alone. Where the source's words break off in
    "…" and are used, they stay as printed and the blurb is `cut`. Where no whole sentence fits
    there is none, and the headline stands alone.
    """
    body = _read(entry, "text", language)
    description = _read(entry, "summary", language)
    told = Blurb()
    if method != "lead" and not any(_faults(entry, description, body, max_chars)):
        told = _topped(entry, description, body, max_chars, method)
        if width(told.text) >= _BRIEF * max_chars:
            return told
    chosen = _chosen(body, entry, max_chars, method)
    if chosen.clean:
        return _quoted(entry, "text", chosen, body.language)
    if told.text:
        return told
    described = _chosen(description, entry, max_chars, method)
    if described.clean and is_honest(entry.summary, entry.text, description.language):
        return _quoted(entry, "summary", described, description.language)
    if chosen.sentences:
        return _quoted(entry, "text", chosen, body.language)
    return _quoted(entry, "summary", described, description.language)


def passed_over(entry: Entry, *, max_chars: int, language: str = "") -> str:
    """Why the publisher's description is not the blurb as it stands; "" where it may be.

    The arguments are those of `blurb`.
    """
    body = _read(entry, "text", language)
    return next(_faults(entry, _read(entry, "summary", language), body, max_chars), "")


@dataclass(frozen=True, slots=True)
class _Field:
    """A field's sentences that may be quoted, and the language they are in."""

    sentences: tuple[Sentence, ...]
    language: str


def _read(entry: Entry, name: Literal["text", "summary"], language: str) -> _Field:
    field = entry.text if name == "text" else entry.summary
    if not field.strip():
        return _Field((), language)
    tag = language_of(field, entry.language) or language
    found = readable(field, entry, language=tag, typed=_typed(entry, name))
    return _Field(_broken_off(found, field), tag)


def _broken_off(sentences: tuple[Sentence, ...], field: str) -> tuple[Sentence, ...]:
    """The last sentence is cut too where only a call stands behind its ellipsis: `… Read more`."""
    if not sentences or len(sentences) == LOOK:
        return sentences
    last = sentences[-1]
    start, end = last.span
    if not ends_cut(last.text):
        call = _CALL_BEHIND.search(field, start, end)
        if not call or not is_furniture(field[call.end() : end]):
            return sentences
        end = call.start() + len(call[1])
    text = collapse(field[start:end])
    if not key(text):  # `… Read more`: nothing is left but the ellipsis
        return sentences[:-1]
    said = words(text)
    cut = replace(
        last,
        span=(start, end),
        text=text,
        columns=width(text),
        words=said,
        bag=frozenset(map(str.lower, said)),
        doubtful=False,
        cut=True,
    )
    return (*sentences[:-1], cut)


def _faults(entry: Entry, description: _Field, body: _Field, budget: int) -> Iterator[str]:
    """Why the description is not the blurb; nothing where it is all there, complete and honest."""
    sentences, tag = description.sentences, description.language
    if any(sentence.cut for sentence in sentences):
        yield "it breaks off"
    if (
        not sentences
        or any(sentence.doubtful for sentence in sentences)
        or len(sentences) < len(split(entry.summary, tag))
    ):
        yield "not all of it is a report"
        return
    if len(sentences) > MOST:
        yield f"it has more than {MOST} sentences"
    yield from faults(sentences, body.sentences, budget=budget, language=tag, title=entry.title)
    if body.sentences and not is_honest(entry.summary, entry.text, tag):
        yield "it says what the article does not"


def _topped(entry: Entry, description: _Field, body: _Field, budget: int, method: str) -> Blurb:
    """The description, and behind it what the body goes on to say, where it reads well there."""
    tag = description.language
    own = description.sentences
    chosen = _chosen(
        _Field(continued(own, body.sentences, language=tag, title=entry.title), tag),
        entry,
        budget,
        method,
        opening=len(own),
    )
    told = _quoted(entry, "summary", Choice(own), tag)
    added = chosen.sentences[len(own) :]
    if not added or not chosen.clean:
        return told
    spans = tuple(sentence.span for sentence in added)
    text = told.joint.join((told.text, quote(entry.text, spans, told.joint)))
    return replace(told, text=text, topped=spans)


def _chosen(field: _Field, entry: Entry, budget: int, method: str, *, opening: int = 0) -> Choice:
    """What to quote of a field; its first `opening` sentences in any case."""
    sentences, tag = field.sentences, field.language
    if method == "lead":
        return lead(sentences, budget=budget, language=tag)
    values = None if method == "digest" else _values(sentences, entry.title, method, tag)
    return choose(
        sentences,
        budget=budget,
        language=tag,
        title=entry.title,
        values=values,
        opening=opening,
    )


def _values(
    sentences: Sequence[Sentence], title: str, method: str, language: str
) -> tuple[float, ...]:
    """How much each sentence is worth by a method of sumy's, 0 to 1.

    Two sentences need no ranking, and no sumy.
    """
    places = [1 / (1 + _DECAY * at) for at in range(len(sentences))]
    if len(sentences) <= 2:
        return tuple(places)

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
