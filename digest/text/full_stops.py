"""The rules for full stops in English and in Latin text that resembles it.

A candidate is a run of `.`, `!`, `?`, `…` with the quotes and brackets that close after it. The
word before and the word after say whether a sentence ends there. Where both readings are possible
the rules join: a long sentence reads better than half a one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_MARK = re.compile(r"[.!?…]+[\"'”’»›)\]}]*|[。！？｡؟۔।॥]+[」』）】”’\"')]*")
_WIDE = frozenset("。！？｡؟۔।॥")
_NEXT = re.compile(r"(\s*)([\"'“‘«‹„(\[{¿¡*–—•-]*\s?)(\w[\w'’-]*)?")
_GLUED = re.compile(r"((?:[\"“]\s?|[‘'(\[])?)([A-Z]{2,}\b|[A-Z][a-z'’]*)")

# Titles, and other words that a name or a figure always follows.
_JOINED = _set(
    "Mr Mrs Ms Mx Dr Drs Prof Gen Lt Col Sgt Capt Cpl Pvt Maj Brig Adm Cmdr Cdr Sen Rep Reps Sens "
    "Gov Govs Rev Fr Hon Pres Supt Insp Det Atty Amb Msgr Ft Mme Mlle Messrs Sra Srta Vs vs v cf "
    "viz approx Gen Lieut Comdr Ald Dir"
)
# Words that end a sentence unless a figure follows.
_BEFORE_FIGURE = _set(
    "No Nos no nos p pp vol Vol Vols ch Ch Chap fig Fig Figs Art art Sec sec Rs para Tel Ext ext c "
    "ca b d r Pt pt Op op Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec"
)
_DAYS = _set("Mon Tue Tues Wed Thu Thur Thurs Fri Sat Sun")
_MONTHS = _set(
    "Jan Feb Mar Apr May Jun Jul Aug Sep Sept Oct Nov Dec January February March April June July "
    "August September October November December"
)
# Words after which a capital may belong to the same name: only a word that opens sentences ends it.
_DOUBTFUL = _set(
    "Inc Corp Co Cos Ltd Bros Jr Sr Esq Ph.D M.D LL.D S.A plc Assn Assoc Dept Univ Intl Natl Govt "
    "St Ste Mt Ave Blvd Rd Ln Hwy al Ariz Ark Calif Colo Conn Del Fla Ga Ill Kan Ky La Mass Md "
    "Mich Minn Miss Mo Mont Neb Nev Okla Ore Pa Tenn Tex Va Vt Wash Wis Wyo Ont Que est"
)
_STARTERS = _set(
    "The A An He She It They We You His Her Their Its This That These Those There But And So Or "
    "In On At For If When While After Before As Since With By To From Some Many Most Both All One "
    "Two Three However Meanwhile Also According Last Earlier Now Not No What Who Why How Where "
    "Under Despite Although Though Because During Another Other Our My Your Officials Such Then "
    "Until Once Still Yet Even Only Several Few Each Every Nearly About More Here Later Mr Mrs "
    "Ms Dr Instead Today Yesterday Police"
)
_AFTER_HOUR = _MONTHS | _set(
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday Mon Tue Tues Wed Thu Thurs Fri Sat "
    "Sun Eastern Central Mountain Pacific Atlantic Greenwich Beijing London Tokyo Paris Moscow IST "
    "ET EST EDT CT CST CDT MT MST MDT PT PST PDT GMT UTC BST CET CEST JST AEST HKT WIB"
)
_NEVER = frozenset({"e.g", "i.e", "E.g", "I.e", "v", "vs"})
_DOMAINS = frozenset({"Com", "Net", "Org", "Js", "Py", "Io", "Ai", "COM", "NET", "ORG"})
_PRONOUNS = frozenset({"He", "She", "They", "It", "I", "We", "You", "The", "A", "In", "But", "And"})

_INSIDE_WORD = re.compile(r"[\"“”‘«»()\[\]—–]|^'")
_ACRONYM = re.compile(r"(?:[A-Za-z]\.)+[A-Za-z]$")
_INITIAL = re.compile(r"(?:[A-Z]\.?-?)?[A-Z]$")
_BRAND = re.compile(r"[a-z]{1,2}[A-Z]")
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
    opens: bool
    """Whether the word before is the first of its sentence."""
    after: str
    rest: str


def ends(paragraph: str) -> list[int]:
    """Where sentences end in one paragraph, its own end left out; ascending offsets."""
    found: list[int] = []
    start = counted = quotes = 0
    for hit in _MARK.finditer(paragraph):
        at = hit.start()
        quotes += paragraph.count('"', counted, at)
        counted = at
        end = _close(paragraph, hit, inside=quotes % 2 == 1)
        if end >= len(paragraph):
            break
        if paragraph[at] in _WIDE or _is_end(paragraph, start, at, end):
            found.append(end)
            start = end
    return found


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
    space, after = following[1], following[3] or ""
    chunk = paragraph[max(start, at - 60) : at]
    tokens = chunk.split() if chunk and not chunk[-1].isspace() else []
    before = _INSIDE_WORD.split(tokens[-1])[-1] if tokens else ""
    mark = paragraph[at:end].rstrip("\"'”’»›)]}")
    stop = _Stop(
        mark=mark,
        closers=paragraph[at + len(mark) : end],
        before=before,
        opens=len(tokens) == 1 and at - start <= 60,
        after=after,
        rest=paragraph[following.start(3) : following.start(3) + 80] if after else "",
    )
    if _in_brackets(paragraph, start, at, end):
        return False
    if not space:
        return _ends_glued(paragraph, end, stop)
    if not after:
        return False
    if after[0].islower():
        return bool(_BRAND.match(after)) and stop.before not in _JOINED
    if stop.mark[-1] in "!?":
        return not _attributed(stop)
    if stop.mark != ".":
        return not after[0].isdigit() and after.split("'")[0].split("’")[0] != "I"
    return _ends_at_full_stop(stop)


def _ends_at_full_stop(stop: _Stop) -> bool:  # noqa: PLR0911 — rules, one a line, in order
    """The rules for one full stop, a space, and then no small letter; the first that fits holds."""
    before, after = stop.before, stop.after
    starts = after in _STARTERS
    if not before:
        return True
    if before in _JOINED or before in _NEVER:
        return False
    if before.isdigit():
        return not (stop.opens and len(before) <= 2)  # "1. Wash the rice"
    if before in _DAYS and (after in _MONTHS or after[0].isdigit()):
        return False
    if before in _BEFORE_FIGURE:
        return not after[0].isdigit()
    if stop.closers.strip("'’"):
        return True
    if before.lower() in {"a.m", "p.m"}:
        return after not in _AFTER_HOUR
    if before in _DOUBTFUL or _ACRONYM.match(before):
        return starts
    if _INITIAL.match(before):
        return starts and not stop.opens
    return True


def _ends_glued(paragraph: str, end: int, stop: _Stop) -> bool:  # noqa: PLR0911 — rules, one a line, in order
    """A full stop without a space behind it: `the order.The court`, as scraping leaves it."""
    following = _GLUED.match(paragraph, end)
    before = stop.before
    if not following or not stop.mark or stop.mark[-1] not in ".!?":
        return False
    word = following[2]
    if word in _DOMAINS or re.search(r"://|www\.|[@/_=]", before) or before in _JOINED:
        return False
    if len(word) < 2 and word not in {"A", "I"}:
        return False
    if before in _BEFORE_FIGURE or before in _DOUBTFUL:
        return word in _STARTERS
    if stop.closers:
        return True
    if re.search(r"[a-z\d]{2}$", before) and "." not in before:
        return True
    return bool(re.search(r"[A-Z]{2}$", before)) and word in _STARTERS


def _attributed(stop: _Stop) -> bool:
    """`"Is it safe?" Ms. Reyes asked`: the speaker still belongs to the sentence."""
    if stop.before == "Yahoo" and not stop.closers:
        return stop.after not in _STARTERS
    if not stop.closers.strip(")]}"):
        return False
    said = _SAID.match(stop.rest)
    return said is not None and said[1].split()[0] not in _PRONOUNS


def _in_brackets(paragraph: str, start: int, at: int, end: int) -> bool:
    """Whether a bracket that opened in this sentence is still open, and closes soon."""
    low = max(start, at - 400)
    opened = paragraph.count("(", low, end) - paragraph.count(")", low, end)
    if opened > 0:
        return ")" in paragraph[end : end + 300]
    # "(He won.) Next" ends; "The firm (Acme Inc.) Chief" and "left (at last!) The" do not.
    closes = ")" in paragraph[at:end]
    return closes and not paragraph[start:at].lstrip().startswith(("(", '"(', "“("))
