"""What a line of a document is, other than a body paragraph."""

from __future__ import annotations

import re

from digest.collect import phrases
from digest.collect.dates import ends_with_date, is_date_line
from digest.models import PartKind

_CALL = re.compile(rf"(?:[→»>▶•*·\-–\[(]\s*)*(?:{phrases.CALLS})", re.IGNORECASE)
_SHARE_WORD = rf"(?:{phrases.SHARES})"
_SHARE = re.compile(
    rf"(?:{_SHARE_WORD}(?:[\s,|·•/&:]+(?:and|on|to|via|this|article|story|post|y|et|und|e|en|sur|auf|su|no|op|på|w|l[’']article)?[\s]*|$))+",
    re.IGNORECASE,
)
_NOTICE = re.compile(rf"(?:[\[(*]\s*)?(?:{phrases.NOTICES})", re.IGNORECASE)
_META = re.compile(phrases.META, re.IGNORECASE)
_PROMO = re.compile(phrases.PROMOS, re.IGNORECASE)
_ASKED = re.compile(phrases.ASKED, re.IGNORECASE)
_CONTACT = re.compile(phrases.CONTACT, re.IGNORECASE)
_LABEL = re.compile(
    rf"[\[(]?\s*(?:{phrases.CAPTION_LABELS})\s*(?:[:：—–/|]|-\s|\s-\s)", re.IGNORECASE
)
_CREDITED = re.compile(
    r"(?:image|photo|picture) (?:copyright|credit|source|caption|courtesy)|©\s|"
    r"(?:photo|photograph|image|picture|foto|bild|illustration) "
    r"(?:by|courtesy of|von|de|di|por|par)\s",
    re.IGNORECASE,
)
_CREDIT_END = re.compile(
    r"[(\[](?:[^()\[\]]{0,60}?\b)?(?:photo|image|picture|foto|reuters|afp|ap|getty|epa|dpa|"
    r"handout|courtesy|credit|shutterstock|screenshot|screengrab|unsplash|wikimedia|pna|voa|"
    r"efe|ansa)\b[^()\[\]]{0,60}[)\]][.]?$"
    r"|(?:\s[/|]\s?|\s©\s?)(?:[\w .]{0,30}\s)?"
    r"(?:reuters|afp|ap|getty(?: images)?|epa|dpa|shutterstock)[.]?$",
    re.IGNORECASE,
)
_NAMED = r"[^\W\d_a-zß-öø-ÿ][\w.’'-]*(?: [^\W\d_a-zß-öø-ÿ][\w.’'-]*){0,3}"
# "(Coastwire/Lena Harkavy)", "Picture: Lena Harkavy", "Foto: L. Harkavy/Coastwire" at the end.
_SIGNED = re.compile(
    rf"\({_NAMED}/{_NAMED}\)[.]?$"
    rf"|(?:^|[.!?”\")]\s)(?i:photo|photograph|picture|image|foto|bild|fotografía|crédit photo|"
    rf"immagine|beeld|zdjęcie)s?\s?[:：]\s?{_NAMED}(?:\s?[/,|]\s?{_NAMED})?[.]?$"
)
_FILE_PHOTO = re.compile(
    r"\bin (?:a|an|this) "
    r"(?:(?:undated|file|handout|recent|archive|combination|aerial|satellite)\s)+"
    r"(?:photo|picture|image|photograph|handout|illustration)\b",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"[“”\"„«»]|\b(?:said|says|told|added|announced|according to|stated|warned|"
    r"dijo|afirmó|señaló|según|dit|"
    r"déclaré|a dit|selon|sagte|erklärte|teilte|disse|afirmou|segundo|ha detto|secondo|zei)\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?:[.!?…:;]|\.\.\.|[。！？؟।։])[\"”’'»)\]]*$")
_BREAK = re.compile(r"[.!?][\"”’')]?\s+[A-ZÀ-ÖØ-Þ“\"]")
_ELLIPSIS = re.compile(r"(?:…|\.\.\.|\. \. \.)\s*[\])\"”’]*$")


def ends_cut(text: str) -> bool:
    """Whether the source's own words break off: "…", "..." or "[…]" at the end."""
    return _ELLIPSIS.search(text) is not None


def ends_sentence(text: str) -> bool:
    """Whether a line ends like a sentence."""
    return _SENTENCE_END.search(text) is not None


