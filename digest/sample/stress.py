"""Issues that a theme must stand: thin, full, long-winded, from right to left, in wide letters.

Everything is invented for this project. Each issue has blurbs that are verbatim sentences of its
entries, so that it passes the checks wherever a theme is sound.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from digest.models import (
    Blurb,
    Credit,
    Entry,
    Image,
    Issue,
    Newsletter,
    Notice,
    Section,
    Story,
    Tier,
    Window,
)

PICTURE = "media/stress-harbor.jpg"
"""The one picture that stress issues show; `digest.sample.folder()` holds its bytes."""
PICTURE_FILE = "pictures/lighthouse.jpg"

LONG_HEADLINE = (
    "The committee that was to decide by spring whether the old signal station is kept, moved or "
    "taken down has asked for another year, a second survey, and a quieter room in which to hear "
    "both of them out"
)
"""Two hundred characters."""

_NEWSLETTER = Newsletter(
    name="The Breakwater",
    tagline="What a theme has to stand",
    language="en",
    sender="The Breakwater <editor@breakwater.example.org>",
    postal_address="1 Mole Head\nPort Ellery",
    unsubscribe_url="https://breakwater.example.org/unsubscribe",
    home_url="https://breakwater.example.org/",
    web_url="https://breakwater.example.org/issues",
)
_ARABIC = replace(
    _NEWSLETTER, name="رصيف الميناء", tagline="أخبار الساحل كما رواها أصحابها", language="ar"
)
_JAPANESE = replace(
    _NEWSLETTER, name="港だより", tagline="海辺の一週間を、現場のことばで", language="ja"
)

_SENTENCES = (
    "The mail boat left the inner quay an hour late and came back with every seat taken.",
    "Nobody on the pier could say who had moved the bench.",
    "The harbor office will read the tide gauge twice a day until the new one is fitted.",
)
_ARABIC_SENTENCES = (
    "وصل قارب البريد إلى الرصيف متأخرا ساعة كاملة وعاد وقد امتلأت مقاعده.",
    "لم يعرف أحد من الواقفين من الذي نقل المقعد القديم.",
)
_JAPANESE_SENTENCES = (
    "郵便船は一時間遅れて内港の岸壁を離れ、満席で戻ってきた。",
    "桟橋にいた人は誰も、ベンチを動かしたのが誰なのか知らなかった。",
)


def stress_issues() -> tuple[tuple[str, Issue], ...]:
    """Each issue with the name of what it tries; the names are fit for files."""
    lead = _story(0, "lead", image=True, also=True)
    return (
        ("usual", _issue(leads=(lead, _story(1, "lead")), teasers=_stories(6))),
        ("no-image", _issue(leads=(_story(0, "lead"),), teasers=_stories(4))),
        ("one-teaser", _issue(leads=(), teasers=_stories(1))),
        ("one-lead", _issue(leads=(lead,), teasers=())),
        ("sixty-teasers", _issue(leads=(lead,), teasers=_stories(60))),
        ("long-headline", _long_winded(lead)),
        ("right-to-left", _in(_ARABIC, "قارب البريد يعود ممتلئا", _ARABIC_SENTENCES, "ar")),
        ("wide-letters", _in(_JAPANESE, "郵便船、満席で戻る", _JAPANESE_SENTENCES, "ja")),
        ("nothing-set", _nothing_set()),
    )


def _issue(
    *, leads: tuple[Story, ...], teasers: tuple[Story, ...], newsletter: Newsletter = _NEWSLETTER
) -> Issue:
    half = (len(teasers) + 1) // 2
    parts = (("On the water", teasers[:half]), ("Ashore", teasers[half:]))
    sections = tuple(Section(name=name, stories=part) for name, part in parts if part)
    first = (*leads, *teasers)[0].headline
    return Issue(
        slug="2026-W47",
        newsletter=newsletter,
        window=Window(
            start=datetime(2026, 11, 13, 9, tzinfo=UTC), end=datetime(2026, 11, 20, 9, tzinfo=UTC)
        ),
        now=datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
        number=47,
        subject=f"This week: {first}"[:76],
        preheader="Also in here: whatever the tide brought in, and a bench that moved by itself.",
        intro="A week that was mostly weather." if newsletter is _NEWSLETTER else "",
        leads=leads,
        sections=sections,
    )


def _stories(count: int) -> tuple[Story, ...]:
    return tuple(_story(number + 10, "teaser", image=not number % 2) for number in range(count))


def _story(
    number: int,
    tier: Tier,
    *,
    image: bool = False,
    also: bool = False,
    title: str = "",
    sentences: tuple[str, ...] = _SENTENCES,
    language: str = "en",
) -> Story:
    text = " ".join(sentences)
    spans, at = [], 0
    for sentence in sentences[: 2 if tier == "lead" else 1]:
        spans.append((at, at + len(sentence)))
        at += len(sentence) + 1
    entry = Entry(
        id=f"stress-{number}",
        title=title or f"The mail boat comes back full, for the {_ordinal(number + 1)} time",
        text=text,
        url=f"https://quay.example.com/stories/{number}",
        source="Quayside Courier",
        byline="Ada Ferreira" if number % 3 else "",
        published=datetime(2026, 11, 18, 8, tzinfo=UTC),
        image=_picture() if image else None,
        language=language,
    )
    credited = (
        Credit(
            id="other", source="Sound Post", title="A full boat", url="https://post.example.com/1"
        ),
        Credit(id="third", source="Harbor Radio", title="Boat full"),
    )
    return Story(
        entry=entry,
        tier=tier,
        headline=entry.title,
        kicker="Harbor" if language == "en" else "",
        blurb=Blurb(text=text[: at - 1], origin="text", spans=tuple(spans)),
        also=credited if also else (),
    )


def _picture() -> Image:
    return Image(
        url=PICTURE, alt="A lighthouse at the end of a mole", caption="The mole, on Wednesday.",
        width=1200, height=800,
    )  # fmt: skip


def _long_winded(lead: Story) -> Issue:
    endless = "Llanfairpwllgwyngyll" * 6
    leads = (replace(lead, headline=LONG_HEADLINE), _story(1, "lead", title=endless))
    teasers = tuple(replace(story, headline=LONG_HEADLINE) for story in _stories(3))
    teasers += (_story(30, "teaser", title=f"https://quay.example.com/{'a' * 90}"),)
    issue = _issue(leads=leads, teasers=teasers)
    notice = Notice(
        title="Ropes, by the yard", text="Splicing is free on Fridays.",
        url="https://ropes.example.com/", sponsor="The Ropewalk", after="leads",
    )  # fmt: skip
    noted = replace(leads[0], note="The council meets again on Monday.")
    return replace(
        issue,
        subject="Another year, a second survey, a quieter room",
        leads=(noted, leads[1]),
        notices=(notice,),
        outro="Answer this mail, and a person reads it.\n\nNext Friday: the tide tables.",
    )


def _in(newsletter: Newsletter, title: str, sentences: tuple[str, ...], language: str) -> Issue:
    lead = _story(0, "lead", image=True, title=title, sentences=sentences, language=language)
    own = tuple(
        _story(n, "teaser", title=f"{title} ({n})", sentences=sentences, language=language)
        for n in (1, 2, 3)
    )
    issue = _issue(leads=(lead,), teasers=(*own, _story(9, "teaser")), newsletter=newsletter)
    return replace(issue, subject=title, preheader=sentences[0])


def _nothing_set() -> Issue:
    """A newsletter whose settings are still empty."""
    bare = Newsletter(name="My Weekly Digest")
    issue = _issue(leads=(), teasers=_stories(2), newsletter=bare)
    plain = tuple(
        replace(
            story,
            kicker="",
            blurb=Blurb(),
            entry=replace(story.entry, byline="", source="", image=None, url=None),
        )
        for story in issue.stories
    )
    return replace(issue, intro="", sections=(Section(name="All", stories=plain),))


def _ordinal(number: int) -> str:
    """`1st`, `2nd`, `11th`."""
    teens = number % 100 in {11, 12, 13}
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"
