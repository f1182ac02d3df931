"""What a page folds: cells that prove or prepare, and what is said of a fold."""

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "_ext"))

from book import folds


def cell(name, source="x = 1", **more):
    made = {"cell_type": "code", "id": name, "source": [source], "metadata": {}, "outputs": []}
    return {**made, **more}


@pytest.mark.parametrize(
    ("name", "proof"),
    [("assert-sizes", True), ("sizes-assert", True), ("the-assert-of-sizes", True), ("sizes-check", True)]
    + [("sizes", False), ("check-your-answer", False), ("assertion", False), ("reassert", False)],
)
def test_a_cell_that_proves_says_so_in_its_name(name, proof):
    assert folds.proves(cell(name)) == proof
    assert not folds.proves(cell(name, outputs=[{"output_type": "stream"}])), "what it shows is to be read"
    assert not folds.proves(cell(name, cell_type="markdown"))


@pytest.mark.parametrize(
    ("source", "prepares"),
    [
        ("import numpy as np\n\nfrom lib import conv", True),
        ("from lib.notebook import setup\n\nsetup()", True),
        ("import numpy as np\nx = np.ones(3)", False),
        ("import numpy as np\nprint(np.ones(3))", False),
        ("%matplotlib inline", False),
        ("", False),
    ],
)
def test_a_cell_that_only_imports_prepares(source, prepares):
    assert folds.only_prepares(source) == prepares
    assert folds.proves(cell("start", source)) == prepares


def folded(*cells):
    source = [json.dumps({"cells": cells})]
    folds.fold_proofs(None, "page", source)
    return [each["metadata"].get("tags", []) for each in json.loads(source[0])["cells"]]


def test_what_proves_is_folded_once_and_never_what_is_out_of_sight():
    """What is removed stays removed: a second tag would bring it back."""
    tags = [["hide-input"], ["remove-cell"], ["remove-input"], ["hide-cell"], ["other"]]
    proofs = [cell("assert-it", metadata={"tags": list(each)}) for each in tags]
    assert folded(*proofs, cell("numbers")) == [*tags[:-1], ["other", "hide-input"], []]


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        ('<pre>figures.walk(x)</pre><div aria-label="A walk, 4 frames. More.">', "draws: A walk, 4 frames"),
        ('<pre>plot()</pre><img alt="Two lines. They cross.">', "draws: Two lines"),
        ('<pre>print(1)</pre><div class="output stream">1</div>', "prints what follows"),
        ('<pre>1</pre><div class="output text_plain">1</div>', "prints what follows"),
        ("<pre>assert x == 1</pre>", "checks what the text says"),
        ("<pre>import numpy</pre>", "prepares this page"),
    ],
)
def test_a_fold_says_what_its_code_does(inside, words):
    opening = '<details class="admonition hide above-input">\n<summary aria-label="Toggle">Show</summary>'
    made = folds.mend_folds(f"{opening}{inside}")
    assert made.startswith(
        '<details class="hide above-input"><summary>code<span class="visually-hidden"> that '
    )
    assert f"that {words}</span></summary>{inside}" in made and "Toggle" not in made


def test_a_solution_is_opened_by_its_title():
    body = '<details class="solution dropdown"><p class="admonition-title">Solution</p><p>Text</p></details>'
    made = folds.mend_folds(body)
    assert '<summary class="admonition-title">Solution</summary><p>Text</p>' in made
