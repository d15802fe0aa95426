"""Blocks of other stories at the foot of a page ("Popular", "Related"): headline, byline, excerpt.

Saved as text, the byline and the excerpt of a teaser often run together on one line with nothing
between them. A sentence begins where a word is capitalized that never is inside a name: an article
or preposition, a title ("President"), a number, a quotation mark, a place in capitals.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from digest.collect import lines, phrases
from digest.collect.bylines import (
    Byline,
    is_agency,
    is_byline,
    is_name_word,
    parse_byline,
    without_by,
)
from digest.collect.dates import parse_date
from digest.models import Part


@dataclass(frozen=True, slots=True)
class Teaser:
    """One of the other stories, as far as the block tells it; `at` is the place of its headline."""

    title: str
    excerpt: str
    byline: str = ""
    agency: str = ""
    published: datetime | None = None
    at: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    """A block's teasers, its other lines typed, and where the document goes on."""

    teasers: tuple[Teaser, ...]
    parts: tuple[Part, ...]
    end: int


def read_block(units: Sequence[str], start: int) -> Block:
    """The block of teasers whose first line is `units[start]`, the one after its heading.

    It ends where a full paragraph stands in the place of a headline: there the article goes on.
    """
    teasers: list[Teaser] = []
    parts: list[Part] = []
    names = [unit.split() for unit in units[start:]]
    regular = _alternates(units[start:])
    at = start
    while at < len(units):
        unit = units[at]
        kind = lines.part_kind(unit)
        if lines.is_block_heading(unit) or kind in ("share", "notice", "call-to-action"):
            parts.append(Part(kind=kind or "notice", text=unit))
            at += 1
            continue
        if not lines.is_headline_like(unit):
            break
        teaser, after = _teaser(units, at, names, regular=regular)
        if teaser is not None:
            teasers.append(teaser)
        elif at > start and lines.is_subhead(unit) and _is_prose("".join(units[after : after + 1])):
            break  # a subhead of the article that goes on
        else:
            parts.append(Part(kind="call-to-action", text=unit))
        at = after
    return Block(tuple(teasers), tuple(parts), at)


def _teaser(
    units: Sequence[str], at: int, names: Sequence[list[str]], *, regular: bool
) -> tuple[Teaser | None, int]:
    """The teaser under the headline `units[at]`, and the place after it."""
    byline, published, after = Byline(), None, at + 1
    while after < len(units) and after <= at + 2:
        moment = parse_date(re.sub(r"(?i)^(?:published|posted)(?: on)?:?\s+", "", units[after]))
        if moment is not None:
            published = published or moment
        elif is_byline(units[after]) and not lines.ends_cut(units[after]):
            byline = parse_byline(units[after])
        else:
            break
        after += 1
    if after >= len(units):
        return None, at + 1
    found, moment, excerpt = split_excerpt(units[after], names)
    bylined = bool(byline.name or byline.agency or found.name or found.agency)
    if (
        lines.ends_cut(excerpt)
        or (bylined and len(excerpt) > 20)
        or (regular and _is_prose(excerpt))
    ):
        who = found if found.name or found.agency else byline
        teaser = Teaser(units[at], excerpt, who.name, who.agency, published or moment, at)
        return teaser, after + 1
    return None, at + 1


def _alternates(units: Sequence[str]) -> bool:
    """Whether headline and prose take turns to the end: then even uncut prose is an excerpt."""
    if len(units) < 4 or len(units) % 2:
        return False
    return all(
        lines.is_headline_like(unit) != _is_prose(unit) and _is_prose(unit) == bool(index % 2)
        for index, unit in enumerate(units)
    )


def _is_prose(unit: str) -> bool:
    return lines.length(unit) >= 6 and (lines.ends_sentence(unit) or lines.ends_cut(unit))


def split_excerpt(
    line: str, others: Sequence[list[str]] = ()
) -> tuple[Byline, datetime | None, str]:
    """(byline, date, excerpt) of a line in which they run together.

    `others` are the words of the lines around it: a name that opens two of them is a byline.
    """
    opened = without_by(line)
    said_by = opened != line
    head = re.sub(r"(?<=[\w.])/(?=[^\W\d_])", " / ", opened[:160]) + opened[160:]
    words = head.split()
    cut = _name_end(words, said_by=said_by, others=[w for w in others if w and w != line.split()])
    if not cut:
        return Byline(), None, line
    name, rest = " ".join(words[:cut]), words[cut:]
    byline = Byline(agency=name) if is_agency(name) else Byline(name=name.rstrip(",:"))
    if rest and rest[0] in ("|", "/", "•", "·", "—", "–", "-", ":"):
        size = _agency_size(rest[1:]) if not byline.agency else 0
        agency = " ".join(rest[1 : 1 + size])
        byline = Byline(byline.name, agency or byline.agency)
        rest = rest[1 + size :]
    published, rest = _leading_date(rest)
    return byline, published, " ".join(rest)


_MARKS = ("|", "/", "•", "·", "—", "–", "-", ":")
_AND = frozenset(("and", "&", "y", "et", "und", "e", "en"))


