"""An issue's message, scored by a spam filter that is installed on this machine.

The message is the one that a reader would get. SpamAssassin runs with its local rules only: no
network, no settings of the user, nothing learned and nothing written. `spamc` and `rspamc` hand
the message to a server that whoever runs it set up, and which may look names up; they are asked
where SpamAssassin itself is not installed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType
from typing import IO

from digest.check import SpamReport, judge_spam, read_rspamc, read_spamassassin, read_spamc
from digest.errors import DigestError
from digest.models import Finding, Recipient
from digest.send import addressed

SECONDS = 30.0
"""How long a filter may take; SpamAssassin needs one or two, most of them to start."""

MAX_OUTPUT = 1 << 18
"""Bytes at the end of a filter's output that are kept; its report comes last."""

SAMPLE_READER = Recipient(address="reader@example.org")

_TOOLS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"spamassassin": (), "spamc": ("-x", "-K"), "rspamc": ("uptime",)}
)
"""The filters in the order of preference, and how to ask whether the server of one is running."""

_SECONDS_TO_PROBE = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SpamFilter:
    """A filter that is installed: its `name`, one of spamassassin, spamc and rspamc; its file."""

    name: str
    program: str


def find_spam_filter() -> SpamFilter | None:
    """The first of spamassassin, spamc and rspamc that is on the PATH; None where none is.

    The last two count only where their server answers.
    """
    for name, probe in _TOOLS.items():
        program = shutil.which(name)
        if program and (not probe or _answers([program, *probe])):
            return SpamFilter(name=name, program=program)
    return None


def _answers(words: list[str]) -> bool:
    try:
        with tempfile.TemporaryDirectory(prefix="digest-spam-") as home:
            return _run(words, b"", home=home, seconds=_SECONDS_TO_PROBE)[1] == 0
    except OSError:  # TimeoutError too
        return False


def check_spam(
    message: bytes, spam_filter: SpamFilter, *, seconds: float = SECONDS
) -> tuple[Finding, ...]:
    """What `spam_filter` holds against an issue's `message`, addressed to a sample reader.

    Never raises: a message that cannot be addressed, a filter that crashes, hangs past `seconds`
    or says nothing that is understood are a warning.
    """
    try:
        mail = addressed(message, SAMPLE_READER, as_test=False)
    except DigestError as error:
        return (_not_scored(error.what, error.hint),)
    mark = f"DIGEST-{hashlib.sha256(mail).hexdigest()}"
    words, read = _call(spam_filter.name, mark)
    again = f"Run `{spam_filter.name}` by hand to see why, or check with --no-spam."
    try:
        with tempfile.TemporaryDirectory(prefix="digest-spam-") as home:
            said, status = _run([spam_filter.program, *words], mail, home=home, seconds=seconds)
    except TimeoutError:
        return (_not_scored(f"{spam_filter.name} gave no answer in {seconds:g} seconds.", again),)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return (_not_scored(f"{spam_filter.name} could not be run: {reason}.", again),)
    report = read(said.decode("utf-8", "replace"))
    if report is None:
        ended = f" and ended with status {status}" if status else ""
        what = f"{spam_filter.name} gave no score that could be read{ended}."
        return (_not_scored(what, again),)
    return judge_spam(report)


def _call(name: str, mark: str) -> tuple[tuple[str, ...], Callable[[str], SpamReport | None]]:
    """The words after the program's name, and what reads its answer."""
    if name == "spamassassin":
        template = ("clear_report_template", f"report {mark} _SCORE_ _REQD_", "report _SUMMARY_")
        return (
            # -x, -p: no preferences of whoever runs it, and none made for them
            *("-L", "-t", "-x", "-p", os.devnull),
            *(f"--cf={line}" for line in ("use_bayes 0", *template)),
        ), lambda text: read_spamassassin(text, mark=mark)
    if name == "spamc":
        # -x: an error, in place of no score, where no server runs; -s: also what is long
        return ("-x", "-R", "-s", str(1 << 26)), read_spamc
    return ("--json",), read_rspamc


def _run(words: list[str], given: bytes, *, home: str, seconds: float) -> tuple[bytes, int]:
    """The last of what a program prints when `given` is its input, and its exit status.

    Raises TimeoutError where it takes longer; then it is ended, with what it started.
    """
    process = subprocess.Popen(  # noqa: S603 - the path is what the PATH gave for a fixed name
        words,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(os.environ, home),
        cwd=home,
        start_new_session=True,
    )
    kept = bytearray()
    threads = (
        threading.Thread(target=_feed, args=(process.stdin, given), daemon=True),
        threading.Thread(target=_drain, args=(process.stdout, kept), daemon=True),
    )
    for thread in threads:
        thread.start()
    try:
        status = process.wait(timeout=seconds)
        # What the program left running may hold its output open: a moment, then it is ended too.
        threads[1].join(timeout=1)
    except subprocess.TimeoutExpired:
        raise TimeoutError from None
    finally:
        with suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for thread in threads:
            thread.join(timeout=5)
    return bytes(kept), status


def _feed(pipe: IO[bytes], given: bytes) -> None:
    with suppress(OSError), pipe:  # a program that ends early reads no more
        pipe.write(given)


def _drain(pipe: IO[bytes], kept: bytearray) -> None:
    with suppress(OSError, ValueError), pipe:
        while piece := os.read(pipe.fileno(), 1 << 16):
            kept += piece
            del kept[:-MAX_OUTPUT]


def _environment(environ: Mapping[str, str], home: str) -> Mapping[str, str]:
    """A filter's surroundings: what finds programs, English, a home that is empty; no secrets."""
    kept = {key: environ[key] for key in ("PATH", "TMPDIR", "SYSTEMROOT") if key in environ}
    return MappingProxyType({**kept, "HOME": home, "LC_ALL": "C"})


def _not_scored(what: str, mend: str) -> Finding:
    return Finding(
        check="spam",
        level="warning",
        where="message.eml",
        what=what,
        why="The message was not scored by a spam filter.",
        mend=mend,
    )
