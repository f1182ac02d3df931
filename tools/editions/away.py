"""Run every chapter as it is downloaded: in an empty folder, in an empty environment. `make away`.

The environment has Jupyter's kernel and nothing else; each notebook's first cell brings the rest. With
`--colab` it has what Colab has, by the versions of Colab's own list.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from ..project import ROOT, python_of
from . import notebooks

# googlecolab/backend-info, August 2026; there is no anywidget, and ipywidgets is older than the book's.
COLAB = ["ipywidgets==7.7.1", "numpy==2.1.3", "matplotlib==3.10.0"]
BARE = ["ipykernel", "nbclient", "pip"]
# The last cell, when all has run: it was the packed library, and explorers are alive or still.
LAST = """import importlib.util
import lib
from IPython.display import display
from IPython.utils.capture import capture_output

assert "book-" in lib.__file__, lib.__file__
if importlib.util.find_spec("lib.explorer"):
    from lib.explorer import Explorer
    with capture_output() as captured:
        display(Explorer())
    (shown,) = captured.outputs
    alive = "application/vnd.jupyter.widget-view+json" in shown.data
    assert alive or "<svg" in shown.data["text/html"]
    print("alive" if alive else "still")
else:
    print("none")
"""
RUN = """import sys, nbformat
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], as_version=4)
NotebookClient(notebook, timeout=1800, kernel_name="python3").execute()
print("".join(notebook.cells[-1].outputs[0].text).strip())
"""


def environment(folder, packages):
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.check_call([sys.executable, "-m", "venv", folder])
    python = python_of(folder)
    options = ["--quiet", "--disable-pip-version-check", "--only-binary=:all:"]
    subprocess.check_call([python, "-m", "pip", "install", *options, *BARE, *packages])
    subprocess.check_call([python, "-m", "ipykernel", "install", "--sys-prefix"], stderr=subprocess.DEVNULL)
    return python


def run(python, source):
    """Run one chapter in an empty folder; return what its explorers are there, and its error."""
    with tempfile.TemporaryDirectory() as folder:
        notebook = json.loads(notebooks.runs_anywhere(source))
        notebook["cells"].append(notebooks.cell("code", "last", LAST))
        file = Path(folder) / source.name
        file.write_text(json.dumps(notebook), encoding="utf-8")
        command = [python, "-c", RUN, file.name]
        result = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    return result.stdout.strip(), "" if result.returncode == 0 else result.stderr[-1500:]


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("chapters", nargs="*", help="parts of their names; default: all")
    options.add_argument("--colab", action="store_true", help="the versions of Colab")
    given = options.parse_args()
    folder = ROOT / "_build" / ("colab" if given.colab else "away")
    python = environment(folder, COLAB if given.colab else [])
    failed = []
    for source in notebooks.sources():
        if given.chapters and not any(word in source.name for word in given.chapters):
            continue
        said, error = run(python, source)
        print(f"{source.stem}: {'failed' if error else 'ran, explorers ' + said}", flush=True)
        if error:
            failed.append(source.stem)
            print(error)
    if failed:
        sys.exit(f"{len(failed)} chapters do not run away from the book: {', '.join(failed)}")


if __name__ == "__main__":
    main()
