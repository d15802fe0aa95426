"""The docs are true: every command and every setting stands in them, every link leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from digest.cli.main import VERBS, root

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


def commands() -> list[str]:
    import click

    found = []
    for verb in VERBS:
        command = root.get_command(click.Context(root), verb)
        assert command is not None
        if isinstance(command, click.Group):
            names = command.list_commands(click.Context(command))
            found += [f"{verb} {name}" for name in names]
        else:
            found.append(verb)
    return found


@pytest.mark.parametrize("command", commands())
def test_every_command_stands_in_the_readme_and_has_an_example(command: str) -> None:
    import click

    assert f"digest {command}" in README
    found: click.Command | None = root
    for word in command.split():
        assert isinstance(found, click.Group)
        found = found.get_command(click.Context(found), word)
    assert found is not None
    assert found.help
    assert command == "schema" or (found.epilog and f"digest {command}" in found.epilog)


def test_the_readme_names_no_command_that_is_not_there() -> None:
    named = set(re.findall(r"`digest ([a-z]+)", README))
    assert named <= set(VERBS)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_every_link_of_the_docs_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target


def test_every_library_has_its_reason() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    reasons = (ROOT / "docs/dependencies.md").read_text("utf-8")
    for requirement in project["dependencies"]:
        name = re.split(r"[<>=\[]", requirement)[0]
        assert re.search(rf"\b{re.escape(name)}\b", reasons), name
