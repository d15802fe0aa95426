"""What mail clients support, by caniemail.com: its data → the file that `digest check` reads.

Run with `python -m bench.client_support [FILE|URL]`, or `make clients FROM=…`; without either it
asks caniemail.com. FILE is that site's `data.json`, which the npm package `caniemail` carries too.
The same input gives the same bytes.

Kept are the five clients that `digest check` judges, of each platform the newest version that was
tested, and of the features those that at least one of them does not fully support.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

SOURCE = "https://www.caniemail.com/api/data.json"
TARGET = Path(__file__).parents[1] / "digest" / "check" / "caniemail.json"

CLIENTS = {
    "gmail": "Gmail",
    "outlook": "Outlook",
    "apple-mail": "Apple Mail",
    "yahoo": "Yahoo",
    "samsung-email": "Samsung Mail",
}
PLATFORMS = {
    "desktop-webmail": "web",
    "mobile-webmail": "mobile web",
    "outlook-com": "Outlook.com",
    "windows": "Windows",
    "macos": "macOS",
    "ios": "iOS",
    "android": "Android",
}
"""All but `windows-mail`: Microsoft ended Windows Mail with 2024, in favor of Outlook."""


def compact(data: Mapping[str, Any]) -> dict[str, Any]:
    """What of caniemail's data is kept: `support` says "n" or "a" (in part), with its notes."""
    platforms: dict[str, set[str]] = {name: set() for name in CLIENTS.values()}
    features: dict[str, Any] = {}
    for feature in sorted(data["data"], key=lambda row: str(row["slug"])):
        support: dict[str, dict[str, str]] = {}
        notes: set[str] = set()
        for family, client in CLIENTS.items():
            for platform, versions in feature["stats"].get(family, {}).items():
                if platform not in PLATFORMS or not versions:
                    continue
                platforms[client].add(PLATFORMS[platform])
                verdict, *marks = versions[_newest(versions)].split()
                if verdict in {"n", "a"}:
                    support.setdefault(client, {})[PLATFORMS[platform]] = verdict
                if verdict == "a":
                    notes.update(mark.removeprefix("#") for mark in marks)
        if support:
            said = feature["notes_by_num"] or {}
            features[feature["slug"]] = {
                "title": _plain(feature["title"]),
                "support": support,
                "notes": [_plain(said[n]) for n in sorted(notes & set(said), key=int)],
            }
    return {
        "source": SOURCE,
        "updated": data["last_update_date"],
        "platforms": {client: sorted(names) for client, names in platforms.items()},
        "features": features,
    }


def written(kept: Mapping[str, Any]) -> str:
    """The file's text: a line for each feature, so that a renewal reads well as a diff."""
    head = {key: value for key, value in kept.items() if key != "features"}
    rows = [f"{json.dumps(slug)}: {_json(row)}" for slug, row in kept["features"].items()]
    return _json(head)[:-1] + ',\n"features": {\n' + ",\n".join(rows) + "\n}}\n"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _newest(versions: Iterable[str]) -> str:
    """The name of the newest version: "2019-08" is a date, "16.80" a number of the maker's.

    Where a client went from the one to the other ("2016", "16.80"), the last that is listed.
    """
    numbers = {name: [int(n) for n in re.findall(r"\d+", name)] for name in versions}
    if len({parts[0] >= 1990 for parts in numbers.values()}) > 1:
        return list(numbers)[-1]
    return max(numbers, key=lambda name: numbers[name])


def _plain(text: str) -> str:
    """A note without Markdown's links and HTML's entities."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    for entity, letter in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(entity, letter)
    return " ".join(text.split())


def read(place: str) -> dict[str, Any]:
    """The JSON of caniemail.com from a file or an address."""
    if place.startswith(("https:", "http:")):
        from digest.net import Policy, fetch

        text = fetch(place, Policy()).body
    else:
        text = Path(place).read_bytes()
    found: dict[str, Any] = json.loads(text)
    return found


def main() -> None:
    """Write the file, and say what it holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("place", nargs="?", default=SOURCE, metavar="FILE|URL")
    kept = compact(read(parser.parse_args().place))
    TARGET.write_text(written(kept), "utf-8")
    print(f"{TARGET}: {len(kept['features'])} features, as of {kept['updated']}")


if __name__ == "__main__":
    main()
