"""Mails that come back, written by the grammar of their RFCs."""

from __future__ import annotations

KEYS = (("b", "k" * 40), ("a", "o" * 40))
MESSAGE_ID = "<2026-w47.0123456789abcdef@news.example.org>"


def ours(token: str = "t0ken", to: str = "ann@example.org", message_id: str = MESSAGE_ID) -> str:
    """The headers of a mail that was sent."""
    return (
        "Return-Path: <bounces@news.example.org>\n"
        "From: Harbor Weekly <editor@news.example.org>\n"
        f"To: {to}\n"
        "Subject: Tides\n"
        f"Message-ID: {message_id}\n"
        "List-Id: Harbor Weekly <harbor.news.example.org>\n"
        f"List-Unsubscribe: <https://news.example.org/u?t={token}>,\n"
        " <mailto:leave@news.example.org>\n"
        "X-Issue: 2026-W47\n"
        "Feedback-ID: 2026-W47:harbor\n"
    )


def group(
    address: str,
    action: str = "failed",
    status: str = "5.1.1",
    diagnostic: str = "",
    original: str = "",
) -> str:
    """The fields of one recipient; addresses carry their type where it is not rfc822."""
    lines = [f"Final-Recipient: {_typed(address)}"] if address else []
    lines += [f"Original-Recipient: {_typed(original)}"] if original else []
    lines += [f"Action: {action}"] if action else []
    lines += [f"Status: {status}"] if status else []
    lines += [f"Diagnostic-Code: {diagnostic}"] if diagnostic else []
    return "\n".join(lines) + "\n"


def _typed(address: str) -> str:
    return address if ";" in address else f"rfc822; {address}"


def dsn(
    *groups: str,
    inside: str = ours(),
    inside_kind: str = "message/rfc822",
    kind: str = "message/delivery-status",
    about: str = "Original-Envelope-Id: env-1\n",
    top: str = "",
) -> bytes:
    """A delivery status notification (RFC 3464)."""
    parts = [
        "Content-Type: text/plain\n\nIt could not be delivered.\n",
        f"Content-Type: {kind}\n\nReporting-MTA: dns; mx.example.com\n{about}\n"
        + "\n".join(groups),
    ]
    if inside:
        parts.append(f"Content-Type: {inside_kind}\n\n{inside}\nThe tide.\n")
    return report("delivery-status", parts, top)


def arf(fields: str, inside: str = ours(), inside_kind: str = "message/rfc822") -> bytes:
    """A feedback report (RFC 5965)."""
    parts = [
        "Content-Type: text/plain\n\nThis is an email abuse report.\n",
        f"Content-Type: message/feedback-report\n\n{fields}User-Agent: Loop/1\nVersion: 1\n",
        f"Content-Type: {inside_kind}\n\n{inside}\nThe tide.\n",
    ]
    return report("feedback-report", parts)


def report(kind: str, parts: list[str], top: str = "") -> bytes:
    """A multipart/report (RFC 6522)."""
    body = "".join(f"--=_b\n{part}\n" for part in parts)
    text = (
        "Return-Path: <>\nFrom: Mail Delivery <MAILER-DAEMON@mx.example.com>\n"
        "To: bounces@news.example.org\nSubject: Returned\n"
        f"Date: Fri, 20 Nov 2026 10:00:00 +0100\n{top}MIME-Version: 1.0\n"
        f'Content-Type: multipart/report; report-type={kind};\n boundary="=_b"\n\n{body}--=_b--\n'
    )
    return text.encode()


def plain(
    body: str, *, top: str = "Return-Path: <>\n", sender: str = "MAILER-DAEMON@mx.example.com"
) -> bytes:
    """A mail of plain text."""
    return f"{top}From: {sender}\nTo: bounces@news.example.org\nSubject: failure\n\n{body}".encode()


QMAIL = f"""\
Hi. This is the qmail-send program at mx.example.com.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<ann@example.org>:
192.0.2.1 does not like recipient.
Remote host said: 550 5.1.1 <ann@example.org>: no such user
Giving up on 192.0.2.1.

<ben@example.org>:
The mailbox holds too much. (#5.2.2)

--- Below this line is a copy of the message.

{ours()}
The tide.
"""
EXIM = f"""\
This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  ann@example.org
    host mx.example.org [192.0.2.1]
    SMTP error from remote mail server after RCPT TO:<ann@example.org>:
    550 5.1.1 no such user
  ben@example.org
    Unrouteable address

------ This is a copy of the message, including all the headers. ------

{ours()}
The tide.
"""
POSTFIX = """\
This is the mail system at host mx.example.com.

Your message could not be delivered to one or more recipients.

<ann@example.org>: host mx.example.org[192.0.2.1] said: 550 5.1.1
    <ann@example.org>: no such user (in reply to RCPT TO command)

<cem@example.org> (expanded from <team@example.org>): mail for example.org loops
    back to myself
"""
SENDMAIL = """\
The original message was received at Fri, 20 Nov 2026 10:00:00 +0100

   ----- The following addresses had permanent fatal errors -----
<ann@example.org>
    (reason: 550 5.1.1 <ann@example.org>... User unknown)

   ----- Transcript of session follows -----
550 5.7.1 something else
"""
EXCHANGE = """\
Delivery has failed to these recipients or groups:

Ann (ann@example.org)

Diagnostic information for administrators:

Generating server: mx.example.com

ann@example.org
Remote Server returned '550 5.1.1 RESOLVER.ADR.RecipNotFound; not found'

Original message headers:

"""
