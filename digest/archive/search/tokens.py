"""Text as the index knows it: words stemmed by language, accents folded, pairs of characters.

SQLite's own tokenizers know neither stems nor scripts without spaces, and Python cannot give it
others. So text is cut here, and what the index is handed is terms between spaces, which it takes
as they are. The same cut finds the places of the terms in a text as it was written.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise
from typing import Literal, NamedTuple

from digest.text.language import base
from digest.text.words import MARKS, RUNS, SYLLABLES

Kind = Literal["word", "pair", "last"]

VERSION = 1
"""Goes up with whatever makes other terms of the same text: an older index is then made anew."""

MAX_TERM = 64
"""Characters of a term; what is longer is cut."""

_HANGUL = "\u1100-\u11ff\u3131-\u318e\ua960-\ua97f\uac00-\ud7ff"
_VOICED = "\u3099\u309a\uff9e\uff9f"  # marks of kana that stand behind their character
# Korean puts spaces, but its particles cling to the word: pairs find the noun.
_UNSPACED = f"{RUNS}{SYLLABLES}{_HANGUL}{_VOICED}"
_LETTER = rf"(?:(?![{_UNSPACED}])[^\W_]|[{MARKS}])"
_ODD = (
    r"(?P<dotted>(?<![^\W_])(?:[A-Za-z]\.){2,})"
    r"|(?P<sharp>(?<![^\W_])[A-Za-z](?:\+\+|\#)(?![^\W_]))"
    r"|(?P<number>\d+(?:[.,]\d+)+(?![^\W_]))"
)
_PIECE = re.compile(rf"(?P<run>[{_UNSPACED}]+)|{_ODD}|(?P<word>{_LETTER}+)")
_SPACED = re.compile(rf"{re.sub('[?]P<[a-z]+>', '?:', _ODD)}|(?:[^\W_]+|[{MARKS}]+)+")
"""As `_PIECE` for a text without runs, which most are: four times as fast."""
_COMPOUND = re.compile(r"[^\W_]+(?:[-\u2010\u2011][^\W_]+)+")
_HYPHEN = re.compile(r"[-\u2010\u2011]")
_IS_UNSPACED = re.compile(f"[{_UNSPACED}]")
_UNIT = re.compile(rf"[\u1100-\u115f][\u1160-\u11a7]*[\u11a8-\u11ff]*|.[{_VOICED}]*", re.DOTALL)
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+|\d{1,3}(?:\.\d{3})+")

# Marks that a reader leaves out; the vowel signs of Indic scripts are none of these.
_FOLDED = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]"
)
_ALIKE = str.maketrans(
    {
        "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th",
        "ħ": "h", "ı": "i", "ŋ": "n", "ς": "σ", "ى": "ي", "ة": "ه",
    }
)  # fmt: skip
# Of ASCII, the index takes letters, digits and the dot of a number as parts of a term.
_UNSAFE = re.compile(r"[\x00-\x2d\x2f\x3a-\x60\x7b-\x7f\s]")

_SNOWBALL = {
    "ar": "arabic", "hy": "armenian", "eu": "basque", "ca": "catalan", "cs": "czech",
    "da": "danish", "nl": "dutch", "en": "english", "eo": "esperanto", "et": "estonian",
    "fi": "finnish", "fr": "french", "de": "german", "el": "greek", "hi": "hindi",
    "hu": "hungarian", "id": "indonesian", "ga": "irish", "it": "italian", "lt": "lithuanian",
    "ne": "nepali", "nb": "norwegian", "nn": "norwegian", "no": "norwegian", "fa": "persian",
    "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian",
    "es": "spanish", "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
_KNOWN = 200_000
"""Terms that are remembered of each language."""


class Piece(NamedTuple):
    """A part of a text, `text[start:end]`: a word, a pair of characters, or the last of a run."""

    kind: Kind
    written: str
    start: int
    end: int


def pieces(text: str) -> Iterator[Piece]:
    """The parts of `text` in order; `written` of a pair is normalized, of a word as it stands."""
    for found in _PIECE.finditer(text):
        written, start = found[0], found.start()
        if found.lastgroup == "run":
            yield from _pairs(written, start)
        else:
            yield Piece("word", written, start, found.end())


def index_terms(text: str, language: str, written: set[str] | None = None) -> str:
    """The terms under which the index finds `text`, in order, those of joined compounds last.

    There are spaces between them. `written` is given what stands between the spaces of `text`,
    of which `words_of` tells the words.
    """
    # No term reaches over a space, and most of what stands between two has stood there before.
    chunks = text.split()
    known = _chunks(_SNOWBALL.get(base(language), ""))
    if written is not None:
        written.update(chunks)
    found = [known[chunk] for chunk in chunks]
    if "-" in text or "\u2010" in text or "\u2011" in text:
        terms = terms_of(language)
        found += [terms[_HYPHEN.sub("", compound)] for compound in _COMPOUND.findall(text)]
    return " ".join(found)


def words_of(chunk: str) -> list[str]:
    """The words of a text without spaces, as they stand; pairs of characters are none."""
    if chunk.isascii() or not _IS_UNSPACED.search(chunk):
        return _SPACED.findall(chunk)
    return [piece.written for piece in pieces(chunk) if piece.kind == "word"]


def terms_of(language: str) -> dict[str, str]:
    """The term of each written word in that language; `language` is a tag, or nothing."""
    return _terms(_SNOWBALL.get(base(language), ""))


def lowered(written: str) -> str:
    """A word as it stands in a text that is in lower case and normalized."""
    return written.lower() if written.isascii() else unicodedata.normalize("NFKC", written).lower()


def is_unspaced(term: str) -> bool:
    """Whether a term is characters of a script without spaces: no word ends beside it."""
    return not term.isascii() and _IS_UNSPACED.match(term) is not None


def fold(word: str) -> str:
    """`word` in lower case, accents and signs that nobody types left out; safe for the index."""
    low = word.lower()
    if not low.isascii():
        split = unicodedata.normalize("NFKD", low)
        bare = _FOLDED.sub("", split).lower().translate(_ALIKE)
        low = unicodedata.normalize("NFC", bare)
    return _UNSAFE.sub("", low)[:MAX_TERM]


@cache
def _terms(name: str) -> _Terms:
    return _Terms(_stemmer(name))


class _Terms(dict[str, str]):
    """Terms of written words, each made once; one that is full starts anew."""

    def __init__(self, stem: Callable[[str], str] | None) -> None:
        super().__init__()
        self._stem = stem
        self._one = threading.Lock()

    def __missing__(self, written: str) -> str:
        low = lowered(written)
        if "." in low or "," in low:
            term = _dotted(low)
        elif low[1:] in {"++", "#"}:
            term = f"{low[0]}{'plusplus' if low[1] == '+' else 'sharp'}"
        elif self._stem and len(low) <= MAX_TERM and low.isalpha():
            with self._one:  # a stemmer keeps the word that it works on
                term = fold(self._stem(low))
        else:
            term = fold(low)
        if len(self) >= _KNOWN:
            self.clear()
        self[written] = term
        return term


@cache
def _chunks(name: str) -> _Chunks:
    return _Chunks(_terms(name))


class _Chunks(dict[str, str]):
    """The terms of what stands between two spaces, joined, each made once; as `_Terms` is."""

    def __init__(self, known: _Terms) -> None:
        super().__init__()
        self._known = known

    def __missing__(self, chunk: str) -> str:
        if chunk.isascii() or not _IS_UNSPACED.search(chunk):
            terms = [self._known[word] for word in _SPACED.findall(chunk)]
        else:
            terms = [
                self._known[piece.written] if piece.kind == "word" else piece.written
                for piece in pieces(chunk)
            ]
        joined = " ".join(filter(None, terms))
        if len(chunk) <= MAX_TERM:  # longer ones come once
            if len(self) >= _KNOWN:
                self.clear()
            self[chunk] = joined
        return joined


def _dotted(low: str) -> str:
    """`u.s.` is `us`, `1,000` is `1000`, `3,5` is `3.5`."""
    if low[0].isalpha():
        return fold(low.replace(".", ""))
    if _THOUSANDS.fullmatch(low):
        return fold(re.sub("[.,]", "", low))
    return fold(low.replace(",", "."))


def _stemmer(name: str) -> Callable[[str], str] | None:
    if not name:
        return None
    import snowballstemmer

    made: Callable[[str], str] = snowballstemmer.stemmer(name).stemWord
    return made


def _pairs(run: str, at: int) -> Iterator[Piece]:
    """Overlapping pairs, then the last character alone, so that each begins some term."""
    units: list[tuple[str, int, int]] = []
    if unicodedata.is_normalized("NFKC", run):
        units = [(char, at + n, at + n + 1) for n, char in enumerate(run)]
    else:
        for found in _UNIT.finditer(run):
            plain = unicodedata.normalize("NFKC", found[0])
            units += [(c, at + found.start(), at + found.end()) for c in plain if not c.isspace()]
    for (one, start, _), (other, _, end) in pairwise(units):
        if pair := _UNSAFE.sub("", one + other):
            yield Piece("pair", pair, start, end)
    for one, start, end in units[-1:]:
        if single := _UNSAFE.sub("", one):
            yield Piece("last", single, start, end)
