"""Who wrote it, and for whom; and the place that opens a report."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from digest.collect import phrases
from digest.collect.dates import parse_date, split_date
from digest.text.markup import clean_text


@dataclass(frozen=True, slots=True)
class Byline:
    """A byline taken apart: the people as printed, and the agency or newspaper."""

    name: str = ""
    agency: str = ""


_BY = re.compile(
    r"(?:(?:" + "|".join(re.escape(w) for w in sorted(phrases.BY, key=len, reverse=True)) + r")"
    r"(?:\s*[:：]\s*|\s+|(?<=[／/者文])))+",
    re.IGNORECASE,
)
_AGENCY = re.compile(
    rf"(?:the\s+)?(?:{phrases.AGENCIES})(?:\s+(?:news|writers?|staff))?", re.IGNORECASE
)
_HOUSE = re.compile(phrases.AGENCY_ENDINGS, re.IGNORECASE)
_JOB = re.compile(rf"\s*\b(?:{phrases.JOBS})\b(?:\s+(?:at|for|of|in|en|à|in)\s+.*)?", re.IGNORECASE)
_FULL_JOB = re.compile(rf"(?:[\w’'&-]+\s+){{0,4}}(?:\w{{1,20}}-)?(?:{phrases.JOBS})", re.IGNORECASE)
_OFFICE = re.compile(
    rf"(?:{phrases.OFFICES})(?:\s+(?:of|for|at|de|der|di|von)\s+.*)?", re.IGNORECASE
)
# A whole word with an @ and a stop behind it, found in one pass however many it has of either.
_MAIL = re.compile(r"(?<!\S)\S[^\s@]*+@\S[^\s.]*+\.\S+|(?:https?://|www\.)\S+")
_HANDLE = re.compile(r"(?:^|\s)@\w+")
_SPLIT = re.compile(r"\s*[|/•·]\s*|\s+[–—-]\s+|\s*[,,、;]\s+|\s*\n\s*")
_FOR = re.compile(r"^(.+?)\s+(?:for|of|via|pour|para|für|per)\s+(.+)$")
_AGO = re.compile(rf"(?<![\s,|–—•·-])[\s,|–—•·-]++(?:{phrases.RELATIVE_TIMES})\s*$", re.IGNORECASE)
_DOMAIN = re.compile(r"(?:[\w-]+\.)+(?:com|org|net|info|news|[A-Za-z]{2})", re.IGNORECASE)
_LONGEST = 20_000
_NOBODY = ("admin", "administrator", "unknown", "guest", "anonymous", "none", "editor", "webmaster",
           "root", "user", "noreply", "no-reply")  # fmt: skip


def parse_byline(raw: str) -> Byline:
    """People and agency of a byline or an author field.

    Addresses, handles, dates, job titles and the opening "By" are left out; several names keep
    the words between them ("A and B").
    """
    return _parsed(raw[:_LONGEST])


@lru_cache(maxsize=256)  # a feed says the same of each of its items
def _parsed(raw: str) -> Byline:
    text = _bare(raw)
    names: list[str] = []
    agency = ""
    text, inside = _parenthesis(text)
    for piece in [*_SPLIT.split(text), *inside]:
        segment = (
            piece.strip(" .,;:|") if not piece.rstrip().lower().endswith(("jr.", "sr.")) else piece
        )
        segment = segment if names else without_by(segment)
        if not segment or parse_date(segment):
            continue
        hit = _FOR.match(segment)
        if hit and is_agency(hit[2]):
            segment, agency = hit[1], agency or hit[2]
        if names and (segment.lower() in phrases.SUFFIXES or _is_degree(segment)):
            names[-1] = f"{names[-1]}, {piece.strip(' ,;:|')}"
        elif names and _OFFICE.fullmatch(segment):
            continue
        elif _JOB.fullmatch(segment) or (names and _FULL_JOB.fullmatch(segment)):
            house = _JOB.sub("", segment).strip(" ,-")  # "CNN Editor-at-large"
            agency = agency or (house if is_agency(house) else "")
        elif is_agency(segment):
            agency = agency or clean_text(
                re.sub(r"(?i)\s+(?:writer|staff|staff writer)s?$", "", segment)
            )
        else:
            person = _JOB.sub("", segment).strip(" ,-")
            if person and person.lower() not in _NOBODY and len(person) <= 120:
                names.append(person)
    if not names and agency.isupper() and len(agency) <= 5 and not _AGENCY.fullmatch(agency):
        return Byline(agency)  # capitals alone may be someone's initials
    return Byline(", ".join(names), agency)


def _bare(raw: str) -> str:
    """A byline without its opening word, date, markup, addresses and handles."""
    text = clean_text(raw)
    if _MAIL.fullmatch(text.split(" (")[0]) and "(" in text:
        text = text.split("(", 1)[1].rstrip(") ")  # RSS 2.0: mail@example.org (Name)
    text = without_by(split_date(_AGO.sub("", text))[0])
    text = re.sub(r"<[^<>]{0,200}>", " ", text)
    text = clean_text(_HANDLE.sub(" ", _MAIL.sub(" ", text))).strip(" ,;|/-–—")
    return text if text.count("(") == text.count(")") else text.strip("()[] ")


def _is_degree(segment: str) -> bool:
    return segment.replace(".", "") in phrases.DEGREES


def of_house(who: Byline, house: str) -> Byline:
    """`who`, but the name of the publisher itself is an agency; what may be a person stays one."""
    same = who.name.casefold() == house.casefold() and len(house.split()) > 1
    if same and not is_name(house):
        return Byline("", who.agency or who.name)
    return who


def written_byline(raw: str) -> str:
    """A byline that the user wrote: cleaned, without an address and the word "By", else obeyed."""
    text = clean_text(_MAIL.sub(" ", clean_text(raw).strip("[]"))).strip(" ,;<>()")
    rest = without_by(text)
    return rest if rest and is_name(rest) else text


def without_by(text: str) -> str:
    """`text` without the word that opens a byline."""
    hit = _BY.match(text)
    if hit is None:
        return text
    rest = text[hit.end() :].strip()
    particle = hit[0].strip().lower() in phrases.PARTICLES and rest[:1].islower()
    return text if particle else rest  # "Von der Leyen" is no "von …"


def _parenthesis(text: str) -> tuple[str, list[str]]:
    if text.count("(") != text.count(")"):
        text = text.split("(", 1)[0]
    inside = re.findall(r"[(\[]([^()\[\]]{1,80})[)\]]", text)
    return re.sub(r"\s*[(\[][^()\[\]]{1,80}[)\]]", "", text), [p for p in inside if is_agency(p)]


def is_agency(segment: str) -> bool:
    """Whether a segment of a byline names a house: a known agency, or a word such as "News"."""
    words = segment.replace(".", "").split()
    if not words or len(words) > 7:
        return False
    if _AGENCY.fullmatch(segment.strip(" .")) or _DOMAIN.fullmatch(segment):
        return True
    if len(words) == 1:
        newsroom = words[0].lower() in phrases.NEWSROOMS
        house = newsroom or (words[0][:1].isupper() and bool(_HOUSE.fullmatch(words[0])))
        return house or (words[0].isupper() and 2 <= len(words[0]) <= 5 and words[0].isalpha())
    return any(word.lower() in phrases.AGENCY_WORDS for word in words)


def is_name_word(word: str) -> bool:
    """Whether a word can stand in a person's name: capitalized, an initial, or a particle."""
    bare = word.strip(".,;:'’\"“”()")
    if not bare:
        return False
    if bare.lower() in phrases.PARTICLES or bare.lower() in phrases.SUFFIXES:
        return True
    letters = bare.replace("-", "").replace("'", "").replace("’", "").replace(".", "")
    return letters.isalpha() and (letters[0].isupper() or not _has_case(letters))


