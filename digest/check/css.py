"""CSS as plain values: read so that no style, however broken, makes it raise or wait.

tinycss2 reads it by the standard's own rules of recovery: a broken declaration is dropped alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

LONGEST = 32_768
"""Characters of one style that are read: twice as many as Gmail heeds in all."""
DEEPEST = 12
"""Brackets within brackets; what is deeper is dropped."""
_DIGITS = re.compile(r"\d{300,}")
_NUMBERS = frozenset({"number", "percentage", "dimension"})


@dataclass(frozen=True, slots=True)
class Declaration:
    """One `name: value`, in lower case.

    `text` is the value as written; `words` its keywords, `functions` the names of its functions,
    `units` those of its lengths ("%" too), `numbers` whatever it counts.
    """

    name: str
    text: str
    important: bool
    words: frozenset[str]
    functions: frozenset[str]
    units: frozenset[str]
    numbers: tuple[float, ...]


class Rule(NamedTuple):
    """Selectors with their declarations, under the conditions of at-rules ("@media print")."""

    selectors: str
    declarations: tuple[Declaration, ...]
    conditions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A style: its rules, its at-rules ("@media print"), and whether rules are nested in rules."""

    rules: tuple[Rule, ...] = ()
    at_rules: tuple[str, ...] = ()
    nested: bool = False


@lru_cache(maxsize=4096)
def declarations(style: str) -> tuple[Declaration, ...]:
    """What a style attribute declares."""
    import tinycss2

    return tuple(_declared(tinycss2.parse_blocks_contents(_bounded(style))))


@lru_cache(maxsize=64)
def sheet(style: str) -> Sheet:
    """What a `<style>` holds."""
    import tinycss2

    rules: list[Rule] = []
    at_rules: list[str] = []
    nested = False
    nodes = tinycss2.parse_stylesheet(_bounded(style), skip_comments=True, skip_whitespace=True)
    opened: list[tuple[Iterator[Any], tuple[str, ...]]] = [(iter(nodes), ())]
    while opened:
        inside, conditions = opened[-1]
        node = next(inside, None)
        if node is None:
            opened.pop()
        elif node.type == "at-rule":
            name = f"@{node.lower_at_keyword} {written(node.prelude)}".strip()
            at_rules.append(name)
            if node.content is not None and len(opened) < DEEPEST:
                below = tinycss2.parse_rule_list(node.content, True, True)
                opened.append((iter(below), (*conditions, name)))
        elif node.type == "qualified-rule":
            contents = tinycss2.parse_blocks_contents(node.content)
            nested = nested or any(inner.type == "qualified-rule" for inner in contents)
            selectors = written(node.prelude)
            if selectors:
                rules.append(Rule(selectors, tuple(_declared(contents)), conditions))
    return Sheet(tuple(rules), tuple(at_rules), nested)


def _bounded(style: str) -> str:
    # tinycss2 1.5 raises for integers that Python takes for too long to read.
    return _DIGITS.sub("9", style[:LONGEST])


def written(nodes: Iterable[Any]) -> str:
    """Component values as text without comments; "" where they are nested too deep."""
    import tinycss2

    kept = [node for node in nodes if node.type != "comment"]
    if any(depth >= DEEPEST for _, depth in _parts(kept)):
        return ""
    text: str = tinycss2.serialize(kept)
    return " ".join(text.split())


def _declared(nodes: Iterable[Any]) -> Iterator[Declaration]:
    for node in nodes:
        if node.type != "declaration":
            continue
        parts = list(_parts(node.value))
        if any(depth >= DEEPEST for _, depth in parts):
            continue
        values = [part for part, _ in parts]
        functions = {part.lower_name for part in values if part.type == "function"}
        if any(part.type == "url" for part in values):
            functions.add("url")
        units = {part.lower_unit for part in values if part.type == "dimension"}
        if any(part.type == "percentage" for part in values):
            units.add("%")
        yield Declaration(
            name=node.lower_name,
            text=written(node.value),
            important=node.important,
            words=frozenset(part.lower_value for part in values if part.type == "ident"),
            functions=frozenset(functions),
            units=frozenset(units),
            numbers=tuple(float(part.value) for part in values if part.type in _NUMBERS),
        )


def _parts(nodes: Iterable[Any]) -> Iterator[tuple[Any, int]]:
    """Every value with its depth, without recursion."""
    stack = [iter(nodes)]
    while stack:
        node = next(stack[-1], None)
        if node is None:
            stack.pop()
            continue
        yield node, len(stack)
        inside = node.arguments if node.type == "function" else None
        if node.type.endswith("] block") or node.type in {"() block", "{} block"}:
            inside = node.content
        if inside and len(stack) <= DEEPEST:
            stack.append(iter(inside))
