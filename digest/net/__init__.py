"""The one guarded fetch: everything that `digest` reads from the network comes through here.

`fetch` takes one http(s) URL under a `Policy` and gives its bytes, or raises FetchError in one
sentence. It refuses private addresses, connects to the address that it vetted, checks each
redirect again, and bounds time, bytes and what bytes inflate to. Stages take a `Fetcher`, so that
a test double is a function: `Courier`, which asks one host one thing at a time, heeds robots.txt
and Retry-After, and with a `Store` brings only what has changed. Proxies of the environment are
not used: they would resolve unvetted. `listen` is the one door for being asked, on loopback.
"""

from digest.net.courier import Courier
from digest.net.failures import masked, shown
from digest.net.fetch import fetch, prepare
from digest.net.listen import listen
from digest.net.policy import Fetched, Fetcher, Policy, user_agent
from digest.net.store import Store

__all__ = [
    "Courier",
    "Fetched",
    "Fetcher",
    "Policy",
    "Store",
    "fetch",
    "listen",
    "masked",
    "prepare",
    "shown",
    "user_agent",
]
