"""What the book is taken away as: notebooks that need nothing beside them, zips, buttons that lead on."""

import ast
import functools
import importlib
import json
import re
import shutil
import subprocess
import sys
import types
import zipfile
from pathlib import Path

import pypdf
import pytest

from tools import address
from tools.editions import notebooks, pages, pdf, shelf, zips

SOURCES = notebooks.sources()
CHAPTERS = [path for path in SOURCES if path.name[0].isdigit()]


def cells(text, kind):
    return ["".join(cell["source"]) for cell in json.loads(text)["cells"] if cell["cell_type"] == kind]


@functools.cache
def taken_along(source):
    """The notebook to take along, made once: packing its library takes most of a second."""
    return notebooks.runs_anywhere(source)


@pytest.fixture(params=SOURCES, ids=lambda path: path.stem)
def chapter(request):
    return request.param, taken_along(request.param)


def test_a_chapter_to_take_along_begins_with_what_brings_lib(chapter):
    _, text = chapter
    first, *others = cells(text, "code")
    assert first.startswith("# @title Run this cell first\n")
    ast.parse(first)
    assert not any("packed = " in cell for cell in others)


def test_a_chapter_to_take_along_speaks_plain_markdown(chapter):
    _, text = chapter
    for cell in cells(text, "markdown"):
        assert not re.search(r"\{[a-z:-]+\}`|^[`:]{3,}\{|^:\w+:|^\([\w-]+\)=$", cell, re.MULTILINE), cell
        assert not re.search(r"\]\((?!https?:)[^)]", cell), f"a link to what is not beside it: {cell}"


def test_a_chapter_to_take_along_keeps_every_cell_of_code(chapter):
    source, text = chapter
    own = [
        cell["id"] for cell in json.loads(source.read_text("utf-8"))["cells"] if cell["cell_type"] == "code"
    ]
    taken = [cell["id"] for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
    assert sorted(taken) == sorted([*own, "find-lib"])
    assert len(set(taken)) == len(taken)


@pytest.mark.parametrize("source", CHAPTERS, ids=lambda path: path.stem)
def test_solutions_stand_at_the_end(source):
    """After the heading: a title for each exercise; before it: every stub."""
    text = taken_along(source)
    every = json.loads(text)["cells"]
    at = next(number for number, cell in enumerate(every) if cell["id"] == "solutions")
    titles = [title.strip() for _, title, _, _ in notebooks.EXERCISE.findall("\n".join(markdown_of(source)))]
    assert [
        cell["source"][0].removeprefix("### ") for cell in every[at:] if cell["id"].startswith("heading-")
    ] == titles
    stubs = [number for number, cell in enumerate(every) if cell["id"].startswith("stub-")]
    solutions = [n for n, cell in enumerate(every) if re.match("solution-(?!s)", cell["id"])]
    assert stubs and max(stubs) < at < min(solutions)


def markdown_of(source):
    return cells(source.read_text(encoding="utf-8"), "markdown")


def test_the_library_of_a_chapter_imports_alone(tmp_path):
    """Chapter 1's library, unpacked: all that the chapter imports is there, and no other chapter's data."""
    source = CHAPTERS[1]
    files = notebooks.library(notebooks.code_of(json.loads(source.read_text(encoding="utf-8"))))
    names = {file.name for file in files}
    assert {"ops.py", "fast.py", "svg.py", "explorer.js"} - names <= {
        "explorer.js"
    } and "guitar.npz" not in names
    for file in files:
        target = tmp_path / file.relative_to(notebooks.ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.read_bytes())
    imports = re.findall(
        r"^(?:from lib[\w.]* import .*|import lib)$",
        notebooks.code_of(json.loads(source.read_text("utf-8"))),
        re.MULTILINE,
    )
    code = "\n".join(["import sys", f"sys.path.insert(0, {str(tmp_path)!r})", *imports])
    code += "\nimport lib; print(lib.__file__)"
    result = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, cwd=tmp_path)
    assert str(tmp_path) in result.stdout, result.stderr


