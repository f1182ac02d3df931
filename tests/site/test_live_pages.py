"""Run all on every page with code: each assertion holds there, and what can be compared is what is printed.

Then every exercise: its stub is not answered, its solution is right, and each registered mistake is refused
with the sentence that Python outside of a page has for it, all judged by the Python in the page.
"""

import json
import re

import nbformat
import pytest
from conftest import PATIENCE, ROOT
from live_page import LivePage

from lib.exercises import check, registered

NOTEBOOKS = [ROOT / "index.ipynb", *sorted(ROOT.glob("chapters/[!_]*.ipynb"))]
REPEAT = re.compile(r"\brepeat=\d+")  # how often a cell that measures times does so; once is enough here
# 500 steps of training take a minute in a page. The test makes the change that the chapter invites, 50 steps;
# of the cells behind it these, and no others, then put out something else: their assertions speak of 500.
FEWER = {"chapters/16-in-networks.html": ("seed", "500", "50", {"train", "result", "cost-of-pattern"})}
# Cells that measure times, whose results are not compared: the largest layers take a quarter of a minute.
SMALLER = {
    "growth": ("(64, 128, 256)", "(16, 32, 64)"),
    "fewer-time": (", (256, 32), (256, 64))", ")"),
}
REFUSALS = """
import json
from lib.exercises import check, registered
verdicts = [check({name!r}, mistake.answer) for mistake in registered({name!r}).wrong]
print(json.dumps([[verdict.right, verdict.sentence] for verdict in verdicts]))
"""


@pytest.fixture(scope="session")
def shelf(browser):
    """One browser context for all pages, so that Python is downloaded once."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request):
    """The page's code cells as they are stored, and its address."""
    path = request.param
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    return path.relative_to(ROOT).with_suffix(".html").as_posix(), cells


def test_run_all(shelf, server, notebook):
    name, cells = notebook
    tab = shelf.new_page()
    faults = []
    tab.on("pageerror", lambda error: faults.append(str(error)))
    tab.goto(server + name)
    page = LivePage(tab)
    assert page.names() == [cell.id for cell in cells]
    timed = [cell for cell in cells if "nbval-ignore-output" in cell.metadata.get("tags", [])]
    for cell in timed:
        page.write(cell.id, REPEAT.sub("repeat=1", with_less(cell)))
    may_differ = take_fewer_steps(page, cells, name)
    page.press("Run all")
    page.wait_until_said("cells have run", "failed", "could not be loaded", timeout=600_000)
    ended = page.every_cell()
    assert list(ended) == [cell.id for cell in cells]
    check_ends(ended, {cell.id for cell in timed}, may_differ, page.said())
    refuse_mistakes(page, cells, {key: output for key, (_, _, output) in ended.items()})
    assert not faults
    tab.close()


def check_ends(ended, timed, may_differ, said):
    """Each cell has run, and put out what is printed; `timed` may put out what it will, `may_differ` fail."""
    for key in may_differ:
        state, same, output = ended.pop(key)
        assert state == "failed" and not same and "AssertionError in line" in output
        assert f"“{key.replace('-', ' ')}”" in said
    wrong = {key: (state, output) for key, (state, _, output) in ended.items() if state != "done"}
    assert not wrong
    other = {key: output[:300] for key, (_, same, output) in ended.items() if not same and key not in timed}
    assert not other, "these cells put out something else than the book prints"


def with_less(cell):
    """The source of a cell that measures times, with smaller layers where it has large ones."""
    larger, smaller = SMALLER.get(cell.id, ("", ""))
    assert not larger or cell.source.count(larger) == 1
    return cell.source.replace(larger, smaller) if larger else cell.source


def take_fewer_steps(page, cells, name):
    """Change how long the page trains, where it does; return the cells whose results hang on it."""
    if name not in FEWER:
        return set()
    changed, steps, fewer, may_differ = FEWER[name]
    source = next(cell.source for cell in cells if cell.id == changed)
    assert source.count(steps) == 1
    page.write(changed, source.replace(steps, fewer))
    return may_differ


def refuse_mistakes(page, cells, printed):
    """Hand every registered mistake in through the stub of its exercise, which as printed is no answer."""
    stubs = {}
    for cell in cells:
        for asked in re.findall(r'check\("([\w-]+)"', cell.source):
            stubs.setdefault(asked, cell.id)
    for exercise, stub in stubs.items():
        assert "not answered yet" in printed[stub]
        page.write(stub, REFUSALS.format(name=exercise))
        assert page.run(stub, "Check") == "done", page.output(stub)
        mistakes = registered(exercise).wrong
        wanted = [[False, check(exercise, mistake.answer).sentence] for mistake in mistakes]
        assert json.loads(page.output(stub)) == wanted
        for (_, sentence), mistake in zip(wanted, mistakes):
            word = mistake.says
            assert word in sentence or word[0].upper() + word[1:] in sentence, "it may begin a sentence"
