"""Other senders, each used as its documentation says: `… NAME JOB.json` prints what it took.

Runs in the Python of `bench.sending_peers`, which has them and not `digest`. Seconds count from
before the connection is opened to after it is closed; imports are not in them.
"""

from __future__ import annotations

import asyncio
import json
import smtplib
import ssl
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

Job = dict[str, Any]
Send = Callable[[], object]


def smtplib_(job: Job) -> Send:
    """The standard library: one connection, the message prepared once, bytes."""
    message = Path(job["message"]).read_bytes()

    def send() -> None:
        with smtplib.SMTP(job["host"], job["port"]) as smtp:
            if job["authority"]:
                smtp.starttls(context=ssl.create_default_context(cafile=job["authority"]))
            for address in job["addresses"]:
                smtp.sendmail(job["sender"], [address], message)

    return send


def aiosmtplib(job: Job) -> Send:
    """The same with asyncio."""
    library = import_module("aiosmtplib")
    message = Path(job["message"]).read_bytes()

    async def send() -> None:
        smtp = library.SMTP(hostname=job["host"], port=job["port"], start_tls=False)
        async with smtp:
            for address in job["addresses"]:
                await smtp.sendmail(job["sender"], [address], message)

    return lambda: asyncio.run(send())


def django(job: Job) -> Send:
    """Mass mail as its documentation shows it: one connection, `send_messages`."""
    import_module("django.conf").settings.configure(
        EMAIL_HOST=job["host"], EMAIL_PORT=job["port"], EMAIL_USE_LOCALTIME=False
    )
    mail = import_module("django.core.mail")
    text, html = Path(job["text"]).read_text("utf-8"), Path(job["html"]).read_text("utf-8")

    def send() -> None:
        messages = []
        for address in job["addresses"]:
            message = mail.EmailMultiAlternatives(job["subject"], text, job["sender"], [address])
            message.attach_alternative(html, "text/html")
            messages.append(message)
        mail.get_connection().send_messages(messages)

    return send


def yagmail(job: Job) -> Send:
    """One `send` a recipient."""
    library = import_module("yagmail")
    html = Path(job["html"]).read_text("utf-8")

    def send() -> None:
        with library.SMTP(
            job["sender"],
            host=job["host"],
            port=job["port"],
            smtp_ssl=False,
            smtp_starttls=False,
            smtp_skip_login=True,
        ) as yag:
            for address in job["addresses"]:
                # Its default would rewrite the HTML with premailer for each recipient.
                yag.send(address, job["subject"], html, prettify_html=False)

    return send


DRIVERS: dict[str, Callable[[Job], Send]] = {
    "smtplib": smtplib_,
    "aiosmtplib": aiosmtplib,
    "django": django,
    "yagmail": yagmail,
}


def main() -> None:
    """Send, and print seconds and CPU seconds as JSON."""
    name, file = sys.argv[1:]
    send = DRIVERS[name](json.loads(Path(file).read_text("utf-8")))
    cpu, start = time.process_time(), time.perf_counter()
    send()
    taken, spent = time.perf_counter() - start, time.process_time() - cpu
    print(json.dumps({"seconds": taken, "cpu": spent}))


if __name__ == "__main__":
    main()