def test_the_first_cell_brings_the_library(tmp_path):
    """Run alone in an empty folder: lib is there, byte for byte, unpacked from one line."""
    source = CHAPTERS[1]
    notebook = json.loads(source.read_text(encoding="utf-8"))
    first = "".join(notebooks.first_cell(notebook, source, inside=True)["source"])
    assert max(map(len, first.split("\n"))) > 99_999
    code = f"{first}\nimport lib; print(lib.__path__[0])"
    (tmp_path / "cell.py").write_text(code, encoding="utf-8")
    result = subprocess.run(
        [sys.executable, "-I", "-W", "error", "cell.py"], capture_output=True, text=True, cwd=tmp_path
    )
    brought = Path(result.stdout.strip())
    assert brought.name == "lib" and brought.parent != notebooks.ROOT, result.stderr
    wanted = notebooks.library(notebooks.code_of(notebook))
    assert {path.relative_to(brought) for path in brought.rglob("*.py")} == {
        path.relative_to(notebooks.LIB) for path in wanted if path.suffix == ".py"
    }
    for path in wanted:
        assert (brought / path.relative_to(notebooks.LIB)).read_bytes() == path.read_bytes()
    shutil.rmtree(brought.parent)


def test_citations_become_links():
    said = notebooks.CITE.sub(
        notebooks.cited, "As {cite:t}`dumoulin2016guide` say {cite:p}`dumoulin2016guide`."
    )
    assert said == (
        "As [Dumoulin and Visin (2016)](https://arxiv.org/abs/1603.07285) say "
        "([Dumoulin and Visin, 2016](https://arxiv.org/abs/1603.07285))."
    )


def test_links_lead_to_the_site_if_it_has_an_address_and_nowhere_else():
    source, text = (
        CHAPTERS[0],
        "see [six](06-stride.ipynb#holes), [words](glossary.md), [here](#a), [it](https://a.org)",
    )
    base = "https://book.org/"
    assert notebooks.linked(text, source, "", False) == "see six, words, here, [it](https://a.org)"
    assert notebooks.linked(text, source, base, False) == (
        "see [six](https://book.org/chapters/06-stride.html#holes), "
        "[words](https://book.org/chapters/glossary.html), here, [it](https://a.org)"
    )
    assert notebooks.linked(text, source, "", True).startswith("see [six](06-stride.ipynb), words")


def test_a_zip_is_the_same_bytes_whenever_it_is_made(tmp_path, monkeypatch):
    files = {"b.txt": b"2" * 1000, "a.txt": b"1", "mimetype": b"kind"}
    made = []
    for number, order in enumerate((list(files), sorted(files, reverse=True))):
        target = tmp_path / f"{number}.zip"
        zips.write(target, {name: files[name] for name in order}, plain=["mimetype"])
        made.append(target.read_bytes())
    assert made[0] == made[1]
    with zipfile.ZipFile(tmp_path / "0.zip") as archive:
        assert archive.namelist() == ["mimetype", "a.txt", "b.txt"]
        assert archive.infolist()[0].compress_type == zipfile.ZIP_STORED
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    zips.write(tmp_path / "2.zip", files)
    assert zipfile.ZipFile(tmp_path / "2.zip").infolist()[0].date_time == (2001, 9, 9, 1, 46, 40)


def test_the_shelf_lists_what_is_there(tmp_path):
    page = tmp_path / "index.html"
    page.write_text("<p>a</p><div data-shelf></div><p>b</p>")
    shelf.show(tmp_path)
    assert page.read_text() == "<p>a</p><div data-shelf></div><p>b</p>"
    shelf.place(f"{shelf.NAME}.epub", tmp_path).write_bytes(b"x" * 1_250_000)
    shelf.show(tmp_path)
    shelf.show(tmp_path)
    assert page.read_text().count("<a ") == 1 and ".epub" in page.read_text() and "1.2 MB" in page.read_text()


