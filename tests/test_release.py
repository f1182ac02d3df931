"""A release has one version, one day and the changelog's words: `make release`."""

import sys

import pytest

from tools import project, release


@pytest.fixture
def book(tmp_path):
    """A project whose three files name version 1.2.0, with its day."""
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "book"\nversion = "1.2.0"\n')
    (tmp_path / "CITATION.cff").write_text("title: a book\nversion: 1.2.0\n")
    (tmp_path / "CHANGELOG.md").write_text(
        "# Log\n\n## 1.2.0, 1 May\n\nBetter.\n\n## 1.1.0, 1 April\n\nGood.\n"
    )
    return tmp_path


def test_the_notes_are_those_of_the_newest_version(book):
    release.check("v1.2.0", book)
    assert release.notes(book) == "Better.\n"


@pytest.mark.parametrize("file", ["pyproject.toml", "CITATION.cff", "CHANGELOG.md"])
def test_a_file_with_another_version_is_named(book, file):
    text = (book / file).read_text()
    (book / file).write_text(text.replace("1.2.0", "1.2.1"))
    with pytest.raises(SystemExit, match=f"The tag is v1.2.0, but {file} has 1.2.1"):
        release.check("v1.2.0", book)


def test_what_has_no_day_is_not_released(book):
    text = (book / "CHANGELOG.md").read_text()
    (book / "CHANGELOG.md").write_text(text.replace("1 May", "unreleased"))
    with pytest.raises(SystemExit, match="give it the day of v1.2.0"):
        release.check("v1.2.0", book)


def test_a_wrong_tag_is_refused_before_anything_is_built(monkeypatch):
    done = []
    for name in ("pdf", "epub", "archive"):
        monkeypatch.setattr(project, name, lambda name=name: done.append(name))
    monkeypatch.setattr(project, "ensure", lambda name: None)
    monkeypatch.setattr(project, "python_of", lambda venv: sys.executable)
    monkeypatch.setenv("ARGS", "v9.9.9")
    with pytest.raises(SystemExit):
        project.release()
    assert done == []
