"""Sentences that do not stand alone: they open with a word that points back at the one before."""

from __future__ import annotations

import re

from digest.text.language import base

_LATIN = {
    "en": "he she it they his her hers him their theirs its this that these those but and so "
    "however meanwhile also then instead still yet such nor or moreover furthermore besides "
    "therefore thus hence similarly both another otherwise nevertheless nonetheless likewise "
    "consequently additionally afterwards accordingly finally too there here them we i you our my "
    "your because which who neither either elsewhere indeed again earlier later|in addition"
    "|as a result|by contrast|in contrast|on the other hand|at the same time|for example"
    "|for instance|in fact|in turn|after that|after all|even so|of course|that said|in other words"
    "|the (?:duo|pair|former|latter|trio|two|three|four|other|others|same|move|incident|decision)"
    "|(?:most|some|all|none|many|one|two|several|few|part|both|half) of (?:them|these"
    "|those|this|it|us)|(?:one|two|three|others|some)(?= (?:said|was|were|is|are|has|have|had)\\b)"
    "|(?:alongside|with|for|to|from|by|behind|beside|despite|unlike|like|among|of|on|at|before"
    "|because of|since|apart from|thanks to) (?:him|her|them|it|these|those|that)"
    "|in (?:those|these|that|it|them|him)|(?:yes|no|well|anyway)(?=,)"
    "|[a-z]+ (?:minutes|hours|days|weeks|months|years) later",
    "es": "él ella ellos ellas ello esto eso esta este estas estos esa ese esas esos su sus pero y "
    "e además también así entonces mientras aunque aquello allí ahí luego después|sin "
    "embargo|por otra parte|por su parte|por lo tanto|por eso|no obstante|en cambio|asimismo"
    "|(?:según|para|con) (?:él|ella|ellos|ellas)",
    "fr": "il elle ils elles ce cet cette ces cela ceci ça son sa ses leur leurs mais et ou donc "
    "or ainsi aussi puis ensuite cependant toutefois pourtant enfin celui celle ceux|en revanche"
    "|par ailleurs|de plus|en effet|c'est|c’est|par conséquent|de son côté"
    "|(?:selon|pour|avec|d'après|d’après) (?:lui|elle|eux|elles)",
    "de": "er sie es ihr ihre sein seine dies dieser diese dieses damit dabei dazu dadurch "
    "aber und oder doch jedoch auch so dann denn deshalb daher zudem außerdem dennoch trotzdem "
    "allerdings hingegen dort da|(?:laut|nach|mit|bei|von) (?:ihm|ihr|ihnen)",
    "it": "egli lui lei essi loro esso essa questo questa questi queste ciò suo sua suoi sue ma e "
    "o però inoltre quindi dunque così anche poi tuttavia infine intanto invece|per questo"
    "|(?:secondo|per) (?:lui|lei|loro)",
    "pt": "ele ela eles elas isto isso este esta estes estas esse essa esses essas seu sua seus "
    "suas mas e ou porém além também assim então depois contudo entretanto enquanto ali|no entanto"
    "|por isso|por outro lado|já|(?:segundo|para) (?:ele|ela|eles|elas)",
    "nl": "hij zij ze dit dat deze die zijn haar hun maar en of dus ook toen daarna echter"
    "|volgens (?:hem|haar|hen)",
}
_OTHER = {
    "ja": "しかし|だが|また|さらに|そして|その|これ|この|それ|彼|彼女|同氏|一方|なお|ただ|"
    "でも|ところが",
    "zh": "但|但是|然而|而且|而|此外|另外|他|她|它|他们|她们|其|这|那|该|同时|不过|因此|所以|"
    "於是|于是|這|該|他們|她們|同時|不過",
    "ko": "그러나|하지만|또|또한|그는|그녀는|이는|이에|이어|그리고|한편|이들은|그의|그"
    "|해당|반면|다만"
    # "This", which is a surname too: not "이 시장", Mayor Lee.
    "|이(?! (?:씨|전|대통령|총리|장관|의원|시장|지사|대표|회장|사장|위원장|후보|감독|교수|선수))",
    "ar": "لكن|ولكن|وقال|وأضاف|وأضافت|وقالت|كما|وأوضح|وأكد|وهو|وهي|هو|هي|هذا|هذه|وكان|وكانت|ومن|وفي"
    "|وتابع|وأشار|ذلك|وذلك",
    "he": "הוא|היא|הם|הן|אבל|אך|אולם|זה|זו|אלה|כמו כן|בנוסף|לדבריו|לדבריה|לדבריהם|עם זאת|לכן",
    "hi": "वह|वे|यह|ये|लेकिन|और|उन्होंने|उसने|इस|इसके|उनके|इससे|हालांकि|साथ ही|उसके|मगर|उनका|उनकी"
    "|उसका|उसकी|इसका|इसकी|उन|इन|उन्हें|इसलिए",
    "el": "αυτός|αυτή|αυτό|αυτοί|αλλά|όμως|ωστόσο|επίσης|και|επιπλέον|έτσι|ο ίδιος|η ίδια"
    "|σύμφωνα με (?:αυτόν|αυτήν|τον ίδιο|την ίδια)",
    "ru": "он|она|оно|они|его|её|ее|их|это|этот|эта|эти|но|а|и|однако|также|кроме того|при этом|"
    "тем не менее|поэтому|по его словам|по ее словам|по её словам",
    "th": "เขา|เธอ|พวกเขา|แต่|อย่างไรก็ตาม|นอกจากนี้|ทั้งนี้|ซึ่ง|โดย",
}
_OPEN = r"[\"'“”‘’«„(\[—–\s]*"


