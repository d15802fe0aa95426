"""Where the page lives: below any path, behind a proxy that strips it or not, from a folder."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from digest.errors import SettingsError
from digest.unsubscribe.start import app_of
from tests.unsubscribe.host import KEYS, SECRET, served

TOKEN = KEYS.token("ann@example.org")


def mounted(below: str) -> Callable[[Any], Any]:
    """As a server does that puts an app below a path: SCRIPT_NAME takes it off PATH_INFO."""

    def around(app: Any) -> Any:
        def mount(environ: dict[str, Any], start: Any) -> Any:
            path = environ["PATH_INFO"]
            assert path.startswith(below)
            environ |= {"SCRIPT_NAME": below, "PATH_INFO": path.removeprefix(below)}
            return app(environ, start)

        return mount

    return around


@pytest.mark.parametrize(
    "target", [f"/a/leave?t={TOKEN}", f"/a/leave/?t={TOKEN}", f"/a/leave/{TOKEN}"]
)
@pytest.mark.parametrize("stripped", [True, False])
def test_it_answers_below_a_path(tmp_path: Path, target: str, stripped: bool) -> None:
    around = mounted("/a/leave") if stripped else mounted("")
    path = "" if stripped else "/a/leave"
    with served(tmp_path / "record", around=around, path=path) as site:
        assert site.ask("GET", target).status == 200
        assert site.ask("POST", target, b"").status == 200
        assert len(site.left()) == 1


@pytest.mark.parametrize(
    ("url", "target", "status"),
    [
        ("https://example.org/leave", "/leave", 200),
        ("https://example.org/leave/", "/leave/", 200),
        ("https://example.org/weekly/leave/{token}", f"/weekly/leave/{TOKEN}", 200),
        ("https://example.org/leave?t={token}", "/leave", 200),
        ("mailto:leave@example.org", "/", 200),
        ("", "/", 200),
        ("", "/leave", 404),
    ],
)
def test_the_folders_settings_say_where_it_answers(
    tmp_path: Path, url: str, target: str, status: int
) -> None:
    (tmp_path / ".env").write_text(f"DIGEST_SECRET=b:{SECRET}\nDIGEST_UNSUBSCRIBE_URL='{url}'\n")
    client = app_of(tmp_path, {}).test_client()
    asked = target if TOKEN in target else f"{target}?t={TOKEN}"
    assert client.get(asked).status_code == status
    assert client.post(asked).status_code == status
    assert (tmp_path / "var" / "unsubscribed.jsonl").exists() is (status == 200)


def test_without_a_key_it_does_not_start(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"DIGEST_SECRET is not set in .*\.env"):
        app_of(tmp_path, {})
    words = [sys.executable, "-m", "digest.unsubscribe", "--folder", str(tmp_path)]
    ended = subprocess.run(words, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert ended.stderr.startswith("error: DIGEST_SECRET is not set")
    assert "Traceback" not in ended.stderr


def test_a_wsgi_server_finds_the_app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text(f"DIGEST_SECRET=b:{SECRET}\nDIGEST_UNSUBSCRIBED=left.jsonl\n")
    monkeypatch.setenv("DIGEST_FOLDER", str(tmp_path))
    monkeypatch.delitem(sys.modules, "digest.unsubscribe.wsgi", raising=False)
    from digest.unsubscribe.wsgi import app

    assert app.test_client().post(f"/?t={TOKEN}").status_code == 200
    assert (tmp_path / "left.jsonl").read_text().count("\n") == 1
