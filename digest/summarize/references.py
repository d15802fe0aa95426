"""What in a sentence points at words that were left out: it reads badly after a skipped one.

The rules know English; sentences of other languages go by `openings` and by the cost of a gap.
Each costs a set its preference only, so that a rule that is wrong now and then does no harm.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from digest.text.language import base
from digest.text.words import content_words, words


def _set(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_SPEECH = "said|says|say|told|tells|added|adds|wrote|writes|warned|explained|noted|argued"
_TIMES = (
    "year|month|week|weekend|day|season|spring|summer|fall|autumn|winter|morning|afternoon|evening"
    "|century|decade|time|quarter|term|christmas|january|february|march|april|may|june|july|august"
    "|september|october|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday"
)
# Where the main clause ends: what follows may well mean a word of its own sentence.
_CLAUSE = re.compile(
    r"[,;:—–(]|\s(?:that|who|whose|which|because|after|before|when|while|as|if|where|and|but|so"
    r"|until|although|though|since|than)\s"
)
# Where the text in straight or curly quotes is no reference of the report's.
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"")
_OBJECT = re.compile(
    r"\b(?:him|them|it|ours|theirs|hers|mine|those|these(?! days\b)"
    rf"|this(?! (?:{_TIMES})\b))(?=\W|$)",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"\W*+(?:[\w’'-]++\s+){1,2}(?:he|she|they|his|her|their|its|him)\b"
    r"|\W*(?:Each|Most|Others|None|Neither|Few|Such)\b"
    r"|\W*The (?:second|third|fourth|next|others?|rest)\s"
    r"|\W*(?:Obviously|Basically|Sure|Granted|Admittedly|Naturally|Anyway|Unfortunately|Luckily"
    r"|Sadly|Fortunately|Surprisingly|Interestingly|Importantly|Crucially|Overall|Thankfully)\b"
)
_PLACE = re.compile(
    r"\b(?:here|then|there(?! (?:is|are|was|were|has|have|had|will|would|may|might|must|can|could"
    r"|should|seems?|appears?|remains?)\b))(?=\W|$)",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"\b(?:one|two|three|four|five|some|most|many|each|both|half|all|none|either|neither) of the "
    r"(?:two|three|four|five|six|others?)\b",
    re.IGNORECASE,
)
# Which two is said before, or in the sentence itself: `Tom and Ana said both were pleased`.
_TWO = re.compile(
    r"(?:(?!\b(?:and|two|between)\b).)*?\b(?:both|neither) (?:can|could|will|would|may|might|must"
    r"|should|is|are|was|were|has|have|had|do|did|say|said)\b",
    re.IGNORECASE,
)
_TOO = re.compile(r"\b(?:too|as well|instead|either)\.[\"”']?$", re.IGNORECASE)
_SPEAKER = re.compile(rf"\bthe ([a-z]+(?: [a-z]+)?) (?:{_SPEECH})\b", re.IGNORECASE)
_DEFINITE = re.compile(r"[\"'“‘(]*The ([\w’'-]+)(?: ([\w’'-]+))?(?: ([\w’'-]+))?")
# What a reader knows without having been told, and what says by itself which one is meant.
_KNOWN = _set(
    "government president prime world police public court country nation internet economy sun moon "
    "sea weather city state town council ministry company firm team army church pope king queen "
    "united first second third best worst most biggest largest smallest highest lowest latest only "
    "new real main whole entire full more less result"
)
_ENDS_NOUN = _set("of that who which between whose to")
_AFTER_NOUN = _set("on in at for from with behind under near over against about")
_COMMANDS = _set(
    "add ask avoid be begin bring build buy call check choose click combine consider cook create "
    "cut do drain drop enjoy ensure enter expect find focus follow forget get give go grab heat "
    "hold imagine insert install join just keep learn leave let let's let’s look make meet mix "
    "note notice open pay pick place pour press pull push put read remember remove repeat replace "
    "run save scroll see select send serve set share show sit skip spend sprinkle start stay step "
    "stir stop take talk tell think throw tie transfer treat try turn type use visit wait walk "
    "wash watch wear welcome wipe work write don't don’t never please"
)
_LETS = re.compile(r"\blet['’]s\b", re.IGNORECASE)
_FIRST_WORD = re.compile(r"[\"'“‘(]*+([\w’'-]+)\s+([\w’'-]+)")
# After a noun that is spelled like a command: `Work on the quay began`, `Share prices fell`.
_IS_NOUN = _set(
    "on of in at by for with from is was are were has have had prices price makers maker will began"
)
_NAME = re.compile(r"(?<=[\w,;:’'”\")] )[\"'“‘(]*(?!I\b)[A-ZÀ-ÞΑ-ΩЀ-Я]\w|\b[A-Z]{2,}\b|\d")
_OPENS_WITH_NAME = re.compile(
    r"[\"'“‘(]*(?!(?:The|A|An|In|On|At|For|This|That)\b)[A-ZÀ-Þ][\w’'-]+ [A-ZÀ-Þ]\w"
)


@dataclass(frozen=True, slots=True)
class References:
    """What a sentence needs of those before: `back` names something unsaid whatever they say.

    `needs` are the words, each by its root, of which one must have been said: none needs nothing.
    """

    back: bool = False
    needs: tuple[frozenset[str], ...] = ()


def references(sentence: str, language: str) -> References:
    """What `sentence` needs of the sentences before it; nothing where it is not English."""
    if base(language) not in {"", "en"} or not sentence:
        return References()
    said = _QUOTED.sub("“”", sentence)
    main = said[: end.start()] if (end := _CLAUSE.search(said, 8)) else said
    back = bool(
        _OBJECT.search(main)
        or _SUBJECT.match(main)
        or _PLACE.search(said)
        or ("of the " in sentence and _COUNTED.search(sentence))
        or (("both" in said or "neither" in said) and _TWO.match(said))
        or _TOO.search(sentence[-16:])
    )
    needs = [roots(hit[1]) for hit in _SPEAKER.finditer(said)]
    needs.append(_definite(said))
    return References(
        back=back,
        needs=tuple(need for need in needs if need and not need & _KNOWN_ROOTS),
    )


def roots(text: str) -> frozenset[str]:
    """The words of an English text that say something, shortened so that plurals are alike."""
    return frozenset(
        word.removesuffix("'s").rstrip("s")[:6]
        for word in content_words(text, "en")
        if len(word) > 2
    )


def is_named(sentence: str, title: frozenset[str]) -> bool:
    """Whether a sentence says what it is about: by a word of the title, a name or a figure.

    `title` is the title's `roots`. Scripts without capitals cannot be told and count as named.
    """
    if sentence == sentence.lower():
        return True
    if roots(sentence) & title:
        return True
    return bool(_NAME.search(sentence) or _OPENS_WITH_NAME.match(sentence))


def _definite(sentence: str) -> frozenset[str]:
    """The noun of an opening `The …` that nothing in the sentence explains; none where there is."""
    hit = _DEFINITE.match(sentence)
    if not hit:
        return frozenset()
    named = [word for word in hit.groups() if word]
    if named[0][0].isupper() or (len(named) > 1 and named[1][0].isupper()):
        return frozenset()
    if _ENDS_NOUN & set(named[1:]) - {"to"} or (len(named) > 1 and named[1] in _AFTER_NOUN):
        return frozenset()
    return roots(" ".join(named))


def is_stray(sentence: str, language: str) -> bool:
    """Whether a sentence is a command, a call or a scrap, which hangs on the one before it."""
    if base(language) not in {"", "en"}:
        return len(words(sentence)) < 2
    if sentence.rstrip("\"'”’)").endswith("!") or len(words(sentence)) < 3:
        return True
    hit = _FIRST_WORD.match(sentence)
    return bool("et" in sentence and _LETS.search(sentence)) or bool(
        hit
        and hit[1].lower() in _COMMANDS
        and hit[2].lower() not in _IS_NOUN
        and not hit[2].endswith(("ed", "ing"))
    )


_KNOWN_ROOTS = frozenset(word.rstrip("s")[:6] for word in _KNOWN)
