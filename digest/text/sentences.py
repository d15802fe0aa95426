"""Where sentences begin and end, without any download.

English, and Latin text whose language is not known, go by the rules of `digest.text.full_stops`;
other languages by sentencex, whose boundaries are mended where a reader would not stop. Nothing
crosses a blank line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from digest.models import Span
from digest.text.full_stops import ends
from digest.text.language import base, language_of, script


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*|\r\n[^\S\n]*\r\n\s*|\u2029\s*")
_WIDE_SPACE = re.compile(r"[^\S\x00-\x7f]")
_HALF = re.compile(r"[\ud800-\udfff]")
_CLOSERS = "\"'”’»›)]}」』）】〉》"
_NOTHING_SAID = re.compile(r"[\W_]*")

# What sentencex 1.0.32 ends a sentence at although none ends there.
_ABBREVIATIONS = {
    "fr": _set("M MM Mme Mlle Me Dr Pr St Ste av apr env p art n no nos"),
    "es": _set("Sr Sra Srta Dr Dra D Da Ud Uds pág núm art av ee uu"),
    "pt": _set("Sr Sra Dr Dra Prof Exmo Exma pág núm art av"),
    "it": _set("Sig Dott Ing Avv On Prof Dr pag art n"),
    "de": _set("Dr Prof Hr Fr Nr St bzw ca Abs Art Str Mio Mrd"),
    "ru": _set("г гг им ул д стр руб коп тыс млн млрд т см др Дж Св проф акад"),
    "uk": _set("р рр ім вул м грн тис млн млрд див"),
    "ar": _set("د أ ش ص ت"),
    "hi": _set("डॉ प्रो श्री सुश्री रु पं कु मो"),
    "el": _set("κ κα κκ Δρ αρ σελ π μ Χ"),
}
_LAST_TOKEN = re.compile(r"([^\s(«“„\"'’]+)\.\s*$")
# A quotation stands in the sentence around it: 「行きます。」と言った is one sentence.
_TAILS = {
    "ja": re.compile(r"[とっのを]"),
    "ko": re.compile(r"(?:이?라)?(?:고|며|면서|는)(?![가-힣])|이?라고|이?라며|이?라는"),
    "zh": re.compile(r"[^。！？，]{1,16}(?:说|說|道|表示|称|稱|问|問)(?:。|[，：][“「『])"),
}
# "J.-P. Roux", and "O.N.U." cut after its first letter.
_INITIALS = re.compile(r"(?:[^\W\d_a-z]\.-)[^\W\d_a-z]\.\s*$")
_TORN = re.compile(r"(?<![^\W_])[^\W\d_]\.$")
_DASHED = re.compile(r"[-–—]\s*[^\W\d_]")
# German counts with a full stop: "der 1. FC", "im 19. Jahrhundert".
_ORDINAL = re.compile(
    r"\b(?:[dD](?:er|ie|as|en|em|es)|[iIaA]m|[vV]om|[zZ]u[mr]|[bB](?:eim|is)|[sS]eit|[aA]b"
    r"|\w*[eE]in(?:e[nmrs]?)?|(?:[Ss]ein|[Ii]hr|[Jj]ed|[Dd]ies)e[nmrs]?)\s+\d{1,3}\.\s*$"
)
# A Hebrew acronym holds a quote: ש"ח. To sentencex it would open a quotation.
_GERSHAYIM = re.compile(r"(?<=[א-ת])\"(?=[א-ת])")
# Thai ends a sentence with a space, but has spaces inside it too; these open a new one.
_THAI_START = re.compile(
    r"\s+(?=นอกจากนี้|อย่างไรก็ตาม|ทั้งนี้|ขณะที่|ขณะเดียวกัน|ด้าน|ล่าสุด|ต่อมา|เมื่อวันที่|สำหรับ|ส่วน|ก่อนหน้านี้)"
    r"|(?<=ครับ)\s+|(?<=ค่ะ)\s+"
)


def paragraphs(text: str) -> Iterator[Span]:
    """The spans of the paragraphs of `text`, which blank lines separate."""
    start = 0
    for gap in _BLANK_LINE.finditer(text):
        yield start, gap.start()
        start = gap.end()
    yield start, len(text)


def split(text: str, language: str = "") -> tuple[Span, ...]:
    """The spans of the sentences of `text`, in order, without white space at their edges.

    They are disjoint, cover every character but white space, and none crosses a blank line. A
    `language` that the script contradicts is not believed.
    """
    return tuple(sentences(text, language))


def sentences(text: str, language: str = "") -> Iterator[Span]:
    """The spans that `split` gives, one after the other, for those who need the first few."""
    if not text or text.isspace():
        return
    tag = base(language_of(text, language)) if not text.isascii() else base(language) or "en"
    if tag in {"", "en"} and script(text) in {"", "Latn"}:
        tag = "en"
    for start, end in paragraphs(text):
        paragraph = text[start:end]
        last = 0
        for cut in chain(
            ends(paragraph) if tag == "en" else _others(paragraph, tag), [len(paragraph)]
        ):
            piece = paragraph[last:cut]
            bare = piece.strip()
            if bare:
                at = start + last + len(piece) - len(piece.lstrip())
                yield at, at + len(bare)
            last = cut


def _others(paragraph: str, tag: str) -> Iterable[int]:
    """Where sentences end in a paragraph of another language than English."""
    import sentencex

    if tag == "th":
        return [gap.start() for gap in _THAI_START.finditer(paragraph)]
    # sentencex 1.0.32 panics on white space of several bytes after an initial (`A\u00a0.`).
    # Half a character, which a broken source may hold, it cannot read at all.
    plain = _HALF.sub("\ufffd", _WIDE_SPACE.sub(" ", paragraph))
    if tag in {"he", "yi"}:
        plain = _GERSHAYIM.sub("״", plain)
    try:
        rows = sentencex.get_sentence_boundaries(_HALF.sub("\ufffd", tag) or "en", plain)
    except BaseException as panic:
        if (
            type(panic).__name__ != "PanicException"
        ):  # how Rust code fails; no subclass of Exception
            raise
        return ends(paragraph)
    cuts: list[int] = []
    start = last = 0
    said = False
    for row in rows[:-1]:
        cut = int(row["end_index"])
        said = said or not _NOTHING_SAID.fullmatch(paragraph, last, cut)
        last = cut
        if said and not _goes_on(paragraph, start, cut, tag):
            cuts.append(cut)
            start, said = cut, False
    return cuts


def _goes_on(paragraph: str, start: int, cut: int, tag: str) -> bool:
    """Whether the sentence that sentencex ended at `cut` goes on for a reader."""
    before, after = paragraph[max(start, cut - 40) : cut], paragraph[cut : cut + 20].lstrip()
    if not after:
        return True
    if after[0] in _CLOSERS + ",;:、，":
        return True
    if after[0].islower() and tag != "ka":
        return True
    if (dash := _DASHED.match(after)) and dash[0][-1].islower():  # «Мы не уйдём!» — кричали они.
        return True
    return _is_quoted_on(before, after, tag) or _is_abbreviated(before, after, tag)


def _is_quoted_on(before: str, after: str, tag: str) -> bool:
    """Whether a quotation that closes in `before` stands in a sentence that goes on."""
    if tag not in _TAILS or (tag == "ko" and before[-1:].isspace()):
        return False
    return before.rstrip()[-1:] in '」』”"' and _TAILS[tag].match(after) is not None


def _is_abbreviated(before: str, after: str, tag: str) -> bool:
    """Whether the full stop in which `before` ends belongs to an abbreviation or a number."""
    end = before[-24:]
    if _INITIALS.search(end) or (_TORN.search(end) and after[1:2] == "."):
        return True
    if tag == "de" and _ORDINAL.search(end):
        return True
    last = _LAST_TOKEN.search(end)
    return bool(last and last[1] in _ABBREVIATIONS.get(tag, ()) and after[0] not in "«“¿¡")
