"""Sentence boundaries of other languages than English: hard cases, and blurbs that fit."""

from __future__ import annotations

import pytest

from digest.models import Entry
from digest.summarize import blurb
from digest.text.sentences import split
from digest.text.widths import width

# Each row is sentences that come back when they are joined as their script joins them.
ROWS: dict[str, list[list[str]]] = {
    "zh": [
        [
            "市议会周三批准了新港口计划。",
            "预算为3.5亿元。",
            "“工程将于明年开始，”市长李明说。",
            "反对者表示：“太贵了！”",
            "谁来付钱？",
        ],
        ["该公司（成立于1998年。）已倒闭。", "股价下跌2.3%。"],
        ["他说：“我们会赢。我们必须赢。”", "人群欢呼。"],
        ["会议于12月3日举行；无人缺席。", "详情见www.example.com。", "完。"],
    ],
    "zh-Hant": [
        ["「我們不會放棄。」陳先生說。", "他隨後離開。"],
        ["你好嗎？！", "我很好。"],
    ],
    "ja": [
        [
            "市議会は水曜日、新しい港の計画を承認した。",
            "費用は3.5億円。",
            "「来年始める。」と市長は述べた。",
            "反対派は「高すぎる！」と批判した。",
            "誰が払うのか。",
        ],
        ["同社（1998年設立。）は倒産した。", "株価は2.3%下がった。"],
        ["彼は待った……。", "そして去った。"],
        ["Yahoo!ニュースが報じた。", "続報を待つ。"],
    ],
    "ar": [
        [
            "وافق المجلس على الخطة يوم الأربعاء.",
            "تبلغ الكلفة 3.5 مليون دولار.",
            "«سنبدأ العام المقبل»، قال رئيس البلدية د. سامي نصر.",
            "من سيدفع؟",
            "لا أحد يعرف!",
        ],
        ["قال د. أحمد إن المشروع مهم.", "وأضاف أ. منى أنه مكلف."],
    ],
    "he": [
        [
            "המועצה אישרה את התוכנית ביום רביעי.",
            'העלות היא 3.5 מיליון ש"ח.',
            'ד"ר כהן אמר: "נתחיל בשנה הבאה."',
            "מי ישלם?",
            "איש אינו יודע!",
        ],
        ["פרופ' לוי הגיע.", 'הוא דיבר על צה"ל.'],
    ],
    "hi": [
        [
            "परिषद ने बुधवार को योजना मंज़ूर की।",
            "लागत 3.5 करोड़ रु. है।",
            "डॉ. शर्मा ने कहा, “काम अगले साल शुरू होगा।”",
            "पैसा कौन देगा?",
            "कोई नहीं जानता!",
        ],
        ["प्रो. ए. के. सिंह पहुंचे।", "वे बोले नहीं।"],
        ["श्री. वर्मा ने मना किया.", "फिर वे चले गए."],
    ],
    "el": [
        [
            "Το συμβούλιο ενέκρινε το σχέδιο.",
            "Το κόστος είναι 3,5 εκατ. ευρώ.",
            "«Θα αρχίσουμε του χρόνου», είπε ο κ. Νίκος Παπάς.",
            "Ποιος θα πληρώσει;",
            "Κανείς δεν ξέρει!",
        ],
        ["Ο Γ. Σεφέρης γεννήθηκε το 1900 μ.Χ. στη Σμύρνη.", "Έγραφε π.χ. ποιήματα."],
    ],
    "ru": [
        [
            "Совет одобрил план в среду.",
            "Стоимость — 3,5 млн руб. в год.",
            "«Начнём в 2025 г.», — сказал мэр И. И. Петров.",
            "Кто заплатит?",
            "Никто не знает!",
        ],
        ["Он живёт на ул. Ленина, д. 5.", "Там тихо."],
        ["«Мы не уйдём!» — кричали они.", "Полиция ждала."],
        ["Президент США Дж. Байден прилетел.", "Его ждали в т. ч. дети."],
        ["Это было в XIX в. в России.", "Потом всё изменилось."],
    ],
    "ko": [
        [
            "시의회는 수요일 새 항구 계획을 승인했다.",
            "비용은 3.5억 원이다.",
            "“내년에 시작한다.”고 시장이 말했다.",
            "누가 돈을 낼까?",
            "아무도 모른다!",
        ],
        ["그는 “안 된다”라고 말했다.", "회의는 끝났다."],
        ["삼성전자(주)는 2.3% 올랐다.", "투자자는 웃었다."],
    ],
    "fr": [
        [
            "Le conseil a approuvé le plan mercredi.",
            "Le coût est de 3,5 M€.",
            "« Nous commencerons l’an prochain », a dit M. J.-P. Roux.",
            "Qui paiera ?",
            "Personne ne le sait !",
        ],
        ["Mme Dupuis et Me Leroy sont venues.", "L’O.N.U. a réagi."],
        ["« C’est fini ! » a-t-il crié.", "La salle s’est tue."],
        ["Il vit av. Foch, p. ex. au no. 5.", "Elle aussi."],
        ["Le Dr. Lefèvre est arrivé à 8 h. du matin.", "Il était tard."],
        ["« Vous partez ? » demande-t-elle.", "« Oui. »", "Il sort."],
    ],
    "de": [
        [
            "Der Rat billigte den Plan am 3. Mai.",
            "Er kostet 3,5 Mio. Euro.",
            "„Wir beginnen nächstes Jahr“, sagte Bürgermeister Dr. h.c. Karl Otto.",
            "Wer zahlt?",
            "Niemand weiß es!",
        ],
        ["Am 1. Januar 2020 trat das Gesetz in Kraft.", "Es gilt u. a. für Firmen."],
        ["„Es ist vorbei!“, rief er.", "Dann ging er."],
        ["Die Firma Müller & Co. KG ist pleite.", "Der 1. FC Köln verlor 0:2."],
        ["Kaiser Wilhelm II. dankte ab.", "Prof. Weber lehrt in St. Gallen."],
        ["Das gilt z.B. für Autos bzw. Räder.", "Im 19. Jahrhundert war das anders."],
        ["Er kam um 8 Uhr.", "Die 2. Bundesliga startet."],
    ],
    "es": [
        [
            "El consejo aprobó el plan el miércoles.",
            "Cuesta 3,5 millones de euros.",
            "«Empezaremos el próximo año», dijo el Sr. Juan P. Ruiz.",
            "¿Quién pagará?",
            "¡Nadie lo sabe!",
        ],
        ["La Dra. Vega y D. Luis llegaron a las 8 a. m. del lunes.", "Nadie habló."],
        ["“¡Se acabó!”, gritó.", "La sala calló."],
        ["Vive en la Av. Central núm. 5.", "Ella también."],
        ["«¿Te vas?», preguntó ella.", "«Sí.»", "Él salió."],
        ["El art. 5 de la ley y la pág. 3 lo dicen.", "El S. A. Banco cerró."],
    ],
    "th": [
        ["นายกเทศมนตรีกล่าวเมื่อวันพุธ", "ขณะที่ชาวบ้านคัดค้าน"],
        ["ราคา 3.5 ล้านบาท นาย ก. กล่าว", "ทั้งนี้ยังไม่มีกำหนด"],
    ],
}
CASES = [(language, row) for language, rows in ROWS.items() for row in rows]


def joined(language: str, row: list[str]) -> str:
    return ("" if language.startswith(("zh", "ja")) else " ").join(row)


@pytest.mark.parametrize(("language", "row"), CASES, ids=lambda value: value[0][:30])
def test_hard_cases_of_other_languages(language: str, row: list[str]) -> None:
    text = joined(language, row)
    assert [text[start:end] for start, end in split(text, language)] == row


@pytest.mark.parametrize("language", ROWS)
@pytest.mark.parametrize("columns", [40, 60, 100, 160])
def test_a_blurb_is_whole_sentences_within_its_columns(language: str, columns: int) -> None:
    text = joined(language, [s for row in ROWS[language] for s in row])
    made = blurb(Entry(id="1", title="x", text=text, language=language), max_chars=columns)
    whole = set(split(text, language))
    assert set(made.spans) <= whole
    assert width(made.text) <= columns
    fitting = [s for s in whole if width(text[slice(*s)]) <= columns]
    assert made.text or not fitting
