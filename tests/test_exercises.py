"""The checker: what it says of right, wrong and missing answers; every chapter's exercises have one."""

import importlib
import json
import re
from pathlib import Path

import numpy as np
import pytest

from lib import exercises
from lib.exercises import Verdict, check

ROOT = Path(__file__).resolve().parent.parent
CHAPTERS = sorted(ROOT.glob("chapters/[0-9]*.ipynb"))
KERNEL = np.arange(1, 10).reshape(3, 3)


def cells(path, kind):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == kind]


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_every_exercise_of_a_chapter_has_a_specification_a_stub_and_a_solution(path):
    text, code = "\n".join(cells(path, "markdown")), "\n".join(cells(path, "code"))
    labels = re.findall(r"\{exercise\}[^\n]*\n:label: (\S+)", text)
    assert labels and len(set(labels)) == len(labels)
    for label in labels:
        assert label[:2] == path.stem[:2]
        assert not check(label, None)  # raises if there is no specification
        assert code.count(f'check("{label}"') >= 2, f"{label}: a stub and a solution call check"
        assert f"{{solution-start}} {label}" in text


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_every_specification_is_an_exercise_of_its_chapter(path):
    importlib.import_module(f"lib.exercises.chapter_{path.stem[:2]}")
    names = {name for name in exercises._judges if name[:2] == path.stem[:2]}
    assert names == set(re.findall(r":label: (\d\d-\S+)", "\n".join(cells(path, "markdown"))))


@pytest.mark.parametrize("nothing", [None, ...])
def test_no_answer_yet(nothing):
    verdict = check("01-count", nothing)
    assert not verdict and repr(verdict) == "01-count: not answered yet"


def test_a_value_right_and_wrong():
    right = [0, 0, 0, 0, 1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9, 0]
    assert repr(check("01-row-of-c", right)) == "01-row-of-c: right" and check("01-row-of-c", right)
    wrong = right[:4] + [2] + right[5:]
    verdict = check("01-row-of-c", wrong)
    assert not verdict
    assert repr(verdict) == "01-row-of-c: not yet: 1 of 16 numbers differ, the first at (4,)"
    html = verdict._repr_mimebundle_()["text/html"]
    assert "yours" in html and "wanted" in html
    assert "text/html" not in check("01-row-of-c", right)._repr_mimebundle_()


def test_a_number_wrong():
    assert repr(check("01-count", 89)) == "01-count: not yet: 89 is not it"


def test_shapes_and_kinds_of_answers_that_cannot_be_compared():
    assert "the shape should be (16,), yours is (3,)" in repr(check("01-row-of-c", [1, 2, 3]))
    assert "the rows of your answer differ in length" in repr(check("01-row-of-c", [[1, 2], [3]]))
    assert not check("02-impostor", "b") and check("02-impostor", "a")
    assert "a function is asked for, got int" in repr(check("01-build-c", 7))


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_every_exercise_gives_a_verdict_on_any_answer(path):
    """A verdict that can be shown, whatever the answer is: a reader's first try may be of any kind."""
    answers = [
        0,
        1.5,
        "?",
        {},
        [],
        [[1, 2], [3]],
        ([1], "?"),
        1j,
        np.zeros((3, 3)),
        np.zeros((0, 2)),
        object(),
    ]
    returned = [None, [], "?", True, [[True, False]], [[1], [2, 3]]]
    functions = [lambda *_, value=value, **__: value for value in returned]
    for name in set(re.findall(r":label: (\d\d-\S+)", "\n".join(cells(path, "markdown")))):
        for answer in answers + functions:
            shown = check(name, answer)._repr_mimebundle_()
            assert shown["text/plain"].startswith(f"{name}: ")


def test_a_sentence_is_text_in_html():
    verdict = Verdict("00-none", "not yet: for <function f>", yours=[1], wanted=[2])
    assert "<p>00-none: not yet: for &lt;function f&gt;</p>" in verdict._repr_mimebundle_()["text/html"]


def test_a_function_is_tried_on_every_case():
    verdict = check("02-backward", lambda kernel, slopes: None)
    assert repr(verdict).startswith("02-backward: the shape should be")

    def fits_the_first_case_only(kernel, input_size):
        matrix = np.zeros((4, 16), int)
        for row, (i, j) in enumerate(np.ndindex(2, 2)):
            grid = np.zeros((4, 4), int)
            grid[i : i + 3, j : j + 3] = kernel
            matrix[row] = grid.ravel()
        return matrix

    verdict = check("01-build-c", fits_the_first_case_only)
    assert not verdict and "your function raised ValueError" in repr(verdict)
    assert "array of shape (2, 3), (4, 5)" in repr(verdict)


def test_a_function_that_changes_its_arguments_does_not_change_the_case():
    def spoils(kernel, slopes):
        kernel[:] = 0
        return kernel

    check("02-backward", spoils)
    assert not check("02-backward", spoils)


def test_an_answer_that_may_be_one_of_many():
    assert check("04-hidden", [3, -6, 3, 2]) and check("04-hidden", [-6, 12, -6, -4])
    assert "C sees it: [0, 0, 0, -6]" in repr(check("04-hidden", [1, -2, 1, 0]))
    assert "all four are zero" in repr(check("04-hidden", [0, 0, 0, 0]))
    assert "integers are asked for" in repr(check("04-hidden", [1.5, 0, 0, 0]))


@pytest.mark.parametrize("name", ["99-nothing", "01-nothing", "", 1, None])
def test_an_unknown_name_is_refused(name):
    with pytest.raises(ValueError, match="name must be that of an exercise of the book"):
        check(name, 1)
