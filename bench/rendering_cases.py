"""What the benches and tests of rendering look at: every theme, with the two sample issues."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from digest.archive import Archive
from digest.models import Issue, Renderings
from digest.render import Theme, email_mjml, load_theme, render, theme_names

ROOT = Path(__file__).parents[1]
SLUG = "2026-W47"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One issue in one theme, and what was made of it."""

    theme: Theme
    title: str
    issue: Issue
    media: Mapping[str, bytes]
    mjml: str
    made: Renderings

    @property
    def name(self) -> str:
        """As tables and folders show it: `gazette-archived`."""
        return f"{self.theme.name}-{self.title}"

    def write(self, folder: Path, **pages: str) -> Path:
        """Write email.html, web.html, the pictures and more `pages` under `folder`; gives where."""
        here = folder / self.name
        (here / "media").mkdir(parents=True, exist_ok=True)
        for name, data in self.media.items():
            (here / name).write_bytes(data)
        for name, html in {
            "email": self.made.email_html,
            "web": self.made.web_html,
            **pages,
        }.items():
            (here / f"{name}.html").write_text(html, "utf-8")
        return here


def themes() -> tuple[str, ...]:
    """The names of the bundled themes."""
    return theme_names(folder=Path("nowhere"))


@cache
def cases(theme: str) -> tuple[Case, ...]:
    """The archived sample issue and the invented one of the tests, in a bundled theme."""
    from tests.render.sample_issue import sample_issue, sample_media

    archive = Archive(ROOT / "issues")
    loaded = load_theme(theme, folder=Path("nowhere"))
    issues = {
        "archived": (archive.load(SLUG), archive.media(SLUG)),
        "invented": (sample_issue(), sample_media()),
    }
    return tuple(
        Case(
            theme=loaded,
            title=title,
            issue=issue,
            media=media,
            mjml=email_mjml(issue, loaded, media=media),
            made=render(issue, loaded, media=media),
        )
        for title, (issue, media) in issues.items()
    )


def all_cases(names: tuple[str, ...]) -> Iterator[Case]:
    """The cases of several themes, one after the other."""
    for name in names:
        yield from cases(name)
