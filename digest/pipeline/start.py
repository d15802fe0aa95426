"""Starting a newsletter: the files that a folder needs, written once and never over others."""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from digest.errors import DigestError

SOURCES = """\
<?xml version="1.0" encoding="UTF-8"?>
<!-- Where your stories come from. An outline inside an outline belongs to that section of the
     issue. xmlUrl is a feed; url with type="link" is a page, a file or a folder (paths count from
     this file). -->
<opml version="2.0">
  <head><title>Sources</title></head>
  <body>
    <outline text="Notes">
      <outline type="link" text="Our own stories" url="stories"/>
    </outline>
    <!--
    <outline text="News">
      <outline type="rss" text="A feed" xmlUrl="https://www.example.org/feed.xml"/>
      <outline type="link" text="A page" url="https://www.example.org/a-page"/>
    </outline>
    -->
  </body>
</opml>
"""

STORY = """\
---
title: A first story, to see the newsletter with
author: The editor
tags: welcome
---

This story lies in the folder stories, as a Markdown file. Every file that you put there becomes
an entry of the next issue, beside whatever your feeds bring.

The lines between the dashes give a story its headline and, where you know them, its author, its
date and its address on the web. Nothing else is needed. A story without a date belongs to the
issue that finds it first.

Replace this file with stories of your own, add feeds to sources.opml, and build again.
"""

RECIPIENTS = """\
address,first_name
you@example.org,You
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """What was written and what was there already, as paths inside the folder."""

    made: tuple[Path, ...]
    kept: tuple[Path, ...]


def start(folder: Path) -> Started:
    """Write the starter files of a newsletter into `folder`; what is there stays as it is."""
    made: list[Path] = []
    kept: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "issues").mkdir(exist_ok=True)
        for name, text, mode in (
            (".env", _with_secret(_example_settings()), 0o600),
            ("sources.opml", SOURCES, 0o644),
            ("stories/welcome.md", STORY, 0o644),
            ("recipients.test.csv", RECIPIENTS, 0o600),
        ):
            path = folder / name
            if _is_ours_to_write(folder, name):
                path.parent.mkdir(exist_ok=True)
                _write_new(path, text, mode)
                made.append(Path(name))
            else:
                kept.append(Path(name))
    except OSError as error:
        raise DigestError(
            f"{folder} cannot be written to: {error.strerror}.", hint="Name another folder."
        ) from None
    return Started(made=tuple(made), kept=tuple(kept))


def _is_ours_to_write(folder: Path, name: str) -> bool:
    """A welcome story goes only into a folder of stories that is new."""
    path = folder / name
    return not os.path.lexists(path) and (len(Path(name).parts) == 1 or not path.parent.exists())


def _write_new(path: Path, text: str, mode: int) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)


def _with_secret(settings: str) -> str:
    """`settings` with a key of this newsletter's own behind unsubscribe links."""
    line = f"DIGEST_SECRET=a:{secrets.token_urlsafe(32)}"
    found, count = re.subn(r"(?m)^DIGEST_SECRET=.*$", line, settings, count=1)
    return found if count else f"{settings}\n{line}\n"


def _example_settings() -> str:
    """config.example.env: inside the wheel, or at the top of a checkout."""
    package = Path(__file__).parents[1]
    for path in (
        package / "data" / "config.example.env",
        package.parent / "config.example.env",
    ):
        if path.is_file():
            return path.read_text("utf-8")
    raise DigestError(
        "config.example.env is missing from this installation.", hint="Install digest again."
    )
