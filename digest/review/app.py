"""The Flask app: a URL for every view of the archive; what writes is asked for its form's token."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from digest import site
from digest.archive import Archive, is_slug, read_corrections
from digest.errors import ArchiveError, DigestError
from digest.review import guard
from digest.review.answers import answer, look
from digest.review.changes import changes_rules
from digest.review.desk import desk_rules
from digest.review.follow import Follow
from digest.review.inbox import inbox_rules
from digest.review.inside import inside_rules
from digest.review.mailbox import mailbox_rules
from digest.review.rules import House, Review, Rule
from digest.review.search import search_rules
from digest.review.sends import sends_rules
from digest.review.stats import stats_rules
from digest.send import Mailbox
from digest.text import slots

if TYPE_CHECKING:
    from flask import Flask
    from flask.wrappers import Response

FINDINGS = "digest.findings"
"""Where the app keeps what looks for findings beside it, so that its server can end that."""
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

    Answers only where the Host header names this machine. GET and HEAD change nothing; other
    methods are for our own forms alone (`digest.review.forms`). What is unknown gets a page of its
    own with status 404, what is damaged one with status 500 that says how to mend.
    """
    from flask import Flask

    from digest.pipeline import KnownFindings

    app = Flask("digest.review", static_folder=None)
    findings = KnownFindings(archive, house.cache if house else None)
    review = Review(archive=archive, follow=follow, mailbox=mailbox, house=house, findings=findings)
    app.extensions[FINDINGS] = findings
    families = (
        inbox_rules,
        _issue_rules,
        inside_rules,
        changes_rules,
        search_rules,
        stats_rules,
        desk_rules,
        sends_rules,
        mailbox_rules,
    )
    rules = [rule for family in families for rule in family(review)]
    paths = {rule.path for rule in rules}
    parts = tuple(item for item in site.NAVIGATION if f"/{item.href}" in paths)
    _guard(app, follow, parts)
    review.forms.guard(app)
    for rule in rules:
        app.add_url_rule(
            rule.path,
            " ".join((*rule.methods, rule.path)),
            view_func=_framed(rule.view, parts, part_of(rule.path)),
            methods=list(rule.methods),
            provide_automatic_options=False,
        )
    return app


def part_of(path: str) -> str:
    """The part of the site that a page belongs to, by the key of its link."""
    first = path.split("/")[1]
    return next((item.key for item in site.NAVIGATION if item.href.rstrip("/") == first), "issues")


def _framed(
    view: Callable[..., Any], parts: tuple[site.NavItem, ...], current: str
) -> Callable[..., Any]:
    """The view, with links to the parts of the site on its page."""

    @wraps(view)
    def framed(**values: Any) -> Any:
        with site.navigation(parts, current):
            return view(**values)

    return framed


def _issue_rules(review: Review) -> list[Rule]:
    views = _Views(review)
    rules = [
        Rule("/static/site.css", views.stylesheet),
        Rule("/static/keys.js", views.keys),
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


def _guard(app: Flask, follow: Follow | None, parts: tuple[site.NavItem, ...]) -> None:
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
        with site.navigation(parts):
            page = site.problem_page(
                "This cannot be shown", error.what, hint=error.hint, slug=slug, version=version
            )
        return page, 500

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Any:
        code = error.code or 500
        if code < 400:  # the redirect to a URL's closing slash
            return error
        takes = ", ".join(sorted(getattr(error, "valid_methods", None) or ("GET", "HEAD")))
        titles = {404: "There is nothing here", 405: "Not at this address"}
        what = {
            404: "No page of the archive has this address.",
            405: f"It answers {takes}, and nothing else.",
        }
        with site.navigation(parts):
            page = site.problem_page(
                titles.get(code, "This did not work"),
                what.get(code, f"The answer is {code} {error.name}."),
            )
        response = make_response(page, code)
        if code == 405:
            response.headers["Allow"] = takes
        return response


class _Views:
    """What each URL shows."""

    def __init__(self, review: Review) -> None:
        self.archive = review.archive
        self.follow = review.follow
        self._known = review.known
        self._around = review.around

    def stylesheet(self) -> Response:
        return answer(site.stylesheet(), "text/css; charset=utf-8", guard.INERT)

    def keys(self) -> Response:
        return answer(site.keys_script(), "text/javascript; charset=utf-8", guard.INERT)

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
        self.archive.read(slug, "email.html")  # a torn issue is named here, not inside a frame
        around = self._around(slug, version)
        return site.email_page(self.archive.row(slug), around=around, look=look())

    def web(self, slug: str) -> str:
        version = self._known(slug)
        self.archive.read(slug, "web.html")
        return site.web_page(
            self.archive.row(slug),
            around=self._around(slug, version),
            look=look(),
            corrections=self._corrected(slug),
        )

    def text(self, slug: str) -> str:
        version = self._known(slug)
        text = self.archive.read(slug, "email.txt").decode("utf-8", errors="replace")
        return site.text_page(self.archive.row(slug), text, around=self._around(slug, version))

    def headers(self, slug: str) -> str:
        version = self._known(slug)
        message = slots.shown(self.archive.read(slug, "message.eml"))
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
            self.archive.load(slug, whole=False),
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
        self._known(slug)
        return _plain(self.archive.read(slug, "email.txt"))

    def message(self, slug: str) -> Response:
        self._known(slug)
        return _plain(slots.shown(self.archive.read(slug, "message.eml")))

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

    def _corrected(self, slug: str) -> tuple[site.Corrected, ...]:
        """The corrections of the issue, each with the headline of its story and a link to it."""
        rows = read_corrections(self.archive.folder, slug)
        if not any(row.story for row in rows):
            return site.corrected(rows)
        headlines: dict[str, str] = {}
        with contextlib.suppress(DigestError):  # damaged entries hide no correction
            stories = self.archive.load(slug, whole=False).stories
            headlines = {story.entry.id: story.headline for story in stories}
        hrefs = {key: f"story?{urlencode({'id': key})}" for key in headlines}
        return site.corrected(rows, headlines=headlines, hrefs=hrefs)

    def _mail(self, slug: str, name: str) -> Response:
        from flask import request

        self._known(slug)
        html = self.archive.read(slug, name)
        asked = look()
        framed = request.args.get("frame") == "on"
        if framed or "scheme" in request.args:
            text = site.in_scheme(html.decode("utf-8", errors="replace"), asked.scheme)
            html = (guard.for_frame(text) if framed else text).encode("utf-8")
        policy = guard.mail_policy(
            remote_pictures=asked.images == "on", pictures=asked.images != "off"
        )
        return answer(html, "text/html; charset=utf-8", policy)


def _plain(data: bytes) -> Response:
    return answer(data, "text/plain; charset=utf-8", guard.INERT)