def test_the_outline_of_a_pdf_has_the_titles_of_the_book(tmp_path):
    """As Chromium writes it, wrapped titles lose a space and moved ones stand twice."""
    body = '<h1>A long title</h1><h2>One <i>two</i></h2><h2>Three <a class="back">back</a></h2><h1>Last</h1>'
    writer, file = pypdf.PdfWriter(), tmp_path / "book.pdf"
    writer.add_blank_page(100, 100)
    first = writer.add_outline_item(title="A longtitle", page_number=0)
    for title in ("One two", "ThreeThree back"):
        writer.add_outline_item(title=title, page_number=0, parent=first)
    writer.add_outline_item(title="Last", page_number=0)
    writer.write(file)
    pdf.entitled(file, pdf.titles(body))
    read = list(pdf.outline(pypdf.PdfReader(file).outline))
    assert read == ["A long title", "One two", "Three", "Last"]
    with pytest.raises(SystemExit, match="4 entries in the outline, 3 headings in the book"):
        pdf.entitled(file, read[1:])


@pytest.mark.parametrize(
    ("remote", "web"),
    [
        ("git@github.com:some/book.git", "https://github.com/some/book"),
        ("https://someone:secret@github.com/some/book.git", "https://github.com/some/book"),
        ("ssh://git@gitlab.com:22/group/sub/book", "https://gitlab.com/group/sub/book"),
        ("https://git.example.org/some/book/", "https://git.example.org/some/book"),
        ("/work/main", ""),
        ("../main", ""),
        ("file:///work/main.git", ""),
        ("", ""),
    ],
)
def test_the_web_address_of_a_remote(remote, web):
    assert address.as_web(remote) == web


@pytest.mark.parametrize("said", ["https://github.com/mine/book", "https://github.com/mine/book.git/"])
def test_the_setting_goes_before_the_remote(tmp_path, said):
    (tmp_path / "_config.yml").write_text(f"repository: {{url: '{said}'}}\n")
    assert address.repository(tmp_path) == "https://github.com/mine/book"


def test_the_remote_is_asked_where_the_setting_is_empty(tmp_path):
    (tmp_path / "_config.yml").write_text("repository: {url: ''}\n")
    assert address.repository(tmp_path) == ""
    subprocess.check_call(["git", "init", "-q", tmp_path])
    assert address.repository(tmp_path) == ""
    subprocess.check_call(["git", "-C", tmp_path, "remote", "add", "origin", "git@github.com:o/b.git"])
    assert address.repository(tmp_path) == "https://github.com/o/b"
    assert address.branch(tmp_path) == "main" and not address.has_notebooks_branch(tmp_path)


def test_a_site_with_an_address_says_it(monkeypatch, tmp_path):
    """What the build is told, and the map of the site; without an address there is none of both."""
    monkeypatch.syspath_prepend(str(address.ROOT / "_ext"))
    take = importlib.import_module("book.take")
    config = types.SimpleNamespace(html_theme_options={}, html_baseurl="")
    monkeypatch.setenv("SITE_URL", "https://book.org/dir")
    take.set_addresses(None, config)
    assert config.html_baseurl == "https://book.org/dir/"
    take.write_site_map(tmp_path, config.html_baseurl)
    places = re.findall("<loc>(.*)</loc>", (tmp_path / "sitemap.xml").read_text(encoding="utf-8"))
    assert places[0] == "https://book.org/dir/index.html"
    assert "https://book.org/dir/chapters/05-padding.html" in places
    assert len(places) == len(set(places)) == len(pages.order())
    monkeypatch.delenv("SITE_URL")
    take.set_addresses(None, config)
    take.write_site_map(tmp_path, config.html_baseurl)
    assert config.html_baseurl == "" and not list(tmp_path.iterdir())
