"""Run all on every page with code: each assertion holds there, and what can be compared is what is printed.

Then every exercise: its stub is not answered, its solution is right, and each registered mistake is refused
with its word, all judged by the Python in the page.
"""

import json
import re

import nbformat
import pytest
from conftest import ROOT
from live_page import LivePage

from lib.exercises import registered

NOTEBOOKS = [ROOT / "index.ipynb", *sorted(ROOT.glob("chapters/[!_]*.ipynb"))]
REPEAT = re.compile(r"\brepeat=\d+")  # how often a cell that measures times does so; once is enough here
REFUSALS = """
from lib.exercises import check, registered
for mistake in registered({name!r}).wrong:
    verdict = check({name!r}, mistake.answer)
    print(bool(verdict), verdict.sentence)
"""


@pytest.fixture(scope="session")
def shelf(browser):
    """One browser context for all pages, so that Python is downloaded once."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
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
        page.write(cell.id, REPEAT.sub("repeat=1", cell.source))
    page.press("Run all")
    page.wait_until_said("cells have run", "failed", "could not be loaded", timeout=600_000)
    states = {cell.id: (page.state(cell.id), page.same(cell.id)) for cell in cells}
    wrong = {key: (state, page.output(key)) for key, (state, _) in states.items() if state != "done"}
    assert not wrong
    for cell in timed:
        states.pop(cell.id)
    other = {key: page.output(key)[:300] for key, (_, same) in states.items() if not same}
    assert not other, "these cells put out something else than the book prints"
    refuse_mistakes(page, cells)
    assert not faults
    tab.close()


def refuse_mistakes(page, cells):
    """Hand every registered mistake in, through the stub of its exercise."""
    stubs = {}
    for cell in cells:
        for asked in re.findall(r'check\("([\w-]+)"', cell.source):
            stubs.setdefault(asked, cell.id)
    for exercise, stub in stubs.items():
        # A stub that is a function without a body is asked for its return.
        assert "not answered yet" in page.output(stub)
        page.write(stub, REFUSALS.format(name=exercise))
        assert page.run(stub, "Check") == "done", page.output(stub)
        verdicts = page.output(stub).split("\n")
        wanted = registered(exercise).wrong
        assert len(verdicts) == len(wanted) > 0
        for verdict, mistake in zip(verdicts, wanted):
            says = mistake.says[1:]  # the verdict begins a sentence with it
            assert verdict.startswith("False ") and says in verdict, (exercise, json.dumps(verdict))
