"""Secrets reach no output, file or report, whatever fails; a grep over all that a run leaves."""

from __future__ import annotations

import base64
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.conftest import KEY, SLUG, Digest
from tests.cli.test_send import SEND

PASSWORD = "hunter2-of-the-mail-server"
TOKEN = "ya29.hunter2-of-oauth"
DATABASE = "hunter2-of-the-database"
USER = "desk@example.org"


def forms() -> list[bytes]:
    """Each secret as it is, and as AUTH writes it down."""
    plain = [PASSWORD, TOKEN, DATABASE, KEY]
    auth = [PASSWORD, f"\0{USER}\0{PASSWORD}", f"user={USER}\1auth=Bearer {TOKEN}\1\1"]
    return [secret.encode() for secret in plain] + [
        base64.b64encode(secret.encode()) for secret in auth
    ]


Answer = Callable[[bytes], bytes]


@contextmanager
def gossip(answer: Answer, *, greeting: bytes = b"220 hello\r\n") -> Iterator[int]:
    """A server that answers each line as `answer` says; the port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        over = threading.Event()

        def talk(connection: socket.socket) -> None:
            try:
                with connection, connection.makefile("rb") as lines:
                    connection.sendall(greeting)
                    for line in lines:
                        said = answer(line.strip())
                        if not said:
                            return
                        connection.sendall(said)
            except OSError:
                return

        def serve() -> None:
            while True:
                connection, _ = listening.accept()
                if over.is_set():
                    connection.close()
                    return
                connection.settimeout(10)
                threading.Thread(target=talk, args=(connection,), daemon=True).start()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            over.set()
            socket.create_connection(listening.getsockname()).close()
            thread.join(timeout=5)


def echoes(line: bytes) -> bytes:
    """Whatever it hears after EHLO, it repeats in its refusal."""
    if line.upper().startswith(b"EHLO"):
        return b"250-gossip\r\n250 AUTH PLAIN LOGIN XOAUTH2\r\n"
    return b"535 5.7.8 I do not like: " + line + b"\r\n"


def echoes_to_recipients(line: bytes) -> bytes:
    """It keeps what it heard at AUTH, and tells it with every answer to a recipient."""
    word = line.upper().split(b" ")[0]
    if word == b"EHLO":
        return b"250-gossip\r\n250 AUTH PLAIN XOAUTH2\r\n"
    if word == b"AUTH":
        HEARD.append(line.split()[-1])
        return b"235 welcome\r\n"
    if word == b"RCPT":
        heard = HEARD[-1]
        return b"550 you said " + heard + b" which is " + base64.b64decode(heard).replace(
            b"\0", b" "
        ).replace(b"\1", b" ") + b"\r\n"  # fmt: skip
    return b"250 fine\r\n"


HEARD: list[bytes] = []


def closes(line: bytes) -> bytes:
    return b"250-x\r\n250 AUTH PLAIN\r\n" if line.upper().startswith(b"EHLO") else b""


def babbles(line: bytes) -> bytes:
    """What it heard comes back as no SMTP at all."""
    if line.upper().startswith(b"EHLO"):
        return b"250-x\r\n250 AUTH PLAIN\r\n"
    return line + b"\r\n" + line + b"\r\n"


def left_behind(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Everything in the folder but the settings themselves."""
    for path in folder.rglob("*"):
        if path.is_file() and path.name != ".env":
            yield str(path.relative_to(folder)), path.read_bytes()


def need_silence(folder: Path, *said: str | bytes) -> None:
    """Fail where a secret stands in what was said, or in what was written."""
    whole = [(f"output {n}", s.encode() if isinstance(s, str) else s) for n, s in enumerate(said)]
    for where, raw in [*whole, *left_behind(folder)]:
        for secret in forms():
            assert secret not in raw, f"{where} tells {secret!r}"


def settings(folder: Path, **more: str) -> None:
    env = folder / ".env"
    rows = {"DIGEST_SECRET": f"a:{KEY}", **more}
    text = "".join(f"{key}={value}\n" for key, value in rows.items())
    env.write_text(env.read_text("utf-8") + text, "utf-8")


COMMANDS = (
    (*SEND,),
    (*SEND, "--yes"),
    ("send", SLUG, "--test", "ann@example.org"),
    ("ledger", "status"),
    ("ledger", "report", SLUG),
    ("ledger", "export", SLUG, "--to", "export.csv"),
)


def try_all(post: Digest) -> str:
    said = [post(*words) for words in COMMANDS]
    return "".join(one.out + one.err for one in said)


