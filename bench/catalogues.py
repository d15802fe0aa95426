"""Renew the catalogues of `digest/locale/`: `python -m bench.catalogues [--check]`.

Messages are extracted from the templates and from the code that renders, catalogues are brought up
to date with them, and each is compiled. The files hold no dates and no line numbers, so they change
only with the words. Prints what is left to translate. With `--check` nothing is written: the exit
status is 1 where a file would change or a message is not translated.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from digest.text.catalogues import LOCALES

ROOT = Path(__file__).parents[1]
LANGUAGES = ("ar", "es", "ja")
TEMPLATE = LOCALES / "digest.pot"
_METHODS = [
    ("digest/render/**.py", "python"),
    ("digest/unsubscribe/**.py", "python"),
    ("digest/site/templates/public/**.j2", "jinja2"),
    ("templates/**.j2", "jinja2"),
]
_JINJA = {
    "extensions": "jinja2.ext.do,jinja2.ext.loopcontrols",
    "silent": "false",  # a template that does not parse is an error here
    "trimmed": "true",
    "newstyle_gettext": "true",
    "trim_blocks": "true",
    "lstrip_blocks": "true",
}
_OPTIONS = {pattern: _JINJA for pattern, method in _METHODS if method == "jinja2"}
_WHAT = "# What digest says to readers beside the words of the issue."


@dataclass(frozen=True, slots=True)
class Written:
    """The bytes that a file of `digest/locale/` has to have."""

    path: Path
    content: bytes


class _Undated(Catalog):
    """A catalogue whose header holds nothing that changes with the day or the release of Babel."""

    def __init__(self, language: str | None = None) -> None:
        super().__init__(locale=language, header_comment=_WHAT, fuzzy=False)

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        kept = ("MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Plural-Forms")
        named = [(name, value) for name, value in self._get_mime_headers() if name in kept]
        return named if self.locale is None else [("Language", str(self.locale)), *named]


def extracted() -> Catalog:
    """Every message of the templates and of the code that tells readers, in the order of files."""
    catalogue = _Undated()
    rows: Any = extract_from_dir(
        ROOT, _METHODS, _OPTIONS, comment_tags=("Translators:",), strip_comment_tags=True
    )
    for file, _, message, comments, context in sorted(rows, key=lambda row: (row[0], row[1])):
        catalogue.add(message, locations=[(file, 0)], auto_comments=comments, context=context)
    return catalogue


def read(language: str) -> Catalog:
    """The catalogue of a language as it lies on the disk, empty where there is none."""
    path = _po(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def renewed(language: str, template: Catalog) -> Catalog:
    """The catalogue of a language with the messages of `template`, and no others.

    A message whose words changed is to be translated anew: nothing is guessed.
    """
    old = read(language)
    catalogue = _Undated(language)
    for message in template:
        if message.id:
            known = old.get(message.id)
            kept = known.string if known and known.id == message.id else ""
            empty = ("",) * catalogue.num_plurals if message.pluralizable else ""
            catalogue.add(
                message.id,
                kept or empty,
                locations=message.locations,
                flags=message.flags,
                auto_comments=message.auto_comments,
            )
    return catalogue


def compiled(catalogue: Catalog) -> bytes:
    """The bytes of the `.mo` file."""
    out = BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def files() -> Iterator[Written]:
    """Every file of `digest/locale/` as it has to be."""
    template = extracted()
    yield Written(TEMPLATE, _text(template))
    for language in LANGUAGES:
        catalogue = renewed(language, template)
        yield Written(_po(language), _text(catalogue))
        yield Written(_po(language).with_suffix(".mo"), compiled(catalogue))


def faults(catalogue: Catalog) -> Iterator[str]:
    """What is wrong in a catalogue: messages without translation, doubtful, dropped, unlike."""
    for message in catalogue:
        if not message.id:
            continue
        said = message.string if isinstance(message.string, tuple | list) else (message.string,)
        shown = message.id if isinstance(message.id, str) else message.id[1]
        if not all(said) or (message.pluralizable and len(said) != catalogue.num_plurals):
            yield f"“{shown}” is not translated"
        if message.fuzzy:
            yield f"“{shown}” is marked fuzzy"
        yield from (f"“{shown}”: {error}" for error in message.check(catalogue))
    yield from (f"“{key}” is said nowhere any more" for key in catalogue.obsolete)


def main() -> int:
    """Write, or compare, and say what is left to do."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    status = 0
    for file in files():
        if file.path.exists() and file.path.read_bytes() == file.content:
            continue
        shown = file.path.relative_to(ROOT)
        if check:
            print(f"{shown} is not what the templates and the code say: run make catalogues.")
            status = 1
            continue
        file.path.parent.mkdir(parents=True, exist_ok=True)
        file.path.write_bytes(file.content)
        print(f"wrote {shown}")
    for language in LANGUAGES:
        for fault in faults(read(language)):
            print(f"{_po(language).relative_to(ROOT)}: {fault}")
            status = 1
    return status


def _po(language: str) -> Path:
    return LOCALES / language / "LC_MESSAGES" / "digest.po"


def _text(catalogue: Catalog) -> bytes:
    out = BytesIO()
    write_po(out, catalogue, width=96, include_lineno=False, sort_by_file=True)
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main())
