"""The stage's door: an issue and a theme in, four renderings out."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from digest.fit import HTML_BYTES
from digest.models import Fit, Issue, Renderings
from digest.render.css import check_page, without_places
from digest.render.inline import inline_css
from digest.render.links import with_campaign
from digest.render.message import build_message
from digest.render.mjml import compile_mjml
from digest.render.plain import Footnotes, tidy
from digest.render.slots import Fields, Slots
from digest.render.templates import run_template
from digest.render.theme import Theme
from digest.render.view import email_view, page_url, view
from digest.render.views import IssueView

_MJML = "issue.mjml.j2"
_NO_MEDIA: Mapping[str, bytes] = MappingProxyType({})


def render(issue: Issue, theme: Theme, *, media: Mapping[str, bytes] = _NO_MEDIA) -> Renderings:
    """The renderings of `issue` in `theme`.

    `media` holds the issue's own pictures by the names that its stories use (`media/<name>`); a
    picture that is missing there is left out. `email_html` and `web_html` point at those names;
    `message` embeds them, or links to them on the web where the newsletter wants that. The email's
    HTML alone has the newsletter's campaign in its links. Raises TemplateError (a mistake in the
    theme: file, line, column) and RenderError (a rendering broke one of the pipeline's assertions).
    """
    email = _Email(issue, theme, media)
    html, text = email.html(), email.text()
    slots = email.slots
    email_html = slots.defaulted(html, markup=True)
    email_txt = slots.defaulted(text, markup=False)
    key = slots.key(email_html, email_txt)
    return Renderings(
        email_html=email_html,
        email_txt=email_txt,
        web_html=_web(
            # Where nothing gave way, the email is told from the same.
            email.shown if issue.fit == Fit() else view(issue, media=media),
            theme,
        ),
        message=build_message(
            issue,
            html=slots.slotted(html, key, markup=True),
            text=slots.slotted(text, key, markup=False),
            media=media,
            slots=key,
        ),
    )


def fitted(
    issue: Issue,
    theme: Theme,
    *,
    media: Mapping[str, bytes] = _NO_MEDIA,
    limit: int = HTML_BYTES,
) -> Issue:
    """`issue` with the `fit` by which its email's HTML has at most `limit` bytes.

    Each step of `digest.fit` goes no further than it must. Where the last one is not enough, which
    leaves out stories for nothing, or there is no page on the web that would hold them, the email
    stays too long, and `digest.check` says so.
    """
    whole = replace(issue, fit=Fit())
    teasers = sum(len(section.stories) for section in issue.sections)

    def fits(fit: Fit) -> bool:
        email = _Email(replace(issue, fit=fit), theme, media)
        html = email.slots.defaulted(email.html(), markup=True)
        return len(html.encode("utf-8", "replace")) <= limit

    if not teasers or fits(Fit()):
        return whole
    steps = ["short", "headlines", *(["on_web"] if page_url(issue) else [])]
    fit = Fit()
    for step in steps:
        fit = replace(fit, **{step: teasers})
        if fits(fit):
            counts = range(teasers + 1)
            least = bisect_left(counts, True, key=lambda n: fits(replace(fit, **{step: n})))
            return replace(issue, fit=replace(fit, **{step: least}))
    return replace(issue, fit=replace(fit, on_web=0))


def email_mjml(issue: Issue, theme: Theme, *, media: Mapping[str, bytes] = _NO_MEDIA) -> str:
    """The MJML that `render` compiles into the email, as any MJML compiler takes it.

    Its `<mj-style inline="inline">` is still in it. Raises TemplateError as `render` does.
    """
    return without_places(_Email(issue, theme, media).mjml(linked=True))


class _Email:
    """The HTML and text of an issue's email, in which a recipient's fields are marks."""

    def __init__(self, issue: Issue, theme: Theme, media: Mapping[str, bytes]) -> None:
        self.slots = Slots(issue)
        self._theme = theme
        self._newsletter = issue.newsletter
        self.shown = email_view(issue, media=media)
        """The issue as the email tells it, but for the link that unsubscribes."""
        own = self.shown.newsletter
        link = replace(own, unsubscribe_url=self.slots.link(own.unsubscribe_url))
        self._marked = replace(self.shown, newsletter=link)

    def mjml(self, *, linked: bool = False) -> str:
        """The MJML, whose tags carry their places; its links alone have the campaign.

        `linked`: the newsletter's own link stands in it where readers unsubscribe, and no mark.
        """
        shown = self.shown if linked else self._marked
        return self._made(_MJML, with_campaign(shown, self._newsletter))

    def html(self) -> str:
        compiled = compile_mjml(self.mjml(), shown=self._theme.shown)
        html = inline_css(compiled.html, compiled.inline_css)
        self.slots.refuse_broken(html, shown=self._theme.where(_MJML))
        return html

    def text(self) -> str:
        name = "issue.txt.j2"
        text = tidy(self._made(name, self._marked, notes=Footnotes(self._marked)))
        self.slots.refuse_broken(text, shown=self._theme.where(name))
        return text

    def _made(self, name: str, shown: IssueView, **more: object) -> str:
        return _run(self._theme, name, shown, Fields(self.slots), **more)


def _web(shown: IssueView, theme: Theme) -> str:
    name = "web.html.j2"
    page = _run(theme, name, shown, Fields(None))
    return check_page(page, where=theme.where(name)).strip() + "\n"


def _run(theme: Theme, name: str, shown: IssueView, recipient: Fields, **more: object) -> str:
    values = {"issue": shown, "theme": theme, "recipient": recipient, **more}
    return run_template(theme, name, values, language=shown.language)
