"""Which pictures are read from disk, and which never."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from PIL import Image as Pillow

from digest.collect.pictures import MAX_BYTES, verified
from digest.models import Image
from tests.collect.doubles import gather


def picture(kind: str = "PNG", size: tuple[int, int] = (8, 6)) -> bytes:
    out = io.BytesIO()
    Pillow.new("RGB", size, (200, 30, 30)).save(out, kind)
    return out.getvalue()


def note(folder: Path, image: str) -> Image | None:
    (folder / "note.md").write_text(f"---\ntitle: x\nimage: {image}\n---\nSome words.\n")
    (entry,) = gather("note.md", folder=folder).entries
    return entry.image


@pytest.mark.parametrize(
    ("kind", "suffix"), [("PNG", "png"), ("JPEG", "jpg"), ("GIF", "gif"), ("WEBP", "webp")]
)
def test_a_picture_beside_its_source_is_kept_and_named_after_its_bytes(
    tmp_path: Path, kind: str, suffix: str
) -> None:
    (tmp_path / "img").mkdir()
    data = picture(kind)
    (tmp_path / "img" / "a b.bin").write_bytes(data)
    image = note(tmp_path, "img/a%20b.bin")
    assert image is not None
    assert image.url.startswith("media/")
    assert image.url.endswith("." + suffix)
    assert len(image.url) == len("media/.") + 16 + len(suffix)
    assert (image.width, image.height) == (8, 6)
    assert gather("note.md", folder=tmp_path).pictures == {image.url: data}


def test_nothing_outside_the_folder_is_read(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "out.png").write_bytes(picture())
    (inner / "link.png").symlink_to(tmp_path / "out.png")
    for path in ("../out.png", str(tmp_path / "out.png"), "link.png", "..%2Fout.png",
                 (tmp_path / "out.png").as_uri(), "missing.png", ".", "a\0b"):  # fmt: skip
        assert note(inner, path) is None, path


@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
        b"not a picture",
        picture()[:40],
        picture("JPEG", (64, 64))[:300],
        picture() + b"x" * MAX_BYTES,
        picture("BMP"),
        b"",
    ],
)
def test_what_is_no_whole_bounded_picture_is_refused(data: bytes) -> None:
    assert verified(data) is None


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded() -> None:
    out = io.BytesIO()
    Pillow.new("1", (7000, 7000)).save(out, "PNG")
    assert len(out.getvalue()) < MAX_BYTES
    assert verified(out.getvalue()) is None


def test_what_came_over_the_network_never_reaches_the_disk(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(picture())
    url = "https://far.example.org/feed.json"
    for source in ("a.png", str(tmp_path / "a.png"), (tmp_path / "a.png").as_uri()):
        feed = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": "F",
            "items": [{"id": "1", "title": "x", "content_text": "y", "image": source}],
        }
        found = gather(url, folder=tmp_path, answers={url: json.dumps(feed).encode()})
        assert not found.pictures
        image = found.entries[0].image
        assert image is None or image.url.startswith("https://far.example.org/")


def test_a_list_from_the_network_names_no_files(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("A secret\n\nOf some length.")
    url = "https://far.example.org/list.opml"
    body = b'<opml><body><outline type="rss" text="x" xmlUrl="secret.txt"/></body></opml>'
    found = gather(url, folder=tmp_path, answers={url: body})
    assert not found.entries
    assert "list of sources" in found.failures[0].what


@pytest.mark.parametrize(
    "tag",
    [
        '<img src="https://x.example.org/p.gif" width="1" height="1">',
        '<img src="data:image/png;base64,AAAA">',
        '<img src="https://x.example.org/logo.svg">',
        '<img src="javascript:alert(1)">',
    ],
)
def test_counters_and_scripts_are_no_pictures(tag: str) -> None:
    url = "https://far.example.org/feed.json"
    item = {"id": "1", "title": "x", "content_html": f"<p>y {tag}</p>"}
    feed = {"version": "https://jsonfeed.org/version/1", "title": "F", "items": [item]}
    (entry,) = gather(url, answers={url: json.dumps(feed).encode()}).entries
    assert entry.image is None
