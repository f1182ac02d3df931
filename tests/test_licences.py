"""What the site ships of others is listed with its licence."""

import ast
import importlib.util
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_spec = importlib.util.spec_from_file_location("licences", ROOT / "_ext" / "book" / "licences.py")
licences = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(licences)


def named(file, name):
    """The keys or entries of a table in a module of _ext/book, read without importing it."""
    tree = ast.parse((ROOT / "_ext" / "book" / file).read_text(encoding="utf-8"))
    found = next(n.value for n in tree.body if isinstance(n, ast.Assign) and n.targets[0].id == name)
    return {Path(key).name for key in ast.literal_eval(found)}


def test_every_script_and_style_is_said_to_be_ours_or_of_others():
    shipped = named("scripts.py", "JOINED") | named("scripts.py", "WHERE") | named("__init__.py", "SHEETS")
    left = shipped - licences.OF_OTHERS - licences.OURS
    assert not left, f"say in _ext/book/licences.py whose {left} are"
    assert all(name in licences.listed() for name in licences.OF_OTHERS)


def test_each_package_comes_with_its_version_and_the_text_of_its_licence():
    text = licences.listed()
    for name in licences.PACKAGES:
        package = licences.distribution(name)
        assert f"{package.name} {package.version}" in text
        assert licences.texts(package), f"{name} brings no licence"


def test_it_is_written_as_in_a_build(tmp_path):
    """There another implementation of the packages' metadata is loaded, which refuses what is not said."""
    code = "import importlib_metadata, sys; sys.path.insert(0, '_ext/book'); import licences, pathlib; "
    code += f"licences.write(pathlib.Path({str(tmp_path)!r}))"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
    assert "Sphinx" in (tmp_path / "licences.txt").read_text(encoding="utf-8")
