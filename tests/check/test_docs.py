"""docs/checks.md names every check, and none that is not there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def checks() -> set[str]:
    """The value of `check=` wherever a finding is made."""
    return {
        keyword.value.value
        for file in (ROOT / "digest").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Finding"
        for keyword in node.keywords
        if keyword.arg == "check"
        and isinstance(keyword.value, ast.Constant)
        and isinstance(keyword.value.value, str)
    }


def test_every_check_is_told() -> None:
    rows = (ROOT / "docs/checks.md").read_text("utf-8")
    named = set(re.findall(r"^\| `([a-z-]+)`", rows, re.MULTILINE))
    assert len(checks()) > 10
    assert named == checks()
