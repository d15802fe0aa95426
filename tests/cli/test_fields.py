"""How long a text is, in the units of its language."""

from __future__ import annotations

import pytest

from digest.cli.fields import explain_entry
from digest.models import Entry


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        ("The quay is open. Ships come.", "en", "(6 words)"),
        ("新しい埠頭が開いた。\n\n船が来る。", "ja", "(15 characters)"),
    ],
)
def test_a_text_is_counted_as_its_language_is_written(
    text: str, language: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    explain_entry(Entry(id="1", title="Quay", text=text, language=language))
    assert said in capsys.readouterr().out
