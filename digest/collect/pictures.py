"""Pictures of local sources: read, verified, bounded, and named after their bytes."""

from __future__ import annotations

import io
import warnings
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote, urlsplit

from digest.models import Image
from digest.text.markup import Picture
from digest.text.urls import safe_link

MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 40_000_000
_SUFFIX = {"PNG": "png", "JPEG": "jpg", "GIF": "gif", "WEBP": "webp"}
_SVG = "it is an SVG, which mail programs do not show"
_TINY = 2
"""A picture of so few pixels a side counts readers; it shows nothing."""


class Pictures:
    """The pictures of one document: resolves each, and keeps the bytes of the local ones.

    `folder` is the only one whose pictures it may show; None for what was fetched.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self.found: dict[str, bytes] = {}

    def image(self, picture: Picture, base: str) -> Image | None:
        """The picture as an Image: `media/<hash>.<ext>` for a local file, else an http(s) URL.

        A path is looked up only in the folder tree, never for what came over the network. None
        for what is not a picture that may be shown.
        """
        if not picture.src or _is_tiny(picture):
            return None
        local = self._local(picture) if self._folder is not None else None
        if local is not None:
            return local
        link = safe_link(picture.src, base)
        if not link or urlsplit(link).scheme not in ("http", "https") or _is_refused(link):
            return None
        return Image(
            url=link,
            alt=picture.alt,
            caption=picture.caption,
            width=picture.width,
            height=picture.height,
        )

    def refusal(self, picture: Picture) -> str:
        """Why a picture that a user named gave none, in a few words."""
        try:
            parts = urlsplit(picture.src)
            if parts.scheme or parts.netloc:
                svg = parts.path.lower().endswith((".svg", ".svgz"))
                return _SVG if svg else "it is no http(s) address of a picture"
            if self._folder is None:
                return "its address is not known"
            root = self._folder.resolve()
            path = (root / unquote(parts.path)).resolve()
            if not path.is_relative_to(root):
                return f"it lies outside {self._folder}"
            if not path.is_file():
                return f"there is no such file in {self._folder}"
        except (OSError, ValueError):
            return "it is no path"
        return "it is no whole PNG, JPEG, GIF or WebP of at most 5 MB"

    def _local(self, picture: Picture) -> Image | None:
        try:
            parts = urlsplit(picture.src)
            if self._folder is None or parts.scheme or parts.netloc or not parts.path:
                return None
            root = self._folder.resolve()
            path = (root / unquote(parts.path)).resolve()
            if not path.is_relative_to(root) or not path.is_file():
                return None
            if path.stat().st_size > MAX_BYTES:
                return None
            data = path.read_bytes()
        except (OSError, ValueError):
            return None
        checked = verified(data)
        if checked is None:
            return None
        kind, width, height = checked
        name = f"media/{sha256(data).hexdigest()[:16]}.{kind}"
        self.found[name] = data
        return Image(url=name, alt=picture.alt, caption=picture.caption, width=width, height=height)


def local_picture(src: str, folder: Path) -> tuple[str, bytes] | str:
    """(`media/<hash>.<ext>`, bytes) of a picture in the folder tree, else why it gives none."""
    pictures = Pictures(folder)
    picture = Picture(src=src)
    if pictures.image(picture, "") is None:
        why = pictures.refusal(picture)
        here = f" {folder}"
        return f"{why.removesuffix(here)} the newsletter's folder" if why.endswith(here) else why
    return next(iter(pictures.found.items()), "it is no file of the newsletter's folder")


def verified(data: bytes) -> tuple[str, int, int] | None:
    """(file extension, width, height) of a whole PNG, JPEG, GIF or WebP within the bounds."""
    from PIL import Image as Pillow

    if len(data) > MAX_BYTES:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of what is refused here anyway
            with Pillow.open(io.BytesIO(data), formats=tuple(_SUFFIX)) as picture:
                width, height = picture.size
                if width * height > MAX_PIXELS:
                    return None
                picture.load()
                return _SUFFIX[str(picture.format)], width, height
    except Exception:
        # Pillow's decoders raise dozens of kinds of error on hostile bytes; all mean "no picture".
        return None


def _is_tiny(picture: Picture) -> bool:
    return any(side is not None and side <= _TINY for side in (picture.width, picture.height))


def _is_refused(url: str) -> bool:
    parts = urlsplit(url)
    path = parts.path.lower()
    return path.endswith((".svg", ".svgz")) or "gravatar.com" in parts.netloc
