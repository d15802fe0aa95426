"""The stage's door: an issue and a theme in, four renderings out."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from digest.models import Issue, Renderings
from digest.render.inline import inline_css
from digest.render.links import with_campaign
from digest.render.message import build_message
from digest.render.mjml import compile_mjml
from digest.render.plain import Footnotes, tidy
from digest.render.templates import run_template
from digest.render.theme import Theme
from digest.render.view import view

_NO_MEDIA: Mapping[str, bytes] = MappingProxyType({})


def render(issue: Issue, theme: Theme, *, media: Mapping[str, bytes] = _NO_MEDIA) -> Renderings:
    """The renderings of `issue` in `theme`.

    `media` holds the issue's own pictures by the names that its stories use (`media/<name>`); a
    picture that is missing there is left out. `email_html` and `web_html` point at those names;
    `message` embeds them, or links to them on the web where the newsletter wants that. The email's
    HTML alone has the newsletter's campaign in its links. Raises TemplateError (a mistake in the
    theme: file, line, column) and RenderError (a rendering broke one of the pipeline's assertions).
    """
    shown = view(issue, media=media)
    language = shown.language

    mailed = with_campaign(shown, issue.newsletter)
    values = {"issue": mailed, "theme": theme}
    mjml = run_template(theme, "issue.mjml.j2", values, language=language)
    compiled = compile_mjml(mjml, shown=theme.shown)
    email_html = inline_css(compiled.html, compiled.inline_css)

    notes = Footnotes(shown)
    noted = {"issue": shown, "theme": theme, "notes": notes}
    email_txt = tidy(run_template(theme, "issue.txt.j2", noted, language=language))

    web_html = run_template(
        theme, "web.html.j2", {"issue": shown, "theme": theme}, language=language
    )
    return Renderings(
        email_html=email_html,
        email_txt=email_txt,
        web_html=web_html.strip() + "\n",
        message=build_message(issue, html=email_html, text=email_txt, media=media),
    )
