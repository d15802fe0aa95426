"""What an issue needs on its way out: access tokens by a command."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from digest.errors import SendError
from digest.pipeline.outbox import token_from
from digest.settings import Settings


def command(*words: str) -> Settings:
    return Settings(smtp_token_command=" ".join(words))


def test_without_a_command_there_is_no_token() -> None:
    assert token_from(Settings()) is None


def test_a_command_prints_a_token_which_is_kept_for_a_while(tmp_path: Path) -> None:
    count = tmp_path / "count"
    script = tmp_path / "token.py"
    script.write_text(
        f"from pathlib import Path\np = Path({str(count)!r})\n"
        "n = len(p.read_text()) + 1 if p.exists() else 1\n"
        "p.write_text('x' * n)\n"
        "print(f't0ken-{n}')\n"
    )
    now = [0.0]
    token = token_from(command(sys.executable, str(script)), clock=lambda: now[0])
    assert token is not None
    assert [token(), token()] == ["t0ken-1", "t0ken-1"]
    now[0] = 301.0
    assert token() == "t0ken-2"


@pytest.mark.parametrize(
    "words",
    [("false",), ("echo",), ("printf", r"'two\nlines'"), ("no-such-program-here",), ("'",)],
    ids=lambda words: words[0],
)
def test_a_command_that_prints_none_is_one_sentence(words: tuple[str, ...]) -> None:
    token = token_from(command(*words))
    assert token is not None
    with pytest.raises(SendError, match="DIGEST_SMTP_TOKEN_COMMAND did not print") as caught:
        token()
    assert words[-1] not in caught.value.what or words[-1] == "'"
