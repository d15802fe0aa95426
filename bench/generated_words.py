"""Words for generated archives: sentences in four languages out of lists of our own.

Content words are made of syllables or characters and drawn by Zipf's law; function words are the
language's own, so that stemming, folding of accents and segmentation have something to do.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

_FUNCTION = {
    "en": (
        "the of and to in a is that for was on with as at by from its has have will not but they "
        "this which their after when more one new two would said over into could than before"
    ),
    "es": (
        "de la que el en y los se del las un por con una su para es al lo como más pero sus "
        "este entre cuando sin sobre también hasta donde desde todo durante según"
    ),
    "ar": "في من على أن إلى عن التي مع هذا الذي كما بعد قبل كان بين حول حتى ثم لكن منذ",
}
_KANA = ("の", "に", "は", "を", "が", "で", "と", "も", "から", "まで", "として", "による")
_JA_ENDS = ("した", "する", "している", "になった", "を始める", "と語った", "が続く")
_KANJI = (
    "港海船市町村山川島橋道駅店会社人年月日時水火木金土空風雨雪光音色花鳥魚米茶酒紙本字絵歌"
    "学校先生新旧大小高低長短東西南北春夏秋冬朝夜昼青赤白黒開閉出入上下左右前後心手目耳"
)
_ONSETS = (
    "b", "c", "d", "f", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "w",
    "br", "cl", "dr", "fl", "gr", "pl", "pr", "sh", "sl", "st", "th", "tr",
)  # fmt: skip
_VOWELS = {
    "en": ("a", "e", "i", "o", "u", "ai", "ea", "oo"),
    "es": ("a", "e", "i", "o", "u", "á", "é", "í", "ó", "ú", "ie"),
}
_CODAS = {
    "en": ("", "", "n", "r", "l", "st", "nd", "ck", "m", "t"),
    "es": ("", "", "n", "s", "r", "l"),
}
_ENDINGS = {
    "en": ("", "", "s", "ed", "ing", "er", "ly"),
    "es": ("o", "a", "os", "as", "ción", "ado", "mente"),
    "ar": ("", "", "ة", "ات", "ون", "ين"),
}
_ARABIC = "ابتثجحخدذرزسشصضطعغفقكلمنهوي"
STEMS = 2400
"""Roots of a language; with their endings there are several thousand words."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of a language, the commonest first, and how sentences are made of them."""

    words: tuple[str, ...]
    weights: tuple[float, ...]
    joint: str
    stop: str

    def draw(self, rng: random.Random, count: int) -> list[str]:
        """So many words as they would follow each other, by Zipf's law."""
        return rng.choices(self.words, cum_weights=self.weights, k=count)

    def sentence(self, words: Sequence[str], rng: random.Random) -> str:
        """The words as one sentence, with a comma and a figure here and there."""
        shown = list(words)
        if len(shown) > 10 and self.stop != "。":
            shown[5] += "," if self.stop == "." and shown[0].isascii() else ""
        if rng.random() < 0.12:
            shown.insert(3, str(rng.randrange(2, 2000)))
        first = shown[0]
        shown[0] = first[:1].upper() + first[1:]
        return self.joint.join(shown) + self.stop


@cache
def vocabulary(language: str) -> Vocabulary:
    """The words of `language` (en, es, ar or ja): the same in every run."""
    rng = random.Random(f"words of {language}")  # noqa: S311 (made-up words)
    if language == "ja":
        stems = ["".join(rng.sample(_KANJI, rng.choice((1, 2, 2, 2, 3)))) for _ in range(STEMS)]
        ends = (*_KANA, *_KANA, *_KANA, *_JA_ENDS)
        words = [stem + end for stem in dict.fromkeys(stems) for end in rng.sample(ends, 2)]
        return _weighed([], words, rng, joint="", stop="。")
    if language == "ar":
        stems = ["".join(rng.choices(_ARABIC, k=rng.choice((3, 3, 4)))) for _ in range(STEMS)]
        begun = ("", "", "ال")
        words = [
            rng.choice(begun) + stem + end
            for stem in dict.fromkeys(stems)
            for end in rng.sample(_ENDINGS["ar"], 3)
        ]
    else:
        stems = [_stem(rng, language) for _ in range(STEMS)]
        words = [
            stem + end for stem in dict.fromkeys(stems) for end in rng.sample(_ENDINGS[language], 3)
        ]
    return _weighed(_FUNCTION[language].split(), words, rng, joint=" ", stop=".")


def _stem(rng: random.Random, language: str) -> str:
    count = rng.choice((1, 2, 2, 3))
    vowels, codas = _VOWELS[language], _CODAS[language]
    parts = (rng.choice(_ONSETS) + rng.choice(vowels) for _ in range(count))
    return "".join(parts) + rng.choice(codas)


def _weighed(
    function: list[str], words: list[str], rng: random.Random, *, joint: str, stop: str
) -> Vocabulary:
    rng.shuffle(words)
    own = tuple(dict.fromkeys([*function, *words]))
    # Half of all words are function words, as in running text.
    common = sum(1 / (rank + 4) for rank in range(len(function)))
    rare = [1 / (rank + 20) for rank in range(len(own) - len(function))]
    share = common / sum(rare) if function else 1.0
    each = [
        *(1 / (rank + 4) for rank in range(len(function))),
        *(weight * share for weight in rare),
    ]
    return Vocabulary(own, tuple(accumulate(each)), joint, stop)
