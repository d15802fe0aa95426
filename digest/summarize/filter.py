"""What of a field may be quoted: its sentences, less what scraping leaves between them.

The collecting stage types captions, bylines and the like where its source tells it; this is for
those that it could not know.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

from digest.models import Entry, Span
from digest.summarize.junk import (
    ALL_HINTS,
    Hints,
    is_credit,
    is_doubtful,
    is_furniture,
    is_label,
    past_stamp,
    runs_on,
)
from digest.text.language import base
from digest.text.sentences import sentences
from digest.text.verbatim import collapse, ends_cut
from digest.text.widths import width
from digest.text.words import words

READ = 20_000
"""Characters of a field that are read; no blurb comes from further down."""
NEAR = 4_000
"""Characters whose hints of junk are looked for at once: most texts are weighed within these."""
LOOK = 16
"""Sentences that are weighed: what people's blurbs tell stands among these, and the time that it
takes to value all sets of them grows with the cube."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that may be quoted.

    `number` counts the field's sentences, dropped ones included, so that neighbors are known.
    `words` are as written, `bag` holds them in lower case.
    `doubtful`: it may be junk. `cut`: the source breaks off in it.
    """

    span: Span
    text: str
    number: int
    paragraph: int
    columns: int
    words: tuple[str, ...]
    bag: frozenset[str]
    doubtful: bool = False
    cut: bool = False


_ENDED = re.compile(r"[.!?…。！？｡؟۔।॥;:]['\"”’»›)\]}」』）】]*$")
_UNSTOPPED = frozenset({"th", "lo"})
"""Languages whose sentences end in a space."""

_END = re.compile(r"\s*\Z")
_NO_SIGN = re.compile(r"[\W_]+")
_COLON = re.compile(r"[:：]['\"”’»)\]]*$")
# What opens the item of a list, or a note at the foot. Possessive: a rule of `*****` has no letter
# behind it, and its stars can be told apart in more ways than can be tried.
_MARK = re.compile(r"(?:[*•▪■●◦‣⁃·†‡§►▶→>¹²³]++\s*+|[-–—]++\s++)++(?=[^\W_]|[\"'“‘«„(\[])")

_FULL_DATE = re.compile(
    r",? (?:on )?(?:[A-Z][a-z]+day,? )?(?:[A-Z][a-z]{2,8}\.? \d{1,2}, \d{4}"
    r"|\d{1,2} [A-Z][a-z]{2,8} \d{4})\.$"
)
_PLACE = r"(?:(?:[A-Z][\w.'’-]*|\d{1,2}|de|del|la|al|of|and)[,/]?\s+){0,7}"
_DATELINES = (
    # New Delhi, Aug 2 (PTI) …; (CNN)…
    re.compile(
        _PLACE
        + r"\((?:AP|AFP|CNN(?: [A-Z]\w+){0,2}|Reuters|PTI|IANS|ANI|UPI|EFE|DPA|dpa|TASS|Xinhua"
        r"|Bloomberg|BBC|VOA|RNS|ANSA|Kyodo|Yonhap|Bernama|PNA|IPS|JTA|KUNA|WAM|The Conversation"
        r"|Thomson Reuters Foundation)\)\s*(?:[-–—]{1,2}|:)?\s*"
    ),
    # OSLO (NTB) — …: another agency needs the dash, lest "Organization (WHO) Director" match.
    re.compile(r"(?!The )" + _PLACE + r"\([A-Z]{2,7}\)\s*[-–—]{1,2}\s+"),
    # SEOUL, SOUTH KOREA — …; PARIS, March 3 - …
    re.compile(
        r"[A-Z][A-Z.'’-]{2,}(?:[ ,/]+[A-Z][A-Z.'’-]*)*(?:, [A-Z][a-z]+\.?)?(?: \d{1,2})?\s*"
        r"(?:[–—]|-{1,2}(?=\s)|:(?=\s))\s*"
    ),
    re.compile(r"(?:UPDATED?|BREAKING|EXCLUSIVE|CORRECTION|Update|Breaking|Exclusive): "),
    # Reuters - …
    re.compile(r"(?:AP|AFP|Reuters|PTI|ANI|IANS|Xinhua|dpa)\s*[-–—:]+\s+"),
    # 【新华社】…; 新华社北京1月5日电（记者…）…
    re.compile(r"(?:【[^】]{1,30}】|［[^］]{1,30}］\s*[-–—]?)\s*"),
    re.compile(r"[^\s，。]{2,24}日[电電讯訊](?:[（(][^）)]{1,40}[）)])?[：:\s]*"),
)


def readable(
    field: str, entry: Entry, *, language: str, typed: frozenset[str] = frozenset()
) -> tuple[Sentence, ...]:
    """The first sentences of `field` that a blurb may quote, in order.

    `typed` are the entry's parts that are no body text, each as `key` makes it.
    """
    spans, ended = _ended(field, _read(field, language))
    title = _bag(entry.title)
    stops = base(language) not in _UNSTOPPED
    near = Hints.of(field[:NEAR])
    seen: set[frozenset[str]] = set()
    credited: set[int] = set()
    found: list[Sentence] = []
    paragraph, last, announced = 0, 0, False
    for number, span in enumerate(spans):
        gap = field[last : span[0]]
        paragraph += last > 0 and gap.count("\n") > 1
        opens = last == 0 or gap.count("\n") > 1
        alone = opens and _stands_alone(field, span)
        last = span[1]
        span, item, begun = _begun(field, span, opens=opens)  # noqa: PLW2901 — the same sentence
        hints = near if span[1] <= NEAR else ALL_HINTS
        sentence = _sentence(field, span, number, paragraph, hints, stops=stops)
        if item or announced:  # it belongs to a list, or to the sentence that announced it
            sentence = replace(sentence, doubtful=True)
        listed = announced and alone and sentence.columns < 60
        announced = listed or _COLON.search(sentence.text) is not None
        if alone and _FULL_DATE.search(sentence.text):  # as captions end, and some sentences
            sentence = replace(sentence, doubtful=True)
        if sentence.bag in seen or not _says_anything(sentence):
            continue
        if typed and key(sentence.text) in typed:
            continue
        seen.add(sentence.bag)
        if not opens and is_credit(sentence.text):
            credited.add(number)
        if (begun and _is_stamp(sentence.text)) or _is_junk(
            sentence, hints, alone=alone, ended=ended
        ):
            continue
        if overlap(sentence.bag, title) >= 0.6:
            continue
        found.append(sentence)
        if len(found) == LOOK:
            break
    return _without_captions(found, credited)


def key(text: str) -> str:
    """What two copies of a line have in common: its letters and digits, in lower case."""
    return _NO_SIGN.sub("", text.lower())


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """The Jaccard overlap of two bags of words, 0 to 1."""
    return len(one & other) / len(one | other) if one and other else 0.0


def _read(field: str, language: str) -> Iterator[Span]:
    """The spans of the sentences; where the field is long, those that end within `READ`."""
    whole = len(field) <= READ
    for span in sentences(field if whole else field[:READ], language):
        if whole or span[1] < READ - 1:
            yield span


def _ended(field: str, spans: Iterator[Span]) -> tuple[Iterator[Span], bool]:
    """The spans again, and whether any sentence ends as one does: poems and tables have none."""
    read: list[Span] = []
    for span in spans:
        read.append(span)
        if _ENDED.search(field, *span):
            return chain(read, spans), True
    return iter(read), False


def _bag(text: str) -> frozenset[str]:
    return frozenset(map(str.lower, words(text)))


def _stands_alone(field: str, span: Span) -> bool:
    return (
        field[span[1] : span[1] + 3].lstrip(" \t\r").startswith("\n\n")
        or _END.match(field, span[1]) is not None
    )


def _sentence(
    field: str, span: Span, number: int, paragraph: int, hints: Hints, *, stops: bool
) -> Sentence:
    text = collapse(field[span[0] : span[1]])
    written = words(text)
    return Sentence(
        span,
        text,
        number,
        paragraph,
        columns=width(text),
        words=written,
        bag=frozenset(map(str.lower, written)),
        doubtful=is_doubtful(text, hints) or (stops and not _ENDED.search(text)) or runs_on(text),
        cut=_END.match(field, span[1]) is not None and ends_cut(text),
    )


def _begun(field: str, span: Span, *, opens: bool) -> tuple[Span, bool, bool]:
    """The sentence without what stands before it.

    With whether a mark of a list did, and whether a stamp or a dateline did.
    """
    start, end = span
    stamp = past_stamp(field[start:end])
    # Times, counts and buttons; where they are all, the sentence stays whole, to be judged so.
    if stamp and end - start - stamp >= 20 and not field[start + stamp].islower():
        start += stamp
    if opens and not is_label(field[start:end]):
        start = _past_dateline(field, (start, end))
    item = _MARK.match(field, start, end)
    begun = stamp > 0 or start > span[0]
    return (item.end() if item else start, end), item is not None, begun


def _says_anything(sentence: Sentence) -> bool:
    """Whether a letter or figure stands in it: an accent without one counts among the words."""
    return bool(sentence.bag) and any(map(str.isalnum, sentence.text))


def _is_stamp(text: str) -> bool:
    """Whether a sentence opens with a stamp that a report does not go on from."""
    stamp = past_stamp(text + " ")
    return stamp > 0 and not text[stamp : stamp + 1].islower()


def _past_dateline(field: str, span: Span) -> int:
    """Where the sentence begins behind the place, agency or label that opens it."""
    start, end = span
    for pattern in _DATELINES:
        hit = pattern.match(field, start, end)
        if hit and end - hit.end() >= 20 and not field[hit.end()].islower():
            return hit.end()
    return start


def _is_junk(sentence: Sentence, hints: Hints, *, alone: bool, ended: bool) -> bool:
    """Captions, credits, bylines, calls to action, subheads: nothing that a report says."""
    text = sentence.text
    if is_furniture(text, hints):
        return True
    if _COLON.search(text):  # what it announces is left behind
        return True
    if sentence.cut:
        return False
    return ended and not _ENDED.search(text) and (alone or sentence.columns < 60)


def _without_captions(found: list[Sentence], credited: set[int]) -> tuple[Sentence, ...]:
    """`found` less the captions that a credit follows.

    `credited` are the numbers of the credits. On a page's one line, where a report may stand
    before a credit, only a short sentence or one that repeats another is a caption.
    """
    if not credited:
        return tuple(found)
    several = found and found[0].paragraph != found[-1].paragraph
    firsts = {sentence.paragraph: sentence for sentence in reversed(found)}

    def is_caption(one: Sentence) -> bool:
        if one.number + 1 not in credited:
            return False
        if one.columns < 70 or (several and firsts[one.paragraph] is one):
            return True
        return any(len(one.bag & o.bag) >= 0.6 * len(one.bag) for o in found if o is not one)

    return tuple(sentence for sentence in found if not is_caption(sentence))
