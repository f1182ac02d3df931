"""The live book: what the built site needs so that every cell runs in the page.

Each page that has code gets a bar with its settings, names for its cells and a file with what was printed.
Python itself, its driver and `lib` are added once for the whole book. `page/` holds what runs in the
reader's browser, `runtime.py` says where Python for it comes from, `compiled.py` has it compiled.
"""

import gzip
import hashlib
import html
import json
import os
import re
import shutil
from functools import cache
from pathlib import Path

from sphinx.errors import ExtensionError

from lib.explorer import front

from . import compiled, listing, notebooks, runtime

HERE = Path(__file__).parent
PAGE = HERE / "page"
ROOT = runtime.ROOT
LICENCES = HERE / "LICENCES.txt"
FOLDER = "_static/live"  # of the site; live.js and live.css lie beside it, with the other scripts and styles
PAGES = "pages"  # in it: a file for each page
EXERCISES = "chapters/exercises"  # the page that lists them
LIST = '<div class="tc-exercises">'
MEGA = 1e6
CORE = ("pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm")
PACKED = (".js", ".mjs", ".wasm", ".zip")  # they become a third, whatever the server does
# A cell's opening tag and, where it shows any, its code, folded or not.
CELL = re.compile(
    r"""(?P<cell><div\ class="cell(?:\ [\w-]+)*\ docutils\ container"(?:\ id="[^"]*")?)>
    (?P<code>\s*(?:<details\ class="hide\ above-input">\s*<summary[^>]*>.*?</summary>\s*)?
    <div\ class="cell_input\ .*?</pre>\s*</div>\s*</div>\s*</div>(?:\s*</details>)?)?""",
    re.DOTALL | re.VERBOSE,
)
SHOWN = '<div class="cell_input '
BUTTON = '<button type="button" data-do="{0}">{0}</button>'
FILED_STATE = "A page that is opened as a file keeps no answers: type “make serve” in the book’s folder."
BAR = """<div class="tc-bar" role="group" aria-label="Run this page" data-live-page="{settings}">
{buttons}
<span role="status" id="tc-live-status">{cost}</span><progress aria-label="Loading Python" hidden></progress>\
<span class="tc-amount"></span><span class="tc-unseen" id="tc-live-keys">Shift and Enter runs and goes on, \
Control and Enter runs and stays. Escape, then Tab leaves the code.</span>
</div>
"""
BAR_OF_ALL = """<div class="tc-bar tc-book" role="group" aria-label="Your answers" \
data-live-page="{settings}" data-filed="{filed}"><span role="status"></span></div>
"""


@cache
def python_files():
    """The folder with the files of Pyodide, or None where the book is built without Run buttons."""
    return None if os.environ.get("LIVE") == "no" else runtime.provide()


def packed(content):
    """The same bytes on every build: no time in the header."""
    return gzip.compress(content, mtime=0)


def write_python(folder, target):
    """Write the files that a page loads for Python; return their list, by what is loaded together."""
    packages = json.loads(compiled.LOCK.read_bytes())["packages"].values()
    served = {each["file_name"]: f"{each['name']}-{each['version']}.zip" for each in packages}
    numpy = next(name for name in served if name.startswith("numpy-"))
    packed = compiled.archives()
    core = {name: (folder / name).read_bytes() for name in CORE} | {
        "pyodide-lock.json": compiled.LOCK.read_bytes()
    }
    start = core | {
        served.get(name, name): packed[name] for name in (compiled.pack.STDLIB, numpy, compiled.pack.OURS)
    }
    plots = {served[name]: packed[name] for name in sorted(served) if name != numpy}
    groups = {"start": start, "plots": plots}
    return {group: [write_file(target, *item) for item in files.items()] for group, files in groups.items()}


def write_file(target, name, content):
    digest = hashlib.sha256(content).hexdigest()
    served, path = content, f"python/{name}"
    if name.endswith(PACKED):
        served, path = packed(content), f"{path}.gz"
    (target / path).parent.mkdir(parents=True, exist_ok=True)
    (target / path).write_bytes(served)
    return {"name": name, "path": f"{path}?{digest[:8]}", "size": len(served), "sha256": digest}


def write_front_end(target):
    """Write the scripts with the version of all in each import, so that no browser mixes old and new ones."""
    files = [path for path in sorted(PAGE.iterdir()) if path.is_file()]
    sources = {path.name: path.read_text(encoding="utf-8") for path in files}
    version = hashlib.sha256("".join(sources.values()).encode()).hexdigest()[:8]
    sources |= {"explorer.js": front.script(), "explorer.css": front.style()}  # for a page that had none
    for name, source in sources.items():
        if name.endswith(".js"):
            source = re.sub(r'(["\'])\./([\w-]+\.(?:js|py|css))\1', rf"\1./\2?{version}\1", source)
        (target / name).write_text(source, encoding="utf-8", newline="\n")
    return version


def add_files(app):
    """Write what the live pages load into the site, where Python for them is there."""
    app.live = None
    if app.builder.format != "html":
        return
    target = Path(app.outdir) / FOLDER
    folder = python_files()
    clear(target, keep=PAGES if folder else None)
    if not folder:
        return
    files = write_python(folder, target)
    (target / "python" / LICENCES.name).write_bytes(LICENCES.read_bytes())
    book = [notebooks.exercises_of(path) for path in notebooks.pages(app.srcdir)]
    sizes = {group: sum(file["size"] for file in group_files) / MEGA for group, group_files in files.items()}
    app.live = {
        "version": write_front_end(target),
        "files": write_json(target, "files.json", files),
        "book": write_json(target, "exercises.json", [chapter for chapter in book if chapter["exercises"]]),
        "megabytes": round(sizes["start"]),
        "plots": round(sizes["plots"]),
    }


