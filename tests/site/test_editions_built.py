"""The editions of the built site: nothing is missing, no link is dead, no picture is without words.

epubcheck and the printed pages are asked by `make epub` and `make pdf`; here is what every test run holds.
"""

import json
import re
import zipfile

import pytest
from bs4 import BeautifulSoup

from tools.editions import archive, check, epub, pages, shelf


@pytest.fixture(scope="module")
def book(site):
    return pages.read(site)


def test_paper_holds_every_page_and_nothing_that_must_be_pressed(book):
    assert [page.name for page in book] == [name for _, name in pages.order()] and len(book) > 25
    for page in book:
        text = page.tree.get_text(" ", strip=True)
        assert page.title and len(text) > 200, page.name
        assert not page.tree.select("button, input, script, audio, [hidden], .tc-bar, details.hide"), (
            page.name
        )


def test_what_moves_says_where(book, site):
    moving = {page.name: len(page.tree.select(".alive")) for page in book}
    for name, count in moving.items():
        soup = BeautifulSoup((site / f"{name}.html").read_text(encoding="utf-8"), "html.parser")
        there = soup.select_one("article").select("[data-explorer], [data-calculator], audio, .film")
        assert count == len(there), name
    assert sum(moving.values()) > 20


def test_the_epub_is_whole(site):
    book = pages.read(site, base="https://book.example/")
    files = epub.contents_of(book, "https://book.example/", site)
    check.package(files, [epub.file_of(page) for page in book])
    assert next(iter(files)) == "mimetype"
    solutions = files["book/solutions.xhtml"].decode()
    exercises = sum(len(page.tree.select(".exercise")) for page in book)
    assert exercises > 50 and solutions.count("Exercise ") >= exercises
    assert "https://book.example/chapters/explorer.html" in files["book/explorer.xhtml"].decode()
    assert "var(--" not in files["book/style.css"].decode(), "old readers know no variables"


def test_a_check_that_sees_nothing_is_none(site):
    """Each rule of the check fails for a package that breaks it."""
    book = pages.read(site)
    files = epub.contents_of(book, "", site)
    name = "book/03-the-transposed-convolution.xhtml"
    for old, new in (("</body>", ""), ('href="', 'href="nowhere.xhtml#'), ('aria-label="', 'data-was="')):
        broken = {**files, name: files[name].replace(old.encode(), new.encode(), 1)}
        with pytest.raises((SystemExit, SyntaxError)):
            check.package(broken, [])
    with pytest.raises(SystemExit, match="pages missing"):
        check.package({key: data for key, data in files.items() if key != name}, [name.removeprefix("book/")])


def test_the_archive_opens_from_the_disk(site):
    files = archive.files_of(site)
    landing = files[f"{shelf.NAME}/index.html"].decode()
    assert f"{shelf.NAME}-notebooks.zip" in landing and f"{shelf.NAME}-site.zip" not in landing
    assert f"{shelf.NAME}/READ ME.txt" in files and f"{shelf.NAME}/licences.txt" in files


def test_the_download_button_gives_a_notebook_that_needs_nothing(site):
    for page in sorted((site / "chapters").glob("[0-9]*.html")):
        (link,) = set(re.findall(r'href="([^"]*_sources[^"]*\.ipynb)"', page.read_text(encoding="utf-8")))
        notebook = json.loads((page.parent / link).read_text(encoding="utf-8"))
        code = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
        assert code[0].startswith("# @title Run this cell first") and 'packed = "UEsD' in code[0], page.name


def test_all_chapters_are_one_zip_with_the_library_once(site):
    with zipfile.ZipFile(site / "take" / f"{shelf.NAME}-notebooks.zip") as box:
        names = box.namelist()
        assert f"{shelf.NAME}/lib/ops.py" in names and f"{shelf.NAME}/index.ipynb" in names
        first = json.loads(box.read(f"{shelf.NAME}/index.ipynb"))
        code = next("".join(cell["source"]) for cell in first["cells"] if cell["cell_type"] == "code")
        assert 'packed = ""' in code
