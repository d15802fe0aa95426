"""What a person asks for: the words of a search, read so that no text is an error.

::

    ferry batteries    stories that have both words, in any of their forms
    "night market"     these words in a row
    -harbor            stories without this word
    batter*            words that begin so
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from digest.archive.search.tokens import Piece, fold, pieces

MAX_CHARS, MAX_ASKS = 500, 32
"""Characters and words of a question that are read; nobody types more, and each costs time."""

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
_CHUNK = re.compile(r'(-?)(?:"([^"]*)"?|([^\s"]+))')


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A search: its words, and what the stories are to be. Empty fields ask for nothing.

    `source` and `section` are names or parts of them, whatever their case and accents; `tier` is
    `lead` or `teaser`; `since` and `until` are dates of issues, both included.
    """

    words: str = ""
    source: str = ""
    section: str = ""
    tier: str = ""
    language: str = ""
    issue: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def anything(self) -> bool:
        """Whether it asks for anything at all."""
        return self != Asked()


@dataclass(frozen=True, slots=True)
class Ask:
    """Pieces of text that stand in a row; `open_` where the last of them is only a beginning.

    `shown` is what was typed.
    """

    row: tuple[Piece, ...]
    open_: bool = False
    without: bool = False
    shown: str = field(default="", compare=False)

    @property
    def word(self) -> str:
        """The word, folded, where it is a single one; else nothing."""
        only = len(self.row) == 1 and self.row[0].kind == "word"
        return fold(self.row[0].written) if only else ""


def read_asks(text: str) -> tuple[Ask, ...]:
    """What `text` asks for; what holds neither letter nor digit asks for nothing."""
    found: list[Ask] = []
    for chunk in _CHUNK.finditer(text[:MAX_CHARS].translate(_QUOTES)):
        minus, quoted, plain = chunk.groups()
        words = quoted if plain is None else plain
        begins = plain is not None and len(plain) > 1 and plain.endswith("*")
        found += [Ask(row, open_, bool(minus), words) for row, open_ in _rows(words, begins=begins)]
    return tuple(dict.fromkeys(found))[:MAX_ASKS]


def _rows(words: str, *, begins: bool) -> Iterable[tuple[tuple[Piece, ...], bool]]:
    """Rows of pieces that stand side by side in the index too.

    Behind a run of characters the index has the last of them once more, so a row ends there; a
    character that stands alone is the beginning of a pair.
    """
    row: list[Piece] = []
    for piece in pieces(words):
        if piece.kind == "last":
            if not row or row[-1].kind != "pair" or row[-1].end != piece.end:
                yield (*row, piece), True
            else:
                yield tuple(row), False
            row = []
            continue
        row.append(piece)
    if row:
        yield tuple(row), begins
