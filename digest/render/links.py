"""The links of the email: those of stories and credits, with the newsletter's campaign."""

from __future__ import annotations

from dataclasses import replace

from digest.models import Newsletter
from digest.render.views import IssueView, StoryView
from digest.text.campaign import appended, parameters


def with_campaign(shown: IssueView, newsletter: Newsletter) -> IssueView:
    """`shown` as the email tells it; the plain text and the web page keep the links as they are.

    A sponsor's link, the newsletter's own and the one that unsubscribes are never changed.
    """
    if not newsletter.campaign:
        return shown
    wanted = parameters(newsletter.campaign, newsletter=newsletter.name, slug=shown.slug)

    def told(story: StoryView) -> StoryView:
        also = tuple(replace(credit, url=appended(credit.url, wanted)) for credit in story.also)
        return replace(story, url=appended(story.url, wanted), also=also)

    return replace(
        shown,
        leads=tuple(map(told, shown.leads)),
        sections=tuple(
            replace(section, stories=tuple(map(told, section.stories)))
            for section in shown.sections
        ),
    )
