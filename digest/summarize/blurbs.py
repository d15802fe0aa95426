"""The doors: an entry to its blurb, an issue to one with its blurbs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from digest.models import Blurb, Entry, Issue, Story
from digest.settings import Settings
from digest.summarize.choose import Choice, choose, lead
from digest.summarize.filter import Sentence, key, readable
from digest.summarize.scores import Scorer
from digest.text.language import joint, language_of
from digest.text.verbatim import quote

_DECAY = 0.3


def summarize(issue: Issue, settings: Settings) -> Issue:
    """`issue` with the blurb of every story; an editor's own blurb stays.

    Leads get `settings.lead_chars` columns at most, teasers `settings.teaser_chars`.
    """

    def fill(story: Story, budget: int) -> Story:
        if story.blurb.origin == "editor":
            return story
        entry = replace(story.entry, title=story.headline or story.entry.title)
        made = blurb(
            entry,
            max_chars=budget,
            method=settings.summarizer,
            language=issue.newsletter.language,
        )
        return replace(story, blurb=made)

    return replace(
        issue,
        leads=tuple(fill(story, settings.lead_chars) for story in issue.leads),
        sections=tuple(
            replace(section, stories=tuple(fill(s, settings.teaser_chars) for s in section.stories))
            for section in issue.sections
        ),
    )


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
