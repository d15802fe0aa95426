"""The pictures that a feed's item names: MediaRSS, enclosures, podcasts' covers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from digest.text.markup import Picture, clean_text, pixels

Elements = Mapping[str, Sequence[Any]]


def pictures(found: Elements) -> tuple[Picture, ...]:
    """The item's pictures, the widest first."""
    return tuple(sorted((p for p in _stated(found) if p.src), key=lambda p: -(p.width or 0)))


def thumbnails(found: Elements) -> tuple[Picture, ...]:
    """Small versions, the widest first, then covers, for where nothing else shows."""
    small = [_sized(node, node.get("url") or "", "") for node in found.get("media:thumbnail", ())]
    for media in found.get("media:content", ()):
        small += [_sized(n, n.get("url") or "", "") for n in _inside(media, "thumbnail")]
    small.sort(key=lambda p: -(p.width or 0))
    return tuple(p for p in (*small, *_covers(found)) if p.src)


def _stated(found: Elements) -> Iterator[Picture]:
    around = _words(found, "media:description") or _words(found, "media:title")
    for node in found.get("media:content", ()):
        if (node.get("medium") or "").lower() == "image" or _is_picture(node, node.get("url")):
            alt = _first_text(node, "description") or _first_text(node, "title") or around
            yield _sized(node, node.get("url") or "", alt)
    for node in found.get("enclosure", ()):
        src = node.get("url") or node.get("href") or ""
        if _is_picture(node, src):
            yield _sized(node, src, "")
    for node in found.get("link", ()):
        if (node.get("rel") or "").lower() == "enclosure" and _is_picture(node, node.get("href")):
            yield _sized(node, node.get("href") or "", node.get("title") or "")


def _covers(found: Elements) -> Iterator[Picture]:
    for name in ("itunes:image", "googleplay:image", "image"):
        for node in found.get(name, ()):
            src = node.get("href") or node.get("url") or _first_text(node, "url")
            yield _sized(node, src or (node.text or ""), _first_text(node, "title"))


def _inside(node: Any, local: str) -> Iterator[Any]:
    return (child for child in node if str(child.tag).rpartition("}")[2].lower() == local)


def _first_text(node: Any, local: str) -> str:
    return next((clean_text(child.text or "") for child in _inside(node, local)), "")


def _words(found: Elements, name: str) -> str:
    return next((clean_text(node.text or "") for node in found.get(name, ())), "")


def _is_picture(node: Any, src: str | None) -> bool:
    kind = (node.get("type") or "").lower()
    if kind:
        return kind.startswith("image/") and "svg" not in kind
    path = (src or "").lower().split("?")[0]
    return path.endswith((".jpg", ".jpeg", ".png", ".gif", ".webp"))


def _sized(node: Any, src: str, alt: str) -> Picture:
    width, height = (pixels(node.get(side)) for side in ("width", "height"))
    return Picture(clean_text(src), clean_text(alt), "", width, height)
