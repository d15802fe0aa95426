"""MJML → HTML through mjml-python, with what it gets wrong mended before, and slips refused.

Every workaround names its fault in mjml-python 1.4.2 (mrml 6.0.1); `tests/render/test_faults.py`
shows each one, and fails once it is gone.
"""

from __future__ import annotations

import difflib
import html
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, NoReturn

from digest.errors import RenderError, TemplateError
from digest.render.css import CLOSE, OPEN, PLACE, check_declarations, check_styles, without_places
from digest.render.mjml_tags import ANY_ATTRIBUTE, PARENTS, RAW_CONTENT, TAGS, VOID

MAX_DEPTH = 200
"""Nested tags. mrml dies (SIGSEGV) at 10,000 and lives at 3,000; no mail needs 200."""

_TAG = re.compile(
    # The place stands before the name where an expression writes it: `<{{ tag }}>`.
    rf"<(?P<end>/?)(?:{OPEN}(?P<before>[^{CLOSE}]*){CLOSE})?"
    rf"(?P<name>[A-Za-z][A-Za-z0-9:-]*)(?:{OPEN}(?P<place>[^{CLOSE}]*){CLOSE})?"
    r"""(?P<attributes>(?:[^<>"']++|"[^"]*+"|'[^']*+')*+)>"""
)
_PIECE = re.compile(rf"<!--.*?-->|{_TAG.pattern}|<", re.DOTALL)
_ATTRIBUTE = re.compile(r"""([^\s=/"']+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?""")
# Attributes with which nothing can be wrong in a tag of HTML, and nothing is to be mended.
_PLAIN = re.compile(r"""(?: +(?!style=)[a-z-]+="[ !#-\[\]-~]*+")*+ */?""")
_RAW_END = {tag: re.compile(rf"</{tag}(?:{OPEN}[^{CLOSE}]*{CLOSE})?\s*>") for tag in RAW_CONTENT}
# What stands behind a “<” that neither a tag nor a comment follows up on.
_NO_TAG = re.compile(rf"(!--|/?[A-Za-z0-9:-]*){PLACE.pattern}")
_POSITION = re.compile(r" in root template at position (\d+):(\d+)")
# What Rust's escape_debug writes as an escape: everything that is not plain, to be on the safe
# side (NBSP, joiners, combining marks, virama, variation selectors, backslash, tab, newline).
_MANGLED = re.compile(r"[^\x20-\x5b\x5d-\x7e]")


@dataclass(frozen=True, slots=True)
class Compiled:
    """HTML, and the CSS of `<mj-style inline="inline">` that is to be inlined into it."""

    html: str
    inline_css: str


class _Tag(NamedTuple):
    """A tag as written, and the place that it carries."""

    name: str
    place: str
    attributes: str


def compile_mjml(marked: str, *, shown: str) -> Compiled:
    """The HTML of MJML whose tags carry their places (`templates.mark_places`).

    `shown` is the theme's folder as errors name it. Raises TemplateError with file, line and
    column for tags and attributes that MJML does not know, tags left open, and unitless zeros.
    """
    from mjml import mjml2html

    reader = _Reader(marked, shown)
    mjml, inline_css = reader.read()
    try:
        # `fonts={}`: by default a web font is linked, which would be a network call.
        made: str = mjml2html(mjml, fonts={})
    except ValueError as error:
        if found := _POSITION.search(str(error)):
            reader.refuse(int(found[1]), int(found[2]))
        raise TemplateError(
            f"{shown}/issue.mjml.j2: MJML refuses it: {error}.",
            hint="Close every tag, and keep text inside mj-text.",
        ) from None
    if "<mj-" in made:
        at = made.index("<mj-")
        raise RenderError(f"{shown}: MJML was left in the HTML: {made[at : at + 40]!r}.")
    # MJML calls the mail an article, in which no landmark leads a screen reader to the news.
    made = made.replace(' role="article"', ' role="main"', 1)
    return Compiled(made, inline_css)


