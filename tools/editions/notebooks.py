"""The chapters as notebooks that run where they land, with nothing beside them.

The book's own notebooks lie beside `lib` and speak MyST, which JupyterLab, Colab and VS Code show as grey
boxes. A copy to take along has

- a first cell that finds `lib`, or unpacks it from one long line, and installs the packages that are missing;
- exercises as plain Markdown, and the solutions at the end, out of sight until they are wanted;
- sources as links, and links to other chapters that lead somewhere or are none.

In the zip of all chapters `lib` lies beside them once, and the links between them stay.
"""

import ast
import base64
import copy
import io
import json
import lzma
import re
import sys
import tarfile
from functools import cache
from pathlib import Path

from pybtex.database import parse_file

from .. import address
from . import shelf, zips

ROOT = address.ROOT
LIB = ROOT / "lib"
ENDINGS = {".py", ".js", ".css", ".json", ".npz"}
SITE_PACKAGES = {"numpy": "2.0", "matplotlib": "3.9", "ipywidgets": "7.7", "anywidget": "0.9"}
EXERCISE = re.compile(
    r"^([`:]{3,})\{exercise\} *([^\n]*)\n:label: *(\S+)\n\n?(.*?)^\1 *$", re.MULTILINE | re.DOTALL
)
SOLUTION = re.compile(r"^([`:]{3,})\{solution-(start|end)\} *(\S*)\n(?::class:.*\n)?\1 *$\n*", re.MULTILINE)
CITE = re.compile(r"\{cite(?::([pt]))?\}`([^`]+)`")
POINTER = re.compile(r"\{(?:ref|term|doc|numref)\}`([^`<]*?)(?:\s*<[^>`]*>)?`")
TARGET = re.compile(r"^\(([\w-]+)\)=\n", re.MULTILINE)
LINK = re.compile(r"\[([^\]]*)\]\(((?:[\w./-]+\.(?:ipynb|md))?(?:#[\w-]*)?|[\w-]+)\)")
FILE = re.compile(r'"([\w-]+\.json)"')
HIDDEN = {"jupyter": {"source_hidden": True}}
START = """# @title Run this cell first
# It finds the book's library, which the chapters call lib. Where there is none, it unpacks the one in the
# long line below. It needs Python 3.11 or newer and, for packages that are not installed, a connection.
import base64, importlib.util, io, lzma, sys, tarfile, tempfile
from pathlib import Path

missing = [name for name in {packages} if importlib.util.find_spec(name) is None]
if missing:
    get_ipython().run_line_magic("pip", "install --quiet " + " ".join(missing))
    importlib.invalidate_caches()
if importlib.util.find_spec("numpy") is None or importlib.util.find_spec("matplotlib") is None:
    raise ImportError("Needed, and not installed: pip install numpy matplotlib, then restart the kernel.")

here = [folder for folder in (Path.cwd(), *Path.cwd().parents[:2]) if (folder / "lib" / "ops.py").exists()]
if here:
    sys.path.insert(0, str(here[0]))
elif PACKED:
    folder = Path(tempfile.mkdtemp(prefix="book-"))
    box = tarfile.open(fileobj=io.BytesIO(lzma.decompress(base64.b85decode(PACKED))))
    box.extractall(folder, filter="data")
    sys.path.insert(0, str(folder))
    for file in folder.glob("*.json"):  # what this chapter reads beside itself
        if not Path(file.name).exists():
            Path(file.name).write_bytes(file.read_bytes())
else:
    raise ImportError("Keep the folder lib of the zip beside this notebook: the chapters import it.")
"""


def sources():
    """The chapters and the landing page, in order."""
    return [ROOT / "index.ipynb", *sorted(ROOT.glob("chapters/[!_]*.ipynb"))]


@cache
def references():
    return parse_file(str(ROOT / "references.bib"), "bibtex").entries


@cache
def parts():
    """The parts of lib, a file or a package each: {name: files}."""
    found = {}
    for path in sorted(LIB.rglob("*")):
        if path.suffix in ENDINGS and "__pycache__" not in path.parts:
            inner = path.relative_to(LIB).parts
            found.setdefault(
                inner[0] if len(inner) > 1 else path.stem if path.suffix == ".py" else path.name, []
            ).append(path)
    return found


