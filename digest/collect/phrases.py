"""Words and phrases by which a line is known, in the larger languages of the press.

Data only; `lines`, `bylines` and `teasers` say how it is used.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


BY = (
    "by", "analysis by", "opinion by", "perspective by", "review by", "commentary by",
    "column by", "essay by", "interview by", "written by", "story by", "text by", "words by",
    "reported by", "report by", "reporting by", "posted by",
    "author", "authors", "por", "escrito por", "autor", "autora", "texto", "par", "auteur",
    "von", "text", "di", "a cura di", "autore", "door", "av", "af", "skrevet af", "przez", "od",
    "autor tekstu", "автор", "текст", "بقلم", "כתב", "作者", "文／", "文/", "記者", "记者",
)  # fmt: skip
"""Words that open a byline; those of one common word count only before something name-shaped."""

PARTICLES = _words(
    "de da do dos das du des del della di der den van von zu zur la le el al bin bint ibn "
    "ben abu ter ten "
    "y e i und et and af av st san santa"
)
"""Words inside a person's name."""

SUFFIXES = _words("jr jr. sr sr. ii iii iv phd ph.d. md m.d. esq")

DEGREES = _words(
    "BA BS BSc MA MS MSc MPH MBA MFA MBBS JD LLB LLM RN NP PA DO DDS DMD DVM RD RDN CPA LCSW MEd "
    "MD PhD EdD PsyD DrPH DPhil PharmD DNP FRCP FRS OBE MBE CBE"
)
"""Degrees and orders behind a name, as they are printed; alone, the short ones are agencies."""

RELATIVE_TIMES = (
    r"(?:(?:před|hace|il y a|vor|há|pred|για|πριν|acum|hai|fa)\s+)"
    r"(?:\d{1,3}|an?|einer|einem|une?|una?)\s+[^\W\d_]+\.?"
    r"|(?:\d{1,3}|an?)\s+[^\W\d_]+\.?\s+"
    r"(?:ago|fa|geleden|sedan|siden|temu|назад|тому|önce|lalu|atrás|sitten|ezelőtt|trước)"
    r"|\d{1,3}\s?(?:分钟|分鐘|小时|小時|天|時間|分|日|시간|분|일)\s?[前전]"
)
"""How long ago something was published: "3 hours ago"; no date, and no part of a name."""

AGENCIES = (
    r"reuters|ap|afp|upi|dpa|efe|ansa|pti|ians|ani|pna|voa|bbc|cnn|npr|pbs|abc|cbs|nbc|msnbc|"
    r"rfe/rl|rfe|rfa|dw|"
    r"tass|xinhua|yonhap|kyodo|jiji|bernama|antara|bloomberg|euronews|al jazeera|interfax|"
    r"ukrinform|anadolu|agerpres|lusa|belga|anp|tt|ntb|ritzau|pap|čtk|tasr|mti|hina|tanjug|"
    r"sid|kna|epd|"
    r"associated press|canadian press|press association|deutsche welle|prensa latina|"
    r"the conversation|propublica"
)
AGENCY_WORDS = _words(
    "news agency press service wire network media radio television tv times post herald tribune "
    "journal gazette guardian observer chronicle telegraph mirror standard bulletin courier "
    "magazine review "
    "weekly daily newsroom bureau agencia agence agentur agenzia agência noticias notícias "
    "nachrichten "
    "redacción redaction rédaction redaktion redazione redação redactie staff desk team diario "
    "journal presse prensa stampa zeitung kurier newswire broadcasting corporation report "
    "reports online organization organisation foundation institute institution university "
    "ministry department council association society committee company corp inc ltd llc gmbh "
    "consortium museum contributors developers"
)
"""Words that make a name a house's, not a person's."""

