"""Running a theme's templates: jinja2, escaped by default, with mistakes told by file and place.

Each tag, and each other “<”, that a `.mjml.j2` template writes carries, until the MJML is compiled,
the place where it stands in that template (see `mark_places`), so that what is wrong in the MJML is
named there and not in a line of generated text.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from digest.errors import TemplateError
from digest.render import plain
from digest.render.css import CLOSE, OPEN, mark_lines
from digest.render.locales import number
from digest.render.slots import default
from digest.render.theme import CONTROL, Theme
from digest.text.catalogues import translations

if TYPE_CHECKING:
    from jinja2 import Environment
    from jinja2.exceptions import TemplateSyntaxError
    from jinja2.nodes import Node

_TEMPLATE_PIECE = re.compile(
    r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<!--(?:.*?-->)?|</?(?:[A-Za-z][A-Za-z0-9:-]*)?", re.DOTALL
)

# Text without a character that no page may hold, places left aside.
_SOUND = re.compile(f"(?:[^{CONTROL.pattern[1:]}++|{OPEN}[^{CLOSE}]*+{CLOSE})*+")

# What jinja2 3.1 calls the code of a whole template: as generated, and in a traceback it rewrote.
_WHOLE = ("root", "top-level template code")


def run_template(theme: Theme, name: str, values: Mapping[str, object], *, language: str) -> str:
    """The text that the theme's template `name` makes of `values`.

    Raises TemplateError with file, line and column.
    """
    from jinja2 import TemplateSyntaxError

    env = environment(theme, language)
    try:
        text = env.get_template(name).render(values)
    except TemplateSyntaxError as error:
        raise _syntax_error(theme, env, error) from None
    except SyntaxError as error:
        raise _stray_loop_control(theme, env, error) from None
    except RecursionError as error:
        raise _endless(theme, name, error) from None
    except Exception as error:
        # Whatever a template's expression raises is the template's mistake.
        raise _runtime_error(theme, name, error, values, language) from None
    if _SOUND.fullmatch(text):
        return text
    if stray := CONTROL.search(re.sub(f"{OPEN}[^{CLOSE}]*{CLOSE}", "", text)):
        # The theme's files hold none, and all data is clean: an expression such as "\\0" made it.
        code = f"U+{ord(stray[0]):04X}"
        before = re.findall(f"{OPEN}([^{CLOSE}]*){CLOSE}", text[: text.index(stray[0])])
        file, line, _ = before[-1].rsplit(":", 2) if before else ("", "", "")
        behind = f" (behind the tag of {file}, line {line})" if file else ""
        raise TemplateError(
            f"{theme.where(name)}: an expression writes the character {code}{behind}, which can "
            "stand in no page.",
            hint="Look for the {{ … }} that makes it.",
        )
    return text


@lru_cache(maxsize=16)
def environment(theme: Theme, language: str) -> Environment:
    """The jinja2 environment of a theme; a reader's own theme gets a sandbox."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined
    from jinja2.ext import Extension
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Places(Extension):
        """Marks the tags of MJML templates, and the lines of CSS, with their place."""

        def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
            del filename
            mark = next((m for end, m in _MARKED if (name or "").endswith(end)), None)
            return mark(source, theme.where(name or "")) if mark else source

    files = dict(theme.files)

    def load(name: str) -> tuple[str, str, Callable[[], bool]] | None:
        source = files.get(name)
        return None if source is None else (source, theme.where(name), lambda: True)

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
    own = {"default": default, "d": default, "number": partial(number, language=language)}
    env.filters.update({**plain.FILTERS, **own})
    return env


