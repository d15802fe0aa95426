"""The pictures of docs/review.md: `python -m bench.review_pictures` (or `make pictures`).

A newsletter of five weeks (`bench.newsroom`) is made, served as `digest serve` does, and looked at
in a real Chromium; the stories were written for this project.
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PIL import Image

from bench.chromium import Browser, chromium
from bench.newsroom import SLUG, newsroom
from bench.readme_pictures import MARGIN, card
from bench.review_addresses import reviewed
from digest.cli.main import run
from digest.review.serve import make_review_server

ROOT = Path(__file__).parents[1]
OUT = ROOT / "docs" / "pictures"
BACKDROP = (226, 222, 213)
EDITS = """subject = "A river under the sea, and a ferry in the fog"

[stories."dc4d66c8a0"]
headline = "Six hurt as the ferry meets a barge in the fog"
"""
PATIENCE_S = 60
_DRAWN = "new Promise(drawn => requestAnimationFrame(() => setTimeout(drawn, 400)))"
_AT_ITS_PLACE = "document.querySelectorAll('.preview iframe').forEach(f => { f.src = f.src; })"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """A picture: its name, the page, and how it is looked at (CSS pixels).

    `find` is scrolled to before, by its selector.
    """

    name: str
    page: str
    width: int = 1120
    height: int = 760
    scheme: Literal["light", "dark"] = "light"
    find: str = ""


SHOTS = (
    Shot(name="list", page="/", height=640),
    Shot(name="email", page=f"/issues/{SLUG}/", height=900),
    Shot(name="phone", page=f"/issues/{SLUG}/?scheme=dark", width=375, height=760, scheme="dark",
         find=".switches"),
    Shot(name="why", page=f"/issues/{SLUG}/why"),
    Shot(name="story", page=f"/issues/{SLUG}/story?id=dc4d66c8a0", height=960, find="main h2"),
    Shot(name="changes", page=f"/issues/{SLUG}/changes"),
    Shot(name="edit", page=f"/issues/{SLUG}/edit?story=dc4d66c8a0", width=1240, height=860,
         find="article.story:has(details[open])"),
    Shot(name="sends", page=f"/issues/{SLUG[:6]}46/sends", height=860),
    Shot(name="search", page="/search?q=ferry+fog", height=640),
    Shot(name="stats", page="/stats", height=780, scheme="dark"),
)  # fmt: skip


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The review of the newsletter in `folder`, on a free port."""
    server = make_review_server(reviewed(folder), port=0)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        serving.join()


def take(running: Browser, url: str, shot: Shot) -> Image.Image:
    """The page as `shot` says, once its frames and pictures are drawn."""
    running.look(width=shot.width, height=shot.height, scheme=shot.scheme, mobile=shot.width < 500)
    running.open(url + shot.page)
    running.evaluate(_DRAWN)
    if shot.find:
        # A frame that was never drawn goes to the wrong place when the page around it is scrolled.
        running.screenshot()
        running.evaluate(
            f"document.querySelector({shot.find!r}).scrollIntoView(); scrollBy(0, -20)"
        )
        running.evaluate(_AT_ITS_PLACE)
        running.evaluate(_DRAWN)
    return running.screenshot()


def framed(picture: Image.Image) -> Image.Image:
    """The picture as a card on the backdrop."""
    width, height = picture.size
    margin = MARGIN // 2
    sheet = Image.new("RGB", (width + 2 * margin, height + 2 * margin), BACKDROP)
    laid = card(picture)
    sheet.paste(laid, (margin - 40, margin - 40), laid)
    return sheet


def findings_known(running: Browser, url: str) -> None:
    """Wait until the list shows what the checks found: they look in the background."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        running.open(f"{url}/")
        if running.evaluate(
            "[...document.querySelectorAll('.issues .facts')]"
            ".every(line => /findings|warning|error/.test(line.textContent))"
        ):
            return
        time.sleep(0.5)
    raise TimeoutError("the checks of the issues did not end")


def main() -> None:
    """Make the newsletter, take every picture, write them."""
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made, chromium() as running:
        folder = newsroom(Path(made) / "weekly")
        (folder / "issues" / SLUG / "edits.toml").write_text(EDITS, "utf-8")
        run(("--quiet", "-C", str(folder), "build", "--again"))
        with served(folder) as url:
            findings_known(running, url)
            for shot in SHOTS:
                path = OUT / f"review-{shot.name}.png"
                sheet = framed(take(running, url, shot))
                sheet.quantize(256, dither=Image.Dither.FLOYDSTEINBERG).save(path, optimize=True)
                print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1000} KB")


if __name__ == "__main__":
    main()