OFFICES = (
    r"(?:the |a |former |deputy |vice |acting |managing )*(?:mayor|minister|president|director|"
    r"professor|chair|chair(?:man|woman|person)|head|chief executive|ceo|founder|co-founder|"
    r"secretary|spokes(?:man|woman|person)|lecturer|researcher|fellow|student|lawyer|economist|"
    r"alcaldesa?|ministr[oa]|president[ea]|director[a]?|profesor[a]?|directeur|directrice|"
    r"bürgermeister(?:in)?|professorin|direktor(?:in)?)"
)
"""What somebody is whom a byline names, beside those who write for a living."""

NEWSROOMS = _words(
    "newsroom redacción redaction rédaction redaktion redazione redação redactie staff "
    "toimitus redakcja редакция"
)
"""Words for a newsroom that stand alone as a byline."""

AGENCY_ENDINGS = (
    r"\w{3,}(?:agentur|zeitung|blatt|kurier|presse|dienst|nachrichten|rundschau|anzeiger|bote|"
    r"tidning|tidningen|posten|bladet|avisen?|krant|nieuws|wire|press|news|times)"
)
"""How the name of a house ends that is one word: Küstenbote, Coastwire."""

JOBS = (
    r"(?:(?:senior|chief|special|staff|foreign|political|science|business|economics|"
    r"diplomatic|sports?|"
    r"national|freelance|guest|managing|executive|deputy|associate|assistant|contributing|"
    r"investigative|general|"
    r"crime|health|technology|environment|city|news|video|data|lead|our|the)\s+)*"
    r"(?:writers?|correspondents?|reporters?|editors?[- ]at[- ]large|at[- ]large|editors?|"
    r"columnists?|journalists?|contributors?|"
    r"producers?|"
    r"photographers?|author|authors|analyst|editor-in-chief|editor in chief|bureau chief|"
    r"corresponsal|redactora?|periodista|enviad[oa] especial|correspondant[e]?|"
    r"envoyé[e]? spécial[e]?|"
    r"journaliste|korrespondent(?:in)?|redakteur(?:in)?|reporterin|inviat[oa]|giornalista|"
    r"repórter|"
    r"jornalista|correspondente|verslaggever|redacteur)"
)

_HEADINGS = """
    popular | most popular | popular now | popular stories | popular articles | popular posts |
    most read | most viewed | most shared | most commented | trending | trending now |
    trending stories | related | related articles | related stories | related news |
    related posts | related content | related coverage | related topics | related reading |
    more stories | more news | more articles | more like this | more from this section |
    more on this story | more on this topic | more on this | you may also like |
    you might also like | you may like | you may also be interested in | recommended |
    recommended for you | recommended stories | recommended reading | read next | up next |
    what to read next | further reading | editor's picks | editors' picks | editor's choice |
    top stories | top news | latest | latest news | latest stories | latest articles |
    latest posts | recent posts | recent articles | recent stories | recent news | don't miss |
    in case you missed it | featured | featured stories | also read | also in the news |
    see also | in other news | other news | other stories | elsewhere | lo más leído |
    más leídas | más leídos | las más leídas | lo más visto | más noticias |
    noticias relacionadas | artículos relacionados | relacionado | relacionados | relacionadas |
    te puede interesar | también te puede interesar | le puede interesar | últimas noticias |
    lo último | destacados | populares | te recomendamos | les plus lus | les plus lues |
    le plus lu | articles liés | articles similaires | articles populaires | sur le même sujet |
    à lire aussi | à lire également | lire aussi | les plus populaires | populaire | populaires |
    dernières nouvelles | dernières actualités | recommandé pour vous | à la une |
    plus d'articles | meistgelesen | am meisten gelesen | meist gelesen | beliebt |
    beliebte artikel | beliebte beiträge | mehr zum thema | das könnte sie auch interessieren |
    das könnte dich auch interessieren | auch interessant | ähnliche artikel | ähnliche beiträge |
    verwandte artikel | verwandte themen | lesen sie auch | weitere artikel | weitere meldungen |
    neueste artikel | neueste beiträge | aktuelle meldungen | empfohlen | mais lidas |
    as mais lidas | mais lidos | mais populares | leia também | leia mais |
    notícias relacionadas | matérias relacionadas | últimas notícias | veja também |
    você também pode gostar | recomendados | i più letti | le più lette | più letti |
    articoli correlati | notizie correlate | leggi anche | potrebbe interessarti |
    potrebbe interessarti anche | ultime notizie | in evidenza | meest gelezen | lees ook |
    gerelateerd | gerelateerde artikelen | populair | meer nieuws | laatste nieuws | mest läst |
    läs också | mest læst | læs også | mest lest | les også | relaterat | relaterede |
    najczęściej czytane | czytaj także | zobacz także | popularne | polecane | читайте также |
    популярное | самое читаемое | по теме | похожие статьи | en çok okunanlar | ilgili haberler |
    terpopuler | berita terkait | baca juga | 人気記事 | 関連記事 | 関連ニュース | おすすめ記事 |
    アクセスランキング | 热门 | 热门文章 | 相关文章 | 相关新闻 | 推荐阅读 | 熱門 | 熱門文章 |
    相關文章 | 相關新聞 | 推薦閱讀 | 인기기사 | 인기 기사 | 관련기사 | 관련 기사 |
    많이 본 뉴스 | 추천 기사 |
    الأكثر قراءة | اقرأ أيضا | اقرأ أيضاً | مواضيع ذات صلة | أخبار ذات صلة |
    הנקראות ביותר | כתבות נוספות | קראו גם
"""
BLOCK_HEADINGS = frozenset(phrase.strip() for phrase in _HEADINGS.split("|"))
"""A line that is one of these, and no more, opens a block of other stories."""

