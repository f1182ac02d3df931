"""Python's archives for the page: the same each time, and compiled to what was written."""

import io
import json
import os
import subprocess
import zipfile

import pytest

from _ext import live
from _ext.live import compiled, runtime
from _ext.live.compiling import pack

MODULE = b'''"""What it is for."""


def area(width, height):
    assert width >= 0, "a width"
    return width * height
'''
WHEEL = "thing-1-py3-none-any.whl"
FILES = {
    "thing/__init__.py": MODULE,
    "thing/data.json": b"{}",
    "thing/tests/test_it.py": b"",
    "thing/types.pyi": b"",
    "thing-1.dist-info/LICENSE": b"Take it.",
    "thing-1.dist-info/RECORD": b"",
}
# In Pyodide: whether the code that the archives hold is that of the sources, and works.
LOOK = """
import inspect, json, marshal, sys, zipfile
from pathlib import Path

def same(name, module, source, path):
    packed = zipfile.ZipFile("/source/" + name)
    packed.extractall("/there")
    code = compile(Path("/source", source).read_bytes(), path, "exec", dont_inherit=True)
    return marshal.loads(packed.read(module)[16:]) == code

wheel = same("WHEEL", "thing/__init__.pyc", "thing.py", "/lib/python3.12/site-packages/thing/__init__.py")
svg = "lib/__pycache__/svg.cpython-312.pyc"
lib = same("lib.zip", svg, "svg.py", "/book/lib/svg.py")
sys.path.insert(0, "/there")
import thing
import importlib.util as util
spec = util.spec_from_file_location("svg", "/there/lib/svg.py")
svg = util.module_from_spec(spec)
spec.loader.exec_module(svg)
sys.modules["svg"] = svg
try:
    thing.area(-1, 2)
except AssertionError as error:
    refused = str(error)
said = [wheel, lib, thing.__doc__, thing.area(3, 4), refused, svg.__cached__, inspect.getsource(svg)]
Path("/target/said.json").write_text(json.dumps(said))
""".replace("WHEEL", WHEEL)


