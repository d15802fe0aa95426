"""What a form of our own pages carries, and what is asked of every request that writes.

A foreign page may make this browser post to this server; it can neither read the token of a form
nor say that it comes from here.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from hmac import compare_digest
from typing import TYPE_CHECKING, NamedTuple

from digest import site
from digest.review import guard
from digest.review.answers import html_answer

if TYPE_CHECKING:
    from flask import Flask, Request
    from flask.wrappers import Response

BODY_BYTES = 256 * 1024
"""The largest form that is read: far more than all the words of an issue."""
_FIELDS = 200
_DRAINED_BYTES = 8 << 20
"""As much of a body that is too large is read and forgotten, so that its sender hears why."""
_KIND = "application/x-www-form-urlencoded"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Refusal(NamedTuple):
    """Why a request that writes is not heard."""

    status: int
    title: str
    what: str
    hint: str = "Nothing was changed. Go back to the page, load it anew, and try again."


@dataclass(frozen=True, slots=True)
class Forms:
    """The forms of one run of the server; `token` is in each of them and nowhere else."""

    token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)

    def guard(self, app: Flask) -> None:
        """Ask it of every request of `app` that its views answer and that is none for reading."""
        from flask import make_response, request

        app.config["MAX_CONTENT_LENGTH"] = BODY_BYTES
        app.config["MAX_FORM_MEMORY_SIZE"] = BODY_BYTES

        @app.before_request
        def own_forms_only() -> Response | None:
            if request.method in {"GET", "HEAD"} or request.url_rule is None:
                return None  # what has no view is answered with 404 or 405
            refusal = self.refusal(request)
            if refusal is None:
                return None
            page = site.problem_page(refusal.title, refusal.what, hint=refusal.hint)
            return make_response(page, refusal.status)

    def refusal(self, request: Request) -> Refusal | None:
        """Why `request` may not write; None where it may. Its body is read last."""
        if not _is_from_here(request):
            return Refusal(
                403,
                "This form is not ours",
                "The request comes from another page than those of this review.",
                "Nothing was changed. Use the forms of the review itself.",
            )
        if request.mimetype != _KIND:
            return Refusal(415, "This is no form", f"Only forms are taken here, sent as {_KIND}.")
        length = request.content_length
        if length is None:
            return Refusal(411, "This is no form", "The request does not say how long it is.")
        if length > BODY_BYTES:
            _drain(request, length)
            return Refusal(
                413,
                "This is too much",
                f"The form holds {length:,} bytes, and {BODY_BYTES:,} are taken at most.",
                "Nothing was changed. Go back and shorten it; the browser kept what you wrote.",
            )
        if not compare_digest(request.form.get("token", "").encode(), self.token.encode()):
            return Refusal(
                403,
                "This form is too old",
                "The page that it stands on is of an earlier run of the server.",
                "Nothing was changed. Go back, copy what you wrote, load the page anew and paste "
                "it there.",
            )
        return None


def typed() -> Mapping[str, str]:
    """What a person typed into the form that is being answered, without control characters."""
    from flask import request

    fields = list(request.form.items())[:_FIELDS]
    return {
        name: _CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
        for name, value in fields
    }


def seen_hash(text: str) -> str:
    """By which a form says which edits.toml its page was made from."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def form_page(html: str, status: int = 200) -> Response:
    """A page with forms. Its referrer policy lets the browser say where a form comes from."""
    response = html_answer(html, guard.with_forms(guard.PAGE))
    response.status_code = status
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def _is_from_here(request: Request) -> bool:
    """Whether the browser says so, as far as it says anything: Origin and Sec-Fetch-Site."""
    if not guard.is_own_page(request.headers.get("Sec-Fetch-Site", "")):
        return False
    origin = request.headers.get("Origin")
    return origin is None or origin.lower() == f"http://{request.host}".lower()


def _drain(request: Request, length: int) -> None:
    """Read a body and forget it: a server that hangs up in the middle is not heard."""
    body = request.environ["wsgi.input"]
    left = min(length, _DRAINED_BYTES)
    while left > 0:
        read = body.read(min(left, 1 << 16))
        if not read:
            return
        left -= len(read)
