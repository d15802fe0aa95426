"""What every view asks of its question, and how it answers with bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest import site

if TYPE_CHECKING:
    from flask.wrappers import Response


def remote_pictures() -> bool:
    """Whether the reader asked for the pictures that lie elsewhere."""
    from flask import request

    return request.args.get("images") == "on"


def look() -> site.Look:
    """How the reader wants an email shown."""
    from flask import request

    return site.Look(
        scheme=request.args.get("scheme", "light"), images=request.args.get("images", "own")
    )


def answer(data: bytes, kind: str, policy: str) -> Response:
    """`data` as it is, with its media type, under a Content-Security-Policy."""
    from flask import make_response

    response = make_response(data)
    response.headers["Content-Type"] = kind
    response.headers["Content-Security-Policy"] = policy
    return response


def html_answer(html: str, policy: str) -> Response:
    """A page under a policy of its own; half a character of a source is replaced."""
    return answer(html.encode("utf-8", "replace"), "text/html; charset=utf-8", policy)