def _has_case(letters: str) -> bool:
    return letters.lower() != letters.upper()


def is_name(text: str) -> bool:
    """Whether `text` reads as one to three people: 2–4 name words each, no sentence."""
    people = re.split(r"\s*(?:,|&|\band\b|\by\b|\bund\b|\bet\b|\be\b)\s+", text.strip())
    return 1 <= len(people) <= 3 and all(_is_person(person) for person in people)


def _is_person(text: str) -> bool:
    words = text.split()
    if (
        not words
        or len(words) > 5
        or any(w.lower() in phrases.OPENERS and w.lower() not in phrases.PARTICLES for w in words)
    ):
        return False
    if len(words) == 1:
        return not _has_case(text) and 2 <= len(text) <= 5
    return (
        all(is_name_word(word) for word in words)
        and not words[0].islower()
        and not words[-1].islower()
    )


def is_byline(line: str, *, bare: bool = False) -> bool:
    """Whether a line is a byline: "By …" before a name; if `bare`, also names and agency alone."""
    if len(line) > 160 or line.endswith(("?", "!", "…", "...")):
        return False
    hit = _BY.match(line)
    found = parse_byline(line) if hit or bare else Byline()
    if not 1 <= len((found.name + " " + found.agency).split()) <= 12:
        return False
    if hit:
        single = len(found.name.split()) == 1 and found.name[:1].isupper()
        return not found.name or single or is_name(found.name)
    if not found.agency and line.isupper():
        return False
    if not found.name:
        return len(line.split()) <= 4 and not line.endswith(".")
    named = bool(found.agency) or _SPLIT.search(line) is None or _is_name_and_job(line)
    return is_name(found.name) and named


