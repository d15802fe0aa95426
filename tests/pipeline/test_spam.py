"""Scoring a message: with the real SpamAssassin, and with programs that misbehave in its name."""

from __future__ import annotations

import email
import email.policy
import os
import shutil
import stat
import sys
from pathlib import Path

import pytest

from digest.pipeline import check_spam, find_spam_filter
from tests.cli.conftest import Digest, digest

__all__ = ["digest"]  # the fixture

SAMPLE = Path(__file__).parents[2] / "issues" / "2026-W47" / "message.eml"

SPAMMY = b"""\
From: Prize Office <office@weekly.example.org>
Subject: CLAIM YOUR FREE MILLION DOLLARS NOW
Date: Fri, 20 Nov 2026 09:00:00 +0000
Message-ID: <1.a@weekly.example.org>
MIME-Version: 1.0
Content-Type: text/html; charset=utf-8

<html><body bgcolor="#ffffff"><font color="#fefefe">hidden words of a pier and a ferry</font>
<h1>DEAR FRIEND, YOU HAVE WON $25,000,000 DOLLARS!!!</h1>
<p>I am a barrister and next of kin of a late customer. Send your bank account details and
transfer fees for the inheritance fund of USD 25 million. 100% free, no risk, act now! Buy viagra
and cheap cialis online without prescription.</p>
<a href="http://192.0.2.7/claim.php?id=1">CLICK HERE</a></body></html>
"""


@pytest.fixture
def spamassassin() -> None:
    """The real program; its absence skips the test by name, and fails it where CI is set."""
    if shutil.which("spamassassin") is None:
        assert not os.environ.get("CI"), "CI is set, and there is no SpamAssassin"
        pytest.skip("no SpamAssassin on this machine: nothing was scored")


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    """Puts a program of that name on a PATH that holds nothing else; its code is Python."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return StandIn(folder)


class StandIn:
    """Programs in the place of spam filters."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, name: str, code: str) -> None:
        program = self._folder / name
        program.write_text(f"#!{sys.executable}\nimport os, sys, time\n{code}\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)


def scored(message: bytes, *, seconds: float = 30.0) -> list[tuple[str, str]]:
    spam_filter = find_spam_filter()
    assert spam_filter is not None
    findings = check_spam(message, spam_filter, seconds=seconds)
    assert all(f.check == "spam" and f.where == "message.eml" and f.mend for f in findings)
    return [(f.level, f.what) for f in findings]


@pytest.mark.usefixtures("spamassassin")
def test_the_sample_issue_has_no_point_against_it() -> None:
    assert scored(SAMPLE.read_bytes()) == []


@pytest.mark.usefixtures("spamassassin")
def test_a_spammy_message_is_an_error_and_each_rule_is_named() -> None:
    found = scored(SPAMMY)
    assert found[0][0] == "error"
    assert found[0][1].startswith("SpamAssassin gives the message ")
    assert {level for level, _ in found[1:]} == {"warning"}
    named = {what.split(" adds ")[0] for _, what in found[1:]}
    assert {"SUBJ_ALL_CAPS", "MIME_HTML_ONLY", "NORMAL_HTTP_TO_IP"} <= named


@pytest.mark.usefixtures("spamassassin")
def test_nothing_is_written_into_a_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".spamassassin").mkdir()
    (tmp_path / ".spamassassin/user_prefs").write_text("score HTML_MESSAGE 9\n")
    assert scored(SAMPLE.read_bytes()) == []
    left = [p.name for p in tmp_path.rglob("*")]
    assert sorted(left) == [".spamassassin", "user_prefs"]


# The words that the program is called with hold the line `report MARK _SCORE_ _REQD_`.
SAY = """
mark = next(w for w in sys.argv if w.startswith("--cf=report DIGEST-")).split()[1]
mail = sys.stdin.buffer.read()
"""


def test_the_message_is_the_one_that_a_reader_gets(stand_in: StandIn, tmp_path: Path) -> None:
    seen = tmp_path / "seen.eml"
    stand_in(
        "spamassassin",
        f"{SAY}open({str(seen)!r}, 'wb').write(mail)\n"
        "open('words', 'w'); print(f'{mark} 1.0 5.0\\n 1.0 URI_HEX  Hex\\n')\n"
        "assert not {'DIGEST_SMTP_URL', 'SECRET'} & set(os.environ), 'a secret got through'",
    )
    os.environ["SECRET"] = "hunter2"
    try:
        found = scored(SAMPLE.read_bytes())
    finally:
        del os.environ["SECRET"]
    assert [level for level, _ in found] == ["warning", "warning"]
    message = email.message_from_bytes(seen.read_bytes(), policy=email.policy.default)
    assert message["To"] == "reader@example.org"
    assert not message["Subject"].startswith("[TEST]")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("sys.exit(3)", "gave no score that could be read and ended with status 3"),
        ("print('hello')", "gave no score that could be read"),
        ("os.kill(os.getpid(), 9)", "gave no score that could be read and ended with status -9"),
        ("sys.stdin.close(); print('MARK 1 5')", "gave no score that could be read"),
        ("sys.stdout.buffer.write(bytes(range(256)))", "gave no score that could be read"),
    ],
)
def test_a_filter_that_breaks_is_a_warning(stand_in: StandIn, code: str, expected: str) -> None:
    stand_in("spamassassin", code)
    found = scored(SAMPLE.read_bytes())
    assert [level for level, _ in found] == ["warning"]
    assert expected in found[0][1]


