"""The same week's news in twelve languages, written for the tests: a title and its sentences."""

# ruff: noqa: E501 — a line is a sentence

from __future__ import annotations

NEWS: dict[str, tuple[str, tuple[str, ...]]] = {
    "zh": (
        "海湾市开通夜间渡轮",
        (
            "海湾市政府周一宣布，连接市中心与灯塔岛的夜间渡轮将于下月开通。",
            "该航线每晚运行四班，末班船凌晨一点从旧码头出发。",
            "市长陈若兰在记者会上说：“岛上的居民等这条航线已经等了二十年。”",
            "她表示，票价将与白天的渡轮相同，学生和老人可享受半价。",
            "据市交通局统计，岛上约有八千名居民，其中三分之一在市区上夜班。",
            "但是，当地渔民担心新航线会影响他们凌晨的作业。",
            "渔业协会要求渡轮在靠近渔场的水域降低航速。",
            "交通局承诺在试运行三个月后公布一份评估报告。",
            "首批两艘电动渡轮已经在北港船厂完成测试。",
        ),
    ),
    "ja": (
        "夜間フェリーが来月から運航へ",
        (
            "浜ノ浦市は月曜日、市街地と灯台島を結ぶ夜間フェリーを来月から運航すると発表した。",
            "この航路は毎晩4便で、最終便は午前1時に旧桟橋を出発する。",
            "市長の大森恵子氏は記者会見で「島の住民は20年間この航路を待っていた」と述べた。",
            "同氏によると、運賃は昼間の便と同じで、学生と高齢者は半額になる。",
            "市交通局によれば、島には約8000人が暮らし、その3分の1が市内で夜勤をしている。",
            "しかし、地元の漁師は未明の漁に影響が出ることを心配している。",
            "漁業協同組合は、漁場に近い海域で速度を落とすよう求めた。",
            "交通局は3カ月の試験運航の後に報告書を公表すると約束した。",
            "最初の2隻の電動フェリーは、北港の造船所で試験を終えている。",
        ),
    ),
    "ar": (
        "عبارة ليلية بين المدينة وجزيرة المنارة",
        (
            "أعلنت بلدية مرسى النور يوم الاثنين أن عبارة ليلية ستربط وسط المدينة بجزيرة المنارة ابتداء من الشهر المقبل.",
            "وأضافت البلدية أن العبارة ستقوم بأربع رحلات كل ليلة.",
            "وقالت رئيسة البلدية سلمى حداد إن سكان الجزيرة انتظروا هذا الخط عشرين عاما.",
            "تبلغ ثمن التذكرة سعر رحلات النهار نفسه، ويدفع الطلاب وكبار السن نصف الثمن.",
            "يعيش في الجزيرة نحو ثمانية آلاف شخص، ويعمل ثلثهم ليلا في المدينة.",
            "لكن الصيادين يخشون أن يؤثر الخط الجديد في عملهم قبل الفجر.",
            "طالبت جمعية الصيادين بأن تخفف العبارة سرعتها قرب مناطق الصيد.",
            "تعهدت هيئة النقل بنشر تقرير بعد ثلاثة أشهر من التشغيل التجريبي.",
        ),
    ),
    "he": (
        "מעבורת לילה תחבר את העיר לאי המגדלור",
        (
            "עיריית חוף הצפון הודיעה ביום שני כי מעבורת לילה תחבר את מרכז העיר לאי המגדלור החל מהחודש הבא.",
            "היא תצא ארבע פעמים בכל לילה, ובפעם האחרונה באחת לפנות בוקר.",
            "ראש העירייה נועה ברק אמרה כי תושבי האי חיכו לקו הזה עשרים שנה.",
            "לדבריה, מחיר הכרטיס יהיה כמחיר ההפלגות ביום.",
            "באי גרים כשמונת אלפים תושבים, ושליש מהם עובדים בלילות בעיר.",
            "אבל הדייגים חוששים שהקו החדש יפריע לעבודתם לפני עלות השחר.",
            "אגודת הדייגים דרשה שהמעבורת תאט ליד אזורי הדיג.",
            "רשות התחבורה הבטיחה לפרסם דוח לאחר שלושה חודשי ניסיון.",
        ),
    ),
    "th": (
        "เปิดเรือข้ามฟากกลางคืนไปเกาะประภาคาร",
        (
            "เทศบาลเมืองอ่าวทองประกาศเมื่อวันจันทร์ว่าจะเปิดเรือข้ามฟากกลางคืนไปเกาะประภาคารในเดือนหน้า",
            "นอกจากนี้ เรือจะออกคืนละสี่เที่ยว เที่ยวสุดท้ายออกตอนตีหนึ่ง",
            "ด้านนายกเทศมนตรีกล่าวว่าชาวเกาะรอเส้นทางนี้มายี่สิบปี",
            "สำหรับค่าโดยสารจะเท่ากับเที่ยวกลางวัน นักเรียนและผู้สูงอายุจ่ายครึ่งราคา",
            "อย่างไรก็ตาม ชาวประมงกังวลว่าเรือจะรบกวนการจับปลาก่อนรุ่งสาง",
            "ขณะที่สมาคมประมงขอให้เรือลดความเร็วใกล้แหล่งจับปลา",
            "ล่าสุดกรมเจ้าท่ารับปากว่าจะเผยแพร่รายงานหลังทดลองเดินเรือสามเดือน",
        ),
    ),
    "hi": (
        "शहर और दीपस्तंभ द्वीप के बीच रात की नाव सेवा",
        (
            "सागरपुर नगर निगम ने सोमवार को घोषणा की कि अगले महीने से शहर और दीपस्तंभ द्वीप के बीच रात की नाव सेवा शुरू होगी।",
            "यह सेवा हर रात चार फेरे लगाएगी और अंतिम नाव रात एक बजे पुराने घाट से चलेगी।",
            "महापौर मीरा जोशी ने पत्रकारों से कहा कि द्वीप के लोग बीस साल से इस सेवा की प्रतीक्षा कर रहे थे।",
            "उन्होंने बताया कि किराया दिन की नावों के बराबर रहेगा।",
            "परिवहन विभाग के अनुसार द्वीप पर लगभग आठ हजार लोग रहते हैं, जिनमें से एक तिहाई रात में शहर में काम करते हैं।",
            "लेकिन मछुआरों को डर है कि नई सेवा से उनके काम में बाधा आएगी।",
            "मछुआरा संघ ने मांग की कि मछली वाले क्षेत्रों के पास नाव की गति कम रखी जाए।",
            "परिवहन विभाग ने तीन महीने के परीक्षण के बाद रिपोर्ट जारी करने का वादा किया है।",
        ),
    ),
    "el": (
        "Νυχτερινό πλοίο για το νησί του Φάρου",
        (
            "Ο Δήμος Νέου Λιμανιού ανακοίνωσε τη Δευτέρα ότι νυχτερινό πλοίο θα συνδέει από τον επόμενο μήνα το κέντρο με το νησί του Φάρου.",
            "Αυτό θα εκτελεί τέσσερα δρομολόγια κάθε νύχτα, με τελευταίο στη μία τα ξημερώματα.",
            "Η δήμαρχος Ελένη Καρρά είπε ότι οι κάτοικοι περίμεναν τη γραμμή είκοσι χρόνια.",
            "Το εισιτήριο θα κοστίζει όσο και την ημέρα, ενώ οι φοιτητές θα πληρώνουν το μισό.",
            "Στο νησί ζουν περίπου οκτώ χιλιάδες άνθρωποι και το ένα τρίτο εργάζεται νύχτα στην πόλη.",
            "Ωστόσο, οι ψαράδες φοβούνται ότι η νέα γραμμή θα εμποδίσει τη δουλειά τους.",
            "Ο σύλλογος των ψαράδων ζήτησε μικρότερη ταχύτητα κοντά στα ψαροτόπια.",
            "Η υπηρεσία μεταφορών υποσχέθηκε έκθεση μετά από τρεις μήνες δοκιμών.",
        ),
    ),
    "ru": (
        "Ночной паром свяжет город с островом Маяк",
        (
            "Мэрия Северной Гавани объявила в понедельник, что со следующего месяца центр города и остров Маяк свяжет ночной паром.",
            "Он будет ходить четыре раза за ночь, последний рейс отправится в час ночи.",
            "Мэр города Анна Крылова сказала, что жители острова ждали этой линии двадцать лет.",
            "По её словам, билет будет стоить столько же, сколько днём.",
            "На острове живут около восьми тыс. человек, и треть из них работает в городе по ночам.",
            "Однако рыбаки опасаются, что новая линия помешает их работе перед рассветом.",
            "Союз рыбаков потребовал снизить скорость парома вблизи мест лова.",
            "Управление транспорта обещало опубликовать отчёт после трёх месяцев испытаний.",
        ),
    ),
    "ko": (
        "도심과 등대섬을 잇는 야간 여객선 운항",
        (
            "새바다시는 다음 달부터 도심과 등대섬을 잇는 야간 여객선을 운항한다고 월요일 발표했다.",
            "이 노선은 매일 밤 네 차례 운항하며 마지막 배는 새벽 1시에 옛 부두를 떠난다.",
            "한서연 시장은 기자회견에서 \u201c섬 주민들은 이 노선을 20년 동안 기다렸다\u201d고 말했다.",
            "그는 요금이 낮에 다니는 배와 같다고 설명했다.",
            "시 교통국에 따르면 섬에는 약 8천 명이 살고 있으며 그중 3분의 1이 밤에 시내에서 일한다.",
            "하지만 어민들은 새 노선이 새벽 조업에 방해가 될까 걱정한다.",
            "어민회는 어장 가까운 바다에서 속도를 줄여 달라고 요구했다.",
            "교통국은 석 달의 시험 운항 뒤에 보고서를 공개하겠다고 약속했다.",
        ),
    ),
    "es": (
        "Un transbordador nocturno unirá la ciudad con la isla del Faro",
        (
            "El Ayuntamiento de Puerto Claro anunció el lunes que un barco nocturno unirá desde el próximo mes el centro con la isla vecina.",
            "Este servicio hará cuatro viajes cada noche y el último saldrá a la una de la madrugada.",
            "La alcaldesa Lucía Ferrer dijo que los vecinos habían esperado la línea durante veinte años.",
            "Según ella, el billete costará lo mismo que de día y los estudiantes pagarán la mitad.",
            "En la isla viven unas ocho mil personas, y un tercio trabaja de noche en la ciudad.",
            "Sin embargo, los pescadores temen que la nueva línea dificulte su trabajo antes del alba.",
            "La cofradía pidió que el Sr. Robles, jefe del puerto, limite la velocidad cerca de los caladeros.",
            "El departamento de transportes prometió un informe tras tres meses de prueba.",
        ),
    ),
    "fr": (
        "Un bac de nuit reliera la ville à l’île du Phare",
        (
            "La mairie de Port-Clair a annoncé lundi qu’un bateau de nuit reliera dès le mois prochain le centre à l’île voisine.",
            "Il fera quatre trajets chaque nuit, et le dernier partira à une heure du matin.",
            "La maire, Claire Vasseur, a dit que les habitants attendaient cette ligne depuis vingt ans.",
            "Selon elle, le billet coûtera le même prix que le jour.",
            "Environ huit mille personnes vivent sur l’île, et un tiers travaille la nuit en ville.",
            "Cependant, les pêcheurs craignent que la nouvelle ligne ne gêne leur travail avant l’aube.",
            "Le syndicat de M. Roux a demandé une vitesse réduite près des zones de pêche.",
            "Le service des transports a promis un rapport après trois mois d’essai.",
        ),
    ),
    "de": (
        "Nachtfähre verbindet die Stadt mit der Leuchtturminsel",
        (
            "Die Stadt Nordhafen hat am Montag angekündigt, dass vom nächsten Monat an ein Schiff auch nachts zwischen Altstadt und Insel verkehren wird.",
            "Es soll jede Nacht viermal fahren, zuletzt um ein Uhr morgens vom alten Kai.",
            "Bürgermeisterin Jana Brandt sagte, die Bewohner hätten zwanzig Jahre auf die Linie gewartet.",
            "Ihr zufolge kostet die Karte ab dem 1. Mai so viel wie am Tag.",
            "Auf der Insel leben rund achttausend Menschen, von denen ein Drittel nachts in der Stadt arbeitet.",
            "Allerdings fürchten die Fischer, dass die neue Linie sie vor dem Morgengrauen stört.",
            "Der Fischerverband forderte langsamere Fahrt in der Nähe der Fanggründe.",
            "Das Verkehrsamt versprach einen Bericht nach drei Monaten Probebetrieb.",
        ),
    ),
}

ORPHANS: dict[str, tuple[int, ...]] = {
    "zh": (1, 3, 5),
    "ja": (1, 3, 5),
    "ar": (1, 2, 5),
    "he": (1, 3, 5),
    "th": (1, 4),
    "hi": (1, 3, 5),
    "el": (1, 5),
    "ru": (1, 3, 5),
    "ko": (1, 3, 5),
    "es": (1, 3, 5),
    "fr": (1, 3, 5),
    "de": (1, 3, 5),
}
"""Which of them open with a word that points back, or go against the one before."""
