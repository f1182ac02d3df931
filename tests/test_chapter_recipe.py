"""`make chapter`: what it writes passes, and what it is given wrong it refuses with a sentence."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def book(tmp_path):
    """As much of the book as a new chapter touches."""
    for folder in ("tools", "chapters", "lib"):
        (tmp_path / folder).mkdir()
    shutil.copy(ROOT / "tools" / "new_chapter.py", tmp_path / "tools")
    shutil.copy(ROOT / "chapters" / "_template.ipynb", tmp_path / "chapters")
    shutil.copy(ROOT / "_toc.yml", tmp_path)
    shutil.copytree(
        ROOT / "lib", tmp_path / "lib", dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__")
    )
    (tmp_path / "chapters" / "05-padding.ipynb").touch()
    return tmp_path


def begun(book, **given):
    environment = {**os.environ, "NN": "", "NAME": "", **given}
    command = [sys.executable, book / "tools" / "new_chapter.py"]
    result = subprocess.run(command, env=environment, capture_output=True, text=True)
    return result.returncode, result.stdout + result.stderr


def test_a_new_chapter_has_two_exercises_with_specifications_and_its_place(book):
    code, words = begun(book, NN="98", NAME="steps-in-time")
    assert code == 0 and "make refresh ARGS=chapters/98-steps-in-time.ipynb" in words
    cells = json.loads((book / "chapters" / "98-steps-in-time.ipynb").read_text("utf-8"))["cells"]
    text = "\n".join("".join(cell["source"]) for cell in cells)
    assert re.findall(r":label: (\S+)", text) == ["98-size", "98-corner"]
    assert re.findall(r"\{solution-start\} (\S+)", text) == ["98-size", "98-corner"]
    assert len({cell["id"] for cell in cells}) == len(cells) and "03-size" not in text
    toc = (book / "_toc.yml").read_text(encoding="utf-8")
    numbers = re.findall(r"chapters/(\d\d)-", toc)
    assert numbers[-1] == "98" and numbers == sorted(numbers)


def test_the_code_of_a_new_chapter_runs_and_its_answers_are_right(book):
    begun(book, NN="98", NAME="steps-in-time")
    cells = json.loads((book / "chapters" / "98-steps-in-time.ipynb").read_text("utf-8"))["cells"]
    code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    code = re.sub(r"^check\((.*)\)$", r"print(bool(check(\1)))", code, flags=re.MULTILINE)
    result = subprocess.run([sys.executable, "-c", code], cwd=book, capture_output=True, text=True)
    assert result.stdout.split() == ["False", "True", "False", "True"], result.stderr


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "make chapter NN=20 NAME=steps-in-time"),
        ({"NN": "7", "NAME": "steps"}, "Got NN='7'"),
        ({"NN": "20", "NAME": "Steps In Time"}, "NAME='Steps In Time'"),
        ({"NN": "05", "NAME": "steps"}, "NN=05 is taken by 05-padding.ipynb"),
    ],
)
def test_what_is_missing_or_wrong_is_said(book, given, says):
    code, words = begun(book, **given)
    assert code == 1 and says in words and "Traceback" not in words
    assert not list((book / "chapters").glob("20*"))
