"""The views into an issue: its source, its message as it travels, its findings, its stories."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest import site
from digest.errors import DigestError
from digest.review.rules import Review, Rule
from digest.text import slots

if TYPE_CHECKING:
    from digest.pipeline import FoundAt


def inside_rules(review: Review) -> list[Rule]:
    """The URLs of these views."""
    views = _Views(review)
    return [
        Rule("/issues/<slug>/source", views.source),
        Rule("/issues/<slug>/raw", views.raw),
        Rule("/issues/<slug>/findings", views.findings),
        Rule("/issues/<slug>/story", views.story),
    ]


class _Views:
    """What each URL shows; each reads the files that it shows, and no others."""

    def __init__(self, review: Review) -> None:
        self.archive = review.archive
        self._found = review.findings
        self._known = review.known
        self._around = review.around

    def source(self, slug: str) -> str:
        from flask import abort, request

        version = self._known(slug)
        file = request.args.get("file", site.SOURCES[0])
        if file not in site.SOURCES:
            abort(404)
        return site.source_page(
            self.archive.row(slug),
            self.archive.read(slug, file).decode("utf-8", errors="replace"),
            around=self._around(slug, version),
            file=file,
            number=request.args.get("page", 1, type=int),
            line=max(0, request.args.get("line", 0, type=int)),
            column=request.args.get("at", -1, type=int),
        )

    def raw(self, slug: str) -> str:
        from flask import request

        version = self._known(slug)
        return site.raw_page(
            self.archive.row(slug),
            slots.shown(self.archive.read(slug, "message.eml")),
            around=self._around(slug, version),
            number=request.args.get("page", 1, type=int),
            line=max(0, request.args.get("line", 0, type=int)),
        )

    def findings(self, slug: str) -> str:
        from flask import abort, request

        version = self._known(slug)
        only = request.args.get("only", "")
        if only not in {"", "error", "warning", "new"}:
            abort(404)
        around = self._around(slug, version)
        found, checked = self._found.placed(slug, around.older)
        return site.findings_page(
            self.archive.row(slug),
            [_row(one) for one in found],
            around=around,
            failures=checked.failures,
            compared=around.older if found and self._is_sound(around.older) else "",
            only=only,
            number=request.args.get("page", 1, type=int),
        )

    def story(self, slug: str) -> str:
        from flask import abort, request

        version = self._known(slug)
        key = request.args.get("id", "")
        candidate = self.archive.some_candidates(slug, {key}).get(key)
        if candidate is None:
            abort(404)
        issue = self.archive.load(slug, whole=False)
        also = {c.id for s in issue.stories if s.entry.id == key for c in s.also}
        others = self.archive.some_candidates(slug, {candidate.verdict.event, *also} - {key})
        return site.story_page(
            self.archive.row(slug),
            issue,
            candidate,
            around=self._around(slug, version),
            others={one: other.entry.title for one, other in others.items()},
            number=request.args.get("page", 1, type=int),
        )

    def _is_sound(self, slug: str) -> bool:
        """Whether the issue `slug` could be compared with."""
        if not slug:
            return False
        try:
            self._found.of(slug)
        except DigestError:
            return False
        return True


def _row(one: FoundAt) -> site.FoundRow:
    return site.FoundRow(
        finding=one.finding,
        file=one.place.file,
        line=one.place.line,
        column=one.place.column,
        element=one.place.element,
        story=one.story,
        new=one.new,
    )
