"""A newsletter of five weeks, made by the program's own commands: what the review's pictures show.

Run with `python -m bench.newsroom FOLDER`. The folder is begun with `digest init` and gets the
bundled newsletter's settings, sources and pictures. The four weeks before the sample issue are
built, approved and sent, each mail into the newsletter's own mailbox; the sample week is built last
and stays a draft.
"""

from __future__ import annotations

import argparse
import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from bench.earlier_weeks import COURIER, NOTES, RADIO, TOLD, WIRE
from digest import sample
from digest.cli.main import run
from digest.send import Mailbox, Sink

SLUG = sample.SAMPLE_SLUG
WEEKS = (43, 44, 45, 46)
READERS = "recipients.csv"
_SECRET = "DIGEST_SECRET=a:made-up-for-pictures-and-tests-0123456789"  # noqa: S105 (signs nothing that is real)
_NAMES = {
    COURIER: ("The Port Ellery Courier", "Town"),
    WIRE: ("Coastwire", "Along the coast"),
    NOTES: ("Gannet Head Field Notes", "Sea and science"),
    RADIO: ("Radio Netloft", "Culture and sport"),
}
_READERS = "email,name\n" + "".join(
    f"{name.lower()}@readers.example.org,{name}\n" for name in ("Ada", "Ben", "Cleo", "Dov", "Elif")
)


def newsroom(folder: Path, weeks: tuple[int, ...] = WEEKS) -> Path:
    """The newsletter in `folder`, with those earlier weeks sent and the sample week a draft.

    Raises RuntimeError where a command fails.
    """
    _digest("init", str(folder))
    for path in sample.folder().iterdir():
        if path.suffix not in {".py", ""} or path.name == "pictures":
            (shutil.copytree if path.is_dir() else shutil.copyfile)(path, folder / path.name)
    own = (folder / "newsletter.env").read_text("utf-8")
    (folder / READERS).write_text(_READERS, "utf-8")
    (folder / "recipients.test.csv").write_text("email,name\neditor@weekly.example.org,Mia\n")
    with mailbox(folder) as url:
        (folder / ".env").write_text(f"{own}{_SECRET}\nDIGEST_SMTP_URL={url}\n", "utf-8")
        for week in weeks:
            _earlier(folder, week)
    (folder / ".env").write_text(f"{own}{_SECRET}\n", "utf-8")
    _digest("-C", str(folder), "build", "--now", sample.SAMPLE_NOW.isoformat())
    return folder


@contextmanager
def mailbox(folder: Path) -> Iterator[str]:
    """The newsletter's mailbox, as `digest mailbox` keeps it; the URL to send to."""
    sink = Sink(Mailbox(folder / "var" / "mailbox"), port=0)
    began = threading.Event()
    serving = threading.Thread(target=sink.serve, args=(began.set,))
    serving.start()
    try:
        began.wait(30)
        yield sink.url
    finally:
        sink.stop()
        serving.join()


def _earlier(folder: Path, week: int) -> None:
    now = sample.SAMPLE_NOW - timedelta(weeks=int(SLUG[-2:]) - week)
    outlines = []
    for source, (name, section) in _NAMES.items():
        items = [
            {
                "id": (url := f"https://{source}.example.org/{told.week}/{told.day}"),
                "url": url,
                "title": told.title,
                "content_text": told.text,
                "date_published": (now - timedelta(days=7 - told.day, hours=-2)).isoformat(),
            }
            for told in TOLD
            if told.source == source and told.week == week
        ]
        feed = {"version": "https://jsonfeed.org/version/1.1", "title": name, "items": items}
        path = folder / "earlier" / f"{week}-{source}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(feed), "utf-8")
        outlines.append(
            f'<outline text="{section}"><outline type="rss" text="{name}" '
            f'xmlUrl="{path.name}"/></outline>'
        )
    opml = folder / "earlier" / f"{week}.opml"
    opml.write_text(f'<opml version="2.0"><body>{"".join(outlines)}</body></opml>', "utf-8")
    here, slug = ("-C", str(folder)), f"{SLUG[:6]}{week}"
    _digest(*here, "build", str(opml), "--now", now.isoformat())
    _digest(*here, "edit", slug, "approve")
    _digest(*here, "send", slug, "--list", str(folder / READERS), "--yes")


def _digest(*words: str) -> None:
    if run(("--quiet", *words)):
        raise RuntimeError(f"digest {' '.join(words)} failed; what it said stands above")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description="Make a newsletter of five weeks.")
    parser.add_argument("folder", type=Path)
    newsroom(parser.parse_args().folder)


if __name__ == "__main__":
    main()
