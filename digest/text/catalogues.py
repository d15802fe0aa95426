"""The words of the program in other languages: gettext's catalogues in `digest/locale/`.

English is the source: its words are the messages themselves, so it has no catalogue. `make
catalogues` renews the files from the templates and the code.
"""

from __future__ import annotations

import re
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

LOCALES = Path(__file__).parent.parent / "locale"
"""A folder a language, each with `LC_MESSAGES/digest.po` and the compiled `digest.mo`."""


def translations(language: str) -> NullTranslations:
    """The catalogue of a language tag: of the whole tag, else of the tag without its last parts.

    `es-MX` is answered by `es`. English, and every language without a catalogue, answers with the
    messages as they are.
    """
    parts = re.split("[-_]", language.strip().lower())
    for count in range(len(parts), 0, -1):
        found = _catalogue("_".join(parts[:count]))
        if found is not None:
            return found
    return NullTranslations()


@cache
def _catalogue(name: str) -> GNUTranslations | None:
    # A tag names a folder here: nothing but letters and digits may reach a path.
    if not re.fullmatch("[a-z0-9]+(?:_[a-z0-9]+)*", name):
        return None
    path = LOCALES / name / "LC_MESSAGES" / "digest.mo"
    try:
        with path.open("rb") as file:
            return GNUTranslations(file)
    except OSError:
        return None