@pytest.mark.parametrize(
    "code",
    [
        "time.sleep(600)",
        "sys.stdin.close()\nwhile True: sys.stdout.write('x' * 65536)",
    ],
    ids=["hangs", "floods"],
)
def test_a_filter_without_an_end_is_ended(stand_in: StandIn, code: str) -> None:
    stand_in("spamassassin", code)
    assert scored(SAMPLE.read_bytes(), seconds=1.0) == [
        ("warning", "spamassassin gave no answer in 1 seconds.")
    ]


def test_what_a_filter_starts_ends_with_it(stand_in: StandIn, tmp_path: Path) -> None:
    """A child that keeps the output open holds nobody up, and does not live on."""
    alive = tmp_path / "alive"
    stand_in(
        "spamassassin",
        f"child = os.fork()\nif child == 0:\n    time.sleep(600)\nopen({str(alive)!r}, 'w')"
        f".write(str(child))\n{SAY}print(f'{{mark}} 0.0 5.0', flush=True)\nos._exit(0)",
    )
    assert scored(SAMPLE.read_bytes()) == []
    child = int(alive.read_text())
    state = Path(f"/proc/{child}/stat")
    # gone, or dead and not yet buried by whoever adopted it
    assert not state.exists() or state.read_text().rsplit(")", 1)[1].split()[0] == "Z"


def test_a_report_at_the_end_of_a_flood_is_read(stand_in: StandIn) -> None:
    flood = "sys.stdout.write('MARK 9.0 5.0\\n' * 1000000)\n"
    stand_in("spamassassin", f"{SAY}{flood}print(f'{{mark}} 5.0 5.0\\n 5.0 ODD  Odd\\n')")
    assert [level for level, _ in scored(SAMPLE.read_bytes())] == ["error", "warning"]


def test_a_message_that_cannot_be_addressed_is_a_warning(stand_in: StandIn) -> None:
    stand_in("spamassassin", "sys.exit(0)")
    for broken in (b"", b"no headers", b"Subject: x\n\nbody", b"To: a@example.org\nSubject: x\n\n"):
        assert [level for level, _ in scored(broken)] == ["warning"]


def test_a_program_that_does_not_start_is_a_warning(stand_in: StandIn, tmp_path: Path) -> None:
    stand_in("spamassassin", "")
    spam_filter = find_spam_filter()
    assert spam_filter is not None
    Path(spam_filter.program).write_text("#!/nowhere/at/all\n")
    (finding,) = check_spam(SAMPLE.read_bytes(), spam_filter)
    assert finding.level == "warning"
    assert "could not be run" in finding.what


RULER = f"---- {'-' * 22} {'-' * 50}"


def test_servers_are_asked_where_spamassassin_is_not(stand_in: StandIn) -> None:
    assert find_spam_filter() is None
    rspamd = '{"score": 7.5, "required_score": 15, "symbols": {"MISSING_MID": {"score": 7.5}}}'
    stand_in("rspamc", f"print('Uptime' if 'uptime' in sys.argv else {rspamd!r})")
    assert scored(SAMPLE.read_bytes())[0] == (
        "error",
        "rspamd gives the message 7.5 points; 6 are spam.",
    )
    answer = f"2.5/5.0\n\n{RULER}\n 2.5 MISSING_MID   Missing\n"
    stand_in("spamc", f"sys.stdin.read(); print('PONG' if '-K' in sys.argv else {answer!r})")
    assert scored(SAMPLE.read_bytes()) == [
        ("warning", "SpamAssassin gives the message 2.5 points; it counts as spam from 5 on."),
        ("warning", "MISSING_MID adds 2.5: Missing."),
    ]


def test_a_server_that_is_not_running_is_not_asked(stand_in: StandIn) -> None:
    stand_in("spamc", "print('0/0'); sys.exit(69)")
    stand_in("rspamc", "print('Connection refused'); sys.exit(1)")
    assert find_spam_filter() is None


def test_the_command_scores_where_a_filter_is_and_says_so_only_when_asked(
    digest: Digest, stand_in: StandIn
) -> None:
    assert digest("build", "--sample", "--quiet").status == 0
    plain = digest("check")
    assert (plain.status, plain.err) == (0, "")
    asked = digest("check", "--spam")
    assert asked.status == 0
    assert "there is no SpamAssassin" in asked.err
    stand_in("spamassassin", f"{SAY}print(f'{{mark}} 9.0 5.0\\n 9.0 ODD  Odd\\n')")
    found = digest("check")
    assert found.status == 1
    assert "ODD adds 9.0" in " ".join(found.out.split())
    assert digest("check", "--no-spam").status == 0
    assert digest("build", "--sample", "--quiet").status == 0  # building does not wait for it
