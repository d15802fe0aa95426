"""Words by which a newsletter's frame is told from its stories, in the larger languages.

Data only; `frame` and `stories` say how it is used.
"""

from __future__ import annotations


def _lines(text: str) -> frozenset[str]:
    return frozenset(line.strip() for line in text.replace("\n", "|").split("|") if line.strip())


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _either(text: str) -> str:
    """A pattern that is one of the lines."""
    return "(?:" + "|".join(line.strip() for line in text.strip().split("\n")) + ")"


PLACES = {
    **dict.fromkeys(_words("""
        footer footers foot colophon unsubscribe unsub legal disclaimer
        copyright subscribe subscription paywall signup
    """), "footer"),
    **dict.fromkeys(_words("""
        nav navbar navigation breadcrumb breadcrumbs pagination pager sidebar
        toc comments
    """), "navigation"),
    **dict.fromkeys(_words("""
        social socials share sharing follow
    """), "social"),
    **dict.fromkeys(_words("""
        sponsor sponsors sponsored sponsorship advert adverts advertisement
        advertising ad ads notice
    """), "sponsor"),
}  # fmt: skip
"""Words in the class or id of an element, by what its content is left out as."""

MORE = _lines("""
    read more | read on | read the rest | read the article | read the full article | read it |
    read full story | read the full story | read the story | read article | read post | read now |
    read | continue reading | continue | keep reading | more | learn more | full story | details |
    find out more | see more | more info | more information | view | view article | open |
    watch | watch now | watch the video | listen | listen now | link | source | website | here |
    click here | go | visit | article | post | weiterlesen | mehr | mehr lesen | mehr dazu |
    zum artikel | hier | quelle | lire la suite | lire | en savoir plus | lire l'article | suite |
    leer más | seguir leyendo | más | más información | fuente | leia mais | ler mais | saiba mais |
    leggi tutto | leggi di più | continua | lees meer | lees verder | läs mer | læs mere |
    les mer | lue lisää | czytaj więcej | číst dále | читать далее | подробнее | читать |
    続きを読む | もっと読む | 詳しくはこちら | こちら |
    阅读更多 | 阅读全文 | 閱讀更多 | 原文 | 查看更多 |
    더 보기 | 더 읽기 | 자세히 보기 | اقرأ المزيد | المزيد | קרא עוד | להמשך קריאה | devamını oku
""")
"""What a link to a story says that does not name it."""

MORE_AT = _either(r"""
        (?:read|see|find|learn|watch|listen|continue|keep)(?: it| more| on| reading)? at \S{1,60}
        (?:read|see|find|watch|listen)(?: it| more)? (?:on|over at) \S{1,60}(?: \S{1,40}){0,2}
        more (?:at|on|over at) \S{1,60}(?: \S{1,40}){0,2}
        (?:weiterlesen|mehr) (?:bei|auf|in) .{1,60}|lire la suite (?:sur|dans) .{1,60}
        seguir leyendo en .{1,60}|continua (?:a leggere )?su .{1,60}|続きは.{1,60}で
        تابع القراءة في .{1,60}
    """)
"""The same, with the name of the place that it leads to."""

ASIDES = _lines("""
    comments | comment | discuss | discussion | discuss on hn | hn | hacker news | via | archive |
    archived | pdf | slides | video | audio | transcript | thread | reddit | lobsters | tweet |
    mirror | kommentare | commentaires | comentarios | コメント | 评论 | تعليقات
""")
"""What a link beside a story says: it leads to talk about it, or to another form of it."""