def mark_places(source: str, where: str) -> str:
    """`source` with the place of each tag behind the tag's name: `<mj-text⟨where:line:column⟩`.

    Behind `<!--` in a comment, behind the bare `<` or `</` where no name follows.
    """
    marked: list[str] = []
    end, line, line_start = 0, 1, 0
    for hit in _TEMPLATE_PIECE.finditer(source):
        newlines = source.count("\n", end, hit.start())
        if newlines:
            line += newlines
            line_start = source.rindex("\n", end, hit.start()) + 1
        marked.append(source[end : hit.start()])
        if hit[0][0] == "<":
            head = "<!--" if hit[0].startswith("<!--") else hit[0]
            place = f"{OPEN}{where}:{line}:{hit.start() - line_start + 1}{CLOSE}"
            marked += [head, place, hit[0][len(head) :]]
        else:
            marked.append(hit[0])
        inside = hit[0].count("\n")
        if inside:
            line += inside
            line_start = hit.start() + hit[0].rindex("\n") + 1
        end = hit.end()
    marked.append(source[end:])
    return "".join(marked)


_MARKED: tuple[tuple[str, Callable[[str, str], str]], ...] = (
    (".mjml.j2", mark_places),
    (".css.j2", mark_lines),
)
"""The kinds of template that carry places."""


def _syntax_error(theme: Theme, env: Environment, error: TemplateSyntaxError) -> TemplateError:
    name = error.name or ""
    message = _sentence(error.message or "it does not read as a template")
    if name not in dict(theme.files):
        return TemplateError(f"{theme.shown}: {message}.")
    quoted = re.findall(r"'([^']+)'", message)
    column = _column(theme, name, error.lineno, [*reversed(quoted), "{%", "{{"])
    hint = "Blocks are {% … %}, values {{ … }}, comments {# … #}."
    hint = _unknown_filter(env, message) or hint
    return TemplateError(
        f"{theme.where(name)}, line {error.lineno}, column {column}: {message}.", hint=hint
    )


def _runtime_error(
    theme: Theme, name: str, error: Exception, values: Mapping[str, object], language: str
) -> TemplateError:
    from jinja2 import TemplateNotFound
    from jinja2.exceptions import SecurityError, UndefinedError

    file, line = (_places(theme, error) or [(name, 1)])[-1]
    message, hint = _sentence(str(error) or type(error).__name__), ""
    words = re.findall(r"'([^' ]+)'", message)
    if isinstance(error, TemplateNotFound):
        words = [error.name or ""]
        message = f"there is no template “{error.name}” in {theme.shown}"
        hint = _near(words[0], [known for known, _ in theme.files])
    elif isinstance(error, SecurityError):
        if words:
            message = f"the sandbox, in which a theme of your own runs, refuses “{words[0]}”"
        hint = "A template reads what issue and theme hold, and nothing beyond."
    elif isinstance(error, UndefinedError) and words and not re.fullmatch("__.*__", words[-1]):
        hint = (
            "A template sees it if it is imported “with context”."
            if words[-1] in values
            else _meant(words[-1], values)
        )
    elif told := _unknown_filter(environment(theme, language), message):
        hint = told  # inside an {% if %} jinja2 asks for a filter when it comes to use it
    elif isinstance(error, MemoryError):
        message = "it asks for more memory than there is"
    column = _column(theme, file, line, [*reversed(words), "{{", "{%"])
    return TemplateError(
        f"{theme.where(file)}, line {line}, column {column}: {message}.", hint=hint
    )


def _stray_loop_control(theme: Theme, env: Environment, error: SyntaxError) -> TemplateError:
    """A break or continue outside a loop: jinja2 3.1 leaves it to Python to refuse what it made.

    Python tells the line of the generated code, so the template is read once more for its own.
    """
    name = (error.filename or "").rpartition("/")[2]
    source = dict(theme.files).get(name, "")
    tag, line = next(_loop_controls(env.parse(source, name), inside=False), ("", 0))
    if not tag:
        return TemplateError(f"{theme.where(name)} cannot be run: {_sentence(error.msg)}.")
    column = _column(theme, name, line, [tag, "{%"])
    return TemplateError(
        f"{theme.where(name)}, line {line}, column {column}: {{% {tag} %}} stands outside a loop.",
        hint="It belongs between {% for … %} and {% endfor %}.",
    )


