"""What was sent of an issue, read from the ledger when it is asked for; and test mails."""

from __future__ import annotations

import re
import shlex
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from digest import site
from digest.errors import DigestError, LedgerError, UsageError
from digest.models import Failure
from digest.pipeline import SentTest, send_test
from digest.review.forms import form_page, typed
from digest.review.history import Said
from digest.review.rules import House, Review, Rule
from digest.send import RecipientList, Summary, parse_addresses, parse_smtp_url, read_recipients
from digest.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flask.wrappers import Response

    from digest.send import Ledger, State

MOST_TESTERS = 50
"""Addresses that a page sends a test to; more take longer than anybody waits for a page."""
_FAILED_SHOWN = 200
_MAILS_SHOWN = 50
_NOT_SENT: tuple[State, ...] = ("perm", "temp", "unknown")
_BETWEEN = re.compile(r"[\s,;]+")


def sends_rules(review: Review) -> list[Rule]:
    """The URL and the view of each page of sends; none without a house around the archive."""
    if review.house is None:
        return []
    views = _Views(review, review.house)
    return [
        Rule("/issues/<slug>/sends", views.sends),
        Rule("/issues/<slug>/test", views.test, ("POST",)),
    ]


class _Views:
    """What each URL shows and does."""

    def __init__(self, review: Review, house: House) -> None:
        self.review = review
        self.house = house
        self.archive = review.archive
        self.said: Said[site.TestSent] = Said()

    def sends(self, slug: str) -> Response:
        from flask import request

        self.review.known(slug)
        return self._page(slug, test=self.said.get(request.args.get("test", "")))

    def test(self, slug: str) -> Response:
        """Send a test mail; over a server only once the page said which, and was told to go on."""
        from flask import make_response, redirect

        self.review.known(slug)
        form = typed()
        try:
            settings = self._settings(slug)
            found = self._testers(settings, form.get("to", ""))
            server = _server(settings)
            if server and form.get("server") != server:
                return self._confirm(slug, form, found, server)
            if self.review.mailbox is None:
                raise UsageError("There is no mailbox here.", hint="`digest serve` has one.")
            sent = send_test(
                slug,
                found.recipients,
                archive=self.archive,
                settings=settings,
                folder=self.house.folder,
                mailbox=self.review.mailbox.folder,
                now=self.house.now(),
                as_is=bool(form.get("as_is")),
                failures=found.failures,
            )
        except DigestError as error:
            ask = Failure(where="", what=error.what, hint=error.hint)
            return self._page(slug, form=form, ask=ask, status=422)
        key = self.said.keep(_told(sent, server))
        return make_response(redirect(f"/issues/{quote(slug)}/sends?test={key}", 303))

    def _settings(self, slug: str) -> Settings:
        own = self.house.own_settings
        return own() if own else self.house.settings(slug)

    def _testers(self, settings: Settings, to: str) -> RecipientList:
        """Those who are named, else those of the list of testers."""
        words = [word for word in _BETWEEN.split(to) if word]
        if words:
            found = parse_addresses(words[: MOST_TESTERS + 1])
        elif _has_list(settings, self.house):
            found = read_recipients(self.house.folder / settings.test_list)
        else:
            raise UsageError(
                "There is nobody to send to.",
                hint="Name an address; several stand apart by spaces or commas.",
            )
        if len(found.recipients) > MOST_TESTERS:
            raise UsageError(
                f"A page sends to {MOST_TESTERS} testers at most.",
                hint="`digest send --test --list FILE` sends to any number.",
            )
        return found

    def _confirm(
        self, slug: str, form: Mapping[str, str], found: RecipientList, server: str
    ) -> Response:
        html = site.confirm_page(
            self.archive.row(slug),
            around=self.review.around(slug, ""),
            token=self.review.forms.token,
            server=server,
            to=[recipient.address for recipient in found.recipients],
            typed=form.get("to", ""),
            as_is=bool(form.get("as_is")),
        )
        return form_page(html)

    def _page(
        self,
        slug: str,
        *,
        status: int = 200,
        form: Mapping[str, str] | None = None,
        ask: Failure | None = None,
        test: site.TestSent | None = None,
    ) -> Response:
        row = self.archive.row(slug)
        mails, more = self._mails(slug)
        shared: dict[str, Any] = {
            "token": self.review.forms.token,
            "mails": mails,
            "more_mails": more,
            "has_mailbox": self.review.mailbox is not None,
            "typed": form.get("to", "") if form else "",
            "as_is": bool(form and form.get("as_is")),
            "ask": ask,
            "test": test,
            "command": f"digest send {slug} --list recipients.csv",
        }
        try:
            settings = self._settings(slug)
            shared["command"] = f"digest send {slug} --list {shlex.quote(settings.readers_list)}"
            shared["testers"] = settings.test_list if _has_list(settings, self.house) else ""
            shared["server"] = _server(settings)
            sends = _sends(self.house.ledger(), slug, shared)
        except DigestError as error:
            trouble = Failure(where="", what=error.what, hint=error.hint)
            sends = site.Sends(domains={}, trouble=trouble, **shared)
        html = site.sends_page(row, sends, status=row.status, around=self.review.around(slug, ""))
        return form_page(html, status)

    def _mails(self, slug: str) -> tuple[Sequence[Summary], int]:
        """The newest mails of the issue on this machine, and how many more there are."""
        if self.review.mailbox is None:
            return (), 0
        found = self.review.mailbox.summaries()
        # The name tells, so that thousands of other mails need not be opened.
        mine = [at for at, name in enumerate(found.names) if name.startswith(f"{slug} ")]
        return [found[at] for at in mine[:_MAILS_SHOWN]], max(0, len(mine) - _MAILS_SHOWN)


