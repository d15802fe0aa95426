"""The jobs around themes: which there are, a new one from another, and one put to the test."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from digest import sample
from digest.check import check
from digest.disk import write_atomic
from digest.errors import TemplateError, UsageError
from digest.models import Finding, Issue, Newsletter
from digest.render import Theme, copied_theme, fitted, load_theme, render, theme_names
from digest.sample import stress

_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeRow:
    """A theme as a list shows it; `broken` says why it cannot be used, where it cannot."""

    name: str
    title: str = ""
    summary: str = ""
    own: bool = False
    broken: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A stress issue in a theme: what was written, how large its email is, what the checks say."""

    name: str
    files: tuple[Path, ...]
    html_bytes: int
    findings: tuple[Finding, ...]


def themes(folder: Path) -> tuple[ThemeRow, ...]:
    """The bundled themes and the newsletter's own, by name."""
    return tuple(_row(name, folder) for name in theme_names(folder=folder))


def new_theme(name: str, *, base: str, folder: Path, whole: bool = False) -> tuple[Path, ...]:
    """Copy the theme `base` to `folder/templates/<name>`; gives the files, in `folder`.

    `whole` copies what themes share as well, so that all of it can be changed. Raises UsageError
    for a name that is none or is taken, TemplateError for a base that is not there.
    """
    if not _NAME.fullmatch(name) or name == "common":
        raise UsageError(
            f"“{name[:60]}” is no name for a theme.",
            hint="It takes small letters, digits and hyphens, such as harbor-2.",
        )
    home = folder / "templates" / name
    if home.exists() or home.is_symlink() or name in theme_names(folder=folder):
        raise UsageError(
            f"There is a theme “{name}” already.",
            hint="Choose another name; a theme of a bundled one's name would hide that one.",
        )
    files = copied_theme(load_theme(base, folder=folder), title=_title(name), whole=whole)
    for file, text in files:
        write_atomic(home / file, text)
    return tuple(Path("templates") / name / file for file, _ in files)


def try_theme(name: str, *, folder: Path, out: Path) -> tuple[Tried, ...]:
    """Render every stress issue in the theme into `out`, and check it.

    What only a newsletter's settings can mend is no finding here. Raises TemplateError for a
    mistake in the theme.
    """
    theme = load_theme(name, folder=folder)
    picture = (sample.folder() / stress.PICTURE_FILE).read_bytes()
    media = {stress.PICTURE: picture}
    write_atomic(out / stress.PICTURE, picture)
    return tuple(
        _tried(label, replace(issue, theme=name), theme, media, out)
        for label, issue in stress.stress_issues()
    )


def _tried(label: str, issue: Issue, theme: Theme, media: Mapping[str, bytes], out: Path) -> Tried:
    issue = fitted(issue, theme, media=media)
    made = render(issue, theme, media=media)
    texts = ((".html", made.email_html), (".txt", made.email_txt), ("-web.html", made.web_html))
    files = tuple(out / f"{label}{suffix}" for suffix, _ in texts)
    for file, (_, text) in zip(files, texts, strict=True):
        write_atomic(file, text)
    findings = check(issue, made, media=media)
    bare = issue.newsletter == Newsletter(name=issue.newsletter.name)
    return Tried(
        name=label,
        files=files,
        html_bytes=len(made.email_html.encode()),
        findings=tuple(f for f in findings if not (bare and _of_settings(f))),
    )


def _of_settings(finding: Finding) -> bool:
    return "DIGEST_" in finding.mend


def _row(name: str, folder: Path) -> ThemeRow:
    try:
        theme = load_theme(name, folder=folder)
    except TemplateError as error:
        return ThemeRow(name=name, own=True, broken=error.what)
    return ThemeRow(name=name, title=theme.title, summary=theme.summary, own=theme.own)


def _title(name: str) -> str:
    return name.replace("-", " ").capitalize()
