"""What every bulk mail owes its readers: who writes, from where, and how to make it stop.

Google, Yahoo and Microsoft ask bulk senders for one-click unsubscribing (RFC 8058) and a visible
link; the law of many countries asks for a postal address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from digest.check import urls
from digest.check.material import COLOPHON, Material
from digest.check.words import squeezed
from digest.models import Finding, Level

_BULK = ("Gmail", "Yahoo", "Outlook")
_WHY_LINK = "A reader who cannot leave marks the mail as spam, and bulk rules ask for it."
_WHY_ONE_CLICK = "Bulk senders owe one click: RFC 8058, and the rules of Gmail and Yahoo."
_WHY_POSTAL = "The law of many countries asks for it in bulk mail (CAN-SPAM, for one)."
_TEMPLATE = "Mend the theme's colophon, then build again."


def check(material: Material) -> tuple[Finding, ...]:
    """Errors for what a rendering leaves out; what the settings leave out only warns in a draft."""
    return (*_sender(material), *_unsubscribe(material), *_header(material), *_postal(material))


def _missing_setting(material: Material) -> Level:
    """A newsletter is set up step by step; its readers are not written to before approval."""
    return "warning" if material.issue.status == "draft" else "error"


def _sender(material: Material) -> Iterator[Finding]:
    if not material.issue.newsletter.sender.strip():
        yield Finding(
            check="colophon",
            level=_missing_setting(material),
            where="message.eml",
            what="The newsletter has no sender.",
            why="No server takes a mail that comes from nobody.",
            mend="Set DIGEST_SENDER, for example to Harbor Weekly <editor@example.org>.",
        )


def _unsubscribe(material: Material) -> Iterator[Finding]:
    url = material.issue.newsletter.unsubscribe_url
    if not url:
        yield Finding(
            check="colophon",
            level=_missing_setting(material),
            where=f"email.html, {COLOPHON}",
            what="Readers cannot unsubscribe: no address for it is set.",
            why=_WHY_LINK,
            clients=_BULK,
            mend="Set DIGEST_UNSUBSCRIBE_URL to an https page.",
        )
        return
    meant = urls.key(url)
    linked = any(
        urls.key(a.get("href") or "") == meant and a.end > a.start
        for a in material.html.elements("a")
    )
    if not linked:
        yield _absent("email.html", "There is no visible unsubscribe link.", _WHY_LINK)
    if meant not in urls.keys_in(material.renderings.email_txt):
        yield _absent("email.txt", "The unsubscribe link is missing.", _WHY_LINK)


def _header(material: Material) -> Iterator[Finding]:
    url = material.issue.newsletter.unsubscribe_url
    if not url:
        return
    headers = material.mail.all("List-Unsubscribe")
    header = " ".join(headers)
    one_click = [value.strip().lower() for value in material.mail.all("List-Unsubscribe-Post")]
    offered = [urls.key(found) for found in re.findall(r"<\s*([^<>]+?)\s*>", header)]
    if urls.key(url) not in offered:
        # Python's email package writes a long one as an encoded word, which no server reads.
        what = "The List-Unsubscribe header is " + ("not readable." if header else "missing.")
        yield _absent("message.eml", what, _WHY_ONE_CLICK, mend="Build the issue again.")
    elif len(headers) > 1 or sum(one.startswith("https:") for one in offered) > 1:
        # RFC 2369 allows one field, RFC 8058 one https address in it: which one is posted to?
        what = "The message offers several addresses for unsubscribing with one click."
        yield _absent("message.eml", what, _WHY_ONE_CLICK, mend="Build the issue again.")
    elif not url.lower().startswith("https:"):
        yield Finding(
            check="colophon",
            level="warning",
            where="message.eml",
            what="Readers cannot unsubscribe with one click: that takes an https address.",
            why=_WHY_ONE_CLICK,
            clients=_BULK,
            mend="Set DIGEST_UNSUBSCRIBE_URL to an https page that accepts a POST.",
        )
    elif one_click != ["list-unsubscribe=one-click"]:
        told = "not as RFC 8058 has it" if one_click else "missing"
        what = f"The List-Unsubscribe-Post header for one-click unsubscribing is {told}."
        yield _absent("message.eml", what, _WHY_ONE_CLICK, mend="Build the issue again.")


def _postal(material: Material) -> Iterator[Finding]:
    lines = [squeezed(line) for line in material.issue.newsletter.postal_address.splitlines()]
    lines = [line for line in lines if line]
    if not lines:
        yield Finding(
            check="colophon",
            level=_missing_setting(material),
            where=f"email.html, {COLOPHON}",
            what="There is no postal address.",
            why=_WHY_POSTAL,
            mend="Set DIGEST_POSTAL_ADDRESS.",
        )
    for file, page in (("email.html", material.html), ("email.txt", material.text)):
        if any(line not in page.words for line in lines):
            yield _absent(file, "The postal address is missing.", _WHY_POSTAL)


def _absent(file: str, what: str, why: str, *, mend: str = _TEMPLATE) -> Finding:
    where = file if file == "message.eml" else f"{file}, {COLOPHON}"
    clients = () if why is _WHY_POSTAL else _BULK
    return Finding(
        check="colophon", level="error", where=where, what=what, why=why, clients=clients, mend=mend
    )
