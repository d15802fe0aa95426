"""Which language a text is in, and which way it runs.

A guess is by script first, then by function words: enough to choose stop words, rules and a
direction. It is made of counts alone, so it costs microseconds and is the same everywhere.
"""

from __future__ import annotations

import re
from typing import Literal

SAMPLE = 4000
"""Characters of a text that are looked at."""
_OPENING = 600
"""Characters of a text in which its function words are counted against a tag."""
_ENOUGH, _USUAL = 20, 8
"""Words that are enough to deny a tag; from one function word in eight on, a tag is believed."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_RTL = _set("ar arc ckb dv fa he iw ks ku-arab nqo prs ps sd syr ug ur yi")
_UNSPACED = _set("zh ja th lo km my yue wuu nan")
_UNJOINED = _set("zh ja yue wuu nan")
_RTL_SUBTAGS = _set("arab hebr thaa syrc nkoo")

# Letters of a script, and the language that a text in it is taken for where nothing says more.
_SCRIPTS: tuple[tuple[str, str], ...] = (
    ("Latn", "A-Za-z\u00aa\u00ba\u00c0-\u024f\u1e00-\u1eff"),
    ("Kana", "\u3041-\u3096\u30a1-\u30fa\u30fc\uff66-\uff9d"),
    ("Hani", "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"),
    ("Hang", "\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3"),
    ("Cyrl", "\u0400-\u052f"),
    ("Arab", "\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc"),
    ("Hebr", "\u05d0-\u05f2"),
    ("Grek", "\u0370-\u0373\u0376-\u037d\u0386\u0388-\u03ff\u1f00-\u1fff"),
    ("Thai", "\u0e01-\u0e30\u0e32\u0e33\u0e40-\u0e46"),
    ("Deva", "\u0904-\u0939\u0958-\u0961\u0972-\u097f"),
    ("Beng", "\u0985-\u09b9\u09dc-\u09e1"),
    ("Guru", "\u0a05-\u0a39\u0a59-\u0a5e"),
    ("Gujr", "\u0a85-\u0ab9"),
    ("Taml", "\u0b83-\u0bb9"),
    ("Telu", "\u0c05-\u0c39"),
    ("Knda", "\u0c85-\u0cb9"),
    ("Mlym", "\u0d05-\u0d3a"),
    ("Sinh", "\u0d85-\u0dc6"),
    ("Laoo", "\u0e81-\u0eb0\u0ec0-\u0ec4"),
    ("Mymr", "\u1000-\u102a"),
    ("Geor", "\u10a0-\u10ff"),
    ("Armn", "\u0531-\u0587"),
    ("Ethi", "\u1200-\u135a"),
    ("Khmr", "\u1780-\u17b3"),
)
_LETTERS = {name: re.compile(f"[{ranges}]") for name, ranges in _SCRIPTS}
_HAN = ("Kana", "Hani")
_ONE_LANGUAGE = {
    "Hang": "ko", "Hebr": "he", "Grek": "el", "Thai": "th", "Deva": "hi", "Beng": "bn",
    "Guru": "pa", "Gujr": "gu", "Taml": "ta", "Telu": "te", "Knda": "kn", "Mlym": "ml",
    "Sinh": "si", "Laoo": "lo", "Mymr": "my", "Geor": "ka", "Armn": "hy", "Ethi": "am",
    "Khmr": "km",
}  # fmt: skip
_SCRIPT_OF = {
    **{tag: script for script, tag in _ONE_LANGUAGE.items()},
    "ja": "Hani", "zh": "Hani", "yue": "Hani", "wuu": "Hani", "nan": "Hani", "mr": "Deva",
    "ne": "Deva", "sa": "Deva", "yi": "Hebr", "iw": "Hebr",
    **dict.fromkeys(_set("ar fa ur ps sd ug ckb prs"), "Arab"),
    **dict.fromkeys(_set("ru uk bg sr be mk kk ky mn tg tt ba"), "Cyrl"),
}  # fmt: skip
_TWO_SCRIPTS = _set("sr ku pa uz az kk sd ks mn")

# The commonest function words of each language that are not also common in its neighbors.
_FUNCTION_WORDS = {
    "en": "the of and to in is that for it was on with as are be by at this from have has said "
    "but not he his she her they which were will would an been their who its or after",
    "es": "el la los las de que y en un una por con no para es se del al lo como más pero sus "
    "su este esta fue ha ser son está también entre cuando sobre años hasta desde muy",
    "fr": "le la les des et en un une du que est pour qui dans sur pas au par il elle ne se ce "
    "avec plus sont aux ont cette mais ou été être leur ces comme fait après selon",
    "de": "der die das und in den von zu mit ist des im für auf ein eine nicht dem sich auch es "
    "als an er sie hat aus bei nach werden wird war einer einen sind wie noch über um",
    "it": "il di che e la in un per del è una non con i le della sono da al si dei nel alla più "
    "gli ha anche come lo ma delle degli dal nella stato questo questa anni su hanno",
    "pt": "o de a que e do da em um para os no se na uma por com não as dos mais ao como foi das "
    "são à seu sua ou também pelo pela ele ela até isso entre depois anos já está",
    "nl": "de het een van en in is dat op te zijn met voor niet aan er om ook als door bij maar "
    "naar uit heeft over hij ze werd wordt nog deze dit tot worden hebben",
    "sv": "och att det i en som på är av för med den till inte om ett har de var sig från så men "
    "han kan hade vi ska eller efter över vid också",
    "da": "og at det i en af til er som på de med for den ikke der har et om var han fra men sig "
    "kan blev efter også ved eller være havde",
    "pl": "w i na z do się że nie jest o to od po jak za przez dla co są ale tym roku który która "
    "oraz było być został jego ich",
    "tr": "ve bir bu da de için ile olarak daha çok olan en gibi kadar sonra ne var ise oldu "
    "olduğu ancak göre değil",
}
_PROFILES = {tag: frozenset(words.split()) for tag, words in _FUNCTION_WORDS.items()}
_LATIN_WORD = re.compile("[A-Za-z\u00c0-\u024f]+")


def base(tag: str) -> str:
    """The language of a tag, in lower case: `pt-BR` and `pt_BR` are `pt`; nothing is nothing."""
    return re.split("[-_]", tag.strip().lower(), maxsplit=1)[0]


def direction(tag: str) -> Literal["ltr", "rtl"]:
    """Which way the language of a tag is written; a script in the tag decides (`az-Arab`)."""
    parts = re.split("[-_]", tag.strip().lower())
    scripts = [part for part in parts[1:] if len(part) == 4 and part.isalpha()]
    if scripts:
        return "rtl" if scripts[0] in _RTL_SUBTAGS else "ltr"
    return "rtl" if parts[0] in _RTL else "ltr"


def spaced(tag: str) -> bool:
    """Whether the language of a tag puts spaces between its words."""
    return base(tag) not in _UNSPACED


def joint(tag: str) -> str:
    """What stands between two sentences: nothing in Chinese and Japanese, else a space.

    Thai puts no space between words but one between sentences.
    """
    return "" if base(tag) in _UNJOINED else " "


def script(text: str) -> str:
    """The script of most letters of `text` as its ISO 15924 code; "" where there is no letter.

    Han and kana together are `Hani`, since Japanese mixes them.
    """
    sample = text[:SAMPLE]
    if sample.isascii():
        return "Latn" if _LETTERS["Latn"].search(sample) else ""
    counts = {name: len(letters.findall(sample)) for name, letters in _LETTERS.items()}
    counts["Hani"] += counts.pop("Kana")
    # A Chinese character says about as much as two Latin letters.
    counts["Hani"] *= 2
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] else ""


def guess(text: str) -> str:
    """The language of `text` as a tag, or "" where that cannot be known.

    By script where a script has one main language; Latin text by its function words, of which a
    headline has too few.
    """
    sample = text[:SAMPLE]
    found = script(sample)
    if found in _ONE_LANGUAGE:
        return _ONE_LANGUAGE[found]
    if found == "Hani":
        kana, han = (len(_LETTERS[name].findall(sample)) for name in _HAN)
        return "ja" if kana * 20 >= han else "zh"
    if found == "Cyrl":
        return _cyrillic(sample)
    if found == "Arab":
        return _arabic(sample)
    return _latin(sample) if found == "Latn" else ""


def language_of(text: str, *said: str) -> str:
    """The language of `text`: the first of the tags `said` that the text allows, else a guess.

    Feeds often say `en` because their software does; script and function words may deny it.
    """
    found = script(text)
    for tag in said:
        spoken = base(tag)
        if spoken and (
            not found or spoken in _TWO_SCRIPTS or _SCRIPT_OF.get(spoken, "Latn") == found
        ):
            return (found == "Latn" and _denied(text, spoken)) or tag
    return guess(text)


def _denied(text: str, spoken: str) -> str:
    """The language whose function words a text plainly has, where `spoken` is another; else ""."""
    profile = _PROFILES.get(spoken)
    if profile is None:
        return ""
    found = [word.lower() for word in _LATIN_WORD.findall(text[:_OPENING])]
    own = sum(word in profile for word in found)
    if own * _USUAL >= len(found) or len(found) < _ENOUGH:
        return ""
    hits = {tag: sum(w in other for w in found) for tag, other in _PROFILES.items()}
    best = max(hits, key=lambda tag: (hits[tag], tag))
    return best if hits[best] * 5 >= len(found) and hits[best] >= 4 * own else ""


def _cyrillic(sample: str) -> str:
    """By the letters that only one of the large languages has."""
    low = sample.lower()
    if re.search("[јљњћђџ]", low):
        return "mk" if re.search("[ќѓѕ]", low) else "sr"
    if "ў" in low:
        return "be"
    if re.search("[їєґ]", low):
        return "uk"
    if re.search("[ыэё]", low):
        return "ru"
    return "bg" if re.search(r"ъ\B|ът\b", low) and re.search(r"\b(?:на|се|да)\b", low) else ""


def _arabic(sample: str) -> str:
    if re.search("[ٹڈڑےں]", sample):
        return "ur"
    return "fa" if re.search("[پچژگکی]", sample) else "ar"


def _latin(sample: str) -> str:
    """The language whose function words are at least a tenth, and clearly the most."""
    found = [word.lower() for word in _LATIN_WORD.findall(sample)]
    if len(found) < 4:
        return ""
    hits = {tag: sum(w in profile for w in found) for tag, profile in _PROFILES.items()}
    first, second = sorted(hits, key=lambda tag: (-hits[tag], tag))[:2]
    clear = hits[first] >= 2 and hits[first] * 10 >= len(found) and hits[first] > hits[second]
    return first if clear else ""
