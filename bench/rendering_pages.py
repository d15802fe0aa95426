"""The renderings as judges see them: axe, the Nu checker, SpamAssassin, a client without styles."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.chromium import Browser
from bench.node_tools import NuMessage, axe, program
from bench.rendering_cases import Case
from bench.screenshots import Shot, show
from bench.word import as_word_reads
from digest.models import Recipient
from digest.send import addressed

# What Outlook wants and no other reader minds: MJML writes the namespaces and the mso- properties.
_KNOWN = re.compile(r"“mso-[a-z-]+”: Property|Attribute “xmlns:[vo]” not allowed here")


def axe_violations(browser: Browser, page: Path, *, dark: bool) -> list[str]:
    """The rules that axe finds broken, best practices included: `rule (impact): element`."""
    show(browser, page, Shot(width=600, dark=dark))
    browser.evaluate(f"{axe()};0")
    told = browser.evaluate("axe.run(document).then(done => JSON.stringify(done.violations))")
    violations: list[dict[str, Any]] = json.loads(told)
    return [
        f"{rule['id']} ({rule['impact']}): {node['html'][:100]}"
        for rule in violations
        for node in rule["nodes"]
    ]


def known_to_nu(message: NuMessage) -> bool:
    """Whether a message is of a kind that an email for Outlook cannot do without."""
    return bool(_KNOWN.search(message.text))


@dataclass(frozen=True, slots=True)
class Spam:
    """SpamAssassin's score, and the rules that fired with their points."""

    score: float
    rules: tuple[str, ...]


def spam(case: Case) -> Spam:
    """What SpamAssassin's local rules make of the mail as a reader gets it.

    Raises MissingToolError. No network (`-L`), and no home of its own: what an earlier run has
    learned does not count.
    """
    binary = program("spamassassin", "spamassassin")
    mail = addressed(case.made.message, Recipient(address="reader@example.org"), as_test=False)
    with tempfile.TemporaryDirectory() as home:
        ended = subprocess.run(
            [binary, "-L", "-t", "--siteconfigpath=/etc/spamassassin"],
            input=mail, capture_output=True, check=False, env=os.environ | {"HOME": home},
        )  # fmt: skip
    text = ended.stdout.decode("utf-8", "replace")
    score = re.search(r"Content analysis details:\s+\((-?[\d.]+) points", text)
    if score is None:
        raise RuntimeError(f"SpamAssassin gave no score: {ended.stderr.decode()[:300]}")
    rules = re.findall(r"^ *(-?\d+\.\d+) ([A-Z][A-Z0-9_]+) ", text[score.end() :], re.MULTILINE)
    return Spam(float(score[1]), tuple(f"{name} {points}" for points, name in rules))


def bare(html: str) -> str:
    """`html` as a client shows it that drops every style element."""
    return re.sub(r"<style.*?</style>", "", html, flags=re.DOTALL)


def bare_in_word(html: str) -> str:
    """The same with Word's comments opened: its ghost tables are as wide as the page, always."""
    return bare(as_word_reads(html))


def wide_and_faint(browser: Browser, page: Path, shot: Shot) -> tuple[int, list[str]]:
    """By how many pixels the page is wider than the window, and texts of a contrast below 4.5.

    Computed contrast of each text against the nearest background (WCAG AA).
    """
    show(browser, page, shot)
    over = browser.evaluate("document.documentElement.scrollWidth") - shot.width
    return over, browser.evaluate(_FAINT)


_FAINT = """(() => {
  const channels = color => color.match(/[\\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = element => {
    for (; element; element = element.parentElement) {
      const color = channels(getComputedStyle(element).backgroundColor);
      if (color.length < 4 || color[3] > 0) return color;
    }
    return [255, 255, 255];
  };
  const faint = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !element.checkVisibility()) continue;
    const pair = [channels(getComputedStyle(element).color), behind(element)].map(luminance);
    const ratio = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
    const words = texts.currentNode.data.trim().slice(0, 40);
    if (ratio < 4.5) faint.push(`${ratio.toFixed(2)} ${words}`);
  }
  return faint;
})()"""