class _Reader:
    """One pass over the MJML: checks it, mends it, and takes the inline styles out."""

    def __init__(self, marked: str, shown: str) -> None:
        self._marked = marked
        self._shown = shown
        self._out: list[str] = []
        self._open: list[tuple[str, str]] = []
        self._css: list[str] = []
        self._places: list[tuple[int, str]] = []

    def read(self) -> tuple[str, str]:
        """The MJML to compile, and the CSS to inline."""
        marked, out, places = self._marked, self._out, self._places
        at = 0
        while hit := _PIECE.search(marked, at):
            end, before, name, behind, attributes = hit.groups()
            if text := marked[at : hit.start()]:
                # mrml drops white space between inline tags if it begins with a newline:
                # "<b>x</b>\n<a>" reads "xz". Between MJML's own tags it means nothing either way.
                inline = name is not None and not name.startswith("mj-")
                out.append(" " if inline and text.isspace() else text)
            at = hit.end()
            if name is None:
                self._comment(hit[0], at)
                continue
            place = behind or before or ""
            places.append((len(out), place))
            if end:
                self._close(name, place)
            elif name.startswith("mj") or not _PLAIN.fullmatch(attributes):
                at = self._start(_Tag(name, place, attributes), at)
            else:
                out.append(f"<{name}{attributes}>")
                self._opened(name, place, attributes)
        self._out.append(self._marked[at:])
        if self._open:
            name, place = self._open[-1]
            self._fail(place, f"<{name}> is never closed")
        return "".join(self._out), "\n".join(self._css)

    def refuse(self, start: int, end: int) -> NoReturn:
        """Say where in the templates the bytes stand that mrml stumbled over."""
        octets, passed, place = "".join(self._out).encode(), 0, ""
        known = dict(self._places)
        for index, piece in enumerate(self._out):
            if passed > start:
                break
            place = known.get(index, place)
            passed += len(piece.encode())
        what = " ".join(octets[start:end].decode("utf-8", "replace").split())[:40]
        self._fail(
            place,
            f"“{what}” cannot stand here in MJML",
            hint="Text, HTML and conditional comments belong inside mj-text or mj-raw.",
        )

    def _comment(self, comment: str, at: int) -> None:
        """Take a comment; refuse a “<” that begins neither one nor a tag."""
        if not comment.startswith("<!--"):
            self._no_tag(at)
        place = PLACE.search(comment)
        self._places.append((len(self._out), place[1] if place else ""))
        self._out.append(without_places(comment))

    def _no_tag(self, at: int) -> NoReturn:
        """Say what is wrong with the “<” before `at`."""
        found = _NO_TAG.match(self._marked, at)
        begun, place = (found[1], found[2]) if found else ("", "")
        if begun == "!--":
            what = "a comment is never closed: it ends in -->"
        elif begun.strip("/"):
            what = f"<{begun}> does not end: a “>” or a quote is missing"
        else:
            what = "a “<” begins no tag: write &lt;"
        self._fail(place, what, context=self._marked[at:])

    def _start(self, tag: _Tag, at: int) -> int:
        """Take a start tag; gives the place after it, or after its raw content."""
        inside = any(name == "mj-attributes" for name, _ in self._open)
        around = self._open[-1][0] if self._open else ""
        if tag.name in PARENTS and around not in PARENTS[tag.name] and not inside:
            known = " or ".join(f"<{name}>" for name in sorted(PARENTS[tag.name]))
            where = f"<{around}>" if around else "nothing"
            self._fail(tag.place, f"<{tag.name}> stands in {where}: it belongs in {known}")
        attributes = _checked(tag, self._shown, in_attributes=inside)
        if tag.name in RAW_CONTENT and not tag.attributes.endswith("/"):
            return self._raw(tag, attributes, at)
        self._out.append(f"<{tag.name}{attributes}>")
        self._opened(tag.name, tag.place, tag.attributes)
        return at

    def _opened(self, name: str, place: str, attributes: str) -> None:
        """Remember what has to be closed."""
        if not attributes.endswith("/") and name not in VOID:
            self._open.append((name, place))
            if len(self._open) > MAX_DEPTH:
                self._fail(place, f"tags are nested deeper than {MAX_DEPTH}")

    def _raw(self, tag: _Tag, attributes: str, at: int) -> int:
        """Take mj-style and the like whole: what is inside are not tags."""
        end = _RAW_END[tag.name].search(self._marked, at)
        if end is None:
            self._fail(tag.place, f"<{tag.name}> is never closed")
        content = self._marked[at : end.start()]
        if tag.name == "mj-style":
            check_styles(content, tag.place)
        content = without_places(content)
        if tag.name != "mj-style" or "inline" not in tag.attributes:
            self._out.append(f"<{tag.name}{attributes}>{content}</{tag.name}>")
        elif "@" in content:
            # premailer would drop it, and fetch an @import even with allow_network=False.
            self._fail(
                tag.place, "an inlined mj-style cannot hold @ rules: give them one of their own"
            )
        else:
            # mjml-python is compiled without this feature: premailer inlines it.
            self._css.append(content)
        return end.end()

    def _close(self, name: str, place: str) -> None:
        if not self._open:
            self._fail(place, f"</{name}> closes nothing")
        begun, where = self._open.pop()
        if begun != name:
            self._fail(where, f"<{begun}> is closed by </{name}>")
        self._out.append(f"</{name}>")

    def _fail(self, place: str, what: str, *, context: str = "", hint: str = "") -> NoReturn:
        _fail(self._shown, place, what, context=context, hint=hint)