@cache
def needs(name):
    """The parts of lib that a part imports or reads."""
    known, wanted = parts(), set()
    for file in known[name]:
        if file.suffix == ".py":
            wanted |= named_in(file.read_text(encoding="utf-8"), len(file.relative_to(LIB).parts))
    return wanted & set(known) | {"__init__"}


def named_in(code, level):
    """What code names of lib: `level` dots lead from it to lib; and files by their name."""
    wanted = {Path(text).name for text in re.findall(r'"([\w.-]+\.(?:json|npz))"', code)}
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom) and (
            node.level == level or (node.module or "").split(".")[0] == "lib"
        ):
            inner = (node.module or "").removeprefix("lib").strip(".")
            wanted |= {inner.split(".")[0]} if inner else {alias.name for alias in node.names}
    return wanted


def library(code):
    """The parts of lib that a chapter's code needs, in the end: [files]."""
    known, found = parts(), {"__init__"}
    todo = (named_in(code, 0) & set(known)) | {"__init__"}
    while todo:
        name = todo.pop()
        found.add(name)
        todo |= needs(name) - found
    return [file for name in sorted(found) for file in known[name]]


def packed(files):
    """Files as the text of one line, a third shorter than a zip in base 64, the same on every build."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as box:
        for name, content in files.items():
            info = tarfile.TarInfo(name)  # its time is 1970
            info.size = len(content)
            box.addfile(info, io.BytesIO(content))
    return base64.b85encode(lzma.compress(buffer.getvalue(), preset=9)).decode("ascii")


def code_of(notebook):
    """All code of a notebook, without lines for IPython."""
    cells = ("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code")
    return "\n".join(re.sub(r"^[%!].*$", "", cell, flags=re.MULTILINE) for cell in cells)


def first_cell(notebook, source, inside):
    """The cell that finds lib, or brings it."""
    code, files = code_of(notebook), {}
    if inside:
        files = {file.relative_to(ROOT).as_posix(): file.read_bytes() for file in library(code)}
        for name in FILE.findall(code):
            if (source.parent / name).exists():
                files[name] = (source.parent / name).read_bytes()
    text = START.format(packages=tuple(SITE_PACKAGES)).replace("PACKED", "packed")
    line = f'packed = "{packed(files) if files else ""}"\n'
    head, rest = text.split("\nmissing", 1)
    return cell("code", "find-lib", f"{head}\n{line}missing{rest}", {**HIDDEN, "cellView": "form"})


def cell(kind, name, text, metadata=None):
    made = {
        "cell_type": kind,
        "id": name,
        "metadata": metadata or {},
        "source": text.splitlines(keepends=True),
    }
    return made | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def solutions_last(cells):
    """(the cells in the order of reading, those of the solutions): from solution-start to solution-end."""
    read, solving, inside = [], [], False
    for one in cells:
        text = "".join(one["source"])
        start = re.search(r"\{solution-start\} *(\S+)", text)
        if start:
            inside = True
            solving.append(cell("markdown", f"heading-{start[1]}", f"### {title_of(cells, start[1])}"))
        ends = "{solution-end}" in text
        if one["cell_type"] == "markdown":
            text = SOLUTION.sub("", text).strip("\n")
            one = one | {"source": text.splitlines(keepends=True)}
        if text.strip():
            (solving if inside else read).append(one)
        inside = inside and not ends
    return read, solving


def title_of(cells, name):
    for one in cells:
        for match in EXERCISE.finditer("".join(one["source"])):
            if match[3] == name:
                return match[2].strip()
    return name


def cited(match):
    """A citation as a link, in the words of a text."""
    kind, keys = match[1], match[2].split(",")
    words = [named(key.strip(), kind == "t") for key in keys]
    return ", ".join(words) if kind == "t" else f"({'; '.join(words)})"


def named(key, in_text):
    entry = references()[key]
    people = [
        person.last_names[-1] if person.last_names else str(person)
        for person in entry.persons.get("author", [])
    ]
    who = people[0] if people else entry.fields.get("organization", entry.fields["title"])
    who += f" and {people[1]}" if len(people) == 2 else " et al." if len(people) > 2 else ""
    words = f"{who} ({entry.fields['year']})" if in_text else f"{who}, {entry.fields['year']}"
    words = re.sub(r"[{}\\]", "", words)
    link = url_of(entry.fields)
    return f"[{words}]({link})" if link else words


def url_of(fields):
    if "doi" in fields:
        return f"https://doi.org/{fields['doi']}"
    return fields.get("url") or (f"https://arxiv.org/abs/{fields['eprint']}" if "eprint" in fields else "")


def linked(text, source, base, beside):
    """Links to other pages: to the file beside, to the site, or none."""

    def mend(match):
        words, target = match.groups()
        file, _, anchor = target.partition("#")
        if not file or "." not in file:  # within the page, which a notebook has no names for
            return words
        if beside and file.endswith(".ipynb"):
            return f"[{words}]({file})"
        path = (source.parent / file).resolve().relative_to(ROOT).with_suffix(".html").as_posix()
        return f"[{words}]({base}{path}{'#' * bool(anchor)}{anchor})" if base else words

    return LINK.sub(mend, text)


def plain(text, source, base, beside):
    """A cell's MyST as plain Markdown."""
    text = EXERCISE.sub(lambda match: f"**Exercise: {match[2].strip()}**\n\n{match[4].rstrip()}", text)
    text = POINTER.sub(r"\1", CITE.sub(cited, text))
    return TARGET.sub("", linked(text, source, base, beside))


