"""`digest theme`: which there are, one of one's own, and the issues that are hard on it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from digest.cli.main import run


def test_the_list_says_what_there_is_and_which_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["theme", "new", "harbor-2", "--from", "gazette"]) == 0
    (tmp_path / ".env").write_text("DIGEST_THEME=harbor-2\n", "utf-8")
    (tmp_path / "templates/broken").mkdir()
    (tmp_path / "templates/broken/theme.toml").write_text("[theme\n", "utf-8")
    capsys.readouterr()
    assert run(["theme", "list", "--json"]) == 1
    rows = {row["name"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows["harbor-2"]["title"] == "Harbor 2"
    assert (rows["harbor-2"]["own"], rows["harbor-2"]["used"]) == (True, True)
    assert (rows["gazette"]["own"], rows["gazette"]["used"]) == (False, False)
    assert "issue.mjml.j2" in rows["broken"]["broken"]
    assert run(["theme", "list"]) == 1
    assert "templates/harbor-2" in capsys.readouterr().out


def test_a_new_theme_holds_its_own_files_or_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["-q", "theme", "new", "small"]) == 0
    assert run(["-q", "theme", "new", "large", "--whole"]) == 0
    small, large = ({p.name for p in Path("templates", n).iterdir()} for n in ("small", "large"))
    assert {"theme.toml", "issue.mjml.j2"} <= small < large
    assert {"issue.txt.j2", "web.html.j2"} <= large - small
    for name in ("small", "large"):
        assert run(["-q", "theme", "try", name]) == 0


@pytest.mark.parametrize("name", ["common", "Gazette", "a b", "../x", "", "-x", "gazette"])
def test_a_name_that_is_none_or_taken_is_refused(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["theme", "new", "--", name]) == 2
    assert "error:" in capsys.readouterr().err
    assert not Path("templates").exists()


def test_a_trial_shows_what_the_checks_find(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    run(["-q", "theme", "new", "mine", "--whole"])
    text = Path("templates/mine/issue.txt.j2")
    text.write_text(text.read_text("utf-8").replace("story.headline", "story.kicker"), "utf-8")
    assert run(["theme", "try", "mine", "--out", "looks"]) == 1
    said = capsys.readouterr().out
    assert "looks/sixty-teasers.html" in said
    assert "is missing" in said
    assert (tmp_path / "looks/right-to-left-web.html").is_file()
    Path("templates/mine/theme.toml").write_text("", "utf-8")
    assert run(["theme", "try", "mine"]) == 1
    assert "templates/mine/theme.toml" in capsys.readouterr().err
