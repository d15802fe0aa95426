"""Reading and writing the models as JSON, with errors that say where.

pydantic's `TypeAdapter` validates the dataclasses of `digest.models` themselves; there is no
second model. Written JSON keeps the order of the fields, so equal values give equal bytes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from digest.errors import DocumentError

T = TypeVar("T")


_adapter: Callable[[Any], TypeAdapter[Any]] = cache(TypeAdapter)


def to_json(value: object, *, indent: int | None = None) -> str:
    """`value` as JSON text, non-ASCII letters as they are; one line unless `indent` is given."""
    plain = _adapter(type(value)).dump_python(value, mode="json")
    return json.dumps(plain, ensure_ascii=False, indent=indent)


def from_json(kind: type[T], text: str | bytes, *, where: str, line: int = 0) -> T:
    """`text` read as `kind`.

    Raises DocumentError that names `where`, the line, the key and what was expected there.
    """
    place = f"{where}, line {line}" if line else where
    try:
        return cast("T", _adapter(kind).validate_json(text))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(str(step) for step in first["loc"]) or "the document"
        raise DocumentError(
            f"{place}: {key}: {first['msg']}.",
            hint=_hint(kind),
        ) from None


def from_plain(
    kind: type[T], value: object, *, where: str, line_of: Callable[[tuple[str | int, ...]], int]
) -> T:
    """`value`, as a TOML file gives it, read as `kind`; nothing is bent to fit, no date to a text.

    Raises DocumentError that names `where`, the line that `line_of` finds for the key, and what
    was expected there.
    """
    try:
        raw = json.dumps(value, default=lambda other: [str(other)])
        return cast("T", _adapter(kind).validate_json(raw, strict=True))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(str(step) for step in first["loc"]) or "the document"
        line = line_of(first["loc"])
        place = f"{where}, line {line}" if line else where
        expected = _IN_TOML.get(first["type"], first["msg"]).format(**first.get("ctx", {}))
        raise DocumentError(
            f"{place}: {key}: {expected}.", hint="Mend that line; the rest of the file is kept."
        ) from None


_IN_TOML = {
    "bool_type": "expected true or false, without quotation marks",
    "dataclass_type": "expected a table",
    "dict_type": "expected a table",
    "int_type": "expected an integer such as 1, without quotation marks",
    "literal_error": "expected {expected}",
    "missing": "it is required",
    "string_type": "expected a string between quotation marks",
    "tuple_type": "expected tables, each under a line such as [[add]]",
}
"""What pydantic's errors say to a person who writes TOML, by their type."""


def _hint(kind: type[Any]) -> str:
    name = kind.__name__.lower()
    public = name in {"entry", "issue"}
    return f"`digest schema {name}` prints what is expected." if public else ""


def from_rows(
    kind: type[T], lines: Iterable[str], *, where: str
) -> Iterator[tuple[int, T | DocumentError]]:
    """Each non-empty line as (line number, value or the error it gave); the others go on."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield number, from_json(kind, line, where=where, line=number)
        except DocumentError as error:
            yield number, error


def schema(kind: type[Any]) -> dict[str, Any]:
    """The JSON Schema of a model."""
    return _adapter(kind).json_schema()