def length(text: str) -> int:
    """Words of a line; two characters count as a word where the script has no spaces."""
    words = text.split()
    return max(len(words), len(text) // 8) if words else 0


def is_single_sentence(text: str) -> bool:
    """Whether no sentence ends inside the line (a month's or an initial's stop does not count)."""
    for hit in _BREAK.finditer(text):
        before = text[: hit.start()].rsplit(" ", 1)[-1].strip("(“\"'‘")
        if len(before) > 3 or before.islower():
            return False
    return True


def part_kind(line: str) -> PartKind | None:
    """What a line is by its own words: caption, call to action, share, notice; None for text."""
    words = length(line)
    if words <= 60 and (_NOTICE.match(line) or _is_about_text(line, words)):
        return "notice"
    if words <= 45 and _PROMO.match(line) and _ASKED.search(line) and not _SAYS.search(line):
        return "call-to-action"
    if words <= 45 and is_caption(line):
        return "caption"
    if words <= 12 and _SHARE.fullmatch(line.strip()):
        return "share"
    if words <= 30 and _CALL.match(line) and is_single_sentence(line):
        return "call-to-action"
    return None


def _is_about_text(line: str, words: int) -> bool:
    """Whether a line is a date alone, or labels: "Posted by: … Categories: …"."""
    return (words <= 12 and is_date_line(line)) or (
        words <= 40 and line.count(":") >= 2 and len(_META.findall(line)) >= 2
    )


_ADDRESS = re.compile(r"\S@\S+\.\w|(?:^|[\s(])@\w{2,}|https?://|\bwww\.")


def is_contact(line: str) -> bool:
    """Whether a line at the end of a text says where its writer can be reached or followed."""
    return length(line) <= 45 and bool(_ADDRESS.search(line)) and bool(_CONTACT.match(line))


def is_caption(line: str) -> bool:
    """Whether a line describes a picture: a label, a credit, or one dated scene without speech."""
    if _LABEL.match(line):
        return not re.match(r"(?i)(?:file|image|photo|line)s?\s*:\s*//", line)
    if line[:1] == "©" and re.match(r"©.{2,60}\b\d{4}\b", line):
        return False  # whose the whole text is
    words = length(line)
    if _CREDITED.match(line) or (words <= 60 and _is_credited(line[-140:], words)):
        return True
    # The end of the line is searched first: nearly every line fails there.
    if _FILE_PHOTO.search(line[-60:]) is None and not (words >= 5 and ends_with_date(line)):
        return False
    return is_single_sentence(line) and not _SAYS.search(line)


def _is_credited(tail: str, words: int) -> bool:
    """Whether a line ends in whose picture it is; told by its last letters where they tell."""
    closed = tail.rstrip(".")[-1:] in (")", "]")
    if (closed or any(mark in tail for mark in "/|©")) and _CREDIT_END.search(tail):
        return True
    labeled = ":" in tail or "：" in tail
    return words >= 5 and (closed or labeled) and _SIGNED.search(tail) is not None


def is_headline_like(line: str) -> bool:
    """Whether a line could head something: short, without the end of a sentence or a comma."""
    if not line or length(line) > 30 or len(line) > 220:
        return False
    if line.endswith((",", ";")) or ends_cut(line):
        return False
    return not re.search(r"[^.][.。][\"”’)]?$", line) or _is_abbreviated(line)


def _is_abbreviated(line: str) -> bool:
    """Whether the last word keeps its stop inside a headline too: U.S., Inc."""
    last = line.rsplit(" ", 1)[-1].strip('”’")')
    return bool(re.fullmatch(r"(?:[A-Z]\.){2,5}|(?:Inc|Co|Corp|Ltd|Jr|Sr|No|St|etc)\.", last))


def is_subhead(line: str) -> bool:
    """Whether a line between paragraphs heads what follows: a few words, no end of a sentence."""
    if not is_headline_like(line) or length(line) > 12 or len(line) > 90:
        return False
    if line.endswith(("?", "!", "？", "！")):
        return length(line) <= 8 and not re.search(r"[“”\"„«»]|[.?!]\s", line)
    return not line.endswith(":") and re.search(r"\w", line) is not None


def is_block_heading(line: str) -> bool:
    """Whether a line, and no more, announces other stories ("Popular", "Related", …)."""
    bare = line.strip(" :：•*#|»→-–—.…").lower().replace("’", "'")
    if bare in phrases.BLOCK_HEADINGS or bare.replace("'", "’") in phrases.BLOCK_HEADINGS:
        return True
    return re.fullmatch(r"more (?:from|in|by) [\w .&'’-]{2,40}", bare) is not None


_LEVEL = (("’", "'"), ("‘", "'"), ("“", '"'), ("”", '"'), ("–", "-"), ("—", "-"))


def same_line(text: str) -> str:
    """The form in which two copies of a line are equal: quotes, dashes, case and spaces leveled."""
    if not text.isascii():
        for odd, plain in _LEVEL:
            text = text.replace(odd, plain)  # one by one is faster than a table
    return " ".join(text.lower().split())


def better_copy(one: str, other: str) -> str:
    """Of two copies of a line, the one in typographic quotes (the other is often an alt text)."""
    return other if sum(c in "’‘“”–—" for c in other) > sum(c in "’‘“”–—" for c in one) else one