def _name_end(words: Sequence[str], *, said_by: bool, others: Sequence[list[str]]) -> int:
    """How many of `words` are the byline's name; 0 where there is none."""
    longest = min(len(words) - 1, 14)
    house = _agency_size(words) if said_by else 0
    if house and words[house : house + 1] and words[house] not in _MARKS:
        return house
    for index in range(longest):
        word, after = words[index], words[index + 1]
        if word in _MARKS:
            return index if index >= 1 and (said_by or _agency_size(words[index + 1 :])) else 0
        if index >= 1 and _opens_sentence(words, index):
            return index if _is_plausible(words[:index], said_by=said_by) else 0
        if word.endswith((":", ",")) and said_by and index >= 1 and not is_name_word(after):
            return index + 1
        if word.lower() in _AND and index and is_name_word(after):
            continue
        if not is_name_word(word):
            return _unmarked_end(words[:index], words, others) if said_by and index >= 2 else 0
    return 0


def _is_plausible(name: Sequence[str], *, said_by: bool) -> bool:
    """Whether the words before a sentence are a name: two to six, or an agency."""
    if is_agency(" ".join(name)):
        return said_by
    if said_by:
        return True
    first = name[0].lower()
    return 2 <= len(name) <= 4 and first not in phrases.OPENERS and first not in phrases.TITLES


def _opens_sentence(words: Sequence[str], index: int) -> bool:
    word = words[index]
    bare = word.strip("“”\"'‘’(),.;:").lower()
    if word[0] in "“\"‘'(«$€£¥₱" or word[0].isdigit():
        return True
    if not word[0].isupper() or re.fullmatch(r"[A-Z]\.", word):
        return False
    following = words[index + 1] if index + 1 < len(words) else ""
    if following[:1].isdigit() and parse_date(f"{word} {following.rstrip(',')}, 2000"):
        return True  # a month and its day
    if bare in phrases.PARTICLES and following[:1].isupper():
        return False
    if bare in phrases.OPENERS or (index >= 2 and bare in phrases.TITLES):
        return True
    return (
        index >= 2
        and word.isupper()
        and len(bare) > 2
        and not words[0].isupper()
        and bare.isalpha()
    )


def _unmarked_end(run: Sequence[str], words: Sequence[str], others: Sequence[list[str]]) -> int:
    """The end of names that run into a sentence's own: what two lines share, else two words each.

    An initial, a particle or "Jr." asks for one word more, "and" for another name.
    """
    for other in others:
        theirs = without_by(" ".join(other)).split()
        shared = 0
        while shared < min(len(run), len(theirs)) and run[shared] == theirs[shared]:
            shared += 1
        if 2 <= shared < len(words):
            return shared
    end = _name_size(run)
    while end + 2 < len(run) and run[end].lower() in _AND:
        end += 1 + _name_size(run[end + 1 :])
    return end


def _name_size(run: Sequence[str]) -> int:
    """How many words the name takes that `run` begins with, where nothing marks its end."""
    end = 2
    while end < len(run) and (
        re.fullmatch(r"[^\W\d_]\.?(?:[^\W\d_]\.)?", run[end - 1])
        or run[end - 1].lower() in phrases.PARTICLES
    ):
        end += 1
    if end < len(run) and run[end].lower() in phrases.SUFFIXES:
        end += 1
    return end


def _agency_size(words: Sequence[str]) -> int:
    """How many of `words` name an agency, counted from the first; 0 where they name none."""
    best = 0
    for index, word in enumerate(words[:7]):
        if index and _opens_sentence(words, index) and word.lower() not in phrases.AGENCY_WORDS:
            break
        if not (word[0].isupper() or word.lower() in phrases.PARTICLES or word.lower() == "of"):
            break
        if is_agency(" ".join(words[: index + 1])) and (
            index == 0 or word.lower() in phrases.AGENCY_WORDS or best == 0
        ):
            best = index + 1
    return best


_DATE = re.compile(
    r"(?:[|•·—–-]\s*)?((?:[^\W\d_]+\.?\s+\d{1,2},?\s+\d{4}|\d{1,2}\.?\s+[^\W\d_]+\.?\s+\d{4}|\d{4}-\d{2}-\d{2}))(?:\s*[|•·:—–-])?\s+"
)
_AGO = re.compile(
    r"(?:[|•·]\s*)?\d{1,2}\s+(?:min(?:ute)?s?|hours?|days?|weeks?|months?) ago\s*[|•·—–-]?\s+",
    re.IGNORECASE,
)


def _leading_date(rest: Sequence[str]) -> tuple[datetime | None, list[str]]:
    """A date printed before the excerpt; "3 hours ago" is dropped, for nothing says ago of when."""
    text = " ".join(rest)
    ago = _AGO.match(text)
    if ago:
        return None, text[ago.end() :].split()
    hit = _DATE.match(text)
    moment = parse_date(hit[1]) if hit else None
    return (moment, text[hit.end() :].split()) if hit and moment else (None, list(rest))