FRAME = {
    "view in browser": _either(r"""
        (?:view|read|open|see)\b.{0,30}\b(?:in|on|with)\b.{0,12}\b(?:browser|web|online)
        (?:having (?:trouble|problems)|(?:images|pictures) not)\b.{0,60}\b(?:browser|online)
        can['’]t (?:see|read) (?:this|the (?:e-?mail|newsletter|images|pictures)).{0,60}browser
        (?:view|read) online|web version|having trouble (?:view|read)ing.*
        (?:im|in ihrem) browser (?:ansehen|anzeigen|öffnen|lesen)|online ansehen
        (?:voir|ouvrir|lire|afficher).{0,30}(?:navigateur|en ligne)|version (?:en ligne|web)
        ver.{0,20}(?:en el|no) navegador|ver online|visualizza.{0,20}browser
        ブラウザで(?:見る|表示|読む|開く).*
        在浏览器中(?:查看|打开|阅读).*|العرض في المتصفح|عرض في المتصفح
    """),
    "unsubscribe": _either(r"""
        unsubscribe(?: (?:here|now|instantly|from .{0,40}|at any time.{0,40}))?
        .{0,60}\bunsubscribe (?:here|at any time|from (?:this|our|all|future))\b.*|opt[ -]?out
        (?:manage|update|change|edit)\b.{0,30}\b(?:preferences?|subscriptions?|settings|profile)
        (?:email )?preferences|.{0,40}(?:abmelden|abbestellen)[.!]?
        .{0,30}(?:se )?désabonner.{0,30}|.{0,20}désinscri(?:re|ption|vez).{0,30}
        .{0,30}dar(?:se|me)? de baja.{0,30}|cancelar (?:a )?(?:inscrição|suscripción)
        .{0,20}disiscriv.{0,20}|.{0,20}(?:uitschrijven|afmelden)|avregistrera.{0,20}
        .{0,20}отписаться.{0,20}|配信停止.{0,20}|.{0,10}退订.{0,10}
        .{0,10}取消订阅.{0,10}|수신 ?거부.{0,20}
        إلغاء الاشتراك.{0,20}|abonelikten çık.{0,10}
    """),
    "why you get this": _either(r"""
        (?:you(?:['’]re| are)? (?:receiv|get)|you received this|you subscribed).*
        (?:this|the) (?:e-?mail|message|newsletter) was sent (?:to|by).*
        sent (?:to|by|with|from) .{0,80}(?:@|mailchimp|substack|buttondown|beehiiv).*
        (?:was this|did somebody|has this been)? ?forwarded (?:this|to you).*
        was this (?:e-?mail|newsletter) forwarded.*|someone forwarded.*|our mailing address.*
        sie erhalten diese.*|vous recevez (?:ce|cet|cette).*|recibes? (?:este|esta).*
        powered by .{0,40}|made with .{0,60}|created with .{0,40}
    """),
    "copyright": _either(r"""
        (?:©|\(c\)|copyright\b).{0,200}|.{0,80}all rights reserved.{0,40}
        privacy(?: policy| notice)?|terms(?: of (?:use|service)| and conditions)?|imprint
        impressum|datenschutz(?:erklärung)?|mentions légales|contact(?: us)?|about(?: us)?
    """),
    "social": _either(r"""
        follow (?:us|me|along)\b.{0,80}|find us on .{0,60}
        (?:share|tweet|like|post|pin|repost|restack)(?: (?:this|it|on|via|now)\b.{0,60})?
        forward (?:to a friend|this).{0,40}|tell a friend.{0,40}|leave a comment.{0,20}
        (?:folge?n? (?:sie )?uns|suivez-nous|síguenos|seguici|siga-nos|volg ons).{0,60}
        (?:teilen|partager|compartir|condividi|共有|分享)
        twitter|x|facebook|instagram|linkedin|mastodon|bluesky|threads|youtube|tiktok|rss
        rss feed|discord|slack|telegram|github|pinterest|whatsapp|e-?mail|website
    """),
    "subscribe": _either(r"""
        (?:subscribe|sign up|join)(?: (?:now|here|today|free|for free|to|us|for|our)\b.{0,80})?
        upgrade (?:now|today|your|to (?:paid|pro|premium))\b.{0,80}
        (?:become a|support (?:us|this)|buy me a|donate|refer a)\b.{0,80}
        (?:abonnieren|anmelden|s['’]abonner|suscribirse|suscríbete|iscriviti|inscreva-se|購読する|订阅|اشترك).{0,40}
    """),
    "sponsor": _either(r"""
        (?:our |this week['’]s |today['’]s )?(?:sponsors?|advertisements?)(?:\s*[:：|–—-].*)?
        (?:advertising|anzeige|werbung|publicité|publicidad|pubblicità)(?:\s*[:：|–—-].*)?
        (?:reklama?|annons|annonse|広告|广告|إعلان)(?:\s*[:：|–—-].*)?
        (?:sponsored|presented|brought to you|powered|paid) (?:by|post|content)\b.*|sponsored
        this (?:issue|newsletter|week|edition)(?: is|['’]s)? (?:sponsored|brought|supported)\b.*
        (?:ad|advertisement|sponsor(?:ed)?|anzeige|werbung|\[ad\]|\(ad\))\s*[:：|–—].*
    """),
    "contents": _either(r"""
        (?:table of )?contents|in this (?:issue|edition|newsletter|email)
        (?:this week )?at a glance|jump to.{0,40}|inhalt(?:sverzeichnis)?|in dieser ausgabe
        sommaire|au sommaire|dans ce numéro|índice|en este número|nesta edição|in questo numero
        in dit nummer|目次|目录|المحتويات|في هذا العدد
    """),
}
"""What belongs to the frame: by what it is, the pattern of a whole line, in any case."""

