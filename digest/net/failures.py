"""Every way in which a fetch fails, as one sentence and the next thing to do."""

from __future__ import annotations

import re
import socket
from http import HTTPStatus

from digest.errors import FetchError

_USERINFO = re.compile(r"^((?:[a-zA-Z][a-zA-Z0-9+.-]*:)*//)[^/?#]*@")
_BARE_USERINFO = re.compile(r"^(?!mailto:)[^/?#@\s:]+:[^/?#@\s]*@", re.IGNORECASE)
"""A login without a scheme before it, as people type it."""
_SECRET_VALUE = re.compile(
    r"(?i)((?:^|[?&;#])(?:[^=&;#]*[_-])?(?:access|api|auth|feed|private|session|user)?"
    r"(?:token|key|secret|password|passwd|pwd|auth|signature|sig)=)[^&;#]+"
)
_LATER = "Try again later; a build without it goes on."


def shown(url: str) -> str:
    """`url` as a message may show it: no user and password, no token's value, no control character.

    At most 200 characters.
    """
    clean = masked(url.strip().replace("\\", "/"))
    clean = "".join(letter if letter.isprintable() else "�" for letter in clean)
    return clean if len(clean) <= 200 else clean[:199] + "…"


def masked(url: str) -> str:
    """`url` without user and password and without its tokens' values, else letter for letter."""
    clean = _BARE_USERINFO.sub("***@", _USERINFO.sub(r"\1***@", url))
    return _SECRET_VALUE.sub(r"\1***", clean)


def quoted(words: str) -> str:
    """Words of a server as a message may quote them: printable, and at most 80 characters."""
    clean = re.sub(r"[^\x20-\x7e]+", " ", words).strip()
    return clean if len(clean) <= 80 else clean[:79] + "…"


def timed_out(url: str, seconds: float) -> FetchError:
    """The whole fetch took longer than its policy allows."""
    return FetchError(f"{shown(url)} did not answer completely within {seconds:g} s.", hint=_LATER)


def too_large(url: str, limit: int) -> FetchError:
    """The body is larger than its policy allows, as sent or inflated."""
    size = f"{limit / 2**20:.3g} MB" if limit >= 2**20 else f"{limit} bytes"
    return FetchError(
        f"{shown(url)} sends more than {size}.", hint="Check that the address is a feed or a page."
    )


def cut_off(url: str) -> FetchError:
    """The connection ended before the body did."""
    return FetchError(
        f"{shown(url)} broke off: fewer bytes came than the server announced.",
        hint=_LATER,
        again=True,
    )


def of_status(url: str, status: int, retry_after: str) -> FetchError:
    """An answer that is an error: its number, its words, and what helps against it."""
    try:
        words = f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        words = str(status)
    what = f"{shown(url)} answered {words}."
    wait = quoted(retry_after)
    if status in {401, 402, 407}:
        hint = "It wants a login; look for a public address of it."
    elif status in {403, 451}:
        hint = "The server refuses this program; ask the publisher, and set DIGEST_CONTACT."
    elif status == 404:
        hint = "Check the address."
    elif status == 410:
        hint = "It is gone for good: take it from the sources."
    elif status in {429, 503}:
        asked = f"The server asks to wait: Retry-After {wait}." if wait else ""
        hint = f"{asked} Try again later, and ask it less often.".strip()
    elif status >= 500:
        hint = f"The server has a fault. {_LATER}"
    else:
        hint = "Open the address in a browser and see what it wants."
    again = status in {429, 502, 503, 504}
    return FetchError(what, hint=hint, status=status, again=again, retry_after=retry_after)


def of_resolver(url: str, host: str, error: Exception) -> FetchError:
    """The name was not turned into an address."""
    if isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN:
        return FetchError(
            f"{shown(url)}: no name server told the address of {host}.",
            hint="Check this machine's connection to the network.",
        )
    return FetchError(
        f"{shown(url)}: there is no host {host}.", hint="Check the address.", reason="no-host"
    )


def of_exchange(url: str, error: Exception, seconds: float) -> FetchError:
    """Whatever the socket, TLS or HTTP raised on the way."""
    import ssl
    from http.client import IncompleteRead

    from urllib3 import exceptions as lib

    hint = "Check the address and its port."
    match _root(error):
        case TimeoutError() | lib.TimeoutError():
            return timed_out(url, seconds)
        case IncompleteRead():  # urllib3's own is one too
            return cut_off(url)
        case ssl.SSLCertVerificationError() as fault:
            why = quoted(fault.verify_message).rstrip(".")
            said = f"shows a certificate that cannot be trusted: {why}"
            hint = "Check the address, and this machine's date and list of authorities."
        case ConnectionRefusedError():
            said = "refused the connection"
        case ConnectionError() | ssl.SSLEOFError():  # http.client.RemoteDisconnected too
            said = "closed the connection before its answer was complete"
            hint = _LATER
        case ssl.SSLError() as fault:
            why = quoted((fault.reason or "no reason given").replace("_", " ").lower())
            said = f"could not agree on an encrypted connection ({why})"
            hint = "Check whether its address begins with http: rather than https:."
        case OSError() as fault:
            said = f"cannot be reached: {fault.strerror or type(fault).__name__}"
            hint = "Check this machine's connection to the network."
        case fault:
            said = f"does not answer in HTTP that can be read ({type(fault).__name__})"
    return FetchError(f"{shown(url)} {said}.", hint=hint, again=hint == _LATER)


def _root(error: Exception) -> BaseException:
    """What urllib3 wrapped: it chains the fault of http.client or of the socket."""
    found: BaseException = error
    for _ in range(5):
        if found.__cause__ is None:
            break
        found = found.__cause__
    return found
