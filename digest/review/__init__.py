"""Reviewing the archive in a browser, on this machine and nowhere else.

`create_app` is the small Flask app around the pages of `digest.site`: it only reads, answers only
to this machine's own names, and lets a page reach the network only when its reader asks.
"""

from digest.review.app import create_app
from digest.review.follow import Follow
from digest.review.rules import House
from digest.review.serve import serve_forever

__all__ = ["Follow", "House", "create_app", "serve_forever"]
