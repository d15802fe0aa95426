"""The words of a text as the search knows them: the script `search.js` cuts a query the same way.

Accents and case are folded; a run of a script without spaces is cut into pairs of characters.
"""

from __future__ import annotations

import re
import unicodedata

_UNSPACED = (
    "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"  # kana and Han
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\U00020000-\U0003ffff"  # Thai, Lao, Myanmar, Khmer, Han
)
_RUNS = re.compile(f"[{_UNSPACED}]+|[^{_UNSPACED}]+")
_FIRST_UNSPACED = re.compile(f"[{_UNSPACED}]")
LONGEST = 40
"""Characters of a word that are kept."""


class _Letters(dict[int, str | None]):
    """What becomes of a character: a letter or digit stays, a mark goes, all else parts words."""

    def __missing__(self, code: int) -> str | None:
        kind = unicodedata.category(chr(code))
        letter = kind[0] in "LN" or kind == "Mc"
        kept = chr(code) if letter else None if kind == "Mn" else " "
        self[code] = kept
        return kept


_LETTERS = _Letters()
_LETTERS[ord("ς")] = "σ"


def words(text: str) -> list[str]:
    """The words of `text`, folded, in their order."""
    folded = text if text.isascii() else unicodedata.normalize("NFKD", text)
    found: list[str] = []
    for word in folded.lower().translate(_LETTERS).split():
        if word.isascii():
            found.append(word[:LONGEST])
            continue
        for run in _RUNS.findall(word):
            if _FIRST_UNSPACED.match(run):
                found += [run[at : at + 2] for at in range(len(run))]
            else:
                found.append(run[:LONGEST])
    return found
