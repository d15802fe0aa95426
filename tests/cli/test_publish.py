"""`digest publish` from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import SLUG, Digest
from tests.pipeline.published import newsroom

SITE = ("publish", "--to", "site")


@pytest.fixture
def harbor(digest: Digest, tmp_path: Path) -> Digest:
    newsroom(tmp_path)
    Path(".env").write_text(
        "DIGEST_NAME=Harbor Weekly\nDIGEST_WEB_URL=https://h.example/\n", "utf-8"
    )
    return digest


def test_a_dry_run_first(harbor: Digest) -> None:
    said = harbor(*SITE, "--approved")
    assert said.status == 0
    assert said.out.startswith("Would publish 3 issues in site: ")
    assert "left out: 2026-W47, since it is a draft" in said.out
    assert "  new      2026-W44/\n" in said.out
    assert "Nothing was written. Write it: digest publish --to site --approved --yes" in said.out
    assert not Path("site").exists()
    assert harbor(*SITE, "--approved", "--yes").out.startswith("Published 3 issues in site: ")
    assert Path("site/robots.txt").is_file()
    again = harbor(*SITE, "--approved", "--yes")
    assert "0 new, 0 changed (0 KB), 0 removed" in again.out


def test_as_json(harbor: Digest) -> None:
    said = json.loads(harbor(*SITE, "--json", "--yes").out)
    assert said["wrote"] is True
    assert said["issues"] == ["2026-W44", "2026-W45"]
    assert [row["issue"] for row in said["left_out"]] == ["2026-W46", "2026-W47"]
    assert "feed.xml" in said["new"]


def test_a_damaged_issue_is_a_failure_and_the_rest_goes_on(harbor: Digest) -> None:
    Path("issues/2026-W44/web.html").write_text("torn", "utf-8")
    said = harbor(*SITE, "--yes")
    assert said.status == 1
    assert "failed: issues/2026-W44/web.html is not what issue.json recorded" in said.err
    assert Path("site/2026-W45/index.html").is_file()


def test_quiet(harbor: Digest) -> None:
    said = harbor(*SITE, "--yes", "--quiet")
    assert (said.status, said.out, said.err) == (0, "", "")


@pytest.mark.parametrize(
    ("to", "why"),
    [
        (".", "holds the newsletter itself"),
        ("issues", "lies in issues/"),
        (".env", "is not a folder"),
    ],
)
def test_unfit_folders(harbor: Digest, to: str, why: str) -> None:
    said = harbor("publish", "--to", to, "--yes")
    assert said.status == 2
    assert why in said.err


def test_a_folder_of_others_names_the_option(harbor: Digest) -> None:
    Path("site").mkdir()
    Path("site/mine.html").write_text("mine", "utf-8")
    said = harbor(*SITE)
    assert said.status == 2
    assert "add --beside" in said.err
    assert harbor(*SITE, "--beside", "--yes").status == 0
    assert Path("site/mine.html").read_text("utf-8") == "mine"


def test_a_newsletter_that_was_built_and_approved(post: Digest) -> None:
    said = post(*SITE, "--approved", "--yes")
    assert said.status == 0
    assert "DIGEST_WEB_URL is not set" in said.out
    page = Path(f"site/{SLUG}/index.html").read_text("utf-8")
    assert "The ferry of Port Ellery" in page
    assert "digest-ways" in page
    assert post(*SITE, "--yes").out.startswith("No issue of the archive was sent yet")
    assert not Path(f"site/{SLUG}").exists()


def test_nowhere_to_publish_to(digest: Digest) -> None:
    said = digest("publish")
    assert said.status == 2
    assert "--to" in said.err