CALLS = (
    r"read (?:more|also|next|on|full|the (?:full|rest|whole))|continue reading|keep reading|"
    r"click here|"
    r"sign up|subscribe|follow us|follow \S+ on|also read|see also|see more|watch(?: now|"
    r" live| more)?:|"
    r"listen(?: now| live| to)?:|more:|more on|related:|download (?:the|our|now)|join (?:us|"
    r"our|the conversation)|"
    r"support (?:us|our)|donate|learn more|find out more|get (?:our|"
    r"the) (?:\S+ ){0,3}(?:newsletter|app|alerts)|"
    r"view (?:comments|gallery|more)|show more|load more|leave a comment|"
    r"leer más|lee (?:también|más)|lea (?:también|más)|le[eé]r también|sigue leyendo|"
    r"seguir leyendo|suscr[ií]b|síguenos|"
    r"lire (?:la suite|aussi|plus)|(?:à|a) lire|abonnez|inscrivez-vous|suivez-nous|voir aussi|"
    r"weiterlesen|lesen sie (?:auch|mehr|hier)|mehr (?:lesen|dazu|zum thema)|lies auch|"
    r"jetzt (?:abonnieren|lesen|anmelden)|"
    r"abonnieren sie|folgen sie|melden sie sich|hier klicken|"
    r"ler mais|leia (?:mais|também)|continue lendo|inscreva-se|assine|siga-nos|saiba mais|"
    r"veja também|"
    r"leggi (?:anche|tutto|di più)|continua a leggere|iscriviti|abbonati|seguici|"
    r"lees (?:meer|ook|verder)|meld je aan|volg ons|läs (?:mer|också|även)|les (?:mer|også)|"
    r"læs (?:mere|også)|"
    r"czytaj (?:więcej|też|także|dalej)|zobacz także|читать далее|читайте также|подробнее|"
    r"подписывайтесь|"
    r"devamını oku|baca juga|selengkapnya|続きを読む|続きは|关注我们|阅读更多|"
    r"阅读全文|閱讀更多|더 보기|구독|"
    r"اقرأ (?:المزيد|أيضا)|للمزيد|קראו עוד"
)