def _loop_controls(node: Node, *, inside: bool) -> Iterator[tuple[str, int]]:
    """Each break and continue that no loop holds, with its line."""
    from jinja2 import nodes

    if isinstance(node, nodes.Break | nodes.Continue) and not inside:
        yield type(node).__name__.lower(), node.lineno
    if isinstance(node, nodes.For):
        for child in node.body:
            yield from _loop_controls(child, inside=True)
        for child in node.else_:
            yield from _loop_controls(child, inside=inside)
        return
    # Macros and blocks become functions of their own, which a loop around them does not reach.
    inside = inside and not isinstance(node, nodes.Macro | nodes.CallBlock | nodes.Block)
    for child in node.iter_child_nodes():
        yield from _loop_controls(child, inside=inside)


def _endless(theme: Theme, name: str, error: RecursionError) -> TemplateError:
    """What calls itself: a template that includes or extends itself, else a macro."""
    wholes = _places(theme, error, whole=True)
    files = [file for file, _ in wholes]
    again = next((file for file in files if files.count(file) > 2), None)
    if again is not None:
        at = files.index(again)
        line = wholes[at][1]
        through = files[at + 1 : files.index(again, at + 1)]
        column = _column(theme, again, line, ["include", "extends", "import", "{%"])
        message = "includes itself" + (f" through {', '.join(through)}" if through else "")
        hint = "Take the {% include %}, {% import %} or {% extends %} out of one of them."
        return TemplateError(
            f"{theme.where(again)}, line {line}, column {column}: {again} {message}.",
            hint=hint if through else "Take that line out.",
        )
    places = _places(theme, error)
    if len(places) < 100:
        where = "".join(f", line {line}" for _, line in places[-1:])
        file = places[-1][0] if places else name
        return TemplateError(
            f"{theme.where(file)}{where}: an expression or a block is nested too deeply.",
            hint="Split it up with {% set %}.",
        )
    file, line = places[-1]
    column = _column(theme, file, line, ["{{", "{%"])
    return TemplateError(
        f"{theme.where(file)}, line {line}, column {column}: a macro calls itself without end.",
        hint="Give it an {% if %} at which it stops.",
    )


def _places(theme: Theme, error: Exception, *, whole: bool = False) -> list[tuple[str, int]]:
    """The template files and lines that the error came through, the innermost last.

    `whole` leaves macros and blocks out: only where one template ran another one is given.
    """
    known = {theme.where(name): name for name, _ in theme.files}
    places = []
    step = error.__traceback__
    while step is not None:
        code = step.tb_frame.f_code
        if code.co_filename in known and (not whole or code.co_name in _WHOLE):
            places.append((known[code.co_filename], step.tb_lineno))
        step = step.tb_next
    return places


def _unknown_filter(env: Environment, message: str) -> str:
    """A hint where `message` says that a filter or a test is not known, else nothing."""
    unknown = re.match(r"no (filter|test) named '(\w+)'", message)
    if unknown is None:
        return ""
    known = env.filters if unknown[1] == "filter" else env.tests
    return _near(unknown[2], sorted(known)) or f"Known are the {unknown[1]}s of jinja2."


def _meant(word: str, values: Mapping[str, object]) -> str:
    """A hint for a name that is nothing: where it stands if it is a field, else the nearest."""
    for top, value in values.items():
        if not word.startswith("_") and word in dir(type(value)):
            return f"Did you mean {top}.{word}?"
    return _near(word, _known_words(values))


def _near(word: str, known: list[str]) -> str:
    """A hint at the known word that is most like `word`, if one is."""
    close = difflib.get_close_matches(word, known, n=1)
    return f"Did you mean {close[0]}?" if close else ""


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
    from digest.render import views

    words = list(values)
    for kind in vars(views).values():
        if isinstance(kind, type) and kind.__module__ == views.__name__:
            words += [word for word in dir(kind) if not word.startswith("_")]
    return words


def _sentence(message: str) -> str:
    """An exception's words, fit to stand inside a sentence of our own."""
    plainer = re.sub(r"'digest\.\w+(?:\.\w+)*\.(\w+?)(?:View)? object'", r"the \1", message)
    plainer = " ".join(plainer.split()).rstrip(".")
    return plainer[:1].lower() + plainer[1:]