# A theme's tags of MJML are the same in each issue, and stand in the same places.
@lru_cache(maxsize=2048)
def _checked(tag: _Tag, shown: str, *, in_attributes: bool) -> str:
    """A start tag's attributes as mrml is to read them.

    Refuses what mrml would pass over in silence, or refuse without a place. `in_attributes` says
    that the tag stands in mj-attributes.
    """
    attributes = _ATTRIBUTE.findall(tag.attributes.rstrip("/"))
    for name, value in attributes:
        if value and value[0] not in "\"'":
            _fail(shown, tag.place, f"the value in {name}={value} needs quotes")
        if name == "style" and value:
            check_declarations(html.unescape(without_places(value[1:-1])), tag.place)
    if tag.name.startswith("mj"):
        _check_mjml(tag, attributes, shown, in_attributes=in_attributes)
    # mrml writes attributes with Rust's debug escapes (alt="👩\u{200d}👧"): numeric references
    # pass through untouched, and every later reader understands them.
    plain = without_places(tag.attributes)
    if not _MANGLED.search(plain):
        return plain
    return _ATTRIBUTE.sub(lambda hit: _MANGLED.sub(lambda c: f"&#{ord(c[0])};", hit[0]), plain)


def _check_mjml(
    tag: _Tag, attributes: list[tuple[str, str]], shown: str, *, in_attributes: bool
) -> None:
    if in_attributes and tag.name in {"mj-all", "mj-class"}:
        known = ANY_ATTRIBUTE | {"name"}
    elif tag.name in TAGS:
        known = TAGS[tag.name]
    else:
        _fail(shown, tag.place, f"MJML has no tag <{tag.name}>", near=(tag.name, list(TAGS)))
    for name, value in attributes:
        if name not in known:
            _fail(
                shown,
                tag.place,
                f"<{tag.name}> has no attribute “{name}”",
                near=(name, sorted(known)),
            )
        if "padding" in name and re.search(r"""(?:^|[\s"'])0(?=[\s"']|$)""", value):
            # A unitless 0 turns mrml's width arithmetic off: Outlook gets wrong widths.
            _fail(shown, tag.place, f"{name}={value} has a zero without unit: write 0px")


def _fail(
    shown: str,
    place: str,
    what: str,
    *,
    near: tuple[str, list[str]] | None = None,
    context: str = "",
    hint: str = "",
) -> NoReturn:
    name, line, column = place.rsplit(":", 2) if place else (f"{shown}/issue.mjml.j2", "", "")
    where = (
        f", line {line}, column {column}"
        if line
        else f", before “{without_places(context).strip()[:20]}”"
    )
    close = difflib.get_close_matches(*near, n=1) if near else []
    raise TemplateError(
        f"{name}{where}: {what}.",
        hint=f"Did you mean {close[0]}?" if close else hint,
    )
