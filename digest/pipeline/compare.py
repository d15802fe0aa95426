"""The job of comparing: two archived issues, or one with what would be made of it today."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from digest.archive import Archive, IssueDiff, diff, html_diff
from digest.errors import ArchiveError, DigestError
from digest.models import Renderings
from digest.pipeline.remake import remake, unpictured
from digest.settings import Settings
from digest.text.mail_parts import decoded_header, headers_of
from digest.text.word_diff import Paragraph, text_diff


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Two issues, `stories.before` and `stories.after`, and their texts by paragraph."""

    stories: IssueDiff
    text: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rerendered:
    """A rendering as it is archived and as it would be made today: sizes in bytes, what differs."""

    name: str
    before: int
    after: int
    differs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """An archived issue beside what today's theme, settings and program make of it.

    `renderings` are made of the issue as it stands, `text` is what is different in email.txt;
    `stories` compares it with the issue that its entries would give, None where that failed, which
    `problem` says.
    """

    slug: str
    theme: str
    renderings: tuple[Rerendered, ...]
    text: tuple[Paragraph, ...]
    stories: IssueDiff | None
    problem: str = ""
    notes: tuple[str, ...] = ()

    @property
    def is_same(self) -> bool:
        """Whether nothing would be different."""
        told = any(row.differs for row in self.renderings)
        return not told and self.stories is not None and self.stories.is_empty


def compare(archive: Archive, before: str, after: str) -> Compared:
    """Compare two issues as they are archived; raises ArchiveError where one is damaged."""
    old, new = archive.renderings(before), archive.renderings(after)
    return Compared(
        stories=diff(archive.load(before), archive.load(after)),
        text=text_diff(old.email_txt, new.email_txt),
    )


def issue_before(archive: Archive, slug: str) -> str:
    """The issue before `slug`; raises ArchiveError where it is the first."""
    earlier = [other for other in archive.slugs() if other < slug]
    if not earlier:
        raise ArchiveError(
            f"{slug} is the first issue of the archive: there is none before it.",
            hint="Name the one to compare with, or compare it with today: "
            f"`digest issues diff {slug} --today`.",
        )
    return earlier[-1]


def compare_today(slug: str, *, settings: Settings, folder: Path, archive: Archive) -> Today:
    """Compare an issue, also one that was sent, with what would be made of it now.

    Nothing is written, no source is read, no network asked. Raises ArchiveError where the issue is
    damaged, TemplateError and RenderError where today's theme cannot render it.
    """
    from digest.render import fitted, load_theme, render

    issue, old, media = archive.load(slug), archive.renderings(slug), archive.media(slug)
    theme = load_theme(settings.theme, folder=folder)
    today = fitted(replace(issue, theme=theme.name), theme, media=media)
    new = render(today, theme, media=media)
    text = text_diff(old.email_txt, new.email_txt)
    stories: IssueDiff | None = None
    problem = ""
    notes: tuple[str, ...] = ()
    try:
        made = remake(slug, settings=settings, folder=folder, archive=archive)
        stories = diff(issue, made.composed.issue)
        notes = tuple(
            f"The picture of “{headline}” is not in the archive."
            for headline in unpictured(made.composed.issue, made.given)
        )
    except DigestError as error:
        problem = str(error)
    return Today(
        slug=slug,
        theme=theme.name,
        renderings=tuple(_rerendered(old, new, text)),
        text=text,
        stories=stories,
        problem=problem,
        notes=notes,
    )


def _rerendered(
    old: Renderings, new: Renderings, text: Sequence[Paragraph]
) -> Iterator[Rerendered]:
    """Each rendering with what is different in it, in sentences."""
    pages = (
        ("email.html", old.email_html, new.email_html),
        ("web.html", old.web_html, new.web_html),
    )
    for name, before, after in pages:
        yield Rerendered(
            name=name, before=_size(before), after=_size(after), differs=html_diff(before, after)
        )
    paragraphs = [row for row in text if row.op != "same"]
    told = f"{len(paragraphs):,} of its paragraphs differ." if paragraphs else _ONLY_LINES
    yield Rerendered(
        name="email.txt",
        before=_size(old.email_txt),
        after=_size(new.email_txt),
        differs=(told,) if old.email_txt != new.email_txt else (),
    )
    yield Rerendered(
        name="message.eml",
        before=len(old.message),
        after=len(new.message),
        differs=_message(old.message, new.message),
    )


_DERIVED = {"Message-ID", "Content-Type", "X-Digest-Slots"}
"""Headers that follow from the bytes of the parts, and say nothing to a person."""
_ONLY_LINES = "Only breaks and rules of its lines differ."


def _message(before: bytes, after: bytes) -> tuple[str, ...]:
    if before == after:
        return ()
    old, new = headers_of(before), headers_of(after)
    names = dict.fromkeys((*old.keys(), *new.keys()))
    told = [
        f"{name}: {decoded_header(old.get(name, '(none)'))} → "
        f"{decoded_header(new.get(name, '(none)'))}"
        for name in names
        if old.get(name) != new.get(name) and name not in _DERIVED
    ]
    return tuple(told) or (
        "Its headers say the same; its parts carry what is different in the email.",
    )


def _size(text: str) -> int:
    return len(text.encode("utf-8", "replace"))