SHARES = (
    r"share(?: (?:this|on|via|article|story|post|now|it|full article))?\b|tweet(?: this)?|"
    r"retweet|pin it|copy link|"
    r"email this|print(?: this)?|\d+ (?:shares?|comments?)|comments|like this|like loading|"
    r"facebook|twitter|whatsapp|telegram|linkedin|reddit|pinterest|messenger|email|e-mail|"
    r"flipboard|"
    r"compart(?:ir|e|ilhar|ilhe)|partag(?:er|ez)|teilen|condividi|udostępnij|"
    r"поделиться|"
    r"シェア|分享|공유|شارك|שתפו|bluesky|mastodon|threads|instagram|tumblr"
)

NOTICES = (
    r"advertisement|advertising|sponsored(?: content)?|promoted|"
    r"(?:©|\(c\)) ?(?:copyright )?\d{4}|©.{2,60}\b\d{4}\b|copyright|"
    r"all rights reserved|"
    r"the post .{1,400} appeared first on|this (?:article|story|post|report) (?:was|is|"
    r"has been|first|originally) |"
    r"\(?this (?:article|story|post|report) (?:was|is|has been|first|originally) |"
    r"originally published|our standards:|disclaimer|editor[’']s note|correction:|"
    r"(?:\(?(?:additional )?reporting by|\(?editing by|\(?writing by|\(?compiled by)|"
    r"publicidad|publicité|anzeige|werbung|publicidade|pubblicità|advertentie|annons|annonse|"
    r"reklam[ae]?$|реклама|"
    r"広告|广告|廣告|광고|إعلان|last updated|updated on|first published|cookie|we use cookies|"
    r"todos los derechos|tous droits|alle rechte|todos os direitos|tutti i diritti|"
    r"l’article .{1,400} est apparu en premier|"
    r"der beitrag .{1,400} erschien zuerst|la entrada .{1,400} (?:se publicó primero|"
    r"aparece primero)|"
    r"transcript$|loading|comments are closed|"
    r"\d{1,2} ?min(?:ute)?s?\.? read$|reading time|read time|tempo d[ei] (?:leitura|lettura)|"
    r"tiempo de lectura|temps de lecture|lesezeit|leestijd|czas czytania|время чтения|"
    r"(?:tags?|tagged|topics?|keywords?|labels?|categor(?:y|ies)|filed under|posted in|etiquetas?|"
    r"temas|categor[ií]as?|mots[- ]cl[ée]s|schlagw[oö]rter|schlagworte|themen|parole chiave|"
    r"argomenti|trefwoorden|tagi|теги|タグ|标签|標籤|태그|الوسوم)\s*(?:[:：]|$)|"
    r"[^.!?]{2,120} contributed (?:to this|reporting)\b"
)

META = (
    r"(?:(?:published|posted|written|publicado|postado|publié|veröffentlicht|pubblicato)"
    r"(?: (?:by|on|por|em|el|par|le|von|am|da|il))?|categor(?:y|ies|ia|ía|ie)|tags?|author|autor|"
    r"auteur|autore|date|fecha|data|datum|comments?|views?)\s*:"
)
"""A label of a line about the text; two of them on one line are no sentence."""

PROMOS = (
    r"(?:get|sign|subscribe|start|join|want|enjoy|enjoyed|there[’']s|like (?:this|what)|love|"
    r"don[’']t|never|stay|receive|for more|support|become|try|click|download|our)\b"
)
"""How a line begins that asks for something; what it asks for is `ASKED`."""

ASKED = (
    r"\b(?:newsletters?|inbox|subscri(?:be|bing|ption|ptions)|sign up|signing up|free trial|"
    r"click here|delivered|app store|google play|membership)\b"
)

