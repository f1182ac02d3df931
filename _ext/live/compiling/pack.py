"""Packs Python's archives for the page: modules compiled, what no page can use left out, nothing deflated.

What is stored needs no unpacking by Python, and gzip packs the whole of it better. It runs in Pyodide, since
a module is compiled by the Python that will load it. Where Pyodide cannot run at home, another Python packs
with it, and leaves the modules as they are: the page then compiles them at every start.
"""

import importlib.util
import io
import json
import marshal
import re
import struct
import sys
import zipfile
from pathlib import Path

COMPILES = sys.platform == "emscripten"
PACKAGES = "/lib/python3.12/site-packages/"
STDLIB = "python_stdlib.zip"  # without docstrings and assertions: half a megabyte
OURS = "lib.zip"  # its source goes along: readers look at it, and exercises show their solution
PLACES = {STDLIB: "/lib/python312.zip/", OURS: "/book/"}  # in the page; elsewhere PACKAGES
# A .pyc that is taken as it is: no source is looked for, no time compared.
HEADER = importlib.util.MAGIC_NUMBER + struct.pack("<I", 1) + bytes(8)
FONTS = "matplotlib/mpl-data/made/"  # MPLCONFIGDIR in the page
# Tests, headers and types; what builds software; servers, mail and processes, which a page does not have;
# what C does faster; the letters of old systems.
UNUSED = re.compile(
    r"(^|/)(tests|include|sample_data|_pyinstaller|web_backend)/"
    r"|\.(pyi|h|c|a|pxd|pyx|typed)$|(^|/)conftest\.py$|\.dist-info/RECORD$"
    r"|^numpy/(f2py|distutils|linalg/lapack_lite)\b|^matplotlib/mpl-data/images/"
    r"|^(multiprocessing|wsgiref|xmlrpc)/"
    r"|^(aifc|cgi|cgitb|ftplib|imaplib|mailbox|nntplib|poplib|smtplib|sunau|telnetlib|turtle)\.py$"
    r"|^_py(datetime|decimal|io)\.py$"
    r"|^encodings/(cp(?!437|1252)\d|iso8859_(?!1\.|15)|mac_(?!roman)|iso2022|big5|euc_|gb|hz|johab|koi8|kz|palmos|ptcp|shift|tis)"
)


def pack(content, name):
    """An archive as it is served. `content` is the official one; `name` says where its modules will lie."""
    root = PLACES.get(name, PACKAGES)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {info.filename: archive.read(info) for info in archive.infolist() if not info.is_dir()}
    files = {path: file for path, file in files.items() if not UNUSED.search(path)}
    if COMPILES:
        files = compiled(files, root, keep=name == OURS, bare=name == STDLIB)
    return stored(files)


def compiled(files, root, keep, bare):
    """The same files with their modules compiled: beside the source or in its place, whole or bare."""
    done = {}
    for path, file in files.items():
        if path.endswith(".py"):
            optimize = 2 if bare and "pyodide/" not in path else 0  # Pyodide hands its docstrings on
            code = compile(file, root + path, "exec", dont_inherit=True, optimize=optimize)
            done[beside(path) if keep else f"{path}c"] = HEADER + marshal.dumps(code)
        if keep or not path.endswith(".py"):
            done[path] = file
    return done


def beside(path):
    """Where Python looks for the compiled form of a module that has its source too."""
    return importlib.util.cache_from_source(path)


def stored(files):
    """A zip that depends on nothing but its files: like beside like, so that they pack well, and no time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(files, key=neighbours):
            archive.writestr(zipfile.ZipInfo(path), files[path])
    return buffer.getvalue()


def neighbours(path):
    """Sorted by this, files of one kind follow each other, and a compiled module its source."""
    return path.rpartition(".")[2].removesuffix("c"), path.replace("__pycache__/", "")


def list_of_fonts(archives):
    """matplotlib's list of its fonts, which it else makes at each start: its path in the archive, and it."""
    for content in archives:
        zipfile.ZipFile(io.BytesIO(content)).extractall(PACKAGES)
    importlib.invalidate_caches()
    from matplotlib import font_manager as manager

    text = json.dumps(manager.fontManager, cls=manager._JSONEncoder)
    return f"{FONTS}fontlist-v{manager.FontManager.__version__}.json", text.encode()


def add(content, path, file):
    """A packed archive with one file more."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {info.filename: archive.read(info) for info in archive.infolist()}
    return stored(files | {path: file})


def pack_folder(source, target):
    """Pack each archive of a folder into another; matplotlib's gets its list of fonts."""
    source, target = Path(source), Path(target)
    names = sorted(path.name for path in source.iterdir() if path.suffix in {".zip", ".whl"})
    packed = {name: pack((source / name).read_bytes(), name) for name in names}
    plots = [name for name in names if name.startswith("matplotlib-")]
    if COMPILES and plots:
        wheels = [content for name, content in packed.items() if name.endswith(".whl")]
        packed[plots[0]] = add(packed[plots[0]], *list_of_fonts(wheels))
    for name, content in packed.items():
        (target / name).write_bytes(content)
