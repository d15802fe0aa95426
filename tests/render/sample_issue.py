"""An issue of invented stories that holds what real ones bring: for tests, pictures and benches."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from io import BytesIO

from digest.models import (
    Blurb,
    Credit,
    Entry,
    Image,
    Issue,
    Newsletter,
    Section,
    Story,
    Window,
)

LONG_HEADLINE = (
    "The committee that was to decide by spring whether the old signal station should be kept, "
    "moved or taken down has asked for another year, a second survey, and a quieter room to meet in"
)
HARBOR, SCHOOL = "media/harbor.png", "media/school.png"
NEWSLETTER = Newsletter(
    name="The Saltmarsh Weekly",
    tagline="What happened on the coast, in its own words",
    language="en",
    zone="Europe/Lisbon",
    sender="The Saltmarsh Weekly <editor@saltmarsh.example.org>",
    reply_to="desk@saltmarsh.example.org",
    postal_address="12 Quay Street\nSaltmarsh 4100\nPortugal",
    unsubscribe_url="https://saltmarsh.example.org/unsubscribe?list=weekly",
    home_url="https://saltmarsh.example.org/",
    web_url="https://saltmarsh.example.org/issues",
)


def sample_issue() -> Issue:
    """Two leads, three sections; no picture, no blurb, no URL; emoji, Arabic, Japanese."""
    return Issue(
        slug="2026-W47",
        newsletter=NEWSLETTER,
        window=Window(
            start=datetime(2026, 11, 13, 9, tzinfo=UTC), end=datetime(2026, 11, 20, 9, tzinfo=UTC)
        ),
        now=datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
        number=47,
        subject="The harbor wall holds, and a school that learns at low tide",
        preheader="Also this week: ferry times, a glass eel count, and a library that floats.",
        intro=(
            "The storm everybody had prepared for came on Tuesday and was gone by breakfast. What "
            "it left behind is a wall that held, and a town that talked about nothing else.\n\n"
            "Below are the week's reports, told by those who were there."
        ),
        outro="Thank you for reading. Answer this mail and a person will read it.",
        leads=(_harbor(), _school()),
        sections=(
            Section(name="On the water", stories=(_ferry(), _eels(), _arabic())),
            Section(name="Ashore", stories=(_station(), _library(), _japanese(), _bare())),
            Section(name="Notices", stories=(_no_url(), _emoji())),
        ),
    )


@cache
def sample_media() -> dict[str, bytes]:
    """Two drawn pictures, PNG, by the names that the stories use."""
    return {HARBOR: _draw_harbor(), SCHOOL: _draw_school()}


def _story(tier: str, headline: str, blurb: str, **fields: object) -> Story:
    origin = fields.pop("origin", "text")
    cut = fields.pop("cut", False)
    kicker = fields.pop("kicker", "")
    also = fields.pop("also", ())
    minutes = fields.pop("minutes", 0)
    slug = headline.lower().replace(" ", "-")[:20]
    entry = Entry(
        id=slug,
        title=headline,
        text="word " * (230 * int(str(minutes))),
        cut=bool(cut),
        **{"url": f"https://coast.example.com/{abs(len(headline))}", **fields},  # type: ignore[arg-type]
    )
    told = Blurb(text=blurb, origin=origin if blurb else "none", cut=bool(cut))  # type: ignore[arg-type]
    return Story(
        entry=entry,
        tier=tier,  # type: ignore[arg-type]
        headline=headline,
        kicker=str(kicker),
        blurb=told,
        also=also,  # type: ignore[arg-type]
    )


def _harbor() -> Story:
    return _story(
        "lead",
        "The harbor wall holds through the worst night in thirty years",
        "Waves broke over the outer light from midnight until four, and the gauge at the lock "
        "stopped at its highest mark. By dawn the engineers had walked the whole length of the "
        "wall and found two loose stones. Nobody was hurt, and the fishing fleet, which had moved "
        "upriver on Monday, was back at its moorings by noon.",
        kicker="The storm",
        byline="Inês Marques",
        agency="Coast Wire",
        source="Saltmarsh Courier",
        minutes=4,
        image=Image(
            url=HARBOR,
            alt="The harbor wall under a low sun, with two fishing boats and the outer light",
            caption="The outer light on Wednesday morning. Drawing: Saltmarsh Courier",
            width=1200,
            height=675,
        ),
        also=(
            Credit(
                id="a", source="River Post", title="Wall holds", url="https://post.example.com/wall"
            ),
            Credit(id="b", source="Radio Delta", title="A long night"),
            Credit(
                id="c", source="The Tide Table", title="Stones", url="https://tide.example.com/s"
            ),
        ),
    )


def _school() -> Story:
    return _story(
        "lead",
        "A school that teaches its lessons at low tide",
        "Twice a day the sea leaves the classroom for three hours. Thirty pupils of the island "
        "school now spend them on the flats with nets, lenses and a tide table that they have "
        "drawn themselves.",
        kicker="Education",
        origin="summary",
        source="Island Gazette",
        minutes=7,
        image=Image(
            url=SCHOOL,
            alt="Children in boots on wet sand, a low house behind them",
            width=1200,
            height=675,
        ),
    )


def _ferry() -> Story:
    return _story(
        "teaser",
        "Winter ferry times begin on Sunday, an hour earlier than last year",
        "The first boat leaves at 6:10 and the last one returns at 21:40 …",
        cut=True,
        source="Ferry Office",
        url="https://ferry.example.com/times?utm_source=feed&line=2",
    )


def _eels() -> Story:
    return _story(
        "teaser",
        "Volunteers count glass eels for the eleventh spring, and find more of them",
        "The count at the sluice rose to 4,120, the most since the fish pass was opened. “It is "
        "one good year, not yet a trend,” said the biologist who leads it.",
        byline="Tomás Reis",
        source="Delta Nature Notes",
        minutes=3,
        also=(
            Credit(id="d", source="River Post", title="Eels", url="https://post.example.com/eels"),
        ),
    )


def _arabic() -> Story:
    return _story(
        "teaser",
        "ميناء صغير يفتح مدرسة لصناعة القوارب الخشبية",
        "بدأ عشرون شابًا هذا الأسبوع تعلّم صناعة القوارب على يد آخر ثلاثة نجارين في البلدة.",
        kicker="حرف",
        source="جريدة الساحل",
        language="ar",
        url="https://sahel.example.com/boats",
        minutes=2,
    )


def _station() -> Story:
    return _story(
        "teaser",
        LONG_HEADLINE,
        "Members voted nine to four for the delay. The survey is to begin in January.",
        source="Town Minutes",
        url="https://minutes.example.com/" + "very-long-path/" * 8,
    )


def _library() -> Story:
    return _story(
        "teaser",
        "The floating library takes on 600 books and one cat",
        "It will call at every landing between here and the bridge, on alternate Thursdays.",
        origin="editor",
        byline="By the night desk",
        source="Saltmarsh Courier",
    )


def _japanese() -> Story:
    return _story(
        "teaser",
        "港町の図書館、船で島々をめぐる新しいサービスを開始",
        "本を積んだ小さな船が、毎月二回、橋のない五つの島を訪れる。初日には百人をこえる住民が列をつくった。",
        source="海辺新聞",
        language="ja",
        url="https://umibe.example.com/library",
    )


def _bare() -> Story:
    return _story("teaser", "Bakery on Mill Lane reopens after the flood", "", source="Mill Lane")


def _no_url() -> Story:
    return _story(
        "teaser",
        "Low water at the ford on Saturday, 7:52 and 20:15",
        "Walkers should be across within forty minutes.",
        source="Harbor Office",
        url=None,
    )


def _emoji() -> Story:
    return _story(
        "teaser",
        "Lantern walk 🏮 for families 👩‍👧‍👦 moves to the old pier",
        "Bring a lantern, boots & a friend; 5 < 6 o'clock is a good time to come.",
        source="Pier Friends",
    )


def _draw_harbor() -> bytes:
    from PIL import Image as Picture
    from PIL import ImageDraw

    picture = Picture.new("RGB", (1200, 675), "#e9c9a4")
    draw = ImageDraw.Draw(picture)
    for row in range(420):  # the sky, from slate to apricot
        share = row / 420
        draw.line(
            [(0, row), (1200, row)],
            fill=(int(92 + 150 * share), int(112 + 92 * share), int(136 + 22 * share)),
        )
    draw.ellipse((800, 300, 920, 420), fill="#fbe7c0")
    for row in range(420, 675):
        share = (row - 420) / 255
        draw.line(
            [(0, row), (1200, row)],
            fill=(int(96 - 60 * share), int(116 - 66 * share), int(128 - 58 * share)),
        )
    for row in range(430, 560, 11):
        half = 24 + (row * 37) % 60
        draw.line([(860 - half, row), (860 + half, row)], fill="#e6c79b", width=3)
    draw.polygon([(0, 470), (700, 428), (720, 446), (0, 545)], fill="#2d3036")
    draw.polygon([(668, 428), (680, 250), (710, 250), (722, 446)], fill="#f2ede2")
    draw.polygon([(674, 330), (716, 330), (718, 372), (672, 372)], fill="#8a1f1b")
    draw.rectangle((682, 222, 708, 250), fill="#2d3036")
    for left in (250, 470):
        draw.polygon(
            [(left, 560), (left + 150, 560), (left + 122, 604), (left + 28, 604)], fill="#20242b"
        )
        draw.line([(left + 70, 560), (left + 70, 462)], fill="#20242b", width=5)
        draw.line([(left + 70, 470), (left + 132, 556)], fill="#20242b", width=2)
    return _png(picture)


def _draw_school() -> bytes:
    from PIL import Image as Picture
    from PIL import ImageDraw

    picture = Picture.new("RGB", (1200, 675), "#cfdad8")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 330, 1200, 675), fill="#c2ab86")
    for row, left in ((380, 120), (430, 560), (500, 40), (560, 700), (620, 260)):
        draw.ellipse((left, row, left + 380, row + 26), fill="#d8dcd3")
    draw.rectangle((760, 230, 1060, 335), fill="#f4efe4")
    draw.polygon([(735, 235), (1085, 235), (1010, 165), (810, 165)], fill="#7d3b30")
    for left in (800, 880, 960):
        draw.rectangle((left, 262, left + 44, 304), fill="#56636b")
    for left, foot, coat in (
        (210, 520, "#29506d"), (330, 560, "#b0452f"), (450, 505, "#e0b04a"), (600, 545, "#3f6b4f"),
    ):  # fmt: skip
        draw.rounded_rectangle((left, foot - 118, left + 54, foot - 36), 18, fill=coat)
        draw.ellipse((left + 8, foot - 158, left + 46, foot - 120), fill="#e5c3a0")
        draw.rectangle((left + 8, foot - 40, left + 22, foot), fill="#2c2f33")
        draw.rectangle((left + 32, foot - 40, left + 46, foot), fill="#2c2f33")
    return _png(picture)


def _png(picture: object) -> bytes:
    from PIL import Image as Picture

    assert isinstance(picture, Picture.Image)
    out = BytesIO()
    picture.quantize(64).save(out, "PNG", optimize=True)
    return out.getvalue()