CONTACT = (
    r"(?:(?:you can|please|(?:have|got) (?:a|an) \w+\?) ?)?(?:follow|e-?mail|reach|contact|connect|"
    r"tweet|write to|twitter|facebook|instagram|more\b[^.]{0,30}:|more info|for more|comments?|"
    r"questions|feedback|subscribe|visit|find (?:me|us|him|her)|tips?|s[ií]g[ua]|suivez|folgen|"
    r"segui|volg|escr[ií]b|contact[eao]|have a tip)\b"
)
"""How a last line with an address begins, which asks its reader to do something."""

CAPTION_LABELS = (
    r"file(?: photo| image| picture)?|photos?|pictures?|pic|images?|caption|credit|"
    r"photo credit|image credit|"
    r"(?:photo|image|picture) (?:by|courtesy|via|source|credits?|copyright)|courtesy(?: of)?|"
    r"screenshot|screengrab|"
    r"graphic|illustration|infographic|handout|archive photo|archivo|"
    r"foto(?:s)?(?: de archivo)?|imagen|fotografía|"
    r"imagen de archivo|photo d[’']archives|crédit(?: photo)?|image d[’']illustration|légende|"
    r"bild|symbolbild|archivbild|"
    r"archivfoto|foto[s]?|quelle|imagem|fotografia|crédito|foto d[’']archivio|immagine|"
    r"archieffoto|beeld|"
    r"zdjęcie|fot\.|фото|архивное фото|写真|図|画像|资料图|資料圖|图|圖|사진|صورة|ملف|תמונה|צילום"
)

# Words that begin sentences, and stand capitalized inside a line only where one begins.
OPENERS = _words(
    """
    the a an in on at over after as for with when while under from to by during before since
    despite amid more most some several nearly almost about around just only two three four five
    six seven eight nine ten this that these those it its he she they we you i his her their our
    there here who what why how where if but and although though because between among across
    against within without following according every each both many few no not all another such
    once until new el la los las un una unos unas en al del con por para tras según durante
    desde sobre entre este esta estos estas su sus más casi cuando como si pero ante bajo hasta
    lo le les une des dans après avec pour sur par selon depuis entre ce cette ces son sa ses
    leur plus lors quand il elle ils elles pendant sous vers chez au aux der die das den dem ein
    eine einen einer im am bei nach mit für auf aus seit über unter vor zwischen während wegen
    trotz rund mehr zwei drei bis o os as um uma no na nos nas ao com após segundo mais sob até
    il lo gli uno nel nella nei al alla dopo con per su tra fra secondo het een op bij na met
    voor uit sinds ruim zo'n
    """
)
TITLES = _words(
    "president prime minister senator secretary governor mayor chancellor king queen prince "
    "princess pope police "
    "officials authorities lawmakers scientists researchers doctors residents voters "
    "thousands hundreds millions "
    "state federal former acting vice chief general deputy foreign defense defence interior "
    "finance "
    "presidente presidenta ministro ministra alcalde policía président ministre premier "
    "präsident bundeskanzler "
    "minister polizei kanzler presidenti sindaco polizia polícia"
)
"""Words that stand before a name at the start of a report, never at the end of a byline."""

KICKERS = _words(
    "ADVERTISEMENT ALERT ANALYSIS ANNOUNCEMENT BREAKING COLUMN COMMENT COMMENTARY CORRECTION "
    "EDITORIAL EDIT "
    "EXCLUSIVE EXPLAINER FACTBOX FEATURE FILE GALLERY IMPORTANT INTERVIEW LIVE NEW NEWS NOTE "
    "NOTICE OPINION PHOTO "
    "PHOTOS PODCAST POLL QUIZ READ REPORT REVIEW SPOILER SPONSORED SUMMARY TIP UPDATE "
    "UPDATED VIDEO WARNING "
    "WATCH AVISO NOTA ACTUALIZACIÓN EXCLUSIVA OPINIÓN ANÁLISIS EXCLUSIF ANALYSE ACHTUNG "
    "KOMMENTAR"
)
"""Words in capitals before a dash or colon that name no place."""
