"""Serving the review on 127.0.0.1 until Ctrl-C."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from digest.net import listen
from digest.review.app import FINDINGS
from digest.review.follow import Follow

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.serving import BaseWSGIServer


def make_review_server(app: Flask, *, host: str = "127.0.0.1", port: int = 8025) -> BaseWSGIServer:
    """A server of `app`, bound and listening; port 0 takes a free one.

    Raises DigestError, one sentence with the option to type, when the port cannot be had.
    """
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Quiet(WSGIRequestHandler):
        """A handler that keeps the terminal for what the person asked."""

        timeout = 30  # seconds; a connection that says nothing does not hold its thread for ever

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            pass

    # werkzeug 3.1 ends the process by itself when it finds the port busy; a socket of our own
    # lets us say so instead.
    listening = listen(host, port)
    with contextlib.closing(listening):
        return make_server(
            host,
            listening.getsockname()[1],
            app,
            threaded=True,
            request_handler=Quiet,
            fd=listening.fileno(),
        )


def serve_forever(
    app: Flask,
    *,
    host: str = "127.0.0.1",
    port: int = 8025,
    ready: Callable[[str], None] = lambda _url: None,
    follow: Follow | None = None,
) -> None:
    """Serve `app` until Ctrl-C; `ready` is told the URL once it answers.

    With `follow`, that which the pages follow is watched meanwhile.
    """
    server = make_review_server(app, host=host, port=port)
    with contextlib.suppress(KeyboardInterrupt), server:
        shown = f"[{host}]" if ":" in host else host
        ready(f"http://{shown}:{server.port}/")
        with follow.watching() if follow else contextlib.nullcontext():
            try:
                server.serve_forever()
            finally:
                if findings := app.extensions.get(FINDINGS):
                    findings.stop()
