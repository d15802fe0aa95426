from pathlib import Path

import pytest

from bench.generated_archive import generate
from digest.archive import Archive, edited_since_build, read_edits
from digest.pipeline import verify
from digest.text.verbatim import verbatim

pytestmark = pytest.mark.long


def test_a_generated_archive_is_a_sound_one_of_the_size_that_was_asked_for(tmp_path: Path) -> None:
    generate(tmp_path, 4, 14)
    archive = Archive(tmp_path / "issues")
    assert archive.slugs() == ("2026-W44", "2026-W45", "2026-W46", "2026-W47")
    issues = [archive.load(slug) for slug in archive.slugs()]
    assert [issue.status for issue in issues] == ["sent", "sent", "approved", "draft"]
    for issue in issues:
        assert archive.verify(issue.slug) == ()
        assert len({story.entry.id for story in issue.stories}) == 14
        assert all(verbatim(story.blurb, story.entry) for story in issue.stories)
        shown = archive.renderings(issue.slug)
        for page in (shown.email_html, shown.web_html, shown.email_txt):
            assert issue.stories[-1].headline.split()[0] in page
            assert "qz" not in page
        assert not edited_since_build(archive.folder, issue.slug)
    for row in verify(archive.slugs(), archive=archive, folder=tmp_path):
        assert (row.failures, row.notes, row.rebuilt) == ((), (), False)
    edited = read_edits(archive.folder, "2026-W46")
    assert edited.subject == issues[2].subject


def test_the_same_seed_gives_the_same_bytes_and_another_one_others(tmp_path: Path) -> None:
    def files(seed: int, name: str) -> dict[str, bytes]:
        generate(tmp_path / name, 3, 9, seed=seed)
        folder = tmp_path / name / "issues"
        found = sorted(path for path in folder.rglob("*") if path.is_file())
        return {str(path.relative_to(folder)): path.read_bytes() for path in found}

    assert files(1, "a") == files(1, "b")
    assert files(1, "a") != files(2, "c")
