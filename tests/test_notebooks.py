"""The form of the chapters: what strict comparison of outputs (nbval) does not look at.

Which outputs are right is decided by running them, see pyproject.toml; here: how a chapter is written down.
"""

import ast
import base64
import io
import re
import sys
from pathlib import Path

import nbformat
import pytest
import yaml
from PIL import Image

from lib.figures import plot_style
from tools.refresh import OUT_OF_SIGHT

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "_ext"))

from book.folds import proves  # noqa: E402

PAGES = [ROOT / "index.ipynb", *sorted(ROOT.glob("chapters/[!_]*.ipynb"))]
CHAPTERS = [path for path in PAGES if path.name[0].isdigit()]
# Tags change what the reader sees or what a test compares, so each one in use has its reason here.
TAGS = {
    "hide-input": "the cell only draws; its code can be opened",
    "hide-output": "the output is long, or the answer to a prediction; it can be opened",
    "full-width": "the explorer, or a wide matrix, takes the width of the page",
    "remove-input": "what it shows is the point: a picture of the landing page, the calculator",
    "raises-exception": "the error is the lesson",
    "nbval-ignore-output": "the cell measures times, which are never the same",
}
FILE_NAME = re.compile(r"^[\w./-]*\.(svg|png|jpe?g)$|^[0-9a-f]{16,}", re.IGNORECASE)


def by_name(path):
    return path.stem


@pytest.fixture(params=PAGES, ids=by_name)
def page(request):
    return nbformat.read(request.param, as_version=4)


@pytest.fixture(params=CHAPTERS, ids=by_name)
def chapter(request):
    return nbformat.read(request.param, as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def outputs(notebook):
    return [(cell, output) for cell in code_cells(notebook) for output in cell.outputs]


def headings(notebook, level):
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    text = re.sub(r"^(`{3,}|:{3,}).*?^\1\s*$", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.findall(rf"^{'#' * level} (.+)$", text, flags=re.MULTILINE)


def test_every_page_is_in_the_table_of_contents():
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    listed = [chapter["file"] for part in toc["parts"] for chapter in part["chapters"]]
    files = [path for path in ROOT.glob("chapters/[!_]*") if path.suffix in {".ipynb", ".md"}]
    assert sorted(listed) == sorted(f"chapters/{path.stem}" for path in files)
    numbered = [name for name in listed if name.split("/")[1][0].isdigit()]
    assert numbered == sorted(numbered), "chapters stand in the order of their numbers"


def test_form(page):
    nbformat.validate(page)
    assert page.nbformat == 4 and page.nbformat_minor == 5
    assert page.metadata == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    assert page.cells[-1].source.strip(), "no empty cell at the end"


def test_run_once_from_top_to_bottom(page):
    counts = [cell.execution_count for cell in code_cells(page)]
    assert counts == list(range(1, len(counts) + 1))
    for cell, output in outputs(page):
        if output.output_type == "execute_result":
            assert output.execution_count == cell.execution_count, cell.id


def test_cell_ids_are_names(page):
    ids = [cell.id for cell in page.cells]
    assert len(set(ids)) == len(ids)
    for name in ids:
        assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name), f"{name!r}: words joined by hyphens"
        assert not re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f-]+)?", name), f"{name!r} is made by a program"


def test_metadata_says_only_what_a_reader_sees(page):
    for cell in page.cells:
        assert set(cell.metadata) <= {"tags", "mystnb", "jupyter"}, cell.id
        solves = cell.cell_type == "code" and cell.id.startswith("solution-")
        assert cell.metadata.get("jupyter") == (OUT_OF_SIGHT if solves else None), f"{cell.id}: make refresh"
        assert set(cell.metadata.get("tags", [])) <= set(TAGS), cell.id
        assert set(cell.metadata.get("mystnb", {})) <= {"image", "figure"}, cell.id
    for cell, output in outputs(page):
        assert not output.get("metadata"), cell.id


def test_no_warnings_errors_or_live_state_in_outputs(page):
    for cell, output in outputs(page):
        assert output.get("name") != "stderr", f"{cell.id} writes to stderr"
        if output.output_type == "error":
            assert "raises-exception" in cell.metadata.get("tags", []), f"{cell.id} ends in an error"
        assert "application/vnd.jupyter.widget-view+json" not in output.get("data", {}), cell.id


def test_no_output_names_this_machine_or_this_moment(page):
    for cell, output in outputs(page):
        for text in [output.get("text", ""), *output.get("data", {}).values()]:
            for stray in (r"\b0x[0-9a-f]{6,}", r"/(home|root|tmp|Users)/", r"np\.(float|int)\d+\("):
                found = re.search(stray, text)
                assert not found, f"{cell.id} shows {found[0]!r}"


def test_no_trailing_semicolon(page):
    for cell in code_cells(page):
        last = cell.source.strip().split("\n")[-1]
        assert not last.endswith(";"), f"{cell.id}: `;` hides the output, but not from nbval: bind it to _"


def test_code_is_plain_python_that_stands_alone(page):
    for cell in code_cells(page):
        assert not re.search(r"^\s*[%!]", cell.source, re.MULTILINE), f"{cell.id}: no magics, no shell"
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module]
                assert not {"sys", "os"} & set(names), f"{cell.id}: a chapter does not touch the path"


