"""Display width: how many columns of a fixed-width font a text takes, and wrapping by it.

Latin letters take one column, CJK and most emoji two, combining marks none (UAX #11 and UAX #29,
through wcwidth). `textwrap` counts characters instead, and makes CJK lines twice as wide as asked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain

# White space at which a line may break. Not NO-BREAK SPACE, NARROW NO-BREAK SPACE, FIGURE SPACE.
_SPACE = re.compile(r"[ \t\n\r\f\v\u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000]+")
# Letters of one column, with the quotes, dashes and dots of typeset text.
_NARROW = re.compile("[ -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027]*+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
# wcwidth 0.9.4 counts back to the first of a run of flags at each of them: two letters make a flag,
# which is as wide as a wide space.
_FLAGS = re.compile(r"(?:[\U0001f1e6-\U0001f1ff]{2}){16,}")
# Han, kana, CJK punctuation and full-width forms. Hangul breaks at spaces, as in print.
_CJK = re.compile(
    "[\u2e80-\u312f\u31a0-\u4dbf\u4e00-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef"
    "\U00020000-\U0003ffff]"
)
_URL = re.compile(r"((?:https?://|mailto:)[!-~]+)", re.IGNORECASE)

# Line breaking in Japanese and Chinese (JIS X 4051, "kinsoku shori"): what no line begins with,
# and what no line ends with. A directional isolate stays with its words. Elsewhere a break between
# two wide characters is good.
_NO_START = frozenset(
    "、。，．・：；？！゛゜ヽヾゝゞ々ー’”）〕］｝〉》」』】〙〗〟｠»,.:;?!)]}'\"…‥｡､｣･ｰ〻\u2069"
)
_SMALL_KANA = frozenset(
    "ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿｧｨｩｪｫｬｭｮｯ"
)
_NO_END = frozenset("‘“（〔［｛〈《「『【〘〖〝｟«([{｢\u2066\u2067\u2068")


def width(text: str) -> int:
    """Columns that `text` takes on one line; control characters count as none."""
    if text.isascii():
        return len(text) if text.isprintable() else len(_CONTROL.sub("", text))
    if _NARROW.fullmatch(text):
        return len(text)
    if len(text) == 1:
        return _width_of_one(text)
    return _width(text)


@lru_cache(maxsize=4096)
def _width_of_one(character: str) -> int:
    return _width(character)


def _width(text: str) -> int:
    from wcwidth import wcswidth

    plain = _FLAGS.sub(lambda hit: "\u3000" * (len(hit[0]) // 2), _CONTROL.sub("", text))
    return max(0, wcswidth(plain))


def graphemes(text: str) -> Iterator[str]:
    """The grapheme clusters of `text`: what a reader takes for one character each.

    A spacing mark that UAX #29 leaves to itself (the vowel sign AA and the visarga of Burmese)
    stays with the letter that it follows: no line begins with one, and it takes a column there.
    """
    if text.isascii():
        yield from text
        return
    from wcwidth import iter_graphemes

    held = ""
    for cluster in iter_graphemes(text):
        if held and not _begins_with_mark(cluster):
            yield held
            held = ""
        held += cluster
    if held:
        yield held


def _begins_with_mark(text: str) -> bool:
    return unicodedata.category(text[0]) == "Mc"


def cut_to_width(text: str, columns: int, *, ellipsis: str = "…") -> str:
    """`text` on one line of at most `columns`; where it is longer it ends in `ellipsis`.

    Ends after a whole word where one ends in the second half of the line, else after a whole
    grapheme cluster.
    """
    line = " ".join(_words(text))
    if width(line) <= columns:
        return line
    room = columns - width(ellipsis)
    kept = _first_columns(line, room)
    space = kept.rfind(" ")
    if space > 0 and line[len(kept)] != " " and width(kept[:space]) >= room // 2:
        kept = kept[:space]
    return kept.rstrip(" ,;:–—-") + ellipsis


def wrap(text: str, columns: int = 72, indent: str = "") -> list[str]:
    """`text` as lines of at most `columns`, each behind `indent`; white space is collapsed.

    Lines break at white space, and between wide characters where CJK typesetting allows it. A word
    that is too long breaks between grapheme clusters; a URL never breaks: one that is too long
    stands on a line of its own, without indent.
    """
    room = max(2, columns - width(indent))
    words = _words(text)
    if _is_simple(words, room):
        return [indent + line for line in _lines(" ".join(words), room)]
    lines: list[str] = []
    line, used = "", 0
    for spaced, piece in _pieces(words, room):
        # A mark without a letter of its own takes a column behind what stands before it.
        wide = len(piece) if piece.isascii() else width(piece) + _begins_with_mark(piece)
        gap = " " if spaced and line else ""
        if line and used + len(gap) + wide > room:
            lines.append(line)
            line, used, gap = "", 0, ""
        line, used = line + gap + piece, used + len(gap) + wide
    if line:
        lines.append(line)
    return [shown if width(shown) > room else indent + shown for shown in lines]


def _words(text: str) -> list[str]:
    if text.isprintable():  # no white space but spaces, and no control characters
        return text.split()
    plain = (_CONTROL.sub("", word) for word in _SPACE.split(text))
    return [word for word in plain if word]


def _is_simple(words: list[str], room: int) -> bool:
    """Whether lines break between words alone, and a column is a character."""
    text = "".join(words)
    return (
        max(map(len, words), default=0) <= room
        and _NARROW.fullmatch(text) is not None
        and (text.isascii() or not _URL.search(text))
    )


def _lines(text: str, room: int) -> Iterator[str]:
    """Lines of at most `room` characters, broken at spaces; no word of `text` is longer."""
    at = 0
    while len(text) - at > room:
        end = text.rindex(" ", at, at + room + 1)
        yield text[at:end]
        at = end + 1
    if text:
        yield text[at:]


def _pieces(words: list[str], room: int) -> Iterator[tuple[bool, str]]:
    """What never breaks, in order, each with whether a space stands before it."""
    for word in words:
        for number, part in enumerate(_parts(word, room)):
            yield number == 0, part


def _parts(word: str, room: int) -> list[str]:
    """`word` split where it may, or must, break; a URL inside it stays whole."""
    if len(word) <= room and (
        word.isascii() or (_NARROW.fullmatch(word) and not _URL.search(word))
    ):
        return [word]
    parts: list[str] = []
    for number, part in enumerate(_URL.split(word)):
        if number % 2:
            parts.append(part)
        elif part:
            parts.extend(_cjk_parts(part, room))
    return parts


def _cjk_parts(word: str, room: int) -> list[str]:
    """`word` split where a line may break between wide characters."""
    if not _CJK.search(word):
        return _chunks(word, room)
    parts: list[str] = []
    previous = ""
    for cluster in graphemes(word):
        if parts and not _may_break(previous, cluster):
            parts[-1] += cluster
        else:
            parts.append(cluster)
        previous = cluster
    return [chunk for part in parts for chunk in _chunks(part, room)]


def _may_break(before: str, after: str) -> bool:
    if after[0] in _NO_START or after[0] in _SMALL_KANA or before[0] in _NO_END:
        return False
    return _CJK.match(before) is not None or _CJK.match(after) is not None


def _chunks(part: str, room: int) -> list[str]:
    """`part` in pieces of at most `room` columns, whole grapheme clusters each.

    A cluster without end, such as 500 Hangul initials in a row, breaks between its characters.
    """
    if width(part) <= room:
        return [part]
    chunks, line, used = [], "", 0
    clusters = ([c] if width(c) <= room else c for c in graphemes(part))
    for cluster in chain.from_iterable(clusters):
        wide = width(cluster)
        if line and used + wide > room:
            chunks.append(line)
            line, used = "", 0
        line, used = line + cluster, used + wide
    return [*chunks, line]


def _first_columns(line: str, room: int) -> str:
    if _NARROW.fullmatch(line):
        return line[: max(0, room)]
    kept, used = [], 0
    for cluster in graphemes(line):
        used += width(cluster)
        if used > room:
            break
        kept.append(cluster)
    return "".join(kept)
