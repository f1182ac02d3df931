"""What `make` hands on, and what it says when it cannot."""

import ast
import os
import re
import runpy
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tools import mutants, project
from tools.project import TASKS, arguments, places

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = ROOT / "tools" / "project.py"


def said(*words, python=()):
    """Run the script; return its exit code and all that it says."""
    result = subprocess.run([sys.executable, *python, SCRIPT, *words], capture_output=True, text=True)
    return result.returncode, result.stdout + result.stderr


@pytest.mark.skipif(os.name == "nt", reason="there a backslash is part of a path, and quotes stay")
def test_args_are_split_as_a_shell_splits_them(monkeypatch):
    monkeypatch.setenv("ARGS", "tests/test_ops.py -q -k 'link or solver'")
    assert arguments() == ["tests/test_ops.py", "-q", "-k", "link or solver"]
    monkeypatch.delenv("ARGS")
    assert arguments() == []


def test_make_has_the_tasks_of_the_script():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = re.search(r"^TASKS = ((?:.*\\\n)*.*)$", makefile, re.MULTILINE)[1].replace("\\\n", " ").split()
    assert sorted(named) == sorted(TASKS)
    assert ".PHONY: $(TASKS)\n\n$(TASKS):\n" in makefile


def test_help_has_a_line_for_each_task_and_the_page_for_contributors_too():
    code, words = said("help")
    assert code == 0
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8") + (ROOT / "README.md").read_text(
        encoding="utf-8"
    )
    for name, task in TASKS.items():
        assert "\n" not in task.__doc__ and f"  {name:9} {task.__doc__}\n" in words
        assert name == "clean" or f"`make {name}" in page or f"make {name} " in page


def test_help_names_the_variables_that_a_task_reads():
    """Each NAME= in a line of help is read from the environment by the script, and the reverse."""
    code = "".join(
        (ROOT / "tools" / name).read_text(encoding="utf-8") for name in ("project.py", "new_chapter.py")
    )
    read = set(re.findall(r"os\.environ\.get\(\"([A-Z]+)\"", code)) - {"CI"}
    named = set(re.findall(r"\b([A-Z]+)=", " ".join(task.__doc__ for task in TASKS.values())))
    assert named == read


@pytest.mark.parametrize("words", [(), ("tests",), ("test", "lint"), ("--help",)])
def test_a_wrong_task_is_answered_with_a_sentence(words):
    code, answer = said(*words)
    assert code == 1 and "Traceback" not in answer
    assert answer.startswith("\nGive one task, got ") and "test, quick" in answer


def test_an_older_python_is_answered_with_a_sentence(monkeypatch):
    ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 7))  # it is read before it can say so
    monkeypatch.setattr(sys, "version_info", (3, 10, 4))
    monkeypatch.setattr(sys, "argv", [str(SCRIPT), "help"])
    with pytest.raises(SystemExit, match="Python 3.11 or newer is needed"):
        runpy.run_path(str(SCRIPT), run_name="__main__")


@pytest.mark.skipif(os.name == "nt", reason="a signal cannot be sent to one process there")
def test_stopping_by_hand_leaves_no_traceback(tmp_path):
    """Ctrl-C while a task waits."""
    (tmp_path / "tools").mkdir()
    script = tmp_path / "tools" / "project.py"
    waiting = "def help():\n    print(1, flush=True)\n    time.sleep(60)\n"
    text = SCRIPT.read_text(encoding="utf-8").replace("def help():\n", waiting)
    script.write_text(text, encoding="utf-8")
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    # A run in the background ignores Ctrl-C, and what it starts would ignore it too.
    heeding = "import runpy, signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
    heeding += f"sys.argv = [{str(script)!r}, 'help']; runpy.run_path(sys.argv[0], run_name='__main__')"
    process = subprocess.Popen([sys.executable, "-c", heeding], **pipes)
    assert process.stdout.readline() == "1\n"
    process.send_signal(signal.SIGINT)
    _, words = process.communicate(timeout=120)
    assert process.returncode == 1 and words == "\nStopped.\n"


def test_a_place_in_a_notebook_is_explained():
    said = "/book/chapters/05-padding.ipynb:30012: WARNING: cross-reference target not found"
    assert "line 12 of cell 3" in places(said) and "05-padding.ipynb" in places(said)
    assert (
        places("/book/chapters/glossary.md:30012: WARNING") == "" == places("chapters/05-padding.ipynb:12: x")
    )


def test_a_folder_that_cannot_be_written_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(project, "ROOT", tmp_path)
    monkeypatch.setattr(project.os, "access", lambda path, mode: False)
    with pytest.raises(SystemExit, match="cannot be written by you. Copy the book"):
        project.make_environment(tmp_path / ".venv")


def test_clean_says_what_it_removes_and_what_it_cannot(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(project, "ROOT", tmp_path)
    (tmp_path / "_build" / "html").mkdir(parents=True)
    (tmp_path / "build").mkdir()
    project.clean()
    assert capsys.readouterr().out == "Removed _build.\nRemoved build.\n" and not list(tmp_path.iterdir())
    (tmp_path / "_build").mkdir()

    def refuse(folder):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(project.shutil, "rmtree", refuse)
    with pytest.raises(SystemExit, match="_build cannot be removed: Permission denied"):
        project.clean()


def test_a_wrong_browser_is_said(monkeypatch):
    monkeypatch.setenv("CHROMIUM", "/no/such/browser")
    with pytest.raises(
        SystemExit, match="CHROMIUM must be a program that can be run, got '/no/such/browser'"
    ):
        project.browser()


def test_lab_gets_arguments_and_starts_for_root(monkeypatch):
    called = []
    monkeypatch.setattr(project, "ensure", lambda name: None)
    monkeypatch.setattr(project, "port", lambda: 8888)
    monkeypatch.setattr(project, "python_of", lambda venv: sys.executable)
    monkeypatch.setattr(project, "run", lambda *words: called.extend(words))
    monkeypatch.setenv("ARGS", "--no-browser")
    monkeypatch.setattr(project.os, "geteuid", lambda: 0, raising=False)
    project.lab()
    assert "--no-browser" in called and "--allow-root" in called and "--LabApp.custom_css=True" in called
    monkeypatch.setattr(project.os, "geteuid", lambda: 1000, raising=False)
    called.clear()
    project.lab()
    assert "--allow-root" not in called


def test_mutants_cover_all_of_lib_but_the_front_end_and_data():
    lib, covered = ROOT / "lib", mutants.modules()
    left = {p.relative_to(lib).with_suffix("").as_posix() for p in lib.rglob("*.py")} - set(covered)
    bare = {name for name in left if name.endswith("__init__")}  # nothing but imports
    front_end = {
        "front_end",
        "notebook",
        *(name for name in left if name.startswith(("explorer/", "calculator/"))),
    }
    data = {name for name in left if name.startswith("exercises/chapter_")}  # test_exercises.py
    assert left == bare | front_end | data
    assert all((ROOT / "tests" / f"test_{test}.py").exists() for tests in covered.values() for test in tests)


def test_mutants_are_chosen_by_module_or_by_package():
    assert list(mutants.chosen(["figures/wiring", "matrix"])) == ["matrix", "figures/wiring"]
    assert {name.partition("/")[0] for name in mutants.chosen(["dialects"])} == {"dialects"}
    assert "dialects/torch" in mutants.chosen(["dialects"])
    assert mutants.chosen([]) == mutants.modules()
    with pytest.raises(SystemExit, match="or their packages, got nothing"):
        mutants.chosen(["ops", "nothing"])
