"""Words and addresses that try to be more than that, shown by a real Chromium as they are.

`python -m bench.hostile [--strings 10000] [--themes gazette …]`: every string is a headline, an alt
text and a part of a URL in issues of a hundred stories; the email and the web page are opened in
Chromium, and what they show is compared with what was meant.
"""

from __future__ import annotations

import argparse
import html as html_escapes
import random
import tempfile
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.chromium import Browser, chromium
from digest.models import Entry, Image, Issue, Newsletter, Section, Story, Window
from digest.render import Theme, load_theme, render, theme_names
from digest.render.clean import clean, safe_url

A_BATCH = 100
_PIECES = (
    '<script>window.ran = 1</script>', '"><img src=x onerror="window.ran=1">', "' onclick='ran=1",
    '<svg/onload=ran=1>', "<iframe srcdoc='<script>parent.ran=1</script>'>",
    '</title><script>ran=1', '</style><style>*{display:none}', '<style>@import url(//x)</style>',
    "<base href='//x/'>", '<!--', '-->', '<!-- x -->', '<!--[if mso]>', '<![endif]-->',
    '<!--[if !mso]><!-->', '--!>', '<!-->', '<![CDATA[', ']]>', '<?php echo 1 ?>', '<!DOCTYPE x>',
    '<', '>', '</', '<>', '</div></td></table>', '<mj-text>', '</mj-section>', '<mj-raw>',
    "<mj-include path='/etc/passwd'/>", '<mj-style>', '&amp;', '&lt;', '&#60;script&#62;',
    '&#x3c;', '&nbsp;', '&bogus;', '&', '&#0;', '&#xFFFE;', '&shy;', '{{ issue.slug }}',
    '{{ 7*7 }}', '{% raw %}', '{# x #}', '{%- endfor %}', '{{', '}}', '${x}', '#{x}', '<%= x %>',
    '*|FNAME|*', '%recipient.name%', '[[x]]', '%(name)s', '%s', '{0}', '\\u{200d}', '\\n',
    'slot.0123456789ab.h.address..tols', 'slot_0123456789ab_0_tols', '=C3=A9', '=\r\n',
    '--=_alt_x--', '\r\nBcc: x@example.org', '.', 'From x', '\r\n.\r\n', '=?utf-8?b?eA==?=', "'",
    '"', '`', '\\', 'C:\\new\\table', '\U0001f469\u200d\U0001f467\u200d\U0001f466',
    '\u2764\ufe0f\u200d\U0001f525', '🇵🇹🇯🇵', '1\ufe0f\u20e3', '👍🏽', 'e\u0301',
    "Z" + "\u0351\u036b\u0343\u036a\u0302\u034f\u0334" * 3, '\u0915\u094d\u200d\u0937', '각',
    '\ufdfa', '\u202eevil\u202c', '\u2066\u0627\u0628\u062c\u062f\u2069', 'مرحبا', 'שלום',
    '\u200f', '\u061c', '\xa0', '\u2003', '\u3000', '\u200b', '\ufeff', '\xad', '\u2028',
    '\u2029', '\t', '\n', '\r', '\x0b', '\x00', '\x07', '\x1b[31m', '\x7f', '\x85', '\ud800',
    '\udfff', '\ufdd0', '\ufdd1', '\ufffe', '\uffff', '\U0001fffe', '日本語', 'ｆｕｌｌ',
    '𝒽𝑒𝓁𝓁𝑜', 'ß', 'İ', 'ﬁ', "a" * 300, "a-" * 100, "https://example.com/" + "x" * 120,
    'javascript:alert(1)',
    'data:text/html,x', '//x', '\\\\x\\y', '\u2044', '..', '%00', '%', '%zz', '?a=1&b=2#c',
)  # fmt: skip
_URLS = (
    "https://quay.example.com/", "http://quay.example.com/?q=", "https://quay.example.com/#",
    "https://quay.example.com:8443/a/", "HTTPS://Quay.example.com/", "javascript:", "data:",
    "vbscript:", "//quay.example.com/", "/relative/", "mailto:x@example.org?subject=",
    "https://bücher.example.com/", "https://", "http://[::1]/", "https://user@quay.example.com/",
)  # fmt: skip

# What the page shows, as it shows it: nothing is normalized here.
_SHOWN = """({
  headlines: [...document.querySelectorAll('h2, h3')].map(h => h.textContent),
  alts: [...document.images].map(i => i.alt),
  links: [...document.querySelectorAll('a')].map(a => a.getAttribute('href')),
  scripts: document.scripts.length,
  handlers: [...document.querySelectorAll('*')].filter(
    e => [...e.attributes].some(a => a.name.startsWith('on'))).length,
  frames: document.querySelectorAll('iframe, object, embed, svg, base, form').length,
  ran: String(window.ran),
})"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A string that a rendering does not show as it is, or something that runs."""

    theme: str
    rendering: str
    what: str