_UNSPACED = frozenset({"ja", "zh", "th"})


def _pattern(tag: str, words: str) -> re.Pattern[str]:
    """Single words first, then phrases behind bars; each ends where a word ends."""
    single, *phrases = words.split("|") if tag in _LATIN else ("", *words.split("|"))
    end = "" if tag in _UNSPACED else r"(?=[\s,،:;.!?’'\"”]|$)"
    return re.compile(f"{_OPEN}(?:{'|'.join((*phrases, *single.split()))}){end}", re.IGNORECASE)


_PATTERNS = {tag: _pattern(tag, words) for tag, words in (_LATIN | _OTHER).items()}


def is_orphan(sentence: str, language: str) -> bool:
    """Whether a sentence opens with a pronoun or connective that needs the sentence before.

    Languages that are not known here go by the English words.
    """
    pattern = _PATTERNS.get(base(language), _PATTERNS["en"])
    return pattern.match(sentence) is not None


_SEQUEL = re.compile(
    r"[^.!?]{0,120}?\b(?:also (?:said|says|told|noted|added|called|warned|wrote|announced|reported)"
    r"|(?:has|have|had|was|were|is|are|will|would) also|likewise|the same (?:day|week|time))\b"
)


def is_sequel(sentence: str) -> bool:
    """Whether a sentence says by its words that one before it began: `Kim also said`. English."""
    return _SEQUEL.match(sentence) is not None


_OPENER = re.compile(
    r"It(?: takes| took|['’]s| is| was| has been| will be| may be) "
    r".{3,160}?\b(?:to|that|who|when)\b"
    r"|(?:We|Our|You|Your|I|My|Here|Earlier|Both|Some|One|Another|Two|Three|Most|Many|With|For|On"
    r"|At|From|Like|Unlike|Since|Before|Yes|No)\b"
    r"|(?:This|These) (?:story|post|article|essay|guide|book|film|recipe|column|series|page|letter"
    r"|podcast|episode|interview|week|month|year|morning|summer|fall|autumn|winter|spring)\b"
)


def may_open(sentence: str) -> bool:
    """Whether an orphan by its first word is none where it is the first of its text. English.

    `It takes two to row`: nothing is meant that came before. `We`, `This story`: who writes.
    """
    return _OPENER.match(sentence) is not None
