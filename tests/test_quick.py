"""`make quick` runs what is near: through imports, whatever lies between, and nothing else."""

import re
from pathlib import Path

import pytest

from tools import quick

ROOT = Path(__file__).resolve().parent.parent


def test_a_module_runs_the_tests_and_chapters_behind_its_imports():
    run = quick.selected({"lib/kernels.py"})
    assert {"lib/kernels.py", "tests/test_kernels.py", "tests/test_training.py"} <= set(run)
    assert "chapters/12-checkerboards.ipynb" in run  # imports it
    assert not {"tests/test_shapes.py", "tests/test_svg.py", "chapters/04-what-it-is-not.ipynb"} & set(run)
    assert not [name for name in run if "site" in name]


def test_names_that_a_package_hands_on_lead_to_their_module():
    """`from lib import conv` is the engine and what it stands on, not all that lib hands on."""
    behind = {path.relative_to(ROOT).as_posix() for path in quick.reached(ROOT / "tests" / "test_matrix.py")}
    assert "lib/matrix.py" in behind and "lib/gradients.py" not in behind
    assert any(name.startswith("lib/shapes/") for name in behind)


@pytest.mark.parametrize(
    ("changed", "near"),
    [
        ("lib/measurements.json", "chapters/14-computed-fast.ipynb"),
        ("lib/photographs.npz", "tests/test_images.py"),
        ("lib/exercises/chapter_05.py", "tests/test_exercises.py"),
        ("lib/exercises/chapter_05.py", "chapters/05-padding.ipynb"),
        ("lib/explorer/front/explorer.css", "tests/test_explorer.py"),
        ("lib/explorer/front/explorer.css", "tests/site/test_explorer_geometry.py"),
        ("chapters/05-padding.ipynb", "chapters/05-padding.ipynb"),
        ("chapters/05-padding.ipynb", "tests/test_notebooks.py"),
        ("chapters/glossary.md", quick.ONE_PAGE.format("chapters/glossary")),
        ("_ext/static/book.css", quick.ONE_PAGE.format("index")),
        ("tests/site/test_explorer_lab.py", "tests/site/test_explorer_lab.py"),
        ("tools/quick.py", "tests/test_quick.py"),
        ("README.md", "README.md"),
    ],
)
def test_what_else_is_near(changed, near):
    assert (ROOT / changed).exists()
    assert near in quick.selected({changed})


def test_what_is_far_runs_nothing():
    assert quick.selected({"LICENSE"}) == []


def test_the_tests_of_the_site_that_it_names_are_there():
    for name in [*quick.EVERY_PAGE, quick.ONE_PAGE.format("index"), *quick.EXPLORER]:
        file, _, function = re.sub(r"\[.*", "", name).partition("::")
        assert f"def {function}(" in (ROOT / file).read_text(encoding="utf-8") or not function
