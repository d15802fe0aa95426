"""How an issue gives way where its email would be clipped, and the issue as its email tells it.

The web page and the archive always hold the whole issue. The email gives way in a stated order,
each step from the last teaser up and only as far as it must: teasers' blurbs shorten to their first
sentence (`Fit.short`); of those, teasers become headlines (`headlines`); of those, teasers are left
to the web page (`on_web`). Leads never give way.
"""

from __future__ import annotations

from dataclasses import replace

from digest.models import Blurb, Entry, Fit, Issue, Section, Story
from digest.text.verbatim import quote

HTML_BYTES = 100_000
"""Gmail clips a message's HTML at about 102 KB and hides the rest, the unsubscribe link with it."""


def emailed(issue: Issue) -> Issue:
    """The issue as its email tells it: what `issue.fit` says is shortened or left out."""
    fit = issue.fit
    if fit == Fit():
        return issue
    teasers = sum(len(section.stories) for section in issue.sections)
    sections: list[Section] = []
    at = teasers
    for section in issue.sections:
        told: list[Story] = []
        for story in section.stories:
            if at > fit.on_web:
                told.append(_told(story, brief=at <= fit.headlines, short=at <= fit.short))
            at -= 1
        if told:
            sections.append(Section(name=section.name, stories=tuple(told)))
    return replace(issue, sections=tuple(sections))


def told_fit(fit: Fit) -> str:
    """What gave way, in a few words for a person; empty where nothing did."""
    steps = (
        (fit.short - max(fit.headlines, fit.on_web), "tells one sentence", "tell one sentence"),
        (fit.headlines - fit.on_web, "is a headline alone", "are headlines alone"),
        (fit.on_web, "stands on the web page only", "stand on the web page only"),
    )
    told = [f"{n} {one if n == 1 else many}" for n, one, many in steps if n > 0]
    return ", ".join(told)


def first_sentence(blurb: Blurb, entry: Entry) -> Blurb:
    """A machine blurb without what stands behind its first span; an editor's stays whole."""
    if blurb.origin not in {"text", "summary"} or len(blurb.spans) + len(blurb.topped) < 2:
        return blurb
    field = entry.text if blurb.origin == "text" else entry.summary
    spans = blurb.spans[:1]
    return replace(blurb, text=quote(field, spans, blurb.joint), spans=spans, topped=(), cut=False)


def _told(story: Story, *, brief: bool, short: bool) -> Story:
    if brief:
        return replace(story, blurb=Blurb(), kicker="", also=())
    return replace(story, blurb=first_sentence(story.blurb, story.entry)) if short else story