def clear(target, keep):
    """Away with an earlier build's files, but for those of single pages: Sphinx writes changed pages only."""
    for path in target.glob("*"):
        if path.is_file():
            path.unlink()
        elif path.name != keep:
            shutil.rmtree(path)


def write_json(target, name, value):
    """Write a file of data; return its name with its version."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    (target / name).parent.mkdir(parents=True, exist_ok=True)
    (target / name).write_text(text, encoding="utf-8", newline="\n")
    return f"{name}?{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def bring_to_life(app, pagename, templatename, context, doctree):
    """Give a page's cells their names and add the bar and its script, which does the rest."""
    source = Path(app.srcdir) / f"{pagename}.ipynb"
    if not app.live or doctree is None or "body" not in context:
        return
    if not source.exists() and pagename != EXERCISES:
        return
    printed = notebooks.printed(source) if source.exists() else {"cells": [], "exercises": []}
    folder = "../" * pagename.count("/") + FOLDER
    names = {"main": "main.js", "progress": "progress.js", "style": "page.css"}
    names = {key: f"{name}?{app.live['version']}" for key, name in names.items()}
    names |= {key: app.live[key] for key in ("files", "book")}
    names["cells"] = write_json(Path(app.outdir) / FOLDER, f"{PAGES}/{pagename}.json", printed)
    settings = {key: f"{folder}/{name}" for key, name in names.items()}
    if pagename == EXERCISES:
        context["body"] = context["body"].replace(LIST, bar_of_all(settings) + LIST)
        return
    bar_html = bar(settings, app.live, printed, code=SHOWN in context["body"])
    body = place_bar(context["body"], bar_html)
    context["body"] = name_cells(body, printed, pagename)


def buttons(names):
    """Buttons that live.js tells apart by what stands on them."""
    return "".join(BUTTON.format(name) for name in names)


def tools(stub, hints, code):
    """A cell's buttons. They are in the page from the start: put in later, they would move what is read."""
    names = ["Check" if stub else "Run", "Stop", "Restore"] + ["Hint"] * hints + ["Edit"] * code
    return f'<div class="tc-buttons"{"" if code else " hidden"}>{buttons(names)}</div>'


def name_cells(body, printed, pagename):
    """Write the name of each cell into its element, and its buttons below its code."""
    cells = iter(printed["cells"])
    hinted = {each["stub"] for each in printed["exercises"] if each["hints"]}

    def named(match):
        cell = next(cells, None)
        if cell is None:
            raise ExtensionError(f"{pagename}: the page has more code cells than its notebook")
        same = "" if cell["digest"] is None else " data-same"
        stub = f' data-exercise="{cell["exercise"]}"' if cell["role"] == "stub" else ""
        code = match["code"] or ""
        below = tools(bool(stub), cell["id"] in hinted, bool(code))
        return f'{match["cell"]} data-live="{cell["id"]}" data-state="idle"{same}{stub}>{code}{below}'

    if body.count(SHOWN) != sum(match["code"] is not None for match in CELL.finditer(body)):
        raise ExtensionError(f"{pagename}: a cell shows its code in another way than the book knows")
    body = CELL.sub(named, body)
    if next(cells, None) is not None:
        raise ExtensionError(f"{pagename}: the page has fewer code cells than its notebook")
    return body


def bar(settings, live, printed, code):
    what = "Change any code and run it, here." if code else "Compute the pictures of this page again, here."
    cost = f"{what} The first run loads {live['megabytes']} MB"
    if any(cell["plots"] for cell in printed["cells"]):
        cost += f", with plots {live['megabytes'] + live['plots']} MB"
    named = buttons(["Run all", "Stop", "Restore"])
    return BAR.format(buttons=named, cost=f"{cost}.", settings=html.escape(json.dumps(settings)))


def bar_of_all(settings):
    """The bar of the page that lists all exercises: nothing runs there."""
    words = {"settings": html.escape(json.dumps(settings)), "filed": html.escape(FILED_STATE)}
    return BAR_OF_ALL.format(**words)


def place_bar(body, text):
    """Before the first cell whose code shows; at the end where none does."""
    for match in CELL.finditer(body):
        if "tag_remove-input" not in match[0]:
            return body[: match.start()] + text + body[match.start() :]
    return body + text


def setup(app):
    app.add_directive("exercise-list", listing.ExerciseList)
    app.connect("builder-inited", add_files)
    app.connect("html-page-context", bring_to_life)
    return {"env_version": env_version(), "parallel_read_safe": True, "parallel_write_safe": True}


def env_version():
    """A number that changes with all that every page names: the scripts, Python's files and `lib`, the list
    of exercises. Sphinx then makes all pages anew."""
    ours = [path for path in sorted(HERE.rglob("*")) if path.is_file() and path.suffix != ".pyc"]
    parts = [path.read_bytes() for path in [*ours, *compiled.library_files(), runtime.LIST, compiled.LOCK]]
    exercises = json.dumps([notebooks.exercises_of(path) for path in notebooks.pages(ROOT)])
    alive = str(bool(python_files()))
    version = hashlib.sha256(b"".join([*parts, exercises.encode(), alive.encode()]))
    return int(version.hexdigest()[:8], 16)
