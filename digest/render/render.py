"""The stage's door: an issue and a theme in, four renderings out."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from digest.models import Issue, Renderings
from digest.render.inline import inline_css
from digest.render.message import build_message
from digest.render.mjml import compile_mjml
from digest.render.plain import Footnotes, tidy
from digest.render.slots import Fields, Slots
from digest.render.templates import run_template
from digest.render.theme import Theme
from digest.render.view import view

_NO_MEDIA: Mapping[str, bytes] = MappingProxyType({})


def render(issue: Issue, theme: Theme, *, media: Mapping[str, bytes] = _NO_MEDIA) -> Renderings:
    """The renderings of `issue` in `theme`.

    `media` holds the issue's own pictures by the names that its stories use (`media/<name>`); a
    picture that is missing there is left out. `email_html` and `web_html` point at those names,
    `message` embeds them. Raises TemplateError (a mistake in the theme: file, line, column) and
    RenderError (a rendering broke one of the pipeline's assertions).
    """
    shown = view(issue, media=media)
    slots = Slots(issue)

    def run(name: str, recipient: Fields, **more: object) -> str:
        values = {"issue": shown, "theme": theme, "recipient": recipient, **more}
        return run_template(theme, name, values, language=shown.language)

    compiled = compile_mjml(run("issue.mjml.j2", Fields(slots)), shown=theme.shown)
    html = inline_css(compiled.html, compiled.inline_css)
    text = tidy(run("issue.txt.j2", Fields(slots), notes=Footnotes(shown)))
    slots.refuse_broken(html, shown=theme.where("issue.mjml.j2"))
    slots.refuse_broken(text, shown=theme.where("issue.txt.j2"))
    return Renderings(
        email_html=slots.defaulted(html, markup=True),
        email_txt=slots.defaulted(text, markup=False),
        web_html=run("web.html.j2", Fields(None)).strip() + "\n",
        message=build_message(
            issue,
            html=slots.slotted(html, markup=True),
            text=slots.slotted(text, markup=False),
            media=media,
            slots=slots.key if slots.asked else "",
        ),
    )
