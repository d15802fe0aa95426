"""Themes: a folder of templates with `theme.toml`, read once into a frozen value.

What all themes share stands in `templates/common`, which is no theme itself: a theme that has no
template of a name there uses the common one, and replaces it by a file of that name.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field, fields
from pathlib import Path

from digest.disk import read_regular
from digest.errors import DocumentError, TemplateError
from digest.render.theme_file import ThemeFile

NEEDED = ("issue.mjml.j2", "issue.txt.j2", "web.html.j2")
COMMON = "templates/common"
MAX_BYTES = 1 << 20
"""Of one file of a theme; the largest bundled one has 6 KB."""
MAX_FILES = 100
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufdd0\ufdd1\ufffe\uffff]")
"""What no page may hold, and the two characters that mark places (see `templates.py`)."""
_BESIDE_PACKAGE = Path(__file__).parent.parent / "templates"
_BESIDE_SOURCE = Path(__file__).parent.parent.parent / "templates"


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """Colors of one mode, as `#rrggbb`.

    `backdrop` lies around the `paper`; `ink` is text, `muted` the small print, `rule` a hairline,
    `accent` kickers and links.
    """

    backdrop: str
    paper: str
    ink: str
    muted: str
    rule: str
    accent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Typefaces:
    """Font stacks: headlines, running text, and labels (bylines, small print)."""

    display: str
    text: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Widths:
    """CSS pixels: the page, the space left and right of the text, the same on a phone."""

    page: int
    gutter: int
    phone_gutter: int

    @property
    def column(self) -> int:
        """The width of the text: what a picture fills."""
        return self.page - 2 * self.gutter


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureShape:
    """How a theme shows pictures: CSS pixels (0: not at all), width by height (0: as it is)."""

    lead: int
    lead_ratio: float
    teaser: int
    teaser_ratio: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """A theme, complete: nothing is read from disk once it is loaded.

    `own` says that it is a reader's own and runs sandboxed; `shown` is its folder as errors name
    it; `settings` is the text of theme.toml; `files` are the templates, by name, those of `common`
    from the folder that all themes share.
    """

    name: str
    title: str
    summary: str
    own: bool
    shown: str
    light: Palette
    dark: Palette
    type: Typefaces
    widths: Widths
    pictures: PictureShape
    settings: str = field(repr=False)
    files: tuple[tuple[str, str], ...] = field(repr=False)
    common: frozenset[str] = field(default=frozenset(), repr=False)

    def where(self, name: str) -> str:
        """The file of a template as errors name it."""
        return f"{COMMON if name in self.common else self.shown}/{name}"


def load_theme(name: str, *, folder: Path) -> Theme:
    """The theme `name`: from `folder/templates/<name>` if that is there, else a bundled one.

    Raises TemplateError: no such theme (the known ones are named), a file missing, too large or no
    text, or a mistake in `theme.toml` (file, line, key, what was expected).
    """
    known = theme_names(folder=folder)
    if name not in known:
        if name == Path(name).name and name and (folder / "templates" / name).is_dir():
            raise TemplateError(
                f"templates/{name} has no theme.toml.",
                hint="A folder is a theme once it holds one; bundled themes show every key.",
            )
        near = difflib.get_close_matches(name, known, n=1)
        raise TemplateError(
            f"There is no theme “{name}”; known are: {', '.join(known) or 'none'}.",
            hint=f"Did you mean DIGEST_THEME={near[0]}?" if near else "Set DIGEST_THEME to one.",
        )
    own = folder / "templates" / name
    is_own = name in _names(folder / "templates") and (
        own.resolve() != (bundled() / name).resolve()
    )
    return _read(own if is_own else bundled() / name, name, own=is_own)


def theme_names(*, folder: Path) -> tuple[str, ...]:
    """The names that `load_theme` knows, in alphabetical order.

    Raises TemplateError where `folder/templates` is there and cannot be read.
    """
    return tuple(sorted({*_names(folder / "templates"), *_names(bundled())}))


def copied_theme(theme: Theme, *, title: str, whole: bool) -> tuple[tuple[str, str], ...]:
    """The files of a copy of `theme`, by name: its theme.toml under a title of its own.

    What all themes share is among them only where `whole` is asked for.
    """
    settings = re.sub(r"(?m)^title = .*$", f'title = "{title}"', theme.settings, count=1)
    own = [(name, text) for name, text in theme.files if whole or name not in theme.common]
    return (("theme.toml", settings), *own)


def _names(root: Path) -> set[str]:
    """The themes in `root`: the folders that hold a theme.toml, and those that nobody may open."""
    try:
        return {path.name for path in root.iterdir() if may_be_theme(path)}
    except (FileNotFoundError, NotADirectoryError):
        return set()
    except OSError as error:
        raise _closed(root.name, error) from None


def may_be_theme(folder: Path) -> bool:
    """Whether a folder holds a theme.toml, or may not be looked into."""
    try:
        (folder / "theme.toml").lstat()
    except PermissionError:
        return True  # loading it says why it cannot be read
    except OSError:
        return False
    return True


def _closed(shown: str, error: OSError) -> TemplateError:
    return TemplateError(
        f"The folder {shown} cannot be read: {error.strerror}.",
        hint=f"Look at who may open it: ls -ld {shown}",
    )


def bundled() -> Path:
    """The folder of the themes that come with the package."""
    return _BESIDE_PACKAGE if _BESIDE_PACKAGE.is_dir() else _BESIDE_SOURCE


def _read(folder: Path, name: str, *, own: bool) -> Theme:
    shown = f"templates/{name}"
    found = _templates(folder, shown)
    common = {file: text for file, text in _common().items() if file not in found}
    files = tuple(sorted({**common, **found}.items()))
    missing = [needed for needed in NEEDED if needed not in dict(files)]
    if missing:
        raise TemplateError(
            f"{shown} has no {missing[0]}.",
            hint=f"A theme holds theme.toml, {', '.join(NEEDED)}, and partials of any name.",
        )
    written = _text(folder / "theme.toml", f"{shown}/theme.toml")
    settings = ThemeFile(f"{shown}/theme.toml", written)
    theme = Theme(
        name=name,
        title=settings.text("theme", "title"),
        summary=settings.text("theme", "summary"),
        own=own,
        shown=shown,
        light=Palette(**settings.colors("light", _names_of(Palette))),
        dark=Palette(**settings.colors("dark", _names_of(Palette))),
        type=Typefaces(**settings.stacks("type", _names_of(Typefaces))),
        widths=Widths(
            page=settings.pixels("widths", "page", 320, 800),
            gutter=settings.pixels("widths", "gutter", 8, 64),
            phone_gutter=settings.pixels("widths", "phone_gutter", 8, 32),
        ),
        pictures=PictureShape(
            lead=settings.pixels("pictures", "lead", 0, 800),
            lead_ratio=settings.ratio("pictures", "lead_ratio"),
            teaser=settings.pixels("pictures", "teaser", 0, 800),
            teaser_ratio=settings.ratio("pictures", "teaser_ratio"),
        ),
        settings=written,
        files=files,
        common=frozenset(common),
    )
    settings.refuse_unknown()
    return theme


def _common() -> dict[str, str]:
    """The templates that all themes share, as installed."""
    return _templates(bundled() / "common", COMMON)


def _names_of(kind: type) -> tuple[str, ...]:
    return tuple(f.name for f in fields(kind))


def _templates(folder: Path, shown: str) -> dict[str, str]:
    """The templates of a folder; what an editor keeps beside them (`.#a.j2`) is none."""
    try:
        names = sorted(path.name for path in folder.iterdir())
    except OSError as error:
        raise _closed(shown, error) from None
    found = [name for name in names if name.endswith(".j2") and not name.startswith(".")]
    if len(found) > MAX_FILES:
        raise TemplateError(
            f"{shown} holds {len(found)} templates, more than the {MAX_FILES} that are read.",
            hint="Remove those that are not used.",
        )
    return {name: _template(folder / name, f"{shown}/{name}") for name in found}


def _template(path: Path, shown: str) -> str:
    text = _text(path, shown)
    if stray := CONTROL.search(text):
        line = text.count("\n", 0, stray.start()) + 1
        column = stray.start() - text.rfind("\n", 0, stray.start())
        raise TemplateError(
            f"{shown}, line {line}, column {column}: the character U+{ord(stray[0]):04X} can stand "
            "in no page.",
            hint="Remove it; most editors do not show it.",
        )
    return text


def _text(path: Path, shown: str) -> str:
    """A file's text, lines ending in LF, without a byte order mark."""
    try:
        text = read_regular(path, limit=MAX_BYTES, shown=shown).decode("utf-8-sig")
    except DocumentError as error:
        raise TemplateError(
            error.what, hint=f"A theme's files are plain ones of at most {MAX_BYTES >> 20} MB."
        ) from None
    except UnicodeDecodeError:
        raise TemplateError(
            f"{shown} cannot be read: not UTF-8 text.", hint="Save it again, as UTF-8."
        ) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")
