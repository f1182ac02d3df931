"""What `make links` and `make audit` say of what others answered, or did not; what `make same` compares."""

import pytest

from tools import audit, links, same

AWAY = "HTTPSConnectionPool(host='a.org'): Max retries exceeded (NameResolutionError)"


def link(status, host="a.org", info=""):
    return {"filename": "chapters/one.md", "status": status, "uri": f"https://{host}/x", "info": info}


@pytest.mark.parametrize(
    ("found", "last", "well"),
    [
        (
            [link("working"), link("redirected")],
            "2 addresses answer, 0 are broken, 0 were",
            True,
        ),
        ([link("working"), link("broken", info="404")], "1 addresses answer, 1 are broken, 0 were", False),
        ([link("working"), link("timeout", info="timed out")], "0 are broken, 1 were not reached.", False),
        ([link("broken", info=AWAY), link("broken", "b.org", AWAY)], "None of the 2 places", False),
        ([], "0 addresses answer", True),
    ],
)
def test_links_are_sorted_into_dead_and_not_reached(found, last, well):
    lines, said = links.report(found)
    assert last in lines[-1] and said is well


def test_a_broken_link_is_named_with_its_page(tmp_path):
    file = tmp_path / "output.json"
    file.write_text(
        '{"filename": "one.md", "status": "broken", "uri": "https://a.org/x", "info": "404"}\n'
        '{"filename": "one.md", "status": "unchecked", "uri": "#here", "info": ""}\n'
    )
    lines, _ = links.report(links.read(file))
    assert lines[0] == "one.md: https://a.org/x (404)" and len(lines) == 2


WELL = {"name": "numpy", "version": "2.0", "vulns": []}
HOLE = {"name": "idna", "version": "1.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"]}]}
SKIPPED = {"name": "pillow", "skip_reason": "not found"}


@pytest.mark.parametrize(
    ("packages", "words", "well"),
    [
        ([WELL], ["1 packages asked: known holes in 0."], True),
        (
            [WELL, HOLE],
            ["idna 1.0: PYSEC-1, mended in 1.1", "2 packages asked: known holes in 1."],
            False,
        ),
        ([WELL, SKIPPED], ["not asked for: pillow", "1 packages asked: known holes in 0."], False),
        ([SKIPPED], ["Nobody could be asked: the list of known holes cannot be reached."], False),
    ],
)
def test_a_package_that_nobody_was_asked_about_is_not_well(packages, words, well):
    """pip-audit itself ends with 'No known vulnerabilities found' where it reaches nobody."""
    assert audit.report(packages) == (words, well)


def test_two_folders_that_differ_are_told_apart(tmp_path):
    """Another byte, a file too few, a file too many; what is the same is not named."""
    folders = {"one": {"a": "1", "b": "2", "in/c": "3"}, "other": {"a": "1", "b": "3", "d": "4"}}
    for name, files in folders.items():
        for file, text in files.items():
            (tmp_path / name / file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name / file).write_text(text)
    assert same.different(tmp_path / "one", tmp_path / "other") == ["b", "d", "in/c"]
    assert same.different(tmp_path / "one", tmp_path / "one") == []
