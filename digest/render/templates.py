"""Running a theme's templates: jinja2, escaped by default, with mistakes told by file and place.

Each tag that a `.mjml.j2` template writes carries, until the MJML is compiled, the place where it
stands in that template (see `mark_places`), so that what is wrong in the MJML is named there and
not in a line of generated text.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from digest.errors import TemplateError
from digest.render import plain
from digest.render.strings import translations
from digest.render.theme import Theme

if TYPE_CHECKING:
    from jinja2 import Environment
    from jinja2.exceptions import TemplateSyntaxError

OPEN, CLOSE = "\ufdd0", "\ufdd1"
"""Around a place in marked MJML. Noncharacters: `clean` takes them out of all data."""

_TEMPLATE_PIECE = re.compile(
    r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<!--.*?-->|</?[A-Za-z][A-Za-z0-9:-]*", re.DOTALL
)


def run_template(theme: Theme, name: str, values: Mapping[str, object], *, language: str) -> str:
    """The text that the theme's template `name` makes of `values`.

    Raises TemplateError with file, line and column.
    """
    from jinja2 import TemplateSyntaxError

    env = environment(theme, language)
    try:
        return env.get_template(name).render(values)
    except TemplateSyntaxError as error:
        raise _syntax_error(theme, error) from None
    except Exception as error:
        # Whatever a template's expression raises is the template's mistake.
        raise _runtime_error(theme, name, error, values) from None


@lru_cache(maxsize=16)
def environment(theme: Theme, language: str) -> Environment:
    """The jinja2 environment of a theme; a reader's own theme gets a sandbox."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined
    from jinja2.ext import Extension
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Places(Extension):
        """Marks the tags of MJML templates with their place."""

        def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
            del filename
            return mark_places(source, name) if name and name.endswith(".mjml.j2") else source

    files = dict(theme.files)

    def load(name: str) -> tuple[str, str, Callable[[], bool]] | None:
        source = files.get(name)
        return None if source is None else (source, f"{theme.shown}/{name}", lambda: True)

    kind = ImmutableSandboxedEnvironment if theme.own else Environment
    env = kind(
        loader=FunctionLoader(load),
        # `select_autoescape()` does not know `.mjml.j2`. Only text and CSS are not markup, and CSS
        # is given nothing but the theme's own values.
        autoescape=lambda name: not (name or "").endswith((".txt.j2", ".css.j2")),
        undefined=StrictUndefined,
        extensions=[Places, "jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    catalogue = translations(language)
    env.install_gettext_callables(  # type: ignore[attr-defined] # added by the i18n extension
        catalogue.gettext, catalogue.ngettext, newstyle=True
    )
    env.filters.update(plain.FILTERS)
    return env


def mark_places(source: str, name: str) -> str:
    """`source` with the place of each tag behind the tag's name: `<mj-text⟨name:line:column⟩`."""
    marked: list[str] = []
    end, line, line_start = 0, 1, 0
    for hit in _TEMPLATE_PIECE.finditer(source):
        newlines = source.count("\n", end, hit.start())
        if newlines:
            line += newlines
            line_start = source.rindex("\n", end, hit.start()) + 1
        marked.append(source[end : hit.end()])
        if hit[0][0] == "<" and not hit[0].startswith("<!--"):
            marked.append(f"{OPEN}{name}:{line}:{hit.start() - line_start + 1}{CLOSE}")
        inside = hit[0].count("\n")
        if inside:
            line += inside
            line_start = hit.start() + hit[0].rindex("\n") + 1
        end = hit.end()
    marked.append(source[end:])
    return "".join(marked)


def _syntax_error(theme: Theme, error: TemplateSyntaxError) -> TemplateError:
    name = error.name or ""
    message = _sentence(error.message or "it does not read as a template")
    if name not in dict(theme.files):
        return TemplateError(f"{theme.shown}: {message}.")
    quoted = re.findall(r"'([^']+)'", message)
    column = _column(theme, name, error.lineno, [*reversed(quoted), "{%", "{{"])
    return TemplateError(
        f"{theme.shown}/{name}, line {error.lineno}, column {column}: {message}.",
        hint="Blocks are {% … %}, values {{ … }}, comments {# … #}.",
    )


def _runtime_error(
    theme: Theme, name: str, error: Exception, values: Mapping[str, object]
) -> TemplateError:
    from jinja2 import TemplateNotFound

    file, line = _place(theme, error) or (name, 1)
    message, hint = _sentence(str(error) or type(error).__name__), ""
    words = re.findall(r"'([^' ]+)'", message)
    if isinstance(error, TemplateNotFound):
        words = [error.name or ""]
        message = f"there is no template “{error.name}” in {theme.shown}"
        near = difflib.get_close_matches(words[0], [known for known, _ in theme.files], n=1)
    else:
        near = difflib.get_close_matches(words[-1], _known_words(values), n=1) if words else []
    if near:
        hint = f"Did you mean {near[0]}?"
    column = _column(theme, file, line, [*reversed(words), "{{", "{%"])
    return TemplateError(
        f"{theme.shown}/{file}, line {line}, column {column}: {message}.", hint=hint
    )


def _place(theme: Theme, error: Exception) -> tuple[str, int] | None:
    """The innermost template file and line that the error came through."""
    place = None
    step = error.__traceback__
    while step is not None:
        folder, _, file = step.tb_frame.f_code.co_filename.rpartition("/")
        if folder == theme.shown:
            place = (file, step.tb_lineno)
        step = step.tb_next
    return place


def _column(theme: Theme, name: str, line: int, words: list[str]) -> int:
    """Where, from 1, the first of `words` that stands in that line begins."""
    lines = dict(theme.files).get(name, "").splitlines()
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    for word in words:
        if word and (at := text.find(word)) >= 0:
            return at + 1
    return len(text) - len(text.lstrip()) + 1


def _known_words(values: Mapping[str, object]) -> list[str]:
    """The names that a template can use: values and the fields of the views."""
    from digest.render import view

    words = list(values)
    for kind in vars(view).values():
        if isinstance(kind, type) and kind.__module__ == view.__name__:
            words += [word for word in dir(kind) if not word.startswith("_")]
    return words


def _sentence(message: str) -> str:
    """An exception's words, fit to stand inside a sentence of our own."""
    plainer = re.sub(r"'digest\.\w+(?:\.\w+)*\.(\w+?)(?:View)? object'", r"the \1", message)
    plainer = " ".join(plainer.split()).rstrip(".")
    return plainer[:1].lower() + plainer[1:]
