"""Slips in a theme's CSS, told by file, line and column: a browser passes over them in silence.

Each line of a `.css.j2` template carries its place until the CSS is checked (`mark_lines`), so that
what is wrong is named there and not in a line of generated text.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from digest.errors import TemplateError
from digest.render.css_names import AT_RULES, LENGTHS, PROPERTIES, UNITS

if TYPE_CHECKING:
    from collections.abc import Sequence

OPEN, CLOSE = "\ufdd0", "\ufdd1"
"""Around a place in marked text. Noncharacters: `clean` takes them out of all data."""

PLACE = re.compile(f"{OPEN}([^{CLOSE}]*){CLOSE}")

_JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_BLOCK = re.compile(r"[ \t]*\{[%#]")
_BRACES = re.compile(
    r"""/\*.*?(?:\*/|\Z)|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[{}]""", re.DOTALL
)
_STYLE = re.compile(r"<style\b[^>]*>(.*?)</style>", re.DOTALL | re.IGNORECASE)
_NESTING = frozenset({"media", "supports", "layer", "container", "scope", "starting-style"})
_HASH = re.compile(r"(?:[0-9a-fA-F]{3,4}){1,2}")
_MAY_BE_UNKNOWN = ("-", "mso-", "_")
"""Prefixes of clients, and the underscore by which old ones alone read a declaration."""
DEEPEST = 60
"""Blocks within blocks: a style that goes deeper is a slip, and would end in a RecursionError."""
_LONG_NUMBER = re.compile(r"\d{300,}")
"""tinycss2 1.5 raises ValueError for an integer that Python takes for too long to read."""
_STEPS = re.compile(r"(?:-[a-z]+-)?keyframes")


class Slip(NamedTuple):
    """A mistake at a line and column of a style, both from 1."""

    line: int
    column: int
    what: str
    hint: str = ""


def mark_lines(source: str, where: str) -> str:
    """`source` with its place before each line that no expression or block of jinja2 begins."""
    inside = [hit.span() for hit in _JINJA.finditer(source)]
    marked: list[str] = []
    at, span = 0, 0
    for number, line in enumerate(source.split("\n"), start=1):
        while span < len(inside) and inside[span][1] <= at:
            span += 1
        hidden = span < len(inside) and inside[span][0] < at
        bare = not line.strip() or hidden or _BLOCK.match(line)
        marked.append(line if bare else f"{OPEN}{where}:{number}:1{CLOSE}{line}")
        at += len(line) + 1
    return "\n".join(marked)


def without_places(text: str) -> str:
    """`text` without the places that it carries."""
    return PLACE.sub("", text) if OPEN in text else text


def check_page(marked: str, *, where: str) -> str:
    """A web page without places, its styles checked. Raises TemplateError as `check_styles`."""
    for style in _STYLE.finditer(marked):
        check_styles(style[1], f"{where}:1:1")
    return without_places(marked)


@lru_cache(maxsize=64)
def check_styles(marked: str, place: str) -> None:
    """Raise TemplateError for the first slip in a style sheet.

    `place` (`file:line:column`) is where it begins; its lines may carry places of their own.
    """
    text, places = _placed(marked, place)
    slip = next(_sheet(text), None)
    if slip:
        file, line, column = places[min(slip.line, len(places)) - 1]
        raise _told(f"{file}, line {line}, column {column + slip.column - 1}", slip)


@lru_cache(maxsize=512)
def check_declarations(style: str, place: str) -> None:
    """Raise TemplateError for the first slip in a style attribute of the tag at `place`."""
    import tinycss2

    slip = next(_shape(style), None) or next(
        _declarations(tinycss2.parse_blocks_contents(style)), None
    )
    if slip:
        file, line, column = place.rsplit(":", 2) if place else ("issue.mjml.j2", "1", "1")
        raise _told(f"{file}, line {line}, column {column}", slip)


def _told(place: str, slip: Slip) -> TemplateError:
    return TemplateError(f"{place}: {slip.what}.", hint=slip.hint)


def _placed(marked: str, place: str) -> tuple[str, list[tuple[str, int, int]]]:
    """The text, and file, line and column of the beginning of each of its lines."""
    file, line, column = place.rsplit(":", 2) if place else ("issue.mjml.j2", "1", "1")
    at = (file, int(line) - 1, int(column))
    places: list[tuple[str, int, int]] = []
    lines: list[str] = []
    for written in marked.split("\n"):
        at = (at[0], at[1] + 1, at[2] if not places else 1)
        if hit := PLACE.match(written.lstrip(" ")):
            file, line, column = hit[1].rsplit(":", 2)
            at = (file, int(line), int(column))
        places.append(at)
        lines.append(PLACE.sub("", written))
    return "\n".join(lines), places


def _sheet(text: str) -> Iterator[Slip]:
    import tinycss2

    yield from _shape(text)
    yield from _rules(tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True))


def _shape(text: str) -> Iterator[Slip]:
    """What a parser would fail on, and an open block, which it closes at the end without a word."""
    if number := _LONG_NUMBER.search(text):
        yield Slip(*_position(text, number.start()), "a number has too many digits")
    opened: list[int] = []
    for hit in _BRACES.finditer(text):
        if hit[0] == "{":
            opened.append(hit.start())
            if len(opened) > DEEPEST:
                told = f"blocks are nested more than {DEEPEST} deep"
                yield Slip(*_position(text, hit.start()), told)
                return
        elif hit[0] == "}":
            if not opened:
                yield Slip(*_position(text, hit.start()), "this } closes nothing")
                return
            opened.pop()
        elif hit[0].startswith("/*") and not hit[0].endswith("*/"):
            yield Slip(*_position(text, hit.start()), "a comment is never closed: it ends in */")
    if opened:
        yield Slip(*_position(text, opened[-1]), "this { is never closed")


def _position(text: str, at: int) -> tuple[int, int]:
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def _rules(nodes: Iterable[Any]) -> Iterator[Slip]:
    import tinycss2

    for node in nodes:
        if node.type == "error":
            yield _error(node)
        elif node.type == "at-rule":
            name = node.lower_at_keyword
            if not name.startswith("-") and name not in AT_RULES:
                yield _unknown(node, f"CSS has no rule @{name}", name, AT_RULES, "@")
            elif node.content is not None and name in _NESTING:
                inner = tinycss2.parse_rule_list(
                    node.content, skip_comments=True, skip_whitespace=True
                )
                yield from _rules(inner)
            elif node.content is not None and _STEPS.fullmatch(name):
                yield from _rules(
                    tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
                )
        else:
            yield from _block(node)


def _declarations(nodes: Iterable[Any]) -> Iterator[Slip]:
    import tinycss2

    for node in nodes:
        if node.type == "error":
            yield _error(node)
        elif node.type == "declaration":
            yield from _declaration(node)
        elif node.type == "qualified-rule":
            yield from _block(node)
        elif (
            node.type == "at-rule"
            and node.content is not None
            and node.lower_at_keyword in _NESTING
        ):
            yield from _declarations(tinycss2.parse_blocks_contents(node.content))


def _declaration(node: Any) -> Iterator[Slip]:
    name = node.lower_name
    if not name.startswith(_MAY_BE_UNKNOWN) and name not in PROPERTIES:
        yield _unknown(node, f"CSS has no property “{name}”", name, PROPERTIES)
        return
    if name.startswith("--"):
        return
    value = [token for token in node.value if token.type not in {"whitespace", "comment"}]
    for mark, word in pairwise([*value, None]):
        if mark == "!":
            said = f"!{getattr(word, 'value', '')}"
            at = (mark.source_line, mark.source_column)
            yield Slip(*at, f"CSS has no “{said}”", "Did you mean !important?")
    if not value:
        yield Slip(node.source_line, node.source_column, f"{name} has no value")
    yield from _broken(value)
    for before, token in zip([None, *value], value, strict=False):
        yield from _value(name, before, token)


def _value(name: str, before: Any, token: Any) -> Iterator[Slip]:
    at = (token.source_line, token.source_column)
    if token.type == "literal" and token.value == ":" and name not in {"filter", "-ms-filter"}:
        word = getattr(before, "value", "")
        yield Slip(*at, f"a semicolon is missing before {word}:")
    elif token.type == "hash" and not _HASH.fullmatch(token.value):
        yield Slip(*at, f"#{token.value} is no color: it takes 3, 4, 6 or 8 hexadecimal digits")
    # `12px\9`, which Internet Explorer alone reads, ends in a tab.
    elif token.type == "dimension" and token.lower_unit.removesuffix("\t") not in UNITS:
        what = f"CSS has no unit “{token.unit}”"
        yield _unknown(token, what, token.lower_unit, UNITS)
    elif token.type == "number" and token.value and name in LENGTHS:
        told = f"{name}: {token.representation} needs a unit"
        yield Slip(*at, told, f"Did you mean {token.representation}px?")


def _block(rule: Any) -> Iterator[Slip]:
    """Selectors, and what stands between the braces behind them.

    A comma with nothing before or behind it makes browsers drop the whole rule.
    """
    import tinycss2

    yield from _broken(rule.prelude)
    parts = [part for part in rule.prelude if part.type not in {"whitespace", "comment"}]
    if not parts:
        yield Slip(rule.source_line, rule.source_column, "a block has no selector")
    for before, part in pairwise([None, *parts, None]):
        if before == "," and (part is None or part == ","):
            yield Slip(before.source_line, before.source_column, "no selector stands behind this ,")
        elif part == "," and before is None:
            yield Slip(part.source_line, part.source_column, "no selector stands before this ,")
    yield from _declarations(tinycss2.parse_blocks_contents(rule.content))


def _broken(tokens: Sequence[Any]) -> Iterator[Slip]:
    for token in tokens:
        if token.type == "error":
            yield _error(token)


def _error(node: Any) -> Slip:
    told = {
        "bad-string": "a quote is never closed on its line",
        "bad-url": "this url( … ) is malformed",
        "}": "this } closes nothing",
        ")": "this ) closes nothing",
        "]": "this ] closes nothing",
        "eof-in-string": "a quote is never closed",
        "eof-in-url": "this url( is never closed",
    }
    message = told.get(node.kind, "")
    if not message and "{} block" in node.message:
        message = "what ends here is neither a declaration nor a rule: a colon is missing"
    message = message or f"this is no CSS: {node.message.rstrip('.').lower()}"
    return Slip(node.source_line, node.source_column, message)


def _unknown(node: Any, what: str, word: str, known: Iterable[str], sign: str = "") -> Slip:
    close = difflib.get_close_matches(word, known, n=1)
    hint = f"Did you mean {sign}{close[0]}?" if close else ""
    return Slip(node.source_line, node.source_column, what, hint)
