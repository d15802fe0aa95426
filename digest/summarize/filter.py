"""What of a field may be quoted: its sentences, less what scraping leaves between them.

The collecting stage types captions, bylines and the like where its source tells it; this is for
those that it could not know.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from digest.models import Entry, Span
from digest.text.sentences import split
from digest.text.verbatim import collapse, ends_cut
from digest.text.widths import width
from digest.text.words import words

READ = 20_000
"""Characters of a field that are read; no blurb comes from further down."""
LOOK = 16
"""Sentences that are weighed: what people's blurbs tell stands among these, and the time that it
takes to value all sets of them grows with the cube."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that may be quoted.

    `number` counts the field's sentences, dropped ones included, so that neighbors are known.
    `doubtful`: it may be junk. `cut`: the source breaks off in it.
    """

    span: Span
    text: str
    number: int
    paragraph: int
    columns: int
    bag: frozenset[str]
    doubtful: bool = False
    cut: bool = False


_ENDED = re.compile(r"[.!?…。！？｡؟۔।॥;:]['\"”’»›)\]}」』）】]*$")

_END = re.compile(r"\s*\Z")
_NO_SIGN = re.compile(r"[\W_]+")
_COLON = re.compile(r"[:：]['\"”’»)\]]*$")
# What opens the item of a list, or a note at the foot.
_MARK = re.compile(r"(?:[*•▪■●◦‣⁃·†‡§►▶→>¹²³]+\s*|[-–—]+\s+)+(?=[^\W_]|[\"'“‘«„(\[])")

_LABEL = re.compile(
    r"(?:FILE(?: PHOTO)?|PHOTOS?|IMAGE|PICTURE|VIDEO|WATCH|LISTEN|GALLERY|CAPTION|AUDIO|MAP|GRAPHIC"
    r"|CREDITS?|SOURCE|RELATED|MORE|ALSO READ|READ(?: MORE)?|SEE ALSO|LIVE|FOTO|VÍDEO|BILD|IMAGEN"
    r"|Photos?|Image|Picture|Gallery|Caption|Credits?|Related|Foto|Fotos|Bild|Imagen|Vídeo|Crédito"
    r"|Photo credit|Lire aussi|À lire aussi|Voir aussi|Lea también|Lee también|Leer más|Leia também"
    r"|Leia mais|Lesen Sie auch|Mehr zum Thema|Leggi anche)\s*(?::|[-–—](?=\s)|\|)"
)
_CREDIT = re.compile(
    r"\b(?:file|stock|archive|handout|undated|library|courtesy) (?:photo(?:graph)?|image|picture"
    r"|pic|video|footage)\b"
    r"|\bphoto(?:graph)?s?(?: (?:by|credit|courtesy|illustration)\b|:)"
    r"|\b(?:getty images|shutterstock|istock|alamy|epa-efe|unsplash|screen ?grab|screenshot via)\b"
    r"|\b(?:image|picture|video|photo) (?:copyright|credit|caption|source|courtesy)\b"
    r"|\b(?:representational|representative|illustrative) (?:image|photo|picture|purpose)"
    r"|\b(?:hide|toggle|show|enlarge) (?:caption|image)\b"
    r"|\bpictured\b(?: (?:above|below|here|left|right|in|at|with|on|after|during)\b|[,:)]|\.$)"
    r"|\b(?:seen|shown|pictured) (?:here|above|below|in (?:this|an?) (?:[\w-]+ ){0,3}"
    r"(?:photo|image|picture))"
    r"|\b(?:in|on) (?:this|an?) (?:[\w-]+ ){0,3}(?:photo(?:graph)?|image|picture) (?:taken|released"
    r"|provided|made|dated|shot)\b"
    r"|\((?:left|right|above|below|cent(?:re|er)|far left|far right|top|bottom|[LRC])\)"
    r"|^(?:above|below|left|right|top|bottom|cent(?:re|er)|clockwise)(?: from [\w ]+)?[:,]"
    r"|\b(?:AP|AFP|EPA|PTI|ANI|HT|Reuters) (?:Photo|File|Image|Picture)\b"
    r"|\((?:AP|AFP|EPA|Reuters|Getty|Photo|Image|Source|Courtesy|Credit|Pic|File)\b[^)]{0,60}\)\.?$"
    r"|\([A-Z][\w.& ]{1,30}/[\w.& ]{2,40}\)\.?$"
    r"|©|\bcopyright (?:©|\(c\)|\d{4}|(?-i:[A-Z]))",
    re.IGNORECASE,
)
_DESK = re.compile(
    r"(?:(?:first |last |originally )?(?:published|updated|posted|modified)(?: on| at)?:? ?"
    r"(?:\d|(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?-i:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct"
    r"|Nov|Dec)).{0,50}$"
    r"|(?:written|reporting|reported|edited|editing|compiled|additional reporting|story|words"
    r"|text|interview) by:? (?-i:[A-Z])"
    r"|\((?:reporting|writing|editing|additional reporting) by "
    r"|(?:by )?(?:our |the )?(?:staff|web desk|news desk|own correspondent|agencies)\W*$"
    r"|[A-Z].{0,80}\b(?:contributed to|reported from) this (?:report|story|article)\b"
    r"|(?:this|the) (?:article|story|post|piece|report|column|interview) (?:was|is|has been|first"
    r"|originally) (?:\w+ )?(?:published|updated|corrected|amended|republished|part of|edited"
    r"|appeared|produced)"
    r"|(?:the )?(?:views|opinions) expressed\b"
    r"|(?:about|read) the author\b)",
    re.IGNORECASE,
)
_CALL = re.compile(
    r"(?:read|see|learn|find out|discover|get) more\b"
    r"|(?:also|further|related|recommended|keep|continue) read(?:ing)?\b"
    r"|read (?:also|next|the full)|see for yourself"
    r"|see also\b|more (?:on|from|about) (?:this|the|our)?\s*[\w ]{0,30}[:.]?$"
    r"|(?:click|tap|swipe|scroll) (?:here|on|the|to|down|up|through|for|below|above|left|right)\b"
    r"|(?:sign up|signup|subscribe|register|log in|join|enroll|enter your e?-?mail)\b"
    r"(?: (?:for|to|now|here|today|us|our|with|below|free|or|and|by)\b|[.!:]|$)"
    r"|(?:follow|like|find|join|reach|email|e-mail|contact|call|tweet|write to|message|support"
    r"|tell) (?:us|me|our|him on|her on|them on|the author|@\w)"
    r"|(?:watch|listen to|view|see|check out|play|stream|download|get|grab|try|install) (?:the|our|"
    r"this|more|all|live) (?:\w+ ){0,2}(?:video|clip|trailer|app|podcast|episode|gallery|photos|"
    r"pictures|slideshow|newsletter|stream|coverage|full|interview|footage)\b"
    r"|(?:share|save|print|comment|tweet|like|pin|e?mail)"
    r"(?: (?:this|on|via|with|by|your) .{0,30})?$"
    r"|(?:loading|advertisement|advertorial|sponsored(?: content)?|promoted|trending(?: now)?"
    r"|popular|most (?:read|popular|viewed)|terms of (?:use|service)|privacy policy)\W*$"
    r"|(?:skip (?:to|ad)\b|story continues|article continues|continued (?:on|below)|back to top"
    r"|you (?:may|might) (?:also|like)|editor.?s (?:note|picks?)|we use cookies|accept cookies"
    r"|all rights reserved|don.?t miss|what do you think"
    r"|have (?:you got )?(?:a|any) (?:story|tip|question|view|comment)|for (?:more|all) "
    r"(?:information|details|news|stories|updates|the latest)|stay (?:tuned|up to date|informed|"
    r"connected)|a (?:post|photo|video) (?:shared|posted) by|view this post|donate(?: now| today| "
    r"here)|help us|buy (?:now|tickets|a )|order (?:now|your)|(?:get|receive) (?:the|our|your|all|"
    r"breaking|daily|news|email|free)\b.{0,60}(?:inbox|newsletter|alerts?|app|updates?|e-?mail))"
    r"|(?:suscr[ií]b\w+|haga clic|haz clic|síguenos|sigue leyendo|abonnez|inscrivez|cliquez"
    r"|suivez-nous|abonnieren|melden sie sich|klicken sie|folgen sie|iscriviti|clicca|seguici"
    r"|inscreva-se|assine|clique|siga-nos)\b",
    re.IGNORECASE,
)
_DOUBT = re.compile(
    r"https?://|www\.\w|pic\.twitter|(?:^|[\s(])[@#]\w{3,}|\S@\S+\.\w"
    r"|\b(?:newsletter|click here|sign up|subscribe|follow us|read more|also read|scroll down"
    r"|watch (?:the )?video|pictured)\b"
    r"|[|•»]\s|\s[|•]|^#{1,6} |\*\*\S",
    re.IGNORECASE,
)
# One of these stands, in lower case, in whatever those two find: they try every alternative at
# every letter, which takes longer than all else that is done to a sentence.
_OF_CREDIT = (
    "photo", "image", "pic", "video", "footage", "stock", "alamy", "epa-efe", "unsplash", "screen",
    "caption", "seen", "shown", "file", "(", "above", "below", "left", "right", "top", "bottom",
    "center", "centre", "clockwise", "purpose", "©", "copyright",
)  # fmt: skip
_OF_DOUBT = (
    "http", "www.", "@", "#", "newsletter", "click here", "sign up", "subscribe", "follow us",
    "read more", "also read", "scroll down", "video", "pic", "|", "•", "»", "**",
)  # fmt: skip
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
    spans = _read(field, language)
    if not spans:
        return ()
    title = _bag(entry.title)
    ended = any(_ENDED.search(field[start:end]) for start, end in spans)
    seen: set[str] = set()
    found: list[Sentence] = []
    paragraph, last, announced = 0, 0, False
    for number, span in enumerate(spans):
        gap = field[last : span[0]]
        paragraph += last > 0 and gap.count("\n") > 1
        opens = last == 0 or gap.count("\n") > 1
        alone = opens and _stands_alone(field, span)
        last = span[1]
        if opens and not _LABEL.match(field, *span):
            span = _past_dateline(field, span)  # noqa: PLW2901 — the same sentence, less its place
        item = _MARK.match(field, *span)
        if item:
            span = item.end(), span[1]  # noqa: PLW2901 — the same sentence, less its mark
        sentence = _sentence(field, span, number, paragraph)
        if item or announced:  # it belongs to a list, or to the sentence that announced it
            sentence = replace(sentence, doubtful=True)
        listed = announced and alone and sentence.columns < 60
        announced = listed or _COLON.search(sentence.text) is not None
        if alone and _FULL_DATE.search(sentence.text):  # as captions end, and some sentences
            sentence = replace(sentence, doubtful=True)
        marks = key(sentence.text)
        if not marks or marks in seen or marks in typed:
            continue
        seen.add(marks)
        if _is_junk(sentence, alone=alone, ended=ended) or overlap(sentence.bag, title) >= 0.6:
            continue
        found.append(sentence)
        if len(found) == LOOK:
            break
    return tuple(found)


def key(text: str) -> str:
    """What two copies of a line have in common: its letters and digits, in lower case."""
    return _NO_SIGN.sub("", text.lower())


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """The Jaccard overlap of two bags of words, 0 to 1."""
    return len(one & other) / len(one | other) if one and other else 0.0


def _read(field: str, language: str) -> tuple[Span, ...]:
    """The spans of the sentences; where the field is long, those that end within `READ`."""
    spans = split(field[:READ], language)
    return spans[:-1] if len(field) > READ else spans


def _bag(text: str) -> frozenset[str]:
    return frozenset(word.lower() for word in words(text))


def _stands_alone(field: str, span: Span) -> bool:
    return (
        field[span[1] : span[1] + 3].lstrip(" \t\r").startswith("\n\n")
        or _END.match(field, span[1]) is not None
    )


def _sentence(field: str, span: Span, number: int, paragraph: int) -> Sentence:
    text = collapse(field[span[0] : span[1]])
    return Sentence(
        span,
        text,
        number,
        paragraph,
        columns=width(text),
        bag=_bag(text),
        doubtful=_is_doubtful(text) or not _ENDED.search(text),
        cut=_END.match(field, span[1]) is not None and ends_cut(text),
    )


def _past_dateline(field: str, span: Span) -> Span:
    """The sentence without the place, agency or label that opens it."""
    start, end = span
    for pattern in _DATELINES:
        hit = pattern.match(field, start, end)
        if hit and end - hit.end() >= 20 and not field[hit.end()].islower():
            return hit.end(), end
    return span


def _is_junk(sentence: Sentence, *, alone: bool, ended: bool) -> bool:
    """Captions, credits, bylines, calls to action, subheads: nothing that a report says."""
    text = sentence.text
    opening = text.lstrip("\"'“‘([*•>→►▶-–— ")
    if _LABEL.match(opening) or _is_credit(text) or _is_byline(opening):
        return True
    if _DESK.match(opening) or _CALL.match(opening):
        return True
    if _COLON.search(text):  # what it announces is left behind
        return True
    if sentence.cut:
        return False
    return ended and not _ENDED.search(text) and (alone or sentence.columns < 60)


def _is_credit(text: str) -> bool:
    hinted = any(map(text.casefold().__contains__, _OF_CREDIT))
    return hinted and _CREDIT.search(text) is not None


def _is_doubtful(text: str) -> bool:
    hinted = any(map(text.casefold().__contains__, _OF_DOUBT))
    return hinted and _DOUBT.search(text) is not None


def _is_byline(opening: str) -> bool:
    """`By A. Reporter, Wire Service`: nearly all its words are names, dates or times."""
    if not re.match(r"(?:By|BY|Von|Par|Por|Di) (?:[A-Z.]|\w+ and [A-Z])", opening):
        return False
    if re.search(r"\b(?:Published|PUBLISHED|Updated|UPDATED)\b", opening[:120]):
        return True
    rest = opening.rstrip(".").split()[1:]
    names = [word for word in rest if word[:1].isupper() or word in {"and", "for", "in", "of", "|"}]
    return len(rest) <= 12 and len(names) == len(rest) and "," not in opening[:-1].split(" ", 2)[1]
