"""The editions of the built site: nothing is missing, no link is dead, no picture is without words.

epubcheck and the printed pages are asked by `make epub` and `make pdf`; here is what every test run holds.
"""

import json
import re
import zipfile

import pytest
from conftest import parsed

from tools.editions import archive, check, epub, pages, shelf

BASE = "https://book.example/"
DEAD = "button, input, script, audio, [hidden], .tc-bar, details.hide"


@pytest.fixture(scope="module")
def made(site):
    """The pages as paper holds them, in numbers, and the files of the EPUB: all pages are read once."""
    book = pages.read(site, base=BASE)
    seen = {
        page.name: {
            "title": page.title,
            "words": len(page.tree.get_text(" ", strip=True).split()),
            "dead": len(page.tree.select(DEAD)),
            "alive": len(page.tree.select(".alive")),
            "exercises": len(page.tree.select(".exercise")),
        }
        for page in book
    }
    return seen, epub.contents_of(book, BASE, site), [epub.file_of(page) for page in book]


def test_paper_holds_every_page_and_nothing_that_must_be_pressed(made):
    seen, _, _ = made
    assert list(seen) == [name for _, name in pages.order()] and len(seen) > 25
    for name, page in seen.items():
        assert page["title"] and page["words"] > 40 and not page["dead"], name


def test_what_moves_says_where(made, site):
    seen, _, _ = made
    for name, page in seen.items():
        soup = parsed(site / f"{name}.html")
        there = soup.select_one("article").select("[data-explorer], [data-calculator], audio, .film")
        assert page["alive"] == len(there), name
    assert sum(page["alive"] for page in seen.values()) > 20


def test_the_epub_is_whole(made):
    seen, files, names = made
    check.package(files, names)
    assert next(iter(files)) == "mimetype"
    exercises = sum(page["exercises"] for page in seen.values())
    assert exercises > 50 and files["book/solutions.xhtml"].decode().count("Exercise ") >= exercises
    assert f"{BASE}chapters/explorer.html" in files["book/explorer.xhtml"].decode()
    assert "var(--" not in files["book/style.css"].decode(), "old readers know no variables"


def test_no_page_of_the_epub_is_wider_than_a_phone(browser, made, tmp_path):
    _, files, names = made
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    page = browser.new_page(viewport={"width": 412, "height": 880})
    wide = {}
    for name in names:
        page.goto((tmp_path / "book" / name).as_uri())
        wide[name] = page.evaluate("document.documentElement.scrollWidth")
    page.close()
    assert len(wide) > 25 and max(wide.values()) <= 412, wide


def test_a_check_that_sees_nothing_is_none(made):
    """Each rule of the check fails for a package that breaks it."""
    _, files, _ = made
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
        assert code[0].startswith("# @title Run this cell first"), page.name
        assert re.search(r'^packed = "[^"\\\n]{9999,}"$', code[0], re.MULTILINE), page.name


def test_all_chapters_are_one_zip_with_the_library_once(site):
    with zipfile.ZipFile(site / "take" / f"{shelf.NAME}-notebooks.zip") as box:
        names = box.namelist()
        assert f"{shelf.NAME}/lib/ops.py" in names and f"{shelf.NAME}/index.ipynb" in names
        first = json.loads(box.read(f"{shelf.NAME}/index.ipynb"))
        code = next("".join(cell["source"]) for cell in first["cells"] if cell["cell_type"] == "code")
        assert 'packed = ""' in code


def test_a_name_of_the_api_is_not_glued_to_its_source(site):
    """With an address there is a link; without one there is no word that leads nowhere."""
    for base, words in ((BASE, " source"), ("", "")):
        first = pages.read_page(site, "", "chapters/api", base).tree.select_one("dt.sig")
        assert first.get_text().rstrip().endswith(")" + words), first.get_text()