def _has_list(settings: Settings, house: House) -> bool:
    return (house.folder / settings.test_list).is_file()


def _server(settings: Settings) -> str:
    """The server that tests leave over, without its password; empty while they stay here."""
    return str(parse_smtp_url(settings.smtp_url)) if settings.smtp_url else ""


def _sends(ledger: Ledger | None, slug: str, shared: dict[str, Any]) -> site.Sends:
    """What the ledger knows; closed again, so that nobody waits for it."""
    if ledger is None:
        return site.Sends(domains={}, **shared)
    try:
        statuses = ledger.status(slug)
        if not statuses:
            return site.Sends(domains={}, **shared)
        told = ledger.outcomes(slug)
        rows = ledger.rows(slug, states=_NOT_SENT)
        failed = [
            site.Failed(
                address=row.address,
                state=row.state,
                answer=f"{row.code} {row.reply}".strip() if row.code else row.reply,
            )
            for row in islice(rows, _FAILED_SHOWN)
        ]
        rows.close()  # type: ignore[attr-defined]  # it holds a connection until then
    except RuntimeError as error:  # of the database's driver, under a file that is replaced
        raise LedgerError(f"The ledger cannot be read: {error}.") from None
    finally:
        ledger.close()
    count = sum(s.counts.get(state, 0) for s in statuses for state in _NOT_SENT)
    return site.Sends(
        lists=[
            site.ListSent(
                name=s.list_name,
                planned_at=s.planned_at,
                total=s.total,
                left=s.left,
                counts=s.counts,
            )
            for s in statuses
        ],
        domains=told.domains,
        replies=told.replies,
        failed=failed,
        more_failed=max(0, count - len(failed)),
        first=told.first,
        last=told.last,
        **shared,
    )


def _told(sent: SentTest, server: str) -> site.TestSent:
    names = [file.stem for file in sent.files] or [""] * len(sent.outcomes)
    mails = [
        site.TestMail(address=o.recipient.address, state=o.state, reply=o.reply, mail=name)
        for o, name in zip(sent.outcomes, names, strict=True)
    ]
    errors = sum(finding.level == "error" for finding in sent.findings)
    return site.TestSent(mails=mails, failures=sent.failures, errors=errors, server=server)