@pytest.mark.parametrize("path", PAGES, ids=by_name)
def test_code_that_is_read_needs_no_scrolling(path):
    """A page of 1280 pixels shows 83 characters in a line. Folded code may be wider: few open it."""
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            folded = {"hide-input", "remove-input"} & set(cell.metadata.get("tags", [])) or proves(cell)
            shown = "" if folded or cell.id.startswith("solution-") else cell.source
        else:
            shown = "\n".join(re.findall(r"^```\w+\n(.*?)^```$", cell.source, re.MULTILINE | re.DOTALL))
        wide = [line for line in shown.split("\n") if len(line) > 83]
        assert not wide, f"{cell.id}: {wide}"


def test_every_image_is_described(page):
    for cell, output in outputs(page):
        data = output.get("data", {})
        if "image/png" in data or "image/jpeg" in data:
            words = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
            named = FILE_NAME.search(words)
            assert len(words) >= 20 and not named, f"{cell.id}: say in mystnb.image.alt what it shows"
        if "image/svg+xml" in data:
            assert re.search(r"<title>.+</title>", data["image/svg+xml"]), cell.id
            assert re.search(r"<desc>.{20,}</desc>", data["image/svg+xml"], re.DOTALL), cell.id
            assert "text/html" in data, f"{cell.id}: without the page's form the drawing has no dark colours"


def test_every_picture_of_a_chapter_has_a_caption(chapter):
    """So that it has a number too, and can be cited."""
    for cell, output in outputs(chapter):
        if {"image/png", "image/svg+xml"} & set(output.get("data", {})):
            assert cell.metadata.get("mystnb", {}).get("figure", {}).get("caption"), cell.id


def test_letters_of_a_plot_are_not_too_small_on_a_phone(chapter):
    """A phone of 390 pixels shows a picture 342 wide. The letters of plots are 10 points, no cell has smaller
    ones, so a plot may have so many pixels that 10 points become 11 pixels there, and a few."""
    letter = plot_style()["font.size"] * plot_style()["figure.dpi"] / 72
    for cell, output in outputs(chapter):
        if "image/png" in output.get("data", {}) and "plt." in cell.source:
            width, _ = Image.open(io.BytesIO(base64.b64decode(output.data["image/png"]))).size
            assert letter * 342 / width >= 11, f"{cell.id}: {width} pixels are too many"
            sizes = re.findall(r"(?:font|label)size=([^,)\s]+)", cell.source)
            assert all(size == '"medium"' or size.isdigit() and int(size) >= 10 for size in sizes), cell.id


def test_no_answer_begins_with_a_number_and_a_full_stop(page):
    """`5. The sixth ...` would be set as a list, whose first item is the fifth."""
    for cell in page.cells:
        if cell.cell_type == "markdown":
            assert not re.search(r"</summary>\s+\d+[.)] ", cell.source), cell.id


def test_pictures_of_the_readme_are_those_of_the_landing_page():
    cells = {cell.id: cell for cell in nbformat.read(ROOT / "index.ipynb", as_version=4).cells}
    files = sorted((ROOT / "pictures").glob("*.svg"))
    assert len(files) >= 2
    for file in files:
        drawing = cells[f"picture-{file.stem}"].outputs[0].data["image/svg+xml"]
        assert file.read_text(encoding="utf-8") == drawing + "\n"
        assert f"pictures/{file.name}" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_anatomy(chapter):
    first = chapter.cells[0]
    assert first.cell_type == "markdown" and first.source.startswith("# ")
    assert "**In this chapter" in first.source, "say what the reader will be able to do"
    assert "| You need |" in first.source, "say what the reader needs, where it is, how long it takes"
    assert chapter.cells[1].cell_type == "code" and "setup()" in chapter.cells[1].source
    assert len(headings(chapter, 1)) == 1
    assert headings(chapter, 2)[-3:] == ["Exercises", "Summary", "Further reading"]


def test_one_sitting(chapter):
    """The road without its exercises is about 25 code cells, at most 30."""
    sources = [cell.source for cell in chapter.cells]
    end = next(i for i, source in enumerate(sources) if re.search(r"^## Exercises$", source, re.MULTILINE))
    assert sum(cell.cell_type == "code" for cell in chapter.cells[:end]) <= 30


def test_an_answer_is_folded_until_asked_for(chapter):
    """Where a chapter says "predict", the answer follows in a fold, at once or a cell later."""
    end = next(i for i, cell in enumerate(chapter.cells) if "## Exercises" in cell.source)
    road = chapter.cells[1:end]  # behind the opening, which says what the reader will be able to predict
    for cell, after in zip(road, road[1:]):
        if cell.cell_type == "markdown" and re.search(r"\b[Pp]redict\b", cell.source):
            assert "<details>" in cell.source + after.source, cell.id


def test_every_chapter_invites_a_change(chapter):
    """A line that begins "Change this." stands under a cell that the reader can change and run."""
    invited = [n for n, cell in enumerate(chapter.cells) if cell.source.startswith("**Change this.**")]
    assert invited
    for n in invited:
        assert chapter.cells[n - 1].cell_type == "code"


def test_every_exercise_has_a_stub_and_a_solution(chapter):
    text = "\n".join(cell.source for cell in chapter.cells if cell.cell_type == "markdown")
    asked = r"^[`:]{3,}\{exercise(?:-start)?\}[^\n]*\n(?::[^\n]*\n)*?:label: (\S+)"
    names = re.findall(asked, text, re.MULTILINE)
    solved = re.findall(r"^[`:]{3,}\{solution-start\} (\S+)", text, re.MULTILINE)
    assert len(names) >= 2, f"a chapter has two exercises at least, this one {names or 'none'}"
    assert sorted(names) == sorted(solved)
    stubs = "\n".join(cell.source for cell in code_cells(chapter))
    for name in names:
        assert stubs.count(f'check("{name}"') >= 2, f"{name}: a stub and a solution, both checked"
