"""The package as it is installed elsewhere: its name, all that it reads, every public function in use."""

import re
import sysconfig
import zipfile
from pathlib import Path

import nbformat
import pytest

from tools import wheel as tool

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return tool.build(tmp_path_factory.mktemp("wheel"))


def test_the_wheel_holds_all_of_lib_under_its_own_name(wheel):
    files = {path for path in (ROOT / "lib").rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    wanted = {f"{tool.PACKAGE}/{path.relative_to(ROOT / 'lib').as_posix()}" for path in files}
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert names == wanted
    suffixes = {Path(name).suffix for name in names}
    assert {".py", ".js", ".json", ".npz", ".typed"} <= suffixes


def test_installed_it_works_in_a_folder_that_has_a_lib(wheel, tmp_path):
    python = tool.empty_environment(tmp_path / "venv")
    tool.install(python, "--no-deps", "--no-index", wheel)
    # What it depends on comes from here, so that the test needs no network; `make wheel` installs it too.
    ask = [path for path in (tmp_path / "venv").rglob("site-packages") if path.is_dir()]
    (ask[0] / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    used = tool.use(python, tool.work_folder(tmp_path / "folder of a user"))
    assert used.returncode == 0, used.stdout + used.stderr
    modules, names = map(int, (word for word in used.stdout.split() if word.isdigit()))
    assert modules > 30 and names > 60


def test_a_cell_gets_the_installed_name():
    renamed = {
        "import lib": "import transposed_convolution as lib",
        "from lib import conv": "from transposed_convolution import conv",
        "    from lib.shapes import (": "    from transposed_convolution.shapes import (",
        "libraries = 'from lib'": "libraries = 'from lib'",
    }
    assert tool.under_the_installed_name("\n".join(renamed)) == "\n".join(renamed.values())


def test_no_chapter_keeps_the_name_lib(tmp_path):
    tool.copy_chapters(tmp_path)
    pages = list(tmp_path.glob("*.ipynb"))
    assert len(pages) > 16
    for page in pages:
        code = "\n".join(c.source for c in nbformat.read(page, as_version=4).cells if c.cell_type == "code")
        assert not re.search(r"from lib\b|import lib\b", code), page.name
        assert f"from {tool.PACKAGE}" in code or page.name == "index.ipynb"
