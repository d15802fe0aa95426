"""The renderings of every theme, measured: `python -m bench.rendering [--only pixels,axe]`.

Prints what is wanted beside what was measured. npm's mjml, axe, the Nu checker and SpamAssassin
are pinned or Debian's; see `bench/node_tools.py`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from bench.chromium import Browser, chromium
from bench.node_tools import MissingToolError, NpmMjml, npm_mjml, nu
from bench.rendering_cases import Case, all_cases, themes
from bench.rendering_pages import (
    axe_violations,
    bare,
    bare_in_word,
    known_to_nu,
    spam,
    wide_and_faint,
)
from bench.rendering_pixels import differing_pixels
from bench.rendering_speed import milliseconds
from bench.screenshots import Shot
from bench.word import faults_in_word, unitless_zeros

Row = tuple[str, str, str]  # what, wanted, measured
Measure = Callable[[Case, Browser, NpmMjml, Path], Iterator[Row]]


def pixels(case: Case, browser: Browser, npm: NpmMjml, folder: Path) -> Iterator[Row]:
    """Pixels that differ from npm's mjml."""
    for shot, apart in differing_pixels(browser, npm, case, folder):
        yield f"pixels {shot.width} {'dark' if shot.dark else 'light'}", "0", str(apart)


def landmarks(case: Case, browser: Browser, _npm: NpmMjml, folder: Path) -> Iterator[Row]:
    """Violations that axe finds."""
    here = case.write(folder)
    for page in ("email", "web"):
        for dark in (False, True):
            found = axe_violations(browser, here / f"{page}.html", dark=dark)
            told = "; ".join([str(len(found)), *found])
            yield f"axe {page} {'dark' if dark else 'light'}", "0", told


def checker(case: Case, _browser: Browser, _npm: NpmMjml, folder: Path) -> Iterator[Row]:
    """Errors that the Nu checker finds."""
    here = case.write(folder)
    for name, messages in nu(here / "email.html", here / "web.html").items():
        others = [message.text for message in messages if not known_to_nu(message)]
        known = len(messages) - len(others)
        told = "; ".join([str(len(others)), *others])
        yield f"nu {name}", "0", f"{told} (and {known} of the known kinds)"


def junk(case: Case, _browser: Browser, _npm: NpmMjml, _folder: Path) -> Iterator[Row]:
    """SpamAssassin's score."""
    found = spam(case)
    yield "spamassassin", "≤ 0.0", f"{found.score} ({', '.join(found.rules)})"


def word(case: Case, _browser: Browser, _npm: NpmMjml, _folder: Path) -> Iterator[Row]:
    """Faults in Word's engine."""
    faults = faults_in_word(case.made.email_html, page=case.theme.widths.page)
    yield "word: tables and widths", "0", "; ".join([str(len(faults)), *faults])
    zeros = unitless_zeros(case.mjml)
    yield "word: unitless zeros", "0", "; ".join([str(len(zeros)), *zeros])


def poor(case: Case, browser: Browser, _npm: NpmMjml, folder: Path) -> Iterator[Row]:
    """Overflow and faint texts without styles and images."""
    email = case.made.email_html
    here = case.write(folder, bare=bare(email), word=bare_in_word(email))
    for name, width in (("bare", 375), ("word", 800)):
        shot = Shot(width=width, images=False)
        over, faint = wide_and_faint(browser, here / f"{name}.html", shot)
        yield f"{name} at {width}: px too wide, faint texts", "0, 0", f"{over}, {len(faint)}"


def speed(case: Case, _browser: Browser, npm: NpmMjml, _folder: Path) -> Iterator[Row]:
    """CPU time beside npm's mjml."""
    spent = milliseconds(case, npm, rounds=5)
    base = spent.pop("npm")
    yield "npm mjml + inlining, ms", "", f"{base:.1f}"
    for name, ms in spent.items():
        wanted = "≥ 3 ×" if name in {"inline", "email"} else ""
        yield f"ours ({name}), ms", wanted, f"{ms:.1f} = {base / ms:.2f} ×"


MEASURES: dict[str, Measure] = {
    "pixels": pixels, "axe": landmarks, "nu": checker, "spam": junk, "word": word, "poor": poor,
    "speed": speed,
}  # fmt: skip


def main(words: Sequence[str] | None = None) -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--themes", default=",".join(themes()))
    parser.add_argument("--only", default=",".join(MEASURES), help="some of these, by commas")
    asked = parser.parse_args(words)
    if unknown := set(asked.only.split(",")) - set(MEASURES):
        parser.error(f"no such measure: {', '.join(sorted(unknown))}")
    try:
        with chromium() as browser, npm_mjml() as npm, tempfile.TemporaryDirectory() as folder:
            for case in all_cases(tuple(asked.themes.split(","))):
                for name in asked.only.split(","):
                    for what, wanted, measured in MEASURES[name](case, browser, npm, Path(folder)):
                        print(f"{case.name:24} {what:34} {wanted:6} {measured}", flush=True)
    except (MissingToolError, FileNotFoundError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
