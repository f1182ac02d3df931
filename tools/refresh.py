"""Run notebooks and write them back in canonical form.

    python tools/refresh.py                            every chapter and the landing page
    python tools/refresh.py chapters/05-padding.ipynb  these only
    python tools/refresh.py --check                    write nothing; exit 1 if a file is not what a run gives

The canonical form holds what a reader sees and a test compares, and nothing that depends on the machine or
the moment: counts 1..n from a fresh kernel, cell ids as written, no metadata but `tags`, `mystnb` and what
keeps solutions out of sight in JupyterLab, no live widget state. A second run changes no byte. Text on
stderr is refused: it is a warning to mend.

The landing page's pictures (cells `picture-...`) are also written to pictures/, for the README.
"""

import argparse
import difflib
import os
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

ROOT = Path(__file__).resolve().parent.parent
KEPT_METADATA = {"tags", "mystnb"}
# A solution in JupyterLab: one line to press on, so that nobody reads it by accident.
OUT_OF_SIGHT = {"outputs_hidden": True, "source_hidden": True}
NOTEBOOK_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},  # no version: it would change from machine to machine
}


def executed(path):
    """The notebook at `path`, run from top to bottom in a fresh kernel, in canonical form, as text."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.metadata = {key: value for key, value in cell.metadata.items() if key in KEPT_METADATA}
        cell.source = cell.source.strip("\n")
    client = NotebookClient(
        notebook,
        timeout=600,  # seconds for a cell and for the kernel's start: on a busy machine both take minutes
        startup_timeout=300,
        kernel_name="python3",
        record_timing=False,
        extra_arguments=["--IPKernelApp.log_level=40"],  # no remark about its connection on every start
        coalesce_streams=True,  # one block of printed text however it was buffered
        resources={"metadata": {"path": str(path.parent)}},
    )
    client.execute()
    notebook.metadata = NOTEBOOK_METADATA
    for cell in notebook.cells:
        cell.metadata = {key: value for key, value in cell.metadata.items() if key in KEPT_METADATA}
        for output in cell.get("outputs", []):
            if output.output_type == "stream" and output.name == "stderr":
                raise ValueError(f"cell {cell.id!r} writes to stderr:\n{output.text}")
            if "metadata" in output:
                output.metadata = {}
            # The view of a live widget carries a random id; its text/html form stays.
            output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)
        if cell.cell_type == "code" and cell.id.startswith("solution-"):
            cell.metadata["jupyter"] = OUT_OF_SIGHT
    return nbformat.writes(nbformat.from_dict(notebook)) + "\n"


def write_pictures(text):
    """Write the drawings of cells `picture-NAME` to pictures/NAME.svg."""
    for cell in nbformat.reads(text, as_version=4).cells:
        if cell.id.startswith("picture-"):
            target = ROOT / "pictures" / f"{cell.id.removeprefix('picture-')}.svg"
            target.parent.mkdir(exist_ok=True)
            target.write_text(cell.outputs[-1].data["image/svg+xml"] + "\n", encoding="utf-8", newline="\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("paths", nargs="*", type=Path, help="notebooks (default: every chapter)")
    parser.add_argument("--check", action="store_true", help="only compare, write nothing")
    options = parser.parse_args()
    paths = options.paths or [ROOT / "index.ipynb", *sorted(ROOT.glob("chapters/[!_]*.ipynb"))]
    # The kernel finds `lib` as the chapters expect it, whether or not the project is installed.
    os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    failed = 0
    for path in (path.resolve() for path in paths):
        name = os.path.relpath(path)
        try:
            new = executed(path)
        except (CellExecutionError, ValueError) as error:
            print(f"{name}: {error}", file=sys.stderr)
            failed += 1
            continue
        old = path.read_bytes().decode("utf-8")
        if new == old:
            print(f"{name}: unchanged")
        elif options.check:
            print(f"{name}: not what a run gives")
            diff = difflib.unified_diff(old.split("\n"), new.split("\n"), "stored", "run", n=1)
            for line in list(diff)[:40]:
                print(line[:200].rstrip())
            failed += 1
        else:
            path.write_text(new, encoding="utf-8", newline="\n")
            if path == ROOT / "index.ipynb":
                write_pictures(new)
            print(f"{name}: rewritten")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
