"""What the book printed of each cell, and its exercises: read from the notebooks, for the page's scripts."""

import hashlib
import importlib.util
import re
from functools import cache
from pathlib import Path

import nbformat

from lib import exercises

HERE = Path(__file__).parent
_spec = importlib.util.spec_from_file_location("live_driver", HERE / "page" / "driver.py")
# The page's Python side: one rule of what is compared, for what was printed and for what a run gives.
driver = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(driver)

EXERCISE = re.compile(
    r"^[`:]{3,}\{exercise(?:-start)?\} *(?P<title>[^\n]*)\n(?::[^\n]*\n)*?:label: (?P<name>\S+)", re.MULTILINE
)
SOLUTION = re.compile(r"^[`:]{3,}\{solution-(?P<what>start|end)\} ?(?P<name>\S*)", re.MULTILINE)


def pages(folder):
    """The notebooks of the book, in order."""
    folder = Path(folder)
    return [folder / "index.ipynb", *sorted(folder.glob("chapters/[!_]*.ipynb"))]


@cache
def read(path):
    try:
        return nbformat.read(path, as_version=4)
    except nbformat.reader.NotJSONError as error:
        raise ValueError(f"{path.name} is not a notebook: {error}") from None


def outputs(cell):
    """A cell's stored outputs, in the form in which the driver gives a run's."""
    keep = ("output_type", "name", "text", "ename", "evalue")
    for output in cell.outputs:
        kept = {name: output[name] for name in keep if name in output}
        if "data" in output:
            kept["data"] = {mime: it for mime, it in output.data.items() if isinstance(it, str)}
        yield kept


def printed(path):
    """What a page's scripts need to know of each code cell, and the exercises."""
    notebook = read(path)
    roles = roles_of(notebook)
    plots_from = first_plot(notebook)
    cells = []
    for number, cell in enumerate(code_cells(notebook)):
        tags = cell.metadata.get("tags", [])
        name, role = roles.get(cell.id, (None, None))
        compared = "nbval-ignore-output" not in tags
        cells.append(
            {
                "id": cell.id,
                "source": cell.source,
                "digest": driver.digest(list(outputs(cell))) if compared else None,
                "raises": "raises-exception" in tags,
                "plots": plots_from is not None and number >= plots_from,
                "alt": cell.metadata.get("mystnb", {}).get("image", {}).get("alt", ""),
                "exercise": name,
                "role": role,
            }
        )
    return {"cells": cells, "exercises": exercises_of(path)["exercises"]}


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def first_plot(notebook):
    """The number of the first code cell that needs matplotlib, or None."""
    for number, cell in enumerate(code_cells(notebook)):
        kinds = [set(output.get("data", {})) for output in cell.outputs]
        drawn = any("image/png" in kind and "text/html" not in kind for kind in kinds)
        if drawn or re.search(r"\bmatplotlib\b", cell.source):
            return number
    return None


def roles_of(notebook):
    """For each cell of an exercise: its exercise, and whether it is the stub or part of the solution."""
    roles, solving = {}, None
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            for match in SOLUTION.finditer(cell.source):
                solving = match["name"] if match["what"] == "start" else None
        elif cell.cell_type == "code":
            asked = re.findall(r'\bcheck\(\s*"([\w-]+)"', cell.source)
            if solving:
                roles[cell.id] = (solving, "solution")
            elif asked:
                roles[cell.id] = (asked[-1], "stub")
    return roles


def exercises_of(path):
    """A page's exercises: name, title, the hash of what is asked, the stub's cell and the hints."""
    notebook = read(path)
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    heading = re.search(r"^# (.+)$", text, re.MULTILINE)
    stubs = {name: cell_id for cell_id, (name, role) in roles_of(notebook).items() if role == "stub"}
    sources = {cell.id: cell.source for cell in notebook.cells}
    found = []
    for cell in notebook.cells:
        for match in EXERCISE.finditer(cell.source) if cell.cell_type == "markdown" else ():
            name = match["name"]
            asked = cell.source[match.start() :] + sources.get(stubs.get(name), "")
            found.append(
                {
                    "name": name,
                    "title": match["title"].strip(),
                    "hash": hashlib.sha256(asked.encode()).hexdigest()[:12],
                    "stub": stubs.get(name),
                    "hints": hints(name),
                }
            )
    page = "index.html" if path.stem == "index" else f"chapters/{path.stem}.html"
    return {"page": page, "title": heading[1] if heading else path.stem, "exercises": found}


def hints(name):
    """The hints that are registered with the exercise."""
    registered = getattr(exercises, "registered", None)
    return list(registered(name).hints) if registered else []
