"""The Flask app: a URL for every view of the archive, all of them read-only."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from digest import site
from digest.archive import Archive, is_slug
from digest.errors import ArchiveError, DigestError
from digest.review import guard
from digest.review.answers import answer, remote_pictures
from digest.review.follow import Follow
from digest.review.mailbox import mailbox_rules
from digest.review.rules import House, Review, Rule
from digest.review.search import search_rules
from digest.send import Mailbox

if TYPE_CHECKING:
    from flask import Flask
    from flask.wrappers import Response

_PICTURES = {
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
}
"""Pictures that are shown; SVG can carry scripts and is not among them."""


def create_app(
    archive: Archive,
    follow: Follow | None = None,
    mailbox: Mailbox | None = None,
    house: House | None = None,
) -> Flask:
    """The review of `archive`; with `follow`, its pages load themselves anew when that changes.

    With `mailbox`, the mails that stayed on this machine are shown beside it; with `house`, the
    pages that need settings, the ledger or a cache are there.

    Answers GET and HEAD, and only where the Host header names this machine. What is unknown gets
    a page of its own with status 404, what is damaged one with status 500 that says how to mend.
    """
    from flask import Flask

    app = Flask("digest.review", static_folder=None)
    review = Review(archive=archive, follow=follow, mailbox=mailbox, house=house)
    _guard(app, follow)
    rules = _issue_rules(review)
    rules += search_rules(review)
    if mailbox:
        rules += mailbox_rules(mailbox, archive)
    for rule in rules:
        app.add_url_rule(
            rule.path,
            rule.path,
            view_func=rule.view,
            methods=list(rule.methods),
            provide_automatic_options=False,
        )
    return app


def _issue_rules(review: Review) -> list[Rule]:
    views = _Views(review)
    rules = [
        Rule("/", views.issues),
        Rule("/issues/", views.issues),
        Rule("/static/site.css", views.stylesheet),
        Rule("/issues/<slug>/", views.email),
        Rule("/issues/<slug>/text", views.text),
        Rule("/issues/<slug>/web", views.web),
        Rule("/issues/<slug>/headers", views.headers),
        Rule("/issues/<slug>/why", views.why),
        Rule("/issues/<slug>/email.html", views.email_html),
        Rule("/issues/<slug>/web.html", views.web_html),
        Rule("/issues/<slug>/email.txt", views.email_txt),
        Rule("/issues/<slug>/message.eml", views.message),
        Rule("/issues/<slug>/media/<name>", views.picture),
    ]
    if review.follow:
        rules += [
            Rule("/static/follow.js", views.script),
            Rule("/version", views.version),
            Rule("/issues/<slug>/version", views.version),
        ]
    return rules


def _guard(app: Flask, follow: Follow | None) -> None:
    """Refuse foreign hosts before, add the headers after, and make a page of every error."""
    from flask import make_response, request
    from werkzeug.exceptions import HTTPException

    @app.before_request
    def own_host_only() -> Response | None:
        if guard.is_own_host(request.environ.get("HTTP_HOST", "")):
            return None
        refused = make_response("This address is served to 127.0.0.1 and localhost only.\n", 403)
        refused.mimetype = "text/plain"
        return refused

    @app.after_request
    def headers(response: Response) -> Response:
        for key, value in guard.ALWAYS.items():
            response.headers.setdefault(key, value)
        policy = guard.FOLLOWING if follow else guard.PAGE
        response.headers.setdefault("Content-Security-Policy", policy)
        return response

    @app.errorhandler(DigestError)
    def damaged(error: DigestError) -> tuple[str, int]:
        slug = (request.view_args or {}).get("slug", "")
        version = follow.version(slug) if follow and slug else ""
        page = site.problem_page(
            "This cannot be shown", error.what, hint=error.hint, slug=slug, version=version
        )
        return page, 500

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Any:
        code = error.code or 500
        if code < 400:  # the redirect to a URL's closing slash
            return error
        titles = {404: "There is nothing here", 405: "Only for reading"}
        what = {
            404: "No page of the archive has this address.",
            405: "This review only reads: it answers GET and HEAD.",
        }
        page = site.problem_page(
            titles.get(code, "This did not work"),
            what.get(code, f"The answer is {code} {error.name}."),
        )
        response = make_response(page, code)
        if code == 405:
            response.headers["Allow"] = "GET, HEAD"
        return response


class _Views:
    """What each URL shows."""

    def __init__(self, review: Review) -> None:
        self.archive = review.archive
        self.follow = review.follow
        self.mailbox = review.mailbox
        self._known = review.known
        self._around = review.around

    def issues(self) -> str:
        from flask import request

        root = "" if request.path == "/" else "../"
        # Asked before anything is read, so that what changes meanwhile is another version.
        version = self.follow.version() if self.follow else ""
        mails = len(self.mailbox.summaries()) if self.mailbox else None
        return site.issues_page(self.archive.rows(), root=root, version=version, mails=mails)

    def stylesheet(self) -> Response:
        return answer(site.stylesheet(), "text/css; charset=utf-8", guard.INERT)

    def script(self) -> Response:
        return answer(site.follow_script(), "text/javascript; charset=utf-8", guard.INERT)

    def version(self, slug: str = "") -> Response:
        from flask import abort, request

        if self.follow is None or not guard.is_own_page(request.headers.get("Sec-Fetch-Site", "")):
            abort(403)
        if slug and not is_slug(slug):
            abort(404)
        found = self.follow.answer(slug, request.args.get("after", ""))
        if found is None:
            abort(503)
        return answer(json.dumps(found).encode(), "application/json", guard.INERT)

    def email(self, slug: str) -> str:
        version = self._known(slug)
        self.archive.load(slug)  # a torn issue is named here, not inside a frame
        return site.email_page(
            self.archive.row(slug),
            around=self._around(slug, version),
            remote_pictures=remote_pictures(),
        )

    def web(self, slug: str) -> str:
        version = self._known(slug)
        self.archive.load(slug)
        return site.web_page(
            self.archive.row(slug),
            around=self._around(slug, version),
            remote_pictures=remote_pictures(),
        )

    def text(self, slug: str) -> str:
        version = self._known(slug)
        text = self.archive.renderings(slug).email_txt
        return site.text_page(self.archive.row(slug), text, around=self._around(slug, version))

    def headers(self, slug: str) -> str:
        version = self._known(slug)
        message = self.archive.read(slug, "message.eml")
        return site.headers_page(
            self.archive.row(slug), message, around=self._around(slug, version)
        )

    def why(self, slug: str) -> str:
        from flask import abort, request

        version = self._known(slug)
        place = request.args.get("place", "")
        if place and place not in site.PLACES:
            abort(404)
        return site.why_page(
            self.archive.row(slug),
            self.archive.load(slug),
            self.archive.candidates(slug),
            around=self._around(slug, version),
            place=place,
            number=request.args.get("page", 1, type=int),
        )

    def email_html(self, slug: str) -> Response:
        return self._mail(slug, "email.html")

    def web_html(self, slug: str) -> Response:
        return self._mail(slug, "web.html")

    def email_txt(self, slug: str) -> Response:
        return self._plain(slug, "email.txt")

    def message(self, slug: str) -> Response:
        return self._plain(slug, "message.eml")

    def picture(self, slug: str, name: str) -> Response:
        from flask import abort

        self._known(slug)
        kind = _PICTURES.get(f".{name.rpartition('.')[2].lower()}")
        if kind is None:
            abort(404)
        try:
            data = self.archive.read(slug, f"media/{name}")
        except ArchiveError:
            abort(404)
        return answer(data, kind, guard.INERT)

    def _mail(self, slug: str, name: str) -> Response:
        from flask import request

        self._known(slug)
        html = self.archive.read(slug, name)
        if request.args.get("frame") == "on":
            html = guard.for_frame(html.decode("utf-8", errors="replace")).encode("utf-8")
        policy = guard.mail_policy(remote_pictures=remote_pictures())
        return answer(html, "text/html; charset=utf-8", policy)

    def _plain(self, slug: str, name: str) -> Response:
        self._known(slug)
        return answer(self.archive.read(slug, name), "text/plain; charset=utf-8", guard.INERT)