def strings(count: int, seed: int = 7) -> Iterator[str]:
    """Hostile strings, always the same: each piece alone, then mixtures, some of 100 KB."""
    rng = random.Random(seed)  # noqa: S311 - the same strings in every run
    for number in range(count):
        if number < len(_PIECES):
            yield _PIECES[number]
        elif number % 1999 == 0:
            yield (rng.choice(_PIECES) + " ") * (100_000 // 12)
        elif number % 3:
            yield "".join(rng.choices(_PIECES, k=rng.randint(1, 6)))
        else:
            spread = [rng.choice(((32, 126), (0, 0x2FF), (0x300, 0x36F), (0x590, 0x6FF),
                                  (0x2000, 0x206F), (0x3040, 0x30FF), (0xD7F0, 0xE010),
                                  (0xFDD0, 0xFDFF), (0x1F300, 0x1F6FF), (0, 0x10FFFF)))
                      for _ in range(rng.randint(1, 40))]  # fmt: skip
            yield "".join(chr(rng.randint(*bounds)) for bounds in spread)


def hostile_issue(words: Sequence[str]) -> Issue:
    """An issue whose stories say `words`, half of them leads with a picture."""
    stories = [_story(number, text) for number, text in enumerate(words)]
    half = len(stories) // 2
    newsletter = Newsletter(
        name=words[0] or "x", tagline=words[-1], sender="x@example.org", postal_address=words[0],
        web_url="https://quay.example.com/issues",
    )  # fmt: skip
    return Issue(
        slug="2026-W47",
        newsletter=newsletter,
        window=Window(
            start=datetime(2026, 11, 13, tzinfo=UTC), end=datetime(2026, 11, 20, tzinfo=UTC)
        ),
        now=datetime(2026, 11, 20, 9, tzinfo=UTC),
        subject="A week of strange words",
        leads=tuple(replace(story, tier="lead") for story in stories[:half]),
        sections=(Section(name="All", stories=tuple(stories[half:])),),
    )


def _story(number: int, words: str) -> Story:
    url = _URLS[number % len(_URLS)] + words[:400]
    picture = Image(url=f"https://quay.example.com/{number}.png", alt=words, width=300, height=200)
    entry = Entry(id=f"s{number}", title=words, text=words, url=url, image=picture, source="Quay")
    return Story(entry=entry, tier="teaser", headline=words)


def faults(browser: Browser, theme: Theme, words: Sequence[str], folder: Path) -> list[Fault]:
    """What the renderings of one issue of `words` do not show as it was meant."""
    issue = hostile_issue(words)
    made = render(issue, theme)
    found: list[Fault] = []

    def fault(rendering: str, what: str) -> None:
        found.append(Fault(theme=theme.name, rendering=rendering, what=what[:200]))

    for name, html in (("email.html", made.email_html), ("web.html", made.web_html)):
        page = folder / name
        page.write_text(html, "utf-8")
        browser.open(page)
        for what in _page_faults(issue, theme, browser.evaluate(_SHOWN)):
            fault(name, what)
    plain = "".join(made.email_txt.split())
    for story in issue.stories:
        if "".join(_headline(story).split()) not in plain:
            fault("email.txt", f"the headline {_headline(story)[:80]!r}")
    return found


def _page_faults(issue: Issue, theme: Theme, seen: dict[str, Any]) -> Iterator[str]:
    yield from _not_shown(issue, theme, seen)
    for link in seen["links"]:
        if not (link or "").lower().startswith(("https://", "http://", "mailto:", "#")):
            yield f"a dangerous link {link!r}"
    for kind in ("scripts", "handlers", "frames"):
        if seen[kind]:
            yield f"{seen[kind]} {kind}"
    if seen["ran"] != "undefined":
        yield "a script ran"


def _not_shown(issue: Issue, theme: Theme, seen: dict[str, Any]) -> Iterator[str]:
    headlines = {_one_line(text) for text in seen["headlines"]}
    links = {html_escapes.unescape(link or "") for link in seen["links"]}
    alts = {_one_line(alt) for alt in seen["alts"]}
    for story in issue.stories:
        if _one_line(_headline(story)) not in headlines:
            yield f"the headline {_headline(story)[:80]!r}"
        url = safe_url(story.entry.url)
        if url and html_escapes.unescape(url) not in links:
            yield f"the link {url[:80]!r}"
        alt = story.entry.image.alt if story.entry.image else ""
        pictured = story.tier == "lead" and theme.pictures.lead
        if pictured and _one_line(clean(alt)) not in alts:
            yield f"the alt text {alt[:80]!r}"


def _headline(story: Story) -> str:
    """What stands over a story: a headline that cannot be seen gives way to its source."""
    words = clean(story.headline)
    seen = any(unicodedata.category(c) not in {"Cf", "Zs", "Zl", "Zp"} for c in words)
    return words if seen else clean(story.entry.source)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def run(browser: Browser, theme: Theme, count: int) -> list[Fault]:
    """The faults of `count` strings in a theme."""
    words = list(strings(count))
    found: list[Fault] = []
    with tempfile.TemporaryDirectory() as folder:
        browser.look(width=600)
        for at in range(0, count, A_BATCH):
            found += faults(browser, theme, words[at : at + A_BATCH], Path(folder))
    return found


def main(argv: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description="Hostile words in a real Chromium.")
    parser.add_argument("--strings", type=int, default=10_000)
    parser.add_argument("--themes", nargs="*", default=theme_names(folder=Path("nowhere")))
    asked = parser.parse_args(argv)
    with chromium() as browser:
        for name in asked.themes:
            found = run(browser, load_theme(name, folder=Path("nowhere")), asked.strings)
            print(f"{name}: {asked.strings:,} strings, {len(found)} faults (wanted 0)")
            for row in found[:20]:
                print(f"  {row.rendering}: {row.what}")


if __name__ == "__main__":
    main()
