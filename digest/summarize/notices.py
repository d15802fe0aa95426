"""The notices of a page about itself: cookies, comments, corrections, paying, authors, topics.

Each kind is a list of openings, one a line, that such lines share, in whatever case.
"""

from __future__ import annotations

import re

_SELF = (
    r"(?:article|story|post|piece|column|content|page|newsletter|transcript|feature|excerpt|essay"
    r"|interview|gallery|podcast|copy|headline|analysis|op-ed|(?:live ?)?blog|material|editorial)"
)
_PAYS = r"(?:subscri\w+|log ?in|sign ?(?:in|up)|register|account|join|free trial)"
_ROLE = (
    r"(?:writer|reporter|correspondent|editor|columnist|contributor|journalist|producer|blogger"
    r"|critic|fellow|photographer)s?"
)
_NAMES = r"(?:(?-i:[A-Z])[\w.’'-]+ ){1,4}"
_SERVICE = r"(?:twitter|facebook|instagram|linkedin|youtube|tiktok|threads|bluesky|telegram|x)\b"

_COOKIES = (
    r"(?:we|(?:this|our|the) (?:web)?sites?|we and our partners) (?:\w+ )?uses? (?:\w+ )?cookies",
    r"(?:we|this (?:web)?site|our partners) (?:may )?(?:collect|process|store)s?\b.*\bdata\b",
    r"your (?:browser|device) (?:does|is|do)\b",
    r"(?:please )?(?:enable|turn on|allow|disable|whitelist) (?:javascript|cookies|your ad)",
    (
        r"(?:sorry, )?(?:this|the) (?:video|content|audio|media|player|browser|page) "
        r"(?:is (?:not|no longer|un)|cannot|can't|could not|isn.t|has (?:expired|been removed))"
    ),
)
_COMMENTS = (
    r"be the first to (?:comment|know|share|like)",
    (
        r"(?:leave|post|add|write|view|show|see|load|hide) (?:a|your|all|more|the)? ?(?:\d+ )?"
        r"comments?\b"
    ),
    r"comments? (?:are|is|have been) (?:closed|moderated|disabled|off|now closed)",
    r"(?:join|start) the (?:discussion|conversation|debate)\b",
    r"(?:tell|send|show) us (?:your|what|about|how|more|why|in|at|by|on|which|who|where|if|any)\b",
    r"tell us[.:!]|let us know\b|get in touch\b",
    r"(?:share|send|submit|give us|e-?mail) (?:us )?your ",
    r"here (?:are|is|['’]s) (?:some|a few|my|the|our) (?:more )?(?:pictures?|photos?)\b",
    r"you can (?:find|read|see|watch|listen to|download)\b.{0,80}\bhere\.?$",
    r"(?:huge |many |special |big )thanks (?:to|for)\b|thanks for your company\b",
    r"\[this (?:review|list|talk|post) was\b",
    r"(?:we.d|we would|we want to) (?:love|like|hear)\b|we.re (?:keen|eager|looking|hiring)\b",
    r"have you (?:been|ever|seen|got|had|visited|experienced|witnessed|noticed|spotted)\b",
    r"do you (?:know|have|think|agree|live|work|see)\b|are you (?:affected|in|there|a|an)\b",
)
_VERSIONS = (
    r"the post .{1,300}? (?:first appeared|appeared first) on ",
    (
        r"(?:corrections?|clarification|editors?.? ?note|editor.s note|note to readers|disclaimer"
        r"|publisher.s note|disclosure|fact ?check|transcript)\b ?(?:\([^)]*\))? ?[:—–-]"
    ),
    (
        rf"(?:this|the above) {_SELF} (?:is (?:part|also|from|for|an?\b|being|now|no|one|based"
        r"|available|reserved|brought|in partnership|free|exclusive|sponsored|provided|adapted"
        r"|updated|over|only"
        r"|made|produced|developing|supported|republished|published))"
    ),
    (
        rf"(?:this|the above) {_SELF} (?:was|were|has|have) (?:been )?(?:\w+ly |first "
        rf"|last )?(?:edited"
        r"|translated|written|updated|corrected|amended|adapted|supplied|provided|syndicated"
        r"|produced"
        r"|published|republished|funded|supported|reviewed|generated|reported|made|changed"
        r"|clarified"
        r"|revised|removed|created|sponsored|condensed|excerpted|automatically)"
    ),
    (
        rf"(?:this|the above) {_SELF} (?:will be|may (?:contain|earn|include)|contains?\b"
        rf"|appears?\b"
        r"|includes (?:affiliate|links|paid)|(?:first|originally|also) (?:appeared|ran|published))"
    ),
    (
        r"(?:this is|it.s) (?:an? )?(?:developing|breaking|live|evolving|sponsored|excerpt|edited"
        r"|automated)\b"
    ),
    r"(?:this|the) story is (?:still )?(?:developing|breaking|being updated|ongoing)",
    (
        r"(?:more|further) (?:details|information|updates?|to come|on this|follows?)"
        r"(?: (?:to come|to follow|soon|shortly|will follow|as we|when we).*)?[\s.]*$"
    ),
    r"(?:please )?(?:check|come) back (?:for|soon|later)",
    r"(?:please )?refresh (?:this|the|your) (?:page|browser)",
    r"translat(?:ed|ion) (?:by|from)\b",
    r"we (?:have|.ve)? ?(?:since )?(?:removed|updated|corrected|changed|amended|edited|clarified) ",
    r"no part of (?:this|it|the)\b.*\b(?:reproduced|copied|published|used)\b",
)
_PAYING = (
    (
        r"you(?:.ve| have)? (?:\w+ ){0,4}(?:free|monthly|remaining|complimentary"
        r"|limit)\b.*\b(?:article"
        r"|stor(?:y|ies)|month|access|limit)"
    ),
    rf"to (?:continue|keep|finish|read|unlock|access|view|watch|see|comment)\b.{{0,60}}\b{_PAYS}",
    r"already (?:a|an|have|registered|subscribed)\b.{0,30}(?:subscri|member|account|log|sign|\?)",
    r"(?:become|be) (?:a|an|our) (?:\w+ )?(?:member|subscriber|supporter|patron|insider)\b",
    (
        r"(?:start|begin|try|claim|get|enjoy|unlock)\b.{0,30}\b(?:free trial|unlimited|full access"
        r"|subscription|days free|weeks? (?:free|for)|% off)"
    ),
    r"(?:subscribers?|members|premium|exclusive)[- ](?:only|content|article)\b",
    (
        r"(?:if you|if you.ve) (?:value|like|liked|love|enjoy|enjoyed|appreciate|found|want|wish"
        r"|would like|have|believe|need)\b.*\b(?:please|consider|donat\w+|sign up|subscri\w+"
        r"|support (?:us|our)|newsletter|click|tell us|contact us)\b"
    ),
    (
        r"please (?:consider|donate|support|subscribe|share|sign|e-?mail|contact|log|enable|try"
        r"|note"
        r"|select|enter|read|visit|give|help|send|confirm|check|upgrade|use|wait|allow|include"
        r"|see)\b"
    ),
    (
        r"support (?:our|independent|local|quality|free|public|the|this|us|nonprofit|trusted) "
        r"(?:\w+ )?(?:journalism|reporting|newsroom|work|news|site|mission|reporters)"
    ),
    r"your (?:support|donation|contribution|gift|subscription|membership|tax-deductible)\b",
)
_AUTHORS = (
    (
        rf"{_NAMES}(?:is|are) (?:an?|the|our|also an?|[\w’' ]{{2,30}}['’]s?) (?:[\w’'-]+ ){{0,6}}?"
        rf"{_ROLE}\b.{{0,60}}\b(?:cover(?:s|ing)|who (?:covers|writes)|writ(?:es|ing)|reporting"
        rf"|reports on"
        r"|focus(?:es|ing|ed)|based in|speciali[sz]\w+)\b"
    ),
    (
        rf"{_NAMES}(?:is|are) (?:an? |the |our )?(?:\w+ ){{0,2}}(?:staff|senior|freelance"
        rf"|contributing"
        r"|political|general assignment|breaking news|deputy|associate|national|video|trainee|data"
        rf"|sports?|business|chief) (?:\w+ ){{0,2}}?{_ROLE}\b.{{0,40}}\b(?:at|for|with|on|in)\b"
    ),
    rf"{_NAMES}(?:covers|writes (?:about|for|on)|reports (?:on|for|from)) .{{0,80}}$",
    (
        r"(?:follow|find|like|connect with|reach|contact|e-?mail)\b.{0,50}\b(?:on|at|via) ?"
        rf"(?:{_SERVICE}|@|\S+@|\S+\.com)"
    ),
    r"hear\b.{0,60}\b(?:podcast|episode|discuss|read (?:this|it))",
    r"follow (?:@|the author\b)",
)
_TOPICS = (
    (
        r"(?:topics?|tags?|tagged|filed under|categor(?:y|ies)|keywords?|in this (?:article"
        r"|story)|poll"
        r"|explore|quiz|vote|key (?:points|takeaways|event)|trending|section|author|by the numbers"
        r"|at a glance|up next|next up|next|previous|live|podcast|newsletter|opinion|highlights?"
        r"|live (?:updates?|blog|coverage|stream)|recommended|must[- ]read|in pictures"
        r"|in case you missed it|icymi|sponsor|(?:story|text|words"
        r"|video|audio|graphics?|illustration) by)(?: (?:for you|stories))? ?(?::|\|)"
    ),
    r"most (?:viewed|read|popular|shared|watched|commented|emailed) (?:in|on|today|this|by)\b",
    r"what (?:you need|we know|to know|you should)\b|explore more\b|more stories\b",
    (
        r"(?:illustrations?|photography|graphics?) by (?-i:[A-Z])"
        r"|(?:sponsored|presented|brought to you|powered) by (?-i:(?:[A-Z]\S*+ ?){2,}+)"
        r"(?!,|and |of |in |for )(?<!, )"
    ),
    r"\d+ (?:things|takeaways|charts|ways|reasons|questions|facts) (?:to|that|we|you|about)\b",
    r"(?:the )?best of (?:the|our) ",
    r"(?:reader|readers|your|live)? ?(?:q ?& ?a|questions)\b ?:",
    r"join (?:the |over |more than |our )?(?:[\d,.]+|thousands|millions|other)\b",
    r"(?:cast|vote|take) (?:your|now|our|the) (?:vote|poll|quiz|survey)",
    (
        r"(?:download|get|install|open|scan|try) (?:the|our|this|your|it in|in) (?:\w+ ){0,4}"
        r"(?:app|qr code)\b"
    ),
    (
        r"(?:listen|subscribe) (?:to|on|via|wherever)\b.{0,60}(?:podcast|article|episode|story"
        r"|apple"
        r"|spotify|wherever)"
    ),
    r"(?:audio|narrated|voiced|recorded) by (?-i:[A-Z])|available on (?:apple|spotify)",
    r"turn on (?:notifications|push)",
    (
        r"(?:get|receive|sign up for|enable|turn on) (?:\w+ ){0,4}(?:alerts|notifications"
        r"|newsletter"
        r"|briefing|e-?mails?|inbox|updates)\b"
    ),
)
NOTICE = re.compile(
    "|".join((*_COOKIES, *_COMMENTS, *_VERSIONS, *_PAYING, *_TOPICS)), re.IGNORECASE
)
AUTHOR = re.compile("|".join(_AUTHORS), re.IGNORECASE)
_ANYWHERE = (
    (
        r"\bby (?:continu|click|sign|us|subscrib|submitt|register)\w*ing\b.*\byou (?:agree|accept"
        r"|consent|confirm|acknowledge)"
    ),
    r"\bcontinu\w+ to (?:browse|use)\b.*\b(?:accept|agree|consent|cookies)\b",
    (
        r"\b(?:an?|the) (?:earlier|previous|updated|abridged|original|longer"
        r"|shorter)? ?version of "
        r"(?:this|the) (?:article|story|post|report|piece|column|essay)"
    ),
    r"\bappear(?:s|ed) in (?:the )?(?:print|our print)\b",
    r"\b(?:funded|supported|powered) by (?:our )?(?:readers|listeners|viewers|members)\b",
    r"\bchip in (?:from|now|today|just|as)\b",
    r"\bplease (?:contact|e-?mail|message|write to) (?:me|us)\b",
    r"\b(?:view|see|show) results\b",
)
ANYWHERE = re.compile("|".join(_ANYWHERE), re.IGNORECASE)
# One of these stands, in lower case, in whatever the pattern finds.
OF_AUTHOR = (
    "writer", "reporter", "correspondent", "editor", "columnist", "contributor", "journalist",
    "producer", "blogger", "critic", "fellow", "photographer", "covers ", "writes ", "reports ",
    "follow", "find", "like", "connect with", "reach", "contact", "mail", "hear",
)  # fmt: skip
OF_ANYWHERE = (
    "you agree", "you accept", "you consent", "you confirm", "you acknowledge", " to browse",
    " to use", "version of", " print", "funded by",
    "supported by", "powered by", "chip in", " results",
    "please ",
)  # fmt: skip
OF_ADDRESS = (
    "our ", "like you", "to you", "friend", "on this", "in this", "of this", "to this", "with this",
    "for this", "above this", "earlier ", "previous ", "original ",
    " us", "cancel any", "affiliate", "terms ",
)  # fmt: skip
# What pages call their own parts when they speak to the reader.
_OWN = (
    r"(?:articles?|stor(?:y|ies)|posts?|newsletters?|inbox|app|browser|journalism|newsroom"
    r"|reporting"
    r"|subscriptions?|e-?mail address|coverage|(?:web)?sites?|notifications|reporters"
    r"|readers|subscribers|preferences|privacy settings|live ?blog|youtube channel)"
)
ADDRESS = re.compile(
    rf"\b(?:our|your) (?:\w+ ){{0,2}}?{_OWN}\b"
    r"|\b(?:readers|people|supporters|members) like you\b"
    r"|\b(?:delivered|straight|sent|direct(?:ly)?) to (?:your|you)\b"
    r"|\b(?:this|the) (?:article|story|post|page|newsletter) (?:with|to) (?:your|a) friends?\b"
    r"|\b(?:earlier|previous|original) (?:headline|caption|title|picture|photo|image)s? (?:on|of|to"
    r"|for|with|above) (?:this|the)\b"
    r"|\b(?:of|to|with) this (?:article|page|newsletter|post|website|episode)\b"
    r"|\b(?:may|might|could) (?:earn|pay) us\b"
    r"|\bcancel any ?time\b|\baffiliate (?:links?|commission)\b"
    r"|\bterms (?:of (?:use|service)|and conditions)\b.*\bprivacy\b",
    re.IGNORECASE,
)
