"""An issue as Markdown that any reader renders to the same words, and that imports again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from gettext import NullTranslations

from digest.exchange.letter import GENERATOR
from digest.models import Image, Issue, Notice, Story
from digest.text.catalogues import translations
from digest.text.markup import clean_paragraphs, clean_text
from digest.text.urls import safe_link

_MARKUP = re.compile(r"([\\`*_\[\]<>&~|])")
_ESCAPED_NUMBER = re.compile(r"^(\d{1,9})([.)])")
_AT_BEGIN = re.compile(r"^([#+=-])")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_CLOSING = re.compile(r"(#+)$")


def as_markdown(issue: Issue) -> str:
    """`issue` in CommonMark under front matter: leads and sections at the second level.

    Every word of the issue is escaped, so that none is taken for markup.
    """
    words = translations(issue.newsletter.language)
    pieces = [_front_matter(issue), *map(_escaped, clean_paragraphs(issue.intro))]
    for story in issue.leads:
        pieces += _story(story, issue, words, level=2)
    pieces += _notices(issue, "leads", words)
    names = {section.name.strip().casefold() for section in issue.sections}
    for section in issue.sections:
        pieces.append(f"## {_heading(section.name)}")
        for story in section.stories:
            pieces += _story(story, issue, words, level=3)
        pieces += _notices(issue, section.name, words)
    strayed = (n for n in issue.notices if n.after.strip().casefold() not in {"leads", *names})
    for notice in strayed:
        pieces += _notice(notice, words)
    if issue.outro:
        pieces += ["---", *map(_escaped, clean_paragraphs(issue.outro))]
    return "\n\n".join(piece for piece in pieces if piece) + "\n"


def _front_matter(issue: Issue) -> str:
    rows = [
        ("title", _quoted(issue.subject)),
        ("date", f"{issue.window.end:%Y-%m-%d}"),
        ("issue", issue.slug),
        ("number", str(issue.number)),
        ("newsletter", _quoted(issue.newsletter.name)),
        ("language", _quoted(issue.newsletter.language)),
        ("description", _quoted(issue.preheader)),
        ("generator", GENERATOR),
    ]
    return "\n".join(["---", *(f"{key}: {value}" for key, value in rows), "---"])


def _quoted(text: str) -> str:
    """A value of YAML in quotes: the kind of quote that the words do not hold, where there is one.

    Simple readers of front matter do not undo escapes.
    """
    plain = clean_text(text)
    if '"' not in plain and "\\" not in plain:
        return f'"{plain}"'
    if "'" not in plain:
        return f"'{plain}'"
    return "'" + plain.replace("'", "’") + "'"


def _story(story: Story, issue: Issue, words: NullTranslations, *, level: int) -> Iterator[str]:
    link = _destination(story.entry.url)
    title = _heading(story.headline)
    yield f"{'#' * level} " + (f"[{title}]({link})" if link else title)
    entry = story.entry
    by = words.gettext("By %(author)s") % {"author": entry.byline} if entry.byline else ""
    label = story.kicker or (story.section if story.tier == "lead" else "")
    facts = [clean_text(fact) for fact in (label, by, entry.agency, entry.source) if fact]
    if facts:
        yield _slanted(" · ".join(facts))
    if story.image:
        yield _picture(story.image, issue)
    yield _escaped(story.blurb.text)
    if story.note:
        yield _slanted(words.gettext("Editor's note: %(note)s") % {"note": clean_text(story.note)})
    if story.also:
        named = [_linked(credit.source or credit.title, credit.url) for credit in story.also]
        yield _also(words, named)


def _also(words: NullTranslations, named: list[str]) -> str:
    """The others who tell the same, in the words of the newsletter's language."""
    phrase = words.gettext("Also covered by %(names)s")
    before, _, after = phrase.partition("%(names)s")
    return f"{_escaped(before)} {', '.join(named)} {_escaped(after)}".strip()


def _picture(image: Image, issue: Issue) -> str:
    """A picture by its address on the web; the words about one that has none."""
    alt = _escaped(image.alt, inside=True)
    url = image.url
    if url.startswith("media/") and issue.newsletter.web_url:
        url = f"{issue.newsletter.web_url.rstrip('/')}/{issue.slug}/{url}"
    link = _destination(url)
    if link:
        return f"![{alt}]({link})"
    return _slanted(f"[{clean_text(image.alt)}]") if image.alt else ""


def _notices(issue: Issue, after: str, words: NullTranslations) -> Iterator[str]:
    for notice in issue.notices:
        if notice.after.strip().casefold() == after.strip().casefold():
            yield from _notice(notice, words)


def _notice(notice: Notice, words: NullTranslations) -> Iterator[str]:
    """A sponsor's words as a quotation under their label: nobody takes them for a story."""
    label = notice.label or words.gettext("Sponsored")
    who = f" · {notice.sponsor}" if notice.sponsor else ""
    rows = [
        f"**{_escaped(label + who, inside=True)}**",
        _linked(notice.title, notice.url),
        *map(_escaped, clean_paragraphs(notice.text)),
    ]
    yield "\n>\n".join(f"> {row}" for row in rows if row)


def _linked(text: str, url: str | None) -> str:
    shown = _escaped(text, inside=True)
    link = _destination(url)
    return f"[{shown}]({link})" if link else shown


def _destination(url: str | None) -> str:
    """An address as a link has it, or "" where none may stand there."""
    link = safe_link(url or "")
    if not link or not link.startswith("http"):
        return ""
    # "&copy;" would be read as a sign, and a round bracket as the end of the link.
    link = _ENTITY.sub("&amp;", link)
    return f"<{link}>" if re.search(r"[()\[\]]", link) else link


def _heading(text: str) -> str:
    """Words in a heading: a number sign at their end would be taken for its close."""
    return _CLOSING.sub(r"\\\1", _escaped(text, inside=True))


def _slanted(text: str) -> str:
    return f"*{_escaped(text, inside=True)}*"


def _escaped(text: str, *, inside: bool = False) -> str:
    """`text` on one line, nothing of it markup; `inside` others, where it begins no line."""
    plain = _MARKUP.sub(r"\\\1", clean_text(text))
    if inside:
        return plain
    plain = _ESCAPED_NUMBER.sub(r"\1\\\2", plain)
    return _AT_BEGIN.sub(r"\\\1", plain)
