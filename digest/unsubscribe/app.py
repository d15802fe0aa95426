"""The Flask app: one address, which asks on GET and unsubscribes on POST."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from digest.send import Keyring, Unsubscribed
from digest.unsubscribe.limit import Buckets
from digest.unsubscribe.pages import Page, Pages, policy
from digest.unsubscribe.record import TooOftenError, write_down

if TYPE_CHECKING:
    from flask import Flask
    from flask.wrappers import Response

    from digest.send import Reference

MAX_BODY = 16 << 10
"""Bytes of a request's body; a mail program sends 26."""
_SHORTEST = 16
"""Characters of a path's last part that may be a token which was cut; less is another address."""
_TRY_AGAIN_S = 120
_ONE_CLICK = ("List-Unsubscribe", "One-Click")


def create_app(
    keyring: Keyring,
    record: Path,
    *,
    name: str,
    language: str = "en",
    home_url: str = "",
    path: str = "",
    clock: Callable[[], datetime],
) -> Flask:
    """The unsubscribe page of the newsletter `name`, which writes to the file `record`.

    It answers at its root and below `path` (such as `/leave`), so that a proxy may strip that or
    not; the token stands in `?t=` or as the last part of the path.
    """
    from flask import Flask

    app = Flask("digest.unsubscribe", static_folder=None, template_folder=None)
    # A redirect would lose a mail program's POST: RFC 8058 allows none.
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    app.config.update(MAX_CONTENT_LENGTH=MAX_BODY, MAX_FORM_MEMORY_SIZE=MAX_BODY, MAX_FORM_PARTS=10)
    pages = Pages(name=name, language=language, home_url=home_url)
    desk = _Desk(keyring, record, pages, clock)
    for below in dict.fromkeys(("", path.rstrip("/"))):
        for rule in (f"{below}/", f"{below}/<token>"):
            app.add_url_rule(
                rule,
                rule,
                view_func=desk.answer,
                methods=["GET", "POST"],
                provide_automatic_options=False,
            )
    _dress(app, pages, language)
    return app


class _Desk:
    """Where requests are answered."""

    def __init__(
        self, keyring: Keyring, record: Path, pages: Pages, clock: Callable[[], datetime]
    ) -> None:
        self._keyring = keyring
        self._record = record
        self._pages = pages
        self._clock = clock
        self._buckets = Buckets()

    def answer(self, token: str | None = None) -> Response:
        """A page, or the short text that a mail program is told after its one click."""
        from flask import abort, request

        if token is not None and len(token) < _SHORTEST:
            abort(404)
        if (request.content_length or 0) > MAX_BODY:
            abort(413)
        reference = self._keyring.read(token or request.args.get("t", ""))
        if reference is None:
            return self._broken(request.remote_addr or "")
        if request.method != "POST":
            return self._page(self._pages.ask)
        return self._written_down(reference)

    def _broken(self, client: str) -> Response:
        wait = self._buckets.wait(client, self._clock())
        if wait:
            return self._page(self._pages.too_often, 429, wait)
        return self._page(self._pages.broken, 400)

    def _written_down(self, reference: Reference) -> Response:
        from flask import current_app, make_response, request

        one_click = request.form.get(_ONE_CLICK[0]) == _ONE_CLICK[1]
        again = not one_click and request.form.get("again") == "yes"
        event = Unsubscribed(
            at=self._clock(),
            reference=reference,
            what="again" if again else "unsubscribed",
            how="one-click" if one_click else "page",
        )
        try:
            write_down(self._record, event)
        except TooOftenError:
            return self._page(self._pages.too_often, 429, _TRY_AGAIN_S)
        except OSError as error:
            why = error.strerror or type(error).__name__
            current_app.logger.error(
                "%s cannot be written: %s. Nobody can unsubscribe until it can.", self._record, why
            )
            tried = self._pages.left if again else self._pages.ask
            return self._page(self._pages.failed_with(tried), 503, _TRY_AGAIN_S)
        if one_click:
            response = make_response(f"{self._pages.left.title}\n")
            response.mimetype = "text/plain"
            return response
        return self._page(self._pages.again if again else self._pages.left)

    def _page(self, page: Page, status: int = 200, wait: int = 0) -> Response:
        from flask import make_response

        response = make_response(self._pages.html(page), status)
        if wait:
            response.headers["Retry-After"] = str(wait)
        return response


def _dress(app: Flask, pages: Pages, language: str) -> None:
    """Give every answer its headers, and what is refused a page or a line."""
    from flask import make_response
    from werkzeug.exceptions import HTTPException

    always = {
        "Content-Security-Policy": policy(),
        "Content-Language": language,
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex",
        "Cache-Control": "no-store",
    }

    @app.after_request
    def headers(response: Response) -> Response:
        response.headers.update(always)
        return response

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Response:
        code = error.code or 500
        if code == 404:  # a link that lost its end, more often than not
            return make_response(pages.html(pages.broken), code)
        response = make_response(f"{code} {error.name}\n", code)
        response.mimetype = "text/plain"
        for key, value in error.get_headers():
            if key in {"Allow", "Retry-After"}:
                response.headers[key] = value
        return response
