"""Who may import whom, no cycles, and no clock, network or environment in the pure stages."""

from __future__ import annotations

import ast
import graphlib
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "digest"
FILES = sorted(PACKAGE.rglob("*.py"))

# A room may import rooms of a lower layer, and itself. Rooms of one layer never import each other,
# except the nouns at the bottom.
STAGES = frozenset(
    {"collect", "select", "summarize", "render", "check", "archive", "site", "send", "exchange"}
)
LAYERS: tuple[frozenset[str], ...] = (
    frozenset({"errors", "models", "edits", "corrections", "statistics", "__init__"}),
    frozenset({"codec", "disk"}),
    frozenset({"setting_kinds"}),
    frozenset({"settings"}),
    frozenset({"text"}),
    frozenset({"net", "match", "sample", "fit"}),
    STAGES,
    frozenset({"pipeline"}),
    frozenset({"review", "unsubscribe"}),
    frozenset({"cli"}),  # above `review` only because `digest serve` starts it
    frozenset({"__main__"}),
)
PURE = ("text", "match", "select", "summarize", "render", "check", "site", "exchange")
# Reading what the package ships, and a reader's own theme, is allowed where it is named.
EDGES = frozenset(
    {
        "check/client_data.py",
        "render/theme.py",
        "site/style.py",
        "summarize/fitted.py",
        "text/catalogues.py",
    }
)

CLOCKS = {"now", "today", "utcnow", "time", "time_ns", "monotonic", "perf_counter"}
CLOCK_OWNERS = {"datetime", "date", "time"}
NETWORK = {"socket", "urllib.request", "http.client", "urllib3", "requests", "smtplib", "ssl"}
DISK = {"open", "read_text", "read_bytes", "write_text", "write_bytes"}


def room(path: Path) -> str:
    """The room a file lives in: its top folder, or its own name."""
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imports(path: Path) -> set[str]:
    """The dotted names of this package that a file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found.update(a.name for a in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            base = node.module or ""
            found.add(base)
            if base == "digest":
                found.update(f"digest.{a.name}" for a in node.names)
    return {name for name in found if name == "digest" or name.startswith("digest.")}


def layer(name: str) -> int:
    return next(i for i, rooms in enumerate(LAYERS) if name in rooms)


def test_every_room_has_a_layer() -> None:
    known = frozenset().union(*LAYERS)
    assert {room(path) for path in FILES} <= known


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_point_to_the_right(path: Path) -> None:
    here = room(path)
    for name in imports(path):
        there = name.split(".")[1] if "." in name else "__init__"
        if there in {here, "__version__"}:
            continue
        nouns = layer(here) == layer(there) == 0
        assert nouns or layer(there) < layer(here), f"{here} imports {there}"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_stages_are_entered_by_their_doors(path: Path) -> None:
    """Outside its own room a stage is imported as `digest.stage`, never a file inside it."""
    here = room(path)
    doors = STAGES | {"net", "match", "pipeline", "review", "unsubscribe"}
    for name in imports(path):
        parts = name.split(".")
        if len(parts) > 2 and parts[1] in doors and parts[1] != here:
            raise AssertionError(f"{here} imports {name}: use the door of {parts[1]}")


def test_no_cycles() -> None:
    """At import time, no file leads back to itself."""
    modules = {
        ".".join(("digest", *p.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(
            ".__init__"
        ): p
        for p in FILES
    }
    graph: dict[str, set[str]] = {}
    for name, path in modules.items():
        tree = ast.parse(path.read_text("utf-8"))
        graph[name] = set()
        for node in tree.body:
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("digest"):
                base = node.module or ""
                targets = {f"{base}.{a.name}" for a in node.names if f"{base}.{a.name}" in modules}
                graph[name] |= targets or {base}
        # A package's own files do not need its `__init__`.
        graph[name].discard(name)
        graph[name] = {t for t in graph[name] if not name.startswith(f"{t}.")}
    list(graphlib.TopologicalSorter(graph).static_order())


@pytest.mark.parametrize(
    "path", [p for p in FILES if room(p) in PURE], ids=lambda p: str(p.relative_to(PACKAGE))
)
def test_pure_rooms_ask_nobody(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    edge = str(path.relative_to(PACKAGE)) in EDGES
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            named = {a.name for a in node.names} if isinstance(node, ast.Import) else {node.module}
            assert not named & NETWORK, f"{path.name}:{node.lineno} reaches for the network"
        if isinstance(node, ast.Attribute):
            owner = node.value.id if isinstance(node.value, ast.Name) else ""
            assert not (node.attr in CLOCKS and owner in CLOCK_OWNERS), (
                f"{path.name}:{node.lineno} asks the clock"
            )
            assert node.attr not in {"environ", "getenv"}, (
                f"{path.name}:{node.lineno} asks the environment"
            )
            assert edge or node.attr not in DISK, f"{path.name}:{node.lineno} touches the disk"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not edge:
            assert node.func.id != "open", f"{path.name}:{node.lineno} opens a file"


def test_no_file_is_two_rooms() -> None:
    long = {
        str(p.relative_to(PACKAGE)): lines
        for p in FILES
        if (lines := len(p.read_text("utf-8").splitlines())) > 350
    }
    assert not long, "split these"