FRAME_LINKS = {
    "unsubscribe": _either(r"""
        unsubscrib|opt-?out|/preferences|manage[-_/]subscription|list-unsub
    """),
    "social": _either(r"""
        (?:twitter|x)\.com/(?:intent|share)|facebook\.com/(?:sharer|share\.php|dialog)
        linkedin\.com/(?:sharing|shareArticle)|reddit\.com/submit
        news\.ycombinator\.com/submitlink|t\.me/share|wa\.me/\?|pinterest\.\w+/pin/create
        forward-to-friend
    """),
    "view in browser": _either(r"""
        [?&/](?:view[-_]?(?:in|online)|webversion)|campaign-archive\.com
    """),
    "not a page": _either(r"""
        ^(?:mailto|tel|sms|javascript|data|cid|file|ftp):
    """),
}
"""Links that lead to no story: by what it is, a pattern that is found in the address."""

FEATURED = _lines("""
    featured | featured story | featured stories | feature | top story | top stories | top news |
    main story | the main story | lead story | the lead | cover story | the big story | big story |
    this week's big story | this week's main story | this week's top story | story of the week |
    article of the week | editor's pick | editor's picks | editors' picks | editor's choice |
    must read | must reads | must-read | highlight | highlights | spotlight | in focus |
    titelthema | topthema | thema der woche | aufmacher | im fokus | à la une | la une |
    destacado | destacados | la noticia de la semana | em destaque | destaque | in evidenza |
    in primo piano | uitgelicht | トップニュース | 注目記事 | 特集 | 头条 | 頭條 |
    本周头条 | أبرز الأخبار
""")
"""Names of sections whose few stories are the leads."""

NOTE = _either(r"""
        editor['’]s note|ed\. note|note de la rédaction|ndlr|n\.d\.l\.r\.|anm\. d\. red\.
        anmerkung der redaktion|nota del editor|nota de la redacción|nota da redação|編集部注
        編集部より|編者注|编者按|ملاحظة المحرر|ملاحظة التحرير
    """)
"""How a note of the editor's begins."""

ALSO = _either(r"""
        also (?:covered|reported|told|in|at|on|see)\b|see also|related\b|more (?:on|at|from)\b
        via\b|elsewhere\b|siehe auch|auch bei|voir aussi|aussi sur|también en|ver también
        también lo cuentan?|ほかの報道|他の報道|関連|参见|另见|الخبر أيضًا|ورد أيضًا
    """)
"""How a line begins that leads to others who tell the same."""