def runs_anywhere(source, base="", inside=True):
    """A chapter's notebook as text, with all it needs inside; or for the zip, where lib lies beside."""
    notebook = json.loads(source.read_text(encoding="utf-8"))
    cells = copy.deepcopy(notebook["cells"])
    read, solving = solutions_last(cells)
    if solving:
        read += [cell("markdown", "solutions", "## Solutions\n\nYou have tried, have you?"), *solving]
    for one in read:
        if one["cell_type"] == "markdown":
            text = plain("".join(one["source"]), source, base, beside=not inside)
            one["source"] = text.splitlines(keepends=True)
        elif "hide-input" in one["metadata"].get("tags", []):
            one["metadata"] |= HIDDEN
    place = next(at for at, one in enumerate(read) if one["cell_type"] == "code")
    read.insert(place, first_cell(notebook, source, inside))
    made = notebook | {"cells": read}
    return json.dumps(made, ensure_ascii=False, indent=1) + "\n"


def write_alone(site, base=""):
    """Put them where the download buttons lead."""
    for source in sources():
        target = site / "_sources" / source.relative_to(ROOT)
        if target.exists():
            target.write_text(runs_anywhere(source, base), encoding="utf-8", newline="\n")


def together(base=""):
    """All chapters with lib beside them, once: {name: bytes}."""
    files = {
        f"{shelf.NAME}/{path.relative_to(ROOT).as_posix()}": path.read_bytes()
        for paths in parts().values()
        for path in paths
    }
    for source in sources():
        name = f"{shelf.NAME}/{source.relative_to(ROOT).as_posix()}"
        files[name] = runs_anywhere(source, base, inside=False).encode()
    for beside in sorted(ROOT.glob("chapters/*.json")):
        files[f"{shelf.NAME}/chapters/{beside.name}"] = beside.read_bytes()
    for name in ("LICENSE", "CITATION.cff"):
        files[f"{shelf.NAME}/{name}"] = (ROOT / name).read_bytes()
    return files


def write_together(site, base=""):
    zips.write(shelf.place(f"{shelf.NAME}-notebooks.zip", site), together(base))


def write_all(folder, base=""):
    """Every chapter with all it needs inside, in a folder: what the branch of notebooks holds."""
    for source in sources():
        target = folder / source.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(runs_anywhere(source, base), encoding="utf-8", newline="\n")
    for name in ("LICENSE", "CITATION.cff"):
        (folder / name).write_bytes((ROOT / name).read_bytes())


def write(site):
    """Everything that a build of the site makes of its notebooks."""
    base = address.site()
    write_alone(site, base)
    write_together(site, base)


def main():
    if len(sys.argv) != 2:
        sys.exit("Name the folder: make notebooks ARGS=folder")
    write_all(Path(sys.argv[1]), address.site())
    print(f"{len(sources())} notebooks, in {sys.argv[1]}")


if __name__ == "__main__":
    main()
