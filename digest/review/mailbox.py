"""The views of the mailbox: the mails that stayed on this machine, for its own eyes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest import site
from digest.archive import Archive
from digest.review import guard
from digest.review.answers import answer, html_answer, remote_pictures
from digest.review.rules import Review, Rule
from digest.send import Mailbox, Summary
from digest.text.mail_parts import MailParts, read_mail

if TYPE_CHECKING:
    from flask.wrappers import Response


def mailbox_rules(review: Review) -> list[Rule]:
    """The URL and the view of each page of the mailbox; none where there is none."""
    if review.mailbox is None:
        return []
    views = _Views(review.mailbox, review.archive)
    return [
        Rule("/mailbox/", views.mails),
        Rule("/mailbox/<name>/", views.mail),
        Rule("/mailbox/<name>/text", views.text),
        Rule("/mailbox/<name>/headers", views.headers),
        Rule("/mailbox/<name>/files", views.files),
        Rule("/mailbox/<name>/mail.html", views.html),
        Rule("/mailbox/<name>/message.eml", views.message),
        Rule("/mailbox/<name>/part/<int:number>", views.part),
    ]


@dataclass(frozen=True, slots=True)
class _Opened:
    line: Summary
    raw: bytes
    parts: MailParts
    beside: site.Beside


class _Views:
    """What each URL shows. A name is looked up among those that the mailbox lists."""

    def __init__(self, mailbox: Mailbox, archive: Archive) -> None:
        self.mailbox = mailbox
        self.archive = archive

    def mails(self) -> Response:
        from flask import request

        number = request.args.get("page", 1, type=int)
        return _page(site.mailbox_page(self.mailbox.summaries(), number=number))

    def mail(self, name: str) -> Response:
        found = self._opened(name)
        return _page(
            site.mail_page(
                found.line, found.parts, beside=found.beside, remote_pictures=remote_pictures()
            )
        )

    def text(self, name: str) -> Response:
        found = self._opened(name)
        return _page(site.mail_text_page(found.line, found.parts, beside=found.beside))

    def headers(self, name: str) -> Response:
        found = self._opened(name)
        return _page(
            site.mail_headers_page(found.line, found.parts, found.raw, beside=found.beside)
        )

    def files(self, name: str) -> Response:
        found = self._opened(name)
        return _page(site.mail_files_page(found.line, found.parts, beside=found.beside))

    def html(self, name: str) -> Response:
        from flask import abort, request

        parts = read_mail(self._raw(name))
        if parts.html is None:
            abort(404)
        html = site.mail_html(parts, framed=request.args.get("frame") == "on")
        return html_answer(html, guard.mail_policy(remote_pictures=remote_pictures()))

    def message(self, name: str) -> Response:
        return answer(self._raw(name), "text/plain; charset=utf-8", guard.INERT)

    def part(self, name: str, number: int) -> Response:
        from flask import abort

        parts = read_mail(self._raw(name))
        file = next((file for file in parts.attached if file.number == number), None)
        if file is None:
            abort(404)
        kind = site.picture_kind(file.data)
        response = answer(file.data, kind or "application/octet-stream", guard.INERT)
        if not kind:
            response.headers.set("Content-Disposition", "attachment", filename=site.file_name(file))
        return response

    def _raw(self, name: str) -> bytes:
        from flask import abort

        raw = self.mailbox.read(name)
        if raw is None:
            abort(404)
        return raw

    def _opened(self, name: str) -> _Opened:
        from flask import abort

        raw = self._raw(name)
        found = self.mailbox.summaries()
        names = found.names
        if name not in names:  # removed meanwhile
            abort(404)
        at = names.index(name)
        line = found[at]
        beside = site.Beside(
            older=(*names, "")[at + 1],
            newer=names[at - 1] if at else "",
            issue=line.issue if line.issue in self.archive.slugs() else "",
        )
        return _Opened(line, raw, read_mail(raw), beside)


def _page(html: str) -> Response:
    """A page of our own; none of the mailbox has a script, whatever the archive's pages have."""
    return html_answer(html, guard.PAGE)
