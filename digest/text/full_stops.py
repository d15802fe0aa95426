"""The rules for full stops in English and in Latin text that resembles it.

A candidate is a run of `.`, `!`, `?`, `…` with the quotes and brackets that close after it. The
word before and the word after say whether a sentence ends there. Where both readings are possible
the rules join: a long sentence reads better than half a one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from digest.text.abbreviations import (
    AFTER_HOUR,
    BEFORE_FIGURE,
    BOOKS,
    DAYS,
    DOMAINS,
    DOUBTFUL,
    ERAS,
    FIRM,
    FIRMS,
    HANGING,
    JOINED,
    LETTERED,
    LISTED_WORDS,
    MONTHS,
    NEVER,
    POWERS,
    PRONOUNS,
    STARTERS,
    WEAK_STARTERS,
)

_MARK = re.compile(r"[.!?…]+[\"'”’»›)\]}]*|[。！？｡؟۔।॥]+[」』）】”’\"')]*")
_WIDE = frozenset("。！？｡؟۔।॥")
_NEXT = re.compile(r"(\s*)([\"'“‘«‹„(\[{¿¡*–—•-]*\s?[@#$£€₹¥]?)(\w[\w'’-]*)?")
_GLUED = re.compile(r"((?:[\"“]\s?|[‘'(\[])?)([A-Z]{2,}\b|[A-Z][a-z'’]*)")

_INSIDE_WORD = re.compile(r"[\"“”‘«»()\[\]—–]|^'")
_ACRONYM = re.compile(r"(?:[A-Za-z]\.)+[A-Za-z]$")
_INITIAL = re.compile(r"(?:[A-Z][.-]{1,2})?[A-Z]$")
_STREET = re.compile(r"\d\w* (?:[A-Z]\S* ){1,2}(?:Ste?|Mt)$")
_PLURAL = re.compile(
    r"[A-Z][a-z]+[^\W\dsuiA-Z]s (?:had|have|were|are|will|would|could|can|said|say|\w+ed)\b"
)
_CLOCK = re.compile(r"[\"“]?(?:At|By|Around|About|Before|After|Until|From|Since)\b(?: \S+){1,3}$")
_ROMAN = re.compile(r"[IVXL]+\b")
_BRAND = re.compile(r"[a-z]{1,5}[A-Z]")
_YEAR = re.compile(r"(?:19|20)\d\d\b|\d{1,3},\d{3}")
_VERSE = re.compile(r"\d+:\d+\b(?!\s*[ap]\.?m)")
_TAGGED = re.compile(r"\w[\w’'-]*\s+[a-z]")
_LISTED = re.compile(r"[:;,] (\d{1,2})$")
_GOES_ON = re.compile(r"\w[\w’'-]*,?\s+[a-z\d]")
_SAID = re.compile(
    r"((?:[A-Z][\w.’'-]*\s+){1,4})(?:said|says|asked|asks|wondered|wonders|wrote|writes|added|adds"
    r"|told|cried|shouted|replied|tweeted|exclaimed|joked|recalled)\b"
)


@dataclass(frozen=True, slots=True)
class _Stop:
    """A candidate: the mark, what closes behind it, the word before and the word after."""

    mark: str
    closers: str
    before: str
    chunk: str
    """Up to 60 characters that stand before the mark."""
    previous: str
    """What stands before the word before: "Plan" of "Plan B."."""
    listed: bool
    """Whether the word before numbers an item: "Winners: 1. Kenya, 2. Japan"."""
    opens: bool
    """Whether the word before is the first of its sentence."""
    after: str
    rest: str


def ends(paragraph: str) -> Iterator[int]:
    """Where sentences end in one paragraph, its own end left out; ascending offsets."""
    start = counted = quotes = 0
    for hit in _MARK.finditer(paragraph):
        at = hit.start()
        quotes += paragraph.count('"', counted, at)
        counted = at
        end = _close(paragraph, hit, inside=quotes % 2 == 1)
        if end >= len(paragraph):
            break
        if paragraph[at] in _WIDE or _is_end(paragraph, start, at, end):
            yield end
            start = end


def _close(paragraph: str, hit: re.Match[str], *, inside: bool) -> int:
    """Where the candidate ends: a straight quote that opens belongs to the next sentence."""
    quote = hit[0].find('"')
    if quote >= 0 and not inside and _GLUED.match(paragraph, hit.start() + quote):
        return hit.start() + quote
    return hit.end()


def _is_end(paragraph: str, start: int, at: int, end: int) -> bool:  # noqa: PLR0911 — rules, one a line, in order
    following = _NEXT.match(paragraph, end)
    if following is None:
        return False
    if ")" in paragraph and _in_brackets(paragraph, start, at, end):
        return False
    space, opener, after = following[1], following[2], following[3] or ""
    chunk = paragraph[max(start, at - 60) : at].lstrip()
    tokens = chunk.rsplit(None, 2) if chunk and not chunk[-1].isspace() else []
    before = _INSIDE_WORD.split(tokens[-1])[-1] if tokens else ""
    tagged = opener.endswith(("@", "#"))
    bare = paragraph[at] == "." and end - at == 1 and space and after[:1].isupper() and not tagged
    if bare and _plain(before):
        return True  # most sentences end so; the rules below would say the same, in more time
    mark = paragraph[at:end].rstrip("\"'”’»›)]}")
    stop = _Stop(
        mark=mark,
        closers=paragraph[at + len(mark) : end],
        before=before,
        chunk=chunk,
        previous=tokens[-2] if len(tokens) > 1 else "",
        listed=bool(before) and before[-1].isdigit() and _is_listed(paragraph, start, at, end),
        opens=len(tokens) == 1 and at - start <= 60,
        after=after,
        rest=paragraph[following.start(3) : following.start(3) + 80] if after else "",
    )
    if not space:
        return _ends_glued(paragraph, end, stop)
    if not after:
        return False
    if tagged:
        return bool(_TAGGED.match(stop.rest)) and stop.before not in JOINED
    if after[0].islower():
        return bool(_BRAND.match(after)) and stop.before not in JOINED
    if stop.mark == ".":
        return _ends_at_full_stop(stop)
    if stop.mark[-1] in "!?":
        repeated = stop.mark == "!" and before == after and not stop.closers  # "Out! Out!"
        return not repeated and not _attributed(stop)
    return not (after[0].isdigit() or re.split("['’]", after)[0] == "I" or _hangs(chunk))


def _plain(before: str) -> bool:
    """Whether a word is in small letters and in no list: no rule but the last concerns it."""
    return before.isalpha() and before.islower() and len(before) > 2 and before not in LISTED_WORDS


def _ends_at_full_stop(stop: _Stop) -> bool:  # noqa: PLR0911 — rules, one a line, in order
    """The rules for one full stop, a space, and then no small letter; the first that fits holds."""
    before = stop.before
    if not before:
        return True
    if _is_joined(stop):
        return False
    if before.isdigit():
        return not (len(before) <= 2 and (stop.opens or stop.listed))  # "1. Wash the rice"
    if before in BEFORE_FIGURE:
        return _ends_before_figure(stop)
    if stop.closers.strip("'’"):
        return True
    if before.lower() in {"a.m", "p.m"}:
        whole = _CLOCK.match(stop.chunk)  # "At 5 p.m. Gov. Reed spoke."
        return stop.after not in AFTER_HOUR and not (whole and not _starts(stop))
    if before in ERAS and stop.previous[-1:].isdigit():
        return True
    if before in DOUBTFUL or _ACRONYM.match(before):
        return _starts(stop)
    if _INITIAL.match(before):
        return not stop.opens and (not _is_name(stop) or _starts(stop))
    return True


def _is_joined(stop: _Stop) -> bool:
    """Whether the word before always leads on to the word after."""
    before, after = stop.before, stop.after
    if before in JOINED or before in NEVER:
        return True
    if before in DAYS:
        return after in MONTHS or after[0].isdigit()
    if before.isupper() and after[:2].isupper():  # MR. SMITH
        return before.capitalize() in JOINED
    # "1 Cor. 13:4"
    return before in BOOKS and _VERSE.match(stop.rest) is not None


def _ends_before_figure(stop: _Stop) -> bool:
    """Whether a word that a figure may follow ends its sentence here."""
    before, after = stop.before, stop.after
    if before in {"no", "No"} and _YEAR.match(stop.rest):  # "he said no. 2024 is his last year"
        return True
    if before == "Sec" and stop.previous[-1:] == ".":  # "Asst. Sec. Joan Dale"
        return _starts(stop)
    return not (after[0].isdigit() or (after != "I" and _ROMAN.fullmatch(after)))


def _starts(stop: _Stop) -> bool:
    """Whether the word after a doubtful stop opens a sentence."""
    if stop.after in STARTERS:
        return True
    if _ACRONYM.match(stop.before):
        weak = stop.after in POWERS or stop.after in WEAK_STARTERS
        return weak and _GOES_ON.match(stop.rest) is not None
    if stop.after == stop.previous:  # "He sued Target Corp. Target said"
        return True
    if stop.after in WEAK_STARTERS and _GOES_ON.match(stop.rest):
        return True
    if stop.before in {"St", "Ste", "Mt"} and not _STREET.search(stop.chunk):
        return False  # "St. Louis had"
    return (
        stop.before in DOUBTFUL and stop.after not in FIRMS and _PLURAL.match(stop.rest) is not None
    )


def _is_name(stop: _Stop) -> bool:
    """Whether a single letter is an initial: not that of "hepatitis C" or "40 C"."""
    return stop.previous.lower() not in LETTERED and not stop.previous[-1:].isdigit()


def _is_listed(paragraph: str, start: int, at: int, end: int) -> bool:
    """Whether a number counts on from one before it, or the next one follows soon."""
    number = _LISTED.search(paragraph, max(start, at - 4), at)
    if not number:
        return False
    one = int(number[1])
    if one == 1:
        return " 2. " in paragraph[end : end + 120]
    return f" {one - 1}. " in paragraph[start:at]


def _hangs(chunk: str) -> bool:
    """Whether what stands before an ellipsis with a space ends in a word that wants another."""
    words = chunk.split() if chunk[-1:].isspace() else []
    return bool(words) and words[-1].lower() in HANGING


def _ends_glued(paragraph: str, end: int, stop: _Stop) -> bool:  # noqa: PLR0911 — rules, one a line, in order
    """A full stop without a space behind it: `the order.The court`, as scraping leaves it."""
    following = _GLUED.match(paragraph, end)
    before = stop.before
    if not following or not stop.mark or stop.mark[-1] not in ".!?":
        return False
    word = following[2]
    if word in DOMAINS or re.search(r"://|www\.|[@/_=]", before) or before in JOINED:
        return False
    if len(word) < 2 and word not in {"A", "I"}:
        return False
    if _ACRONYM.match(before):
        return len(word) > 1 and word in STARTERS and before not in NEVER
    if before in BEFORE_FIGURE or before in DOUBTFUL:
        return word in STARTERS
    if stop.closers:
        return True
    if re.search(r"[a-z\d]{2}$|[$£€₹]\d$|%$", before) and "." not in before:
        return True
    return bool(re.search(r"[A-Z]{2}$", before)) and word in STARTERS


def _attributed(stop: _Stop) -> bool:
    """`"Is it safe?" Ms. Reyes asked`: the speaker still belongs to the sentence."""
    if stop.after in FIRM and not stop.closers:  # "Yum! Brands"
        return True
    if stop.before == "Yahoo" and not stop.closers:
        return stop.after not in STARTERS
    if not stop.closers.strip(")]}"):
        return False
    said = _SAID.match(stop.rest)
    return said is not None and said[1].split()[0] not in PRONOUNS


def _in_brackets(paragraph: str, start: int, at: int, end: int) -> bool:
    """Whether a bracket that opened in this sentence is still open, and closes soon."""
    low = max(start, at - 400)
    opened = paragraph.count("(", low, end) - paragraph.count(")", low, end)
    if opened > 0:
        return ")" in paragraph[end : end + 300]
    # "(He won.) Next" ends; "The firm (Acme Inc.) Chief" and "left (at last!) The" do not.
    closes = ")" in paragraph[at:end]
    return closes and not paragraph[start:at].lstrip().startswith(("(", '"(', "“("))
