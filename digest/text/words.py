"""Words of a text, without any download: numbers, `U.S.`, `COVID-19`, hyphens and apostrophes kept.

Stop words and stemmers are sumy's (18 and about as many languages), loaded on first use.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache, lru_cache

from digest.text.language import base

# Letters and digits, with the vowel signs and marks that `\w` leaves out, and the scripts that put
# no space between words apart: those are cut into overlapping pairs, which serve as well as words
# where texts are compared.
MARKS = (
    "\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u0610-\u061a\u064b-\u065f\u0670"
    "\u0900-\u0963\u0970-\u0dff\u0f71-\u0fbc\u200c\u200d"
)
RUNS = (
    "\u3041-\u3096\u309d\u309e\u30a1-\u30fa\u30fc-\u30fe\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\uff66-\uff9d\U00020000-\U0003134f\u3005"
)
SYLLABLES = "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ece\u1000-\u109f\u1780-\u17d3"
_LETTER = rf"(?:(?![{RUNS}{SYLLABLES}])[^\W_]|[{MARKS}])"
_WORD = re.compile(
    rf"[{RUNS}]+"
    rf"|[{SYLLABLES}]+"
    r"|(?:[A-Za-z]\.){2,}"
    r"|\d+(?:[.,:/]\d+)+%?|\d+%"
    rf"|{_LETTER}+(?:['’ʼ&‐‑-]{_LETTER}+)*"
)
_PLAIN = re.compile(
    r"(?:[A-Za-z]\.){2,}|\d+(?:[.,:/]\d+)+%?|\d+%|[A-Za-z0-9]+(?:['&-][A-Za-z0-9]+)*"
)
_IS_RUN = re.compile(f"[{RUNS}]")
_IS_SYLLABLES = re.compile(f"[{SYLLABLES}]")

_SHORT = 1000
"""Characters of a text whose words are remembered: what weighs a sentence asks for them often."""

_KNOWN = 50_000
"""Stems that are remembered of each language."""

# sumy's names of languages. Its own look-up of tags goes through pycountry's names, which for
# Greek and Norwegian are not the names of its files (sumy 0.13.0).
_NAMES = {
    "ar": "arabic", "zh": "chinese", "cs": "czech", "en": "english", "fr": "french",
    "de": "german", "el": "greek", "he": "hebrew", "iw": "hebrew", "it": "italian",
    "ja": "japanese", "ko": "korean", "pl": "polish", "pt": "portuguese", "sk": "slovak",
    "es": "spanish", "sv": "swedish", "th": "thai", "uk": "ukrainian", "da": "danish",
    "nl": "dutch", "fi": "finnish", "hu": "hungarian", "nb": "norwegian", "nn": "norwegian",
    "no": "norwegian", "ro": "romanian", "ru": "russian",
}  # fmt: skip


def words(text: str, language: str = "") -> tuple[str, ...]:
    """The words of `text` in order, as written.

    Chinese and Japanese come as overlapping pairs of characters, Thai and its like as triples.
    `language` is accepted for scripts that would need it; today the characters say enough.
    """
    del language
    return _cut(text) if len(text) <= _SHORT else _cut.__wrapped__(text)


@lru_cache(maxsize=1024)
def _cut(text: str) -> tuple[str, ...]:
    if text.isascii():
        return tuple(_PLAIN.findall(text))
    found: list[str] = []
    for word in _WORD.findall(text):
        if _IS_RUN.match(word):
            found.extend(_slices(word, 2))
        elif _IS_SYLLABLES.match(word):
            found.extend(_slices(word, 3))
        else:
            found.append(word)
    return tuple(found)


def content_words(text: str, language: str = "") -> tuple[str, ...]:
    """The words of `text` in lower case, without the stop words of its language."""
    stop = stop_words(language)
    lowered = (word.lower().replace("’", "'") for word in words(text, language))
    return tuple(word for word in lowered if word not in stop)


def stop_words(language: str) -> frozenset[str]:
    """The stop words that sumy has for a language, in lower case; none where it has none."""
    return _stop_words(_name(language))


def stem(word: str, language: str) -> str:
    """The stem of a word in lower case, by sumy's stemmer; the word where there is none.

    sumy's Greek one needs a package that digest does not depend on, so Greek words stay whole.
    """
    return _stems(_name(language))[word.lower()]


def stems(lowered: Iterable[str], language: str) -> list[str]:
    """The stem of each of many words that are in lower case already."""
    return list(map(_stems(_name(language)).__getitem__, lowered))


def stemmed(written: Iterable[str], language: str) -> tuple[list[str], list[str]]:
    """Words in lower case, and their stems."""
    lowered = list(map(str.lower, written))
    return lowered, stems(lowered, language)


class _Stems(dict[str, str]):
    """The stems of the words of one language: each is made once, which takes 100 look-ups.

    A plain dictionary is twice as fast as `lru_cache`; one that is full starts anew.
    """

    def __init__(self, stemmer: Callable[[str], str]) -> None:
        super().__init__()
        self._stemmer = stemmer

    def __missing__(self, word: str) -> str:
        if len(self) >= _KNOWN:
            self.clear()
        self[word] = found = self._stemmer(word)
        return found


@lru_cache(maxsize=256)
def _name(language: str) -> str:
    """The name that sumy gives a language, "" where it has none."""
    return _NAMES.get(base(language), "")


@cache
def _stop_words(name: str) -> frozenset[str]:
    if not name:
        return frozenset()
    from sumy.utils import get_stop_words

    try:
        return frozenset(word.lower().replace("’", "'") for word in get_stop_words(name))
    except LookupError:
        return frozenset()


@cache
def _stems(name: str) -> _Stems:
    return _Stems(_stemmer(name) or str)


@cache
def _stemmer(name: str) -> Callable[[str], str] | None:
    if name in {"", "greek"}:
        return None
    from sumy.nlp.stemmers import Stemmer

    if name == "arabic":
        # nltk 3.10.4: the Arabic stemmer keeps flags of the word before, so that a stem depends
        # on what was stemmed earlier. A new one each time is fast enough behind the cache.
        return lambda word: str(Stemmer(name)(word))
    try:
        made: Callable[[str], str] = Stemmer(name)
    except LookupError:
        return None
    if name == "polish":
        # sumy 0.13.0: this one fails on words of one or two letters that end like a suffix.
        return lambda word: _steady(made, word)
    if name in {"czech", "slovak"}:
        # sumy 0.13.0: these warn of "mixed case" at a word without any letter (`2025`), and leave
        # it as it is.
        return lambda word: made(word) if word.islower() else word
    return made


def _steady(stemmer: Callable[[str], str], word: str) -> str:
    try:
        return stemmer(word)
    except (ValueError, IndexError):
        return word


def _slices(run: str, size: int) -> list[str]:
    if len(run) <= size:
        return [run]
    return [run[at : at + size] for at in range(len(run) - size + 1)]
