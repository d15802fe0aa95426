"""The page on which readers unsubscribe: a small WSGI app to host beside a site.

A POST unsubscribes, from a mail program's own button (RFC 8058) as from the page; a GET only shows
the page that asks. No address is on its host: links carry references (`digest.send.Keyring`), and
so does the record that it writes. `digest.unsubscribe.wsgi:app` is what a server runs.
"""

from digest.unsubscribe.app import create_app

__all__ = ["create_app"]
