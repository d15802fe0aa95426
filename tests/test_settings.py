"""Settings: where values come from, and what a wrong one says."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from digest.errors import SettingsError
from digest.settings import Cutoff, Settings, keys, read_settings

EXAMPLE = Path(__file__).parents[1] / "config.example.env"


def env(tmp_path: Path, text: str) -> Path:
    path = tmp_path / ".env"
    path.write_text(text, "utf-8")
    return path


def test_no_file_gives_the_defaults(tmp_path: Path) -> None:
    assert read_settings(tmp_path / ".env", {}) == Settings()


def test_the_file_is_read_and_says_where(tmp_path: Path) -> None:
    path = env(tmp_path, '# a comment\n\nDIGEST_NAME="Harbor Weekly # 1"\nDIGEST_LEADS=3\n')
    settings = read_settings(path, {})
    assert (settings.name, settings.leads) == ("Harbor Weekly # 1", 3)
    assert settings.read_from == {"DIGEST_NAME": ".env, line 3", "DIGEST_LEADS": ".env, line 4"}


def test_the_environment_wins(tmp_path: Path) -> None:
    settings = read_settings(env(tmp_path, "DIGEST_LEADS=3\n"), {"DIGEST_LEADS": "5"})
    assert settings.leads == 5
    assert settings.read_from["DIGEST_LEADS"] == "the environment"


def test_an_empty_value_is_the_default(tmp_path: Path) -> None:
    assert read_settings(env(tmp_path, "DIGEST_CUTOFF=\n"), {}).cutoff == Cutoff(4, 9, 0)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("DIGEST_LEADS=many", "a whole number from 0 to 20"),
        ("DIGEST_LEADS=21", "a whole number from 0 to 20"),
        ("DIGEST_LEADS=-1", "a whole number from 0 to 20"),
        ("DIGEST_TIMEZONE=Mars/Olympus", "a time zone such as"),
        ("DIGEST_TIMEZONE=../../etc/passwd", "a time zone such as"),
        ("DIGEST_CUTOFF=friday morning", "a weekday and a time such as fri 09:00"),
        ("DIGEST_CUTOFF=friz 09:00", "a weekday and a time such as fri 09:00"),
        ("DIGEST_CUTOFF=fri ٠٩:٠٠", "a weekday and a time such as fri 09:00"),
        ('DIGEST_NAME="red \\x1b[31m"'.replace("\\x1b", "\x1b"), "without control characters"),
        ("DIGEST_HOME_URL=http://[x", "a URL that begins with http:"),
        ("DIGEST_SENDER=a@example.org, b@example.org", "an address such as"),
        ("DIGEST_CUTOFF=fri 24:00", "a weekday and a time such as fri 09:00"),
        ("DIGEST_LANGUAGE=english please", "a language tag such as en"),
        ("DIGEST_SENDER=editor@my newsletter", "an address such as"),
        ("DIGEST_SENDER=nobody", "an address such as"),
        ("DIGEST_ALLOW_PRIVATE=maybe", "yes or no"),
        ("DIGEST_UNSUBSCRIBE_URL=ftp://example.org/", "a URL that begins with https:"),
        ("DIGEST_SUMMARIZER=gpt", "one of digest, lead"),
        ("DIGEST_PICTURES=inline", "one of linked, embedded, media"),
        ("DIGEST_CAMPAIGN=weekly", "parameters such as utm_source={newsletter}"),
        ("DIGEST_CAMPAIGN=?utm_source=x", "parameters such as utm_source={newsletter}"),
        ("DIGEST_CAMPAIGN=utm_source=x&", "parameters such as utm_source={newsletter}"),
        ("DIGEST_CAMPAIGN=utm_source=", "parameters such as utm_source={newsletter}"),
        ("DIGEST_CAMPAIGN=utm source=x", "parameters such as utm_source={newsletter}"),
        ("DIGEST_CAMPAIGN=utm_source={recipient}", "no braces but {newsletter} and {slug}"),
        ("DIGEST_CAMPAIGN=utm_source={slug", "no braces but {newsletter} and {slug}"),
        ("DIGEST_CAMPAIGN='utm_source=a b'", "letters, digits, - . _ ~ and %XX"),
        ("DIGEST_CAMPAIGN='utm_source=a#b'", "letters, digits, - . _ ~ and %XX"),
        ("DIGEST_CAMPAIGN=utm_source=100%", "letters, digits, - . _ ~ and %XX"),
        ("DIGEST_CAMPAIGN=utm_source=a&UTM_SOURCE=b", "each name once"),
        ("DIGEST_DATABASE_URL=mysql://x/y", "sqlite:///var/ledger.db"),
    ],
)
def test_a_wrong_value_names_key_place_and_what_was_expected(
    tmp_path: Path, line: str, expected: str
) -> None:
    key = line.partition("=")[0]
    with pytest.raises(SettingsError, match=re.escape(expected)) as error:
        read_settings(env(tmp_path, f"# first\n{line}\n"), {})
    assert key in str(error.value)
    assert ".env, line 2" in str(error.value)


def test_a_wrong_value_of_the_environment_says_so() -> None:
    with pytest.raises(SettingsError, match="DIGEST_LEADS in the environment"):
        read_settings(None, {"DIGEST_LEADS": "x"})


def test_an_unknown_key_suggests_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="Did you mean DIGEST_TEASERS"):
        read_settings(env(tmp_path, "DIGEST_TEASER=3\n"), {})


def test_a_line_that_is_no_setting_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="line 2: expected KEY=value"):
        read_settings(env(tmp_path, 'DIGEST_NAME=a\nDIGEST_TAGLINE="open\n'), {})


@pytest.mark.parametrize(
    "url",
    ["smtp://user:[hunter2]@h", "smtp://user:p@[hunter2]", "smtp://hunter2\u2100@h", "hunter2"],
)
def test_a_password_in_a_broken_url_is_not_quoted(url: str) -> None:
    with pytest.raises(SettingsError) as error:
        read_settings(None, {"DIGEST_SMTP_URL": url})
    assert "hunter2" not in str(error.value)


def test_a_line_that_is_a_secret_alone_is_not_quoted(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="line 2") as error:
        read_settings(env(tmp_path, "DIGEST_LEADS=1\nsmtp://u:hunter2@host\n"), {})
    assert "hunter2" not in str(error.value)


def test_a_weekday_may_be_written_out(tmp_path: Path) -> None:
    assert read_settings(env(tmp_path, "DIGEST_CUTOFF=Thursday 7:05"), {}).cutoff == Cutoff(3, 7, 5)


@pytest.mark.parametrize("kind", ["folder", "pipe", "dangling link"])
def test_settings_that_are_no_file_are_named(tmp_path: Path, kind: str) -> None:
    path = tmp_path / ".env"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(tmp_path / "nowhere")
    with pytest.raises(SettingsError, match=re.escape(".env")):
        read_settings(path, {})


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"DIGEST_NAME=\xff\xfe")
    with pytest.raises(SettingsError, match=re.escape(".env is not UTF-8 text")):
        read_settings(tmp_path / ".env", {})


@pytest.mark.parametrize("key", ["DIGEST_SMTP_URL", "DIGEST_DATABASE_URL"])
def test_a_secret_reaches_no_error_and_no_repr(tmp_path: Path, key: str) -> None:
    with pytest.raises(SettingsError) as error:
        read_settings(env(tmp_path, f"{key}=ftp://user:hunter2@host\n"), {})
    assert "hunter2" not in str(error.value)
    good = read_settings(
        None,
        {
            "DIGEST_SMTP_URL": "smtp://u:hunter2@host:25",
            "DIGEST_DATABASE_URL": "postgresql://u:hunter2@host/db",
        },
    )
    assert "hunter2" not in repr(good)
    assert "hunter2" not in str(good.recorded())


def test_the_example_explains_every_setting_and_is_the_default(tmp_path: Path) -> None:
    text = EXAMPLE.read_text("utf-8")
    named = re.findall(r"^(DIGEST_\w+)=", text, re.MULTILINE)
    assert named == list(keys())
    sender = 'DIGEST_SENDER="My Weekly Digest <editor@example.org>"'
    assert sender in text  # the one value that is an example and not the default
    assert read_settings(env(tmp_path, text.replace(sender, "")), {}) == Settings()