def _is_name_and_job(line: str) -> bool:
    """Whether a line is a person and what they do: "Ada Quill, science correspondent"."""
    name, *rest = (piece.strip() for piece in _SPLIT.split(line))
    return bool(rest) and is_name(name) and all(_FULL_JOB.fullmatch(piece) for piece in rest)


# "SEOUL, SOUTH KOREA — ", "PARIS, May 3 (AFP) - ", "MANILA, Philippines (AP) — ", "SINGAPORE: ",
# "(Reuters) - ": the place in capitals, or an agency in parentheses; then a dash or a colon.
_UPPER = r"[^\W\d_a-zß-öø-ÿ](?:[^\W\d_a-zß-öø-ÿ]|[.'’-])*"
_PLACE = rf"{_UPPER}(?:[ /]{_UPPER}){{0,4}}"
_MORE = r"(?:,\s+[^\W\d_][\w.'’ /-]{1,30}){0,3}"
_DATELINE = re.compile(
    rf"(?P<place>{_PLACE}{_MORE})?\s*(?:[(\[](?P<agency>[^()\[\]]{{2,40}})[)\]])?\s*(?P<sep>[—–:]|-{{1,2}})\s+(?=\S)"
)
_MIXED = re.compile(
    r"(?P<place>[^\W\d_][\w.'’-]+(?: [^\W\d_][\w.'’-]+){0,3}(?:,\s+[^\W\d_][\w.'’ -]{1,30}){0,2})"
    r"\s*[(\[/]\s*(?P<agency>[^()\[\]/]{2,40}?)\s*[)\]]?\s*(?:[—–:.]|-{1,2})\s+(?=\S)"
)


_SPEAKER = re.compile(rf"{_PLACE}:\s")


def is_spoken(paragraphs: Sequence[str]) -> bool:
    """Whether paragraphs are a conversation, whose speakers stand in capitals before a colon."""
    return sum(_SPEAKER.match(paragraph) is not None for paragraph in paragraphs[:40]) > 1


def split_dateline(paragraph: str, *, spoken: bool = False) -> tuple[str, str, str]:
    """(dateline, agency, rest) of the first paragraph of a report; ("", "", paragraph) if none.

    `spoken`: capitals before a colon name who speaks.
    """
    head = paragraph[:120]
    hit = _DATELINE.match(head)
    if hit and spoken and hit["sep"] == ":":
        return "", "", paragraph
    if hit and _is_place(hit["place"]) and _may_open(hit, paragraph):
        agency = hit["agency"] or ""
        agency = agency if is_agency(agency) or agency[:1].isupper() else ""
        return hit["place"].strip(" ,"), agency, paragraph[hit.end() :]
    if hit and _house(hit["agency"]):
        return (hit["place"] or "").strip(" ,"), hit["agency"], paragraph[hit.end() :]
    hit = _MIXED.match(head)
    if (
        hit
        and _house(hit["agency"])
        and all(w[0].isupper() or not _has_case(w[0]) for w in hit["place"].split()[:1])
    ):
        return hit["place"].strip(" ,"), hit["agency"], paragraph[hit.end() :]
    return "", "", paragraph


def _may_open(hit: re.Match[str], paragraph: str) -> bool:
    """Whether a report follows a place in capitals.

    A colon also stands behind labels ("WATCH:"), whose lines are short.
    """
    if hit["sep"] != ":":
        return True
    rest = paragraph[hit.end() :]
    return hit["agency"] is None and rest[:1].isupper() and len(rest.split()) >= 8


def _is_place(place: str | None) -> bool:
    """A city in capitals: at least three letters that are all upper case and have cases at all."""
    if not place:
        return False
    city = place.split(",")[0]
    if city in phrases.KICKERS or city.split()[0] in phrases.KICKERS:
        return False
    letters = [c for c in city if c.isalpha()]
    return len(letters) >= 3 and all(c.isupper() for c in letters)


def _house(agency: str | None) -> bool:
    return agency is not None and is_agency(agency)
