"""Folders watched for new files: by `--watch`, and by one build after another."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from digest.collect import Collected
from digest.errors import UsageError
from digest.pipeline import watch
from tests.cli.conftest import NOW, Digest

STORY = "# {0}\n\nA paragraph of the story {0}, which is long enough to be read as one.\n"


class Night:
    """Between two looks, what is planned for them happens to the folder."""

    def __init__(self, *looks: dict[str, str | None]) -> None:
        self.looks = list(looks)

    def sleep(self, _: float) -> None:
        if not self.looks:
            raise KeyboardInterrupt
        for name, text in self.looks.pop(0).items():
            path = Path("stories") / name
            if text is None:
                path.unlink()
            else:
                path.write_text(text)
                os.utime(path, ns=(len(self.looks), len(self.looks)))


def titles(night: Night) -> list[list[str]]:
    Path("stories").mkdir(exist_ok=True)
    found: list[list[str]] = []
    seen: Iterator[Collected] = watch(
        [Path("stories")],
        every_s=1,
        sleep=night.sleep,
        clock=lambda: datetime(2026, 11, 20, tzinfo=UTC),
    )
    try:
        found.extend([entry.title for entry in collected.entries] for collected in seen)
    except KeyboardInterrupt:
        return found
    raise AssertionError


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_new_file_is_read_once_it_is_complete() -> None:
    night = Night({"a.md": "# One"}, {"a.md": STORY.format("One")}, {}, {}, {})
    assert titles(night) == [["One"]]


def test_a_changed_file_is_read_again_and_one_that_comes_back() -> None:
    night = Night(
        {"a.md": STORY.format("One")}, {}, {"a.md": STORY.format("Two")}, {}, {"a.md": None},
        {"a.md": STORY.format("Three")}, {}, {},
    )  # fmt: skip
    assert titles(night) == [["One"], ["Two"], ["Three"]]


def test_hidden_files_and_folders_are_left_alone() -> None:
    Path("stories/.git").mkdir(parents=True)
    night = Night({".a.md": STORY.format("One")}, {}, {"b.md": STORY.format("Two")}, {}, {})
    assert titles(night) == [["Two"]]


def test_what_is_no_folder_is_said() -> None:
    with pytest.raises(UsageError, match="no folder"):
        watch([Path("nothing")], every_s=1, sleep=print, clock=datetime.now)


def test_the_command_prints_what_comes_until_it_is_stopped() -> None:
    Path("stories").mkdir()
    words = [sys.executable, "-m", "digest", "collect", "stories", "--watch", "--every", "0.1"]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, stdout=pipe, stderr=pipe, text=True) as process:
        guard = threading.Timer(90, process.kill)
        guard.start()
        assert process.stderr is not None
        assert process.stdout is not None
        assert "Watching" in process.stderr.readline()
        Path("stories/a.md").write_text(STORY.format("One"))
        assert json.loads(process.stdout.readline())["title"] == "One"
        process.send_signal(signal.SIGINT)
        assert "Stopped after 1 entry." in process.stderr.read()
        assert process.wait() == 0
        guard.cancel()


def test_a_file_that_is_new_belongs_to_the_issue_that_finds_it(digest: Digest) -> None:
    digest("init", "-q")
    Path("stories/first.md").write_text(STORY.format("The first of the two stories"))
    assert digest("build", "--now", NOW, "--json").status == 0
    Path("stories/second.md").write_text(STORY.format("The second of the two stories"))
    said = digest("build", "--now", "2026-11-27T09:30:00+00:00", "--json")
    assert said.status == 0, said.err
    issue = json.loads(digest("issues", "show", "2026-W48", "--json").out)
    shown = [s["headline"] for s in issue["leads"]]
    shown += [s["headline"] for section in issue["sections"] for s in section["stories"]]
    assert shown == ["The second of the two stories"]
