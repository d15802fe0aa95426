"""What scraping leaves in an article: captions, credits, bylines, calls to action, notices.

The patterns name kinds of lines, in the words that such lines share. `is_furniture` judges a
sentence; `past_stamp` finds where the report begins behind what stands before it on one line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from digest.summarize.notices import (
    ADDRESS,
    ANYWHERE,
    AUTHOR,
    NOTICE,
    OF_ADDRESS,
    OF_ANYWHERE,
    OF_AUTHOR,
)

_LABEL = re.compile(
    r"(?:FILE(?: PHOTO)?|PHOTOS?|IMAGE|PICTURE|VIDEO|WATCH|LISTEN|GALLERY|CAPTION|AUDIO|MAP"
    r"|GRAPHIC|WATCH LIVE|WATCH NOW|LISTEN NOW"
    r"|CREDITS?|SOURCE|RELATED|MORE|ALSO READ|READ(?: MORE)?|SEE ALSO|LIVE|FOTO|VÍDEO|BILD|IMAGEN"
    r"|Photos?|Image|Picture|Gallery|Caption|Credits?|Related|Foto|Fotos|Bild|Imagen|Vídeo|Crédito"
    r"|Photo credit|Lire aussi|À lire aussi|Voir aussi|Lea también|Lee también|Leer más|Leia também"
    r"|Leia mais|Lesen Sie auch|Mehr zum Thema|Leggi anche)\s*(?::|[-–—](?=\s)|\|)"
)
_CREDIT = re.compile(
    r"\b(?:file|stock|archive|handout|undated|library|courtesy) (?:photo(?:graph)?|image|picture"
    r"|pic|video|footage)\b"
    r"|\bphoto(?:graph)?s?(?: (?:by|credit|courtesy|illustration)\b|:)"
    r"|\b(?:unsplash|screen ?grab|screenshot via)\b|\b(?:getty images|shutterstock|istock|alamy"
    r"|epa-efe)\b(?! (?!via\b|for\b|and\b)(?-i:[a-z]))"
    r"|\b(?:image|picture|video|photo) (?:copyright|credit|caption|source|courtesy)\b"
    r"|\b(?:representational|representative|illustrative) (?:image|photo|picture|purpose)"
    r"|\b(?:hide|toggle|show|enlarge) (?:caption|image)\b"
    r"|\bpictured\b(?: (?:above|below|here|left|right|in|at|with|on|after|during)\b|[,:)]|\.$)"
    r"|\b(?:seen|shown) (?:here|above|below|in (?:this|an?) (?:[\w-]+ ){0,3}(?:photo|image"
    r"|picture))"
    r"|\b(?:in|on) (?:this|an?) (?:[\w-]+ ){0,3}(?:photo(?:graph)?|image|picture) (?:taken|released"
    r"|provided|made|dated|shot)\b"
    r"|\b(?:AP|AFP|EPA|PTI|ANI|HT|Reuters) (?:Photo|File|Image|Picture)\b"
    r"|©|\bcopyright (?:©|\(c\)|\d{4}|(?-i:[A-Z]))",
    re.IGNORECASE,
)
_SIDE = re.compile(
    r"(?:above|below|left|right|top|bottom|cent(?:re|er)|clockwise)(?: from [\w ]+)?[:,]",
    re.IGNORECASE,
)
_CREDIT_IN_BRACKETS = re.compile(
    r"\((?:(?:left|right|above|below|cent(?:re|er)|far left|far right|top|bottom|[LRC])\)"
    r"|(?:AP|AFP|EPA|Reuters|Getty|Photo|Image|Source|Courtesy|Credit|Pic|File)\b[^)]{0,60}\)\.?$"
    r"|[A-Z][\w.& ]{1,30}/[\w.& ]{2,40}\)\.?$)",
    re.IGNORECASE,
)
_OF_CREDIT = (
    "photo", "image", "picture", " pic", "video", "footage", "unsplash", "screen", "shutterstock",
    "istock", "alamy", "epa-efe", "caption", "purpose", "©", "copyright", "seen ", "shown ",
    " file",
)  # fmt: skip
_DOUBT = re.compile(
    r"https?://|www\.\w|pic\.twitter|(?:^|[\s(])[@#]\w{3,}|\S@\S+\.\w"
    r"|\b(?:newsletter|click here|sign up|subscribe|follow us|read more|also read|scroll down"
    r"|watch (?:the )?video|pictured)\b"
    r"|[|•»]\s|\s[|•]|(?:^|\s)#{1,6} |\*\*\S",
    re.IGNORECASE,
)
_OF_DOUBT = (
    "http", "www.", "@", "#", "newsletter", "click here", "sign up", "subscribe", "follow us",
    "read more", "also read", "scroll down", "video", "pic", "|", "•", "»", "**",
)  # fmt: skip
_DESK = re.compile(
    r"(?:(?:first |last |originally )?(?:published|updated|posted|modified)(?: on| at)?:? ?"
    r"(?:\d|(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?-i:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct"
    r"|Nov|Dec)).{0,50}$"
    r"|(?:written|reporting|reported|edited|editing|compiled|additional reporting|story|words"
    r"|text|interview) by:? (?-i:[A-Z])"
    r"|\((?:reporting|writing|editing|additional reporting) by "
    r"|(?:by )?(?:our |the )?(?:staff|web desk|news desk|own correspondent|agencies)\W*$"
    r"|(?:this|the) (?:article|story|post|piece|report|column|interview) (?:was|is|has been|first"
    r"|originally) (?:\w+ )?(?:published|updated|corrected|amended|republished|part of|edited"
    r"|appeared|produced)"
    r"|(?:the )?(?:views|opinions) expressed\b"
    r"|(?:additional|further|with) (?:research|reporting|writing|editing|translation|production"
    r"|work)"
    r" (?:by|from) (?-i:[A-Z])"
    r"|(?-i:(?:[A-Z][\w.’'-]+ ){1,3}[A-Z][\w’'-]+, (?:[A-Z]\w+ ){0,3}(?:Reporter|Correspondent"
    r"|Editor"
    r"|Writer|Columnist)\b(?! [a-z]))"
    r"|(?:about|read) the author\b)",
    re.IGNORECASE,
)
_CONTRIBUTED = re.compile(
    r"^[A-Z].{0,80}\b(?:contributed to|reported from) this (?:report|story|article)\b",
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
    r") (?:us|me|our|him on|her on|them on|the author|@\w)"
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

# What stands before a report without a stop of its own, as on a page's one line.
_HOUR = r"(?:[01]?\d|2[0-3])[:.h]?[0-5]\d ?(?:[ap]\.?m\.?)?|\d{1,2} ?[ap]\.?m\b\.?"
_ZONE = r"(?:[A-Z]{2,4}T|UTC|BST|GMT|IST|(?:local|Eastern) time)\b"
_DAY = (
    r"(?:(?:on )?(?:[A-Z][a-z]+day,? )?(?:\d{1,2}(?:st|nd|rd|th)? [A-Z][a-z]{2,8}\.?,? \d{4}"
    r"|[A-Z][a-z]{2,8}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}"
    r"|\d{4}-\d\d-\d\d))"
)
_AGO = r"(?:\d{1,2}|an?|one|two) (?:min(?:ute)?|hour|hr|day|week|month)s? ago"
_WHEN = rf"(?:{_DAY}|(?:{_HOUR})(?: ?{_ZONE})?|{_AGO})"
_STAMP = re.compile(
    rf"(?:(?:first |last |originally )?(?:published|updated|posted|modified|created)(?: (?:on|at))?"
    rf"[:,]? ?(?:{_WHEN}(?:,? (?:at |on |[-–—|] )?)?)+"
    rf"|(?:(?:{_HOUR}) ?{_ZONE}|{_AGO})(?: key (?:event|moment)s?)?"
    r"|(?:(?:estimated )?(?:reading|read|listening) time|time to read)[:-]? ?(?:about )?\d+ ?"
    r"min(?:ute)?s?(?: \d+ sec(?:ond)?s?)?"
    r"|(?:(?:listen|listen to (?:this|the) (?:article|story|report)|play audio|audio)[:,]?"
    r"(?: \(?(?:\d+:\d\d|\d+ ?min(?:ute)?s?)\)?)?)(?= (?-i:[A-Z(\"“‘\d]))"
    r"|\d{1,2}[- ]?min(?:ute)?s? (?:read|listen|watch)"
    r"|[\d.,]+k? (?:comments?|shares?|views|likes)(?= (?-i:[A-Z(\"“‘]))"
    r"|(?:join|start) the (?:discussion|conversation|debate)"
    r"|(?-i:ADVERTISEMENT|Advertisement|SPONSORED|SKIP AD)(?=\W+(?-i:[A-Z]))"
    r"(?:[\s–—-]+(?-i:CONTINUE READING BELOW|Continue reading below|SCROLL TO CONTINUE))?"
    r"|(?:story|article|content) continues (?:below|after)(?: (?:this |the )?(?:advertisement|ad"
    r"|video|message|promo))?"
    r"|(?:sign|log) ?(?:in|up)(?: or)? (?:register|subscribe|sign up|log ?in|create account)"
    r"|(?:copy|copied|share|tweet|e-?mail|print|save|bookmark|facebook|twitter|whatsapp|linkedin"
    r"|pinterest|reddit|messenger)(?: (?:this|the)? ?(?:article|story|post|page|link))?"
    r"(?: (?:link|to clipboard|on|via|with|by)(?: (?:facebook|twitter|whatsapp|linkedin|e-?mail|x"
    r"|reddit|pinterest))?)*(?: copied!?)?(?= (?:share|tweet|e-?mail|print|save|copy|facebook"
    r"|twitter|whatsapp|linkedin|copied|reddit|pinterest)\b| (?-i:[A-Z]\w* [a-z]))"
    r"|(?:skip|jump|go|back|return|scroll) to (?:the )?(?:main )?(?:content|comments|navigation"
    r"|top|article"
    r"|story|footer|menu|main)"
    r"|(?:show|see|view|hide|load) (?:more|less|all|fewer)(?: \w+){0,2}? (?:options|comments"
    r"|stories"
    r"|articles|photos|replies|images|results)"
    r"|(?:gift|save|share|print|bookmark|report|rate|send|listen to|read|view) this (?:article"
    r"|story"
    r"|page|post)"
    r"|(?:play|pause|replay|watch|mute|unmute) (?:the )?(?:video|audio|clip|now)(?:,? \d+:\d\d)?"
    r"|(?:text|font) size:?(?: A[+-]?\b){0,4}"
    r"|(?:read|view|listen|also available|disponible) (?:this )?(?:in|en) (?-i:[A-Z][a-z]+)"
    r"|(?:subscriber|premium|members?|paid|partner|sponsored)s?[ -](?:exclusive|only|content|post)"
    r"|(?:yes|no)(?: (?:no|maybe|not sure|undecided))* (?:view|see) results"
    r"|copied[!.])(?:\s*[-–—|•·]\s*|\s+|$)",
    re.IGNORECASE,
)
# A caption that a credit in brackets ends, before the report goes on.
_CREDITED = re.compile(
    r".{0,240}?\((?:picture|photo|photograph|image|credit|pic|source|video|courtesy|file)s?"
    r"(?: credit)?\s*[:/][^)]{1,60}\)[\s.]+(?=(?-i:[A-Z(\"“‘]))",
    re.IGNORECASE,
)
_BUTTON = re.compile(
    r"(?:share|tweet|e-?mail|print|save|copy|copied|facebook|twitter|whatsapp|linkedin|reddit"
    r"|comments?|yes|no|.{0,40}\b(?:view|see) results)\b[!.]?\s+(?=(?-i:[A-Z(\"“‘]))",
    re.IGNORECASE,
)
# Somebody says what resembles a call: "Sign up early,” the minister said".
_SAY = r"(?:said|says|told|asked|shouted|warned|urged|ruled|argued|announced|wrote|added|found)\b"
_REPORTED = re.compile(rf"[\"“]|[^:]*[,?!][\"”’']? (?:[\w.’'-]+ ){{1,8}}{_SAY}")
_SAID = re.compile(rf"\b{_SAY}|\baccording to\b")
# A line without a stop, and the report that goes on behind it: "newsletter The mayor".
_RUN_ON = re.compile(
    r"(?:[\w’':/-]+ ){0,11}[\w’']*[^\W_](?<!\bthe) (?:The|In|On|At|It|He|She|They|This|These|But"
    r"|And"
    r"|After|As|With|For|When|While|During|Two|Three|Most|Many|Some|According|Under|Despite) [a-z]"
)
# Capitals and raw markup that scraping glued to a sentence: "WORLD NEWS LIVE The mayor", "AB: Yes".
_GLUED = re.compile(
    r"(?:[A-Z]{2,}[,'’]? ){1,5}[A-Z]{2,}: |(?:[A-Z]{2,}[,'’]? ){2,5}[A-Z]{2,} (?=[A-Z][a-z]+ [a-z])"
    r"|[A-Z]{2}: |[A-Z][\w ]{2,30} \([A-Z]{2}\): "
)
_LABELED = re.compile(r"[^.?!\"“”]{3,30}(?::| \|)\s")
_MEDIA = re.compile(
    r"\b(?:topics|stories|article|newsletter|inbox|updates|comments?|podcasts?|app|gallery"
    r"|[Ii]llustrations?|[Ss]ponsored|viewed|need to know|things to know)\b"
)
_BY = re.compile(r"(?:By|BY|Von|Par|Por|Di) (?:[A-Z.]|\w+ and [A-Z])")
_DATED = re.compile(r"\b(?:Published|PUBLISHED|Updated|UPDATED)\b")
_CREDIT_LINE = re.compile(
    r"\(?(?:photo(?:graph)?s?|pictures?|images?|credits?|pics?|video|illustration)(?: (?:by|credit"
    r"|courtesy|copyright))?(?:\s*[:/|]| (?:by|courtesy)\b)"
    r"|©|(?:AP|AFP|Reuters|Getty) ?/? ?(?:Photo|Images)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Hints:
    """Which of the hints stand anywhere in a text: its sentences need be searched for no others.

    A pattern that may begin anywhere tries every alternative at every letter, which takes longer
    than all else that is done to a sentence; one of its hints, in lower case, stands in whatever it
    finds.
    """

    credit: tuple[str, ...] = _OF_CREDIT
    author: tuple[str, ...] = OF_AUTHOR
    anywhere: tuple[str, ...] = OF_ANYWHERE
    address: tuple[str, ...] = OF_ADDRESS
    doubt: tuple[str, ...] = _OF_DOUBT

    @classmethod
    def of(cls, text: str) -> Hints:
        """The hints that stand in a text."""
        low = text.casefold()
        everything = (_OF_CREDIT, OF_AUTHOR, OF_ANYWHERE, OF_ADDRESS, _OF_DOUBT)
        return cls(*(tuple(hint for hint in hints if hint in low) for hints in everything))


ALL_HINTS = Hints()


def is_furniture(text: str, hints: Hints = ALL_HINTS) -> bool:
    """Whether a sentence is a caption, a credit, a byline, a notice or a call to action."""
    opening = text.lstrip("\"'“‘([*•>→►▶-–— ")
    low = text.casefold()
    if _LABEL.match(opening) or _has_credit(text, low, hints) or _is_byline(opening):
        return True
    if _DESK.match(opening) or ("this " in low and _CONTRIBUTED.search(opening)):
        return True
    if _CALL.match(opening) or _is_notice(opening, low, hints):
        line = _RUN_ON.match(text) or _LABELED.match(opening) or _MEDIA.search(text[:60])
        return line is not None or not _REPORTED.match(text)
    addressed = _hinted(low, hints.address) and ADDRESS.search(text) is not None
    return addressed and not _SAID.search(text)


def is_doubtful(text: str, hints: Hints = ALL_HINTS) -> bool:
    """Whether a sentence holds an address, a handle, raw markup, or words that calls hold."""
    if _hinted(text.casefold(), hints.doubt) and _DOUBT.search(text):
        return True
    return _GLUED.match(text) is not None


def runs_on(text: str) -> bool:
    """Whether a line without a stop seems to stand before the sentence: "Our choice The mayor"."""
    return _RUN_ON.match(text) is not None


def is_label(text: str) -> bool:
    """Whether a line opens with what it is: "PHOTO:", "Related:"."""
    return _LABEL.match(text) is not None


def is_credit(text: str) -> bool:
    """Whether a sentence names who made the picture whose caption may stand before it."""
    return _CREDIT_LINE.match(text) is not None


def past_stamp(text: str) -> int:
    """How much of `text` stands before the report on its line: times, counts, buttons; 0 if none.

    A caption counts too where a credit in brackets closes it.
    """
    at = 0
    while hit := _STAMP.match(text, at) or (_BUTTON.match(text, at) if at else None):
        at = hit.end()
    caption = _CREDITED.match(text, at) if "(" in text else None
    return caption.end() if caption else at


def _has_credit(text: str, low: str, hints: Hints) -> bool:
    if _SIDE.match(text) or ("(" in text and _CREDIT_IN_BRACKETS.search(text)):
        return True
    return _hinted(low, hints.credit) and _CREDIT.search(text) is not None


def _is_notice(opening: str, low: str, hints: Hints) -> bool:
    return bool(
        NOTICE.match(opening)
        or (_hinted(low, hints.author) and AUTHOR.match(opening))
        or (_hinted(low, hints.anywhere) and ANYWHERE.search(opening))
    )


def _hinted(low: str, hints: Sequence[str]) -> bool:
    """Whether one of the hints stands in a text in lower case: fifty times as fast as a pattern."""
    return any(map(low.__contains__, hints))


def _is_byline(opening: str) -> bool:
    """`By A. Reporter, Wire Service`: nearly all its words are names, dates or times."""
    if not _BY.match(opening):
        return False
    if _DATED.search(opening[:120]):
        return True
    rest = opening.rstrip(".").split()[1:]
    names = [word for word in rest if word[:1].isupper() or word in {"and", "for", "in", "of", "|"}]
    return len(rest) <= 12 and len(names) == len(rest) and "," not in opening[:-1].split(" ", 2)[1]