@pytest.mark.parametrize("answer", [echoes, echoes_to_recipients, closes, babbles])
@pytest.mark.parametrize("token", [False, True])
def test_a_server_that_tells_what_it_heard(
    post: Digest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, answer: Answer, token: bool
) -> None:
    monkeypatch.delenv("DIGEST_SECRET")
    HEARD.clear()
    with gossip(answer) as port:
        more = {"DIGEST_SMTP_TOKEN_COMMAND": f"echo {TOKEN}"} if token else {}
        user = USER.replace("@", "%40")
        settings(tmp_path, DIGEST_SMTP_URL=f"smtp://{user}:{PASSWORD}@127.0.0.1:{port}", **more)
        said = try_all(post)
    assert "127.0.0.1" in said or answer is echoes_to_recipients
    if answer is echoes_to_recipients:
        assert HEARD
        assert "***" in said
    need_silence(tmp_path, said)


def test_a_server_that_is_not_there(
    post: Digest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("DIGEST_SECRET")
    settings(tmp_path, DIGEST_SMTP_URL=f"smtp://desk:{PASSWORD}@127.0.0.1:1")
    need_silence(tmp_path, said := try_all(post))
    assert "cannot be reached" in said


@pytest.mark.parametrize(
    "command",
    [
        f"sh -c 'echo {TOKEN}; exit 3'",
        f"sh -c 'echo {TOKEN} >&2'",
        f"no-such-program {TOKEN}",
        f"sh -c 'echo {TOKEN}; echo {TOKEN}'",
        f"sh -c 'echo {TOKEN}",
    ],
)
def test_a_command_that_gives_no_token(
    post: Digest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str
) -> None:
    monkeypatch.setenv("DIGEST_SMTP_TOKEN_COMMAND", command)
    with gossip(echoes) as port:
        monkeypatch.setenv("DIGEST_SMTP_URL", f"smtp://desk:{PASSWORD}@127.0.0.1:{port}")
        need_silence(tmp_path, said := try_all(post))
    assert "did not print an access token" in said


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://desk:{DATABASE}@127.0.0.1:1/news",
        f"postgresql://desk:{DATABASE}@127.0.0.1:1/news?nonsense={DATABASE}",
        f"mysql://desk:{DATABASE}@127.0.0.1/news",
        f"postgresql://desk:{DATABASE}@[::1/news",
    ],
)
def test_a_database_that_is_not_there(
    post: Digest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str
) -> None:
    monkeypatch.setenv("DIGEST_DATABASE_URL", url)
    monkeypatch.setenv("DIGEST_SMTP_URL", "smtp://127.0.0.1:1")
    need_silence(tmp_path, said := try_all(post))
    assert "database" in said.lower() or "127.0.0.1:1" in said


@pytest.mark.parametrize(
    "env",
    [
        f"DIGEST_SMTP_URL=http://desk:{PASSWORD}@example.org\n",
        f"DIGEST_SMTP_URL=smtp://desk:{PASSWORD}@exa mple.org:port\n",
        f"DIGEST_SMTP_URL='smtp://desk:{PASSWORD}@example.org\n",
        f"DIGEST_SECRET=a:{KEY},a:{KEY}\n",
        f"DIGEST_SECRET={KEY}\n",
        f"DIGEST_DATABASE_URL=oracle://desk:{DATABASE}@127.0.0.1/news\n",
    ],
)
def test_settings_that_do_not_read(
    post: Digest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, env: str
) -> None:
    monkeypatch.delenv("DIGEST_SECRET")
    path = tmp_path / ".env"
    path.write_text(path.read_text("utf-8") + env, "utf-8")
    said = try_all(post)
    assert ".env, line" in said
    need_silence(tmp_path, said)


def test_a_fault_of_the_program_itself_shows_no_secret_in_its_traceback(
    post: Digest, tmp_path: Path
) -> None:
    """Tracebacks hold lines of the source, and the words of errors: never a value of settings."""
    program = (
        "import digest.pipeline.send_test as t, digest.send.smtp as s, sys\n"
        "from digest.cli.main import run\n"
        "import digest.pipeline.outgoing as o\n"
        "def broken(*a, **k): raise RuntimeError(f'{a!r} {k!r}')\n"
        "o.Outgoing.status = broken\n"
        "import sys\n"
        "t_module = sys.modules['digest.pipeline.send_test']\n"
        "t_module.prepared = broken\n"
        "run(sys.argv[1:])\n"
    )
    env = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(sys.path),
        "DIGEST_SECRET": f"a:{KEY}",
        "DIGEST_SMTP_URL": f"smtp://desk:{PASSWORD}@127.0.0.1:1",
        "DIGEST_SMTP_TOKEN_COMMAND": f"echo {TOKEN}",
    }
    words = ("send", SLUG, "--test", "ann@example.org")
    done = subprocess.run(
        [sys.executable, "-c", program, *words], env=env, capture_output=True, check=False
    )
    assert b"RuntimeError" in done.stderr
    assert b"***" in done.stderr
    need_silence(tmp_path, done.stdout, done.stderr)