def archive(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for path, content in files.items():
            made.writestr(path, content)
    return buffer.getvalue()


def names(content):
    return {info.filename for info in zipfile.ZipFile(io.BytesIO(content)).infolist()}


@pytest.fixture(scope="module")
def pyodide():
    """Pyodide's files: the tests of the site need them too."""
    if not runtime.provide():
        (pytest.fail if os.environ.get("CI") else pytest.skip)("Pyodide's files cannot be had now")


def run_in_pyodide(program, source, target):
    """Run a program in Pyodide with two folders of this machine, as pack.mjs runs pack.py."""
    text = compiled.PROGRAM[1].read_text(encoding="utf-8")
    call = "python.runPython(\"pack_folder('/source', '/target')\");"
    assert text.count(call) == 1
    script = target / "run.mjs"
    script.write_text(text.replace(call, f"python.runPython({json.dumps(program)});"), encoding="utf-8")
    (target / "pack.py").write_text("")
    subprocess.run([compiled.node(), script, runtime.CACHE, compiled.LOCK, source, target], check=True)


def test_what_no_page_can_use_is_left_out_and_nothing_is_deflated():
    packed = zipfile.ZipFile(io.BytesIO(pack.pack(archive(FILES), WHEEL)))
    assert set(packed.namelist()) == {"thing/__init__.py", "thing/data.json", "thing-1.dist-info/LICENSE"}
    assert {info.compress_type for info in packed.infolist()} == {zipfile.ZIP_STORED}
    assert packed.read("thing/__init__.py") == MODULE, "only Pyodide compiles, since its bytecode is its own"


def test_an_archive_hangs_on_its_files_alone():
    turned = dict(reversed(FILES.items()))
    assert pack.pack(archive(FILES), WHEEL) == pack.pack(archive(turned), WHEEL)
    order = zipfile.ZipFile(io.BytesIO(pack.stored({"a.py": b"", "b.json": b"", "__pycache__/a.x.pyc": b""})))
    assert order.namelist() == ["b.json", "a.py", "__pycache__/a.x.pyc"], "a module's two forms pack together"


@pytest.fixture(scope="module")
def twice(pyodide, tmp_path_factory):
    """A package and the whole library, compiled twice from nothing: two folders."""
    folders = [tmp_path_factory.mktemp(name) for name in ("one", "two")]
    files = {WHEEL: archive(FILES), pack.OURS: compiled.library()}
    assert all(compiled.in_pyodide(files, folder) for folder in folders)
    return folders


def test_two_builds_give_the_same_bytes(twice):
    one, two = ([(folder / name).read_bytes() for name in (WHEEL, pack.OURS)] for folder in twice)
    assert one == two and len(names(one[1])) > 150


def test_what_is_compiled_is_what_was_written(twice, tmp_path):
    """Docstrings and assertions are kept; of the library its source too."""
    source = twice[0]
    package, ours = (names((source / name).read_bytes()) for name in (WHEEL, pack.OURS))
    assert package == {"thing/__init__.pyc", "thing/data.json", "thing-1.dist-info/LICENSE"}
    assert {"lib/ops.py", "lib/__pycache__/ops.cpython-312.pyc", "lib/gpu.json"} <= ours
    svg = live.ROOT / "lib" / "svg.py"
    (source / "thing.py").write_bytes(MODULE)
    (source / "svg.py").write_bytes(svg.read_bytes())
    run_in_pyodide(LOOK, source, tmp_path)
    *said, shown = json.loads((tmp_path / "said.json").read_text())
    cached = "/there/lib/__pycache__/svg.cpython-312.pyc"
    assert said == [True, True, "What it is for.", 12, "a width", cached]
    assert shown == svg.read_text(encoding="utf-8")


def test_what_is_kept_is_used_until_something_changes(tmp_path, monkeypatch):
    asked = []

    def in_pyodide(files, target):
        asked.append(list(files))
        for name, content in files.items():
            (target / name).write_bytes(content[::-1])
        return True

    monkeypatch.setattr(compiled, "CACHE", tmp_path)
    monkeypatch.setattr(compiled, "in_pyodide", in_pyodide)
    for content in (b"abc", b"abc", b"abd"):
        assert compiled.kept("lib", {"lib.zip": content}) == {"lib.zip": content[::-1]}
    assert len(asked) == 2
    monkeypatch.setattr(compiled, "in_pyodide", lambda *_: False)
    assert compiled.kept("lib", {"lib.zip": b"other"}) is None
    assert compiled.kept("lib", {"lib.zip": b"abd"}) == {"lib.zip": b"dba"}, "what was kept stays"
    assert [path.name for path in tmp_path.iterdir()] == ["lib"], "and nothing half made"


@pytest.fixture
def no_node(tmp_path, monkeypatch):
    monkeypatch.setattr(compiled, "node", lambda: tmp_path / "none")
    monkeypatch.setattr(compiled, "CACHE", tmp_path / "compiled")
    compiled.archives.cache_clear()
    compiled.in_bytecode.cache_clear()
    yield
    compiled.archives.cache_clear()
    compiled.in_bytecode.cache_clear()


def test_where_node_does_not_run_the_archives_hold_the_sources(pyodide, no_node, capsys):
    """The page is the same, and its Python starts later: that is said, once."""
    packed = compiled.archives()
    assert set(packed) == {name for name in runtime.wanted() if name.endswith((".zip", ".whl"))} | {"lib.zip"}
    assert "numpy/__init__.py" in names(next(packed[name] for name in packed if name.startswith("numpy-")))
    assert "lib/ops.py" in names(packed["lib.zip"])
    compiled.main()
    assert capsys.readouterr().out.count("it starts some seconds later") == 1


def test_the_node_that_comes_with_the_project_runs():
    said = subprocess.run([compiled.node(), "--version"], capture_output=True, text=True, check=True).stdout
    assert int(said.lstrip("v").split(".")[0]) >= 20


def test_the_library_is_packed_whole():
    listed = {path.relative_to(live.ROOT).as_posix() for path in compiled.library_files()}
    assert names(compiled.library()) == listed
    assert {"lib/ops.py", "lib/gpu.json", "lib/guitar.npz"} <= listed
